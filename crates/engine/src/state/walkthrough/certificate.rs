//! The certificate of a company's network, step by step: what the endpoint shows, whose root completes it, that root
//! given to Claude Code, and the light.

use std::path::PathBuf;

use super::super::repairs::{PlanText, RepairEnd, RepairStage};
use super::super::{Consent, Light, Outcome, StopFlag, typed_path};
use super::reset::DoneChange;
use super::{Cell, Effect, Go, JobKind, State, Step, Walkthrough};
use authlight_core::report::Cause;

/// A look at what the endpoint shows.
#[derive(Clone, Debug, Default)]
pub struct CertificateAsked {
    /// Where.
    pub cell: Cell,
    /// What the person agreed to.
    pub consents: Vec<Consent>,
    /// Set when the person stops it.
    pub stop: StopFlag,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum CertificateSeen {
    /// Nobody here vouches for what was shown: a root is looked for.
    Sought {
        /// By what it is named from now on.
        token: String,
        /// Who showed it and who issued it, in a sentence.
        says: String,
    },
    /// No root is looked for.
    NotSought {
        /// Why not.
        why: String,
        /// Whether the certificate is trusted as it is.
        trusted: bool,
    },
}

/// A root, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RootText {
    /// Whose it is, and until when it counts.
    pub what: String,
    /// Where it was found.
    pub place: String,
    /// By what it is compared.
    pub fingerprint: String,
}

/// How far it is, and what was chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CertificateChoices {
    /// How far it is.
    pub stage: CertificateStage,
    /// What the person agreed to for the connection.
    pub agreed: Vec<Consent>,
    /// The certificate that was shown: its name, and the sentence about it.
    pub sought: Option<(String, String)>,
    /// The root that was found; or why there is none.
    pub root: Option<Result<RootText, String>>,
    /// Whether a file is asked for.
    pub by_file: bool,
    /// The path that was typed or chosen.
    pub path: String,
    /// The system's own dialog gave nothing back.
    pub nothing_chosen: bool,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum CertificateStage {
    /// It is said what will be looked at.
    #[default]
    Before,
    /// The look needs the person's word for this.
    Asks(Vec<Consent>),
    /// It is looked.
    Looking,
    /// What was seen.
    Seen(CertificateSeen),
    /// The root is looked for.
    Searching,
    /// The root, or why there is none.
    Root,
    /// The plan is being made.
    Planning,
    /// The plan is shown.
    Planned(PlanText),
    /// There is no plan, and why.
    Refused(String),
    /// It is being done.
    Working,
    /// It is done, and the certificate is trusted.
    Done(DoneChange),
    /// It was not done, or did not help.
    NotDone(RepairEnd),
}

/// What a person does in it.
#[derive(Clone, Debug)]
pub enum CertificateClick {
    /// The answer to what the look asks.
    Agree(bool),
    /// Take a file, or the system's store.
    ByFile(bool),
    /// A path was typed.
    Typed(String),
    /// Take the typed path.
    UseTyped,
    /// Ask with the system's own dialog.
    Browse,
}

/// What the engine found.
#[derive(Clone, Debug)]
pub enum CertificateNews {
    /// What the endpoint shows; or what the person has to agree to first.
    Seen(Result<CertificateSeen, Vec<Consent>>),
    /// The root; or why there is none.
    Root(Result<RootText, String>),
    /// The plan; or why there is none.
    Planned(Result<PlanText, String>),
}

impl CertificateChoices {
    /// Whether a root was found.
    pub fn has_root(&self) -> bool {
        matches!(self.root, Some(Ok(_)))
    }

    fn token(&self) -> String {
        self.sought.as_ref().map(|(token, _)| token.clone()).unwrap_or_default()
    }
}

impl State {
    fn certificate(&mut self) -> Option<&mut CertificateChoices> {
        match &mut self.walkthrough {
            Some(Walkthrough::Certificate(choices)) => Some(choices),
            _ => None,
        }
    }

