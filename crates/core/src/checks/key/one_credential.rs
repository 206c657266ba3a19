//! Two different credentials in one request: each header is filled by its own rule (observed: `prec-authtoken+apikey`,
//! `prec-apikey+helper`).

use super::{Check, Found, Outcome, in_force};
use crate::judge::Facts;
use crate::report::{Cause, CredentialKind, Provider, Status};

pub(super) const CHECK: Check = Check { id: "C3.one_credential", cause: Cause::Key, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    // What the person wrote into a header or the address by hand is meant to go along.
    let by_hand = [CredentialKind::CustomHeaders, CredentialKind::UrlUserinfo];
    let sent: Vec<_> = in_force(facts).filter(|sent| !by_hand.contains(&sent.credential)).collect();
    let [first, second] = sent.as_slice() else {
        return if sent.is_empty() { Outcome::Skipped("skip-key-none") } else { Outcome::Pass };
    };
    let same = match (&first.value, &second.value) {
        (Some(one), Some(other)) => one.same_as(other),
        _ => first.source == second.source,
    };
    if same {
        return Outcome::Pass;
    }
    // A gateway reads the header that it knows; Anthropic's own API gets two answers to one question.
    let status = if facts.resolution.provider == Provider::Anthropic { Status::Warn } else { Status::Note };
    let found = Found::new("AL-3-10", status, format!("{} and {} in one request", first.name, second.name))
        .with("name", first.name.as_str())
        .with("other", second.name.as_str())
        .at(&first.source)
        .at(&second.source);
    Outcome::Found(vec![found])
}
