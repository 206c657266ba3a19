//! The report: what `check --json` prints, what the window shows, what a helpdesk reads.
//!
//! The shapes and words are those of the published contract (`docs/report.schema.json`, made from these types).
//! Fields may be added; none changes its meaning within version 1.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::message::{Message, Words};

/// The version of the report's shape.
pub const SCHEMA: &str = "authlight.report/1";

/// A closed set of words that stand in the JSON as they are.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every member, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable word of the contract.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The member that this word names.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// What a check found. Ordered from good to bad for [`Status::worse`].
    Status {
        /// Looked at and ruled out.
        Pass = "pass",
        /// Worth knowing, colours nothing.
        Note = "note",
        /// There was nothing to ask.
        Skipped = "skipped",
        /// Could not be told from here.
        Unknown = "unknown",
        /// Our own check failed. The others went on.
        Crashed = "crashed",
        /// May be meant, may be the fault.
        Warn = "warn",
        /// A fault.
        Fail = "fail",
    }
}

impl Status {
    /// The worse of two: what a cause shows of its checks.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

words! {
    /// A traffic light.
    Light {
        /// Ruled out, or proved by a test.
        Green = "green",
        /// Look here.
        Amber = "amber",
        /// A problem.
        Red = "red",
        /// Not tested, not in use, could not look.
        Grey = "grey",
        /// A problem that is not the person's to repair.
        Blue = "blue",
    }
}

words! {
    /// Whose a fault is.
    Owner {
        /// The person at the machine.
        Person = "person",
        /// Whoever administers it.
        Organisation = "organisation",
        /// The provider: an outage, an account on hold.
        Anthropic = "anthropic",
    }
}

words! {
    /// Why a cause is grey.
    GreyReason {
        /// Looks right; only the live test can tell.
        NotTested = "not_tested",
        /// The cause has no part in how this person signs in.
        NotInUse = "not_in_use",
        /// It lies where we do not look, or could not.
        CouldNotLook = "could_not_look",
    }
}

words! {
    /// The ground checks and the five causes, in the order of the screen.
    Cause {
        /// Which `claude` runs.
        Install = "G.install",
        /// Whether the settings files can be read.
        SettingsFiles = "G.settings_files",
        /// Whether the clock is right.
        Clock = "G.clock",
        /// What the organisation's policy allows.
        Policy = "G.policy",
        /// The key in the environment.
        Environment = "C1.environment",
        /// The browser login.
        Login = "C2.login",
        /// The key itself.
        Key = "C3.key",
        /// Settings scopes that override one another.
        Scope = "C4.scope",
        /// The endpoint: proxy, gateway, cloud provider.
        Endpoint = "C5.endpoint",
    }
}

impl Cause {
    /// The five, without the ground checks.
    pub const FIVE: [Self; 5] = [Self::Environment, Self::Login, Self::Key, Self::Scope, Self::Endpoint];

