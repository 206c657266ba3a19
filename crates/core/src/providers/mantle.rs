//! Amazon Bedrock (Mantle).

use super::{CloudRoute, Inputs, aws, bedrock, setting};

/// Observed: `cloud-mantle-*`.
pub fn route(inputs: &Inputs<'_>) -> CloudRoute {
    let named = setting(inputs.environment, "ANTHROPIC_BEDROCK_MANTLE_BASE_URL");
    let url = named.map_or_else(
        || format!("https://bedrock-mantle.{}.api.aws/anthropic", aws::region(inputs)),
        |(url, _)| url.to_owned(),
    );
    let (mut sends, outcome) = bedrock::aws_credential(inputs);
    // Here the gateway's token goes before the cloud's own (observed: `z-cl-ma-skip-own-*`).
    if let (true, Some(bearer)) = (inputs.skip_auth, inputs.gateway_bearer()) {
        sends = vec![bearer];
    }
    CloudRoute { url: Some(url), url_source: named.map(|(_, source)| source.clone()), sends, outcome }
}
