//! The credential reset in the window: from what is stored to the sign-in.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use authlight_core::fixes::reset::Part;
use authlight_engine::state::walkthrough::{ResetPart, ResetPlan, WalkthroughKind};
use authlight_engine::state::{JobKind, PlanText, RepairEnd, StepText};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::doubles::{Double, Screen, USUAL, practising};
use super::steps::{enter, kind, open, opened, settled};
use super::{focused, key, press, reports, shows};

const RESET: &str = "Start over: sign out and clean up";

fn part(part: Part, title: &str, lost: Option<&str>) -> ResetPart {
    let step = StepText { what: format!("step of {title}"), for_good: part == Part::SignOut, ..StepText::default() };
    let text = PlanText {
        title: title.to_owned(),
        lost: lost.map(str::to_owned),
        steps: vec![step],
        undoable: part != Part::SignOut,
        ..PlanText::default()
    };
    ResetPart { part, text }
}

fn stored() -> Double {
    let sign_out =
        part(Part::SignOut, "Sign out with Claude Code", Some("It cannot be brought back, not by undo either."));
    let refused = part(Part::RejectedKeys, "Forget to which keys you said no", None);
    let first = ResetPlan { token: "one".to_owned(), parts: vec![sign_out, refused.clone()] };
    let second = ResetPlan { token: "two".to_owned(), parts: vec![refused] };
    let report = reports::healthy();
    let ends = RepairEnd::Healed { change: "c-1".to_owned(), undoable: true };
    Double { resets: vec![second, first].into(), ends, ..Double::finding(report.clone(), report) }
}

#[test]
fn by_keyboard_alone_it_leads_from_what_is_stored_to_the_sign_in() {
    let mut screen = opened(stored(), RESET, USUAL, Theme::Light);
    screen.harness.get_by_role_and_label(Role::Heading, "What is stored here, and what of it shall go?");
    assert!(shows(&screen, "Step 1 of 4"));
    assert!(shows(&screen, "It cannot be brought back, not by undo either."), "said before any click");
    screen.picture("reset-what");
    assert_eq!(focused(&screen), "Go on");
    enter(&mut screen);
    assert!(shows(&screen, "Step 2 of 4") && shows(&screen, "This step cannot be undone."));
    assert!(screen.engine.reset.lock().unwrap().is_empty(), "nothing is done before a word");
    assert_eq!(focused(&screen), "Sign out now");
    screen.picture("reset-do");
    enter(&mut screen);
    assert_eq!(*screen.engine.reset.lock().unwrap(), [vec![Part::SignOut]]);
    assert!(shows(&screen, "Step 3 of 4") && shows(&screen, "All of it can be undone."));
    screen.picture("reset-left");
    enter(&mut screen);
    assert_eq!(*screen.engine.reset.lock().unwrap(), [vec![Part::SignOut], vec![Part::RejectedKeys]]);
    assert!(shows(&screen, "Step 4 of 4") && shows(&screen, "Take it back"));
    screen.picture("reset-result");
    assert_eq!(focused(&screen), "Sign in");
    enter(&mut screen);
    assert_eq!(kind(&screen), Some(WalkthroughKind::SignIn));
}

#[test]
fn what_is_not_ticked_stays() {
    let mut screen = opened(stored(), RESET, USUAL, Theme::Light);
    for name in ["Sign out with Claude Code", "Forget to which keys you said no"] {
        screen.harness.get_by_role_and_label(Role::CheckBox, name).click();
        screen.harness.run();
    }
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_none(), "nothing is ticked");
    screen.harness.get_by_role_and_label(Role::CheckBox, "Forget to which keys you said no").click();
    screen.harness.run();
    press(&mut screen, "Go on");
    assert!(!shows(&screen, "Sign out"));
    press(&mut screen, "Back");
    press(&mut screen, "Go on");
    press(&mut screen, "Do it");
    settled(&mut screen);
    assert_eq!(*screen.engine.reset.lock().unwrap(), [vec![Part::RejectedKeys]]);
    assert!(shows(&screen, "Step 4 of 4"));
}

