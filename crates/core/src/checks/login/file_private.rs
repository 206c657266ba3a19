//! A login file that other accounts of the machine can read. Claude Code takes it all the same (observed: `cred-*`).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_private", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let login = &facts.snapshot.login;
    let Some(mode) = login.facts.mode.filter(|_| login.json().is_some()) else {
        return Outcome::Skipped("skip-login-absent");
    };
    if mode & 0o077 == 0 {
        return Outcome::Pass;
    }
    let debug = format!("mode {mode:03o}");
    Outcome::Found(vec![in_file(facts, "AL-2-22", Status::Note, debug).with("mode", format!("{mode:03o}"))])
}
