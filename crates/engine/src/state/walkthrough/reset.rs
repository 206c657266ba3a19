//! The credential reset, step by step: what is stored, signing out, what that leaves, and on to signing in.

use authlight_core::fixes::reset::Part;

use super::super::repairs::{PlanText, RepairEnd, RepairStage};
use super::{Cell, Effect, Go, JobKind, State, Step, Walkthrough, WalkthroughKind};

/// What a reset is planned for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetAsked {
    /// Where.
    pub cell: Cell,
    /// The parts that are left as they are.
    pub leave: Vec<Part>,
}

/// What a reset would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResetPlan {
    /// By what it is carried out: this very plan, and no other.
    pub token: String,
    /// Its parts. Signing out, where it is among them, is the first and is done by itself.
    pub parts: Vec<ResetPart>,
}

/// A part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResetPart {
    /// Which.
    pub part: Part,
    /// What it does, in words.
    pub text: PlanText,
}

/// How far a reset is, and what was chosen in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResetChoices {
    /// The parts that are left as they are.
    pub leave: Vec<Part>,
    /// How far it is.
    pub stage: ResetStage,
}

/// How far a reset is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResetStage {
    /// It is being looked what is stored.
    #[default]
    Looking,
    /// There is no plan, and why.
    Refused(String),
    /// What is stored, to be ticked.
    Choosing(ResetPlan),
    /// What is done first, as it would be done.
    Confirming(ResetPlan),
    /// It is being done.
    Working {
        /// The parts.
        parts: Vec<Part>,
    },
    /// Signing out did not work.
    NotSignedOut(String),
    /// It is being looked what signing out has left.
    LookingAgain,
    /// What signing out has left, to be ticked.
    Left(ResetPlan),
    /// What was chosen is put away.
    Done(Option<DoneChange>),
    /// It was not, or not all of it.
    NotDone(RepairEnd),
}

/// A change that can be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneChange {
    /// Its name.
    pub change: String,
    /// Whether it can be taken back.
    pub undoable: bool,
}

impl ResetChoices {
    /// Whether a part is to be done.
    pub fn takes(&self, part: Part) -> bool {
        !self.leave.contains(&part)
    }

    /// What of a plan is done at the next click: signing out by itself, else all that is ticked.
    fn next_parts(&self, plan: &ResetPlan) -> Vec<Part> {
        let ticked: Vec<Part> = plan.parts.iter().map(|one| one.part).filter(|part| self.takes(*part)).collect();
        if ticked.contains(&Part::SignOut) { vec![Part::SignOut] } else { ticked }
    }

