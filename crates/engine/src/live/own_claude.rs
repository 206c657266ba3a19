//! The person's own, unmodified `claude`: the only proof of a claude.ai login. It is run on the person's word alone.
//!
//! First `auth status`, which tells what is stored (it goes to the network itself, and may renew the login); then a prompt
//! of one word, whose answer as JSON says what the server said (`is_error`, `api_error_status`, `result`; observed of
//! 2.1.330).

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::json::{Json, Value};
use authlight_core::message::Message;
use authlight_core::report::{Live, Outcome, Stage, StageRow, Status};

use super::{RunProgram, Seen as _, row};
use crate::machine::console_program;
use crate::machine::session::{Errand, ErrandTrouble, Printed};
use crate::report_out::redaction;

/// How long both together may take: a model may think.
const TIME: Duration = Duration::from_secs(120);

/// So much of what it says is kept.
const SAYS_LIMIT: usize = 300;

/// How often it may try again what the server refuses; by itself it goes on for minutes.
const RETRIES: (&str, &str) = ("CLAUDE_CODE_MAX_RETRIES", "1");

/// The program, and the surroundings in which it is run.
pub struct OwnClaude {
    /// Where it lies.
    pub program: PathBuf,
    /// What the person always tells it: `--settings` and the like.
    pub arguments: Vec<String>,
    /// Where it starts.
    pub folder: PathBuf,
    /// Its environment.
    pub environment: Vec<(OsString, OsString)>,
}

impl OwnClaude {
    /// Runs it twice, and tells what came of it in the place of the stages from the sign-in on.
    pub fn prove(
        &self,
        mut live: Live,
        run: RunProgram<'_>,
        cancel: &AtomicBool,
        told: &mut dyn FnMut(&StageRow),
    ) -> Live {
        live.stages.retain(|row| row.stage < Stage::Auth);
        let mut keep = |live: &mut Live, row: StageRow| {
            told(&row);
            live.stages.push(row);
        };
        let status = match self.status(run, cancel) {
            Ok(stored) => stored,
            Err(trouble) => {
                keep(&mut live, trouble);
                return live;
            }
        };
        if !status.signed_in {
            keep(&mut live, row(Stage::Auth, Status::Fail, Message::new("live-own-not-signed-in")));
            return live;
        }
        let prompt = ["-p", "Reply with the one word OK.", "--output-format", "json", "--max-turns", "1"];
        let answer = match self.run(&prompt, run, cancel) {
            Ok(printed) => Answer::of(&printed),
            Err(trouble) => {
                keep(&mut live, trouble);
                return live;
            }
        };
        if matches!(answer, Answer::Answered | Answer::Refused { status: Some(_), .. }) {
            // It got through: that our own question was not answered before stops nobody.
            for row in live.stages.iter_mut().filter(|row| row.status == Status::Fail) {
                row.status = Status::Note;
            }
        }
        let method = |row: StageRow| row.seen("stored", &status.method);
        match answer {
            Answer::Answered => {
                keep(&mut live, method(row(Stage::Auth, Status::Pass, Message::new("live-own-accepted"))));
                keep(&mut live, row(Stage::Quota, Status::Pass, Message::new("live-own-answered")));
                (live.outcome, live.works) = (Outcome::Verified, true);
                live.claude_says = None;
            }
            Answer::Refused { status, says } => {
                let (stage, outcome) = outcome(status, &says);
                let text = Message::new("live-own-refused").with("says", says.as_str());
                let refused = method(row(stage, Status::Fail, text));
                keep(&mut live, status.map_or(refused.clone(), |status| refused.seen("http_status", status)));
                (live.outcome, live.works, live.claude_says) = (outcome, false, Some(says));
            }
            Answer::Unclear { code } => {
                let text = Message::new("live-own-unclear");
                keep(&mut live, row(Stage::Auth, Status::Unknown, text).seen("exit_code", code));
            }
        }
        live.own_claude = true;
        live
    }

    /// What `claude auth status` says. It goes to the network, and may renew the login.
    ///
    /// # Errors
    /// Why it said nothing, as a row of the test.
    pub fn status(&self, run: RunProgram<'_>, cancel: &AtomicBool) -> Result<Stored, StageRow> {
        self.run(&["auth", "status"], run, cancel).map(|printed| Stored::of(&printed))
    }

