//! Runs the person's own shell as a newly opened terminal does, and reads its environment.
//!
//! The shell is started by this program itself (`own-session`), which gives it a session of its own without a terminal (on
//! Windows a job without a console window) and ends that with all that it started; and it calls this program
//! (`tell-environment`), which tells the variables that count. What is told goes through a pipe of its own, so that a
//! profile that records or drops what is printed gets none of it; on Windows, which has no such pipe, between marks. No
//! call of the system that needs `unsafe` is made here.

mod tell_environment;

use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use authlight_core::secret::Secret;
use authlight_core::shell_answer::{Heard, Listener, Program, TELL_ENVIRONMENT, Told};
use authlight_core::snapshot::Platform;

use super::session::{self, CANCEL_EVERY, END_WITHIN, Session, read_on_thread};

pub(crate) use tell_environment::tell_environment;

/// How much may be printed.
const OUTPUT_LIMIT: u64 = 64 << 20;

/// From how many bytes on it is worth telling that something was printed. What shells say when they find no terminal
/// is less.
const WORTH_TELLING: u64 = 1 << 10;

/// What `TERM` is where nobody has said: what most terminals are.
const USUAL_TERMINAL: &str = "xterm-256color";

/// What to run, and how.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The shell.
    pub shell: &'a Path,
    /// Whose rules apply.
    pub platform: Platform,
    /// The environment that a terminal hands to its shell. `TERM` is added where it is missing or says that there is no
    /// terminal.
    pub base: &'a [(OsString, OsString)],
    /// The folder in which the shell starts.
    pub folder: &'a Path,
    /// How long it may take.
    pub deadline: Duration,
    /// This program.
    pub helper: &'a Path,
    /// Set by somebody who wants no answer any more.
    pub cancel: &'a AtomicBool,
}

/// What the shell says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Of its environment, the variables that count. What is no text in a value stands as U+FFFD.
    pub variables: Vec<(String, Secret)>,
    /// The command line that was run.
    pub command: Vec<String>,
    /// How long it took.
    pub took: Duration,
    /// What else was seen.
    pub remarks: Vec<Remark>,
}

/// Something that a person may want to know of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// It printed more than a few lines.
    Printed {
        /// How much, in bytes.
        bytes: u64,
    },
    /// It went into another folder.
    ChangedFolder {
        /// Which one.
        to: String,
    },
    /// The value of a variable is not all text.
    NotText {
        /// Its name.
        name: String,
    },
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShellTrouble {
    /// There is no such program.
    #[error("there is no such program")]
    NotThere,
    /// It could not be started, and why.
    #[error("it could not be started: {0}")]
    NotRunnable(String),
    /// The time was up.
    #[error("no answer within {after:?}")]
    TimedOut {
        /// How long it ran.
        after: Duration,
        /// How much it printed until then, in bytes.
        printed: u64,
    },
    /// The shell ended before it came to our question.
    #[error("it ended before it answered")]
    EndedEarly {
        /// Its exit code; 128 and the number of the signal where one ended it.
        code: Option<i32>,
    },
    /// It printed without end.
    #[error("it printed {bytes} bytes and more")]
    TooMuchOutput {
        /// How much, when it was ended.
        bytes: u64,
    },
    /// The answer is not whole.
    #[error("its answer is not whole")]
    NoAnswer,
    /// We do not know how to ask this kind of shell.
    #[error("this kind of shell is not asked")]
    CannotRead,
    /// Nobody wants to know any more.
    #[error("called off")]
    Cancelled,
}

/// The command line that [`ask`] would run, for people. None for a shell that it does not run.
pub fn command_shown(shell: &Path, platform: Platform) -> Option<String> {
    let shell = shell.to_string_lossy();
    Some(Program::of_path(platform, &shell)?.shown(platform, &shell))
}

