//! The console: commands, their output, exit codes (contract, sections 2 and 3).

pub(crate) mod arguments;
mod certificate;
mod check;
pub(crate) mod examined;
mod explain;
mod fix;
mod history;
mod inside_shell;
mod install;
mod list_checks;
mod practice;
mod provider;
mod put_key;
mod recovered;
mod redact;
mod report;
mod reset;
mod rotate;
mod test;
mod undo;

use std::io::{IsTerminal, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use authlight_core::claude_code;
use authlight_core::explain::SCHEMA as EXPLANATION_SCHEMA;
use authlight_core::report::{Crashed, CrashedVerdict, Light, SCHEMA, Status, Tool};
use clap::Parser;

use crate::contexts::AskShell;
use crate::examination::Examination;
use crate::machine::surroundings::Surroundings;
use crate::own_shell;
use crate::report_out::file::write_new;
use crate::report_out::schema;
use crate::words::Language;

pub use arguments::{Command, Consent, Examine, Program, Renderer, System, Window};
pub use check::{checklist, checklist_in_a_text};
pub use explain::explained;

/// Exit code: wrong arguments.
pub const WRONG_ARGUMENTS: u8 = 64;

/// Exit code: our own failure.
pub const INTERNAL_ERROR: u8 = 70;

/// What the arguments ask for.
pub enum Face {
    /// The console has done it; this is the exit code.
    Done(u8),
    /// The window is wanted.
    Window(Box<Window>),
}

/// What a command talks to.
pub struct Console<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output: the document alone.
    pub out: &'a mut dyn Write,
    /// Standard error: messages.
    pub err: &'a mut dyn Write,
    /// Whether the document goes to a terminal.
    pub out_is_terminal: bool,
    /// What the program was started with.
    pub surroundings: Surroundings,
    /// What time it is.
    pub now: &'a dyn Fn() -> SystemTime,
    /// Asks the person's shell what a new terminal has.
    pub ask_shell: AskShell<'a>,
}

impl Console<'_> {
    /// Writes the document to standard output. A reader that has gone is no fault of ours.
    fn print(&mut self, document: &[u8]) -> Result<(), Trouble> {
        match self.out.write_all(document).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Trouble::Internal(format!("standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes the document to a file, or to standard output where none is named.
    fn deliver(&mut self, document: &str, file: Option<&Path>) -> Result<(), Trouble> {
        match file {
            Some(file) => {
                let file = self.surroundings.folder.join(file);
                write_new(&file, document.as_bytes()).map_err(|error| Trouble::Arguments(error.to_string()))
            }
            None => self.print(document.as_bytes()),
        }
    }

    /// A message for the person. Where nobody takes it, it is lost.
    fn say(&mut self, text: &str) {
        let _nobody_listens = writeln!(self.err, "{text}");
    }
}

/// Reads the arguments and does what can be done on a console, with the streams of this process.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Face {
    quiet_panics();
    let arguments: Vec<_> = arguments.into_iter().collect();
    if let Some(code) = inside_shell::run(&arguments) {
        return Face::Done(code);
    }
    with_own_console(|console| run_on(console, arguments))
}

/// Calls `with` with the streams of this process.
pub(crate) fn with_own_console<T>(with: impl FnOnce(&mut Console<'_>) -> T) -> T {
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let out_is_terminal = out.is_terminal();
    with_console(&mut out, &mut err, out_is_terminal, with)
}

/// Calls `with` with these streams, and with what else this process has.
fn with_console<T>(
    out: &mut dyn Write,
    err: &mut dyn Write,
    out_is_terminal: bool,
    with: impl FnOnce(&mut Console<'_>) -> T,
) -> T {
    with(&mut Console {
        input: &mut std::io::stdin(),
        out,
        err,
        out_is_terminal,
        surroundings: Surroundings::of_this_process(),
        now: &SystemTime::now,
        ask_shell: &|examined, base| own_shell::ask(examined, base, &AtomicBool::new(false)),
    })
}

/// A panic says where it was and nothing more: its own message can hold what was being read.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        let _nobody_listens = writeln!(std::io::stderr(), "authlight: a part of Authlight itself broke off{place}");
    }));
}

