//! A company's certificate in the window: from what the endpoint shows to the light.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::PathBuf;
use std::sync::Mutex;

use authlight_engine::state::walkthrough::WalkthroughKind;
use authlight_engine::state::walkthrough::certificate::{CertificateSeen, RootText};
use authlight_engine::state::{Consent, JobKind, PlanText, RepairEnd, StepText};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Theme, vec2};
use egui_kittest::kittest::Queryable as _;

use super::doubles::{Double, Screen, USUAL, practising};
use super::steps::{choose, click, enter, kind, open, opened, settled};
use super::{focused, key, press, reports, shows};

const NAME: &str = "Give Claude Code your company’s certificate";
const SAYS: &str = "The certificate of api.anthropic.com was issued by CN=Kimco Root, which Claude Code does not know.";
const STORE: &str = "What this computer trusts already";
const FILE: &str = "A file that I have";

fn root() -> RootText {
    RootText {
        what: "The root certificate for it: CN=Kimco Root, valid until 2031-04-01.".to_owned(),
        place: "It was found in /etc/ssl/certs/ca-certificates.crt.".to_owned(),
        fingerprint: format!("Its fingerprint (SHA-256): {}", ["A1"; 32].join(":")),
    }
}

fn plan() -> PlanText {
    let made = StepText {
        what: "This file is made: ~/.claude/authlight/kimco-root-1a2b3c4d.pem".to_owned(),
        lines: vec![(true, "line 1".to_owned(), "# CN=Kimco Root".to_owned())],
        ..StepText::default()
    };
    let named = StepText {
        what: "This file is changed: ~/.claude/settings.json".to_owned(),
        lines: vec![(true, "line 3".to_owned(), "\"NODE_EXTRA_CA_CERTS\": \"…\"".to_owned())],
        ..StepText::default()
    };
    let does = "The certificate in the file that is named now is taken along.".to_owned();
    PlanText { token: "t".to_owned(), does, steps: vec![made, named], undoable: true, ..PlanText::default() }
}

fn inspected() -> Double {
    Double {
        shown: CertificateSeen::Sought { token: "t".to_owned(), says: SAYS.to_owned() },
        roots: Mutex::new(vec![Ok(root())]),
        plan: Some(plan()),
        ends: RepairEnd::Healed { change: "c-1".to_owned(), undoable: true },
        ..Double::finding(reports::key_shadows_login(), reports::verified())
    }
}

#[test]
fn by_keyboard_alone_from_the_look_to_the_light() {
    let mut screen = opened(inspected(), NAME, USUAL, Theme::Light);
    assert!(shows(&screen, "Step 1 of 4") && shows(&screen, "No key is sent, and nothing is asked there."));
    assert!(screen.engine.sought.lock().unwrap().is_empty(), "no connection before a word");
    screen.picture("certificate-before");
    assert_eq!(focused(&screen), "Look at the certificate");
    enter(&mut screen);
    assert!(shows(&screen, SAYS));
    screen.picture("certificate-seen");
    assert_eq!(focused(&screen), "Go on");
    enter(&mut screen);
    assert!(shows(&screen, "Step 2 of 4") && shows(&screen, "Its fingerprint (SHA-256): A1:A1"));
    assert!(shows(&screen, "have your IT department compare the fingerprint"));
    screen.picture("certificate-root");
    assert_eq!(focused(&screen), "Go on");
    enter(&mut screen);
    assert!(
        shows(&screen, "Step 3 of 4") && shows(&screen, "is taken along") && shows(&screen, "All of it can be undone.")
    );
    assert!(screen.engine.repaired.lock().unwrap().is_empty(), "nothing is written before a word");
    screen.picture("certificate-plan");
    assert_eq!(focused(&screen), "Do it");
    enter(&mut screen);
    assert_eq!(*screen.engine.repaired.lock().unwrap(), ["t"]);
    assert!(shows(&screen, "Step 4 of 4") && shows(&screen, "Start Claude Code anew where it is open."));
    assert!(shows(&screen, "5 Endpoint and network: ") && shows(&screen, "Looks right, not tested"));
    screen.picture("certificate-result");
    assert_eq!(focused(&screen), "Test the key", "the light turns with a test");
    enter(&mut screen);
    assert_eq!(screen.engine.tests.lock().unwrap().len(), 1);
    screen.picture("certificate-tested");
    assert_eq!(focused(&screen), "Close");
    enter(&mut screen);
    assert_eq!(kind(&screen), None);
}

