//! The window: a pure view of the engine's [`State`]. It draws, and collects [`Action`]s; nothing is decided here.

mod checklist;
mod desktop;
mod detail;
mod dialogs;
mod footer;
mod ladder;
mod live;
mod matrix;
mod paste;
mod practice;
mod repair;
pub mod shapes;
pub mod software;
mod system_fonts;
pub mod tokens;
mod told_by;
mod top_bar;
mod verdict;
mod walkthrough;
mod what_if;
mod widgets;
mod wording;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use authlight_core::message::Argument;
use authlight_core::report::Cause;
use authlight_engine::act::jobs::{Engine, Jobs, Waker};
use authlight_engine::state::{Action, Context, Effect, JobKind, State};
use authlight_engine::words::Language;
use eframe::egui::{self, CentralPanel, Frame, Key, KeyboardShortcut, Layout, Margin, Modifiers, ScrollArea, Ui, vec2};

pub use desktop::{ChosenReply, Desktop, SystemDesktop};
pub use system_fonts::fall_back_on_system_fonts;

use crate::software_window::Content;
use tokens::Tokens;

/// What the window starts with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder to examine; none: the last one that Claude Code worked in.
    pub project: Option<PathBuf>,
    /// Whose environment; none: the first that the engine can examine.
    pub context: Option<Context>,
    /// The title of the practice scenario that is shown, where one is.
    pub practice: Option<String>,
}

/// The window's own state: the engine's, and what carries out its effects.
pub struct Window {
    state: State,
    jobs: Jobs,
    words: Language,
    desktop: Box<dyn Desktop>,
    waker: Waker,
    practice: Option<String>,
    /// What the system's dialogs gave back.
    browsed: (Sender<Action>, Receiver<Action>),
    /// Called when the first frame has been handed over, which is when the second begins.
    on_drawn: Option<Box<dyn FnOnce()>>,
    first_frame: Option<u64>,
    /// Where the keyboard goes next, because a shortcut chose it.
    focus: Option<Cause>,
    /// What waits until the report is on the screen, and the frame that shows it.
    after_the_report: Option<(u64, Effect)>,
}

/// What the parts of the screen are drawn from, and where they leave what the person did.
struct View<'a> {
    state: &'a State,
    words: &'a Language,
    tokens: Tokens,
    focus: Option<Cause>,
    practice: Option<&'a str>,
    actions: Vec<Action>,
}

impl View<'_> {
    fn text(&self, key: &'static str) -> String {
        self.words.text(key)
    }

    fn text_with(&self, key: &'static str, args: &[(&'static str, Argument)]) -> String {
        self.words.text_with(key, args)
    }

    fn act(&mut self, action: Action) {
        self.actions.push(action);
    }
}

/// From this width on, in points, the list and the cause stand side by side.
const WIDE: f32 = 760.0;
/// Below this height, in points, everything scrolls together.
const SHORT: f32 = 500.0;
/// Width of the list, in points, where there is room for it.
const LIST_WIDTH: f32 = 344.0;
/// Space between the list and the cause, in points.
const GUTTER: f32 = 18.0;

impl Window {
    /// A window on this engine. It begins to look at once.
    pub fn new(ctx: &egui::Context, engine: Arc<dyn Engine>, options: Options, desktop: Box<dyn Desktop>) -> Self {
        tokens::apply(ctx);
        ctx.set_theme(egui::ThemePreference::System);
        // Where the system does not say, as on plain X11.
        ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
        let repaint = ctx.clone();
        let waker: Waker = Arc::new(move || repaint.request_repaint());
        let mut window = Self {
            state: State::new(options.project, options.context, engine.contexts()),
            practice: options.practice,
            jobs: Jobs::new(engine, Arc::clone(&waker)),
            words: Language::english(),
            desktop,
            waker,
            browsed: channel(),
            on_drawn: None,
            first_frame: None,
            focus: None,
            after_the_report: None,
        };
        window.take(Action::Start, ctx);
        window
    }

