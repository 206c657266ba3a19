//! The field for a key. What egui keeps of a field, its undo history, the accessibility tree and the picture, holds dots
//! alone: the key is beside them, in memory that is cleared.

use std::ops::Range;

use authlight_core::secret::Secret;
use authlight_engine::state::Action;
use authlight_engine::state::walkthrough::key::{KeyClick, TypedKey};
use eframe::egui::text::CharIndex;
use eframe::egui::{Event, Id, Response, TextBuffer, TextEdit, Ui, vec2};
use zeroize::{Zeroize as _, Zeroizing};

use super::super::View;
use super::super::dialogs::take_focus_once;
use super::super::tokens::Type;
use super::super::widgets::rich;

/// What stands for a character.
const DOT: char = '•';
/// No key is longer, in characters.
const LONGEST: usize = 1000;

/// A key, and as many dots.
struct Masked {
    key: Zeroizing<String>,
    dots: String,
}

impl Masked {
    #[expect(clippy::disallowed_methods, reason = "the field in which it is typed")]
    fn of(typed: &TypedKey) -> Self {
        // Room for all that can come: what grows leaves its old place uncleared.
        let mut key = Zeroizing::new(String::with_capacity(4 * LONGEST));
        key.push_str(typed.0.reveal());
        let dots = key.chars().map(|_| DOT).collect();
        Self { key, dots }
    }

    fn byte(&self, at: CharIndex) -> usize {
        self.key.char_indices().nth(at.0).map_or(self.key.len(), |(byte, _)| byte)
    }
}

impl TextBuffer for Masked {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        &self.dots
    }

    fn insert_text(&mut self, text: &str, at: CharIndex) -> usize {
        let room = LONGEST.saturating_sub(self.key.chars().count());
        let mut place = self.byte(at);
        let mut inserted = 0;
        // What a copy brings along around a key is no part of it.
        for letter in text.trim().chars().filter(|letter| !matches!(letter, '\r' | '\n')).take(room) {
            self.key.insert(place, letter);
            place += letter.len_utf8();
            self.dots.push(DOT);
            inserted += 1;
        }
        inserted
    }

    fn delete_char_range(&mut self, range: Range<CharIndex>) {
        let (from, to) = (self.byte(range.start), self.byte(range.end));
        self.key.replace_range(from..to, "");
        self.dots = self.key.chars().map(|_| DOT).collect();
    }

    /// What the undo history would bring back is dots.
    fn replace_with(&mut self, _: &str) {}

    fn type_id(&self) -> std::any::TypeId {
        std::any::TypeId::of::<Self>()
    }
}

/// The field of the walkthroughs about a key.
pub fn show(ui: &mut Ui, view: &mut View<'_>, typed: &TypedKey) {
    let label = view.text("walk-key-field");
    let (field, key) = masked(ui, view, &label, Type::Small, Id::unique("new key"), typed);
    take_focus_once(ui, &field, "new-key");
    if let Some(key) = key {
        view.act(Action::Key(KeyClick::Typed(key)));
    }
}

/// A field below its name, and what stands in it if that has changed.
pub fn masked(
    ui: &mut Ui,
    view: &View<'_>,
    label: &str,
    kind: Type,
    id: Id,
    typed: &TypedKey,
) -> (Response, Option<Secret>) {
    let tokens = view.tokens;
    let ink = if kind == Type::Small { tokens.muted } else { tokens.ink };
    let label = ui.label(rich(label, kind, ink));
    let mut masked = Masked::of(typed);
    let field = ui
        .scope(|ui| {
            ui.visuals_mut().widgets.inactive.bg_stroke.color = tokens.edge;
            let edit = TextEdit::singleline(&mut masked).id(id).password(true).char_limit(LONGEST);
            ui.add(edit.margin(vec2(10.0, 7.0)).desired_width(f32::INFINITY))
        })
        .inner
        .labelled_by(label.id);
    let changed = field.changed();
    if changed {
        forget_what_was_typed(ui);
    }
    let key = changed.then(|| Secret::new(std::mem::take(&mut *masked.key)));
    (field, key)
}

/// What came from the keyboard or the clipboard stays in egui until the next frame, which may come much later.
fn forget_what_was_typed(ui: &Ui) {
    ui.input_mut(|input| {
        for event in input.events.iter_mut().chain(&mut input.raw.events) {
            if let Event::Text(text) | Event::Paste(text) = event {
                text.zeroize();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> Masked {
        Masked::of(&TypedKey(Secret::new(text)))
    }

    #[test]
    fn what_is_shown_is_dots_and_the_key_is_edited_beside_them() {
        let mut field = masked("");
        assert_eq!(field.insert_text("  sk-é-x\r\n", CharIndex(0)), 6);
        assert_eq!(field.insert_text("1", CharIndex(4)), 1);
        assert_eq!((field.key.as_str(), field.as_str()), ("sk-é1-x", "•••••••"));
        field.delete_char_range(CharIndex(3)..CharIndex(5));
        assert_eq!((field.key.as_str(), field.as_str()), ("sk--x", "•••••"));
        field.replace_with("•••••••");
        assert_eq!(field.key.as_str(), "sk--x", "the undo history brings nothing back");
        field.clear();
        assert!(field.key.is_empty() && field.as_str().is_empty());
    }

    #[test]
    fn nothing_is_longer_than_a_key_can_be() {
        let mut field = masked("");
        assert_eq!(field.insert_text(&"x".repeat(5000), CharIndex(0)), LONGEST);
        assert_eq!(field.insert_text("y", CharIndex(3)), 0);
        assert!(field.key.capacity() >= 4 * LONGEST);
    }
}
