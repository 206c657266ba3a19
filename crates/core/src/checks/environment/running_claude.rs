//! A Claude Code that was started before the change has what it was started with until it ends.

use super::other_start::{self, Difference};
use super::since::{Since, since};
use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::programs::{Program, ProgramKind};
use crate::report::{Cause, Source, SourceKind, Status};
use crate::snapshot::Variable;
use crate::verdict::nothing_signs_in;

pub(super) const CHECK: Check = Check { id: "C1.running_claude", cause: Cause::Environment, judge };

/// The first so many are compared.
const MOST: usize = 32;

fn judge(facts: &Facts<'_>) -> Outcome {
    let snapshot = facts.snapshot;
    let Some(programs) = snapshot.programs.found() else { return Outcome::Skipped("skip-programs-not-seen") };
    let comparable = |program: &&Program| {
        program.kind == ProgramKind::ClaudeCode && !program.own_settings && is_of_the_same_home(facts, program)
    };
    let mut seen = false;
    let mut found = Vec::new();
    for program in programs.iter().filter(comparable).take(MOST) {
        let Some(variables) = program.environment.found() else { continue };
        seen = true;
        let Some(difference) = other_start::instead(snapshot, facts.resolution, variables.iter().cloned()) else {
            continue;
        };
        let Since { unit, count } = since(snapshot.examined.now_ms, program.started_ms);
        let debug = format!("process {}: {}, {}", program.pid, difference.word(), difference.name());
        let source = Source { name: Some(format!("claude ({})", program.pid)), ..Source::new(SourceKind::ProcessEnv) };
        let one = Found::new("AL-1-28", status(facts, program, &difference), debug)
            .with("what", difference.word())
            .with("name", difference.name())
            .with("here", difference.here())
            .with("unit", unit)
            .with("count", count)
            .with("pid", program.pid.to_string());
        found.push(one.at(&source));
    }
    if seen { Outcome::of(found) } else { Outcome::Skipped("skip-no-running-claude") }
}

/// Amber where the one that runs in this folder has another value of the very variable: the likeliest left-over. Where
/// nothing signs in, an old window is not the reason.
fn status(facts: &Facts<'_>, program: &Program, difference: &Difference) -> Status {
    let examined = &facts.snapshot.examined;
    let here = match (&program.folder, &examined.project) {
        (Some(folder), Some(project)) => examined.platform.is_within(folder, project),
        _ => true,
    };
    let old_value = matches!(difference, Difference::OtherValue(_));
    if here && old_value && !nothing_signs_in(facts) { Status::Warn } else { Status::Note }
}

/// Another home, or another place for the settings, and what was read here says nothing about it.
fn is_of_the_same_home(facts: &Facts<'_>, program: &Program) -> bool {
    let examined = &facts.snapshot.examined;
    let here = |name: &str| Variable::find(&examined.variables, name);
    let same_home = program.variable("HOME").is_none_or(|home| home.value.plain() == examined.home);
    same_home
        && ["CLAUDE_CONFIG_DIR", "CLAUDE_SECURESTORAGE_CONFIG_DIR"].iter().all(|name| {
            match (program.variable(name), here(name)) {
                (Some(there), Some(here)) => there.value.same_as(&here.value),
                (there, here) => there.is_none() == here.is_none(),
            }
        })
}
