//! A plan as it is shown: every file with the lines that change, every command, what cannot be undone. No secret is in it.

use std::borrow::Cow;

use authlight_core::fixes::edit::{Command, Program};
use authlight_core::message::Message;
use authlight_core::reading::Encoding;
use similar::{ChangeTag, TextDiff};

use super::plan::{FileStep, Keeps, Plan, Step, middle};
use crate::report_out::redaction::{LeakPass, redact_text};

/// The longest line that is shown whole, in characters.
const LINE: usize = 160;

/// How many lines of a change are shown.
const LINES: usize = 200;

/// A plan, to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// Its steps.
    pub steps: Vec<Shown>,
}

/// A step, to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What is done.
    pub what: Message,
    /// The lines that change.
    pub lines: Vec<Line>,
    /// A command that is run, or that the person runs.
    pub command: Option<String>,
    /// Whether it can be taken back.
    pub reversible: bool,
}

/// A line that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether it comes or goes.
    pub added: bool,
    /// Its number, from 1, in the file that it stands in.
    pub number: usize,
    /// Its text, secrets masked.
    pub text: String,
}

/// The plan as it is shown. `pass` knows every secret that was met, and those that are to be written.
pub fn of(plan: &Plan, pass: &LeakPass) -> Preview {
    Preview { steps: plan.steps.iter().map(|step| shown(step, pass)).collect() }
}

fn shown(step: &Step, pass: &LeakPass) -> Shown {
    let plain = |what| Shown { what, lines: Vec::new(), command: None, reversible: true };
    match step {
        Step::File(step) => {
            let key = match (&step.before, &step.after) {
                (None, _) => "step-make-file",
                (_, None) => "step-remove-file",
                _ => "step-change-file",
            };
            let what = Message::new(key).with("path", step.shown.clone());
            Shown { lines: lines(step, pass), reversible: step.keeps != Keeps::Nothing, ..plain(what) }
        }
        Step::SetAside { shown, to, .. } => {
            let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            plain(Message::new("step-set-aside").with("path", shown.clone()).with("name", name))
        }
        Step::Mode { shown, before, after, .. } => plain(
            Message::new("step-mode")
                .with("path", shown.clone())
                .with("before", format!("{before:03o}"))
                .with("after", format!("{after:03o}")),
        ),
        Step::UserVariable { name, before, after } => {
            let key = match (before, after) {
                (_, None) => "step-remove-user-variable",
                (None, _) => "step-make-user-variable",
                _ => "step-change-user-variable",
            };
            plain(Message::new(key).with("name", name.clone()))
        }
        Step::Run(command) => {
            Shown { command: Some(command_line(command).join(" ")), reversible: false, ..plain(command.what.clone()) }
        }
        Step::Tell { what, command, .. } => Shown { command: command.clone(), ..plain(what.clone()) },
        Step::Open { url } => plain(Message::new("step-open").with("url", url.clone())),
    }
}

/// The program and its arguments. Secrets are never among them.
pub(super) fn command_line(command: &Command) -> Vec<String> {
    let program = match &command.program {
        Program::Claude => "claude",
        Program::System(name) => name,
    };
    std::iter::once(program.to_owned()).chain(command.arguments.iter().cloned()).collect()
}

/// The lines that change, and none around them: those are nobody's affair.
fn lines(step: &FileStep, pass: &LeakPass) -> Vec<Line> {
    let before = text(step.before.as_deref().map(Vec::as_slice).unwrap_or_default());
    let after = text(step.after.as_deref().map(Vec::as_slice).unwrap_or_default());
    let (keep, end) = middle(before.as_bytes(), after.as_bytes());
    // What is the same before and after the change is not compared again: files can be large.
    let first = before.as_bytes()[..keep].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let behind = before.len() - end;
    let whole_lines = |text: &str| {
        let end = text.len() - behind;
        let to = memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |at| end + at + 1);
        first.min(to)..to
    };
    let passed = memchr::memchr_iter(b'\n', &before.as_bytes()[..first]).count();
    let (before, after) = (cut(&before, whole_lines(&before)), cut(&after, whole_lines(&after)));
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for change in diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal) {
        let added = change.tag() == ChangeTag::Insert;
        let number = if added { change.new_index() } else { change.old_index() };
        let text = masked(change.value().trim_end_matches(['\r', '\n']), pass);
        lines.push(Line { added, number: passed + number.unwrap_or(0) + 1, text });
        if lines.len() == LINES {
            break;
        }
    }
    lines
}

fn cut(text: &str, range: std::ops::Range<usize>) -> &str {
    text.get(range).unwrap_or(text)
}

/// The text of a file, whatever it is stored as.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    match Encoding::of(bytes) {
        Encoding::Utf8 => String::from_utf8_lossy(bytes),
        Encoding::Utf8Bom => String::from_utf8_lossy(&bytes[3..]),
        Encoding::Utf16Le => wide(u16::from_le_bytes).into(),
        Encoding::Utf16Be => wide(u16::from_be_bytes).into(),
    }
}

/// A line without secrets: those that are known, and what looks like one. A long line is cut.
fn masked(line: &str, pass: &LeakPass) -> String {
    let mut bytes = line.as_bytes().to_vec();
    pass.replace(&mut bytes);
    let line = redact_text(&String::from_utf8_lossy(&bytes)).text;
    if pass.check(line.as_bytes()).is_err() {
        return "…".to_owned();
    }
    match line.char_indices().nth(LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
