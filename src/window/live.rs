//! The live test: its stages as they pass, and what was sent.

use authlight_core::report::Outcome;
use authlight_engine::state::{Action, Consent, JobKind};
use eframe::egui::{Sense, Ui, vec2};

use super::tokens::Type;
use super::widgets::{Weight, button, card, heading, paragraph, rich};
use super::{View, shapes, wording};

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let Some(report) = view.state.report.clone() else { return };
    let tokens = view.tokens;
    let tokens = &tokens;
    card(ui, tokens, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        heading(ui, &view.text("live"), Type::Title, tokens.ink, 2);
        for row in &report.live.stages {
            ui.horizontal_top(|ui| {
                let light = wording::status_light(row.status);
                let (place, _) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
                shapes::light(ui.painter(), place.center(), 16.0, light, tokens.light(light));
                let stage = format!("{}  ", view.words.text(format!("stage-{}", row.stage.word())));
                let word = format!("{}. ", wording::status_word(view.words, row.status));
                ui.vertical(|ui| {
                    ui.label(paragraph(&[
                        (&stage, Type::Strong, tokens.ink),
                        (&word, Type::Body, tokens.light(light)),
                        (row.text.text(), Type::Body, tokens.ink),
                    ]));
                });
            });
        }
        if view.state.is_running(JobKind::Test) {
            let line = match view.state.running_stage() {
                Some(stage) => {
                    let stage = view.words.text(format!("stage-{}", stage.word()));
                    view.text_with("testing-stage", &[("stage", stage.into())])
                }
                None => view.text("testing-line"),
            };
            ui.label(rich(line, Type::Body, tokens.muted));
        } else if report.live.outcome != Outcome::NotTested {
            let outcome = view.words.text(format!("outcome-{}", report.live.outcome.word()));
            ui.label(rich(outcome, Type::Button, tokens.ink));
        }
        if let Some(message) = &report.live.claude_says {
            let text = view.text_with("live-says", &[("message", message.as_str().into())]);
            ui.label(rich(text, Type::Body, tokens.ink));
        }
        for reached in &report.live.reached {
            let text = view.text_with(
                "live-reached",
                &[("origin", reached.origin.as_str().into()), ("text", reached.text.text().into())],
            );
            let word = format!("{}. ", wording::status_word(view.words, reached.status));
            let light = wording::status_light(reached.status);
            ui.label(paragraph(&[(&word, Type::Body, tokens.light(light)), (&text, Type::Body, tokens.ink)]));
        }
        if let Some(service) = &report.live.service {
            ui.label(rich(service.text.text(), Type::Body, tokens.ink));
        }
        for sent in &report.live.sent {
            let key = if sent.headers.is_empty() { "live-sent" } else { "live-sent-with" };
            let text = view.text_with(
                key,
                &[
                    ("method", sent.method.as_str().into()),
                    ("target", sent.target().into()),
                    ("headers", sent.headers.join(", ").into()),
                ],
            );
            ui.label(rich(text, Type::Code, tokens.muted));
        }
        for consent in view.state.further_tests() {
            let name = match consent {
                Consent::OneToken => "further-one-token",
                Consent::OtherHeader => "further-other-header",
                Consent::ServiceStatus => "further-service-status",
                Consent::OwnClaude { .. } => "further-own-claude",
                Consent::ProjectEndpoint { .. } | Consent::PlainHttp { .. } | Consent::RunHelper { .. } => continue,
            };
            if button(ui, tokens, &view.text(name), Weight::Secondary, 0.0).clicked() {
                view.act(Action::TestFurther(consent));
            }
        }
    });
}
