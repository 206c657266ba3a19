//! A plan as it is shown: every file with the lines that change, every command, what cannot be undone. No secret is in it.

use std::borrow::Cow;

use authlight_core::fixes::edit::{Command, Program};
use authlight_core::message::Message;
use authlight_core::reading::Encoding;
use similar::{ChangeTag, TextDiff};

use super::plan::{FileStep, Keeps, Plan, Step, middle};
use crate::report_out::redaction::{LeakPass, Rule, redact_text};

/// The longest line that is shown whole, in characters.
const LINE: usize = 160;

/// How many lines of a change are shown.
const LINES: usize = 200;

/// How much of what stands around a change in a long line is shown, in characters.
const AROUND: usize = 40;

/// A line that is longer is looked at around its change alone, in bytes.
const LONG: usize = 64 << 10;

/// Where more than this is different, lines are not compared with each other, in bytes.
const COMPARED: usize = 1 << 20;

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
    let mut changed: Vec<Changed> = Vec::new();
    if before.len() + after.len() > COMPARED {
        let of = |text, added| (passed..).zip(str::lines(text)).map(move |(at, raw)| Changed { added, at, raw });
        changed.extend(of(before, false).take(LINES / 2));
        changed.extend(of(after, true).take(LINES / 2));
    } else {
        let diff = TextDiff::from_lines(before, after);
        for change in diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal).take(LINES) {
            let added = change.tag() == ChangeTag::Insert;
            let at = passed + if added { change.new_index() } else { change.old_index() }.unwrap_or(0);
            changed.push(Changed { added, at, raw: change.value().trim_end_matches(['\r', '\n']) });
        }
    }
    in_pairs(&changed, pass)
}

/// A line that comes or goes, as it stands in the file.
struct Changed<'t> {
    added: bool,
    /// How many lines stand before it.
    at: usize,
    raw: &'t str,
}

/// The lines as they are shown. Of lines that take each other's place, long ones are shown where they differ.
fn in_pairs(changed: &[Changed<'_>], pass: &LeakPass) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = changed;
    while !rest.is_empty() {
        let goes = rest.iter().take_while(|line| !line.added).count();
        let comes = rest[goes..].iter().take_while(|line| line.added).count();
        let (hunk, behind) = rest.split_at(goes + comes);
        for (index, line) in hunk.iter().enumerate() {
            let other = match line.added {
                true => index.checked_sub(goes).filter(|at| *at < goes),
                false => Some(goes + index).filter(|at| *at < hunk.len()),
            };
            let text = shortened(line.raw, other.map(|at| hunk[at].raw), pass);
            lines.push(Line { added: line.added, number: line.at + 1, text });
        }
        rest = behind;
    }
    lines
}

/// A line without secrets; a long one as what is different from its other, and a little around that.
fn shortened(line: &str, other: Option<&str>, pass: &LeakPass) -> String {
    let (start, end) = other.map_or((0, line.len().min(LINE)), |other| {
        let (start, end) = middle(line.as_bytes(), other.as_bytes());
        (boundary(line, start), boundary(line, end))
    });
    // Secrets are looked for in what is wider than what is shown: one that is cut in two would not be known.
    let (from, to) = if line.len() > LONG {
        let from = boundary(line, start.saturating_sub(LONG / 4));
        (from, boundary(line, end.max(from + LONG / 2).saturating_add(LONG / 4).min(line.len())))
    } else {
        (0, line.len())
    };
    let whole = masked(&line[from..to], pass);
    let letters: Vec<char> = whole.chars().collect();
    if letters.len() <= LINE && from == 0 && to == line.len() {
        return whole;
    }
    // Masks are longer or shorter than what they stand for, so that places are counted again.
    let before = masked(&line[from..start], pass).chars().count();
    let behind = masked(&line[end.min(to)..to], pass).chars().count();
    let first = before.min(letters.len());
    let last = letters.len().saturating_sub(behind).max(first);
    let piece =
        |from: usize, to: usize| letters[from.min(letters.len())..to.min(letters.len())].iter().collect::<String>();
    let mut text = String::new();
    let begin = first.saturating_sub(AROUND);
    if begin > 0 || from > 0 {
        text.push('…');
    }
    let stop = if last.saturating_sub(begin) + AROUND <= LINE {
        text.push_str(&piece(begin, last + AROUND));
        last + AROUND
    } else {
        text.push_str(&piece(begin, begin + LINE / 2));
        text.push('…');
        text.push_str(&piece(last.saturating_sub(LINE / 2 - AROUND).max(begin + LINE / 2), last + AROUND));
        last + AROUND
    };
    if stop < letters.len() || to < line.len() {
        text.push('…');
    }
    text
}

/// The nearest place at or before this one where a letter begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
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

/// Masks as people know them, for the marks that scripts look for. Of a key's letters none is shown.
fn plain_masks(mut line: String) -> String {
    for rule in Rule::ALL.iter().filter(|rule| rule.marker().starts_with('[')) {
        if line.contains(rule.marker()) {
            let what = rule.marker().trim_start_matches("[redacted: ").trim_end_matches(']');
            let mask = if *rule == Rule::Named { "••••".to_owned() } else { format!("•••• ({what})") };
            line = line.replace(rule.marker(), &mask);
        }
    }
    line
}

/// A text without secrets: those that are known, and what looks like one. Letters that would move the cursor or turn the
/// text round are dots.
fn masked(line: &str, pass: &LeakPass) -> String {
    let mut bytes = line.as_bytes().to_vec();
    pass.replace(&mut bytes);
    let line = redact_text(&String::from_utf8_lossy(&bytes)).text;
    if pass.check(line.as_bytes()).is_err() {
        return "…".to_owned();
    }
    let line = plain_masks(line);
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    line.chars()
        .map(|letter| if letter.is_control() && letter != '\t' || turns(letter) { '·' } else { letter })
        .collect()
}
