//! The ladder: which credential fills which header, and why each other one loses.
//!
//! Two headers are filled independently, so two different credentials can go out in one request. The rules are the
//! rows of [`RULES`], in order; each is the first that applies for its header. What is on the table was put there by
//! [`Candidates`], which looks at one credential at a time and knows nothing of the others.

use crate::claude_code::Evidence;
use crate::environment::{Environment, Ignored, Occurrence};
use crate::json::{Json, Value};
use crate::keychain::Answer;
use crate::reading::{Content, Reading};
use crate::report::{CredentialKind, Header, Mode, Scope, Source, SourceKind, State};
use crate::secret::{Secret, javascript_trim};
use crate::snapshot::{Platform, ProfileFiles, Snapshot, Store};

/// A row of the table: `credential` fills `header` if it is there and nothing bars it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The header.
    pub header: Header,
    /// The credential.
    pub credential: Slot,
    /// What must not be there.
    pub unless: &'static [Bar],
    /// Whether it gives way to a credential that already fills the other header.
    pub only_without_key: bool,
    /// How that is known.
    pub evidence: Evidence,
}

/// A credential that keeps another from being looked at, unless a stronger one takes its own place.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// What bars.
    pub by: Slot,
    /// What lifts it.
    pub lifted_by: &'static [Slot],
}

/// A place on the ladder. Finer than a kind of credential: a profile that was named and one that was only found rank
/// differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// `ANTHROPIC_AUTH_TOKEN`
    AuthToken,
    /// `ANTHROPIC_API_KEY`
    ApiKey,
    /// `apiKeyHelper`
    Helper,
    /// `CLAUDE_CODE_OAUTH_TOKEN`
    OauthToken,
    /// The profile in `ANTHROPIC_PROFILE`, or the federation variables.
    NamedProfile,
    /// The claude.ai login.
    Login,
    /// A claude.ai login whose scopes are no list: it is sent if nothing else is there.
    LooseLogin,
    /// The active or default profile.
    FoundProfile,
    /// `primaryApiKey`
    ManagedKey,
}

impl Slot {
    /// The word of the contract.
    pub fn kind(self) -> CredentialKind {
        match self {
            Self::AuthToken => CredentialKind::AuthToken,
            Self::ApiKey => CredentialKind::ApiKey,
            Self::Helper => CredentialKind::ApiKeyHelper,
            Self::OauthToken => CredentialKind::OauthToken,
            Self::NamedProfile | Self::FoundProfile => CredentialKind::Profile,
            Self::Login | Self::LooseLogin => CredentialKind::Login,
            Self::ManagedKey => CredentialKind::ManagedKey,
        }
    }
}

/// Who fills what, strongest first.
pub const RULES: &[Rule] = &[
    key(Slot::ApiKey, &[], "prec-apikey+*"),
    key(Slot::Helper, &[], "prec-helper+*"),
    key(
        Slot::ManagedKey,
        &[
            Bar { by: Slot::OauthToken, lifted_by: &[Slot::AuthToken] },
            Bar { by: Slot::Login, lifted_by: &[Slot::AuthToken, Slot::NamedProfile] },
            Bar { by: Slot::LooseLogin, lifted_by: &[Slot::AuthToken, Slot::NamedProfile, Slot::FoundProfile] },
        ],
        "prec-oauthenv+*, prec-credfile+primary, y-sc-primary*, rp-1-077, rp-1-140",
    ),
    bearer(Slot::AuthToken, false, &[], "prec-authtoken+*"),
    bearer(Slot::Helper, false, &[], "prec-helper+*, prec-apikey+helper"),
    bearer(Slot::OauthToken, true, &[], "prec-oauthenv+*"),
    bearer(Slot::NamedProfile, true, &[], "prof-env-profile*, prof-federation-env*"),
    bearer(Slot::Login, true, &[], "prec-credfile*"),
    bearer(
        Slot::FoundProfile,
        true,
        &[Bar { by: Slot::Login, lifted_by: &[] }],
        "prof-default+*, prof-active-config+*, y-acc-ell-default",
    ),
    bearer(Slot::LooseLogin, true, &[], "cred-scopes-string, y-sc-default"),
];

