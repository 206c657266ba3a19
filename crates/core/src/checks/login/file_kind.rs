//! Something that is no file where the login file should be (observed: `cred-*`).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::reading::Trouble;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_kind", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (code, debug) = match facts.snapshot.login.content.trouble() {
        Some(Trouble::Folder) => ("AL-2-16", "a folder stands in its place"),
        Some(Trouble::NotAFile) => ("AL-2-29", "a pipe or device stands in its place"),
        _ => return Outcome::Pass,
    };
    Outcome::Found(vec![in_file(facts, code, Status::Fail, debug)])
}
