//! Every file that is read, in every state that a disk can leave it in: nothing panics, nothing hangs, and what Claude
//! Code would stumble over is said.
#![cfg(target_os = "linux")] // pipes and devices are made as Linux makes them
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use authlight_core::keychain::{Answer, Question};
use authlight_core::programs::Program;
use authlight_core::reading::{FileFacts, Reading, Trouble};
use authlight_core::registry_export::{Exported, Hive};
use authlight_core::report::{Live, Report, Status};
use authlight_engine::cli;
use authlight_engine::examination::Examination;
use authlight_engine::machine::Machine;
use authlight_engine::machine::os::Disk;
use authlight_engine::practice::{Home, Scenario};
use authlight_engine::words::Language;
use serde_json::{Value, json};

/// The files are written now, so it is now for the look as well.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// Longer than any look takes on the slowest machine: whoever is not back by then never comes.
const NEVER: Duration = Duration::from_secs(300);

/// How deep the nested ones are.
const LEVELS: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bad {
    Absent,
    Empty,
    Folder,
    Pipe,
    Device,
    Denied,
    Dangling,
    Loop,
    ByteMark,
    Utf16Le,
    Utf16Be,
    Nul,
    BrokenUtf8,
    Huge,
    Deep,
    Duplicate,
    Half,
    Changing,
}

const ALL: [Bad; 18] = [
    Bad::Absent,
    Bad::Empty,
    Bad::Folder,
    Bad::Pipe,
    Bad::Device,
    Bad::Denied,
    Bad::Dangling,
    Bad::Loop,
    Bad::ByteMark,
    Bad::Utf16Le,
    Bad::Utf16Be,
    Bad::Nul,
    Bad::BrokenUtf8,
    Bad::Huge,
    Bad::Deep,
    Bad::Duplicate,
    Bad::Half,
    Bad::Changing,
];

/// What is to be said.
#[derive(Clone, Copy, Debug)]
enum Say {
    /// Exactly these are wrong, worth a warning or more.
    Codes(&'static [&'static str]),
    /// Nothing is wrong.
    Dark,
}

/// A file, on a machine where it decides something.
struct Place {
    path: &'static str,
    /// The machine with the file as it should be.
    sound: Value,
    /// What is to be said of it.
    say: fn(Bad) -> Say,
}

fn state() -> Value {
    let trusted = json!({"/home/kim/shop": {"hasTrustDialogAccepted": true}});
    json!({"json": {"hasCompletedOnboarding": true, "theme": "dark", "projects": trusted}})
}

fn login() -> Value {
    let login = json!({
        "accessToken": "{{key:oat:CANARY2}}", "refreshToken": "{{key:ort:CANARY3}}", "expiresAt": "{{ms:+6h}}",
        "scopes": ["user:inference", "user:profile"], "subscriptionType": "pro",
    });
    json!({"json": {"claudeAiOauth": login}, "mode": "0600"})
}

fn machine(environment: Value, files: Value, arguments: &str) -> Value {
    json!({
        "name": "bad-input", "project": "/home/kim/shop", "environment": environment, "files": files,
        "claude_args": arguments,
    })
}

/// A person who is signed in, and a settings file.
fn with_settings(path: &str, arguments: &str) -> Value {
    let settings = json!({"json": {"model": "opus", "env": {"DISABLE_TELEMETRY": "1"}}});
    let files = json!({"~/.claude.json": state(), "~/.claude/.credentials.json": login(), path: settings});
    machine(json!({}), files, arguments)
}

fn with_login_and(more: Value) -> Value {
    let mut files = json!({"~/.claude.json": state(), "~/.claude/.credentials.json": login()});
    files.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    machine(json!({}), files, "")
}

/// A profile that signs in.
fn with_profile(environment: Value) -> Value {
    let credentials = json!({"access_token": "{{key:oat:CANARY4}}", "refresh_token": "{{key:ort:CANARY5}}"});
    let files = json!({
        "~/.claude.json": state(),
        "~/.config/anthropic/active_config": {"text": "work\n"},
        "~/.config/anthropic/configs/work.json": {"json": {"authentication": {"type": "user_oauth"}}},
        "~/.config/anthropic/credentials/work.json": {"json": credentials, "mode": "0600"},
    });
    machine(environment, files, "")
}

