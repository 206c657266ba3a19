//! A later line of the profiles takes it away again.

use super::hint::{Hint, check, outcome};
use super::{Check, Outcome};
use crate::judge::Facts;

pub(super) const CHECK: Check = check("C1.key_unset_later", judge);

fn judge(facts: &Facts<'_>) -> Outcome {
    outcome(facts, |missing| match missing.hint {
        Hint::UnsetLater => Some(("AL-1-22", "unset again later", None)),
        _ => None,
    })
}
