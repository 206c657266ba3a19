//! Signing in again, by the person's own `claude auth login`: run as a child, or by the person in a terminal.
//!
//! ```text
//! SignInRequest ──► sign_in() ──► SignInEvent … ──► Ended ──► settled(): does the new login win?
//!                       │              └──► SignIn (what is on the screen)
//!                       └──► TerminalPlan, where the browser cannot hand the sign-in over
//! ```
//!
//! No code, password or token comes to us: the program gets them from the browser on its own port, or in a terminal.

mod settled;
mod terminal;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::claude_code::sign_in::{CONSOLE_SINCE, Dialogue, HELP, Heard, Trouble};
use authlight_core::installs::Condition;
use authlight_core::message::Message;
use authlight_core::policy::ForcedLogin;
use authlight_core::report::Host;

pub use authlight_core::claude_code::sign_in::{Account, BROWSER_SAYS, BrowserSays, Call, Page};
pub use settled::{Settled, settled};
pub use terminal::{Job, Launch, TerminalPlan, launch, terminal_plan};

use crate::examination::Examination;
use crate::live::OwnClaude;
use crate::machine::asked_page::AskedPage;
use crate::machine::session::{Errand, ErrandTrouble, Piece, Rest, listen, run};
use crate::report_out::redaction::{self, LeakPass};

/// How long a person has in the browser.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// How long the program may take to print its help.
const HELP_TIME: Duration = Duration::from_secs(20);

/// What happens while somebody signs in.
#[derive(Clone, Debug, PartialEq)]
pub enum SignInEvent {
    /// The program was started.
    Started,
    /// A page: of one that hands over, the face opens it; of another the program has opened its own, and this one ends
    /// with a code.
    Page(Page),
    /// The program waits for the browser.
    Waiting,
    /// It says that it has signed in; now it is looked whether the new login wins.
    Checking,
    /// It is over.
    Ended(Ended),
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// Signed in, and what that comes to.
    SignedIn(Settled),
    /// The program said that it did not work.
    Failed(Trouble),
    /// The program could not be run, and why.
    NotRun(String),
    /// Nobody signed in within this time.
    TimedOut(Duration),
    /// The person stopped it.
    Cancelled,
    /// The browser cannot hand over: the person does it in a terminal.
    InTerminal(Box<TerminalPlan>),
    /// There is no program to sign in with.
    NoProgram,
    /// The machine that is looked at is not this one.
    NotHere,
}

impl Ended {
    /// The sentence, with what to do in its `.do`.
    pub fn message(&self) -> Message {
        match self {
            Self::SignedIn(settled) => settled.message(),
            Self::Failed(trouble) => trouble.message(),
            Self::NotRun(why) => Message::new("sign-in-not-run").with("why", why.as_str()),
            Self::TimedOut(after) => {
                let minutes = i64::try_from(after.as_secs().div_ceil(60)).unwrap_or(i64::MAX);
                Message::new("sign-in-timed-out").with("minutes", minutes)
            }
            Self::Cancelled => Message::new("sign-in-cancelled"),
            Self::InTerminal(plan) => Message::new("sign-in-in-terminal").with("place", plan.place),
            Self::NoProgram => Message::new("sign-in-no-program"),
            Self::NotHere => Message::new("sign-in-not-here"),
        }
    }

    /// What to look at; none where there is nothing to do.
    pub fn to_do(&self) -> Option<Message> {
        let message = self.message();
        let key = format!("{}.do", message.key);
        let mut to_do = Message::new(key);
        to_do.args = message.args;
        (*self != Self::Cancelled).then_some(to_do)
    }

    /// The page that helps on.
    pub fn page(&self) -> Option<&'static str> {
        match self {
            Self::Failed(trouble) => Some(trouble.page()),
            Self::NoProgram => Some("https://code.claude.com/docs/en/setup"),
            _ => None,
        }
    }
}

/// Where the browser cannot hand the sign-in over to a program on this machine: the word of the place.
pub fn hands_over_elsewhere(host: &Host) -> Option<&'static str> {
    [(host.ssh, "ssh"), (host.container, "container"), (host.wsl, "wsl")]
        .into_iter()
        .find_map(|(is, place)| is.then_some(place))
}

