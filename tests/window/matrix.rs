//! Where it works: the table of folders and contexts, by keyboard and as a screen reader finds it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use authlight::window::Options;
use authlight_core::message::Message;
use authlight_core::projects::Cell;
use authlight_core::report::{Context, CredentialKind};
use authlight_engine::matrix::COLUMNS;
use authlight_engine::matrix::table::TableRow;
use authlight_engine::state::JobKind;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::doubles::{Double, Screen, USUAL, gate};
use super::{focused, key, reports, shows};

fn missing_there() -> Arc<Message> {
    let message = Message::new("context-only-here").with("name", "ANTHROPIC_API_KEY").with("place", "line");
    Arc::new(message.with("path", "~/.zshrc").with("line", 12_usize))
}

/// A row of which the three cells sign in with these.
fn row(name: &str, cells: [Option<CredentialKind>; 3]) -> TableRow {
    let cell = |(context, kind): (&Context, &Option<CredentialKind>)| Cell {
        context: *context,
        signs_in: kind.iter().copied().collect(),
        unknown: false,
        compared: true,
        because: (*kind != Some(CredentialKind::ApiKey)).then(missing_there),
    };
    TableRow {
        folder: Some(format!("/home/u/{name}").into()),
        name: format!("~/{name}"),
        cells: COLUMNS.iter().zip(&cells).map(cell).collect(),
    }
}

const KEY: Option<CredentialKind> = Some(CredentialKind::ApiKey);
const LOGIN: Option<CredentialKind> = Some(CredentialKind::Login);

fn table() -> Vec<TableRow> {
    let mut closed = row("Documents/site", [None; 3]);
    closed.cells.clear();
    let mut rows = vec![row("shop", [KEY, None, KEY]), row("blog", [KEY, None, KEY]), closed];
    rows.push(row("api", [KEY, LOGIN, KEY]));
    rows[3].cells[2].unknown = true;
    rows
}

fn screen_of(rows: Vec<TableRow>) -> Screen {
    let mut screen = build(Double { rows, ..finding() }, USUAL, Theme::Light);
    screen.settle();
    screen
}

fn finding() -> Double {
    let report = reports::key_shadows_login();
    Double::finding(report.clone(), report)
}

fn build(double: Double, size: Vec2, theme: Theme) -> Screen {
    let options = Options { context: Some(Context::NewTerminal), ..Options::default() };
    Screen::showing(Arc::new(double), options, size, 1.0, theme)
}

/// Presses what may lie below the edge of the window.
fn press_by_key(screen: &mut Screen, role: Role, name: &str) {
    screen.harness.get_by_role_and_label(role, name).focus();
    screen.harness.run();
    key(screen, Modifiers::NONE, Key::Enter);
}

/// Goes to the table with the Tab key alone.
fn tab_into(screen: &mut Screen) {
    let is_reached = |screen: &Screen| {
        let mut nodes = screen.harness.root().children_recursive();
        nodes.any(|node| node.is_focused() && node.accesskit_node().role() == Role::Cell)
    };
    for _ in 0..60 {
        if !is_reached(screen) {
            key(screen, Modifiers::NONE, Key::Tab);
        }
    }
    assert!(is_reached(screen), "the keyboard is at {:?}", focused(screen));
}

