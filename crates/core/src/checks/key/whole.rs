//! Whether the key is all there.

use super::{Check, Found, KEYS_PAGE, Outcome, nothing_to_judge, well_formed};
use crate::judge::Facts;
use crate::report::{Cause, Outcome as LiveOutcome, Status};
use crate::secret::{CONSOLE_KEY_LENGTH, SecretKind};

pub(super) const CHECK: Check = Check { id: "C3.key_whole", cause: Cause::Key, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let keys = well_formed(facts);
    if keys.is_empty() {
        return nothing_to_judge(facts);
    }
    // The length is no fact that anybody vouches for: it is told, and counts once the key was refused.
    let refused = facts.live.outcome == LiveOutcome::Rejected;
    let mut found = Vec::new();
    for (sent, value) in keys {
        let length = value.length();
        let make = |code, status, debug: String| {
            Found::new(code, status, debug).with("name", sent.name.as_str()).at(&sent.source).help(KEYS_PAGE)
        };
        if value.is_masked_copy() {
            found.push(make("AL-3-03", Status::Fail, format!("{} holds a shortened copy", sent.name)));
        } else if value.kind() == SecretKind::ApiKey && length != CONSOLE_KEY_LENGTH {
            let status = if refused { Status::Warn } else { Status::Note };
            let than = if length < CONSOLE_KEY_LENGTH { "shorter" } else { "longer" };
            let debug = format!("{} has {length} characters, usual are {CONSOLE_KEY_LENGTH}", sent.name);
            let note = make("AL-3-04", status, debug).with("length", length).with("than", than);
            found.push(note.with("usual", CONSOLE_KEY_LENGTH));
        }
    }
    Outcome::of(found)
}
