//! A line break, or a character that cannot stand in a header: Claude Code makes no request (observed: `key-*-newline`,
//! `key-*-unicode`). True whoever answers, and whatever else is sent.

use super::in_force::in_force;
use super::{Check, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.key_bad_character", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let variables = in_force(facts);
    if variables.is_empty() {
        return Outcome::Skipped("skip-no-variable");
    }
    let found = variables.iter().filter_map(|one| {
        let bad = one.value.bad_character()?;
        let code = format!("U+{:04X}", u32::from(bad.character));
        let kind = match bad.character {
            '\n' | '\r' => "line-break",
            '\0' => "nul",
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' => "invisible",
            '\u{2018}'..='\u{201f}' => "typographic-quote",
            '\u{2010}'..='\u{2015}' => "dash",
            '\u{2026}' => "ellipsis",
            _ => "other",
        };
        let debug = format!("{code} at character {}", bad.position);
        let found = one.found("AL-1-04", Status::Fail, &debug);
        Some(found.with("character", code).with("kind", kind).with("position", bad.position))
    });
    Outcome::of(found.collect())
}
