//! A new key in the window: into every place of the old one, or where Claude Code will see it.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use authlight_core::fixes::put_key::PutPlace;
use authlight_engine::act::jobs::Engine;
use authlight_engine::state::walkthrough::WalkthroughKind;
use authlight_engine::state::walkthrough::key::{GitTold, KEY_PAGE, KeyAnswer, KeyPlace, KeyRole, KeyTaken, PutOffer};
use authlight_engine::state::{Consent, PlanText, RepairEnd, StepText};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Id, Key, Modifiers, OutputCommand, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::doubles::{Double, Screen, USUAL, practising};
use super::steps::{click, enter, kind, open, opened, settled};
use super::{focused, key, press, reports, shows};

const ROTATE: &str = "Replace a key everywhere";
const PUT: &str = "Put a key where Claude Code will see it";
const APPROVE: &str = "Let Claude Code use the new key without asking first";
const FIELD: &str = "The new key";

/// A made-up key of the usual length.
fn canary() -> String {
    let key = format!("{}{}", ["sk-ant-", "api03-NEWCANARY"].concat(), "0123456789".repeat(8));
    // The end is what Claude Code keeps of a key that it may use.
    format!("{key}TAILAA")
}

fn plan() -> PlanText {
    let step = StepText {
        what: "This file is changed: ~/.claude/settings.json".to_owned(),
        lines: vec![(true, "line 3".to_owned(), "\"ANTHROPIC_API_KEY\": \"[redacted]\"".to_owned())],
        ..StepText::default()
    };
    PlanText { token: "t".to_owned(), steps: vec![step], undoable: true, ..PlanText::default() }
}

fn place(name: &str, ours: bool) -> KeyPlace {
    KeyPlace { name: name.to_owned(), lines: vec![2, 7], ours }
}

fn rotating() -> Double {
    let report = reports::key_shadows_login();
    let places = vec![place("~/.bashrc", true), place("~/.claude/settings.json", true), place("/etc/keys", false)];
    let host = Some("api.anthropic.com".to_owned());
    let git = GitTold { folders: vec!["~/work/shop".to_owned()], looked: 2, complete: true };
    Double {
        takes: Ok(KeyTaken { token: "t".to_owned(), places, can_approve: true, host }),
        git: Some(git),
        plan: Some(plan()),
        ends: RepairEnd::Healed { change: "c-1".to_owned(), undoable: true },
        ..Double::finding(report.clone(), report)
    }
}

fn putting() -> Double {
    let offer = |place, name: &str| PutOffer { place, name: Some(name.to_owned()), command: None };
    let here = PutOffer {
        place: PutPlace::ThisTerminal,
        name: None,
        command: Some("read -rs ANTHROPIC_API_KEY && export ANTHROPIC_API_KEY".to_owned()),
    };
    let offers =
        vec![offer(PutPlace::Settings, "~/.claude/settings.json"), offer(PutPlace::Profile, "~/.bashrc"), here];
    let taken = KeyTaken { places: Vec::new(), ..rotating().takes.unwrap() };
    Double { offers, takes: Ok(taken), ..rotating() }
}

fn paste<E: Engine>(screen: &mut Screen<E>, text: &str) {
    screen.harness.get_by_role_and_label(Role::PasswordInput, FIELD).focus();
    screen.harness.run();
    screen.harness.event(Event::Paste(text.to_owned()));
    screen.harness.run();
}

/// Everything that a program beside ours could read of the window.
fn everything<E: Engine>(screen: &Screen<E>) -> String {
    let all = screen.harness.root().children_recursive();
    let said = all.flat_map(|node| {
        let node = node.accesskit_node();
        [node.label(), node.value(), node.description()]
    });
    let said = said.flatten().collect::<Vec<_>>().join("\n");
    let state = format!("{:?}", screen.harness.state().state());
    let commands = format!("{:?}", screen.harness.output().platform_output.commands);
    format!("{said}\n{state}\n{commands}")
}

fn leaks<E: Engine>(screen: &Screen<E>) -> bool {
    let all = everything(screen);
    ["CANARY", "0123456789", "TAILAA"].iter().any(|part| all.contains(part))
}

