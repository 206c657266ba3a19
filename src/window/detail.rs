//! The shown cause: each finding in its four parts, then what else was looked at.

use std::cmp::Reverse;

use authlight_core::report::{Cause, CauseReport, Finding, GreyReason, Light, Owner, Source, Status};
use authlight_engine::state::Action;
use eframe::egui::{Align, Id, Layout, Role, Sense, Ui, WidgetInfo, vec2};

use super::tokens::{Tokens, Type};
use super::widgets::{
    card, chips_and_remarks, disclosure, heading, link, paint_pill, paragraph, pill_width, rich, rule,
};
use super::{View, repair, shapes, what_if, wording};

/// Width of the labels of the four parts, in points.
const LABELS: f32 = 130.0;
/// Below this width, in points, a label stands above its part.
const NARROW: f32 = 460.0;

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let Some(report) = view.state.report.clone() else { return };
    let cause = view.state.shown_cause();
    let tokens = view.tokens;
    card(ui, &tokens, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        let Some(found) = report.cause(cause).filter(|_| !view.state.is_outdated()) else {
            heading(ui, &wording::cause_title(view.words, cause), Type::Title, tokens.ink, 2);
            ui.label(rich(view.text("looking"), Type::Strong, tokens.muted));
            ui.label(rich(view.text("reason-looking"), Type::Body, tokens.muted));
            return;
        };
        let (mut telling, others): (Vec<&Finding>, Vec<&Finding>) = found.checks.iter().partition(|check| tells(check));
        telling.sort_by_key(|check| Reverse(check.status));
        if telling.is_empty() {
            summary(ui, view, found);
        }
        for (at, check) in telling.iter().enumerate() {
            if at > 0 {
                ui.add_space(6.0);
                rule(ui, &tokens);
                ui.add_space(6.0);
            }
            finding(ui, view, check);
        }
        if !others.is_empty() {
            ui.add_space(2.0);
            rule(ui, &tokens);
            other_checks(ui, view, cause, &others);
        }
    });
}

/// Whether a check has something to say beyond its one line.
fn tells(check: &Finding) -> bool {
    match check.status {
        Status::Fail | Status::Warn | Status::Crashed => true,
        Status::Note | Status::Unknown => check.saw.is_some() || check.to_do.is_some(),
        Status::Pass | Status::Skipped => false,
    }
}

fn summary(ui: &mut Ui, view: &View<'_>, found: &CauseReport) {
    let tokens = &view.tokens;
    heading(ui, &wording::cause_title(view.words, found.id), Type::Title, tokens.ink, 2);
    ui.label(rich(found.headline.text(), Type::Body, tokens.ink));
    let tested = matches!(found.id, Cause::Login | Cause::Key | Cause::Endpoint);
    let reason = match (found.light, found.reason) {
        (Light::Green, _) if tested => "reason-proved",
        (Light::Green, _) => "reason-ruled-out",
        (Light::Grey, Some(GreyReason::NotInUse)) => "reason-not_in_use",
        (Light::Grey, Some(GreyReason::CouldNotLook)) => "reason-could_not_look",
        (Light::Grey, _) => "reason-not_tested",
        _ => return,
    };
    ui.label(rich(view.text(reason), Type::Body, tokens.muted));
}