/// Where the person signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In the browser, where it can hand over; else in a terminal.
    #[default]
    Best,
    /// In the browser, whatever is to be expected: a container can share its network with the browser.
    Browser,
    /// In a terminal.
    Terminal,
}

/// Whether it is done in a terminal on this machine.
pub(crate) fn is_in_terminal(place: Place, host: &Host) -> bool {
    match place {
        Place::Best => hands_over_elsewhere(host).is_some(),
        Place::Browser => false,
        Place::Terminal => true,
    }
}

/// The person's own program. Whatever is told to `claude` itself has no part in signing in.
///
/// # Errors
/// How a sign-in ends without it.
pub fn own_program(examination: &Examination, outside: &dyn Fn(&str) -> PathBuf) -> Result<OwnClaude, Ended> {
    let own = examination.own_claude(outside);
    let there = examination.snapshot.installs.first().is_some_and(|first| first.condition == Condition::Runs);
    own.ok_or(if there { Ended::NotHere } else { Ended::NoProgram })
}

/// How Claude Code is called where the person chose nothing: as the organisation asks for (documented:
/// `forceLoginMethod`; the command itself was seen not to look at it).
pub fn asked_for(examination: &Examination) -> Call {
    let console = examination.resolution.policy.login == Some(ForcedLogin::Console);
    Call { account: if console { Account::Console } else { Account::ClaudeAi }, ..Call::default() }
}

/// A line that a program printed, without anything that is or looks like a secret.
pub(crate) fn washed(said: &str, pass: &LeakPass) -> String {
    let mut bytes = said.as_bytes().to_vec();
    pass.replace(&mut bytes);
    redaction::redact_text(&String::from_utf8_lossy(&bytes)).text
}

/// One attempt.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// The program, and the surroundings in which it is run.
    pub own: &'a OwnClaude,
    /// How it is called.
    pub call: &'a Call,
    /// How long the person has.
    pub patience: Duration,
    /// This program.
    pub helper: &'a Path,
    /// Set when the person stops it.
    pub cancel: &'a AtomicBool,
}

/// Runs the program until it has signed in or given up. When this returns, nothing of it is left.
///
/// # Errors
/// How it ended otherwise.
pub fn sign_in(attempt: &Attempt<'_>, told: &mut dyn FnMut(SignInEvent)) -> Result<(), Ended> {
    knows_the_command(attempt)?;
    let asked = AskedPage::new().map_err(|error| Ended::NotRun(error.to_string()))?;
    let mut environment = attempt.own.environment.clone();
    // How programs are called there was not observed: then the program opens the browser itself.
    if cfg!(unix) {
        asked.put_into(&mut environment, attempt.helper);
    }
    let arguments: Vec<OsString> = attempt.call.arguments().into_iter().map(OsString::from).collect();
    let errand = errand(attempt, &arguments, &environment, attempt.patience);
    told(SignInEvent::Started);
    let mut dialogue = Dialogue::default();
    let mut handing_over = false;
    let code = listen(&errand, Rest::Stays, &mut |piece| {
        let heard = match piece {
            Piece::Out(piece) => dialogue.hear(piece),
            Piece::Aside(piece) => {
                dialogue.hear_aside(piece);
                Vec::new()
            }
            Piece::Nothing => Vec::new(),
        };
        if !handing_over && let Some(page) = asked.take() {
            handing_over = true;
            told(SignInEvent::Page(page));
        }
        for heard in heard {
            told(match heard {
                Heard::Page(page) => SignInEvent::Page(page),
                Heard::Waits => SignInEvent::Waiting,
            });
        }
    });
    let code = code.map_err(|trouble| match trouble {
        ErrandTrouble::Cancelled => Ended::Cancelled,
        ErrandTrouble::TimedOut => Ended::TimedOut(attempt.patience),
        ErrandTrouble::NotRunnable(why) => Ended::NotRun(why),
    })?;
    dialogue.ended(code).map_err(Ended::Failed)
}