#[test]
fn from_the_finding_with_the_pointer_a_file_is_chosen_and_it_is_taken_back() {
    let double = inspected();
    *double.found.lock().unwrap() = reports::inspected();
    let none = "No root certificate of CN=Kimco Root was found on this computer.";
    let another = "/tmp/other.pem holds the root certificate of another authority (CN=Other).";
    *double.roots.lock().unwrap() = vec![Ok(root()), Err(another.to_owned()), Err(none.to_owned())];
    let mut screen = Screen::on(double);
    click(&mut screen, "Give Claude Code your company's certificate");
    assert_eq!(kind(&screen), Some(WalkthroughKind::Certificate));
    click(&mut screen, "Look at the certificate");
    click(&mut screen, "Go on");
    assert!(shows(&screen, none));
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Go on").is_none(), "there is no root yet");
    screen.picture("certificate-not-in-store");
    choose(&mut screen, FILE);
    click(&mut screen, "Choose a file…");
    assert!(shows(&screen, "No file was chosen."), "a dialog that gives nothing back is no dead end");
    screen.harness.get_by_role_and_label(Role::TextInput, "The file’s path").focus();
    screen.harness.run();
    screen.harness.event(Event::Paste("/tmp/other.pem".to_owned()));
    screen.harness.run();
    enter(&mut screen);
    assert!(shows(&screen, another));
    screen.picture("certificate-another");
    *screen.desktop.chosen_file.lock().unwrap() = Some(PathBuf::from("/tmp/kimco.pem"));
    click(&mut screen, "Choose a file…");
    let asked = [None, Some(PathBuf::from("/tmp/other.pem")), Some(PathBuf::from("/tmp/kimco.pem"))];
    assert_eq!(*screen.engine.root_files.lock().unwrap(), asked);
    screen.picture("certificate-file");
    click(&mut screen, "Go on");
    click(&mut screen, "Do it");
    click(&mut screen, "Take it back");
    screen.until(|window| !window.state().is_running(JobKind::Repair));
    assert_eq!(screen.engine.undone.lock().unwrap().len(), 1);
    screen.harness.get_by_role_and_label(Role::Heading, "Taken back");
    assert_eq!(kind(&screen), None);
}

#[test]
fn what_is_no_matter_of_a_certificate_is_said_and_can_be_looked_at_again() {
    for (trusted, said) in [(true, "Nothing has to be done here."), (false, "would not help here")] {
        let shown = CertificateSeen::NotSought { why: "This is why.".to_owned(), trusted };
        let mut screen = opened(Double { shown, ..inspected() }, NAME, USUAL, Theme::Light);
        click(&mut screen, "Look at the certificate");
        assert!(shows(&screen, "This is why.") && shows(&screen, said));
        screen.picture("certificate-no-need");
        assert_eq!(focused(&screen), "Close");
        click(&mut screen, "Start again");
        assert_eq!(screen.engine.sought.lock().unwrap().len(), 2);
    }
}

#[test]
fn a_folders_own_server_is_asked_about_before_a_connection() {
    let needed = vec![Consent::ProjectEndpoint { host: "gw.example".to_owned() }];
    let mut screen = opened(Double { needs: needed.clone(), ..inspected() }, NAME, USUAL, Theme::Light);
    click(&mut screen, "Look at the certificate");
    assert!(shows(&screen, "chose this address: gw.example. Open a connection to it?"));
    assert_eq!(focused(&screen), "No, send nothing");
    screen.picture("certificate-consent");
    enter(&mut screen);
    assert!(screen.engine.sought.lock().unwrap().is_empty());
    click(&mut screen, "Look at the certificate");
    click(&mut screen, "Yes, for this test");
    assert_eq!(screen.engine.sought.lock().unwrap()[0].consents, needed);
    assert!(shows(&screen, SAYS));
}

