//! A profile sets it, and this program was started without it.

use super::hint::{Hint, check, outcome};
use super::{Check, Outcome};
use crate::judge::Facts;

pub(super) const CHECK: Check = check("C1.key_not_seen_here", judge);

fn judge(facts: &Facts<'_>) -> Outcome {
    outcome(facts, |missing| match missing.hint {
        Hint::NewTerminal => Some(("AL-1-19", "a new terminal has it, this environment does not", None)),
        Hint::AtLogin => Some(("AL-1-20", "set at sign-in, not seen here", None)),
        Hint::Conditional | Hint::Unclear => Some(("AL-1-21", "in a profile, and it could not be followed", None)),
        _ => None,
    })
}