    /// Calls `drawn` once the first frame has been handed over to whatever draws it.
    #[must_use]
    pub fn telling(self, drawn: impl FnOnce() + 'static) -> Self {
        Self { on_drawn: Some(Box::new(drawn)), ..self }
    }

    /// What the window knows.
    pub fn state(&self) -> &State {
        &self.state
    }

    fn take(&mut self, action: Action, ctx: &egui::Context) {
        for effect in self.state.update(action) {
            if matches!(effect, Effect::FillTable(_)) {
                // The verdict first: the table is of every other folder, and stands below it.
                self.after_the_report = Some((ctx.cumulative_frame_nr(), effect));
                ctx.request_repaint();
                continue;
            }
            match self.jobs.start(effect) {
                Some(Effect::Copy(text)) => ctx.copy_text(text),
                Some(Effect::Open(url)) if !self.desktop.open(&url) => self.take(Action::PageNotOpened(url), ctx),
                Some(Effect::ChooseFolder) => self.desktop.choose_folder(self.browsing(Action::FolderBrowsed)),
                Some(Effect::ChooseFile) => self.desktop.choose_file(self.browsing(Action::FileBrowsed)),
                _ => {}
            }
        }
    }

    fn browsing(&self, then: fn(Option<PathBuf>) -> Action) -> ChosenReply {
        let (sender, waker) = (self.browsed.0.clone(), Arc::clone(&self.waker));
        Box::new(move |chosen| {
            // The window may have gone meanwhile.
            let _gone = sender.send(then(chosen));
            waker();
        })
    }

    fn tell_when_drawn(&mut self, ctx: &egui::Context) {
        if self.on_drawn.is_none() {
            return;
        }
        let frame = ctx.cumulative_frame_nr();
        if frame > *self.first_frame.get_or_insert(frame) {
            if let Some(drawn) = self.on_drawn.take() {
                drawn();
            }
        } else {
            ctx.request_repaint();
        }
    }

    fn shortcuts(&mut self, ctx: &egui::Context) -> Vec<Action> {
        let pressed =
            |modifiers, key| ctx.input_mut(|input| input.consume_shortcut(&KeyboardShortcut::new(modifiers, key)));
        let mut actions = Vec::new();
        if pressed(Modifiers::NONE, Key::F5) || pressed(Modifiers::COMMAND, Key::R) {
            actions.push(Action::CheckAgain);
        }
        if pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::C) {
            actions.push(Action::CopyForHelpdesk);
        }
        let numbers = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5];
        for (cause, key) in Cause::FIVE.into_iter().zip(numbers) {
            if pressed(Modifiers::ALT, key) {
                self.focus = Some(cause);
                actions.push(Action::ChooseCause(cause));
            }
        }
        let focused = ctx.input(|input| input.events.contains(&egui::Event::WindowFocused(true)));
        if focused {
            actions.push(Action::CameBack);
        }
        // An open list of choices closes itself.
        if !egui::Popup::is_any_open(ctx) && ctx.input(|input| input.key_pressed(Key::Escape)) {
            actions.push(Action::Escape);
        }
        actions
    }
}

impl Content for Window {
    /// Takes in what the jobs have found since the last call.
    fn prepare(&mut self, ctx: &egui::Context) {
        if let Some((_, effect)) = self.after_the_report.take_if(|(frame, _)| ctx.cumulative_frame_nr() > *frame) {
            self.jobs.start(effect);
        }
        for action in self.jobs.arrived() {
            self.take(action, ctx);
        }
        while let Ok(chosen) = self.browsed.1.try_recv() {
            self.take(chosen, ctx);
        }
    }

