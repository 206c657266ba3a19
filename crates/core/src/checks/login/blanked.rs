//! What Claude Code leaves after the renewal was refused: both tokens blank (observed: `cred-wiped*`).

use super::{in_file, in_keychain};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_not_blanked", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    if in_keychain(facts) {
        return Outcome::Skipped("skip-login-absent");
    }
    if facts.resolution.candidates.login.blanked {
        let debug = "blanked after its renewal was refused";
        Outcome::Found(vec![in_file(facts, "AL-2-03", Status::Fail, debug)])
    } else {
        Outcome::Pass
    }
}
