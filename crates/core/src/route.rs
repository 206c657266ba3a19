//! The route: who answers, where requests go and what is sent there; what Claude Code will do before any server answers
//! is foretold from it.

mod prediction;

use crate::claude_code::variables::{self, Purpose};
use crate::environment::{Environment, Occurrence};
use crate::headers::CustomHeader;
use crate::ladder::{Candidate, Candidates, HELPER, ProfileChoice, Rule, Slot};
use crate::policy::Policy;
use crate::providers::{self, Cloud, CloudOutcome, Inputs};
use crate::proxy;
use crate::report::{Billing, CredentialKind, Header, Provider, Source};
use crate::secret::Secret;
use crate::shell::Unsure;
use crate::snapshot::{Examined, Snapshot};
use crate::url::{self, Base, NoBase};

pub use prediction::Prediction;

/// A header and what fills it.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The header.
    pub header: Header,
    /// The kind of credential.
    pub credential: CredentialKind,
    /// The variable, key or store.
    pub name: String,
    /// Where it stands.
    pub source: Source,
    /// The value, where it is known before anything runs.
    pub value: Option<Secret>,
    /// Whether `Bearer ` goes before it.
    pub bearer: bool,
}

impl Filled {
    /// A candidate in a header.
    pub fn of(candidate: &Candidate, header: Header) -> Option<Self> {
        Some(Self {
            header,
            credential: candidate.slot.kind(),
            name: candidate.name.clone(),
            source: candidate.source.clone()?,
            value: candidate.value.clone(),
            bearer: header == Header::Authorization,
        })
    }

    /// Whether it is a claude.ai sign-in, whatever variable holds it.
    pub fn is_login(&self) -> bool {
        matches!(self.credential, CredentialKind::Login | CredentialKind::OauthToken)
            || self.value.as_ref().is_some_and(Secret::holds_login_token)
    }
}

/// Everything that follows from a snapshot.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// The effective environment.
    pub environment: Environment,
    /// Everything that was looked for.
    pub candidates: Candidates,
    /// The rules that applied.
    pub rules: Vec<(&'static Rule, Slot)>,
    /// The organisation's policy.
    pub policy: Policy,
    /// Who answers.
    pub provider: Provider,
    /// The switch that chose it.
    pub cloud: Option<&'static Cloud>,
    /// What the cloud's own settings come to.
    pub cloud_outcome: Option<CloudOutcome>,
    /// Who pays.
    pub billing: Billing,
    /// Where requests go.
    pub base: Result<Base, NoBase>,
    /// What names the endpoint; None for the default.
    pub base_source: Option<Source>,
    /// The proxy.
    pub proxy: proxy::Choice,
    /// The headers that carry a credential.
    pub sends: Vec<Filled>,
    /// What is ready to be sent and is not: something else takes its header, or no request goes out.
    pub withheld: Vec<Filled>,
    /// Other headers that the person adds.
    pub custom_headers: Vec<CustomHeader>,
    /// What Claude Code will do.
    pub prediction: Prediction,
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.switch)
    }
}

/// The variable of custom headers.
pub(crate) const CUSTOM_HEADERS: &str = "ANTHROPIC_CUSTOM_HEADERS";

/// What Claude Code will do on this machine.
pub fn resolve(snapshot: &Snapshot) -> Resolution {
    let environment = Environment::resolve(snapshot);
    let candidates = Candidates::find(snapshot, &environment);
    let policy = Policy::of(snapshot);
    let cloud = providers::in_force(&environment);
    let custom = environment.set(CUSTOM_HEADERS);
    let custom_headers = custom.map(|place| CustomHeader::read(&place.value)).unwrap_or_default();

    let filled = candidates.fill();
    let rules = filled.iter().map(|(rule, candidate)| (*rule, candidate.slot)).collect();
    let mut sends: Vec<Filled> =
        filled.iter().filter_map(|(rule, candidate)| Filled::of(candidate, rule.header)).collect();

    let (base_text, base_source) = base_url(snapshot, &environment, &candidates, &sends);
    let mut base = url::base(&base_text);
    let mut base_source = base_source;
    let mut cloud_outcome = None;
    let provider = match cloud {
        Some(cloud) => {
            let skip_auth = environment.is_on(cloud.skip_auth);
            let inputs = Inputs { snapshot, environment: &environment, candidates: &candidates, skip_auth };
            let route = (cloud.route)(&inputs);
            base = route.url.as_deref().map_or(Err(NoBase::NotAUrl), url::base);
            base_source = route.url_source;
            sends = route.sends;
            cloud_outcome = Some(route.outcome);
            cloud.provider
        }
        None if base.as_ref().is_ok_and(|base| base.origin == url::DEFAULT_BASE) => Provider::Anthropic,
        None if base.is_err() && environment.set("ANTHROPIC_BASE_URL").is_none() => Provider::Anthropic,
        None => Provider::Gateway,
    };
    let mut withheld = Vec::new();
    if let Some(place) = custom {
        withheld = add_custom_headers(&mut sends, &custom_headers, &place.source, cloud.map(|cloud| cloud.provider));
    }
    if let (Ok(found), Some(source), None) = (&base, &base_source, cloud)
        && found.userinfo
    {
        let userinfo = Filled {
            header: Header::Authorization,
            credential: CredentialKind::UrlUserinfo,
            name: source.name.clone().unwrap_or_default(),
            source: source.clone(),
            value: None,
            bearer: false,
        };
        let bearer = sends.iter().any(|sent| sent.header == Header::Authorization);
        if bearer || sends.is_empty() { &mut withheld } else { &mut sends }.push(userinfo);
    }
    let (host, port, https) =
        base.as_ref().map_or(("", 443, true), |base| (base.host.as_str(), base.port, !base.plain_http));
    let proxy = proxy::choose(&environment, host, port, https);
    let mut resolution = Resolution {
        rules,
        policy,
        provider,
        cloud,
        cloud_outcome,
        billing: Billing::Unknown,
        base,
        base_source,
        proxy,
        sends,
        withheld,
        custom_headers,
        prediction: Prediction::default(),
        environment,
        candidates,
    };
    resolution.billing = resolution.billing();
    resolution.prediction = resolution.predict(snapshot, cloud_outcome);
    resolution.sends.sort_by_key(|sent| sent.header);
    let stays_home = resolution.prediction.sends_request == Some(false) || resolution.prediction.starts == Some(false);
    if stays_home {
        resolution.withheld.append(&mut resolution.sends);
    }
    resolution
}

