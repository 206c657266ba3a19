//! What a click does to a sign-in.

use std::path::PathBuf;

use super::{Effect, JobKind, Notice, ShellUse, State, StopFlag};
use crate::act::sign_in::{Call, Ended, Launch, Phase, Place, Rival, Settled, SignIn, SignInEvent};
use authlight_core::report::{Cause, Context, CredentialKind, Finding, Light, Report};

/// What a person does about signing in.
#[derive(Clone, Debug, PartialEq)]
pub enum SignInClick {
    /// Sign in.
    Start {
        /// How Claude Code is called; none: as the organisation asks for, else to claude.ai.
        call: Option<Call>,
        /// Where the person signs in.
        place: Place,
    },
    /// Open the page once more.
    OpenPage,
    /// Copy the address of the page.
    CopyPage,
    /// Open a terminal with the sign-in running.
    OpenTerminal,
    /// Copy the command.
    CopyCommand,
    /// Stop it; where it is over, close what is shown of it.
    Close,
}

/// Where and how to sign in.
#[derive(Clone, Debug, Default)]
pub struct SignInRequest {
    /// The project folder, as in [`super::ScanRequest`].
    pub project: Option<PathBuf>,
    /// Whose environment.
    pub context: Context,
    /// Of the new terminal, the files alone count.
    pub files_only: bool,
    /// How Claude Code is called; none: as the organisation asks for, else to claude.ai.
    pub call: Option<Call>,
    /// Where the person signs in.
    pub place: Place,
    /// Set when the person stops it.
    pub stop: StopFlag,
}

impl State {
    /// Takes in a click.
    pub(super) fn sign_in_click(&mut self, click: SignInClick) -> Vec<Effect> {
        match click {
            SignInClick::Start { call, place } => {
                self.stop_sign_in.stop();
                self.stop_sign_in = StopFlag::default();
                self.running.insert(JobKind::SignIn);
                let was_signed_in = self.report.as_deref().is_some_and(uses_a_login);
                self.sign_in = Some(SignIn { was_signed_in, ..SignIn::new(call.clone().unwrap_or_default()) });
                let (project, stop) = (self.project.clone(), self.stop_sign_in.clone());
                let (context, files_only) = (self.context, self.files_only);
                vec![Effect::SignIn(SignInRequest { project, context, files_only, call, place, stop })]
            }
            SignInClick::OpenPage => {
                if let Some(sign_in) = &mut self.sign_in {
                    sign_in.came_back = false;
                }
                self.page_address().map(Effect::Open).into_iter().collect()
            }
            SignInClick::CopyPage => {
                let copied = self.page_address().map(Effect::Copy);
                self.notice = copied.as_ref().map(|_| Notice::CommandCopied);
                copied.into_iter().collect()
            }
            SignInClick::OpenTerminal => self.launch().map(Effect::OpenTerminal).into_iter().collect(),
            SignInClick::CopyCommand => {
                let copied = self.sign_in.as_ref().map(|sign_in| Effect::Copy(sign_in.call.command()));
                self.notice = copied.as_ref().map(|_| Notice::CommandCopied);
                copied.into_iter().collect()
            }
            SignInClick::Close => {
                self.close_sign_in();
                Vec::new()
            }
        }
    }

    /// Stops a sign-in that is under way; closes one that is over. Says whether there was one.
    pub(super) fn close_sign_in(&mut self) -> bool {
        self.stop_sign_in.stop();
        match &self.sign_in {
            Some(sign_in) if sign_in.is_over() => self.sign_in = None,
            // Its end comes from the job, which ends the program first.
            Some(_) => {}
            None => return false,
        }
        true
    }

    /// Takes in what happened.
    pub(super) fn sign_in_heard(&mut self, event: SignInEvent) -> Vec<Effect> {
        let ended = match &event {
            SignInEvent::Ended(ended) => Some(ended.clone()),
            _ => None,
        };
        if ended.is_some() {
            self.running.remove(&JobKind::SignIn);
        }
        let Some(sign_in) = &mut self.sign_in else { return Vec::new() };
        let open = sign_in.hear(event).map(|page| Effect::Open(page.address().to_owned()));
        // What is on the screen is of before.
        let again = matches!(ended, Some(Ended::SignedIn(_) | Ended::Failed(_) | Ended::TimedOut(_)));
        let mut again = if again { self.scan(ShellUse::Known) } else { Vec::new() };
        if matches!(ended, Some(Ended::SignedIn(Settled::Used))) {
            again.push(Effect::FindOldLogins(self.cell()));
        }
        open.into_iter().chain(again).collect()
    }

    /// Whether the person has stopped it, and it is not over yet.
    pub fn is_sign_in_stopping(&self) -> bool {
        self.is_running(JobKind::SignIn) && self.stop_sign_in.is_stopped()
    }

