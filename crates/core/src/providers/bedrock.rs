//! Amazon Bedrock.

use super::aws::{self, Signer};
use super::{CloudOutcome, CloudRoute, Inputs, Untold, setting};
use crate::report::Header;

/// Observed: `cloud-bedrock-*`.
pub fn route(inputs: &Inputs<'_>) -> CloudRoute {
    let named = setting(inputs.environment, "ANTHROPIC_BEDROCK_BASE_URL");
    let url = named.map_or_else(
        || format!("https://bedrock-runtime.{}.amazonaws.com", aws::region(inputs)),
        |(url, _)| url.to_owned(),
    );
    let (mut sends, outcome) = aws_credential(inputs);
    // Beside a bearer the key goes along, alone it does not (observed: `z-cl-br-skip-*`).
    if inputs.skip_auth && !sends.is_empty() {
        sends.extend(inputs.gateway_key());
    }
    CloudRoute { url: Some(url), url_source: named.map(|(_, source)| source.clone()), sends, outcome }
}

/// What Bedrock and Mantle send: the bearer key, else a signature.
pub fn aws_credential(inputs: &Inputs<'_>) -> (Vec<crate::route::Filled>, CloudOutcome) {
    if let Some(bearer) = inputs.filled_from("AWS_BEARER_TOKEN_BEDROCK", Header::Authorization) {
        let outcome = inputs.bearer_outcome(&bearer);
        return (vec![bearer], outcome);
    }
    if inputs.skip_auth {
        return (inputs.gateway_bearer().into_iter().collect(), CloudOutcome::Sends);
    }
    match aws::signer(inputs) {
        Signer::Found(filled) => (vec![filled], CloudOutcome::Sends),
        Signer::OnlyByTrying => (Vec::new(), CloudOutcome::CannotTell(Untold::AwsAsks)),
        Signer::NotSeen => (Vec::new(), CloudOutcome::CannotTell(Untold::AwsNothingSeen)),
    }
}
