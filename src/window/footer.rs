//! The line at the bottom: what was sent, of what the facts are, the code for the phone. Above it, what happened last.

use authlight_engine::state::{Action, Notice};
use eframe::egui::{Align, Frame, Layout, Margin, Role, Stroke, Ui, vec2};

use super::tokens::{Tokens, Type};
use super::widgets::{link, link_of, paragraph, rich, width_of};
use super::{View, walkthrough, wording};

pub fn show(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = view.tokens;
    let bar = Frame::new().inner_margin(Margin::symmetric(20, 9)).show(ui, |ui| {
        ui.take_available_width();
        ui.spacing_mut().item_spacing = vec2(18.0, 6.0);
        notice(ui, view);
        line(ui, view, &tokens);
    });
    let rect = bar.response.rect;
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, tokens.line));
}

fn notice(ui: &mut Ui, view: &mut View<'_>) {
    let text = match &view.state.notice {
        Some(Notice::Copied) => view.text("notice-copied"),
        Some(Notice::CommandCopied) => view.text("notice-command-copied"),
        Some(Notice::HeldBack) => view.text("notice-held-back"),
        Some(Notice::JobBroke(_)) => view.text("notice-broke"),
        Some(Notice::TerminalNotOpened) => view.text("sign-in-terminal-none.do"),
        Some(Notice::PageNotOpened(url)) => view.text_with("notice-page", &[("url", url.as_str().into())]),
        None => return,
    };
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(rich(&text, Type::Button, view.tokens.ink));
        ui.ctx().accesskit_node_builder(label.id, |node| {
            node.set_role(Role::Status);
            node.set_label(text);
        });
        if link(ui, &view.tokens, &view.text("notice-close")).clicked() {
            view.act(Action::DismissNotice);
        }
    });
}

/// What can be repaired at any time, and what was changed.
fn ways(ui: &mut Ui, view: &mut View<'_>) {
    walkthrough::menu(ui, view);
    if link_of(ui, &view.tokens, &view.text("changes-open"), Type::Small).clicked() {
        view.act(Action::OpenChanges);
    }
}

fn line(ui: &mut Ui, view: &mut View<'_>, tokens: &Tokens) {
    let Some(report) = view.state.report.as_deref() else {
        ui.horizontal_wrapped(|ui| {
            ui.label(rich(view.text("sent-nothing"), Type::Small, tokens.muted));
            ways(ui, view);
        });
        return;
    };
    let sent = match report.live.sent.len() {
        0 => view.text("sent-nothing"),
        count => view.text_with("sent-some", &[("count", count.into())]),
    };
    let first = report.claude.installs.iter().find(|install| install.first).or(report.claude.installs.first());
    let claude = match first.map(|install| install.version.as_deref().unwrap_or("?")) {
        Some(version) => view.text_with("claude-version", &[("version", version.into())]),
        None => view.text("claude-none"),
    };
    let day = wording::day(view.words, &report.tool.facts_checked);
    let facts = view.text_with("facts-day", &[("day", day.into())]);
    let tool = format!("{} {}", view.text("window-title"), report.tool.version);
    // A part of a report has no code yet.
    let code = view.state.whole_report().map(|report| report.verdict.check_code.clone()).unwrap_or_default();
    let label = if code.is_empty() { String::new() } else { format!("{} ", view.text("phone-code")) };

    let quiet = [sent, claude, facts, tool];
    let code_width = width_of(ui, &label, Type::Small) + width_of(ui, &code, Type::SmallStrong);
    let links = ["walk-menu", "changes-open"];
    let link_width: f32 = links.iter().map(|key| width_of(ui, &view.text(key), Type::Small) + 18.0).sum();
    let quiet_width: f32 = link_width + quiet.iter().map(|text| width_of(ui, text, Type::Small) + 18.0).sum::<f32>();
    let width = ui.available_width();
    let space = width - quiet_width - code_width - 0.5;
    ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::left_to_right(Align::Center).with_main_wrap(true), |ui| {
        for text in quiet {
            ui.label(rich(text, Type::Small, tokens.muted));
        }
        ways(ui, view);
        if space >= 0.0 && !code.is_empty() {
            ui.add_space(space);
            phone_code(ui, tokens, &label, &code);
        }
    });
    // Label and code stay together: at the end of the row, or on one of their own.
    if space < 0.0 && !code.is_empty() {
        phone_code(ui, tokens, &label, &code);
    }
}

fn phone_code(ui: &mut Ui, tokens: &Tokens, label: &str, code: &str) {
    ui.label(paragraph(&[(label, Type::Small, tokens.muted), (code, Type::SmallStrong, tokens.ink)]));
}
