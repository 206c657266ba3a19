//! The arguments.

use std::path::PathBuf;

use authlight_core::fixes::put_key::PutPlace;
use authlight_core::fixes::reset::Part;
use authlight_core::report::{self, Context, Scope};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::practice::Practice;

/// Finds out why Claude Code cannot sign in.
#[derive(Parser, Debug)]
#[command(name = "authlight", version, about, disable_help_subcommand = true, args_conflicts_with_subcommands = true)]
pub struct Program {
    /// What to do; without it the window opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What the window shows.
    #[command(flatten)]
    pub window: Window,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Open the window.
    Window(Window),
    /// Look at everything and tell the result.
    Check(Check),
    /// What does this message mean?
    Explain {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
        /// The message, a code such as AL-1-04, or `-` to read it from standard input.
        text: Vec<String>,
    },
    /// The live test alone, stage by stage.
    Test(Test),
    /// Make one repair: the ID that a finding names.
    Fix(Fix),
    /// Put a new key into every place of the old one.
    Rotate(Rotate),
    /// Set a provider up, or go back to Anthropic's own API.
    Provider(Provider),
    /// Clean up what is stored of sign-ins, and sign out: the clean start before signing in anew.
    Reset(Reset),
    /// What was changed, and what became of it.
    History {
        /// Delete what is kept of files as they were before: nothing of it can be undone then.
        #[arg(long)]
        delete_backups: bool,
        /// With it: only of changes that are older than so many days.
        #[arg(long, value_name = "DAYS", requires = "delete_backups")]
        older_than: Option<u32>,
    },
    /// Take a change back.
    Undo(Undo),
    /// Write a report for somebody who is not at this machine.
    Report {
        /// What to examine.
        #[command(flatten)]
        examine: Examine,
        /// Where to: the ending says as what (.md, .json, .txt).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take the secrets out of a text: standard input to standard output.
    Redact,
    /// The JSON Schema of the report.
    Schema,
    /// Every check, in the order of the screen.
    ListChecks {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Lay out a broken home to practise on.
    Practice(Practice),
}

/// Open the window.
#[derive(Args, Clone, Debug, Default)]
pub struct Window {
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// A broken home to practise on, by its name.
    #[arg(long, value_name = "SCENARIO", conflicts_with_all = ["home", "root", "env_file", "project"])]
    pub practice: Option<String>,
    /// What draws the window: for the program that starts itself. It then says on its standard output how far it got.
    #[arg(long, value_enum, hide = true)]
    pub renderer: Option<Renderer>,
    /// What may draw the window, in this order, where the usual order does not do.
    #[arg(long, value_enum, value_delimiter = ',', hide = true)]
    pub try_renderers: Vec<Renderer>,
}

/// What draws the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Renderer {
    /// OpenGL.
    Glow,
    /// Vulkan, Direct3D, Metal.
    Wgpu,
    /// The processor alone.
    Software,
}

impl Renderer {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Glow => "glow",
            Self::Wgpu => "wgpu",
            Self::Software => "software",
        }
    }
}

/// Make one repair.
#[derive(Args, Debug)]
pub struct Fix {
    /// The ID of the repair, such as F.remove_settings_env.
    pub id: String,
    /// What it mends: the instance of a finding. Not needed where it can be one thing only.
    #[arg(long, value_name = "INSTANCE")]
    pub at: Option<String>,
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// Whether it is done.
    #[command(flatten)]
    pub go: Go,
    /// Do it although this would be found afterwards: the code of a finding.
    #[arg(long, value_name = "CODE")]
    pub accept: Vec<String>,
    /// With F.put_key: where the key is read from: a file, or `-` for standard input.
    #[arg(long, value_name = "FILE|-")]
    pub key_from: Option<String>,
    /// With F.put_key: where it is put, by its name in the list.
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub place: Option<PutPlace>,
    /// With F.put_key: let Claude Code use the key without asking.
    #[arg(long)]
    pub approve: bool,
    /// With F.install_claude_code: the way that is taken, by its name in the list.
    #[arg(long, value_name = "WAY")]
    pub way: Option<String>,
    /// With F.company_certificate: the file of the root certificate (PEM), where the system's store has none.
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// With F.company_certificate: this host may be asked for its certificate, although a project folder chose it.
    #[arg(long, value_name = "HOST")]
    pub allow_project_endpoint: Vec<String>,
}

