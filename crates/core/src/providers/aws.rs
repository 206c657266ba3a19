//! What the AWS software finds on a machine without asking anybody: variables and the two files.

use std::collections::BTreeMap;

use super::{Inputs, cloud_file};
use crate::report::{CredentialKind, Header, Source};
use crate::route::Filled;
use crate::secret::Secret;
use crate::snapshot::TextFile;

/// What is printed where nothing is found (observed: `cloud-bedrock-*-none`).
pub const NONE_FOUND: &str = "API Error: Could not load AWS credentials";

/// The region where nothing names one (observed: `cloud-bedrock-keys-noregion`).
pub const DEFAULT_REGION: &str = "us-east-1";

/// Where a signature would come from.
pub enum Signer {
    /// From these.
    Found(Filled),
    /// From a command, a sign-in, a role or the machine's own identity: only trying tells.
    OnlyByTrying,
    /// From nothing that a file or variable shows. The machine's own identity may still be there.
    NotSeen,
}

type Section = BTreeMap<String, String>;

/// The sections of an AWS file: `[name]`, `key = value`.
#[expect(clippy::disallowed_methods, reason = "a file of credentials is taken apart")]
pub fn sections(file: &TextFile) -> BTreeMap<String, Section> {
    let mut sections: BTreeMap<String, Section> = BTreeMap::new();
    let mut current = None;
    let Some(text) = file.text.found() else { return sections };
    for line in text.reveal().lines() {
        let line = line.trim();
        if line.starts_with(['#', ';']) || line.is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name.trim()) {
            sections.entry(name.to_owned()).or_default();
            current = Some(name.to_owned());
        } else if let (Some(name), Some((key, value))) = (&current, line.split_once('=')) {
            let section = sections.entry(name.clone()).or_default();
            section.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    sections
}

/// The sections of the profile that is used, in the config file and in the credentials file.
fn profile_sections(inputs: &Inputs<'_>) -> (String, Option<Section>, Option<Section>) {
    let profile = inputs.environment.text("AWS_PROFILE").unwrap_or("default").to_owned();
    let mut config = sections(&inputs.snapshot.cloud.aws_config);
    let named = config.remove(&format!("profile {profile}"));
    let section = named.or_else(|| config.remove(&profile).filter(|_| profile == "default"));
    let credentials = sections(&inputs.snapshot.cloud.aws_credentials).remove(&profile);
    (profile, section, credentials)
}

/// The region: variables, then the profile's own in either file, then the default. What is no region counts as not
/// named (observed: `cloud-*-region*`).
pub fn region(inputs: &Inputs<'_>) -> String {
    let named = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| inputs.environment.text(name));
    let from_files = || {
        let (_, config, credentials) = profile_sections(inputs);
        [config, credentials].into_iter().flatten().find_map(|section| section.get("region").cloned())
    };
    named
        .map(str::to_owned)
        .or_else(from_files)
        .filter(|text| is_region(text))
        .unwrap_or_else(|| DEFAULT_REGION.to_owned())
}

/// Whether Claude Code takes a text for a region.
pub fn is_region(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Whether the profile that is used has a session token in either file.
pub fn profile_has_session_token(inputs: &Inputs<'_>) -> bool {
    let (_, config, credentials) = profile_sections(inputs);
    [config, credentials].into_iter().flatten().any(|section| section.contains_key("aws_session_token"))
}

/// Whether `AWS_PROFILE` names a profile that neither file has, both files having been looked at.
pub fn profile_is_missing(inputs: &Inputs<'_>) -> bool {
    let files = [&inputs.snapshot.cloud.aws_config, &inputs.snapshot.cloud.aws_credentials];
    let (_, config, credentials) = profile_sections(inputs);
    inputs.environment.text("AWS_PROFILE").is_some()
        && config.is_none()
        && credentials.is_none()
        && files.iter().all(|file| file.text.trouble().is_none())
}

/// Where a signature would come from.
pub fn signer(inputs: &Inputs<'_>) -> Signer {
    let (environment, snapshot) = (inputs.environment, inputs.snapshot);
    let signature = |name: &str, source: Source, value: Option<Secret>| {
        Signer::Found(Filled {
            header: Header::Authorization,
            credential: CredentialKind::CloudProvider,
            name: name.to_owned(),
            source,
            value,
            bearer: false,
        })
    };
    // A command is taken to work, like every helper; only running it tells.
    for file in snapshot.settings.iter().rev().filter(|file| file.ignored(snapshot).is_none()) {
        let Some(member) = file.document.json().and_then(|json| json.root().member("awsCredentialExport")) else {
            continue;
        };
        if member.value.as_str().is_some_and(|command| !command.is_empty()) {
            let position = member.position();
            let source = Source {
                line: Some(position.line),
                column: Some(position.column),
                name: Some("awsCredentialExport".to_owned()),
                ..file.source()
            };
            return signature("awsCredentialExport", source, None);
        }
    }
    let profile_named = environment.text("AWS_PROFILE").is_some();
    if !profile_named
        && let (Some(id), Some(_)) = (environment.set("AWS_ACCESS_KEY_ID"), environment.set("AWS_SECRET_ACCESS_KEY"))
    {
        return signature("AWS_ACCESS_KEY_ID", id.source.clone(), Some(id.value.clone()));
    }
    let (profile, config, credentials) = profile_sections(inputs);
    let files = [(&snapshot.cloud.aws_credentials, credentials), (&snapshot.cloud.aws_config, config.clone())];
    for (file, section) in files {
        let Some(section) = section else { continue };
        if let (Some(id), Some(_)) = (section.get("aws_access_key_id"), section.get("aws_secret_access_key")) {
            return signature("aws_access_key_id", cloud_file(&file.path, &profile), Some(Secret::new(id.clone())));
        }
    }
    if config.as_ref().is_some_and(|section| section.contains_key("credential_process")) {
        return signature("credential_process", cloud_file(&snapshot.cloud.aws_config.path, &profile), None);
    }
    let indirect = ["sso_start_url", "sso_session", "role_arn", "web_identity_token_file", "login_session"];
    let by_profile = config.is_some_and(|section| indirect.iter().any(|key| section.contains_key(*key)));
    let by_variable =
        ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
            .iter()
            .any(|name| environment.set(name).is_some());
    if by_profile || by_variable { Signer::OnlyByTrying } else { Signer::NotSeen }
}
