//! The clouds: which one is switched on, where its requests go, what signs them, and what is missing.

mod anthropic_aws;
mod aws;
mod bedrock;
mod foundry;
mod mantle;
mod vertex;

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
    /// The variable that switches it on.
    pub switch: &'static str,
    /// The variable that leaves signing to a gateway.
    pub skip_auth: &'static str,
    /// Who pays.
    pub billing: Billing,
    /// What it comes to.
    pub route: fn(&Inputs<'_>) -> CloudRoute,
}

/// Every cloud, the one that wins first (observed: `cloud-which-*`).
pub const CLOUDS: &[Cloud] = &[
    Cloud {
        provider: Provider::Bedrock,
        switch: "CLAUDE_CODE_USE_BEDROCK",
        skip_auth: "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
        billing: Billing::Aws,
        route: bedrock::route,
    },
    Cloud {
        provider: Provider::Foundry,
        switch: "CLAUDE_CODE_USE_FOUNDRY",
        skip_auth: "CLAUDE_CODE_SKIP_FOUNDRY_AUTH",
        billing: Billing::Azure,
        route: foundry::route,
    },
    Cloud {
        provider: Provider::AnthropicAws,
        switch: "CLAUDE_CODE_USE_ANTHROPIC_AWS",
        skip_auth: "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH",
        billing: Billing::Aws,
        route: anthropic_aws::route,
    },
    Cloud {
        provider: Provider::Mantle,
        switch: "CLAUDE_CODE_USE_MANTLE",
        skip_auth: "CLAUDE_CODE_SKIP_MANTLE_AUTH",
        billing: Billing::Aws,
        route: mantle::route,
    },
    Cloud {
        provider: Provider::Vertex,
        switch: "CLAUDE_CODE_USE_VERTEX",
        skip_auth: "CLAUDE_CODE_SKIP_VERTEX_AUTH",
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
            return CloudOutcome::Stops("API Error: Header 'Authorization' has invalid value".to_owned());
        }
        CloudOutcome::Sends
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudOutcome {
    /// It does.
    Sends,
    /// It does not, and this is printed.
    Stops(String),
    /// Only trying tells; if nothing is found, this is printed.
    CannotTell(Option<String>),
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