/// The base URL and what names it: the variable, else the profile that signs in, else the default.
fn base_url(
    snapshot: &Snapshot,
    environment: &Environment,
    candidates: &Candidates,
    sends: &[Filled],
) -> (String, Option<Source>) {
    if let Some(place) = environment.set("ANTHROPIC_BASE_URL") {
        return (place.value.plain().to_owned(), Some(place.source.clone()));
    }
    let by_profile = sends.iter().any(|sent| sent.credential == CredentialKind::Profile);
    if let (true, Some(ProfileChoice::Stored(name, _))) = (by_profile, &candidates.profile)
        && let Some(files) = snapshot.profiles.files.get(name)
        && let Some(member) = files.config.json().and_then(|json| json.root().member("base_url"))
        && let Some(text) = member.value.as_str().filter(|text| !text.is_empty())
    {
        let position = member.position();
        let source = Source {
            path: Some(files.config.path.clone()),
            line: Some(position.line),
            column: Some(position.column),
            name: Some("base_url".to_owned()),
            ..Source::new(crate::report::SourceKind::ProfileFile)
        };
        return (text.into_owned(), Some(source));
    }
    (url::DEFAULT_BASE.to_owned(), None)
}

/// A custom `x-api-key` takes the place of any key; a custom `Authorization` that of a login, not that of a token, helper
/// or profile, which are put in after it (observed: `key-custom-headers*`, `y-blank-*`). An empty one goes out too.
/// A cloud's own `Authorization` stays (observed: `cloud-bedrock-*` with a custom header). What had to go is returned.
fn add_custom_headers(
    sends: &mut Vec<Filled>,
    headers: &[CustomHeader],
    source: &Source,
    cloud: Option<Provider>,
) -> Vec<Filled> {
    let mut replaced = Vec::new();
    // These two leave `Authorization` out beside a key of their own (observed: `z-cl-fo-own-ca`, `z-cl-aw-own-ca`).
    let keyed = matches!(cloud, Some(Provider::Foundry | Provider::AnthropicAws))
        && sends.iter().any(|sent| sent.header == Header::XApiKey && sent.credential == CredentialKind::CloudProvider);
    for header in [Header::XApiKey, Header::Authorization] {
        let Some(custom) = headers.iter().rfind(|custom| custom.is(header.word())) else { continue };
        let stronger = [CredentialKind::AuthToken, CredentialKind::ApiKeyHelper, CredentialKind::Profile];
        let kept = header == Header::Authorization
            && (keyed
                || sends
                    .iter()
                    .any(|sent| sent.header == header && (cloud.is_some() || stronger.contains(&sent.credential))));
        if kept {
            continue;
        }
        replaced.extend(sends.extract_if(.., |sent| sent.header == header));
        sends.push(Filled {
            header,
            credential: CredentialKind::CustomHeaders,
            name: CUSTOM_HEADERS.to_owned(),
            source: source.clone(),
            value: Some(custom.value.clone()),
            bearer: false,
        });
    }
    replaced
}

impl Resolution {
    /// Every place at which a variable or the helper stands, the one that counts first.
    pub(crate) fn places(&self, name: &str) -> &[Occurrence] {
        match name {
            HELPER => &self.candidates.helper,
            name => self.environment.get(name).map_or(&[], |setting| &setting.places),
        }
    }

    fn billing(&self) -> Billing {
        if let Some(cloud) = self.cloud {
            return cloud.billing;
        }
        let Some(first) = self.sends.iter().min_by_key(|sent| sent.header != Header::XApiKey) else {
            return Billing::Unknown;
        };
        match (self.provider, first.credential) {
            // A login that goes to a custom address: only its owner knows.
            (Provider::Gateway, _) if first.is_login() => Billing::Unknown,
            (Provider::Gateway, _) => Billing::Gateway,
            _ if first.is_login() => Billing::Subscription,
            (_, CredentialKind::ApiKey | CredentialKind::ManagedKey) => Billing::Console,
            _ => Billing::Unknown,
        }
    }

    /// The variables that decide, could not be told and are not settled by something stronger.
    pub fn unsure<'e>(&self, examined: &'e Examined) -> Vec<&'e Unsure> {
        let decides = |unsure: &&Unsure| {
            // Without a name it may be any.
            unsure.name.is_empty()
                || variables::named(examined.platform, &unsure.name).is_some_and(|fact| {
                    let winner = self.environment.winner(fact.name);
                    fact.decides() && winner.is_none_or(|place| place.source.scope.is_none())
                })
        };
        examined.unsure.iter().filter(decides).collect()
    }

    /// Whether something that nobody could tell may sign in: a variable that holds a credential, chooses a cloud or says
    /// where a login lies.
    pub fn credential_not_told(&self, examined: &Examined) -> bool {
        let may = |unsure: &&Unsure| {
            let fact = variables::named(examined.platform, &unsure.name);
            fact.is_none_or(|fact| fact.purpose == Purpose::Credential || fact.moves_files())
        };
        self.unsure(examined).iter().any(may)
    }
}
