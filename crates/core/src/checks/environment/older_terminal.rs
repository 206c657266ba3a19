//! A terminal that was opened before a profile was changed: it most likely has what the profile said then. What it
//! really has, nobody but the shell itself knows.

use super::other_start::takes_part;
use super::since::{Since, since};
use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::programs::ProgramKind;
use crate::report::{Cause, Source, SourceKind, Status};
use crate::shell::{Act, Reach, Role};

pub(super) const CHECK: Check = Check { id: "C1.older_terminal", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let snapshot = facts.snapshot;
    let Some(programs) = snapshot.programs.found() else { return Outcome::Skipped("skip-programs-not-seen") };
    let profiles = &snapshot.shell;
    let started: Vec<i64> = programs
        .iter()
        .filter(|program| program.kind == ProgramKind::Shell(profiles.shell))
        .filter_map(|program| program.started_ms)
        .collect();
    let now = snapshot.examined.now_ms;
    let mut found = Vec::new();
    for file in &profiles.files {
        // The file of a clock that was wrong says nothing.
        let Some(changed) = file.modified_ms.filter(|changed| *changed <= now) else { continue };
        let older: Vec<i64> = started.iter().copied().filter(|started| *started < changed).collect();
        let Some(last) = older.iter().copied().max() else { continue };
        let decides = profiles.places.iter().find(|place| {
            place.source.path.as_deref() == Some(&file.path)
                // What is read at sign-in only is no news to a new terminal either.
                && place.role == Role::Terminal
                && place.act != Act::Mention
                && !matches!(place.reach, Reach::Not | Reach::NotCalled | Reach::AfterEnd(_))
                && takes_part(&place.name)
        });
        let Some(place) = decides else { continue };
        let Since { unit, count } = since(now, Some(last));
        let source = Source { path: Some(file.path.clone()), ..Source::new(SourceKind::ShellProfile) };
        let one = Found::new("AL-1-29", Status::Note, format!("{} older than {}", older.len(), file.path))
            .with("name", place.name.as_str())
            .with("path", file.path.as_str())
            .with("terminals", older.len())
            .with("unit", unit)
            .with("count", count);
        found.push(one.at(&source));
    }
    if started.is_empty() { Outcome::Skipped("skip-no-open-terminal") } else { Outcome::of(found) }
}
