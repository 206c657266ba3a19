//! The checks: one question each, in the order of the screen.
//!
//! A check is a function of the facts. It never touches the machine, and it names sentences by code; the words are in
//! `assets/locales`. Adding one: a file in the folder of its cause, a row in that folder's table, words, a scenario that lights it and a near miss that
//! does not.

pub mod backstop;
mod clock;
mod endpoint;
mod environment;
mod install;
mod key;
mod login;
mod policy;
mod scope;
mod settings_files;

use std::borrow::Cow;

pub(crate) use environment::contexts_differ::CODE as CONTEXTS_DIFFER;

use crate::judge::Facts;
use crate::message::Argument;
use crate::report::{Cause, Instance, Owner, Source, Status};

/// A question.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its stable name: `C4.settings_env_overrides_shell`.
    pub id: &'static str,
    /// The cause that it belongs to.
    pub cause: Cause,
    /// The answer.
    pub judge: fn(&Facts<'_>) -> Outcome,
}

/// An answer.
pub enum Outcome {
    /// Looked at and ruled out.
    Pass,
    /// There was nothing to ask; the key of the reason.
    Skipped(&'static str),
    /// It could not be told; the key of the reason.
    Unknown(&'static str),
    /// What was found.
    Found(Vec<Found>),
}

impl Outcome {
    /// What was found, or a pass if nothing was.
    pub fn of(found: Vec<Found>) -> Self {
        if found.is_empty() { Self::Pass } else { Self::Found(found) }
    }
}

/// One thing that was found.
pub struct Found {
    /// `AL-4-02`, also the key of its words.
    pub code: &'static str,
    /// How bad it is.
    pub status: Status,
    /// Whose it is.
    pub owner: Owner,
    /// What goes into the words.
    pub args: Vec<(&'static str, Argument)>,
    /// Stable English.
    pub debug: String,
    /// Where it was seen.
    pub evidence: Vec<Source>,
    /// What it is about.
    pub instance: Option<Instance>,
    /// Where to read on.
    pub help: Cow<'static, str>,
}

impl Found {
    /// A finding without anything around it.
    pub fn new(code: &'static str, status: Status, debug: impl Into<String>) -> Self {
        Self {
            code,
            status,
            owner: Owner::Person,
            args: Vec::new(),
            debug: debug.into(),
            evidence: Vec::new(),
            instance: None,
            help: "https://code.claude.com/docs/en/authentication".into(),
        }
    }

    /// With one more argument for the words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Seen there. The first place names the finding.
    #[must_use]
    pub fn at(mut self, source: &Source) -> Self {
        if self.instance.is_none() {
            let name = source.name.clone().unwrap_or_default();
            self.instance = Some(Instance::of(source, &name));
        }
        self.evidence.push(source.clone());
        self
    }

    /// Not the person's.
    #[must_use]
    pub fn owned_by(mut self, owner: Owner) -> Self {
        self.owner = owner;
        self
    }

    /// Read on there.
    #[must_use]
    pub fn help(mut self, page: &'static str) -> Self {
        self.help = page.into();
        self
    }
}

/// The cause of a finding's code: its digit; of the ground checks (0) the number tells, as the codes were given out.
pub fn cause_of(code: &str) -> Option<Cause> {
    let (digit, number) = code.strip_prefix("AL-")?.split_once('-')?;
    let number: u8 = number.parse().ok()?;
    match digit {
        "0" => Some(match number {
            10..=12 => Cause::Clock,
            20..=29 => Cause::Policy,
            30..=49 => Cause::Install,
            _ => Cause::SettingsFiles,
        }),
        digit => Cause::FIVE.get(digit.parse::<usize>().ok()?.checked_sub(1)?).copied(),
    }
}

/// Every check, in the order of the screen.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [
        install::CHECKS,
        settings_files::CHECKS,
        clock::CHECKS,
        policy::CHECKS,
        environment::CHECKS,
        login::CHECKS,
        key::CHECKS,
        scope::CHECKS,
        endpoint::CHECKS,
    ]
    .into_iter()
    .flatten()
}
