//! Why a variable that stands in a shell's profile is not in the environment that is examined.
//!
//! A hint, never more: the environment itself is what counts.

use super::{Check, Found, Outcome};
use crate::claude_code::variables::{self, Purpose};
use crate::judge::Facts;
use crate::report::{Context, Status};
use crate::shell::{Act, Exported, Place, Profiles, Reach, Role, Shell, ShellKnownBy};

/// The likeliest reason, the most certain one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hint {
    /// Nothing: a new terminal has it.
    NewTerminal,
    /// It is there only for shells with a terminal.
    TerminalsOnly,
    /// It stays in the shell.
    NotExported,
    /// A later line takes it away.
    UnsetLater,
    /// The file ends before.
    AfterEnd,
    /// It comes with the next sign-in.
    AtLogin,
    /// Under a condition, or in a function that nobody calls.
    Conditional,
    /// In a file that this shell does not read.
    OtherShell,
    /// It could not be followed.
    Unclear,
}

/// A variable that is not here, and where it stands.
pub(super) struct Missing<'a> {
    pub name: &'a str,
    pub hint: Hint,
    pub place: &'a Place,
}

/// Every variable of interest that a profile sets and this environment does not have.
pub(super) fn missing<'a>(facts: &'a Facts<'_>) -> Vec<Missing<'a>> {
    let profiles = &facts.snapshot.shell;
    let mut names: Vec<&str> = Vec::new();
    for place in &profiles.places {
        let matters = variables::find(&place.name)
            .is_some_and(|fact| matches!(fact.purpose, Purpose::Credential | Purpose::Endpoint | Purpose::Provider));
        if matters && !names.contains(&place.name.as_str()) {
            names.push(&place.name);
        }
    }
    // Of what may well be here nobody can say why it is not.
    let unsure = &facts.snapshot.examined.unsure;
    names.retain(|name| {
        facts.resolution.environment.get(name).is_none() && unsure.iter().all(|other| other.name != *name)
    });
    // What a new terminal has is no hint where a new terminal was asked; and of the desktop another check tells it.
    let known = facts.snapshot.examined.context != Context::Process;
    let missing = names.into_iter().filter_map(|name| reason(profiles, name));
    missing.filter(|missing| !(known && missing.hint == Hint::NewTerminal)).collect()
}

fn reason<'a>(profiles: &'a Profiles, name: &'a str) -> Option<Missing<'a>> {
    let taken = |role: Role| {
        profiles
            .of(name)
            .filter(|place| place.role == role && place.reach == Reach::Always)
            .last()
            .map(|place| place.act)
            == Some(Act::Unset)
    };
    profiles
        .of(name)
        .filter_map(|place| Some(Missing { name, hint: hint(profiles, place, taken(place.role))?, place }))
        .min_by_key(|missing| missing.hint)
}

fn hint(profiles: &Profiles, place: &Place, taken: bool) -> Option<Hint> {
    if place.act == Act::Unset || place.value.as_ref().is_some_and(crate::secret::Secret::is_blank) {
        return None;
    }
    if place.act == Act::Mention {
        return Some(Hint::Unclear);
    }
    let unsure = profiles.shell == Shell::Other || profiles.known_by == ShellKnownBy::Assumed;
    Some(match (place.role, place.reach, place.exported) {
        (Role::Never, ..) if unsure => Hint::Unclear,
        (Role::Never, Reach::NotCalled | Reach::Not, _) => return None,
        (Role::Never, ..) => Hint::OtherShell,
        (_, Reach::AfterEnd(_), _) => Hint::AfterEnd,
        (_, Reach::Always, _) if taken => Hint::UnsetLater,
        (_, Reach::Always, Exported::No) => Hint::NotExported,
        (_, Reach::Always, Exported::Unknown) => Hint::Unclear,
        (Role::Login, Reach::Always, Exported::Yes) => Hint::AtLogin,
        (Role::Terminal, Reach::Always, Exported::Yes) if place.terminals_only.is_some() => Hint::TerminalsOnly,
        (Role::Terminal, Reach::Always, Exported::Yes) => Hint::NewTerminal,
        (_, Reach::Perhaps | Reach::Not | Reach::NotCalled, _) => Hint::Conditional,
    })
}

/// The outcome of a check about some of the hints.
pub(super) fn outcome(
    facts: &Facts<'_>,
    word: impl Fn(&Missing<'_>) -> Option<(&'static str, &'static str, Option<usize>)>,
) -> Outcome {
    let profiles = &facts.snapshot.shell;
    if !profiles.looked {
        return Outcome::Skipped("skip-no-profiles");
    }
    let found = missing(facts).into_iter().filter_map(|missing| {
        let (code, debug, line) = word(&missing)?;
        // What could not be told is no reason to worry.
        let unclear = matches!(missing.hint, Hint::Conditional | Hint::Unclear);
        let status = if unclear { Status::Note } else { status(facts, missing.name) };
        let found = Found::new(code, status, format!("{}: {debug}", missing.name))
            .with("name", missing.name)
            .with("path", missing.place.source.path.clone().unwrap_or_default())
            .with("shell", profiles.shell.word())
            .with("line", line.unwrap_or_default());
        Some(found.at(&missing.place.source))
    });
    Outcome::of(found.collect())
}

/// Amber where it may be why nothing signs in; a note where all is well without it.
pub(super) fn status(facts: &Facts<'_>, name: &str) -> Status {
    let credential = variables::find(name).is_some_and(|fact| fact.purpose == Purpose::Credential);
    let signs_in = !facts.resolution.sends.is_empty() || facts.resolution.cloud.is_some();
    if credential && !signs_in { Status::Warn } else { Status::Note }
}

/// A check about hints.
pub(super) const fn check(id: &'static str, judge: fn(&Facts<'_>) -> Outcome) -> Check {
    Check { id, cause: crate::report::Cause::Environment, judge }
}
