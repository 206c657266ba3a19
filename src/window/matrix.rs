//! Where it works: folders × contexts, and what signs in. One tab stop; arrows move, Enter chooses.

use std::path::PathBuf;

use authlight_core::message::Words as _;
use authlight_core::projects::Cell;
use authlight_core::report::Light;
use authlight_engine::matrix::COLUMNS;
use authlight_engine::matrix::table::TableRow;
use authlight_engine::state::{Action, JobKind};
use eframe::egui::{
    Align, Color32, CornerRadius, EventFilter, Id, Key, Layout, Modifiers, Painter, PointerButton, Pos2, Rect, Role,
    ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::tokens::{CORNER, Type};
use super::widgets::{Weight, button, card, heading, laid_out, link, paragraph, rich};
use super::{View, shapes, wording};

/// As many rows are shown at once; the others are scrolled to.
const ROWS_SHOWN: usize = 9;
/// Heights of the line with the names of the columns and of a row, in points.
const HEAD: f32 = 24.0;
const ROW: f32 = 30.0;
/// The folders' share of the width.
const NAMES: f32 = 0.31;
/// Below this width, in points, a folder's name stands above its cells.
const NARROW: f32 = 520.0;
const SHAPE: f32 = 12.0;
/// Height of the sentence below the table and of what leads to the cell, in points.
const SENTENCE: f32 = 112.0;

/// The cell that the keyboard is at.
#[derive(Clone, Debug)]
struct At {
    /// None: nobody has gone anywhere yet, so it is the chosen one.
    folder: Option<Option<PathBuf>>,
    /// Where its row stood last.
    place: usize,
    column: usize,
    /// How far the rows are scrolled, in points.
    offset: f32,
}

/// What all parts of the table are laid out by.
#[derive(Clone, Copy)]
struct Grid {
    id: Id,
    rect: Rect,
    narrow: bool,
    chosen: usize,
    at: (usize, usize),
    /// Whether the keyboard is here.
    focused: bool,
}

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    if !view.state.table.compares() {
        return;
    }
    let tokens = view.tokens;
    card(ui, &tokens, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.horizontal(|ui| {
            heading(ui, &view.text("where"), Type::Title, tokens.ink, 2);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if link(ui, &tokens, &view.text("where-add")).clicked() {
                    view.act(Action::OpenFolderDialog);
                }
            });
        });
        ui.add_space(6.0);
        let at = grid(ui, view);
        ui.add_space(8.0);
        sentence(ui, view, at);
        more(ui, view);
    });
}

/// Shows the table. Gives back the row and column that the keyboard is at.
fn grid(ui: &mut Ui, view: &mut View<'_>) -> (usize, usize) {
    let id = Id::unique("where-it-works");
    let chosen = COLUMNS.iter().position(|column| *column == view.state.context).unwrap_or(0);
    let table = &view.state.table;
    let mut at = ui.data(|data| data.get_temp::<At>(id));
    let at = at.get_or_insert(At { folder: None, place: 0, column: chosen, offset: 0.0 });
    match &at.folder {
        Some(folder) => match table.place_of(folder.as_ref(), at.place) {
            Some(place) => at.place = place,
            // It may still come.
            None if view.state.is_running(JobKind::Table) => at.place = 0,
            None => (at.folder, at.place) = (None, 0),
        },
        None => (at.place, at.column) = (0, chosen),
    }

    let width = ui.available_width();
    let narrow = width < NARROW;
    let height = if narrow { 2.0 * ROW - 6.0 } else { ROW };
    let shown = table.len().min(ROWS_SHOWN);
    let (_, rect) = ui.allocate_space(vec2(width, HEAD + shown as f32 * height));
    let response = ui.interact(rect, id, Sense::focusable_noninteractive());
    let focused = response.has_focus();
    let moved = focused && keys(ui, view, id, at);
    if moved {
        let top = at.place as f32 * height;
        let lowest = top + height - shown as f32 * height;
        at.offset = at.offset.clamp(lowest.max(0.0), top.max(lowest));
    }

    let grid = Grid { id, rect, narrow, chosen, at: (at.place, at.column), focused };
    let name = view.text("where");
    response.widget_info(|| WidgetInfo::labeled(Role::Table, true, &name));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_active_descendant(cell_id(id, view.state.table.row(grid.at.0), grid.at.1).accesskit_id());
        node.set_row_count(view.state.table.len() + 1);
        node.set_column_count(COLUMNS.len() + 1);
    });
    if response.gained_focus() || moved {
        // With what is said below it.
        ui.scroll_to_rect(rect.with_max_y(rect.bottom() + SENTENCE), None);
    }

    let mut inside = ui.new_child(UiBuilder::new().max_rect(rect).accessibility_parent(id));
    inside.spacing_mut().item_spacing = vec2(0.0, 0.0);
    head(&mut inside, view, &grid);
    let mut area = ScrollArea::vertical().id_salt("where-rows").max_height(shown as f32 * height);
    if moved {
        area = area.vertical_scroll_offset(at.offset);
    }
    let mut gone_to = None;
    let scrolled =
        area.auto_shrink([false, true]).show_rows(&mut inside, height, view.state.table.len(), |ui, places| {
            for place in places {
                gone_to = row(ui, view, &grid, place, height).or(gone_to);
            }
        });
    at.offset = scrolled.state.clamped_offset().y;
    if let Some(column) = gone_to {
        (at.place, at.column) = column;
        ui.memory_mut(|memory| memory.request_focus(id));
        ui.ctx().request_repaint();
    }
    if moved || gone_to.is_some() {
        at.folder = view.state.table.row(at.place).map(|row| row.folder.clone());
    }
    ui.data_mut(|data| data.insert_temp(id, at.clone()));
    (at.place, at.column)
}

