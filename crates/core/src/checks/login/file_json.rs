//! Any other slip in the text of the login file: a comment, a comma, two objects (observed: `cred-trailing-comma` and others).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::json::Fault;
use crate::judge::Facts;
use crate::reading::{Content, Encoding};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_json", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let Some(Content::Malformed(error, Encoding::Utf8)) = facts.snapshot.login.content.found() else {
        return Outcome::Pass;
    };
    if matches!(error.what, Fault::EndsEarly | Fault::Nul) {
        return Outcome::Pass;
    }
    let found = in_file(facts, "AL-2-04", Status::Fail, error.to_string())
        .with("fault", error.what.word())
        .with("line", error.at.line)
        .with("column", error.at.column);
    Outcome::Found(vec![found])
}
