//! Cause 1: the key in the environment.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::report::{Cause, CredentialKind, Status};
use crate::secret::{Secret, SecretKind};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "C1.key_usable", cause: Cause::Environment, judge: usable },
    Check { id: "C1.key_beside_login", cause: Cause::Environment, judge: beside_login },
    Check { id: "C1.nothing_set", cause: Cause::Environment, judge: nothing_set },
];

const SLOTS: [Slot; 3] = [Slot::AuthToken, Slot::ApiKey, Slot::OauthToken];

/// What is wrong with a value that Claude Code takes from its environment.
fn usable(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    let mut seen = false;
    for slot in SLOTS {
        let Some(candidate) = facts.resolution.candidates.get(slot).filter(|candidate| candidate.present) else {
            continue;
        };
        let (Some(value), Some(source)) = (&candidate.value, &candidate.source) else { continue };
        seen = true;
        let sent = facts.resolution.rules.iter().any(|(_, filled)| *filled == slot);
        let name = candidate.name.as_str();
        let make = |code, status, debug: &str| {
            Found::new(code, status, format!("{name}: {debug}")).with("name", name).at(source)
        };
        match &candidate.out {
            Some(Why::Blank) => found.push(make("AL-1-01", Status::Note, "set to nothing")),
            Some(Why::Declined) => found.push(make("AL-1-02", Status::Warn, "declined when Claude Code asked")),
            Some(Why::NotApproved) => found.push(make("AL-1-03", Status::Warn, "waits for approval")),
            Some(_) => {}
            None if sent => found.extend(shape(value, slot, &make)),
            None => {}
        }
    }
    if seen { Outcome::of(found) } else { Outcome::Skipped("skip-no-variable") }
}

fn shape(value: &Secret, slot: Slot, make: &dyn Fn(&'static str, Status, &str) -> Found) -> Vec<Found> {
    let mut found = Vec::new();
    if let Some(bad) = value.bad_character() {
        let code = format!("U+{:04X}", u32::from(bad.character));
        let debug = format!("{code} at character {}", bad.position);
        found.push(make("AL-1-04", Status::Fail, &debug).with("character", code).with("position", bad.position));
    } else if value.is_placeholder() {
        found.push(make("AL-1-05", Status::Fail, "a placeholder"));
    } else if value.is_quoted() {
        found.push(make("AL-1-06", Status::Fail, "in quotation marks, which are sent along"));
    } else if value.has_bearer_prefix() {
        found.push(make("AL-1-07", Status::Fail, "begins with Bearer"));
    } else if value.has_inner_space() {
        found.push(make("AL-1-08", Status::Warn, "white space inside"));
    }
    match (slot, value.kind()) {
        (Slot::ApiKey, SecretKind::OauthAccessToken | SecretKind::OauthRefreshToken) => {
            found.push(make("AL-1-09", Status::Fail, "a login token where an API key belongs"));
        }
        (_, SecretKind::AdminKey) => found.push(make("AL-1-10", Status::Fail, "an Admin API key")),
        (Slot::OauthToken, SecretKind::ApiKey) => {
            found.push(make("AL-1-11", Status::Fail, "an API key where a login token belongs"));
        }
        _ => {}
    }
    found
}

/// A key that is used although a paid login is there: the commonest real fault, and it may be meant.
fn beside_login(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let login = resolution.candidates.get(Slot::Login).filter(|login| login.stands());
    let (Some(login), None) = (login, resolution.cloud) else { return Outcome::Skipped("skip-no-login") };
    let shadows =
        |kind| matches!(kind, CredentialKind::ApiKey | CredentialKind::AuthToken | CredentialKind::ApiKeyHelper);
    let Some(sent) = resolution.sends.iter().find(|sent| shadows(sent.credential)) else { return Outcome::Pass };
    let mut found = Found::new("AL-1-12", Status::Warn, format!("{} is used instead of the login", sent.name))
        .with("name", sent.name.as_str())
        .with("billing", resolution.billing.word())
        .with("plan", resolution.candidates.login.plan.clone().unwrap_or_default())
        .at(&sent.source);
    if let Some(source) = &login.source {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}

/// Nothing is set, and nothing else signs in.
fn nothing_set(facts: &Facts<'_>) -> Outcome {
    let present = facts.resolution.candidates.all.iter().any(|candidate| candidate.present);
    if present || facts.resolution.cloud.is_some() || !facts.resolution.sends.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Found(vec![Found::new("AL-1-13", Status::Note, "no credential variable is set")])
}
