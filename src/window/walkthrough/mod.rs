//! Walkthroughs: one question or action a screen, why it is asked, and the light that turns when it has worked. And the
//! menu that they start from.

mod certificate;
mod install;
mod key;
mod key_field;
mod provider;
mod reset;
mod sign_in;

use authlight_core::report::{Cause, Finding};
use authlight_engine::state::walkthrough::{Go, Step, Walkthrough, WalkthroughKind};
use authlight_engine::state::{Action, JobKind};
use eframe::egui::accesskit::Live;
use eframe::egui::{Align, Frame, Layout, Margin, Popup, Response, Sense, Stroke, Ui, pos2, vec2};

use super::dialogs::{keyboard_comes_from, take_focus_once};
use super::tokens::Type;
use super::widgets::{Weight, button, focus_ring, heading, link_of, paragraph, rich, rule};
use super::{View, repair, shapes, wording};

/// Size of the light in a walkthrough, in points.
const LIGHT: f32 = 16.0;

/// What is below what scrolls in a step, in points: how the person knows that it worked, and the buttons. Above it are the
/// name and the reason.
const FOOT: f32 = 320.0;

/// How far in the name of a choice begins, in points.
const NAME_INDENT: f32 = 24.0;

/// Height of a choice, in points.
const CHOICE: f32 = 24.0;

/// The same in a step without a light.
const FOOT_ALONE: f32 = 240.0;

/// Below this height of the window, in points, all of a step scrolls.
const SHORT: f32 = 500.0;

/// The menu that all walkthroughs start from.
pub fn menu(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = view.tokens;
    let opens = link_of(ui, &tokens, &view.text("walk-menu"), Type::Small);
    let named = |kind: WalkthroughKind| view.words.text(format!("walk-{}", kind.word()));
    let entries = WalkthroughKind::ALL.map(|kind| (named(kind), kind));
    Popup::menu(&opens).id(opens.id.with("menu")).show(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.with_layout(Layout::top_down_justified(Align::Min), |ui| {
            for (text, kind) in entries {
                if ui.button(rich(text, Type::Body, tokens.ink)).clicked() {
                    view.act(Action::OpenWalkthrough(kind));
                    // The entry is gone by then.
                    keyboard_comes_from(ui, opens.id);
                    ui.close();
                }
            }
        });
    });
}

/// The walkthrough that is open.
pub fn show(ui: &mut Ui, view: &mut View<'_>, open: &Walkthrough) {
    // Circles and ticks have an edge that can be seen, as fields have.
    ui.visuals_mut().widgets.inactive.bg_stroke.color = view.tokens.edge;
    ui.visuals_mut().widgets.hovered.bg_stroke.color = view.tokens.edge;
    if ui.ctx().content_rect().height() < SHORT {
        repair::scrolling_above(ui, "walkthrough", 76.0, |ui| step(ui, view, open));
    } else {
        step(ui, view, open);
    }
}

fn step(ui: &mut Ui, view: &mut View<'_>, open: &Walkthrough) {
    let Some(step) = view.state.step() else { return };
    head(ui, view, open.kind(), step);
    match open {
        Walkthrough::SignIn(choices) => sign_in::show(ui, view, choices),
        Walkthrough::Reset(choices) => reset::show(ui, view, choices),
        Walkthrough::Key(choices) => key::show(ui, view, choices),
        Walkthrough::Provider(choices) => provider::show(ui, view, choices),
        Walkthrough::Install(choices) => install::show(ui, view, choices),
        Walkthrough::Certificate(choices) => certificate::show(ui, view, choices),
    }
}

/// What the words have for this, where they have something.
fn said(view: &View<'_>, key: String) -> Option<String> {
    view.words.knows(&key).then(|| view.words.text(key))
}

fn head(ui: &mut Ui, view: &View<'_>, kind: WalkthroughKind, step: Step) {
    let tokens = view.tokens;
    let at = [("number", step.number.into()), ("of", step.of.into())];
    let name = view.words.text(format!("walk-{}", kind.word()));
    let step_of = view.text_with("walk-step", &at);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = Type::Small.line_height();
        ui.horizontal_wrapped(|ui| {
            ui.label(paragraph(&[(&name, Type::SmallStrong, tokens.muted)]));
            ui.label(rich(step_of, Type::Small, tokens.muted));
        });
    });
    heading(ui, &view.words.text(format!("walk-{}", step.name)), Type::Title, tokens.ink, 2);
    if let Some(why) = said(view, format!("walk-{}.why", step.name)) {
        ui.label(rich(why, Type::Body, tokens.muted));
    }
}

/// What the step's own button does, where it can be pressed.
pub struct Forward<'a> {
    /// What stands on it.
    pub text: &'a str,
    /// What it does.
    pub action: Action,
}

/// The last part of a step: how the person knows that it worked, and the ways out of it.
fn foot(ui: &mut Ui, view: &mut View<'_>, forward: Option<Forward<'_>>) {
    foot_of(ui, view, forward, true);
}

