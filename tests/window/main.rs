//! The window, through the accessibility tree: found by role and name, pressed, typed at; and its pictures.

#[allow(dead_code)]
mod doubles;
#[allow(dead_code)]
mod reports;

use doubles::{Double, Screen, USUAL};
use eframe::egui::{Theme, vec2};

#[test]
fn pictures() {
    for (theme, tone) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let all = [
            ("healthy", reports::healthy()),
            ("shadowed", reports::key_shadows_login()),
            ("nothing", reports::nothing_configured()),
            ("policy", reports::policy()),
            ("redirect", reports::project_redirect()),
            ("verified", reports::verified()),
        ];
        for (name, report) in all {
            let mut screen = Screen::build(Double::finding(report.clone(), report), USUAL, 1.0, theme);
            screen.settle();
            screen.picture(&format!("{name}-{tone}"));
        }
    }
    for (name, size, scale) in [
        ("800x600", vec2(800.0, 600.0), 1.0),
        ("zoom", vec2(560.0, 380.0), 2.0),
        ("small", vec2(400.0, 300.0), 2.0),
        ("sharp", USUAL, 2.0),
    ] {
        let report = reports::key_shadows_login();
        let mut screen = Screen::build(Double::finding(report.clone(), report), size, scale, Theme::Light);
        screen.settle();
        screen.picture(name);
    }
}
