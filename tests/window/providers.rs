//! Setting a provider up in the window: the form, what is refused, the test before anything is written, and the proof.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use authlight_core::providers::set_up::SetUp;
use authlight_core::report::{Provider, Scope};
use authlight_core::secret::Secret;
use authlight_engine::act::jobs::Engine;
use authlight_engine::state::walkthrough::WalkthroughKind;
use authlight_engine::state::walkthrough::key::KeyAnswer;
use authlight_engine::state::walkthrough::provider::{
    FieldText, NotTaken, PresentText, ProviderEnd, ProviderForm, ProviderPlan, ProviderTrial,
};
use authlight_engine::state::{Consent, PlanText, StepText};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::doubles::{Double, Screen, USUAL, practising};
use super::steps::{choose, click, enter, kind, open, opened, settled};
use super::{focused, key, press, reports, shows};

const NAME: &str = "Set up a provider";
const ADDRESS: &str = "The address of the gateway (ANTHROPIC_BASE_URL)";
const TOKEN: &str = "The key of the gateway (ANTHROPIC_AUTH_TOKEN)";

/// A made-up key of a gateway.
fn canary() -> String {
    ["gw-", "GWCANARY", "0a1b2c3d4e5f6a7b8c9d"].concat()
}

/// The form of a provider, with nothing there yet.
fn form(provider: Provider) -> ProviderForm {
    let words = authlight_engine::words::Language::english();
    let set_up = SetUp::of(provider).unwrap();
    let field = |field: &authlight_core::providers::set_up::Field| FieldText {
        name: field.name,
        label: words.text(format!("provider-{}", field.name)),
        found: words.text(format!("provider-{}.where", field.name)),
        shape: field.shape,
        need: set_up.need(field.name),
        secret: field.is_secret(),
        present: None,
    };
    ProviderForm {
        fields: set_up.all_fields().map(field).collect(),
        page: set_up.page.to_owned(),
        ..Default::default()
    }
}

fn plan() -> ProviderPlan {
    let changed = StepText {
        what: "This file is changed: ~/.claude/settings.json".to_owned(),
        lines: vec![
            (true, "line 3".to_owned(), "\"ANTHROPIC_BASE_URL\": \"https://gw.example\",".to_owned()),
            (true, "line 4".to_owned(), "\"ANTHROPIC_AUTH_TOKEN\": \"[redacted]\"".to_owned()),
            (false, "line 5".to_owned(), "\"CLAUDE_CODE_USE_BEDROCK\": \"1\"".to_owned()),
        ],
        ..StepText::default()
    };
    let plan = PlanText { token: "t".to_owned(), steps: vec![changed], undoable: true, ..PlanText::default() };
    ProviderPlan { plan, trial: ProviderTrial::At("gw.example".to_owned()), ..ProviderPlan::default() }
}

fn gateway() -> Double {
    let report = reports::key_shadows_login();
    let ends = ProviderEnd::SetUp {
        change: "c-1".to_owned(),
        proof: "It was tested, before and after.".to_owned(),
        verified: true,
    };
    Double {
        form: Some(form(Provider::Gateway)),
        provider_plans: vec![Ok(plan()), Ok(plan())].into(),
        provider_ends: ends,
        ..Double::finding(report.clone(), report)
    }
}

fn paste<E: Engine>(screen: &mut Screen<E>, field: &str, text: &str) {
    let is_field = |role| matches!(role, Role::TextInput | Role::PasswordInput);
    screen.harness.get_by(|node| is_field(node.role()) && node.label().as_deref() == Some(field)).focus();
    screen.harness.run();
    screen.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    screen.harness.event(Event::Paste(text.to_owned()));
    screen.harness.run();
}

fn value<E: Engine>(screen: &Screen<E>, field: &str) -> String {
    let is_field = |role| matches!(role, Role::TextInput | Role::PasswordInput);
    let field = screen.harness.get_by(|node| is_field(node.role()) && node.label().as_deref() == Some(field));
    field.value().unwrap_or_default()
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
    let events = screen.harness.ctx.input(|input| format!("{:?} {:?}", input.events, input.raw.events));
    let commands = format!("{:?}", screen.harness.output().platform_output.commands);
    format!("{said}\n{state}\n{events}\n{commands}")
}

