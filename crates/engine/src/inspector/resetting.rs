//! The credential reset, for the window.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use authlight_core::fixes::reset::Part;
use authlight_core::message::{Message, Words as _};

use super::{Inspector, Looked, steps_text};
use crate::act::change::transaction::Occasion;
use crate::act::repair::{self, OwnHands};
use crate::act::reset::{self, Planned};
use crate::contexts;
use crate::state::walkthrough::{Cell, ResetAsked, ResetPart, ResetPlan};
use crate::state::{PlanText, RepairEnd};

/// A reset that is on the screen, and the look that it was made of.
pub(super) struct PlannedReset {
    cell: Cell,
    occasion: Occasion,
    parts: Vec<Planned>,
    looked: Arc<Looked>,
}

impl Inspector {
    /// A change of now, for this.
    pub(super) fn occasion(&self, what: &str) -> Occasion {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        repair::occasion(what, i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
    }

    /// What files say of a cell.
    pub(super) fn look_at(&self, cell: &Cell) -> Arc<Looked> {
        self.look(self.disk(), cell.project.as_deref(), cell.context, contexts::STATICALLY)
    }

    pub(super) fn plan_of_reset(&self, asked: &ResetAsked) -> Result<ResetPlan, String> {
        let occasion = self.occasion(reset::NAME);
        let looked = self.look_at(&asked.cell);
        let [now] = &looked.examinations;
        let out = reset::sign_out(now, self.disk(), &asked.leave).map_err(|error| error.to_string())?;
        let left = reset::left(now, self.disk(), &asked.leave, &occasion.change).map_err(|error| error.to_string())?;
        let parts: Vec<Planned> = out.into_iter().chain(left).collect();
        let plan = ResetPlan {
            token: occasion.change.clone(),
            parts: parts.iter().map(|planned| self.part_of_reset(planned)).collect(),
        };
        let planned = PlannedReset { cell: asked.cell.clone(), occasion, parts, looked };
        *self.planned_reset.lock().unwrap_or_else(PoisonError::into_inner) = Some(planned);
        Ok(plan)
    }

    fn part_of_reset(&self, planned: &Planned) -> ResetPart {
        let words = self.words();
        let (key, lost) = (format!("reset-{}", planned.part.word()), format!("reset-{}.lost", planned.part.word()));
        let text = PlanText {
            title: words.text(key),
            lost: words.knows(&lost).then(|| words.text(lost)),
            steps: steps_text(&planned.preview, words, &|path| self.shown(path)),
            undoable: planned.plan.irreversible().next().is_none(),
            ..PlanText::default()
        };
        ResetPart { part: planned.part, text }
    }

    pub(super) fn carry_out_reset(&self, token: &str, parts: &[Part]) -> RepairEnd {
        let planned = self.planned_reset.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(planned) = planned.filter(|plan| plan.occasion.change == token) else {
            return RepairEnd::Failed(self.words().text("repair-plan-gone"));
        };
        let PlannedReset { cell, occasion, parts: all, looked } = planned;
        let store = match self.store() {
            Ok(store) => store,
            Err(error) => return RepairEnd::Failed(error.to_string()),
        };
        let [examination] = &looked.examinations;
        let cancel = AtomicBool::new(false);
        let hands = OwnHands { examination, disk: self.disk(), cancel: &cancel };
        let chosen: Vec<&Planned> = all.iter().filter(|planned| parts.contains(&planned.part)).collect();
        let receipt = match reset::carry_out(&chosen, self.disk(), &store, &hands, &occasion) {
            Ok(receipt) => receipt,
            Err(error) => return RepairEnd::Failed(error.to_string()),
        };
        let undoable = chosen.iter().all(|planned| planned.plan.irreversible().next().is_none());
        let looked = self.look_at(&cell);
        // What signing out leaves is told by the plan that follows.
        let there = reset::left(&looked.examinations[0], self.disk(), &[], &occasion.change).unwrap_or_default();
        let still: Vec<String> = there
            .iter()
            .filter(|left| parts.contains(&left.part))
            .map(|left| self.words().text(format!("reset-{}", left.part.word())))
            .map(|what| self.words().say(&Message::new("reset-still").with("what", what)))
            .collect();
        if still.is_empty() {
            RepairEnd::Healed { change: receipt.change, undoable }
        } else {
            RepairEnd::NotHealed { change: receipt.change, sentences: still }
        }
    }

    pub(super) fn find_old_logins(&self, cell: &Cell) -> Vec<String> {
        let looked = self.look_at(cell);
        let now = &looked.examinations[0];
        if !reset::new_login_works(now) {
            return Vec::new();
        }
        reset::old_logins(now, self.disk()).iter().map(|path| self.shown(path)).collect()
    }

    pub(super) fn delete_found_logins(&self, cell: &Cell, shown: &[String]) -> Result<(), String> {
        let looked = self.look_at(cell);
        let now = &looked.examinations[0];
        let paths: Vec<String> = shown.iter().map(|path| self.inside(path)).collect();
        reset::delete_old_logins(&paths, now, self.disk()).map(drop).map_err(|error| error.to_string())
    }
}
