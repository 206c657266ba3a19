//! What would be without this: behind each credential on the ladder, each other place of it, and each finding that names
//! one. Nothing is changed.

use authlight_core::report::{Finding, Instance, Rung};
use authlight_engine::state::{Action, AskedAt};
use eframe::egui::accesskit::Live;
use eframe::egui::{Id, Ui};

use super::tokens::Type;
use super::widgets::{disclosure, rich};
use super::{View, wording};

/// Of a credential, and of each other place of it. The text begins `indent` points from the left.
pub fn of_rung(ui: &mut Ui, view: &mut View<'_>, rung: &Rung, indent: f32) {
    if rung.source.is_some() {
        let text = view.text("what-if-open");
        offer(ui, view, AskedAt::Ladder, &rung.instance, &text, indent);
    }
    let name = rung.name.as_deref().unwrap_or_default();
    let mut told = vec![rung.instance.clone()];
    for also in &rung.also_in {
        let instance = Instance::of(&also.source, name);
        // Of one name all places are left out together.
        if told.contains(&instance) {
            continue;
        }
        let place = wording::place(view.words, &also.source);
        let text = view.text_with("what-if-open-other", &[("place", place.into())]);
        offer(ui, view, AskedAt::Ladder, &instance, &text, indent);
        told.push(instance);
    }
    ui.add_space(6.0);
}

/// Of what a finding is about, where that stands somewhere.
pub fn of_finding(ui: &mut Ui, view: &mut View<'_>, finding: &Finding) {
    // A finding that is about no place is named after its check.
    if finding.evidence.is_empty() || finding.instance.0 == finding.id {
        return;
    }
    let text = view.text("what-if-open");
    offer(ui, view, AskedAt::Finding, &finding.instance, &text, 0.0);
}

fn offer(ui: &mut Ui, view: &mut View<'_>, asked_at: AskedAt, instance: &Instance, text: &str, indent: f32) {
    let tokens = view.tokens;
    let is_this = |open: &&authlight_engine::state::WhatIf| open.asked_at == asked_at && open.instance == *instance;
    let open = view.state.what_if.as_ref().filter(is_this);
    let seen = Id::unique(("what if", asked_at == AskedAt::Finding, &instance.0));
    if open.is_none() {
        ui.ctx().data_mut(|data| data.remove::<bool>(seen));
    }
    let mut clicked = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(indent);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            clicked = disclosure(ui, &tokens, text, open.is_some()).clicked();
            let Some(open) = open else { return };
            // Under the text, not under the arrow before it.
            ui.horizontal_top(|ui| {
                ui.add_space(28.0);
                ui.vertical(|ui| {
                    let Some(answer) = &open.answer else {
                        ui.label(rich(view.text("what-if-looking"), Type::Body, tokens.muted));
                        return;
                    };
                    for sentence in answer {
                        let line = ui.label(rich(sentence, Type::Body, tokens.ink));
                        ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
                    }
                    let last = ui.label(rich(view.text("what-if-unchanged"), Type::Small, tokens.muted));
                    // It came where nothing was, perhaps below the edge.
                    if ui.ctx().data(|data| data.get_temp::<bool>(seen)).is_none() {
                        last.scroll_to_me(None);
                        ui.ctx().data_mut(|data| data.insert_temp(seen, true));
                    }
                });
            });
        });
    });
    if clicked {
        view.act(Action::WhatIf(asked_at, instance.clone()));
    }
}
