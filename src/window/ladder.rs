//! Who signs in, and who lost: every credential, the winners first; each row opens its evidence.

use authlight_core::report::{Rung, State as RungState};
use authlight_engine::state::Action;
use eframe::egui::{CornerRadius, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::tokens::{CORNER, Type};
use super::widgets::{card, chips_and_remarks, focus_ring, heading, laid_out, paint_pill, paragraph, pill_width, rich};
use super::{View, shapes, told_by, what_if, wording};

/// Where the columns begin, in points from the row's left edge; the last two are shares of what is left.
const ARROW: f32 = 34.0;
const NAMES: f32 = 170.0;
const STATES: f32 = 200.0;
/// Below this width, in points, the source stands under the name.
const NARROW: f32 = 520.0;
const PADDING: f32 = 4.0;

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let Some(report) = view.state.report.clone() else { return };
    let tokens = view.tokens;
    card(ui, &tokens, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        heading(ui, &view.text("ladder"), Type::Title, tokens.ink, 2);
        ui.add_space(4.0);
        told_by::show(ui, view);
        if report.ladder.is_empty() {
            ui.label(rich(view.text("ladder-empty"), Type::Body, tokens.muted));
        }
        for rung in &report.ladder {
            row(ui, view, rung);
            for also in &rung.also_in {
                let (place, state) = wording::also_in(view.words, also);
                let cells =
                    Cells { name: view.text("ladder-also"), indent: 14.0, place, pill: None, state, ink: tokens.muted };
                lay(ui, view, &cells, Type::Body, None);
            }
            if view.state.open_rungs.contains(&rung.instance) {
                evidence(ui, view, rung);
                what_if::of_rung(ui, view, rung, ARROW);
            }
        }
    });
}

/// What stands in one row.
struct Cells {
    name: String,
    indent: f32,
    place: String,
    pill: Option<String>,
    state: String,
    ink: eframe::egui::Color32,
}

fn row(ui: &mut Ui, view: &mut View<'_>, rung: &Rung) {
    let tokens = view.tokens;
    let wins = rung.state == RungState::Wins;
    let quiet = rung.state == RungState::Absent;
    let headers: Vec<_> = rung.headers.iter().map(|header| header.word()).collect();
    let place = match &rung.source {
        Some(source) => wording::place(view.words, source),
        None => view.text("ladder-not-set"),
    };
    let cells = Cells {
        name: wording::credential(view.words, rung.kind),
        indent: 0.0,
        place,
        pill: (!headers.is_empty()).then(|| headers.join(", ")),
        state: wording::rung_state(view.words, rung),
        ink: if quiet { tokens.muted } else { tokens.ink },
    };
    let kind = if wins { Type::Strong } else { Type::Body };
    if lay(ui, view, &cells, kind, Some((rung, wins))) {
        view.act(Action::ToggleRung(rung.instance.clone()));
    }
}

