//! Quotation marks that are part of the value (observed: `key-*-quoted`).

use super::in_force::{Slip, in_force};
use super::{Check, Outcome};
use crate::judge::Facts;
use crate::report::Cause;

pub(super) const CHECK: Check = Check { id: "C1.key_quoted", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let variables = in_force(facts);
    if variables.is_empty() {
        return Outcome::Skipped("skip-no-variable");
    }
    let marred = variables.iter().filter(|one| one.slip() == Some(Slip::Quoted));
    Outcome::of(
        marred.map(|one| one.found("AL-1-06", one.status(), "in quotation marks, which are sent along")).collect(),
    )
}
