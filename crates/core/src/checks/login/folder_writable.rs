//! A folder that cannot be written: no renewal is tried then (observed: `oexp-readonly-file`, `cred-claude-dir-555`).

use super::{in_file, readable};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_folder_writable", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (snapshot, login) = (facts.snapshot, &facts.resolution.candidates.login);
    if !readable(facts) || !login.refresh {
        return Outcome::Skipped("skip-login-absent");
    }
    if snapshot.login_folder_writable != Some(false) {
        return Outcome::Pass;
    }
    let folder = snapshot.login.path.trim_end_matches(".credentials.json").trim_end_matches(['/', '\\']);
    let expired = login.expires_ms.is_some_and(|at| at <= snapshot.examined.now_ms);
    let found = if expired {
        in_file(facts, "AL-2-10", Status::Warn, "expired, and its folder cannot be written")
    } else {
        in_file(facts, "AL-2-21", Status::Warn, "its folder cannot be written, so it will not renew itself")
    };
    Outcome::Found(vec![found.with("folder", folder)])
}
