//! What if something were not there: from a name in a report to the examination without it. Nothing is changed.

use std::collections::BTreeSet;

use authlight_core::judge::{self, RunFacts};
use authlight_core::report::{Context, Instance, Live, SourceKind, ToldBy};
use authlight_core::secret::Secret;
use authlight_core::shell::{Act, StaticEnvironment, Unsure};
use authlight_core::snapshot::{Examined, Variable};
use authlight_core::what_if::{Removal, leave_out_of, places, removal};
use thiserror::Error;

use crate::contexts::{self, ShellSaid};
use crate::examination::Examination;
use crate::machine::Machine;
use crate::machine::edited::{Edited, without_member};

/// Why something cannot be left out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CannotLeaveOut {
    /// Nothing in the report has this name.
    #[error("{0}: nothing in the report has this name")]
    Unknown(String),
    /// It is named, and does not stand in a place that can be judged without it.
    #[error("{0}: it stands nowhere that this program could leave it out")]
    Nowhere(String),
}

/// What was looked at, judged as if what has these names were not there: by the same rules on what was read already,
/// and where other files would be read then, on the machine without it. `started` is what each look began with.
///
/// # Errors
/// [`CannotLeaveOut`] for the first name that cannot.
pub fn without(
    machine: &dyn Machine,
    looked: &[Examination],
    started: &[Examined],
    asked: Context,
    instances: &[String],
) -> Result<Vec<Examination>, CannotLeaveOut> {
    // Of several folders each has files of its own.
    let mut each = Vec::with_capacity(looked.len());
    for _ in looked {
        each.push(Vec::new());
    }
    for instance in instances {
        let mut known = false;
        let mut taken = false;
        for (examination, removals) in looked.iter().zip(&mut each) {
            let Some(sources) = places_in(examination, instance) else { continue };
            known = true;
            for removal in sources.iter().filter_map(|source| removal(&examination.snapshot, source)) {
                taken = true;
                if !removals.contains(&removal) {
                    removals.push(removal);
                }
            }
        }
        if !taken {
            let name = instance.clone();
            return Err(if known { CannotLeaveOut::Nowhere(name) } else { CannotLeaveOut::Unknown(name) });
        }
    }
    let without = looked.iter().zip(started).zip(each).map(|((examination, started), removals)| {
        match examination.without(&removals) {
            Some(without) => Some(without),
            None => look_again(machine, examination, started, asked, removals),
        }
    });
    let nowhere = || CannotLeaveOut::Nowhere(instances.join(", "));
    without.collect::<Option<Vec<_>>>().ok_or_else(nowhere)
}

/// Looks at the machine without these things. What the person's shell said stands: it is not run for this. `None` if one
/// of them is not there to be taken.
pub fn look_again(
    machine: &dyn Machine,
    looked: &Examination,
    started: &Examined,
    asked: Context,
    removals: Vec<Removal>,
) -> Option<Examination> {
    let mut started = started.clone();
    for removal in &removals {
        match removal {
            Removal::Variable(source) | Removal::ProfilePlace(source) => {
                leave_out_of(&mut started.variables, source);
            }
            Removal::FlagMember { line, column } => {
                let text = started.arguments.settings.take()?;
                let without = without_member(text.as_bytes(), *line, *column)?;
                started.arguments.settings = Some(String::from_utf8_lossy(&without).into_owned());
            }
            _ => {}
        }
    }
    let edited = Edited::new(machine, started.platform, removals)?;
    let there = &looked.snapshot.examined;
    let said = |examined: &Examined, base: &StaticEnvironment| {
        let run = there.shell_run.clone()?;
        let without = (there.told_by == ToldBy::Shell).then(|| said_without(&edited, there, examined, base));
        let (variables, unsure) = without.unzip();
        Some(ShellSaid { variables, unsure: unsure.unwrap_or_default(), run })
    };
    Some(contexts::examine(&edited, started, asked, &said))
}

/// What a shell said, without what was left out; where another line of its files would count then, by that, and unsure
/// where that cannot be told.
fn said_without(
    edited: &Edited<'_>,
    said: &Examined,
    examined: &Examined,
    base: &StaticEnvironment,
) -> (Vec<(String, Secret)>, Vec<Unsure>) {
    let names: BTreeSet<&str> = edited.variables_left_out().collect();
    let by_files = contexts::new_terminal_by_files(edited, examined, base);
    let others = said.variables.iter().filter(|variable| !names.contains(variable.name.as_str()));
    let uncovered = names.iter().filter_map(|name| Variable::find(&by_files.variables, name));
    let variables = others.chain(uncovered).map(|variable| (variable.name.clone(), variable.value.clone()));
    let unsure =
        names.iter().filter_map(|name| Some(Unsure { name: (*name).to_owned(), ..by_files.unsure_of(name)?.clone() }));
    (variables.collect(), unsure.collect())
}

/// What has this name in the examination's report.
fn places_in(examination: &Examination, instance: &str) -> Option<Vec<authlight_core::report::Source>> {
    let run = RunFacts { tool_version: String::new(), id: String::new(), online: false, clock: crate::machine::clock };
    let report = judge::report(&examination.facts(&Live::default()), &run);
    let instance = Instance(instance.to_owned());
    let mut named = places(&report, &instance)?;
    // Of one name every place of the profiles is left out: without the last the one before it would count.
    let followed = examination.snapshot.shell.places.iter().filter(|place| place.act == Act::Set);
    if named.iter().any(|source| source.kind == SourceKind::ShellProfile) {
        for place in followed.filter(|place| Instance::of(&place.source, &place.name) == instance) {
            if !named.contains(&place.source) {
                named.push(place.source.clone());
            }
        }
    }
    Some(named)
}