/// Reads the arguments and does what can be done on this console.
pub fn run_on(console: &mut Console<'_>, arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Face {
    let program = match Program::try_parse_from(arguments) {
        Ok(program) => program,
        Err(error) => {
            let asked = !error.use_stderr();
            let text = error.render().to_string();
            let _nobody_listens = if asked { write!(console.out, "{text}") } else { write!(console.err, "{text}") };
            return Face::Done(if asked { 0 } else { WRONG_ARGUMENTS });
        }
    };
    let command = match program.command {
        None => return Face::Window(Box::new(program.window)),
        Some(Command::Window(window)) => return Face::Window(Box::new(window)),
        Some(command) => command,
    };
    let done = catch_unwind(AssertUnwindSafe(|| dispatch(&command, console)));
    let trouble = match done {
        Ok(Ok(code)) => return Face::Done(code),
        Ok(Err(trouble)) => trouble,
        Err(_) => Trouble::Internal("a part of Authlight itself broke off".to_owned()),
    };
    if let (Trouble::Internal(text), Some((schema, file))) = (&trouble, wants_json(&command)) {
        let document = crashed(schema, text);
        // Where the file is the trouble, the document still goes somewhere.
        if console.deliver(&document, file).is_err() {
            let _nobody_listens = console.print(document.as_bytes());
        }
    }
    Face::Done(trouble.tell_on(console))
}

fn dispatch(command: &Command, console: &mut Console<'_>) -> Result<u8, Trouble> {
    match command {
        Command::Window(_) => Ok(0),
        Command::Check(command) => check::run(command, console),
        Command::Explain { json, text } => explain::run(*json, text, console),
        Command::Test(command) => test::run(command, console),
        Command::Fix(command) => fix::run(command, console),
        Command::Rotate(command) => rotate::run(command, console),
        Command::Provider(command) => provider::run(command, console),
        Command::History { delete_backups, older_than } => history::run(*delete_backups, *older_than, console),
        Command::Undo(command) => undo::run(command, console),
        Command::Reset(command) => reset::run(command, console),
        Command::Report { examine, out } => report::run(examine, out, console),
        Command::Practice(command) => practice::run(command, console),
        Command::Redact => redact::run(console),
        Command::Schema => console.print(schema::SHIPPED.as_bytes()).map(|()| 0),
        Command::ListChecks { json } => list_checks::run(*json, console),
    }
}

/// The schema of the JSON that was asked for, and the file that it was to go to.
fn wants_json(command: &Command) -> Option<(&'static str, Option<&Path>)> {
    match command {
        Command::Check(check) if check.wants_json() => Some((SCHEMA, check.out.as_deref())),
        Command::Explain { json: true, .. } => Some((EXPLANATION_SCHEMA, None)),
        Command::Practice(command) if command.wants_json() => Some((practice::SCHEMA, None)),
        Command::ListChecks { json: true } => Some((list_checks::SCHEMA, None)),
        _ => None,
    }
}

/// What stands in place of a document where this program itself failed.
fn crashed(schema: &'static str, debug: &str) -> String {
    let document = Crashed {
        schema: schema.into(),
        status: Status::Crashed,
        tool: Tool {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            facts_checked: claude_code::FACTS_CHECKED.to_owned(),
            facts_for: claude_code::FACTS_FOR.to_owned(),
        },
        verdict: CrashedVerdict {
            status: Status::Crashed,
            light: Light::Grey,
            headline: Language::english().text("verdict-crashed"),
        },
        debug: debug.to_owned(),
    };
    // The shape is fixed and holds text alone, so that this cannot fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// Examines what the arguments name.
///
/// # Errors
/// The arguments do not fit together.
pub fn look(examine: &Examine) -> Result<Examination, Trouble> {
    let (disk, examined) = examined::examined(examine)?;
    Ok(Examination::look(&disk, examined))
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
    pub fn tell(self) -> u8 {
        with_own_console(|console| self.tell_on(console))
    }

    fn tell_on(self, console: &mut Console<'_>) -> u8 {
        let (text, code) = match self {
            Self::Arguments(text) => (text, WRONG_ARGUMENTS),
            Self::Internal(text) => (text, INTERNAL_ERROR),
        };
        console.say(&format!("authlight: {text}"));
        code
    }
}