    /// Whether looking alone can rule it out. The other three need the live test.
    pub fn ruled_out_by_looking(self) -> bool {
        !matches!(self, Self::Login | Self::Key | Self::Endpoint)
    }
}

words! {
    /// State of a credential on the ladder.
    State {
        /// It fills a header.
        Wins = "wins",
        /// Another is used in its place.
        Shadowed = "shadowed",
        /// Claude Code does not look at it here.
        Ignored = "ignored",
        /// It is there and cannot be used.
        Unusable = "unusable",
        /// It is not there.
        Absent = "absent",
        /// It could not be read.
        Unreadable = "unreadable",
    }
}

words! {
    /// Kinds of credential.
    CredentialKind {
        /// A signed-in apps gateway.
        GatewaySession = "gateway_session",
        /// A cloud's own credentials.
        CloudProvider = "cloud_provider",
        /// `ANTHROPIC_AUTH_TOKEN`.
        AuthToken = "auth_token",
        /// `ANTHROPIC_API_KEY`.
        ApiKey = "api_key",
        /// The command in `apiKeyHelper`.
        ApiKeyHelper = "api_key_helper",
        /// `CLAUDE_CODE_OAUTH_TOKEN`.
        OauthToken = "oauth_token",
        /// An Anthropic profile, or the federation variables.
        Profile = "profile",
        /// The claude.ai login.
        Login = "login",
        /// The key that a Console sign-in stored.
        ManagedKey = "managed_key",
        /// A header in `ANTHROPIC_CUSTOM_HEADERS`.
        CustomHeaders = "custom_headers",
        /// User and password in the base URL.
        UrlUserinfo = "url_userinfo",
    }
}

words! {
    /// Who answers.
    Provider {
        /// Anthropic's own API.
        Anthropic = "anthropic",
        /// A custom base URL.
        Gateway = "gateway",
        /// Amazon Bedrock.
        Bedrock = "bedrock",
        /// Amazon Bedrock (Mantle).
        Mantle = "mantle",
        /// Claude Platform on AWS.
        AnthropicAws = "anthropic_aws",
        /// Google Vertex AI.
        Vertex = "vertex",
        /// Microsoft Foundry.
        Foundry = "foundry",
    }
}

words! {
    /// Who is billed.
    Billing {
        /// A claude.ai plan.
        Subscription = "subscription",
        /// A Console organisation.
        Console = "console",
        /// An AWS account.
        Aws = "aws",
        /// A Google Cloud project.
        Gcp = "gcp",
        /// An Azure subscription.
        Azure = "azure",
        /// Whoever runs the gateway.
        Gateway = "gateway",
        /// Cannot be told from here.
        Unknown = "unknown",
    }
}

words! {
    /// Where a value stands.
    SourceKind {
        /// The environment that the examined program was started with.
        ProcessEnv = "process_env",
        /// A shell's profile file.
        ShellProfile = "shell_profile",
        /// The system's environment files.
        SystemEnv = "system_env",
        /// The Windows registry.
        Registry = "registry",
        /// macOS launchd.
        Launchd = "launchd",
        /// A settings file or `--settings`.
        Settings = "settings",
        /// The organisation's settings.
        ManagedSettings = "managed_settings",
        /// `.credentials.json`.
        CredentialsFile = "credentials_file",
        /// The macOS Keychain.
        Keychain = "keychain",
        /// `~/.claude.json`.
        AppState = "app_state",
        /// An Anthropic profile's file.
        ProfileFile = "profile_file",
        /// Settings of an IDE.
        IdeSettings = "ide_settings",
        /// A `.env` or `.envrc` file.
        Dotenv = "dotenv",
        /// Files and caches of AWS, Google, Azure.
        CloudFiles = "cloud_files",
    }
}

words! {
    /// Scopes of settings, strongest first.
    Scope {
        /// Set by the organisation.
        Managed = "managed",
        /// Given as a flag.
        CommandLine = "command_line",
        /// `.claude/settings.local.json`.
        Local = "local",
        /// `.claude/settings.json`.
        Project = "project",
        /// `~/.claude/settings.json`.
        User = "user",
    }
}

words! {
    /// What nobody has watched the real program with.
    Unproven {
        /// An organisation's policy in the Windows registry or in preferences of macOS.
        PolicyStore = "policy_store",
        /// A variable that only documents tell of.
        Variable = "variable",
        /// A part of a profile that could not be followed.
        Profile = "profile",
    }
}

words! {
    /// Whose environment is examined.
    Context {
        /// The one that this program was started with.
        Process = "process",
        /// The one that a newly opened terminal has.
        NewTerminal = "new-terminal",
        /// The one that a program has which was started from Dock, Start menu or a desktop entry.
        Desktop = "desktop",
    }
}

impl Default for Context {
    /// As on the command line.
    fn default() -> Self {
        Self::Process
    }
}

words! {
    /// Who told what stands in an environment.
    ToldBy {
        /// The process itself.
        Process = "process",
        /// A file that was given in its place.
        EnvironmentFile = "environment_file",
        /// The person's own shell, which was run.
        Shell = "shell",
        /// Profiles and other files, which were read and not run.
        Files = "files",
        /// A program of the person's session.
        Session = "session",
    }
}

impl Default for ToldBy {
    /// As on the command line.
    fn default() -> Self {
        Self::Process
    }
}

words! {
    /// What `claude` asks before it does anything.
    Asks {
        /// The first-run questions.
        Onboarding = "onboarding",
        /// The first-run look at the connection.
        Connectivity = "connectivity",
        /// Whether to use the key that it found.
        KeyApproval = "key_approval",
        /// Whether the folder is trusted.
        FolderTrust = "folder_trust",
    }
}

words! {
    /// A header that carries a credential.
    Header {
        /// `Authorization`.
        Authorization = "authorization",
        /// `x-api-key`.
        XApiKey = "x-api-key",
    }
}

words! {
    /// A stage of the live test.
    Stage {
        /// The name look-up.
        Dns = "dns",
        /// The connection.
        Tcp = "tcp",
        /// The proxy's tunnel.
        Proxy = "proxy",
        /// The certificate.
        Tls = "tls",
        /// An HTTP answer.
        Http = "http",
        /// Who answered: the API, a gateway, somebody in between.
        Responder = "responder",
        /// Whether the credential is known.
        Auth = "auth",
        /// Whether it may.
        Permission = "permission",
        /// Whether there is money and room.
        Quota = "quota",
    }
}

words! {
    /// What the live test came to.
    Outcome {
        /// The credential works, or is known.
        Verified = "verified",
        /// 401.
        Rejected = "rejected",
        /// 403, a disabled organisation, policy.
        Blocked = "blocked",
        /// Credit, billing, spend limit.
        Limited = "limited",
        /// Somebody in between answered.
        Intercepted = "intercepted",
        /// No connection.
        Unreachable = "unreachable",
        /// No answer in time.
        TimedOut = "timed_out",
        /// 5xx, 529.
        ServerError = "server_error",
        /// Nothing was sent.
        NotTested = "not_tested",
    }
}

impl Outcome {
    /// Whether the API or a gateway answered, be it with a refusal: the way to it is then open.
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Verified | Self::Rejected | Self::Blocked | Self::Limited)
    }
}