    /// Draws, and carries out what the person does.
    fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.tell_when_drawn(&ctx);
        let mut actions = self.shortcuts(&ctx);
        let mut view = View {
            state: &self.state,
            words: &self.words,
            tokens: Tokens::of(ctx.theme()),
            focus: self.focus.take(),
            practice: self.practice.as_deref(),
            actions: Vec::new(),
        };
        draw(ui, &mut view);
        actions.append(&mut view.actions);
        let changed = !actions.is_empty();
        for action in actions {
            self.take(action, &ctx);
        }
        if changed {
            // What was done shows in the next frame; without this it would wait for the pointer to move.
            ctx.request_repaint();
        }
    }
}

/// The largest side of a texture, in texels. All letters that are in use lie in one; the wider it may be, the more of it
/// is empty, and all of it is copied whenever it grows.
pub const LARGEST_TEXTURE: usize = 2048;

/// What the window lies on: whoever draws it clears with this colour, so that no shape has to cover all of it.
pub fn ground(theme: egui::Theme) -> egui::Color32 {
    Tokens::of(theme).background
}

impl eframe::App for Window {
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        ground(egui::Theme::from_dark_mode(visuals.dark_mode)).to_normalized_gamma_f32()
    }

    fn raw_input_hook(&mut self, _ctx: &egui::Context, input: &mut egui::RawInput) {
        if let Some(side) = &mut input.max_texture_side {
            *side = LARGEST_TEXTURE.min(*side);
        }
    }

    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        Content::prepare(self, ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        Content::show(self, ui);
    }
}

fn draw(ui: &mut Ui, view: &mut View<'_>) {
    if ui.available_height() < SHORT {
        CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                practice::show(ui, view);
                top_bar::show(ui, view);
                verdict::show(ui, view);
                body(ui, view);
                footer::show(ui, view);
            });
        });
    } else {
        let bare = Frame::new();
        if view.practice.is_some() {
            let banner = egui::Panel::top("practice").frame(bare).show_separator_line(false);
            banner.show(ui, |ui| practice::show(ui, view));
        }
        egui::Panel::top("top").frame(bare).show_separator_line(false).show(ui, |ui| top_bar::show(ui, view));
        egui::Panel::top("verdict").frame(bare).show_separator_line(false).show(ui, |ui| verdict::show(ui, view));
        egui::Panel::bottom("footer").frame(bare).show_separator_line(false).show(ui, |ui| footer::show(ui, view));
        CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| body(ui, view));
        });
    }
    dialogs::show(ui.ctx(), view);
}

fn body(ui: &mut Ui, view: &mut View<'_>) {
    Frame::new().inner_margin(Margin::symmetric(18, 16)).show(ui, |ui| {
        if ui.available_width() + 36.0 >= WIDE {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                let width = (ui.available_width() * 0.36).min(LIST_WIDTH);
                ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_width(width);
                    list(ui, view);
                });
                ui.add_space(GUTTER);
                ui.vertical(|ui| cards(ui, view));
            });
        } else {
            ui.take_available_width();
            list(ui, view);
            ui.add_space(16.0);
            cards(ui, view);
        }
    });
}

fn list(ui: &mut Ui, view: &mut View<'_>) {
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    checklist::show(ui, view);
    ui.add_space(12.0);
    paste::show_button(ui, view);
}

fn cards(ui: &mut Ui, view: &mut View<'_>) {
    ui.spacing_mut().item_spacing = vec2(8.0, 12.0);
    paste::show(ui, view);
    detail::show(ui, view);
    if view.state.report.is_some() && !view.state.is_outdated() {
        of_the_report(ui, view);
    }
    // It is of every folder, and the keyboard may be in it: it stays while another folder is looked at.
    matrix::show(ui, view);
}

/// What stands for the chosen folder and context alone.
fn of_the_report(ui: &mut Ui, view: &mut View<'_>) {
    if view.state.is_running(JobKind::Test) || view.state.report.as_ref().is_some_and(|r| !r.live.stages.is_empty()) {
        live::show(ui, view);
    }
    ladder::show(ui, view);
}
