//! Repairs: the button at a finding, the plan before anything is done, what came of it, and the changes that were made.

use authlight_core::report::{Finding, FixKind, Light};
use authlight_engine::state::{
    Action, ChangeRow, Changes, IfChanged, JobKind, Notice, PlanText, RepairEnd, RepairStage, Repairing, StepText,
    UndoEnd,
};
use eframe::egui::{Align, Key, Layout, ScrollArea, Ui, vec2};

use super::dialogs::take_focus_once;
use super::tokens::Type;
use super::widgets::{Weight, button, chips_and_remarks, heading, paragraph, rich, rule, width_of};
use super::{View, wording};

/// What a dialog has around what scrolls in it, in points: its margins, a row of buttons, and some air.
const AROUND: f32 = 132.0;
/// What scrolls is never less high, in points.
const SHORTEST: f32 = 100.0;

/// The button of the fix that a finding leads to, beside what to do now.
pub fn of_finding(ui: &mut Ui, view: &mut View<'_>, finding: &Finding) {
    let Some(fix) = &finding.fix else { return };
    // What nobody asked for takes no button away under the pointer: a plan is made of a look of its own.
    let looking = view.state.is_running(JobKind::Scan) && !view.state.looks_by_itself();
    if looking || view.state.whole_report().is_none() {
        return;
    }
    let text = view.words.text(fix.id.replace(['.', '_'], "-"));
    let weight = if fix.kind == FixKind::Auto { Weight::Primary } else { Weight::Secondary };
    if button(ui, &view.tokens, &text, weight, 0.0).clicked() {
        view.actions.extend(Action::of_fix(finding));
    }
}

/// A repair that is open.
pub fn show(ui: &mut Ui, view: &mut View<'_>, open: &Repairing) {
    match &open.stage {
        RepairStage::Planning => waiting(ui, view, "repair-planning"),
        RepairStage::Planned(plan) => planned(ui, view, plan),
        RepairStage::Refused(why) => told(ui, view, "repair-refused", &[why.as_str()]),
        RepairStage::Working => waiting(ui, view, "repair-working"),
        RepairStage::Ended(end) => ended(ui, view, end),
        RepairStage::Undoing(_) => waiting(ui, view, "repair-undoing"),
        RepairStage::Undone(end) => undone(ui, view, end),
    }
}

fn waiting(ui: &mut Ui, view: &View<'_>, key: &'static str) {
    heading(ui, &view.text(key), Type::Title, view.tokens.ink, 2);
}

fn told(ui: &mut Ui, view: &mut View<'_>, title: &'static str, sentences: &[&str]) {
    heading(ui, &view.text(title), Type::Title, view.tokens.ink, 2);
    for sentence in sentences {
        ui.label(rich(*sentence, Type::Body, view.tokens.ink));
    }
    ui.add_space(4.0);
    close(ui, view);
}

fn close(ui: &mut Ui, view: &mut View<'_>) {
    let closes = button(ui, &view.tokens, &view.text("repair-close"), Weight::Primary, 0.0);
    take_focus_once(ui, &closes, "repair-close");
    if closes.clicked() {
        view.act(Action::Escape);
    }
}

/// What can be long scrolls, with the page keys too, so that the buttons below it stay on the screen.
fn scrolling(ui: &mut Ui, name: &str, contents: impl FnOnce(&mut Ui)) {
    scrolling_above(ui, name, AROUND, contents);
}

/// The same, with so much around it that does not scroll, in points.
pub fn scrolling_above(ui: &mut Ui, name: &str, around: f32, contents: impl FnOnce(&mut Ui)) {
    let height = (ui.ctx().content_rect().height() - around).max(SHORTEST);
    let pages = ui.input(|input| {
        let pressed = |key| if input.key_pressed(key) { 1.0 } else { 0.0 };
        pressed(Key::PageUp) - pressed(Key::PageDown)
    });
    let area = ScrollArea::vertical().id_salt(name).max_height(height);
    // A dialog is as large as it was in the last frame: without this it would never grow.
    let area = area.min_scrolled_height(height).auto_shrink([false, true]);
    area.show(ui, |ui| {
        if pages != 0.0 {
            ui.scroll_with_delta(vec2(0.0, pages * height * 0.9));
        }
        contents(ui);
    });
}

fn planned(ui: &mut Ui, view: &mut View<'_>, plan: &PlanText) {
    let tokens = view.tokens;
    scrolling(ui, "plan", |ui| steps(ui, view, plan));
    if plan.by_hand || plan.useless {
        close(ui, view);
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let goes = button(ui, &tokens, &view.text("repair-do"), Weight::Primary, 0.0);
        take_focus_once(ui, &goes, "repair-do");
        if goes.clicked() {
            view.act(Action::DoRepair);
        }
        if button(ui, &tokens, &view.text("repair-cancel"), Weight::Secondary, 0.0).clicked() {
            view.act(Action::Escape);
        }
    });
}

