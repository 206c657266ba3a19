//! A folder's file that sends the person's credential to an address of its own: told before anything is sent.

use super::{Check, Found, HELP, Outcome, from_folder};
use crate::environment::Ignored;
use crate::judge::Facts;
use crate::ladder::{Candidate, Why};
use crate::report::{Cause, CredentialKind, Scope, Source, Status};
use crate::url::{self, Base};

pub(super) const CHECK: Check = Check { id: "C4.project_redirects", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(own) = own_credential(facts) else { return Outcome::Pass };
    match (&resolution.base_source, &resolution.base) {
        (Some(source), Ok(base)) if from_folder(source) && leads_elsewhere(facts, source, base) => {
            Outcome::Found(vec![finding(&own, source, base, "now")])
        }
        _ => match after_trust(facts) {
            Some((source, base)) => Outcome::Found(vec![finding(&own, &source, &base, "after-trust")]),
            None => Outcome::Pass,
        },
    }
}

/// A credential that is not the folder's: its kind, name and place.
pub(super) type Own = (CredentialKind, String, Source);

/// What is sent, or would be once it is approved. It is told before anything is sent.
pub(super) fn own_credential(facts: &Facts<'_>) -> Option<Own> {
    let resolution = facts.resolution;
    let sent = resolution.sends.iter().find(|sent| !from_folder(&sent.source));
    if let Some(sent) = sent {
        return Some((sent.credential, sent.name.clone(), sent.source.clone()));
    }
    // Where the folder fills a header itself, nothing of the person's goes out.
    if !resolution.sends.is_empty() || resolution.cloud.is_some() {
        return None;
    }
    let waiting = |candidate: &&Candidate| candidate.present && matches!(candidate.out, None | Some(Why::NotApproved));
    resolution.candidates.all.iter().filter(waiting).find_map(|candidate| {
        let source = candidate.source.clone().filter(|source| !from_folder(source))?;
        Some((candidate.slot.kind(), candidate.name.clone(), source))
    })
}

/// The address that a folder names which is not trusted yet, where nothing stronger stands against it.
fn after_trust(facts: &Facts<'_>) -> Option<(Source, Base)> {
    let resolution = facts.resolution;
    let setting = resolution.environment.get("ANTHROPIC_BASE_URL").filter(|_| resolution.cloud.is_none())?;
    let place = setting.places.iter().find(|place| place.ignored == Some(Ignored::Untrusted))?;
    let stronger = setting.winner().and_then(|winner| winner.source.scope);
    if matches!(stronger, Some(Scope::Managed | Scope::CommandLine)) {
        return None;
    }
    let base = url::base(place.value.plain()).ok()?;
    leads_elsewhere(facts, &place.source, &base).then(|| (place.source.clone(), base))
}

/// Whether an address of the folder is neither Anthropic's own nor the one that counts without the folder.
fn leads_elsewhere(facts: &Facts<'_>, source: &Source, base: &Base) -> bool {
    let setting = source.name.as_deref().and_then(|name| facts.resolution.environment.get(name));
    let places = setting.map_or(&[][..], |setting| &setting.places);
    let own = places.iter().find(|place| place.ignored.is_none() && !from_folder(&place.source));
    let own = own.and_then(|place| url::base(place.value.plain()).ok());
    base.origin != url::DEFAULT_BASE && own.is_none_or(|own| own.origin != base.origin)
}

fn finding((kind, name, place): &Own, source: &Source, base: &Base, when: &'static str) -> Found {
    // On this machine it is most likely a proxy that the person runs.
    let status = if base.loopback { Status::Warn } else { Status::Fail };
    Found::new("AL-4-01", status, format!("{name} is sent to {} ({when})", base.origin))
        .with("name", name.as_str())
        .with("kind", kind.word())
        .with("origin", base.origin.as_str())
        .with("path", source.path.clone().unwrap_or_default())
        .with("when", when)
        .at(source)
        .at(place)
        .help(HELP)
}
