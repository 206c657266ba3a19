//! A program on this machine that Claude Code was pointed at: which one it is, what it did, how to leave it. Where
//! nothing listens, the check of the port says it.

use super::super::{Check, Found, Outcome};
use super::{GATEWAY_PAGE, base_variable};
use crate::environment::Occurrence;
use crate::judge::Facts;
use crate::report::{Cause, Provider, Status};
use crate::residents::{self, Certainty, Recognised};
use crate::url;

pub(super) const CHECK: Check = Check { id: "C5.resident", cause: Cause::Endpoint, judge };

/// The variables that hold what a resident writes in place of a key.
const KEYS: [&str; 2] = ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"];

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let mut found = Vec::new();
    match (&resolution.base, &resolution.base_source) {
        (Ok(base), Some(source)) if base.loopback => {
            let ports = facts.snapshot.listening.found().filter(|_| !facts.snapshot.examined.host.wsl);
            if ports.is_some_and(|ports| !ports.contains(&base.port)) && !facts.live.outcome.is_answer() {
                return Outcome::Skipped("skip-nothing-listens");
            }
            // A guess by the port is worth no word where all is well.
            let guess = |recognised: &Recognised<'_>| recognised.certainty == Certainty::Likely;
            let answered = facts.live.outcome.is_answer();
            let recognised = here(facts);
            let holder = residents::holder(facts.snapshot, base);
            let one = match &recognised {
                Some(recognised) if !(answered && guess(recognised)) => {
                    Some(finding("AL-5-100", Status::Note, recognised, "asked"))
                }
                // Nobody that is known; but it stands in Anthropic's place.
                None if holder.is_some() && !answered => {
                    let one = Found::new("AL-5-100", Status::Note, "asked, held by a program that is not known");
                    Some(about(one, None).help(GATEWAY_PAGE))
                }
                _ => None,
            };
            found.extend(one.map(|one| {
                let program = holder.map_or("", |holder| holder.program.as_str());
                one.with("port", base.port.to_string())
                    .with("held", if holder.is_some() { "yes" } else { "no" })
                    .with("holder", program)
                    .at(source)
            }));
        }
        _ => found.extend(stand_in(facts)),
    }
    if found.is_empty() {
        found.extend(left_over(facts));
    }
    Outcome::of(found)
}

/// The resident at the address that is asked.
pub(super) fn here<'a>(facts: &'a Facts<'_>) -> Option<Recognised<'a>> {
    let resolution = facts.resolution;
    let sent = resolution.sends.iter().filter_map(|sent| sent.value.as_ref());
    residents::at(facts.snapshot, resolution.base.as_ref().ok()?, sent)
}

/// What a resident wrote in place of a key, sent to somebody who does not know it.
fn stand_in(facts: &Facts<'_>) -> Option<Found> {
    let resolution = facts.resolution;
    let sent = resolution.sends.iter().find(|sent| sent.value.as_ref().and_then(residents::of_mark).is_some())?;
    let resident = sent.value.as_ref().and_then(residents::of_mark)?;
    let alone = resolution.sends.iter().all(|other| other.name == sent.name);
    // Another gateway may take any key.
    let status = if alone && resolution.provider == Provider::Anthropic { Status::Fail } else { Status::Warn };
    let recognised = residents::of(facts.snapshot, resident);
    Some(
        finding("AL-5-101", status, &recognised, "sent elsewhere")
            .with("variable", sent.name.as_str())
            .at(&sent.source),
    )
}

/// What a resident wrote, and something stronger stands against it.
fn left_over(facts: &Facts<'_>) -> Option<Found> {
    let environment = &facts.resolution.environment;
    let without_effect = |name: &str| environment.get(name).map(|setting| setting.others()).unwrap_or_default();
    let address = |place: &Occurrence| {
        let base = url::base(place.value.plain()).ok()?;
        residents::at(facts.snapshot, &base, []).filter(|found| found.certainty == Certainty::Known)
    };
    let key = |place: &Occurrence| {
        let resident = residents::of_mark(&place.value)?;
        let known = residents::of(facts.snapshot, resident);
        Some(Recognised { certainty: Certainty::Known, ..known })
    };
    let of_address = without_effect(base_variable(facts)).iter().find_map(|place| Some((address(place)?, place)));
    let (recognised, place) = of_address
        .or_else(|| KEYS.into_iter().flat_map(without_effect).find_map(|place| Some((key(place)?, place))))?;
    let one = finding("AL-5-102", Status::Note, &recognised, "left over");
    Some(one.with("variable", place.source.name.clone().unwrap_or_default()).at(&place.source))
}

fn finding(code: &'static str, status: Status, recognised: &Recognised<'_>, what: &str) -> Found {
    let Recognised { resident, certainty, runs, .. } = recognised;
    let debug = format!("{}: {what}, {}, runs: {runs}", resident.id, certainty.word());
    about(Found::new(code, status, debug), Some(recognised)).help(GATEWAY_PAGE)
}

/// With what sentences need to name a resident; none where there is none.
pub(super) fn about(found: Found, recognised: Option<&Recognised<'_>>) -> Found {
    found
        .with("resident", recognised.map_or("none", |recognised| recognised.resident.id))
        .with("program", recognised.map_or("", |recognised| recognised.resident.name))
        .with("sure", recognised.map_or("none", |recognised| recognised.certainty.word()))
        .with("starts", if recognised.is_some_and(|recognised| recognised.starts.is_some()) { "yes" } else { "no" })
}
