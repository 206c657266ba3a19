//! AL-1-17, AL-1-18: the variable is set behind a line at which the file ends, for every shell or for those without a
//! terminal. It is set before that line, and where it stood it becomes a comment.

use super::{Line, UNTIL_ANEW, can_be_made, file_of_new_terminals, is_own, new_terminal, place_at};
use crate::fixes::edit::{Edit, FileChange};
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::shell::edit::Change;

pub(in crate::fixes) const FIX: Fix =
    Fix { id: "F.set_where_reached", risk: Risk::Safe, mends: &["AL-1-17", "AL-1-18"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let place = place_at(facts, target.place()?)?;
    // A token of a login is not written anywhere by us.
    let value = place.value.clone().filter(|value| !value.holds_login_token())?;
    let line = Line::of(place).filter(|line| is_own(facts, &line.path))?;
    let (path, syntax) = file_of_new_terminals(facts)?;
    // What ends in one file may go on in another: of that nothing is certain.
    if path != line.path || syntax != line.syntax {
        return None;
    }
    let name = place.name.clone();
    let changes = vec![line.set_aside(&name), Change::Assign { name: name.clone(), value }];
    if !can_be_made(facts, &path, syntax, &changes) {
        return None;
    }
    let told = new_terminal(facts, &name, None);
    let change = FileChange::Profile { syntax, changes };
    Some(Repair { brings: UNTIL_ANEW, ..Repair::of([Edit::File { path, change }, told]) })
}
