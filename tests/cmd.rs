//! The `cmd.exe` of Windows, asked for its environment by the real program, and ended with all that it started.

#![cfg(windows)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test may break off")]

use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::os::windows::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::snapshot::Platform;
use authlight_engine::machine::login_shell::{Answer, Request, ShellTrouble, ask};

const AUTHLIGHT: &str = env!("CARGO_BIN_EXE_authlight");

const CREATE_NO_WINDOW: u32 = 0x0800_0000;

fn system(program: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("SystemRoot").unwrap()).join("System32").join(program)
}

/// A folder whose name needs quotation marks, and what a shell in it is asked with.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::Builder::new().prefix("Kim & O'Neil äöü (1) ").tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn ask(&self, helper: &Path, deadline: Duration, own: &[(&str, &str)]) -> Result<Answer, ShellTrouble> {
        let kept = ["SystemRoot", "SystemDrive", "PATH", "TEMP", "TMP"];
        let kept = kept.iter().filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
        let own = own.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        ask(&Request {
            shell: &system("cmd.exe"),
            platform: Platform::Windows,
            base: &kept.chain(own).collect::<Vec<_>>(),
            folder: self.0.path(),
            deadline,
            helper,
            cancel: &AtomicBool::new(false),
        })
    }

    /// Runs a batch file in a session of its own. It has a child that takes its time, and then leaves a trace.
    fn session(&self, then: &str) -> Child {
        fs::write(self.path("kid.bat"), "@ping -n 30 127.0.0.1 >nul\r\n@echo here > trace.txt\r\n").unwrap();
        fs::write(self.path("it.bat"), format!("@start /b \"\" cmd /d /c kid.bat\r\n@echo here\r\n{then}\r\n"))
            .unwrap();
        let mut command = Command::new(AUTHLIGHT);
        command.args(["own-session", "Q0", "--"]).arg(system("cmd.exe")).args(["/d", "/s", "/c", "\"it.bat\""]);
        let command = command.current_dir(self.0.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut session = command.stderr(Stdio::null()).creation_flags(CREATE_NO_WINDOW).spawn().unwrap();
        let (mut said, mut byte) = (String::new(), [0]);
        while !said.contains("here") {
            assert_eq!(session.stdout.as_mut().unwrap().read(&mut byte).unwrap(), 1, "{said}");
            said.push(char::from(byte[0]));
        }
        session
    }

    /// Waits until nobody of a session is left; gives its code.
    fn end(&self, mut session: Child) -> Option<i32> {
        // Whoever was started holds the pipe.
        session.stdout.take().unwrap().read_to_end(&mut Vec::new()).unwrap();
        assert!(!self.path("trace.txt").exists(), "the child came to its end");
        session.wait().unwrap().code()
    }
}

#[test]
fn cmd_tells_what_a_program_in_it_gets() {
    let home = Home::new();
    let program = home.path("auth light & co.exe");
    fs::copy(AUTHLIGHT, &program).unwrap();
    let odd = "a\"b'c ^&|<> %PATH% !x! ü\u{1f511}";
    let own = [("Anthropic_Api_Key", "k1"), ("ANTHROPIC_CUSTOM_HEADERS", odd), ("NOT_OURS", "x")];
    let answer = home.ask(&program, Duration::from_secs(60), &own).unwrap();
    let value = |name: &str| answer.variables.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    assert_eq!(value("ANTHROPIC_API_KEY").unwrap().1.plain(), "k1");
    assert_eq!(value("ANTHROPIC_CUSTOM_HEADERS").unwrap().1.plain(), odd);
    assert!(value("NOT_OURS").is_none());
    assert_eq!(answer.remarks, []);
}

#[test]
fn a_shell_that_takes_too_long_is_ended() {
    let home = Home::new();
    let said = home.ask(Path::new(AUTHLIGHT), Duration::from_millis(1), &[]);
    assert!(matches!(said, Err(ShellTrouble::TimedOut { .. })), "{said:?}");
}

#[test]
fn what_a_shell_leaves_behind_ends_with_it() {
    let home = Home::new();
    let session = home.session("@exit 7");
    assert_eq!(home.end(session), Some(7));
}

#[test]
fn a_shell_that_hangs_is_ended_with_its_children() {
    let home = Home::new();
    let mut session = home.session("@ping -n 60 127.0.0.1 >nul");
    drop(session.stdin.take());
    home.end(session);
}

#[test]
fn nothing_is_left_where_whoever_ends_it_is_ended() {
    let home = Home::new();
    let mut session = home.session("@ping -n 60 127.0.0.1 >nul");
    session.kill().unwrap();
    home.end(session);
}
