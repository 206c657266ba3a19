//! A folder's file that names the program which prints the key: with `claude -p` it runs without a question.

use super::{Check, Found, HELP, Outcome, from_folder};
use crate::judge::Facts;
use crate::ladder::Slot;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C4.project_helper", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let helper = facts.resolution.candidates.get(Slot::Helper).filter(|helper| helper.stands());
    let Some(source) = helper.and_then(|helper| helper.source.as_ref()).filter(|source| from_folder(source)) else {
        return Outcome::Pass;
    };
    let found = Found::new("AL-4-13", Status::Note, "a folder's settings name the key helper")
        .with("path", source.path.clone().unwrap_or_default())
        .at(source)
        .help(HELP);
    Outcome::Found(vec![found])
}