    fn run(&self, arguments: &[&str], run: RunProgram<'_>, cancel: &AtomicBool) -> Result<Printed, StageRow> {
        let failed = |status, key: &'static str| row(Stage::Auth, status, Message::new(key));
        let own = console_program().ok_or_else(|| failed(Status::Crashed, "live-crashed"))?;
        let always = self.arguments.iter().map(String::as_str);
        let arguments: Vec<OsString> = always.chain(arguments.iter().copied()).map(OsString::from).collect();
        let mut environment = self.environment.clone();
        environment.retain(|(name, _)| name != RETRIES.0);
        environment.push((RETRIES.0.into(), RETRIES.1.into()));
        let errand = Errand {
            program: &self.program,
            arguments: &arguments,
            environment: &environment,
            folder: &self.folder,
            deadline: TIME,
            helper: &own,
            cancel,
        };
        run(&errand).map_err(|trouble| match trouble {
            ErrandTrouble::Cancelled => failed(Status::Skipped, "live-stopped"),
            ErrandTrouble::TimedOut => failed(Status::Unknown, "live-own-slow"),
            ErrandTrouble::NotRunnable(_) => failed(Status::Fail, "live-own-not-run"),
        })
    }
}

/// What `claude auth status` says is stored.
pub struct Stored {
    /// Whether anybody is signed in.
    pub signed_in: bool,
    /// How, in the program's own word.
    pub method: String,
}

impl Stored {
    fn of(printed: &Printed) -> Self {
        let json = Json::parse(printed.out.as_slice()).ok();
        let word = |name: &str| {
            let json = json.as_ref()?;
            json.root().get(name).and_then(Value::as_str).map(|text| shortened(&text))
        };
        // Where it prints no JSON, its exit code still says it.
        let signed_in = json.as_ref().and_then(|json| json.root().get("loggedIn")).and_then(Value::as_bool);
        Self { signed_in: signed_in.unwrap_or(printed.code == Some(0)), method: word("authMethod").unwrap_or_default() }
    }
}

/// What came of the prompt.
enum Answer {
    Answered,
    Refused { status: Option<u16>, says: String },
    Unclear { code: String },
}

impl Answer {
    fn of(printed: &Printed) -> Self {
        let unclear = || Self::Unclear { code: printed.code.map_or_else(|| "?".to_owned(), |code| code.to_string()) };
        let Ok(json) = Json::parse(printed.out.as_slice()) else { return unclear() };
        let root = json.root();
        if root.get("type").and_then(Value::as_str).as_deref() != Some("result") {
            return unclear();
        }
        match root.get("is_error").and_then(Value::as_bool) {
            Some(false) => Self::Answered,
            Some(true) => {
                let status = root.get("api_error_status").and_then(Value::as_f64);
                let status = status.and_then(|status| u16::try_from(status as i64).ok());
                let says = root.get("result").and_then(Value::as_str).map(|text| shortened(&text));
                Self::Refused { status, says: says.unwrap_or_default() }
            }
            None => unclear(),
        }
    }
}

/// Where it came to a halt, and what that comes to.
fn outcome(status: Option<u16>, says: &str) -> (Stage, Outcome) {
    match status {
        Some(401) => (Stage::Auth, Outcome::Rejected),
        Some(403) => (Stage::Permission, Outcome::Blocked),
        Some(400 | 402) if says.contains("redit") || says.contains("billing") => (Stage::Quota, Outcome::Limited),
        Some(402 | 429) => (Stage::Quota, Outcome::Limited),
        Some(500..) => (Stage::Http, Outcome::ServerError),
        Some(_) => (Stage::Permission, Outcome::Blocked),
        // It had nothing to send.
        None if says.contains("/login") || says.contains("API key") => (Stage::Auth, Outcome::NotTested),
        None => (Stage::Http, Outcome::Unreachable),
    }
}

/// One bounded line, without anything that looks like a secret.
fn shortened(text: &str) -> String {
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    let line: String = line.chars().filter(|character| !character.is_control()).take(SAYS_LIMIT).collect();
    redaction::redact_text(&line).text
}
