//! A sign-in at the organisation's gateway that is asked for. Where its session lies we do not look, so whether there is
//! one stays open (observed without one: no request is made).

use super::in_managed;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::policy::Refusal;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.policy_gateway", cause: Cause::Policy, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    if !resolution.policy.wants_gateway() {
        return Outcome::Pass;
    }
    let version = facts.snapshot.claude_version();
    if resolution.policy.refusal(version, resolution.provider, &resolution.candidates) == Some(Refusal::GatewayRequired)
    {
        return Outcome::Skipped("skip-policy-said-above");
    }
    let found = Found::new("AL-0-27", Status::Warn, "a gateway sign-in is asked for");
    Outcome::Found(vec![in_managed(facts, found)])
}
