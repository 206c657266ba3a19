//! An editor starts Claude Code with other variables than those that are examined: it works in one place and fails in
//! the other.

use super::other_start::{self, Difference, takes_part};
use super::{Check, Found, Outcome};
use crate::editors::{EditorSettings, EditorVariable, Target, started_with};
use crate::judge::Facts;
use crate::report::{Cause, Status};
use crate::shell::{Act, Place, Reach, Role};
use crate::verdict::nothing_signs_in;

pub(super) const CHECK: Check = Check { id: "C1.editor_differs", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let editors = &facts.snapshot.editors;
    let folder = editors.iter().find(|settings| settings.is_of_the_folder());
    let own = editors.iter().filter(|settings| !settings.is_of_the_folder());
    let mut seen = false;
    let mut found = Vec::new();
    for target in [Target::Extension, Target::Terminal] {
        let mut told = false;
        for settings in own.clone() {
            let changes: Vec<_> = changes(facts, settings, target).collect();
            if !changes.is_empty() {
                seen = true;
                // The folder's own go before the person's.
                let all: Vec<_> = changes
                    .into_iter()
                    .chain(folder.into_iter().flat_map(|file| self::changes(facts, file, target)))
                    .collect();
                told = true;
                found.extend(finding(facts, settings.file.editor.unwrap_or_default(), target, &all));
            }
        }
        if let Some(folder) = folder.filter(|_| !told) {
            let changes: Vec<_> = changes(facts, folder, target).collect();
            seen |= !changes.is_empty();
            found.extend(finding(facts, "VS Code", target, &changes));
        }
    }
    match seen {
        true => Outcome::of(found),
        false if facts.snapshot.jetbrains => Outcome::Skipped("skip-jetbrains-not-read"),
        false => Outcome::Skipped("skip-no-editor-variable"),
    }
}

/// What a file changes for a target. In a terminal the shell's profile comes after it, and what that sets counts.
fn changes<'a>(
    facts: &'a Facts<'_>,
    settings: &'a EditorSettings,
    target: Target,
) -> impl Iterator<Item = &'a EditorVariable> {
    let profiles = &facts.snapshot.shell;
    let set_again = move |name: &str| {
        let in_any_case =
            |place: &Place| place.role == Role::Terminal && place.reach == Reach::Always && place.act != Act::Mention;
        target == Target::Terminal && profiles.places.iter().any(|place| place.name == name && in_any_case(place))
    };
    let of_target = settings.variables.iter().filter(move |variable| variable.target == target);
    of_target.filter(move |variable| takes_part(&variable.name) && !set_again(&variable.name))
}

fn finding(facts: &Facts<'_>, editor: &'static str, target: Target, changes: &[&EditorVariable]) -> Option<Found> {
    let snapshot = facts.snapshot;
    let there = started_with(snapshot.examined.platform, &snapshot.examined.variables, changes.iter().copied())?;
    let difference = other_start::instead(snapshot, facts.resolution, there)?;
    let name = difference.name();
    let place = changes.iter().rfind(|change| change.name == name).or_else(|| changes.last())?;
    // It may be meant. Where nothing signs in here, an editor is not the reason.
    let other_value = matches!(difference, Difference::OtherValue(_));
    let status = if other_value && !nothing_signs_in(facts) { Status::Warn } else { Status::Note };
    let debug = format!("{editor}, {}: {}, {name}", target.word(), difference.word());
    let one = Found::new("AL-1-30", status, debug)
        .with("editor", editor)
        .with("target", target.word())
        .with("what", difference.word())
        .with("name", name)
        .with("here", difference.here())
        .with("path", place.source.path.clone().unwrap_or_default());
    Some(one.at(&place.source))
}
