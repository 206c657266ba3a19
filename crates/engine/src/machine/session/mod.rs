//! Other people's programs, each run in a session of its own without a terminal, which is ended with all that was started
//! in it. This program starts them through itself (`own-session`). No call of the system that needs `unsafe` is made.

#[cfg(windows)]
mod own_job;
#[cfg(unix)]
mod own_session;
#[cfg(target_os = "linux")]
mod processes;

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

#[cfg(windows)]
pub(crate) use own_job::own_session;
#[cfg(unix)]
pub(crate) use own_session::own_session;

/// The word after which this program starts another in a session of its own: `own-session MARK -- PROGRAM ARGUMENTS…`.
pub(crate) const OWN_SESSION: &str = "own-session";

/// In the place of the mark: nothing is asked of the program, and what it prints is handed on.
pub(crate) const NO_MARK: &str = "-";

/// The same, and what the program leaves behind when it ends by itself may stay: a browser that it opened.
pub(crate) const REST_STAYS: &str = "+";

/// The descriptor on which an answer goes from the session to us. High enough that no profile uses it.
#[cfg(unix)]
pub(super) const ANSWER_DESCRIPTOR: i32 = 100;

/// No console window for a program that would open one.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// How often we look whether the person wants no answer any more.
pub(super) const CANCEL_EVERY: Duration = Duration::from_millis(20);

/// How long a session may take to end when it is told to. The system ends programs at once, but for those that wait for
/// a disk that does not answer.
pub(super) const END_WITHIN: Duration = Duration::from_secs(1);

/// How much of what a program prints is kept, of each of the two ways.
const KEPT: usize = 256 << 10;

/// What to run, for what it prints.
#[derive(Clone, Copy)]
pub struct Errand<'a> {
    /// The program.
    pub program: &'a Path,
    /// What it is told.
    pub arguments: &'a [OsString],
    /// Its whole environment.
    pub environment: &'a [(OsString, OsString)],
    /// The folder in which it starts.
    pub folder: &'a Path,
    /// How long it may take.
    pub deadline: Duration,
    /// This program.
    pub helper: &'a Path,
    /// Set by somebody who wants no answer any more.
    pub cancel: &'a AtomicBool,
}

/// What a program printed.
pub struct Printed {
    /// Its exit code; 128 and the number of the signal where one ended it.
    pub code: Option<i32>,
    /// What it printed, cut at 256 KiB.
    pub out: Zeroizing<Vec<u8>>,
    /// What it printed on the side, cut at 256 KiB.
    pub err: Zeroizing<Vec<u8>>,
}

/// Why nothing can be said of what a program prints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErrandTrouble {
    /// It could not be started, and why.
    #[error("it could not be started: {0}")]
    NotRunnable(String),
    /// The time was up.
    #[error("it did not end in time")]
    TimedOut,
    /// Nobody wants to know any more.
    #[error("called off")]
    Cancelled,
}

/// What becomes of what a program leaves behind when it has ended by itself. Where it is ended before, all of it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It ends too.
    Ends,
    /// It stays, where the system would end it otherwise: on Windows the browser that a program opened is in its job.
    Stays,
}

