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

impl StaticEnvironment {
    /// Why it cannot be told what a name holds, if so.
    pub fn unsure_of(&self, name: &str) -> Option<&Unsure> {
        let named = self.unsure.iter().find(|unsure| unsure.name == name);
        named.or_else(|| self.anything.as_ref().filter(|_| Variable::find(&self.variables, name).is_none()))
    }
}

/// What a new terminal has that is opened with `base`: what its files set stands over it, what they take away is gone,
/// and what could not be followed is unsure; so is what was unsure before, unless its files settle it.
pub fn variables_of_new_terminal(profiles: &Profiles, base: &StaticEnvironment) -> StaticEnvironment {
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
    let ends = |name: &str| profiles.endings.iter().any(|ending| ending.name == name);
    for (index, variable) in base.variables.iter().enumerate() {
        let again = base.variables[index + 1..].iter().any(|later| later.name == variable.name);
        if again || ends(&variable.name) {
            continue;
        }
        match &all.anything {
            Some(anything) => all.unsure.push(Unsure { name: variable.name.clone(), ..anything.clone() }),
            None => all.variables.push(variable.clone()),
        }
    }
    let unsettled = |unsure: &&Unsure| !ends(&unsure.name) && Variable::find(&base.variables, &unsure.name).is_none();
    all.unsure.extend(base.unsure.iter().filter(unsettled).cloned());
    for ending in &profiles.endings {
        match outcome(ending, Held::of(base, &ending.name)) {
            Held::There(variable) => all.variables.push(variable),
            Held::Gone => {}
            Held::Unsure(unsure) => all.unsure.push(unsure),
        }
    }
    if all.anything.is_none() {
        all.anything.clone_from(&base.anything);
    }
    all
}

/// What a variable holds.
enum Held {
    There(Variable),
    Gone,
    Unsure(Unsure),
}

impl Held {
    fn of(environment: &StaticEnvironment, name: &str) -> Self {
        if let Some(variable) = Variable::find(&environment.variables, name) {
            return Self::There(variable.clone());
        }
        let unsure = environment.unsure_of(name).cloned();
        unsure.map_or(Self::Gone, |unsure| Self::Unsure(Unsure { name: name.to_owned(), ..unsure }))
    }
}

fn outcome(ending: &Ending, before: Held) -> Held {
    let exported = ending.exported.unwrap_or(match before {
        Held::There(_) => Exported::Yes,
        Held::Gone => Exported::No,
        Held::Unsure(_) => Exported::Unknown,
    });
    let (name, source) = (ending.name.clone(), ending.source.clone());
    match (&ending.left, before, exported) {
        (Left::Unset, ..) | (Left::AsBefore, Held::Gone, _) => Held::Gone,
        (Left::Unless(_), before @ (Held::There(_) | Held::Unsure(_)), _) => before,
        (Left::Unsure(why), _, Exported::Yes | Exported::Unknown) => Held::Unsure(Unsure { name, source, why: *why }),
        (_, _, Exported::No) => Held::Gone,
        (_, before @ Held::Unsure(_), Exported::Unknown) => before,
        (_, _, Exported::Unknown) => Held::Unsure(Unsure { name, source, why: Why::NotFollowed }),
        (Left::AsBefore, before, Exported::Yes) => before,
        (Left::Set(value) | Left::Unless(value), _, Exported::Yes) => {
            Held::There(Variable { name, value: value.clone(), source })
        }
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
pub(crate) fn after_steps(platform: Platform, base: &StaticEnvironment, steps: Vec<Step>) -> StaticEnvironment {
    let mut all = base.clone();
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
