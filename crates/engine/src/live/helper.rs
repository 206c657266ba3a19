//! Programs that give a credential: run on the person's word alone, as Claude Code or the vendor's software runs them.
//!
//! Observed of 2.1.330 for `apiKeyHelper` (`helper-*`): `/bin/sh` runs it in the working directory, what it prints is
//! trimmed, and an exit code, no output or several lines leave a blank key, with which the request goes out all the same.
//! How Windows runs it was not observed: there it is not run, and neither are the others.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::message::Message;
use authlight_core::providers::sign_in::{self, Gives, SignIn};
use authlight_core::report::{CredentialKind, Header, Live, Outcome, Stage, StageRow, Status};
use authlight_core::secret::{Secret, javascript_trim};

use super::audience::Carried;
use super::{RunProgram, Seen as _, row};
use crate::machine::console_program;
use crate::machine::session::{Errand, ErrandTrouble, Printed};

/// What Claude Code says of a helper without a key, once the server has refused the blank one (observed).
const CLAUDE_SAYS: &str = "Your apiKeyHelper script is failing ·";

/// What runs a command line.
const SHELL: &str = "/bin/sh";

/// A program that prints a credential.
#[derive(Clone)]
pub struct Helper {
    /// What is run, as it is shown: the command line, or the tool with its arguments.
    pub command: String,
    /// The file that names it, or the tool's own, as it is shown.
    pub named_in: String,
    /// What is started.
    pub runs: Runs,
    /// Where it starts.
    pub folder: PathBuf,
    /// Its environment.
    pub environment: Vec<(OsString, OsString)>,
    /// What it prints, and what that is for.
    pub gives: HelperGives,
}

/// What is started.
#[derive(Clone)]
pub enum Runs {
    /// The shell, with the command.
    Shell,
    /// This tool, with these arguments.
    Tool(PathBuf, Vec<OsString>),
}

/// What a helper prints.
#[derive(Clone)]
pub enum HelperGives {
    /// A key (`apiKeyHelper`): the headers that it fills, and whether `Bearer ` goes before it.
    Key(Vec<(Header, bool)>),
    /// What a cloud is signed in to with.
    Cloud(Gives),
}

/// What a helper gave.
pub enum Given {
    /// What fills the headers.
    Headers(Vec<Carried>),
    /// How a cloud is signed in to.
    Cloud(SignIn),
}

impl Given {
    /// Every secret of it.
    pub fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Headers(filled) => filled.first().map(|carried| carried.secret.clone()).into_iter().collect(),
            Self::Cloud(SignIn::AwsKeys(keys)) => {
                [Some(&keys.id), Some(&keys.secret), keys.session.as_ref()].into_iter().flatten().cloned().collect()
            }
            Self::Cloud(SignIn::Token(token)) => vec![token.clone()],
            Self::Cloud(_) => Vec::new(),
        }
    }
}

impl Helper {
    /// Whether it is the command of `apiKeyHelper`.
    pub fn is_of_claude_code(&self) -> bool {
        matches!(self.gives, HelperGives::Key(_))
    }

    /// Runs it. Without a credential the row that says why, and what Claude Code says then.
    ///
    /// # Errors
    /// The outcome that the test then has.
    pub fn ask(&self, run: RunProgram<'_>, deadline: Duration, cancel: &AtomicBool) -> Result<Given, Box<Live>> {
        if cfg!(windows) {
            return Err(self.without(Status::Unknown, Message::new("live-helper-not-here")));
        }
        let shell = [OsString::from("-c"), OsString::from(&self.command)];
        let (program, arguments) = match &self.runs {
            Runs::Shell => (Path::new(SHELL), shell.as_slice()),
            Runs::Tool(program, arguments) => (program.as_path(), arguments.as_slice()),
        };
        let Some(own) = console_program() else {
            return Err(self.without(Status::Crashed, Message::new("live-crashed")));
        };
        let printed = run(&Errand {
            program,
            arguments,
            environment: &self.environment,
            folder: &self.folder,
            deadline,
            helper: &own,
            cancel,
        });
        let either = |key, other| Message::new(if self.is_of_claude_code() { key } else { other });
        let printed = printed.map_err(|trouble| match trouble {
            ErrandTrouble::Cancelled => self.without(Status::Skipped, Message::new("live-stopped")),
            ErrandTrouble::TimedOut => {
                self.without(Status::Fail, either("live-helper-slow", "live-cloud-program-slow"))
            }
            ErrandTrouble::NotRunnable(_) => {
                self.without(Status::Fail, either("live-helper-not-run", "live-cloud-program-not-run"))
            }
        })?;
        match &self.gives {
            HelperGives::Key(fills) => self.key(fills, &printed),
            HelperGives::Cloud(gives) => self.cloud(*gives, &printed),
        }
    }

    fn key(&self, fills: &[(Header, bool)], printed: &Printed) -> Result<Given, Box<Live>> {
        let text = String::from_utf8_lossy(&printed.out);
        let key = javascript_trim(&text);
        let key_there = printed.code == Some(0) && !key.is_empty() && !key.contains(['\n', '\r']);
        if !key_there {
            let how = match (printed.code, key.is_empty()) {
                (Some(0), true) => "nothing",
                (Some(0), false) => "lines",
                _ => "code",
            };
            let mut without = self.told_without("live-helper-no-key", how, printed.code);
            without.claude_says = Some(CLAUDE_SAYS.to_owned());
            return Err(without);
        }
        let secret = Secret::new(key);
        let kind = CredentialKind::ApiKeyHelper;
        let filled = fills.iter().map(|&(header, bearer)| Carried { header, kind, secret: secret.clone(), bearer });
        Ok(Given::Headers(filled.collect()))
    }

    fn cloud(&self, gives: Gives, printed: &Printed) -> Result<Given, Box<Live>> {
        let text = Secret::new(String::from_utf8_lossy(&printed.out));
        let sign_in = sign_in::given(gives, &text).filter(|_| printed.code == Some(0));
        sign_in.map(Given::Cloud).ok_or_else(|| {
            let how = match (printed.code, text.is_blank()) {
                (Some(0), true) => "nothing",
                (Some(0), false) => "other",
                _ => "code",
            };
            self.told_without("live-cloud-program-nothing", how, printed.code)
        })
    }

    /// The test as it is where what was printed is no credential.
    fn told_without(&self, key: &'static str, how: &'static str, code: Option<i32>) -> Box<Live> {
        let code = code.map_or_else(|| "?".to_owned(), |code| code.to_string());
        let text = Message::new(key).with("how", how).with("code", code.as_str());
        let mut without = self.without(Status::Fail, text);
        if let Some(row) = without.stages.last_mut() {
            row.evidence.insert("exit_code".to_owned(), code);
        }
        without
    }

    /// The test as it is without a credential.
    fn without(&self, status: Status, text: Message) -> Box<Live> {
        let text = text.with("named_in", self.named_in.as_str()).with("command", self.command.as_str());
        let told = row(Stage::Auth, status, text).seen("helper", "no key");
        Box::new(Live { stages: vec![told], outcome: Outcome::NotTested, ..Live::default() })
    }

    /// What is told of a key that it gave.
    pub fn told(filled: &[Carried], row: StageRow) -> StageRow {
        match filled.first() {
            Some(carried) => row.seen("helper", format!("one token, {} characters", carried.secret.length())),
            None => row,
        }
    }
}
