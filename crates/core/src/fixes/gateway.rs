//! What a gateway issued: of no use without the gateway's address, since Anthropic does not know it.

use super::place;
use crate::environment::Occurrence;
use crate::judge::Facts;
use crate::ladder::Slot;
use crate::report::CredentialKind;
use crate::secret::{Secret, SecretKind};

/// The variables that hold a gateway's key.
const KEYS: [&str; 2] = ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"];

/// Where what is no key of Anthropic's stands in the place of one: the places that count, or would if the stronger were
/// gone.
pub(super) fn keys<'a>(facts: &'a Facts<'_>) -> Vec<&'a Occurrence> {
    let environment = &facts.resolution.environment;
    let foreign = |place: &&Occurrence| place.value.kind() == SecretKind::Other && !place.value.is_blank();
    let in_force = KEYS.into_iter().filter(|name| environment.set(name).as_ref().is_some_and(foreign));
    in_force
        .flat_map(|name| place::occurrences(facts, name))
        .filter(|place| place.ignored.is_none())
        .filter(foreign)
        .collect()
}

/// Whether a gateway's key may come from where none of ours can be sure of it: a program that is run, headers that are
/// written by hand.
pub(super) fn may_have_others(facts: &Facts<'_>) -> bool {
    let resolution = facts.resolution;
    let ours = |value: &Secret| value.kind() != SecretKind::Other;
    resolution.candidates.stands(Slot::Helper)
        || resolution.candidates.helper.iter().any(|helper| helper.ignored.is_none())
        || resolution
            .sends
            .iter()
            .any(|sent| sent.credential == CredentialKind::CustomHeaders && !sent.value.as_ref().is_some_and(ours))
}
