//! Walkthroughs in the window: signing in, one step a screen, with the pointer and with the keyboard alone.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use authlight_core::claude_code::sign_in::Trouble;
use authlight_core::report::{Cause, FixKind, FixOffer, Instance, Report};
use authlight_engine::act::sign_in::{
    Account, BROWSER_SAYS, Call, Ended, Page, Phase, Place, Rival, Settled, SignInEvent,
};
use authlight_engine::state::{JobKind, PlanText, RepairEnd, RepairStage, ShellUse};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Event, Key, Modifiers, OutputCommand, Theme, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::doubles::{Double, Screen, USUAL};
use super::{focused, key, press, reports, shows};

const PAGE: &str = "https://claude.ai/oauth/authorize?code=true&client_id=9d1c250a-0000-0000-0000-000000000000&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A38111%2Fcallback&scope=user%3Ainference&state=abc";
const PAGE_WITH_CODE: &str = "https://claude.ai/oauth/authorize?code=true&redirect_uri=https%3A%2F%2Fplatform.claude.com%2Foauth%2Fcode%2Fcallback&state=abc";
const COMMAND: &str = "claude auth login";
const MENU_ENTRY: &str = "Sign in again";
const LIST: &str = "The browser shows a message";
const USE_LOGIN: &str = "Use your login instead";

/// Nobody is signed in, and the finding leads to signing in.
fn nobody() -> Report {
    offering(reports::nothing_configured(), Cause::Login, "F.sign_in")
}

fn offering(mut report: Report, cause: Cause, fix: &str) -> Report {
    let cause = report.causes.iter_mut().find(|found| found.id == cause).unwrap();
    let id = fix.to_owned().into();
    cause.checks[0].fix = Some(FixOffer { id, kind: FixKind::Auto, reversible: true, needs_elevation: false });
    report
}

/// A walkthrough on the screen, and what tells it what happens.
struct Walk {
    screen: Screen,
    happens: Sender<SignInEvent>,
}

impl Walk {
    /// At its first step, opened from the menu.
    fn open() -> Self {
        Self::sized(USUAL, Theme::Light)
    }

    fn sized(size: Vec2, theme: Theme) -> Self {
        Self::on(Double::finding(nobody(), nobody()), size, theme)
    }

    fn on(double: Double, size: Vec2, theme: Theme) -> Self {
        let (happens, told) = channel();
        let double = Double { sign_in: Some(Mutex::new(told)), ..double };
        let mut screen = Screen::build(double, size, 1.0, theme);
        screen.settle();
        screen.harness.get_by_role_and_label(Role::Link, "Repairs").focus();
        screen.harness.run();
        screen.harness.key_press(Key::Enter);
        screen.harness.run();
        // The finding's own button is called the same; entries of a menu are as wide as each other.
        let other =
            screen.harness.get_by_role_and_label(Role::Button, "Put a key where Claude Code will see it").rect();
        let all = screen.harness.query_all_by_role_and_label(Role::Button, MENU_ENTRY);
        all.filter(|node| node.rect().x_range() == other.x_range()).for_each(|entry| entry.focus());
        screen.harness.run();
        screen.harness.key_press(Key::Enter);
        screen.harness.run();
        Self { screen, happens }
    }

    /// At its second step, with the page open.
    fn waiting() -> Self {
        let mut walk = Self::open();
        walk.begin();
        walk
    }

    fn begin(&mut self) {
        press(&mut self.screen, "Sign in");
        self.hear(SignInEvent::Waiting);
        self.hear(page());
    }

    /// Presses something with the keyboard, which scrolls it into view.
    fn key_on(&mut self, role: Role, name: &str) {
        self.screen.harness.get_by_role_and_label(role, name).focus();
        self.screen.harness.run();
        key(&mut self.screen, Modifiers::NONE, Key::Enter);
    }

    fn hear(&mut self, event: SignInEvent) {
        let before = self.screen.harness.state().state().sign_in.clone();
        self.happens.send(event).unwrap();
        self.screen.until(|window| window.state().sign_in != before);
    }

    /// It ends so, and after that this is found.
    fn ends(&mut self, ended: Ended, found: Report) {
        *self.screen.engine.found.lock().unwrap() = found;
        self.hear(SignInEvent::Ended(ended));
        self.screen.settle();
    }

    fn phase(&self) -> Option<Phase> {
        self.screen.harness.state().state().sign_in.as_ref().map(|sign_in| sign_in.phase.clone())
    }