#[test]
fn by_keyboard_alone_a_gateway_is_set_up_and_tested_before_and_after() {
    let mut screen = opened(gateway(), NAME, USUAL, Theme::Light);
    assert!(shows(&screen, "Step 1 of 5"));
    assert_eq!(focused(&screen), "Go on");
    screen.picture("provider-which");
    for _ in 0..3 {
        // From the buttons round to the first choice.
        screen.harness.key_press(Key::Tab);
        screen.harness.run();
        if focused(&screen) == "A gateway" {
            break;
        }
    }
    assert_eq!(focused(&screen), "A gateway");
    screen.harness.key_press(Key::Space);
    screen.harness.run();
    screen.harness.get_by_role_and_label(Role::Button, "Go on").focus();
    screen.harness.run();
    enter(&mut screen);
    assert!(shows(&screen, "Step 2 of 5") && shows(&screen, "One of these is needed:"));
    assert_eq!(focused(&screen), ADDRESS);
    screen.picture("provider-form");
    screen.harness.event(Event::Text("https://gw.example".to_owned()));
    screen.harness.run();
    screen.harness.key_press(Key::Tab);
    screen.harness.run();
    assert_eq!(focused(&screen), TOKEN);
    screen.harness.event(Event::Paste(format!(" {}\n", canary())));
    screen.harness.run();
    screen.picture("provider-form-filled");
    enter(&mut screen);
    {
        let asked = &screen.engine.provider_asked.lock().unwrap()[0].asked;
        assert_eq!((asked.provider, asked.scope), (Provider::Gateway, Scope::User));
        let given = |name: &str| asked.values.iter().find(|(its, _)| its == name).unwrap().1.clone();
        assert_eq!(given("ANTHROPIC_BASE_URL").plain(), "https://gw.example");
        assert!(given("ANTHROPIC_AUTH_TOKEN").same_as(&Secret::new(canary())), "it arrives as it was typed");
        assert_eq!(asked.values.len(), 2, "what is empty is not given");
    }
    assert!(shows(&screen, "Step 3 of 5") && shows(&screen, "gw.example is asked."));
    assert!(screen.engine.provider_tests.lock().unwrap().is_empty(), "nothing is sent before a word");
    screen.picture("provider-test");
    assert_eq!(focused(&screen), "Test it");
    enter(&mut screen);
    assert!(shows(&screen, "The test was passed"));
    assert_eq!(focused(&screen), "Go on");
    screen.picture("provider-tested");
    enter(&mut screen);
    assert!(shows(&screen, "Step 4 of 5") && shows(&screen, "CLAUDE_CODE_USE_BEDROCK"));
    assert!(screen.engine.provider_done.lock().unwrap().is_empty(), "nothing is written before a word");
    assert_eq!(focused(&screen), "Do it");
    screen.picture("provider-plan");
    enter(&mut screen);
    {
        let done = screen.engine.provider_done.lock().unwrap();
        assert!(matches!(&done[..], [one] if one.token == "t" && one.again), "what was tested is tested again");
    }
    assert!(shows(&screen, "Step 5 of 5") && shows(&screen, "It was tested, before and after."));
    assert!(shows(&screen, "This light turns with it:"));
    assert_eq!(*screen.engine.tests.lock().unwrap(), [[Consent::ProjectEndpoint { host: "gw.example".to_owned() }]]);
    screen.picture("provider-done");
    key(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(kind(&screen), None);
}

#[test]
fn with_the_pointer_pages_are_opened_more_is_shown_and_back_keeps_what_was_typed() {
    let mut screen = opened(gateway(), NAME, USUAL, Theme::Light);
    choose(&mut screen, "A gateway");
    click(&mut screen, "Go on");
    screen.harness.get_by_role_and_label(Role::Link, "https://platform.claude.com/settings/keys").click();
    screen.harness.run();
    screen.harness.get_by_role_and_label(Role::Link, "Read more about it (code.claude.com)").click();
    screen.harness.run();
    assert_eq!(
        *screen.desktop.opened.lock().unwrap(),
        ["https://platform.claude.com/settings/keys", "https://code.claude.com/docs/en/llm-gateway"]
    );
    assert!(!shows(&screen, "ANTHROPIC_MODEL"));
    press(&mut screen, "More choices");
    assert!(shows(&screen, "ANTHROPIC_MODEL"));
    paste(&mut screen, ADDRESS, "https://gw.example");
    paste(&mut screen, TOKEN, &canary());
    let kept = |screen: &Screen| {
        assert_eq!(value(screen, ADDRESS), "https://gw.example");
        assert_eq!(value(screen, TOKEN), "•".repeat(canary().len()));
    };
    click(&mut screen, "Back");
    assert!(shows(&screen, "Step 1 of 5"));
    click(&mut screen, "Go on");
    kept(&screen);
    click(&mut screen, "Go on");
    assert!(shows(&screen, "Step 3 of 5"));
    click(&mut screen, "Skip this step");
    click(&mut screen, "Back");
    click(&mut screen, "Back");
    kept(&screen);
    click(&mut screen, "Go on");
    click(&mut screen, "Skip this step");
    click(&mut screen, "Do it");
    assert!(!screen.engine.provider_done.lock().unwrap()[0].again, "what was skipped is not tested unasked");
    assert!(screen.engine.provider_tests.lock().unwrap().is_empty());
    click(&mut screen, "Take it back");
    assert_eq!(screen.engine.undone.lock().unwrap().len(), 1);
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
    assert_eq!(kind(&screen), None);
}

#[test]
fn nothing_of_a_key_can_be_read_from_outside() {
    let mut screen = opened(gateway(), NAME, USUAL, Theme::Light);
    choose(&mut screen, "A gateway");
    click(&mut screen, "Go on");
    paste(&mut screen, TOKEN, &canary());
    let seen = |screen: &Screen| {
        let all = everything(screen);
        assert!(!all.contains("GWCANARY") && !all.contains("0a1b2c"), "{all}");
    };
    seen(&screen);
    for again in [Key::A, Key::C, Key::X] {
        key(&mut screen, Modifiers::COMMAND, again);
        seen(&screen);
    }
    screen.harness.event(Event::Copy);
    screen.harness.event(Event::Cut);
    screen.harness.step();
    seen(&screen);
    let picture = |key: &str| {
        let mut screen = opened(gateway(), NAME, USUAL, Theme::Light);
        choose(&mut screen, "A gateway");
        click(&mut screen, "Go on");
        paste(&mut screen, TOKEN, key);
        screen.harness.render().unwrap()
    };
    assert_eq!(picture(&canary()), picture(&canary().replace("GWCANARY", "WGCANARY")));
    paste(&mut screen, ADDRESS, "https://gw.example");
    paste(&mut screen, TOKEN, &canary());
    for step in ["Go on", "Test it", "Go on", "Do it"] {
        click(&mut screen, step);
        seen(&screen);
    }
}

#[test]
fn what_does_not_do_is_said_while_it_is_typed_and_again_where_it_was_not_taken() {
    let oat = ["sk-ant-", "oat01-CANARY"].concat();
    for (field, text, said) in [
        (ADDRESS, "gw.example", "This is no whole address."),
        (ADDRESS, "https://gw.example/v1/messages", "Claude Code adds /v1/messages itself."),
        (ADDRESS, "https://kim:pw@gw.example", "A user or password stands in the address."),
        (ADDRESS, &["sk-ant-", "api03-x"].concat(), "This looks like a key"),
        (TOKEN, "your-api-key-here", "This is no whole key"),
        (TOKEN, oat.as_str(), "a token of a claude.ai login"),
        (
            "The API key (ANTHROPIC_API_KEY)",
            &["sk-ant-", "api03-CANARY", "0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d"].concat(),
            "has 108 characters, this one 51",
        ),
    ] {
        let mut screen = opened(gateway(), NAME, USUAL, Theme::Light);
        choose(&mut screen, "A gateway");
        click(&mut screen, "Go on");
        paste(&mut screen, field, text);
        assert!(shows(&screen, said), "{said}");
    }
    let not = |name: Option<&str>, text: &str| NotTaken { name: name.map(str::to_owned), text: text.to_owned() };
    let plans = vec![
        Ok(plan()),
        Err(vec![not(None, "Another place goes before this.")]),
        Err(vec![
            not(Some("ANTHROPIC_MODEL"), "This is no model."),
            not(Some("ANTHROPIC_BASE_URL"), "This is needed."),
        ]),
    ];
    let mut screen = opened(Double { provider_plans: plans.into(), ..gateway() }, NAME, USUAL, Theme::Light);
    choose(&mut screen, "A gateway");
    click(&mut screen, "Go on");
    paste(&mut screen, TOKEN, &canary());
    click(&mut screen, "Go on");
    assert!(shows(&screen, "Step 2 of 5") && shows(&screen, "This is needed."));
    assert!(shows(&screen, "This is no model."), "what is folded opens where something is to be said there");
    assert_eq!(focused(&screen), "The model, if it is not to be the usual one (ANTHROPIC_MODEL)");
    screen.picture("provider-refused");
    paste(&mut screen, ADDRESS, "https://gw.example");
    assert!(!shows(&screen, "This is needed."), "it is another value now");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "Another place goes before this."));
    assert_eq!(value(&screen, TOKEN), "•".repeat(canary().len()), "nothing that was typed is lost");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "Step 3 of 5"));
}

