//! Claude Code where there is none: the ways, the one that was chosen, how to sign in, and the proof.

use authlight_engine::state::walkthrough::Go;
use authlight_engine::state::walkthrough::install::{
    InstallChoices, InstallClick, InstallStage, Method, Open, Proof, StatusAsked, WayOffer, WayOffers,
};
use authlight_engine::state::{Action, JobKind, Notice};
use eframe::egui::Ui;

use super::super::tokens::Type;
use super::super::widgets::{Weight, button, chips_and_remarks, rich, rule};
use super::super::{View, repair};
use super::key::{copy, said_aloud};
use super::{FOOT, Forward, below_tick, choice, foot, foot_of, next_repair, page_link, repair_of, waiting};

pub fn show(ui: &mut Ui, view: &mut View<'_>, choices: &InstallChoices) {
    match choices.stage {
        InstallStage::Ways => ways(ui, view, choices),
        InstallStage::Start => start(ui, view, choices),
        InstallStage::Method => method(ui, view, choices),
        InstallStage::Proof => proof(ui, view, choices),
    }
}

/// Where it is, if it is there. Says whether it is.
fn there(ui: &mut Ui, view: &View<'_>) -> bool {
    let Some(row) = view.state.claude_is_there() else { return false };
    let version = row.version.clone().unwrap_or_default();
    let args = [("version", version.into()), ("path", row.path.as_str().into())];
    said_aloud(ui, view, &view.text_with("walk-install-there", &args));
    if !row.first {
        ui.label(rich(view.text("walk-install-not-on-path"), Type::Body, view.tokens.ink));
    }
    true
}

