//! The credential reset: what is stored, signing out, what that leaves, and on to signing in.

use authlight_core::fixes::reset::Part;
use authlight_engine::state::walkthrough::{Go, ResetChoices, ResetPart, ResetPlan, ResetStage};
use authlight_engine::state::{Action, IfChanged, OldLogins, RepairEnd};
use eframe::egui::Ui;

use super::super::tokens::Type;
use super::super::widgets::{Weight, button, chips_and_remarks, rich, rule};
use super::super::{View, repair};
use super::{Forward, below_tick, foot, waiting};

pub fn show(ui: &mut Ui, view: &mut View<'_>, choices: &ResetChoices) {
    match &choices.stage {
        ResetStage::Looking | ResetStage::LookingAgain => {
            waiting(ui, view, "walk-reset-looking");
            foot(ui, view, None);
        }
        ResetStage::Refused(why) => {
            ui.label(rich(why, Type::Body, view.tokens.ink));
            foot(ui, view, None);
        }
        ResetStage::Choosing(plan) => choosing(ui, view, choices, plan),
        ResetStage::Confirming(_) => confirming(ui, view, choices),
        ResetStage::Working { parts } => {
            let signs_out = parts.contains(&Part::SignOut);
            waiting(ui, view, if signs_out { "walk-reset-signing-out" } else { "repair-working" });
        }
        ResetStage::NotSignedOut(why) => {
            ui.label(rich(why, Type::Body, view.tokens.ink));
            ui.label(rich(view.text("walk-reset-not-signed-out"), Type::Body, view.tokens.ink));
            let text = view.text("walk-next");
            foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
        }
        ResetStage::Left(plan) => left(ui, view, choices, plan),
        ResetStage::Done(done) => {
            ui.label(rich(view.text("walk-reset-result-line"), Type::Body, view.tokens.ink));
            if let Some(done) = done.as_ref().filter(|done| done.undoable) {
                take_back(ui, view, &done.change);
            }
            let text = view.text("walk-reset-sign-in");
            foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
        }
        ResetStage::NotDone(end) => {
            match end {
                RepairEnd::NotHealed { change, sentences } => {
                    for sentence in sentences {
                        ui.label(rich(sentence, Type::Body, view.tokens.ink));
                    }
                    take_back(ui, view, change);
                }
                RepairEnd::Failed(why) => {
                    ui.label(rich(view.text("repair-failed"), Type::Strong, view.tokens.ink));
                    ui.label(rich(why, Type::Body, view.tokens.ink));
                }
                RepairEnd::Healed { .. } => {}
            }
            foot(ui, view, None);
        }
    }
}

/// The way back from a change, in a dialog of its own.
pub(super) fn take_back(ui: &mut Ui, view: &mut View<'_>, change: &str) {
    if button(ui, &view.tokens, &view.text("repair-undo"), Weight::Secondary, 0.0).clicked() {
        view.act(Action::UndoChange(change.to_owned(), IfChanged::Ask));
    }
}

fn choosing(ui: &mut Ui, view: &mut View<'_>, choices: &ResetChoices, plan: &ResetPlan) {
    if plan.parts.is_empty() {
        ui.label(rich(view.text("reset-nothing"), Type::Body, view.tokens.ink));
        foot(ui, view, None);
        return;
    }
    repair::scrolling_above(ui, "reset-what", super::FOOT, |ui| {
        for part in &plan.parts {
            tick(ui, view, choices, part, false);
        }
        if plan.parts.iter().any(|one| one.part == Part::SignOut) {
            ui.label(rich(view.text("walk-reset-then"), Type::Body, view.tokens.muted));
        }
    });
    let any = plan.parts.iter().any(|one| choices.takes(one.part));
    let text = view.text("walk-next");
    foot(ui, view, any.then_some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

/// What is done at the next click, as it is done.
fn confirming(ui: &mut Ui, view: &mut View<'_>, choices: &ResetChoices) {
    let shown = choices.shown();
    repair::scrolling_above(ui, "reset-do", super::FOOT, |ui| {
        for (at, part) in shown.iter().enumerate() {
            if at > 0 {
                rule(ui, &view.tokens);
            }
            ui.label(rich(&part.text.title, Type::Strong, view.tokens.ink));
            repair::lost_and_steps(ui, view, &part.text);
        }
        undoable(ui, view, shown.iter().copied());
    });
    let signs_out = shown.iter().any(|one| one.part == Part::SignOut);
    let text = view.text(if signs_out { "walk-reset-sign-out" } else { "repair-do" });
    foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

fn left(ui: &mut Ui, view: &mut View<'_>, choices: &ResetChoices, plan: &ResetPlan) {
    repair::scrolling_above(ui, "reset-left", super::FOOT, |ui| {
        for part in &plan.parts {
            tick(ui, view, choices, part, true);
        }
        undoable(ui, view, plan.parts.iter().filter(|one| choices.takes(one.part)));
    });
    let any = plan.parts.iter().any(|one| choices.takes(one.part));
    let text = view.text("repair-do");
    foot(ui, view, any.then_some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

fn undoable<'p>(ui: &mut Ui, view: &View<'_>, mut parts: impl Iterator<Item = &'p ResetPart>) {
    if parts.all(|one| one.text.undoable) {
        ui.label(rich(view.text("plan-undoable"), Type::Body, view.tokens.muted));
    }
}

/// A part to be ticked, with what is lost by it.
fn tick(ui: &mut Ui, view: &mut View<'_>, choices: &ResetChoices, part: &ResetPart, with_steps: bool) {
    let tokens = view.tokens;
    if super::tick(ui, view, choices.takes(part.part), &part.text.title, Type::Strong) {
        view.act(Action::TickReset(part.part));
    }
    below_tick(ui, |ui| {
        if with_steps {
            repair::lost_and_steps(ui, view, &part.text);
        } else if let Some(lost) = &part.text.lost {
            ui.label(rich(lost, Type::Body, tokens.ink));
        }
    });
}

/// Login files that were set aside, once a new login works.
pub fn old_logins(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = view.tokens;
    match view.state.old_logins.clone() {
        None => {}
        Some(OldLogins::Found(paths)) => {
            ui.label(rich(view.text("old-login"), Type::Body, tokens.ink));
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            chips_and_remarks(ui, &tokens, &paths, &view.text("plan-for-good"));
            if button(ui, &tokens, &view.text("old-login-delete"), Weight::Secondary, 0.0).clicked() {
                view.act(Action::DeleteOldLogins);
            }
        }
        Some(OldLogins::Deleted(Ok(()))) => {
            ui.label(rich(view.text("old-login-deleted"), Type::Body, tokens.ink));
        }
        Some(OldLogins::Deleted(Err(why))) => {
            ui.label(rich(why, Type::Body, tokens.ink));
        }
    }
}