words! {
    /// How `claude` is run.
    Mode {
        /// A person types `claude`.
        Interactive = "interactive",
        /// `claude -p`.
        Print = "print",
    }
}

words! {
    /// What a fix can do.
    FixKind {
        /// One click.
        Auto = "auto",
        /// With questions on the way.
        Guided = "guided",
        /// By an administrator.
        Admin = "admin",
        /// Not at all.
        None = "none",
    }
}

/// Where a value stands: file, line (from 1), column (from 1, in characters, at the member's name).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Source {
    /// The kind of place.
    pub kind: SourceKind,
    /// The settings scope, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// The file; below the home as `~/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The name of the variable, key or store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Source {
    /// A place with nothing but its kind.
    pub fn new(kind: SourceKind) -> Self {
        Self { kind, scope: None, path: None, line: None, column: None, name: None }
    }

    /// The variable `name` of the process.
    pub fn variable(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::new(SourceKind::ProcessEnv) }
    }
}

/// What names one finding or rung for good: source kind, scope if any, name, and after `@` the path where one
/// place is not enough to tell. Example: `settings:user:ANTHROPIC_API_KEY`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Instance(pub String);

impl Instance {
    /// The instance of `name` at `source`.
    pub fn of(source: &Source, name: &str) -> Self {
        let mut text = source.kind.word().to_owned();
        if let Some(scope) = source.scope {
            text.push(':');
            text.push_str(scope.word());
        }
        text.push(':');
        text.push_str(name);
        Self(text)
    }

    /// Told apart by a path.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        Self(format!("{}@{path}", self.0))
    }
}

/// The whole report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: Cow<'static, str>,
    /// This program.
    pub tool: Tool,
    /// This run.
    pub run: Run,
    /// The examined machine.
    pub host: Host,
    /// Claude Code on it.
    pub claude: Claude,
    /// The one sentence.
    pub verdict: Verdict,
    /// What goes where.
    pub route: Route,
    /// What `claude` will do before any server answers.
    pub prediction: Prediction,
    /// Every credential, the winners first.
    pub ladder: Vec<Rung>,
    /// The same question in other environments and folders.
    pub contexts: Vec<ContextRow>,
    /// The ground checks and the five causes.
    pub causes: Vec<CauseReport>,
    /// The live test.
    pub live: Live,
    /// Whether the leak pass let it out.
    pub redaction: Redaction,
}

