//! The file of a scenario, as it is written.

use std::collections::BTreeMap;

use authlight_core::report::Context;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use thiserror::Error;

/// Why a scenario cannot be used.
#[derive(Debug, Error)]
pub enum ScenarioError {
    /// It is no JSON of this format.
    #[error("the scenario cannot be read: {0}")]
    Format(#[from] serde_json::Error),
    /// A file of it says nothing, or two things.
    #[error("{0}: give exactly one of json, text, base64, link, folder, fifo, repeat")]
    OneContent(String),
    /// A word in double braces that is not known.
    #[error("{{{{{0}}}}} is no placeholder")]
    Placeholder(String),
    /// A time such as `+8h` was expected.
    #[error("{0}: a time is written as +8h or -3d (s, m, h, d)")]
    Time(String),
    /// Permission bits that are no octal number.
    #[error("{0}: a mode is written as \"0600\"")]
    Mode(String),
    /// Text that is no base64.
    #[error("{0}: that is no base64")]
    Base64(String),
    /// The flags of `claude` cannot be split into words.
    #[error("claude_args: {0}")]
    Arguments(String),
}

/// A broken, or a sound, home: what is on the machine, and what is expected to be said of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name: letters, digits and hyphens.
    pub name: String,
    /// A few words for a list.
    #[serde(default)]
    pub title: String,
    /// One or two sentences: what happened to whom.
    #[serde(default)]
    pub story: String,
    /// In the scenarios of a check: what it is there to show.
    #[serde(default)]
    pub is: Option<Role>,
    /// Whose rules apply: `linux`, `macos`, `windows`.
    #[serde(default)]
    pub platform: System,
    /// The person's home as seen from inside; each platform has its usual one.
    #[serde(default)]
    pub home: Option<String>,
    /// The folder in which `claude` is started, as seen from inside.
    #[serde(default)]
    pub project: Option<String>,
    /// How `claude` is run.
    #[serde(default)]
    pub mode: Mode,
    /// Whose environment is examined: `process`, `new-terminal`, `desktop`.
    #[serde(default, deserialize_with = "context")]
    pub context: Context,
    /// The flags that are given to it.
    #[serde(default)]
    pub claude_args: Option<String>,
    /// The environment.
    #[serde(default)]
    pub environment: Map<String, Value>,
    /// The files, by path; `~/` is the home.
    #[serde(default)]
    pub files: BTreeMap<String, FileSpec>,
    /// What the endpoint answers.
    #[serde(default)]
    pub replies: Vec<Reply>,
    /// Ports on which something listens; without it the machine does not tell.
    pub listening: Option<Vec<u16>>,
    /// The person's open programs; without it nobody is asked. They are there in memory alone, not on a disk.
    pub processes: Option<Vec<ProcessSpec>>,
    /// What the person's shell says when it is asked what a new terminal has; without it nobody runs it.
    pub shell_says: Option<ShellSpec>,
    /// What the programs print that a test runs, one after the other: the helper, `claude auth status`, `claude -p`. With
    /// them, the person has agreed to run them.
    #[serde(default)]
    pub prints: Vec<PrintSpec>,
    /// What is to be said of it.
    #[serde(default)]
    pub expect: Expectation,
}

/// What a program prints.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintSpec {
    /// Its exit code.
    #[serde(default)]
    pub code: i32,
    /// What it prints, as JSON.
    pub json: Option<Value>,
    /// What it prints, as text.
    pub text: Option<String>,
}

/// What a scenario of a check is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The check finds something.
    Lit,
    /// Nothing like it is there.
    Dark,
    /// It looks alike and is no fault.
    NearMiss,
}

/// Whose rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// Linux.
    #[default]
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

/// How `claude` is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A person types.
    #[default]
    Interactive,
    /// `claude -p`.
    Print,
}

