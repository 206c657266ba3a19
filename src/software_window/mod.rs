//! The window without any graphics driver: drawn by the processor, shown by the window system.
//!
//! Slower than the others and otherwise the same: input, clipboard and accessibility come from the same library.

mod surface;
#[cfg(all(unix, not(target_vendor = "apple")))]
mod x11;

use std::rc::Rc;
use std::time::Instant;

use eframe::egui::{self, ViewportBuilder, ViewportId, ViewportInfo};
use egui_winit::accesskit_winit::{self, WindowEvent as AccessibilityEvent};
use egui_winit::winit::application::ApplicationHandler;
use egui_winit::winit::event::{StartCause, WindowEvent};
use egui_winit::winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use egui_winit::winit::window::{Window as SystemWindow, WindowId};

use self::surface::Surface;
use crate::window::software::Rasteriser;
use crate::window::{LARGEST_TEXTURE, ground};

/// What a window shows.
pub trait Content {
    /// Before each frame.
    fn prepare(&mut self, ctx: &egui::Context);
    /// A frame.
    fn show(&mut self, ui: &mut egui::Ui);
}

/// Opens the window and returns when it was closed. `make` makes what it shows.
///
/// # Errors
/// What the window system said.
pub fn run<C: Content>(viewport: ViewportBuilder, make: impl FnOnce(&egui::Context) -> C) -> Result<(), String> {
    let events = EventLoop::<Event>::with_user_event().build().map_err(|error| error.to_string())?;
    let mut program = Program {
        viewport,
        make: Some(make),
        proxy: events.create_proxy(),
        open: None,
        failure: None,
        repaint_at: None,
    };
    events.run_app(&mut program).map_err(|error| error.to_string())?;
    program.failure.map_or(Ok(()), Err)
}

/// What comes in beside the window system's own events.
enum Event {
    /// A frame is wanted then.
    Repaint(Instant),
    Accessibility(accesskit_winit::Event),
}

impl From<accesskit_winit::Event> for Event {
    fn from(event: accesskit_winit::Event) -> Self {
        Self::Accessibility(event)
    }
}

struct Program<C, M> {
    viewport: ViewportBuilder,
    make: Option<M>,
    proxy: EventLoopProxy<Event>,
    open: Option<Open<C>>,
    failure: Option<String>,
    repaint_at: Option<Instant>,
}

impl<C: Content, M: FnOnce(&egui::Context) -> C> Program<C, M> {
    fn fail(&mut self, events: &ActiveEventLoop, reason: String) {
        self.failure = Some(reason);
        events.exit();
    }

    fn repaint(&mut self, when: Instant) {
        let when = self.repaint_at.map_or(when, |planned| planned.min(when));
        self.repaint_at = Some(when);
        if when <= Instant::now() {
            self.repaint_at = None;
            if let Some(open) = &self.open {
                open.system.request_redraw();
            }
        }
    }
}

impl<C: Content, M: FnOnce(&egui::Context) -> C> ApplicationHandler<Event> for Program<C, M> {
    fn resumed(&mut self, events: &ActiveEventLoop) {
        let Some(make) = self.make.take() else { return };
        let opened = Open::new(events, &self.viewport, &self.proxy, make).and_then(|mut open| {
            // Windows asks nobody to draw a window that is hidden, and it is hidden until it was drawn.
            if cfg!(windows) {
                open.draw()?
            } else {
                open.system.request_redraw()
            }
            Ok(open)
        });
        match opened {
            Ok(open) => self.open = Some(open),
            Err(reason) => self.fail(events, reason),
        }
    }

    fn new_events(&mut self, _: &ActiveEventLoop, cause: StartCause) {
        if let (StartCause::ResumeTimeReached { .. }, Some(when)) = (cause, self.repaint_at) {
            self.repaint(when);
        }
    }

    fn user_event(&mut self, _: &ActiveEventLoop, event: Event) {
        match event {
            Event::Repaint(when) => self.repaint(when),
            Event::Accessibility(event) => {
                if let Some(open) = &mut self.open {
                    open.accessibility(event.window_event);
                }
            }
        }
    }

