//! The command of `apiKeyHelper`: run on the person's word alone, as Claude Code runs it.
//!
//! Observed of 2.1.330 (`helper-*`): `/bin/sh` runs it in the working directory, what it prints is trimmed, and an exit
//! code, no output or several lines leave a blank key, with which the request goes out all the same. How Windows runs it
//! was not observed: there it is not run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::message::Message;
use authlight_core::report::{CredentialKind, Header, Live, Outcome, Stage, StageRow, Status};
use authlight_core::secret::{Secret, javascript_trim};

use super::audience::Carried;
use super::{RunProgram, Seen as _, row};
use crate::machine::console_program;
use crate::machine::session::{Errand, ErrandTrouble};

/// What Claude Code says of a helper without a key, once the server has refused the blank one (observed).
const CLAUDE_SAYS: &str = "Your apiKeyHelper script is failing ·";

/// What runs it.
const SHELL: &str = "/bin/sh";

/// A command that prints a key, and what its key fills.
#[derive(Clone)]
pub struct Helper {
    /// The command line, as settings have it.
    pub command: String,
    /// The settings file that names it, as it is shown.
    pub named_in: String,
    /// Where it starts.
    pub folder: PathBuf,
    /// Its environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The headers that its key fills, and whether `Bearer ` goes before it.
    pub fills: Vec<(Header, bool)>,
}

impl Helper {
    /// Runs it. Gives what its key fills; without a key the row that says why, and what Claude Code says then.
    ///
    /// # Errors
    /// The outcome that the test then has.
    pub fn ask(&self, run: RunProgram<'_>, deadline: Duration, cancel: &AtomicBool) -> Result<Vec<Carried>, Box<Live>> {
        if cfg!(windows) {
            return Err(self.without(Status::Unknown, Message::new("live-helper-not-here")));
        }
        let arguments = [OsString::from("-c"), OsString::from(&self.command)];
        let Some(own) = console_program() else {
            return Err(self.without(Status::Crashed, Message::new("live-crashed")));
        };
        let printed = run(&Errand {
            program: Path::new(SHELL),
            arguments: &arguments,
            environment: &self.environment,
            folder: &self.folder,
            deadline,
            helper: &own,
            cancel,
        });
        let printed = printed.map_err(|trouble| match trouble {
            ErrandTrouble::Cancelled => self.without(Status::Skipped, Message::new("live-stopped")),
            ErrandTrouble::TimedOut => self.without(Status::Fail, Message::new("live-helper-slow")),
            ErrandTrouble::NotRunnable(_) => self.without(Status::Fail, Message::new("live-helper-not-run")),
        })?;
        let text = String::from_utf8_lossy(&printed.out);
        let key = javascript_trim(&text);
        let key_there = printed.code == Some(0) && !key.is_empty() && !key.contains(['\n', '\r']);
        if !key_there {
            let how = match (printed.code, key.is_empty()) {
                (Some(0), true) => "nothing",
                (Some(0), false) => "lines",
                _ => "code",
            };
            let code = printed.code.map_or_else(|| "?".to_owned(), |code| code.to_string());
            let text = Message::new("live-helper-no-key").with("how", how).with("code", code.as_str());
            let mut without = self.without(Status::Fail, text);
            if let Some(row) = without.stages.last_mut() {
                row.evidence.insert("exit_code".to_owned(), code);
            }
            without.claude_says = Some(CLAUDE_SAYS.to_owned());
            return Err(without);
        }
        let secret = Secret::new(key);
        let kind = CredentialKind::ApiKeyHelper;
        let filled =
            self.fills.iter().map(|&(header, bearer)| Carried { header, kind, secret: secret.clone(), bearer });
        Ok(filled.collect())
    }

    /// The test as it is without a key.
    fn without(&self, status: Status, text: Message) -> Box<Live> {
        let text = text.with("named_in", self.named_in.as_str());
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
