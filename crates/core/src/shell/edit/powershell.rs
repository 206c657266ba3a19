//! Profiles of PowerShell: plain statements alone, each on lines of its own.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

use zeroize::Zeroizing;

use super::blocks::{self, ASIDE, commented};
use super::quoting::for_powershell;
use super::{Change, ProfileEditError, Splice, line_end, line_of, line_start, readable, spliced};
use crate::reading::Reading;
use crate::secret::Secret;
use crate::shell::powershell::{Edition, places, variables};
use crate::shell::{StaticEnvironment, Why};
use crate::snapshot::Platform;

/// What has to be replaced so that the change is made.
pub(super) fn splices(text: &[u8], change: &Change, at: Option<usize>) -> Result<Vec<Splice>, ProfileEditError> {
    let by_hand = at.map_or(ProfileEditError::NoPlace, |at| ProfileEditError::ByHand(line_of(text, at)));
    let whole = readable(text);
    let ways = ways(text, whole.reveal(), change, at).ok_or_else(|| by_hand.clone())?;
    let before = told(&whole);
    let way = ways.into_iter().find(|way| {
        let after = told(&readable(&spliced(text, std::slice::from_ref(way))));
        let names: &[&str] = match change {
            Change::Rename { name, to, .. } => &[name, to],
            Change::SetAside { name, .. }
            | Change::Export { name, .. }
            | Change::Value { name, .. }
            | Change::Assign { name, .. } => &[name],
        };
        let wanted = match change {
            Change::Assign { name, value } => holds(&after, name, Some(value)),
            Change::Rename { name, to, .. } => {
                let value = after.variables.iter().find(|one| one.name.eq_ignore_ascii_case(to)).map(|one| &one.value);
                holds(&after, name, None) && holds(&before, name, value)
            }
            _ => true,
        };
        wanted && others(&before, names) == others(&after, names)
    });
    Ok(vec![way.ok_or(by_hand)?])
}

fn ways(text: &[u8], readable: &str, change: &Change, at: Option<usize>) -> Option<Vec<Splice>> {
    let places = places(readable)?;
    let Some(at) = at else {
        let Change::Assign { name, value } = change else { return None };
        let command = Zeroizing::new(format!("$env:{name} = {}", *for_powershell(value)));
        let end: &[u8] = if memchr::memmem::find(text, b"\r\n").is_some() { b"\r\n" } else { b"\n" };
        let added = blocks::added(text, |_| true);
        let start = format!("$env:{name} = ");
        let own = added.as_ref().and_then(|added| {
            places.iter().find(|place| added.inside.contains(&place.at) && readable[place.at..].starts_with(&start))
        });
        if let Some(own) = own {
            return Some(vec![Splice::new(own.at..own.end, command.as_bytes())]);
        }
        if let Some(added) = added {
            return Some(vec![Splice::insert(added.inside.end, [command.as_bytes(), end].concat())]);
        }
        let block = blocks::new_block(command.as_bytes(), end);
        let gap: &[u8] = if text.is_empty() || text.ends_with(b"\n") { b"" } else { end };
        let behind_mark = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        return Some(vec![Splice::insert(text.len(), [gap, &block].concat()), Splice::insert(behind_mark, block)]);
    };
    let place = places.iter().find(|place| place.at == at && !place.inside)?;
    let span = place.at..place.end;
    let statement = &readable[span.clone()];
    let way = match change {
        Change::SetAside { .. } => {
            if let Some(own) = blocks::own_line(text, blocks::added(text, |_| true).as_ref(), at) {
                return Some(vec![Splice::new(own, Vec::new())]);
            }
            let lines = line_start(text, span.start)..line_end(text, span.end - 1);
            let before = readable[lines.start..span.start].trim_start_matches('\u{feff}');
            let behind = readable[span.end..lines.end].trim().trim_start_matches(';').trim_start();
            if !before.trim().is_empty() || !(behind.is_empty() || behind.starts_with('#')) {
                return None;
            }
            let mark = lines.start + readable[lines.start..span.start].len() - before.len();
            let shown = &text[mark..lines.end];
            let mut block = commented(ASIDE, shown);
            if !shown.ends_with(b"\n") {
                block.pop();
            }
            Splice::new(mark..lines.end, block)
        }
        Change::Value { name, value, .. } => {
            let equals = assignment(statement, name)?;
            let start = span.start + equals + 1;
            let blanks = readable[start..span.end].len() - readable[start..span.end].trim_start().len();
            Splice::new(start + blanks..span.end, for_powershell(value).as_bytes())
        }
        Change::Rename { name, to, .. } => {
            let equals = assignment(statement, name)?;
            let start = span.start + statement[..equals].to_ascii_lowercase().find(&name.to_ascii_lowercase())?;
            Splice::new(start..start + name.len(), to.as_str())
        }
        Change::Export { .. } | Change::Assign { .. } => return None,
    };
    Some(vec![way])
}

/// Where the sign of equality is in `$env:NAME = …`.
fn assignment(statement: &str, name: &str) -> Option<usize> {
    let lower = statement.to_ascii_lowercase();
    let starts = ["$env:", "${env:"].iter().any(|start| {
        lower.strip_prefix(start).is_some_and(|rest| {
            let rest = rest.strip_prefix(&name.to_ascii_lowercase()).unwrap_or("x");
            rest.strip_prefix('}').unwrap_or(rest).trim_start().starts_with('=')
        })
    });
    starts.then(|| lower.find('='))?
}

fn told(text: &Secret) -> StaticEnvironment {
    let files = [("profile.ps1".to_owned(), (Reading::Found(text.clone()), None))];
    variables(Edition::Seven, Platform::Windows, &files, &StaticEnvironment::default(), &[])
}

/// Whether a name has that value; none: whether it has none.
fn holds(told: &StaticEnvironment, name: &str, value: Option<&Secret>) -> bool {
    let one = told.variables.iter().find(|one| one.name.eq_ignore_ascii_case(name));
    match (one, value) {
        (Some(one), Some(value)) => one.value.reveal() == value.reveal(),
        (None, None) => told.unsure.iter().all(|unsure| !unsure.name.eq_ignore_ascii_case(name)),
        _ => false,
    }
}

/// What is sure, what is not, and whether anything else may be set.
type Told = (Vec<(String, Zeroizing<String>)>, Vec<(String, Option<Why>)>, bool);

/// All but the names that are to change, in the order of their names.
fn others(told: &StaticEnvironment, names: &[&str]) -> Told {
    let other = |name: &str| names.iter().all(|one| !one.eq_ignore_ascii_case(name));
    let sure = told.variables.iter().filter(|one| other(&one.name));
    let unsure = told.unsure.iter().filter(|one| other(&one.name));
    let mut sure: Vec<_> = sure.map(|one| (one.name.clone(), Zeroizing::new(one.value.reveal().to_owned()))).collect();
    let mut unsure: Vec<_> = unsure.map(|one| (one.name.clone(), Some(one.why))).collect();
    sure.sort_by(|a, b| a.0.cmp(&b.0));
    unsure.sort_by(|a, b| a.0.cmp(&b.0));
    (sure, unsure, told.anything.is_some())
}
