//! A key in an editor's settings that is empty, or that cannot be right.

use super::in_force::Slip;
use super::{Check, Found, Outcome};
use crate::claude_code::variables::{self, Purpose};
use crate::editors::{EditorVariable, Target};
use crate::judge::Facts;
use crate::report::{Cause, Status};
use crate::verdict::nothing_signs_in;

pub(super) const CHECK: Check = Check { id: "C1.editor_key_odd", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let is_key = |variable: &&EditorVariable| {
        variables::find(&variable.name).is_some_and(|fact| fact.secret && fact.purpose == Purpose::Credential)
            && variable.name != "ANTHROPIC_CUSTOM_HEADERS"
    };
    let keys: Vec<_> = facts.snapshot.editors.iter().flat_map(|settings| &settings.variables).filter(is_key).collect();
    if keys.is_empty() {
        return Outcome::Skipped("skip-no-editor-variable");
    }
    let found = keys.into_iter().filter_map(|variable| {
        let value = variable.value.as_ref()?;
        // Its terminal fills these in.
        if variable.target == Target::Terminal && value.plain().contains("${") {
            return None;
        }
        let (what, status) = if value.is_blank() {
            ("blank", Status::Note)
        } else {
            // Where nothing signs in here, an editor is not the reason.
            (Slip::of(value)?.word(), if nothing_signs_in(facts) { Status::Note } else { Status::Warn })
        };
        let one = Found::new("AL-1-31", status, format!("{}, {}: {what}", variable.name, variable.target.word()))
            .with("name", variable.name.as_str())
            .with("what", what)
            .with("target", variable.target.word())
            .with("path", variable.source.path.clone().unwrap_or_default());
        Some(one.at(&variable.source))
    });
    Outcome::of(found.collect())
}
