//! What Claude Code will do before any server answers: what it asks, what it prints, whether it sends a request.

use std::borrow::Cow;

use super::{Filled, Resolution};
use crate::claude_code::variables::{self, Purpose};
use crate::headers::{BadHeader, CustomHeader};
use crate::json::{Json, Value};
use crate::ladder::{ProfileChoice, ProfileKind, Slot, Why};
use crate::policy::Refusal;
use crate::providers::CloudOutcome;
use crate::proxy;
use crate::reading::{Content, Reading, Trouble};
use crate::report::{Asks, Cause, CredentialKind, Header, Mode, Provider, Scope, SourceKind, Unproven};
use crate::secret::Secret;
use crate::snapshot::{Snapshot, Store};
use crate::url::{self, NoBase};

const NO_SUCH_HOST: &str = "API Error: Can't reach the API server";

const NOT_LOGGED_IN: &str = "Not logged in · Please run /login";

/// What Claude Code will do before any server answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prediction {
    /// Whether it starts. None: cannot be known from here.
    pub starts: Option<bool>,
    /// What it asks first.
    pub asks: Option<Asks>,
    /// Whether it sends a request. None: cannot be known from here.
    pub sends_request: Option<bool>,
    /// The cause that stops it, where something does.
    pub stopped_by: Option<Cause>,
    /// The stable first part of what it prints instead.
    pub message: Option<Cow<'static, str>>,
    /// Whether the login is renewed first.
    pub refreshes_first: bool,
    /// Other origins that get a credential.
    pub background_to: Vec<String>,
    /// Why nothing is foretold.
    pub unproven: Option<Unproven>,
}

/// What keeps Claude Code from starting, or from sending a request.
struct Fault {
    /// The cause that it belongs to. None: whether it stops cannot be known from here.
    by: Option<Cause>,
    /// What it prints.
    message: Option<Cow<'static, str>>,
}

impl Fault {
    fn stops(by: Cause, message: impl Into<Cow<'static, str>>) -> Option<Self> {
        Some(Self { by: Some(by), message: Some(message.into()) })
    }

    fn perhaps(message: Option<&'static str>) -> Option<Self> {
        Some(Self { by: None, message: message.map(Cow::Borrowed) })
    }
}

impl Prediction {
    /// No request goes out, or whether one does cannot be known.
    fn sends_none(&mut self, fault: Fault) {
        self.sends_request = fault.by.map(|_| false);
        (self.stopped_by, self.message) = (fault.by, fault.message);
    }
}

impl Resolution {
    /// What follows from the route and what else was read.
    pub(super) fn predict(&self, snapshot: &Snapshot, cloud: Option<CloudOutcome>) -> Prediction {
        if let Some(unproven) = self.unproven(snapshot) {
            return Prediction { unproven: Some(unproven), ..Prediction::default() };
        }
        let mut prediction = Prediction { starts: Some(true), ..Prediction::default() };
        if let Some(fault) = self.start_fault(snapshot) {
            prediction.starts = fault.by.map(|_| false);
            prediction.sends_none(fault);
            return prediction;
        }
        if snapshot.examined.mode == Mode::Interactive {
            prediction.asks = self.asks(snapshot);
        }
        let login = &self.candidates.login;
        prediction.refreshes_first = self.cloud.is_none() && self.renews(snapshot);
        match cloud {
            Some(outcome) => self.predict_cloud(outcome, &mut prediction),
            None => match self.request_fault(snapshot) {
                Some(fault) => prediction.sends_none(fault),
                None => prediction.sends_request = Some(true),
            },
        }
        // Scopes of a form that the program trips over, and logins in a Keychain that nobody has watched.
        let uncertain = login.may_infer.is_none() || login.unproven;
        let rests_on_it = |sent: &Filled| {
            (sent.credential == CredentialKind::Login && uncertain) || sent.source.kind == SourceKind::Keychain
        };
        if self.sends.iter().any(rests_on_it) {
            (prediction.sends_request, prediction.stopped_by) = (None, None);
        }
        prediction.background_to = self.background();
        prediction
    }

    /// What is in force here and known from documents alone: nothing is foretold of it.
    fn unproven(&self, snapshot: &Snapshot) -> Option<Unproven> {
        if snapshot.settings.iter().any(|file| file.store != Store::File) {
            return Some(Unproven::PolicyStore);
        }
        if !self.unsure(&snapshot.examined).is_empty() {
            return Some(Unproven::Profile);
        }
        let redirects = [Purpose::Endpoint, Purpose::Behaviour];
        let only_read_about = variables::FACTS
            .iter()
            .filter(|fact| !fact.evidence.proven() && redirects.contains(&fact.purpose))
            .any(|fact| self.environment.set(fact.name).is_some());
        (only_read_about && !self.sends.is_empty()).then_some(Unproven::Variable)
    }

