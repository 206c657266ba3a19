//! A value that counts and stands where few look: the `env` block of Claude Code's own state file.

use super::{Check, Found, HELP, Outcome, takes_part};
use crate::claude_code::variables;
use crate::judge::Facts;
use crate::report::{Cause, SourceKind, Status};

pub(super) const CHECK: Check = Check { id: "C4.state_file_env", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for (name, setting) in facts.resolution.environment.iter() {
        let matters = variables::find(name).is_some_and(takes_part);
        let Some(winner) = setting.winner().filter(|winner| winner.source.kind == SourceKind::AppState && matters)
        else {
            continue;
        };
        let one = Found::new("AL-4-11", Status::Note, format!("{name} comes from the state file"))
            .with("name", name)
            .with("path", winner.source.path.clone().unwrap_or_default());
        found.push(one.at(&winner.source).help(HELP));
    }
    Outcome::of(found)
}
