//! Each variable that stands in more than one place with different values: who wins, and who loses.

use super::{Check, Found, HELP, Outcome, place_word, takes_part};
use crate::claude_code::variables::{self, Fact, Purpose};
use crate::environment::Occurrence;
use crate::judge::Facts;
use crate::report::{Cause, Scope, Source, Status};

pub(super) const CHECK: Check = Check { id: "C4.overrides", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for (name, setting) in facts.resolution.environment.iter() {
        let Some(fact) = variables::find(name).filter(|fact| takes_part(fact)) else { continue };
        let Some(winner) = setting.winner().filter(|winner| !winner.value.is_blank()) else { continue };
        let counts = |other: &&Occurrence| {
            other.ignored.is_none() && !other.value.is_blank() && !other.value.same_as(&winner.value)
        };
        let losers: Vec<_> = setting.others().iter().filter(counts).collect();
        let Some(strongest) = losers.first() else { continue };
        let status = if surprises(facts, fact, winner, &losers) { Status::Warn } else { Status::Note };
        let mut one = Found::new("AL-4-02", status, format!("{name} stands in {} places", losers.len() + 1))
            .with("name", name)
            .with("scope", place_word(&winner.source))
            .with("loser", place_word(&strongest.source))
            .at(&winner.source)
            .help(HELP);
        for loser in losers {
            one = one.at(&loser.source);
        }
        found.push(one);
    }
    found.extend(helpers(facts));
    Outcome::of(found)
}

/// The command in `apiKeyHelper`: the strongest file's is run, no other.
fn helpers(facts: &Facts<'_>) -> Option<Found> {
    let (winner, others) = facts.resolution.candidates.helper.split_first()?;
    let others = others.iter().filter(|other| other.ignored.is_none() && !other.value.same_as(&winner.value));
    let losers: Vec<&Source> = others.map(|other| &other.source).collect();
    let winner = &winner.source;
    let strongest = losers.first()?;
    let meant = matches!(winner.scope, Some(Scope::CommandLine | Scope::Local | Scope::Managed));
    let status = if meant { Status::Note } else { Status::Warn };
    let mut one = Found::new("AL-4-02", status, format!("apiKeyHelper stands in {} files", losers.len() + 1))
        .with("name", "apiKeyHelper")
        .with("scope", place_word(winner))
        .with("loser", place_word(strongest))
        .at(winner)
        .help(HELP);
    for loser in losers {
        one = one.at(loser);
    }
    Some(one)
}

/// Whether somebody would wonder. A flag was just typed, local settings are the person's own for this folder, and the
/// organisation's win by their nature; nobody wonders about a value that takes no part.
fn surprises(facts: &Facts<'_>, fact: &Fact, winner: &Occurrence, losers: &[&Occurrence]) -> bool {
    let resolution = facts.resolution;
    let meant = matches!(winner.source.scope, Some(Scope::CommandLine | Scope::Local | Scope::Managed));
    let in_force = match fact.purpose {
        Purpose::Credential | Purpose::CloudCredential => {
            resolution.sends.iter().any(|sent| sent.name == fact.name || sent.source.name.as_deref() == Some(fact.name))
        }
        Purpose::Endpoint => {
            resolution.base_source.as_ref().is_some_and(|source| source.name.as_deref() == Some(fact.name))
        }
        Purpose::Provider => {
            let on = |place: &Occurrence| variables::is_on(place.value.plain());
            fact.name.starts_with("CLAUDE_CODE_USE_") && losers.iter().any(|loser| on(loser) != on(winner))
        }
        _ => false,
    };
    in_force && !meant
}