#[test]
fn what_is_there_is_filled_in_and_stays_and_keys_go_into_no_shared_file() {
    let present = |shown: Option<&str>| {
        Some(PresentText { shown: shown.map(str::to_owned), place: "~/.claude/settings.json".to_owned() })
    };
    let mut form = form(Provider::Gateway);
    form.fields[0].present = present(Some("https://gw.example"));
    form.fields[1].present = present(Some("…WXYZ"));
    let mut double = Double { form: Some(form), ..gateway() };
    double.found.get_mut().unwrap().route.provider = Provider::Gateway;
    let mut screen = Screen::build(double, USUAL, 1.0, Theme::Light);
    screen.settle();
    screen.harness.get_by_role_and_label(Role::ComboBox, "Folder").click();
    screen.harness.run();
    press(&mut screen, "~/shop");
    screen.settle();
    open(&mut screen, NAME);
    click(&mut screen, "Go on");
    assert_eq!((value(&screen, ADDRESS).as_str(), value(&screen, TOKEN).as_str()), ("https://gw.example", ""));
    assert!(shows(&screen, "It ends in …WXYZ. Left empty, it stays."));
    screen.picture("provider-present");
    paste(&mut screen, TOKEN, &canary());
    choose(&mut screen, "In this folder, for everybody who works in it");
    screen.harness.get_by_role_and_label(Role::PasswordInput, TOKEN).focus();
    screen.harness.run();
    assert!(shows(&screen, "A key does not go into settings that others see."));
    screen.picture("provider-scope");
    choose(&mut screen, "In this folder, for me alone");
    assert!(!shows(&screen, "A key does not go into settings that others see."));
    click(&mut screen, "Go on");
    let asked = &screen.engine.provider_asked.lock().unwrap()[0];
    assert_eq!((asked.asked.scope, asked.asked.values.len()), (Scope::Local, 1), "what stays is not written again");
    assert_eq!(asked.cell.project.as_deref(), Some(std::path::Path::new("/home/u/shop")));
}