/// Lays one row out; with a rung it can be pressed. Gives back whether it was.
fn lay(ui: &mut Ui, view: &View<'_>, cells: &Cells, kind: Type, rung: Option<(&Rung, bool)>) -> bool {
    let tokens = &view.tokens;
    let width = ui.available_width();
    let narrow = width < NARROW;
    let wins = rung.is_some_and(|(_, wins)| wins);
    let state_ink = if wins { tokens.ink } else { tokens.muted };

    let name_width = if narrow { (width - ARROW) * 0.55 } else { NAMES } - cells.indent;
    let state_width = if narrow { (width - ARROW) * 0.45 - 18.0 } else { STATES - 18.0 };
    let pill_width = cells.pill.as_deref().map_or(0.0, |pill| pill_width(ui, pill) + 8.0);
    let place_width = if narrow { width - ARROW - cells.indent - 18.0 } else { width - ARROW - NAMES - STATES - 12.0 };

    let name = laid_out(ui, paragraph(&[(&cells.name, kind, cells.ink)]), name_width - 8.0);
    let state = laid_out(ui, paragraph(&[(&cells.state, kind, state_ink)]), state_width);
    let place = laid_out(
        ui,
        paragraph(&[(&cells.place, Type::Body, if wins { tokens.ink } else { tokens.muted })]),
        place_width,
    );
    // The pill goes to the right of the place, or below it where there is no room.
    let pill_below = pill_width > 0.0 && place.size().x + pill_width > place_width;
    let place_height = place.size().y + if pill_below { 22.0 } else { 0.0 };
    let first = name.size().y.max(state.size().y);
    let height = if narrow { first + place_height } else { first.max(place_height) } + 2.0 * PADDING;

    let sense = if rung.is_some() { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
    let text = format!("{}, {}, {}", cells.name, cells.place, cells.state);
    let open = rung.is_some_and(|(rung, _)| view.state.open_rungs.contains(&rung.instance));
    match rung {
        Some(_) => {
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(open));
        }
        None => response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text)),
    }

    if rung.is_some() && response.hovered() {
        ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), CornerRadius::same(CORNER), tokens.hover);
    }
    focus_ring(ui, &response, tokens, CORNER);
    let top = rect.top() + PADDING;
    let middle = top + kind.line_height() / 2.0;
    if wins {
        shapes::arrow(ui.painter(), pos2(rect.left() + 9.0, middle), 15.0, tokens.accent);
    }
    if rung.is_some() {
        let middle = pos2(rect.right() - 6.0, middle);
        shapes::chevron(ui.painter(), middle, 9.0, open, tokens.muted);
    }
    ui.painter().galley(pos2(rect.left() + ARROW + cells.indent, top), name, cells.ink);
    let state_left = rect.right() - 18.0 - state_width;
    ui.painter().galley(pos2(state_left, top), state, state_ink);
    let place_at = if narrow {
        pos2(rect.left() + ARROW + cells.indent, top + first)
    } else {
        pos2(rect.left() + ARROW + NAMES, top)
    };
    if let Some(pill) = &cells.pill {
        let (left, middle) = if pill_below {
            (place_at.x, place_at.y + place.size().y + 12.0)
        } else {
            (place_at.x + place.size().x + 8.0, place_at.y + 10.0)
        };
        paint_pill(ui, tokens, pill, left, middle);
    }
    ui.painter().galley(place_at, place, tokens.muted);
    response.clicked()
}

fn evidence(ui: &mut Ui, view: &View<'_>, rung: &Rung) {
    let tokens = &view.tokens;
    let said = |ui: &mut Ui, text: &str| {
        ui.label(rich(text, Type::Body, tokens.ink));
    };
    let line = |ui: &mut Ui, key: &'static str, contents: &dyn Fn(&mut Ui)| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(ARROW);
            let (place, _) = ui.allocate_exact_size(vec2(92.0, 20.0), Sense::hover());
            let label = laid_out(ui, paragraph(&[(&view.text(key), Type::Small, tokens.muted)]), 92.0);
            ui.painter().galley(pos2(place.left(), place.top() + 1.0), label, tokens.muted);
            ui.vertical(contents);
        });
        ui.add_space(2.0);
    };
    ui.add_space(2.0);
    line(ui, "ladder-why", &|ui| said(ui, rung.why.text()));
    if let Some(source) = &rung.source {
        let name = source.name.as_deref().or(rung.name.as_deref());
        let chips: Vec<_> = [source.path.as_deref(), name].into_iter().flatten().collect();
        line(ui, "ladder-place", &|ui| {
            chips_and_remarks(ui, tokens, &chips, &wording::place_remarks(view.words, source))
        });
    }
    if let Some(masked) = &rung.masked {
        line(ui, "ladder-ending", &|ui| chips_and_remarks(ui, tokens, &[masked], ""));
    }
    if let Some(expires) = &rung.expires {
        line(ui, "ladder-expires", &|ui| said(ui, &wording::moment(view.words, expires)));
    }
    if let Some(rule) = &rung.evidence {
        line(ui, "ladder-rule", &|ui| said(ui, rule));
    }
    ui.add_space(6.0);
}
