//! Repairs: the button at a finding, the plan before anything is done, what came of it, and the changes that were made.

use authlight_core::report::{Finding, FixKind};
use authlight_engine::state::{
    Action, ChangeRow, Changes, IfChanged, JobKind, PlanText, RepairEnd, RepairStage, Repairing, StepText, UndoEnd,
};
use eframe::egui::{ScrollArea, Ui, vec2};

use super::View;
use super::dialogs::take_focus_once;
use super::tokens::Type;
use super::widgets::{Weight, button, chips_and_remarks, heading, paragraph, rich, rule};

/// The button of the fix that a finding leads to, beside what to do now.
pub fn of_finding(ui: &mut Ui, view: &mut View<'_>, finding: &Finding) {
    let Some(fix) = &finding.fix else { return };
    if view.state.is_running(JobKind::Scan) || view.state.whole_report().is_none() {
        return;
    }
    let text = view.words.text(fix.id.replace(['.', '_'], "-"));
    let weight = if fix.kind == FixKind::Auto { Weight::Primary } else { Weight::Secondary };
    if button(ui, &view.tokens, &text, weight, 0.0).clicked() {
        view.act(Action::open_repair(&fix.id, &finding.instance));
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

fn planned(ui: &mut Ui, view: &mut View<'_>, plan: &PlanText) {
    let tokens = view.tokens;
    heading(ui, &plan.title, Type::Title, tokens.ink, 2);
    ui.label(rich(&plan.does, Type::Body, tokens.ink));
    if let Some(lost) = &plan.lost {
        ui.label(rich(lost, Type::Strong, tokens.ink));
    }
    let height = (ui.ctx().content_rect().height() - 320.0).max(120.0);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        for (number, shown) in plan.steps.iter().enumerate() {
            rule(ui, &tokens);
            step(ui, view, number + 1, shown);
        }
    });
    rule(ui, &tokens);
    if plan.undoable {
        ui.label(rich(view.text("plan-undoable"), Type::Body, tokens.muted));
    }
    if plan.by_hand {
        ui.label(rich(view.text("plan-by-hand"), Type::Body, tokens.muted));
    }
    if plan.useless {
        ui.label(rich(view.text("plan-stays"), Type::Strong, tokens.ink));
    }
    for headline in &plan.afterwards {
        let text = view.text_with("plan-uncovers", &[("headline", headline.as_str().into())]);
        ui.label(rich(text, Type::Strong, tokens.ink));
    }
    ui.add_space(4.0);
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

fn step(ui: &mut Ui, view: &mut View<'_>, number: usize, shown: &StepText) {
    let tokens = view.tokens;
    ui.label(paragraph(&[(&format!("{number}  "), Type::Strong, tokens.muted), (&shown.what, Type::Body, tokens.ink)]));
    for (added, place, text) in &shown.lines {
        let (key, light) = if *added {
            ("plan-line-comes", authlight_core::report::Light::Green)
        } else {
            ("plan-line-goes", authlight_core::report::Light::Red)
        };
        let word = format!("{} {place}  ", view.text(key));
        ui.label(paragraph(&[(&word, Type::Small, tokens.light(light)), (text, Type::Code, tokens.ink)]));
    }
    if let Some(command) = &shown.command {
        ui.horizontal_wrapped(|ui| {
            chips_and_remarks(ui, &tokens, &[command], "");
            if button(ui, &tokens, &view.text("repair-copy"), Weight::Secondary, 0.0).clicked() {
                view.act(Action::CopyCommand(command.clone()));
            }
        });
    }
    if shown.for_good {
        ui.label(rich(view.text("plan-for-good"), Type::Strong, tokens.ink));
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
    heading(ui, &view.text("changes-title"), Type::Title, tokens.ink, 2);
    if changes.rows.is_empty() {
        ui.label(rich(view.text("history-none"), Type::Body, tokens.ink));
    }
    let height = (ui.ctx().content_rect().height() - 260.0).max(120.0);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(12.0, 4.0);
        for row in &changes.rows {
            rule(ui, &tokens);
            change(ui, view, row);
        }
    });
    if changes.backups > 0 {
        rule(ui, &tokens);
        let kilobytes = usize::try_from(changes.backups.div_ceil(1000)).unwrap_or(usize::MAX);
        let text = view.text_with("changes-backups", &[("kilobytes", kilobytes.into())]);
        ui.label(rich(text, Type::Body, tokens.muted));
    }
    ui.add_space(4.0);
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
    chips_and_remarks(ui, &tokens, &places, &row.when);
    if row.undoable && button(ui, &tokens, &view.text("repair-undo"), Weight::Secondary, 0.0).clicked() {
        view.act(Action::UndoChange(row.change.clone(), IfChanged::Ask));
    }
}
