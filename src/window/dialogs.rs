//! Questions that come before something is done: a folder, and consent to the test.

use authlight_engine::state::{Action, Consent, FolderDialog};
use eframe::egui::{Context, Frame, Id, Key, Margin, Modal, Stroke, TextEdit, Ui, vec2};

use super::tokens::{CARD_CORNER, Type};
use super::widgets::{Weight, button, heading, rich};
use super::{View, repair, walkthrough};

pub fn show(ctx: &Context, view: &mut View<'_>) {
    let state = view.state;
    let open = state.consent_question.is_some()
        || state.repairing.is_some()
        || state.changes.is_some()
        || state.walkthrough.is_some()
        || state.folder_dialog.is_some();
    remember_the_keyboard(ctx, open);
    if let Some(consents) = view.state.consent_question.clone() {
        modal(ctx, view, "consent", |ui, view| consent(ui, view, &consents));
    } else if let Some(open) = view.state.repairing.clone() {
        wide_modal(ctx, view, "repair", |ui, view| repair::show(ui, view, &open));
    } else if let Some(changes) = view.state.changes.clone() {
        wide_modal(ctx, view, "changes", |ui, view| repair::changes(ui, view, &changes));
    } else if let Some(open) = view.state.walkthrough.clone() {
        let name = view.words.text(format!("walk-{}", open.kind().word()));
        named_modal(ctx, view, "walkthrough", 680.0, Some(name), |ui, view| walkthrough::show(ui, view, &open));
    } else if let Some(dialog) = view.state.folder_dialog.clone() {
        modal(ctx, view, "folder-dialog", |ui, view| folder(ui, view, &dialog));
    }
}

/// When the last dialog closes, the keyboard goes back to where it was before the first opened.
fn remember_the_keyboard(ctx: &Context, open: bool) {
    let id = Id::unique("keyboard before the dialog");
    let before = ctx.data(|data| data.get_temp::<Option<Id>>(id));
    match (open, before) {
        (true, None) => {
            let named = ctx.data_mut(|data| data.remove_temp::<Option<Id>>(opener())).flatten();
            let had = named.or_else(|| ctx.memory(|memory| memory.focused()));
            ctx.data_mut(|data| data.insert_temp(id, had));
        }
        (false, Some(had)) => {
            ctx.data_mut(|data| data.remove::<Option<Id>>(id));
            if let Some(had) = had {
                ctx.memory_mut(|memory| memory.request_focus(had));
                ctx.request_repaint();
            }
        }
        _ => {}
    }
}

/// Where it is kept what a dialog is about to be opened by.
fn opener() -> Id {
    Id::unique("what the dialog is opened by")
}

/// Says where the keyboard goes back to when the dialog closes that is about to open: not to what has it now.
pub fn keyboard_comes_from(ui: &Ui, id: Id) {
    ui.ctx().data_mut(|data| data.insert_temp(opener(), Some(id)));
}

fn modal(ctx: &Context, view: &mut View<'_>, name: &str, contents: impl FnOnce(&mut Ui, &mut View<'_>)) {
    modal_of(ctx, view, name, 460.0, contents);
}

/// One with room for file names and lines.
fn wide_modal(ctx: &Context, view: &mut View<'_>, name: &str, contents: impl FnOnce(&mut Ui, &mut View<'_>)) {
    modal_of(ctx, view, name, 680.0, contents);
}

/// A dialog of at most this width, in points.
fn modal_of(
    ctx: &Context,
    view: &mut View<'_>,
    name: &str,
    widest: f32,
    contents: impl FnOnce(&mut Ui, &mut View<'_>),
) {
    named_modal(ctx, view, name, widest, None, contents);
}

/// One that a screen reader says the name of.
fn named_modal(
    ctx: &Context,
    view: &mut View<'_>,
    name: &str,
    widest: f32,
    said: Option<String>,
    contents: impl FnOnce(&mut Ui, &mut View<'_>),
) {
    let tokens = view.tokens;
    let frame = Frame::new()
        .fill(tokens.card)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin::same(22))
        .outer_margin(Margin::same(8));
    let width = (ctx.content_rect().width() - 80.0).clamp(160.0, widest);
    let area = Modal::default_area(Id::unique(name));
    let area = if let Some(said) = said { area.accessible_name(said) } else { area };
    Modal::new(Id::unique(name)).area(area).frame(frame).backdrop_color(tokens.veil).show(ctx, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(12.0, 10.0);
        contents(ui, view);
    });
}

