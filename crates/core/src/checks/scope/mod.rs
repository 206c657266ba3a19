//! Cause 4: settings that override one another.

use super::{Check, Found, Outcome};
use crate::claude_code::variables::{self, Purpose};
use crate::judge::Facts;
use crate::report::{Cause, Scope, Status};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "C4.project_redirects", cause: Cause::Scope, judge: project_redirects },
    Check { id: "C4.overrides", cause: Cause::Scope, judge: overrides },
];

/// A project file that sends the person's credential to an address of its own.
fn project_redirects(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(source) = &resolution.base_source else { return Outcome::Pass };
    if !matches!(source.scope, Some(Scope::Project | Scope::Local)) {
        return Outcome::Pass;
    }
    let foreign =
        resolution.sends.iter().find(|sent| !matches!(sent.source.scope, Some(Scope::Project | Scope::Local)));
    let (Some(sent), Ok(base)) = (foreign, &resolution.base) else { return Outcome::Pass };
    let status = if base.loopback { Status::Warn } else { Status::Fail };
    let found = Found::new("AL-4-01", status, format!("{} is sent to {}", sent.name, base.origin))
        .with("name", sent.name.as_str())
        .with("origin", base.origin.as_str())
        .with("path", source.path.clone().unwrap_or_default())
        .at(source)
        .at(&sent.source)
        .help("https://code.claude.com/docs/en/settings");
    Outcome::Found(vec![found])
}

/// Each variable that stands in more than one place with different values.
fn overrides(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for (name, setting) in facts.resolution.environment.iter() {
        let matters = variables::find(name).is_some_and(|fact| {
            matches!(
                fact.purpose,
                Purpose::Credential | Purpose::Endpoint | Purpose::Provider | Purpose::CloudCredential
            )
        });
        let Some(winner) = setting.winner().filter(|_| matters) else { continue };
        let losers: Vec<_> = setting
            .others()
            .iter()
            .filter(|other| other.ignored.is_none() && !other.value.is_blank() && !other.value.same_as(&winner.value))
            .collect();
        if losers.is_empty() {
            continue;
        }
        let blanked = winner.value.is_blank();
        let code = if blanked { "AL-4-03" } else { "AL-4-02" };
        let mut one = Found::new(code, Status::Warn, format!("{name} stands in {} places", losers.len() + 1))
            .with("name", name)
            .with("scope", winner.source.scope.map_or("process", Scope::word))
            .at(&winner.source)
            .help("https://code.claude.com/docs/en/settings");
        for loser in losers {
            one = one.at(&loser.source);
        }
        found.push(one);
    }
    Outcome::of(found)
}
