//! Real shells with profiles of every kind, asked for their environment by the real program.
//!
//! A shell that is not installed is named and left out, but for bash and dash; with `AUTHLIGHT_ALL_SHELLS=1` none is.
//! Debian has no Nushell: `AUTHLIGHT_NU` names its program, which .ci/run fetches.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may break off")]

mod home;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use authlight_core::snapshot::Platform;
use authlight_engine::machine::login_shell::{Remark, ShellTrouble};
use home::{Home, Said, shell};

/// What a profile has to lead to.
#[derive(Debug)]
enum Expected {
    /// `ANTHROPIC_API_KEY` has this value.
    Key(&'static str),
    /// The shell answers, and has no `ANTHROPIC_API_KEY`.
    NoKey,
    /// The shell ends before it answers, with this code if it is always the same.
    Ended(Option<i32>),
    /// It has to be ended.
    TimedOut,
    TooMuchOutput,
    /// An answer or an end, as it comes: but nothing is left.
    AnyEnd,
}

use Expected::{AnyEnd, Ended, Key, NoKey, TimedOut, TooMuchOutput};

fn is_as_expected(said: &Said, expected: &Expected) -> bool {
    match (expected, said) {
        (Key(value), Ok(_)) => home::value(said, "ANTHROPIC_API_KEY") == Some(value),
        (NoKey, Ok(_)) => home::value(said, "ANTHROPIC_API_KEY").is_none(),
        (Ended(code), Err(ShellTrouble::EndedEarly { code: found })) => code.is_none() || code == found,
        (TimedOut, Err(ShellTrouble::TimedOut { .. })) | (TooMuchOutput, Err(ShellTrouble::TooMuchOutput { .. })) => {
            true
        }
        (AnyEnd, Ok(_) | Err(ShellTrouble::EndedEarly { .. })) => true,
        _ => false,
    }
}

/// Runs a shell with each of the profiles, and tells all that went another way.
fn drive(name: &str, platform: Platform, file: &str, cases: &[(&str, &str, Expected)]) {
    let Some(shell) = shell(name) else { return };
    let mut wrong = Vec::new();
    for (case, profile, expected) in cases {
        let mut home = Home::new();
        home.file(file, profile);
        if matches!(expected, TimedOut) {
            home.deadline = Duration::from_millis(400);
        }
        let said = home.ask(&shell, platform);
        if !is_as_expected(&said, expected) {
            wrong.push(format!("{name}, {case}: {said:?} is not {expected:?}"));
        }
        wrong.extend(home.left_behind().into_iter().map(|left| format!("{name}, {case}: left behind: {left}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bash_answers_whatever_its_profile_does_or_says_why_not() {
    let cases = [
        ("plain", "export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("not exported", "ANTHROPIC_API_KEY=k1", NoKey),
        ("early return", "return\nexport ANTHROPIC_API_KEY=k1", NoKey),
        (
            "only with a person",
            "[ -z \"$PS1\" ] && return\n[[ $- != *i* ]] && return\nexport ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        ("no login shell", "shopt -q login_shell || export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("a terminal's name", "[ $TERM != dumb ] && export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("no terminal", "{ : </dev/tty; } 2>/dev/null || export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("banner without a line end", "export ANTHROPIC_API_KEY=k1; printf 'hello \\xff\\033[31m'", Key("k1")),
        ("10 MB", "export ANTHROPIC_API_KEY=k1; head -c 10485760 /dev/zero", Key("k1")),
        ("10 MB of errors", "export ANTHROPIC_API_KEY=k1; head -c 10485760 /dev/zero >&2", Key("k1")),
        ("output without end", "while :; do printf '%65536s' x; done", TooMuchOutput),
        ("noise in the background", "export ANTHROPIC_API_KEY=k1; (while :; do echo spam; done) &", Key("k1")),
        ("exit", "exit 7", Ended(Some(7))),
        ("set -e and a failure", "set -e; false", Ended(Some(1))),
        ("set -e", "set -e; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("set -u, -x, -v, -f", "export ANTHROPIC_API_KEY=k1; set -uxvf", Key("k1")),
        ("set -o posix, noclobber", "export ANTHROPIC_API_KEY=k1; set -o posix -o noclobber", Key("k1")),
        ("read", "read answer; export ANTHROPIC_API_KEY=k1$answer", Key("k1")),
        ("read from the terminal", "read answer </dev/tty; export ANTHROPIC_API_KEY=k1$answer", Key("k1")),
        ("stty", "stty -echo; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("exec tmux", "exec tmux", Ended(None)),
        ("a tmux server", "tmux new-session -d; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("exec of another shell", "exec sh", Ended(Some(0))),
        ("endless loop", "while :; do :; done", TimedOut),
        ("endless loop of programs", "while :; do /bin/true; done", TimedOut),
        ("waits", "sleep 86400", TimedOut),
        ("deaf", "trap '' TERM INT HUP QUIT; sleep 86400", TimedOut),
        (
            "DEBUG trap, prompt",
            "trap 'echo d' DEBUG; PROMPT_COMMAND='echo p'; PS1='$(echo p)'; export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        ("EXIT trap", "trap 'sleep 86400' EXIT; export ANTHROPIC_API_KEY=k1", Key("k1")),
        (
            "names of ours",
            "alias authlight=false tell-environment=x; authlight() { false; }; command() { false; }; alias command=false exec=false; export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        ("TMOUT", "readonly TMOUT=1; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("no PATH", "unset PATH; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("few descriptors", "ulimit -n 40; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("streams closed", "exec <&- >&- 2>&-; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("a long value", "export ANTHROPIC_API_KEY=k1 ANTHROPIC_CUSTOM_HEADERS=$(printf '%100000s' x)", Key("k1")),
        ("not text", "export ANTHROPIC_API_KEY=$'a\\xffb'", Key("a\u{fffd}b")),
        ("several lines", "export ANTHROPIC_API_KEY=$'a\\nb=c'", Key("a\nb=c")),
        ("a broken file", "export ANTHROPIC_API_KEY=k1\nif then fi ((", Key("k1")),
        (
            "children",
            "sleep 86400 & setsid sleep 86400 & (setsid sleep 86400 &) ; nohup sleep 86400 >/dev/null & set -m; sleep 86400 & disown; export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        ("children, then exit", "(setsid sleep 86400 &); sleep 86400 & exit 3", Ended(Some(3))),
        ("children, then a wait", "(setsid sleep 86400 &); sleep 86400 & wait", TimedOut),
        ("kills its group", "kill -KILL 0", Ended(Some(137))),
        ("kills whoever started it", "sleep 86400 & kill -KILL $PPID", AnyEnd),
    ];
    drive("bash", Platform::Linux, ".bashrc", &cases);
}

#[test]
fn zsh_answers_whatever_its_profile_does_or_says_why_not() {
    let cases = [
        ("plain", "export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("not exported", "ANTHROPIC_API_KEY=k1", NoKey),
        ("interactive, no login shell", "[[ -o interactive && ! -o login ]] && export ANTHROPIC_API_KEY=k1", Key("k1")),
        (
            "a framework that prints",
            "autoload -Uz compinit; compinit -u; print -P '%F{red}hi%f'; precmd() { print p }; export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        (
            "global aliases",
            "alias -g authlight=no tell-environment=no command=no; alias -s authlight=no; export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        (
            "options",
            "setopt err_exit no_unset ksh_arrays no_glob rc_quotes xtrace verbose csh_junkie_quotes; export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        (
            "TRAPDEBUG, TRAPEXIT",
            "TRAPDEBUG() { print d }; TRAPEXIT() { sleep 86400 }; export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
        ("vared and read", "vared -c x; read -q; read -k; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("not text", "export ANTHROPIC_API_KEY=$'a\\xffb'", Key("a\u{fffd}b")),
        ("exit", "exit 3", Ended(Some(3))),
        ("exec of another shell", "exec bash", Ended(Some(0))),
        ("endless loop", "while true; do; done", TimedOut),
        ("waits", "sleep 86400", TimedOut),
        (
            "children",
            "sleep 86400 &! setsid sleep 86400 & setopt monitor; sleep 86400 & export ANTHROPIC_API_KEY=k1",
            Key("k1"),
        ),
    ];
    drive("zsh", Platform::Linux, ".zshrc", &cases);
}

#[test]
fn fish_answers_whatever_its_profile_does_or_says_why_not() {
    let cases = [
        ("plain", "set -gx ANTHROPIC_API_KEY k1", Key("k1")),
        ("not exported", "set -g ANTHROPIC_API_KEY k1", NoKey),
        ("universal", "set -Ux ANTHROPIC_API_KEY k1", Key("k1")),
        (
            "interactive, no login shell",
            "status is-interactive; and not status is-login; and set -gx ANTHROPIC_API_KEY k1",
            Key("k1"),
        ),
        (
            "prints",
            "echo -n hi; function fish_greeting; sleep 86400; end; function fish_prompt; sleep 86400; end; set -gx ANTHROPIC_API_KEY k1",
            Key("k1"),
        ),
        (
            "names of ours",
            "alias authlight false; function tell-environment; end; set -gx ANTHROPIC_API_KEY k1",
            Key("k1"),
        ),
        (
            "events",
            "function e --on-event fish_preexec; sleep 86400; end; function x --on-event fish_exit; sleep 86400; end; set -gx ANTHROPIC_API_KEY k1",
            Key("k1"),
        ),
        ("read", "read answer; set -gx ANTHROPIC_API_KEY k1", Key("k1")),
        // Before a command, fish makes nothing of it; at its prompt it ends.
        ("exit", "exit 3", NoKey),
        ("exec of another shell", "exec bash", Ended(Some(0))),
        ("endless loop", "while true; end", TimedOut),
        ("waits", "sleep 86400", TimedOut),
        ("children", "sleep 86400 &; disown; setsid sleep 86400 &; set -gx ANTHROPIC_API_KEY k1", Key("k1")),
    ];
    drive("fish", Platform::Linux, ".config/fish/config.fish", &cases);
}

#[test]
fn nushell_answers_whatever_its_profile_does_or_says_why_not() {
    let cases = [
        ("plain", "$env.ANTHROPIC_API_KEY = 'k1'", Key("k1")),
        ("not exported", "let ANTHROPIC_API_KEY = 'k1'", NoKey),
        ("load-env", "load-env {ANTHROPIC_API_KEY: k1}", Key("k1")),
        ("taken away", "$env.ANTHROPIC_API_KEY = 'k1'\nhide-env ANTHROPIC_API_KEY", NoKey),
        ("prints", "print 'hello'; $env.config.show_banner = false; $env.ANTHROPIC_API_KEY = 'k1'", Key("k1")),
        (
            "names of ours",
            "alias authlight = echo no; def tell-environment [] {}; $env.ANTHROPIC_API_KEY = 'k1'",
            Key("k1"),
        ),
        ("prompt", "$env.PROMPT_COMMAND = {|| sleep 1day }; $env.ANTHROPIC_API_KEY = 'k1'", Key("k1")),
        // A file that nu cannot read as a whole counts for nothing.
        ("a broken file", "$env.ANTHROPIC_API_KEY = 'k1'\nif then {", NoKey),
        ("an error", "$env.ANTHROPIC_API_KEY = 'k1'\nerror make {msg: x}", Key("k1")),
        ("exit", "exit 3", Ended(Some(3))),
        ("exec of another shell", "exec sh", Ended(Some(0))),
        ("endless loop", "loop { }", TimedOut),
        ("waits", "sleep 1day", TimedOut),
        ("children", "^sh -c 'setsid sleep 86400 &'; $env.ANTHROPIC_API_KEY = 'k1'", Key("k1")),
    ];
    drive("nu", Platform::Linux, ".config/nushell/config.nu", &cases);
}

#[test]
fn dash_answers_whatever_its_profile_does_or_says_why_not() {
    let cases = [
        ("plain", "export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("set -eu", "set -eu; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("names of ours", "alias authlight=false tell-environment=false; export ANTHROPIC_API_KEY=k1", Key("k1")),
        ("a broken file", "export ANTHROPIC_API_KEY=k1\nif then", Key("k1")),
        ("exit", "exit 3", Ended(Some(3))),
        ("endless loop", "while :; do :; done", TimedOut),
        ("children", "sleep 86400 & (setsid sleep 86400 &); export ANTHROPIC_API_KEY=k1", Key("k1")),
    ];
    // Named by `ENV`, as sh wants it.
    drive("dash", Platform::Linux, home::FILE_OF_SH, &cases);
}

#[test]
fn terminals_of_macos_open_login_shells() {
    let key = || Key("k1");
    let profile = "export ANTHROPIC_API_KEY=k1";
    drive("bash", Platform::MacOs, ".bash_profile", &[("login", profile, key())]);
    drive("bash", Platform::MacOs, ".bashrc", &[("not read by a login shell", profile, NoKey)]);
    drive("bash", Platform::Linux, ".bash_profile", &[("read by login shells alone", profile, NoKey)]);
    drive("zsh", Platform::MacOs, ".zprofile", &[("login", profile, key())]);
    drive("zsh", Platform::MacOs, ".zshrc", &[("interactive", profile, key())]);
    drive("zsh", Platform::Linux, ".zprofile", &[("read by login shells alone", profile, NoKey)]);
    drive("dash", Platform::MacOs, ".profile", &[("login", profile, key())]);
    let fish = [("login", "status is-login; and set -gx ANTHROPIC_API_KEY k1", key())];
    drive("fish", Platform::MacOs, ".config/fish/config.fish", &fish);
    let nu = "$env.ANTHROPIC_API_KEY = 'k1'";
    drive("nu", Platform::MacOs, ".config/nushell/login.nu", &[("login", nu, key())]);
    drive("nu", Platform::Linux, ".config/nushell/login.nu", &[("read by login shells alone", nu, NoKey)]);
    drive("nu", Platform::Linux, ".config/nushell/autoload/keys.nu", &[("read after the others", nu, key())]);
}

#[test]
fn what_else_was_seen_is_told() {
    let Some(shell) = shell("bash") else { return };
    let home = Home::new();
    home.file(".bashrc", "cd /; head -c 5000 /dev/zero; export HTTPS_PROXY=$'\\xff' DIARY=CANARY; cd -P /tmp");
    let answer = home.ask(&shell, Platform::Linux).unwrap();
    let [Remark::Printed { bytes: 5000.. }, rest @ ..] = answer.remarks.as_slice() else { panic!("{answer:?}") };
    assert_eq!(
        rest,
        [Remark::ChangedFolder { to: "/tmp".to_owned() }, Remark::NotText { name: "HTTPS_PROXY".to_owned() }]
    );
    assert!(answer.variables.iter().all(|(name, _)| name != "DIARY"), "{answer:?}");
    assert_eq!(answer.command[..3], ["/bin/bash", "-i", "-c"].map(str::to_owned));

    let quiet = Home::new().ask(&shell, Platform::Linux).unwrap();
    assert_eq!(quiet.remarks, []);
}

#[test]
fn a_profile_that_records_what_is_printed_gets_no_secret() {
    let Some(shell) = shell("bash") else { return };
    let home = Home::new();
    home.file(".bashrc", "exec > >(tee ~/log) 2>&1; echo greeting; export ANTHROPIC_API_KEY=CANARY1");
    let said = home.ask(&shell, Platform::Linux);
    assert_eq!(home::value(&said, "ANTHROPIC_API_KEY"), Some("CANARY1"));
    // It may not have come to write anything yet.
    let log = std::fs::read(home.path("log")).unwrap_or_default();
    let hidden: String = b"CANARY1".iter().map(|byte| format!("{byte:02x}")).collect();
    let log = String::from_utf8_lossy(&log);
    assert!(!log.contains("CANARY1") && !log.contains(&hidden), "{log}");
}

#[test]
fn a_program_in_a_folder_with_any_name_is_called() {
    for name in ["bash", "zsh", "fish", "dash", "nu"] {
        let Some(shell) = shell(name) else { continue };
        let mut home = Home::new();
        let folder = home.path("it's \"a\" $HOME \\' !! `id` %PATH% *");
        std::fs::create_dir(&folder).unwrap();
        home.helper = folder.join("auth light");
        std::os::unix::fs::symlink(home::AUTHLIGHT, &home.helper).unwrap();
        let said = home.ask(&shell, Platform::Linux);
        assert!(said.is_ok(), "{name}: {said:?}");
    }
}

#[test]
fn a_shell_that_cannot_be_started_is_told_from_one_that_is_not_there() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::new();
    let ask = |path: &std::path::Path| home.ask(path, Platform::Linux).map(|_| ());
    assert_eq!(ask("/nowhere/bash".as_ref()), Err(ShellTrouble::NotThere));
    assert_eq!(ask("bash".as_ref()), Err(ShellTrouble::NotThere));
    assert_eq!(ask("/bin/cat".as_ref()), Err(ShellTrouble::CannotRead));
    let not_runnable = |path: &std::path::Path| matches!(ask(path), Err(ShellTrouble::NotRunnable(_)));
    std::fs::create_dir(home.path("zsh")).unwrap();
    assert!(not_runnable(&home.path("zsh")));
    home.file("bash", "not a program");
    assert!(not_runnable(&home.path("bash")), "no right to run it");
    std::fs::set_permissions(home.path("bash"), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(not_runnable(&home.path("bash")), "no program");
    assert_eq!(home.left_behind(), Vec::<String>::new());
}

#[test]
fn a_question_that_was_called_off_leaves_nothing() {
    let Some(shell) = shell("bash") else { return };
    let mut home = Home::new();
    home.deadline = Duration::from_secs(3600);
    home.file(".bashrc", "(setsid sleep 86400 &); sleep 86400 & echo >~/started; wait");
    let started = home.path("started");
    rustix::fs::mknodat(rustix::fs::CWD, &started, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    let cancel = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Reading a pipe waits for the profile to write to it.
        scope.spawn(|| cancel.store(std::fs::read(&started).is_ok(), Ordering::Relaxed));
        let said = home.ask_until(&shell, Platform::Linux, &cancel);
        assert!(matches!(said, Err(ShellTrouble::Cancelled)), "{said:?}");
    });
    assert_eq!(home.left_behind(), Vec::<String>::new());
}
