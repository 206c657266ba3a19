//! Walkthroughs: a repair with one question or action at a time.
//!
//! A walkthrough knows its choices; how far it is follows from them and from the rest of the state, so that the two
//! never disagree. A face draws [`State::step`] around whatever the step asks.

pub mod certificate;
pub mod install;
pub mod key;
pub mod provider;
pub mod reset;

use std::path::PathBuf;

use authlight_core::report::{Cause, Context, Finding};

use super::{Action, Effect, JobKind, RepairStage, SignInClick, State};
use crate::act::sign_in::{BROWSER_SAYS, BrowserSays, Call, Ended, Phase, Place, Settled};
use certificate::{CertificateChoices, CertificateStage};
use install::{InstallChoices, InstallStage};
use key::{KeyChoices, KeyTask};
use provider::ProviderChoices;
pub use reset::{ResetAsked, ResetChoices, ResetPart, ResetPlan, ResetStage};

/// Which walkthroughs there are, in the order of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkthroughKind {
    /// Sign in again.
    SignIn,
    /// Put a key where Claude Code will see it.
    PutKey,
    /// A new key in every place of the old one.
    Rotate,
    /// Set a provider up.
    Provider,
    /// The credential reset.
    Reset,
    /// Set up Claude Code.
    Install,
    /// A company's certificate.
    Certificate,
}

impl WalkthroughKind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::SignIn, Self::PutKey, Self::Rotate, Self::Provider, Self::Reset, Self::Install, Self::Certificate];

    /// Its name among the words: `walk-sign-in`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::PutKey => "put-key",
            Self::Rotate => "rotate",
            Self::Provider => "provider",
            Self::Reset => "reset",
            Self::Install => "install",
            Self::Certificate => "certificate",
        }
    }

    /// The cause whose light turns when it has worked.
    pub const fn cause(self) -> Cause {
        match self {
            Self::SignIn | Self::Reset => Cause::Login,
            Self::PutKey => Cause::Environment,
            Self::Rotate => Cause::Key,
            Self::Provider => Cause::Endpoint,
            Self::Install => Cause::Install,
            Self::Certificate => Cause::Endpoint,
        }
    }

    /// The walkthrough that a fix leads to.
    pub fn of_fix(id: &str) -> Option<Self> {
        match id {
            "F.sign_in" => Some(Self::SignIn),
            "F.put_key" => Some(Self::PutKey),
            "F.rotate_key" => Some(Self::Rotate),
            "F.set_up_provider" => Some(Self::Provider),
            "F.install_claude_code" => Some(Self::Install),
            "F.company_certificate" => Some(Self::Certificate),
            _ => None,
        }
    }
}

/// A walkthrough that is open, with what was chosen in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Walkthrough {
    /// Sign in again.
    SignIn(SignInChoices),
    /// The credential reset.
    Reset(ResetChoices),
    /// A new key.
    Key(Box<KeyChoices>),
    /// A provider.
    Provider(Box<ProviderChoices>),
    /// Set up Claude Code.
    Install(Box<InstallChoices>),
    /// A company's certificate.
    Certificate(Box<CertificateChoices>),
}

/// A folder and an environment, as they are on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The project folder, as in [`super::ScanRequest`].
    pub project: Option<PathBuf>,
    /// Whose environment.
    pub context: Context,
    /// Of the new terminal, the files alone count.
    pub files_only: bool,
}

impl Walkthrough {
    /// The cause whose light turns at this step. Where it is asked whether all works, that is what signs in.
    pub fn cause(&self, state: &State) -> Cause {
        match self {
            Self::Install(choices) if choices.stage == InstallStage::Proof => state.cause_of_what_signs_in(),
            _ => self.kind().cause(),
        }
    }

    /// Which it is.
    pub const fn kind(&self) -> WalkthroughKind {
        match self {
            Self::SignIn(_) => WalkthroughKind::SignIn,
            Self::Reset(_) => WalkthroughKind::Reset,
            Self::Key(choices) if matches!(choices.task, KeyTask::Rotate) => WalkthroughKind::Rotate,
            Self::Key(_) => WalkthroughKind::PutKey,
            Self::Provider(_) => WalkthroughKind::Provider,
            Self::Install(_) => WalkthroughKind::Install,
            Self::Certificate(_) => WalkthroughKind::Certificate,
        }
    }
}