/// A key that signs in, and a file that a variable names.
fn with_named(variable: &str, path: &str) -> Value {
    let key = "{{key:gateway:CANARY6}}";
    let certificate = include_str!("../../core/tests/certificates/authority.pem");
    let files = json!({"~/.claude.json": state(), path: {"text": certificate}});
    let environment =
        json!({variable: path, "ANTHROPIC_AUTH_TOKEN": key, "ANTHROPIC_BASE_URL": "https://llm.example.com"});
    machine(environment, files, "")
}

/// A federation that signs in with the token of a file.
fn with_identity(path: &str) -> Value {
    let environment = json!({
        "ANTHROPIC_FEDERATION_RULE_ID": "fdrl_FAKE", "ANTHROPIC_ORGANIZATION_ID": "00000000-0000-0000-0000-000000000000",
        "ANTHROPIC_SERVICE_ACCOUNT_ID": "svac_FAKE", "ANTHROPIC_IDENTITY_TOKEN_FILE": path,
    });
    machine(environment, json!({"~/.claude.json": state(), path: {"text": "{{key:gateway:CANARY7}}\n"}}), "")
}

fn with_bedrock() -> Value {
    let keys =
        "[default]\naws_access_key_id = {{key:aws-id:CANARY8}}\naws_secret_access_key = {{key:aws-secret:CANARY9}}\n";
    let files = json!({"~/.claude.json": state(), "~/.aws/credentials": {"text": keys}, "~/.aws/config": {"text": "[default]\nregion = us-east-1\n"}});
    machine(json!({"CLAUDE_CODE_USE_BEDROCK": "1"}), files, "")
}

fn with_vertex() -> Value {
    let credentials = json!({
        "type": "authorized_user", "client_id": "x", "client_secret": "{{key:gateway:CANARY5}}",
        "refresh_token": "{{key:gateway:CANARY6}}", "quota_project_id": "practice",
    });
    let path = "~/.config/gcloud/application_default_credentials.json";
    let files = json!({"~/.claude.json": state(), path: {"json": credentials}});
    machine(json!({"CLAUDE_CODE_USE_VERTEX": "1", "CLOUD_ML_REGION": "us-east5"}), files, "")
}

fn settings(bad: Bad) -> Say {
    match bad {
        Bad::Nul | Bad::Half => Say::Codes(&["AL-0-01"]),
        Bad::Folder | Bad::Pipe | Bad::Device | Bad::Denied | Bad::Dangling | Bad::Loop => Say::Codes(&["AL-0-02"]),
        Bad::Huge | Bad::Changing => Say::Codes(&["AL-0-02"]),
        Bad::Absent | Bad::Empty | Bad::ByteMark | Bad::Utf16Le | Bad::Utf16Be => Say::Dark,
        Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
    }
}

/// A file that is named by a flag must be there.
fn flag_file(bad: Bad) -> Say {
    if bad == Bad::Absent { Say::Codes(&["AL-0-13"]) } else { settings(bad) }
}

/// Folders that end in `.json` are no drop-ins.
fn drop_in(bad: Bad) -> Say {
    if bad == Bad::Folder { Say::Dark } else { settings(bad) }
}

fn state_file(bad: Bad) -> Say {
    match bad {
        // Two hundred million NUL bytes are read, and said.
        Bad::Nul | Bad::Half | Bad::Utf16Le | Bad::Utf16Be | Bad::Huge => Say::Codes(&["AL-0-01"]),
        Bad::Folder | Bad::Pipe | Bad::Device | Bad::Denied | Bad::Dangling | Bad::Loop => Say::Codes(&["AL-0-02"]),
        Bad::Changing => Say::Codes(&["AL-0-02"]),
        Bad::Absent | Bad::Empty | Bad::ByteMark | Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
    }
}

