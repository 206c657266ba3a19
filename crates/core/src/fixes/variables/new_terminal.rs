//! AL-1-19, -20, -24, -29: the profile is right, and this terminal was opened before. Nothing is changed: it is said what
//! to do, with the command that reads the file again in this terminal.

use super::place_at;
use crate::fixes::edit::Edit;
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::message::Message;
use crate::shell::Role;
use crate::shell::edit::command_for_this_terminal;

pub(in crate::fixes) const FIX: Fix =
    Fix { id: "F.open_new_terminal", risk: Risk::Manual, mends: &["AL-1-19", "AL-1-20", "AL-1-24", "AL-1-29"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let tell = |key: &'static str, name: &str, command| {
        let what = Message::new(key).with("name", name);
        Some(Repair::of([Edit::Tell { what, command, needs_elevation: false }]))
    };
    if target.code == "AL-1-20" {
        return tell("fix-sign-in-again", &place_at(facts, target.place()?)?.name, None);
    }
    let shell = facts.snapshot.shell.shell;
    let place = target.evidence.iter().find_map(|source| place_at(facts, source));
    let (path, name) = match place {
        Some(place) if place.role == Role::Terminal => (place.source.path.clone()?, place.name.clone()),
        Some(_) => return None,
        None => (target.place()?.path.clone()?, String::new()),
    };
    let command = command_for_this_terminal(&path, shell)?;
    tell(if name.is_empty() { "fix-read-profile-again" } else { "fix-new-terminal-or-command" }, &name, Some(command))
}