/// Takes the keys of the table in. Gives back whether they led to another cell.
fn keys(ui: &Ui, view: &mut View<'_>, id: Id, at: &mut At) -> bool {
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let (last, before) = (view.state.table.len().saturating_sub(1), (at.place, at.column));
    let down = pressed(Key::ArrowDown) + pressed(Key::PageDown) * ROWS_SHOWN;
    at.place = (at.place + down).saturating_sub(pressed(Key::ArrowUp) + pressed(Key::PageUp) * ROWS_SHOWN).min(last);
    at.column = (at.column + pressed(Key::ArrowRight)).saturating_sub(pressed(Key::ArrowLeft)).min(COLUMNS.len() - 1);
    if pressed(Key::Home) > 0 {
        at.place = 0;
    }
    if pressed(Key::End) > 0 {
        at.place = last;
    }
    if pressed(Key::Enter) + pressed(Key::Space) > 0 {
        choose(view, (at.place, at.column));
    }
    before != (at.place, at.column)
}

fn choose(view: &mut View<'_>, (place, column): (usize, usize)) {
    if let Some(row) = view.state.table.row(place) {
        view.act(Action::ChooseCell(row.folder.clone(), COLUMNS[column]));
    }
}

fn cell_id(table: Id, row: Option<&TableRow>, column: usize) -> Id {
    table.with((row.and_then(|row| row.folder.as_ref()), column))
}

/// Where a cell lies in its row.
fn place_of_cell(grid: &Grid, row: Rect, column: usize) -> Rect {
    let (left, top) =
        if grid.narrow { (row.left(), row.bottom() - ROW) } else { (row.left() + names(grid), row.top()) };
    let width = (row.right() - left) / COLUMNS.len() as f32;
    Rect::from_min_size(pos2(left + column as f32 * width, top), vec2(width, ROW.min(row.height())))
}

fn names(grid: &Grid) -> f32 {
    grid.rect.width() * NAMES
}

fn head(ui: &mut Ui, view: &View<'_>, grid: &Grid) {
    let tokens = &view.tokens;
    let (_, line) = ui.allocate_space(vec2(grid.rect.width(), HEAD));
    ui.painter().hline(line.x_range(), line.bottom() - 0.5, Stroke::new(1.0, tokens.line));
    for (number, column) in COLUMNS.iter().enumerate() {
        let place = place_of_cell(grid, line, number);
        let text = view.text(wording::context(*column));
        let response = ui.interact(place, grid.id.with(("column", number)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &text));
        short(ui, &text, Type::Small, tokens.muted, place.shrink2(vec2(6.0, 0.0)));
    }
}

