//! Claude Code where there is none: the official ways, how each stands on this machine, and the package manager that the
//! person has, started for it. Nothing is downloaded by us.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::claude_code::ways::{self, Standing, Tools, Way};
use authlight_core::fixes::install_claude_code::MENDS;
use authlight_core::installs::{Condition, Program};
use authlight_core::judge;
use authlight_core::message::Message;
use authlight_core::report::Live;

use super::sign_in::{Job, Launch, launch};
use crate::examination::Examination;
use crate::live::RunProgram;
use crate::machine::package_managers::tools;
use crate::machine::session::Errand;
use crate::machine::{self, Machine};

/// How long Node may take to tell its version.
const ASKING: Duration = Duration::from_secs(10);

/// What stands on the PATH, or not.
const PATH: &str = "PATH";

/// Whether the finding is there that this mends.
pub fn is_missing(now: &Examination) -> bool {
    let live = Live::default();
    judge::findings(&now.facts(&live)).iter().any(|found| found.code.as_deref() == Some(MENDS))
}

/// The ways for a machine, and how they stand.
pub struct Ways {
    tools: Tools,
    /// The ways, the recommended one first.
    pub all: Vec<(&'static Way, Standing)>,
}

impl Ways {
    /// As files tell. No program is run.
    pub fn look(machine: &dyn Machine, now: &Examination) -> Self {
        Self::of(tools(machine, &now.snapshot), now)
    }

    fn of(tools: Tools, now: &Examination) -> Self {
        let ways = ways::ways(now.snapshot.examined.platform);
        Self { all: ways.map(|way| (way, way.standing(&tools))).collect(), tools }
    }

    /// The way of that name.
    pub fn named(&self, id: &str) -> Option<(&'static Way, &Standing)> {
        self.all.iter().find(|(way, _)| way.id == id).map(|(way, standing)| (*way, standing))
    }

    /// The same, where Node is asked for its version because no file tells it: on the person's word alone. A Node that
    /// does not answer stays unknown.
    pub fn ask_node(self, now: &Examination, run: RunProgram<'_>, cancel: &AtomicBool) -> Self {
        let Some(node) = self.tools.node.clone().filter(|node| node.version.is_none()) else { return self };
        let Some(helper) = machine::console_program() else { return self };
        let errand = Errand {
            program: Path::new(&node.path),
            arguments: &["--version".into()],
            environment: &now.environment_for_installing(),
            folder: Path::new(&now.snapshot.examined.home),
            deadline: ASKING,
            helper: &helper,
            cancel,
        };
        let printed = run(&errand).ok().filter(|printed| printed.code == Some(0));
        let version = printed.and_then(|printed| ways::node_version(&String::from_utf8_lossy(&printed.out)));
        let node = Some(ways::Node { version, ..node });
        Self::of(Tools { node, ..self.tools }, now)
    }
}

/// A package manager that is ready to install Claude Code.
pub struct Start {
    program: PathBuf,
    arguments: &'static [&'static str],
    folder: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

/// How a way is started. `None`: it is shown alone, something is missing, or another machine is examined than the one that
/// runs.
pub fn start(way: &Way, standing: &Standing, now: &Examination, outside: &dyn Fn(&str) -> PathBuf) -> Option<Start> {
    let (Standing::Ready { program }, Some((_, arguments))) = (standing, way.starts) else { return None };
    let start = Start {
        program: PathBuf::from(program),
        arguments,
        folder: PathBuf::from(&now.snapshot.examined.home),
        environment: now.environment_for_installing(),
    };
    now.is_of_this_machine(outside).then_some(start)
}

impl Start {
    /// Runs it in the terminal in which this program runs, and waits for its end: it asks and tells there by itself.
    ///
    /// # Errors
    /// What the system says.
    pub fn run_here(&self) -> io::Result<ExitStatus> {
        let mut command = Command::new(&self.program);
        command.args(self.arguments).current_dir(&self.folder);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.status()
    }

    /// How it is run in a terminal of the person's; none where none can be opened.
    pub fn in_terminal(&self, now: &Examination) -> Option<Launch> {
        let path = self.environment.iter().find(|(name, _)| name.eq_ignore_ascii_case(PATH));
        let job = Job {
            program: self.program.clone(),
            arguments: self.arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            folder: self.folder.clone(),
            // Terminals begin with a PATH of their own, on which the manager's own programs may not be.
            set: path.map(|(_, path)| (PATH, path.to_string_lossy().into_owned())).into_iter().collect(),
            environment: self.environment.clone(),
        };
        let examined = &now.snapshot.examined;
        launch(&job, examined.platform, &examined.host)
    }
}

/// What is there now: the copy that runs when `claude` is typed, else one that does not lie on the PATH.
pub fn installed(then: &Examination) -> Option<&Program> {
    let installs = &then.snapshot.installs;
    let ready = |program: &&Program| program.condition == Condition::Runs;
    installs.first().or_else(|| installs.own().find(ready))
}

/// What a way is, in words.
pub fn named(way: &Way) -> Message {
    Message::new(match way.id {
        "native" => "install-way-native",
        "homebrew" => "install-way-homebrew",
        "winget" => "install-way-winget",
        "npm" => "install-way-npm",
        _ => "install-way-packages",
    })
}

/// How a way stands, in words.
pub fn standing(way: &Way, standing: &Standing) -> Message {
    let message = Message::new("install-standing").with("standing", standing.word()).with("way", way.id);
    let message = message.with("wanted", ways::NODE_WANTED.to_string()).with("page", ways::PAGE);
    let detail = match standing {
        Standing::OldNode { version } => version.as_str(),
        Standing::Closed { folder } => folder.as_str(),
        Standing::Ready { program } => program.as_str(),
        Standing::NodeNotAsked { node } => node.as_str(),
        Standing::NoManager(manager) => manager.name(),
        Standing::Shown | Standing::NoNode => "",
    };
    message.with("detail", detail)
}
