//! A new key, for the window: taken in once, tested, written, and tested again.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, MutexGuard, PoisonError};

use authlight_core::fixes::Shows;
use authlight_core::fixes::edit::Edit;
use authlight_core::fixes::put_key::{self as places, PutPlace};
use authlight_core::fixes::rotate::{self, Unfit};
use authlight_core::message::{Message, Words as _};
use authlight_core::report::{Live, Outcome, Status};
use authlight_core::secret::Secret;

use super::{Inspector, Looked, TEST_TIME, steps_text};
use crate::act::change::preview::Preview;
use crate::act::change::transaction::Occasion;
use crate::act::change::{Plan, apply, plan, preview};
use crate::act::git_history;
use crate::act::put_key::{self, PutError};
use crate::act::repair::OwnHands;
use crate::act::rotation::{self, Holding};
use crate::examination::{Examination, Trial};
use crate::live::{self, Consent};
use crate::machine::{Machine, session};
use crate::report_out::redaction::LeakPass;
use crate::state::walkthrough::Cell;
use crate::state::walkthrough::key::{
    GitTold, KeyAnswer, KeyHandedOver, KeyPlace, KeyRole, KeyTaken, KeyTask, KeyTest, PutOffer,
};
use crate::state::{PlanText, RepairEnd, StopFlag};

/// The name of the rotation in the journal.
const ROTATION: &str = rotate::ID;

/// A new key that was taken in.
pub(super) struct KeyInHand {
    cell: Cell,
    new: Secret,
    occasion: Occasion,
    looked: Arc<Looked>,
    goal: Goal,
    plan: Option<Plan>,
    shows: Shows,
}

/// What is done with it.
enum Goal {
    /// It takes the place of this one.
    Rotate { old: Secret, holdings: Vec<Holding> },
    /// It is put there. The machine as it would be.
    Put { place: PutPlace, then: Box<Examination> },
}

impl Inspector {
    fn in_hand(&self) -> MutexGuard<'_, Option<KeyInHand>> {
        self.key_in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unfit(&self, unfit: Unfit) -> String {
        self.words().text(format!("key-unfit-{}", unfit.word()))
    }

    pub(super) fn offered_places(&self, cell: &Cell) -> Vec<PutOffer> {
        let looked = self.look_at(cell);
        let live = Live::default();
        let facts = looked.examinations[0].facts(&live);
        let offer = |place: PutPlace| PutOffer {
            place,
            name: places::file(&facts, place).map(|path| self.shown(&path)),
            command: (place == PutPlace::ThisTerminal).then(|| places::command(&facts)).flatten(),
        };
        places::places(&facts).into_iter().map(offer).collect()
    }

    pub(super) fn take_key_in(&self, given: &KeyHandedOver) -> Result<KeyTaken, String> {
        // No text that leaves may hold it, whatever becomes of it.
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).push(given.key.clone());
        let looked = self.look_at(&given.cell);
        let [now] = &looked.examinations;
        let name = if given.task == KeyTask::Rotate { ROTATION } else { put_key::NAME };
        let occasion = self.occasion(name);
        let live = Live::default();
        let (goal, can_approve, shows) = match (given.task, given.place) {
            (KeyTask::Put, Some(place)) => {
                let prepared = self.prepare_put(place, &given.key, false, &given.cell, now, &occasion)?;
                let can_approve = !places::approval(&now.facts(&live), &given.key).is_empty();
                (Goal::Put { place, then: Box::new(prepared.then) }, can_approve, prepared.shows)
            }
            _ => {
                let old = rotation::key_in_use(now).ok_or_else(|| self.words().text("rotate-no-key"))?;
                let holdings = rotation::places(self.disk(), now, &old, &given.key);
                let holdings = holdings.map_err(|unfit| self.unfit(unfit))?;
                let can_approve = rotation::approval(now, &old, &given.key).is_some();
                // A process keeps what it was started with: what comes after it is seen in a new terminal.
                let profiles = &now.snapshot.shell.files;
                let in_profile = holdings.iter().any(|one| profiles.iter().any(|file| file.path == one.place));
                let shows = if in_profile { Shows::NewTerminal } else { Shows::Here };
                (Goal::Rotate { old, holdings }, can_approve, shows)
            }
        };
        let place = |holding: &Holding| KeyPlace {
            name: self.shown(&holding.place),
            lines: holding.lines.clone(),
            ours: holding.edit.is_some(),
        };
        let (of_goal, tested) = match &goal {
            Goal::Rotate { holdings, .. } => (holdings.iter().map(place).collect(), now),
            Goal::Put { then, .. } => (Vec::new(), &**then),
        };
        let audience = tested.audience(&|path| self.disk().outside(path));
        let host = audience.filter(|audience| !audience.headers.is_empty()).and_then(|audience| {
            let host = audience.base.host_str()?.to_owned();
            Some(audience.base.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
        });
        let taken = KeyTaken { token: occasion.change.clone(), places: of_goal, can_approve, host };
        let (cell, new) = (given.cell.clone(), given.key.clone());
        *self.in_hand() = Some(KeyInHand { cell, new, occasion, looked, goal, plan: None, shows });
        Ok(taken)
    }

