//! Opens the window with whatever can draw it: OpenGL first on Linux, where it starts faster; wgpu (Direct3D, Metal)
//! first elsewhere; then the other one. Where neither can, the caller gets the reasons and goes on without a window.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use authlight_engine::act::jobs::Engine;
use eframe::egui::ViewportBuilder;
use eframe::{NativeOptions, Renderer};

use crate::window::{Options, SystemDesktop, Window};

/// Why there is no window: each attempt and what it said.
#[derive(Debug)]
pub struct NoWindow {
    /// Renderer and reason, in the order of the attempts.
    pub attempts: Vec<(&'static str, String)>,
    /// The window had been open already: what follows is no start that failed but a break of ours.
    pub was_open: bool,
}

impl fmt::Display for NoWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (renderer, reason)) in self.attempts.iter().enumerate() {
            let between = if at == 0 { "" } else { "; " };
            write!(f, "{between}{renderer}: {reason}")?;
        }
        Ok(())
    }
}

impl std::error::Error for NoWindow {}

const ORDER: [(Renderer, &str); 2] = if cfg!(any(target_os = "windows", target_os = "macos")) {
    [(Renderer::Wgpu, "wgpu"), (Renderer::Glow, "glow")]
} else {
    [(Renderer::Glow, "glow"), (Renderer::Wgpu, "wgpu")]
};

/// Opens the window and returns when it was closed.
///
/// # Errors
/// When no renderer could open one, or when it broke while open.
pub fn open(engine: Arc<dyn Engine>, options: &Options) -> Result<(), NoWindow> {
    let mut attempts = Vec::new();
    for (renderer, name) in ORDER {
        let drawn = Arc::new(AtomicBool::new(false));
        let reason = match attempt(&engine, options, renderer, &drawn) {
            Ok(()) => return Ok(()),
            Err(reason) => reason,
        };
        attempts.push((name, reason));
        if drawn.load(Ordering::Relaxed) {
            return Err(NoWindow { attempts, was_open: true });
        }
    }
    Err(NoWindow { attempts, was_open: false })
}

fn attempt(
    engine: &Arc<dyn Engine>,
    options: &Options,
    renderer: Renderer,
    drawn: &Arc<AtomicBool>,
) -> Result<(), String> {
    let viewport = ViewportBuilder::default()
        .with_title("Authlight")
        .with_app_id("authlight")
        .with_inner_size([1120.0, 760.0])
        .with_min_inner_size([360.0, 280.0]);
    let native = NativeOptions { viewport, renderer, ..NativeOptions::default() };
    let (engine, options, drawn) = (Arc::clone(engine), options.clone(), Arc::clone(drawn));
    // A missing libxkbcommon-x11 is a panic in the window library, not an error.
    let run = AssertUnwindSafe(|| {
        eframe::run_native(
            "Authlight",
            native,
            Box::new(move |creation| {
                let window = Window::new(&creation.egui_ctx, engine, options, Box::new(SystemDesktop));
                Ok(Box::new(window.telling(drawn)))
            }),
        )
    });
    match catch_unwind(run) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => Err(said_by(&*panic)),
    }
}

fn said_by(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it broke without a word").to_owned()
}