fn login_file(bad: Bad) -> Say {
    match bad {
        Bad::Absent => Say::Codes(&["AL-2-01"]),
        Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
        Bad::Empty => Say::Codes(&["AL-2-11"]),
        Bad::Half => Say::Codes(&["AL-2-12"]),
        Bad::ByteMark => Say::Codes(&["AL-2-13"]),
        Bad::Utf16Le | Bad::Utf16Be => Say::Codes(&["AL-2-14"]),
        Bad::Nul => Say::Codes(&["AL-2-15"]),
        Bad::Folder => Say::Codes(&["AL-2-16"]),
        Bad::Dangling => Say::Codes(&["AL-2-17"]),
        Bad::Loop => Say::Codes(&["AL-2-18"]),
        Bad::Pipe | Bad::Device => Say::Codes(&["AL-2-29"]),
        Bad::Denied => Say::Codes(&["AL-2-07"]),
        Bad::Huge => Say::Codes(&["AL-2-39"]),
        // Somebody is just writing it: whether it is good cannot be told.
        Bad::Changing => Say::Codes(&["C2.login_file_readable"]),
    }
}

/// A named profile: where its config cannot be used, it is left out without a word.
fn profile_config(bad: Bad) -> Say {
    match bad {
        Bad::Absent => Say::Codes(&["AL-2-30"]),
        Bad::Empty | Bad::Nul | Bad::Half | Bad::ByteMark | Bad::Utf16Le | Bad::Utf16Be => Say::Codes(&["AL-2-32"]),
        Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
        _ => Say::Codes(&["AL-2-33"]),
    }
}

fn profile_credentials(bad: Bad) -> Say {
    match bad {
        Bad::Absent => Say::Codes(&["AL-2-31"]),
        Bad::Empty | Bad::Nul | Bad::Half | Bad::ByteMark | Bad::Utf16Le | Bad::Utf16Be => Say::Codes(&["AL-2-35"]),
        Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
        _ => Say::Codes(&["AL-2-40"]),
    }
}

/// Which profile is active: where that cannot be read, it is the one called default, which is not there.
fn active_profile(bad: Bad) -> Say {
    match bad {
        // It is trimmed as JavaScript does, the mark with it.
        Bad::ByteMark => Say::Dark,
        _ => Say::Codes(&["AL-2-01"]),
    }
}

fn identity_token(bad: Bad) -> Say {
    match bad {
        Bad::Absent | Bad::Folder | Bad::Pipe | Bad::Device | Bad::Denied | Bad::Dangling | Bad::Loop | Bad::Huge => {
            Say::Codes(&["AL-2-42"])
        }
        Bad::Changing => Say::Codes(&["AL-2-42"]),
        _ => Say::Dark,
    }
}

fn aws_credentials(bad: Bad) -> Say {
    match bad {
        Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
        _ => Say::Codes(&["AL-5-42"]),
    }
}

fn google_credentials(bad: Bad) -> Say {
    match bad {
        Bad::Absent => Say::Codes(&["AL-5-42"]),
        Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
        _ => Say::Codes(&["AL-5-41"]),
    }
}

fn certificates(bad: Bad) -> Say {
    match bad {
        Bad::BrokenUtf8 | Bad::Deep | Bad::Duplicate => Say::Dark,
        // A mark before the first line hides the block that begins there.
        Bad::ByteMark => Say::Codes(&["AL-5-28"]),
        Bad::Empty | Bad::Nul | Bad::Half | Bad::Utf16Le | Bad::Utf16Be => Say::Codes(&["AL-5-28"]),
        // Larger than we read says nothing about Claude Code.
        Bad::Huge => Say::Dark,
        _ => Say::Codes(&["AL-5-26"]),
    }
}

