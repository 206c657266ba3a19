//! Names in an `env` block that look like a variable of Claude Code and are none.

use super::{Check, Found, Outcome, counted, reason_or};
use crate::claude_code::near_misses;
use crate::judge::Facts;
use crate::report::{Cause, Source, SourceKind, Status};
use crate::secret::{Secret, SecretKind};

pub(super) const CHECK: Check = Check { id: "C4.misspelt_variables", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let state = &facts.snapshot.state;
    let state_source = Source { path: Some(state.path.clone()), ..Source::new(SourceKind::AppState) };
    let files = counted(facts).map(|file| (&file.document, file.source()));
    let mut found = Vec::new();
    for (document, file) in files.chain([(state, state_source)]) {
        let Some(block) = document.json().and_then(|json| json.root().get("env")) else { continue };
        for member in block.effective_members() {
            let name = member.name();
            let Some(meant) = near_misses::meant_in_env_block(facts.snapshot.examined.platform, &name) else {
                continue;
            };
            // Where the right name is set too, the other is left over; where something signs in, only what looks like
            // a credential of Anthropic was surely meant for it.
            let right = facts.resolution.environment.set(meant).is_some();
            let anthropics = Secret::new(member.value.javascript_text()).kind() != SecretKind::Other;
            let status = match right {
                true => Status::Note,
                false => reason_or(facts, if anthropics { Status::Warn } else { Status::Note }),
            };
            let position = member.position();
            let source = Source {
                line: Some(position.line),
                column: Some(position.column),
                name: Some(name.clone().into_owned()),
                ..file.clone()
            };
            let one = Found::new("AL-4-08", status, format!("{name} is no variable, meant {meant}"))
                .with("name", name.into_owned())
                .with("meant", meant)
                .with("path", document.path.as_str());
            found.push(one.at(&source).help("https://code.claude.com/docs/en/env-vars"));
        }
    }
    Outcome::of(found)
}
