//! A name that is near to one that Claude Code knows (observed: `key-*`, `url-var-*`: case counts, others are not known).

use super::hint::status;
use super::{Check, Found, Outcome};
use crate::claude_code::near_misses::resembles;
use crate::judge::Facts;
use crate::report::{Cause, Source, Status};
use crate::secret::{Secret, SecretKind};
use crate::shell::{Act, Reach};

pub(super) const CHECK: Check = Check { id: "C1.key_misspelt", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut found: Vec<Found> = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for variable in &facts.snapshot.examined.variables {
        if let Some(meant) = meant(facts, &variable.name, &variable.value) {
            told.push(&variable.name);
            found.push(finding(facts, &variable.name, meant, Some(&variable.value), &variable.source));
        }
    }
    for place in facts.snapshot.shell.places.iter().filter(|place| place.act == Act::Set && !place.overwritten) {
        let reached = matches!(place.reach, Reach::Always | Reach::Perhaps);
        let value = place.value.as_ref();
        let meant = value.map_or_else(|| meant_name(facts, &place.name), |value| meant(facts, &place.name, value));
        if let Some(meant) = meant.filter(|_| reached && !told.contains(&place.name.as_str())) {
            told.push(&place.name);
            found.push(finding(facts, &place.name, meant, value, &place.source));
        }
    }
    Outcome::of(found)
}

fn meant(facts: &Facts<'_>, name: &str, value: &Secret) -> Option<&'static str> {
    meant_name(facts, name).filter(|_| !value.is_blank())
}

/// The name that was meant. Where that one is set too, the other is for another program.
fn meant_name(facts: &Facts<'_>, name: &str) -> Option<&'static str> {
    resembles(facts.snapshot.examined.platform, name).filter(|meant| facts.resolution.environment.set(meant).is_none())
}

fn finding(facts: &Facts<'_>, name: &str, meant: &'static str, value: Option<&Secret>, source: &Source) -> Found {
    // Other programs have names like these: only what looks like a key of Anthropic was surely meant for it.
    let anthropics = value.is_some_and(|value| value.kind() != SecretKind::Other);
    let status = match status(facts, meant) {
        Status::Warn if !anthropics && !name.eq_ignore_ascii_case(meant) => Status::Note,
        status => status,
    };
    Found::new("AL-1-23", status, format!("{name}: Claude Code knows {meant}"))
        .with("name", name)
        .with("meant", meant)
        .at(source)
        .help("https://code.claude.com/docs/en/env-vars")
}
