//! The banner that says that this is practice, as long as it is.

use eframe::egui::{Frame, Margin, Role, Stroke, Ui};

use super::View;
use super::tokens::Type;
use super::widgets::paragraph;

pub fn show(ui: &mut Ui, view: &View<'_>) {
    let Some(title) = view.practice else { return };
    let tokens = view.tokens;
    let bar = Frame::new().fill(tokens.chip).inner_margin(Margin::symmetric(20, 7)).show(ui, |ui| {
        ui.take_available_width();
        let word = view.text("practice");
        let line = view.text_with("practice-line", &[("title", title.into())]);
        let lead = format!("{word}  ");
        let text = paragraph(&[(&lead, Type::Strong, tokens.ink), (&line, Type::Body, tokens.ink)]);
        let label = ui.label(text);
        ui.ctx().accesskit_node_builder(label.id, |node| {
            node.set_role(Role::Status);
            node.set_label(format!("{word}: {line}"));
        });
    });
    let rect = bar.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line));
}
