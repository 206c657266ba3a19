//! A login that has run out and renews itself: said, since people take it for the fault (observed: `oexp-expired*`).

use super::{in_file, readable};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_renewal", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (now, login) = (facts.snapshot.examined.now_ms, &facts.resolution.candidates.login);
    if !readable(facts) {
        return Outcome::Skipped("skip-login-absent");
    }
    let past = |at: Option<i64>| at.is_some_and(|at| at <= now);
    let renews = past(login.expires_ms) && login.refresh && !past(login.refresh_expires_ms);
    if !renews || facts.snapshot.login_folder_writable == Some(false) {
        return Outcome::Pass;
    }
    let found = in_file(facts, "AL-2-20", Status::Note, "expired, and renews itself");
    Outcome::Found(vec![found.with("ended", login.expires_ms.map(crate::time::utc).unwrap_or_default())])
}
