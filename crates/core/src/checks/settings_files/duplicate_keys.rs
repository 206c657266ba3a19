//! A name that stands twice in one settings file: the last one counts, without a word (observed: `sf-duplicate-*`).

use std::collections::HashMap;

use super::{HELP, name, owner};
use crate::checks::{Check, Found, Outcome};
use crate::json::{Position, Value};
use crate::judge::Facts;
use crate::report::{Cause, Source, Status};

pub(super) const CHECK: Check = Check { id: "G.settings_duplicate_keys", cause: Cause::SettingsFiles, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for file in &facts.snapshot.settings {
        let Some(root) = file.document.json().map(crate::json::Json::root) else { continue };
        let inner = root.members().filter(|member| member.name() == "env").flat_map(|member| twice(member.value));
        for (key, first, last) in twice(root).into_iter().chain(inner) {
            let place = |at: Position| Source {
                line: Some(at.line),
                column: Some(at.column),
                name: Some(key.clone()),
                ..file.source()
            };
            let one = Found::new("AL-0-07", Status::Note, format!("{key} stands twice"))
                .with("path", name(file))
                .with("key", key.as_str())
                .with("first", first.line)
                .with("line", last.line)
                .owned_by(owner(file))
                .at(&place(last))
                .at(&place(first))
                .help(HELP);
            found.push(one);
        }
    }
    Outcome::of(found)
}

/// Each name of an object that stands more than once: its first place and its last.
fn twice(object: Value<'_>) -> Vec<(String, Position, Position)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut doubled: Vec<(String, Position, Position)> = Vec::new();
    let members: Vec<_> = object.members().collect();
    for (index, member) in members.iter().enumerate() {
        let name = member.name().into_owned();
        match doubled.iter_mut().find(|(known, ..)| *known == name) {
            Some(known) => known.2 = member.position(),
            None => match seen.get(&name) {
                Some(first) => doubled.push((name, members[*first].position(), member.position())),
                None => {
                    seen.insert(name, index);
                }
            },
        }
        if doubled.len() >= NAMED_AT_MOST {
            break;
        }
    }
    doubled
}

/// So many are named of one object; a file with more has another trouble.
const NAMED_AT_MOST: usize = 20;
