//! A machine in a temporary folder, and the console in front of it, without a process.
#![allow(dead_code)] // each test program takes what it needs

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use authlight_core::report::Source;
use authlight_core::secret::Secret;
use authlight_core::snapshot::Variable;
use authlight_engine::cli::{Console, Face, run_on};
use authlight_engine::contexts::{AskShell, STATICALLY};
use authlight_engine::machine::surroundings::Surroundings;
use serde_json::Value;

/// A Linux machine whose person is called kim.
pub struct Desk {
    root: tempfile::TempDir,
    /// What the program is started with.
    pub surroundings: Surroundings,
    /// Whether the output is a terminal.
    pub terminal: bool,
    /// What stands on standard input.
    pub input: Vec<u8>,
    /// What time it is, seconds since 1970.
    pub now: u64,
    /// What the person's shell says.
    pub ask_shell: AskShell<'static>,
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub code: u8,
    pub out: String,
    pub err: String,
}

impl Done {
    /// The document on standard output, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Desk {
    /// A machine on which Claude Code has been started once.
    pub fn new() -> Self {
        let desk = Self {
            root: tempfile::tempdir().unwrap(),
            surroundings: Surroundings {
                as_whom: "user".to_owned(),
                colour: true,
                beyond_ascii: true,
                ..Default::default()
            },
            terminal: false,
            input: Vec::new(),
            now: SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs(),
            ask_shell: STATICALLY,
        };
        desk.write("/home/kim/.claude.json", r#"{"hasCompletedOnboarding": true, "theme": "dark"}"#);
        fs::create_dir_all(desk.outside("/home/kim/shop")).unwrap();
        desk.with("HOME", "/home/kim")
    }

    /// With a variable in the environment.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let source = Source::variable(name);
        self.surroundings.variables.push(Variable { name: name.to_owned(), value: Secret::new(value), source });
        self
    }

    /// With a file.
    pub fn file(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.outside(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        // On this machine it is `now`, whatever time it is here.
        let now = UNIX_EPOCH + Duration::from_secs(self.now);
        fs::File::options().write(true).open(path).unwrap().set_modified(now).unwrap();
    }

    /// Where a path of the machine lies on this one.
    pub fn outside(&self, path: &str) -> PathBuf {
        self.root.path().join(path.trim_start_matches('/'))
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Runs a command that examines something, on this machine.
    pub fn examine(&self, command: &[&str]) -> Done {
        let root = self.root().to_str().unwrap();
        let mut arguments: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        arguments.extend(["--root", root, "--os", "linux"].map(str::to_owned));
        self.run(arguments.iter().map(String::as_str))
    }

    /// Runs a command as it stands.
    pub fn run<'w>(&self, command: impl IntoIterator<Item = &'w str>) -> Done {
        self.run_at(command, &|| UNIX_EPOCH + Duration::from_secs(self.now))
    }

    /// Runs a command with this clock.
    pub fn run_at<'w>(&self, command: impl IntoIterator<Item = &'w str>, now: &dyn Fn() -> SystemTime) -> Done {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console {
            input: &mut &self.input[..],
            out: &mut out,
            err: &mut err,
            out_is_terminal: self.terminal,
            surroundings: self.surroundings.clone(),
            now,
            ask_shell: self.ask_shell,
        };
        let arguments = std::iter::once("authlight").chain(command).map(OsString::from);
        let Face::Done(code) = run_on(&mut console, arguments) else { panic!("the window was asked for") };
        Done { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
    }
}

/// An API key that no scanner takes for a real one.
pub fn api_key(word: &str) -> String {
    ["sk-ant-", "api03-", word, "-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefgAA"]
        .concat()
}
