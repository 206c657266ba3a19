//! The route: who answers, where requests go, what is sent there, and what Claude Code will do before any server
//! answers.

use std::borrow::Cow;

use crate::environment::{Environment, is_trusted};
use crate::headers::{BadHeader, CustomHeader};
use crate::json::{Json, Value};
use crate::ladder::{Candidate, Candidates, ProfileChoice, Rule, Slot, Why};
use crate::policy::{Policy, Refusal};
use crate::providers::{self, Cloud, CloudOutcome, Inputs};
use crate::proxy;
use crate::reading::{Content, Reading, Trouble};
use crate::report::{Asks, Billing, CredentialKind, Header, Mode, Provider, Scope, Source, SourceKind};
use crate::secret::{Secret, SecretKind};
use crate::snapshot::Snapshot;
use crate::url::{self, Base, NoBase};

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
}

/// What Claude Code will do before any server answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prediction {
    /// Whether it starts. None: cannot be known from here.
    pub starts: Option<bool>,
    /// What it asks first.
    pub asks: Option<Asks>,
    /// Whether it sends a request. None: cannot be known from here.
    pub sends_request: Option<bool>,
    /// The stable first part of what it prints instead.
    pub message: Option<Cow<'static, str>>,
    /// Whether the login is renewed first.
    pub refreshes_first: bool,
    /// Other origins that get a credential.
    pub background_to: Vec<String>,
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

/// How long before its end a login is renewed (observed: `oexp-expires-in-4min`, `oexp-expires-in-6min`).
const RENEWED_BEFORE_MS: i64 = 5 * 60 * 1000;

const NOT_LOGGED_IN: &str = "Not logged in · Please run /login";

/// What Claude Code will do on this machine.
pub fn resolve(snapshot: &Snapshot) -> Resolution {
    let environment = Environment::resolve(snapshot);
    let candidates = Candidates::find(snapshot, &environment);
    let policy = Policy::of(snapshot);
    let cloud = providers::in_force(&environment);
    let custom = environment.set("ANTHROPIC_CUSTOM_HEADERS");
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
        None => Provider::Gateway,
    };
    if let Some(place) = custom {
        add_custom_headers(&mut sends, &custom_headers, &place.source, cloud.is_some());
    }
    let no_bearer = !sends.iter().any(|sent| sent.header == Header::Authorization);
    if let (Ok(found), Some(source), true, None) = (&base, &base_source, no_bearer, cloud)
        && found.userinfo
        && !sends.is_empty()
    {
        sends.push(Filled {
            header: Header::Authorization,
            credential: CredentialKind::UrlUserinfo,
            name: source.name.clone().unwrap_or_default(),
            source: source.clone(),
            value: None,
            bearer: false,
        });
    }
    let (host, port) = base.as_ref().map_or(("", 443), |base| (base.host.as_str(), base.port));
    let proxy = proxy::choose(&environment, host, port);
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
        resolution.sends.clear();
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
        return (place.value.reveal().to_owned(), Some(place.source.clone()));
    }
    let by_profile = sends.iter().any(|sent| sent.credential == CredentialKind::Profile);
    if let (true, Some(ProfileChoice::Stored(name))) = (by_profile, &candidates.profile)
        && let Some(files) = snapshot.profiles.files.get(name)
        && let Some(member) = files.config.json().and_then(|json| json.root().member("base_url"))
        && let Some(text) = member.value.as_str()
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

/// A custom `x-api-key` takes the place of any key; a custom `Authorization` that of a login or profile, not that of a
/// token or helper, which are put in after it (observed: `key-custom-headers*`).
/// A cloud's own `Authorization` stays (observed: `cloud-bedrock-*` with a custom header).
fn add_custom_headers(sends: &mut Vec<Filled>, headers: &[CustomHeader], source: &Source, cloud: bool) {
    for header in [Header::XApiKey, Header::Authorization] {
        let Some(custom) = headers.iter().rfind(|custom| custom.is(header.word())) else { continue };
        let stronger = [CredentialKind::AuthToken, CredentialKind::ApiKeyHelper];
        let kept = header == Header::Authorization
            && sends.iter().any(|sent| sent.header == header && (cloud || stronger.contains(&sent.credential)));
        if kept {
            continue;
        }
        sends.retain(|sent| sent.header != header);
        if !custom.value.is_blank() {
            sends.push(Filled {
                header,
                credential: CredentialKind::CustomHeaders,
                name: "ANTHROPIC_CUSTOM_HEADERS".to_owned(),
                source: source.clone(),
                value: Some(custom.value.clone()),
                bearer: false,
            });
        }
    }
}

