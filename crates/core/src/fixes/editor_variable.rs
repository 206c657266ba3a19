//! A variable goes out of an editor's settings, whose comments stay: AL-1-30 differs from what is used here, AL-1-31 cannot be
//! a key, AL-4-19 would send the person's credential elsewhere.

use super::{Edit, FileChange, Fix, Repair, Risk, Target};
use crate::editors;
use crate::json::Position;
use crate::json::edit::{Change, Dialect};
use crate::judge::Facts;

pub(super) const FIX: Fix =
    Fix { id: "F.remove_editor_variable", risk: Risk::Careful, mends: &["AL-1-30", "AL-1-31", "AL-4-19"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let source = target.place()?;
    let variables = facts.snapshot.editors.iter().flat_map(|settings| &settings.variables);
    let variable = variables.into_iter().find(|variable| variable.source == *source)?;
    let at = Position { line: source.line?, column: source.column? };
    // The panel's list has an object for each, and the place is that of its value.
    let outwards = usize::from(variable.target == editors::Target::Extension);
    let changes = vec![Change::RemoveAt { at, outwards }];
    let change = FileChange::Json { dialect: Dialect::WithComments, changes };
    Some(Repair::of([Edit::File { path: source.path.clone()?, change }]))
}
