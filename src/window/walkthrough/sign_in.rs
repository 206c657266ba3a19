//! Signing in again, by the person's own Claude Code and browser. No code, password or token is ever asked for here.

use authlight_core::message::Words as _;
use authlight_engine::act::sign_in::{Account, BROWSER_SAYS, Call, Ended, Phase, Place, SignIn};
use authlight_engine::state::walkthrough::{Go, SignInChoices};
use authlight_engine::state::{Action, JobKind, Notice, SignInClick};
use eframe::egui::accesskit::Live;
use eframe::egui::{Frame, Key, Margin, TextEdit, Ui, vec2};

use super::super::dialogs::{is_new, take_focus_once};
use super::super::tokens::{CORNER, Type};
use super::super::widgets::{Weight, button, chips_and_remarks, disclosure, focus_ring, rich};
use super::super::{View, repair};
use super::{
    CHOICE, FOOT, FOOT_ALONE, Forward, NAME_INDENT, below_tick, choice, foot, next_repair, page_link, repair_of,
};

pub fn show(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices) {
    match view.state.sign_in.clone() {
        None => account(ui, view, choices),
        Some(sign_in) => match &sign_in.phase {
            Phase::Ended(ended) => over(ui, view, choices, &sign_in, ended),
            _ => under_way(ui, view, choices, &sign_in),
        },
    }
}

/// The first step: who signs in; what few need is folded.
fn account(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices) {
    let tokens = view.tokens;
    let mut now = choices.clone();
    let call = now.call.clone().unwrap_or_default();
    repair::scrolling_above(ui, "sign-in-account", FOOT_ALONE, |ui| {
        if view.state.notice == Some(Notice::JobBroke(JobKind::SignIn)) {
            ui.label(rich(view.text("notice-broke"), Type::Strong, tokens.ink));
        }
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
        if disclosure(ui, &tokens, &view.text("walk-sign-in-more"), choices.more).clicked() {
            now.more = !now.more;
        }
        if choices.more {
            below_tick(ui, |ui| more(ui, view, &call, &mut now));
        }
    });
    if now != *choices {
        view.act(Action::ChooseSignIn(now));
    }
    let text = view.text("walk-sign-in-start");
    foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

fn more(ui: &mut Ui, view: &mut View<'_>, call: &Call, now: &mut SignInChoices) {
    let tokens = view.tokens;
    let tick = |ui: &mut Ui, on: &mut bool, text: String| {
        ui.spacing_mut().interact_size.y = CHOICE;
        ui.spacing_mut().icon_spacing = NAME_INDENT - ui.spacing().icon_width;
        let tick = ui.checkbox(on, rich(text, Type::Body, tokens.ink));
        focus_ring(ui, &tick, &tokens, 4);
        tick.changed()
    };
    let mut sso = call.sso;
    if tick(ui, &mut sso, view.text("walk-sign-in-sso")) {
        now.call = Some(Call { sso, ..call.clone() });
    }
    let mut elsewhere = now.place == Place::Terminal;
    if tick(ui, &mut elsewhere, view.text("walk-sign-in-elsewhere")) {
        now.place = if elsewhere { Place::Terminal } else { Place::Best };
    }
    ui.add_space(4.0);
    let label = ui.label(rich(view.text("walk-sign-in-email"), Type::Small, tokens.muted));
    let mut email = call.email.clone().unwrap_or_default();
    let field = ui.add(TextEdit::singleline(&mut email).margin(vec2(10.0, 7.0)).desired_width(320.0));
    let field = field.labelled_by(label.id);
    if field.gained_focus() {
        field.scroll_to_me(None);
    }
    if field.changed() {
        now.call = Some(Call { email: Some(email).filter(|email| !email.is_empty()), ..call.clone() });
    }
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        view.act(Action::Go(Go::Next));
    }
}

/// What happens now, said aloud too.
fn sentence(ui: &mut Ui, view: &View<'_>, text: String) {
    let line = ui.label(rich(text, Type::Strong, view.tokens.ink));
    ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
}

fn under_way(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices, sign_in: &SignIn) {
    let tokens = view.tokens;
    let stopping = view.state.is_sign_in_stopping();
    // Nothing moves: a person may be in the browser for minutes.
    repair::scrolling_above(ui, "sign-in-browser", FOOT, |ui| {
        if stopping {
            sentence(ui, view, view.text("walk-sign-in-stopping"));
            return;
        }
        sentence(ui, view, view.words.say(&sign_in.message()));
        let mut to_do = sign_in.message();
        to_do.key = format!("{}.do", to_do.key).into();
        if view.words.knows(&to_do.key) {
            ui.label(rich(view.words.say(&to_do), Type::Body, tokens.ink));
        }
        if sign_in.phase != Phase::Waiting {
            return;
        }
        if let Some(page) = &sign_in.page {
            address(ui, view, page.address());
        } else if sign_in.page_with_code.is_some() {
            by_terminal(ui, view, choices, &sign_in.call);
        }
        browser_says(ui, view, choices, &sign_in.call);
    });
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
        let opens = button(ui, &tokens, &view.text("walk-sign-in-open-page"), Weight::Secondary, 0.0);
        // A key that is pressed once too often must not end the sign-in.
        take_focus_once(ui, &opens, "sign-in-page");
        if opens.clicked() {
            view.act(Action::SignInClicked(SignInClick::OpenPage));
        }
        if button(ui, &tokens, &view.text("walk-sign-in-copy-page"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::SignInClicked(SignInClick::CopyPage));
        }
        copied(ui, view);
    });
}

