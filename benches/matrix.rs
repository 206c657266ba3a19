//! Contexts × 10,000 folders, beside a loop that opens the same files. Targets: three times its time, 64 MiB.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that cannot prepare has nothing to measure")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use authlight_core::report::{Context, Host, Source};
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Examined, Platform, Variable};
use authlight_engine::contexts::STATICALLY;
use authlight_engine::machine::os::Disk;
use authlight_engine::matrix::{Asked, Row, fill};

const FOLDERS: usize = 10_000;
const ROUNDS: usize = 9;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let folders: Vec<String> = (0..FOLDERS).map(|n| home.join(format!("work/{n}")).display().to_string()).collect();
    for (number, folder) in folders.iter().enumerate() {
        lay_out(Path::new(folder), number);
    }
    lay_out_home(home, &folders);
    let asked = asked(home, folders);

    let mut times = [Vec::new(), Vec::new()];
    let before = peak_kib();
    for _ in 0..ROUNDS {
        times[0].push(timed(|| open_the_same(home, &asked.folders)));
        times[1].push(timed(|| told(&asked)));
    }
    let [alone, matrix] = times.map(median);
    let ratio = matrix.as_secs_f64() / alone.as_secs_f64();
    println!("opening the files of {FOLDERS} folders alone: {alone:.1?}");
    println!("the matrix of them: {matrix:.1?}, {ratio:.2} times (target: 3)");
    println!("peak memory of the process: {:?} KiB, before it {before:?} KiB (target: 65536)", peak_kib());
}

/// A third has no settings, a third some that do not matter here, a third its own address, key or both.
fn lay_out(folder: &Path, number: usize) {
    fs::create_dir_all(folder.join(".claude")).unwrap();
    let write = |name: &str, text: String| fs::write(folder.join(".claude").join(name), text).unwrap();
    let key = ["sk-ant-", "api03-CANARY", &number.to_string()].concat();
    match number % 6 {
        0 => write("settings.json", format!(r#"{{"env": {{"ANTHROPIC_BASE_URL": "https://gw{number}.example"}}}}"#)),
        1 => {
            write("settings.json", r#"{"permissions": {"allow": ["Bash(ls)"]}}"#.to_owned());
            write("settings.local.json", format!(r#"{{"env": {{"ANTHROPIC_API_KEY": "{key}"}}}}"#));
        }
        2 | 3 => write("settings.local.json", r#"{"permissions": {"allow": ["Bash(git status)"]}}"#.to_owned()),
        _ => {}
    }
}

fn lay_out_home(home: &Path, folders: &[String]) {
    let rows: Vec<String> =
        folders.iter().map(|folder| format!(r#""{folder}": {{"hasTrustDialogAccepted": true}}"#)).collect();
    let state = format!(r#"{{"hasCompletedOnboarding": true, "projects": {{{}}}}}"#, rows.join(","));
    fs::write(home.join(".claude.json"), state).unwrap();
    let key = ["sk-ant-", "api03-CANARY"].concat();
    fs::write(home.join(".bashrc"), format!("export ANTHROPIC_API_KEY={key}\n")).unwrap();
}

fn asked(home: &Path, folders: Vec<String>) -> Asked {
    let variable = |name: &str, value: &str| Variable {
        name: name.to_owned(),
        value: Secret::new(value),
        source: Source::variable(name),
    };
    let variables = vec![variable("SHELL", "/bin/bash"), variable("ANTHROPIC_AUTH_TOKEN", "four plain words")];
    let started = Examined {
        now_ms: 1_800_000_000_000,
        host: Host { os: "linux".to_owned(), arch: "x86_64".to_owned(), ..Host::default() },
        ..Examined::of_process(Platform::Linux, home.display().to_string(), variables)
    };
    Asked { started, folder: None, context: Context::NewTerminal, folders, may_open: false }
}

fn told(asked: &Asked) {
    let mut rows: Vec<Row> = Vec::new();
    fill(&Disk::running(Platform::Linux), asked, STATICALLY, &AtomicBool::new(false), &mut |row| rows.push(row));
    assert_eq!(rows.len(), FOLDERS + 1);
    black_box(rows);
}

fn open_the_same(home: &Path, folders: &[String]) {
    let read = |path: &Path| black_box(fs::read(path).ok());
    for file in [".claude.json", ".claude/settings.json", ".bashrc", ".profile"] {
        read(&home.join(file));
    }
    for folder in folders {
        for name in [".claude/settings.json", ".claude/settings.local.json"] {
            read(&Path::new(folder).join(name));
        }
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The most memory that this process has held, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
