//! A folder's file that sends the person's credential to an address of its own: told before anything is sent.

use super::{Check, Found, HELP, Outcome, from_folder};
use crate::environment::Ignored;
use crate::judge::Facts;
use crate::report::{Cause, Source, Status};
use crate::route::Filled;
use crate::url::{self, Base};

pub(super) const CHECK: Check = Check { id: "C4.project_redirects", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(sent) = resolution.sends.iter().find(|sent| !from_folder(&sent.source)) else {
        return Outcome::Pass;
    };
    match (&resolution.base_source, &resolution.base) {
        (Some(source), Ok(base)) if from_folder(source) => Outcome::Found(vec![finding(sent, source, base, "now")]),
        _ => match after_trust(facts) {
            Some((source, base)) => Outcome::Found(vec![finding(sent, &source, &base, "after-trust")]),
            None => Outcome::Pass,
        },
    }
}

/// The address that a folder names which is not trusted yet, where nothing stronger stands against it.
fn after_trust(facts: &Facts<'_>) -> Option<(Source, Base)> {
    let resolution = facts.resolution;
    let setting = resolution.environment.get("ANTHROPIC_BASE_URL").filter(|_| resolution.cloud.is_none())?;
    let place = setting.places.iter().find(|place| place.ignored == Some(Ignored::Untrusted))?;
    let stronger = setting.winner().and_then(|winner| winner.source.scope);
    if matches!(stronger, Some(crate::report::Scope::Managed | crate::report::Scope::CommandLine)) {
        return None;
    }
    let base = url::base(place.value.reveal()).ok()?;
    let elsewhere = resolution.base.as_ref().ok().is_none_or(|now| now.origin != base.origin);
    elsewhere.then(|| (place.source.clone(), base))
}

fn finding(sent: &Filled, source: &Source, base: &Base, when: &'static str) -> Found {
    // On this machine it is most likely a proxy that the person runs.
    let status = if base.loopback { Status::Warn } else { Status::Fail };
    Found::new("AL-4-01", status, format!("{} is sent to {} ({when})", sent.name, base.origin))
        .with("name", sent.name.as_str())
        .with("origin", base.origin.as_str())
        .with("path", source.path.clone().unwrap_or_default())
        .with("when", when)
        .at(source)
        .at(&sent.source)
        .help(HELP)
}
