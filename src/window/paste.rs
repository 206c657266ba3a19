//! The box for an error message, and what the message means.

use authlight_engine::state::{Action, JobKind};
use eframe::egui::{Id, TextEdit, Ui, vec2};

use super::tokens::Type;
use super::widgets::{Weight, button, card, heading, link, rich};
use super::{View, wording};

pub fn show_button(ui: &mut Ui, view: &mut View<'_>) {
    if view.state.paste.is_some() {
        return;
    }
    ui.horizontal(|ui| {
        ui.add_space(14.0);
        if button(ui, &view.tokens, &view.text("paste-open"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::TogglePaste);
        }
    });
}

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let id = Id::unique("paste");
    let Some(paste) = &view.state.paste else {
        // What was typed may hold a key: it goes, and its undo history with it.
        ui.ctx().data_mut(|data| data.remove::<eframe::egui::text_edit::TextEditState>(id));
        return;
    };
    let tokens = view.tokens;
    let mut text = paste.text.clone();
    let mut actions = Vec::new();
    card(ui, &tokens, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        heading(ui, &view.text("paste-title"), Type::Title, tokens.ink, 2);
        let label = ui.label(rich(view.text("paste-label"), Type::Small, tokens.muted));
        let is_new = ui.ctx().data(|data| data.get_temp::<eframe::egui::text_edit::TextEditState>(id)).is_none();
        let field = ui
            .scope(|ui| {
                ui.visuals_mut().widgets.inactive.bg_stroke.color = tokens.edge;
                let edit = TextEdit::multiline(&mut text).id(id).desired_rows(3).desired_width(f32::INFINITY);
                ui.add(edit.margin(vec2(10.0, 8.0)).font(Type::Code.font()))
            })
            .inner
            .labelled_by(label.id);
        if is_new {
            field.request_focus();
        }
        if field.changed() {
            actions.push(Action::PasteTyped(text.clone()));
        }
        ui.horizontal_wrapped(|ui| {
            if button(ui, &tokens, &view.text("paste-explain"), Weight::Secondary, 0.0).clicked() {
                actions.push(Action::Explain);
            }
            if button(ui, &tokens, &view.text("paste-close"), Weight::Secondary, 0.0).clicked() {
                actions.push(Action::TogglePaste);
            }
        });
        if view.state.is_running(JobKind::Explain) {
            ui.label(rich(view.text("paste-reading"), Type::Body, tokens.muted));
        }
        let Some(explanation) = &paste.explanation else { return };
        ui.label(rich(&explanation.headline, Type::Strong, tokens.ink));
        for meaning in &explanation.meanings {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add_space(4.0);
            ui.label(rich(&meaning.when, Type::Body, tokens.muted));
            ui.label(rich(&meaning.to_do, Type::Body, tokens.ink));
            if let Some(cause) = meaning.cause {
                let name = wording::cause_name(view.words, cause);
                let text = view.text_with("paste-show", &[("cause", name.into())]);
                if link(ui, &tokens, &text).clicked() {
                    actions.push(Action::ChooseCause(cause));
                }
            }
        }
    });
    view.actions.append(&mut actions);
}
