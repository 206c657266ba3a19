//! The clouds: which one is switched on, where its requests go, what signs them, and what is missing.

mod anthropic_aws;
pub mod aws;
mod bedrock;
pub(crate) mod foundry;
mod mantle;
pub mod set_up;
pub mod sign_in;
pub(crate) mod vertex;

use crate::environment::Environment;
use crate::ladder::Candidates;
use crate::report::{Billing, CredentialKind, Header, Provider, Source, SourceKind};
use crate::route::Filled;
use crate::snapshot::Snapshot;

/// A cloud.
#[derive(Clone, Copy)]
pub struct Cloud {
    /// Which.
    pub provider: Provider,
    /// What its maker calls it; no language translates that.
    pub name: &'static str,
    /// The variable that switches it on.
    pub switch: &'static str,
    /// The variable that leaves signing to a gateway.
    pub skip_auth: &'static str,
    /// The variable that names another address.
    pub base_url: &'static str,
    /// Who pays.
    pub billing: Billing,
    /// What it comes to.
    pub route: fn(&Inputs<'_>) -> CloudRoute,
}

/// Every cloud, the one that wins first (observed: `cloud-which-*`).
pub const CLOUDS: &[Cloud] = &[
    Cloud {
        provider: Provider::Bedrock,
        name: "Amazon Bedrock",
        switch: "CLAUDE_CODE_USE_BEDROCK",
        skip_auth: "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
        base_url: "ANTHROPIC_BEDROCK_BASE_URL",
        billing: Billing::Aws,
        route: bedrock::route,
    },
    Cloud {
        provider: Provider::Foundry,
        name: "Microsoft Foundry",
        switch: "CLAUDE_CODE_USE_FOUNDRY",
        skip_auth: "CLAUDE_CODE_SKIP_FOUNDRY_AUTH",
        base_url: "ANTHROPIC_FOUNDRY_BASE_URL",
        billing: Billing::Azure,
        route: foundry::route,
    },
    Cloud {
        provider: Provider::AnthropicAws,
        name: "Claude Platform on AWS",
        switch: "CLAUDE_CODE_USE_ANTHROPIC_AWS",
        skip_auth: "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH",
        base_url: "ANTHROPIC_AWS_BASE_URL",
        billing: Billing::Aws,
        route: anthropic_aws::route,
    },
    Cloud {
        provider: Provider::Mantle,
        name: "Amazon Bedrock (Mantle)",
        switch: "CLAUDE_CODE_USE_MANTLE",
        skip_auth: "CLAUDE_CODE_SKIP_MANTLE_AUTH",
        base_url: "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
        billing: Billing::Aws,
        route: mantle::route,
    },
    Cloud {
        provider: Provider::Vertex,
        name: "Google Vertex AI",
        switch: "CLAUDE_CODE_USE_VERTEX",
        skip_auth: "CLAUDE_CODE_SKIP_VERTEX_AUTH",
        base_url: "ANTHROPIC_VERTEX_BASE_URL",
        billing: Billing::Gcp,
        route: vertex::route,
    },
];

/// The cloud that is switched on.
pub fn in_force(environment: &Environment) -> Option<&'static Cloud> {
    CLOUDS.iter().find(|cloud| environment.is_on(cloud.switch))
}

/// What a cloud's rules look at.
pub struct Inputs<'a> {
    /// The machine.
    pub snapshot: &'a Snapshot,
    /// The effective environment.
    pub environment: &'a Environment,
    /// Anthropic's credentials: with authentication skipped, the bearer token among them is sent.
    pub candidates: &'a Candidates,
    /// Whether authentication is skipped.
    pub skip_auth: bool,
}

