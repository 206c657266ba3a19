//! AL-1-25: the profiles set one variable to two values. The one that does not count becomes a comment.

use super::{Line, changed, is_own, place_at};
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;

pub(in crate::fixes) const FIX: Fix = Fix { id: "F.drop_second_value", risk: Risk::Safe, mends: &["AL-1-25"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let [last, ..] = target.evidence else { return None };
    let last = place_at(facts, last)?;
    let value = last.value.as_ref()?;
    let differs = |place: &&crate::shell::Place| {
        place.overwritten && place.value.as_ref().is_some_and(|other| !other.same_as(value))
    };
    let others: Vec<_> = facts.snapshot.shell.of(&last.name).filter(differs).collect();
    let lines = others.into_iter().map(|place| Line::of(place).filter(|line| is_own(facts, &line.path)));
    let lines = lines.collect::<Option<Vec<_>>>().filter(|lines| !lines.is_empty())?;
    Some(Repair::of(changed(facts, lines.iter().map(|line| (line, line.set_aside(&last.name))))?))
}