    fn predict_cloud(&self, outcome: CloudOutcome, prediction: &mut Prediction) {
        let fault = match (outcome, &self.base) {
            (CloudOutcome::Sends, Ok(_)) => None,
            (CloudOutcome::Sends, Err(NoBase::NotAUrl)) => Fault::stops(Cause::Endpoint, "API Error: Invalid URL"),
            (CloudOutcome::Sends, Err(_)) => Fault::perhaps(None),
            (CloudOutcome::Stops(stop), _) => Fault::stops(Cause::Endpoint, stop.message()),
            (CloudOutcome::CannotTell(untold), _) => Fault::perhaps(untold.message()),
        };
        prediction.sends_request = Some(true);
        if let Some(fault) = fault {
            prediction.sends_none(fault);
        }
        // Two of them look at their own settings first (observed: `y-cl-*`).
        let own_first = match self.provider {
            Provider::Foundry => prediction.sends_request != Some(true),
            Provider::AnthropicAws => prediction.sends_request == Some(false),
            _ => false,
        };
        let header = self.custom_headers.iter().find_map(|custom| Some((custom, custom.fault()?)));
        let fault = match header.filter(|_| !own_first) {
            // This one's own key goes out all the same (observed: `y-cl-aws-key-empty`).
            Some((_, BadHeader::EmptyName)) if self.provider == Provider::AnthropicAws => None,
            Some((custom, BadHeader::Value)) => {
                Fault::stops(Cause::Environment, format!("API Error: Header '{}' has invalid value", custom.name))
            }
            Some((custom, BadHeader::EmptyName | BadHeader::Name)) => {
                Fault::stops(Cause::Environment, format!("API Error: Invalid header name: '{}'", custom.name))
            }
            None if prediction.sends_request == Some(true)
                && matches!(self.proxy, proxy::Choice::NoSuchHost { .. }) =>
            {
                Fault::stops(Cause::Endpoint, NO_SUCH_HOST)
            }
            None => None,
        };
        if let Some(fault) = fault {
            prediction.sends_none(fault);
        }
    }