const fn key(credential: Slot, unless: &'static [Bar], case: &'static str) -> Rule {
    let evidence = Evidence::Observed(case);
    Rule { header: Header::XApiKey, credential, unless, only_without_key: false, evidence }
}

const fn bearer(credential: Slot, only_without_key: bool, unless: &'static [Bar], case: &'static str) -> Rule {
    let evidence = Evidence::Observed(case);
    Rule { header: Header::Authorization, credential, unless, only_without_key, evidence }
}

/// The setting that names a command which prints a key.
pub const HELPER: &str = "apiKeyHelper";

/// Why a credential that is there cannot be used, or is not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its variable is set to nothing, or to blanks.
    Blank,
    /// The person said no when Claude Code asked about this key.
    Declined,
    /// Claude Code will ask about this key, and `No` is preselected.
    NotApproved,
    /// Project and local settings may not set it.
    NotFromProject,
    /// It stands in a folder that is not trusted yet.
    Untrusted,
    /// `--setting-sources` leaves its scope out.
    SourceLeftOut,
    /// The file that it stands in was dropped.
    FileDropped,
    /// `--bare` does not look at it.
    Bare,
    /// The file holds no login.
    NoLogin,
    /// The file is empty, cut short, or otherwise no JSON.
    Malformed,
    /// Claude Code blanked the login after its renewal was refused.
    Blanked,
    /// The login may not be used for requests (the scope `user:inference` is missing).
    MissingScope,
    /// A character in it cannot stand in a header.
    BadCharacter,
    /// The profile is named and not there.
    ProfileMissing,
    /// The file could not be read.
    Unreadable(crate::reading::Trouble),
    /// The file is damaged, so it cannot be told whether it is there.
    Unseen,
    /// It lies where we do not look.
    NotLookedAt,
}

impl Why {
    /// The word for sentences: `why-…`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Declined => "declined",
            Self::NotApproved => "not-approved",
            Self::NotFromProject => "not-from-project",
            Self::Untrusted => "untrusted",
            Self::SourceLeftOut => "source-left-out",
            Self::FileDropped => "file-dropped",
            Self::Bare => "bare",
            Self::NoLogin => "no-login",
            Self::Malformed => "malformed",
            Self::Blanked => "blanked",
            Self::MissingScope => "missing-scope",
            Self::BadCharacter => "bad-character",
            Self::ProfileMissing => "profile-missing",
            Self::Unreadable(_) => "unreadable",
            Self::Unseen => "unseen",
            Self::NotLookedAt => "not-looked-at",
        }
    }

    pub(crate) fn state(&self) -> State {
        match self {
            Self::Blank | Self::NoLogin => State::Absent,
            Self::Declined
            | Self::NotApproved
            | Self::NotFromProject
            | Self::Untrusted
            | Self::SourceLeftOut
            | Self::FileDropped
            | Self::Bare
            | Self::ProfileMissing => State::Ignored,
            Self::Malformed | Self::Blanked | Self::MissingScope | Self::BadCharacter => State::Unusable,
            Self::Unreadable(_) | Self::Unseen | Self::NotLookedAt => State::Unreadable,
        }
    }
}

impl From<Ignored> for Why {
    fn from(ignored: Ignored) -> Self {
        match ignored {
            Ignored::NotFromProject => Self::NotFromProject,
            Ignored::Untrusted => Self::Untrusted,
            Ignored::SourceLeftOut => Self::SourceLeftOut,
            Ignored::FileDropped => Self::FileDropped,
            Ignored::Bare => Self::Bare,
        }
    }
}

/// A credential that was looked for.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its place.
    pub slot: Slot,
    /// The variable, key or store.
    pub name: String,
    /// Where it stands.
    pub source: Option<Source>,
    /// Its value, where it is known before anything runs.
    pub value: Option<Secret>,
    /// Why it does not take part; None if it does.
    pub out: Option<Why>,
    /// Whether anything is there at all.
    pub present: bool,
    /// Until when, milliseconds since 1970.
    pub expires_ms: Option<i64>,
}

