//! Programs of the person's own that the live test runs on their word: the command of `apiKeyHelper`, and `claude`. Real
//! programs, run by the real Authlight, in a home of their own.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test may break off")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// An endpoint on this machine that knows one key.
struct Endpoint {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Endpoint {
    fn knowing(key: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let (kept, key) = (Arc::clone(&heads), key.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let (status, body) = if head.contains(&key) {
                    (200, r#"{"data":[{"type":"model","id":"m"}],"has_more":false}"#)
                } else {
                    (401, r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#)
                };
                kept.lock().unwrap().push(head);
                let _gone = write!(
                    stream,
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { url, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// A home, and a folder to work in.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write("home/.claude.json", &json!({"hasCompletedOnboarding": true, "theme": "dark"}).to_string());
        home.write("home/shop/a", "");
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn program(&self, name: &str, text: &str) -> PathBuf {
        self.write(name, &format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
        self.path(name)
    }

    /// The report of `check --online` with these words, and all that was printed.
    fn check(&self, arguments: &[&str]) -> (Value, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_authlight"))
            .args(["check", "--online", "--json", "--mode", "print", "--project"])
            .arg(self.path("home/shop"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.path("home"))
            .env("PATH", format!("{}:/usr/bin:/bin", self.path("home/.local/bin").display()))
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let all = format!("{out}{}", String::from_utf8_lossy(&output.stderr));
        (serde_json::from_str(&out).unwrap_or_else(|_| panic!("{all}")), all)
    }
}

fn key() -> String {
    ["sk-ant-", "api03-HELPERCANARY-", &"x".repeat(60)].concat()
}

fn stage<'a>(report: &'a Value, name: &str) -> &'a Value {
    let stages = report["live"]["stages"].as_array().unwrap();
    stages.iter().find(|row| row["stage"] == name).unwrap_or(&Value::Null)
}

fn with_helper(home: &Home, settings: &str, endpoint: &Endpoint, command: &Path) {
    let env = json!({"ANTHROPIC_BASE_URL": endpoint.url});
    home.write("home/.claude/settings.json", &json!({"env": env}).to_string());
    let mut all: Value =
        serde_json::from_str(&fs::read_to_string(home.path("home/.claude/settings.json")).unwrap()).unwrap();
    if settings == "home/.claude/settings.json" {
        all["apiKeyHelper"] = json!(command.to_str().unwrap());
        home.write(settings, &all.to_string());
    } else {
        home.write(settings, &json!({"apiKeyHelper": command.to_str().unwrap()}).to_string());
    }
}

const OWN: &str = "home/.claude/settings.json";

#[test]
fn the_key_of_a_helper_is_tested_where_the_person_agrees_and_never_shown() {
    let (endpoint, home) = (Endpoint::knowing(&key()), Home::new());
    let helper = home.program("helper", &format!("echo ran >> {}; echo {}", home.path("ran").display(), key()));
    with_helper(&home, OWN, &endpoint, &helper);

    let (report, _) = home.check(&[]);
    assert_eq!((&report["live"]["outcome"], home.path("ran").exists()), (&json!("not_tested"), false));

    let (report, all) = home.check(&["--run-helper"]);
    assert_eq!(report["live"]["outcome"], "verified", "{report:#}");
    let told = format!("one token, {} characters", key().len());
    assert_eq!(stage(&report, "auth")["evidence"]["helper"], told.as_str());
    assert_eq!(fs::read_to_string(home.path("ran")).unwrap(), "ran\n", "once");
    assert!(!all.contains("HELPERCANARY"), "{all}");
    assert!(endpoint.heads().iter().any(|head| head.contains(&format!("x-api-key: {}", key()))));
}

#[test]
fn a_helper_without_a_key_is_told_and_nothing_is_sent() {
    for (script, how) in [
        (format!("echo {}; exit 3", key()), "ended with the code 3"),
        ("true".to_owned(), "printed nothing"),
        (format!("echo {}; echo more", key()), "printed several lines"),
    ] {
        let (endpoint, home) = (Endpoint::knowing(&key()), Home::new());
        with_helper(&home, OWN, &endpoint, &home.program("helper", &script));
        let (report, all) = home.check(&["--run-helper"]);
        let auth = stage(&report, "auth");
        assert!(auth["text"].as_str().unwrap().contains(how), "{auth}");
        assert!(report["live"]["claude_says"].as_str().unwrap().starts_with("Your apiKeyHelper script is failing"));
        assert!(endpoint.heads().is_empty() && !all.contains("HELPERCANARY"), "{all}");
    }
}

#[test]
fn a_helper_that_hangs_is_ended_with_all_that_it_started() {
    let (endpoint, home) = (Endpoint::knowing(&key()), Home::new());
    let helper = home.program("helper", &format!("sleep 1000 & echo $! > {}; wait", home.path("child").display()));
    with_helper(&home, OWN, &endpoint, &helper);
    let (report, _) = home.check(&["--run-helper", "--timeout", "5"]);
    assert!(stage(&report, "auth")["text"].as_str().unwrap().contains("did not end in time"), "{report:#}");
    let child = fs::read_to_string(home.path("child")).unwrap();
    assert!(!Path::new("/proc").join(child.trim()).exists(), "what it started is gone");
}

#[test]
fn a_helper_of_the_folder_needs_a_second_word() {
    let (endpoint, home) = (Endpoint::knowing(&key()), Home::new());
    let helper = home.program("helper", &format!("touch {}; echo {}", home.path("ran").display(), key()));
    with_helper(&home, "home/shop/.claude/settings.json", &endpoint, &helper);
    let (report, _) = home.check(&["--run-helper"]);
    assert_eq!((&report["live"]["outcome"], home.path("ran").exists()), (&json!("not_tested"), false));
    let (report, _) = home.check(&["--run-helper", "--allow-project-endpoint", "127.0.0.1"]);
    assert_eq!((&report["live"]["outcome"], home.path("ran").exists()), (&json!("verified"), true));
}

fn login(home: &Home) {
    let token = |kind: &str| ["sk-ant-", kind, "01-LOGINCANARY-", &"y".repeat(60)].concat();
    let login = json!({"claudeAiOauth": {
        "accessToken": token("oat"), "refreshToken": token("ort"), "expiresAt": 4_102_444_800_000_i64,
        "scopes": ["user:inference", "user:profile"], "subscriptionType": "pro",
    }});
    home.write("home/.claude/.credentials.json", &login.to_string());
}

#[test]
fn a_login_is_proved_by_the_persons_own_program_alone() {
    let (endpoint, home) = (Endpoint::knowing("no key at all"), Home::new());
    login(&home);
    home.write(OWN, &json!({"env": {"ANTHROPIC_BASE_URL": endpoint.url}}).to_string());
    home.program(
        "home/.local/bin/claude",
        &format!(
            "echo \"$1 in $(pwd) with $HOME\" >> {}\n\
             case $1 in\n\
             auth) echo '{{\"loggedIn\": true, \"authMethod\": \"claude.ai\"}}' ;;\n\
             -p) echo '{{\"type\": \"result\", \"is_error\": false, \"result\": \"OK\"}}' ;;\n\
             esac",
            home.path("ran").display()
        ),
    );
    let (report, _) = home.check(&[]);
    assert_eq!((&report["live"]["own_claude"], home.path("ran").exists()), (&json!(false), false));

    let (report, all) = home.check(&["--real-run"]);
    let light = |report: &Value, id: &str| {
        let causes = report["causes"].as_array().unwrap();
        causes.iter().find(|cause| cause["id"] == id).unwrap()["light"].clone()
    };
    assert_eq!(light(&report, "C2.login"), "green", "{report:#}");
    let place = |word: &str| {
        let shop = fs::canonicalize(home.path("home/shop")).unwrap();
        format!("{word} in {} with {}\n", shop.display(), home.path("home").display())
    };
    assert_eq!(fs::read_to_string(home.path("ran")).unwrap(), place("auth") + &place("-p"));
    let sent = endpoint.heads().concat();
    assert!(!sent.contains("LOGINCANARY") && !all.contains("LOGINCANARY"), "{sent}\n{all}");
}

#[test]
fn what_the_persons_own_program_says_of_a_refusal_is_quoted() {
    let (endpoint, home) = (Endpoint::knowing("no key at all"), Home::new());
    login(&home);
    home.write(OWN, &json!({"env": {"ANTHROPIC_BASE_URL": endpoint.url}}).to_string());
    home.program(
        "home/.local/bin/claude",
        "case $1 in\n\
         auth) echo '{\"loggedIn\": true}' ;;\n\
         *) echo '{\"type\": \"result\", \"is_error\": true, \"api_error_status\": 401, \"result\": \"Failed to authenticate.\"}'; exit 1 ;;\n\
         esac",
    );
    let (report, _) = home.check(&["--real-run"]);
    assert_eq!(report["live"]["outcome"], "rejected", "{report:#}");
    assert_eq!(report["live"]["claude_says"], "Failed to authenticate.");
    assert_eq!((&report["verdict"]["code"], &report["verdict"]["light"]), (&json!("AL-2-48"), &json!("red")));
}