fn finding(ui: &mut Ui, view: &mut View<'_>, check: &Finding) {
    let tokens = view.tokens;
    ui.horizontal_top(|ui| {
        let code = check.code.as_deref().unwrap_or_default();
        let code_width = if code.is_empty() { 0.0 } else { pill_width(ui, code) };
        let light = wording::status_light(check.status);
        let (place, _) = ui.allocate_exact_size(vec2(20.0, 24.0), Sense::hover());
        let light = if check.owner == Owner::Person { light } else { Light::Blue };
        shapes::light(ui.painter(), place.center(), 18.0, light, tokens.light(light));
        let width = ui.available_width() - code_width - 8.0;
        ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(width);
            heading(ui, check.text.text(), Type::Title, tokens.ink, 2);
        });
        if !code.is_empty() {
            let (place, response) = ui.allocate_exact_size(vec2(code_width, 24.0), Sense::hover());
            let name = view.text_with("finding-code", &[("code", code.into())]);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
            paint_pill(ui, &tokens, code, place.left(), place.center().y);
        }
    });
    ui.add_space(2.0);
    if check.status == Status::Crashed {
        ui.label(rich(view.text("finding-crashed"), Type::Body, tokens.ink));
    }
    if let Some(saw) = &check.saw {
        part(ui, &tokens, &view.text("finding-saw"), |ui| said(ui, saw.text(), &tokens));
    }
    if !check.evidence.is_empty() {
        part(ui, &tokens, &view.text("finding-where"), |ui| {
            ui.vertical(|ui| {
                for source in &check.evidence {
                    place(ui, view, source);
                }
            });
        });
    }
    if let Some(why) = &check.why {
        part(ui, &tokens, &view.text("finding-why"), |ui| said(ui, why.text(), &tokens));
    }
    if let Some(to_do) = &check.to_do {
        part(ui, &tokens, &view.text("finding-do"), |ui| {
            ui.label(rich(to_do.text(), Type::Button, tokens.ink));
        });
    }
    if check.fix.is_some() {
        part(ui, &tokens, "", |ui| repair::of_finding(ui, view, check));
    }
    if let Some(help) = &check.help {
        let text = view.text("finding-help");
        let mut clicked = false;
        part(ui, &tokens, "", |ui| {
            let response = link(ui, &tokens, &text);
            clicked = response.on_hover_text(help.as_ref()).clicked();
        });
        if clicked {
            view.act(Action::OpenHelp(help.clone().into_owned()));
        }
    }
    what_if::of_finding(ui, view, check);
}

fn said(ui: &mut Ui, text: &str, tokens: &Tokens) {
    ui.label(rich(text, Type::Body, tokens.ink));
}

/// A label and what it labels: side by side, or one above the other where there is little room.
fn part(ui: &mut Ui, tokens: &Tokens, label: &str, contents: impl FnOnce(&mut Ui)) {
    let narrow = ui.available_width() < NARROW;
    if narrow {
        if !label.is_empty() {
            ui.label(rich(label, Type::Small, tokens.muted));
        }
        contents(ui);
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let top = ui.cursor().min;
        ui.allocate_ui_with_layout(vec2(LABELS, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(LABELS);
            if !label.is_empty() {
                ui.label(rich(label, Type::Body, tokens.muted));
            }
        });
        debug_assert!(ui.cursor().min.x >= top.x + LABELS - 1.0, "the labels' column keeps its width");
        ui.vertical(contents);
    });
}

/// A place: the file or variable on a chip, then line and scope.
fn place(ui: &mut Ui, view: &View<'_>, source: &Source) {
    let remarks = wording::place_remarks(view.words, source);
    let shown: Vec<_> = source.path.as_deref().or(source.name.as_deref()).into_iter().collect();
    chips_and_remarks(ui, &view.tokens, &shown, &remarks);
}

/// As many as may stand open without being asked for.
const FEW: usize = 3;

fn other_checks(ui: &mut Ui, view: &View<'_>, cause: Cause, others: &[&Finding]) {
    let tokens = &view.tokens;
    if others.len() > FEW {
        let id = Id::unique(("other checks", cause));
        let open = ui.ctx().data(|data| data.get_temp(id)).unwrap_or(false);
        let text = view.text_with("checks-others", &[("count", others.len().into())]);
        if disclosure(ui, tokens, &text, open).clicked() {
            ui.ctx().data_mut(|data| data.insert_temp(id, !open));
        }
        if !open {
            return;
        }
    }
    for check in others {
        ui.horizontal_top(|ui| {
            let light = wording::status_light(check.status);
            let (place, _) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
            shapes::light(ui.painter(), place.center(), 14.0, light, tokens.light(light));
            let word = wording::status_word(view.words, check.status);
            let text = format!("{}  ", check.text.text());
            ui.vertical(|ui| {
                ui.label(paragraph(&[(&text, Type::Body, tokens.ink), (&word, Type::Small, tokens.muted)]));
            });
        });
    }
}
