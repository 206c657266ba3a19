//! One wrong field drops a whole settings file, its `env` block included (observed: `sf-*`).

use super::{HELP, name, owner};
use crate::checks::{Check, Found, Outcome};
use crate::claude_code::settings_fields;
use crate::judge::Facts;
use crate::report::{Cause, Source, Status};

pub(super) const CHECK: Check = Check { id: "G.settings_file_dropped", cause: Cause::SettingsFiles, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let found = facts.snapshot.settings.iter().filter_map(|file| {
        let fault = settings_fields::drops_file(&file.faults)?;
        let source = Source { line: Some(fault.at.line), column: Some(fault.at.column), ..file.source() };
        let others = file.faults.iter().filter(|other| other.effect == fault.effect).count() - 1;
        // Where it is switched off anyway, nothing is lost.
        let status = if facts.snapshot.leaves_out(file.scope) { Status::Note } else { Status::Warn };
        let found = Found::new("AL-0-03", status, format!("{}: {}", fault.path, fault.message))
            .with("path", name(file))
            .with("field", if fault.path.is_empty() { "none" } else { &fault.path })
            .with("line", fault.at.line)
            .with("column", fault.at.column)
            .with("others", others)
            .owned_by(owner(file))
            .at(&source)
            .help(HELP);
        Some(found)
    });
    Outcome::of(found.collect())
}
