//! AL-1-16: the variable stands in a file of another shell. It is set in the one that a new terminal of this shell reads;
//! where it stood it stays, for whoever opens the other shell.

use super::{UNTIL_ANEW, file_of_new_terminals, new_terminal, place_at};
use crate::fixes::edit::{Edit, FileChange};
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::shell::edit::Change;

pub(in crate::fixes) const FIX: Fix = Fix { id: "F.set_in_own_profile", risk: Risk::Safe, mends: &["AL-1-16"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let place = place_at(facts, target.place()?)?;
    // A token of a login is not written anywhere by us.
    let value = place.value.clone().filter(|value| !value.holds_login_token())?;
    let (path, syntax) = file_of_new_terminals(facts)?;
    let changes = vec![Change::Assign { name: place.name.clone(), value }];
    if !super::can_be_made(facts, &path, syntax, &changes) {
        return None;
    }
    let told = new_terminal(facts, &place.name, None);
    let change = FileChange::Profile { syntax, changes };
    Some(Repair { brings: UNTIL_ANEW, ..Repair::of([Edit::File { path, change }, told]) })
}
