//! The word `Bearer`, which Claude Code adds itself (observed: `key-*-bearer`).

use super::in_force::{Slip, in_force};
use super::{Check, Outcome};
use crate::judge::Facts;
use crate::report::Cause;

pub(super) const CHECK: Check = Check { id: "C1.key_with_bearer", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let variables = in_force(facts);
    if variables.is_empty() {
        return Outcome::Skipped("skip-no-variable");
    }
    let marred = variables.iter().filter(|one| one.slip() == Some(Slip::Bearer));
    Outcome::of(marred.map(|one| one.found("AL-1-07", one.status(), "begins with Bearer")).collect())
}
