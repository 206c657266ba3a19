//! Claude Platform on AWS.

use super::aws::{self, Signer};
use super::{CloudOutcome, CloudRoute, Inputs, Stop, Untold, setting};
use crate::report::Header;
use crate::route::Filled;

/// Observed: `cloud-anthropic-aws-*`.
pub fn route(inputs: &Inputs<'_>) -> CloudRoute {
    let named = setting(inputs.environment, "ANTHROPIC_AWS_BASE_URL");
    let url = named.map_or_else(
        || format!("https://aws-external-anthropic.{}.api.aws", aws::region(inputs)),
        |(url, _)| url.to_owned(),
    );
    let mut route = CloudRoute {
        url: Some(url),
        url_source: named.map(|(_, source)| source.clone()),
        sends: Vec::new(),
        outcome: CloudOutcome::Sends,
    };
    if inputs.skip_auth {
        // The token goes out in both headers (observed).
        let bearer = inputs.gateway_bearer();
        route.sends.extend(bearer.clone().map(|sent| Filled { header: Header::XApiKey, bearer: false, ..sent }));
        route.sends.extend(bearer);
    } else if inputs.environment.set("ANTHROPIC_AWS_WORKSPACE_ID").is_none() {
        route.outcome = CloudOutcome::Stops(Stop::NoWorkspace);
    } else if let Some(key) = inputs.filled_from("ANTHROPIC_AWS_API_KEY", Header::XApiKey) {
        if key.value.as_ref().is_some_and(|value| value.bad_character().is_some()) {
            route.outcome = CloudOutcome::Stops(Stop::KeyCharacter);
        }
        route.sends.push(key);
    } else {
        match aws::signer(inputs) {
            Signer::Found(filled) => route.sends.push(filled),
            Signer::OnlyByTrying => route.outcome = CloudOutcome::CannotTell(Untold::AwsAsks),
            Signer::NotSeen => route.outcome = CloudOutcome::CannotTell(Untold::AwsNothingSeen),
        }
    }
    route
}