impl Candidate {
    fn absent(slot: Slot, name: &str) -> Self {
        Self { slot, name: name.to_owned(), source: None, value: None, out: None, present: false, expires_ms: None }
    }

    /// Whether it takes part.
    pub fn stands(&self) -> bool {
        self.present && self.out.is_none()
    }

    /// What becomes of it, before the others are looked at.
    pub fn state(&self) -> State {
        match &self.out {
            Some(why) => why.state(),
            None if self.present => State::Shadowed,
            None => State::Absent,
        }
    }
}

/// What `.credentials.json` says of the login. The tokens themselves stay where they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoginFacts {
    /// Whether an object `claudeAiOauth` is there.
    pub present: bool,
    /// Whether the access token is a text that is not empty, or something else that counts as true.
    pub access: bool,
    /// Whether the refresh token is there and not empty.
    pub refresh: bool,
    /// Both tokens are empty texts: what Claude Code leaves after a refused renewal (observed: `cred-wiped*`).
    pub blanked: bool,
    /// Whether the access token can stand in a header.
    pub header_safe: bool,
    /// Whether the scopes allow requests. None if they are of a form that Claude Code trips over.
    pub may_infer: Option<bool>,
    /// Whether the scopes are something else than a list (observed: such a login loses to a found profile).
    pub is_loose: bool,
    /// `expiresAt` where it is a number, milliseconds since 1970.
    pub expires_ms: Option<i64>,
    /// `refreshTokenExpiresAt`.
    pub refresh_expires_ms: Option<i64>,
    /// `subscriptionType`.
    pub plan: Option<String>,
    /// Whether it rests on what nobody has watched (macOS): nothing can be predicted from it.
    pub unproven: bool,
}

impl LoginFacts {
    /// Reads them.
    pub fn of(json: &Json) -> Self {
        let Some(login) = json.root().get("claudeAiOauth") else { return Self::default() };
        if login.kind() != crate::json::Kind::Object {
            return Self::default();
        }
        let text = |name: &str| login.get(name).and_then(Value::as_str);
        let number = |name: &str| login.get(name).and_then(Value::as_f64).map(|n| n as i64);
        let truthy = |value: Option<Value<'_>>| value.is_some_and(is_truthy);
        let access = login.get("accessToken");
        let may_infer = match login.get("scopes") {
            Some(scopes) if scopes.kind() == crate::json::Kind::Array => {
                Some(scopes.items().any(|scope| scope.as_str().as_deref() == Some("user:inference")))
            }
            Some(scopes) if scopes.kind() == crate::json::Kind::String => {
                Some(scopes.as_str().unwrap_or_default().contains("user:inference"))
            }
            Some(scopes) if is_truthy(scopes) => None,
            _ => Some(false),
        };
        Self {
            present: true,
            access: truthy(access),
            refresh: truthy(login.get("refreshToken")),
            blanked: text("accessToken").as_deref() == Some("") && text("refreshToken").as_deref() == Some(""),
            header_safe: access
                .map(|value| Secret::new(value.javascript_text()))
                .is_none_or(|token| token.bad_character().is_none()),
            may_infer,
            is_loose: login.get("scopes").is_some_and(|scopes| scopes.kind() != crate::json::Kind::Array),
            expires_ms: number("expiresAt"),
            refresh_expires_ms: number("refreshTokenExpiresAt"),
            plan: text("subscriptionType").map(|plan| plan.chars().take(40).collect()),
            unproven: false,
        }
    }

    /// Whether Claude Code takes it for a login: a stored key is then not looked at (observed: `prec-credfile+primary`,
    /// `cred-wiped+primary`).
    pub fn counts(&self) -> bool {
        self.present && self.access && self.may_infer != Some(false)
    }
}

