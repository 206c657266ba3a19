//! Whether what goes to Anthropic's own API is one of its keys. A gateway hands out what it likes.

use super::{Check, Found, KEYS_PAGE, Outcome, nothing_to_judge, well_formed};
use crate::judge::Facts;
use crate::report::{Cause, Provider, Status};
use crate::secret::SecretKind;

pub(super) const CHECK: Check = Check { id: "C3.key_is_anthropics", cause: Cause::Key, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    if facts.resolution.provider != Provider::Anthropic {
        return Outcome::Skipped("skip-key-elsewhere");
    }
    let keys = well_formed(facts);
    if keys.is_empty() {
        return nothing_to_judge(facts);
    }
    let mut found = Vec::new();
    for (sent, value) in keys {
        let make = |code, status, debug: String| {
            Found::new(code, status, debug).with("name", sent.name.as_str()).at(&sent.source).help(KEYS_PAGE)
        };
        match (value.vendor(), value.kind()) {
            (Some(vendor), _) => {
                let debug = format!("{} holds a key of {vendor}", sent.name);
                found.push(make("AL-3-02", Status::Fail, debug).with("vendor", vendor));
            }
            (None, SecretKind::Other) => {
                found.push(make("AL-3-08", Status::Warn, format!("{} does not begin with sk-ant-", sent.name)));
            }
            _ => {}
        }
    }
    Outcome::of(found)
}
