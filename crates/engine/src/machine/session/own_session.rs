//! Starts a program in a session of its own, and ends that with all that it started.
//!
//! Standard input is the lifeline: when it is closed, the session ends. Of a shell that is asked something the answer goes
//! out on standard output, and all that is printed on standard error; what other programs print stays as it is.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use authlight_core::shell_answer;
use rustix::io::{Errno, FdFlags};
use rustix::process::{Pid, WaitOptions};

use super::{ANSWER_DESCRIPTOR, NO_MARK, REST_STAYS};

/// What shells say of a program that could not be started.
const NOT_STARTED: u8 = 127;

/// Between two rounds in which all is ended that was started meanwhile.
const ROUND: Duration = Duration::from_millis(2);

/// Runs a program; gives its exit code, 128 and the number of the signal where one ended it.
pub(crate) fn own_session(mark: &str, program: &OsString, arguments: &[OsString]) -> u8 {
    // What is handed to another program to start, as browsers are here, is in no session of ours.
    let asked = ![NO_MARK, REST_STAYS].contains(&mark);
    let child = match start(program, arguments, asked) {
        Ok(child) => child,
        Err(error) if !asked => {
            let _nobody_listens = writeln!(io::stderr(), "{error}");
            return NOT_STARTED;
        }
        Err(error) => {
            let _nobody_listens = io::stdout().write_all(&shell_answer::not_run(mark, &error.to_string()));
            return 1;
        }
    };
    let shell = Pid::from_child(&child);
    let ended = attend(child);
    end_all(shell);
    ended.map_or(1, exit_code)
}

fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

fn start(program: &OsString, arguments: &[OsString], asked: bool) -> io::Result<Child> {
    // Refused only to the first of a process group, which whoever was just started is not.
    rustix::process::setsid()?;
    // Whoever leaves the session and its parent, as daemons do, becomes our child.
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    let answers = asked.then(answer_descriptor).transpose()?;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(if asked { Stdio::from(io::stderr()) } else { Stdio::inherit() })
        .stderr(Stdio::inherit())
        // `kill 0` in a profile reaches the shell's own group, not us.
        .process_group(0)
        .spawn();
    drop(answers);
    child
}

/// The way for the answer, which the shell and its children inherit.
fn answer_descriptor() -> io::Result<OwnedFd> {
    let answers = rustix::io::fcntl_dupfd_cloexec(io::stdout(), ANSWER_DESCRIPTOR)?;
    if answers.as_raw_fd() != ANSWER_DESCRIPTOR {
        return Err(io::Error::other("the descriptor for the answer is in use"));
    }
    rustix::io::fcntl_setfd(&answers, FdFlags::empty())?;
    Ok(answers)
}

/// Waits until the shell has ended, or is to end; then ends the rest.
fn attend(mut child: Child) -> io::Result<ExitStatus> {
    let shell = Pid::from_child(&child);
    thread::Builder::new().name("lifeline".to_owned()).spawn(move || {
        let mut nothing = [0; 64];
        while matches!(io::stdin().read(&mut nothing), Ok(1..)) {}
        loop {
            end_all(shell);
            thread::sleep(ROUND);
        }
    })?;
    let status = child.wait()?;
    loop {
        end_all(shell);
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return Ok(status),
        }
    }
}

/// Ends all that we have started, itself or through others.
#[cfg(target_os = "linux")]
fn end_all(_shell: Pid) {
    super::processes::end_descendants();
}

/// Ends the process group of the shell: this system does not tell who else was started.
#[cfg(not(target_os = "linux"))]
fn end_all(shell: Pid) {
    let _has_ended = rustix::process::kill_process_group(shell, rustix::process::Signal::KILL);
}
