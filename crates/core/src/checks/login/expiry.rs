//! A login that has ended and cannot renew itself. A past end with a way to renew it is no fault.

use super::{in_file, readable};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_not_ended", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (now, login) = (facts.snapshot.examined.now_ms, &facts.resolution.candidates.login);
    if !readable(facts) {
        return Outcome::Skipped("skip-login-absent");
    }
    let past = |at: Option<i64>| at.is_some_and(|at| at <= now);
    let ended = |at: Option<i64>| at.map(crate::time::utc).unwrap_or_default();
    let found = if past(login.refresh_expires_ms) {
        // The access token may live a few hours longer than the sign-in.
        let status = if past(login.expires_ms) { Status::Fail } else { Status::Warn };
        in_file(facts, "AL-2-08", status, "the sign-in itself has ended").with("ended", ended(login.refresh_expires_ms))
    } else if past(login.expires_ms) && !login.refresh {
        in_file(facts, "AL-2-09", Status::Warn, "expired, with nothing to renew it")
            .with("ended", ended(login.expires_ms))
    } else {
        return Outcome::Pass;
    };
    Outcome::Found(vec![found])
}