/// A piece of what a program prints.
#[derive(Clone, Copy)]
pub enum Piece<'a> {
    /// On standard output.
    Out(&'a [u8]),
    /// On standard error.
    Aside(&'a [u8]),
    /// Nothing came for a while.
    Nothing,
}

/// Runs a program, and takes what it prints. When this returns, nothing of what it started is left.
///
/// # Errors
/// [`ErrandTrouble`]
pub fn run(errand: &Errand<'_>) -> Result<Printed, ErrandTrouble> {
    let mut printed = Printed { code: None, out: Zeroizing::default(), err: Zeroizing::default() };
    printed.code = listen(errand, Rest::Ends, &mut |piece| {
        let (kept, piece) = match piece {
            Piece::Out(piece) => (&mut printed.out, piece),
            Piece::Aside(piece) => (&mut printed.err, piece),
            Piece::Nothing => return,
        };
        let room = KEPT.saturating_sub(kept.len()).min(piece.len());
        kept.extend_from_slice(&piece[..room]);
    })?;
    Ok(printed)
}

/// Runs a program, and hands over what it prints as it comes. Gives its exit code, as in [`Printed`].
///
/// # Errors
/// [`ErrandTrouble`]
pub fn listen(errand: &Errand<'_>, rest: Rest, take: &mut dyn FnMut(Piece<'_>)) -> Result<Option<i32>, ErrandTrouble> {
    let began = Instant::now();
    let not_runnable = |error: io::Error| ErrandTrouble::NotRunnable(error.to_string());
    let mark = if rest == Rest::Stays { REST_STAYS } else { NO_MARK };
    let mut command = quiet(errand.helper, Some(mark), errand.program);
    command.args(errand.arguments).env_clear().envs(errand.environment.iter().map(|(name, value)| (name, value)));
    command.current_dir(errand.folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut session = Session::start(&mut command).map_err(not_runnable)?;
    let (sender, pieces) = mpsc::channel();
    let (aside, out) = (sender.clone(), session.stdout());
    if let Some(pipe) = out {
        read_on_thread("printed", pipe, move |piece| hand_over(&sender, true, piece)).map_err(not_runnable)?;
    }
    if let Some(pipe) = session.stderr() {
        read_on_thread("printed-aside", pipe, move |piece| hand_over(&aside, false, piece)).map_err(not_runnable)?;
    }
    let mut ended = false;
    loop {
        if errand.cancel.load(Ordering::Relaxed) {
            return Err(ErrandTrouble::Cancelled);
        }
        let left = errand.deadline.checked_sub(began.elapsed()).filter(|left| !left.is_zero());
        match pieces.recv_timeout(left.ok_or(ErrandTrouble::TimedOut)?.min(CANCEL_EVERY)) {
            Ok((true, piece)) => take(Piece::Out(&piece)),
            Ok((false, piece)) => take(Piece::Aside(&piece)),
            // Both ways are closed: nobody is left who could print.
            Err(RecvTimeoutError::Disconnected) => break,
            // Whoever may stay can hold them open.
            Err(RecvTimeoutError::Timeout) if ended => break,
            Err(RecvTimeoutError::Timeout) => {
                take(Piece::Nothing);
                ended = rest == Rest::Stays && session.has_ended();
            }
        }
    }
    Ok(session.wait(errand.deadline.saturating_sub(began.elapsed())).and_then(|status| status.code()))
}

fn hand_over(pieces: &mpsc::Sender<(bool, Zeroizing<Vec<u8>>)>, out: bool, piece: &[u8]) {
    let _nobody_waits = pieces.send((out, Zeroizing::new(piece.to_vec())));
}

/// A command that runs a program in a session of its own (on Windows: in a job); the program's arguments are to be added.
/// With a mark that is asked for, what it prints on Unix goes to standard error, and on standard output comes what is answered on the
/// descriptor of its own.
pub(super) fn quiet(helper: &Path, mark: Option<&str>, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(helper);
    command.args([OWN_SESSION, mark.unwrap_or(NO_MARK), "--"]).arg(program);
    // Closed when the session is to end: also by the system, should we end ourselves.
    command.stdin(Stdio::piped());
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(&mut command, CREATE_NO_WINDOW);
    command
}

/// A running session; it is ended with all that it started, at the latest when this is dropped.
pub(super) struct Session {
    child: Child,
    ended: Option<Option<ExitStatus>>,
}

impl Session {
    /// Starts it.
    ///
    /// # Errors
    /// What the system says.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        Ok(Self { child: command.spawn()?, ended: None })
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until its program has ended by itself, at most so long; then ends it.
    fn wait(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let began = Instant::now();
        while began.elapsed() < at_most && !self.has_ended() {
            thread::sleep(Duration::from_micros(200));
        }
        self.end()
    }

    /// Ends it. Gives how its program ended, if that was before, and by itself.
    pub fn end(&mut self) -> Option<ExitStatus> {
        if let Some(ended) = self.ended {
            return ended;
        }
        self.tell_to_end();
        let told = Instant::now();
        let mut status = None;
        while told.elapsed() < END_WITHIN {
            status = self.child.try_wait().ok().flatten();
            if status.is_some() {
                break;
            }
            thread::sleep(Duration::from_micros(200));
        }
        if status.is_none() {
            let _ended_meanwhile = self.child.kill();
            status = self.child.wait().ok();
        }
        // Whoever ends a session is ended last; where somebody else did that, the rest is still there.
        #[cfg(target_os = "linux")]
        if status.is_none_or(|status| status.code().is_none()) {
            processes::end_session(self.child.id());
        }
        self.ended = Some(status);
        status
    }

    /// What the program prints, once.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// What it prints on the side, once.
    pub fn stderr(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    fn tell_to_end(&mut self) {
        drop(self.child.stdin.take());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}

/// Hands over what comes out of a pipe, piece by piece; at its end an empty one.
pub(super) fn read_on_thread(
    name: &str,
    mut pipe: impl Read + Send + 'static,
    mut take: impl FnMut(&[u8]) + Send + 'static,
) -> io::Result<()> {
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let mut buffer = Zeroizing::new(vec![0; 32 << 10]);
        loop {
            match pipe.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(length) if length > 0 => take(&buffer[..length]),
                _ => break take(&[]),
            }
        }
    })?;
    Ok(())
}
