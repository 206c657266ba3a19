//! Fields and entries that are set aside alone: the rest of the file counts (observed: `sf-*`).

use super::{HELP, name, owner};
use crate::checks::{Check, Found, Outcome};
use crate::claude_code::settings_fields::{self, Effect};
use crate::judge::Facts;
use crate::report::{Cause, Source, Status};

pub(super) const CHECK: Check = Check { id: "G.settings_entries_skipped", cause: Cause::SettingsFiles, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let found = facts.snapshot.settings.iter().filter_map(|file| {
        // A file that is dropped whole is told of elsewhere.
        if settings_fields::drops_file(&file.faults).is_some() {
            return None;
        }
        let skipped: Vec<_> = file.faults.iter().filter(|fault| fault.effect == Effect::SkippedAlone).collect();
        let first = skipped.first()?;
        let mut found = Found::new("AL-0-04", Status::Note, format!("{}: {}", first.path, first.message))
            .with("path", name(file))
            .with("field", first.path.as_str())
            .with("line", first.at.line)
            .with("column", first.at.column)
            .with("count", skipped.len())
            .owned_by(owner(file))
            .help(HELP);
        for fault in skipped.iter().take(NAMED_AT_MOST) {
            let source = Source { line: Some(fault.at.line), column: Some(fault.at.column), ..file.source() };
            found = found.at(&source);
        }
        Some(found)
    });
    Outcome::of(found.collect())
}

/// So many places are listed; Claude Code itself stops at ten too.
const NAMED_AT_MOST: usize = 10;