#[test]
fn a_test_asks_first_and_what_cannot_be_tested_is_said_and_skipped() {
    let needed = vec![Consent::PlainHttp { host: "gw.example".to_owned() }];
    let mut screen = opened(Double { needs: needed.clone(), ..gateway() }, NAME, USUAL, Theme::Light);
    choose(&mut screen, "A gateway");
    click(&mut screen, "Go on");
    click(&mut screen, "Go on");
    click(&mut screen, "Test it");
    assert_eq!(focused(&screen), "No, send nothing");
    screen.picture("provider-consent");
    enter(&mut screen);
    assert!(screen.engine.provider_tests.lock().unwrap().is_empty());
    click(&mut screen, "Test it");
    screen.engine.answers.lock().unwrap().push(KeyAnswer::Unknown("It could not be tested from here.".to_owned()));
    click(&mut screen, "Yes, for this test");
    assert_eq!(*screen.engine.provider_tests.lock().unwrap(), std::slice::from_ref(&needed));
    assert!(shows(&screen, "Claude Code itself will show whether it works."));
    screen.picture("provider-not-testable");
    click(&mut screen, "Skip this step");
    click(&mut screen, "Do it");
    let done = &screen.engine.provider_done.lock().unwrap()[0];
    assert_eq!((done.again, &done.consents), (false, &needed));
}

