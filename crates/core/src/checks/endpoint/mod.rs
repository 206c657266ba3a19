//! Cause 5: where requests go, and how they get there.

mod base_url;
mod base_url_host;
mod certificate_checking;
mod certificates;
mod client_certificate;
mod connection;
mod credential_at_endpoint;
mod local_port;
mod no_proxy;
mod provider;
mod provider_settings;
mod proxy;
mod resident;

use super::Check;
use crate::judge::Facts;
use crate::report::{Scope, Source};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    provider::CHECK,
    provider_settings::CHECK,
    base_url::CHECK,
    base_url_host::CHECK,
    credential_at_endpoint::CHECK,
    local_port::CHECK,
    resident::CHECK,
    proxy::CHECK,
    no_proxy::CHECK,
    certificates::CHECK,
    client_certificate::CHECK,
    certificate_checking::CHECK,
    connection::CHECK,
];

const NETWORK_PAGE: &str = "https://code.claude.com/docs/en/network-config";
const GATEWAY_PAGE: &str = "https://code.claude.com/docs/en/llm-gateway-connect";

/// The variable that the endpoint's address comes from, where one names it.
fn base_variable(facts: &Facts<'_>) -> &'static str {
    facts.resolution.cloud.map_or("ANTHROPIC_BASE_URL", |cloud| cloud.base_url)
}

/// Whether a file of the project folder says it.
fn from_folder(source: &Source) -> bool {
    matches!(source.scope, Some(Scope::Project | Scope::Local))
}
