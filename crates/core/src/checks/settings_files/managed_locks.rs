//! A wrong value in the organisation's settings that fails shut (observed: `sf-managed-*`).

use super::{HELP, name};
use crate::checks::{Check, Found, Outcome};
use crate::claude_code::settings_fields::Effect;
use crate::judge::Facts;
use crate::report::{Cause, Owner, Source, Status};

pub(super) const CHECK: Check = Check { id: "G.managed_settings_locks", cause: Cause::SettingsFiles, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for file in &facts.snapshot.settings {
        for fault in &file.faults {
            let (code, status) = match fault.effect {
                Effect::DropsFile | Effect::SkippedAlone => continue,
                Effect::StrictestLocks => ("AL-0-05", Status::Warn),
                Effect::NoProvider | Effect::RefusesEveryKey => ("AL-0-06", Status::Fail),
                Effect::StopsStart => ("AL-0-09", Status::Fail),
            };
            let source = Source { line: Some(fault.at.line), column: Some(fault.at.column), ..file.source() };
            let one = Found::new(code, status, format!("{}: {}", fault.path, fault.message))
                .with("path", name(file))
                .with("field", fault.path.as_str())
                .with("line", fault.at.line)
                .with("column", fault.at.column)
                .owned_by(Owner::Organisation)
                .at(&source)
                .help(HELP);
            found.push(one);
        }
    }
    Outcome::of(found)
}