/// A text on one line, cut off with an ellipsis where it is too long. Gives back how wide it is.
fn short(ui: &Ui, text: &str, kind: Type, ink: Color32, place: Rect) -> f32 {
    let mut job = paragraph(&[(text, kind, ink)]);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    let galley = laid_out(ui, job, place.width());
    let width = galley.size().x;
    ui.painter().galley(pos2(place.left(), place.center().y - galley.size().y / 2.0), galley, ink);
    width
}

/// Shows a row. Gives back the cell that was gone to with the pointer.
fn row(ui: &mut Ui, view: &mut View<'_>, grid: &Grid, place: usize, height: f32) -> Option<(usize, usize)> {
    let tokens = view.tokens;
    let row = view.state.table.row(place)?.clone();
    let name = if row.folder.is_some() { row.name.clone() } else { view.text("folder-none") };
    let builder = UiBuilder::new().id_salt(&row.folder).accessibility_role(Role::Row).accessibility_label(&name);
    let mut gone_to = None;
    ui.scope_builder(builder, |ui| {
        let (_, rect) = ui.allocate_space(vec2(grid.rect.width(), height));
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| node.set_row_index(place + 1));
        let label = if grid.narrow {
            rect.with_max_y(rect.bottom() - ROW + 4.0)
        } else {
            rect.with_max_x(rect.left() + names(grid))
        };
        let header = ui.interact(label, ui.unique_id().with("name"), Sense::hover());
        header.widget_info(|| WidgetInfo::labeled(Role::RowHeader, true, &name));
        let kind = if place == 0 { Type::Strong } else { Type::Body };
        short(ui, &name, kind, tokens.ink, label.shrink2(vec2(6.0, 0.0)));
        for column in 0..COLUMNS.len() {
            if cell(ui, view, grid, &row, (place, column), &name, place_of_cell(grid, rect, column)) {
                gone_to = Some((place, column));
            }
        }
    });
    gone_to
}

/// Shows a cell. Gives back whether the pointer was pressed on it.
fn cell(
    ui: &mut Ui,
    view: &mut View<'_>,
    grid: &Grid,
    row: &TableRow,
    at: (usize, usize),
    name: &str,
    rect: Rect,
) -> bool {
    let tokens = view.tokens;
    let told = row.cells.get(at.1);
    let word = word(view, told);
    let response = ui.interact(rect, cell_id(grid.id, Some(row), at.1), Sense::CLICK);
    let (is_chosen, is_here) = (at == (0, grid.chosen), at == grid.at);
    let column = view.text(wording::context(COLUMNS[at.1]));
    let said = format!("{name}, {column}: {word}. {}", remark(view, told, is_chosen));
    response.widget_info(|| WidgetInfo::labeled(Role::Cell, true, said.trim_end()));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(is_chosen);
        node.set_column_index(at.1 + 1);
    });

    let inner = rect.shrink2(vec2(1.0, 2.0));
    if is_chosen {
        ui.painter().rect_filled(inner, CornerRadius::same(CORNER), tokens.selection);
    } else if response.hovered() || is_here {
        ui.painter().rect_filled(inner, CornerRadius::same(CORNER), tokens.hover);
    }
    if is_here && grid.focused {
        let ring = Stroke::new(2.0, tokens.accent);
        ui.painter().rect_stroke(inner, CornerRadius::same(CORNER), ring, StrokeKind::Inside);
    }
    let quiet = told.is_none_or(|cell| cell.unknown || cell.signs_in.is_empty());
    let ink = if quiet && !is_chosen { tokens.muted } else { tokens.ink };
    let middle = pos2(rect.left() + 8.0 + SHAPE / 2.0, rect.center().y);
    shape(ui.painter(), middle, told, ink);
    let (differs, left) = (differs(view, told), middle.x + SHAPE / 2.0 + 6.0);
    let right = rect.right() - if differs { 24.0 } else { 4.0 };
    let kind = if is_chosen { Type::Strong } else { Type::Body };
    let width = short(ui, &word, kind, ink, Rect::from_x_y_ranges(left..=right, rect.y_range()));
    if differs {
        shapes::unequal(ui.painter(), pos2(left + width + 13.0, rect.center().y), SHAPE, tokens.look);
    }
    let pressed = response.clicked_by(PointerButton::Primary);
    // A screen reader presses without a pointer; so does Enter.
    if response.double_clicked() || (response.clicked() && !pressed) {
        choose(view, at);
    }
    pressed
}

