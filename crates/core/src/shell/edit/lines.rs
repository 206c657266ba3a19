//! Files without conditions: `NAME=value` lines, and what fish keeps of its universal variables.
#![expect(clippy::disallowed_methods, reason = "such a file is read as a text, in which secrets stand")]

use super::blocks::{self, ASIDE, commented};
use super::quoting;
use super::{Change, ProfileEditError, Splice, line_end, line_of, line_start, readable};
use crate::shell::{fish, plain_files};

/// What has to be replaced in a file of lines.
pub(super) fn plain(text: &[u8], change: &Change, at: Option<usize>) -> Result<Vec<Splice>, ProfileEditError> {
    let readable = readable(text);
    let lines = plain_files::lines(readable.reveal());
    let Some(at) = at else {
        let Change::Assign { name, value } = change else { return Err(ProfileEditError::NoPlace) };
        let value = quoting::for_lines(value).ok_or(ProfileEditError::Value)?;
        let line = [name.as_bytes(), b"=", value.as_bytes()].concat();
        let added = blocks::added(text, |_| true);
        // Whatever comes later in the file counts, so that a line above of the same name stays.
        let own = added.as_ref().and_then(|added| {
            lines.iter().find(|line| line.name == *name && added.inside.contains(&line.at)).map(|line| line.at)
        });
        return Ok(vec![match (own, added) {
            (Some(own), _) => Splice::new(line_start(text, own)..trimmed_end(text, own), line),
            (None, Some(added)) => Splice::insert(added.inside.end, [line.as_slice(), b"\n"].concat()),
            (None, None) => {
                let gap: &[u8] = if text.is_empty() || text.ends_with(b"\n") { b"" } else { b"\n" };
                Splice::insert(text.len(), [gap, &blocks::new_block(&line, b"\n")].concat())
            }
        }]);
    };
    let number = line_of(text, at);
    let start = line_start(text, at);
    let continued = |at: usize| text[line_start(text, at)..trimmed_end(text, at)].ends_with(b"\\");
    if continued(at) || (start > 0 && continued(start - 1)) {
        return Err(ProfileEditError::ByHand(number));
    }
    let line = lines.iter().find(|line| line.at == at).ok_or(ProfileEditError::ByHand(number))?;
    let name_end = at + line.name.len();
    if text.get(name_end) != Some(&b'=') {
        return Err(ProfileEditError::ByHand(number));
    }
    match change {
        Change::SetAside { .. } => Ok(vec![set_aside(text, at)]),
        Change::Value { value, .. } => {
            let value = quoting::for_lines(value).ok_or(ProfileEditError::Value)?;
            Ok(vec![Splice::new(name_end + 1..trimmed_end(text, at), value.as_bytes())])
        }
        Change::Rename { to, .. } if lines.iter().all(|line| line.name != *to) => {
            Ok(vec![Splice::new(at..name_end, to.as_str())])
        }
        // All that stands there is handed on.
        _ => Err(ProfileEditError::ByHand(number)),
    }
}

/// What has to be replaced in `fish_variables`.
pub(super) fn of_fish(text: &[u8], change: &Change, at: Option<usize>) -> Result<Vec<Splice>, ProfileEditError> {
    // fish writes the file anew at its next change, and leaves nothing of ours in it.
    let at = at.ok_or(ProfileEditError::NoPlace)?;
    let readable = readable(text);
    let lines = fish::universal(readable.reveal());
    let number = line_of(text, at);
    let line = lines.iter().find(|line| line.at == at).ok_or(ProfileEditError::ByHand(number))?;
    let name_end = at + line.name.len();
    match change {
        Change::SetAside { .. } => Ok(vec![set_aside(text, at)]),
        Change::Value { value, .. } => {
            Ok(vec![Splice::new(name_end + 1..trimmed_end(text, at), quoting::for_fish_variables(value).as_bytes())])
        }
        Change::Rename { to, .. } if lines.iter().all(|line| line.name != *to) => {
            Ok(vec![Splice::new(at..name_end, to.as_str())])
        }
        Change::Export { .. } if !line.exported => Ok(vec![Splice::insert(at, "--export ")]),
        _ => Err(ProfileEditError::ByHand(number)),
    }
}

/// The whole line becomes a comment; one that we added goes.
fn set_aside(text: &[u8], at: usize) -> Splice {
    if let Some(own) = blocks::own_line(text, blocks::added(text, |_| true).as_ref(), at) {
        return Splice::new(own, Vec::new());
    }
    let line = line_start(text, at)..line_end(text, at);
    let shown = &text[line.clone()];
    let mut block = commented(ASIDE, shown);
    if !shown.ends_with(b"\n") {
        block.pop();
    }
    Splice::new(line, block)
}

/// Where a line ends, without its line end and blanks.
fn trimmed_end(text: &[u8], at: usize) -> usize {
    let start = line_start(text, at);
    start + text[start..line_end(text, at)].trim_ascii_end().len()
}
