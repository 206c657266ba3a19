//! Settings that Claude Code does not know and passes over without a word: `apiKey`, `apiKeyHelpr`, a variable beside
//! the `env` block in place of in it.

use super::{Check, Found, HELP, Outcome, counted, reason_or};
use crate::claude_code::near_misses;
use crate::claude_code::variables::{self, Purpose};
use crate::judge::Facts;
use crate::report::{Cause, Source, Status};

pub(super) const CHECK: Check = Check { id: "C4.misspelt_settings", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for file in counted(facts) {
        let Some(json) = file.document.json() else { continue };
        for member in json.root().effective_members() {
            let name = member.name();
            let (code, meant, status) = if let Some(fact) = variables::find(&name) {
                let matters = matches!(fact.purpose, Purpose::Credential | Purpose::Endpoint | Purpose::Provider);
                ("AL-4-07", fact.name, if matters { reason_or(facts, Status::Warn) } else { Status::Note })
            } else {
                match near_misses::meant_setting(&name) {
                    Some((meant, true)) => ("AL-4-06", meant, reason_or(facts, Status::Warn)),
                    Some((meant, false)) => ("AL-4-05", meant, reason_or(facts, Status::Warn)),
                    None => continue,
                }
            };
            let position = member.position();
            let source = Source {
                line: Some(position.line),
                column: Some(position.column),
                name: Some(name.clone().into_owned()),
                ..file.source()
            };
            let one = Found::new(code, status, format!("{name} is no setting, meant {meant}"))
                .with("name", name.into_owned())
                .with("meant", meant)
                .with("path", file.document.path.as_str());
            found.push(one.at(&source).help(HELP));
        }
    }
    Outcome::of(found)
}
