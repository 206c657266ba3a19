//! AL-1-23: a name that is near to one of Claude Code's. It is written as Claude Code knows it; where the shell uses the
//! old name elsewhere, nothing is offered.

use super::Held;
use crate::claude_code::near_misses::resembles;
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;

pub(in crate::fixes) const FIX: Fix = Fix { id: "F.rename_variable", risk: Risk::Safe, mends: &["AL-1-23"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let held = Held::at(facts, target.place()?)?;
    let to = resembles(facts.snapshot.examined.platform, &held.name)?;
    held.renamed(facts, to)
}