    fn is_open(&self) -> bool {
        self.screen.harness.state().state().walkthrough.is_some()
    }

    fn opened(&self) -> Vec<String> {
        self.screen.desktop.opened.lock().unwrap().clone()
    }

    fn shows(&self, text: &str) -> bool {
        shows(&self.screen, text)
    }

    fn step(&self) -> String {
        let steps = (1..=3).map(|number| format!("Step {number} of 3"));
        steps.filter(|step| self.shows(step)).collect::<Vec<_>>().join(", ")
    }

    /// What a press of this button puts into the clipboard.
    fn copies(&mut self, button: &str) -> Vec<String> {
        self.screen.harness.get_by_role_and_label(Role::Button, button).click();
        let mut copied = Vec::new();
        for _ in 0..4 {
            self.screen.harness.step();
            let told = self.screen.harness.output().platform_output.commands.clone();
            copied.extend(told.into_iter().filter_map(|told| match told {
                OutputCommand::CopyText(text) => Some(text),
                _ => None,
            }));
        }
        copied
    }

    /// The name of what has the keyboard, without leaving the dialog.
    fn tab(&mut self) -> String {
        key(&mut self.screen, Modifiers::NONE, Key::Tab);
        focused(&self.screen)
    }

    /// Whether a screen reader says this by itself.
    fn is_said(&self, text: &str) -> bool {
        let all = self.screen.harness.query_all_by_label(text);
        all.filter_map(|node| node.accesskit_node().live().into()).any(|live: Live| live == Live::Polite)
    }

    fn scans(&self) -> usize {
        self.screen.engine.scans.load(Ordering::SeqCst)
    }

    fn comes_back(&mut self) {
        self.screen.harness.event(Event::WindowFocused(false));
        self.screen.harness.run();
        self.screen.harness.event(Event::WindowFocused(true));
        self.screen.harness.run();
    }
}

fn page() -> SignInEvent {
    SignInEvent::Page(Page::of(PAGE).unwrap())
}

fn done() -> Ended {
    Ended::SignedIn(Settled::Used)
}

#[test]
fn by_keyboard_alone_from_the_menu_to_the_light() {
    let (happens, told) = channel();
    let double = Double { sign_in: Some(Mutex::new(told)), ..Double::finding(nobody(), nobody()) };
    let mut screen = Screen::on(double);
    screen.harness.get_by_role_and_label(Role::Link, "Repairs").focus();
    screen.harness.run();
    let mut walk = Walk { screen, happens };
    key(&mut walk.screen, Modifiers::NONE, Key::Enter);
    assert_eq!(walk.tab(), MENU_ENTRY);
    key(&mut walk.screen, Modifiers::NONE, Key::Enter);
    assert_eq!(walk.step(), "Step 1 of 3");
    walk.screen.harness.get_by_role_and_label(Role::Dialog, MENU_ENTRY);
    assert!(!walk.shows("Replace a key everywhere"), "the menu is closed, or Escape would close it first");
    walk.screen.harness.get_by_role_and_label(Role::Heading, "Who signs in?");
    assert_eq!(focused(&walk.screen), "Sign in", "what most people want is one key away");
    let order: Vec<String> = (0..4).map(|_| walk.tab()).collect();
    assert_eq!(order, ["Close", "My Claude account", "My Console account", "More choices"]);
    assert_eq!(walk.tab(), "Sign in", "the keyboard stays in the dialog");

    key(&mut walk.screen, Modifiers::NONE, Key::Enter);
    assert_eq!(walk.step(), "Step 2 of 3");
    key(&mut walk.screen, Modifiers::NONE, Key::Enter);
    assert_eq!(walk.phase(), Some(Phase::Starting), "a key pressed twice ends nothing");
    walk.hear(SignInEvent::Waiting);
    walk.hear(page());
    assert_eq!(walk.opened(), [PAGE]);
    assert_eq!(focused(&walk.screen), "Open the page again");
    let order: Vec<String> = (0..3).map(|_| walk.tab()).collect();
    assert_eq!(order, ["Copy its address", LIST, "Stop"]);

    walk.hear(SignInEvent::Checking);
    assert!(walk.is_said("Looking whether the new login is used.") && !walk.shows("Open the page again"));
    walk.ends(done(), reports::healthy());
    assert_eq!(walk.step(), "Step 3 of 3");
    assert!(walk.is_said("You are signed in."));
    assert_eq!(focused(&walk.screen), "Close");
    key(&mut walk.screen, Modifiers::NONE, Key::Enter);
    assert!(!walk.is_open() && walk.phase().is_none());
    assert_eq!(focused(&walk.screen), "Repairs", "the keyboard is where it was");
}