#[test]
fn what_cannot_be_set_and_what_does_not_help_is_told() {
    let mut screen = opened(Double { plan: None, ..inspected() }, NAME, USUAL, Theme::Light);
    click(&mut screen, "Look at the certificate");
    click(&mut screen, "Go on");
    click(&mut screen, "Go on");
    assert!(shows(&screen, "no plan"));
    assert!(screen.harness.query_by_role_and_label(Role::Button, "Do it").is_none());
    click(&mut screen, "Back");
    assert!(shows(&screen, "Step 2 of 4"));

    let sentences = vec!["It was done, but this is still so: the name is another.".to_owned()];
    let ends = RepairEnd::NotHealed { change: "c-1".to_owned(), sentences };
    let mut screen = opened(Double { ends, ..inspected() }, NAME, USUAL, Theme::Light);
    for step in ["Look at the certificate", "Go on", "Go on", "Do it"] {
        click(&mut screen, step);
    }
    assert!(shows(&screen, "this is still so"));
    screen.picture("certificate-not-done");
    click(&mut screen, "Take it back");
    assert_eq!(screen.engine.undone.lock().unwrap().len(), 1);
}

#[test]
fn it_can_be_left_at_every_step() {
    let steps = ["Look at the certificate", "Go on", "Go on", "Do it"];
    for count in 0..=steps.len() {
        for by_key in [true, false] {
            let mut screen = opened(inspected(), NAME, USUAL, Theme::Light);
            steps.iter().take(count).for_each(|step| click(&mut screen, step));
            if by_key {
                key(&mut screen, Modifiers::NONE, Key::Escape);
            } else {
                press(&mut screen, "Close");
            }
            assert_eq!(kind(&screen), None, "step {count}");
            assert_eq!(screen.engine.repaired.lock().unwrap().len(), usize::from(count == steps.len()));
        }
    }
}

#[test]
fn the_buttons_stay_on_the_screen() {
    for (size, theme) in [(vec2(800.0, 600.0), Theme::Dark), (vec2(560.0, 380.0), Theme::Light)] {
        let mut double = inspected();
        double.plan.as_mut().unwrap().steps = vec![plan().steps[0].clone(); 20];
        let long = "A sentence that tells why it is not this one. ".repeat(8);
        *double.roots.lock().unwrap() = vec![Ok(root()), Err(long)];
        let mut screen = opened(double, NAME, size, theme);
        for (step, next) in ["Look at the certificate", "Go on", "", "Go on", "Do it", ""].iter().enumerate() {
            screen.picture(&format!("certificate-long-{}-{step}", size.x));
            let rect = screen.harness.get_by_role_and_label(Role::Button, "Close").rect();
            assert!(rect.top() >= 0.0 && rect.bottom() <= size.y, "step {step}: {rect:?} in {size:?}");
            if step == 2 {
                for choice in [FILE, STORE] {
                    // The keyboard brings it into view.
                    screen.harness.get_by_role_and_label(Role::RadioButton, choice).focus();
                    screen.harness.run();
                    key(&mut screen, Modifiers::NONE, Key::Space);
                    settled(&mut screen);
                }
            }
            if !next.is_empty() {
                click(&mut screen, next);
            }
        }
    }
}

#[test]
fn on_a_real_home_without_encryption_there_is_no_certificate_and_nothing_is_changed() {
    let (laid_out, mut screen) = practising("captive-portal");
    let settings = laid_out.laid_out.home.join(".claude.json");
    let before = std::fs::read(&settings).unwrap();
    open(&mut screen, NAME);
    click(&mut screen, "Look at the certificate");
    assert!(shows(&screen, "not encrypted (http://)") && shows(&screen, "would not help here"));
    screen.picture("certificate-real");
    assert_eq!(std::fs::read(&settings).unwrap(), before);
    press(&mut screen, "Close");
    assert_eq!(kind(&screen), None);
}
