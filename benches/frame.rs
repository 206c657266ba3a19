//! A frame of the largest screen: layout and tessellation. Target: 4 ms at the 95th percentile. And what it takes to draw
//! it without a graphics card.

#![allow(clippy::unwrap_used, missing_docs, dead_code, reason = "a bench that cannot prepare has nothing to measure")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use authlight::window::software::Rasteriser;
use authlight::window::{Options, Window};
use eframe::egui::{self, Event, Pos2, RawInput, Rect, Vec2};

#[path = "../tests/window/doubles.rs"]
mod doubles;
#[path = "../tests/window/reports.rs"]
mod reports;

const FRAMES: usize = 400;
/// In points and pixels.
const SIZE: [usize; 2] = [1920, 1080];

fn main() {
    let report = reports::project_redirect();
    let engine = Arc::new(doubles::Double::finding(report.clone(), report));
    let ctx = egui::Context::default();
    let options = Options { project: None, context: None, practice: None };
    let mut window = Window::new(&ctx, engine, options, Box::new(doubles::NoDesktop::default()));
    let mut frame = eframe::Frame::_new_kittest();
    let mut rasteriser = Rasteriser::default();
    let (mut times, mut drawings) = (Vec::with_capacity(FRAMES), Vec::with_capacity(FRAMES));
    for number in 0..FRAMES + 50 {
        // The pointer moves, so that no frame can be the same as the one before.
        let place = Pos2::new(100.0 + (number * 7 % 900) as f32, 100.0 + (number * 11 % 600) as f32);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Vec2::from(SIZE.map(|side| side as f32)))),
            events: vec![Event::PointerMoved(place)],
            ..RawInput::default()
        };
        let began = Instant::now();
        eframe::App::logic(&mut window, &ctx, &mut frame);
        let mut output = ctx.run_ui(input, |ui| eframe::App::ui(&mut window, ui, &mut frame));
        let meshes = ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
        let took = began.elapsed();
        assert!(!meshes.is_empty(), "nothing was drawn");
        let began = Instant::now();
        rasteriser.update(&mut output.textures_delta);
        let picture = rasteriser.draw(&meshes, output.pixels_per_point, SIZE, egui::Color32::WHITE);
        let drawing = began.elapsed();
        assert!(picture.pixels.iter().any(|pixel| *pixel != egui::Color32::WHITE), "nothing was drawn");
        if number >= 50 {
            times.push(took);
            drawings.push(drawing);
        } else {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    for (what, times, target) in
        [("frame of 1920 x 1080 points", times, ", target 4 ms"), ("drawn by the processor", drawings, "")]
    {
        let mut times = times;
        times.sort_unstable();
        let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1000.0;
        println!("{what}: median {:.2} ms, 95th percentile {:.2} ms{target}", at(50), at(95));
    }
}
