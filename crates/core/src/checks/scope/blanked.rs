//! An empty text that takes a value away (observed: `senv-*-empty-key-vs-process`).

use super::{Check, Found, HELP, Outcome, place_word, reason_or};
use crate::claude_code::variables::{self, Purpose};
use crate::judge::Facts;
use crate::report::{Cause, CredentialKind, Owner, Scope, Status};

pub(super) const CHECK: Check = Check { id: "C4.blanked", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let mut found = Vec::new();
    for (name, setting) in facts.resolution.environment.iter() {
        let Some(fact) = variables::find(name) else { continue };
        let Some(winner) = setting.winner().filter(|winner| winner.value.is_blank()) else { continue };
        let taken: Vec<_> =
            setting.others().iter().filter(|other| other.ignored.is_none() && !other.value.is_blank()).collect();
        if taken.is_empty() {
            continue;
        }
        let status = match fact.purpose {
            Purpose::Credential => reason_or(facts, Status::Note),
            // The gateway's credential then goes to Anthropic.
            Purpose::Endpoint if facts.resolution.cloud.is_none() && sends_foreign(facts) => Status::Warn,
            Purpose::Endpoint | Purpose::Provider | Purpose::CloudCredential | Purpose::Proxy => Status::Note,
            Purpose::Certificates | Purpose::Place | Purpose::Behaviour | Purpose::Model | Purpose::Machine => continue,
        };
        let managed = winner.source.scope == Some(Scope::Managed);
        let mut one = Found::new("AL-4-03", status, format!("{name} is blanked"))
            .with("name", name)
            .with("scope", place_word(&winner.source))
            .owned_by(if managed { Owner::Organisation } else { Owner::Person })
            .at(&winner.source)
            .help(HELP);
        for other in taken {
            one = one.at(&other.source);
        }
        found.push(one);
    }
    Outcome::of(found)
}

/// Whether what is sent may be another's than Anthropic's.
fn sends_foreign(facts: &Facts<'_>) -> bool {
    let anthropics = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
    facts.resolution.sends.iter().any(|sent| !anthropics.contains(&sent.credential))
}
