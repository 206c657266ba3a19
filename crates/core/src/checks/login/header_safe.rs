//! A character in the access token that cannot stand in a header.

use super::{in_file, in_keychain};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_header_safe", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let login = &facts.resolution.candidates.login;
    if in_keychain(facts) || !login.access {
        return Outcome::Skipped("skip-login-absent");
    }
    if login.header_safe {
        return Outcome::Pass;
    }
    Outcome::Found(vec![in_file(facts, "AL-2-06", Status::Fail, "a character that cannot stand in a header")])
}
