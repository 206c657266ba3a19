//! Google Vertex AI.

use super::{CloudOutcome, CloudRoute, Inputs, Stop, Untold, cloud_file, setting};
use crate::environment::Environment;
use crate::json::Value;
use crate::reading::{Content, Reading};
use crate::report::{CredentialKind, Header};
use crate::route::Filled;

/// The region where none is named, or what is named is none (observed: `cloud-vertex-noregion`).
pub const DEFAULT_REGION: &str = "us-east5";

/// What is printed where no credential is found (observed: `cloud-vertex-1-none`).
pub const NONE_FOUND: &str = "API Error: Could not load Google Cloud credentials";

/// Observed: `cloud-vertex-*`.
pub fn route(inputs: &Inputs<'_>) -> CloudRoute {
    let environment = inputs.environment;
    let region = region(environment);
    let named = setting(environment, "ANTHROPIC_VERTEX_BASE_URL");
    let url = named.map_or_else(|| format!("https://{}/v1", host(region)), |(url, _)| url.to_owned());
    let mut route = CloudRoute {
        url: Some(url),
        url_source: named.map(|(_, source)| source.clone()),
        sends: Vec::new(),
        outcome: CloudOutcome::Sends,
    };
    let file = &inputs.snapshot.cloud.google_credentials;
    let project = environment.text("ANTHROPIC_VERTEX_PROJECT_ID");
    if inputs.skip_auth {
        route.sends.extend(inputs.gateway_key());
        route.sends.extend(inputs.gateway_bearer());
        if project.is_none() {
            route.outcome = CloudOutcome::Stops(Stop::NoProject);
        }
        return route;
    }
    match &file.content {
        Reading::Found(Content::Json(json, _)) => {
            let has = |name: &str| json.root().get(name).and_then(Value::as_str).is_some();
            let kind = json.root().get("type").and_then(Value::as_str);
            let whole = match kind.as_deref() {
                Some("authorized_user") => Some(["client_id", "client_secret", "refresh_token"].into_iter().all(has)),
                Some("service_account") | None => Some(["client_email", "private_key"].into_iter().all(has)),
                Some(_) => None,
            };
            route.sends.push(Filled {
                header: Header::Authorization,
                credential: CredentialKind::CloudProvider,
                name: "application_default_credentials".to_owned(),
                source: cloud_file(&file.path, "application_default_credentials"),
                value: None,
                bearer: true,
            });
            let named = project.is_some() || has("project_id") || has("quota_project_id");
            route.outcome = match whole {
                Some(false) => CloudOutcome::Stops(Stop::GoogleCredentials),
                Some(true) if !named => CloudOutcome::Stops(Stop::NoProject),
                Some(true) => CloudOutcome::Sends,
                None => CloudOutcome::CannotTell(Untold::GoogleOtherKind),
            };
        }
        Reading::Absent if environment.set("GOOGLE_APPLICATION_CREDENTIALS").is_none() => {
            // The machine's own identity cannot be seen from here.
            route.outcome = CloudOutcome::CannotTell(Untold::GoogleNothingSeen);
        }
        _ => route.outcome = CloudOutcome::Stops(Stop::GoogleCredentials),
    }
    route
}

/// The region, where it is one; else the default.
pub fn region(environment: &Environment) -> &str {
    environment.text("CLOUD_ML_REGION").filter(|region| is_region(region)).unwrap_or(DEFAULT_REGION)
}

fn host(region: &str) -> String {
    match region {
        "global" => "aiplatform.googleapis.com".to_owned(),
        "us" | "eu" => format!("aiplatform.{region}.rep.googleapis.com"),
        _ => format!("{region}-aiplatform.googleapis.com"),
    }
}

/// Whether Claude Code takes a text for a region.
pub fn is_region(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
