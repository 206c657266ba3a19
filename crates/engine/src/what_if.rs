//! `--without`: from the name of a finding or credential to what has to be taken away.

use authlight_core::judge::{self, RunFacts};
use authlight_core::report::{Instance, Live, Scope, Source};
use thiserror::Error;

use crate::examination::Examination;
use crate::machine::edited::{Edit, without_member};
use authlight_core::snapshot::Examined;

/// Why something cannot be left out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CannotLeaveOut {
    /// Nothing in the report has this name.
    #[error("--without {0}: nothing in the report has this name")]
    Unknown(String),
    /// It is named, and does not stand in a place that can be judged without it.
    #[error("--without {0}: it stands nowhere that this program could leave it out")]
    Nowhere(String),
}

/// What to take away from the machine for these instances. Variables of the environment, and the text of
/// `--settings`, are taken out of `examined` itself.
///
/// # Errors
/// [`CannotLeaveOut`] for the first one that cannot.
pub fn edits(
    looked: &[Examination],
    examined: &mut [Examined],
    instances: &[String],
) -> Result<Vec<Edit>, CannotLeaveOut> {
    let mut edits: Vec<Edit> = Vec::new();
    for instance in instances {
        let mut known = false;
        let mut taken = false;
        for source in looked.iter().flat_map(|examination| places(examination, instance, &mut known)) {
            let home = examined.first().map(|examined| examined.home.clone()).unwrap_or_default();
            taken |= take(&source, &home, examined, &mut edits);
        }
        if !taken {
            let name = instance.clone();
            return Err(if known { CannotLeaveOut::Nowhere(name) } else { CannotLeaveOut::Unknown(name) });
        }
    }
    Ok(edits)
}

/// Where the thing of this name stands.
fn places(examination: &Examination, instance: &str, known: &mut bool) -> Vec<Source> {
    let run = RunFacts { tool_version: String::new(), id: String::new(), online: false, clock: crate::machine::clock };
    let report = judge::report(&examination.facts(&Live::default()), &run);
    let is_it = |named: &Instance| named.0 == instance;
    let mut places = Vec::new();
    for rung in &report.ladder {
        if is_it(&rung.instance) {
            *known = true;
            places.extend(rung.source.clone());
        }
        let name = rung.name.as_deref().unwrap_or_default();
        let others = rung.also_in.iter().map(|other| &other.source);
        places.extend(others.filter(|source| is_it(&Instance::of(source, name))).cloned());
    }
    let route = &report.route;
    let on_the_way = [
        route.endpoint.source.as_ref(),
        route.proxy.as_ref().map(|proxy| &proxy.source),
        route.proxy_bypass.as_ref().map(|bypass| &bypass.source),
    ];
    for source in on_the_way.into_iter().flatten() {
        let name = source.name.as_deref().unwrap_or_default();
        places.extend(is_it(&Instance::of(source, name)).then(|| source.clone()));
    }
    for finding in report.causes.iter().flat_map(|cause| &cause.checks).filter(|finding| is_it(&finding.instance)) {
        *known = true;
        // The first place is the one that the finding is named after.
        places.extend(finding.evidence.first().cloned());
    }
    *known |= !places.is_empty();
    places
}

fn take(source: &Source, home: &str, examined: &mut [Examined], edits: &mut Vec<Edit>) -> bool {
    let Some(path) = &source.path else {
        let mut taken = false;
        for examined in examined {
            let before = examined.variables.len();
            let same = |place: &Source| place.kind == source.kind && place.name == source.name && place.path.is_none();
            examined.variables.retain(|variable| !same(&variable.source));
            taken |= examined.variables.len() < before;
            if source.scope == Some(Scope::CommandLine) {
                taken |= take_from_flag(source, &mut examined.arguments.settings);
            }
        }
        return taken;
    };
    let path = match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => format!("{home}{rest}"),
        _ => path.clone(),
    };
    let edit = match (source.line, source.column) {
        // A fault in the text has a place too, and no name: there the file is what the finding is about.
        (Some(line), Some(column)) if source.name.is_some() => Edit::Member { path, line, column },
        _ => Edit::File { path },
    };
    if !edits.contains(&edit) {
        edits.push(edit);
    }
    true
}

fn take_from_flag(source: &Source, flag: &mut Option<String>) -> bool {
    let (Some(text), Some(line), Some(column)) = (&flag, source.line, source.column) else { return false };
    let Some(without) = without_member(text.as_bytes(), line, column) else { return false };
    *flag = Some(String::from_utf8_lossy(&without).into_owned());
    true
}
