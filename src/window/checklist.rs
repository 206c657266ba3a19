//! Why not: the five lights, and above them what lies below all five when it is not in order.

use authlight_core::report::{Cause, CauseReport, Light, Status};
use authlight_engine::state::Action;
use eframe::egui::{CornerRadius, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::tokens::{CARD_CORNER, Type};
use super::widgets::{laid_out, paragraph, rich};
use super::{View, shapes, wording};

const LIGHT_SIZE: f32 = 22.0;
const INDENT: f32 = 48.0;
const PADDING: f32 = 11.0;

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let report = view.state.report.clone();
    let judged = |cause| report.as_deref().and_then(|report| report.cause(cause));
    let ground = Cause::ALL.iter().filter(|cause| !Cause::FIVE.contains(cause));

    let mut in_order = Vec::new();
    for cause in ground {
        match judged(*cause) {
            Some(found) if found.light == Light::Green || found.status <= Status::Skipped => {
                // A name is not torn apart at the end of a line.
                in_order.push(wording::cause_name(view.words, *cause).replace(' ', "\u{a0}"));
            }
            Some(found) => row(ui, view, *cause, Some(found)),
            None => {}
        }
    }
    for cause in Cause::FIVE {
        row(ui, view, cause, judged(cause));
    }
    if !in_order.is_empty() {
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.add_space(14.0);
            let names = in_order.join(" · ");
            let text = view.text_with("ground-passed", &[("names", names.into())]);
            ui.vertical(|ui| ui.label(rich(text, Type::Small, view.tokens.muted)));
        });
    }
}

fn row(ui: &mut Ui, view: &mut View<'_>, cause: Cause, found: Option<&CauseReport>) {
    let tokens = view.tokens;
    let title = wording::cause_title(view.words, cause);
    // Of a folder that was left, nothing is claimed any more.
    let found = found.filter(|_| !view.state.is_outdated());
    let report = view.state.report.as_deref();
    let (light, word, headline) = match (found, report) {
        (Some(found), Some(report)) => {
            let word = wording::light_word(view.words, report, found);
            (found.light, view.text_with("light-line", &[("word", word.into())]), found.headline.text().to_owned())
        }
        _ if view.state.is_looking() => (Light::Grey, view.text("looking"), String::new()),
        _ => (
            Light::Grey,
            view.text_with("light-line", &[("word", view.text("light-could_not_look").into())]),
            String::new(),
        ),
    };

    let width = ui.available_width();
    let text_width = width - INDENT - 14.0;
    let head = laid_out(ui, paragraph(&[(&title, Type::Strong, tokens.ink)]), text_width);
    let word_ink = tokens.light(light);
    let line = if headline.is_empty() { word.clone() } else { format!("{word} ") };
    let tail = laid_out(
        ui,
        paragraph(&[(&line, Type::SmallStrong, word_ink), (&headline, Type::Small, tokens.muted)]),
        text_width,
    );
    let height = head.size().y + tail.size().y + 2.0 * PADDING;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());

    let selected = report.is_some() && view.state.shown_cause() == cause;
    let name = format!("{title}: {line}{headline}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name.trim_end()));
    if view.focus == Some(cause) {
        response.request_focus();
    }
    if view.focus == Some(cause) || response.gained_focus() {
        response.scroll_to_me(None);
    }

    let inner = rect.shrink2(vec2(0.0, 1.0));
    let corner = CornerRadius::same(CARD_CORNER);
    if selected {
        ui.painter().rect(inner, corner, tokens.card, Stroke::new(2.0, tokens.accent), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(inner, corner, tokens.hover);
    }
    if response.has_focus() {
        let ring = inner.shrink(if selected { 4.0 } else { 1.0 });
        ui.painter().rect_stroke(
            ring,
            CornerRadius::same(CARD_CORNER - 3),
            Stroke::new(if selected { 1.0 } else { 2.0 }, tokens.accent),
            StrokeKind::Inside,
        );
    }
    let text = rect.min + vec2(INDENT, PADDING);
    let middle = pos2(rect.left() + 14.0 + LIGHT_SIZE / 2.0, text.y + Type::Strong.line_height() / 2.0 + 1.0);
    shapes::light(ui.painter(), middle, LIGHT_SIZE, light, word_ink);
    let below = head.size().y;
    ui.painter().galley(text, head, tokens.ink);
    ui.painter().galley(text + vec2(0.0, below), tail, tokens.muted);
    if response.clicked() {
        view.act(Action::ChooseCause(cause));
    }
}
