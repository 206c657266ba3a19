//! From the arguments to a window, or to the checklist as text where none can open.
//!
//! A graphics driver can take its whole process down. So the window lives in a process of its own, this program
//! started again with `window --renderer NAME`; it says on its standard output how far it got. As long as no frame
//! was drawn, the next renderer is tried, and at last the text.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;

use authlight_engine::cli::{self, Face, Trouble};
use authlight_engine::inspector::Inspector;
use authlight_engine::machine;
use authlight_engine::practice::{OpenError, OpenScenario};
use authlight_engine::words::Language;

use crate::renderers::{self, Ended};
use crate::window::Options;

/// What the window's process says when its first frame has been handed over.
const DRAWN: &str = "drawn";
/// What goes before the reason where there will be none.
const NO_WINDOW: &str = "no window: ";
/// The exit code that goes with it (contract, section 3: nothing could be judged).
const NOTHING_JUDGED: u8 = 3;

/// As much of the checklist as a dialog shows on a small screen with its button: the verdict and what leads to it.
const DIALOG_BYTES: usize = 1300;

/// Where the checklist is shown when no window can open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// On the standard output.
    OnTheConsole,
    /// In a dialog of the system's: on Windows, a program that was double-clicked has no console.
    InADialog,
}

/// The whole program: from the arguments of this process to its exit code.
pub fn program(told: Told) -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(match cli::run(arguments.clone()) {
        Face::Done(code) => code,
        Face::Window(mut asked) => match asked.renderer.take() {
            Some(renderer) => in_this_process(renderer, *asked),
            None => window(*asked, arguments.get(1..).unwrap_or_default(), told),
        },
    })
}

/// Opens the window in a process of its own; without one, shows the checklist. Gives the exit code.
///
/// `arguments` are those of the program, its own name left out; `asked` is what they say.
fn window(asked: cli::Window, arguments: &[OsString], told_where: Told) -> u8 {
    let examined = match arguments.split_first() {
        Some((first, rest)) if first == "window" => rest,
        _ => arguments,
    };
    let mut reasons = Vec::new();
    if machine::has_display() {
        let order = renderers::order();
        let order = if asked.try_renderers.is_empty() { &order[..] } else { &asked.try_renderers };
        for &renderer in order {
            match attempt(renderer, examined) {
                Attempt::Done(code) => return code,
                Attempt::NoWindow(reason) => reasons.push((renderer.word(), reason)),
            }
        }
    }
    let words = Language::english();
    let reasons = if reasons.is_empty() { words.text("no-window-display") } else { told(&reasons) };
    let why = words.text_with("no-window", &[("reasons", reasons.into())]);
    match Shown::of(asked) {
        Ok(shown) => checklist(&shown.examine, &why, told_where),
        Err(trouble) => trouble.tell(),
    }
}

fn checklist(examine: &cli::Examine, why: &str, told: Told) -> u8 {
    match told {
        Told::OnTheConsole => cli::checklist(examine, why),
        Told::InADialog => {
            let (text, code) = cli::checklist_in_a_text(examine, why, DIALOG_BYTES);
            let dialog = rfd::MessageDialog::new().set_level(rfd::MessageLevel::Warning).set_title("Authlight");
            dialog.set_description(text).show();
            code
        }
    }
}

/// Which renderer failed why, each reason once.
fn told(reasons: &[(&str, String)]) -> String {
    let mut told: Vec<(String, &str)> = Vec::new();
    for (renderer, reason) in reasons {
        match told.iter_mut().find(|(_, known)| known == reason) {
            Some((renderers, _)) => *renderers += &format!(", {renderer}"),
            None => told.push(((*renderer).to_owned(), reason)),
        }
    }
    told.iter().map(|(renderers, reason)| format!("{renderers}: {reason}")).collect::<Vec<_>>().join("; ")
}

/// What became of one renderer.
enum Attempt {
    /// The window was there, or the arguments were not right; this is the exit code.
    Done(u8),
    /// It never was there.
    NoWindow(String),
}