#[test]
fn the_finding_that_nobody_is_signed_in_leads_to_it() {
    let mut screen = Screen::of(nobody());
    press(&mut screen, MENU_ENTRY);
    screen.harness.get_by_role_and_label(Role::Heading, "Who signs in?");
    assert!(screen.harness.state().state().repairing.is_none());
}

#[test]
fn what_was_chosen_is_what_claude_code_is_asked_for() {
    let mut walk = Walk::open();
    assert!(!walk.shows("Email address"), "what few need is folded");
    walk.screen.harness.get_by_label("My Console account").click();
    walk.screen.harness.run();
    press(&mut walk.screen, "More choices");
    walk.screen.picture("walk-sign-in-more");
    walk.screen.harness.get_by_role_and_label(Role::CheckBox, "Through my company’s own sign-in page (SSO)").click();
    walk.screen.harness.run();
    let field = walk.screen.harness.get_by_role(Role::TextInput);
    field.focus();
    field.type_text("kim@example.com");
    walk.screen.harness.run();
    key(&mut walk.screen, Modifiers::NONE, Key::Enter);
    walk.hear(SignInEvent::Waiting);
    let asked = walk.screen.engine.signed_in.lock().unwrap().clone();
    let call = Call { account: Account::Console, sso: true, email: Some("kim@example.com".to_owned()) };
    assert_eq!((asked.len(), &asked[0].call, asked[0].place), (1, &Some(call), Place::Best));
}

#[test]
fn the_page_is_opened_once_and_again_at_a_click_and_can_be_copied() {
    let mut walk = Walk::waiting();
    walk.happens.send(page()).unwrap();
    walk.hear(SignInEvent::Page(Page::of(PAGE_WITH_CODE).unwrap()));
    assert_eq!(walk.opened(), [PAGE], "the page that ends with a code is opened by nobody");
    assert!(!walk.shows("platform.claude.com%2Foauth"), "and nobody is led to it");
    press(&mut walk.screen, "Open the page again");
    assert_eq!(walk.opened(), [PAGE, PAGE]);
    assert_eq!(walk.copies("Copy its address"), [PAGE]);
    assert!(walk.is_said("Copied."));
}

#[test]
fn where_no_browser_can_be_opened_the_address_is_there_to_be_copied() {
    let mut walk = Walk::open();
    walk.screen.desktop.has_no_browser.store(true, Ordering::SeqCst);
    walk.begin();
    assert!(walk.is_said("The browser could not be opened."));
    assert!(walk.shows("Copy the address into a browser on this computer."));
    assert_eq!(walk.screen.harness.state().state().notice, None, "the walkthrough itself says it");
    walk.screen.picture("walk-sign-in-not-opened");
    assert_eq!(walk.copies("Copy its address"), [PAGE]);
}

#[test]
fn nothing_moves_while_the_person_is_in_the_browser() {
    let mut walk = Walk::waiting();
    walk.screen.harness.run();
    let viewport = walk.screen.harness.output().viewport_output.values().next().unwrap();
    assert!(viewport.repaint_delay > Duration::from_secs(3600), "{:?}", viewport.repaint_delay);
}

#[test]
fn for_each_message_of_the_browser_there_is_something_to_do_and_its_page() {
    let mut walk = Walk::waiting();
    press(&mut walk.screen, LIST);
    let messages = walk.screen.harness.query_all_by_role(Role::RadioButton).count();
    assert_eq!(messages, BROWSER_SAYS.len());
    for (at, says) in BROWSER_SAYS.iter().enumerate() {
        walk.screen.harness.query_all_by_role(Role::RadioButton).nth(at).unwrap().focus();
        walk.screen.harness.run();
        key(&mut walk.screen, Modifiers::NONE, Key::Space);
        walk.key_on(Role::Link, says.page);
        assert_eq!(walk.opened().last().unwrap(), says.page);
        let terminal = walk.screen.harness.query_by_role_and_label(Role::Button, "Use a terminal instead").is_some();
        assert_eq!(terminal, ["asks-for-code", "nothing-opened"].contains(&says.word), "{}", says.word);
    }
    press(&mut walk.screen, LIST);
    assert_eq!(walk.screen.harness.query_all_by_role(Role::RadioButton).count(), 0);
    assert_eq!(walk.phase(), Some(Phase::Waiting), "it goes on all the while");
}

