//! What the live test said of the key. What it said of the way there belongs to cause 5.

use super::{Check, Found, KEYS_PAGE, Outcome, in_force};
use crate::judge::Facts;
use crate::report::{Cause, Owner, Provider, Status};

pub(super) const CHECK: Check = Check { id: "C3.key_answered", cause: Cause::Key, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    use crate::report::Outcome::{Blocked, Limited, NotTested, Rejected, Verified};
    if let Some(found) = of_a_cloud(facts) {
        return Outcome::Found(vec![found]);
    }
    let names: Vec<&str> = in_force(facts).map(|sent| sent.name.as_str()).collect();
    // What signs a cloud's requests need not be known before a test.
    if names.is_empty() && !(facts.resolution.cloud.is_some() && facts.live.outcome == Verified) {
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

/// What a cloud itself said of the sign-in, in words of its own.
fn of_a_cloud(facts: &Facts<'_>) -> Option<Found> {
    use crate::report::Outcome::{Blocked, Limited, Rejected};
    let cloud = facts.resolution.cloud?;
    let refused = facts.live.stages.iter().rev().find(|row| row.status == Status::Fail)?;
    let what = refused.text.key.strip_prefix("live-").filter(|what| what.starts_with("cloud-"))?;
    let (code, owner) = match facts.live.outcome {
        Rejected => ("AL-3-12", Owner::Person),
        Blocked => ("AL-3-13", Owner::Organisation),
        Limited => ("AL-3-14", Owner::Organisation),
        _ => return None,
    };
    let vendor = match cloud.provider {
        Provider::Vertex => "google",
        Provider::Foundry => "microsoft",
        _ => "aws",
    };
    let mut found = Found::new(code, Status::Fail, format!("the cloud refused: {what}"))
        .with("cloud", cloud.name)
        .with("vendor", vendor)
        .with("what", what.to_owned())
        .owned_by(owner);
    // Words of the row that the sentences may need.
    for name in ["command", "model"] {
        let known = refused.text.args.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        match known {
            Some(value) => found.args.push((name, value)),
            None => found = found.with(name, ""),
        }
    }
    for sent in in_force(facts) {
        if !found.evidence.contains(&sent.source) {
            found = found.at(&sent.source);
        }
    }
    Some(found)
}
