//! Processor time from the start to the second frame, against an empty window of the same renderer. Target: at most
//! 15 ms more, medians of 20 alternated pairs. Needs a display:
//!
//! ```sh
//! xvfb-run -a cargo bench --bench first_frame
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a bench that cannot prepare has nothing to measure"
)]

use std::io::Write;
use std::process::Command;
use std::sync::Arc;
use std::{env, fs};

use authlight::renderers;
use authlight::window::{Options, SystemDesktop, Window};
use authlight_engine::cli::Examine;
use authlight_engine::inspector::Inspector;
use eframe::egui::{self, ViewportBuilder, ViewportCommand};
use eframe::{App, Frame, NativeOptions, Renderer};

const PAIRS: usize = 20;
const EMPTY: &str = "--empty";
/// The least that any window does: what draws it has to be made ready for the first shape.
const WORD: &str = "--word";
const OURS: &str = "--authlight";

fn main() {
    let asked: Vec<String> = env::args().collect();
    match asked.iter().find(|word| [EMPTY, WORD, OURS].contains(&word.as_str())) {
        Some(kind) => show(kind == OURS, kind == WORD),
        None => compare(),
    }
}

/// Shows a window until its second frame, and prints the nanoseconds of processor time up to there.
fn show(ours: bool, word: bool) {
    let viewport = ViewportBuilder::default().with_title("Authlight").with_inner_size([1120.0, 760.0]);
    let empty = NativeOptions { viewport, renderer: Renderer::Glow, ..NativeOptions::default() };
    let native = if ours { renderers::native(Renderer::Glow) } else { empty };
    let make: eframe::AppCreator<'_> = Box::new(move |creation| {
        let inner = ours.then(|| {
            let engine = Arc::new(Inspector::new(Examine::default()).unwrap());
            let options = Options { project: None, context: None, practice: None };
            Window::new(&creation.egui_ctx, engine, options, Box::new(SystemDesktop))
        });
        Ok(Box::new(UntilTheSecond { inner, word, frames: 0 }))
    });
    eframe::run_native("Authlight", native, make).unwrap();
}

struct UntilTheSecond {
    inner: Option<Window>,
    word: bool,
    frames: usize,
}

impl App for UntilTheSecond {
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        self.inner.as_ref().map_or([0.0; 4], |inner| inner.clear_color(visuals))
    }

    fn logic(&mut self, ctx: &egui::Context, frame: &mut Frame) {
        if self.frames == 2 {
            let _ = writeln!(std::io::stdout(), "{}", processor_time());
            self.frames += 1;
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        if let Some(inner) = &mut self.inner {
            inner.logic(ctx, frame);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut Frame) {
        self.frames += 1;
        ui.ctx().request_repaint();
        if let Some(inner) = &mut self.inner {
            inner.ui(ui, frame);
        }
        if self.word {
            ui.label("Authlight");
        }
    }
}

/// Of all threads that live, in nanoseconds.
fn processor_time() -> u64 {
    let of_thread = |folder: fs::DirEntry| {
        let text = fs::read_to_string(folder.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    fs::read_dir("/proc/self/task").unwrap().flatten().filter_map(of_thread).sum()
}

fn compare() {
    let home = tempfile::tempdir().unwrap();
    let run = |kind: &str| {
        let mut command = Command::new(env::current_exe().unwrap());
        command.arg(kind).env_clear().env("HOME", home.path()).env("PATH", "/usr/bin:/bin");
        for name in ["DISPLAY", "XAUTHORITY"] {
            #[expect(clippy::disallowed_methods, reason = "the display, which no check has to do with")]
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "it needs a display: xvfb-run -a cargo bench --bench first_frame");
        String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().unwrap() / 1e6
    };
    let (mut empty, mut word, mut ours) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        empty.push(run(EMPTY));
        word.push(run(WORD));
        ours.push(run(OURS));
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let (empty, word, ours) = (median(&mut empty), median(&mut word), median(&mut ours));
    println!(
        "second frame: {ours:.1} ms of processor time; an empty window {empty:.1} ms, one with a word {word:.1} ms: {:.1} ms \
         more than the empty one, target 15 ms",
        ours - empty
    );
}