fn steps(ui: &mut Ui, view: &mut View<'_>, plan: &PlanText) {
    let tokens = view.tokens;
    heading(ui, &plan.title, Type::Title, tokens.ink, 2);
    ui.label(rich(&plan.does, Type::Body, tokens.ink));
    lost_and_steps(ui, view, plan);
    rule(ui, &tokens);
    remarks(ui, view, plan);
    ui.add_space(4.0);
}

/// What is lost by a plan, and its steps.
pub fn lost_and_steps(ui: &mut Ui, view: &mut View<'_>, plan: &PlanText) {
    let tokens = view.tokens;
    if let Some(lost) = &plan.lost {
        ui.label(rich(lost, Type::Strong, tokens.ink));
    }
    for (at, shown) in plan.steps.iter().enumerate() {
        if at > 0 || !plan.does.is_empty() {
            rule(ui, &tokens);
        }
        let number = (plan.steps.len() > 1).then_some(at + 1);
        step(ui, view, number, shown, plan.by_hand);
    }
}

/// What is to be said below the steps of a plan.
pub fn remarks(ui: &mut Ui, view: &View<'_>, plan: &PlanText) {
    let tokens = view.tokens;
    if plan.useless {
        ui.label(rich(view.text("plan-stays"), Type::Strong, tokens.ink));
    } else if plan.undoable {
        ui.label(rich(view.text("plan-undoable"), Type::Body, tokens.muted));
    }
    if plan.by_hand {
        ui.label(rich(view.text("plan-by-hand"), Type::Body, tokens.muted));
    }
    for headline in &plan.afterwards {
        let text = view.text_with("plan-uncovers", &[("headline", headline.as_str().into())]);
        ui.label(rich(text, Type::Strong, tokens.ink));
    }
}

fn step(ui: &mut Ui, view: &mut View<'_>, number: Option<usize>, shown: &StepText, by_hand: bool) {
    let tokens = view.tokens;
    let number = number.map(|number| format!("{number}  ")).unwrap_or_default();
    ui.label(paragraph(&[(&number, Type::Strong, tokens.muted), (&shown.what, Type::Body, tokens.ink)]));
    if !shown.lines.is_empty() {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            lines(ui, view, &shown.lines);
        });
    }
    if let Some(command) = &shown.command {
        ui.horizontal_wrapped(|ui| {
            chips_and_remarks(ui, &tokens, &[command], "");
            copy(ui, view, command);
        });
    } else if by_hand {
        // A text for somebody else.
        ui.horizontal_wrapped(|ui| copy(ui, view, &shown.what));
    }
    if shown.for_good {
        ui.label(rich(view.text("plan-for-good"), Type::Strong, tokens.ink));
    }
}

fn copy(ui: &mut Ui, view: &mut View<'_>, text: &str) {
    if button(ui, &view.tokens, &view.text("repair-copy"), Weight::Secondary, 0.0).clicked() {
        view.act(Action::CopyCommand(text.to_owned()));
    }
    if view.state.notice == Some(Notice::CommandCopied) {
        ui.label(rich(view.text("notice-command-copied"), Type::Body, view.tokens.muted));
    }
}

/// The lines that change: what stands before them is as wide for each, so that they keep their indentation.
fn lines(ui: &mut Ui, view: &View<'_>, lines: &[(bool, String, String)]) {
    let tokens = &view.tokens;
    let before = |added: bool, place: &str| {
        format!("{} {place}", view.text(if added { "plan-line-comes" } else { "plan-line-goes" }))
    };
    let widths = lines.iter().map(|(added, place, _)| width_of(ui, &before(*added, place), Type::Small));
    let indent = widths.fold(0.0, f32::max) + 12.0;
    for (added, place, text) in lines {
        let light = if *added { Light::Green } else { Light::Red };
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.allocate_ui_with_layout(vec2(indent, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(indent);
                ui.label(rich(before(*added, place), Type::Small, tokens.light(light)));
            });
            ui.vertical(|ui| ui.label(rich(text, Type::Code, tokens.ink)));
        });
    }
}

