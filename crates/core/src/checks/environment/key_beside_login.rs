//! A key that is used although a paid login is there: the commonest real fault, and it may be meant.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::Slot;
use crate::report::{Cause, CredentialKind, Status};

pub(super) const CHECK: Check = Check { id: "C1.key_beside_login", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let login = resolution.candidates.get(Slot::Login).filter(|login| login.stands());
    let (Some(login), None) = (login, resolution.cloud) else { return Outcome::Skipped("skip-no-login") };
    let shadows =
        |kind| matches!(kind, CredentialKind::ApiKey | CredentialKind::AuthToken | CredentialKind::ApiKeyHelper);
    let Some(sent) = resolution.sends.iter().find(|sent| shadows(sent.credential)) else { return Outcome::Pass };
    let mut found = Found::new("AL-1-12", Status::Warn, format!("{} is used instead of the login", sent.name))
        .with("name", sent.name.as_str())
        .with("billing", resolution.billing.word())
        .with("plan", resolution.candidates.login.plan.clone().unwrap_or_default())
        .at(&sent.source);
    if let Some(source) = &login.source {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}
