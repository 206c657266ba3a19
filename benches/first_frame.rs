//! Processor time from the start to the second frame, against an empty window of the same renderer. Target: at most
//! 15 ms more, medians of 20 alternated pairs. Needs a display:
//!
//! ```sh
//! xvfb-run -a -s "-noreset -screen 0 1280x1024x24" cargo bench --bench first_frame
//! ```
//!
//! Two renderers are measured: OpenGL, which needs a graphics card to be quick, and our own, which takes over where
//! there is none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unimplemented,
    missing_docs,
    reason = "a bench that cannot prepare has nothing to measure"
)]

use std::process::Command;
use std::sync::Arc;
use std::{env, process};

use authlight::software_window::{self, Content};
use authlight::window::{Options, SystemDesktop, Window};
use authlight::{renderers, window};
use authlight_engine::cli::Examine;
use authlight_engine::inspector::Inspector;
use eframe::egui::{self, ViewportBuilder};
use eframe::{App, Frame, NativeOptions, Renderer};

const PAIRS: usize = 20;
const RENDERERS: [&str; 2] = ["glow", "software"];
/// What is shown: nothing; the least, since what draws it has to be made ready for the first shape; all of it.
const SHOWN: [&str; 3] = ["empty", "word", "authlight"];

fn main() {
    let asked: Vec<String> = env::args().collect();
    match asked.windows(2).find(|pair| RENDERERS.contains(&pair[0].as_str())) {
        Some(pair) => show(&pair[0], &pair[1]),
        None => compare(),
    }
}

/// Shows a window until its second frame, and prints the nanoseconds of processor time up to there.
fn show(renderer: &str, shown: &str) {
    let ours = shown == "authlight";
    let make = |ctx: &egui::Context| UntilTheSecond {
        inner: ours.then(|| {
            let engine = Arc::new(Inspector::new(Examine::default()).unwrap());
            let options = Options { project: None, context: None, practice: None };
            Window::new(ctx, engine, options, Box::new(SystemDesktop))
        }),
        word: shown == "word",
        frames: 0,
    };
    let viewport = ViewportBuilder::default().with_title("Authlight").with_inner_size([1120.0, 760.0]);
    if renderer == "software" {
        return software_window::run(viewport, make).unwrap();
    }
    let empty = NativeOptions { viewport, renderer: Renderer::Glow, ..NativeOptions::default() };
    let native = if ours { renderers::native(Renderer::Glow) } else { empty };
    eframe::run_native("Authlight", native, Box::new(|creation| Ok(Box::new(make(&creation.egui_ctx))))).unwrap();
}

struct UntilTheSecond {
    inner: Option<Window>,
    word: bool,
    frames: usize,
}

impl Content for UntilTheSecond {
    fn prepare(&mut self, ctx: &egui::Context) {
        if self.frames == 2 {
            println!("{}", processor_time());
            process::exit(0);
        }
        if let Some(inner) = &mut self.inner {
            inner.prepare(ctx);
        }
    }

    fn show(&mut self, ui: &mut egui::Ui) {
        self.frames += 1;
        ui.ctx().request_repaint();
        if let Some(inner) = &mut self.inner {
            inner.show(ui);
        }
        if self.word {
            ui.label("Authlight");
        }
    }
}

impl App for UntilTheSecond {
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        let ground = window::ground(egui::Theme::from_dark_mode(visuals.dark_mode));
        if self.inner.is_some() { ground.to_normalized_gamma_f32() } else { [0.0; 4] }
    }

    fn logic(&mut self, ctx: &egui::Context, _: &mut Frame) {
        self.prepare(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _: &mut Frame) {
        self.show(ui);
    }
}

/// Of all threads, those that have ended too, in nanoseconds.
#[cfg(unix)]
fn processor_time() -> i128 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    i128::from(spent.tv_sec) * 1_000_000_000 + i128::from(spent.tv_nsec)
}

#[cfg(not(unix))]
fn processor_time() -> i128 {
    unimplemented!("it is measured on Unix alone")
}

fn compare() {
    let home = tempfile::tempdir().unwrap();
    let run = |renderer: &str, shown: &str| {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args([renderer, shown]).env_clear().env("HOME", home.path()).env("PATH", "/usr/bin:/bin");
        for name in ["DISPLAY", "XAUTHORITY"] {
            #[expect(clippy::disallowed_methods, reason = "the display, which no check has to do with")]
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", output.status);
        String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().unwrap() / 1e6
    };
    for renderer in RENDERERS {
        let mut times = SHOWN.map(|_| Vec::new());
        for _ in 0..PAIRS {
            for (shown, times) in SHOWN.into_iter().zip(&mut times) {
                times.push(run(renderer, shown));
            }
        }
        let [empty, word, ours] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        });
        println!(
            "second frame, {renderer}: {ours:.1} ms of processor time; an empty window {empty:.1} ms, one with a word \
             {word:.1} ms: {:.1} ms more than the empty one, target 15 ms",
            ours - empty
        );
    }
}
