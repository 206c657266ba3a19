//! An empty login file: what a full disk or a crash leaves (observed: `cred-empty`).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::reading::Content;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_empty", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    match facts.snapshot.login.content.found() {
        Some(Content::Blank) => Outcome::Found(vec![in_file(facts, "AL-2-11", Status::Fail, "empty, or blanks alone")]),
        _ => Outcome::Pass,
    }
}
