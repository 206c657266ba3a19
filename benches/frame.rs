//! A frame of the largest screen: layout and tessellation. Target: 4 ms at the 95th percentile.

#![allow(clippy::unwrap_used, missing_docs, dead_code, reason = "a bench that cannot prepare has nothing to measure")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use authlight::window::{Options, Window};
use eframe::egui::{self, Event, Pos2, RawInput, Rect, Vec2};

#[path = "../tests/window/doubles.rs"]
mod doubles;
#[path = "../tests/window/reports.rs"]
mod reports;

const FRAMES: usize = 400;

fn main() {
    let report = reports::project_redirect();
    let engine = Arc::new(doubles::Double::finding(report.clone(), report));
    let ctx = egui::Context::default();
    let options = Options { project: None, context: None, practice: None };
    let mut window = Window::new(&ctx, engine, options, Box::new(doubles::NoDesktop::default()));
    let mut frame = eframe::Frame::_new_kittest();
    let mut times = Vec::with_capacity(FRAMES);
    for number in 0..FRAMES + 50 {
        // The pointer moves, so that no frame can be the same as the one before.
        let place = Pos2::new(100.0 + (number * 7 % 900) as f32, 100.0 + (number * 11 % 600) as f32);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(1920.0, 1080.0))),
            events: vec![Event::PointerMoved(place)],
            ..RawInput::default()
        };
        let began = Instant::now();
        eframe::App::logic(&mut window, &ctx, &mut frame);
        let mut output = ctx.run_ui(input, |ui| eframe::App::ui(&mut window, ui, &mut frame));
        output.textures_delta.clear();
        let meshes = ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
        let took = began.elapsed();
        assert!(!meshes.is_empty(), "nothing was drawn");
        if number >= 50 {
            times.push(took);
        } else {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1000.0;
    println!("frame of 1920 x 1080 points: median {:.2} ms, 95th percentile {:.2} ms, target 4 ms", at(50), at(95));
}