#[test]
fn the_keyboard_alone_goes_through_the_table_and_chooses() {
    let mut screen = screen_of(table());
    tab_into(&mut screen);
    assert_eq!(focused(&screen), "~/shop, a new terminal: API key. This is what the checks are about.");
    key(&mut screen, Modifiers::NONE, Key::ArrowRight);
    let because = "ANTHROPIC_API_KEY is not set there; here it is set in ~/.zshrc, line 12.";
    assert_eq!(focused(&screen), format!("~/shop, a desktop start: no sign-in. Not the same: {because}"));
    assert!(shows(&screen, "~/shop, a desktop start: no sign-in. "), "the sentence stands below the table too");
    key(&mut screen, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(focused(&screen), format!("~/api, a desktop start: Claude login. Not the same: {because}"));
    key(&mut screen, Modifiers::NONE, Key::End);
    assert!(focused(&screen).starts_with("~/Documents/site, a desktop start: not opened."), "{}", focused(&screen));
    key(&mut screen, Modifiers::NONE, Key::PageUp);
    key(&mut screen, Modifiers::NONE, Key::ArrowLeft);
    assert!(focused(&screen).starts_with("~/shop, a new terminal"), "{}", focused(&screen));
    key(&mut screen, Modifiers::NONE, Key::ArrowUp);
    key(&mut screen, Modifiers::NONE, Key::ArrowLeft);
    assert!(focused(&screen).starts_with("~/shop, a new terminal"), "{}", focused(&screen));
    screen.picture("matrix-focus");

    key(&mut screen, Modifiers::NONE, Key::PageDown);
    key(&mut screen, Modifiers::NONE, Key::ArrowUp);
    key(&mut screen, Modifiers::NONE, Key::ArrowRight);
    assert!(focused(&screen).starts_with("~/blog, a desktop start"), "{}", focused(&screen));
    key(&mut screen, Modifiers::NONE, Key::Enter);
    screen.settle();
    let asked = screen.engine.scanned.lock().unwrap().last().unwrap().clone();
    assert_eq!((asked.project, asked.context), (Some("/home/u/blog".into()), Context::Desktop));
    assert!(focused(&screen).starts_with("~/blog, a desktop start"), "the keyboard stays: {}", focused(&screen));
    let scans = screen.engine.scans.load(Ordering::SeqCst);
    key(&mut screen, Modifiers::NONE, Key::Tab);
    assert!(!focused(&screen).contains("a desktop start:"), "one stop alone: {}", focused(&screen));
    assert_eq!(screen.engine.scans.load(Ordering::SeqCst), scans);
}

#[test]
fn a_screen_reader_finds_a_table_with_names_and_the_chosen_cell() {
    let screen = screen_of(table());
    let table = screen.harness.get_by_role_and_label(Role::Table, "Where it works");
    let count = |role| table.children_recursive().filter(|node| node.accesskit_node().role() == role).count();
    assert_eq!((count(Role::Row), count(Role::Cell), count(Role::ColumnHeader)), (4, 12, 3));
    assert_eq!(count(Role::RowHeader), 4);
    let selected: Vec<_> = table
        .children_recursive()
        .filter(|node| node.accesskit_node().is_selected() == Some(true))
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    assert_eq!(selected, ["~/shop, a new terminal: API key. This is what the checks are about."]);
    for said in ["~/blog, this program: API key. As in the", "~/api, this program: not known."] {
        assert!(shows(&screen, said), "{said}");
    }
}

#[test]
fn where_nothing_differs_there_is_no_table() {
    assert!(!shows(&screen_of(vec![row("shop", [KEY; 3])]), "Where it works"));
    assert!(shows(&screen_of(vec![row("shop", [KEY, None, KEY])]), "Where it works"));
}

#[test]
fn closed_folders_are_opened_on_a_word() {
    let mut screen = screen_of(table());
    assert!(!screen.engine.tables.lock().unwrap().last().unwrap().may_open);
    press_by_key(&mut screen, Role::Button, "Open them too");
    screen.settle();
    assert!(screen.engine.tables.lock().unwrap().last().unwrap().may_open);
    assert!(!shows(&screen, "Open them too"), "it is asked once");
}

#[test]
fn rows_show_while_others_are_looked_at_and_the_person_can_stop() {
    let (open, table_gate) = gate();
    let mut screen = build(Double { rows: table(), table_gate, ..finding() }, USUAL, Theme::Light);
    screen.until(|window| !window.state().table.is_empty());
    assert!(shows(&screen, "4 folders so far."));
    press_by_key(&mut screen, Role::Link, "Stop");
    let stop = screen.engine.tables.lock().unwrap().last().unwrap().stop.clone();
    assert!(stop.shared().load(Ordering::Relaxed));
    drop(open);
    screen.settle();
    assert!(!screen.harness.state().state().is_running(JobKind::Table) && !shows(&screen, "so far"));
}

#[test]
fn of_ten_thousand_folders_only_what_is_seen_is_laid_out() {
    let rows = (0..10_000).map(|number| row(&format!("work/{number}"), [KEY, None, KEY])).collect();
    let mut screen = screen_of(rows);
    tab_into(&mut screen);
    key(&mut screen, Modifiers::NONE, Key::End);
    assert!(focused(&screen).starts_with("~/work/9999, "), "{}", focused(&screen));
    let nodes = screen.harness.root().children_recursive().count();
    assert!(nodes < 400, "{nodes} nodes");
    let last = screen.harness.get_by(|node| node.is_focused()).rect();
    let table = screen.harness.get_by_role_and_label(Role::Table, "Where it works").rect();
    assert!(last.top() >= table.top() && last.bottom() <= table.bottom() + 0.5, "{last:?} in {table:?}");
    screen.picture("matrix-many");
    let viewport = screen.harness.output().viewport_output.values().next().unwrap();
    assert!(viewport.repaint_delay > std::time::Duration::from_secs(3600), "{:?}", viewport.repaint_delay);
}

#[test]
fn the_table_keeps_within_a_small_window() {
    for (size, name) in [(vec2(800.0, 600.0), "matrix-800"), (vec2(400.0, 700.0), "matrix-narrow")] {
        let mut screen = build(Double { rows: table(), ..finding() }, size, Theme::Dark);
        screen.settle();
        tab_into(&mut screen);
        key(&mut screen, Modifiers::NONE, Key::ArrowRight);
        for node in screen.harness.root().children_recursive() {
            let named = node.accesskit_node().label().unwrap_or_default();
            let Some(rect) = node.accesskit_node().bounding_box().filter(|_| !named.is_empty()) else { continue };
            assert!(rect.x0 >= -0.5 && rect.x1 <= f64::from(size.x) + 0.5, "{named:?} at {rect:?} in {size:?}");
        }
        screen.picture(name);
    }
}