    /// What came of it can change with the report: a repair takes away what was used in the place of the new login, and
    /// of a sign-in in a terminal nothing else tells.
    pub(super) fn settle_anew(&mut self) {
        let (Some(sign_in), Some(report)) = (&mut self.sign_in, self.report.as_deref()) else { return };
        let Phase::Ended(ended) = &mut sign_in.phase else { return };
        match ended {
            Ended::InTerminal(_) if !sign_in.was_signed_in && uses_a_login(report) => {
                *ended = Ended::SignedIn(Settled::Used);
            }
            Ended::SignedIn(settled @ Settled::Shadowed(_)) if uses_a_login(report) => *settled = Settled::Used,
            Ended::SignedIn(Settled::Shadowed(rival @ Some(_))) => {
                let is_rival = |found: &Finding| {
                    let same =
                        |rival: &Rival| found.code.as_deref() == Some(&rival.code) && found.instance == rival.instance;
                    rival.as_ref().is_some_and(same)
                };
                if !report.causes.iter().flat_map(|cause| &cause.checks).any(is_rival) {
                    *rival = None;
                }
            }
            _ => {}
        }
    }

    /// A page could not be opened: whether it was that of the sign-in, which shows its address itself.
    pub(super) fn was_sign_in_page(&mut self, address: &str) -> bool {
        self.sign_in.as_mut().is_some_and(|sign_in| {
            sign_in.page_was_not_opened(address);
            sign_in.page.as_ref().is_some_and(|page| page.address() == address)
        })
    }

    fn page_address(&self) -> Option<String> {
        self.sign_in.as_ref()?.page.as_ref().map(|page| page.address().to_owned())
    }

    fn launch(&self) -> Option<Launch> {
        match &self.sign_in.as_ref()?.phase {
            Phase::Ended(Ended::InTerminal(plan)) => plan.launch.clone(),
            _ => None,
        }
    }
}

/// Whether a sign-in by the browser is what Claude Code uses, and nothing is wrong with it.
fn uses_a_login(report: &Report) -> bool {
    let kinds = [CredentialKind::Login, CredentialKind::ManagedKey];
    let used = report.route.sends.iter().any(|sent| kinds.contains(&sent.credential));
    used && report.cause(Cause::Login).is_some_and(|cause| matches!(cause.light, Light::Green | Light::Grey))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::sign_in::Page;
    use crate::state::Action;
    use std::sync::atomic::Ordering;

    const ADDRESS: &str =
        "https://claude.com/cai/oauth/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A4711%2Fcallback";

    fn started() -> (State, SignInRequest) {
        let mut state = State::default();
        let start = SignInClick::Start { call: None, place: Place::Best };
        let effects = state.update(Action::SignInClicked(start));
        let [Effect::SignIn(request)] = &effects[..] else { panic!("{effects:?}") };
        let request = request.clone();
        (state, request)
    }

    fn hear(state: &mut State, event: SignInEvent) -> Vec<Effect> {
        state.update(Action::SignIn(event))
    }

    #[test]
    fn the_page_is_opened_and_can_be_copied_and_where_it_is_not_opened_the_sign_in_says_so() {
        let (mut state, _) = started();
        assert!(state.update(Action::SignInClicked(SignInClick::CopyPage)).is_empty());
        let effects = hear(&mut state, SignInEvent::Page(Page::of(ADDRESS).unwrap()));
        assert!(matches!(&effects[..], [Effect::Open(address)] if address == ADDRESS), "{effects:?}");
        let copied = state.update(Action::SignInClicked(SignInClick::CopyPage));
        assert!(matches!(&copied[..], [Effect::Copy(address)] if address == ADDRESS));
        state.update(Action::PageNotOpened(ADDRESS.to_owned()));
        assert_eq!(state.notice, Some(Notice::CommandCopied));
        assert!(state.sign_in.as_ref().unwrap().not_opened);
        state.update(Action::PageNotOpened("https://code.claude.com".to_owned()));
        assert!(matches!(state.notice, Some(Notice::PageNotOpened(_))));
    }

    #[test]
    fn stopping_asks_the_job_and_the_second_time_closes() {
        let (mut state, request) = started();
        state.update(Action::Escape);
        assert!(request.stop.shared().load(Ordering::Relaxed) && state.sign_in.is_some());
        assert!(hear(&mut state, SignInEvent::Ended(Ended::Cancelled)).is_empty());
        assert!(!state.is_running(JobKind::SignIn) && state.sign_in.is_some());
        state.update(Action::SignInClicked(SignInClick::Close));
        assert_eq!(state.sign_in, None);
    }

    #[test]
    fn after_a_sign_in_it_is_looked_again() {
        let (mut state, _) = started();
        let effects = hear(&mut state, SignInEvent::Ended(Ended::SignedIn(Settled::Used)));
        assert!(matches!(&effects[..], [Effect::Scan(_), Effect::FindOldLogins(_)]), "{effects:?}");
    }

    #[test]
    fn a_new_sign_in_ends_the_old_one_and_a_broken_one_is_closed() {
        let (mut state, first) = started();
        let start = SignInClick::Start { call: None, place: Place::Terminal };
        let effects = state.update(Action::SignInClicked(start));
        assert!(matches!(&effects[..], [Effect::SignIn(request)] if request.place == Place::Terminal));
        assert!(first.stop.shared().load(Ordering::Relaxed));
        state.update(Action::JobBroke(JobKind::SignIn));
        assert!(state.sign_in.is_none() && !state.is_running(JobKind::SignIn));
    }
}
