//! A build service: nobody is there to sign in. Told only where nothing signs in.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};
use crate::verdict::nothing_signs_in;

pub(super) const CHECK: Check = Check { id: "C1.nobody_answers", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    if !facts.snapshot.examined.host.ci {
        return Outcome::Skipped("skip-no-build-service");
    }
    if !nothing_signs_in(facts) {
        return Outcome::Pass;
    }
    Outcome::Found(vec![Found::new("AL-1-34", Status::Note, "a build service, and nothing signs in")])
}