/// A file as it is written: one content, and what is said around it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSpec {
    json: Option<Value>,
    text: Option<String>,
    base64: Option<String>,
    link: Option<String>,
    folder: Option<bool>,
    fifo: Option<bool>,
    repeat: Option<(String, u64)>,
    /// Permission bits as octal digits.
    #[serde(default)]
    pub mode: Option<String>,
    /// Last change, relative to now: `-3d`.
    #[serde(default)]
    pub modified: Option<String>,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// JSON, written with line breaks.
    Json(&'a Value),
    /// Text as it is.
    Text(&'a str),
    /// Bytes.
    Base64(&'a str),
    /// A symbolic link.
    Link(&'a str),
    /// A folder.
    Folder,
    /// A pipe.
    Fifo,
    /// A text, many times.
    Repeat(&'a str, u64),
}

impl FileSpec {
    /// The content.
    ///
    /// # Errors
    /// [`ScenarioError::OneContent`] where there is none, or more than one.
    pub fn content(&self, path: &str) -> Result<Content<'_>, ScenarioError> {
        let all = [
            self.json.as_ref().map(Content::Json),
            self.text.as_deref().map(Content::Text),
            self.base64.as_deref().map(Content::Base64),
            self.link.as_deref().map(Content::Link),
            self.folder.filter(|yes| *yes).map(|_| Content::Folder),
            self.fifo.filter(|yes| *yes).map(|_| Content::Fifo),
            self.repeat.as_ref().map(|(text, times)| Content::Repeat(text, *times)),
        ];
        let mut given = all.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(content), None) => Ok(content),
            _ => Err(ScenarioError::OneContent(path.to_owned())),
        }
    }
}

/// What became of asking the person's shell.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShellSpec {
    /// Its environment; without it there was no answer.
    pub environment: Option<Map<String, Value>>,
    /// Why there was none, a word of [`authlight_core::contexts::ShellTrouble`].
    pub trouble: Option<String>,
    /// How much it printed, in bytes.
    pub printed: Option<u64>,
    /// Where it went.
    pub went_to: Option<String>,
}

/// A program that runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessSpec {
    /// Its number.
    pub pid: u32,
    /// The path of the program.
    pub program: String,
    /// Its arguments, the name under which it was called first.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// When it was started, relative to now: `-2h`.
    #[serde(default)]
    pub started: Option<String>,
    /// Whether it has a terminal.
    #[serde(default)]
    pub terminal: bool,
    /// What it was started with; without it that cannot be read.
    pub environment: Option<Map<String, Value>>,
    /// The ports on which it listens.
    #[serde(default)]
    pub listens: Vec<u16>,
    /// Its working folder; `~/` is the home.
    #[serde(default)]
    pub folder: Option<String>,
}

/// An answer of the endpoint.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The path that is asked for, without the part after `?`.
    pub path: String,
    /// The status.
    #[serde(default = "ok")]
    pub status: u16,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A body of JSON.
    #[serde(default)]
    pub json: Option<Value>,
    /// A body of text.
    #[serde(default)]
    pub text: Option<String>,
}

fn ok() -> u16 {
    200
}

/// What is to be said of a scenario.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Codes that must be found.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Codes that must not be found.
    #[serde(default)]
    pub without: Vec<String>,
    /// A part of the report: objects by key, lists element by element from the start.
    #[serde(default)]
    pub report: Option<Value>,
    /// The repair that is offered for a code: its ID, or none.
    #[serde(default)]
    pub fix: BTreeMap<String, Option<String>>,
}

/// The scenarios of one check: `tests/scenarios/<id>.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckScenarios {
    /// The check.
    pub check: String,
    /// At least one that lights it, one that does not, and one near miss.
    pub cases: Vec<Scenario>,
}

impl CheckScenarios {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ScenarioError::Format`]
    pub fn from_json(text: &str) -> Result<Self, ScenarioError> {
        Ok(serde_json::from_str(text)?)
    }
}

impl Scenario {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ScenarioError::Format`]
    pub fn from_json(text: &str) -> Result<Self, ScenarioError> {
        Ok(serde_json::from_str(text)?)
    }
}

fn context<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Context, D::Error> {
    let word = String::deserialize(deserializer)?;
    Context::from_word(&word).ok_or_else(|| serde::de::Error::custom(format!("there is no context {word}")))
}
