//! A variable that is set to nothing, or to blanks: it counts as not set (observed: `key-*-empty`, `key-*-blank`).

use super::in_force::variables;
use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::Why;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.key_blank", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut seen = false;
    let mut found = Vec::new();
    for candidate in variables(facts) {
        seen = true;
        let (Some(Why::Blank), Some(source)) = (&candidate.out, &candidate.source) else { continue };
        let name = candidate.name.as_str();
        found
            .push(Found::new("AL-1-01", Status::Note, format!("{name}: set to nothing")).with("name", name).at(source));
    }
    if seen { Outcome::of(found) } else { Outcome::Skipped("skip-no-variable") }
}