fn copied(ui: &mut Ui, view: &View<'_>) {
    if view.state.notice == Some(Notice::CommandCopied) {
        sentence(ui, view, view.text("notice-command-copied"));
    }
}

/// The way by a terminal, for a page that shows a code.
fn by_terminal(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices, call: &Call) {
    if button(ui, &view.tokens, &view.text("walk-sign-in-by-terminal"), Weight::Secondary, 0.0).clicked() {
        view.act(Action::ChooseSignIn(SignInChoices { place: Place::Terminal, ..choices.clone() }));
        let start = SignInClick::Start { call: Some(call.clone()), place: Place::Terminal };
        view.act(Action::SignInClicked(start));
    }
}

/// What the browser can say that this program cannot see.
fn browser_says(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices, call: &Call) {
    let tokens = view.tokens;
    if disclosure(ui, &tokens, &view.text("walk-sign-in-says"), choices.browser_list).clicked() {
        let now = SignInChoices { browser_list: !choices.browser_list, browser_says: None, ..choices.clone() };
        view.act(Action::ChooseSignIn(now));
    }
    if !choices.browser_list {
        return;
    }
    ui.spacing_mut().item_spacing.y = 4.0;
    for (at, says) in BROWSER_SAYS.iter().enumerate() {
        let chosen = choices.browser_says == Some(at);
        if choice(ui, view, chosen, &view.words.text(format!("sign-in-page-{}", says.word)), "") {
            view.act(Action::ChooseSignIn(SignInChoices { browser_says: Some(at), ..choices.clone() }));
        }
        if chosen {
            below_tick(ui, |ui| {
                sentence(ui, view, view.words.text(format!("sign-in-page-{}.do", says.word)));
                if says.wants_terminal() {
                    by_terminal(ui, view, choices, call);
                }
                page_link(ui, view, says.page, says.page);
                if is_new(ui, says.word) {
                    ui.scroll_to_rect(ui.min_rect(), None);
                }
            });
        }
    }
}

fn over(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices, sign_in: &SignIn, ended: &Ended) {
    repair::scrolling_above(ui, "sign-in-over", FOOT, |ui| ending(ui, view, choices, sign_in, ended));
    let (text, action) = match ended {
        Ended::InTerminal(plan) if plan.launch.is_some() => {
            ("walk-sign-in-open-terminal", Action::SignInClicked(SignInClick::OpenTerminal))
        }
        Ended::InTerminal(_) => ("walk-sign-in-copy-command", Action::SignInClicked(SignInClick::CopyCommand)),
        Ended::SignedIn(_) => return on_to_the_next(ui, view),
        Ended::NoProgram | Ended::NotHere => return foot(ui, view, None),
        _ => ("walk-again", Action::Go(Go::Next)),
    };
    let text = view.text(text);
    foot(ui, view, Some(Forward { text: &text, action }));
}

/// What the new login does not heal is repaired next.
fn on_to_the_next(ui: &mut Ui, view: &mut View<'_>) {
    let next = next_repair(view).and_then(|found| repair_of(view, &found));
    foot(ui, view, next.as_ref().map(|(text, action)| Forward { text, action: action.clone() }));
}

fn ending(ui: &mut Ui, view: &mut View<'_>, choices: &SignInChoices, sign_in: &SignIn, ended: &Ended) {
    let tokens = view.tokens;
    sentence(ui, view, view.words.say(&sign_in.message()));
    if let Some(to_do) = ended.to_do() {
        ui.label(rich(view.words.say(&to_do), Type::Body, tokens.ink));
    }
    if let Some(page) = ended.page() {
        page_link(ui, view, page, page);
    }
    match ended {
        Ended::InTerminal(plan) => {
            ui.horizontal_wrapped(|ui| {
                chips_and_remarks(ui, &tokens, &[&plan.command], "");
                copied(ui, view);
            });
            if view.state.notice == Some(Notice::TerminalNotOpened) {
                sentence(ui, view, view.text("sign-in-terminal-none"));
                ui.label(rich(view.text("sign-in-terminal-none.do"), Type::Body, tokens.ink));
            }
            ui.horizontal_wrapped(|ui| {
                if plan.launch.is_some() {
                    let copies = button(ui, &tokens, &view.text("walk-sign-in-copy-command"), Weight::Secondary, 0.0);
                    if copies.clicked() {
                        view.act(Action::SignInClicked(SignInClick::CopyCommand));
                    }
                }
                if button(ui, &tokens, &view.text("check-again"), Weight::Secondary, 0.0).clicked() {
                    view.act(Action::CheckAgain);
                }
                // A container can share its network with the browser; and who chose the terminal can choose again.
                if button(ui, &tokens, &view.text("walk-sign-in-by-browser"), Weight::Secondary, 0.0).clicked() {
                    view.act(Action::ChooseSignIn(SignInChoices { place: Place::Browser, ..choices.clone() }));
                    let start = SignInClick::Start { call: Some(sign_in.call.clone()), place: Place::Browser };
                    view.act(Action::SignInClicked(start));
                }
            });
        }
        Ended::SignedIn(_) => {
            super::reset::old_logins(ui, view);
            if let Some(found) = next_repair(view) {
                ui.label(rich(found.text.text(), Type::Strong, tokens.ink));
            }
        }
        Ended::NoProgram | Ended::NotHere | Ended::Cancelled => {}
        _ => browser_says(ui, view, choices, &sign_in.call),
    }
}
