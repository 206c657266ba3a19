//! A key that the person once said no to: `No` is preselected, and the answer is kept (observed:
//! `tui-apikey-unseen-enter`, `tui-apikey-rejected*`).

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.key_declined", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(key) = resolution.candidates.get(Slot::ApiKey).filter(|key| key.present) else {
        return Outcome::Skipped("skip-no-variable");
    };
    let (Some(Why::Declined), Some(source), None) = (&key.out, &key.source, resolution.cloud) else {
        return Outcome::Pass;
    };
    // Where something else signs in, the no may well have been meant.
    let status = if resolution.sends.is_empty() { Status::Fail } else { Status::Note };
    let found = Found::new("AL-1-02", status, format!("{}: declined when Claude Code asked", key.name))
        .with("name", key.name.as_str())
        .at(source);
    Outcome::Found(vec![found])
}
