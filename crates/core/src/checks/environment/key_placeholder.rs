//! A text from a guide, never replaced by a real key.

use super::in_force::{Receiver, Slip, in_force};
use super::{Check, Outcome};
use crate::judge::Facts;
use crate::report::Cause;

pub(super) const CHECK: Check = Check { id: "C1.key_placeholder", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let variables = in_force(facts);
    if variables.is_empty() {
        return Outcome::Skipped("skip-no-variable");
    }
    // Programs on this machine often want any text at all.
    let counts = |receiver: Receiver| receiver != Receiver::ThisMachine;
    let marred = variables.iter().filter(|one| one.slip() == Some(Slip::Placeholder) && counts(one.goes_to));
    Outcome::of(marred.map(|one| one.found("AL-1-05", one.status(), "a placeholder")).collect())
}