/// What a person chooses about signing in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignInChoices {
    /// To what the login belongs, and how the page begins. `None`: as the organisation asks for, else to claude.ai.
    pub call: Option<Call>,
    /// Where the person signs in: a browser on another computer is answered in a terminal.
    pub place: Place,
    /// Whether the choices are open that few need.
    pub more: bool,
    /// Whether the list of what the browser can say is open.
    pub browser_list: bool,
    /// What the browser says, of [`BROWSER_SAYS`].
    pub browser_says: Option<usize>,
}

impl SignInChoices {
    /// What the browser says.
    pub fn said(&self) -> Option<&'static BrowserSays> {
        BROWSER_SAYS.get(self.browser_says?)
    }
}

/// The step at which a walkthrough is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name among the words: `walk-sign-in-account`, with `.why` and `.worked`.
    pub name: &'static str,
    /// Which it is, from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
    /// Whether there is a way back.
    pub back: bool,
    /// Whether it can be left out.
    pub skip: bool,
}

/// Where a person goes in a walkthrough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// Do what the step asks, and go on.
    Next,
    /// To the step before.
    Back,
    /// Leave this one out.
    Skip,
    /// End it. What is under way is stopped first.
    Stop,
}

impl State {
    /// The step that is on the screen.
    pub fn step(&self) -> Option<Step> {
        match self.walkthrough.as_ref()? {
            Walkthrough::SignIn(_) => Some(self.sign_in_step()),
            Walkthrough::Reset(choices) => Some(self.reset_step(choices)),
            Walkthrough::Key(choices) => Some(self.key_step(choices)),
            Walkthrough::Provider(choices) => Some(self.provider_step(choices)),
            Walkthrough::Install(choices) => Some(Self::install_step(choices)),
            Walkthrough::Certificate(choices) => Some(Self::certificate_step(choices)),
        }
    }

    /// Opens a walkthrough.
    pub(super) fn open_walkthrough(&mut self, kind: WalkthroughKind) -> Vec<Effect> {
        if self.repair_is_under_way() {
            return Vec::new();
        }
        self.repairing = None;
        match kind {
            WalkthroughKind::SignIn => {
                self.sign_in = self.sign_in.take().filter(|open| !open.is_over());
                self.walkthrough = Some(Walkthrough::SignIn(SignInChoices::default()));
                Vec::new()
            }
            WalkthroughKind::Reset => self.open_reset(),
            WalkthroughKind::PutKey => self.open_key(KeyTask::Put),
            WalkthroughKind::Rotate => self.open_key(KeyTask::Rotate),
            WalkthroughKind::Provider => self.open_provider(),
            WalkthroughKind::Install => self.open_install(),
            WalkthroughKind::Certificate => {
                self.walkthrough = Some(Walkthrough::Certificate(Box::default()));
                Vec::new()
            }
        }
    }

    /// The folder and the environment that are on the screen.
    pub(super) fn cell(&self) -> Cell {
        Cell { project: self.project.clone(), context: self.context, files_only: self.files_only }
    }

    /// Goes on, back, past a step, or out.
    pub(super) fn go(&mut self, to: Go) -> Vec<Effect> {
        match (&self.walkthrough, to) {
            (None, _) => Vec::new(),
            (Some(_), Go::Stop) => {
                self.close_walkthrough();
                Vec::new()
            }
            (Some(Walkthrough::SignIn(choices)), to) => {
                let choices = choices.clone();
                self.go_signing_in(choices, to)
            }
            (Some(Walkthrough::Reset(choices)), to) => {
                let choices = choices.clone();
                self.go_resetting(choices, to)
            }
            (Some(Walkthrough::Key(choices)), to) => {
                let choices = (**choices).clone();
                self.go_with_key(choices, to)
            }
            (Some(Walkthrough::Provider(choices)), to) => {
                let choices = (**choices).clone();
                self.go_setting_up(choices, to)
            }
            (Some(Walkthrough::Install(choices)), to) => {
                let choices = (**choices).clone();
                self.go_installing(choices, to)
            }
            (Some(Walkthrough::Certificate(choices)), to) => {
                let choices = (**choices).clone();
                self.go_with_certificate(choices, to)
            }
        }
    }

    /// Ends the walkthrough; what is under way is stopped first, and the walkthrough stays until it has ended. Says
    /// whether there was one.
    pub(super) fn close_walkthrough(&mut self) -> bool {
        match &self.walkthrough {
            None => return false,
            Some(Walkthrough::SignIn(_)) => {
                if self.close_sign_in() && self.sign_in.is_some() {
                    return true;
                }
            }
            Some(_) if self.is_in_the_middle() => {
                // A test ends soon after; what is being written is waited for.
                self.stop_key.stop();
                return true;
            }
            Some(_) => {}
        }
        self.stop_key.stop();
        self.stop_git.stop();
        self.walkthrough = None;
        true
    }