#[test]
fn what_was_refused_or_put_back_leads_back_to_the_form() {
    let ends = ProviderEnd::Failed(vec!["After the change the test failed, so everything was put back.".to_owned()]);
    let mut screen = opened(Double { provider_ends: ends, ..gateway() }, NAME, USUAL, Theme::Light);
    choose(&mut screen, "A gateway");
    click(&mut screen, "Go on");
    click(&mut screen, "Go on");
    screen.engine.answers.lock().unwrap().push(KeyAnswer::Refused("The key is not accepted.".to_owned()));
    click(&mut screen, "Test it");
    assert!(shows(&screen, "The key is not accepted.") && shows(&screen, "Go back to change something."));
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_none());
    screen.picture("provider-test-refused");
    click(&mut screen, "Skip this step");
    click(&mut screen, "Do it");
    assert!(shows(&screen, "everything was put back"));
    screen.picture("provider-failed");
    click(&mut screen, "Back");
    assert!(shows(&screen, "Step 2 of 5"));
}

#[test]
fn on_the_way_back_to_anthropic_signing_in_comes_next() {
    let known = ProviderTrial::Known("Nobody is signed in there yet.".to_owned());
    let plan = ProviderPlan { trial: known, nobody_signs_in: true, ..plan() };
    let double = Double { form: Some(form(Provider::Anthropic)), provider_plans: vec![Ok(plan)].into(), ..gateway() };
    let mut screen = opened(double, NAME, USUAL, Theme::Light);
    choose(&mut screen, "Anthropic itself");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "Without a key you sign in with your Claude account afterwards."));
    screen.picture("provider-anthropic");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "Nobody is signed in there yet."));
    click(&mut screen, "Go on");
    click(&mut screen, "Do it");
    screen.picture("provider-then-sign-in");
    click(&mut screen, "Sign in again");
    assert_eq!(kind(&screen), Some(WalkthroughKind::SignIn));
}

#[test]
fn what_is_set_up_like_that_already_is_not_done_again() {
    let plan = ProviderPlan { is_done: true, plan: PlanText { steps: Vec::new(), ..plan().plan }, ..plan() };
    let mut screen = opened(Double { provider_plans: vec![Ok(plan)].into(), ..gateway() }, NAME, USUAL, Theme::Light);
    choose(&mut screen, "A gateway");
    click(&mut screen, "Go on");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "All of it is set up like that already."));
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Skip this step").is_none());
    click(&mut screen, "Test it");
    assert!(shows(&screen, "The test was passed"));
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_none());
}

#[test]
fn it_can_be_left_at_every_step_and_nothing_is_kept() {
    for steps in 0..4 {
        for by_key in [true, false] {
            let mut screen = opened(gateway(), NAME, USUAL, Theme::Light);
            choose(&mut screen, "A gateway");
            for (at, step) in ["Go on", "Go on", "Skip this step"].iter().take(steps).enumerate() {
                if at == 1 {
                    paste(&mut screen, TOKEN, &canary());
                }
                click(&mut screen, step);
            }
            if by_key {
                key(&mut screen, Modifiers::NONE, Key::Escape);
            } else {
                press(&mut screen, "Close");
            }
            assert_eq!(kind(&screen), None, "step {steps}");
            assert!(screen.engine.provider_done.lock().unwrap().is_empty());
            open(&mut screen, NAME);
            choose(&mut screen, "A gateway");
            click(&mut screen, "Go on");
            assert_eq!(value(&screen, TOKEN), "");
        }
    }
}