    fn prepare_put(
        &self,
        place: PutPlace,
        key: &Secret,
        approve: bool,
        cell: &Cell,
        now: &Examination,
        occasion: &Occasion,
    ) -> Result<put_key::Prepared, String> {
        let look =
            |machine: &dyn Machine, shows| self.look_statically(machine, cell.project.as_deref(), cell.context, shows);
        let prepared = put_key::prepare(place, key, approve, self.disk(), now, &look, &occasion.change);
        prepared.map_err(|error| match error {
            PutError::Unfit(unfit) => self.unfit(unfit),
            other => other.to_string(),
        })
    }

    pub(super) fn test_key_in_hand(&self, test: &KeyTest) -> Result<KeyAnswer, Vec<Consent>> {
        let gone = || Ok(KeyAnswer::Unknown(self.words().text("repair-plan-gone")));
        let (cell, new, shows, looked, old) = {
            let hand = self.in_hand();
            let Some(hand) = hand.as_ref().filter(|hand| hand.occasion.change == test.token) else { return gone() };
            let old = match &hand.goal {
                Goal::Rotate { old, .. } => Some(old.clone()),
                Goal::Put { .. } => None,
            };
            (hand.cell.clone(), hand.new.clone(), hand.shows, Arc::clone(&hand.looked), old)
        };
        let after;
        let guard;
        let (examination, instead) = match (test.role, &old) {
            (KeyRole::New, Some(old)) => (&looked.examinations[0], Some((old, &new))),
            (KeyRole::New, None) => {
                guard = self.in_hand();
                match guard.as_ref().map(|hand| &hand.goal) {
                    Some(Goal::Put { then, .. }) => (&**then, None),
                    _ => return gone(),
                }
            }
            (KeyRole::Written | KeyRole::Old, old) => {
                after = self.look_statically(self.disk(), cell.project.as_deref(), cell.context, shows);
                (&after, old.as_ref().filter(|_| test.role == KeyRole::Old).map(|old| (&new, old)))
            }
        };
        let outside = |path: &str| self.disk().outside(path);
        let needed = examination.audience(&outside).map(|audience| live::asked_for(&audience)).unwrap_or_default();
        // Nobody else's program is run for a key that is at hand.
        let needed: Vec<Consent> =
            needed.into_iter().filter(|consent| !matches!(consent, Consent::RunHelper { .. })).collect();
        if needed.iter().any(|consent| !test.consents.contains(consent)) {
            return Err(needed);
        }
        let stop = test.stop.shared();
        let trial = Trial {
            outside: &outside,
            consents: &test.consents,
            deadline: TEST_TIME,
            cancel: &stop,
            run: &session::run,
        };
        Ok(self.answer(&examination.test_with(instead, &trial)))
    }

    fn answer(&self, live: &Live) -> KeyAnswer {
        let failed = live.stages.iter().find(|row| row.status == Status::Fail);
        let why = || failed.map_or_else(|| self.words().text("rotate-no-answer"), |row| self.words().say(&row.text));
        match live.outcome {
            Outcome::Verified => KeyAnswer::Accepted,
            Outcome::Rejected => KeyAnswer::Refused(why()),
            _ => KeyAnswer::Unknown(why()),
        }
    }

