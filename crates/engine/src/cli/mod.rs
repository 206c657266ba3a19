//! The console: commands, their output, exit codes (contract, sections 2 and 3).

mod arguments;
mod check;
pub(crate) mod examined;
mod explain;
mod practice;

use std::io::Write;

use clap::Parser;

pub use arguments::{Command, Examine, Program};

/// Exit code: wrong arguments.
pub const WRONG_ARGUMENTS: u8 = 64;

/// Exit code: our own failure.
pub const INTERNAL_ERROR: u8 = 70;

/// What the arguments ask for.
pub enum Face {
    /// The console has done it; this is the exit code.
    Done(u8),
    /// The window is wanted.
    Window(Box<Examine>),
}

/// Reads the arguments and does what can be done on a console.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Face {
    let program = match Program::try_parse_from(arguments) {
        Ok(program) => program,
        Err(error) => {
            let asked = !error.use_stderr();
            let _ = error.print();
            return Face::Done(if asked { 0 } else { WRONG_ARGUMENTS });
        }
    };
    let done = match program.command {
        None => return Face::Window(Box::new(program.examine)),
        Some(Command::Window { examine }) => return Face::Window(Box::new(examine)),
        Some(Command::Check(command)) => check::run(&command),
        Some(Command::Explain { json, text }) => explain::run(json, &text),
        Some(Command::Practice(command)) => practice::run(&command),
    };
    Face::Done(done.unwrap_or_else(|trouble| trouble.tell()))
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Trouble {
    /// The arguments do not fit together.
    Arguments(String),
    /// We failed.
    Internal(String),
}

impl Trouble {
    /// Says so on standard error; gives the exit code.
    fn tell(self) -> u8 {
        let (text, code) = match self {
            Self::Arguments(text) => (text, WRONG_ARGUMENTS),
            Self::Internal(text) => (text, INTERNAL_ERROR),
        };
        let _ = writeln!(std::io::stderr(), "authlight: {text}");
        code
    }
}

/// Writes the document to standard output. A reader that has gone is no fault of ours.
fn print(text: &str) -> Result<(), Trouble> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Trouble::Internal(error.to_string())),
        _ => Ok(()),
    }
}