/// What stands in place of a document where this program itself failed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Crashed {
    /// The schema of the document that was asked for.
    pub schema: Cow<'static, str>,
    /// Always `crashed`.
    pub status: Status,
    /// This program.
    pub tool: Tool,
    /// The same for whoever looks there first.
    pub verdict: CrashedVerdict,
    /// Stable English.
    pub debug: String,
}

/// The verdict of a run that failed: none.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CrashedVerdict {
    /// Always `crashed`.
    pub status: Status,
    /// Always grey.
    pub light: Light,
    /// One sentence.
    pub headline: String,
}

/// This program and its facts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// Its version.
    pub version: String,
    /// The day (ISO 8601) on which the facts about Claude Code were last checked.
    pub facts_checked: String,
    /// The version of Claude Code that they are of.
    pub facts_for: String,
}

/// One run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Run {
    /// Random, to tell two reports apart.
    pub id: String,
    /// When, UTC, ISO 8601.
    pub utc: String,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
    /// Whether the live test ran.
    pub online: bool,
    /// Whose environment.
    pub context: Context,
    /// The command line by which the person's shell is asked what a new terminal has; null where it is not.
    pub shell_command: Option<String>,
    /// How `claude` is run.
    pub mode: Mode,
    /// The project folder, or null where none is examined.
    pub project: Option<String>,
    /// Whom it judges: `user`, `root`, or the name given.
    #[serde(rename = "as")]
    pub as_whom: String,
}

/// The examined machine.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Host {
    /// `linux`, `macos`, `windows`.
    pub os: String,
    /// The system's own version text.
    pub os_version: String,
    /// The processor.
    pub arch: String,
    /// Windows Subsystem for Linux.
    pub wsl: bool,
    /// A session over SSH.
    pub ssh: bool,
    /// A container.
    pub container: bool,
    /// A build service (CI).
    pub ci: bool,
}

/// Claude Code on the machine.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Claude {
    /// Every copy found; on the PATH in its order, then the private ones.
    pub installs: Vec<InstallRow>,
}

/// One copy of `claude`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InstallRow {
    /// Where.
    pub path: String,
    /// Its version, as far as files tell.
    pub version: Option<String>,
    /// `native`, `npm`, `homebrew`, `local`, `vscode`, `jetbrains`, `desktop`, `other`.
    pub kind: String,
    /// Whether it is the one that runs when `claude` is typed.
    pub first: bool,
}

/// The one sentence, and what colours it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verdict {
    /// The worst status.
    pub status: Status,
    /// Its light.
    pub light: Light,
    /// The cause to look at first.
    pub cause: Option<Cause>,
    /// The finding's code.
    pub code: Option<Cow<'static, str>>,
    /// Whose it is.
    pub owner: Owner,
    /// One sentence that can be read aloud on the phone.
    pub headline: Message,
    /// `XXXX-XXXX`, for the phone.
    pub check_code: String,
}

/// What goes where.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Route {
    /// Who answers.
    pub provider: Provider,
    /// Who pays.
    pub billing: Billing,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// Through which proxy.
    pub proxy: Option<Proxy>,
    /// Why a proxy that is set is not used. Beside a `proxy` it speaks of prompts alone: what else is asked of the host goes
    /// through the proxy.
    pub proxy_bypass: Option<ProxyBypass>,
    /// The headers that carry a credential: none, one, or two.
    pub sends: Vec<Sent>,
}

/// Where requests go.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Endpoint {
    /// The base to which `/v1/messages` is added. Null where it is no URL.
    pub url: Option<String>,
    /// Scheme, host and port.
    pub origin: Option<String>,
    /// Null for the default.
    pub source: Option<Source>,
}

/// A proxy, without its password.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Proxy {
    /// Its address.
    pub url: String,
    /// Which variable names it.
    pub source: Source,
}

/// The rule that keeps a request from the proxy.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProxyBypass {
    /// `NO_PROXY` or `no_proxy`.
    pub variable: String,
    /// The entry that matched.
    pub pattern: String,
    /// Where it stands.
    pub source: Source,
}

/// One header on the wire.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sent {
    /// Which.
    pub header: Header,
    /// What fills it.
    pub credential: CredentialKind,
    /// Where that comes from.
    pub source: Source,
}

