//! What the person has agreed to, and what is withheld without it.

use authlight_core::message::Message;
use authlight_core::report::{Provider, Stage, StageRow, Status};

use super::audience::Audience;
use super::{Seen as _, row};

/// What the person agreed to, for one run. Hosts as `host` or `host:port`.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    /// Endpoints that a project folder chose.
    pub project_endpoint_hosts: Vec<String>,
    /// Hosts that may be spoken to without encryption.
    pub http_hosts: Vec<String>,
}

/// Why nothing is sent, or `None` where all may be. Looked at before any name is looked up.
pub(super) fn withheld(audience: &Audience, consent: &Consent) -> Option<StageRow> {
    let host = audience.host();
    let refused = |key: &'static str| {
        let text = Message::new(key).with("host", host.as_str());
        Some(row(Stage::Auth, Status::Skipped, text).seen("host", &host))
    };
    if audience.holds_login() {
        return refused("live-auth-login");
    }
    if !matches!(audience.provider, Provider::Anthropic | Provider::Gateway) {
        return refused("live-auth-provider");
    }
    if audience.endpoint_from_project && !names(&consent.project_endpoint_hosts, audience) {
        return refused("live-auth-project-endpoint");
    }
    let in_the_clear = audience.base.scheme() == "http" && audience.holds_secret() && !audience.stays_here();
    if in_the_clear && !names(&consent.http_hosts, audience) {
        return refused("live-auth-plain-http");
    }
    None
}

fn names(hosts: &[String], audience: &Audience) -> bool {
    let host = audience.host();
    let bracketed = audience.base.host_str().unwrap_or_default().to_owned();
    let port = audience.base.port_or_known_default().unwrap_or_default();
    let with_port = format!("{bracketed}:{port}");
    hosts.iter().any(|named| [&host, &bracketed, &with_port].iter().any(|form| named.trim().eq_ignore_ascii_case(form)))
}
