//! The place in a text that a grammar has come to, and the steps that all grammars take.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

use std::ops::Range;
use std::rc::Rc;

use super::text::Text;
use crate::secret::Secret;

/// How deep commands may stand in one another.
const DEPTH: usize = 48;

/// The grammar gives up here.
pub(super) struct Broken;

/// What sets a grammar apart.
pub(super) trait Grammar {
    /// Signs between words.
    const BLANKS: &'static [u8];

    /// Whether a sign ends a word.
    fn ends_word(byte: u8) -> bool;
}

/// A place in a text.
pub(super) struct Cursor<'a, G> {
    pub whole: &'a Rc<Secret>,
    /// The whole up to where reading ends.
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub at: usize,
    /// How deep in other commands this one stands.
    pub depth: usize,
    pub grammar: G,
}

impl<'a, G: Grammar> Cursor<'a, G> {
    /// Reads a part of a text.
    pub fn new(whole: &'a Rc<Secret>, part: Range<usize>, depth: usize, grammar: G) -> Self {
        let text = &whole.reveal()[..part.end];
        Self { whole, text, bytes: text.as_bytes(), at: part.start, depth, grammar }
    }

    /// Reads a text.
    pub fn all_of(whole: &'a Rc<Secret>, grammar: G) -> Self {
        Self::new(whole, 0..whole.reveal().len(), 0, grammar)
    }

    /// The text from a place on up to here.
    pub fn since(&self, start: usize) -> Text {
        Text::piece(self.whole, start..self.at)
    }

    pub fn done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next byte, 0 at the end.
    pub fn peek(&self) -> u8 {
        self.byte(0)
    }

    /// A byte further on, 0 behind the end.
    pub fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub fn starts(&self, text: &str) -> bool {
        self.rest().starts_with(text.as_bytes())
    }

    /// The next character, as a text.
    pub fn take_text(&mut self) -> Text {
        let start = self.at;
        self.take_char();
        self.since(start)
    }

    /// The next character.
    pub fn take_char(&mut self) -> &'a str {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        let taken = &self.text[self.at..self.at + length];
        self.at += length;
        taken
    }

    /// Reads what stands in something else, unless that is too deep.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Broken>) -> Result<T, Broken> {
        if self.depth >= DEPTH {
            return Err(Broken);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Blanks, continued lines and comments.
    pub fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                b'\\' if self.byte(1) == b'\n' => self.at += 2,
                b'#' => self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len()),
                blank if G::BLANKS.contains(&blank) => self.at += 1,
                _ => return,
            }
        }
    }

    /// The reserved word that stands here, if what stands here could be one.
    pub fn reserved(&self) -> &'a str {
        let length = self.rest().iter().take(12).take_while(|byte| !G::ends_word(**byte)).count();
        self.text.get(self.at..self.at + length).unwrap_or("")
    }

    /// Takes a reserved word.
    pub fn expect(&mut self, word: &str) -> Result<(), Broken> {
        if self.reserved() != word {
            return Err(Broken);
        }
        self.at += word.len();
        Ok(())
    }
}
