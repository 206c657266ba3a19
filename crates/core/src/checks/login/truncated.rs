//! Half a login file, or NUL bytes in it: what a crash or a full disk leaves (observed: `cred-nul` and others).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::json::Fault;
use crate::judge::Facts;
use crate::reading::{Content, Encoding};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_whole", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let Some(Content::Malformed(error, Encoding::Utf8)) = facts.snapshot.login.content.found() else {
        return Outcome::Pass;
    };
    let code = match error.what {
        Fault::EndsEarly => "AL-2-12",
        Fault::Nul => "AL-2-15",
        _ => return Outcome::Pass,
    };
    let found = in_file(facts, code, Status::Fail, error.to_string());
    Outcome::Found(vec![found.with("line", error.at.line).with("column", error.at.column)])
}