impl Inputs<'_> {
    /// The credential of a variable.
    fn filled_from(&self, name: &str, header: Header) -> Option<Filled> {
        let place = self.environment.set(name)?;
        Some(Filled {
            header,
            credential: CredentialKind::CloudProvider,
            name: name.to_owned(),
            source: place.source.clone(),
            value: Some(place.value.clone()),
            bearer: header == Header::Authorization,
        })
    }

    /// A bearer with a character that no header takes stops the request (observed: cloud bearer with `…`).
    fn bearer_outcome(&self, filled: &Filled) -> CloudOutcome {
        let bad = filled.value.as_ref().is_some_and(|value| value.bad_character().is_some());
        if bad {
            return CloudOutcome::Stops(Stop::BearerCharacter);
        }
        CloudOutcome::Sends
    }

    /// The API key, as the gateway of a cloud gets it.
    fn gateway_key(&self) -> Option<Filled> {
        let key = self.candidates.get(crate::ladder::Slot::ApiKey).filter(|candidate| candidate.stands())?;
        Filled::of(key, Header::XApiKey)
    }

    /// What goes out as the bearer where a gateway signs (observed: `cloud-*-skip-auth+*`).
    fn gateway_bearer(&self) -> Option<Filled> {
        [crate::ladder::Slot::AuthToken, crate::ladder::Slot::Helper].into_iter().find_map(|slot| {
            let candidate = self.candidates.get(slot).filter(|candidate| candidate.stands())?;
            Filled::of(candidate, Header::Authorization)
        })
    }
}

/// What a cloud comes to.
pub struct CloudRoute {
    /// The address, as text; not yet looked at.
    pub url: Option<String>,
    /// The variable that names it, if one does.
    pub url_source: Option<Source>,
    /// What is sent.
    pub sends: Vec<Filled>,
    /// Whether a request goes out.
    pub outcome: CloudOutcome,
}

/// Whether a request goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudOutcome {
    /// It does.
    Sends,
    /// It does not.
    Stops(Stop),
    /// Only trying tells.
    CannotTell(Untold),
}

/// What a cloud lacks so much that no request goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Foundry: neither address nor resource.
    NoFoundryAddress,
    /// Foundry: address and resource.
    TwoFoundryAddresses,
    /// Foundry: the resource is no name of one.
    FoundryResource,
    /// Foundry: a key of blanks.
    FoundryBlankKey,
    /// A bearer with a character that no header takes.
    BearerCharacter,
    /// A key with such a character.
    KeyCharacter,
    /// Claude Platform on AWS: no workspace.
    NoWorkspace,
    /// Vertex: no project.
    NoProject,
    /// Vertex: the file of Google's credentials lacks what it needs, or is not there.
    GoogleCredentials,
}

impl Stop {
    /// What is printed (observed: `cloud-*`).
    pub fn message(self) -> &'static str {
        match self {
            Self::NoFoundryAddress => "API Error: Must provide one of the `baseURL` or `resource` arguments",
            Self::TwoFoundryAddresses => "API Error: baseURL and resource are mutually exclusive",
            Self::FoundryResource => "API Error: ANTHROPIC_FOUNDRY_RESOURCE must be a Foundry resource name",
            Self::FoundryBlankKey => "API Error: Missing credentials.",
            Self::BearerCharacter => "API Error: Header 'Authorization' has invalid value",
            Self::KeyCharacter => "Not logged in · Please run /login",
            Self::NoWorkspace => "API Error: No workspace ID found.",
            Self::NoProject => "API Error: No projectId was given and it could not be resolved from credentials.",
            Self::GoogleCredentials => vertex::NONE_FOUND,
        }
    }
}

/// Why only trying tells whether a cloud signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untold {
    /// AWS: nothing in variables and files; the machine's own identity may still be there.
    AwsNothingSeen,
    /// AWS: a sign-in, a role or a token file, which has to be asked.
    AwsAsks,
    /// Google: no file; the machine's own identity may still be there.
    GoogleNothingSeen,
    /// Google: a kind of credential that was not observed.
    GoogleOtherKind,
    /// Azure: its own sign-in, which is not read.
    AzureAsks,
}

impl Untold {
    /// What is printed if trying finds nothing (observed: `cloud-*-none`).
    pub fn message(self) -> Option<&'static str> {
        match self {
            Self::AwsNothingSeen | Self::AwsAsks => Some(aws::NONE_FOUND),
            Self::GoogleNothingSeen => Some(vertex::NONE_FOUND),
            Self::GoogleOtherKind => None,
            Self::AzureAsks => Some("API Error: Could not load Azure credentials"),
        }
    }
}

/// A file of a cloud as the source of a credential.
fn cloud_file(path: &str, name: &str) -> Source {
    Source { path: Some(path.to_owned()), name: Some(name.to_owned()), ..Source::new(SourceKind::CloudFiles) }
}

/// The text of a variable and where it stands.
fn setting<'e>(environment: &'e Environment, name: &str) -> Option<(&'e str, &'e Source)> {
    let text = environment.text(name)?;
    Some((text, &environment.set(name)?.source))
}
