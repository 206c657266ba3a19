//! Claude Code where there is none, step by step: the ways, the one that was chosen, how to sign in, and the proof.
//!
//! Whether it is there is told by the report alone, so that each step goes on by itself once it is.

use authlight_core::fixes::install_claude_code::MENDS;
use authlight_core::report::{Cause, InstallRow, Live, Stage, Status};

use super::super::{Consent, StopFlag};
use super::{Effect, Go, JobKind, State, Step, Walkthrough, WalkthroughKind};
use crate::act::sign_in::Launch;

/// Copies of this kind run inside another program, and nobody can start them by typing.
const PRIVATE: [&str; 3] = ["vscode", "jetbrains", "desktop"];

/// How a way can be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// The command is copied; or, where there is none, the page tells the steps.
    Copied,
    /// The package manager can be started.
    Started,
    /// Node has to be asked for its version first.
    AsksNode,
    /// Something is missing.
    Closed,
}

/// A way to install Claude Code, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct WayOffer {
    /// Its name.
    pub id: &'static str,
    /// What it is.
    pub name: String,
    /// What it needs, and how that stands here.
    pub needs: String,
    /// What is typed; empty: several steps, which the page tells.
    pub command: &'static str,
    /// What takes it back.
    pub back: &'static str,
    /// How it can be gone.
    pub open: Open,
    /// How a terminal is opened in which it runs; none where it is copied.
    pub launch: Option<Launch>,
}

/// The ways for this machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WayOffers {
    /// The ways, the recommended one first.
    pub all: Vec<WayOffer>,
    /// The page that says more of each.
    pub page: &'static str,
    /// Whether another machine is examined than the one that runs: then nothing is started.
    pub elsewhere: bool,
}

/// How somebody who has just installed it signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// In the browser.
    #[default]
    Login,
    /// With a key.
    Key,
}

impl Method {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Login, Self::Key];

    /// The walkthrough that does it.
    pub const fn walkthrough(self) -> WalkthroughKind {
        match self {
            Self::Login => WalkthroughKind::SignIn,
            Self::Key => WalkthroughKind::PutKey,
        }
    }
}

/// What Claude Code says of itself, where it was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StatusAsked {
    /// Nobody asked.
    #[default]
    No,
    /// It is being asked.
    Running,
    /// What it said, in words.
    Told(String),
}

/// What came of a prompt of one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Whether it was answered.
    pub works: bool,
    /// What there is to say, in words; nothing, where it was not run.
    pub sentences: Vec<String>,
}

impl Proof {
    fn of(live: &Live) -> Self {
        let works = live.own_claude && live.works;
        let wanted = |status| if works { status == Status::Pass } else { status != Status::Pass };
        let told = live.stages.iter().filter(|row| row.stage >= Stage::Auth && live.own_claude && wanted(row.status));
        Self { works, sentences: told.map(|row| row.text.text().to_owned()).collect() }
    }
}

/// How far it is, and what was chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstallChoices {
    /// How far it is.
    pub stage: InstallStage,
    /// The ways; none while they are looked for.
    pub ways: Option<WayOffers>,
    /// The way that was chosen.
    pub way: Option<&'static str>,
    /// How to sign in.
    pub method: Method,
    /// What Claude Code says of itself.
    pub status: StatusAsked,
    /// What came of a prompt of one word.
    pub proof: Option<Proof>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InstallStage {
    /// The ways are shown.
    #[default]
    Ways,
    /// One was chosen, and is gone.
    Start,
    /// How to sign in.
    Method,
    /// Whether it works.
    Proof,
}

impl InstallChoices {
    /// The way that was chosen.
    pub fn chosen(&self) -> Option<&WayOffer> {
        self.ways.as_ref()?.all.iter().find(|way| Some(way.id) == self.way)
    }
}