#[test]
fn a_page_that_shows_a_code_leads_to_the_terminal_and_no_code_is_asked_for() {
    let mut walk = Walk::waiting();
    press(&mut walk.screen, LIST);
    walk.screen.harness.get_by_label("The page shows a code.").click();
    walk.screen.harness.run();
    assert_eq!(walk.screen.harness.query_all_by_role(Role::TextInput).count(), 0);
    let first = walk.screen.engine.signed_in.lock().unwrap()[0].stop.clone();
    press(&mut walk.screen, "Use a terminal instead");
    walk.screen.until(|window| window.state().sign_in.as_ref().is_some_and(|sign_in| sign_in.is_over()));
    assert!(first.is_stopped(), "two sign-ins would be in each other's way");
    walk.screen.harness.get_by_role_and_label(Role::Heading, "Sign in with a terminal");
    assert!(walk.shows(COMMAND));
    assert_eq!(walk.step(), "Step 2 of 3");
    assert_eq!(focused(&walk.screen), "Copy the command");
    walk.screen.picture("walk-sign-in-terminal");
    assert_eq!(walk.copies("Copy the command"), [COMMAND]);
    // The first one ends late: that is not heard any more.
    walk.happens.send(SignInEvent::Ended(Ended::Cancelled)).unwrap();
    walk.screen.harness.run();
    assert!(matches!(walk.phase(), Some(Phase::Ended(Ended::InTerminal(_)))));
    // Nobody tells how it ends but the login itself.
    *walk.screen.engine.found.lock().unwrap() = reports::healthy();
    walk.comes_back();
    walk.screen.settle();
    assert_eq!(walk.phase(), Some(Phase::Ended(done())));
    assert!(walk.is_said("You are signed in."));
}

#[test]
fn who_says_that_the_browser_is_elsewhere_comes_to_the_terminal_at_once() {
    let mut walk = Walk::open();
    press(&mut walk.screen, "More choices");
    walk.screen.harness.get_by_role_and_label(Role::CheckBox, "My browser is on another computer").click();
    walk.screen.harness.run();
    press(&mut walk.screen, "Sign in");
    walk.screen.until(|window| window.state().sign_in.as_ref().is_some_and(|sign_in| sign_in.is_over()));
    assert!(walk.shows(COMMAND) && walk.opened().is_empty());
    press(&mut walk.screen, "Back");
    walk.screen.harness.get_by_role_and_label(Role::Heading, "Who signs in?");
    press(&mut walk.screen, "Sign in");
    walk.screen.until(|window| window.state().sign_in.as_ref().is_some_and(|sign_in| sign_in.is_over()));
    press(&mut walk.screen, "Try the browser all the same");
    walk.hear(SignInEvent::Waiting);
    walk.hear(page());
    assert_eq!(walk.screen.engine.signed_in.lock().unwrap().last().unwrap().place, Place::Browser);
    assert_eq!(walk.opened(), [PAGE]);
}

#[test]
fn escape_stops_what_is_under_way_and_the_second_time_closes() {
    let mut walk = Walk::waiting();
    key(&mut walk.screen, Modifiers::NONE, Key::Escape);
    let stop = walk.screen.engine.signed_in.lock().unwrap()[0].stop.clone();
    assert!(stop.is_stopped() && walk.is_open());
    assert!(walk.is_said("Claude Code is being stopped."));
    walk.ends(Ended::Cancelled, nobody());
    assert!(walk.is_said("The sign-in was stopped. Nothing was changed."));
    assert_eq!(focused(&walk.screen), "Start again");
    walk.screen.picture("walk-sign-in-cancelled");
    key(&mut walk.screen, Modifiers::NONE, Key::Escape);
    assert!(!walk.is_open());
    assert_eq!(walk.screen.engine.signed_in.lock().unwrap().len(), 1);
}

#[test]
fn what_comes_after_the_end_does_no_harm() {
    let mut walk = Walk::waiting();
    press(&mut walk.screen, "Stop");
    walk.ends(Ended::Cancelled, nobody());
    press(&mut walk.screen, "Close");
    let _nobody_listens = walk.happens.send(page());
    walk.comes_back();
    assert!(!walk.is_open() && walk.phase().is_none());
    assert_eq!(walk.opened(), [PAGE]);
}