/// What `claude` will do before any server answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Prediction {
    /// Whether it starts. Null: cannot be known from here.
    pub starts: Option<bool>,
    /// What it asks first.
    pub asks: Option<Asks>,
    /// Whether it sends a request. Null: cannot be known from here.
    pub sends_request: Option<bool>,
    /// The stable first part of what it prints instead.
    pub message: Option<String>,
    /// Whether the login is renewed before the prompt.
    pub refreshes_first: bool,
    /// Other origins that get a credential.
    pub background_to: Vec<String>,
    /// Why nothing is foretold: nobody has watched the real program with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unproven: Option<Unproven>,
}

/// One credential.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rung {
    /// Its kind.
    pub kind: CredentialKind,
    /// The variable, setting or store.
    pub name: Option<String>,
    /// What becomes of it.
    pub state: State,
    /// What is used in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shadowed_by: Option<CredentialKind>,
    /// The header that it fills.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// Where it stands.
    pub source: Option<Source>,
    /// Last four characters, only on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<String>,
    /// What it looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks_like: Option<Cow<'static, str>>,
    /// Until when, UTC, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Why it wins or loses.
    pub why: Message,
    /// The same variable at other places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<AlsoIn>,
    /// Its stable name.
    pub instance: Instance,
    /// The rule and its evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Cow<'static, str>>,
}

/// The same variable at another place.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AlsoIn {
    /// Where.
    pub source: Source,
    /// Whether it is the same value.
    pub same_value: bool,
    /// What becomes of it.
    pub state: State,
}

/// One context and folder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContextRow {
    /// Whose environment.
    pub context: Context,
    /// Who told what stands in it.
    pub told_by: ToldBy,
    /// Variables that matter there and could not be told.
    pub unsure: Vec<String>,
    /// Which folder.
    pub project: Option<String>,
    /// What is sent there.
    pub sends: Vec<Sent>,
    /// And where to.
    pub endpoint: Endpoint,
    /// Whether it is known to differ from the first row: nothing is, where either could not be told.
    pub differs: bool,
    /// Why.
    pub because: Option<Message>,
    /// The finding's code.
    pub code: Option<Cow<'static, str>>,
}

/// A cause and its checks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CauseReport {
    /// Which.
    pub id: Cause,
    /// Its light.
    pub light: Light,
    /// Its status.
    pub status: Status,
    /// Whose.
    pub owner: Owner,
    /// Why it is grey.
    pub reason: Option<GreyReason>,
    /// One line.
    pub headline: Message,
    /// What was asked, and the answers.
    pub checks: Vec<Finding>,
}

/// One answer of one check.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// The check: `C4.settings_env_overrides_shell`.
    pub id: Cow<'static, str>,
    /// What it found.
    pub status: Status,
    /// `AL-4-02`; null where the check passed or was skipped.
    pub code: Option<Cow<'static, str>>,
    /// Whose it is.
    pub owner: Owner,
    /// The finding in one sentence.
    pub text: Message,
    /// What we saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saw: Option<Message>,
    /// Why it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Message>,
    /// What to do now: one thing.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub to_do: Option<Message>,
    /// Stable English for the helpdesk.
    pub debug: String,
    /// Where it was seen.
    pub evidence: Vec<Source>,
    /// Its stable name.
    pub instance: Instance,
    /// What can be done about it.
    pub fix: Option<FixOffer>,
    /// Where to read on.
    pub help: Option<Cow<'static, str>>,
    /// How long the check took, in milliseconds.
    pub duration_ms: f64,
}

/// What can be done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FixOffer {
    /// The fix.
    pub id: Cow<'static, str>,
    /// How.
    pub kind: FixKind,
    /// Whether it can be taken back.
    pub reversible: bool,
    /// Whether it needs an administrator.
    pub needs_elevation: bool,
}

