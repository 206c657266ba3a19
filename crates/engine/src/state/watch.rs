//! Looking again by itself, while a walkthrough is open: when a file has changed, and when the person comes back to the
//! window. Each waits until nothing else is under way.

use super::{Effect, JobKind, ShellUse, State, StopFlag, TestOffer, Walkthrough};
use crate::act::sign_in::Phase;

/// What is not disturbed by another look: each of them looks again when it is over, or would be ended by it.
const UNDISTURBED: [JobKind; 5] = [JobKind::Scan, JobKind::Test, JobKind::SignIn, JobKind::Repair, JobKind::Key];

impl State {
    /// Whether what goes on was begun by nobody: then the screen stays as it is until it is over.
    pub fn looks_by_itself(&self) -> bool {
        self.by_itself && self.is_running(JobKind::Scan)
    }

    /// The person is back at the window.
    pub(super) fn came_back(&mut self) {
        let Some(_) = &self.walkthrough else { return };
        match &mut self.sign_in {
            Some(sign_in) if sign_in.phase == Phase::Waiting => sign_in.came_back = true,
            _ => self.look_when_free(ShellUse::Known),
        }
    }

    /// Something has changed. Of what is asked for meanwhile the most counts.
    pub(super) fn look_when_free(&mut self, shell: ShellUse) {
        if self.looks_next != Some(ShellUse::Again) {
            self.looks_next = Some(shell);
        }
    }

    /// Whether the report holds what a walkthrough is about and a look would not find again.
    fn keeps_what_was_tested(&self) -> bool {
        self.proved || matches!(self.walkthrough, Some(Walkthrough::Certificate(_)))
    }

    /// A walkthrough has written something that was tested where it is now: the report is tested too, so that its light
    /// turns while the person watches. A look that is under way is waited for: of what a shell reads when it starts, a
    /// test knows no more than the last look.
    pub(super) fn test_what_was_written(&mut self) -> Vec<Effect> {
        if self.is_running(JobKind::Scan) {
            return Vec::new();
        }
        let Some(consents) = self.then_test.take() else { return Vec::new() };
        let wanted = match &self.walkthrough {
            Some(Walkthrough::Key(_)) => self.test_offer() == Some(TestOffer::Key),
            Some(Walkthrough::Provider(_)) => true,
            _ => false,
        };
        if wanted { self.test(consents) } else { Vec::new() }
    }

    /// After each action: begins to watch where a walkthrough has opened, ends it where it has closed, and looks where
    /// that has waited for now.
    pub(super) fn watch(&mut self) -> Vec<Effect> {
        let watching = self.is_running(JobKind::Watch);
        if self.walkthrough.is_none() {
            (self.looks_next, self.then_test, self.proved) = (None, None, false);
            if watching {
                self.running.remove(&JobKind::Watch);
                self.stop_watch.stop();
            }
            return Vec::new();
        }
        let mut effects = Vec::new();
        if !watching {
            self.stop_watch = StopFlag::default();
            self.running.insert(JobKind::Watch);
            effects.push(Effect::Watch(self.stop_watch.clone()));
        }
        if self.keeps_what_was_tested() {
            // Nor is what a test told taken away by a look that nobody asked for.
            self.looks_next = None;
        }
        let free = self.consent_question.is_none() && !UNDISTURBED.iter().any(|job| self.is_running(*job));
        if let Some(shell) = self.looks_next.take_if(|_| free) {
            // What was said last is not over because of this.
            let notice = self.notice.take();
            effects.extend(self.scan(shell));
            (self.notice, self.by_itself) = (notice, true);
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::Ordering;

    use super::super::reports;
    use super::*;
    use crate::act::sign_in::{Ended, SignInEvent};
    use crate::state::walkthrough::{Go, WalkthroughKind};
    use crate::state::{Action, Notice};

    fn walking() -> (State, StopFlag) {
        let mut state = State::default();
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::nothing_configured())));
        let effects = state.update(Action::OpenWalkthrough(WalkthroughKind::SignIn));
        let [Effect::Watch(stop)] = &effects[..] else { panic!("{effects:?}") };
        let stop = stop.clone();
        (state, stop)
    }

    fn scans(effects: &[Effect]) -> Vec<ShellUse> {
        let shell = |effect: &Effect| if let Effect::Scan(request) = effect { Some(request.shell) } else { None };
        effects.iter().filter_map(shell).collect()
    }

    fn arrived(state: &mut State) -> Vec<Effect> {
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::nothing_configured())))
    }

    #[test]
    fn files_are_watched_from_the_opening_of_a_walkthrough_to_its_end() {
        let (mut state, stop) = walking();
        assert!(state.update(Action::DismissNotice).is_empty(), "once");
        state.update(Action::Go(Go::Stop));
        assert!(stop.shared().load(Ordering::Relaxed));
        assert!(state.update(Action::FilesChanged(ShellUse::Known)).is_empty(), "it came late");
        assert!(state.update(Action::CameBack).is_empty(), "no walkthrough, no look");
        let again = state.update(Action::OpenWalkthrough(WalkthroughKind::SignIn));
        assert!(matches!(&again[..], [Effect::Watch(new)] if !new.shared().load(Ordering::Relaxed)), "{again:?}");
    }

    #[test]
    fn a_changed_file_and_coming_back_are_looked_at_and_what_was_said_stays() {
        let (mut state, _) = walking();
        state.update(Action::CopyCommand("claude auth login".to_owned()));
        assert_eq!(scans(&state.update(Action::FilesChanged(ShellUse::Known))), [ShellUse::Known]);
        assert!(state.looks_by_itself());
        assert_eq!(state.notice, Some(Notice::CommandCopied));
        assert!(state.update(Action::CameBack).is_empty(), "one look after the other");
        state.update(Action::FilesChanged(ShellUse::Again));
        state.update(Action::FilesChanged(ShellUse::Known));
        assert_eq!(scans(&arrived(&mut state)), [ShellUse::Again]);
        assert_eq!(scans(&arrived(&mut state)), []);
        state.update(Action::CheckAgain);
        assert!(!state.looks_by_itself(), "this one is the person's");
    }

    #[test]
    fn while_somebody_signs_in_nothing_is_looked_at_and_afterwards_it_is() {
        let (mut state, _) = walking();
        state.update(Action::Go(Go::Next));
        state.update(Action::SignIn(SignInEvent::Waiting));
        assert!(state.update(Action::FilesChanged(ShellUse::Known)).is_empty());
        assert!(state.update(Action::CameBack).is_empty());
        assert!(state.sign_in.as_ref().is_some_and(|sign_in| sign_in.came_back));
        let effects = state.update(Action::SignIn(SignInEvent::Ended(Ended::Cancelled)));
        assert_eq!(scans(&effects), [ShellUse::Known]);
    }

    #[test]
    fn a_question_is_not_taken_away() {
        let (mut state, _) = walking();
        state.consent_question = Some(vec![crate::live::Consent::OneToken]);
        assert!(state.update(Action::CameBack).is_empty() && state.consent_question.is_some());
        assert_eq!(scans(&state.update(Action::AnswerConsent(false))), [ShellUse::Known]);
    }
}
