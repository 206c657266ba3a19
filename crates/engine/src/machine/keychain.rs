//! The macOS Keychain: attributes alone, never a secret, never a prompt.

use authlight_core::environment::Environment;
use authlight_core::keychain::{self, Answer, Keychain, Question};
use authlight_core::snapshot::{Platform, Snapshot, Variable};

use super::Machine;

/// Asks for the items of Claude Code; on other systems for nothing.
pub fn keychain(machine: &dyn Machine, snapshot: &Snapshot, environment: &Environment) -> Keychain {
    if snapshot.examined.platform != Platform::MacOs {
        return Keychain::default();
    }
    let variable = |name: &str| Variable::find(&snapshot.examined.variables, name);
    let account = variable("USER").and_then(|user| keychain::account(user.value.plain()));
    let Some((login, key)) = keychain::services(environment) else {
        return Keychain { account, ..Keychain::default() };
    };
    let ask = |question: Question| machine.keychain(&snapshot.examined.home, &question);
    // Where a window could open for the password, the question itself might open it.
    let lock = if variable("SSH_CONNECTION").is_some() { ask(Question::Lock) } else { Answer::NotAsked };
    Keychain {
        login: ask(Question::Item(login.clone())),
        key: ask(Question::Item(key)),
        lock,
        service: Some(login),
        account,
    }
}

/// Asks the running system's Keychain.
#[cfg(target_os = "macos")]
pub(super) fn ask_system(question: &Question) -> Answer {
    use std::io::Read;
    use std::process::{Command, Stdio};
    use std::sync::mpsc;
    use std::time::Duration;

    /// The Keychain answers in some ten milliseconds.
    const DEADLINE: Duration = Duration::from_secs(2);

    let mut command = Command::new("/usr/bin/security");
    match question {
        // Without -g and -w it prints attributes alone.
        Question::Item(service) => command.args(["find-generic-password", "-s", service]),
        Question::Lock => command.arg("show-keychain-info"),
    };
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = started else { return Answer::Unclear };
    let (Some(mut out), Some(mut err)) = (child.stdout.take(), child.stderr.take()) else { return Answer::Unclear };
    let (sender, receiver) = mpsc::channel();
    let reader = std::thread::Builder::new().name("keychain".to_owned()).spawn(move || {
        let mut printed = Vec::new();
        let read = out.read_to_end(&mut printed).and_then(|_| err.read_to_end(&mut printed));
        let _nobody_waits_any_more = sender.send(read.map(|_| printed));
    });
    let answer = match receiver.recv_timeout(DEADLINE) {
        Ok(Ok(printed)) => keychain::answer(&String::from_utf8_lossy(&printed)),
        Ok(Err(_)) => Answer::Unclear,
        Err(_) => Answer::Slow,
    };
    if answer == Answer::Slow {
        let _ended_by_itself = child.kill();
    }
    let _ended = child.wait();
    drop(reader);
    answer
}