/// JavaScript's idea of true.
pub(crate) fn is_truthy(value: Value<'_>) -> bool {
    match value.kind() {
        crate::json::Kind::Null => false,
        crate::json::Kind::Boolean => value.as_bool().unwrap_or(false),
        crate::json::Kind::Number => value.as_f64().is_some_and(|n| n != 0.0 && !n.is_nan()),
        crate::json::Kind::String => !value.as_str().unwrap_or_default().is_empty(),
        crate::json::Kind::Array | crate::json::Kind::Object => true,
    }
}

/// Everything that was looked for.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// One for each slot, in the order of the ladder.
    pub all: Vec<Candidate>,
    /// Every place at which `apiKeyHelper` stands, the one that counts first.
    pub helper: Vec<Occurrence>,
    /// What the login file says.
    pub login: LoginFacts,
    /// The profile that would be used.
    pub profile: Option<ProfileChoice>,
}

/// The profile that would be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChoice {
    /// One of the folder, by name.
    Stored(String, ProfileKind),
    /// The federation variables.
    Federation,
}

impl Candidates {
    /// Looks for each.
    pub fn find(snapshot: &Snapshot, environment: &Environment) -> Self {
        let bare = snapshot.examined.arguments.bare || environment.is_on("CLAUDE_CODE_SIMPLE");
        let (login, facts) = login(snapshot);
        let (named, found, choice) = profiles(snapshot, environment);
        let helper_places = helpers(snapshot, bare);
        let mut all = vec![
            variable(environment, Slot::AuthToken, "ANTHROPIC_AUTH_TOKEN"),
            api_key(snapshot, environment),
            helper(&helper_places),
            variable(environment, Slot::OauthToken, "CLAUDE_CODE_OAUTH_TOKEN"),
            named,
            login,
            found,
            managed_key(snapshot),
        ];
        if bare {
            let kept = [Slot::AuthToken, Slot::ApiKey, Slot::Helper];
            for candidate in all.iter_mut().filter(|c| c.present && c.out.is_none() && !kept.contains(&c.slot)) {
                candidate.out = Some(Why::Bare);
            }
        }
        Self { all, helper: helper_places, login: facts, profile: choice }
    }

    /// The candidate of a slot.
    pub fn get(&self, slot: Slot) -> Option<&Candidate> {
        self.all.iter().find(|candidate| candidate.slot == slot)
    }

    /// Whether a slot takes part.
    pub fn stands(&self, slot: Slot) -> bool {
        self.get(slot).is_some_and(Candidate::stands)
    }