/// Put a new key into every place of the old one.
#[derive(Args, Debug)]
pub struct Rotate {
    /// Where the new key is read from: a file, or `-` for standard input.
    #[arg(long, value_name = "FILE|-")]
    pub key_from: String,
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// What may be sent in the tests of the keys.
    #[command(flatten)]
    pub consent: Consent,
    /// Whether it is done.
    #[command(flatten)]
    pub go: Go,
    /// Let Claude Code use the new key without asking, as it uses the old one.
    #[arg(long)]
    pub approve: bool,
    /// Write the new key without testing it: where its endpoint cannot be reached from here.
    #[arg(long)]
    pub untested: bool,
}

/// Set a provider up.
#[derive(Args, Debug)]
pub struct Provider {
    /// Which: anthropic, gateway, bedrock, mantle, anthropic_aws, vertex, foundry.
    #[arg(value_parser = provider)]
    pub name: report::Provider,
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// A value that it needs or takes. Can be given several times.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// A key that it needs or takes, read from a file, or with `-` from standard input. Can be given several times.
    #[arg(long, value_name = "NAME=FILE|-")]
    pub key_from: Vec<String>,
    /// Whose settings it is written into: user, project or local.
    #[arg(long, default_value = "user", value_parser = own_scope)]
    pub scope: Scope,
    /// What may be sent in the tests of the credential.
    #[command(flatten)]
    pub consent: Consent,
    /// Whether it is done.
    #[command(flatten)]
    pub go: Go,
    /// Set it up without testing it: where its endpoint cannot be reached from here.
    #[arg(long)]
    pub untested: bool,
}

fn provider(word: &str) -> Result<report::Provider, String> {
    let words = || report::Provider::ALL.iter().map(|provider| provider.word()).collect::<Vec<_>>().join(", ");
    report::Provider::from_word(word).ok_or_else(|| format!("one of {}", words()))
}

fn own_scope(word: &str) -> Result<Scope, String> {
    let own = [Scope::User, Scope::Project, Scope::Local];
    let scope = Scope::from_word(word).filter(|scope| own.contains(scope));
    scope.ok_or_else(|| "one of user, project, local".to_owned())
}

/// The credential reset.
#[derive(Args, Debug)]
pub struct Reset {
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// Whether it is done.
    #[command(flatten)]
    pub go: Go,
    /// Leave this part as it is. Can be given several times.
    #[arg(long, value_name = "PART", value_parser = part)]
    pub leave: Vec<Part>,
    /// Delete login files that an earlier reset set aside, once a new login works. They cannot be brought back.
    #[arg(long, conflicts_with = "leave")]
    pub delete_old_login: bool,
}

fn place(word: &str) -> Result<PutPlace, String> {
    let named = PutPlace::ALL.iter().find(|place| place.word() == word).copied();
    let words = || PutPlace::ALL.iter().map(|place| place.word()).collect::<Vec<_>>().join(", ");
    named.ok_or_else(|| format!("the places are {}", words()))
}

fn part(word: &str) -> Result<Part, String> {
    let named = Part::ALL.iter().find(|part| part.word() == word).copied();
    let words = || Part::ALL.iter().map(|part| part.word()).collect::<Vec<_>>().join(", ");
    named.ok_or_else(|| format!("the parts are {}", words()))
}

/// Whether something is done, or only shown.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Go {
    /// Show what would be done, and do nothing.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do it.
    #[arg(long)]
    pub yes: bool,
}

/// Take a change back.
#[derive(Args, Debug)]
pub struct Undo {
    /// The change, as `authlight history` names it; without it the latest.
    pub change: Option<String>,
    /// Whether it is done.
    #[command(flatten)]
    pub go: Go,
    /// What becomes of files that something else has changed since.
    #[arg(long, value_enum)]
    pub changed: Option<Changed>,
}

/// What becomes of a file that something else has changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Changed {
    /// It stays as it is now.
    Keep,
    /// It becomes what it was before; how it is now is kept in the backups.
    PutBack,
}