    /// What stops it at the start, in the order in which the program looks (observed).
    fn start_fault(&self, snapshot: &Snapshot) -> Option<Fault> {
        if let Some(sources) = &snapshot.examined.arguments.setting_sources {
            let known = [Scope::User, Scope::Project, Scope::Local].map(Scope::word);
            let none = sources.len() == 1 && sources[0].is_empty();
            if !none && sources.iter().any(|source| !known.contains(&source.as_str())) {
                return Fault::stops(
                    Cause::SettingsFiles,
                    "Error processing --setting-sources: Invalid setting source",
                );
            }
        }
        let flag = snapshot.settings.iter().find(|file| file.scope == Scope::CommandLine);
        if flag.is_some_and(|file| file.document.content.is_absent()) {
            return Fault::stops(Cause::SettingsFiles, "Error: Settings file not found");
        }
        if let Some(file) = flag {
            match &file.document.content {
                Reading::Found(Content::Malformed(..)) if file.document.path.is_empty() => {
                    return Fault::stops(Cause::SettingsFiles, "Error: Invalid JSON provided to --settings");
                }
                Reading::Unreadable(Trouble::Folder) => {
                    return Fault::stops(Cause::SettingsFiles, "Error: Cannot use settings file");
                }
                _ => {}
            }
        }
        if let Reading::Found(Content::Malformed(error, _)) = &snapshot.state.content
            && error.what != crate::json::Fault::Nul
        {
            return Fault::stops(Cause::SettingsFiles, format!("Configuration error in {}", snapshot.state.path));
        }
        if let proxy::Choice::NotAUrl { variable, .. } = &self.proxy {
            return Fault::stops(Cause::Endpoint, format!("Invalid proxy URL in {variable}"));
        }
        for file in snapshot.settings.iter().filter(|file| file.scope == Scope::Managed) {
            match &file.document.content {
                Reading::Found(Content::Malformed(..)) => {
                    return Fault::stops(
                        Cause::Policy,
                        "Managed settings document could not be parsed as a JSON object",
                    );
                }
                Reading::Found(Content::Json(json, _)) if json.root().kind() != crate::json::Kind::Object => {
                    return Fault::stops(
                        Cause::Policy,
                        "Managed settings document could not be parsed as a JSON object",
                    );
                }
                Reading::Unreadable(Trouble::Folder | Trouble::TooLarge) => {
                    return Fault::stops(Cause::Policy, "Unable to read managed policy settings.");
                }
                _ => {}
            }
        }
        let version = snapshot.claude_version();
        let message: Cow<'static, str> = match self.policy.refusal(version, self.provider, &self.candidates)? {
            Refusal::TooOld => format!("Claude Code {version} is older than the minimum version").into(),
            Refusal::TooNew => format!("Claude Code {version} is newer than the maximum version").into(),
            refusal @ Refusal::OrganisationUnverified => return Fault::perhaps(Some(refusal.message())),
            refusal => refusal.message().into(),
        };
        Fault::stops(Cause::Policy, message)
    }

    /// What keeps a request from being made, in the order in which the program looks (observed).
    fn request_fault(&self, snapshot: &Snapshot) -> Option<Fault> {
        if self.policy.wants_gateway() {
            return Fault::stops(Cause::Policy, "API Error: Not signed in to the Cloud gateway");
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
                let message = format!("{intro} header value from {header}: it contains ");
                return Fault::stops(Cause::Environment, message);
            }
        }
        if let Some(message) = self.custom_header_fault() {
            return Fault::stops(Cause::Environment, message);
        }
        let stored = self.candidates.get(Slot::ManagedKey).and_then(|key| key.value.as_ref());
        let sent = self.sends.iter().any(|sent| sent.credential == CredentialKind::ManagedKey);
        if sent && stored.is_some_and(|key| key.bad_character().is_some()) {
            return Fault::stops(Cause::Key, NOT_LOGGED_IN);
        }
        let blanked = self.candidates.login.blanked;
        let credential = !self.rules.is_empty();
        let authorised = self.sends.iter().any(|sent| sent.header == Header::Authorization);
        if blanked && !credential && !authorised {
            return Fault::stops(
                Cause::Login,
                "Failed to authenticate: OAuth session expired and could not be refreshed",
            );
        }
        if self.rules.iter().any(|(_, slot)| matches!(slot, Slot::NamedProfile | Slot::FoundProfile))
            && let Some(fault) = self.profile_fault(snapshot)
        {
            return Some(fault);
        }
        match self.base {
            Err(NoBase::NotAUrl) => return Fault::stops(Cause::Endpoint, "API Error: Invalid URL"),
            Err(NoBase::OtherScheme) => {
                return Fault::stops(Cause::Endpoint, "API Error: Unable to connect to API (ERR_INVALID_ARG_VALUE)");
            }
            Err(NoBase::File) => {
                return Fault::stops(Cause::Endpoint, "API Error: ENOENT: no such file or directory, open '");
            }
            Ok(_) => {}
        }
        if !self.carries_a_credential() {
            // Somebody was just writing the login, or it lies where we do not look: what it holds cannot be known.
            let out = self.candidates.get(Slot::Login).and_then(|login| login.out.clone());
            if matches!(out, Some(Why::NotLookedAt | Why::Unreadable(Trouble::Changing))) {
                return Fault::perhaps(None);
            }
            // An empty header in the key's place (observed: `y-blank-x-*`).
            let blanked = self.custom_headers.iter().any(|custom| custom.is(Header::XApiKey.word()));
            let key = self.rules.iter().any(|(_, slot)| *slot == Slot::ApiKey);
            return if blanked && key {
                Fault::stops(Cause::Environment, "Invalid API key · Fix external API key")
            } else {
                Fault::stops(Cause::Login, NOT_LOGGED_IN)
            };
        }
        if let proxy::Choice::Unsupported(_) = self.proxy {
            return Fault::stops(Cause::Endpoint, "API Error: Unable to connect to API (UnsupportedProxyProtocol)");
        }
        if let proxy::Choice::NoSuchHost { .. } = self.proxy {
            return Fault::stops(Cause::Endpoint, NO_SUCH_HOST);
        }
        None
    }

    /// Whether one of the headers has something in it.
    fn carries_a_credential(&self) -> bool {
        let blank = |sent: &Filled| {
            sent.credential == CredentialKind::CustomHeaders && sent.value.as_ref().is_some_and(Secret::is_blank)
        };
        self.sends.iter().any(|sent| !blank(sent))
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
    fn profile_fault(&self, snapshot: &Snapshot) -> Option<Fault> {
        let stops = |message: String| Fault::stops(Cause::Login, message);
        match self.candidates.profile.as_ref()? {
            ProfileChoice::Federation => self.identity_fault(snapshot, None),
            ProfileChoice::Stored(name, ProfileKind::Federation) => {
                let config = snapshot.profiles.files.get(name)?.config.json()?.root();
                self.identity_fault(snapshot, config.get("authentication"))
            }
            ProfileChoice::Stored(name, ProfileKind::User) => {
                let files = snapshot.profiles.files.get(name)?;
                let base = files.config.json().and_then(|json| json.root().get("base_url"));
                if base.is_some_and(|base| base.as_str().is_none() && crate::ladder::is_truthy(base)) {
                    // The program trips over it.
                    return Fault::perhaps(None);
                }
                let document = &files.credentials;
                let path = &document.path;
                let mode = document.facts.mode.unwrap_or_default();
                if mode & 0o044 != 0 {
                    return stops(format!("API Error: Credentials file at {path} is group/world-readable"));
                }
                if mode & 0o022 != 0 {
                    return stops(format!("API Error: Credentials file at {path} is group/world-writable"));
                }
                let Some(json) = document.json() else {
                    return match &document.content {
                        Reading::Found(_) => stops(format!("API Error: Credentials file at {path} is not valid JSON")),
                        _ => Fault::perhaps(None),
                    };
                };
                let member = |name: &str| json.root().get(name).filter(|value| crate::ladder::is_truthy(*value));
                let Some(token) = member("access_token") else {
                    return stops(format!("API Error: Credentials file at {path} must include 'access_token'"));
                };
                let renewed = is_over(json, snapshot.examined.now_ms);
                if renewed && member("refresh_token").is_none() {
                    return stops("Login expired · Run /login to sign in again".to_owned());
                }
                let bad = Secret::new(token.javascript_text()).bad_character().is_some();
                (bad && !renewed)
                    .then_some(())
                    .and_then(|()| stops("API Error: Header 'Authorization' has invalid value".to_owned()))
            }
        }
    }

    /// What is wrong with the workload's own identity, which the variables or the profile name.
    fn identity_fault(&self, snapshot: &Snapshot, profile: Option<Value<'_>>) -> Option<Fault> {
        let stops = |message: String| Fault::stops(Cause::Login, message);
        if self.environment.set("ANTHROPIC_IDENTITY_TOKEN").is_some() {
            return None;
        }
        if let Some(path) = self.environment.text("ANTHROPIC_IDENTITY_TOKEN_FILE") {
            let file = snapshot.named_files.get("ANTHROPIC_IDENTITY_TOKEN_FILE");
            let found = file.is_some_and(|file| file.text.found().is_some());
            return if found {
                None
            } else {
                stops(format!("API Error: Failed to read identity token file at {path}"))
            };
        }
        if profile.and_then(|authentication| authentication.get("identity_token")).is_some() {
            // Its form was not observed.
            return Fault::perhaps(None);
        }
        stops("API Error: oidc_federation config requires an identity token".to_owned())
    }

    /// Whether the login is renewed before anything else, whoever signs in (observed: `oexp-expired*`).
    fn renews(&self, snapshot: &Snapshot) -> bool {
        self.candidates.stands(Slot::Login) && crate::ladder::renews(snapshot, &self.candidates.login)
    }

    /// What it asks first (observed: `tui-*`).
    fn asks(&self, snapshot: &Snapshot) -> Option<Asks> {
        let onboarded = snapshot
            .state
            .json()
            .and_then(|json| json.root().get("hasCompletedOnboarding"))
            .is_some_and(crate::ladder::is_truthy);
        if !onboarded {
            // These are not Anthropic's own to answer for (observed: `tui-fresh-*`, `y-tui-fresh-*-nx`).
            let others = [Slot::AuthToken, Slot::Helper, Slot::NamedProfile, Slot::FoundProfile];
            let skipped = self.cloud.is_some() || others.iter().any(|slot| self.candidates.stands(*slot));
            return Some(if skipped { Asks::Onboarding } else { Asks::Connectivity });
        }
        if !snapshot.trusted {
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

/// Whether a profile's token is over: what is no time counts as over, no time at all does not (observed: `y-pcrd-*`).
fn is_over(json: &Json, now_ms: i64) -> bool {
    let Some(at) = json.root().get("expires_at") else { return false };
    at.as_f64().is_none_or(|seconds| (seconds * 1000.0) as i64 <= now_ms)
}
