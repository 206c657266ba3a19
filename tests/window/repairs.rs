//! Repairs in the window: the button at a finding, the plan, what came of it, and the changes that were made.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::sync::atomic::Ordering;

use authlight_core::report::{Cause, FixKind, FixOffer, Report};
use authlight_engine::act::jobs::Engine;
use authlight_engine::state::{
    ChangeRow, Changes, IfChanged, PlanText, RepairEnd, RepairStage, Repairing, StepText, UndoEnd,
};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, OutputCommand, Theme, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::doubles::{Double, Screen, USUAL, practising};
use super::{focused, key, press, reports, shows};

const BUTTON: &str = "Use your login instead";

/// A finding that leads to a fix of this kind.
fn repairable(kind: FixKind) -> Report {
    let mut report = reports::key_shadows_login();
    let cause = report.causes.iter_mut().find(|cause| cause.id == Cause::Scope).unwrap();
    cause.checks[0].fix =
        Some(FixOffer { id: "F.use_login".into(), kind, reversible: true, needs_elevation: kind == FixKind::Admin });
    report
}

fn plan() -> PlanText {
    PlanText {
        token: "plan-1".to_owned(),
        title: BUTTON.to_owned(),
        does: "What is used in place of your login goes out of the settings.".to_owned(),
        steps: vec![StepText {
            what: "This file is changed: ~/.claude/settings.json".to_owned(),
            lines: vec![(false, "line 3".to_owned(), "\"ANTHROPIC_API_KEY\": \"…x7Qa\"".to_owned())],
            ..StepText::default()
        }],
        undoable: true,
        ..PlanText::default()
    }
}

fn healed() -> RepairEnd {
    RepairEnd::Healed { change: "c-1".to_owned(), undoable: true }
}

fn double(plan: PlanText, ends: RepairEnd) -> Double {
    let report = repairable(FixKind::Auto);
    Double { plan: Some(plan), ends, ..Double::finding(report.clone(), report) }
}

fn sized(double: Double, size: Vec2) -> Screen {
    let mut screen = Screen::build(double, size, 1.0, Theme::Light);
    screen.settle();
    screen
}

/// Runs frames until the repair is at a stage that waits for the person.
fn told<E: Engine>(screen: &mut Screen<E>) {
    screen.until(|window| {
        use RepairStage as S;
        let stage = window.state().repairing.as_ref().map(|open| &open.stage);
        !matches!(stage, Some(S::Planning | S::Working | S::Undoing(_)))
    });
}

/// By keyboard: what has it is scrolled into view in a small window too.
fn open(screen: &mut Screen) {
    screen.harness.get_by_role_and_label(Role::Button, BUTTON).focus();
    screen.harness.run();
    screen.harness.key_press(Key::Enter);
    screen.harness.run();
    told(screen);
}

fn stage(screen: &Screen) -> Option<RepairStage> {
    screen.harness.state().state().repairing.clone().map(|Repairing { stage, .. }| stage)
}

#[test]
fn the_plan_is_shown_first_and_enter_does_it() {
    let mut screen = sized(double(plan(), healed()), USUAL);
    open(&mut screen);
    screen.harness.get_by_role_and_label(Role::Heading, BUTTON);
    assert!(shows(&screen, "This file is changed: ~/.claude/settings.json"));
    assert!(shows(&screen, "All of it can be undone."));
    assert!(screen.engine.repaired.lock().unwrap().is_empty(), "nothing is done before a word");
    assert_eq!(focused(&screen), "Do it");
    let before = screen.engine.scans.load(Ordering::SeqCst);
    key(&mut screen, Modifiers::NONE, Key::Enter);
    told(&mut screen);
    assert_eq!(*screen.engine.repaired.lock().unwrap(), ["plan-1"]);
    screen.harness.get_by_role_and_label(Role::Heading, "Done");
    assert_eq!(focused(&screen), "Close");
    screen.settle();
    assert_eq!(screen.engine.scans.load(Ordering::SeqCst), before + 1, "the lights are asked again");
    key(&mut screen, Modifiers::NONE, Key::Enter);
    assert_eq!(stage(&screen), None);
}

