//! What a newly opened terminal would have, by its files alone. Nothing is run.

use super::{Ending, Exported, Left, Profiles, Shell, Why};
use crate::claude_code::variables;
use crate::report::Source;
use crate::secret::Secret;
use crate::snapshot::{Platform, Variable};

/// An environment that was put together by reading.
#[derive(Clone, Debug, Default)]
pub struct StaticEnvironment {
    /// What is surely there, each with the place that set it.
    pub variables: Vec<Variable>,
    /// What may be there or not, or hold anything.
    pub unsure: Vec<Unsure>,
    /// Something that may have set any variable, those too that no file names.
    pub anything: Option<Unsure>,
}

/// A variable of which it cannot be told what it holds.
#[derive(Clone, Debug)]
pub struct Unsure {
    /// Its name; empty where it may be any.
    pub name: String,
    /// The place.
    pub source: Source,
    /// The reason.
    pub why: Why,
}

/// What a new terminal has that is opened with `base`: what its files set stands over it, what they take away is gone,
/// and what could not be followed is unsure.
pub fn variables_of_new_terminal(profiles: &Profiles, base: &[Variable]) -> StaticEnvironment {
    let mut all = StaticEnvironment::default();
    if profiles.looked && profiles.shell == Shell::Other && profiles.anything.is_none() {
        all.anything = Some(Unsure {
            name: String::new(),
            source: Source::new(crate::report::SourceKind::ShellProfile),
            why: Why::OtherShell,
        });
    }
    if let Some((source, why)) = &profiles.anything {
        all.anything = Some(Unsure { name: String::new(), source: source.clone(), why: *why });
    }
    for (index, variable) in base.iter().enumerate() {
        let again = base[index + 1..].iter().any(|later| later.name == variable.name);
        if again || profiles.endings.iter().any(|ending| ending.name == variable.name) {
            continue;
        }
        match &all.anything {
            Some(anything) => all.unsure.push(Unsure { name: variable.name.clone(), ..anything.clone() }),
            None => all.variables.push(variable.clone()),
        }
    }
    for ending in &profiles.endings {
        match outcome(ending, base.iter().rfind(|variable| variable.name == ending.name)) {
            Outcome::There(variable) => all.variables.push(variable),
            Outcome::Gone => {}
            Outcome::Unsure(why) => {
                all.unsure.push(Unsure { name: ending.name.clone(), source: ending.source.clone(), why });
            }
        }
    }
    all
}

enum Outcome {
    There(Variable),
    Gone,
    Unsure(Why),
}

fn outcome(ending: &Ending, before: Option<&Variable>) -> Outcome {
    let exported = ending.exported.unwrap_or(if before.is_some() { Exported::Yes } else { Exported::No });
    let set = |value: &Secret| {
        Outcome::There(Variable { name: ending.name.clone(), value: value.clone(), source: ending.source.clone() })
    };
    match (&ending.left, before, exported) {
        (Left::Unset, ..) | (Left::AsBefore, None, _) => Outcome::Gone,
        (Left::Unless(_), Some(before), _) => Outcome::There(before.clone()),
        (Left::Unsure(why), _, Exported::Yes | Exported::Unknown) => Outcome::Unsure(*why),
        (_, _, Exported::Unknown) => Outcome::Unsure(Why::NotFollowed),
        (_, _, Exported::No) => Outcome::Gone,
        (Left::AsBefore, Some(before), Exported::Yes) => Outcome::There(before.clone()),
        (Left::Set(value) | Left::Unless(value), _, Exported::Yes) => set(value),
    }
}

/// What a line of a file without conditions does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// It sets a variable, and programs get it.
    Set(Secret),
    /// It takes it away.
    Unset,
    /// It cannot be told.
    Unsure(Why),
    /// It may set any variable, whatever the name.
    Anything(Why),
}

/// A line of a file without conditions.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The variable.
    pub name: String,
    /// The place.
    pub source: Source,
    /// What is done.
    pub act: Act,
}

/// What such lines make of `base`, one after the other.
pub(crate) fn after_steps(platform: Platform, base: &[Variable], steps: Vec<Step>) -> StaticEnvironment {
    let mut all = StaticEnvironment { variables: base.to_vec(), ..StaticEnvironment::default() };
    for step in steps {
        let same = |name: &str| platform.is_same_variable(name, &step.name);
        match step.act {
            Act::Anything(why) => {
                let any = Unsure { name: String::new(), source: step.source, why };
                for variable in all.variables.drain(..) {
                    all.unsure.push(Unsure { name: variable.name, ..any.clone() });
                }
                all.anything.get_or_insert(any);
                continue;
            }
            _ => {
                all.variables.retain(|variable| !same(&variable.name));
                all.unsure.retain(|unsure| !same(&unsure.name));
            }
        }
        // By the name by which Claude Code asks, where that is another spelling.
        let name = variables::named(platform, &step.name).map_or(step.name, |fact| fact.name.to_owned());
        match step.act {
            Act::Set(value) => all.variables.push(Variable { name, value, source: step.source }),
            Act::Unsure(why) => all.unsure.push(Unsure { name, source: step.source, why }),
            // After something that may have set any, that it is not there is known by being unset alone.
            Act::Unset | Act::Anything(_) => {}
        }
    }
    all
}
