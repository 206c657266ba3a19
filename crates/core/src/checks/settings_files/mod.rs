//! Whether the files that Claude Code reads at its start can be read, and which of them count.

mod duplicate_keys;
mod entries_skipped;
mod file_dropped;
mod file_read;
mod flag_found;
mod managed_locks;
mod state_read;

use super::{Check, Found};
use crate::reading::{Content, Document, Reading};
use crate::report::{Owner, Scope, Source, Status};
use crate::snapshot::SettingsFile;

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    file_read::CHECK,
    state_read::CHECK,
    flag_found::CHECK,
    file_dropped::CHECK,
    managed_locks::CHECK,
    entries_skipped::CHECK,
    duplicate_keys::CHECK,
];

const HELP: &str = "https://code.claude.com/docs/en/settings";

/// Whose a settings file is.
fn owner(file: &SettingsFile) -> Owner {
    if file.scope == Scope::Managed { Owner::Organisation } else { Owner::Person }
}

/// What a file is called in a sentence; `--settings` with JSON has no path.
fn name(file: &SettingsFile) -> &str {
    if file.document.path.is_empty() { "--settings" } else { &file.document.path }
}

/// What keeps a document from being read: a slip in its text (`status`), or the system (a warning).
fn fault(document: &Document, source: Source, status: Status) -> Option<Found> {
    let path = if document.path.is_empty() { "--settings" } else { &document.path };
    match &document.content {
        Reading::Found(Content::Malformed(error, encoding)) => {
            let source = Source { line: Some(error.at.line), column: Some(error.at.column), ..source };
            let debug = format!("{} ({})", error, encoding.word());
            Some(
                Found::new("AL-0-01", status, debug)
                    .with("path", path)
                    .with("line", error.at.line)
                    .with("column", error.at.column)
                    .with("fault", error.what.word())
                    .at(&source)
                    .help(HELP),
            )
        }
        Reading::Unreadable(trouble) => Some(
            Found::new("AL-0-02", Status::Warn, format!("{} could not be read: {}", path, trouble.word()))
                .with("path", path)
                .with("trouble", trouble.word())
                .at(&source)
                .help(HELP),
        ),
        _ => None,
    }
}