fn ended(ui: &mut Ui, view: &mut View<'_>, end: &RepairEnd) {
    let tokens = view.tokens;
    let (change, undoable) = match end {
        RepairEnd::Healed { change, undoable } => {
            heading(ui, &view.text("repair-healed"), Type::Title, tokens.ink, 2);
            ui.label(rich(view.text("repair-healed-line"), Type::Body, tokens.ink));
            (change, *undoable)
        }
        RepairEnd::NotHealed { change, sentences } => {
            heading(ui, &view.text("repair-not-healed"), Type::Title, tokens.ink, 2);
            for sentence in sentences {
                ui.label(rich(sentence, Type::Body, tokens.ink));
            }
            (change, true)
        }
        RepairEnd::Failed(why) => {
            told(ui, view, "repair-failed", &[why.as_str()]);
            return;
        }
    };
    let healed = matches!(end, RepairEnd::Healed { .. });
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        // What is probably wanted comes first and has the keyboard.
        for closes in [healed, !healed] {
            let weight = if closes == healed { Weight::Primary } else { Weight::Secondary };
            if closes {
                let key = if healed { "repair-close" } else { "repair-keep" };
                let pressed = button(ui, &tokens, &view.text(key), weight, 0.0);
                if healed {
                    take_focus_once(ui, &pressed, "repair-ended");
                }
                if pressed.clicked() {
                    view.act(Action::Escape);
                }
            } else if undoable {
                let pressed = button(ui, &tokens, &view.text("repair-undo"), weight, 0.0);
                if !healed {
                    take_focus_once(ui, &pressed, "repair-ended");
                }
                if pressed.clicked() {
                    view.act(Action::UndoChange(change.clone(), IfChanged::Ask));
                }
            }
        }
    });
}

fn undone(ui: &mut Ui, view: &mut View<'_>, end: &UndoEnd) {
    match end {
        UndoEnd::Done(left) => {
            let line = view.text("repair-undone-line");
            let left: Vec<String> =
                left.iter().map(|path| view.text_with("undo-left", &[("path", path.as_str().into())])).collect();
            let sentences: Vec<&str> = std::iter::once(line.as_str()).chain(left.iter().map(String::as_str)).collect();
            told(ui, view, "repair-undone", &sentences);
        }
        UndoEnd::Failed(why) => told(ui, view, "repair-not-undone", &[why.as_str()]),
        UndoEnd::ChangedSince { change, path } => {
            let tokens = view.tokens;
            heading(ui, &view.text("repair-changed-since"), Type::Title, tokens.ink, 2);
            let text = view.text_with("repair-changed-since-line", &[("path", path.as_str().into())]);
            ui.label(rich(text, Type::Body, tokens.ink));
            ui.add_space(4.0);
            ui.horizontal_wrapped(|ui| {
                for (key, choice) in [("undo-keep", IfChanged::Keep), ("undo-put-back", IfChanged::PutBack)] {
                    if button(ui, &tokens, &view.text(key), Weight::Secondary, 0.0).clicked() {
                        view.act(Action::UndoChange(change.clone(), choice));
                    }
                }
                let cancels = button(ui, &tokens, &view.text("repair-cancel"), Weight::Primary, 0.0);
                take_focus_once(ui, &cancels, "repair-changed-since");
                if cancels.clicked() {
                    view.act(Action::Escape);
                }
            });
        }
    }
}

/// The changes that were made.
pub fn changes(ui: &mut Ui, view: &mut View<'_>, changes: &Changes) {
    let tokens = view.tokens;
    scrolling(ui, "changes", |ui| {
        heading(ui, &view.text("changes-title"), Type::Title, tokens.ink, 2);
        if changes.rows.is_empty() {
            ui.label(rich(view.text("history-none"), Type::Body, tokens.ink));
        }
        ui.spacing_mut().item_spacing.y = 6.0;
        for row in &changes.rows {
            rule(ui, &tokens);
            change(ui, view, row);
        }
        if changes.backups > 0 {
            rule(ui, &tokens);
            let kilobytes = usize::try_from(changes.backups.div_ceil(1000)).unwrap_or(usize::MAX);
            let text = view.text_with("changes-backups", &[("kilobytes", kilobytes.into())]);
            ui.label(rich(text, Type::Body, tokens.muted));
        }
        ui.add_space(4.0);
    });
    ui.horizontal_wrapped(|ui| {
        close(ui, view);
        if changes.backups > 0
            && button(ui, &tokens, &view.text("changes-delete-backups"), Weight::Secondary, 0.0).clicked()
        {
            view.act(Action::DeleteBackups);
        }
    });
}

fn change(ui: &mut Ui, view: &mut View<'_>, row: &ChangeRow) {
    let tokens = view.tokens;
    let state = format!("  {}", row.state);
    ui.label(paragraph(&[(&row.what, Type::Strong, tokens.ink), (&state, Type::Small, tokens.muted)]));
    let places: Vec<&str> = row.places.iter().map(String::as_str).collect();
    chips_and_remarks(ui, &tokens, &places, &wording::moment(view.words, &row.when));
    if row.undoable && button(ui, &tokens, &view.text("repair-undo"), Weight::Secondary, 0.0).clicked() {
        view.act(Action::UndoChange(row.change.clone(), IfChanged::Ask));
    }
}