#[test]
fn by_keyboard_alone_a_key_is_replaced_and_the_old_one_is_asked_about() {
    let mut screen = opened(rotating(), ROTATE, USUAL, Theme::Light);
    assert!(shows(&screen, "Step 1 of 5"));
    assert_eq!(focused(&screen), FIELD);
    screen.picture("rotate-key-empty");
    screen.harness.event(Event::Paste(format!(" {}\n", canary())));
    screen.harness.run();
    assert!(shows(&screen, "This looks like a key of the Console."));
    screen.picture("rotate-key");
    screen.harness.get_by_role_and_label(Role::Button, "Go on").focus();
    screen.harness.run();
    enter(&mut screen);
    let given = screen.engine.taken.lock().unwrap()[0].key.clone();
    assert!(given.same_as(&authlight_core::secret::Secret::new(canary())), "it arrives as it was typed");
    assert!(shows(&screen, "Step 2 of 5") && shows(&screen, "It is sent to api.anthropic.com"));
    assert!(screen.engine.key_tests.lock().unwrap().is_empty(), "nothing is sent before a word");
    screen.picture("rotate-test");
    assert_eq!(focused(&screen), "Test the new key");
    enter(&mut screen);
    assert!(shows(&screen, "The new key is good."));
    screen.picture("rotate-tested");
    assert_eq!(focused(&screen), "Go on");
    enter(&mut screen);
    assert!(shows(&screen, "~/.bashrc, line 2, 7") && shows(&screen, "it is not yours to change: /etc/keys"));
    screen.until(|window| !format!("{:?}", window.state()).contains("git: None"));
    assert!(shows(&screen, "The old key stands in the git history of ~/work/shop."));
    screen.picture("rotate-places");
    enter(&mut screen);
    assert_eq!(*screen.engine.key_plans.lock().unwrap(), [(vec![], false)], "nothing is approved unasked");
    assert!(screen.engine.repaired.lock().unwrap().is_empty(), "nothing is written before a word");
    assert_eq!(focused(&screen), "Do it");
    screen.picture("rotate-plan");
    enter(&mut screen);
    assert_eq!(*screen.engine.repaired.lock().unwrap(), ["t"]);
    assert!(shows(&screen, "Tested once more where it is now: the key is good."));
    screen.picture("rotate-written");
    enter(&mut screen);
    assert!(shows(&screen, "Step 5 of 5") && shows(&screen, "your other computers, and containers"));
    assert_eq!(focused(&screen), "Test the old key");
    screen.engine.answers.lock().unwrap().push(KeyAnswer::Accepted);
    enter(&mut screen);
    assert!(shows(&screen, "The old key still works. Revoke it now"));
    screen.picture("rotate-old-works");
    screen.engine.answers.lock().unwrap().push(KeyAnswer::Refused("invalid x-api-key".to_owned()));
    enter(&mut screen);
    assert!(shows(&screen, "The old key is not accepted any more."));
    screen.picture("rotate-old-refused");
    let roles: Vec<_> = screen.engine.key_tests.lock().unwrap().iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [KeyRole::New, KeyRole::Written, KeyRole::Old, KeyRole::Old]);
    assert_eq!(focused(&screen), "Close");
    enter(&mut screen);
    assert_eq!(kind(&screen), None);
}

#[test]
fn with_the_pointer_places_are_chosen_and_pages_opened() {
    let mut screen = opened(rotating(), ROTATE, USUAL, Theme::Light);
    screen.harness.get_by_role_and_label(Role::Link, "Open the page where keys are made (platform.claude.com)").click();
    screen.harness.run();
    assert_eq!(*screen.desktop.opened.lock().unwrap(), [KEY_PAGE]);
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    click(&mut screen, "Skip this step");
    screen.harness.get_by_role_and_label(Role::CheckBox, "~/.bashrc, line 2, 7").click();
    screen.harness.run();
    screen.harness.get_by_role_and_label(Role::CheckBox, APPROVE).click();
    screen.harness.run();
    click(&mut screen, "Go on");
    assert_eq!(*screen.engine.key_plans.lock().unwrap(), [(vec!["~/.bashrc".to_owned()], true)]);
    click(&mut screen, "Do it");
    assert!(screen.engine.key_tests.lock().unwrap().is_empty(), "what was skipped is not tested unasked");
    click(&mut screen, "Skip this step");
    screen.harness.get_by_role_and_label(Role::Button, "Copy").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        screen.harness.step();
        copied.extend(screen.harness.output().platform_output.commands.iter().cloned());
    }
    let is_list = |told: &OutputCommand| matches!(told, OutputCommand::CopyText(text) if text.contains("colleagues"));
    assert!(copied.iter().any(is_list), "{copied:?}");
}

