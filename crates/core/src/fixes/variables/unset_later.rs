//! AL-1-22: a later line of the profiles takes the variable away. That line becomes a comment.

use super::{Line, UNTIL_ANEW, changed, is_own, new_terminal, place_at};
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::shell::{Act, Place, Reach};

pub(in crate::fixes) const FIX: Fix = Fix { id: "F.keep_variable_set", risk: Risk::Safe, mends: &["AL-1-22"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let place = place_at(facts, target.place()?)?;
    let takes = |other: &&Place| {
        other.act == Act::Unset && other.role == place.role && matches!(other.reach, Reach::Always | Reach::Perhaps)
    };
    let after = facts.snapshot.shell.of(&place.name).skip_while(|other| other.source != place.source).filter(takes);
    let lines = after.map(|other| Line::of(other).filter(|line| is_own(facts, &line.path)));
    let lines = lines.collect::<Option<Vec<_>>>()?;
    if lines.is_empty() {
        return None;
    }
    let mut edits = changed(facts, lines.iter().map(|line| (line, line.set_aside(&place.name))))?;
    edits.push(new_terminal(facts, &place.name, None));
    Some(Repair { brings: UNTIL_ANEW, ..Repair::of(edits) })
}
