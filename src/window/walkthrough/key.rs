//! A new key: into every place of the old one, or where Claude Code will see it.

use authlight_core::fixes::put_key::PutPlace;
use authlight_core::message::{Message, Words as _};
use authlight_engine::act::rotation::out_of_reach;
use authlight_engine::state::walkthrough::Go;
use authlight_engine::state::walkthrough::key::{
    KEY_PAGE, KeyAnswer, KeyChoices, KeyClick, KeyRole, KeyStage, KeyTask, PutOffer, Trying,
};
use authlight_engine::state::{Action, Consent, Notice, RepairEnd};
use eframe::egui::Ui;
use eframe::egui::accesskit::Live;

use super::super::dialogs::{consent_question, take_focus_once};
use super::super::tokens::Type;
use super::super::widgets::{Weight, button, chips_and_remarks, rich, rule};
use super::super::{View, repair};
use super::reset::take_back;
use super::{
    FOOT, Forward, below_tick, choice, foot, foot_of, key_field, next_repair, page_link, repair_of, tick, waiting,
};

pub fn show(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    match &choices.stage {
        KeyStage::Where => place(ui, view, choices),
        KeyStage::Key => key(ui, view, choices),
        KeyStage::Taking => {
            waiting(ui, view, "walk-key-taking");
            foot(ui, view, None);
        }
        KeyStage::Test => test(ui, view, choices),
        KeyStage::Places => places(ui, view, choices),
        KeyStage::Planning => {
            waiting(ui, view, "repair-planning");
            foot(ui, view, None);
        }
        KeyStage::Planned(plan) => {
            repair::scrolling_above(ui, "key-plan", FOOT, |ui| {
                repair::lost_and_steps(ui, view, plan);
                rule(ui, &view.tokens);
                repair::remarks(ui, view, plan);
                if choices.task == KeyTask::Put {
                    approve(ui, view, choices);
                }
            });
            let text = view.text("repair-do");
            foot(ui, view, (!plan.useless).then_some(Forward { text: &text, action: Action::Go(Go::Next) }));
        }
        KeyStage::Refused(why) => {
            ui.label(rich(why, Type::Body, view.tokens.ink));
            foot(ui, view, None);
        }
        KeyStage::Writing => waiting(ui, view, "repair-working"),
        KeyStage::NotDone(end) => not_done(ui, view, end),
        KeyStage::Written => written(ui, view, choices),
        KeyStage::Old => old(ui, view, choices),
    }
}

/// A sentence, said aloud too.
pub fn said_aloud(ui: &mut Ui, view: &View<'_>, text: &str) {
    let line = ui.label(rich(text, Type::Strong, view.tokens.ink));
    ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
}