/// The live test.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Live {
    /// Stage by stage.
    pub stages: Vec<StageRow>,
    /// What it came to.
    pub outcome: Outcome,
    /// Whether a request that costs or counts went through (count-tokens or a message), not a list of models.
    pub works: bool,
    /// What Claude Code would print for this answer.
    pub claude_says: Option<String>,
    /// Whether the person's own `claude` was run, and the outcome is its answer.
    pub own_claude: bool,
    /// How far the hosts are reached that a sign-in needs besides; empty where nobody looked.
    pub reached: Vec<Reached>,
    /// What the service says of itself on its status page; none where it was not asked.
    pub service: Option<StageRow>,
    /// What was sent, without any value.
    pub sent: Vec<SentRequest>,
}

impl Live {
    /// Fills every message's text.
    pub fn say(&mut self, words: &dyn Words) {
        let rows = self.stages.iter_mut().chain(&mut self.service).map(|row| &mut row.text);
        for text in rows.chain(self.reached.iter_mut().map(|reached| &mut reached.text)) {
            text.say(words);
        }
    }
}

impl SentRequest {
    /// Where it went: an address, or the proxy and whom it was asked for.
    pub fn target(&self) -> String {
        let between = if self.path.starts_with('/') { "" } else { " " };
        format!("{}{between}{}", self.origin, self.path)
    }
}

/// A host that a sign-in needs, looked at without any credential.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reached {
    /// Scheme, host and port.
    pub origin: String,
    /// How it went.
    pub status: Status,
    /// In words, how far it was reached.
    pub text: Message,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            stages: Vec::new(),
            outcome: Outcome::NotTested,
            works: false,
            claude_says: None,
            own_claude: false,
            reached: Vec::new(),
            service: None,
            sent: Vec::new(),
        }
    }
}

/// One stage.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StageRow {
    /// Which.
    pub stage: Stage,
    /// How it went.
    pub status: Status,
    /// In words.
    pub text: Message,
    /// Facts by name: address, certificate issuer, HTTP status. No values of secrets.
    pub evidence: std::collections::BTreeMap<String, String>,
    /// How long, in milliseconds.
    pub duration_ms: f64,
}

/// A request that was sent: header names, never values.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SentRequest {
    /// `GET`, `POST`.
    pub method: String,
    /// Scheme, host and port.
    pub origin: String,
    /// The path.
    pub path: String,
    /// Names of the headers that carried a credential.
    pub headers: Vec<String>,
}

/// The leak pass.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Redaction {
    /// The rules' month.
    pub rules: String,
    /// Whether nothing was found.
    pub passed: bool,
}

impl Report {
    /// Puts every sentence into words.
    pub fn say(&mut self, words: &dyn Words) {
        self.verdict.headline.say(words);
        for rung in &mut self.ladder {
            rung.why.say(words);
        }
        for row in &mut self.contexts {
            if let Some(because) = &mut row.because {
                because.say(words);
            }
        }
        for cause in &mut self.causes {
            cause.headline.say(words);
            for finding in &mut cause.checks {
                finding.text.say(words);
                for part in [&mut finding.saw, &mut finding.why, &mut finding.to_do].into_iter().flatten() {
                    part.say(words);
                }
            }
        }
        self.live.say(words);
    }

    /// A copy without the last characters of any secret, for whoever is not at this machine.
    #[must_use]
    pub fn without_masks(mut self) -> Self {
        for rung in &mut self.ladder {
            rung.masked = None;
        }
        self
    }

    /// The cause `id`, if it was judged.
    pub fn cause(&self, id: Cause) -> Option<&CauseReport> {
        self.causes.iter().find(|cause| cause.id == id)
    }

    /// The exit code of `check` (contract, section 3).
    pub fn exit_code(&self, fail_on: FailOn) -> u8 {
        let any = |status| self.causes.iter().flat_map(|c| &c.checks).any(|f| f.status == status);
        let judged = [Status::Pass, Status::Note, Status::Warn].into_iter().any(any);
        let unknown = || self.verdict.status == Status::Unknown || any(Status::Unknown) || any(Status::Crashed);
        if any(Status::Fail) {
            2
        } else if !judged || (fail_on == FailOn::Unknown && unknown()) {
            3
        } else {
            u8::from(fail_on == FailOn::Warn && any(Status::Warn))
        }
    }
}

/// What `--fail-on` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FailOn {
    /// Failing findings alone.
    #[default]
    Fail,
    /// Warnings too.
    Warn,
    /// An unknown outcome too.
    Unknown,
}
