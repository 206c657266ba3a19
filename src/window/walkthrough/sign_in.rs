//! Signing in again, by the person's own Claude Code and browser. No code, password or token is ever asked for here.

use authlight_core::message::Words as _;
use authlight_engine::act::sign_in::{Account, BROWSER_SAYS, Call, Ended, Phase, SignIn};
use authlight_engine::state::walkthrough::{Go, SignInChoices};
use authlight_engine::state::{Action, Notice, SignInClick};
use eframe::egui::accesskit::Live;
use eframe::egui::{Frame, Margin, TextEdit, Ui, vec2};

use super::super::View;
use super::super::tokens::{CORNER, Type};
use super::super::widgets::{Weight, button, chips_and_remarks, disclosure, rich};
use super::{Forward, choice, foot, next_repair, page_link};

pub fn show(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices) {
    match view.state.sign_in.clone() {
        None => account(ui, view, choices),
        Some(sign_in) => match &sign_in.phase {
            Phase::Ended(ended) => over(ui, view, choices, &sign_in, ended),
            _ => under_way(ui, view, choices, &sign_in),
        },
    }
}

/// The first step: who signs in, and where the browser is.
fn account(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices) {
    let tokens = view.tokens;
    let mut now = choices.clone();
    let call = now.call.clone().unwrap_or_default();
    for account in [Account::ClaudeAi, Account::Console] {
        let key = match account {
            Account::ClaudeAi => "walk-sign-in-claude",
            Account::Console => "walk-sign-in-console",
        };
        let about = view.words.text(format!("{key}.about"));
        if choice(ui, view, call.account == account, &view.text(key), &about) {
            now.call = Some(Call { account, ..call.clone() });
        }
    }
    if ui.checkbox(&mut call.sso.clone(), rich(view.text("walk-sign-in-sso"), Type::Body, tokens.ink)).clicked() {
        now.call = Some(Call { sso: !call.sso, ..call.clone() });
    }
    let elsewhere = rich(view.text("walk-sign-in-elsewhere"), Type::Body, tokens.ink);
    ui.checkbox(&mut now.elsewhere, elsewhere);
    let label = ui.label(rich(view.text("walk-sign-in-email"), Type::Small, tokens.muted));
    let mut email = call.email.clone().unwrap_or_default();
    let field = ui
        .scope(|ui| {
            ui.visuals_mut().widgets.inactive.bg_stroke.color = tokens.edge;
            ui.add(TextEdit::singleline(&mut email).margin(vec2(10.0, 7.0)).desired_width(320.0))
        })
        .inner
        .labelled_by(label.id);
    if field.changed() {
        now.call = Some(Call { email: Some(email).filter(|email| !email.is_empty()), ..call });
    }
    if now != *choices {
        view.act(Action::ChooseSignIn(now));
    }
    let text = view.text("walk-sign-in-start");
    foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

/// What happens now, said aloud too.
fn sentence(ui: &mut Ui, view: &View<'_>, sign_in: &SignIn) {
    let message = sign_in.message();
    let text = view.words.say(&message);
    let line = ui.label(rich(text, Type::Strong, view.tokens.ink));
    ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
}

fn under_way(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices, sign_in: &SignIn) {
    let tokens = view.tokens;
    // Nothing moves: a person may be in the browser for minutes.
    sentence(ui, view, sign_in);
    let mut to_do = sign_in.message();
    to_do.key = format!("{}.do", to_do.key).into();
    if view.words.knows(&to_do.key) {
        ui.label(rich(view.words.say(&to_do), Type::Body, tokens.ink));
    }
    if let Some(page) = sign_in.page.as_ref().or(sign_in.page_with_code.as_ref()) {
        address(ui, view, page.address());
    }
    if sign_in.page.is_none() && sign_in.page_with_code.is_some() {
        elsewhere(ui, view, choices);
    }
    browser_says(ui, view, choices);
    foot(ui, view, None);
}

/// The page's address, on one line and cut at the end: it is long, and is opened or copied whole.
fn address(ui: &mut Ui, view: &mut View<'_>, address: &str) {
    let tokens = view.tokens;
    Frame::new().fill(tokens.chip).corner_radius(CORNER).inner_margin(Margin::symmetric(10, 6)).show(ui, |ui| {
        let text = rich(address, Type::Code, tokens.ink);
        ui.add(eframe::egui::Label::new(text).truncate());
    });
    ui.horizontal_wrapped(|ui| {
        if button(ui, &tokens, &view.text("walk-sign-in-open-page"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::SignInClicked(SignInClick::OpenPage));
        }
        if button(ui, &tokens, &view.text("walk-sign-in-copy-page"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::SignInClicked(SignInClick::CopyPage));
        }
    });
}

/// The way by a terminal, for a browser on another computer.
fn elsewhere(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices) {
    if button(ui, &view.tokens, &view.text("walk-sign-in-by-terminal"), Weight::Secondary, 0.0).clicked() {
        view.act(Action::ChooseSignIn(SignInChoices { elsewhere: true, ..choices.clone() }));
        view.act(Action::Go(Go::Stop));
    }
}

/// What the browser can say that this program cannot see.
fn browser_says(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices) {
    let tokens = view.tokens;
    if disclosure(ui, &tokens, &view.text("walk-sign-in-says"), choices.browser_list).clicked() {
        let now = SignInChoices { browser_list: !choices.browser_list, browser_says: None, ..choices.clone() };
        view.act(Action::ChooseSignIn(now));
    }
    if !choices.browser_list {
        return;
    }
    for (at, says) in BROWSER_SAYS.iter().enumerate() {
        let chosen = choices.browser_says == Some(at);
        if choice(ui, view, chosen, &view.words.text(format!("sign-in-page-{}", says.word)), "") {
            view.act(Action::ChooseSignIn(SignInChoices { browser_says: Some(at), ..choices.clone() }));
        }
        if chosen {
            let to_do = view.words.text(format!("sign-in-page-{}.do", says.word));
            ui.label(rich(to_do, Type::Body, tokens.ink));
            page_link(ui, view, says.page, says.page);
        }
    }
}

fn over(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices, sign_in: &SignIn, ended: &Ended) {
    let tokens = view.tokens;
    sentence(ui, view, sign_in);
    if let Some(to_do) = ended.to_do() {
        ui.label(rich(view.words.say(&to_do), Type::Body, tokens.ink));
    }
    if let Some(page) = ended.page() {
        page_link(ui, view, page, page);
    }
    match ended {
        Ended::InTerminal(plan) => {
            let command = sign_in.call.command();
            chips_and_remarks(ui, &tokens, &[command.as_str()], "");
            ui.horizontal_wrapped(|ui| {
                if plan.launch.is_some()
                    && button(ui, &tokens, &view.text("walk-sign-in-open-terminal"), Weight::Primary, 0.0).clicked()
                {
                    view.act(Action::SignInClicked(SignInClick::OpenTerminal));
                }
                if button(ui, &tokens, &view.text("repair-copy"), Weight::Secondary, 0.0).clicked() {
                    view.act(Action::SignInClicked(SignInClick::CopyCommand));
                }
                if view.state.notice == Some(Notice::TerminalNotOpened) {
                    ui.label(rich(view.text("sign-in-terminal-none"), Type::Body, tokens.ink));
                }
            });
            let text = view.text("check-again");
            foot(ui, view, Some(Forward { text: &text, action: Action::CheckAgain }));
        }
        Ended::SignedIn(_) => {
            super::reset::old_logins(ui, view);
            next_repair(ui, view);
            foot(ui, view, None);
        }
        Ended::NoProgram | Ended::NotHere => foot(ui, view, None),
        _ => {
            browser_says(ui, view, choices);
            let text = view.text("walk-again");
            foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
        }
    }
}