    /// The parts that are shown at this stage.
    pub fn shown(&self) -> Vec<&ResetPart> {
        match &self.stage {
            ResetStage::Choosing(plan) | ResetStage::Left(plan) => plan.parts.iter().collect(),
            ResetStage::Confirming(plan) => {
                let next = self.next_parts(plan);
                plan.parts.iter().filter(|one| next.contains(&one.part)).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl State {
    /// The reset that is open.
    fn reset(&mut self) -> Option<&mut ResetChoices> {
        match &mut self.walkthrough {
            Some(Walkthrough::Reset(choices)) => Some(choices),
            _ => None,
        }
    }

    pub(super) fn open_reset(&mut self) -> Vec<Effect> {
        self.walkthrough = Some(Walkthrough::Reset(ResetChoices::default()));
        self.plan_reset(Vec::new())
    }

    fn plan_reset(&mut self, leave: Vec<Part>) -> Vec<Effect> {
        self.running.insert(JobKind::Repair);
        vec![Effect::PlanReset(ResetAsked { cell: self.cell(), leave })]
    }

    /// The plan has come, or why there is none.
    pub(in super::super) fn reset_planned(&mut self, planned: Result<ResetPlan, String>) -> Vec<Effect> {
        self.running.remove(&JobKind::Repair);
        let Some(choices) = self.reset() else { return Vec::new() };
        choices.stage = match (&choices.stage, planned) {
            (ResetStage::Looking, Ok(plan)) => ResetStage::Choosing(plan),
            (ResetStage::LookingAgain, Ok(plan)) if plan.parts.is_empty() => ResetStage::Done(None),
            (ResetStage::LookingAgain, Ok(plan)) => ResetStage::Left(plan),
            (ResetStage::Looking | ResetStage::LookingAgain, Err(why)) => ResetStage::Refused(why),
            (other, _) => other.clone(),
        };
        Vec::new()
    }

    /// A part is ticked, or not any more.
    pub(in super::super) fn tick_reset(&mut self, part: Part) -> Vec<Effect> {
        if let Some(choices) = self.reset() {
            let before = choices.leave.len();
            choices.leave.retain(|left| *left != part);
            if choices.leave.len() == before {
                choices.leave.push(part);
            }
        }
        Vec::new()
    }

    pub(super) fn reset_step(&self, choices: &ResetChoices) -> Step {
        use ResetStage as S;
        let (name, number) = match &choices.stage {
            S::Looking | S::Refused(_) | S::Choosing(_) => ("reset-what", 1),
            S::Confirming(_) | S::NotSignedOut(_) => ("reset-do", 2),
            S::Working { parts } if parts.contains(&Part::SignOut) => ("reset-do", 2),
            S::Working { .. } => ("reset-left", 3),
            S::LookingAgain | S::Left(_) | S::NotDone(_) => ("reset-left", 3),
            S::Done(_) => ("reset-result", 4),
        };
        let nothing = matches!(&choices.stage, S::Choosing(plan) if plan.parts.is_empty());
        let back = matches!(choices.stage, S::Confirming(_));
        let skip = matches!(choices.stage, S::Left(_) | S::NotDone(_)) || nothing;
        Step { name, number, of: 4, back, skip }
    }

    pub(super) fn go_resetting(&mut self, choices: ResetChoices, to: Go) -> Vec<Effect> {
        use ResetStage as S;
        let stage = match (&choices.stage, to) {
            (S::Choosing(plan), Go::Next) if !choices.next_parts(plan).is_empty() => S::Confirming(plan.clone()),
            (S::Choosing(_), Go::Skip) | (S::Left(_) | S::NotDone(_), Go::Skip) => S::Done(None),
            (S::Confirming(plan), Go::Back) => S::Choosing(plan.clone()),
            (S::Confirming(plan) | S::Left(plan), Go::Next) => {
                let parts = choices.next_parts(plan);
                if parts.is_empty() {
                    S::Done(None)
                } else {
                    let token = plan.token.clone();
                    self.walkthrough = Some(Walkthrough::Reset(ResetChoices {
                        stage: S::Working { parts: parts.clone() },
                        ..choices
                    }));
                    self.running.insert(JobKind::Repair);
                    return vec![Effect::Reset { token, parts }];
                }
            }
            (S::NotSignedOut(_), Go::Next) => return self.look_after_signing_out(choices),
            (S::Done(_), Go::Next) => return self.open_walkthrough(WalkthroughKind::SignIn),
            (other, _) => other.clone(),
        };
        self.walkthrough = Some(Walkthrough::Reset(ResetChoices { stage, ..choices }));
        Vec::new()
    }

    fn look_after_signing_out(&mut self, choices: ResetChoices) -> Vec<Effect> {
        self.walkthrough = Some(Walkthrough::Reset(ResetChoices { stage: ResetStage::LookingAgain, ..choices }));
        // What was done, or did not work, is not tried a second time.
        self.plan_reset(vec![Part::SignOut])
    }

    /// What came of a part of the reset. Gives nothing where none is being done.
    pub(in super::super) fn reset_came_to(&mut self, stage: &RepairStage) -> Option<Vec<Effect>> {
        let RepairStage::Ended(end) = stage else { return None };
        let choices = self.reset()?.clone();
        let ResetStage::Working { parts } = &choices.stage else { return None };
        let signed_out = parts.contains(&Part::SignOut);
        let stage = match (end, signed_out) {
            (RepairEnd::Failed(why), true) => ResetStage::NotSignedOut(why.clone()),
            (_, true) => return Some(self.look_after_signing_out(choices)),
            (RepairEnd::Healed { change, undoable }, false) => {
                ResetStage::Done(Some(DoneChange { change: change.clone(), undoable: *undoable }))
            }
            (other, false) => ResetStage::NotDone(other.clone()),
        };
        self.walkthrough = Some(Walkthrough::Reset(ResetChoices { stage, ..choices }));
        Some(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Action, UndoEnd};
    use super::*;

    fn plan(parts: &[Part]) -> ResetPlan {
        let part = |part: &Part| ResetPart { part: *part, text: PlanText::default() };
        ResetPlan { token: "t".to_owned(), parts: parts.iter().map(part).collect() }
    }

    fn opened(parts: &[Part]) -> State {
        let mut state = State::default();
        let effects = state.update(Action::OpenWalkthrough(WalkthroughKind::Reset));
        assert!(
            matches!(&effects[..], [Effect::PlanReset(asked), Effect::Watch(_)] if asked.leave.is_empty()),
            "{effects:?}"
        );
        state.update(Action::ResetPlanned(Ok(plan(parts))));
        state
    }

    fn healed() -> Action {
        let end = RepairEnd::Healed { change: "c".to_owned(), undoable: true };
        Action::RepairCameTo(RepairStage::Ended(end))
    }

    #[test]
    fn signing_out_is_done_alone_and_then_it_is_looked_again() {
        let mut state = opened(&[Part::SignOut, Part::RejectedKeys]);
        state.update(Action::Go(Go::Next));
        let done = state.update(Action::Go(Go::Next));
        assert!(matches!(&done[..], [Effect::Reset { parts, .. }] if parts[..] == [Part::SignOut]), "{done:?}");
        assert!(state.is_in_the_middle());
        state.update(Action::Go(Go::Stop));
        assert!(state.walkthrough.is_some(), "what is under way is not left alone");
        let effects = state.update(healed());
        assert!(
            effects.iter().any(|one| matches!(one, Effect::PlanReset(asked) if asked.leave == [Part::SignOut])),
            "{effects:?}"
        );
        state.update(Action::ResetPlanned(Ok(plan(&[Part::RejectedKeys]))));
        assert_eq!(state.step().map(|step| step.number), Some(3));
        let done = state.update(Action::Go(Go::Next));
        assert!(matches!(&done[..], [Effect::Reset { parts, .. }] if parts[..] == [Part::RejectedKeys]), "{done:?}");
        state.update(healed());
        assert_eq!(state.step().map(|step| step.number), Some(4));
        state.update(Action::Go(Go::Next));
        assert_eq!(state.walkthrough.as_ref().map(Walkthrough::kind), Some(WalkthroughKind::SignIn));
    }

    #[test]
    fn what_is_not_ticked_is_not_done_and_nothing_ticked_leads_on() {
        let mut state = opened(&[Part::LoginFile, Part::RejectedKeys]);
        state.update(Action::TickReset(Part::LoginFile));
        state.update(Action::Go(Go::Next));
        let done = state.update(Action::Go(Go::Next));
        assert!(matches!(&done[..], [Effect::Reset { parts, .. }] if parts[..] == [Part::RejectedKeys]), "{done:?}");
        let mut state = opened(&[Part::LoginFile]);
        state.update(Action::TickReset(Part::LoginFile));
        assert!(state.update(Action::Go(Go::Next)).is_empty());
        assert_eq!(state.step().map(|step| step.number), Some(1), "there is nothing to confirm");
    }

    #[test]
    fn where_signing_out_fails_the_own_steps_are_offered() {
        let mut state = opened(&[Part::SignOut]);
        state.update(Action::Go(Go::Next));
        state.update(Action::Go(Go::Next));
        let failed = RepairStage::Ended(RepairEnd::Failed("it ended with 1".to_owned()));
        assert!(state.update(Action::RepairCameTo(failed)).is_empty());
        assert_eq!(state.step().map(|step| step.number), Some(2));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::PlanReset(_)]), "{effects:?}");
    }

    #[test]
    fn what_is_taken_back_closes_the_walkthrough() {
        let mut state = opened(&[Part::RejectedKeys]);
        state.update(Action::Go(Go::Next));
        state.update(Action::Go(Go::Next));
        state.update(healed());
        state.update(Action::UndoChange("c".to_owned(), super::super::super::IfChanged::Ask));
        state.update(Action::RepairCameTo(RepairStage::Undone(UndoEnd::Done(Vec::new()))));
        assert_eq!(state.walkthrough, None);
        assert!(state.repairing.is_some(), "what came of it is on the screen");
    }
}
