//! Every kind of credential in every place, alone and in pairs, in both modes on all three systems: what we foretell of
//! it, as a text to review (`tests/snapshots/product.txt`). `BLESS=1` writes it anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use authlight_core::report::Live;
use authlight_engine::cli::{self, Command, Program};
use authlight_engine::words::Language;
use clap::Parser as _;
use serde_json::{Map, Value, json};

/// A system: its word, the home, the folder of the organisation's settings.
const SYSTEMS: [(&str, &str, &str); 3] = [
    ("linux", "home/kim", "etc/claude-code"),
    ("macos", "Users/kim", "Library/Application Support/ClaudeCode"),
    ("windows", "Users/kim", "Program Files/ClaudeCode"),
];

/// Where a variable can stand.
const PLACES: [&str; 7] = ["process", "state", "user", "project", "local", "command-line", "managed"];

/// Credentials that are variables.
const VARIABLES: [(&str, &str, &str); 4] = [
    ("auth_token", "ANTHROPIC_AUTH_TOKEN", "gateway-CANARY1"),
    ("api_key", "ANTHROPIC_API_KEY", "sk-api-CANARY2"),
    ("oauth_token", "CLAUDE_CODE_OAUTH_TOKEN", "sk-oat-CANARY3"),
    ("custom_headers", "ANTHROPIC_CUSTOM_HEADERS", "x-api-key: CANARY4"),
];

/// Credentials with a place of their own.
const STORES: [&str; 4] = ["login", "managed_key", "found_profile", "named_profile"];

#[derive(Clone, Debug, PartialEq)]
struct Credential {
    kind: &'static str,
    place: &'static str,
}

impl Credential {
    fn name(&self) -> String {
        if self.place.is_empty() { self.kind.to_owned() } else { format!("{}@{}", self.kind, self.place) }
    }
}

fn credentials() -> Vec<Credential> {
    let variables = VARIABLES.iter().flat_map(|(kind, ..)| PLACES.map(|place| Credential { kind, place }));
    let helpers = PLACES[2..].iter().map(|place| Credential { kind: "api_key_helper", place });
    let stores = STORES.iter().map(|kind| Credential { kind, place: "" });
    variables.chain(helpers).chain(stores).collect()
}

/// What is written where: files below the home, the project or the organisation's folder.
#[derive(Default)]
struct Home {
    variables: BTreeMap<String, String>,
    files: BTreeMap<&'static str, Map<String, Value>>,
}

impl Home {
    fn file(&mut self, place: &'static str) -> &mut Map<String, Value> {
        self.files.entry(place).or_default()
    }

    fn add(&mut self, credential: &Credential) {
        if let Some((_, name, value)) = VARIABLES.iter().find(|(kind, ..)| *kind == credential.kind) {
            if credential.place == "process" {
                self.variables.insert((*name).to_owned(), (*value).to_owned());
            } else {
                let block = self.file(credential.place).entry("env").or_insert_with(|| json!({}));
                block[*name] = json!(value);
            }
            return;
        }
        match credential.kind {
            "api_key_helper" => {
                self.file(credential.place).insert("apiKeyHelper".to_owned(), json!("print-key"));
            }
            "login" => {
                let login = json!({"accessToken": "oat-CANARY5", "refreshToken": "ort-CANARY6",
                    "expiresAt": 4_102_444_800_000_i64, "scopes": ["user:inference"]});
                self.file("login").insert("claudeAiOauth".to_owned(), login);
            }
            "managed_key" => {
                self.file("state").insert("primaryApiKey".to_owned(), json!("sk-api-CANARY7"));
            }
            kind => {
                let profile = if kind == "named_profile" { "named" } else { "found" };
                self.file(profile).insert("profile".to_owned(), json!(true));
                if kind == "named_profile" {
                    self.variables.insert("ANTHROPIC_PROFILE".to_owned(), "named".to_owned());
                }
            }
        }
    }
}