/// A person who is signed in, and Claude Code as npm installs it.
fn with_npm() -> Value {
    let package = "/usr/local/lib/node_modules/@anthropic-ai/claude-code";
    let files = json!({
        "~/.claude.json": state(), "~/.claude/.credentials.json": login(), "~/.npmrc": {"text": "prefix=/usr/local\n"},
        "/usr/local/include/node/node_version.h": {"text": "#define NODE_MAJOR_VERSION 22\n"},
        "/usr/local/bin/claude": {"link": format!("{package}/cli.js")},
        format!("{package}/cli.js"): {"text": "the program", "mode": "0755"},
        format!("{package}/package.json"): {"json": {"version": "2.1.330"}},
    });
    machine(json!({"PATH": "/usr/local/bin:/usr/bin"}), files, "")
}

/// The program itself: what it holds does not matter, only whether it can be started.
fn program(bad: Bad) -> Say {
    match bad {
        Bad::Absent | Bad::Dangling | Bad::Loop => Say::Codes(&["AL-0-32"]),
        Bad::Denied | Bad::Pipe => Say::Codes(&["AL-0-33"]),
        _ => Say::Dark,
    }
}

/// A person who is signed in, and a shell profile that has another variable for every grammar.
fn with_shell_profile(path: &str, shell: &str) -> Value {
    let text = "export NO_PROXY=localhost\nset -gx NO_PROXY localhost\nSETUVAR --export NO_PROXY:localhost\n";
    let files = json!({"~/.claude.json": state(), "~/.claude/.credentials.json": login(), path: {"text": text}});
    machine(json!({"SHELL": shell}), files, "")
}

/// A profile is a hint: nobody's sign-in fails by it.
fn shell_profile(bad: Bad) -> Say {
    match bad {
        Bad::Pipe | Bad::Device | Bad::Denied | Bad::Dangling | Bad::Loop | Bad::Huge | Bad::Changing => {
            Say::Codes(&["AL-1-26"])
        }
        // A shell passes a folder over.
        _ => Say::Dark,
    }
}

/// Whatever stands there, it is never read.
fn never_read(_: Bad) -> Say {
    Say::Dark
}

fn places() -> Vec<Place> {
    let place = |path, sound, say| Place { path, sound, say };
    let flag = "--settings /home/kim/flag.json";
    let (user, project, local) = (
        "/home/kim/.claude/settings.json",
        "/home/kim/shop/.claude/settings.json",
        "/home/kim/shop/.claude/settings.local.json",
    );
    let editor = "/home/kim/.config/Code/User/settings.json";
    let (managed, drop) =
        ("/etc/claude-code/managed-settings.json", "/etc/claude-code/managed-settings.d/10-proxy.json");
    vec![
        place(user, with_settings(user, ""), settings),
        place(editor, with_login_and(json!({editor: {"text": "{\"editor.fontSize\": 14, }\n"}})), |_| Say::Dark),
        place(project, with_settings(project, ""), settings),
        place(local, with_settings(local, ""), settings),
        place("/home/kim/flag.json", with_settings("/home/kim/flag.json", flag), flag_file),
        place(managed, with_settings(managed, ""), settings),
        place(drop, with_settings(drop, ""), drop_in),
        place("/home/kim/.claude.json", with_login_and(json!({})), state_file),
        place("/home/kim/.claude/.config.json", with_login_and(json!({"~/.claude/.config.json": state()})), state_file),
        place("/home/kim/.claude/.credentials.json", with_login_and(json!({})), login_file),
        place(
            "/home/kim/.claude/credentials.json",
            with_login_and(json!({"~/.claude/credentials.json": login()})),
            never_read,
        ),
        place(
            "/home/kim/.claude/.oauth_refresh.lock",
            with_login_and(json!({"~/.claude/.oauth_refresh.lock": {"text": ""}})),
            never_read,
        ),
        place("/home/kim/.bashrc", with_shell_profile("/home/kim/.bashrc", "/bin/bash"), shell_profile),
        place("/home/kim/.zshrc", with_shell_profile("/home/kim/.zshrc", "/bin/zsh"), shell_profile),
        place(
            "/home/kim/.config/fish/config.fish",
            with_shell_profile("/home/kim/.config/fish/config.fish", "fish"),
            shell_profile,
        ),
        place(
            "/home/kim/.config/fish/fish_variables",
            with_shell_profile("/home/kim/.config/fish/fish_variables", "fish"),
            shell_profile,
        ),
        place("/etc/environment", with_shell_profile("/etc/environment", "/bin/bash"), shell_profile),
        place("/etc/passwd", with_shell_profile("/etc/passwd", ""), never_read),
        place(
            "/home/kim/.config/anthropic/configs/work.json",
            with_profile(json!({"ANTHROPIC_PROFILE": "work"})),
            profile_config,
        ),
        place(
            "/home/kim/.config/anthropic/credentials/work.json",
            with_profile(json!({"ANTHROPIC_PROFILE": "work"})),
            profile_credentials,
        ),
        place("/home/kim/.config/anthropic/active_config", with_profile(json!({})), active_profile),
        place("/home/kim/token", with_identity("/home/kim/token"), identity_token),
        place("/home/kim/.aws/credentials", with_bedrock(), aws_credentials),
        place("/home/kim/.aws/config", with_bedrock(), never_read),
        place("/home/kim/.config/gcloud/application_default_credentials.json", with_vertex(), google_credentials),
        place("/home/kim/ca.pem", with_named("NODE_EXTRA_CA_CERTS", "/home/kim/ca.pem"), certificates),
        place("/home/kim/ca.pem", with_named("SSL_CERT_FILE", "/home/kim/ca.pem"), certificates),
        // Of these a version is taken, or nothing.
        place("/usr/local/lib/node_modules/@anthropic-ai/claude-code/package.json", with_npm(), never_read),
        place("/home/kim/.npmrc", with_npm(), never_read),
        place("/usr/local/include/node/node_version.h", with_npm(), never_read),
        place("/usr/local/lib/node_modules/@anthropic-ai/claude-code/cli.js", with_npm(), program),
    ]
}