/// What a person does in it.
#[derive(Clone, Debug)]
pub enum InstallClick {
    /// Go this way.
    Way(&'static str),
    /// Ask Node for its version.
    AskNode,
    /// Open a terminal in which the package manager runs.
    OpenTerminal,
    /// Sign in so.
    Method(Method),
    /// Ask Claude Code who is signed in.
    AskStatus,
    /// Let it answer a prompt of one word.
    Prove,
}

/// What the engine found.
#[derive(Clone, Debug)]
pub enum InstallNews {
    /// The ways.
    Ways(WayOffers),
    /// What Claude Code says of itself, in words.
    Status(String),
}

impl State {
    /// The copy of Claude Code that can be started by typing, as far as is known.
    pub fn claude_is_there(&self) -> Option<&InstallRow> {
        let report = self.whole_report()?;
        let missing = |found: &authlight_core::report::Finding| found.code.as_deref() == Some(MENDS);
        if report.causes.iter().flat_map(|cause| &cause.checks).any(missing) {
            return None;
        }
        let installs = &report.claude.installs;
        let own = || installs.iter().find(|row| !PRIVATE.contains(&row.kind.as_str()));
        installs.iter().find(|row| row.first).or_else(own)
    }

    /// The cause whose light says whether the credential is good that is used.
    pub(super) fn cause_of_what_signs_in(&self) -> Cause {
        use authlight_core::report::CredentialKind as K;
        let is_login = |kind| matches!(kind, K::Login | K::OauthToken | K::Profile);
        let sends = self.whole_report().map(|report| report.route.sends.as_slice()).unwrap_or_default();
        if sends.iter().all(|sent| is_login(sent.credential)) { Cause::Login } else { Cause::Key }
    }

    fn install(&mut self) -> Option<&mut InstallChoices> {
        match &mut self.walkthrough {
            Some(Walkthrough::Install(choices)) => Some(choices),
            _ => None,
        }
    }

    pub(super) fn open_install(&mut self) -> Vec<Effect> {
        self.walkthrough = Some(Walkthrough::Install(Box::default()));
        self.find_ways(false)
    }

    fn find_ways(&mut self, ask_node: bool) -> Vec<Effect> {
        self.stop_key = StopFlag::default();
        self.running.insert(JobKind::Install);
        vec![Effect::FindWays { cell: self.cell(), ask_node, stop: self.stop_key.clone() }]
    }

    pub(super) fn install_step(choices: &InstallChoices) -> Step {
        let (name, number) = match choices.stage {
            InstallStage::Ways => ("install-ways", 1),
            InstallStage::Start => ("install-start", 2),
            InstallStage::Method => ("install-method", 3),
            InstallStage::Proof => ("install-proof", 4),
        };
        Step { name, number, of: 4, back: number > 1, skip: choices.stage == InstallStage::Method }
    }

    pub(super) fn go_installing(&mut self, mut choices: InstallChoices, to: Go) -> Vec<Effect> {
        use InstallStage as S;
        let there = self.claude_is_there().is_some();
        let open = choices.chosen().map(|way| way.open);
        choices.stage = match (choices.stage, to) {
            (S::Ways | S::Start, Go::Next) if there => S::Method,
            (S::Ways, Go::Next) if matches!(open, Some(Open::Copied | Open::Started)) => S::Start,
            (S::Start, Go::Back) => S::Ways,
            (S::Method, Go::Back) if there || choices.way.is_none() => S::Ways,
            (S::Method, Go::Back) => S::Start,
            (S::Proof, Go::Back) => S::Method,
            (S::Method, Go::Next | Go::Skip) => S::Proof,
            (stage, _) => stage,
        };
        let signs_in = to == Go::Next && choices.stage == S::Proof;
        if signs_in && self.repair_is_under_way() {
            return Vec::new();
        }
        let method = choices.method;
        let choices = Walkthrough::Install(Box::new(choices));
        if signs_in {
            // It waits below the other walkthrough, and comes back when that is closed.
            self.outer = Some(choices);
            return self.open_walkthrough(method.walkthrough());
        }
        self.walkthrough = Some(choices);
        Vec::new()
    }