    fn window_event(&mut self, events: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let Some(open) = &mut self.open else { return };
        match event {
            WindowEvent::CloseRequested => events.exit(),
            WindowEvent::RedrawRequested => {
                if let Err(reason) = open.draw() {
                    self.fail(events, reason);
                }
            }
            event => {
                if open.input.on_window_event(&open.system, &event).repaint {
                    open.system.request_redraw();
                }
            }
        }
    }

    fn about_to_wait(&mut self, events: &ActiveEventLoop) {
        events.set_control_flow(self.repaint_at.map_or(ControlFlow::Wait, ControlFlow::WaitUntil));
    }
}

/// The window, when it is there.
struct Open<C> {
    system: Rc<SystemWindow>,
    surface: Surface,
    input: egui_winit::State,
    info: ViewportInfo,
    egui: egui::Context,
    rasteriser: Rasteriser,
    content: C,
    shown: bool,
}

impl<C: Content> Open<C> {
    fn new(
        events: &ActiveEventLoop,
        viewport: &ViewportBuilder,
        proxy: &EventLoopProxy<Event>,
        make: impl FnOnce(&egui::Context) -> C,
    ) -> Result<Self, String> {
        let egui = egui::Context::default();
        // A screen reader is told of the window before it shows.
        let hidden = viewport.clone().with_visible(false);
        let system = egui_winit::create_window(&egui, events, &hidden).map_err(|error| error.to_string())?;
        let system = Rc::new(system);
        let surface = Surface::of(&system)?;
        let scale = system.scale_factor() as f32;
        let mut input = egui_winit::State::new(
            egui.clone(),
            ViewportId::ROOT,
            events,
            Some(scale),
            events.system_theme(),
            Some(LARGEST_TEXTURE),
        );
        input.init_accesskit(events, &system, proxy.clone());
        let mut info = ViewportInfo::default();
        egui_winit::update_viewport_info(&mut info, &egui, &system, true);
        let waker = proxy.clone();
        egui.set_request_repaint_callback(move |asked| {
            if let Some(when) = Instant::now().checked_add(asked.delay) {
                // The window may have gone.
                let _gone = waker.send_event(Event::Repaint(when));
            }
        });
        let content = make(&egui);
        Ok(Self { system, surface, input, info, egui, rasteriser: Rasteriser::default(), content, shown: false })
    }

    fn accessibility(&mut self, event: AccessibilityEvent) {
        match event {
            AccessibilityEvent::InitialTreeRequested => self.egui.enable_accesskit(),
            AccessibilityEvent::ActionRequested(request) => self.input.on_accesskit_action_request(request),
            AccessibilityEvent::AccessibilityDeactivated => self.egui.disable_accesskit(),
        }
        self.system.request_redraw();
    }

    fn draw(&mut self) -> Result<(), String> {
        egui_winit::update_viewport_info(&mut self.info, &self.egui, &self.system, false);
        let mut input = self.input.take_egui_input(&self.system);
        input.viewports.insert(ViewportId::ROOT, self.info.clone());
        self.content.prepare(&self.egui);
        let mut output = self.egui.run_ui(input, |ui| self.content.show(ui));
        self.input.handle_platform_output(&self.system, output.platform_output);
        self.rasteriser.update(&mut output.textures_delta);

        let size = self.system.inner_size();
        // A minimised window has no size.
        if size.width > 0 && size.height > 0 {
            let scale = output.pixels_per_point;
            let primitives = self.egui.tessellate(output.shapes, scale);
            let size = [size.width as usize, size.height as usize];
            let under = ground(self.egui.theme());
            let picture = self.rasteriser.draw(&primitives, scale, size, under);
            self.surface.show(picture, &self.system)?;
        }
        if !self.shown {
            self.shown = true;
            self.system.set_visible(true);
        }
        Ok(())
    }
}
