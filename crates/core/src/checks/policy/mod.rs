//! What the organisation's settings allow.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::policy::Refusal;
use crate::report::{Cause, Owner, Scope, Status};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[Check { id: "G.policy_allows", cause: Cause::Policy, judge: allows }];

/// Whether the way in which this person signs in is allowed.
fn allows(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(refusal) =
        resolution.policy.refusal(facts.snapshot.claude_version(), resolution.provider, &resolution.candidates)
    else {
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
    };
    let mut found = Found::new(code, status, refusal.message())
        .with("provider", resolution.provider.word())
        .owned_by(Owner::Organisation)
        .help("https://code.claude.com/docs/en/managed-settings");
    for file in facts.snapshot.settings.iter().filter(|file| file.scope == Scope::Managed) {
        if file.document.json().is_some() {
            found = found.at(&file.source());
        }
    }
    Outcome::Found(vec![found])
}