impl Resolution {
    fn billing(&self) -> Billing {
        if let Some(cloud) = self.cloud {
            return cloud.billing;
        }
        if self.provider == Provider::Gateway {
            let own = self.sends.iter().any(|sent| sent.credential != CredentialKind::Login);
            // A login that goes to a custom address: only its owner knows.
            return if own && !self.sends.is_empty() { Billing::Gateway } else { Billing::Unknown };
        }
        let Some(first) = self.sends.iter().min_by_key(|sent| sent.header != Header::XApiKey) else {
            return Billing::Unknown;
        };
        let looks = first.value.as_ref().map(Secret::kind);
        match first.credential {
            CredentialKind::Login | CredentialKind::OauthToken => Billing::Subscription,
            CredentialKind::ApiKey | CredentialKind::ManagedKey => Billing::Console,
            CredentialKind::AuthToken if looks == Some(SecretKind::OauthAccessToken) => Billing::Subscription,
            _ => Billing::Unknown,
        }
    }

    fn predict(&self, snapshot: &Snapshot, cloud: Option<CloudOutcome>) -> Prediction {
        let mut prediction = Prediction { starts: Some(true), ..Prediction::default() };
        if let Some((starts, message)) = self.start_fault(snapshot) {
            prediction.starts = starts;
            prediction.sends_request = starts.map(|_| false);
            prediction.message = Some(message);
            return prediction;
        }
        if snapshot.mode == Mode::Interactive {
            prediction.asks = self.asks(snapshot);
        }
        let login = &self.candidates.login;
        prediction.refreshes_first = self.cloud.is_none() && self.renews(snapshot);
        match cloud {
            Some(outcome) => self.predict_cloud(outcome, &mut prediction),
            None => match self.request_fault(snapshot) {
                Some((sends, message)) => {
                    prediction.sends_request = sends;
                    prediction.message = message;
                }
                None => prediction.sends_request = Some(true),
            },
        }
        // Scopes of a form that the program trips over, and logins in a Keychain that nobody has watched.
        let uncertain = login.may_infer.is_none() || login.unproven;
        let rests_on_it = |sent: &Filled| {
            (sent.credential == CredentialKind::Login && uncertain) || sent.source.kind == SourceKind::Keychain
        };
        if self.sends.iter().any(rests_on_it) {
            prediction.sends_request = None;
        }
        prediction.background_to = self.background();
        prediction
    }

    fn predict_cloud(&self, outcome: CloudOutcome, prediction: &mut Prediction) {
        match outcome {
            CloudOutcome::Sends => match &self.base {
                Ok(_) => prediction.sends_request = Some(true),
                Err(NoBase::NotAUrl) => {
                    prediction.sends_request = Some(false);
                    prediction.message = Some("API Error: Invalid URL".into());
                }
                Err(_) => prediction.sends_request = None,
            },
            CloudOutcome::Stops(stop) => {
                prediction.sends_request = Some(false);
                prediction.message = Some(stop.message().into());
            }
            CloudOutcome::CannotTell(untold) => {
                prediction.sends_request = None;
                prediction.message = untold.message().map(Cow::Borrowed);
            }
        }
        if let Some(custom) = self.custom_headers.iter().find(|custom| custom.fault() == Some(BadHeader::Value)) {
            prediction.sends_request = Some(false);
            prediction.message = Some(format!("API Error: Header '{}' has invalid value", custom.name).into());
        } else if self.custom_header_fault().is_some() {
            prediction.sends_request = None;
        }
    }

