//! The least that each cloud needs: address, region, project, credential.

use super::super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::providers::{CloudOutcome, Inputs, Stop, Untold, aws, vertex};
use crate::report::{Cause, Provider, Source, SourceKind, Status};
use crate::route::Filled;
use crate::secret::Secret;

pub(super) const CHECK: Check = Check { id: "C5.provider_settings", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let (Some(cloud), Some(outcome)) = (resolution.cloud, resolution.cloud_outcome) else {
        return Outcome::Skipped("skip-no-cloud");
    };
    let switch = resolution.environment.set(cloud.switch).map(|place| &place.source);
    let mut found = Vec::new();
    found.extend(region(facts));
    let skip_auth = resolution.environment.set(cloud.skip_auth);
    if let Some(place) = skip_auth.filter(|_| resolution.environment.is_on(cloud.skip_auth))
        && resolution.environment.set(cloud.base_url).is_none()
    {
        let debug = format!("{} without {}", cloud.skip_auth, cloud.base_url);
        let unsigned = Found::new("AL-5-45", Status::Warn, debug)
            .with("name", cloud.skip_auth)
            .with("address", cloud.base_url)
            .with("cloud", cloud.name)
            .at(&place.source);
        found.push(unsigned.help(page(cloud.provider)));
    }
    let inputs = Inputs {
        snapshot: facts.snapshot,
        environment: &resolution.environment,
        candidates: &resolution.candidates,
        skip_auth: resolution.environment.is_on(cloud.skip_auth),
    };
    match outcome {
        CloudOutcome::Sends => found.extend(temporary_key(&inputs, &resolution.sends)),
        CloudOutcome::Stops(stop) => found.push(stopped(facts, stop, switch)),
        CloudOutcome::CannotTell(Untold::AwsNothingSeen) if aws::profile_is_missing(&inputs) => {
            found.extend(missing_profile(facts));
        }
        CloudOutcome::CannotTell(Untold::AwsNothingSeen | Untold::GoogleNothingSeen) => {
            let one = Found::new("AL-5-42", Status::Unknown, "no credential in variables and files")
                .with("provider", cloud.provider.word())
                .with("cloud", cloud.name)
                .with("half", half_a_key(facts))
                .help(page(cloud.provider));
            found.push(switch.into_iter().fold(one, Found::at));
        }
        CloudOutcome::CannotTell(Untold::AwsAsks | Untold::AzureAsks | Untold::GoogleOtherKind) if found.is_empty() => {
            return Outcome::Unknown("unknown-cloud-asks");
        }
        CloudOutcome::CannotTell(_) => {}
    }
    Outcome::of(found)
}

fn page(provider: Provider) -> &'static str {
    match provider {
        Provider::Vertex => "https://code.claude.com/docs/en/google-vertex-ai",
        Provider::Foundry => "https://code.claude.com/docs/en/microsoft-foundry",
        Provider::AnthropicAws => "https://code.claude.com/docs/en/claude-platform-on-aws",
        _ => "https://code.claude.com/docs/en/amazon-bedrock",
    }
}

