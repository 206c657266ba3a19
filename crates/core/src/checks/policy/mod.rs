//! What the organisation's settings allow.

mod allows;
mod gateway;

use super::{Check, Found};
use crate::judge::Facts;
use crate::report::{Owner, Scope};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[allows::CHECK, gateway::CHECK];

/// A finding that is the organisation's, seen in each of its files.
fn in_managed(facts: &Facts<'_>, found: Found) -> Found {
    let files = facts.snapshot.settings.iter().filter(|file| file.scope == Scope::Managed);
    files
        .filter(|file| file.document.json().is_some())
        .fold(found, |found, file| found.at(&file.source()))
        .owned_by(Owner::Organisation)
        .help("https://code.claude.com/docs/en/managed-settings")
}
