//! Who told what stands in the environment that is examined; and whether the person's shell may be asked.

use authlight_core::report::{Context, ToldBy};
use authlight_engine::state::Action;
use eframe::egui::{Ui, vec2};

use super::View;
use super::tokens::Type;
use super::widgets::{link, rich};

/// Of a new terminal: its shell, or its files. What is run stands there.
pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let Some(report) = view.state.report.clone() else { return };
    let (Context::NewTerminal, Some(command)) = (report.run.context, &report.run.shell_command) else { return };
    let asked = report.contexts.first().is_some_and(|here| here.told_by == ToldBy::Shell);
    let (text, offer) = match (asked, view.state.files_only) {
        (true, _) => ("told-by-shell", Some(("told-by-files-offer", false))),
        (false, true) => ("told-by-files", Some(("told-by-shell-offer", true))),
        (false, false) if view.state.is_looking() => ("told-by-asking", Some(("told-by-files-offer", false))),
        (false, false) => ("told-by-nobody", None),
    };
    let args = [("command", command.as_str().into())];
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        ui.label(rich(view.text_with(text, &args), Type::Small, view.tokens.muted));
        if let Some((offer, ask)) = offer
            && link(ui, &view.tokens, &view.text_with(offer, &args)).clicked()
        {
            view.act(Action::AskShell(ask));
        }
    });
}