    /// Who fills which header.
    pub fn fill(&self) -> Vec<(&'static Rule, &Candidate)> {
        let mut filled: Vec<(&'static Rule, &Candidate)> = Vec::new();
        for rule in RULES {
            let taken = filled.iter().any(|(other, _)| other.header == rule.header);
            let keyed = rule.only_without_key && filled.iter().any(|(other, _)| other.header == Header::XApiKey);
            let barred = rule.unless.iter().any(|bar| self.bars(bar));
            if taken || keyed || barred {
                continue;
            }
            // One login, and two places on the ladder for it.
            let candidate = match rule.credential {
                Slot::Login => self.get(Slot::Login).filter(|_| !self.login.is_loose),
                Slot::LooseLogin => self.get(Slot::Login).filter(|_| self.login.is_loose),
                other => self.get(other),
            };
            if let Some(candidate) = candidate.filter(|candidate| candidate.stands()) {
                filled.push((rule, candidate));
            }
        }
        filled
    }

    fn bars(&self, bar: &Bar) -> bool {
        let there = match bar.by {
            // A login that cannot be sent still keeps others from being looked at (observed: `y-acc-ell-*`).
            Slot::Login | Slot::LooseLogin => {
                self.login.counts() && !self.is_bare() && self.login.is_loose == (bar.by == Slot::LooseLogin)
            }
            other => self.stands(other),
        };
        there && !bar.lifted_by.iter().any(|slot| self.stands(*slot))
    }

    fn is_bare(&self) -> bool {
        self.all.iter().any(|candidate| candidate.out == Some(Why::Bare))
    }
}

fn from_occurrence(slot: Slot, name: &str, place: &Occurrence) -> Candidate {
    let out = if let Some(ignored) = place.ignored {
        Some(ignored.into())
    } else if place.value.is_blank() {
        Some(Why::Blank)
    } else {
        None
    };
    Candidate {
        source: Some(place.source.clone()),
        value: Some(place.value.clone()),
        present: true,
        out,
        ..Candidate::absent(slot, name)
    }
}

fn variable(environment: &Environment, slot: Slot, name: &str) -> Candidate {
    match environment.get(name).and_then(|setting| setting.places.first()) {
        Some(place) => from_occurrence(slot, name, place),
        None => Candidate::absent(slot, name),
    }
}

fn api_key(snapshot: &Snapshot, environment: &Environment) -> Candidate {
    let mut candidate = variable(environment, Slot::ApiKey, "ANTHROPIC_API_KEY");
    if snapshot.examined.mode == Mode::Interactive && candidate.stands() {
        let answered = |list: &str| {
            let responses = snapshot.state.json()?.root().get("customApiKeyResponses")?;
            let value = candidate.value.as_ref()?;
            Some(responses.get(list)?.items().any(|tail| value.approval_tail_is(&tail.as_str().unwrap_or_default())))
        };
        if answered("approved") != Some(true) {
            let declined = answered("rejected") == Some(true);
            candidate.out = Some(if declined { Why::Declined } else { Why::NotApproved });
        }
    }
    candidate
}

/// Every place at which a helper stands, the one that counts first. Its command is never run.
fn helpers(snapshot: &Snapshot, bare: bool) -> Vec<Occurrence> {
    let mut places = Vec::new();
    // Later is stronger.
    for file in snapshot.settings.iter().rev() {
        let Some(member) = file.document.json().and_then(|json| json.root().member(HELPER)) else { continue };
        let Some(command) = member.value.as_str() else { continue };
        let position = member.position();
        let placed = file.store != Store::Preferences;
        let barred = (bare && file.scope != Scope::CommandLine).then_some(Ignored::Bare);
        let source = Source {
            line: placed.then_some(position.line),
            column: placed.then_some(position.column),
            name: Some(HELPER.to_owned()),
            ..file.source()
        };
        let ignored = file.ignored(snapshot).or(barred);
        places.push(Occurrence { value: Secret::new(command.into_owned()), source, ignored });
    }
    // An empty text takes a weaker file's helper away (observed).
    if let Some(empty) = places.iter().position(|place| place.ignored.is_none())
        && places[empty].value.is_empty()
    {
        places.truncate(empty);
    }
    places.retain(|place| !place.value.is_empty());
    places.sort_by_key(|place| place.ignored.is_some());
    places
}

/// The helper. What it will print is not known.
fn helper(places: &[Occurrence]) -> Candidate {
    let absent = Candidate::absent(Slot::Helper, HELPER);
    let Some(place) = places.first() else { return absent };
    Candidate { source: Some(place.source.clone()), present: true, out: place.ignored.map(Why::from), ..absent }
}

/// On macOS the Keychain goes before the file (documented). Its secret stays closed, so the login's state is not known.
fn login(snapshot: &Snapshot) -> (Candidate, LoginFacts) {
    if snapshot.examined.platform != Platform::MacOs {
        return login_file(snapshot);
    }
    let unread = LoginFacts { present: true, access: true, header_safe: true, unproven: true, ..LoginFacts::default() };
    let (mut candidate, mut facts) = match &snapshot.keychain.login {
        Answer::Found(item) => {
            let source = Source { name: Some(item.service.clone()), ..Source::new(SourceKind::Keychain) };
            let found =
                Candidate { source: Some(source), present: true, ..Candidate::absent(Slot::Login, &item.service) };
            (found, unread)
        }
        Answer::Absent | Answer::NoKeychain => login_file(snapshot),
        _ if snapshot.login.content.is_absent() => {
            let service = snapshot.keychain.service.as_deref().unwrap_or("Claude Code-credentials");
            let source = Source { name: Some(service.to_owned()), ..Source::new(SourceKind::Keychain) };
            let hidden = Candidate { source: Some(source), present: true, ..Candidate::absent(Slot::Login, service) };
            (Candidate { out: Some(Why::NotLookedAt), ..hidden }, LoginFacts::default())
        }
        _ => login_file(snapshot),
    };
    facts.unproven = true;
    candidate.present |= facts.present;
    (candidate, facts)
}

fn login_file(snapshot: &Snapshot) -> (Candidate, LoginFacts) {
    let mut candidate = Candidate::absent(Slot::Login, "claudeAiOauth");
    let source = Source {
        path: Some(snapshot.login.path.clone()),
        name: Some("claudeAiOauth".to_owned()),
        ..Source::new(SourceKind::CredentialsFile)
    };
    let facts = match &snapshot.login.content {
        Reading::Absent => return (candidate, LoginFacts::default()),
        Reading::Unreadable(trouble) => {
            candidate.out = Some(Why::Unreadable(*trouble));
            LoginFacts::default()
        }
        Reading::Found(Content::Json(json, _)) => {
            let facts = LoginFacts::of(json);
            if let Some(member) = json.root().member("claudeAiOauth") {
                let position = member.position();
                candidate.source =
                    Some(Source { line: Some(position.line), column: Some(position.column), ..source.clone() });
            }
            candidate.out = if facts.blanked {
                Some(Why::Blanked)
            } else if !facts.present || !facts.access {
                Some(Why::NoLogin)
            } else if facts.may_infer == Some(false) {
                Some(Why::MissingScope)
            } else if !facts.header_safe {
                Some(Why::BadCharacter)
            } else {
                None
            };
            candidate.expires_ms = facts.expires_ms;
            // A renewal brings a list of scopes (observed: `y-sc-expired-default`).
            let renewed = renews(snapshot, &facts);
            LoginFacts { is_loose: facts.is_loose && !renewed, ..facts }
        }
        Reading::Found(_) => {
            candidate.out = Some(Why::Malformed);
            LoginFacts::default()
        }
    };
    candidate.present = true;
    candidate.source.get_or_insert(source);
    (candidate, facts)
}

/// How long before its end a login is renewed (observed: `oexp-expires-in-4min`, `oexp-expires-in-6min`).
const RENEWED_BEFORE_MS: i64 = 5 * 60 * 1000;

/// Whether a login would be renewed before anything is sent (observed: `oexp-expired*`).
pub(crate) fn renews(snapshot: &Snapshot, login: &LoginFacts) -> bool {
    let near = login.expires_ms.is_some_and(|at| at <= snapshot.examined.now_ms + RENEWED_BEFORE_MS);
    near && login.refresh && snapshot.login_folder_writable != Some(false)
}

fn managed_key(snapshot: &Snapshot) -> Candidate {
    let mut candidate = Candidate::absent(Slot::ManagedKey, "primaryApiKey");
    let file = Source {
        path: Some(snapshot.state.path.clone()),
        name: Some("primaryApiKey".to_owned()),
        ..Source::new(SourceKind::AppState)
    };
    let Some(member) = snapshot.state.json().and_then(|json| json.root().member("primaryApiKey")) else {
        if let Answer::Found(item) = &snapshot.keychain.key {
            candidate.source = Some(Source { name: Some(item.service.clone()), ..Source::new(SourceKind::Keychain) });
            candidate.present = true;
            return candidate;
        }
        candidate.out = match &snapshot.state.content {
            Reading::Unreadable(trouble) => Some(Why::Unreadable(*trouble)),
            Reading::Found(Content::Malformed(error, _)) if error.what != crate::json::Fault::Nul => Some(Why::Unseen),
            // NUL bytes alone count as an empty file (observed).
            Reading::Found(_) | Reading::Absent => None,
        };
        candidate.present = candidate.out.is_some();
        candidate.source = candidate.present.then_some(file);
        return candidate;
    };
    let Some(value) = member.value.as_str().map(|text| Secret::new(text.into_owned())) else { return candidate };
    let position = member.position();
    candidate.source = Some(Source { line: Some(position.line), column: Some(position.column), ..file });
    candidate.out = value.is_blank().then_some(Why::Blank);
    candidate.present = true;
    candidate.value = Some(value);
    candidate
}

/// Names of profiles as Claude Code takes them: a name, not a path (observed).
pub fn is_profile_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != ".."
}