fn write(path: &Path, content: &Value) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content.to_string()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn outcome(credentials: &[&Credential], mode: &str, system: (&str, &str, &str), words: &Language) -> String {
    let (os, home, managed) = system;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let (home, managed) = (root.join(home), root.join(managed));
    let project = home.join("shop");
    let mut laid = Home::default();
    laid.file("state").insert("hasCompletedOnboarding".to_owned(), json!(true));
    let inside = format!("/{}", project.strip_prefix(root).unwrap().display()).replace('\\', "/");
    laid.file("state").insert("projects".to_owned(), json!({inside: {"hasTrustDialogAccepted": true}}));
    for credential in credentials {
        laid.add(credential);
    }
    std::fs::create_dir_all(&project).unwrap();
    let profiles =
        if os == "windows" { home.join("AppData/Roaming/Anthropic") } else { home.join(".config/anthropic") };
    let mut flag = None;
    for (place, content) in laid.files {
        let content = Value::from(content);
        match place {
            "state" => write(&home.join(".claude.json"), &content),
            "user" => write(&home.join(".claude/settings.json"), &content),
            "project" => write(&project.join(".claude/settings.json"), &content),
            "local" => write(&project.join(".claude/settings.local.json"), &content),
            "managed" => write(&managed.join("managed-settings.json"), &content),
            "login" => write(&home.join(".claude/.credentials.json"), &content),
            "command-line" => flag = Some(content.to_string()),
            name => {
                let name = if name == "found" { "default" } else { name };
                let config = json!({"authentication": {"type": "user_oauth"}});
                write(&profiles.join(format!("configs/{name}.json")), &config);
                write(&profiles.join(format!("credentials/{name}.json")), &json!({"access_token": "oat-CANARY8"}));
            }
        }
    }
    let entries: String = laid.variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let variables = root.join("variables");
    std::fs::write(&variables, entries).unwrap();
    let mut arguments: Vec<String> = ["authlight", "check", "--os", os, "--mode", mode].map(str::to_owned).into();
    for (name, path) in [("--root", root), ("--home", &home), ("--project", &project), ("--env-file", &variables)] {
        arguments.extend([name.to_owned(), path.to_string_lossy().into_owned()]);
    }
    if let Some(flag) = flag {
        arguments.push(format!("--claude-args=--settings {}", shlex::try_quote(&flag).unwrap()));
    }
    let Some(Command::Check(check)) = Program::try_parse_from(arguments).unwrap().command else { panic!("a check") };
    let report = cli::look(&check.examine).unwrap().report(&Live::default(), words);
    let report = serde_json::to_value(report).unwrap();
    told(&report)
}

fn told(report: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let sends: Vec<String> = report["route"]["sends"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sent| format!("{}={}", text(&sent["header"]), text(&sent["credential"])))
        .collect();
    let prediction = &report["prediction"];
    let known = |value: &Value, yes: &str, no: &str| match value.as_bool() {
        Some(true) => yes.to_owned(),
        Some(false) => no.to_owned(),
        None => format!("may {yes}"),
    };
    let mut line = if sends.is_empty() { "nothing".to_owned() } else { sends.join(" ") };
    let _ = write!(line, " | {}", known(&prediction["starts"], "start", "stops"));
    let _ = write!(line, ", {}", known(&prediction["sends_request"], "send", "sends none"));
    for name in ["asks", "message", "unproven"] {
        if let Some(said) = prediction[name].as_str() {
            let _ = write!(line, ", {name}: {said}");
        }
    }
    line
}

#[test]
fn the_product_of_kinds_scopes_modes_and_systems_is_as_reviewed() {
    let words = Language::english();
    let all = credentials();
    let usual = |credential: &&Credential| {
        credential.place.is_empty()
            || credential.place == if credential.kind == "api_key_helper" { "user" } else { "process" }
    };
    let pairs: Vec<&Credential> = all.iter().filter(usual).collect();
    let mut sets: Vec<Vec<&Credential>> = vec![Vec::new()];
    sets.extend(all.iter().map(|credential| vec![credential]));
    for (index, first) in pairs.iter().enumerate() {
        sets.extend(pairs[index + 1..].iter().map(|second| vec![*first, *second]));
    }
    let mut text = String::new();
    for set in &sets {
        let names: Vec<String> = set.iter().map(|credential| credential.name()).collect();
        let _ = writeln!(text, "{}", if names.is_empty() { "(none)".to_owned() } else { names.join(" + ") });
        let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for system in SYSTEMS {
            for mode in ["print", "interactive"] {
                rows.entry(outcome(set, mode, system, &words)).or_default().push(format!("{} {mode}", system.0));
            }
        }
        for (told, at) in rows {
            let at = if at.len() == 6 { "everywhere".to_owned() } else { at.join(", ") };
            let _ = writeln!(text, "  {told}    [{at}]");
        }
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/snapshots/product.txt");
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so")]
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).expect("the snapshot; BLESS=1 writes it");
    let changed = kept.lines().zip(text.lines()).find(|(kept, now)| kept != now);
    assert!(kept == text, "first change (kept, now): {changed:?}; BLESS=1 writes the snapshot anew");
    assert!(sets.len() > 70, "{}", sets.len());
}
