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

/// What stands under one heading of an AWS file.
pub type Section = BTreeMap<String, String>;

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

/// Keys that sign.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Which key.
    pub id: Secret,
    /// What signs.
    pub secret: Secret,
    /// What goes along where the keys are for a while only.
    pub session: Option<Secret>,
}

/// A link of the chain in which the AWS software looks for a credential.
pub enum Link {
    /// A command that prints keys.
    Command {
        /// The name of the setting that holds it.
        name: &'static str,
        /// The command line.
        line: String,
        /// Where it stands.
        source: Source,
    },
    /// Keys, and what tells of them.
    Keys(Filled, Keys),
    /// The sign-in of IAM Identity Center.
    Sso(Section),
    /// A role that another credential may take.
    Role(Section),
    /// A token in a file, for a role.
    WebIdentity {
        /// The token's file.
        file: String,
        /// The role.
        role: String,
    },
    /// What a container or the console's sign-in provides.
    Elsewhere,
    /// Nothing that a file or variable shows.
    Nothing,
}

/// Where a signature would come from.
pub fn signer(inputs: &Inputs<'_>) -> Signer {
    match link(inputs) {
        Link::Command { name, source, .. } => Signer::Found(signature(name, source, None)),
        Link::Keys(filled, _) => Signer::Found(filled),
        Link::Sso(_) | Link::Role(_) | Link::WebIdentity { .. } | Link::Elsewhere => Signer::OnlyByTrying,
        Link::Nothing => Signer::NotSeen,
    }
}

fn signature(name: &str, source: Source, value: Option<Secret>) -> Filled {
    Filled {
        header: Header::Authorization,
        credential: CredentialKind::CloudProvider,
        name: name.to_owned(),
        source,
        value,
        bearer: false,
    }
}

/// The first link of the chain that holds.
pub fn link(inputs: &Inputs<'_>) -> Link {
    let (environment, snapshot) = (inputs.environment, inputs.snapshot);
    // A command is taken to work, like every helper; only running it tells.
    for file in snapshot.settings.iter().rev().filter(|file| file.ignored(snapshot).is_none()) {
        let Some(member) = file.document.json().and_then(|json| json.root().member("awsCredentialExport")) else {
            continue;
        };
        if let Some(command) = member.value.as_str().filter(|command| !command.is_empty()) {
            let position = member.position();
            let source = Source {
                line: Some(position.line),
                column: Some(position.column),
                name: Some("awsCredentialExport".to_owned()),
                ..file.source()
            };
            return Link::Command { name: "awsCredentialExport", line: command.into_owned(), source };
        }
    }
    let profile_named = environment.text("AWS_PROFILE").is_some();
    if !profile_named
        && let (Some(id), Some(secret)) =
            (environment.set("AWS_ACCESS_KEY_ID"), environment.set("AWS_SECRET_ACCESS_KEY"))
    {
        let session = environment.set("AWS_SESSION_TOKEN").map(|place| place.value.clone());
        let keys = Keys { id: id.value.clone(), secret: secret.value.clone(), session };
        return Link::Keys(signature("AWS_ACCESS_KEY_ID", id.source.clone(), Some(id.value.clone())), keys);
    }
    let (profile, config, credentials) = profile_sections(inputs);
    let files = [(&snapshot.cloud.aws_credentials, credentials.clone()), (&snapshot.cloud.aws_config, config.clone())];
    for (file, section) in files {
        let Some(section) = section else { continue };
        if let Some(keys) = keys_of(&section) {
            let source = cloud_file(&file.path, &profile);
            return Link::Keys(signature("aws_access_key_id", source, Some(keys.id.clone())), keys);
        }
    }
    if let Some(command) = config.as_ref().and_then(|section| section.get("credential_process")) {
        let source = cloud_file(&snapshot.cloud.aws_config.path, &profile);
        return Link::Command { name: "credential_process", line: command.clone(), source };
    }
    let by_profile = config.filter(|section| INDIRECT.iter().any(|key| section.contains_key(*key)));
    if let Some(section) = by_profile {
        return match (section.get("web_identity_token_file"), section.get("role_arn")) {
            (Some(file), Some(role)) => Link::WebIdentity { file: file.clone(), role: role.clone() },
            (None, Some(_)) => Link::Role(section),
            _ if section.contains_key("sso_session") || section.contains_key("sso_start_url") => Link::Sso(section),
            _ => Link::Elsewhere,
        };
    }
    if let Some(file) = environment.text("AWS_WEB_IDENTITY_TOKEN_FILE") {
        return match environment.text("AWS_ROLE_ARN") {
            Some(role) => Link::WebIdentity { file: file.to_owned(), role: role.to_owned() },
            None => Link::Elsewhere,
        };
    }
    let by_variable = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
    if by_variable.iter().any(|name| environment.set(name).is_some()) { Link::Elsewhere } else { Link::Nothing }
}

const INDIRECT: [&str; 5] = ["sso_start_url", "sso_session", "role_arn", "web_identity_token_file", "login_session"];

/// The keys that a section holds.
pub fn keys_of(section: &Section) -> Option<Keys> {
    let secret = |name: &str| section.get(name).map(|text| Secret::new(text.clone()));
    let (id, own) = (secret("aws_access_key_id")?, secret("aws_secret_access_key")?);
    Some(Keys { id, secret: own, session: secret("aws_session_token") })
}

/// A section of the config file by its whole name.
pub fn named_section(inputs: &Inputs<'_>, name: &str) -> Option<Section> {
    sections(&inputs.snapshot.cloud.aws_config).remove(name)
}

/// The keys of a profile, in either file.
pub fn keys_of_profile(inputs: &Inputs<'_>, profile: &str) -> Option<Keys> {
    let mut config = sections(&inputs.snapshot.cloud.aws_config);
    let in_config = config.remove(&format!("profile {profile}")).or_else(|| config.remove(profile));
    let in_credentials = sections(&inputs.snapshot.cloud.aws_credentials).remove(profile);
    [in_credentials, in_config].into_iter().flatten().find_map(|section| keys_of(&section))
}

/// What the profile that is used says of `key`, in either file.
pub fn profile_text(inputs: &Inputs<'_>, key: &str) -> Option<String> {
    let (_, config, credentials) = profile_sections(inputs);
    [config, credentials].into_iter().flatten().find_map(|section| section.get(key).cloned())
}
