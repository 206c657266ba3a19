//! Claude Code signs in otherwise, or not at all, where another program starts it.

use super::{Check, Found, Outcome};
use crate::contexts::Elsewhere;
use crate::judge::Facts;
use crate::message::Argument;
use crate::report::{Cause, Context, Source, Status};

/// The code of what differs.
pub(crate) const CODE: &str = "AL-1-40";

pub(super) const CHECK: Check = Check { id: "C1.contexts_differ", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let examined = &facts.snapshot.examined;
    // Of other folders the table of contexts tells.
    let comparable = |there: &&Elsewhere| {
        ![examined.context, Context::Process].contains(&there.context) && there.project == examined.project
    };
    // Why this very process lacks what a new terminal has, other checks tell by the line of the profile.
    if examined.context == Context::Process || !facts.resolution.unsure(examined).is_empty() {
        return Outcome::Pass;
    }
    let found = facts.elsewhere.iter().filter(comparable).filter_map(|there| finding(facts, there));
    Outcome::of(found.collect())
}

fn finding(facts: &Facts<'_>, there: &Elsewhere) -> Option<Found> {
    let because = there.difference_from(facts.resolution, true)?;
    let nothing = |sends: &[crate::route::Filled]| sends.is_empty();
    // Where nobody signs in here, this is why; else it may well be meant.
    let missing_here = nothing(&facts.resolution.sends) && !nothing(&there.resolution.sends);
    let status = if missing_here { Status::Warn } else { Status::Note };
    let here = facts.snapshot.examined.context.word();
    let debug = format!("{here} and {} differ: {}", there.context.word(), because.key);
    let outcome = match (nothing(&facts.resolution.sends), nothing(&there.resolution.sends)) {
        (true, false) => "nothing-here",
        (false, true) => "nothing-there",
        _ => "other",
    };
    let mut found = Found::new(CODE, status, debug)
        .with("here", here)
        .with("there", there.context.word())
        .with("outcome", outcome)
        .with("because", because.key.as_ref())
        .help("https://code.claude.com/docs/en/env-vars");
    found.args.extend(because.args);
    let both = [facts.resolution, &there.resolution];
    // The variable that makes the difference; where there is none, what is sent.
    let name = found.args.iter().find_map(|(name, value)| match value {
        Argument::Text(text) if *name == "name" => Some(text.clone()),
        _ => None,
    });
    let set = name.iter().flat_map(|name| both.iter().filter_map(|there| there.environment.winner(name)));
    let mut places: Vec<&Source> = set.map(|place| &place.source).collect();
    if places.is_empty() {
        places = both.iter().filter_map(|there| there.sends.first()).map(|sent| &sent.source).collect();
    }
    places.dedup();
    Some(places.into_iter().fold(found, |found, place| found.at(place)))
}