// ---------------------------------------------------------------- how files go bad

/// Puts `bad` in the place of a sound file on a disk.
fn damage(path: &Path, bad: Bad) {
    let sound = fs::read(path).unwrap();
    let is_json = sound.first() == Some(&b'{');
    let mode = fs::metadata(path).unwrap().permissions().mode();
    let inserted = |text: &[u8]| {
        let after = usize::from(is_json);
        [&sound[..after], text, &sound[after..]].concat()
    };
    let write = |bytes: Vec<u8>| {
        fs::write(path, bytes).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let utf16 = |unit: fn(u16) -> [u8; 2], mark: &[u8]| {
        let text = String::from_utf8(sound.clone()).unwrap();
        [mark.to_vec(), text.encode_utf16().flat_map(unit).collect()].concat()
    };
    match bad {
        Bad::Denied | Bad::Changing => {}
        Bad::Empty => write(Vec::new()),
        Bad::ByteMark => write([b"\xef\xbb\xbf".as_slice(), &sound].concat()),
        Bad::Utf16Le => write(utf16(u16::to_le_bytes, b"\xff\xfe")),
        Bad::Utf16Be => write(utf16(u16::to_be_bytes, b"\xfe\xff")),
        Bad::Nul => write(vec![0; sound.len()]),
        Bad::BrokenUtf8 => write(inserted(if is_json { b"\"broken\": \"\xff\xc0 \x80\"," } else { b"# \xff\xc0\n" })),
        Bad::Huge => fs::File::create(path).unwrap().set_len(200 << 20).unwrap(),
        Bad::Deep => {
            let (open, close) = ("[".repeat(LEVELS), "]".repeat(LEVELS));
            let text = if is_json { format!("\"deep\": {open}{close},") } else { format!("{open}{close}\n") };
            write(inserted(text.as_bytes()));
        }
        Bad::Duplicate => {
            let text = String::from_utf8(sound.clone()).unwrap();
            let name = text.split('"').nth(1).filter(|_| is_json).map(|name| format!("\"{name}\": {{}},"));
            write(inserted(name.unwrap_or(text).as_bytes()));
        }
        Bad::Half => write(sound[..sound.len() / 2].to_vec()),
        Bad::Absent | Bad::Folder | Bad::Pipe | Bad::Device | Bad::Dangling | Bad::Loop => {
            fs::remove_file(path).unwrap();
            match bad {
                Bad::Folder => fs::create_dir(path).unwrap(),
                Bad::Pipe => rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::from(0o644)).unwrap(),
                Bad::Device => symlink("/dev/zero", path).unwrap(),
                Bad::Dangling => symlink("not-there", path).unwrap(),
                Bad::Loop => symlink(path.file_name().unwrap(), path).unwrap(),
                _ => {}
            }
        }
    }
}

