//! Called by the shell: tells the variables that count.

#[cfg(unix)]
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::time::Duration;

use authlight_core::shell_answer;

/// How long this stays when it has answered. Its session is ended as soon as the answer was read, so that the shell never
/// comes to what it does at its end (`~/.bash_logout`, its history); this is for the day when nobody is there to do so.
const STAY: Duration = Duration::from_secs(10);

/// Tells the environment that it was started with; gives the exit code.
#[expect(clippy::disallowed_methods, reason = "the environment of the shell that called this")]
pub(crate) fn tell_environment(mark: &str) -> u8 {
    let variables: Vec<_> = std::env::vars_os().collect();
    let variables = variables.iter().map(|(name, value)| (name.as_encoded_bytes(), value.as_encoded_bytes()));
    let folder = std::env::current_dir().unwrap_or_default();
    let answer = shell_answer::environment(mark, folder.as_os_str().as_encoded_bytes(), variables);
    match channel().and_then(|mut channel| channel.write_all(&answer).and_then(|()| channel.flush())) {
        Ok(()) => {
            std::thread::sleep(STAY);
            0
        }
        Err(_) => 1,
    }
}

/// Where the answer goes. Never to standard output on Unix: a profile may record that.
#[cfg(unix)]
fn channel() -> io::Result<impl Write> {
    OpenOptions::new().write(true).open(format!("/dev/fd/{}", crate::machine::session::ANSWER_DESCRIPTOR))
}

/// Where the answer goes.
#[cfg(windows)]
fn channel() -> io::Result<impl Write> {
    Ok(io::stdout())
}
