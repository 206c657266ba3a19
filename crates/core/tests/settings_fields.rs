//! Holds the judgement of settings fields against what Claude Code was seen to do: every recorded run
//! (`tests/oracle`, `tests/observed`), and its own list of what is wrong with every key of every type.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::collections::BTreeMap;
use std::path::PathBuf;

use authlight_core::claude_code::settings_fields::{
    Effect, FieldFault, PROVENANCE, Place, drops_file, examine, is_known_key,
};
use authlight_core::json::Json;
use serde_json::Value;

fn recorded(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases(path: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(&recorded(path)).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn results(path: &str) -> BTreeMap<String, Value> {
    let lines = recorded(path);
    let results = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    results.map(|result| (result["id"].as_str().unwrap().to_owned(), result)).collect()
}

/// A settings document of a case.
struct Document {
    place: Place,
    /// The path that Claude Code prints.
    shown: String,
    text: String,
    /// The end of the key in its `env` block.
    tag: &'static str,
}

const DOCUMENTS: &[(&str, &str, Place, &str)] = &[
    ("~/.claude/settings.json", "/home/u/.claude/settings.json", Place::User, "SETUSER001"),
    ("./.claude/settings.json", "/home/proj/.claude/settings.json", Place::Project, "SETPROJ001"),
    ("./.claude/settings.local.json", "/home/proj/.claude/settings.local.json", Place::Local, "SETLOCAL01"),
    ("/etc/claude-code/managed-settings.json", "/etc/claude-code/managed-settings.json", Place::Managed, "SETMANAG01"),
];

fn documents(case: &Value) -> Vec<Document> {
    let mut documents = Vec::new();
    for (name, content) in case["files"].as_object().into_iter().flatten() {
        let known = DOCUMENTS.iter().find(|(path, ..)| path == name);
        let (shown, place, tag) = match known {
            Some((_, shown, place, tag)) => ((*shown).to_owned(), *place, *tag),
            None if name.contains("managed-settings.d") => (name.clone(), Place::Managed, "SETMANAG01"),
            None if name == "/home/u/f.json" => (name.clone(), Place::CommandLine, "SETFLAG001"),
            None => continue,
        };
        // Encodings are the reader's matter; too large a file is never parsed.
        let text = match content {
            Value::String(text) => text.clone(),
            content if content.get("$file").is_some() || content.to_string().contains("$repeat") => continue,
            content => content.to_string(),
        };
        documents.push(Document { place, shown, text, tag });
    }
    let arguments: Vec<_> = case["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if let ["--settings", text] = arguments[..]
        && text.starts_with('{')
    {
        let shown = "--settings (inline JSON)".to_owned();
        documents.push(Document { place: Place::CommandLine, shown, text: text.to_owned(), tag: "SETFLAG001" });
    }
    documents
}

/// The lines `  path (field): message` of a notice, as (field, message).
fn notice(stderr: &str, heading: &str, shown: &str) -> Vec<(String, String)> {
    let mut lines = stderr.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    let mut found = Vec::new();
    for line in lines.by_ref().take_while(|line| line.starts_with("  ")) {
        let Some(rest) = line.trim_start().strip_prefix(shown) else { continue };
        let (field, message) = match rest.strip_prefix(" (") {
            Some(rest) => rest.split_once("): ").unwrap(),
            None => ("", rest.strip_prefix(": ").unwrap_or(rest)),
        };
        found.push((field.to_owned(), message.to_owned()));
    }
    found
}

fn starts_nothing(fault: &FieldFault) -> bool {
    matches!(fault.effect, Effect::NoProvider | Effect::RefusesEveryKey | Effect::StopsStart)
}

/// A managed policy that is in order can refuse to start too; that is no fault of a field.
fn has_policy(text: &str) -> bool {
    ["forceLoginMethod", "forceLoginOrgUUID", "allowedProviders", "requiredMinimumVersion", "requiredMaximumVersion"]
        .iter()
        .any(|name| text.contains(name))
}

fn judge_case(case: &Value, result: &Value) -> (usize, Vec<String>) {
    let id = case["id"].as_str().unwrap();
    let run = &result["steps"]["print"];
    let (stderr, stdout) = (run["stderr"].as_str().unwrap(), run["stdout"].as_str().unwrap());
    let sent: Vec<_> = run["requests"].as_array().unwrap().iter().filter_map(|r| r["x-api-key"].as_str()).collect();
    let judgements: Vec<_> = documents(case)
        .into_iter()
        .filter_map(|document| {
            let json = Json::parse(document.text.as_bytes()).ok()?;
            let faults = examine(json.root(), document.place);
            Some((document, faults))
        })
        .collect();
    let starts = !judgements.iter().any(|(_, faults)| faults.iter().any(starts_nothing));
    let (judged, mut wrong) = (judgements.len(), Vec::new());
    for (document, faults) in judgements {
        let mut fail = |what: String| wrong.push(format!("{id}: {what}\n      {faults:?}\n      {stderr}"));

        let stops = faults.iter().find(|fault| starts_nothing(fault));
        if let Some(fault) = stops {
            if !sent.is_empty() || !(stderr.contains(&fault.message) || stdout.contains(&fault.message)) {
                fail(format!("it did start: {}", fault.message));
            }
            continue;
        }
        if sent.is_empty() && run["exit"] != 0 {
            if starts && !(document.place == Place::Managed && has_policy(&document.text)) {
                fail("it did not start".to_owned());
            }
            continue;
        }

        let dropped = notice(stderr, "These settings did not load", &document.shown);
        match drops_file(&faults) {
            Some(fault) => {
                let (field, said) = dropped.first().cloned().unwrap_or_default();
                if field != fault.path || !said.starts_with(&fault.message) || said.is_empty() {
                    fail(format!("not the first that is said of the file: {} {}", fault.path, fault.message));
                }
            }
            None if !dropped.is_empty() => fail("the file was dropped".to_owned()),
            None => {}
        }
        let in_effect = drops_file(&faults).is_none();
        let names_key = env_key(&document.text).contains(document.tag);
        if names_key && sent.iter().any(|key| key.contains(document.tag)) != in_effect {
            fail(format!("{} sent: {sent:?}", document.tag));
        }
        if in_effect {
            let heading = match document.place {
                Place::Managed => "Managed settings contain invalid entries",
                _ => "These settings entries were skipped",
            };
            let said = notice(stderr, heading, &document.shown);
            for fault in &faults {
                if !said.iter().any(|(field, said)| *field == fault.path && said.starts_with(&fault.message)) {
                    fail(format!("not said of an entry: {} {}", fault.path, fault.message));
                }
            }
            for (field, said) in said {
                // Of a managed hook two things are said; the second is that no hook of the document runs.
                let also = field == "hooks" && faults.iter().any(|fault| fault.path.starts_with("hooks."));
                if !also && !faults.iter().any(|fault| fault.path == field && said.starts_with(&fault.message)) {
                    fail(format!("said of an entry: {field} {said}"));
                }
            }
        }
    }
    (judged, wrong)
}

/// The key that counts in the `env` block, empty if there is none.
fn env_key(text: &str) -> String {
    let json = Json::parse(text.as_bytes()).unwrap();
    let key = json.root().get("env").and_then(|env| env.get("ANTHROPIC_API_KEY"));
    key.and_then(|key| key.as_str().map(|key| key.into_owned())).unwrap_or_default()
}

fn agree_with(cases_path: &str, results_path: &str, at_least: usize) {
    let results = results(results_path);
    let (mut judged, mut wrong) = (0, Vec::new());
    for case in cases(cases_path) {
        let (count, more) = judge_case(&case, &results[case["id"].as_str().unwrap()]);
        judged += count;
        wrong.extend(more);
    }
    assert!(wrong.is_empty(), "{} of {judged}\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged >= at_least, "only {judged} documents were judged");
}

#[test]
fn agrees_with_every_recorded_run() {
    agree_with("oracle/cases/settings-fields.json", "oracle/results/2.1.330.jsonl", 150);
    agree_with("oracle/cases/settings-malformed.json", "oracle/results/2.1.330.jsonl", 8);
}

#[test]
fn agrees_with_the_runs_recorded_for_this_table() {
    agree_with("observed/settings-fields-extra.cases.json", "observed/settings-fields-extra.2.1.330.jsonl", 80);
}

fn with_value(settings: &Value, value: &Value) -> Value {
    match settings {
        Value::String(text) if text == "$VALUE" => value.clone(),
        Value::Array(items) => items.iter().map(|item| with_value(item, value)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, inner)| (name.clone(), with_value(inner, value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn says_of_every_type_of_every_field_what_claude_code_says() {
    let file: Value = serde_json::from_str(&recorded("observed/settings-sweeps.json")).unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for sweep in file["sweeps"].as_array().unwrap() {
        let name = sweep["name"].as_str().unwrap();
        let managed = sweep["place"] == "managed";
        for (value_name, value) in sweep["values"].as_object().unwrap() {
            let text = with_value(&sweep["settings"], value).to_string();
            let json = Json::parse(text.as_bytes()).unwrap();
            let faults = examine(json.root(), if managed { Place::Managed } else { Place::User });
            let mut said: Vec<(&str, &str)> = Vec::new();
            for (path, messages) in sweep["seen"].as_object().unwrap() {
                for (message, values) in messages.as_object().unwrap() {
                    let times = values.as_array().unwrap().iter().filter(|name| *name == value_name).count();
                    said.extend(std::iter::repeat_n((path.as_str(), message.as_str()), times));
                }
            }
            // What stops the start is told at the start, in other words; the recorded runs hold it.
            said.retain(|(path, _)| !(managed && matches!(*path, "forceLoginOrgUUID" | "allowedProviders")));
            for fault in &faults {
                // `doctor` is silent about a managed null, the start is not.
                if starts_nothing(fault) || fault.message.contains("read as key removal") {
                    continue;
                }
                compared += 1;
                match said.iter().position(|(path, said)| *path == fault.path && said.starts_with(&fault.message)) {
                    Some(index) => drop(said.remove(index)),
                    None => wrong.push(format!("{name}/{value_name}: never said: {} {}", fault.path, fault.message)),
                }
            }
            // A second line about a value that has one already adds nothing.
            let second = |path: &str| faults.iter().any(|fault| fault.path == path);
            let missed = said.iter().filter(|(path, _)| !second(path));
            wrong.extend(missed.map(|(path, said)| format!("{name}/{value_name}: missed: {path} {said}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 8000, "only {compared} lines were compared");
}

#[test]
fn a_fault_points_to_its_name() {
    let json = Json::parse("{\n  \"env\": {},\n  \"permissions\": {\n    \"defaultMode\": \"yolo\"\n  }\n}").unwrap();
    let faults = examine(json.root(), Place::Project);
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].at.line, faults[0].at.column), (4, 5));
    assert_eq!(faults[0].path, "permissions.defaultMode");
}

#[test]
fn no_value_of_the_file_is_in_a_fault() {
    let secret = ["sk-ant-", "api03-CANARY1"].concat();
    let text = format!(
        "{{\"apiKeyHelper\":{{\"x\":\"{secret}\"}},\"model\":[\"{secret}\"],\"defaultShell\":\"{secret}\",\
         \"teammateMode\":\"{secret}\",\"permissions\":{{\"allow\":[\"Bash({secret}\"],\"defaultMode\":\"{secret}\"}},\
         \"hooks\":{{\"Stop\":[{{\"hooks\":[{{\"type\":\"{secret}\"}}]}}]}},\"strictKnownMarketplaces\":[\"{secret}\"]}}"
    );
    let json = Json::parse(text.as_bytes()).unwrap();
    for place in [Place::User, Place::Managed] {
        let faults = examine(json.root(), place);
        assert!(faults.len() >= 6, "{faults:?}");
        assert!(!format!("{faults:?}").contains("CANARY"), "{faults:?}");
    }
}

#[test]
fn a_hostile_file_ends_soon_and_still_drops() {
    let wrong = "5,".repeat(200_000);
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let text = format!("{{\"permissions\":{{\"allow\":[{wrong}5]}},\"sshConfigs\":{deep},\"tui\":5}}");
    let json = Json::parse(text.as_bytes()).unwrap();
    let faults = examine(json.root(), Place::User);
    assert!(faults.len() < 500);
    assert!(faults.iter().any(|fault| fault.path == "tui" && fault.effect == Effect::DropsFile));
}

#[test]
fn knows_the_keys() {
    assert!(is_known_key("apiKeyHelper") && is_known_key("$schema") && is_known_key("theme"));
    assert!(!is_known_key("ApiKeyHelper") && !is_known_key("apiKey") && !is_known_key(""));
    assert_eq!(PROVENANCE.source, "observed 2.1.330");
}
