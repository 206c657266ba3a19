//! A link in the place of the login file that leads nowhere (observed: a good link works: `cred-symlink`).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::reading::Trouble;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_link", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (code, debug) = match facts.snapshot.login.content.trouble() {
        Some(Trouble::DanglingLink) => ("AL-2-17", "a link to a file that is not there"),
        Some(Trouble::LinkLoop) => ("AL-2-18", "links in a circle"),
        _ => return Outcome::Pass,
    };
    Outcome::Found(vec![in_file(facts, code, Status::Fail, debug)])
}
