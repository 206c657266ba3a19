//! Small parts that the screen is made of: text, headings, buttons, cards, chips. Each names itself for a screen reader.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align, Color32, CornerRadius, Frame, Galley, Margin, Rect, Response, RichText, Role, Sense, Shape, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::shapes;
use super::tokens::{BUTTON_HEIGHT, CARD_CORNER, CARD_MARGIN, CORNER, STEP, Tokens, Type};

/// Text of one kind and colour.
pub fn rich(text: impl Into<String>, kind: Type, colour: Color32) -> RichText {
    RichText::new(text).font(kind.font()).line_height(Some(kind.line_height())).color(colour)
}

/// A text format of one kind and colour, for texts of several parts.
pub fn format(kind: Type, colour: Color32) -> TextFormat {
    TextFormat {
        font_id: kind.font(),
        color: colour,
        line_height: Some(kind.line_height()),
        valign: Align::Center,
        ..TextFormat::default()
    }
}

/// Texts of several kinds in one paragraph.
pub fn paragraph(parts: &[(&str, Type, Color32)]) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (text, kind, colour) in parts {
        job.append(text, 0.0, format(*kind, *colour));
    }
    job
}

/// A paragraph laid out to this width, in points.
pub fn laid_out(ui: &Ui, mut job: LayoutJob, width: f32) -> Arc<Galley> {
    job.wrap.max_width = width.max(STEP);
    ui.painter().layout_job(job)
}

/// The width of a text on one line, in points.
pub fn width_of(ui: &Ui, text: &str, kind: Type) -> f32 {
    laid_out(ui, paragraph(&[(text, kind, Color32::PLACEHOLDER)]), f32::INFINITY).size().x
}

/// A heading that a screen reader finds as one. `level` counts from 1.
pub fn heading(ui: &mut Ui, text: &str, kind: Type, colour: Color32, level: usize) -> Response {
    let response = ui.label(rich(text, kind, colour));
    name_heading(ui, &response, text, level);
    response
}

/// Makes a label a heading for a screen reader: egui itself says "label" of every text.
pub fn name_heading(ui: &Ui, response: &Response, text: &str, level: usize) {
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(text);
        node.set_level(level);
    });
}

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The one to press.
    Primary,
    /// The others.
    Secondary,
}

/// A button, at least this wide, in points.
pub fn button(ui: &mut Ui, tokens: &Tokens, text: &str, weight: Weight, min_width: f32) -> Response {
    let padding = vec2(15.0, 7.0);
    let ink = if weight == Weight::Primary { tokens.on_accent } else { tokens.ink };
    let mut job = paragraph(&[(text, Type::Button, ink)]);
    job.halign = Align::Center;
    let galley = laid_out(ui, job, ui.available_width() - 2.0 * padding.x);
    let size = (galley.size() + 2.0 * padding).max(vec2(min_width, BUTTON_HEIGHT));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));

    let under_pointer = response.hovered() || response.is_pointer_button_down_on();
    let (fill, line) = match (weight, under_pointer) {
        (Weight::Primary, false) => (tokens.accent, tokens.accent),
        (Weight::Primary, true) => (tokens.accent_hover, tokens.accent_hover),
        (Weight::Secondary, false) => (tokens.card, tokens.line),
        (Weight::Secondary, true) => (tokens.hover, tokens.edge),
    };
    ui.painter().rect(rect, CornerRadius::same(CORNER), fill, Stroke::new(1.0, line), StrokeKind::Inside);
    let top = rect.center().y - galley.size().y / 2.0;
    ui.painter().galley(pos2(rect.center().x, top), galley, ink);
    focus_ring(ui, &response, tokens, CORNER);
    response
}

