//! Cause 4: settings that override one another, and settings that have no effect.

mod auth_status;
mod bare;
mod blanked;
mod editor_redirects;
mod misspelt_settings;
mod misspelt_variables;
mod overrides;
mod project_helper;
mod project_intercepts;
mod project_redirects;
mod state_file_env;
mod values_not_counted;

use super::{Check, Found, Outcome};
use crate::claude_code::variables::{Fact, Purpose};
use crate::judge::Facts;
use crate::report::{Scope, Source, SourceKind, Status};
use crate::snapshot::SettingsFile;

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    project_redirects::CHECK,
    project_intercepts::CHECK,
    editor_redirects::CHECK,
    blanked::CHECK,
    overrides::CHECK,
    misspelt_settings::CHECK,
    misspelt_variables::CHECK,
    values_not_counted::CHECK,
    bare::CHECK,
    project_helper::CHECK,
    state_file_env::CHECK,
    auth_status::CHECK,
];

const HELP: &str = "https://code.claude.com/docs/en/settings";

/// Whether a place is in the folder's own files, which whoever wrote the folder has filled.
fn from_folder(source: &Source) -> bool {
    matches!(source.scope, Some(Scope::Project | Scope::Local))
}

/// Whether a variable decides how somebody signs in, and where to.
fn takes_part(fact: &Fact) -> bool {
    !matches!(fact.purpose, Purpose::Behaviour | Purpose::Machine)
}

/// The word of a place for sentences.
fn place_word(source: &Source) -> &'static str {
    match (source.scope, source.kind) {
        (Some(scope), _) => scope.word(),
        (None, SourceKind::AppState) => "state",
        (None, _) => "process",
    }
}

/// Of a finding that may be the very reason why nobody is signed in: how bad it is.
fn reason_or(facts: &Facts<'_>, otherwise: Status) -> Status {
    if crate::verdict::nothing_signs_in(facts) { Status::Fail } else { otherwise }
}

/// The settings files that are read and count.
fn counted<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'a SettingsFile> {
    let snapshot = facts.snapshot;
    snapshot.settings.iter().filter(|file| !file.is_dropped() && !snapshot.leaves_out(file.scope))
}
