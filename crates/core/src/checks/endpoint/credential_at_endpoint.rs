//! Whether the credential belongs to the address that it is sent to.

use super::super::{Check, Found, Outcome};
use super::base_url_host::{is_near_miss, is_page};
use super::{GATEWAY_PAGE, from_folder};
use crate::judge::Facts;
use crate::report::{Cause, CredentialKind, Header, Provider, SourceKind, Status};
use crate::secret::SecretKind;

pub(super) const CHECK: Check = Check { id: "C5.credential_at_endpoint", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let (Some(source), Ok(base), Provider::Gateway) = (&resolution.base_source, &resolution.base, resolution.provider)
    else {
        return Outcome::Skipped("skip-default-endpoint");
    };
    let own = base.host.ends_with(".anthropic.com") || is_page(&base.host) || is_near_miss(&base.host);
    // A profile brings its own address with it; a slip in the host has a finding of its own.
    if own || source.kind == SourceKind::ProfileFile {
        return Outcome::Pass;
    }
    let mut found = Vec::new();
    for sent in &resolution.sends {
        // A project folder that takes somebody's credential is the matter of cause 4.
        if from_folder(source) && !from_folder(&sent.source) {
            continue;
        }
        let make = |code, status, debug: &str| {
            let found = Found::new(code, status, format!("{} {debug} {}", sent.name, base.origin));
            let found = found.with("name", sent.name.as_str()).with("host", base.host.as_str());
            found.at(&sent.source).at(source).help(GATEWAY_PAGE)
        };
        let kind = sent.value.as_ref().map(crate::secret::Secret::kind);
        if sent.is_login() {
            let (status, word) = if base.loopback { (Status::Note, "here") } else { (Status::Warn, "away") };
            found.push(make("AL-5-15", status, "is a claude.ai sign-in and goes to").with("where", word));
        } else if kind == Some(SecretKind::ApiKey) {
            if !base.loopback {
                found.push(make("AL-5-14", Status::Warn, "is a key of Anthropic's and goes to"));
            }
        } else if sent.credential == CredentialKind::ApiKey
            && kind == Some(SecretKind::Other)
            && !resolution.sends.iter().any(|other| other.header == Header::Authorization)
        {
            found.push(make("AL-5-16", Status::Note, "goes as x-api-key alone to"));
        }
    }
    Outcome::of(found)
}
