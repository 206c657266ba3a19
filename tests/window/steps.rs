//! Going through a walkthrough, as a person does who waits until each step is there.

use authlight_engine::act::jobs::Engine;
use authlight_engine::state::JobKind;
use authlight_engine::state::walkthrough::WalkthroughKind;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme, Vec2};
use egui_kittest::kittest::Queryable as _;

use super::doubles::{Double, Screen};
use super::press;

/// A window in which this walkthrough was opened.
pub fn opened(double: Double, name: &str, size: Vec2, theme: Theme) -> Screen {
    let mut screen = Screen::build(double, size, 1.0, theme);
    screen.settle();
    open(&mut screen, name);
    screen
}

/// Opens a walkthrough from the menu of repairs, by keyboard.
pub fn open<E: Engine>(screen: &mut Screen<E>, name: &str) {
    screen.harness.get_by_role_and_label(Role::Link, "Repairs").focus();
    screen.harness.run();
    enter(screen);
    click(screen, name);
}

/// Runs frames until nothing is under way that a step waits for.
pub fn settled<E: Engine>(screen: &mut Screen<E>) {
    use JobKind as K;
    screen.until(|window| {
        let state = window.state();
        ![K::Key, K::Provider, K::Install, K::Certificate, K::Repair, K::Scan, K::Test]
            .iter()
            .any(|kind| state.is_running(*kind))
    });
}

pub fn click<E: Engine>(screen: &mut Screen<E>, name: &str) {
    press(screen, name);
    settled(screen);
}

pub fn enter<E: Engine>(screen: &mut Screen<E>) {
    screen.harness.key_press(Key::Enter);
    screen.harness.run();
    settled(screen);
}

pub fn choose<E: Engine>(screen: &mut Screen<E>, name: &str) {
    // What is below is brought into view by the keyboard.
    screen.harness.get_by_role_and_label(Role::RadioButton, name).focus();
    screen.harness.run();
    screen.harness.get_by_role_and_label(Role::RadioButton, name).click();
    screen.harness.run();
    settled(screen);
}

/// The walkthrough that is open.
pub fn kind<E: Engine>(screen: &Screen<E>) -> Option<WalkthroughKind> {
    screen.harness.state().state().walkthrough.as_ref().map(|open| open.kind())
}
