//! AL-1-15: the profile sets a variable and does not hand it on. The word that does is put before it.

use super::{Line, UNTIL_ANEW, changed, for_administrator, is_own, new_terminal, place_at};
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::shell::Shell;
use crate::shell::edit::Change;

pub(in crate::fixes) const FIX: Fix = Fix { id: "F.export_variable", risk: Risk::Safe, mends: &["AL-1-15"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let place = place_at(facts, target.place()?)?;
    let line = Line::of(place)?;
    let name = place.name.clone();
    if !is_own(facts, &line.path) {
        return Some(Repair::of([for_administrator("fix-admin-export", &line.path, &name)]));
    }
    // A terminal that has read the file has it, and only has to hand it on.
    let command = match facts.snapshot.shell.shell {
        Shell::Fish => format!("set -gx {name} ${name}"),
        _ => format!("export {name}"),
    };
    let told = new_terminal(facts, &name, Some(command));
    let mut edits = changed(facts, [(&line, Change::Export { line: line.line, column: line.column, name })])?;
    edits.push(told);
    Some(Repair { brings: UNTIL_ANEW, ..Repair::of(edits) })
}
