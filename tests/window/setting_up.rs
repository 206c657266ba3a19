//! Claude Code where there is none, in the window: from the official ways to an answer of one word.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;

use authlight_core::report::Report;
use authlight_engine::state::walkthrough::WalkthroughKind;
use authlight_engine::state::walkthrough::install::{Open, WayOffer, WayOffers};
use authlight_engine::state::{Consent, ShellUse};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, OutputCommand, Theme, vec2};
use egui_kittest::kittest::Queryable as _;

use super::doubles::{Double, Screen, USUAL, practising};
use super::steps::{choose, click, enter, kind, open, opened, settled};
use super::{focused, key, press, reports, shows};

const SET_UP: &str = "Set up Claude Code";
const NATIVE: &str = "Anthropic's own installer (recommended). Claude Code then keeps itself up to date.";
const NPM: &str = "npm, which comes with Node.js.";
const COMMAND: &str = "curl -fsSL https://claude.ai/install.sh | bash";
const THERE: &str = "Claude Code 2.1.330 is on this computer";

fn way(id: &'static str, name: &str, command: &'static str, open: Open, needs: &str) -> WayOffer {
    let (name, needs) = (name.to_owned(), needs.to_owned());
    WayOffer { id, name, needs, command, back: "", open, launch: None }
}

fn ways(npm: Open) -> WayOffers {
    let native = way("native", NATIVE, COMMAND, Open::Copied, "It needs nothing but a terminal.");
    let command = "npm install -g @anthropic-ai/claude-code";
    let needs = match npm {
        Open::AsksNode => "Node.js has to be asked for its version first (/usr/bin/node).",
        Open::Closed => "Not possible here: Node.js is 18.20.4, and 22 or newer is needed.",
        _ => "It is here, and can be started for it.",
    };
    let npm = WayOffer { back: "npm uninstall -g @anthropic-ai/claude-code", ..way("npm", NPM, command, npm, needs) };
    let packages =
        way("packages", "The package manager of your system.", "", Open::Copied, "It needs an administrator.");
    WayOffers { all: vec![native, npm, packages], page: "https://code.claude.com/docs/en/setup", elsewhere: false }
}

fn new_computer(npm: Open) -> Double {
    Double { ways: Mutex::new(vec![ways(npm)]), ..Double::finding(reports::no_program(), works()) }
}

/// What a test finds that the person's own Claude Code has passed.
fn works() -> Report {
    let mut report = reports::verified();
    (report.live.own_claude, report.live.works) = (true, true);
    report
}

/// Claude Code is there now, and the window sees it.
fn installed(screen: &mut Screen) {
    *screen.engine.found.lock().unwrap() = reports::nothing_configured();
    key(screen, Modifiers::NONE, Key::F5);
    settled(screen);
}