    pub(super) fn certificate_step(choices: &CertificateChoices) -> Step {
        use CertificateStage as S;
        let (name, number) = match choices.stage {
            S::Before | S::Asks(_) | S::Looking | S::Seen(_) => ("certificate-look", 1),
            S::Searching | S::Root => ("certificate-root", 2),
            S::Planning | S::Planned(_) | S::Refused(_) | S::Working | S::NotDone(_) => ("certificate-do", 3),
            S::Done(_) => ("certificate-result", 4),
        };
        let back = matches!(choices.stage, S::Root | S::Planned(_) | S::Refused(_));
        Step { name, number, of: 4, back, skip: false }
    }

    /// Whether the test that turns the light is still to come.
    pub fn certificate_waits_for_test(&self) -> bool {
        let untested = |report: &authlight_core::report::Report| {
            report.live.outcome == Outcome::NotTested
                && report.cause(Cause::Endpoint).is_some_and(|cause| cause.light != Light::Green)
        };
        self.whole_report().is_some_and(untested) && self.test_offer().is_some() && !self.is_running(JobKind::Test)
    }

    pub(super) fn go_with_certificate(&mut self, mut choices: CertificateChoices, to: Go) -> Vec<Effect> {
        use CertificateStage as S;
        let mut effects = Vec::new();
        choices.stage = match (&choices.stage, to) {
            (S::Before, Go::Next) | (S::Seen(CertificateSeen::NotSought { .. }), Go::Next) => {
                effects.push(self.look_at_certificate(&choices));
                S::Looking
            }
            (S::Seen(CertificateSeen::Sought { token, says }), Go::Next) => {
                choices.sought = Some((token.clone(), says.clone()));
                effects.push(self.find_root(choices.token(), None));
                S::Searching
            }
            (S::Root, Go::Back) => {
                let (token, says) = choices.sought.clone().unwrap_or_default();
                S::Seen(CertificateSeen::Sought { token, says })
            }
            (S::Root, Go::Next) if choices.has_root() => {
                self.running.insert(JobKind::Certificate);
                effects.push(Effect::PlanCertificate(choices.token()));
                S::Planning
            }
            (S::Planned(_) | S::Refused(_), Go::Back) => S::Root,
            (S::Planned(plan), Go::Next) => {
                self.running.insert(JobKind::Repair);
                effects.push(Effect::SetCertificate(plan.token.clone()));
                S::Working
            }
            (other, _) => other.clone(),
        };
        self.walkthrough = Some(Walkthrough::Certificate(Box::new(choices)));
        effects
    }

    fn look_at_certificate(&mut self, choices: &CertificateChoices) -> Effect {
        self.stop_key = StopFlag::default();
        self.running.insert(JobKind::Certificate);
        let (cell, consents, stop) = (self.cell(), choices.agreed.clone(), self.stop_key.clone());
        Effect::SeekCertificate(CertificateAsked { cell, consents, stop })
    }

    fn find_root(&mut self, token: String, file: Option<PathBuf>) -> Effect {
        self.running.insert(JobKind::Certificate);
        Effect::FindRoot { token, file }
    }

    /// Takes in a click.
    pub(in super::super) fn certificate_click(&mut self, click: CertificateClick) -> Vec<Effect> {
        let Some(choices) = self.certificate() else { return Vec::new() };
        match click {
            CertificateClick::Agree(yes) => {
                let CertificateStage::Asks(asked) = std::mem::take(&mut choices.stage) else { return Vec::new() };
                if yes {
                    choices.agreed.extend(asked);
                    choices.stage = CertificateStage::Looking;
                    let choices = choices.clone();
                    return vec![self.look_at_certificate(&choices)];
                }
            }
            CertificateClick::ByFile(by_file) if choices.by_file != by_file => {
                (choices.by_file, choices.root, choices.nothing_chosen) = (by_file, None, false);
                if !by_file {
                    choices.stage = CertificateStage::Searching;
                    let token = choices.token();
                    return vec![self.find_root(token, None)];
                }
            }
            CertificateClick::ByFile(_) => {}
            CertificateClick::Typed(path) => (choices.path, choices.root) = (path, None),
            CertificateClick::UseTyped => {
                let path = typed_path(&choices.path);
                return path.map(|path| self.take_file(path)).unwrap_or_default();
            }
            CertificateClick::Browse => {
                choices.nothing_chosen = false;
                return vec![Effect::ChooseFile];
            }
        }
        Vec::new()
    }

