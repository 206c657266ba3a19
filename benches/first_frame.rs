//! Processor time from the start to the second frame, against an empty window of the same renderer. Target: at most
//! 15 ms more, medians of 20 alternated pairs. Needs a display:
//!
//! ```sh
//! xvfb-run -a -s "-noreset -screen 0 1280x1024x24" cargo bench --bench first_frame
//! ```
//!
//! And the time from the first frame to the first verdict where the person's shell hangs when it is asked. Target: at
//! most 50 ms, the median of 20.
//!
//! Two renderers are measured: OpenGL, which needs a graphics card to be quick, and our own, which takes over where
//! there is none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unimplemented,
    clippy::unreachable,
    missing_docs,
    reason = "a bench that cannot prepare has nothing to measure"
)]

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use authlight::software_window::{self, Content};
use authlight::window::{Options, SystemDesktop, Window};
use authlight::{renderers, window};
use authlight_engine::cli::{self, Examine};
use authlight_engine::inspector::Inspector;
use eframe::egui::{self, ViewportBuilder};
use eframe::{App, Frame, NativeOptions, Renderer};

const PAIRS: usize = 20;
/// So long nobody waits for a verdict.
const HANG: Duration = Duration::from_secs(60);
const RENDERERS: [&str; 2] = ["glow", "software"];
/// What is shown: nothing, as eframe opens a window; nothing, and the fonts of the system are not looked for; the least,
/// since what draws it has to be made ready for the first shape; all of it.
const SHOWN: [&str; 4] = ["empty", "without-fonts", "word", "authlight"];

fn main() {
    let asked: Vec<String> = env::args().collect();
    // The window starts the person's shell through this very program.
    if asked.get(1).is_some_and(|word| ["own-session", "tell-environment"].contains(&word.as_str())) {
        match cli::run(env::args_os()) {
            cli::Face::Done(code) => process::exit(code.into()),
            cli::Face::Window(_) => unreachable!("no window was asked for"),
        }
    }
    match asked.windows(2).find(|pair| RENDERERS.contains(&pair[0].as_str())) {
        Some(pair) => show(&pair[0], &pair[1]),
        None => compare(),
    }
}

/// Shows a window until its second frame, and prints the nanoseconds of processor time up to there.
fn show(renderer: &str, shown: &str) {
    let until_the_verdict = shown == "verdict";
    let ours = shown == "authlight" || until_the_verdict;
    let make = |ctx: &egui::Context| UntilTheSecond {
        inner: ours.then(|| {
            window::fall_back_on_system_fonts(ctx);
            let engine = Arc::new(Inspector::new(Examine::default()).unwrap());
            let options = Options { project: None, context: None, practice: None };
            Window::new(ctx, engine, options, Box::new(SystemDesktop))
        }),
        word: shown == "word",
        until_the_verdict,
        first: None,
        verdict_shown: false,
        frames: 0,
    };
    let viewport = ViewportBuilder::default().with_title("Authlight").with_inner_size([1120.0, 760.0]);
    if renderer == "software" {
        return software_window::run(viewport, make).unwrap();
    }
    let search = shown != "without-fonts";
    let empty =
        NativeOptions { viewport, renderer: Renderer::Glow, system_font_fallback: search, ..NativeOptions::default() };
    let native = if ours { renderers::native(Renderer::Glow) } else { empty };
    eframe::run_native("Authlight", native, Box::new(|creation| Ok(Box::new(make(&creation.egui_ctx))))).unwrap();
}

struct UntilTheSecond {
    inner: Option<Window>,
    word: bool,
    until_the_verdict: bool,
    /// When the first frame was drawn.
    first: Option<Instant>,
    verdict_shown: bool,
    frames: usize,
}

impl Content for UntilTheSecond {
    fn prepare(&mut self, ctx: &egui::Context) {
        if self.frames == 1 && self.first.is_none() {
            self.first = Some(Instant::now());
        }
        if let (true, Some(first), Some(inner)) = (self.until_the_verdict, self.first, &self.inner) {
            // Drawn in the frame before this one.
            if self.verdict_shown {
                println!("{}", first.elapsed().as_nanos());
                process::exit(0);
            }
            self.verdict_shown = inner.state().report.is_some();
            assert!(first.elapsed() < HANG, "no verdict");
        } else if self.frames == 2 {
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

    fn raw_input_hook(&mut self, ctx: &egui::Context, input: &mut egui::RawInput) {
        if let Some(inner) = &mut self.inner {
            inner.raw_input_hook(ctx, input);
        }
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
        command
            .args([renderer, shown])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("SHELL", "/bin/bash");
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
        let [empty, bare, word, ours] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        });
        println!(
            "second frame, {renderer}: {ours:.1} ms of processor time; an empty window {empty:.1} ms, one that \
             looks for no fonts {bare:.1} ms, one with a word {word:.1} ms: {:.1} ms more than the empty one, target 15 ms",
            ours - empty
        );
    }
    fs::write(home.path().join(".bashrc"), "sleep 86400\n").unwrap();
    for renderer in RENDERERS {
        let mut times: Vec<f64> = (0..PAIRS).map(|_| run(renderer, "verdict")).collect();
        times.sort_by(f64::total_cmp);
        println!(
            "first verdict with a shell that hangs, {renderer}: {:.1} ms after the first frame, at most {:.1}, target 50 ms",
            times[PAIRS / 2],
            times[PAIRS - 1]
        );
    }
}
