//! Whether certificates are looked at, and which authorities count.

use super::super::{Check, Found, Outcome};
use super::NETWORK_PAGE;
use crate::certificates::are_unchecked;
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C5.certificate_checking", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let environment = &facts.resolution.environment;
    let mut found = Vec::new();
    let name = "NODE_TLS_REJECT_UNAUTHORIZED";
    if let (true, Some(place)) = (are_unchecked(environment), environment.set(name)) {
        let one = Found::new("AL-5-32", Status::Warn, "every certificate is believed").with("name", name);
        found.push(one.at(&place.source).help(NETWORK_PAGE));
    }
    let name = "CLAUDE_CODE_CERT_STORE";
    if let (Some(stores), Some(place)) = (environment.text(name), environment.set(name))
        && !stores.split(',').any(|store| store.trim() == "system")
    {
        let one = Found::new("AL-5-34", Status::Note, "the system's authorities are left out").with("name", name);
        found.push(one.at(&place.source).help(NETWORK_PAGE));
    }
    Outcome::of(found)
}