/// What is asked before something is sent or run. None: no question is asked about it.
pub fn consent_question(view: &View<'_>, consent: &Consent) -> Option<String> {
    Some(match consent {
        Consent::ProjectEndpoint { host } => view.text_with("consent-project", &[("host", host.as_str().into())]),
        Consent::PlainHttp { host } => view.text_with("consent-http", &[("host", host.as_str().into())]),
        Consent::RunHelper { command, named_in } => {
            let args = [("command", command.as_str().into()), ("named_in", named_in.as_str().into())];
            view.text_with(if named_in.is_empty() { "consent-tool" } else { "consent-helper" }, &args)
        }
        Consent::OwnClaude { folder } => view.text_with("consent-own-claude", &[("folder", folder.as_str().into())]),
        Consent::OneToken => view.text("consent-one-token"),
        // Nothing of the person's goes there.
        Consent::ServiceStatus => return None,
        Consent::OtherHeader => view.text("consent-other-header"),
    })
}

fn consent(ui: &mut Ui, view: &mut View<'_>, consents: &[Consent]) {
    let tokens = view.tokens;
    heading(ui, &view.text("consent-title"), Type::Title, tokens.ink, 2);
    for question in consents.iter().filter_map(|consent| consent_question(view, consent)) {
        ui.label(rich(question, Type::Body, tokens.ink));
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        // The safe answer is the first and has the keyboard.
        let no = button(ui, &tokens, &view.text("consent-no"), Weight::Primary, 0.0);
        take_focus_once(ui, &no, "consent");
        if no.clicked() {
            view.act(Action::AnswerConsent(false));
        }
        if button(ui, &tokens, &view.text("consent-yes"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::AnswerConsent(true));
        }
    });
}

fn folder(ui: &mut Ui, view: &mut View<'_>, dialog: &FolderDialog) {
    let tokens = view.tokens;
    heading(ui, &view.text("folder-title"), Type::Title, tokens.ink, 2);
    let label = ui.label(rich(view.text("folder-path"), Type::Small, tokens.muted));
    let mut path = dialog.path.clone();
    let field = ui
        .scope(|ui| {
            ui.visuals_mut().widgets.inactive.bg_stroke.color = tokens.edge;
            ui.add(TextEdit::singleline(&mut path).margin(vec2(10.0, 7.0)).desired_width(f32::INFINITY))
        })
        .inner
        .labelled_by(label.id);
    take_focus_once(ui, &field, "folder-dialog");
    if field.changed() {
        view.act(Action::FolderTyped(path));
    }
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        view.act(Action::UseTypedFolder);
    }
    if dialog.nothing_chosen {
        ui.label(rich(view.text("folder-nothing"), Type::Small, tokens.muted));
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        if button(ui, &tokens, &view.text("folder-use"), Weight::Primary, 0.0).clicked() {
            view.act(Action::UseTypedFolder);
        }
        if button(ui, &tokens, &view.text("folder-browse"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::BrowseFolder);
        }
        if button(ui, &tokens, &view.text("folder-cancel"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::Escape);
        }
    });
}

/// Gives the keyboard to a part of a dialog when the dialog opens: the last frame did not have it.
pub fn take_focus_once(ui: &Ui, response: &eframe::egui::Response, name: &str) {
    if is_new(ui, name) {
        response.request_focus();
    }
}

/// Whether what has this name was not there in the last frame. Asked once a frame.
pub fn is_new(ui: &Ui, name: &str) -> bool {
    let id = Id::unique(("opened", name));
    let pass = ui.ctx().cumulative_pass_nr();
    let last = ui.ctx().data(|data| data.get_temp::<u64>(id));
    ui.ctx().data_mut(|data| data.insert_temp(id, pass));
    last.is_none_or(|last| last + 1 < pass)
}