    /// Whether closing the walkthrough now would leave something half done.
    pub fn is_in_the_middle(&self) -> bool {
        match &self.walkthrough {
            None => false,
            Some(Walkthrough::SignIn(_)) => self.sign_in.as_ref().is_some_and(|sign_in| !sign_in.is_over()),
            Some(Walkthrough::Key(choices)) => Self::is_key_busy(choices),
            Some(Walkthrough::Provider(choices)) => choices.is_busy(),
            Some(Walkthrough::Reset(choices)) => matches!(choices.stage, ResetStage::Working { .. }),
            Some(Walkthrough::Install(_)) => false,
            Some(Walkthrough::Certificate(choices)) => choices.stage == CertificateStage::Working,
        }
    }

    /// What came of something that a walkthrough does.
    pub(super) fn walkthrough_came_to(&mut self, stage: &RepairStage) -> Vec<Effect> {
        let came = self.reset_came_to(stage).or_else(|| self.key_came_to(stage));
        came.or_else(|| self.certificate_came_to(stage)).unwrap_or_default()
    }

    /// A change was taken back: what a walkthrough says of it does not hold any more.
    pub(super) fn close_what_was_taken_back(&mut self) {
        self.walkthrough = self.walkthrough.take().filter(|open| open.kind() == WalkthroughKind::SignIn);
    }

    /// What follows from the report when a walkthrough is through: the finding that is worst and can be repaired.
    pub fn next_repair(&self) -> Option<&Finding> {
        let report = self.whole_report()?;
        if let Some(rival) = self.rival_of_login()
            && let Some(found) = report.causes.iter().flat_map(|cause| &cause.checks).find(|found| {
                found.code.as_deref() == Some(rival.0) && found.instance.0 == rival.1 && found.fix.is_some()
            })
        {
            return Some(found);
        }
        let cause = report.cause(report.verdict.cause?)?;
        cause.checks.iter().filter(|found| found.fix.is_some()).max_by_key(|found| found.status)
    }

    fn rival_of_login(&self) -> Option<(&str, &str)> {
        match &self.sign_in.as_ref()?.phase {
            Phase::Ended(Ended::SignedIn(Settled::Shadowed(Some(rival)))) => Some((&rival.code, &rival.instance.0)),
            _ => None,
        }
    }

    /// Whether something is being done that must not be left alone.
    fn repair_is_under_way(&self) -> bool {
        let stage = self.repairing.as_ref().map(|open| &open.stage);
        matches!(stage, Some(RepairStage::Working | RepairStage::Undoing(_)))
            || self.is_running(JobKind::SignIn)
            || self.is_in_the_middle()
    }

    fn sign_in_step(&self) -> Step {
        let phase = self.sign_in.as_ref().map(|sign_in| &sign_in.phase);
        let (name, number) = match phase {
            None => ("sign-in-account", 1),
            Some(Phase::Ended(Ended::SignedIn(_))) => ("sign-in-result", 3),
            Some(Phase::Ended(Ended::InTerminal(_))) => ("sign-in-terminal", 2),
            Some(_) => ("sign-in-browser", 2),
        };
        let over = matches!(phase, Some(Phase::Ended(_)));
        Step { name, number, of: 3, back: number == 2 && over, skip: false }
    }

    fn go_signing_in(&mut self, choices: SignInChoices, to: Go) -> Vec<Effect> {
        let over = self.sign_in.as_ref().map(|sign_in| sign_in.is_over());
        match (to, over) {
            (Go::Next, None | Some(true)) => {
                let (call, place) = (choices.call.clone(), choices.place);
                self.walkthrough =
                    Some(Walkthrough::SignIn(SignInChoices { browser_list: false, browser_says: None, ..choices }));
                self.sign_in_click(SignInClick::Start { call, place })
            }
            (Go::Back, Some(true)) => {
                self.sign_in = None;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}

impl Action {
    /// What the button of this fix does: opens its plan, or the walkthrough that it leads to.
    pub fn of_fix(found: &Finding) -> Option<Self> {
        let fix = found.fix.as_ref()?;
        let walkthrough = WalkthroughKind::of_fix(&fix.id).map(Self::OpenWalkthrough);
        Some(walkthrough.unwrap_or_else(|| Self::OpenRepair(fix.id.to_string(), found.instance.clone())))
    }
}
