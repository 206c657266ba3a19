//! A new key where Claude Code will see it: the plan, and whether it would be used there.

use authlight_core::fixes::put_key::{self, PutPlace};
use authlight_core::fixes::rotate::{self, Unfit};
use authlight_core::fixes::{Repair, Shows};
use authlight_core::report::Live;
use authlight_core::secret::Secret;
use thiserror::Error;

use super::change::preview::{self, Preview};
use super::change::{Plan, PlanError, plan};
use super::repair::Look;
use super::rotation;
use crate::examination::Examination;
use crate::machine::os::Disk;
use crate::machine::planned::Planned;
use crate::report_out::redaction::LeakPass;

/// The name under which it stands in the journal.
pub const NAME: &str = put_key::ID;

/// A key that can be put somewhere.
pub struct Prepared {
    /// What would be done.
    pub plan: Plan,
    /// The same, to be shown.
    pub preview: Preview,
    /// The machine as it would be.
    pub then: Examination,
    /// Whether something else would still be used in its place.
    pub stays: bool,
    /// Where its success is seen.
    pub shows: Shows,
}

/// Why a key cannot be put there. Nothing was changed.
#[derive(Debug, Error)]
pub enum PutError {
    /// It is no key that could be used.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// It is no place on this machine.
    #[error("a key cannot be put there on this computer")]
    NoPlace,
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// The plan. `approve`: Claude Code is to use the key without asking.
///
/// # Errors
/// [`PutError`]
pub fn prepare(
    place: PutPlace,
    key: &Secret,
    approve: bool,
    disk: &Disk,
    now: &Examination,
    look: Look<'_>,
    stamp: &str,
) -> Result<Prepared, PutError> {
    rotate::fits_alone(key)?;
    let live = Live::default();
    let facts = now.facts(&live);
    let Repair { mut edits, shows, .. } = put_key::repair(&facts, place, key).ok_or(PutError::NoPlace)?;
    if approve {
        edits.extend(put_key::approval(&facts, key));
    }
    let plan = plan::of(&edits, disk, stamp)?;
    let pass = LeakPass::new(&rotation::secrets_beside(now, key));
    let preview = preview::of(&plan, &pass);
    let then = look(&Planned::new(disk, &plan), shows);
    let stays = !is_used(&then, key);
    Ok(Prepared { plan, preview, then, stays, shows })
}

/// Whether this key is what Claude Code uses, or would once it is answered for.
pub fn is_used(examination: &Examination, key: &Secret) -> bool {
    rotation::key_in_use(examination).is_some_and(|used| used.same_as(key))
}
