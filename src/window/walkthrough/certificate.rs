//! A company's certificate: what the endpoint shows, whose root completes it, and that root given to Claude Code.

use authlight_engine::state::walkthrough::Go;
use authlight_engine::state::walkthrough::certificate::{
    CertificateChoices, CertificateClick, CertificateSeen, CertificateStage, RootText,
};
use authlight_engine::state::{Action, Consent, JobKind, PlanText, RepairEnd, TestOffer};
use eframe::egui::{Key, TextEdit, Ui, vec2};

use super::super::tokens::Type;
use super::super::widgets::{Weight, button, rich, rule};
use super::super::{View, repair};
use super::key::{asks, copy, said_aloud};
use super::reset::take_back;
use super::{FOOT_ALONE, Forward, below_tick, choice, foot, foot_of, waiting};

pub fn show(ui: &mut Ui, view: &mut View<'_>, choices: &CertificateChoices) {
    use CertificateStage as S;
    let tokens = view.tokens;
    match &choices.stage {
        S::Before => {
            ui.label(rich(view.text("walk-certificate-before"), Type::Body, tokens.ink));
            next(ui, view, "walk-certificate-look-now");
        }
        S::Asks(consents) => {
            let hosts = consents.iter().filter_map(|consent| match consent {
                Consent::ProjectEndpoint { host } => Some(host.as_str()),
                _ => None,
            });
            let question = |host: &str| view.text_with("walk-certificate-consent", &[("host", host.into())]);
            let questions: Vec<String> = hosts.map(question).collect();
            asks(ui, view, &questions, |yes| Action::Certificate(CertificateClick::Agree(yes)));
            foot_of(ui, view, None, false);
        }
        S::Looking => {
            waiting(ui, view, "walk-certificate-looking");
            foot_of(ui, view, None, false);
        }
        S::Seen(seen) => shown(ui, view, seen),
        S::Searching => {
            waiting(ui, view, "walk-certificate-searching");
            foot_of(ui, view, None, false);
        }
        S::Root => root(ui, view, choices),
        S::Planning => {
            waiting(ui, view, "repair-planning");
            foot_of(ui, view, None, false);
        }
        S::Planned(plan) => planned(ui, view, plan),
        S::Refused(why) => {
            said_aloud(ui, view, why);
            foot(ui, view, None);
        }
        S::Working => waiting(ui, view, "repair-working"),
        S::Done(done) => {
            ui.label(rich(view.text("walk-certificate-done"), Type::Body, tokens.ink));
            ui.label(rich(view.text("certificate-restart"), Type::Strong, tokens.ink));
            if done.undoable {
                take_back(ui, view, &done.change);
            }
            tested(ui, view);
        }
        S::NotDone(end) => not_done(ui, view, end),
    }
}

