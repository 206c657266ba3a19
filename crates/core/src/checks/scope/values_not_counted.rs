//! Values that stand in settings and do not count there: in a folder that is not trusted, in a file that was dropped
//! or left out, or a variable that a folder's files may not set.

use super::{Check, Found, HELP, Outcome, reason_or, takes_part};
use crate::claude_code::variables::{self, Purpose};
use crate::environment::Ignored;
use crate::judge::Facts;
use crate::report::{Cause, Source, Status};

pub(super) const CHECK: Check = Check { id: "C4.values_not_counted", cause: Cause::Scope, judge };

struct Group {
    why: Ignored,
    sources: Vec<Source>,
    credential: bool,
}

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |why: Ignored, source: &Source, credential: bool| {
        let same = |group: &&mut Group| group.why == why && group.sources[0].path == source.path;
        match groups.iter_mut().find(same) {
            Some(group) => {
                group.sources.push(source.clone());
                group.credential |= credential;
            }
            None => groups.push(Group { why, sources: vec![source.clone()], credential }),
        }
    };
    for (name, setting) in facts.resolution.environment.iter() {
        let Some(fact) = variables::find(name).filter(|fact| takes_part(fact)) else { continue };
        for place in &setting.places {
            let same = setting.winner().is_some_and(|winner| winner.value.same_as(&place.value));
            if let (Some(why), false) = (place.ignored, same) {
                add(why, &place.source, fact.purpose == Purpose::Credential && !place.value.is_blank());
            }
        }
    }
    if let Some(helper) = facts.resolution.candidates.helper.first()
        && let Some(why) = helper.ignored
    {
        add(why, &helper.source, true);
    }
    Outcome::of(groups.iter().filter_map(|group| finding(facts, group)).collect())
}

fn finding(facts: &Facts<'_>, group: &Group) -> Option<Found> {
    let reason = |otherwise| if group.credential { reason_or(facts, otherwise) } else { Status::Note };
    let (code, status) = match group.why {
        // The fault is told where the settings files are judged.
        Ignored::FileDropped => ("AL-4-09", Status::Note),
        Ignored::NotFromProject => ("AL-4-12", reason(Status::Warn)),
        Ignored::Untrusted => {
            let only = facts.resolution.sends.is_empty() && group.credential;
            ("AL-4-14", if only { Status::Warn } else { Status::Note })
        }
        Ignored::SourceLeftOut => ("AL-4-15", reason(Status::Note)),
        // That flag has a check of its own.
        Ignored::Bare => return None,
    };
    let names: Vec<&str> = group.sources.iter().filter_map(|source| source.name.as_deref()).collect();
    let first = names.first().copied().unwrap_or_default();
    let mut found = Found::new(code, status, format!("{} not counted: {:?}", names.join(", "), group.why))
        .with("name", first)
        .with("names", names.join(", "))
        .with("more", names.len().saturating_sub(1))
        .with("path", group.sources[0].path.clone().unwrap_or_default())
        .help(HELP);
    for source in &group.sources {
        found = found.at(source);
    }
    Some(found)
}