/// Whether it has the command: older ones take the words for a prompt, and send them. Asking for help sends nothing.
fn knows_the_command(attempt: &Attempt<'_>) -> Result<(), Ended> {
    let arguments = ["auth", "login", "--help"].map(OsString::from);
    let help =
        run(&errand(attempt, &arguments, &attempt.own.environment, HELP_TIME)).map_err(|trouble| match trouble {
            ErrandTrouble::Cancelled => Ended::Cancelled,
            trouble => Ended::NotRun(trouble.to_string()),
        })?;
    let text = String::from_utf8_lossy(&help.out);
    if help.code == Some(127) && text.is_empty() {
        return Err(Ended::NotRun(String::from_utf8_lossy(&help.err).trim().to_owned()));
    }
    let console = attempt.call.account == Account::ClaudeAi || text.contains("--console");
    if text.trim_start().starts_with(HELP) && console { Ok(()) } else { Err(Ended::Failed(Trouble::NoCommand)) }
}

/// The first version of Claude Code that can be asked for this.
pub fn since(account: Account) -> &'static str {
    match account {
        Account::ClaudeAi => authlight_core::claude_code::sign_in::SINCE,
        Account::Console => CONSOLE_SINCE,
    }
}

fn errand<'a>(
    attempt: &Attempt<'a>,
    arguments: &'a [OsString],
    environment: &'a [(OsString, OsString)],
    deadline: Duration,
) -> Errand<'a> {
    Errand {
        program: &attempt.own.program,
        arguments,
        environment,
        folder: &attempt.own.folder,
        deadline,
        helper: attempt.helper,
        cancel: attempt.cancel,
    }
}

/// A sign-in as it is on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct SignIn {
    /// How Claude Code is called.
    pub call: Call,
    /// Where it stands.
    pub phase: Phase,
    /// The page on which the person signs in here.
    pub page: Option<Page>,
    /// Another page, which ends with a code for a terminal.
    pub page_with_code: Option<Page>,
    /// Whether the browser could not be opened.
    pub not_opened: bool,
    /// The person has come back to the window while the program waits.
    pub came_back: bool,
}

/// Where a sign-in stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// The program is getting ready.
    Starting,
    /// The person is in the browser.
    Waiting,
    /// It is looked whether the new login wins.
    Checking,
    /// It is over.
    Ended(Ended),
}

impl SignIn {
    /// One that begins.
    pub fn new(call: Call) -> Self {
        Self { call, phase: Phase::Starting, page: None, page_with_code: None, not_opened: false, came_back: false }
    }

    /// Takes in what happened. Gives the page that is to be opened now. What comes after the end is late, and is not heard.
    pub fn hear(&mut self, event: SignInEvent) -> Option<Page> {
        if self.is_over() {
            return None;
        }
        match event {
            SignInEvent::Started => {}
            SignInEvent::Page(page) if page.hands_over() => {
                self.phase = Phase::Waiting;
                return self.page.is_none().then(|| self.page.insert(page).clone());
            }
            SignInEvent::Page(page) => self.page_with_code = Some(page),
            SignInEvent::Waiting => self.phase = Phase::Waiting,
            SignInEvent::Checking => self.phase = Phase::Checking,
            SignInEvent::Ended(ended) => {
                (self.page, self.page_with_code) = (None, None);
                self.phase = Phase::Ended(ended);
            }
        }
        None
    }

    /// The browser did not take the page.
    pub fn page_was_not_opened(&mut self, address: &str) {
        self.not_opened |= self.page.as_ref().is_some_and(|page| page.address() == address);
    }

    /// Whether nothing more will come.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

