//! What the live test said of the key. What it said of the way there belongs to cause 5.

use super::{Check, Found, KEYS_PAGE, Outcome, in_force};
use crate::judge::Facts;
use crate::report::{Cause, Owner, Status};

pub(super) const CHECK: Check = Check { id: "C3.key_answered", cause: Cause::Key, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    use crate::report::Outcome::{Blocked, Limited, NotTested, Rejected, Verified};
    let names: Vec<&str> = in_force(facts).map(|sent| sent.name.as_str()).collect();
    if names.is_empty() {
        return Outcome::Skipped("skip-key-none");
    }
    let stage = |key: &str| facts.live.stages.iter().any(|row| row.text.key == key);
    let (code, owner, debug) = match facts.live.outcome {
        Verified => return Outcome::Pass,
        // The stage stays refused: Claude Code sends the header that was refused.
        Rejected if stage("live-auth-other-header") => ("AL-3-11", Owner::Person, "accepted in the other header"),
        Rejected => ("AL-3-01", Owner::Person, "refused (401)"),
        Blocked if stage("live-permission-disabled") => ("AL-3-06", Owner::Organisation, "organisation disabled"),
        Blocked => ("AL-3-05", Owner::Person, "known and not allowed (403)"),
        Limited if stage("live-quota-gateway") => ("AL-3-09", Owner::Organisation, "the gateway's limit is reached"),
        Limited => ("AL-3-07", Owner::Person, "no credit"),
        NotTested => return Outcome::Skipped("skip-key-not-tested"),
        _ => return Outcome::Skipped("skip-key-no-answer"),
    };
    let mut found = Found::new(code, Status::Fail, debug)
        .with("name", names.join(" + "))
        .with("provider", facts.resolution.provider.word())
        .owned_by(owner)
        .help(KEYS_PAGE);
    for sent in in_force(facts) {
        if !found.evidence.contains(&sent.source) {
            found = found.at(&sent.source);
        }
    }
    Outcome::Found(vec![found])
}