#[test]
fn by_keyboard_alone_from_nothing_to_an_answer() {
    let (changes, told) = channel();
    let mut screen = opened(
        Double { file_changes: Some(Mutex::new(told)), ..new_computer(Open::Closed) },
        SET_UP,
        USUAL,
        Theme::Light,
    );
    screen.harness.get_by_role_and_label(Role::Heading, "How shall Claude Code be installed?");
    assert!(shows(&screen, "Step 1 of 4") && shows(&screen, "Not possible here: Node.js is 18.20.4"));
    assert!(shows(&screen, "Claude Code itself: ") && shows(&screen, "Could not look"), "the light of a ground check");
    screen.picture("install-ways");
    assert_eq!(focused(&screen), "Go on");
    enter(&mut screen);
    assert!(shows(&screen, "Step 2 of 4") && shows(&screen, COMMAND));
    assert_eq!(focused(&screen), "Close", "there is nothing to go on to yet");
    screen.picture("install-start");

    *screen.engine.found.lock().unwrap() = reports::nothing_configured();
    changes.send(ShellUse::Again).unwrap();
    screen.until(|window| window.state().claude_is_there().is_some());
    assert!(shows(&screen, THERE) && shows(&screen, "Ruled out"), "the file was noticed, and the light has turned");
    screen.picture("install-there");
    assert_eq!(focused(&screen), "Go on");
    enter(&mut screen);
    assert!(shows(&screen, "Step 3 of 4"));
    screen.picture("install-method");
    assert_eq!(focused(&screen), "Go on");
    enter(&mut screen);
    assert_eq!(kind(&screen), Some(WalkthroughKind::SignIn));
    key(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(kind(&screen), Some(WalkthroughKind::Install), "it comes back for the proof");
    assert!(shows(&screen, "Step 4 of 4") && shows(&screen, THERE));
    screen.picture("install-proof");
    assert_eq!(focused(&screen), "Let it answer one word…");
    enter(&mut screen);
    assert!(shows(&screen, "then a prompt of one word"), "nothing runs before a word");
    assert_eq!(focused(&screen), "No, send nothing");
    enter(&mut screen);
    assert!(screen.engine.tests.lock().unwrap().is_empty());
    click(&mut screen, "Let it answer one word…");
    click(&mut screen, "Yes, for this test");
    assert!(
        matches!(&screen.engine.tests.lock().unwrap()[..], [asked] if matches!(asked[..], [Consent::OwnClaude { .. }]))
    );
    assert!(shows(&screen, "It works: Claude Code was let in and got an answer."));
    screen.picture("install-works");
    assert_eq!(focused(&screen), "Close");
    enter(&mut screen);
    assert_eq!(kind(&screen), None);
}

#[test]
fn with_the_pointer_a_command_is_copied_and_a_key_is_put_in_place() {
    let mut screen = opened(new_computer(Open::Started), SET_UP, USUAL, Theme::Light);
    choose(&mut screen, NPM);
    click(&mut screen, "Go on");
    assert!(shows(&screen, "No terminal could be found"), "a manager without a terminal is started by hand");
    assert!(shows(&screen, "npm uninstall -g"));
    screen.harness.get_by_role_and_label(Role::Button, "Copy").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        screen.harness.step();
        copied.extend(screen.harness.output().platform_output.commands.iter().cloned());
    }
    assert!(copied.iter().any(|told| matches!(told, OutputCommand::CopyText(text) if text.starts_with("npm install"))));
    click(&mut screen, "Back");
    choose(&mut screen, "The package manager of your system.");
    click(&mut screen, "Go on");
    screen.harness.get_by_role_and_label(Role::Link, "Open the page with the steps").click();
    screen.harness.run();
    assert_eq!(*screen.desktop.opened.lock().unwrap(), ["https://code.claude.com/docs/en/setup"]);
    installed(&mut screen);
    click(&mut screen, "Go on");
    choose(&mut screen, "With a key");
    click(&mut screen, "Go on");
    assert_eq!(kind(&screen), Some(WalkthroughKind::PutKey));
    press(&mut screen, "Close");
    assert!(shows(&screen, "Step 4 of 4"));
    click(&mut screen, "Back");
    assert!(shows(&screen, "Step 3 of 4"));
}

#[test]
fn node_is_asked_on_a_click_alone() {
    let double = new_computer(Open::AsksNode);
    double.ways.lock().unwrap().extend([ways(Open::AsksNode)]);
    double.ways.lock().unwrap()[0] = ways(Open::Closed);
    let mut screen = opened(double, SET_UP, USUAL, Theme::Light);
    choose(&mut screen, NPM);
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_none(), "its version is not known");
    screen.picture("install-asks-node");
    click(&mut screen, "Ask Node.js for its version");
    assert!(shows(&screen, "Node.js is 18.20.4"));
    assert!(screen.harness.query_by_role_and_label(Role::RadioButton, NPM).is_none());
    screen.harness.get_by_role_and_label(Role::Button, "Close");
}

#[test]
fn from_the_finding_it_opens_and_where_claude_code_is_already_it_goes_on() {
    let mut screen = Screen::on(new_computer(Open::Closed));
    screen.harness.get_by(|node| node.label().is_some_and(|name| name.starts_with("Claude Code itself"))).click();
    screen.harness.run();
    click(&mut screen, "Install Claude Code");
    assert_eq!(kind(&screen), Some(WalkthroughKind::Install));

    let report = reports::nothing_configured();
    let double = Double { ways: Mutex::new(vec![ways(Open::Closed)]), ..Double::finding(report.clone(), report) };
    let mut screen = opened(double, SET_UP, USUAL, Theme::Light);
    assert!(shows(&screen, THERE) && !shows(&screen, COMMAND), "nothing is installed twice");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "Step 3 of 4"));
}

