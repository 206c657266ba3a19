//! Real shells, each opened in a home of its own as a new terminal would open it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A shell that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(20);

/// The file of a shell that a new terminal reads.
pub fn rc(shell: &str) -> &'static str {
    match shell {
        "bash" => "~/.bashrc",
        "zsh" => "~/.zshrc",
        "fish" => "~/.config/fish/config.fish",
        "nu" => "~/.config/nushell/config.nu",
        _ => "~/.shrc",
    }
}

/// The program of a shell.
pub fn program(shell: &str) -> OsString {
    let named = (shell == "nu").then(|| std::env::var_os("AUTHLIGHT_NU")).flatten();
    named.unwrap_or_else(|| shell.into())
}

/// Whether a shell is there; without it a test says so, and with `AUTHLIGHT_ALL_SHELLS=1` fails.
pub fn is_there(shell: &str) -> bool {
    let all = std::env::var_os("AUTHLIGHT_ALL_SHELLS").is_some_and(|value| value == "1");
    let program = Path::new(&program(shell)).to_owned();
    let found = std::env::split_paths("/usr/local/bin:/usr/bin:/bin").any(|folder| folder.join(&program).exists());
    // Without its package no system has Nushell; .ci/run says where it could not be fetched.
    let must_be = all && program != Path::new("nu");
    assert!(found || !must_be, "{shell} is not installed");
    if !found {
        eprintln!("left out: {shell} is not installed");
    }
    found
}

/// Opens a shell and types something there. What it complains of lies in `.err` then.
pub fn type_in(shell: &str, home: &Path, base: &BTreeMap<String, String>, typed: &str) {
    let flags: &[&str] = if shell == "nu" { &["--execute"] } else { &["-i", "-c"] };
    // In a session of its own, so that it never asks for this terminal.
    let mut command = Command::new("setsid");
    command.arg(program(shell)).args(flags).arg(typed).current_dir(home).env_clear().envs(base);
    command.env("HOME", home).env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LANG", "C.UTF-8").env("TERM", "dumb");
    let errors = File::create(home.join(".err")).unwrap();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors);
    let mut child = command.spawn().unwrap();
    // Its output ends with it.
    let (ended, end) = mpsc::channel();
    let mut output = child.stdout.take().unwrap();
    std::thread::spawn(move || {
        let _ = output.read_to_end(&mut Vec::new());
        let _ = ended.send(());
    });
    if end.recv_timeout(DEADLINE).is_err() {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("{shell} does not end in {}", home.display());
    }
    child.wait().unwrap();
}

/// Pairs of a name and a value, as `env -0` prints them.
pub fn pairs(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let pairs = bytes.split(|byte| *byte == 0).filter_map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        Some((String::from_utf8_lossy(&pair[..at]).into_owned(), pair[at + 1..].to_vec()))
    });
    pairs.collect()
}
