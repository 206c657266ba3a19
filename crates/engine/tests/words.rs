//! The words: nothing on screen is a bare key, no sentence blames, headlines are short enough for the phone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use authlight_core::checks;
use authlight_core::ladder::Why;
use authlight_core::message::{Argument, Message, Words};
use authlight_core::reading::Trouble;
use authlight_core::report::{Cause, CredentialKind};
use authlight_engine::words::Language;
use regex::Regex;

/// Room for a headline on the phone and on the window's widest line.
const MOST_CHARACTERS: usize = 120;

#[test]
fn every_reason_on_the_ladder_has_words() {
    let words = Language::english();
    for why in every_why() {
        let key = format!("why-{}", why.word());
        assert!(words.knows(&key), "{key}");
    }
    let shadowed: BTreeSet<_> = CredentialKind::ALL
        .iter()
        .map(|kind| words.say(&Message::new("why-shadowed").with("by", kind.word())))
        .collect();
    assert!(shadowed.len() > CredentialKind::ALL.len() / 2, "who came before is said by name: {shadowed:?}");
}

/// One of each. The match makes the compiler ask for a new one.
fn every_why() -> Vec<Why> {
    let mut all = vec![Why::Blank];
    loop {
        let next = match all[all.len() - 1] {
            Why::Blank => Why::Declined,
            Why::Declined => Why::NotApproved,
            Why::NotApproved => Why::NotFromProject,
            Why::NotFromProject => Why::Untrusted,
            Why::Untrusted => Why::SourceLeftOut,
            Why::SourceLeftOut => Why::FileDropped,
            Why::FileDropped => Why::Bare,
            Why::Bare => Why::NoLogin,
            Why::NoLogin => Why::Malformed,
            Why::Malformed => Why::Blanked,
            Why::Blanked => Why::MissingScope,
            Why::MissingScope => Why::BadCharacter,
            Why::BadCharacter => Why::ProfileMissing,
            Why::ProfileMissing => Why::Unreadable(Trouble::Denied),
            Why::Unreadable(_) => Why::Unseen,
            Why::Unseen => Why::NotLookedAt,
            Why::NotLookedAt => return all,
        };
        all.push(next);
    }
}

