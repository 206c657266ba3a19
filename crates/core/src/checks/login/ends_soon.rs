//! A sign-in that ends within days, whatever is renewed until then (observed: `oexp-refresh-token-1day`).

use super::{in_file, readable};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_lasts", cause: Cause::Login, judge };

/// Claude Code was seen to warn a day before, and not to warn twenty-five days before.
const SOON_MS: i64 = 2 * 24 * 60 * 60 * 1000;

fn judge(facts: &Facts<'_>) -> Outcome {
    let end = facts.resolution.candidates.login.refresh_expires_ms;
    let Some(end) = end.filter(|_| readable(facts)) else { return Outcome::Skipped("skip-login-no-end") };
    let left = end - facts.snapshot.examined.now_ms;
    if left <= 0 || left > SOON_MS {
        return Outcome::Pass;
    }
    let found = in_file(facts, "AL-2-46", Status::Note, "the sign-in ends within two days");
    Outcome::Found(vec![found.with("ends", crate::time::utc(end))])
}