/// How a profile signs in, by `authentication.type` of its configuration. What is neither is no profile (observed:
/// `y-pcfg-*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileKind {
    /// A stored token.
    User,
    /// A token of the workload's own identity.
    Federation,
}

pub(crate) fn profile_kind(files: &ProfileFiles) -> Option<ProfileKind> {
    match files.config.json()?.root().get("authentication")?.get("type")?.as_str()?.as_ref() {
        "user_oauth" => Some(ProfileKind::User),
        "oidc_federation" => Some(ProfileKind::Federation),
        _ => None,
    }
}

fn profiles(snapshot: &Snapshot, environment: &Environment) -> (Candidate, Candidate, Option<ProfileChoice>) {
    let mut named = Candidate::absent(Slot::NamedProfile, "ANTHROPIC_PROFILE");
    let mut found = Candidate::absent(Slot::FoundProfile, "profile");
    let usable = |name: &str| {
        let files = snapshot.profiles.files.get(name).filter(|_| is_profile_name(name))?;
        let kind = profile_kind(files)?;
        (kind == ProfileKind::Federation || !files.credentials.content.is_absent()).then_some(kind)
    };
    let stored = |name: &str| Source {
        path: snapshot.profiles.files.get(name).map(|files| files.credentials.path.clone()),
        name: Some(name.to_owned()),
        ..Source::new(SourceKind::ProfileFile)
    };
    let federation = environment.set("ANTHROPIC_FEDERATION_RULE_ID").is_some()
        && environment.set("ANTHROPIC_ORGANIZATION_ID").is_some();
    // A name rules out every other profile, and the federation variables, even where nothing is found under it
    // (observed: `y-prof-name-*`, `y-prof-missing+fed`). Which place on the ladder it is, is decided before the files of
    // the folder are read; which profile it is, after (observed: `z-p2-project*`).
    let early = environment.set("ANTHROPIC_PROFILE");
    let late = environment.late_winner("ANTHROPIC_PROFILE").filter(|place| !place.value.is_blank());
    let active = || snapshot.profiles.active.as_deref().unwrap_or("default").to_owned();
    let name_of =
        |place: Option<&Occurrence>| place.map_or_else(active, |place| javascript_trim(place.value.plain()).to_owned());
    let (detected, name) = (name_of(early), name_of(late));
    let redirected = detected != name;
    if let Some(place) = early {
        named.present = true;
        named.source = Some(place.source.clone());
        named.out = Some(Why::ProfileMissing);
        if let (Some(_), Some(kind)) = (usable(&detected), usable(&name)) {
            named.out = None;
            named.source = Some(stored(&name));
            return (named, found, Some(ProfileChoice::Stored(name, kind)));
        }
        return (named, found, None);
    }
    let mut choice = None;
    if federation {
        named.present = true;
        named.name = "ANTHROPIC_FEDERATION_RULE_ID".to_owned();
        named.source = environment.set("ANTHROPIC_FEDERATION_RULE_ID").map(|place| place.source.clone());
        choice = Some(ProfileChoice::Federation);
    }
    if usable(&detected).is_some() {
        found.present = true;
        found.name = name.clone();
        found.source = Some(stored(&name));
        match usable(&name) {
            Some(kind) if choice.is_none() => choice = Some(ProfileChoice::Stored(name, kind)),
            None if redirected => found.out = Some(Why::ProfileMissing),
            _ => {}
        }
    }
    (named, found, choice)
}