    /// The sentence of now.
    pub fn message(&self) -> Message {
        match &self.phase {
            Phase::Starting => Message::new("sign-in-started"),
            Phase::Waiting if self.not_opened => Message::new("sign-in-page-not-opened"),
            Phase::Waiting if self.page.is_some() => {
                Message::new(if self.came_back { "sign-in-still-waiting" } else { "sign-in-page" })
            }
            Phase::Waiting if self.page_with_code.is_some() => Message::new("sign-in-page-with-code"),
            Phase::Waiting => Message::new("sign-in-waiting"),
            Phase::Checking => Message::new("sign-in-checking"),
            Phase::Ended(ended) => ended.message(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use authlight_core::claude_code::sign_in::ROWS;

    fn page(hands_over: bool) -> Page {
        let to =
            if hands_over { "http%3A%2F%2Flocalhost%3A4711%2Fcallback" } else { "https%3A%2F%2Fplatform.claude.com" };
        Page::of(&format!("https://claude.com/cai/oauth/authorize?redirect_uri={to}&state=s")).unwrap()
    }

    #[test]
    fn the_page_that_hands_over_is_opened_once_and_the_other_is_only_shown() {
        let mut sign_in = SignIn::new(Call::default());
        assert_eq!(sign_in.hear(SignInEvent::Started), None);
        assert_eq!(sign_in.hear(SignInEvent::Page(page(false))), None);
        assert_eq!(sign_in.hear(SignInEvent::Waiting), None);
        assert_eq!(sign_in.message().key, "sign-in-page-with-code");
        assert_eq!(sign_in.hear(SignInEvent::Page(page(true))), Some(page(true)));
        assert_eq!(sign_in.hear(SignInEvent::Page(page(true))), None);
        assert_eq!(sign_in.message().key, "sign-in-page");
        sign_in.page_was_not_opened("https://claude.ai/other");
        assert!(!sign_in.not_opened);
        sign_in.page_was_not_opened(page(true).address());
        assert_eq!(sign_in.message().key, "sign-in-page-not-opened");
    }

    #[test]
    fn after_the_end_nothing_is_heard_and_no_address_is_kept() {
        let mut sign_in = SignIn::new(Call::default());
        sign_in.hear(SignInEvent::Page(page(true)));
        sign_in.hear(SignInEvent::Ended(Ended::Cancelled));
        assert_eq!((&sign_in.page, sign_in.is_over()), (&None, true));
        assert_eq!(sign_in.hear(SignInEvent::Page(page(true))), None);
        sign_in.hear(SignInEvent::Ended(Ended::SignedIn(Settled::Used)));
        assert_eq!(sign_in.phase, Phase::Ended(Ended::Cancelled));
    }

    #[test]
    fn every_end_has_words_and_something_to_do() {
        let words = crate::words::Language::english();
        let has = |key: String| assert!(words.knows(&key), "{key} has no words");
        let troubles = ROWS.iter().map(|row| {
            let mut dialogue = Dialogue::default();
            dialogue.hear_aside(format!("Couldn't log in: {}400", row.begins).as_bytes());
            dialogue.ended(Some(1)).unwrap_err()
        });
        let statuses = [403, 429, 500, 529].map(Trouble::Refused);
        let settled =
            [Settled::Used, Settled::Shadowed(None), Settled::NotStored, Settled::NotSeen].map(Ended::SignedIn);
        let others = [Ended::NotRun(String::new()), Ended::TimedOut(PATIENCE), Ended::NoProgram, Ended::NotHere];
        let failed =
            troubles.chain(statuses).chain([Trouble::NoCommand, Trouble::Other(String::new())]).map(Ended::Failed);
        for ended in failed.chain(settled).chain(others) {
            has(ended.message().key.into_owned());
            has(ended.to_do().unwrap().key.into_owned());
        }
        for says in BROWSER_SAYS {
            has(format!("sign-in-page-{}", says.word));
            has(format!("sign-in-page-{}.do", says.word));
        }
        for part in authlight_core::fixes::reset::Part::ALL {
            has(format!("reset-{}", part.word()));
        }
    }

    #[test]
    fn what_is_shown_for_debugging_holds_no_address() {
        let mut sign_in = SignIn::new(Call::default());
        sign_in.hear(SignInEvent::Page(page(true)));
        assert!(!format!("{sign_in:?}").contains("state=s"));
    }

    #[test]
    fn where_the_browser_is_elsewhere_is_told_by_the_nearest_place() {
        let at = |ssh, container, wsl| hands_over_elsewhere(&Host { ssh, container, wsl, ..Host::default() });
        assert_eq!(at(false, false, false), None);
        assert_eq!(at(false, false, true), Some("wsl"));
        assert_eq!(at(false, true, true), Some("container"));
        assert_eq!(at(true, true, false), Some("ssh"));
    }
}
