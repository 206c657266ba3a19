//! Amazon Bedrock (Mantle).

use super::{CloudRoute, Inputs, aws, bedrock, setting};

/// Observed: `cloud-mantle-*`.
pub fn route(inputs: &Inputs<'_>) -> CloudRoute {
    let named = setting(inputs.environment, "ANTHROPIC_BEDROCK_MANTLE_BASE_URL");
    let url = named.map_or_else(
        || format!("https://bedrock-mantle.{}.api.aws/anthropic", aws::region(inputs)),
        |(url, _)| url.to_owned(),
    );
    let (sends, outcome) = bedrock::aws_credential(inputs);
    CloudRoute { url: Some(url), url_source: named.map(|(_, source)| source.clone()), sends, outcome }
}