    /// What stops it at the start, in the order in which the program looks (observed).
    fn start_fault(&self, snapshot: &Snapshot) -> Option<(Option<bool>, Cow<'static, str>)> {
        let stops = |message: Cow<'static, str>| Some((Some(false), message));
        if let Some(sources) = &snapshot.arguments.setting_sources {
            let known = [Scope::User, Scope::Project, Scope::Local].map(Scope::word);
            if sources.iter().any(|source| !source.is_empty() && !known.contains(&source.as_str())) {
                return stops("Error processing --setting-sources: Invalid setting source".into());
            }
        }
        let flag = snapshot.settings.iter().find(|file| file.scope == Scope::CommandLine);
        if snapshot.arguments.settings.is_some() && flag.is_some_and(|file| file.document.content.is_absent()) {
            return stops("Error: Settings file not found".into());
        }
        if let Reading::Found(Content::Malformed(error, _)) = &snapshot.state.content
            && error.what != crate::json::Fault::Nul
        {
            return stops(format!("Configuration error in {}", snapshot.state.path).into());
        }
        if let proxy::Choice::NotAUrl { variable, place } = &self.proxy {
            let from_folder = matches!(place.source.scope, Some(Scope::Project | Scope::Local));
            let message = format!("Invalid proxy URL in {variable}");
            return Some((if from_folder { None } else { Some(false) }, message.into()));
        }
        for file in snapshot.settings.iter().filter(|file| file.scope == Scope::Managed) {
            match &file.document.content {
                Reading::Found(Content::Malformed(..)) => {
                    return stops("Managed settings document could not be parsed as a JSON object".into());
                }
                Reading::Found(Content::Json(json, _)) if json.root().kind() != crate::json::Kind::Object => {
                    return stops("Managed settings document could not be parsed as a JSON object".into());
                }
                Reading::Unreadable(Trouble::Folder | Trouble::TooLarge) => {
                    return stops("Unable to read managed policy settings.".into());
                }
                _ => {}
            }
        }
        let version = snapshot.claude_version();
        match self.policy.refusal(version, self.provider, &self.candidates) {
            Some(Refusal::TooOld) => stops(format!("Claude Code {version} is older than the minimum version").into()),
            Some(Refusal::TooNew) => stops(format!("Claude Code {version} is newer than the maximum version").into()),
            Some(refusal @ Refusal::OrganisationUnverified) => Some((None, refusal.message().into())),
            Some(refusal) => stops(refusal.message().into()),
            None => None,
        }
    }

    /// What keeps a request from being made, in the order in which the program looks (observed).
    fn request_fault(&self, snapshot: &Snapshot) -> Option<(Option<bool>, Option<Cow<'static, str>>)> {
        let stops = |message: Cow<'static, str>| Some((Some(false), Some(message)));
        if self.policy.wants_gateway() {
            return stops("API Error: Not signed in to the Cloud gateway".into());
        }
        for (slot, intro, header) in [
            (Slot::ApiKey, "Invalid API key · Fix external API key · Invalid X-Api-Key", "ANTHROPIC_API_KEY"),
            (
                Slot::AuthToken,
                "Invalid auth token · Fix external auth token · Invalid Authorization",
                "ANTHROPIC_AUTH_TOKEN",
            ),
            (
                Slot::OauthToken,
                "Invalid auth token · Fix external auth token · Invalid Authorization",
                "CLAUDE_CODE_OAUTH_TOKEN",
            ),
        ] {
            let used = self.rules.iter().any(|(_, filled)| *filled == slot);
            let value = self.candidates.get(slot).filter(|_| used).and_then(|candidate| candidate.value.as_ref());
            if value.is_some_and(|value| value.bad_character().is_some()) {
                return stops(format!("{intro} header value from {header}: it contains ").into());
            }
        }
        if let Some(message) = self.custom_header_fault() {
            return stops(message);
        }
        let blanked = self.candidates.login.blanked;
        let credential = !self.rules.is_empty();
        if blanked && !credential {
            return stops("Failed to authenticate: OAuth session expired and could not be refreshed".into());
        }
        if self.rules.iter().any(|(_, slot)| matches!(slot, Slot::NamedProfile | Slot::FoundProfile))
            && let Some(fault) = self.profile_fault(snapshot)
        {
            return Some(fault);
        }
        match self.base {
            Err(NoBase::NotAUrl) => return stops("API Error: Invalid URL".into()),
            Err(NoBase::OtherScheme) => {
                return stops("API Error: Unable to connect to API (ERR_INVALID_ARG_VALUE)".into());
            }
            Err(NoBase::File) => return stops("API Error: ENOENT: no such file or directory, open '".into()),
            Ok(_) => {}
        }
        let blank_key = self.custom_headers.iter().any(|custom| custom.is("x-api-key") && custom.value.is_blank());
        if blank_key && self.rules.iter().any(|(_, slot)| *slot == Slot::ApiKey) {
            return stops("Invalid API key · Fix external API key".into());
        }
        if self.sends.is_empty() {
            // Somebody was just writing the login, or it lies where we do not look: what it holds cannot be known.
            let out = self.candidates.get(Slot::Login).and_then(|login| login.out.clone());
            let untold = matches!(out, Some(Why::NotLookedAt | Why::Unreadable(Trouble::Changing)));
            return if untold { Some((None, None)) } else { stops(NOT_LOGGED_IN.into()) };
        }
        if let proxy::Choice::Unsupported(_) = self.proxy {
            return stops("API Error: Unable to connect to API (UnsupportedProxyProtocol)".into());
        }
        None
    }

