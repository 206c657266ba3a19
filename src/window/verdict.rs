//! Does it work: the verdict, and the one button to press.

use std::sync::Arc;

use authlight_core::report::Light;
use authlight_engine::state::{Action, JobKind, State, TestOffer};
use eframe::egui::{Align, Frame, Galley, Layout, Margin, Sense, Stroke, Ui, vec2};

use super::tokens::{BUTTON_HEIGHT, Type};
use super::widgets::{Weight, button, laid_out, name_heading, paragraph};
use super::{View, shapes, wording};

const LIGHT_SIZE: f32 = 48.0;
/// The same where there is little room.
const SMALL_LIGHT_SIZE: f32 = 32.0;
const BUTTON_WIDTH: f32 = 164.0;
const GAP: f32 = 22.0;

/// Whether nothing is left to press but "Check again": something is to be done elsewhere first.
pub fn asks_to_check_again(state: &State) -> bool {
    let light = state.whole_report().map(|report| report.verdict.light);
    matches!(light, Some(Light::Red | Light::Amber)) || (light == Some(Light::Grey) && !state.waits_for_test())
}

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = view.tokens;
    let light = view.state.whole_report().map_or(Light::Grey, |report| report.verdict.light);
    let margin = Margin { left: 24, right: 24, top: 18, bottom: 18 };
    let band = Frame::new().fill(tokens.band(light)).inner_margin(margin).show(ui, |ui| {
        ui.take_available_width();
        ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
        let width = ui.available_width();
        let beside = width >= 640.0;
        let light_size = if beside { LIGHT_SIZE } else { SMALL_LIGHT_SIZE };
        let text_width = width - light_size - GAP - if beside { BUTTON_WIDTH + GAP } else { 0.0 };
        let (headline, line) = words(ui, view, light, text_width);
        let text_height = headline.size().y + 2.0 + line.size().y;
        let count = if beside { button_count(view) } else { 0 };
        let buttons_height = BUTTON_HEIGHT * f32::from(count) + 8.0 * f32::from(count.saturating_sub(1));
        // The band keeps its height when the buttons come.
        let least = if beside { 2.0 * BUTTON_HEIGHT + 8.0 } else { light_size };
        let height = text_height.max(least);
        ui.horizontal_top(|ui| {
            let centred = |ui: &mut Ui, own: f32| ui.add_space(((height - own) / 2.0).round());
            let (place, _) = ui.allocate_exact_size(vec2(light_size, height), Sense::hover());
            let middle = if beside { place.center() } else { place.center_top() + vec2(0.0, light_size / 2.0) };
            shapes::light(ui.painter(), middle, light_size, light, tokens.light(light));
            ui.allocate_ui_with_layout(vec2(text_width, height), Layout::top_down(Align::Min), |ui| {
                ui.set_width(text_width);
                ui.spacing_mut().item_spacing.y = 0.0;
                centred(ui, text_height);
                let text = headline.text().to_owned();
                let response = ui.label(headline);
                name_heading(ui, &response, &text, 2);
                ui.add_space(2.0);
                ui.label(line);
            });
            if beside {
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    centred(ui, buttons_height);
                    ui.spacing_mut().item_spacing.y = 8.0;
                    buttons(ui, view);
                });
            }
        });
        if !beside {
            ui.add_space(8.0);
            ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
            ui.horizontal_wrapped(|ui| buttons(ui, view));
        }
    });
    let rect = band.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line));
}

/// The headline, and the line below it.
fn words(ui: &Ui, view: &View<'_>, light: Light, width: f32) -> (Arc<Galley>, Arc<Galley>) {
    let tokens = &view.tokens;
    let headline = |text: &str| laid_out(ui, paragraph(&[(text, Type::Verdict, tokens.ink)]), width);
    let Some(report) = view.state.whole_report() else {
        let line = paragraph(&[(&view.text("looking-line"), Type::Body, tokens.muted)]);
        return (headline(&view.text("looking-headline")), laid_out(ui, line, width));
    };
    let looking = view.state.is_looking();
    let word = match (view.state.is_running(JobKind::Test), looking) {
        (true, _) => view.text("testing-line"),
        (_, true) => view.text("looking"),
        _ => sentence(&wording::verdict_word(view.words, report)),
    };
    let word = format!("{word} ");
    let route = wording::route(view.words, report);
    let ink = if looking { tokens.muted } else { tokens.light(light) };
    let line = paragraph(&[(&word, Type::Strong, ink), (&route, Type::Body, tokens.muted)]);
    (headline(report.verdict.headline.text()), laid_out(ui, line, width))
}

fn button_count(view: &View<'_>) -> u8 {
    let test = view.state.is_running(JobKind::Test) || view.state.test_offer().is_some();
    if view.state.whole_report().is_none() { 0 } else { 1 + u8::from(test) }
}

/// With a full stop, if it has none.
fn sentence(word: &str) -> String {
    if word.ends_with(['.', '…']) { word.to_owned() } else { format!("{word}.") }
}

fn buttons(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = view.tokens;
    let Some(report) = view.state.whole_report() else { return };
    let blue = report.verdict.light == Light::Blue;
    if view.state.is_running(JobKind::Test) {
        if button(ui, &tokens, &view.text("test-stop"), Weight::Secondary, BUTTON_WIDTH).clicked() {
            view.act(Action::StopTest);
        }
    } else if let Some(offer) = view.state.test_offer() {
        let text = match offer {
            TestOffer::Key => view.text("test-key"),
            TestOffer::Connection => view.text("test-connection"),
        };
        let weight = if view.state.waits_for_test() { Weight::Primary } else { Weight::Secondary };
        if button(ui, &tokens, &text, weight, BUTTON_WIDTH).clicked() {
            view.act(Action::Test);
        }
    }
    let weight = if blue { Weight::Primary } else { Weight::Secondary };
    if button(ui, &tokens, &view.text("copy-for-helpdesk"), weight, BUTTON_WIDTH).clicked() {
        view.act(Action::CopyForHelpdesk);
    }
}