/// A disk with one file that cannot be read, whoever looks.
struct Stubborn {
    disk: Disk,
    path: &'static str,
    trouble: Trouble,
}

impl Machine for Stubborn {
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>) {
        let (facts, found) = self.disk.read(path, limit);
        if path == self.path { (facts, Reading::Unreadable(self.trouble)) } else { (facts, found) }
    }

    fn facts(&self, path: &str) -> Reading<FileFacts> {
        self.disk.facts(path)
    }

    fn list(&self, folder: &str) -> Reading<Vec<String>> {
        self.disk.list(folder)
    }

    fn keychain(&self, home: &str, question: &Question) -> Answer {
        self.disk.keychain(home, question)
    }

    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        self.disk.registry_policy(hive)
    }

    fn writable(&self, path: &str) -> Option<bool> {
        self.disk.writable(path)
    }

    fn link(&self, path: &str) -> Reading<Option<String>> {
        self.disk.link(path)
    }

    fn listening(&self) -> Reading<BTreeSet<u16>> {
        Reading::Absent
    }

    fn programs(&self) -> Reading<Vec<Program>> {
        Reading::Absent
    }

    fn wsl_distributions(&self) -> Reading<usize> {
        self.disk.wsl_distributions()
    }
}

/// Looks, on a thread of its own, so that a look that never ends is seen.
fn look(machine: impl Machine + Send + 'static, home: &Home) -> Result<Report, String> {
    let (sender, receiver) = mpsc::channel();
    let examined = home.examined();
    std::thread::spawn(move || {
        let report = Examination::look(&machine, examined).report(&Live::default(), &Language::english());
        let _ = sender.send(report);
    });
    receiver.recv_timeout(NEVER).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => "it hangs".to_owned(),
        mpsc::RecvTimeoutError::Disconnected => "it panicked".to_owned(),
    })
}

/// What is worth a warning or more, and is about the file or the cause that it belongs to.
fn said(report: &Report) -> Vec<String> {
    let findings = report.causes.iter().flat_map(|cause| &cause.checks);
    let mut said: Vec<String> = findings
        .filter(|finding| match finding.status {
            Status::Warn | Status::Fail | Status::Crashed => true,
            // A profile that cannot be read is never the fault itself.
            Status::Note => finding.code.as_deref() == Some("AL-1-26"),
            // Which program runs is another matter.
            Status::Unknown => finding.code.as_deref().is_none_or(|code| !code.starts_with("AL-0-3")),
            Status::Pass | Status::Skipped => false,
        })
        .map(|finding| finding.code.as_deref().unwrap_or(&finding.id).to_owned())
        .collect();
    said.dedup();
    said
}

fn case(place: &Place, bad: Bad) -> Result<Report, String> {
    let scenario = Scenario::from_json(&place.sound.to_string()).unwrap();
    let mut home = scenario.home_at(now_ms(), None).unwrap();
    if bad == Bad::Denied {
        // In memory: nobody keeps the administrator out of a file on a disk.
        let file = home.files.iter_mut().find(|file| file.path == place.path).unwrap();
        file.mode = 0;
        return look(home.machine(), &home);
    }
    let folder = tempfile::tempdir().unwrap();
    let root = scenario.lay_out_home(&home, folder.path()).unwrap().root;
    let disk = Disk::below(root, home.platform);
    let (path, stubborn) = (place.path, |trouble| Stubborn { disk: disk.clone(), path: place.path, trouble });
    match bad {
        Bad::Changing => return look(stubborn(Trouble::Changing), &home),
        // A link does not lead out of the folder, and only the administrator makes devices.
        Bad::Device => return look(stubborn(Trouble::NotAFile), &home),
        _ => damage(&disk.outside(path), bad),
    }
    look(disk, &home)
}