#[test]
fn what_did_not_work_says_why_and_can_be_begun_again_or_from_the_start() {
    for (ended, says, picture) in [
        (Ended::TimedOut(Duration::from_secs(600)), "Nobody signed in within 10 minutes.", "timed-out"),
        (Ended::Failed(Trouble::Refused(400)), "The service did not take the sign-in (status 400).", "refused"),
        (Ended::Failed(Trouble::TurnedDown), "The browser came back without a sign-in.", "turned-down"),
        (
            Ended::NotRun("Permission denied".to_owned()),
            "Claude Code could not be started: Permission denied",
            "not-run",
        ),
    ] {
        let mut walk = Walk::waiting();
        walk.ends(ended, nobody());
        assert!(walk.is_said(says), "{says}");
        walk.screen.picture(&format!("walk-sign-in-{picture}"));
        assert_eq!(focused(&walk.screen), "Start again");
        key(&mut walk.screen, Modifiers::NONE, Key::Enter);
        walk.hear(SignInEvent::Waiting);
        walk.hear(page());
        assert_eq!(walk.opened().len(), 2, "{says}");
        walk.ends(Ended::Cancelled, nobody());
        press(&mut walk.screen, "Back");
        assert_eq!(walk.step(), "Step 1 of 3");
        assert_eq!(focused(&walk.screen), "Sign in");
    }
}

#[test]
fn without_the_program_its_page_is_named() {
    let mut screen = Screen::of(nobody());
    press(&mut screen, MENU_ENTRY);
    press(&mut screen, "Sign in");
    screen.until(|window| window.state().sign_in.as_ref().is_some_and(|sign_in| sign_in.is_over()));
    assert!(shows(&screen, "Claude Code was not found, so it cannot sign in."));
    screen.harness.get_by_role_and_label(Role::Link, "https://code.claude.com/docs/en/setup");
    screen.picture("walk-sign-in-no-program");
    assert_eq!(focused(&screen), "Close");
}

#[test]
fn a_job_that_breaks_off_leads_back_to_the_first_step_and_says_so() {
    let mut walk = Walk::open();
    // What this desktop cannot tell apart from a panic: the scripted job stops at a poisoned lock.
    let engine = std::sync::Arc::clone(&walk.screen.engine);
    let poisoned = std::thread::spawn(move || {
        let _held = engine.signed_in.lock();
        panic!("broken on purpose");
    });
    assert!(poisoned.join().is_err());
    press(&mut walk.screen, "Sign in");
    walk.screen.until(|window| !window.state().is_running(JobKind::SignIn));
    assert_eq!(walk.step(), "Step 1 of 3");
    assert!(walk.shows("broke off"));
}

#[test]
fn the_repair_of_what_is_still_used_opens_on_top_and_the_walkthrough_is_there_afterwards() {
    let shadowed = offering(reports::key_shadows_login(), Cause::Scope, "F.use_login");
    let rival = shadowed.cause(Cause::Scope).unwrap().checks[0].clone();
    let plan = PlanText {
        token: "plan-1".to_owned(),
        title: USE_LOGIN.to_owned(),
        does: "What is used in place of your login goes out of the settings.".to_owned(),
        undoable: true,
        ..PlanText::default()
    };
    let ends = RepairEnd::Healed { change: "c-1".to_owned(), undoable: true };
    let double = Double { plan: Some(plan), ends, ..Double::finding(nobody(), nobody()) };
    let mut walk = Walk::on(double, USUAL, Theme::Light);
    walk.begin();
    let code = rival.code.clone().unwrap().into_owned();
    let settled = Settled::Shadowed(Some(Rival { code, instance: Instance(rival.instance.0.clone()) }));
    walk.ends(Ended::SignedIn(settled), shadowed);
    assert!(walk.is_said("You are signed in, but something else is still used instead of the new login."));
    assert!(walk.shows("A key in your user settings overrides your login"));
    walk.screen.picture("walk-sign-in-shadowed");
    let stage = |walk: &Walk| walk.screen.harness.state().state().repairing.as_ref().map(|open| open.stage.clone());
    assert_eq!(focused(&walk.screen), USE_LOGIN);
    key(&mut walk.screen, Modifiers::NONE, Key::Enter);
    walk.screen.until(|window| {
        window.state().repairing.as_ref().is_some_and(|open| matches!(open.stage, RepairStage::Planned(_)))
    });
    *walk.screen.engine.found.lock().unwrap() = reports::healthy();
    press(&mut walk.screen, "Do it");
    walk.screen.until(|window| {
        window.state().repairing.as_ref().is_some_and(|open| matches!(open.stage, RepairStage::Ended(_)))
    });
    walk.screen.settle();
    press(&mut walk.screen, "Close");
    assert_eq!((stage(&walk), walk.is_open()), (None, true));
    assert!(walk.is_said("You are signed in."), "what stood there is no longer so");
    assert_eq!(focused(&walk.screen), "Close");
    walk.screen.picture("walk-sign-in-shadow-gone");
}

