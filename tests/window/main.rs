//! The window, through the accessibility tree: found by role and name, pressed, typed at; and its pictures.

mod company_certificate;
#[allow(dead_code)]
mod doubles;
mod matrix;
mod new_key;
mod providers;
mod repairs;
#[allow(dead_code)]
mod reports;
mod resetting;
mod setting_up;
mod steps;
mod walkthroughs;

use std::sync::atomic::Ordering;

use authlight_core::report::{Cause, Light};
use authlight_engine::act::jobs::Engine;
use authlight_engine::inspector::Inspector;
use authlight_engine::state::{Consent, JobKind, Notice};
use doubles::{Double, Screen, USUAL, gate, practising};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, OutputCommand, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn press<E: Engine>(screen: &mut Screen<E>, name: &str) {
    screen.harness.get_by_role_and_label(Role::Button, name).click();
    screen.harness.run();
}

fn key(screen: &mut Screen, modifiers: Modifiers, key: Key) {
    screen.harness.key_press_modifiers(modifiers, key);
    screen.harness.run();
}

fn shows<E: Engine>(screen: &Screen<E>, text: &str) -> bool {
    screen.harness.query_all_by_label_contains(text).next().is_some()
}

/// The name of the part that has the keyboard.
fn focused(screen: &Screen) -> String {
    let name = screen.harness.root().children_recursive().find(|node| node.is_focused());
    name.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
}

#[test]
fn the_first_frame_shows_the_five_lights_before_anything_is_known() {
    let (open, gate) = gate();
    let mut double = Double::finding(reports::healthy(), reports::healthy());
    double.gate = gate;
    let mut screen = Screen::build(double, USUAL, 1.0, Theme::Light);
    assert_eq!(screen.harness.query_all_by_label_contains(": Looking…").count(), 5);
    assert!(shows(&screen, "Nothing is sent while looking"));
    screen.picture("looking");
    open.send(()).unwrap();
    screen.settle();
    assert!(!shows(&screen, "Looking…"));
    screen.harness.get_by_role_and_label(Role::Heading, reports::HEALTHY);
}

#[test]
fn facts_arrive_in_pieces() {
    let (open, gate) = gate();
    let mut double = Double::finding(reports::key_shadows_login(), reports::healthy());
    (double.gate, double.part) = (gate, Some(5));
    let mut screen = Screen::build(double, USUAL, 1.0, Theme::Light);
    screen.until(|window| window.state().report.is_some());
    assert!(shows(&screen, "1 Key in the environment: Ruled out."));
    assert_eq!(screen.harness.query_all_by_label_contains(": Looking…").count(), 4);
    assert!(!shows(&screen, reports::SHADOWED), "a part has no verdict yet");
    screen.picture("pieces");
    open.send(()).unwrap();
    screen.settle();
    assert!(shows(&screen, "4 Settings that override: Look here."));
}

#[test]
fn checking_again_never_blanks_the_list() {
    let (open, gate) = gate();
    let mut double = Double::finding(reports::key_shadows_login(), reports::healthy());
    double.gate = gate;
    let mut screen = Screen::build(double, USUAL, 1.0, Theme::Light);
    open.send(()).unwrap();
    screen.settle();
    for (times, again) in [(Modifiers::NONE, Key::F5), (Modifiers::COMMAND, Key::R)].into_iter().enumerate() {
        key(&mut screen, again.0, again.1);
        assert!(screen.harness.state().state().is_running(JobKind::Scan));
        assert!(shows(&screen, "4 Settings that override: Look here."));
        screen.harness.get_by_role_and_label(Role::Heading, reports::SHADOWED);
        open.send(()).unwrap();
        screen.settle();
        assert_eq!(screen.engine.scans.load(Ordering::SeqCst), times + 2);
    }
    press(&mut screen, "Check again");
    open.send(()).unwrap();
    screen.settle();
    assert_eq!(screen.engine.scans.load(Ordering::SeqCst), 4);
}