/// Runs the shell and reads its environment. When this returns, nothing of what the shell started is left.
///
/// # Errors
/// There is no answer.
pub fn ask(request: &Request<'_>) -> Result<Answer, ShellTrouble> {
    let began = Instant::now();
    let shell = request.shell.to_string_lossy();
    let program = Program::of_path(request.platform, &shell).ok_or(ShellTrouble::CannotRead)?;
    is_runnable(request.shell)?;
    let helper = request.helper.to_str();
    let helper = helper.ok_or_else(|| ShellTrouble::NotRunnable("the path of authlight is no text".to_owned()))?;
    let mark = mark();
    let arguments = program.arguments(request.platform, helper, &[TELL_ENVIRONMENT, &mark]);

    let mut command = command(request, &arguments, &mark);
    let mut session = Session::start(&mut command).map_err(|error| ShellTrouble::NotRunnable(error.to_string()))?;
    let printed = Arc::new(AtomicU64::new(0));
    let events = listen(&mut session, &mark, &printed).map_err(|error| ShellTrouble::NotRunnable(error.to_string()))?;
    let heard = loop {
        if request.cancel.load(Ordering::Relaxed) {
            return Err(ShellTrouble::Cancelled);
        }
        let after = began.elapsed();
        let Some(left) = request.deadline.checked_sub(after).filter(|left| !left.is_zero()) else {
            return Err(ShellTrouble::TimedOut { after, printed: printed.load(Ordering::Relaxed) });
        };
        match events.recv_timeout(left.min(CANCEL_EVERY)) {
            Ok(Event::Heard(heard)) => break heard,
            Ok(Event::TooMuch) => {
                return Err(ShellTrouble::TooMuchOutput { bytes: printed.load(Ordering::Relaxed) });
            }
            Ok(Event::Ended) | Err(RecvTimeoutError::Disconnected) => {
                let code = session.end().and_then(|status| status.code());
                return Err(ShellTrouble::EndedEarly { code });
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    session.end();
    // What was printed before may still be on its way.
    while events.recv_timeout(END_WITHIN).is_ok() {}
    match heard {
        Heard::Environment(told) => Ok(answer(request, &shell, arguments, told, &printed, began)),
        Heard::NotRun(why) => Err(ShellTrouble::NotRunnable(why)),
        Heard::Broken => Err(ShellTrouble::NoAnswer),
    }
}

fn answer(
    request: &Request<'_>,
    shell: &str,
    arguments: Vec<String>,
    told: Told,
    printed: &AtomicU64,
    began: Instant,
) -> Answer {
    let mut remarks = Vec::new();
    let bytes = printed.load(Ordering::Relaxed);
    if bytes >= WORTH_TELLING {
        remarks.push(Remark::Printed { bytes });
    }
    if fs::canonicalize(request.folder).is_ok_and(|folder| folder.to_string_lossy() != told.folder.as_str())
        && Path::new(&told.folder) != request.folder
    {
        remarks.push(Remark::ChangedFolder { to: told.folder });
    }
    remarks.extend(told.not_text.into_iter().map(|name| Remark::NotText { name }));
    let command = std::iter::once(shell.to_owned()).chain(arguments).collect();
    Answer { variables: told.variables, command, took: began.elapsed(), remarks }
}

/// Whether a shell can be started, as far as that can be told without doing it.
fn is_runnable(shell: &Path) -> Result<(), ShellTrouble> {
    if !shell.is_absolute() {
        return Err(ShellTrouble::NotThere);
    }
    let facts = fs::metadata(shell).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ShellTrouble::NotThere,
        _ => ShellTrouble::NotRunnable(error.to_string()),
    })?;
    if !facts.is_file() {
        return Err(ShellTrouble::NotRunnable("it is no program".to_owned()));
    }
    Ok(())
}

/// A word that stands in nothing else that is printed. Its first character stands nowhere else in it.
fn mark() -> String {
    let random = || RandomState::new().hash_one("mark");
    format!("Q{:016x}{:016x}", random(), random())
}

/// The command that runs the shell in a session of its own.
fn command(request: &Request<'_>, arguments: &[String], mark: &str) -> Command {
    let mut command = session::quiet(request.helper, Some(mark), request.shell);
    command.args(arguments);
    set_up(&mut command, request);
    command
}

fn set_up(command: &mut Command, request: &Request<'_>) {
    command.env_clear().envs(request.base.iter().map(|(name, value)| (name, value)));
    let terminal = request.base.iter().rfind(|(name, _)| name == "TERM");
    if cfg!(unix) && terminal.is_none_or(|(_, terminal)| terminal.is_empty() || terminal == "dumb") {
        command.env("TERM", USUAL_TERMINAL);
    }
    command.current_dir(request.folder).stdout(Stdio::piped()).stderr(Stdio::piped());
}

/// What comes from the session.
enum Event {
    Heard(Heard),
    TooMuch,
    /// Nobody is there any more who could answer.
    Ended,
}

/// Reads all that is printed, and keeps nothing of it but the answer.
fn listen(session: &mut Session, mark: &str, printed: &Arc<AtomicU64>) -> io::Result<mpsc::Receiver<Event>> {
    let (sender, events) = mpsc::channel();
    let mut listener = Listener::new(mark);
    if let Some(pipe) = session.stdout() {
        let (sender, printed) = (sender.clone(), Arc::clone(printed));
        let mut outside = 0;
        read_on_thread("shell-answer", pipe, move |piece| {
            if piece.is_empty() {
                let _nobody_waits = sender.send(Event::Ended);
            } else {
                if let Some(heard) = listener.take(piece) {
                    let _nobody_waits = sender.send(Event::Heard(heard));
                }
                let more = listener.outside() - outside;
                outside = listener.outside();
                count(&printed, more, &sender);
            }
        })?;
    }
    if let Some(pipe) = session.stderr() {
        let printed = Arc::clone(printed);
        read_on_thread("shell-output", pipe, move |piece| count(&printed, piece.len() as u64, &sender))?;
    }
    Ok(events)
}

/// Counts what was printed; says so once where it is too much.
fn count(printed: &AtomicU64, more: u64, sender: &Sender<Event>) {
    let before = printed.fetch_add(more, Ordering::Relaxed);
    if before < OUTPUT_LIMIT && before + more >= OUTPUT_LIMIT {
        let _nobody_waits = sender.send(Event::TooMuch);
    }
}