/// The same; where the keyboard belongs to something else in the step, it is not taken.
fn foot_of(ui: &mut Ui, view: &mut View<'_>, forward: Option<Forward<'_>>, takes_keyboard: bool) {
    let (Some(open), Some(step)) = (view.state.walkthrough.as_ref(), view.state.step()) else { return };
    let tokens = view.tokens;
    if let Some(worked) = said(view, format!("walk-{}.worked", step.name)) {
        rule(ui, &tokens);
        ui.label(rich(worked, Type::Body, tokens.muted));
        light(ui, view, open.cause(view.state));
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        let has_forward = forward.is_some();
        // What has the keyboard is chosen anew when there is something to press at last.
        let opened = format!("{} {}", step.name, forward.as_ref().map_or("", |forward| forward.text));
        if let Some(Forward { text, action }) = forward {
            let goes = button(ui, &tokens, text, Weight::Primary, 0.0);
            if takes_keyboard {
                take_focus_once(ui, &goes, &opened);
            }
            if goes.clicked() {
                view.act(action);
            }
        }
        let ways = [("walk-back", step.back, Go::Back), ("walk-skip", step.skip, Go::Skip)];
        for (key, there, to) in ways {
            if there && button(ui, &tokens, &view.text(key), Weight::Secondary, 0.0).clicked() {
                view.act(Action::Go(to));
            }
        }
        let in_the_middle = view.state.is_in_the_middle();
        let stops = if in_the_middle { "walk-stop" } else { "walk-close" };
        let quiet = has_forward || in_the_middle || !takes_keyboard;
        let weight = if quiet { Weight::Secondary } else { Weight::Primary };
        let stop = button(ui, &tokens, &view.text(stops), weight, 0.0);
        // Nor is what is under way ended by a key that was pressed once too often.
        if !has_forward && !in_the_middle && takes_keyboard {
            take_focus_once(ui, &stop, &opened);
        }
        if stop.clicked() {
            view.act(Action::Go(Go::Stop));
        }
    });
}

/// What is under way, said aloud too. Nothing moves.
fn waiting(ui: &mut Ui, view: &View<'_>, key: &'static str) {
    let line = ui.label(rich(view.text(key), Type::Strong, view.tokens.ink));
    ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
}

/// A tick. Says whether it was clicked.
fn tick(ui: &mut Ui, view: &View<'_>, mut ticked: bool, name: &str, kind: Type) -> bool {
    let ink = view.tokens.ink;
    edged(ui, view, |ui| ui.checkbox(&mut ticked, rich(name, kind, ink))).clicked()
}

/// A box or a circle with an edge that can be seen while nothing is in it.
fn edged(ui: &mut Ui, view: &View<'_>, add: impl FnOnce(&mut Ui) -> Response) -> Response {
    let tokens = view.tokens;
    let response = ui.scope(|ui| {
        ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::new(1.0, tokens.edge);
        add(ui)
    });
    focus_ring(ui, &response.inner, &tokens, 4);
    if response.inner.gained_focus() {
        // With what is said about it below.
        ui.scroll_to_rect(response.inner.rect.expand2(vec2(0.0, 2.0 * CHOICE)), None);
    }
    response.inner
}

/// What belongs to a tick or a choice: below it, and as far in as its name.
fn below_tick(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let inside = Frame::new().inner_margin(Margin { left: NAME_INDENT as i8, bottom: 4, ..Margin::ZERO });
    inside.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        contents(ui);
    });
}

/// The light of the cause, as it is now.
fn light(ui: &mut Ui, view: &View<'_>, cause: Cause) {
    let tokens = view.tokens;
    let Some(report) = view.state.report.as_deref() else { return };
    let Some(found) = report.cause(cause).filter(|_| !view.state.is_outdated()) else { return };
    let title = wording::cause_title(view.words, found.id);
    let word = if view.state.is_running(JobKind::Scan) && !view.state.looks_by_itself() {
        view.text("looking")
    } else {
        wording::light_word(view.words, report, found)
    };
    ui.spacing_mut().interact_size.y = Type::Strong.line_height();
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(LIGHT, LIGHT), Sense::hover());
        let ink = tokens.light(found.light);
        shapes::light(ui.painter(), pos2(rect.center().x, rect.center().y + 1.0), LIGHT, found.light, ink);
        let title = format!("{title}: ");
        ui.label(paragraph(&[(&title, Type::Strong, tokens.ink), (&word, Type::Strong, ink)]));
    });
}

/// What can be repaired next, where something is. Until it is looked again, what is on the screen is of before.
fn next_repair(view: &View<'_>) -> Option<Finding> {
    let looking = view.state.is_running(JobKind::Scan) && !view.state.looks_by_itself();
    view.state.next_repair().filter(|_| !looking).cloned()
}

/// What stands on the button of this finding's fix, and what it does.
fn repair_of(view: &View<'_>, found: &Finding) -> Option<(String, Action)> {
    let fix = found.fix.as_ref()?.id.replace(['.', '_'], "-");
    Some((view.words.text(fix), Action::of_fix(found)?))
}

/// A button that does nothing but open a page in the browser.
fn page_link(ui: &mut Ui, view: &mut View<'_>, text: &str, address: &str) {
    if super::widgets::link(ui, &view.tokens, text).clicked() {
        view.act(Action::OpenHelp(address.to_owned()));
    }
}

/// One of several choices: a circle, its name, and what is to be said about it.
fn choice(ui: &mut Ui, view: &View<'_>, chosen: bool, name: &str, about: &str) -> bool {
    let tokens = view.tokens;
    ui.spacing_mut().interact_size.y = CHOICE;
    ui.spacing_mut().icon_spacing = NAME_INDENT - ui.spacing().icon_width;
    let circle = edged(ui, view, |ui| ui.radio(chosen, rich(name, Type::Strong, tokens.ink)));
    if !about.is_empty() {
        below_tick(ui, |ui| {
            ui.label(rich(about, Type::Body, tokens.muted));
        });
    }
    circle.clicked()
}
