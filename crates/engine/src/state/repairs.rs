//! Repairs in the window: the plan that is shown, what came of it, and the changes that can be taken back.

use std::path::PathBuf;

use authlight_core::report::{Context, Instance};

use super::{Effect, JobKind, ShellUse, State};

/// A repair of a finding on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairAsked {
    /// The fix, as the finding names it.
    pub fix: String,
    /// What it mends.
    pub at: Instance,
    /// The folder, as in [`super::ScanRequest`].
    pub project: Option<PathBuf>,
    /// Whose environment.
    pub context: Context,
    /// Of the new terminal, the files alone count, as in the report on the screen.
    pub files_only: bool,
}

/// A repair that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Repairing {
    /// What was asked for. `None`: a change of the list is taken back.
    pub asked: Option<RepairAsked>,
    /// How far it is.
    pub stage: RepairStage,
}

/// How far a repair is.
#[derive(Clone, Debug, PartialEq)]
pub enum RepairStage {
    /// The plan is being made.
    Planning,
    /// The plan is shown.
    Planned(PlanText),
    /// There is no plan, and why.
    Refused(String),
    /// It is being done.
    Working,
    /// It is done.
    Ended(RepairEnd),
    /// It is being taken back.
    Undoing(String),
    /// It is taken back, or was not.
    Undone(UndoEnd),
}

/// A plan in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanText {
    /// By what it is carried out: this very plan, and no other.
    pub token: String,
    /// Its name.
    pub title: String,
    /// What it does.
    pub does: String,
    /// What is lost, where something is.
    pub lost: Option<String>,
    /// Its steps.
    pub steps: Vec<StepText>,
    /// Whether all of it can be taken back.
    pub undoable: bool,
    /// What would be in the way afterwards.
    pub afterwards: Vec<String>,
    /// Whether what was found would still be there: then it is not done.
    pub useless: bool,
    /// Whether the person does it by hand.
    pub by_hand: bool,
}

/// A step in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepText {
    /// What is done.
    pub what: String,
    /// The lines that change: whether they come, where, and their text.
    pub lines: Vec<(bool, String, String)>,
    /// A command.
    pub command: Option<String>,
    /// Whether it cannot be taken back.
    pub for_good: bool,
}

/// What came of a repair.
#[derive(Clone, Debug, PartialEq)]
pub enum RepairEnd {
    /// What was found is gone.
    Healed {
        /// The change.
        change: String,
        /// Whether it can be taken back.
        undoable: bool,
    },
    /// It is done, but not all is well.
    NotHealed {
        /// The change.
        change: String,
        /// What is in the way.
        sentences: Vec<String>,
    },
    /// It was not done, and why.
    Failed(String),
}

/// What came of taking a change back.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoEnd {
    /// Everything is as it was; but for these files, which stay as they are.
    Done(Vec<String>),
    /// A file has changed since: what shall become of it?
    ChangedSince {
        /// The change.
        change: String,
        /// The file.
        path: String,
    },
    /// It was not done, and why.
    Failed(String),
}

pub use crate::act::change::undo::IfChanged;

/// A change that was made, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    /// Its name.
    pub change: String,
    /// When.
    pub when: String,
    /// What for.
    pub what: String,
    /// What it had to do with.
    pub places: Vec<String>,
    /// What became of it.
    pub state: String,
    /// Whether it can be taken back.
    pub undoable: bool,
}

/// The changes that were made, the last one first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Each of them.
    pub rows: Vec<ChangeRow>,
    /// What the backups take, in bytes.
    pub backups: u64,
}

impl State {
    pub(super) fn open_repair(&mut self, fix: String, at: Instance) -> Vec<Effect> {
        if self.whole_report().is_none() || self.repairing.is_some() {
            return Vec::new();
        }
        let asked =
            RepairAsked { fix, at, project: self.project.clone(), context: self.context, files_only: self.files_only };
        self.repairing = Some(Repairing { asked: Some(asked.clone()), stage: RepairStage::Planning });
        self.running.insert(JobKind::Repair);
        vec![Effect::PlanRepair(asked)]
    }

    pub(super) fn do_repair(&mut self) -> Vec<Effect> {
        let Some(Repairing { stage, .. }) = &mut self.repairing else { return Vec::new() };
        let RepairStage::Planned(plan) = stage else { return Vec::new() };
        if plan.by_hand || plan.useless {
            return Vec::new();
        }
        let token = std::mem::take(&mut plan.token);
        *stage = RepairStage::Working;
        self.running.insert(JobKind::Repair);
        vec![Effect::Repair(token)]
    }

    pub(super) fn undo_change(&mut self, change: String, if_changed: IfChanged) -> Vec<Effect> {
        let asked = self.repairing.take().and_then(|open| open.asked);
        self.changes = None;
        self.repairing = Some(Repairing { asked, stage: RepairStage::Undoing(change.clone()) });
        self.running.insert(JobKind::Repair);
        vec![Effect::UndoChange(change, if_changed)]
    }

    /// Takes in how far it is. After a change everything is looked at anew.
    pub(super) fn repair_came_to(&mut self, stage: RepairStage) -> Vec<Effect> {
        self.running.remove(&JobKind::Repair);
        let changed = matches!(
            stage,
            RepairStage::Ended(RepairEnd::Healed { .. } | RepairEnd::NotHealed { .. })
                | RepairStage::Undone(UndoEnd::Done(_))
        );
        let mut effects = Vec::new();
        match &mut self.repairing {
            Some(_) => {
                if matches!(stage, RepairStage::Undone(UndoEnd::Done(_))) {
                    self.close_what_was_taken_back();
                }
                if let Some(open) = &mut self.repairing {
                    open.stage = stage;
                }
            }
            None => effects = self.walkthrough_came_to(&stage),
        }
        if changed {
            effects.extend(self.scan(ShellUse::Again));
        }
        effects
    }

    /// Closes the repair, where nothing is under way.
    pub(super) fn close_repair(&mut self) -> bool {
        let open = self.repairing.as_ref().map(|open| &open.stage);
        match open {
            None => false,
            Some(RepairStage::Working | RepairStage::Undoing(_)) => true,
            Some(_) => {
                self.repairing = None;
                true
            }
        }
    }

    pub(super) fn open_changes(&mut self) -> Vec<Effect> {
        self.running.insert(JobKind::Changes);
        vec![Effect::FindChanges]
    }

    pub(super) fn take_changes(&mut self, changes: Changes) -> Vec<Effect> {
        self.running.remove(&JobKind::Changes);
        self.changes = Some(changes);
        Vec::new()
    }
}
