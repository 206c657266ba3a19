//! Several copies: the one that runs may not be the one that was updated.

use std::cmp::Ordering;

use super::{HELP, place};
use crate::checks::{Check, Found, Outcome};
use crate::installs::Program;
use crate::judge::Facts;
use crate::policy::compare_versions;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.claude_one_version", cause: Cause::Install, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let installs = &facts.snapshot.installs;
    let Some(first) = installs.first() else { return Outcome::Skipped("skip-install-none") };
    let others: Vec<&Program> = installs.programs.iter().filter(|program| program.path != first.path).collect();
    let compared = |other: &Program| compare_versions(first.version.as_deref()?, other.version.as_deref()?);
    // The native installer keeps older and newer versions in its own folder: those are no copies to trip over.
    let kept = |other: &Program| !other.on_path && other.target.contains("versions");
    let newer =
        others.iter().find(|other| !other.kind.is_private() && !kept(other) && compared(other) == Some(Ordering::Less));
    let differs = others.iter().any(|other| !kept(other) && compared(other).is_some_and(|order| order.is_ne()));
    let (code, status, other) = match newer {
        Some(newer) => ("AL-0-35", Status::Warn, Some(*newer)),
        None if differs => ("AL-0-36", Status::Note, None),
        None => return Outcome::Pass,
    };
    let word = |program: Option<&Program>| program.and_then(|p| p.version.clone()).unwrap_or_else(|| "none".to_owned());
    let mut found = Found::new(code, status, format!("{} copies", others.len() + 1))
        .with("path", first.path.as_str())
        .with("version", word(Some(first)))
        .with("other", other.map_or("", |other| other.path.as_str()))
        .with("other_version", word(other))
        .with("count", others.iter().filter(|other| !kept(other)).count() + 1)
        .at(&place(first))
        .help(HELP);
    for program in others.iter().filter(|other| !kept(other)) {
        found = found.at(&place(program));
    }
    Outcome::Found(vec![found])
}