    fn take_file(&mut self, path: PathBuf) -> Vec<Effect> {
        let Some(choices) = self.certificate().filter(|choices| choices.by_file) else { return Vec::new() };
        if choices.stage != CertificateStage::Root {
            return Vec::new();
        }
        (choices.path, choices.root, choices.stage) = (path.display().to_string(), None, CertificateStage::Searching);
        let token = choices.token();
        vec![self.find_root(token, Some(path))]
    }

    /// What the system's dialog for a file gave back.
    pub(in super::super) fn file_browsed(&mut self, file: Option<PathBuf>) -> Vec<Effect> {
        match file {
            Some(path) => self.take_file(path),
            None => {
                if let Some(choices) = self.certificate() {
                    choices.nothing_chosen = true;
                }
                Vec::new()
            }
        }
    }

    /// Takes in what the engine found. What comes after the step was left is of no use any more.
    pub(in super::super) fn certificate_news(&mut self, news: CertificateNews) -> Vec<Effect> {
        use CertificateStage as S;
        self.running.remove(&JobKind::Certificate);
        let Some(choices) = self.certificate() else { return Vec::new() };
        match (&choices.stage, news) {
            (S::Looking, CertificateNews::Seen(seen)) => choices.stage = seen.map_or_else(S::Asks, S::Seen),
            (S::Searching, CertificateNews::Root(root)) => (choices.root, choices.stage) = (Some(root), S::Root),
            (S::Planning, CertificateNews::Planned(planned)) => {
                choices.stage = planned.map_or_else(S::Refused, S::Planned);
            }
            _ => {}
        }
        Vec::new()
    }