fn next(ui: &mut Ui, view: &mut View<'_>, key: &'static str) {
    let text = view.text(key);
    foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

fn shown(ui: &mut Ui, view: &mut View<'_>, seen: &CertificateSeen) {
    match seen {
        CertificateSeen::Sought { says, .. } => {
            said_aloud(ui, view, says);
            next(ui, view, "walk-next");
        }
        CertificateSeen::NotSought { why, trusted } => {
            said_aloud(ui, view, why);
            let key = if *trusted { "walk-certificate-no-need" } else { "walk-certificate-other" };
            ui.label(rich(view.text(key), Type::Body, view.tokens.ink));
            ui.horizontal_wrapped(|ui| {
                if button(ui, &view.tokens, &view.text("walk-again"), Weight::Secondary, 0.0).clicked() {
                    view.act(Action::Go(Go::Next));
                }
            });
            foot(ui, view, None);
        }
    }
}

fn root(ui: &mut Ui, view: &mut View<'_>, choices: &CertificateChoices) {
    repair::scrolling_above(ui, "certificate-root", FOOT_ALONE, |ui| {
        if let Some((_, says)) = &choices.sought {
            ui.label(rich(says, Type::Body, view.tokens.ink));
        }
        for by_file in [false, true] {
            let key = if by_file { "walk-certificate-by-file" } else { "walk-certificate-in-store" };
            let about = view.words.text(format!("{key}.about"));
            if choice(ui, view, choices.by_file == by_file, &view.text(key), &about) {
                view.act(Action::Certificate(CertificateClick::ByFile(by_file)));
            }
            if choices.by_file == by_file {
                below_tick(ui, |ui| {
                    if by_file {
                        file(ui, view, choices);
                    }
                    found(ui, view, choices);
                });
            }
        }
    });
    let text = view.text("walk-next");
    let forward = choices.has_root().then_some(Forward { text: &text, action: Action::Go(Go::Next) });
    // While a path is typed the keyboard stays there.
    foot_of(ui, view, forward, !choices.by_file || choices.has_root());
}

fn file(ui: &mut Ui, view: &mut View<'_>, choices: &CertificateChoices) {
    let tokens = view.tokens;
    let label = ui.label(rich(view.text("walk-certificate-path"), Type::Small, tokens.muted));
    let mut path = choices.path.clone();
    let field = ui.add(TextEdit::singleline(&mut path).margin(vec2(10.0, 7.0)).desired_width(f32::INFINITY));
    let field = field.labelled_by(label.id);
    if field.changed() {
        view.act(Action::Certificate(CertificateClick::Typed(path)));
    }
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        view.act(Action::Certificate(CertificateClick::UseTyped));
    }
    ui.horizontal_wrapped(|ui| {
        if button(ui, &tokens, &view.text("walk-certificate-use"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::Certificate(CertificateClick::UseTyped));
        }
        if button(ui, &tokens, &view.text("walk-certificate-browse"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::Certificate(CertificateClick::Browse));
        }
    });
    if choices.nothing_chosen {
        ui.label(rich(view.text("walk-certificate-nothing-chosen"), Type::Small, tokens.muted));
    }
}

fn found(ui: &mut Ui, view: &mut View<'_>, choices: &CertificateChoices) {
    let tokens = view.tokens;
    match &choices.root {
        None => {}
        Some(Err(why)) => said_aloud(ui, view, why),
        Some(Ok(RootText { what, place, fingerprint })) => {
            said_aloud(ui, view, what);
            ui.label(rich(place, Type::Body, tokens.ink));
            ui.label(rich(view.text("walk-certificate-completes"), Type::Body, tokens.ink));
            ui.label(rich(fingerprint, Type::Code, tokens.ink));
            ui.label(rich(view.text("certificate-compare"), Type::Body, tokens.muted));
            copy(ui, view, fingerprint);
        }
    }
}

fn planned(ui: &mut Ui, view: &mut View<'_>, plan: &PlanText) {
    let tokens = view.tokens;
    repair::scrolling_above(ui, "certificate-plan", FOOT_ALONE, |ui| {
        if !plan.does.is_empty() {
            ui.label(rich(&plan.does, Type::Body, tokens.ink));
        }
        repair::lost_and_steps(ui, view, plan);
        rule(ui, &tokens);
        repair::remarks(ui, view, plan);
    });
    next(ui, view, "repair-do");
}

/// The light turns with a test alone, which is the person's to begin.
fn tested(ui: &mut Ui, view: &mut View<'_>) {
    if view.state.is_running(JobKind::Test) {
        waiting(ui, view, "walk-key-testing");
        foot_of(ui, view, None, false);
        return;
    }
    let key = view.state.test_offer() == Some(TestOffer::Key);
    let text = view.text(if key { "test-key" } else { "test-connection" });
    let waits = view.state.certificate_waits_for_test();
    foot(ui, view, waits.then_some(Forward { text: &text, action: Action::Test }));
}

fn not_done(ui: &mut Ui, view: &mut View<'_>, end: &RepairEnd) {
    match end {
        RepairEnd::NotHealed { change, sentences } => {
            for sentence in sentences {
                said_aloud(ui, view, sentence);
            }
            take_back(ui, view, change);
        }
        RepairEnd::Failed(why) => {
            said_aloud(ui, view, &view.text("repair-failed"));
            ui.label(rich(why, Type::Body, view.tokens.ink));
        }
        RepairEnd::Healed { .. } => {}
    }
    foot(ui, view, None);
}