// ---------------------------------------------------------------- the tests

#[test]
fn every_file_may_be_in_any_state() {
    let mut wrong = Vec::new();
    for place in places() {
        for bad in ALL {
            let expected: &[&str] = match (place.say)(bad) {
                Say::Codes(codes) => codes,
                Say::Dark => &[],
            };
            match case(&place, bad) {
                Ok(report) if said(&report) == expected => {}
                Ok(report) => {
                    wrong.push(format!("{} {bad:?}: expected {expected:?}, came {:?}", place.path, said(&report)));
                }
                Err(what) => wrong.push(format!("{} {bad:?}: {what}", place.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_sound_ones_are_sound() {
    for place in places() {
        let scenario = Scenario::from_json(&place.sound.to_string()).unwrap();
        let home = scenario.home_at(now_ms(), None).unwrap();
        let report = look(home.machine(), &home).unwrap();
        assert_eq!(said(&report), Vec::<String>::new(), "{}", place.path);
    }
}

#[test]
fn a_file_that_is_written_while_it_is_read_costs_no_more_than_a_second_look() {
    let place = &places()[0];
    let scenario = Scenario::from_json(&place.sound.to_string()).unwrap();
    let home = scenario.home_at(now_ms(), None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = scenario.lay_out_home(&home, folder.path()).unwrap().root;
    let disk = Disk::below(root, home.platform);
    let (path, stop) = (disk.outside(place.path), Arc::new(AtomicBool::new(false)));
    let stopped = Arc::clone(&stop);
    let writer = std::thread::spawn(move || {
        let mut length = 0;
        while !stopped.load(Ordering::Relaxed) {
            length = (length + 977) % 50_000;
            fs::write(&path, format!("{{\"model\": \"{}\"}}", "x".repeat(length))).unwrap();
        }
    });
    for _ in 0..100 {
        let report = look(disk.clone(), &home).unwrap();
        let said = said(&report);
        // Cut off, changing, or whole: whatever the moment gave, and nothing else.
        assert!(said.iter().all(|code| code == "AL-0-01" || code == "AL-0-02"), "{said:?}");
    }
    stop.store(true, Ordering::Relaxed);
    writer.join().unwrap();
}

#[test]
fn an_environment_file_that_is_none_is_said_and_does_not_hang() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("environment");
    for bad in ALL {
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
        fs::write(&path, "ANTHROPIC_BASE_URL=https://llm.example.com\nDISABLE_TELEMETRY=1\n").unwrap();
        damage(&path, bad);
        let words = ["authlight", "check", "--json", "--root"].map(std::ffi::OsString::from).into_iter();
        let arguments: Vec<_> = words
            .chain([folder.path().join("root").into(), "--home".into(), folder.path().join("root/home/kim").into()])
            .chain(["--env-file".into(), path.clone().into()])
            .collect();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let code = match cli::run(arguments) {
                cli::Face::Done(code) => code,
                cli::Face::Window(_) => panic!("a console was asked for"),
            };
            let _ = sender.send(code);
        });
        let code = receiver.recv_timeout(NEVER).unwrap_or_else(|error| panic!("{bad:?}: {error}"));
        let unreadable = matches!(bad, Bad::Absent | Bad::Folder | Bad::Pipe | Bad::Device | Bad::Dangling | Bad::Loop)
            || bad == Bad::Huge;
        let expected = if unreadable { cli::WRONG_ARGUMENTS } else { 2 };
        assert_eq!(code, expected, "{bad:?}");
    }
}