fn place(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    let Some(offers) = &choices.offers else {
        waiting(ui, view, "walk-put-key-looking");
        foot(ui, view, None);
        return;
    };
    repair::scrolling_above(ui, "put-key-where", FOOT, |ui| {
        for offer in offers {
            let key = format!("put-key-{}", offer.place.word());
            let name = Message::new(key.clone()).with("name", offer.name.clone().unwrap_or_default());
            let about = view.words.text(format!("{key}.about"));
            if choice(ui, view, choices.place == Some(offer.place), &view.words.say(&name), &about) {
                view.act(Action::Key(KeyClick::Place(offer.place)));
            }
            if choices.place == Some(offer.place) {
                command(ui, view, offer);
            }
        }
    });
    let goes = choices.place.is_some_and(|place| place != PutPlace::ThisTerminal);
    let text = view.text("walk-next");
    foot(ui, view, goes.then_some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

fn command(ui: &mut Ui, view: &mut View<'_>, offer: &PutOffer) {
    let Some(command) = &offer.command else { return };
    let tokens = view.tokens;
    below_tick(ui, |ui| {
        chips_and_remarks(ui, &tokens, &[command], "");
        copy(ui, view, command);
    });
}

pub(super) fn copy(ui: &mut Ui, view: &mut View<'_>, text: &str) {
    ui.horizontal_wrapped(|ui| {
        if button(ui, &view.tokens, &view.text("repair-copy"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::CopyCommand(text.to_owned()));
        }
        if view.state.notice == Some(Notice::CommandCopied) {
            ui.label(rich(view.text("notice-command-copied"), Type::Body, view.tokens.muted));
        }
    });
}

fn key(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    let text = view.text("walk-key-page");
    page_link(ui, view, &text, KEY_PAGE);
    key_field::show(ui, view, &choices.typed);
    if let Some(why) = &choices.not_taken {
        said_aloud(ui, view, why);
        ui.label(rich(view.text("walk-key-once-more"), Type::Body, view.tokens.muted));
    }
    if let Some((remark, _)) = choices.remark() {
        let text = view.words.say(&remark);
        let line = ui.label(rich(text, Type::Body, view.tokens.ink));
        ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
    }
    let text = view.text("walk-next");
    let forward = choices.can_be_taken().then_some(Forward { text: &text, action: Action::Go(Go::Next) });
    foot_of(ui, view, forward, false);
}

fn test(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    let tokens = view.tokens;
    match &choices.taken.host {
        Some(host) => {
            let text = view.text_with("walk-key-goes-to", &[("host", host.as_str().into())]);
            ui.label(rich(text, Type::Body, tokens.ink));
        }
        None => {
            ui.label(rich(view.text("walk-key-no-address"), Type::Body, tokens.ink));
        }
    }
    let text = view.text("walk-key-test");
    let can_test = choices.taken.host.is_some();
    let forward = match trying(ui, view, &choices.tried, "walk-key-accepted") {
        Told::Nothing if can_test => Some(Forward { text: &text, action: Action::Key(KeyClick::Test) }),
        Told::Accepted => {
            let text = view.text("walk-next");
            foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
            return;
        }
        Told::NotAccepted => {
            ui.label(rich(view.text("walk-key-not-accepted"), Type::Body, tokens.ink));
            None
        }
        _ => None,
    };
    foot_of(ui, view, forward, !matches!(choices.tried, Trying::Asks(_)));
}

/// What a test told.
#[derive(PartialEq, Eq)]
enum Told {
    Nothing,
    UnderWay,
    Accepted,
    NotAccepted,
}

/// How far a test is, with what it asks and the way to stop it.
fn trying(ui: &mut Ui, view: &mut View<'_>, trying: &Trying, accepted: &'static str) -> Told {
    match trying {
        Trying::No => Told::Nothing,
        Trying::Asks(consents) => {
            asks_for(ui, view, consents, |yes| Action::Key(KeyClick::Agree(yes)));
            Told::UnderWay
        }
        Trying::Running => {
            waiting(ui, view, "walk-key-testing");
            if button(ui, &view.tokens, &view.text("test-stop"), Weight::Secondary, 0.0).clicked() {
                view.act(Action::Key(KeyClick::StopTest));
            }
            Told::UnderWay
        }
        Trying::Told(KeyAnswer::Accepted) => {
            let text = view.text(accepted);
            said_aloud(ui, view, &text);
            Told::Accepted
        }
        Trying::Told(KeyAnswer::Refused(why) | KeyAnswer::Unknown(why)) => {
            said_aloud(ui, view, why);
            Told::NotAccepted
        }
    }
}

/// What a test needs the person's word for; `answer` is what the answer does.
pub fn asks_for(ui: &mut Ui, view: &mut View<'_>, consents: &[Consent], answer: fn(bool) -> Action) {
    let questions: Vec<_> = consents.iter().filter_map(|consent| consent_question(view, consent)).collect();
    asks(ui, view, &questions, answer);
}

/// What is asked before something goes on; `answer` is what the answer does.
pub fn asks(ui: &mut Ui, view: &mut View<'_>, questions: &[String], answer: fn(bool) -> Action) {
    for question in questions {
        ui.label(rich(question, Type::Strong, view.tokens.ink));
    }
    ui.horizontal_wrapped(|ui| {
        // The safe answer is the first and has the keyboard.
        let no = button(ui, &view.tokens, &view.text("consent-no"), Weight::Primary, 0.0);
        take_focus_once(ui, &no, "key-consent");
        if no.clicked() {
            view.act(answer(false));
        }
        if button(ui, &view.tokens, &view.text("consent-yes"), Weight::Secondary, 0.0).clicked() {
            view.act(answer(true));
        }
    });
}

fn places(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    let tokens = view.tokens;
    repair::scrolling_above(ui, "rotate-places", FOOT, |ui| {
        for place in choices.taken.places.iter().filter(|place| place.ours) {
            let takes = !choices.leave.contains(&place.name);
            let lines: Vec<String> = place.lines.iter().map(usize::to_string).collect();
            let name = match lines.is_empty() {
                true => place.name.clone(),
                false => {
                    let args = [("path", place.name.as_str().into()), ("lines", lines.join(", ").into())];
                    view.text_with("walk-rotate-place", &args)
                }
            };
            if tick(ui, view, takes, &name, Type::Body) {
                view.act(Action::Key(KeyClick::Tick(place.name.clone())));
            }
        }
        for place in choices.taken.places.iter().filter(|place| !place.ours) {
            let lines: Vec<String> = place.lines.iter().map(usize::to_string).collect();
            let args = [("path", place.name.as_str().into()), ("lines", lines.join(", ").into())];
            ui.label(rich(view.text_with("rotate-by-others", &args), Type::Body, tokens.muted));
        }
        if !choices.taken.places.iter().any(|place| place.ours) {
            ui.label(rich(view.text("rotate-nowhere"), Type::Strong, tokens.ink));
        }
        if choices.taken.can_approve {
            rule(ui, &tokens);
            approve(ui, view, choices);
        }
        rule(ui, &tokens);
        history(ui, view, choices);
    });
    let any = choices.taken.places.iter().any(|place| place.ours && !choices.leave.contains(&place.name));
    let text = view.text("walk-next");
    foot(ui, view, any.then_some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

/// What the person agrees to apart.
fn approve(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    if choices.taken.can_approve && tick(ui, view, choices.approve, &view.text("walk-key-approve"), Type::Body) {
        view.act(Action::Key(KeyClick::Approve));
    }
}

/// What the history of git says of the old key.
fn history(ui: &mut Ui, view: &View<'_>, choices: &KeyChoices) {
    let tokens = view.tokens;
    let Some(told) = &choices.git else {
        ui.label(rich(view.text("walk-rotate-history-looking"), Type::Body, tokens.muted));
        return;
    };
    for folder in &told.folders {
        let text = view.text_with("rotate-history", &[("folder", folder.as_str().into())]);
        said_aloud(ui, view, &text);
    }
    if told.folders.is_empty() && told.looked > 0 {
        let text = view.text_with("rotate-history-none", &[("folders", told.looked.into())]);
        ui.label(rich(text, Type::Body, tokens.muted));
    }
    if !told.complete {
        ui.label(rich(view.text("rotate-history-cut"), Type::Body, tokens.muted));
    }
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

fn written(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    let tokens = view.tokens;
    ui.label(rich(view.text("walk-key-written"), Type::Body, tokens.ink));
    if matches!(choices.place, Some(PutPlace::Profile | PutPlace::UserVariable)) {
        ui.label(rich(view.text("walk-put-key-new-terminal"), Type::Strong, tokens.ink));
    }
    let told = trying(ui, view, &choices.written, "walk-key-accepted-again");
    if told == Told::NotAccepted {
        ui.label(rich(view.text("walk-key-not-accepted-there"), Type::Body, tokens.ink));
    }
    if let Some(change) = choices.change.as_ref().filter(|_| choices.written != Trying::Running) {
        take_back(ui, view, change);
    }
    let rotates = choices.task == KeyTask::Rotate;
    let next = if !rotates && told == Told::Accepted { next_repair(view) } else { None };
    if let Some(found) = &next {
        ui.label(rich(found.text.text(), Type::Strong, tokens.ink));
    }
    let forward = match told {
        Told::Nothing if choices.taken.host.is_some() => Some(("walk-key-test-again", Action::Key(KeyClick::Test))),
        Told::Accepted | Told::NotAccepted if rotates => Some(("walk-next", Action::Go(Go::Next))),
        _ => None,
    };
    let forward = forward.map(|(key, action)| (view.text(key), action));
    let forward = forward.or_else(|| repair_of(view, next.as_ref()?));
    let forward = forward.as_ref().map(|(text, action)| Forward { text, action: action.clone() });
    foot_of(ui, view, forward, !matches!(choices.written, Trying::Asks(_)));
}

fn old(ui: &mut Ui, view: &mut View<'_>, choices: &KeyChoices) {
    let tokens = view.tokens;
    repair::scrolling_above(ui, "rotate-old", FOOT, |ui| {
        match &choices.old {
            Trying::Told(KeyAnswer::Accepted) => {
                said_aloud(ui, view, &view.text("walk-rotate-old-works"));
            }
            Trying::Told(KeyAnswer::Refused(_)) => said_aloud(ui, view, &view.text("rotate-old-is-refused")),
            other => {
                trying(ui, view, other, "walk-rotate-old-works");
            }
        }
        let text = view.text("walk-rotate-revoke");
        page_link(ui, view, &text, KEY_PAGE);
        if let Some(told) = choices.git.as_ref().filter(|told| !told.folders.is_empty()) {
            for folder in &told.folders {
                let text = view.text_with("rotate-history", &[("folder", folder.as_str().into())]);
                ui.label(rich(text, Type::Body, tokens.ink));
            }
        }
        rule(ui, &tokens);
        ui.label(rich(view.text("rotate-elsewhere"), Type::Body, tokens.ink));
        let list: Vec<String> = out_of_reach().iter().map(|place| format!("- {}", view.words.say(place))).collect();
        for line in &list {
            ui.label(rich(line, Type::Body, tokens.ink));
        }
        copy(ui, view, &list.join("\n"));
    });
    let busy = matches!(choices.old, Trying::Running | Trying::Asks(_));
    let again = if choices.old == Trying::No { "walk-rotate-test-old" } else { "walk-rotate-test-old-again" };
    let refused = matches!(choices.old, Trying::Told(KeyAnswer::Refused(_)));
    let text = view.text(again);
    let tests = !busy && !refused && choices.role() == KeyRole::Old && choices.taken.host.is_some();
    let forward = tests.then_some(Forward { text: &text, action: Action::Key(KeyClick::Test) });
    foot_of(ui, view, forward, !matches!(choices.old, Trying::Asks(_)));
}
