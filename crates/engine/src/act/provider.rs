//! Provider set-up from its values to its proof: the plan, what would come of it, the change, and another look.

use authlight_core::fixes::provider::{self, Asked};
use authlight_core::fixes::{Repair, Shows};
use authlight_core::judge;
use authlight_core::message::Message;
use authlight_core::report::{Finding, Instance, Live, Provider, Source};
use authlight_core::secret::Secret;

use super::change::preview::{self, Preview};
use super::change::transaction::{Hands, Occasion};
use super::change::{ApplyError, Plan, PlanError, Receipt, Store, apply, plan};
use super::repair::{Look, failing, is_new};
use crate::examination::Examination;
use crate::machine::os::Disk;
use crate::machine::planned::Planned;
use crate::report_out::redaction::LeakPass;

/// A set-up that can be carried out.
pub struct Prepared {
    /// What would be done.
    pub plan: Plan,
    /// The same, to be shown.
    pub preview: Preview,
    /// What would not be as it was asked for.
    pub amiss: Option<Amiss>,
    provider: Provider,
    sets: Vec<(&'static str, Secret)>,
    brings: &'static [&'static str],
    shows: Shows,
    failing: Vec<(String, Instance)>,
}

/// Why a set-up is not what was asked for.
#[derive(Clone, Debug)]
pub enum Amiss {
    /// Requests go elsewhere.
    Other(Provider),
    /// A value does not count: something stronger stands against it.
    Value {
        /// The variable.
        name: &'static str,
        /// What counts in its place.
        place: Source,
    },
    /// Something is wrong that was not before.
    New(Box<Finding>),
}

/// Why there is no plan.
#[derive(Debug)]
pub enum SetUpError {
    /// The values do not do: a sentence for each.
    Values(Vec<Message>),
    /// The plan cannot be made.
    Plan(PlanError),
}

/// What came of it.
pub enum Ended {
    /// It is as it was asked for.
    SetUp(Receipt),
    /// The change is made, and it is not.
    Amiss(Receipt, Amiss),
}

/// The plan of a set-up.
///
/// # Errors
/// [`SetUpError`]; nothing was changed.
pub fn prepare(
    asked: &Asked,
    disk: &Disk,
    now: &Examination,
    look: Look<'_>,
    stamp: &str,
) -> Result<Prepared, SetUpError> {
    let live = Live::default();
    let planned = provider::set_up(&now.facts(&live), asked).map_err(SetUpError::Values)?;
    let Repair { edits, brings, shows } = planned.repair;
    let plan = plan::of(&edits, disk, stamp).map_err(SetUpError::Plan)?;
    let fields = asked.values.iter().filter(|(name, _)| {
        authlight_core::claude_code::variables::find(name).is_none_or(|fact| fact.secret)
    });
    let secrets: Vec<Secret> = now.secrets().into_iter().chain(fields.map(|(_, value)| value.clone())).collect();
    let preview = preview::of(&plan, &LeakPass::new(&secrets));
    let there = (shows != Shows::Here).then(|| look(disk, shows));
    let failing = failing(there.as_ref().unwrap_or(now));
    let provider = asked.provider;
    let mut prepared =
        Prepared { plan, preview, amiss: None, provider, sets: planned.sets, brings, shows, failing };
    prepared.amiss = prepared.amiss(&look(&Planned::new(disk, &prepared.plan), shows));
    Ok(prepared)
}

impl Prepared {
    /// Carries it out, and looks again.
    ///
    /// # Errors
    /// [`ApplyError`]
    pub fn carry_out(
        &self,
        store: &Store,
        hands: &dyn Hands,
        occasion: &Occasion,
        look: &dyn Fn(Shows) -> Examination,
    ) -> Result<Ended, ApplyError> {
        let receipt = apply(&self.plan, store, hands, occasion)?;
        Ok(match self.amiss(&look(self.shows)) {
            None => Ended::SetUp(receipt),
            Some(amiss) => Ended::Amiss(receipt, amiss),
        })
    }

    fn amiss(&self, then: &Examination) -> Option<Amiss> {
        let resolution = &then.resolution;
        if resolution.provider != self.provider {
            return Some(Amiss::Other(resolution.provider));
        }
        for (name, value) in &self.sets {
            match resolution.environment.winner(name) {
                Some(winner) if winner.value.same_as(value) => {}
                Some(winner) => return Some(Amiss::Value { name, place: winner.source.clone() }),
                None => return Some(Amiss::Value { name, place: self.ignored_place(then, name) }),
            }
        }
        let findings = judge::findings(&then.facts(&Live::default()));
        let new = findings.into_iter().find(|found| is_new(found, self.brings, &self.failing));
        new.map(|found| Amiss::New(Box::new(found)))
    }

    /// Where a variable stands without effect.
    fn ignored_place(&self, then: &Examination, name: &str) -> Source {
        let places = then.resolution.environment.get(name).and_then(|setting| setting.places.first());
        places.map_or_else(|| Source::variable(name), |place| place.source.clone())
    }
}