#[test]
fn escape_leaves_everything_as_it_is() {
    let mut screen = sized(double(plan(), healed()), USUAL);
    let before = screen.engine.scans.load(Ordering::SeqCst);
    open(&mut screen);
    key(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(stage(&screen), None);
    open(&mut screen);
    key(&mut screen, Modifiers::NONE, Key::Tab);
    assert_eq!(focused(&screen), "Cancel");
    key(&mut screen, Modifiers::NONE, Key::Enter);
    assert_eq!(stage(&screen), None);
    assert!(screen.engine.repaired.lock().unwrap().is_empty());
    assert_eq!(screen.engine.scans.load(Ordering::SeqCst), before);
}

#[test]
fn the_keyboard_stays_in_the_dialog_and_comes_back_to_the_button() {
    let mut screen = sized(double(plan(), healed()), USUAL);
    open(&mut screen);
    for expected in ["Cancel", "Do it", "Cancel"] {
        key(&mut screen, Modifiers::NONE, Key::Tab);
        assert_eq!(focused(&screen), expected);
    }
    key(&mut screen, Modifiers::NONE, Key::Escape);
    screen.harness.run();
    assert_eq!(focused(&screen), BUTTON);
}

#[test]
fn what_is_not_healed_is_taken_back_with_one_key() {
    let ends = RepairEnd::NotHealed {
        change: "c-1".to_owned(),
        sentences: vec!["Your login has run out and cannot be renewed (AL-2-05).".to_owned()],
    };
    let mut screen = sized(double(plan(), ends), USUAL);
    open(&mut screen);
    key(&mut screen, Modifiers::NONE, Key::Enter);
    told(&mut screen);
    assert!(shows(&screen, "AL-2-05"));
    assert_eq!(focused(&screen), "Take it back");
    screen.settle();
    let before = screen.engine.scans.load(Ordering::SeqCst);
    key(&mut screen, Modifiers::NONE, Key::Enter);
    told(&mut screen);
    assert_eq!(*screen.engine.undone.lock().unwrap(), [("c-1".to_owned(), IfChanged::Ask)]);
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
    screen.settle();
    assert_eq!(screen.engine.scans.load(Ordering::SeqCst), before + 1);
}

#[test]
fn of_a_file_that_has_changed_since_the_person_says_what_becomes_of_it() {
    for (name, choice) in [
        ("Leave it as it is now", Some(IfChanged::Keep)),
        ("Put back what was there before", Some(IfChanged::PutBack)),
        ("Cancel", None),
    ] {
        let since = UndoEnd::ChangedSince { change: "c-1".to_owned(), path: "~/.claude/settings.json".to_owned() };
        let mut screen = sized(Double { undo_ends: since, ..double(plan(), healed()) }, USUAL);
        open(&mut screen);
        press(&mut screen, "Do it");
        told(&mut screen);
        press(&mut screen, "Take it back");
        told(&mut screen);
        assert!(shows(&screen, "~/.claude/settings.json was changed by something else"));
        assert_eq!(focused(&screen), "Cancel", "a key pressed once too often does nothing");
        screen.picture("repair-changed-since");
        press(&mut screen, name);
        told(&mut screen);
        let undone = screen.engine.undone.lock().unwrap().clone();
        let asked = ("c-1".to_owned(), IfChanged::Ask);
        let expected: Vec<_> = std::iter::once(asked).chain(choice.map(|it| ("c-1".to_owned(), it))).collect();
        assert_eq!(undone, expected, "{name}");
        assert_eq!(stage(&screen).is_none(), choice.is_none());
    }
}

#[test]
fn what_the_person_does_by_hand_can_only_be_copied() {
    let command = "chmod u+rw ~/.claude/.credentials.json";
    let by_hand = PlanText {
        by_hand: true,
        undoable: false,
        steps: vec![StepText {
            what: "Type this command in a terminal.".to_owned(),
            command: Some(command.to_owned()),
            ..StepText::default()
        }],
        ..plan()
    };
    let mut screen = sized(double(by_hand, healed()), USUAL);
    open(&mut screen);
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Do it").is_none());
    assert_eq!(focused(&screen), "Close");
    screen.harness.get_by_role_and_label(Role::Button, "Copy").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        screen.harness.step();
        copied.extend(screen.harness.output().platform_output.commands.iter().cloned());
    }
    assert!(copied.iter().any(|told| matches!(told, OutputCommand::CopyText(text) if text == command)), "{copied:?}");
    assert!(shows(&screen, "Copied."));
    key(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(stage(&screen), None);
    assert!(screen.engine.repaired.lock().unwrap().is_empty());
}

#[test]
fn what_would_help_nothing_is_not_done() {
    let mut screen = sized(double(PlanText { useless: true, ..plan() }, healed()), USUAL);
    open(&mut screen);
    assert!(shows(&screen, "What was found would still be there afterwards."));
    assert!(!shows(&screen, "All of it can be undone."), "nothing is done that could be");
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Do it").is_none());
}

#[test]
fn why_there_is_no_plan_is_said() {
    let mut screen = sized(Double { plan: None, ..double(plan(), healed()) }, USUAL);
    open(&mut screen);
    screen.harness.get_by_role_and_label(Role::Heading, "This cannot be repaired from here");
    assert!(shows(&screen, "no plan for F.use_login"));
    key(&mut screen, Modifiers::NONE, Key::Enter);
    assert_eq!(stage(&screen), None);
}

fn row(number: usize) -> ChangeRow {
    ChangeRow {
        change: format!("c-{number}"),
        when: "2026-11-23T10:12:00Z".to_owned(),
        what: BUTTON.to_owned(),
        places: vec!["~/.claude/settings.json".to_owned()],
        state: "done".to_owned(),
        undoable: true,
    }
}

fn open_changes<E: Engine>(screen: &mut Screen<E>) {
    screen.harness.get_by_role_and_label(Role::Link, "Changes").focus();
    screen.harness.run();
    screen.harness.key_press(Key::Enter);
    screen.harness.run();
    screen.until(|window| window.state().changes.is_some());
}

#[test]
fn a_change_of_the_list_is_taken_back() {
    let changes = Changes { rows: vec![row(1), ChangeRow { undoable: false, ..row(2) }], backups: 2300 };
    let mut screen = sized(Double { changes, ..double(plan(), healed()) }, USUAL);
    open_changes(&mut screen);
    assert!(shows(&screen, "What Authlight has changed"));
    assert_eq!(focused(&screen), "Close");
    assert_eq!(screen.harness.query_all_by_label_contains("Take it back").count(), 1);
    screen.harness.get_by_label_contains("Take it back").click();
    screen.harness.run();
    told(&mut screen);
    assert_eq!(*screen.engine.undone.lock().unwrap(), [("c-1".to_owned(), IfChanged::Ask)]);
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
}

#[test]
fn the_buttons_of_a_long_plan_stay_on_the_screen() {
    let mut long = plan();
    let step = StepText { lines: vec![(true, "line 12".to_owned(), "x".repeat(150)); 30], ..long.steps[0].clone() };
    long.steps = vec![step; 4];
    long.lost = Some("The key or token that goes is not used any more. It stays valid: if you need it nowhere else, take it back at its provider.".to_owned());
    long.afterwards = vec!["Your login has run out and cannot be renewed (AL-2-05).".to_owned(); 3];
    for size in [vec2(800.0, 600.0), vec2(560.0, 380.0), vec2(400.0, 300.0)] {
        let report = repairable(FixKind::Auto);
        let changes = Changes { rows: (0..40).map(row).collect(), backups: 2300 };
        let mut screen =
            sized(Double { plan: Some(long.clone()), changes, ..Double::finding(report.clone(), report) }, size);
        open(&mut screen);
        screen.picture(&format!("repair-long-{}", size.x));
        let on_screen = |screen: &Screen, name: &str| {
            let rect = screen.harness.get_by_role_and_label(Role::Button, name).rect();
            let inside = rect.top() >= 0.0 && rect.bottom() <= size.y && rect.left() >= 0.0 && rect.right() <= size.x;
            assert!(inside, "{name} at {rect:?} in {size:?}");
        };
        for name in ["Do it", "Cancel"] {
            on_screen(&screen, name);
        }
        key(&mut screen, Modifiers::NONE, Key::Escape);
        open_changes(&mut screen);
        screen.picture(&format!("changes-long-{}", size.x));
        for name in ["Close", "Delete all backups"] {
            on_screen(&screen, name);
        }
    }
}

#[test]
fn on_a_real_home_a_repair_turns_the_light_and_no_secret_shows() {
    let (laid_out, mut screen) = practising("settings-beat-shell");
    let settings = laid_out.laid_out.home.join(".claude/settings.json");
    let before = std::fs::read(&settings).unwrap();
    screen.picture("repair-finding");
    let finding = "Take the value out that wins, so that the other counts";
    let warned = screen.harness.query_all_by_label_contains("4 Settings that override: ").next().unwrap();
    let warned = warned.accesskit_node().label().unwrap_or_default();
    press(&mut screen, finding);
    told(&mut screen);
    screen.picture("repair-plan");
    let everything = |screen: &Screen<_>| {
        let all = screen.harness.root().children_recursive();
        all.filter_map(|node| node.accesskit_node().label()).collect::<Vec<_>>().join("\n")
    };
    assert!(!everything(&screen).contains("CANARY"));
    press(&mut screen, "Do it");
    told(&mut screen);
    screen.picture("repair-done");
    assert_ne!(std::fs::read(&settings).unwrap(), before);
    screen.settle();
    assert!(screen.harness.query_by_label(&warned).is_none(), "the light has turned");
    press(&mut screen, "Close");
    screen.picture("repair-lights-afterwards");
    open_changes(&mut screen);
    screen.picture("repair-changes");
    assert!(!everything(&screen).contains("CANARY"));
    press(&mut screen, "Take it back");
    told(&mut screen);
    screen.picture("repair-taken-back");
    assert_eq!(std::fs::read(&settings).unwrap(), before);
}