#[test]
fn every_sentence_that_the_core_names_has_words() {
    let words = Language::english();
    let named = Regex::new(r#""((?:verdict|why|check|skip|unknown|explain|fix)-[a-z][a-z-]*[a-z])""#).unwrap();
    let mut seen = 0;
    for (path, text) in sources(&["crates/core/src", "crates/engine/src/cli"]) {
        for key in named.captures_iter(&text).map(|found| found[1].to_owned()) {
            seen += 1;
            let known = words.knows(&key) || is_unwritten(&path);
            assert!(known, "{key} of {} has no words", path.display());
        }
    }
    assert!(seen > 10, "the sentences were not found");
}

#[test]
fn every_finding_says_four_things() {
    let words = Language::english();
    let code = Regex::new(r#""(AL-[0-9]-1?[0-9]{2})""#).unwrap();
    let mut seen = 0;
    for (path, text) in sources(&["crates/core/src/checks"]) {
        if is_unwritten(&path) {
            continue;
        }
        for code in code.captures_iter(&text).map(|found| found[1].to_owned()) {
            seen += 1;
            for part in ["", ".saw", ".why", ".do"] {
                assert!(words.knows(&format!("{code}{part}")), "{code}{part} of {}", path.display());
            }
        }
    }
    assert!(seen > 0, "no finding was found");
}

#[test]
fn every_repair_says_what_it_does() {
    let words = Language::english();
    for fix in authlight_core::fixes::FIXES {
        let [button, does, _] = authlight_engine::act::repair::words_of(fix);
        assert!(words.knows(&button.key) && words.knows(&does.key), "{}", fix.id);
    }
}

#[test]
fn every_meaning_of_a_message_has_words() {
    let words = Language::english();
    for code in authlight_core::explain::codes() {
        let (when, to_do) = (format!("{code}.when"), format!("{code}.do"));
        assert!(words.knows(&when) && words.knows(&to_do), "{code}");
        // A message is explained without the facts that a check has.
        let said = words.text(to_do);
        assert!(!said.contains("{$"), "{code} needs an argument: {said}");
    }
}

#[test]
fn every_check_and_every_light_has_words() {
    let words = Language::english();
    for check in checks::all().filter(|check| !cause_is_unwritten(check.cause)) {
        let key = format!("{}.pass", check.id.replace(['.', '_'], "-"));
        assert!(words.knows(&key), "{key}");
    }
    for cause in Cause::ALL.iter().filter(|cause| !cause_is_unwritten(**cause)) {
        for light in ["green", "not-tested", "not-in-use", "could-not-look"] {
            let key = format!("{}-{light}", cause.word().replace(['.', '_'], "-"));
            assert!(words.knows(&key), "{key}");
        }
    }
}

#[test]
fn headlines_are_one_short_sentence() {
    let headline =
        Regex::new(r"^(AL-[0-9]-(1[0-9]{2}|[0-4][0-9])|verdict-[a-z-]+|[CG][0-9]?-[a-z-]+-[a-z-]+)$").unwrap();
    let two = Regex::new(r"[.!?] [A-Z“]").unwrap();
    let mut seen = 0;
    for entry in entries().iter().filter(|entry| headline.is_match(&entry.id) && !entry.value.is_empty()) {
        for said in said_in_every_way(entry) {
            seen += 1;
            let length = said.chars().count();
            assert!(length <= MOST_CHARACTERS, "{}: {length} characters: {said}", entry.id);
            assert!(!two.is_match(&said), "{}: more than one sentence: {said}", entry.id);
            assert!(!said.contains('{'), "{}: an argument is missing: {said}", entry.id);
            assert!(!said.contains('\n'), "{}: a line break: {said}", entry.id);
        }
    }
    assert!(seen > 5, "no headline was found");
}

#[test]
fn no_sentence_blames_or_frightens() {
    let quoted = Regex::new(r"“[^”]*”").unwrap();
    let blame = Regex::new(
        r"(?i)\b(invalid|fatal|illegal|abort(ed)?|you forgot|your (fault|mistake|error)|you failed|stupid|bad (key|file|value)|must not|obviously|simply)\b",
    )
    .unwrap();
    for entry in entries() {
        let own = quoted.replace_all(&entry.text, "");
        let found = blame.find(&own).map(|found| found.as_str().to_owned());
        assert_eq!(found, None, "{} in {}: {}", entry.id, entry.file, entry.text);
    }
}

#[test]
fn nothing_is_worded_that_nothing_says() {
    // A key is used if the sources name it, whole or with a part that is filled in.
    let literal = Regex::new(r#""((?:[^"\\\n]|\\.)*)""#).unwrap();
    let place = Regex::new(r"\\\{[^}]*\\\}").unwrap();
    let mut exact = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    let data = fs::read_to_string(root().join("assets/facts/phrases.toml")).unwrap();
    let texts = sources(&["src", "crates/core/src", "crates/engine/src"]).into_iter().map(|(_, text)| text);
    for text in texts.chain([data]) {
        for found in literal.captures_iter(&text) {
            let found = found[1].split('.').next().unwrap_or_default().to_owned();
            if found.contains('{') && found.split('{').next().is_some_and(|start| start.len() >= 4) {
                shapes.insert(place.replace_all(&regex::escape(&found), "[A-Za-z0-9_-]+").into_owned());
            } else if found.ends_with('-') && found.len() >= 4 {
                shapes.insert(format!("{}[A-Za-z0-9_-]+", regex::escape(&found)));
            }
            exact.insert(found);
        }
    }
    let shapes: Vec<_> = shapes.iter().map(|shape| Regex::new(&format!("^{shape}$")).unwrap()).collect();
    let checks = checks::all().map(|check| check.id.replace(['.', '_'], "-"));
    let fixes = authlight_core::fixes::FIXES.iter().map(|fix| fix.id.replace(['.', '_'], "-"));
    let checks: BTreeSet<_> = checks.chain(fixes).collect();
    let lights = Cause::ALL.iter().map(|cause| cause.word().replace(['.', '_'], "-"));
    let lights: Vec<_> = lights.map(|cause| Regex::new(&format!("^{cause}-(green|not-|could-)")).unwrap()).collect();
    // One message may be a part of another.
    let reference = Regex::new(r"\{ ([a-z][A-Za-z0-9_-]*)[. ]").unwrap();
    let referred: BTreeSet<_> = entries()
        .iter()
        .flat_map(|entry| reference.captures_iter(&entry.text).map(|found| found[1].to_owned()).collect::<Vec<_>>())
        .collect();
    let used = |id: &str| {
        exact.contains(id)
            || referred.contains(id)
            || checks.contains(id)
            || shapes.iter().any(|shape| shape.is_match(id))
            || lights.iter().any(|light| light.is_match(id))
    };
    let unused: Vec<_> = entries().iter().filter(|entry| !used(&entry.id)).map(|entry| entry.id.clone()).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

/// A message of a word file.
struct Entry {
    file: String,
    id: String,
    /// Value and attributes as they stand there.
    text: String,
    /// The value alone.
    value: String,
}

fn entries() -> Vec<Entry> {
    let mut all = Vec::new();
    let start = Regex::new(r"^([A-Za-z][A-Za-z0-9_-]*) =(.*)$").unwrap();
    let attribute = Regex::new(r"^ +\.[a-z]+ =").unwrap();
    for path in files_below(&root().join("assets/locales/en"), "ftl") {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut in_value = false;
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some(found) = start.captures(line) {
                let value = found[2].trim().to_owned();
                all.push(Entry { file: file.clone(), id: found[1].to_owned(), text: value.clone(), value });
                in_value = true;
            } else if line.starts_with(' ') {
                let entry: &mut Entry = all.last_mut().unwrap();
                in_value &= !attribute.is_match(line);
                entry.text = format!("{}\n{line}", entry.text);
                if in_value {
                    entry.value = format!("{}\n{line}", entry.value).trim().to_owned();
                }
            }
        }
    }
    all
}

/// The value with long arguments, once for each branch of its choices.
fn said_in_every_way(entry: &Entry) -> Vec<String> {
    let words = Language::english();
    let variable = Regex::new(r"\$([a-z_]+)").unwrap();
    let choice = Regex::new(r"\$([a-z_]+) ->").unwrap();
    let branch = Regex::new(r"\n +\[([a-z_-]+)\]").unwrap();
    let long: BTreeMap<&str, Argument> = BTreeMap::from([
        ("name", "ANTHROPIC_CUSTOM_HEADERS".into()),
        ("path", "~/.claude/settings.local.json".into()),
        ("origin", "https://gateway.example.com:8443".into()),
        ("host", "gateway.example.com".into()),
        ("message", "Not logged in · Please run /login".into()),
        ("line", 1234_usize.into()),
        ("column", 123_usize.into()),
        ("position", 108_usize.into()),
        ("count", 12_usize.into()),
    ]);
    let reference = Regex::new(r"\{ ([a-z][a-z-]+)[. ]").unwrap();
    let referred: BTreeSet<_> = reference.captures_iter(&entry.value).map(|found| found[1].to_owned()).collect();
    let inner = entries().into_iter().filter(|entry| referred.contains(&entry.id)).map(|entry| entry.value);
    let whole: String = std::iter::once(entry.value.clone()).chain(inner).collect();
    let base = variable.captures_iter(&whole).map(|found| found[1].to_owned()).collect::<BTreeSet<_>>();
    let chosen = choice.captures(&entry.value).map(|found| found[1].to_owned());
    let mut branches: Vec<Option<String>> = vec![None];
    branches.extend(branch.captures_iter(&entry.value).map(|found| Some(found[1].to_owned())));
    branches
        .into_iter()
        .map(|branch| {
            let mut message = Message::new(entry.id.clone());
            for name in &base {
                let filler = || long.get(name.as_str()).cloned().unwrap_or_else(|| "something".into());
                let value = match &branch {
                    Some(word) if chosen.as_ref() == Some(name) => Argument::Text(word.clone()),
                    _ => filler(),
                };
                message.args.push((Box::leak(name.clone().into_boxed_str()), value));
            }
            words.say(&message)
        })
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folders: &[&str]) -> Vec<(PathBuf, String)> {
    let paths = folders.iter().flat_map(|folder| files_below(&root().join(folder), "rs"));
    paths.map(|path| (path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

fn files_below(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path, end));
        } else if path.extension().is_some_and(|own| own == end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Whether the words of a check's cause are not written yet: each cause has a file of its own.
fn is_unwritten(path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(root().join("crates/core/src/checks")) else { return false };
    let folder = inside.iter().next().unwrap().to_string_lossy().into_owned();
    folder != "mod.rs" && !words_file(&folder).exists()
}

fn cause_is_unwritten(cause: Cause) -> bool {
    let folder = match cause {
        Cause::Install | Cause::SettingsFiles | Cause::Clock | Cause::Policy => "ground",
        Cause::Environment => "environment",
        Cause::Login => "login",
        Cause::Key => "key",
        Cause::Scope => "scope",
        Cause::Endpoint => "endpoint",
    };
    !words_file(folder).exists()
}

fn words_file(folder: &str) -> PathBuf {
    let area = match folder {
        "environment" | "login" | "key" | "scope" | "endpoint" => folder,
        _ => "ground",
    };
    root().join(format!("assets/locales/en/checks-{area}.ftl"))
}
