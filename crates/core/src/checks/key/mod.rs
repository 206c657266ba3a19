//! Cause 3: the key itself. Looking tells its shape; only the live test tells whether it is known.

mod answer;
mod anthropics;
mod one_credential;
mod whole;

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::CredentialKind;
use crate::route::Filled;
use crate::secret::Secret;

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[answer::CHECK, anthropics::CHECK, whole::CHECK, one_credential::CHECK];

/// Where keys are made and taken back.
const KEYS_PAGE: &str = "https://platform.claude.com/settings/keys";

/// What is sent and is no login: one credential, or two.
fn in_force<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'a Filled> {
    let login = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
    facts.resolution.sends.iter().filter(move |sent| !login.contains(&sent.credential))
}

/// The keys whose shape can be judged: known before anything runs, and of a form that cause 1 has no complaint about.
fn well_formed<'a>(facts: &'a Facts<'_>) -> Vec<(&'a Filled, &'a Secret)> {
    if facts.live.outcome == crate::report::Outcome::Verified {
        // The other side knows it, whatever it looks like.
        return Vec::new();
    }
    let shaped = [CredentialKind::ApiKey, CredentialKind::AuthToken, CredentialKind::ManagedKey];
    let mut keys: Vec<(&Filled, &Secret)> = Vec::new();
    for sent in in_force(facts).filter(|sent| shaped.contains(&sent.credential)) {
        let Some(value) = &sent.value else { continue };
        let marred = value.bad_character().is_some()
            || value.is_placeholder()
            || value.is_quoted()
            || value.has_bearer_prefix()
            || value.has_inner_space();
        if !marred && !keys.iter().any(|(other, _)| other.source == sent.source) {
            keys.push((sent, value));
        }
    }
    keys
}

/// Why there is nothing to judge.
fn nothing_to_judge(facts: &Facts<'_>) -> Outcome {
    if facts.live.outcome == crate::report::Outcome::Verified {
        return Outcome::Pass;
    }
    let mut kinds = in_force(facts).map(|sent| sent.credential).peekable();
    Outcome::Skipped(if kinds.peek().is_none() {
        "skip-key-none"
    } else if kinds.all(|kind| kind == CredentialKind::ApiKeyHelper) {
        "skip-key-helper"
    } else {
        "skip-key-shape"
    })
}
