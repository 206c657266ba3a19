//! Which folder, seen by whom, and "Check again".

use std::path::Path;

use authlight_engine::state::Action;
use eframe::egui::style::WidgetVisuals;
use eframe::egui::{Color32, ComboBox, Frame, Margin, Rect, Response, Stroke, Ui, vec2};

use super::tokens::Type;
use super::widgets::{Weight, button, heading, rich, width_of};
use super::{View, WIDE, shapes, verdict, wording};

/// Widths of the two choosers, in points.
const FOLDER_WIDTH: f32 = 180.0;
const CONTEXT_WIDTH: f32 = 150.0;
/// Space between parts, in points.
const GAP: f32 = 12.0;
/// As many folders as a person looks through; the rest is found with "Choose folder…".
const FOLDERS_SHOWN: usize = 30;

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = view.tokens;
    let bar = Frame::new().inner_margin(Margin::symmetric(20, 10)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 8.0);
        ui.take_available_width();
        let names = [view.text("folder"), view.text("as-seen-by")];
        let choosers = [
            width_of(ui, &names[0], Type::Body) + GAP + FOLDER_WIDTH,
            width_of(ui, &names[1], Type::Body) + GAP + CONTEXT_WIDTH,
        ];
        let again = width_of(ui, &view.text("check-again"), Type::Button) + 30.0;
        let both = choosers[0] + GAP + choosers[1];
        let push = |ui: &mut Ui, taken: f32| {
            let space = ui.available_width() - taken;
            ui.add_space(space.max(0.0));
        };
        if ui.available_width() + 40.0 >= WIDE {
            ui.horizontal(|ui| {
                title(ui, view);
                push(ui, both + GAP + again);
                chooser(ui, view, &names[0], folders);
                chooser(ui, view, &names[1], contexts);
                check_again(ui, view);
            });
            return;
        }
        ui.horizontal(|ui| {
            title(ui, view);
            push(ui, again);
            check_again(ui, view);
        });
        if ui.available_width() >= both {
            ui.horizontal(|ui| {
                chooser(ui, view, &names[0], folders);
                chooser(ui, view, &names[1], contexts);
            });
        } else {
            ui.horizontal(|ui| chooser(ui, view, &names[0], folders));
            ui.horizontal(|ui| chooser(ui, view, &names[1], contexts));
        }
    });
    let rect = bar.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line));
}

fn title(ui: &mut Ui, view: &View<'_>) {
    heading(ui, &view.text("window-title"), Type::Strong, view.tokens.ink, 1);
}

fn check_again(ui: &mut Ui, view: &mut View<'_>) {
    let weight = if verdict::asks_to_check_again(view.state) { Weight::Primary } else { Weight::Secondary };
    if button(ui, &view.tokens, &view.text("check-again"), weight, 0.0).clicked() {
        view.act(Action::CheckAgain);
    }
}

fn chooser(ui: &mut Ui, view: &mut View<'_>, name: &str, choices: fn(&mut Ui, &mut View<'_>) -> Response) {
    let label = ui.label(rich(name, Type::Body, view.tokens.muted));
    let _named = choices(ui, view).labelled_by(label.id);
}

/// The quiet angle of a chooser.
fn angle(muted: Color32) -> impl FnOnce(&Ui, Rect, &WidgetVisuals, bool) + 'static {
    move |ui, place, _, _| shapes::chevron(ui.painter(), place.center(), 9.0, true, muted)
}

fn folders(ui: &mut Ui, view: &mut View<'_>) -> Response {
    let chosen = view.state.project.clone();
    let name = |path: &Path| {
        let known = view.state.projects.iter().find(|known| known.path == path);
        known.map_or_else(|| path.display().to_string(), |known| known.name.clone())
    };
    let none = view.text("folder-none");
    let shown = match (&chosen, view.state.report.as_deref().and_then(|report| report.run.project.clone())) {
        (None, _) => none.clone(),
        // The engine knows how the examined folder is written.
        (Some(_), Some(examined)) if !view.state.is_outdated() => examined,
        (Some(path), _) => name(path),
    };
    let mut action = None;
    let response = ComboBox::from_id_salt("folder")
        .width(FOLDER_WIDTH)
        .truncate()
        .icon(angle(view.tokens.muted))
        .selected_text(rich(shown, Type::Body, view.tokens.ink))
        .show_ui(ui, |ui| {
            for known in view.state.projects.iter().take(FOLDERS_SHOWN) {
                if ui.selectable_label(chosen.as_ref() == Some(&known.path), &known.name).clicked() {
                    action = Some(Action::ChooseProject(Some(known.path.clone())));
                }
            }
            if ui.selectable_label(chosen.is_none(), none).clicked() {
                action = Some(Action::ChooseProject(None));
            }
            if ui.selectable_label(false, view.text("folder-choose")).clicked() {
                action = Some(Action::OpenFolderDialog);
            }
        })
        .response;
    view.actions.extend(action);
    response
}

fn contexts(ui: &mut Ui, view: &mut View<'_>) -> Response {
    let name = |context| view.text(wording::context(context));
    let mut action = None;
    let response = ComboBox::from_id_salt("context")
        .width(CONTEXT_WIDTH)
        .truncate()
        .icon(angle(view.tokens.muted))
        .selected_text(rich(name(view.state.context), Type::Body, view.tokens.ink))
        .show_ui(ui, |ui| {
            for context in view.state.contexts.clone() {
                if ui.selectable_label(view.state.context == context, name(context)).clicked() {
                    action = Some(Action::ChooseContext(context));
                }
            }
        })
        .response;
    view.actions.extend(action);
    response
}