#[test]
fn nothing_of_the_key_can_be_read_from_outside() {
    let mut screen = opened(rotating(), ROTATE, USUAL, Theme::Light);
    let empty = screen.harness.render().unwrap();
    paste(&mut screen, &canary());
    let seen = |screen: &Screen| {
        assert!(!leaks(screen));
    };
    seen(&screen);
    let value = screen.harness.get_by_role_and_label(Role::PasswordInput, FIELD).value().unwrap();
    assert_eq!(value, "•".repeat(108));
    for again in [Key::A, Key::C, Key::X] {
        key(&mut screen, Modifiers::COMMAND, again);
        seen(&screen);
    }
    screen.harness.event(Event::Copy);
    screen.harness.event(Event::Cut);
    screen.harness.step();
    seen(&screen);
    // What egui keeps of a field from frame to frame.
    let kept = screen
        .harness
        .ctx
        .data_mut(|data| data.get_persisted::<eframe::egui::text_edit::TextEditState>(Id::unique("new key")));
    let mut undoer = kept.unwrap().undoer();
    let mut current = (Default::default(), String::new());
    while let Some(before) = undoer.undo(&current) {
        assert!(!before.1.contains("NEWCANARY"), "the undo history holds the key");
        current = before.clone();
    }
    let events = screen.harness.ctx.input(|input| format!("{:?} {:?}", input.events, input.raw.events));
    assert!(!events.contains("NEWCANARY"));
    // Two keys of one length look the same.
    let mut other = opened(rotating(), ROTATE, USUAL, Theme::Light);
    assert_eq!(other.harness.render().unwrap(), empty);
    let mut first = opened(rotating(), ROTATE, USUAL, Theme::Light);
    paste(&mut first, &canary());
    paste(&mut other, &canary().replace("NEWCANARY", "OLDCANARY"));
    assert_eq!(first.harness.render().unwrap(), other.harness.render().unwrap());
    click(&mut first, "Go on");
    seen(&first);
    press(&mut first, "Back");
    let value = first.harness.get_by_role_and_label(Role::PasswordInput, FIELD).value().unwrap_or_default();
    assert_eq!(value, "", "what was handed over is not in the field any more");
}

#[test]
fn what_is_no_key_is_said_while_typing_and_not_taken() {
    let oat = ["sk-ant-", "oat01-CANARY"].concat();
    let admin = ["sk-ant-", "admin01-CANARY"].concat();
    for (text, said, goes) in [
        ("your-api-key-here", "This is no whole key", false),
        (oat.as_str(), "a token of a claude.ai login", false),
        (admin.as_str(), "This is an Admin key", false),
        ("two words", "a character that no key has", false),
        (&canary()[..50], "has 108 characters, this one 50", true),
    ] {
        let mut screen = opened(rotating(), ROTATE, USUAL, Theme::Light);
        paste(&mut screen, text);
        assert!(shows(&screen, said), "{said}");
        assert_eq!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_some(), goes, "{said}");
        assert!(screen.engine.taken.lock().unwrap().is_empty());
    }
}

#[test]
fn a_key_that_fails_its_test_is_not_written_and_another_one_can_be_tried() {
    let mut screen = opened(rotating(), ROTATE, USUAL, Theme::Light);
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    screen.engine.answers.lock().unwrap().push(KeyAnswer::Refused("The key is not accepted.".to_owned()));
    click(&mut screen, "Test the new key");
    assert!(shows(&screen, "The key is not accepted.") && shows(&screen, "Go back to try another key."));
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_none());
    screen.picture("rotate-refused");
    press(&mut screen, "Back");
    assert_eq!(focused(&screen), FIELD);
    let not_taken = Double { takes: Err("This is the key that is in use already.".to_owned()), ..rotating() };
    let mut screen = opened(not_taken, ROTATE, USUAL, Theme::Light);
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    assert!(shows(&screen, "in use already") && shows(&screen, "Paste the key once more."));
}