    /// What came of doing it. None where nothing is being done.
    pub(in super::super) fn certificate_came_to(&mut self, stage: &RepairStage) -> Option<Vec<Effect>> {
        let RepairStage::Ended(end) = stage else { return None };
        let choices = self.certificate().filter(|choices| choices.stage == CertificateStage::Working)?;
        choices.stage = match end {
            RepairEnd::Healed { change, undoable } => {
                CertificateStage::Done(DoneChange { change: change.clone(), undoable: *undoable })
            }
            other => CertificateStage::NotDone(other.clone()),
        };
        Some(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::super::Action;
    use super::super::WalkthroughKind;
    use super::*;

    fn seen() -> CertificateSeen {
        CertificateSeen::Sought { token: "t".to_owned(), says: "by Kimco".to_owned() }
    }

    fn news(state: &mut State, news: CertificateNews) -> Vec<Effect> {
        state.update(Action::CertificateNews(news))
    }

    fn opened() -> State {
        let mut state = State::default();
        let effects = state.update(Action::OpenWalkthrough(WalkthroughKind::Certificate));
        assert!(matches!(&effects[..], [Effect::Watch(_)]), "nothing is sent before a word: {effects:?}");
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::SeekCertificate(_)]), "{effects:?}");
        state
    }

    fn choices(state: &State) -> CertificateChoices {
        match &state.walkthrough {
            Some(Walkthrough::Certificate(choices)) => (**choices).clone(),
            other => panic!("{other:?}"),
        }
    }

    fn number(state: &State) -> usize {
        state.step().map_or(0, |step| step.number)
    }

    #[test]
    fn from_the_look_to_the_change_and_what_is_under_way_is_not_left_alone() {
        let mut state = opened();
        news(&mut state, CertificateNews::Seen(Ok(seen())));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::FindRoot { token, file: None }] if token == "t"), "{effects:?}");
        news(&mut state, CertificateNews::Root(Ok(RootText::default())));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::PlanCertificate(token)] if token == "t"), "{effects:?}");
        let plan = PlanText { token: "p".to_owned(), ..PlanText::default() };
        news(&mut state, CertificateNews::Planned(Ok(plan)));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::SetCertificate(token)] if token == "p"), "{effects:?}");
        state.update(Action::Go(Go::Stop));
        assert!(state.walkthrough.is_some() && state.is_in_the_middle());
        let end = RepairEnd::Healed { change: "c".to_owned(), undoable: true };
        let effects = state.update(Action::RepairCameTo(RepairStage::Ended(end)));
        assert!(matches!(&effects[..], [Effect::Scan(_)]), "{effects:?}");
        assert_eq!(number(&state), 4);
    }

    #[test]
    fn a_folders_own_address_is_asked_about_before_it_is_connected_to() {
        let asked = vec![Consent::ProjectEndpoint { host: "gw.example".to_owned() }];
        let mut state = opened();
        news(&mut state, CertificateNews::Seen(Err(asked.clone())));
        assert!(state.update(Action::Certificate(CertificateClick::Agree(false))).is_empty());
        assert_eq!(choices(&state).stage, CertificateStage::Before);
        state.update(Action::Go(Go::Next));
        news(&mut state, CertificateNews::Seen(Err(asked.clone())));
        let effects = state.update(Action::Certificate(CertificateClick::Agree(true)));
        assert!(matches!(&effects[..], [Effect::SeekCertificate(look)] if look.consents == asked), "{effects:?}");
    }

    #[test]
    fn a_file_is_typed_or_chosen_and_one_that_does_not_help_can_be_changed_for_another() {
        let mut state = opened();
        news(&mut state, CertificateNews::Seen(Ok(seen())));
        state.update(Action::Go(Go::Next));
        news(&mut state, CertificateNews::Root(Err("there is none".to_owned())));
        assert!(state.update(Action::Go(Go::Next)).is_empty(), "without a root there is nothing to do");
        assert!(state.update(Action::FileBrowsed(Some("/late.pem".into()))).is_empty(), "nobody asks for a file");
        state.update(Action::Certificate(CertificateClick::ByFile(true)));
        assert!(matches!(state.update(Action::Certificate(CertificateClick::Browse))[..], [Effect::ChooseFile]));
        state.update(Action::FileBrowsed(None));
        assert!(choices(&state).nothing_chosen);
        state.update(Action::Certificate(CertificateClick::Typed(" \"/tmp/my root.pem\" ".to_owned())));
        let effects = state.update(Action::Certificate(CertificateClick::UseTyped));
        let [Effect::FindRoot { file: Some(file), .. }] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!(file, Path::new("/tmp/my root.pem"));
        news(&mut state, CertificateNews::Root(Err("of another".to_owned())));
        let effects = state.update(Action::FileBrowsed(Some("/tmp/other.pem".into())));
        assert!(matches!(&effects[..], [Effect::FindRoot { file: Some(_), .. }]), "{effects:?}");
        news(&mut state, CertificateNews::Root(Ok(RootText::default())));
        assert!(choices(&state).has_root() && choices(&state).path == "/tmp/other.pem");
        let effects = state.update(Action::Certificate(CertificateClick::ByFile(false)));
        assert!(matches!(&effects[..], [Effect::FindRoot { file: None, .. }]), "{effects:?}");
    }

    #[test]
    fn while_it_is_open_no_look_takes_away_what_the_test_said() {
        let mut state = opened();
        assert!(state.update(Action::CameBack).is_empty());
        state.update(Action::Escape);
        assert_eq!(state.walkthrough, None);
        news(&mut state, CertificateNews::Seen(Ok(seen())));
        assert_eq!(state.walkthrough, None, "it came late");
    }
}
