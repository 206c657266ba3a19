//! The organisation's settings where Windows and macOS keep them, on a laid-out root.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use std::path::Path;

use authlight_core::report::{Scope, SourceKind};
use authlight_core::route::Resolution;
use authlight_core::snapshot::Store;
use authlight_engine::cli::{self, Command, Program};
use clap::Parser as _;

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn examined(root: &Path, os: &str, home: &str) -> authlight_engine::examination::Examination {
    write(root, "env", b"LANG=C\n");
    let arguments = ["authlight", "check", "--mode", "print", "--os", os, "--root", &root.to_string_lossy()]
        .map(str::to_owned)
        .into_iter()
        .chain(["--home".to_owned(), root.join(home).to_string_lossy().into_owned()])
        .chain(["--env-file".to_owned(), root.join("env").to_string_lossy().into_owned()]);
    let Some(Command::Check(check)) = Program::try_parse_from(arguments).unwrap().command else { panic!("a check") };
    cli::look(&check.examine).expect("an examination")
}

fn export(hive: &str, json: &str) -> Vec<u8> {
    let value = json.replace('\\', "\\\\").replace('"', "\\\"");
    let text = format!(
        "Windows Registry Editor Version 5.00\r\n\r\n[{hive}\\SOFTWARE\\Policies\\ClaudeCode]\r\n\"Settings\"=\"{value}\"\r\n"
    );
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn base_url(resolution: &Resolution) -> Option<(&str, Option<&str>, Option<usize>)> {
    let place = resolution.environment.winner("ANTHROPIC_BASE_URL")?;
    assert_eq!((place.source.kind, place.source.scope), (SourceKind::ManagedSettings, Some(Scope::Managed)));
    Some((place.value.reveal(), place.source.path.as_deref(), place.source.line))
}

const POLICY: &str = r#"{"env":{"ANTHROPIC_BASE_URL":"https://gw.example"},"forceLoginMethod":"console"}"#;

#[test]
fn the_machines_registry_goes_before_files() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "registry/HKLM.reg", &export("HKEY_LOCAL_MACHINE", POLICY));
    let file = br#"{"env":{"ANTHROPIC_BASE_URL":"https://file.example"},"forceLoginMethod":"claudeai"}"#;
    write(root.path(), "Program Files/ClaudeCode/managed-settings.json", file);
    let examination = examined(root.path(), "windows", "Users/kim");
    let found = base_url(&examination.resolution);
    assert_eq!(found, Some(("https://gw.example", Some("HKLM\\SOFTWARE\\Policies\\ClaudeCode"), Some(1))));
    assert_eq!(examination.resolution.policy.login, Some(authlight_core::policy::ForcedLogin::Console));
}

#[test]
fn the_persons_registry_counts_only_where_nothing_else_does() {
    for (beside, expected) in [("{}", Some("https://gw.example")), (r#"{"model":"opus"}"#, None)] {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "registry/HKCU.reg", &export("HKEY_CURRENT_USER", POLICY));
        write(root.path(), "Program Files/ClaudeCode/managed-settings.json", beside.as_bytes());
        let examination = examined(root.path(), "windows", "Users/kim");
        assert_eq!(base_url(&examination.resolution).map(|(url, ..)| url), expected, "{beside}");
    }
}

#[test]
fn preferences_of_macos_are_read_and_have_no_lines() {
    let root = tempfile::tempdir().unwrap();
    let list = "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>env</key><dict><key>ANTHROPIC_BASE_URL</key>\
                <string>https://gw.example</string></dict></dict></plist>";
    let path = "Library/Managed Preferences/kim/com.anthropic.claudecode.plist";
    write(root.path(), path, list.as_bytes());
    let examination = examined(root.path(), "macos", "Users/kim");
    let inside = format!("/{path}");
    assert_eq!(base_url(&examination.resolution), Some(("https://gw.example", Some(inside.as_str()), None)));
}

#[test]
fn a_policy_that_cannot_be_read_is_not_taken_for_none() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "Library/Managed Preferences/com.anthropic.claudecode.plist", b"bplist00 and no more");
    let examination = examined(root.path(), "macos", "Users/kim");
    let unreadable = examination.snapshot.settings.iter().find(|file| file.store == Store::Preferences).unwrap();
    assert!(unreadable.document.content.trouble().is_some());
}

#[test]
fn nothing_is_foretold_of_a_store_that_nobody_watched() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "registry/HKLM.reg", &export("HKEY_LOCAL_MACHINE", POLICY));
    let prediction = examined(root.path(), "windows", "Users/kim").resolution.prediction;
    assert_eq!((prediction.starts, prediction.sends_request, prediction.message), (None, None, None));
    assert_eq!(prediction.unproven, Some(authlight_core::report::Unproven::PolicyStore));
}