#[test]
fn it_can_be_left_at_every_step() {
    for steps in 0..3 {
        for by_key in [true, false] {
            let mut screen = opened(stored(), RESET, USUAL, Theme::Light);
            for _ in 0..steps {
                enter(&mut screen);
            }
            if by_key {
                key(&mut screen, Modifiers::NONE, Key::Escape);
            } else {
                press(&mut screen, "Close");
            }
            assert_eq!(kind(&screen), None);
            assert_eq!(screen.engine.reset.lock().unwrap().len(), usize::from(steps > 1));
        }
    }
}

#[test]
fn where_signing_out_fails_the_login_is_put_away_here() {
    let ends = RepairEnd::Failed("claude auth logout: it ended with 1".to_owned());
    let mut screen = opened(Double { ends, ..stored() }, RESET, USUAL, Theme::Light);
    enter(&mut screen);
    enter(&mut screen);
    assert!(shows(&screen, "it ended with 1") && shows(&screen, "on this computer alone"));
    screen.picture("reset-not-signed-out");
    enter(&mut screen);
    assert!(shows(&screen, "Step 3 of 4"));
    enter(&mut screen);
    assert!(shows(&screen, "it ended with 1"), "why the rest was not done");
    press(&mut screen, "Skip this step");
    assert!(shows(&screen, "Step 4 of 4"));
}

#[test]
fn where_nothing_is_stored_it_says_so_and_leads_on() {
    let report = reports::nothing_configured();
    let mut screen = opened(Double::finding(report.clone(), report), RESET, USUAL, Theme::Light);
    assert!(shows(&screen, "Nothing is stored that a reset would put away."));
    press(&mut screen, "Skip this step");
    press(&mut screen, "Sign in");
    assert_eq!(kind(&screen), Some(WalkthroughKind::SignIn));
}

#[test]
fn the_buttons_stay_on_the_screen() {
    for (size, theme) in [(vec2(800.0, 600.0), Theme::Dark), (vec2(560.0, 380.0), Theme::Light)] {
        let double = stored();
        for plan in double.resets.lock().unwrap().iter_mut() {
            let rest = Part::ALL.iter().filter(|one| ![Part::SignOut, Part::RejectedKeys].contains(*one));
            plan.parts.extend(rest.map(|one| part(*one, one.word(), Some(&"This is lost. ".repeat(20)))));
        }
        let mut screen = opened(double, RESET, size, theme);
        for step in 0..3 {
            screen.picture(&format!("reset-long-{}-{step}", size.x));
            let rect = screen.harness.get_by_role_and_label(Role::Button, "Close").rect();
            assert!(rect.top() >= 0.0 && rect.bottom() <= size.y, "step {step}: {rect:?} in {size:?}");
            enter(&mut screen);
        }
    }
}

#[test]
fn on_a_real_home_it_is_done_and_taken_back_byte_for_byte() {
    let (laid_out, mut screen) = practising("key-declined-once");
    let home = &laid_out.laid_out.home;
    let bytes = |name: &str| std::fs::read(home.join(name)).unwrap();
    let before = bytes(".claude.json");
    open(&mut screen, RESET);
    screen.picture("reset-real-what");
    let everything = |screen: &Screen<_>| {
        let all = screen.harness.root().children_recursive();
        let said = all.flat_map(|node| [node.accesskit_node().label(), node.accesskit_node().value()]);
        said.flatten().collect::<Vec<_>>().join("\n")
    };
    assert!(!everything(&screen).contains("CANARY"));
    press(&mut screen, "Go on");
    screen.picture("reset-real-do");
    assert_eq!(bytes(".claude.json"), before, "a plan changes nothing");
    press(&mut screen, "Do it");
    settled(&mut screen);
    assert_ne!(bytes(".claude.json"), before);
    assert!(!everything(&screen).contains("CANARY"));
    screen.picture("reset-real-result");
    press(&mut screen, "Take it back");
    screen.until(|window| !window.state().is_running(JobKind::Repair));
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
    assert_eq!(bytes(".claude.json"), before);
    assert_eq!(kind(&screen), None);
}