#[test]
fn a_test_asks_before_a_key_goes_to_a_folders_own_server() {
    let needed = vec![Consent::ProjectEndpoint { host: "gw.example".to_owned() }];
    let mut screen = opened(Double { needs: needed.clone(), ..rotating() }, ROTATE, USUAL, Theme::Light);
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    click(&mut screen, "Test the new key");
    assert!(shows(&screen, "chose where your credential goes: gw.example"));
    assert_eq!(focused(&screen), "No, send nothing");
    screen.picture("rotate-consent");
    enter(&mut screen);
    assert!(screen.engine.key_tests.lock().unwrap().is_empty());
    click(&mut screen, "Test the new key");
    click(&mut screen, "Yes, for this test");
    assert_eq!(*screen.engine.key_tests.lock().unwrap(), [(KeyRole::New, needed)]);
}

#[test]
fn what_does_not_help_is_offered_to_be_taken_back() {
    let ends =
        RepairEnd::NotHealed { change: "c-1".to_owned(), sentences: vec!["The old one is still used.".to_owned()] };
    let mut screen = opened(Double { ends, ..rotating() }, ROTATE, USUAL, Theme::Light);
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    click(&mut screen, "Skip this step");
    click(&mut screen, "Go on");
    click(&mut screen, "Do it");
    assert!(shows(&screen, "The old one is still used."));
    click(&mut screen, "Take it back");
    assert_eq!(screen.engine.undone.lock().unwrap().len(), 1);
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
    assert_eq!(kind(&screen), None);
}

#[test]
fn it_can_be_left_at_every_step_and_nothing_is_kept() {
    for steps in 0..4 {
        for by_key in [true, false] {
            let mut screen = opened(rotating(), ROTATE, USUAL, Theme::Light);
            paste(&mut screen, &canary());
            for step in ["Go on", "Skip this step", "Go on"].iter().take(steps) {
                click(&mut screen, step);
            }
            if by_key {
                key(&mut screen, Modifiers::NONE, Key::Escape);
            } else {
                press(&mut screen, "Close");
            }
            assert_eq!(kind(&screen), None, "step {steps}");
            assert!(screen.engine.repaired.lock().unwrap().is_empty());
            open(&mut screen, ROTATE);
            assert_eq!(focused(&screen), FIELD);
            let value = screen.harness.get_by_role_and_label(Role::PasswordInput, FIELD).value().unwrap_or_default();
            assert_eq!(value, "");
        }
    }
}

#[test]
fn a_key_is_put_where_the_person_chose() {
    let mut screen = opened(putting(), PUT, USUAL, Theme::Light);
    assert!(shows(&screen, "In the settings of Claude Code (~/.claude/settings.json)"));
    screen.picture("put-where");
    screen.harness.get_by_label_contains("In what your shell reads").click();
    screen.harness.run();
    click(&mut screen, "Go on");
    paste(&mut screen, &canary());
    screen.picture("put-key");
    click(&mut screen, "Go on");
    assert_eq!(screen.engine.taken.lock().unwrap()[0].place, Some(PutPlace::Profile));
    click(&mut screen, "Test the new key");
    click(&mut screen, "Go on");
    screen.harness.get_by_role_and_label(Role::CheckBox, APPROVE).click();
    screen.harness.run();
    settled(&mut screen);
    assert_eq!(*screen.engine.key_plans.lock().unwrap(), [(vec![], false), (vec![], true)]);
    screen.picture("put-plan");
    click(&mut screen, "Do it");
    assert!(shows(&screen, "Step 5 of 5") && shows(&screen, "Open a new terminal"));
    assert!(shows(&screen, "Tested once more where it is now"));
    screen.picture("put-written");
    assert!(!leaks(&screen));
}

#[test]
fn for_one_terminal_a_command_is_copied_that_holds_no_key() {
    let mut screen = opened(putting(), PUT, USUAL, Theme::Light);
    screen.harness.get_by_label_contains("For one terminal alone").click();
    screen.harness.run();
    assert!(shows(&screen, "read -rs ANTHROPIC_API_KEY"));
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_none(), "there is nothing to go on to");
    screen.picture("put-this-terminal");
    screen.harness.get_by_role_and_label(Role::Button, "Copy").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        screen.harness.step();
        copied.extend(screen.harness.output().platform_output.commands.iter().cloned());
    }
    assert!(copied.iter().any(|told| matches!(told, OutputCommand::CopyText(text) if text.starts_with("read -rs"))));
}

#[test]
fn what_something_stronger_would_override_is_not_written() {
    let useless = PlanText { useless: true, ..plan() };
    let mut screen = opened(Double { plan: Some(useless), ..putting() }, PUT, USUAL, Theme::Light);
    click(&mut screen, "Go on");
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    click(&mut screen, "Skip this step");
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Do it").is_none());
    assert!(shows(&screen, "would still be there afterwards"));
    press(&mut screen, "Back");
    assert!(shows(&screen, "Step 3 of 5"));
}