#[test]
fn a_light_says_its_word_to_a_screen_reader_and_shows_its_finding() {
    let mut screen = Screen::of(reports::key_shadows_login());
    for (name, report) in [
        ("3 The key itself: Not in use.", reports::healthy()),
        ("2 Browser login: Problem.", reports::nothing_configured()),
        ("Your organisation’s policy: Not yours to repair.", reports::policy()),
    ] {
        assert!(shows(&Screen::of(report), name), "{name}");
    }
    for part in ["What we saw", "Where", "Why it matters", "What to do now"] {
        screen.harness.get_by_label(part);
    }
    screen.harness.get_by_role_and_label(Role::Heading, "A key in your user settings overrides your login");
    assert!(shows(&screen, "line 7, user scope"));
    screen.harness.get_by(|node| node.label().is_some_and(|name| name.starts_with("2 Browser login"))).click();
    screen.harness.run();
    screen.harness.get_by_role_and_label(Role::Heading, "2 Browser login");
    assert!(!shows(&screen, "What we saw"));
}

#[test]
fn a_healthy_machine_is_grey_until_the_test_has_run() {
    let screen = Screen::of(reports::healthy());
    assert!(shows(&screen, "Nothing was sent"));
    assert!(!shows(&screen, "Test the key"), "a login is no key of ours to send");
    screen.harness.get_by_role_and_label(Role::Button, "Test the connection");

    let mut screen = Screen::on(Double::finding(reports::key_shadows_login(), reports::verified()));
    press(&mut screen, "Test the key");
    screen.settle();
    assert_eq!(screen.engine.tests.lock().unwrap().len(), 1);
    assert!(shows(&screen, "3 The key itself: Ruled out."));
    assert!(shows(&screen, "One request was sent"));
    assert!(shows(&screen, "GET https://api.anthropic.com/v1/models, with x-api-key"));
}

#[test]
fn a_message_that_costs_is_asked_about_where_the_test_is_told() {
    let mut screen = Screen::on(Double::finding(reports::key_shadows_login(), reports::verified()));
    press(&mut screen, "Test the key");
    screen.settle();
    press(&mut screen, "Send one real message…");
    screen.settle();
    assert!(shows(&screen, "one token of its answer is paid for"));
    assert_eq!(focused(&screen), "No, send nothing");
    screen.picture("consent-one-token");
    press(&mut screen, "Yes, for this test");
    screen.settle();
    assert_eq!(*screen.engine.tests.lock().unwrap(), [vec![], vec![Consent::OneToken]]);
}

#[test]
fn nothing_configured_offers_no_test() {
    let screen = Screen::of(reports::nothing_configured());
    assert!(!shows(&screen, "Test the"));
    assert!(shows(&screen, "It will say “Not logged in · Please run /login”."));
}

#[test]
fn a_folders_own_server_is_named_before_anything_is_sent() {
    let needed = vec![Consent::ProjectEndpoint { host: "gw.example".to_owned() }];
    let report = reports::project_redirect();
    let mut screen = Screen::on(Double { needs: needed.clone(), ..Double::finding(report.clone(), report) });
    press(&mut screen, "Test the key");
    screen.settle();
    assert!(shows(&screen, "chose where your credential goes: gw.example"));
    assert_eq!(focused(&screen), "No, send nothing");
    screen.picture("consent");
    key(&mut screen, Modifiers::NONE, Key::Enter);
    screen.settle();
    assert!(screen.engine.tests.lock().unwrap().is_empty());

    press(&mut screen, "Test the key");
    screen.settle();
    key(&mut screen, Modifiers::NONE, Key::Escape);
    assert!(screen.harness.state().state().consent_question.is_none());
    assert!(screen.engine.tests.lock().unwrap().is_empty());

    press(&mut screen, "Test the key");
    screen.settle();
    press(&mut screen, "Yes, for this test");
    screen.settle();
    assert_eq!(*screen.engine.tests.lock().unwrap(), [needed]);
}

#[test]
fn the_keyboard_reaches_everything() {
    let mut screen = Screen::of(reports::key_shadows_login());
    let mut reached = Vec::new();
    for _ in 0..24 {
        key(&mut screen, Modifiers::NONE, Key::Tab);
        reached.push(focused(&screen));
    }
    let order = [
        "Folder",
        "As seen by",
        "Check again",
        "Test the key",
        "Copy for helpdesk",
        "1 Key in",
        "2 Browser",
        "3 The key",
        "4 Settings",
        "5 Endpoint",
        "Paste an error",
        "Read more",
        "API key, user",
        "Bearer token",
        "Key helper",
        "Claude login",
    ];
    let mut names = reached.iter();
    for wanted in order {
        assert!(names.any(|name| name.starts_with(wanted)), "{wanted} is not reached in order: {reached:#?}");
    }
}

