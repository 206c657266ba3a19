//! What the live test said of the way to the endpoint. What it said of the credential belongs to cause 3.

use super::super::{Check, Found, Outcome};
use super::NETWORK_PAGE;
use crate::judge::Facts;
use crate::report::{Cause, Outcome as LiveOutcome, Owner, Provider, Stage, Status};

pub(super) const CHECK: Check = Check { id: "C5.connection", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let code = match facts.live.outcome {
        LiveOutcome::NotTested => return Outcome::Skipped("skip-not-tested"),
        LiveOutcome::Verified | LiveOutcome::Rejected | LiveOutcome::Blocked | LiveOutcome::Limited => {
            return Outcome::Pass;
        }
        LiveOutcome::Unreachable => "AL-5-46",
        LiveOutcome::Intercepted => "AL-5-47",
        LiveOutcome::TimedOut => "AL-5-48",
        LiveOutcome::ServerError => "AL-5-49",
    };
    let resolution = facts.resolution;
    let base = resolution.base.as_ref().ok();
    let stopped = facts.live.stages.iter().rev().find(|row| row.status == Status::Fail);
    let stage = stopped.map_or(Stage::Dns, |row| row.stage);
    let what = stopped.map_or("", |row| row.text.key.as_ref()).trim_start_matches("live-").to_owned();
    // A service that takes part in signing in to a cloud.
    let host = stopped.and_then(|row| row.evidence.get("service"));
    let mut found = Found::new(code, Status::Fail, format!("the live test stopped at {}: {what}", stage.word()))
        .with("host", host.map_or_else(|| base.map_or("", |base| base.host.as_str()), String::as_str))
        .with("stage", stage.word())
        .with("what", what)
        .with("provider", resolution.provider.word())
        .help(NETWORK_PAGE);
    // What the row itself says, by the same names.
    for (name, value) in stopped.into_iter().flat_map(|row| &row.text.args) {
        if !found.args.iter().any(|(known, _)| known == name) {
            found.args.push((*name, value.clone()));
        }
    }
    if facts.live.outcome == LiveOutcome::ServerError && !base.is_some_and(|base| base.loopback) {
        let anthropic = resolution.provider == Provider::Anthropic;
        found = found.owned_by(if anthropic { Owner::Anthropic } else { Owner::Organisation });
    }
    if let Some(source) = &resolution.base_source {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}
