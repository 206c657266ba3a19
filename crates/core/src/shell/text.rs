//! The texts that words are made of: pieces of the file in which they stand, so that reading it copies little.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

use std::ops::{Deref, Range};
use std::rc::Rc;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A text. It may be a secret, and is cleared like one.
#[derive(Clone)]
pub(super) enum Text {
    /// As it stands in a longer one.
    Piece { whole: Rc<Secret>, at: Range<usize> },
    /// Put together.
    Own(Zeroizing<String>),
    /// One of ours, or none.
    Plain(&'static str),
}

impl Text {
    pub fn piece(whole: &Rc<Secret>, at: Range<usize>) -> Self {
        Self::Piece { whole: Rc::clone(whole), at }
    }

    /// A part of it, given in bytes.
    pub fn part(&self, part: Range<usize>) -> Self {
        match self {
            Self::Piece { whole, at } => Self::piece(whole, at.start + part.start..at.start + part.end),
            Self::Own(text) => text[part].into(),
            Self::Plain(text) => Self::Plain(&text[part]),
        }
    }

    pub fn push(&mut self, next: &Self) {
        match (&mut *self, next) {
            (_, next) if next.is_empty() => {}
            (text, next) if text.is_empty() => *text = next.clone(),
            (Self::Piece { whole, at }, Self::Piece { whole: same, at: behind })
                if at.end == behind.start && Rc::ptr_eq(whole, same) =>
            {
                at.end = behind.end;
            }
            (Self::Own(text), next) => grow(text, next),
            (text, next) => {
                let mut own = Zeroizing::new(String::with_capacity((text.len() + next.len()) * 2));
                own.push_str(text);
                own.push_str(next);
                *self = Self::Own(own);
            }
        }
    }

    /// Without one more copy of what was put together.
    pub fn into_secret(self) -> Secret {
        match self {
            Self::Piece { .. } | Self::Plain(_) => Secret::new(&*self),
            Self::Own(mut text) => Secret::new(std::mem::take(&mut *text)),
        }
    }
}

/// Growing may leave a copy of the text behind; here a new buffer takes it, and the old one is cleared when it goes.
pub(super) fn grow(text: &mut Zeroizing<String>, next: &str) {
    if text.capacity() < text.len() + next.len() {
        let mut grown = Zeroizing::new(String::with_capacity((text.len() + next.len()) * 2));
        grown.push_str(text);
        *text = grown;
    }
    text.push_str(next);
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Piece { whole, at } => &whole.reveal()[at.clone()],
            Self::Own(text) => text,
            Self::Plain(text) => text,
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::Plain("")
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Own(Zeroizing::new(text.to_owned()))
    }
}