#[test]
fn the_keyboard_brings_what_it_reaches_into_view() {
    let report = reports::key_shadows_login();
    let size = vec2(560.0, 380.0);
    let mut screen = Screen::build(Double::finding(report.clone(), report), size, 1.0, Theme::Light);
    screen.settle();
    for _ in 0..40 {
        key(&mut screen, Modifiers::NONE, Key::Tab);
        if focused(&screen).starts_with("Claude login") {
            break;
        }
    }
    let last = screen.harness.get_by(|node| node.is_focused()).rect();
    assert!(last.top() >= 0.0 && last.bottom() <= size.y, "{last:?}");
    screen.picture("tabbed");
}

#[test]
fn shortcuts_jump_to_a_light_and_copy_the_report() {
    let (open, text_gate) = gate();
    let mut double = Double::finding(reports::key_shadows_login(), reports::healthy());
    double.text_gate = text_gate;
    let mut screen = Screen::on(double);
    for (key_number, cause) in [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5].into_iter().zip(Cause::FIVE) {
        key(&mut screen, Modifiers::ALT, key_number);
        assert_eq!(screen.harness.state().state().shown_cause(), cause);
        assert!(focused(&screen).starts_with(|first: char| first.is_ascii_digit()), "{}", focused(&screen));
    }
    screen.picture("focus");
    key(&mut screen, Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    assert!(screen.harness.state().state().is_running(JobKind::HelpdeskText));
    open.send(()).unwrap();
    let mut copied = None;
    let start = std::time::Instant::now();
    while copied.is_none() && start.elapsed().as_secs() < 20 {
        screen.harness.step();
        copied = screen.harness.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
    }
    assert_eq!(copied.as_deref(), Some("report for the helpdesk: 7KQ2-F9T4"));
    screen.settle();
    assert_eq!(screen.harness.state().state().notice, Some(Notice::Copied));
    screen.harness.get_by_role(Role::Status);
    key(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(screen.harness.state().state().notice, None);
}

#[test]
fn a_report_that_is_held_back_is_said_and_not_copied() {
    let mut double = Double::finding(reports::key_shadows_login(), reports::healthy());
    double.lets_out = false;
    let mut screen = Screen::on(double);
    press(&mut screen, "Copy for helpdesk");
    screen.until(|window| window.state().notice.is_some());
    assert!(shows(&screen, "The report was not copied"));
    assert!(!shows(&screen, "The report is copied"));
}

#[test]
fn practice_says_so_and_is_otherwise_the_real_thing() {
    let (open, mut screen) = practising("key-revoked");
    let banner = format!("Practice: “{}”. This is not your computer", open.scenario.title);
    assert!(shows(&screen, &banner));
    assert!(shows(&screen, "3 The key itself: Looks right, not tested."));
    assert!(shows(&screen, "Nothing was sent"));
    press(&mut screen, "Test the key");
    screen.settle();
    assert!(shows(&screen, "3 The key itself: Problem."));
    assert!(shows(&screen, "One request was sent"));
    screen.picture("practice");
    assert!(!shows(&Screen::of(reports::healthy()), "This is not your computer"));
}

#[test]
fn what_is_mended_on_disk_is_seen_when_it_is_checked_again() {
    let (open, mut screen) = practising("settings-trailing-comma");
    let light = |screen: &Screen<Inspector>| screen.harness.state().state().report.as_ref().unwrap().verdict.light;
    assert_eq!(light(&screen), Light::Red);
    let settings = open.laid_out.home.join(".claude/settings.json");
    let mended = std::fs::read_to_string(&settings).unwrap().replace("\",\n  }", "\"\n  }");
    std::fs::write(&settings, mended).unwrap();
    press(&mut screen, "Check again");
    screen.settle();
    assert_eq!(light(&screen), Light::Grey, "set up, and not tested yet");
    screen.harness.get_by_role_and_label(Role::Button, "Test the key");
}

#[test]
fn an_error_message_is_explained_and_forgotten() {
    let mut screen = Screen::of(reports::key_shadows_login());
    press(&mut screen, "Paste an error message…");
    assert_eq!(focused(&screen), "The message, as Claude Code showed it");
    screen.harness.get_by_role(Role::MultilineTextInput).type_text("401 CANARY");
    screen.harness.run();
    press(&mut screen, "Explain");
    screen.settle();
    assert!(shows(&screen, "Replace the key. (401 CANARY)"));
    screen.picture("paste");
    screen.harness.get_by_role_and_label(Role::Link, "Show “The key itself”").click();
    screen.harness.run();
    assert_eq!(screen.harness.state().state().shown_cause(), Cause::Key);
    key(&mut screen, Modifiers::NONE, Key::Escape);
    press(&mut screen, "Paste an error message…");
    key(&mut screen, Modifiers::COMMAND, Key::Z);
    assert!(!shows(&screen, "CANARY"), "undo must not bring back what was typed");
    assert_eq!(screen.harness.get_by_role(Role::MultilineTextInput).value().unwrap_or_default(), "");
}

#[test]
fn a_rung_opens_its_evidence() {
    let mut screen = Screen::of(reports::key_shadows_login());
    assert!(!shows(&screen, "You approved this key"));
    press(&mut screen, "API key, user settings, line 7, signs in");
    assert!(shows(&screen, "You approved this key"));
    assert!(shows(&screen, "…x7Qa"));
    screen.harness.get_by_role_and_label(Role::Button, "Claude login, this computer, shadowed by the API key").focus();
    screen.harness.run();
    key(&mut screen, Modifiers::NONE, Key::Enter);
    assert!(shows(&screen, "23 Nov 2026, 18:00 UTC"));
    screen.picture("rungs");
}

#[test]
fn what_would_be_without_a_credential_is_told_before_anything_is_changed() {
    let mut screen = Screen::of(reports::key_shadows_login());
    press(&mut screen, "API key, user settings, line 7, signs in");
    let offers = |screen: &Screen| screen.harness.query_all_by_label("Without this…").count();
    assert_eq!(offers(&screen), 2, "one at the finding, one in the open row");
    for _ in 0..60 {
        key(&mut screen, Modifiers::NONE, Key::Tab);
        let row = screen.harness.get_by_role_and_label(Role::Button, "API key, user settings, line 7, signs in").rect();
        let here = screen.harness.query_all_by(|node| node.is_focused()).next().map(|node| node.rect());
        if focused(&screen) == "Without this…" && here.is_some_and(|here| here.top() > row.top()) {
            break;
        }
    }
    assert_eq!(focused(&screen), "Without this…");
    key(&mut screen, Modifiers::NONE, Key::Enter);
    screen.settle();
    assert!(shows(&screen, "Then your claude.ai login signs in. [settings:user:ANTHROPIC_API_KEY]"));
    assert!(shows(&screen, "Your login has run out and cannot be renewed (AL-2-05)."));
    assert!(shows(&screen, "Nothing was changed."));
    let open = |screen: &Screen| {
        let all = screen.harness.query_all_by_label("Without this…");
        all.filter(|node| node.accesskit_node().data().is_expanded() == Some(true)).count()
    };
    assert_eq!(open(&screen), 1);
    let answer = screen.harness.get_by_label_contains("Nothing was changed.").rect();
    assert!(answer.bottom() <= USUAL.y - 30.0, "it is scrolled to: {answer:?}");
    screen.picture("what-if");
    key(&mut screen, Modifiers::NONE, Key::Escape);
    assert!(!shows(&screen, "Nothing was changed.") && open(&screen) == 0);
    screen.harness.query_all_by_label("Without this…").next().unwrap().click();
    screen.harness.run();
    screen.settle();
    assert!(shows(&screen, "Nothing was changed."), "at the finding too");
    press(&mut screen, "Check again");
    screen.settle();
    assert!(!shows(&screen, "Nothing was changed."), "it goes with the report that it was asked of");
}

#[test]
fn another_folder_is_chosen_from_the_list_or_typed() {
    let mut screen = Screen::of(reports::healthy());
    screen.harness.get_by_role_and_label(Role::ComboBox, "Folder").click();
    screen.harness.run();
    screen.picture("folders");
    press(&mut screen, "~/blog");
    screen.settle();
    assert_eq!(screen.engine.scanned.lock().unwrap().last().unwrap().project, Some("/home/u/blog".into()));

    screen.harness.get_by_role_and_label(Role::ComboBox, "Folder").click();
    screen.harness.run();
    press(&mut screen, "Choose folder…");
    assert_eq!(focused(&screen), "Path of the folder");
    press(&mut screen, "Browse…");
    screen.until(|window| window.state().folder_dialog.as_ref().is_some_and(|dialog| dialog.nothing_chosen));
    assert!(shows(&screen, "you can type the path"));
    screen.picture("folder-dialog");
    screen.harness.get_by_role_and_label(Role::TextInput, "Path of the folder").focus();
    screen.harness.run();
    screen.harness.get_by_role_and_label(Role::TextInput, "Path of the folder").type_text("~/other");
    screen.harness.run();
    key(&mut screen, Modifiers::NONE, Key::Enter);
    screen.settle();
    assert_eq!(screen.engine.scanned.lock().unwrap().last().unwrap().project, Some("~/other".into()));
}

#[test]
fn a_help_page_is_opened_by_the_desktop() {
    let mut screen = Screen::of(reports::key_shadows_login());
    screen.harness.get_by_role_and_label(Role::Link, "Read more about it").click();
    screen.harness.run();
    assert_eq!(*screen.desktop.opened.lock().unwrap(), ["https://code.claude.com/docs/en/settings"]);
}

#[test]
fn nothing_lies_outside_a_small_or_enlarged_window() {
    for size in [vec2(800.0, 600.0), vec2(560.0, 380.0), vec2(400.0, 300.0)] {
        for report in [reports::key_shadows_login(), reports::policy(), reports::verified()] {
            let mut screen = Screen::build(Double::finding(report.clone(), report), size, 1.0, Theme::Light);
            screen.settle();
            for node in screen.harness.root().children_recursive() {
                let named = node.accesskit_node().label().unwrap_or_default();
                let Some(rect) = node.accesskit_node().bounding_box().filter(|_| !named.is_empty()) else { continue };
                let inside = rect.x0 >= -0.5 && rect.x1 <= f64::from(size.x) + 0.5;
                assert!(inside, "{named:?} at {rect:?} in {size:?}");
            }
        }
    }
}

#[test]
fn the_code_for_the_phone_is_always_on_the_screen() {
    let mut report = reports::key_shadows_login();
    report.claude.installs.clear();
    for size in [USUAL, vec2(800.0, 600.0), vec2(640.0, 560.0)] {
        let mut screen = Screen::build(Double::finding(report.clone(), report.clone()), size, 1.0, Theme::Light);
        screen.settle();
        let code = screen.harness.get_by_label_contains("Code for the phone").rect();
        assert!(code.bottom() <= size.y && code.right() <= size.x && code.height() < 30.0, "{code:?} in {size:?}");
    }
}

#[test]
fn an_idle_window_asks_for_no_frame() {
    let screen = Screen::of(reports::key_shadows_login());
    let viewport = screen.harness.output().viewport_output.values().next().unwrap();
    assert!(viewport.repaint_delay > std::time::Duration::from_secs(3600), "{:?}", viewport.repaint_delay);
}

#[test]
fn pictures() {
    for (theme, tone) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let all = [
            ("healthy", reports::healthy()),
            ("shadowed", reports::key_shadows_login()),
            ("nothing", reports::nothing_configured()),
            ("policy", reports::policy()),
            ("redirect", reports::project_redirect()),
            ("verified", reports::verified()),
        ];
        for (name, report) in all {
            let mut screen = Screen::build(Double::finding(report.clone(), report), USUAL, 1.0, theme);
            screen.settle();
            screen.picture(&format!("{name}-{tone}"));
        }
    }
    for (name, size, scale) in [
        ("800x600", vec2(800.0, 600.0), 1.0),
        ("zoom", vec2(560.0, 380.0), 2.0),
        ("small", vec2(400.0, 300.0), 2.0),
        ("sharp", USUAL, 2.0),
    ] {
        let report = reports::key_shadows_login();
        let mut screen = Screen::build(Double::finding(report.clone(), report), size, scale, Theme::Light);
        screen.settle();
        screen.picture(name);
    }
}