fn go_on(ui: &mut Ui, view: &mut View<'_>, goes: bool) {
    let text = view.text("walk-next");
    foot(ui, view, goes.then_some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

fn ways(ui: &mut Ui, view: &mut View<'_>, choices: &InstallChoices) {
    if there(ui, view) {
        go_on(ui, view, true);
        return;
    }
    let Some(offers) = &choices.ways else {
        waiting(ui, view, "walk-install-looking");
        foot_of(ui, view, None, false);
        return;
    };
    repair::scrolling_above(ui, "install-ways", FOOT, |ui| listed(ui, view, choices, offers));
    let goes = choices.chosen().is_some_and(|way| matches!(way.open, Open::Copied | Open::Started));
    go_on(ui, view, goes);
}

/// Those that are possible here can be chosen; what the others lack is said.
fn listed(ui: &mut Ui, view: &mut View<'_>, choices: &InstallChoices, offers: &WayOffers) {
    let tokens = view.tokens;
    if offers.elsewhere {
        ui.label(rich(view.text("walk-install-elsewhere"), Type::Body, tokens.ink));
    }
    for way in offers.all.iter().filter(|way| way.open != Open::Closed) {
        let chosen = choices.way == Some(way.id);
        if choice(ui, view, chosen, &way.name, &way.needs) {
            view.act(Action::Install(InstallClick::Way(way.id)));
        }
        if chosen && way.open == Open::AsksNode && !offers.elsewhere {
            below_tick(ui, |ui| {
                if button(ui, &tokens, &view.text("walk-install-ask-node"), Weight::Secondary, 0.0).clicked() {
                    view.act(Action::Install(InstallClick::AskNode));
                }
            });
        }
    }
    for way in offers.all.iter().filter(|way| way.open == Open::Closed) {
        below_tick(ui, |ui| {
            ui.label(rich(&way.name, Type::Strong, tokens.muted));
            ui.label(rich(&way.needs, Type::Body, tokens.muted));
        });
    }
    let more = view.text("walk-install-page");
    page_link(ui, view, &more, offers.page);
}

fn start(ui: &mut Ui, view: &mut View<'_>, choices: &InstallChoices) {
    let is_there = view.state.claude_is_there().is_some();
    repair::scrolling_above(ui, "install-start", FOOT, |ui| {
        if is_there {
            there(ui, view);
        } else if let Some(way) = choices.chosen() {
            let page = choices.ways.as_ref().map(|offers| offers.page).unwrap_or_default();
            to_do(ui, view, way, page);
        }
    });
    if is_there {
        go_on(ui, view, true);
        return;
    }
    let text = view.text("walk-install-open");
    let launch = choices.chosen().is_some_and(|way| way.launch.is_some());
    let forward = Forward { text: &text, action: Action::Install(InstallClick::OpenTerminal) };
    foot(ui, view, launch.then_some(forward));
}

/// What the person does for this way.
fn to_do(ui: &mut Ui, view: &mut View<'_>, way: &WayOffer, page: &str) {
    let tokens = view.tokens;
    ui.label(rich(&way.name, Type::Strong, tokens.ink));
    if way.command.is_empty() {
        ui.label(rich(&way.needs, Type::Body, tokens.ink));
        let text = view.text("walk-install-page-steps");
        page_link(ui, view, &text, page);
    } else {
        let key = match (way.open, way.launch.is_some()) {
            (_, true) => "walk-install-run",
            (Open::Started, false) => "walk-install-by-hand",
            _ => "walk-install-copy",
        };
        ui.label(rich(view.text(key), Type::Body, tokens.ink));
        chips_and_remarks(ui, &tokens, &[way.command], "");
        if way.command.starts_with("irm ") {
            ui.label(rich(view.text("walk-install-native-windows"), Type::Body, tokens.muted));
        }
        copy(ui, view, way.command);
        if view.state.notice == Some(Notice::TerminalNotOpened) {
            said_aloud(ui, view, &view.text("walk-install-opened-not"));
        }
    }
    if !way.back.is_empty() {
        let text = view.text_with("walk-install-back", &[("command", way.back.into())]);
        ui.label(rich(text, Type::Body, tokens.muted));
    }
    if button(ui, &tokens, &view.text("check-again"), Weight::Secondary, 0.0).clicked() {
        view.act(Action::CheckAgain);
    }
}

fn method(ui: &mut Ui, view: &mut View<'_>, choices: &InstallChoices) {
    for method in Method::ALL {
        let key = match method {
            Method::Login => "walk-install-login",
            Method::Key => "walk-install-key",
        };
        let about = view.words.text(format!("{key}.about"));
        if choice(ui, view, choices.method == method, &view.text(key), &about) {
            view.act(Action::Install(InstallClick::Method(method)));
        }
    }
    go_on(ui, view, true);
}

fn proof(ui: &mut Ui, view: &mut View<'_>, choices: &InstallChoices) {
    let tokens = view.tokens;
    let is_there = view.state.claude_is_there().is_some();
    let proving = view.state.is_running(JobKind::Test);
    let works = choices.proof.as_ref().is_some_and(|proof| proof.works);
    let next = next_repair(view).filter(|_| !works && !proving);
    repair::scrolling_above(ui, "install-proof", FOOT, |ui| {
        if !there(ui, view) {
            said_aloud(ui, view, &view.text("walk-install-missing"));
            return;
        }
        if let Some(report) = view.state.whole_report().filter(|_| choices.proof.is_none() && !proving) {
            ui.label(rich(report.verdict.headline.text(), Type::Body, tokens.ink));
        }
        rule(ui, &tokens);
        status(ui, view, &choices.status);
        if proving || choices.proof.is_some() {
            rule(ui, &tokens);
        }
        if proving {
            waiting(ui, view, "walk-install-proving");
            if button(ui, &tokens, &view.text("test-stop"), Weight::Secondary, 0.0).clicked() {
                view.act(Action::StopTest);
            }
        } else if let Some(proof) = &choices.proof {
            told(ui, view, proof);
        }
    });
    let prove = view.text("walk-install-prove");
    let forward = match next.as_ref().and_then(|found| repair_of(view, found)) {
        // What stands in the way is repaired first.
        Some(forward) if is_there && choices.proof.is_some() => Some(forward),
        _ if is_there && !works && !proving => Some((prove, Action::Install(InstallClick::Prove))),
        _ => None,
    };
    let forward = forward.as_ref().map(|(text, action)| Forward { text, action: action.clone() });
    foot_of(ui, view, forward, !proving);
}

fn status(ui: &mut Ui, view: &mut View<'_>, asked: &StatusAsked) {
    let tokens = view.tokens;
    match asked {
        StatusAsked::Running => waiting(ui, view, "walk-install-asking"),
        StatusAsked::Told(said) => said_aloud(ui, view, said),
        StatusAsked::No => {
            ui.label(rich(view.text("walk-install-status-about"), Type::Body, tokens.muted));
        }
    }
    if *asked != StatusAsked::Running
        && button(ui, &tokens, &view.text("walk-install-ask-status"), Weight::Secondary, 0.0).clicked()
    {
        view.act(Action::Install(InstallClick::AskStatus));
    }
}

fn told(ui: &mut Ui, view: &View<'_>, proof: &Proof) {
    if proof.sentences.is_empty() && !proof.works {
        said_aloud(ui, view, &view.text("walk-install-not-run"));
        return;
    }
    said_aloud(ui, view, &view.text(if proof.works { "walk-install-works" } else { "walk-install-works-not" }));
    for sentence in proof.sentences.iter().filter(|_| !proof.works) {
        ui.label(rich(sentence, Type::Body, view.tokens.ink));
    }
}