#[test]
fn what_claude_code_says_and_why_it_does_not_work_is_told_and_leads_on() {
    let mut failed = works();
    failed.live.works = false;
    failed.live.stages.last_mut().unwrap().status = authlight_core::report::Status::Fail;
    failed.live.stages.last_mut().unwrap().text = authlight_core::message::Message::new("It was turned away.");
    let report = reports::nothing_configured();
    let status = "Claude Code says that nobody is signed in. Go back to sign in.";
    let double = Double { status, ways: Mutex::new(vec![ways(Open::Closed)]), ..Double::finding(report, failed) };
    let mut screen = opened(double, SET_UP, USUAL, Theme::Light);
    click(&mut screen, "Go on");
    click(&mut screen, "Skip this step");
    assert_eq!(screen.engine.statuses.load(Ordering::SeqCst), 0, "nothing is run before a click");
    click(&mut screen, "Ask who is signed in");
    assert!(shows(&screen, status) && screen.engine.statuses.load(Ordering::SeqCst) == 1);
    click(&mut screen, "Let it answer one word…");
    click(&mut screen, "Yes, for this test");
    assert!(shows(&screen, "It does not work yet:") && shows(&screen, "It was turned away."));
    screen.picture("install-works-not");
    press(&mut screen, "Close");
    assert_eq!(kind(&screen), None);
}

#[test]
fn it_can_be_left_at_every_step() {
    for steps in 0..4 {
        for by_key in [true, false] {
            let mut screen = opened(new_computer(Open::Closed), SET_UP, USUAL, Theme::Light);
            for step in ["Go on", "", "Skip this step"].iter().take(steps) {
                if step.is_empty() {
                    installed(&mut screen);
                    click(&mut screen, "Go on");
                } else {
                    click(&mut screen, step);
                }
            }
            if by_key {
                key(&mut screen, Modifiers::NONE, Key::Escape);
            } else {
                press(&mut screen, "Close");
            }
            assert_eq!(kind(&screen), None, "step {steps}");
        }
    }
}

#[test]
fn the_buttons_stay_on_the_screen() {
    for (size, theme) in [(vec2(800.0, 600.0), Theme::Dark), (vec2(560.0, 380.0), Theme::Light)] {
        let double = new_computer(Open::Closed);
        for offers in double.ways.lock().unwrap().iter_mut() {
            offers.all.iter_mut().for_each(|way| way.needs = "It needs this. ".repeat(20));
        }
        let mut screen = opened(double, SET_UP, size, theme);
        for step in 0..4 {
            screen.picture(&format!("install-long-{}-{step}", size.x));
            let rect = screen.harness.get_by_role_and_label(Role::Button, "Close").rect();
            assert!(rect.top() >= 0.0 && rect.bottom() <= size.y, "step {step}: {rect:?} in {size:?}");
            if step == 1 {
                installed(&mut screen);
            }
            let next = if step == 2 { "Skip this step" } else { "Go on" };
            if step < 3 {
                screen.harness.get_by_role_and_label(Role::Button, next).focus();
                screen.harness.run();
                enter(&mut screen);
                assert!(shows(&screen, &format!("Step {} of 4", step + 2)));
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn on_a_real_home_it_is_noticed_when_claude_code_comes() {
    let (laid_out, mut screen) = practising("no-sign-in-at-all");
    let home = laid_out.laid_out.home.clone();
    let program = home.join(".local/bin/claude");
    let away = home.join(".local/bin/not-yet");
    std::fs::rename(&program, &away).unwrap();
    let versions = home.join(".local/share/claude");
    std::fs::rename(&versions, home.join(".local/share/later")).unwrap();
    screen.harness.key_press(Key::F5);
    screen.harness.run();
    screen.settle();
    open(&mut screen, SET_UP);
    assert!(shows(&screen, "Anthropic's own installer") && shows(&screen, "Not possible here: npm was not found."));
    assert!(shows(&screen, "Another computer’s files are looked at."), "in a laid-out home nothing is started");
    screen.picture("install-real-ways");
    click(&mut screen, "Go on");
    screen.picture("install-real-start");
    std::fs::rename(home.join(".local/share/later"), &versions).unwrap();
    std::fs::rename(&away, &program).unwrap();
    screen.until(|window| window.state().claude_is_there().is_some());
    assert!(shows(&screen, THERE));
    click(&mut screen, "Go on");
    click(&mut screen, "Skip this step");
    click(&mut screen, "Ask who is signed in");
    assert!(shows(&screen, "Claude Code was not started"), "nor is what lies there run");
    screen.picture("install-real-proof");
}