    fn custom_header_fault(&self) -> Option<Cow<'static, str>> {
        let faults = self.custom_headers.iter().filter_map(CustomHeader::fault);
        let message = match faults.into_iter().next()? {
            BadHeader::EmptyName => "API Error: Invalid header name",
            BadHeader::Name => {
                "Invalid ANTHROPIC_CUSTOM_HEADERS · Fix the environment variable · Invalid name for distinct header"
            }
            BadHeader::Value => {
                "Invalid ANTHROPIC_CUSTOM_HEADERS · Fix the environment variable · Invalid value for distinct header"
            }
        };
        Some(message.into())
    }

    /// What is wrong with the profile that would sign in (observed: `prof-*`).
    fn profile_fault(&self, snapshot: &Snapshot) -> Option<(Option<bool>, Option<Cow<'static, str>>)> {
        let stops = |message: String| Some((Some(false), Some(Cow::Owned(message))));
        match self.candidates.profile.as_ref()? {
            ProfileChoice::Federation => {
                if self.environment.set("ANTHROPIC_IDENTITY_TOKEN").is_some() {
                    return None;
                }
                let Some(path) = self.environment.text("ANTHROPIC_IDENTITY_TOKEN_FILE") else {
                    return stops("API Error: oidc_federation config requires an identity token".to_owned());
                };
                let file = snapshot.named_files.get("ANTHROPIC_IDENTITY_TOKEN_FILE");
                let found = file.is_some_and(|file| file.text.found().is_some());
                if found { None } else { stops(format!("API Error: Failed to read identity token file at {path}")) }
            }
            ProfileChoice::Stored(name) => {
                let document = &snapshot.profiles.files.get(name)?.credentials;
                let path = &document.path;
                if document.facts.mode.is_some_and(|mode| mode & 0o077 != 0) {
                    return stops(format!("API Error: Credentials file at {path} is group/world-readable"));
                }
                let Some(json) = document.json() else {
                    return match &document.content {
                        Reading::Found(_) => stops(format!("API Error: Credentials file at {path} is not valid JSON")),
                        _ => Some((None, None)),
                    };
                };
                let text = |name: &str| json.root().get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
                if text("access_token").is_none() {
                    return stops(format!("API Error: Credentials file at {path} must include 'access_token'"));
                }
                let expired = expires_at(json).is_some_and(|at| at <= snapshot.now_ms);
                (expired && text("refresh_token").is_none())
                    .then_some(())
                    .and_then(|()| stops("Login expired · Run /login to sign in again".to_owned()))
            }
        }
    }

    /// Whether the login is renewed before anything else, whoever signs in (observed: `oexp-expired*`).
    fn renews(&self, snapshot: &Snapshot) -> bool {
        let login = &self.candidates.login;
        let standing = self.candidates.stands(Slot::Login);
        let near = login.expires_ms.is_some_and(|at| at <= snapshot.now_ms + RENEWED_BEFORE_MS);
        standing && near && login.refresh && snapshot.login_folder_writable != Some(false)
    }

    /// What it asks first (observed: `tui-*`).
    fn asks(&self, snapshot: &Snapshot) -> Option<Asks> {
        let onboarded = snapshot
            .state
            .json()
            .and_then(|json| json.root().get("hasCompletedOnboarding"))
            .and_then(Value::as_bool)
            .unwrap_or(false);
        if !onboarded {
            let skipped = self.cloud.is_some() || self.candidates.stands(Slot::AuthToken);
            return Some(if skipped { Asks::Onboarding } else { Asks::Connectivity });
        }
        if !is_trusted(snapshot) {
            return Some(Asks::FolderTrust);
        }
        // With a cloud switched on no key is asked about, whatever else is there (observed: `x-tui-unseen+*`).
        let unapproved = self.cloud.is_none()
            && self.candidates.get(Slot::ApiKey).is_some_and(|key| key.out == Some(Why::NotApproved));
        unapproved.then_some(Asks::KeyApproval)
    }

    /// Anthropic's own hosts that get the credential although requests go elsewhere (observed: `bg-*`).
    fn background(&self) -> Vec<String> {
        if self.cloud.is_some() || self.provider != Provider::Gateway {
            return Vec::new();
        }
        let quiet = ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_TELEMETRY"]
            .iter()
            .any(|name| self.environment.set(name).is_some());
        let key = self.sends.iter().any(|sent| sent.credential == CredentialKind::ApiKey) && !quiet;
        let login = self.sends.iter().any(|sent| sent.credential == CredentialKind::Login);
        if key || login { vec![url::DEFAULT_BASE.to_owned()] } else { Vec::new() }
    }
}

/// `expires_at` of a profile's credentials, in milliseconds since 1970.
fn expires_at(json: &Json) -> Option<i64> {
    Some((json.root().get("expires_at")?.as_f64()? * 1000.0) as i64)
}
