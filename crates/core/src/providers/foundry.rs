//! Microsoft Foundry.

use super::{CloudOutcome, CloudRoute, Inputs, Stop, Untold, setting};
use crate::report::Header;

/// Observed: `cloud-foundry-*`.
pub fn route(inputs: &Inputs<'_>) -> CloudRoute {
    let resource = setting(inputs.environment, "ANTHROPIC_FOUNDRY_RESOURCE");
    let base = setting(inputs.environment, "ANTHROPIC_FOUNDRY_BASE_URL");
    let url = match (base, resource) {
        (Some((url, _)), _) => Some(url.to_owned()),
        (None, Some((name, _))) => Some(format!("https://{name}.services.ai.azure.com/anthropic")),
        (None, None) => None,
    };
    let mut route = CloudRoute {
        url,
        url_source: base.or(resource).map(|(_, source)| source.clone()),
        sends: Vec::new(),
        outcome: CloudOutcome::Sends,
    };
    match (base, resource) {
        (None, None) => {
            route.outcome = CloudOutcome::Stops(Stop::NoFoundryAddress);
            return route;
        }
        (Some(_), Some(_)) => {
            route.outcome = CloudOutcome::Stops(Stop::TwoFoundryAddresses);
            return route;
        }
        (None, Some((name, _))) if !is_resource(name) => {
            route.outcome = CloudOutcome::Stops(Stop::FoundryResource);
            return route;
        }
        _ => {}
    }
    let own = inputs
        .filled_from("ANTHROPIC_FOUNDRY_AUTH_TOKEN", Header::Authorization)
        .or_else(|| inputs.filled_from("ANTHROPIC_FOUNDRY_API_KEY", Header::XApiKey));
    let azure = ["AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"].iter().all(|name| inputs.environment.set(name).is_some());
    if let Some(own) = own {
        route.outcome = match (own.header, inputs.bearer_outcome(&own)) {
            (Header::XApiKey, CloudOutcome::Stops(_)) => CloudOutcome::Stops(Stop::KeyCharacter),
            (_, outcome) => outcome,
        };
        route.sends.push(own);
    } else if azure && let Some(login) = inputs.filled_from("AZURE_CLIENT_ID", Header::Authorization) {
        route.sends.push(login);
    } else if inputs.skip_auth {
        route.sends.extend(inputs.gateway_bearer());
    } else {
        route.outcome = CloudOutcome::CannotTell(Untold::AzureAsks);
    }
    let blank_key = inputs
        .environment
        .winner("ANTHROPIC_FOUNDRY_API_KEY")
        .is_some_and(|place| place.value.is_blank() && !place.value.is_empty());
    if blank_key && route.sends.is_empty() && !inputs.skip_auth {
        route.outcome = CloudOutcome::Stops(Stop::FoundryBlankKey);
    }
    route
}

/// 2 to 64 letters, digits and hyphens, no hyphen at either end (observed).
pub fn is_resource(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}
