//! A variable that counts, of which nobody can say what it is in this context without running what sets it.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.environment_told", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let examined = &facts.snapshot.examined;
    let unsure = facts.resolution.unsure(examined);
    Outcome::of(
        unsure
            .into_iter()
            .map(|unsure| {
                let debug = format!("{} could not be told in {}", unsure.name, examined.context.word());
                Found::new("AL-1-41", Status::Unknown, debug)
                    .with("name", if unsure.name.is_empty() { "any" } else { unsure.name.as_str() })
                    .with("context", examined.context.word())
                    .with("path", unsure.source.path.clone().unwrap_or_default())
                    .at(&unsure.source)
                    .help("https://code.claude.com/docs/en/env-vars")
            })
            .collect(),
    )
}
