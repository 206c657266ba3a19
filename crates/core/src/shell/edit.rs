//! Edits of a shell's profile and of the other files that set variables: a command is set aside in a marked block, mended
//! in place, or written once where it is reached. Nothing of the person's own is ever deleted, and every other byte stays.
//!
//! Commands are found by the grammars that also follow the files, never by what a line looks like. Each edit is gone
//! through once more as the shell would: what it was to change must have changed, and nothing else; where that is not
//! certain, the person is told the line instead.

mod blocks;
mod lines;
mod powershell;
mod quoting;
mod script;
#[cfg(test)]
mod tests;

use std::ops::Range;

use thiserror::Error;
use zeroize::Zeroizing;

use super::Shell;
use crate::secret::Secret;

pub use blocks::{ADDED, ASIDE, CHANGED, END};
pub use quoting::{command_for_this_terminal, quoted};

/// How a file is written that sets variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// A program of this shell.
    Script(Shell),
    /// `fish_variables`: what fish keeps of its universal variables.
    FishVariables,
    /// `NAME=value` and nothing else: `environment.d`, `~/.pam_environment`.
    Lines,
    /// A profile of PowerShell.
    PowerShell,
}

impl Syntax {
    /// What the name of a file says, where no shell was seen reading it.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        if name.to_ascii_lowercase().ends_with(".ps1") {
            return Some(Self::PowerShell);
        }
        let folder = path.strip_suffix(name).unwrap_or_default().trim_end_matches(['/', '\\']);
        match name {
            "fish_variables" => Some(Self::FishVariables),
            "environment" | ".pam_environment" => Some(Self::Lines),
            _ if name.ends_with(".conf") && folder.ends_with("environment.d") => Some(Self::Lines),
            _ if name.ends_with(".fish") => Some(Self::Script(Shell::Fish)),
            ".bashrc" | ".bash_profile" | ".bash_login" => Some(Self::Script(Shell::Bash)),
            ".zshenv" | ".zprofile" | ".zshrc" | ".zlogin" => Some(Self::Script(Shell::Zsh)),
            ".profile" => Some(Self::Script(Shell::Sh)),
            _ => None,
        }
    }
}

/// One change. Places are those of [`super::Place`] in the file as it was read: line and column from 1, the column in
/// characters.
#[derive(Clone, Debug)]
pub enum Change {
    /// What is done there with the variable becomes a comment.
    SetAside {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
    },
    /// Programs get the variable that is set there.
    Export {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
    },
    /// What the variable is set to there.
    Value {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
        /// Its new value.
        value: Secret,
    },
    /// What is set there has another name, and so has what is exported by that name in this file.
    Rename {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
        /// Its new name.
        to: String,
    },
    /// The variable is set, and programs get it: once, in our marked block, at a place that is reached.
    Assign {
        /// The variable.
        name: String,
        /// Its value.
        value: Secret,
    },
}

impl Change {
    /// Line, column and variable of the place; None where the place is ours to choose.
    fn place(&self) -> Option<(usize, usize, &str)> {
        match self {
            Self::SetAside { line, column, name }
            | Self::Export { line, column, name }
            | Self::Value { line, column, name, .. }
            | Self::Rename { line, column, name, .. } => Some((*line, *column, name)),
            Self::Assign { .. } => None,
        }
    }