/// What the prediction says stops it.
fn stopped(facts: &Facts<'_>, stop: Stop, switch: Option<&Source>) -> Found {
    let environment = &facts.resolution.environment;
    let (code, names): (_, &[&str]) = match stop {
        Stop::NoFoundryAddress => ("AL-5-35", &[]),
        Stop::TwoFoundryAddresses => ("AL-5-36", &["ANTHROPIC_FOUNDRY_RESOURCE", "ANTHROPIC_FOUNDRY_BASE_URL"]),
        Stop::FoundryResource => ("AL-5-37", &["ANTHROPIC_FOUNDRY_RESOURCE"]),
        Stop::FoundryBlankKey => ("AL-5-38", &["ANTHROPIC_FOUNDRY_API_KEY"]),
        Stop::BearerCharacter | Stop::KeyCharacter => ("AL-5-38", &[]),
        Stop::NoWorkspace => ("AL-5-39", &[]),
        Stop::NoProject => ("AL-5-40", &[]),
        Stop::GoogleCredentials => ("AL-5-41", &["GOOGLE_APPLICATION_CREDENTIALS"]),
    };
    let provider = facts.resolution.provider;
    let mut found = Found::new(code, Status::Fail, stop.message())
        .with("cloud", facts.resolution.cloud.map_or("", |cloud| cloud.name))
        .with("what", if stop == Stop::FoundryBlankKey { "blank" } else { "character" })
        .help(page(provider));
    let places = names.iter().filter_map(|name| environment.winner(name)).map(|place| &place.source);
    for source in places {
        found = found.at(source);
    }
    if let Stop::BearerCharacter | Stop::KeyCharacter = stop {
        // The prediction sends nothing, so what would have been sent is looked for among the cloud's variables.
        let own = ["AWS_BEARER_TOKEN_BEDROCK", "ANTHROPIC_AWS_API_KEY", "ANTHROPIC_FOUNDRY_AUTH_TOKEN"]
            .into_iter()
            .chain(["ANTHROPIC_FOUNDRY_API_KEY"])
            .filter_map(|name| environment.set(name))
            .find(|place| place.value.bad_character().is_some());
        found = own.into_iter().fold(found, |found, place| found.at(&place.source));
    }
    let google = &facts.snapshot.cloud.google_credentials;
    if stop == Stop::GoogleCredentials {
        let file = Source { path: Some(google.path.clone()), ..Source::new(SourceKind::CloudFiles) };
        let state = google.content.trouble().map_or("content", |trouble| trouble.word());
        let state = if google.content.is_absent() { "absent" } else { state };
        found = found.with("path", google.path.as_str()).with("trouble", state).at(&file);
    }
    switch.into_iter().fold(found, Found::at)
}

fn missing_profile(facts: &Facts<'_>) -> Option<Found> {
    let place = facts.resolution.environment.set("AWS_PROFILE")?;
    let name = facts.resolution.environment.text("AWS_PROFILE")?;
    let path = facts.snapshot.cloud.aws_config.path.as_str();
    let found = Found::new("AL-5-43", Status::Warn, "AWS_PROFILE names a profile that no file has");
    Some(found.with("profile", name).with("path", path).at(&place.source).help(page(Provider::Bedrock)))
}

/// Which half of a pair of AWS keys is set.
fn half_a_key(facts: &Facts<'_>) -> &'static str {
    let pair = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    match pair.map(|name| facts.resolution.environment.set(name).is_some()) {
        [true, false] if facts.resolution.provider != Provider::Vertex => "id",
        [false, true] if facts.resolution.provider != Provider::Vertex => "secret",
        _ => "none",
    }
}

/// A temporary key without the token that belongs to it, which AWS refuses.
fn temporary_key(inputs: &Inputs<'_>, sends: &[Filled]) -> Option<Found> {
    let sent = sends.iter().find(|sent| sent.value.as_ref().is_some_and(Secret::is_temporary_aws_id))?;
    let whole = match sent.source.kind {
        SourceKind::CloudFiles => aws::profile_has_session_token(inputs),
        _ => inputs.environment.set("AWS_SESSION_TOKEN").is_some(),
    };
    let found = Found::new("AL-5-05", Status::Warn, format!("{} is temporary, without session token", sent.name));
    (!whole).then(|| found.with("name", sent.name.as_str()).at(&sent.source).help(page(Provider::Bedrock)))
}

/// A region that is none: another is taken without a word (observed: `cloud-*-region*`).
fn region(facts: &Facts<'_>) -> Option<Found> {
    let environment = &facts.resolution.environment;
    let cloud = facts.resolution.cloud?;
    let (names, is_region, default): (&[&str], fn(&str) -> bool, _) = match cloud.provider {
        Provider::Vertex => (&["CLOUD_ML_REGION"], vertex::is_region, vertex::DEFAULT_REGION),
        Provider::Foundry => return None,
        _ => (&["AWS_REGION", "AWS_DEFAULT_REGION"], aws::is_region, aws::DEFAULT_REGION),
    };
    let name = names.iter().find(|name| environment.set(name).is_some())?;
    let used = environment.set(cloud.base_url).is_none() && !environment.text(name).is_none_or(is_region);
    let place = environment.set(name).filter(|_| used)?;
    let found = Found::new("AL-5-44", Status::Warn, format!("{name} is no region; {default} is taken"));
    Some(found.with("name", *name).with("default", default).at(&place.source).help(page(cloud.provider)))
}
