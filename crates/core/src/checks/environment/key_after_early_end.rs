//! It stands behind a line that ends the file.

use super::hint::{Hint, check, outcome};
use super::{Check, Outcome};
use crate::judge::Facts;
use crate::shell::Reach;

pub(super) const CHECK: Check = check("C1.key_after_early_end", judge);

fn judge(facts: &Facts<'_>) -> Outcome {
    outcome(facts, |missing| match missing.hint {
        Hint::AfterEnd => match missing.place.reach {
            Reach::AfterEnd(line) => Some(("AL-1-17", "set behind the end of the file", Some(line))),
            _ => None,
        },
        Hint::TerminalsOnly => Some((
            "AL-1-18",
            "set behind a line that ends the file where there is no terminal",
            missing.place.terminals_only,
        )),
        _ => None,
    })
}
