//! Opens the window with one of the things that can draw it. A process can try only one: the next is tried in a
//! process of its own (see [`crate::start`]).

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use authlight_engine::act::jobs::Engine;
use authlight_engine::cli::{Renderer, quiet_panics};
use authlight_engine::machine;
use eframe::NativeOptions;
use eframe::egui::{self, IconData, ViewportBuilder};

use crate::software_window;
use crate::window::{Options, SystemDesktop, Window, fall_back_on_system_fonts};

/// In the order in which they are tried: OpenGL first on Linux, where it starts faster; wgpu (Direct3D, Metal) first
/// elsewhere; the processor alone at last, or at first where it would have to do the graphics card's work anyway.
pub fn order() -> [Renderer; 3] {
    if cfg!(any(windows, target_vendor = "apple")) {
        [Renderer::Wgpu, Renderer::Glow, Renderer::Software]
    } else if machine::has_graphics_card() {
        [Renderer::Glow, Renderer::Wgpu, Renderer::Software]
    } else {
        [Renderer::Software, Renderer::Glow, Renderer::Wgpu]
    }
}

/// Why the window is not open.
#[derive(Debug)]
pub enum Ended {
    /// It never was.
    NoWindow(String),
    /// It was, and broke.
    Broke(String),
}

/// Opens the window and returns when it was closed. `drawn` is called when its first frame has been handed over.
///
/// # Errors
/// When it did not open, or broke while it was open.
pub fn open(
    renderer: Renderer,
    engine: Arc<dyn Engine>,
    options: Options,
    drawn: impl FnOnce() + 'static,
) -> Result<(), Ended> {
    let native = match renderer {
        Renderer::Glow => Some(eframe::Renderer::Glow),
        Renderer::Wgpu => Some(eframe::Renderer::Wgpu),
        Renderer::Software => None,
    };
    let was_drawn = Rc::new(Cell::new(false));
    let tell = {
        let was_drawn = Rc::clone(&was_drawn);
        move || {
            was_drawn.set(true);
            // From here on a panic is ours, and its place worth telling.
            quiet_panics();
            drawn();
        }
    };
    // A missing libxkbcommon-x11 is a panic in the window library, not an error. The reason is told by our caller.
    panic::set_hook(Box::new(|_| {}));
    let run = AssertUnwindSafe(|| run(native, engine, options, tell));
    let reason = match catch_unwind(run) {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(reason)) => reason,
        Err(panic) => said_by(&*panic),
    };
    Err(if was_drawn.get() { Ended::Broke(reason) } else { Ended::NoWindow(reason) })
}

fn run(
    renderer: Option<eframe::Renderer>,
    engine: Arc<dyn Engine>,
    options: Options,
    drawn: impl FnOnce() + 'static,
) -> Result<(), String> {
    let make = |ctx: &egui::Context| {
        fall_back_on_system_fonts(ctx);
        Window::new(ctx, engine, options, Box::new(SystemDesktop)).telling(drawn)
    };
    let Some(renderer) = renderer else { return software_window::run(viewport(), make) };
    let app: eframe::AppCreator<'_> = Box::new(|creation| Ok(Box::new(make(&creation.egui_ctx))));
    eframe::run_native("Authlight", native(renderer), app).map_err(|error| error.to_string())
}

/// What the window is opened with.
pub fn native(renderer: eframe::Renderer) -> NativeOptions {
    NativeOptions {
        viewport: viewport(),
        renderer,
        // There are no gradients, which is what dithering is for.
        dithering: false,
        // It would look for fonts at once, whether one is needed or not.
        system_font_fallback: false,
        ..NativeOptions::default()
    }
}

fn viewport() -> ViewportBuilder {
    ViewportBuilder::default()
        .with_title("Authlight")
        .with_app_id("authlight")
        .with_icon(icon())
        .with_inner_size([1120.0, 760.0])
        .with_min_inner_size([360.0, 280.0])
}

fn said_by(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it broke without a word").to_owned()
}

/// The icon of the window's frame. Without a picture that can be read the system shows one of its own.
fn icon() -> IconData {
    eframe::icon_data::from_png_bytes(include_bytes!("../assets/icon.png")).unwrap_or_default()
}
