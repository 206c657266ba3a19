//! Without the scope `user:inference` a login counts as none (observed: `cred-empty-scopes`, `cred-profile-scope-only`).

use super::{in_file, in_keychain};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_scope", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let login = &facts.resolution.candidates.login;
    if in_keychain(facts) || !login.present || !login.access {
        return Outcome::Skipped("skip-login-absent");
    }
    match login.may_infer {
        Some(true) => Outcome::Pass,
        Some(false) => {
            let debug = "the scope user:inference is missing";
            Outcome::Found(vec![in_file(facts, "AL-2-05", Status::Fail, debug)])
        }
        None => Outcome::Unknown("unknown-login-scope"),
    }
}