/// Look at everything.
#[derive(Args, Debug)]
pub struct Check {
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// Answer as JSON.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// What to answer as.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write the answer to this file: whole or not at all.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also run the live test: one free question to the endpoint.
    #[arg(long)]
    pub online: bool,
    /// What may be sent in the live test.
    #[command(flatten)]
    pub consent: Consent,
    /// How long the live test may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=600), requires = "online")]
    pub timeout: u16,
    /// Ask these checks alone, by ID; the ID of a cause stands for all of its checks.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Leave these checks out.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Judge as if this were not there: the instance of a finding or of a credential.
    #[arg(long, value_name = "INSTANCE")]
    pub without: Vec<String>,
    /// Also fail on warnings, or on an unknown outcome.
    #[arg(long, value_enum, default_value_t = FailOn::Fail)]
    pub fail_on: FailOn,
    /// Cut the text to so many bytes; the worst stays.
    #[arg(long, value_name = "N", conflicts_with = "json")]
    pub max_bytes: Option<usize>,
}

/// What may be sent, for this run alone.
#[derive(Args, Clone, Debug, Default)]
pub struct Consent {
    /// The credential may go to this host, although a project folder chose it.
    #[arg(long, value_name = "HOST")]
    pub allow_project_endpoint: Vec<String>,
    /// The credential may go to this host without encryption.
    #[arg(long, value_name = "HOST")]
    pub allow_http: Vec<String>,
    /// The command that gives the credential may be run: apiKeyHelper's, a cloud's, or the cloud's own tool.
    #[arg(long)]
    pub run_helper: bool,
    /// A message of one token may be sent, which costs a little and proves that there is credit.
    #[arg(long)]
    pub one_token: bool,
    /// Your own claude may be run: its auth status, and a prompt of one word. It is what proves a login.
    #[arg(long)]
    pub real_run: bool,
    /// Ask the service's status page too, without any credential, where the service does not answer as it should.
    #[arg(long)]
    pub service_status: bool,
}

/// The live test alone.
#[derive(Args, Debug)]
pub struct Test {
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// What may be sent.
    #[command(flatten)]
    pub consent: Consent,
    /// Ask this address, without any credential.
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Where a gateway refuses the credential, try it there in the other header too.
    #[arg(long, conflicts_with = "endpoint")]
    pub swap_header: bool,
    /// How long it may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub timeout: u16,
}

/// What `check` answers as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The checklist as text.
    Text,
    /// JSON.
    Json,
}

/// What makes the exit code speak.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FailOn {
    /// Failing findings.
    Fail,
    /// Warnings too.
    Warn,
    /// An unknown outcome too.
    Unknown,
}

/// What to examine.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Examine {
    /// The folder in which claude is started.
    #[arg(long, value_name = "DIR")]
    pub project: Vec<PathBuf>,
    /// Whose environment: process, new-terminal, desktop.
    #[arg(long, value_parser = context)]
    pub context: Option<Context>,
    /// How claude is run.
    #[arg(long, value_enum)]
    pub mode: Option<Mode>,
    /// The person's home.
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// The person, by the name of the account.
    #[arg(long, value_name = "NAME", conflicts_with = "home")]
    pub user: Option<String>,
    /// A mounted disk, a container image, a practice folder.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Whose rules apply there.
    #[arg(long, value_enum, requires = "root")]
    pub os: Option<System>,
    /// Lines NAME=value in place of the environment; separated by NUL if there is one.
    #[arg(long, value_name = "FILE")]
    pub env_file: Option<PathBuf>,
    /// The flags that are given to claude.
    #[arg(long, value_name = "ARGS", allow_hyphen_values = true)]
    pub claude_args: Option<String>,
}

fn context(word: &str) -> Result<Context, String> {
    let words = || Context::ALL.iter().map(|context| context.word()).collect::<Vec<_>>().join(", ");
    Context::from_word(word).ok_or_else(|| format!("one of {}", words()))
}

/// How claude is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// A person types.
    Interactive,
    /// claude -p.
    Print,
}

/// Whose rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum System {
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}
