//! A profile sets it and does not hand it on: programs do not get it.

use super::hint::{Hint, check, outcome};
use super::{Check, Outcome};
use crate::judge::Facts;

pub(super) const CHECK: Check = check("C1.key_not_exported", judge);

fn judge(facts: &Facts<'_>) -> Outcome {
    outcome(facts, |missing| match missing.hint {
        Hint::NotExported => Some(("AL-1-15", "set in a profile, not exported", None)),
        _ => None,
    })
}
