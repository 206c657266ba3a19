//! Nothing is set, and nothing else signs in.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.nothing_set", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let present = facts.resolution.candidates.all.iter().any(|candidate| candidate.present);
    if present || facts.resolution.cloud.is_some() || !facts.resolution.sends.is_empty() {
        return Outcome::Pass;
    }
    if facts.resolution.credential_not_told(&facts.snapshot.examined) {
        return Outcome::Skipped("skip-environment-not-told");
    }
    Outcome::Found(vec![Found::new("AL-1-13", Status::Note, "no credential variable is set")])
}
