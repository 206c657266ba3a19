//! It stands in a file that this person's shell does not read.

use super::hint::{Hint, check, outcome};
use super::{Check, Outcome};
use crate::judge::Facts;

pub(super) const CHECK: Check = check("C1.key_in_other_shells_file", judge);

fn judge(facts: &Facts<'_>) -> Outcome {
    outcome(facts, |missing| match missing.hint {
        Hint::OtherShell => Some(("AL-1-16", "set in a file of another shell", None)),
        _ => None,
    })
}