#[test]
fn the_buttons_stay_on_the_screen() {
    let (small, tiny) = (vec2(800.0, 600.0), vec2(560.0, 380.0));
    for (size, theme) in [(USUAL, Theme::Dark), (small, Theme::Light), (small, Theme::Dark), (tiny, Theme::Light)] {
        let mut long = plan();
        long.plan.steps = vec![plan().plan.steps[0].clone(); 40];
        let plans = vec![Ok(long.clone()), Ok(long)];
        let double = Double { form: Some(form(Provider::Foundry)), provider_plans: plans.into(), ..gateway() };
        let mut screen = opened(double, NAME, size, theme);
        choose(&mut screen, "Microsoft Foundry");
        for (step, next) in ["Go on", "More choices", "Go on", "Skip this step", "Do it", ""].iter().enumerate() {
            screen.picture(&format!("provider-long-{}-{theme:?}-{step}", size.x));
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

/// Every file below a folder.
fn all(home: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut waiting = vec![home.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                waiting.push(entry.path());
            } else {
                files.push((entry.path(), std::fs::read(entry.path()).unwrap_or_default()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn on_a_real_home_a_gateway_is_set_up_tested_and_put_back_byte_for_byte() {
    let (laid_out, mut screen) = practising("key-healthy");
    let home = laid_out.laid_out.home.clone();
    let before = all(&home);
    open(&mut screen, NAME);
    choose(&mut screen, "A gateway");
    click(&mut screen, "Go on");
    screen.picture("provider-real-form");
    assert!(value(&screen, ADDRESS).starts_with("http://127.0.0.1:"), "what is there is filled in");
    paste(&mut screen, TOKEN, &canary());
    click(&mut screen, "Go on");
    screen.picture("provider-real-test");
    click(&mut screen, "Test it");
    assert!(shows(&screen, "The test was passed"));
    click(&mut screen, "Go on");
    screen.picture("provider-real-plan");
    assert_eq!(all(&home), before, "a plan and a test change nothing");
    assert!(!everything(&screen).contains("CANARY"));
    click(&mut screen, "Do it");
    screen.picture("provider-real-done");
    assert!(shows(&screen, "It was tested, before and after: the endpoint accepts the credential."));
    assert!(all(&home).iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("GWCANARY")));
    assert!(!everything(&screen).contains("CANARY"));
    // The light turns while the person watches.
    screen.until(|window| {
        let report = window.state().report.as_ref().unwrap();
        report.live.outcome == authlight_core::report::Outcome::Verified && report.route.provider == Provider::Gateway
    });
    screen.picture("provider-real-light");
    settled(&mut screen);
    click(&mut screen, "Take it back");
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
    assert_eq!(all(&home), before);
}

#[test]
fn on_a_real_home_what_a_cloud_lacks_is_asked_for_and_written() {
    let (laid_out, mut screen) = practising("vertex-without-project");
    let home = laid_out.laid_out.home.clone();
    let before = all(&home);
    // The finding leads there too.
    press(&mut screen, "Set up the provider…");
    assert_eq!(kind(&screen), Some(WalkthroughKind::Provider));
    click(&mut screen, "Go on");
    let project = "The ID of the Google Cloud project (ANTHROPIC_VERTEX_PROJECT_ID)";
    assert_eq!(focused_of(&screen), project, "what is in use is chosen already");
    assert_eq!(value(&screen, "The region, or global (CLOUD_ML_REGION)"), "us-east5");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "This is needed."));
    screen.picture("provider-real-missing");
    paste(&mut screen, project, "shop-7");
    click(&mut screen, "Go on");
    screen.picture("provider-real-vertex-test");
    click(&mut screen, "Skip this step");
    screen.picture("provider-real-vertex-plan");
    click(&mut screen, "Do it");
    screen.picture("provider-real-vertex-done");
    let settings = std::fs::read_to_string(home.join(".claude/settings.json")).unwrap();
    assert!(settings.contains("shop-7") && !settings.contains("us-east5"), "{settings}");
    assert!(shows(&screen, "It was not tested."));
    click(&mut screen, "Take it back");
    assert_eq!(all(&home), before);
}

fn focused_of<E: Engine>(screen: &Screen<E>) -> String {
    let name = screen.harness.root().children_recursive().find(|node| node.is_focused());
    name.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
}