    pub(super) fn look_through_git(&self, token: &str, stop: &StopFlag) -> Option<GitTold> {
        let (old, looked) = {
            let hand = self.in_hand();
            let hand = hand.as_ref().filter(|hand| hand.occasion.change == token)?;
            let Goal::Rotate { old, .. } = &hand.goal else { return None };
            (old.clone(), Arc::clone(&hand.looked))
        };
        let folders = rotation::folders(self.disk(), &looked.examinations[0]);
        let outside: Vec<PathBuf> = folders.iter().map(|folder| self.disk().outside(folder)).collect();
        let found = git_history::look(&old, &outside, &stop.shared())?;
        let shown = |folder: &PathBuf| self.shown_from_outside(&folder.to_string_lossy());
        let folders = found.folders.iter().map(shown).collect();
        Some(GitTold { folders, looked: found.looked, complete: found.complete })
    }

    pub(super) fn plan_of_key(&self, token: &str, leave: &[String], approve: bool) -> Result<PlanText, String> {
        let mut hand = self.in_hand();
        let hand = hand.as_mut().filter(|hand| hand.occasion.change == token);
        let hand = hand.ok_or_else(|| self.words().text("repair-plan-gone"))?;
        let [now] = &hand.looked.examinations;
        let (plan, preview, useless) = match &mut hand.goal {
            Goal::Rotate { old, holdings } => {
                let chosen = holdings.iter().filter(|holding| !leave.contains(&self.shown(&holding.place)));
                let mut edits: Vec<Edit> = chosen.filter_map(|holding| holding.edit.clone()).collect();
                if edits.is_empty() {
                    return Err(self.words().text("rotate-nowhere"));
                }
                edits.extend(rotation::approval(now, old, &hand.new).filter(|_| approve));
                let plan = plan::of(&edits, self.disk(), &hand.occasion.change).map_err(|error| error.to_string())?;
                let pass = LeakPass::new(&rotation::secrets_beside(now, &hand.new));
                let preview: Preview = preview::of(&plan, &pass);
                (plan, preview, false)
            }
            Goal::Put { place, then } => {
                let prepared = self.prepare_put(*place, &hand.new, approve, &hand.cell, now, &hand.occasion)?;
                **then = prepared.then;
                (prepared.plan, prepared.preview, prepared.stays)
            }
        };
        let text = PlanText {
            token: token.to_owned(),
            steps: steps_text(&preview, self.words(), &|path| self.shown(path)),
            undoable: plan.irreversible().next().is_none(),
            useless,
            ..PlanText::default()
        };
        hand.plan = Some(plan);
        Ok(text)
    }

    pub(super) fn write_key_in_hand(&self, token: &str) -> RepairEnd {
        let failed = |key: &'static str| RepairEnd::Failed(self.words().text(key));
        let mut hand = self.in_hand();
        let Some(hand) = hand.as_mut().filter(|hand| hand.occasion.change == token) else {
            return failed("repair-plan-gone");
        };
        let Some(plan) = hand.plan.take() else { return failed("repair-plan-gone") };
        let store = match self.store() {
            Ok(store) => store,
            Err(error) => return RepairEnd::Failed(error.to_string()),
        };
        let [now] = &hand.looked.examinations;
        let hands = OwnHands { examination: now, disk: self.disk(), cancel: &AtomicBool::new(false) };
        let receipt = match apply(&plan, &store, &hands, &hand.occasion) {
            Ok(receipt) => receipt,
            Err(error) => return RepairEnd::Failed(error.to_string()),
        };
        let cell = &hand.cell;
        let then = self.look_statically(self.disk(), cell.project.as_deref(), cell.context, hand.shows);
        self.hold_secrets(&then);
        let (well, why) = match &hand.goal {
            Goal::Rotate { old, .. } => (!put_key::is_used(&then, old), "walk-rotate-old-still-wins"),
            Goal::Put { .. } => (put_key::is_used(&then, &hand.new), "walk-put-key-not-used"),
        };
        if well {
            RepairEnd::Healed { change: receipt.change, undoable: true }
        } else {
            let sentence = self.words().say(&Message::new(why));
            RepairEnd::NotHealed { change: receipt.change, sentences: vec![sentence] }
        }
    }
}
