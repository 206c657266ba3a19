//! Microsoft Entra, which signs in to Foundry.
#![expect(clippy::disallowed_methods, reason = "a sign-in is handed to the service that it is for")]

use std::path::Path;

use authlight_core::json::{Json, Value};
use authlight_core::providers::sign_in::{AZURE_COMMAND, Service, SignIn};
use authlight_core::secret::Secret;

use super::said::now;
use super::{Cloud, google, learn, not_here, read};
use crate::live::{Course, Stopped};

/// What a token must be for.
const FOR: &str = "https://cognitiveservices.azure.com";

/// A token: for a program's own secret, or one that Azure's command-line tool keeps and that still holds.
pub(super) fn token(course: &Course, cloud: &Cloud) -> Result<Secret, Box<Stopped>> {
    if let SignIn::Token(token) = &cloud.found.sign_in {
        return Ok(token.clone());
    }
    if let (SignIn::AzureSecret { client_id, client_secret }, Some(place)) =
        (&cloud.found.sign_in, cloud.place(Service::Token))
    {
        let scope = format!("{FOR}/.default");
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_secret", client_secret.reveal()),
            ("scope", &scope),
        ];
        return google::given(course, place, &fields);
    }
    let not_kept = |why: &str| not_here("live-cloud-azure", AZURE_COMMAND).seen("file", why);
    let text = cloud.file.as_deref().map_or(Err(String::new()), read).map_err(|error| not_kept(&error))?;
    kept(text.reveal())
        .map(|token| learn(course, token))
        .ok_or_else(|| not_kept("no token for Foundry in it that holds"))
}

/// Whether Azure's tool keeps a token for Foundry that holds.
pub(super) fn keeps_a_token(file: &Path) -> bool {
    read(file).is_ok_and(|text| kept(text.reveal()).is_some())
}

/// The token for Foundry that holds longest.
fn kept(text: &str) -> Option<Secret> {
    let json = Json::parse(text.as_bytes()).ok()?;
    let tokens = json.root().get("AccessToken")?.effective_members();
    let mut best: Option<(i64, Secret)> = None;
    for member in tokens {
        let text = |name: &str| member.value.get(name).and_then(Value::as_str).map(|text| text.into_owned());
        let expires = text("expires_on").and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
        let fits = text("target").is_some_and(|target| target.split(' ').any(|scope| scope.starts_with(FOR)));
        if fits && expires > now() && best.as_ref().is_none_or(|(known, _)| expires > *known) {
            best = text("secret").map(|secret| (expires, Secret::new(secret)));
        }
    }
    best.map(|(_, secret)| secret)
}