    /// Takes in a click.
    pub(in super::super) fn install_click(&mut self, click: InstallClick) -> Vec<Effect> {
        let folder = self.project.as_deref().map(|folder| folder.display().to_string());
        let (cell, stop, there) = (self.cell(), StopFlag::default(), self.claude_is_there().is_some());
        let Some(choices) = self.install() else { return Vec::new() };
        match click {
            InstallClick::Way(way) => choices.way = Some(way),
            InstallClick::AskNode => {
                choices.ways = None;
                return self.find_ways(true);
            }
            InstallClick::OpenTerminal => {
                let launch = choices.chosen().and_then(|way| way.launch.clone());
                return launch.map(Effect::OpenTerminal).into_iter().collect();
            }
            InstallClick::Method(method) => choices.method = method,
            InstallClick::AskStatus if there && choices.status != StatusAsked::Running => {
                choices.status = StatusAsked::Running;
                self.stop_key = stop.clone();
                self.running.insert(JobKind::Install);
                return vec![Effect::AskStatus(cell, stop)];
            }
            InstallClick::Prove if there => {
                let folder = folder.unwrap_or_else(|| "~".to_owned());
                self.consent_question = Some(vec![Consent::OwnClaude { folder }]);
            }
            InstallClick::AskStatus | InstallClick::Prove => {}
        }
        Vec::new()
    }

    /// Takes in what the engine found.
    pub(in super::super) fn install_news(&mut self, news: InstallNews) -> Vec<Effect> {
        self.running.remove(&JobKind::Install);
        let Some(choices) = self.install() else { return Vec::new() };
        match news {
            InstallNews::Ways(ways) => {
                let first = ways.all.iter().find(|way| way.open != Open::Closed).map(|way| way.id);
                choices.way = choices.way.filter(|way| ways.all.iter().any(|one| one.id == *way)).or(first);
                choices.ways = Some(ways);
            }
            InstallNews::Status(told) => choices.status = StatusAsked::Told(told),
        }
        Vec::new()
    }

    /// A test is over: what it says is kept, whatever a later look makes of the report.
    pub(in super::super) fn take_proof(&mut self) {
        let Some(proof) = self.report.as_deref().map(|report| Proof::of(&report.live)) else { return };
        if let Some(choices) = self.install().filter(|choices| choices.stage == InstallStage::Proof) {
            choices.proof = Some(proof);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::{Action, reports};
    use super::*;
    use authlight_core::report::Report;

    fn way(id: &'static str, open: Open) -> WayOffer {
        let (name, needs) = (id.to_owned(), String::new());
        WayOffer { id, name, needs, command: "install it", back: "", open, launch: None }
    }

    fn opened(report: Report) -> State {
        let mut state = State::default();
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(report)));
        let effects = state.update(Action::OpenWalkthrough(WalkthroughKind::Install));
        assert!(matches!(&effects[..], [Effect::FindWays { ask_node: false, .. }, Effect::Watch(_)]), "{effects:?}");
        let all = vec![way("winget", Open::Closed), way("native", Open::Copied), way("npm", Open::AsksNode)];
        state.update(Action::InstallNews(InstallNews::Ways(WayOffers { all, page: "", elsewhere: false })));
        state
    }

