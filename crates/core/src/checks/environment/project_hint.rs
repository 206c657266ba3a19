//! A file of the project names a variable that direnv or another program may load. Claude Code itself reads none of
//! them (observed).

use super::other_start::takes_part;
use super::{Check, Found, Outcome};
use crate::desktop::Hint;
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.project_hint", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    if facts.snapshot.examined.project.is_none() {
        return Outcome::Skipped("skip-no-folder");
    }
    let environment = &facts.resolution.environment;
    // What is set has its place already, whoever set it.
    let unsure = facts.resolution.unsure(&facts.snapshot.examined);
    let not_told = |name: &str| unsure.iter().any(|unsure| unsure.name.is_empty() || unsure.name == name);
    let missing =
        |hint: &&Hint| takes_part(&hint.name) && environment.get(&hint.name).is_none() && !not_told(&hint.name);
    let missing: Vec<&Hint> = facts.snapshot.hints.iter().filter(missing).collect();
    let mut names: Vec<&str> = Vec::new();
    for hint in &missing {
        if !names.contains(&hint.name.as_str()) {
            names.push(&hint.name);
        }
    }
    let finding = |name: &str| {
        let mut places = missing.iter().filter(|hint| hint.name == name).map(|hint| &hint.source);
        let first = places.next()?;
        let found = Found::new("AL-1-45", Status::Note, format!("{name}: in a file that Claude Code does not read"))
            .with("name", name)
            .with("path", first.path.clone().unwrap_or_default())
            .with("line", first.line.unwrap_or_default())
            .with("reader", if is_of_direnv(first.path.as_deref()) { "direnv" } else { "dotenv" })
            .help("https://code.claude.com/docs/en/env-vars")
            .at(first);
        Some(places.fold(found, Found::at))
    };
    Outcome::of(names.into_iter().filter_map(finding).collect())
}

fn is_of_direnv(path: Option<&str>) -> bool {
    path.is_some_and(|path| path.ends_with(".envrc"))
}