    /// What is to stand there.
    fn value(&self) -> Option<&Secret> {
        match self {
            Self::Value { value, .. } | Self::Assign { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The name that a variable is to have.
    fn new_name(&self) -> Option<&str> {
        match self {
            Self::Rename { to: name, .. } | Self::Assign { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// Why a profile is not edited. It is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProfileEditError {
    /// Something else stands there now.
    #[error("line {0} does not say any more what was read there")]
    Moved(usize),
    /// The command cannot be taken apart safely.
    #[error("line {0} is written in a way that is better changed by hand")]
    ByHand(usize),
    /// No place in the file is surely reached.
    #[error("the file is written in a way that is better changed by hand")]
    NoPlace,
    /// A value that this file cannot hold in one line.
    #[error("the value holds a character that cannot stand in this file")]
    Value,
    /// A name that no variable can have.
    #[error("this cannot be the name of a variable")]
    Name,
    /// Not UTF-8.
    #[error("the file's text has a character that cannot be kept as it is")]
    Characters,
    /// A shell whose files are not known.
    #[error("the files of this shell are not changed")]
    Shell,
}

/// The bytes of the file with these changes made.
///
/// # Errors
/// [`ProfileEditError`]
pub fn edit(file: &[u8], syntax: Syntax, changes: &[Change]) -> Result<Zeroizing<Vec<u8>>, ProfileEditError> {
    if syntax == Syntax::Script(Shell::Other) {
        return Err(ProfileEditError::Shell);
    }
    // Stored in another way than shells read it; a profile of PowerShell may be.
    if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
        return Err(ProfileEditError::Characters);
    }
    let mut places = changes.iter().map(|change| place_in(file, change)).collect::<Result<Vec<_>, _>>()?;
    let mut text = Zeroizing::new(file.to_vec());
    for (index, change) in changes.iter().enumerate() {
        if change.value().is_some_and(|value| value.plain().contains(['\0', '\n', '\r'])) {
            return Err(ProfileEditError::Value);
        }
        if change.new_name().is_some_and(|name| !is_name(name)) {
            return Err(ProfileEditError::Name);
        }
        let at = places[index];
        let splices = match syntax {
            Syntax::Script(shell) => script::splices(&text, shell, change, at)?,
            Syntax::FishVariables => lines::of_fish(&text, change, at)?,
            Syntax::Lines => lines::plain(&text, change, at)?,
            Syntax::PowerShell => powershell::splices(&text, change, at)?,
        };
        for (place, change) in places.iter_mut().zip(changes).skip(index + 1) {
            if let Some(at) = place {
                *at = moved(&splices, *at).ok_or(ProfileEditError::Moved(change.place().map_or(0, |place| place.0)))?;
            }
        }
        text = spliced(&text, &splices);
    }
    Ok(text)
}

/// The byte where the place of a change is. What was read as a mark for bytes that are no text is one character.
fn place_in(file: &[u8], change: &Change) -> Result<Option<usize>, ProfileEditError> {
    let Some((line, column, name)) = change.place() else { return Ok(None) };
    let gone = ProfileEditError::Moved(line);
    let start = match line {
        0 => return Err(gone),
        1 => 0,
        _ => memchr::memchr_iter(b'\n', file).nth(line - 2).ok_or_else(|| gone.clone())? + 1,
    };
    let rest = &file[start..];
    let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let mut left = column.checked_sub(1).ok_or_else(|| gone.clone())?;
    let mut at = start;
    'chunks: for chunk in rest.utf8_chunks() {
        for sign in chunk.valid().chars() {
            if left == 0 {
                break 'chunks;
            }
            left -= 1;
            at += sign.len_utf8();
        }
        if !chunk.invalid().is_empty() {
            if left == 0 {
                break;
            }
            left -= 1;
            at += chunk.invalid().len();
        }
    }
    let here = &file[at..(at + name.len() + 64).min(file.len())];
    if left > 0 || !begins_with(here, name) {
        // It is put together there, or stands in the text of another command.
        let there = memchr::memmem::find(rest, name.as_bytes()).is_some();
        return Err(if there && left == 0 { ProfileEditError::ByHand(line) } else { gone });
    }
    Ok(Some(at))
}

/// Whether the name stands there: by itself, in quotation marks, or behind what PowerShell writes before it.
fn begins_with(text: &[u8], name: &str) -> bool {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let rest = text.strip_prefix("$env:").or_else(|| text.strip_prefix("${env:")).unwrap_or(&text);
    let rest = rest.trim_start_matches(['"', '\'', '\\']);
    rest.starts_with(&name) || (text.starts_with(['r', 'd', '[']) && text.contains(&name))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.as_bytes()[0].is_ascii_digit()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A piece of the text, and what comes in its place.
struct Splice {
    at: Range<usize>,
    new: Zeroizing<Vec<u8>>,
}

impl Splice {
    fn new(at: Range<usize>, new: impl Into<Vec<u8>>) -> Self {
        Self { at, new: Zeroizing::new(new.into()) }
    }

    fn insert(at: usize, new: impl Into<Vec<u8>>) -> Self {
        Self::new(at..at, new)
    }
}

/// The text with all of them, which stand in their order and do not overlap.
fn spliced(text: &[u8], splices: &[Splice]) -> Zeroizing<Vec<u8>> {
    let more: usize = splices.iter().map(|splice| splice.new.len()).sum();
    let mut all = Zeroizing::new(Vec::with_capacity(text.len() + more));
    let mut at = 0;
    for splice in splices {
        all.extend_from_slice(&text[at..splice.at.start]);
        all.extend_from_slice(&splice.new);
        at = splice.at.end;
    }
    all.extend_from_slice(&text[at..]);
    all
}

/// Where a byte is afterwards. `None`: it was replaced.
fn moved(splices: &[Splice], at: usize) -> Option<usize> {
    let mut to = at;
    for splice in splices {
        if splice.at.start > at {
            break;
        }
        if at < splice.at.end {
            return None;
        }
        to = to + splice.new.len() - splice.at.len();
    }
    Some(to)
}

/// The line of a byte, from 1.
fn line_of(text: &[u8], at: usize) -> usize {
    memchr::memchr_iter(b'\n', &text[..at]).count() + 1
}

/// Where the line of a byte begins.
fn line_start(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &text[..at]).map_or(0, |before| before + 1)
}

/// Where the next line begins, or the end.
fn line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length + 1)
}

/// The text as one that can be gone through, each byte in its place: those that are no text become signs without a
/// meaning.
fn readable(text: &[u8]) -> Secret {
    let mut all = Zeroizing::new(String::with_capacity(text.len()));
    for chunk in text.utf8_chunks() {
        all.push_str(chunk.valid());
        all.extend(chunk.invalid().iter().map(|_| '\u{1}'));
    }
    Secret::new(std::mem::take(&mut *all))
}
