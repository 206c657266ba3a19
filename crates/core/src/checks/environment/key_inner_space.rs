//! White space inside: two things pasted together, or a comment.

use super::in_force::{Slip, in_force};
use super::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.key_inner_space", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let variables = in_force(facts);
    if variables.is_empty() {
        return Outcome::Skipped("skip-no-variable");
    }
    let marred = variables.iter().filter(|one| one.slip() == Some(Slip::InnerSpace));
    Outcome::of(marred.map(|one| one.found("AL-1-08", Status::Warn, "white space inside")).collect())
}
