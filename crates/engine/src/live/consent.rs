//! What the person has to agree to, and what is withheld without it.

use authlight_core::message::Message;
use authlight_core::report::{Provider, Stage, StageRow, Status};

use super::audience::Audience;
use super::helper::Helper;
use super::{Seen as _, row};

/// Something that is not done without being asked for (contract, section 2, CONSENT). It counts for one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Files of the project folder chose the way that the credential takes.
    ProjectEndpoint {
        /// The endpoint, as `host` or `host:port`.
        host: String,
    },
    /// The credential goes over a connection that is not encrypted.
    PlainHttp {
        /// The endpoint, as `host` or `host:port`.
        host: String,
    },
    /// A message of one token is sent, which costs a little. Never needed: it proves more.
    OneToken,
    /// Where a gateway refuses the credential, it is sent there once more in the other header. Never needed.
    OtherHeader,
    /// The page on which the service tells how it does is asked, without any credential. Never needed.
    ServiceStatus,
    /// The command of `apiKeyHelper`, or what gives a cloud's credential, is run for what it prints.
    RunHelper {
        /// The command; empty, where the person named none and means whichever there is.
        command: String,
        /// The file that names it, as it is shown; empty of a cloud's own tool.
        named_in: String,
    },
    /// The person's own `claude` is run: `auth status`, and a prompt of one word. Never needed: it proves a login.
    OwnClaude {
        /// The folder in which it starts, as it is shown; empty, where the person named none.
        folder: String,
    },
}

impl Consent {
    fn covers(&self, needed: &Self, audience: &Audience) -> bool {
        match (self, needed) {
            (Self::ProjectEndpoint { host }, Self::ProjectEndpoint { .. })
            | (Self::PlainHttp { host }, Self::PlainHttp { .. }) => names(host, audience),
            _ => false,
        }
    }
}

/// Whether the helper of this audience may be run: never for a key that may not be sent then.
pub(crate) fn may_run(audience: &Audience, helper: &Helper, consents: &[Consent]) -> bool {
    let covers = |given: &Consent| match given {
        Consent::RunHelper { command, .. } => command.is_empty() || *command == helper.command,
        _ => false,
    };
    consents.iter().any(covers) && withheld(audience, consents).is_none()
}

fn running(helper: &Helper) -> Consent {
    Consent::RunHelper { command: helper.command.clone(), named_in: helper.named_in.clone() }
}

/// What the person is asked for before a test of this audience: what it needs, and whether the helper may be run, without
/// which there is no key to test.
pub fn asked_for(audience: &Audience) -> Vec<Consent> {
    let mut asked = needed(audience);
    if refusal(audience).is_none() {
        asked.extend(audience.helper.as_ref().map(running));
    }
    asked
}

/// What a test of this audience needs the person's word for; nothing, where no word lets anything be sent.
pub fn needed(audience: &Audience) -> Vec<Consent> {
    if refusal(audience).is_some() {
        return Vec::new();
    }
    let mut needed = Vec::new();
    for (consent, _) in audience.places().flat_map(|place| needed_at(place, audience.holds_secret())) {
        if !needed.contains(&consent) {
            needed.push(consent);
        }
    }
    needed
}

/// What is needed at one endpoint.
fn needed_at(place: &Audience, secret: bool) -> Vec<(Consent, &Audience)> {
    let host = || {
        let port = place.base.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}", place.base.host_str().unwrap_or_default())
    };
    let in_the_clear = place.base.scheme() == "http" && secret && !place.stays_here();
    let by_project = place.endpoint_from_project.then(|| Consent::ProjectEndpoint { host: host() });
    let in_the_clear = in_the_clear.then(|| Consent::PlainHttp { host: host() });
    by_project.into_iter().chain(in_the_clear).map(|consent| (consent, place)).collect()
}

/// Why nothing is sent, or `None` where all may be. Looked at before any name is looked up.
pub(super) fn withheld(audience: &Audience, consents: &[Consent]) -> Option<StageRow> {
    let missing = |(needed, place): &(Consent, &Audience)| !consents.iter().any(|given| given.covers(needed, place));
    let mut at_each = audience.places().flat_map(|place| needed_at(place, audience.holds_secret()));
    let (key, place) = match (refusal(audience), at_each.find(missing)) {
        (Some(key), _) => (key, audience),
        (None, Some((Consent::ProjectEndpoint { .. }, place))) => ("live-auth-project-endpoint", place),
        (None, Some((Consent::PlainHttp { .. }, place))) => ("live-auth-plain-http", place),
        _ => return None,
    };
    let host = place.host();
    let text = Message::new(key).with("host", host.as_str());
    Some(row(Stage::Auth, Status::Skipped, text).seen("host", host))
}

/// Why nothing is sent whatever the person agrees to.
fn refusal(audience: &Audience) -> Option<&'static str> {
    if audience.holds_login() {
        return Some("live-auth-login");
    }
    // Without what the sign-in is made of there is nothing to test a cloud with.
    let known = matches!(audience.provider, Provider::Anthropic | Provider::Gateway) || audience.cloud.is_some();
    (!known).then_some("live-auth-provider")
}

fn names(named: &str, audience: &Audience) -> bool {
    let host = audience.host();
    let bracketed = audience.base.host_str().unwrap_or_default().to_owned();
    let port = audience.base.port_or_known_default().unwrap_or_default();
    let with_port = format!("{bracketed}:{port}");
    [&host, &bracketed, &with_port].iter().any(|form| named.trim().eq_ignore_ascii_case(form))
}