/// Whether a difference may be claimed: of another cell than the chosen one nothing is, while it is looked at anew.
fn differs(view: &View<'_>, cell: Option<&Cell>) -> bool {
    !view.state.is_table_outdated() && cell.is_some_and(|cell| cell.because.is_some())
}

fn word(view: &View<'_>, cell: Option<&Cell>) -> String {
    match cell {
        None => view.text("where-closed"),
        Some(cell) if cell.unknown => view.text("where-unknown"),
        Some(cell) if cell.signs_in.is_empty() => view.text("where-nothing"),
        Some(cell) => {
            let names: Vec<_> = cell.signs_in.iter().map(|kind| wording::credential(view.words, *kind)).collect();
            names.join(", ")
        }
    }
}

/// What is to be said of a cell beside its word.
fn remark(view: &View<'_>, cell: Option<&Cell>, is_chosen: bool) -> String {
    if view.state.is_table_outdated() {
        return view.text("looking");
    }
    match cell {
        _ if is_chosen => view.text("where-chosen"),
        None => view.text("where-closed-why"),
        Some(Cell { because: Some(because), .. }) => {
            view.text_with("where-differs", &[("because", view.words.say(because).into())])
        }
        Some(cell) if !cell.compared => view.text("where-not-compared"),
        Some(_) => view.text("where-same"),
    }
}

/// Something signs in, nothing does, or nobody can tell.
fn shape(painter: &Painter, centre: Pos2, cell: Option<&Cell>, ink: Color32) {
    match cell {
        None => shapes::light(painter, centre, SHAPE, Light::Blue, ink),
        Some(cell) if cell.unknown => {
            for x in [-1.0, 0.0, 1.0] {
                painter.circle_filled(centre + vec2(x * SHAPE * 0.36, 0.0), 1.5, ink);
            }
        }
        Some(cell) if cell.signs_in.is_empty() => {
            painter.circle_stroke(centre, SHAPE / 2.0 - 1.0, Stroke::new(1.5, ink));
        }
        Some(_) => shapes::arrow(painter, centre, SHAPE, ink),
    }
}

/// The whole of the cell that the keyboard is at, and what leads there.
fn sentence(ui: &mut Ui, view: &mut View<'_>, at: (usize, usize)) {
    let tokens = view.tokens;
    let Some(row) = view.state.table.row(at.0).cloned() else { return };
    let chosen = COLUMNS.iter().position(|column| *column == view.state.context) == Some(at.1) && at.0 == 0;
    let cell = row.cells.get(at.1);
    let name = if row.folder.is_some() { row.name.clone() } else { view.text("folder-none") };
    let column = view.text(wording::context(COLUMNS[at.1]));
    let head = format!("{name}, {column}: {}. ", word(view, cell));
    ui.label(paragraph(&[(&head, Type::Body, tokens.ink), (&remark(view, cell, chosen), Type::Body, tokens.muted)]));
    if !chosen {
        ui.add_space(8.0);
        if button(ui, &tokens, &view.text("where-look"), Weight::Secondary, 0.0).clicked() {
            choose(view, at);
        }
    }
}

/// What is still looked at, and what was left closed.
fn more(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = view.tokens;
    if view.state.is_running(JobKind::Table) {
        ui.add_space(8.0);
        ui.horizontal_wrapped(|ui| {
            let count = view.state.table.len();
            let text = view.text_with("where-looking", &[("count", count.into())]);
            ui.label(rich(text, Type::Small, tokens.muted));
            if link(ui, &tokens, &view.text("where-stop")).clicked() {
                view.act(Action::StopTable);
            }
        });
    }
    let closed = view.state.table.closed();
    if closed > 0 && !view.state.may_open {
        ui.add_space(8.0);
        ui.label(rich(view.text_with("where-ask", &[("count", closed.into())]), Type::Body, tokens.ink));
        ui.add_space(6.0);
        if button(ui, &tokens, &view.text("where-open"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::OpenAllFolders);
        }
    }
}