#[test]
fn the_buttons_stay_on_the_screen() {
    for (size, theme) in [(vec2(800.0, 600.0), Theme::Dark), (vec2(560.0, 380.0), Theme::Light)] {
        let mut double = rotating();
        let many = (0..40).map(|at| place(&format!("~/projects/{at}/.env"), at % 5 > 0));
        double.takes.as_mut().unwrap().places.extend(many);
        double.plan.as_mut().unwrap().steps = vec![plan().steps[0].clone(); 40];
        let mut screen = opened(double, ROTATE, size, theme);
        paste(&mut screen, &canary());
        for (step, next) in ["Go on", "Skip this step", "Go on", "Do it", "Skip this step", ""].iter().enumerate() {
            screen.picture(&format!("rotate-long-{}-{step}", size.x));
            let rect = screen.harness.get_by_role_and_label(Role::Button, "Close").rect();
            assert!(rect.top() >= 0.0 && rect.bottom() <= size.y, "step {step}: {rect:?} in {size:?}");
            if !next.is_empty() {
                screen.harness.get_by_role_and_label(Role::Button, next).focus();
                screen.harness.run();
                enter(&mut screen);
            }
        }
    }
}

#[test]
fn a_key_that_is_not_accepted_any_more_leads_to_a_new_one() {
    let (_laid_out, mut screen) = practising("key-revoked");
    press(&mut screen, "Test the key");
    screen.settle();
    click(&mut screen, "Put a new key in every place of the old one");
    assert_eq!(kind(&screen), Some(WalkthroughKind::Rotate));
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    click(&mut screen, "Test the new key");
    screen.picture("rotate-real-refused");
    assert!(shows(&screen, "Go back to try another key."), "the endpoint knows neither of them");
    assert!(!leaks(&screen));
}

#[test]
fn on_a_real_home_a_key_is_replaced_and_put_back_byte_for_byte() {
    let (laid_out, mut screen) = practising("settings-beat-shell");
    let home = laid_out.laid_out.home.clone();
    let all = || {
        let mut files = Vec::new();
        let mut waiting = vec![home.clone()];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    waiting.push(entry.path());
                } else {
                    files.push((entry.path(), std::fs::read(entry.path()).unwrap()));
                }
            }
        }
        files.sort();
        files
    };
    let before = all();
    open(&mut screen, ROTATE);
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    screen.picture("rotate-real-test");
    click(&mut screen, "Skip this step");
    screen.picture("rotate-real-places");
    click(&mut screen, "Go on");
    screen.picture("rotate-real-plan");
    assert_eq!(all(), before, "a plan changes nothing");
    assert!(!leaks(&screen));
    click(&mut screen, "Do it");
    screen.picture("rotate-real-written");
    assert!(all().iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("NEWCANARY")));
    assert!(!leaks(&screen));
    click(&mut screen, "Take it back");
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
    assert_eq!(all(), before);
}

#[test]
fn on_a_real_home_without_a_key_one_is_put_in_place_and_taken_back() {
    let (laid_out, mut screen) = practising("no-sign-in-at-all");
    let settings = laid_out.laid_out.home.join(".claude/settings.json");
    let before = std::fs::read(&settings).ok();
    open(&mut screen, PUT);
    screen.picture("put-real-where");
    click(&mut screen, "Go on");
    paste(&mut screen, &canary());
    click(&mut screen, "Go on");
    click(&mut screen, "Skip this step");
    screen.harness.get_by_role_and_label(Role::CheckBox, APPROVE).click();
    screen.harness.run();
    settled(&mut screen);
    screen.picture("put-real-plan");
    assert!(shows(&screen, "~/.claude.json") && !leaks(&screen), "nothing of the key is in the plan");
    click(&mut screen, "Do it");
    screen.picture("put-real-written");
    assert!(std::fs::read_to_string(&settings).unwrap().contains("NEWCANARY"));
    assert!(!leaks(&screen));
    let key = authlight_core::report::CredentialKind::ApiKey;
    let report = screen.harness.state().state().report.clone().unwrap();
    assert!(report.route.sends.iter().any(|sent| sent.credential == key), "the new key is what signs in now");
    click(&mut screen, "Take it back");
    assert_eq!(std::fs::read(&settings).ok(), before);
}
