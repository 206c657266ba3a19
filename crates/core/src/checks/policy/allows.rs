//! Whether the way in which this person signs in is allowed (observed: `cmd-force*`, `sf-managed-*`).

use super::in_managed;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::policy::Refusal;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.policy_allows", cause: Cause::Policy, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let version = facts.snapshot.claude_version();
    let Some(refusal) = resolution.policy.refusal(version, resolution.provider, &resolution.candidates) else {
        return Outcome::Pass;
    };
    let (code, status) = match refusal {
        Refusal::TooOld => ("AL-0-25", Status::Fail),
        Refusal::TooNew => ("AL-0-26", Status::Fail),
        Refusal::NoProvider => ("AL-0-20", Status::Fail),
        Refusal::ProviderNotAllowed => ("AL-0-21", Status::Fail),
        Refusal::GatewayRequired => ("AL-0-22", Status::Fail),
        Refusal::FirstPartyLogin => ("AL-0-23", Status::Fail),
        Refusal::OrganisationUnverified => ("AL-0-24", Status::Unknown),
        Refusal::NobodyAllowed => ("AL-0-28", Status::Fail),
    };
    let limits = &resolution.policy.versions;
    let limit = if refusal == Refusal::TooOld { &limits.0 } else { &limits.1 };
    let found = Found::new(code, status, refusal.message())
        .with("provider", resolution.provider.word())
        .with("version", version)
        .with("limit", limit.clone().unwrap_or_default());
    Outcome::Found(vec![in_managed(facts, found)])
}