#[test]
fn coming_back_to_the_window_looks_again_but_not_while_somebody_signs_in() {
    let mut walk = Walk::open();
    let before = walk.scans();
    *walk.screen.engine.found.lock().unwrap() = reports::key_shadows_login();
    walk.comes_back();
    walk.screen.settle();
    assert_eq!(walk.scans(), before + 1);
    assert!(walk.is_open() && !walk.shows("Looking…"));

    walk.begin();
    walk.comes_back();
    assert_eq!((walk.scans(), walk.phase()), (before + 1, Some(Phase::Waiting)));
    assert!(walk.is_said("Claude Code still waits for the browser."));
    walk.screen.picture("walk-sign-in-came-back");
    press(&mut walk.screen, "Open the page again");
    assert!(walk.is_said("Your browser opens the sign-in page."));
    walk.ends(done(), reports::healthy());
    key(&mut walk.screen, Modifiers::NONE, Key::Escape);
    let closed = walk.scans();
    walk.comes_back();
    assert_eq!(walk.scans(), closed, "without a walkthrough nothing is looked at");
}

#[test]
fn a_file_that_changes_turns_the_light_in_front_of_the_persons_eyes() {
    let (file, changes) = channel();
    let double = Double { file_changes: Some(Mutex::new(changes)), ..Double::finding(nobody(), nobody()) };
    let mut walk = Walk::on(double, USUAL, Theme::Light);
    press(&mut walk.screen, "More choices");
    walk.screen.harness.get_by_role_and_label(Role::CheckBox, "My browser is on another computer").click();
    walk.screen.harness.run();
    press(&mut walk.screen, "Sign in");
    walk.screen.until(|window| window.state().sign_in.as_ref().is_some_and(|sign_in| sign_in.is_over()));
    assert!(walk.shows("2 Browser login: Problem"));
    *walk.screen.engine.found.lock().unwrap() = reports::healthy();
    file.send(ShellUse::Known).unwrap();
    walk.screen.until(|window| {
        let phase = window.state().sign_in.as_ref().map(|sign_in| sign_in.phase.clone());
        phase == Some(Phase::Ended(done()))
    });
    assert!(!walk.shows("2 Browser login: Problem"));
}

#[test]
fn every_step_fits_the_screen_and_its_buttons_stay_on_it() {
    for (size, name) in [(USUAL, "large"), (vec2(800.0, 600.0), "small"), (vec2(560.0, 380.0), "tiny")] {
        for theme in [Theme::Light, Theme::Dark] {
            let mut walk = Walk::sized(size, theme);
            let colour = if theme == Theme::Light { "light" } else { "dark" };
            let look = |walk: &mut Walk, step: &str, button: &str| {
                walk.screen.picture(&format!("walk-sign-in-{step}-{name}-{colour}"));
                if size.y < 500.0 {
                    // All of it scrolls there: what has the keyboard is scrolled to.
                    walk.screen.harness.get_by_role_and_label(Role::Button, button).focus();
                    walk.screen.harness.run();
                    walk.screen.harness.run();
                }
                let rect = walk.screen.harness.get_by_role_and_label(Role::Button, button).rect();
                let inside =
                    rect.top() >= 0.0 && rect.bottom() <= size.y && rect.left() >= 0.0 && rect.right() <= size.x;
                assert!(inside, "{button} at {rect:?} in {size:?}, step {step}");
            };
            look(&mut walk, "account", "Sign in");
            walk.key_on(Role::Button, "More choices");
            look(&mut walk, "more", "Sign in");
            walk.key_on(Role::Button, "Sign in");
            walk.hear(SignInEvent::Waiting);
            look(&mut walk, "starting", "Stop");
            walk.hear(SignInEvent::Page(Page::of(PAGE_WITH_CODE).unwrap()));
            look(&mut walk, "page-with-code", "Stop");
            walk.hear(page());
            look(&mut walk, "waiting", "Stop");
            walk.key_on(Role::Button, LIST);
            walk.key_on(Role::RadioButton, "A payment is past due.");
            look(&mut walk, "list", "Stop");
            walk.hear(SignInEvent::Checking);
            look(&mut walk, "checking", "Stop");
            walk.ends(done(), reports::healthy());
            look(&mut walk, "done", "Close");
        }
    }
}
