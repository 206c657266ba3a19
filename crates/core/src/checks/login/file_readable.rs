//! Whether the login file can be read: Claude Code takes one that cannot for none (observed: `cred-mode-000`).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::reading::Trouble;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_readable", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (code, status, trouble) = match facts.snapshot.login.content.trouble() {
        Some(trouble @ Trouble::Denied) => ("AL-2-07", Status::Fail, trouble),
        Some(trouble @ (Trouble::TooLarge | Trouble::Failed | Trouble::Changing)) => ("AL-2-39", Status::Fail, trouble),
        _ => return Outcome::Pass,
    };
    Outcome::Found(vec![in_file(facts, code, status, trouble.word()).with("trouble", trouble.word())])
}
