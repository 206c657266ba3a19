//! The credential reset: two plans with a look between them.

use authlight_core::fixes::Edit;
use authlight_core::fixes::reset::{self, Part, Step};
use authlight_core::report::Live;

use super::change::preview::{self, Preview};
use super::change::{ApplyError, Plan, PlanError, Receipt, Store, apply, plan};
use super::repair::{self, OwnHands};
use crate::examination::Examination;
use crate::machine::os::Disk;
use crate::report_out::redaction::LeakPass;
use std::path::PathBuf;

/// A part of the reset that is planned.
pub struct Planned {
    /// Which.
    pub part: Part,
    /// What would be done.
    pub plan: Plan,
    /// The same, to be shown.
    pub preview: Preview,
}

/// The name under which the reset stands in the journal.
pub const NAME: &str = "reset";

/// Signing out by the person's own program, where it can be run here.
///
/// # Errors
/// [`PlanError`]
pub fn sign_out(now: &Examination, disk: &Disk, leave: &[Part]) -> Result<Option<Planned>, PlanError> {
    let live = Live::default();
    let outside = |path: &str| -> PathBuf { disk.outside(path) };
    let step = reset::sign_out(&now.facts(&live)).filter(|step| !leave.contains(&step.part));
    let step = step.filter(|_| now.own_claude(&outside).is_some());
    step.map(|step| planned(step, now, disk, "")).transpose()
}

/// What is left, part by part. `stamp` makes the names of files that are set aside.
///
/// # Errors
/// [`PlanError`]
pub fn left(now: &Examination, disk: &Disk, leave: &[Part], stamp: &str) -> Result<Vec<Planned>, PlanError> {
    let live = Live::default();
    let steps = reset::left(&now.facts(&live)).into_iter().filter(|step| !leave.contains(&step.part));
    steps.map(|step| planned(step, now, disk, stamp)).collect()
}

fn planned(step: Step, now: &Examination, disk: &Disk, stamp: &str) -> Result<Planned, PlanError> {
    let plan = plan::of(&step.repair.edits, disk, stamp)?;
    let preview = preview::of(&plan, &LeakPass::new(&now.secrets()));
    Ok(Planned { part: step.part, plan, preview })
}

/// Carries the chosen parts out as one change: all of them, or nothing.
///
/// # Errors
/// [`ApplyError`]; before that [`PlanError`], where something has changed since.
pub fn carry_out(
    parts: &[Part],
    now: &Examination,
    disk: &Disk,
    store: &Store,
    hands: &OwnHands<'_>,
    now_ms: i64,
) -> Result<Receipt, CarryOutError> {
    let live = Live::default();
    let facts = now.facts(&live);
    let steps = reset::sign_out(&facts).into_iter().chain(reset::left(&facts));
    let chosen = steps.filter(|step| parts.contains(&step.part)).flat_map(|step| step.repair.edits);
    // What cannot be undone comes last.
    let (first, last): (Vec<Edit>, Vec<Edit>) = chosen.partition(Edit::is_reversible);
    let occasion = repair::occasion(NAME, now_ms);
    let plan = plan::of(&[first, last].concat(), disk, &occasion.change)?;
    Ok(apply(&plan, store, hands, &occasion)?)
}

/// Why the reset was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CarryOutError {
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// It was not carried out.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}