    fn choices(state: &State) -> &InstallChoices {
        match &state.walkthrough {
            Some(Walkthrough::Install(choices)) => choices,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_goes_on_once_claude_code_is_there_and_comes_back_for_the_proof() {
        let mut state = opened(reports::no_program());
        assert_eq!(choices(&state).way, Some("native"), "what is not possible here is not chosen");
        state.update(Action::Go(Go::Next));
        state.update(Action::Go(Go::Next));
        assert_eq!(choices(&state).stage, InstallStage::Start, "it is not there yet");
        assert!(state.update(Action::CameBack).iter().any(|effect| matches!(effect, Effect::Scan(_))));
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::nothing_configured())));
        state.update(Action::Go(Go::Next));
        assert_eq!(choices(&state).stage, InstallStage::Method);
        state.update(Action::Install(InstallClick::Method(Method::Key)));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::FindPutPlaces(_)]), "{effects:?}");
        assert_eq!(state.walkthrough.as_ref().map(Walkthrough::kind), Some(WalkthroughKind::PutKey));
        state.update(Action::Escape);
        assert_eq!(choices(&state).stage, InstallStage::Proof, "what waited below comes back");
        state.update(Action::Escape);
        assert_eq!(state.walkthrough, None);
        state.update(Action::OpenWalkthrough(WalkthroughKind::SignIn));
        state.update(Action::Escape);
        assert_eq!(state.walkthrough, None, "nothing waits any more");
    }

    #[test]
    fn a_node_that_was_not_asked_is_no_way_yet() {
        let mut state = opened(reports::no_program());
        state.update(Action::Install(InstallClick::Way("npm")));
        state.update(Action::Go(Go::Next));
        assert_eq!(choices(&state).stage, InstallStage::Ways);
        let effects = state.update(Action::Install(InstallClick::AskNode));
        assert!(matches!(&effects[..], [Effect::FindWays { ask_node: true, .. }]), "{effects:?}");
        let all = vec![way("native", Open::Copied), way("npm", Open::Started)];
        state.update(Action::InstallNews(InstallNews::Ways(WayOffers { all, page: "", elsewhere: false })));
        assert_eq!(choices(&state).way, Some("npm"), "the choice stays");
        state.update(Action::Go(Go::Next));
        assert_eq!(choices(&state).stage, InstallStage::Start);
    }

    #[test]
    fn a_package_manager_is_started_in_a_terminal_on_a_click_alone() {
        let mut state = opened(reports::no_program());
        let launch = Some(Launch::of_a_test());
        let all = vec![WayOffer { launch: launch.clone(), ..way("npm", Open::Started) }];
        state.update(Action::Install(InstallClick::Way("npm")));
        state.update(Action::InstallNews(InstallNews::Ways(WayOffers { all, page: "", elsewhere: false })));
        assert!(state.update(Action::Go(Go::Next)).is_empty(), "the step begins with nothing started");
        let effects = state.update(Action::Install(InstallClick::OpenTerminal));
        assert!(
            matches!(&effects[..], [Effect::OpenTerminal(opened)] if Some(opened) == launch.as_ref()),
            "{effects:?}"
        );
        state.update(Action::TerminalOpened(false));
        assert_eq!(choices(&state).stage, InstallStage::Start, "the command can still be copied");
    }

    #[test]
    fn the_proof_needs_a_word_and_stays_whatever_is_looked_at_later() {
        let mut state = opened(reports::nothing_configured());
        state.update(Action::Go(Go::Next));
        state.update(Action::Go(Go::Skip));
        assert!(state.update(Action::Install(InstallClick::Prove)).is_empty());
        assert!(matches!(state.consent_question.as_deref(), Some([Consent::OwnClaude { .. }])));
        let effects = state.update(Action::AnswerConsent(true));
        let asked = |effect: &Effect| matches!(effect, Effect::Test(request) if request.consents.len() == 1);
        assert!(effects.iter().any(asked), "{effects:?}");
        let mut report = reports::verified();
        (report.live.own_claude, report.live.works) = (true, true);
        state.update(Action::ReportArrived(JobKind::Test, Arc::new(report)));
        assert!(choices(&state).proof.as_ref().is_some_and(|proof| proof.works));
        assert!(state.update(Action::FilesChanged(super::super::super::ShellUse::Known)).is_empty());
        assert!(state.report.as_ref().is_some_and(|report| report.live.works), "the lights stay as they were proved");
    }
}