fn attempt(renderer: cli::Renderer, examined: &[OsString]) -> Attempt {
    let ended = start(renderer, examined).and_then(|mut child| {
        let heard = listen(&mut child)?;
        Ok((heard, child.wait()?))
    });
    match ended {
        Ok((Heard::Drawn, status)) => Attempt::Done(told_end(status)),
        Ok((Heard::NoWindow(reason), _)) => Attempt::NoWindow(reason),
        Ok((Heard::Nothing, status)) => match status.code().map(u8::try_from) {
            // Closed before it was quick enough to say so; or it has told what is wrong with the arguments.
            Some(Ok(code @ (0 | cli::WRONG_ARGUMENTS))) => Attempt::Done(code),
            _ => Attempt::NoWindow(status.to_string()),
        },
        Err(error) => Attempt::NoWindow(error.to_string()),
    }
}

fn start(renderer: cli::Renderer, examined: &[OsString]) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .args(["window", "--renderer", renderer.word()])
        .args(examined)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
}

/// What the window's process said first.
enum Heard {
    Drawn,
    NoWindow(String),
    Nothing,
}

fn listen(child: &mut Child) -> io::Result<Heard> {
    let Some(out) = child.stdout.take() else { return Ok(Heard::Nothing) };
    for line in BufReader::new(out).lines() {
        let line = line?;
        if line == DRAWN {
            return Ok(Heard::Drawn);
        }
        if let Some(reason) = line.strip_prefix(NO_WINDOW) {
            return Ok(Heard::NoWindow(reason.to_owned()));
        }
    }
    Ok(Heard::Nothing)
}

/// The exit code of a window that was open.
fn told_end(status: ExitStatus) -> u8 {
    if let Some(Ok(code)) = status.code().map(u8::try_from) {
        return code;
    }
    tell(&Language::english().text_with("window-ended", &[("status", status.to_string().into())]));
    cli::INTERNAL_ERROR
}

/// The window's own process: opens it with this renderer, and gives the exit code when it was closed.
fn in_this_process(renderer: cli::Renderer, window: cli::Window) -> u8 {
    let shown = match Shown::of(window) {
        Ok(shown) => shown,
        Err(trouble) => return trouble.tell(),
    };
    let inspector = match &shown.practice {
        Some(practice) => practice.inspector(),
        None => Inspector::new(shown.examine.clone()),
    };
    let inspector = match inspector {
        Ok(inspector) => inspector,
        Err(trouble) => return trouble.tell(),
    };
    let practice = shown.practice.as_ref().map(|practice| practice.scenario.title.clone());
    let options = Options { project: inspector.named_project(), practice, ..Options::default() };
    match renderers::open(renderer, Arc::new(inspector), options, || say(DRAWN)) {
        Ok(()) => 0,
        Err(Ended::NoWindow(reason)) => {
            say(&format!("{NO_WINDOW}{}", in_one_line(&reason)));
            NOTHING_JUDGED
        }
        Err(Ended::Broke(reason)) => {
            tell(&Language::english().text_with("window-ended", &[("status", reason.into())]));
            cli::INTERNAL_ERROR
        }
    }
}

/// What is examined: what the arguments name, or a practice scenario, which lies there as long as this does.
struct Shown {
    examine: cli::Examine,
    practice: Option<OpenScenario>,
}

impl Shown {
    fn of(asked: cli::Window) -> Result<Self, Trouble> {
        let Some(name) = &asked.practice else { return Ok(Self { examine: asked.examine, practice: None }) };
        let practice = OpenScenario::open(name).map_err(|error| match error {
            OpenError::NoSuchScenario(_) => Trouble::Arguments(error.to_string()),
            _ => Trouble::Internal(error.to_string()),
        })?;
        Ok(Self { examine: practice.laid_out.examine(), practice: Some(practice) })
    }
}

/// In one line, and without the source file that the window library puts before what the system said.
fn in_one_line(reason: &str) -> String {
    let line = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.split_once("os error at ") {
        Some((_, rest)) => rest.split_once(": ").map_or(rest, |(_, said)| said).to_owned(),
        None => line,
    }
}

/// Says a line to whoever started us. Where nobody did, nobody listens.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _nobody = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Says a line to the person.
fn tell(line: &str) {
    let _nobody = writeln!(io::stderr(), "authlight: {line}");
}
