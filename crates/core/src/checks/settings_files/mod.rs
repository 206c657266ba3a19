//! Whether the files that Claude Code reads at its start can be read.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::reading::{Content, Document, Reading};
use crate::report::{Cause, Owner, Scope, Source, SourceKind, Status};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "G.settings_file_read", cause: Cause::SettingsFiles, judge: files },
    Check { id: "G.state_file_read", cause: Cause::SettingsFiles, judge: state },
];

/// Each settings file: a fault in the text drops all that stands in it.
fn files(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for file in &facts.snapshot.settings {
        let managed = file.scope == Scope::Managed;
        let owner = if managed { Owner::Organisation } else { Owner::Person };
        // A broken file of the organisation stops Claude Code; any other is left out.
        let status = if managed { Status::Fail } else { Status::Warn };
        if let Some(fault) = fault(&file.document, file.source(), status) {
            found.push(fault.owned_by(owner));
        }
    }
    Outcome::of(found)
}

/// The state file: a fault in it stops Claude Code (observed: `set-claudejson-truncated`).
fn state(facts: &Facts<'_>) -> Outcome {
    let state = &facts.snapshot.state;
    let source = Source { path: Some(state.path.clone()), ..Source::new(SourceKind::AppState) };
    Outcome::of(fault(state, source, Status::Fail).into_iter().collect())
}

fn fault(document: &Document, source: Source, status: Status) -> Option<Found> {
    let help = "https://code.claude.com/docs/en/settings";
    let path = document.path.clone();
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
                    .help(help),
            )
        }
        Reading::Unreadable(trouble) => Some(
            Found::new("AL-0-02", Status::Warn, format!("{} could not be read: {}", path, trouble.word()))
                .with("path", path)
                .with("trouble", trouble.word())
                .at(&source)
                .help(help),
        ),
        _ => None,
    }
}
