//! A key of one kind in the variable of another. Claude Code looks at no shape and sends it as it is (observed: `key-*`).

use super::in_force::in_force;
use super::{Check, Outcome};
use crate::judge::Facts;
use crate::ladder::Slot;
use crate::report::{Cause, Provider, Status};
use crate::secret::SecretKind;

pub(super) const CHECK: Check = Check { id: "C1.key_wrong_kind", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let variables = in_force(facts);
    if variables.is_empty() {
        return Outcome::Skipped("skip-no-variable");
    }
    let mut found = Vec::new();
    for one in &variables {
        found.extend(match (one.slot, one.value.kind()) {
            (Slot::ApiKey, SecretKind::OauthAccessToken | SecretKind::OauthRefreshToken) => {
                Some(one.found("AL-1-09", one.status(), "a login token where an API key belongs"))
            }
            (_, SecretKind::AdminKey) => Some(one.found("AL-1-10", one.status(), "an Admin API key")),
            (Slot::OauthToken, SecretKind::ApiKey) => {
                Some(one.found("AL-1-11", one.status(), "an API key where a login token belongs"))
            }
            // Whether Anthropic takes an API key as a bearer was not watched.
            (Slot::AuthToken, SecretKind::ApiKey) if facts.resolution.provider == Provider::Anthropic => {
                Some(one.found("AL-1-11", Status::Warn, "an API key where a token belongs"))
            }
            // It goes out without the mark that a login's token has (observed: `key-at-oauth-token`); whether Anthropic
            // takes it so was not watched.
            (Slot::AuthToken, SecretKind::OauthAccessToken) if facts.resolution.provider == Provider::Anthropic => {
                Some(one.found("AL-1-27", Status::Warn, "a login token where a gateway's token belongs"))
            }
            (Slot::AuthToken | Slot::OauthToken, SecretKind::OauthRefreshToken) => {
                Some(one.found("AL-1-14", one.status(), "a refresh token where an access token belongs"))
            }
            _ => None,
        });
    }
    Outcome::of(found)
}