/// Where the keyboard is; scrolled into view when it gets there.
pub fn focus_ring(ui: &Ui, response: &Response, tokens: &Tokens, corner: u8) {
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.has_focus() {
        let ring = CornerRadius::same(corner + 2);
        ui.painter().rect_stroke(response.rect.expand(2.0), ring, Stroke::new(2.0, tokens.accent), StrokeKind::Outside);
    }
}

/// A text that does something, in the accent colour.
pub fn link(ui: &mut Ui, tokens: &Tokens, text: &str) -> Response {
    link_of(ui, tokens, text, Type::Button)
}

/// The same, in text of this kind.
pub fn link_of(ui: &mut Ui, tokens: &Tokens, text: &str, kind: Type) -> Response {
    let galley = laid_out(ui, paragraph(&[(text, kind, tokens.accent)]), ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, ui.is_enabled(), text));
    if response.hovered() {
        ui.painter().hline(rect.x_range(), rect.bottom() - 2.0, Stroke::new(1.0, tokens.accent));
    }
    ui.painter().galley(rect.min, galley, tokens.accent);
    focus_ring(ui, &response, tokens, 2);
    response
}

/// A card over the whole width.
pub fn card<R>(ui: &mut Ui, tokens: &Tokens, contents: impl FnOnce(&mut Ui) -> R) -> R {
    Frame::new()
        .fill(tokens.card)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin::symmetric(CARD_MARGIN, 14))
        .show(ui, |ui| {
            ui.take_available_width();
            contents(ui)
        })
        .inner
}

/// A hairline over the whole width.
pub fn rule(ui: &mut Ui, tokens: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, tokens.line));
}

/// The size of a pill with this text, in points.
pub fn pill_width(ui: &Ui, text: &str) -> f32 {
    width_of(ui, text, Type::Small) + 16.0
}

/// Paints a pill: a short technical remark with its left edge and middle here. Says nothing to a screen reader.
pub fn paint_pill(ui: &Ui, tokens: &Tokens, text: &str, left: f32, middle: f32) {
    let galley = laid_out(ui, paragraph(&[(text, Type::Small, tokens.muted)]), f32::INFINITY);
    let rect = Rect::from_min_size(pos2(left, middle - 10.0), vec2(galley.size().x + 16.0, 20.0));
    ui.painter().rect_filled(rect, 10.0, tokens.chip);
    ui.painter().galley(pos2(left + 8.0, middle - galley.size().y / 2.0), galley, tokens.muted);
}

/// File names and variables, monospaced on a quiet ground, and what is to be said about them.
pub fn chips_and_remarks(ui: &mut Ui, tokens: &Tokens, chips: &[&str], remarks: &str) {
    // A row is as high as a button where nobody says otherwise.
    ui.spacing_mut().interact_size.y = Type::Code.line_height();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(12.0, 2.0);
        for chip in chips {
            let ground = ui.painter().add(Shape::Noop);
            let label = ui.label(rich(*chip, Type::Code, tokens.ink));
            let place = label.rect.expand2(vec2(4.0, -1.0));
            ui.painter().set(ground, Shape::rect_filled(place, 4.0, tokens.chip));
        }
        if !remarks.is_empty() {
            ui.label(rich(remarks, Type::Body, tokens.ink));
        }
    });
}

/// A row that opens and closes what is below it.
pub fn disclosure(ui: &mut Ui, tokens: &Tokens, text: &str, open: bool) -> Response {
    let galley = laid_out(ui, paragraph(&[(text, Type::Body, tokens.muted)]), ui.available_width() - 28.0);
    let size = vec2(galley.size().x + 28.0, galley.size().y + 4.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(open));
    if response.hovered() {
        ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), CornerRadius::same(CORNER), tokens.hover);
    }
    shapes::chevron(ui.painter(), pos2(rect.left() + 10.0, rect.center().y), 9.0, open, tokens.muted);
    ui.painter().galley(pos2(rect.left() + 28.0, rect.top() + 2.0), galley, tokens.muted);
    focus_ring(ui, &response, tokens, CORNER);
    response
}
