//! A key that Claude Code will ask about at the next start, with `No` preselected (observed: `tui-apikey-unseen*`).

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.key_waits_for_approval", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(key) = resolution.candidates.get(Slot::ApiKey).filter(|key| key.present) else {
        return Outcome::Skipped("skip-no-variable");
    };
    let (Some(Why::NotApproved), Some(source), None) = (&key.out, &key.source, resolution.cloud) else {
        return Outcome::Pass;
    };
    let found = Found::new("AL-1-03", Status::Warn, format!("{}: waits for approval", key.name))
        .with("name", key.name.as_str())
        .at(source);
    Outcome::Found(vec![found])
}
