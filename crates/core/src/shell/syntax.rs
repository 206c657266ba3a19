//! What a shell program is made of. Both grammars ([`super::posix`] and [`super::fish`]) give these pieces.
//!
//! Only what decides about variables is kept; the rest is [`Node::Other`]. Places are byte offsets into the text.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::text::Text;

/// What a grammar comes to next. A program is read piece by piece, so that no more than one of them is held.
pub(super) enum Piece {
    /// Commands that the shell takes in at once.
    Commands {
        nodes: Vec<Node>,
        /// Not every `sh` understands them.
        dubious: bool,
    },
    /// The grammar gives up here, and the program ends.
    Broken(usize),
}

/// A program with the places at which a line of its own may stand.
#[derive(Default)]
pub(super) struct Layout {
    /// What the shell takes in at once, one after the other.
    pub lines: Vec<Line>,
    /// Where a new line may begin: commands are read there, neither a text of several lines nor a here-document.
    pub fresh: Vec<usize>,
    /// Where the grammar gives up.
    pub broken: Option<usize>,
}

/// Commands that the shell takes in at once.
pub(super) struct Line {
    /// Where they begin.
    pub at: usize,
    pub nodes: Vec<Node>,
    /// Not every `sh` understands them.
    pub dubious: bool,
}

impl Layout {
    /// The last such place that is not behind another one.
    pub fn fresh_before(&self, at: usize) -> Option<usize> {
        let behind = self.fresh.partition_point(|fresh| *fresh <= at);
        self.fresh[..behind].last().copied()
    }
}

pub(super) enum Node {
    Simple(Vec<Word>),
    /// Condition and body of each arm; the last body has no condition.
    If {
        arms: Vec<(Vec<Node>, Vec<Node>)>,
        otherwise: Vec<Node>,
    },
    Case {
        subject: Word,
        /// The patterns of each arm, None where one is known only when the shell runs.
        arms: Vec<(Vec<Option<String>>, Vec<Node>)>,
    },
    /// `for`, `while`, `until`, `select`, `repeat`: runs never, once or many times.
    Loop {
        condition: Vec<Node>,
        variable: Option<String>,
        /// What `variable` goes through, where it is written there.
        words: Option<Vec<Word>>,
        body: Vec<Node>,
    },
    Group(Vec<Node>),
    /// Runs in a process of its own: nothing that it sets lasts.
    Apart,
    /// Defines functions of these names. Without a name it is run on the spot.
    Function {
        names: Vec<String>,
        body: Rc<Vec<Node>>,
    },
    /// `[[ … ]]`
    Test(Vec<Word>),
    Chain {
        first: Box<Node>,
        rest: Vec<(Join, Node)>,
    },
    Not(Box<Node>),
    /// `(( … ))`
    Arithmetic(Word),
    /// Something without a part in variables.
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    And,
    Or,
}

/// A word, before anything in it is expanded.
#[derive(Clone, Default)]
pub(super) struct Word {
    pub at: usize,
    /// Where it ends, of one that was read.
    pub end: usize,
    pub parts: Parts,
}

#[derive(Clone)]
pub(super) enum Part {
    /// Text as it stands.
    Text { text: Text, quoted: bool },
    /// `$NAME`, `${NAME}`.
    Variable(Text),
    /// `${NAME:-word}`, and without the colon `${NAME-word}`.
    Default { name: Text, colon: bool, word: Box<Word> },
    /// `${NAME:=word}`: sets it if it is not set.
    Assign { name: Text, colon: bool, word: Box<Word> },
    /// Known only when the shell runs; with the text for the names that it mentions.
    Computed(Text),
}

/// The parts of a word, of which most have one.
#[derive(Clone, Default)]
pub(super) enum Parts {
    #[default]
    None,
    One(Part),
    Many(Vec<Part>),
}

impl Parts {
    pub fn push(&mut self, part: Part) {
        match self {
            Self::None => *self = Self::One(part),
            Self::Many(parts) => parts.push(part),
            Self::One(_) => {
                if let Self::One(first) = std::mem::take(self) {
                    *self = Self::Many(vec![first, part]);
                }
            }
        }
    }
}

impl Deref for Parts {
    type Target = [Part];

    fn deref(&self) -> &[Part] {
        match self {
            Self::None => &[],
            Self::One(part) => std::slice::from_ref(part),
            Self::Many(parts) => parts,
        }
    }
}

impl DerefMut for Parts {
    fn deref_mut(&mut self) -> &mut [Part] {
        match self {
            Self::None => &mut [],
            Self::One(part) => std::slice::from_mut(part),
            Self::Many(parts) => parts,
        }
    }
}

impl Word {
    pub fn new(at: usize) -> Self {
        Self { at, end: at, parts: Parts::None }
    }

    pub fn of(at: usize, part: Part) -> Self {
        Self { at, end: at, parts: Parts::One(part) }
    }

    pub fn push(&mut self, text: Text, quoted: bool) {
        match self.parts.last_mut() {
            Some(Part::Text { text: last, quoted: was }) if *was == quoted => last.push(&text),
            _ => self.parts.push(Part::Text { text, quoted }),
        }
    }

    /// The text where nothing in it has to be expanded.
    pub fn literal(&self) -> Option<Text> {
        let mut all = Text::default();
        for part in self.parts.iter() {
            let Part::Text { text, .. } = part else { return None };
            all.push(text);
        }
        Some(all)
    }

    /// The text as a pattern. None where a part of it is known only when the shell runs, or a sign of patterns stands
    /// there for itself.
    pub fn pattern(&self) -> Option<String> {
        let plain = |part: &Part| match part {
            Part::Text { text, quoted: true } => !text.contains(['*', '?', '[']),
            _ => true,
        };
        self.parts.iter().all(plain).then(|| self.literal().map(|text| text.to_string()))?
    }

    /// The text where it was written without quotation marks and expansions: a reserved word, an operator.
    pub fn bare(&self) -> Option<&str> {
        match &*self.parts {
            [Part::Text { text, quoted: false }] => Some(text),
            _ => None,
        }
    }

    /// Whether it is an assignment, as [`Self::assignment`] tells.
    pub fn is_assignment(&self) -> bool {
        let Some(Part::Text { text, quoted: false }) = self.parts.first() else { return false };
        let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if length == 0 || text.as_bytes()[0].is_ascii_digit() {
            return false;
        }
        match text.as_bytes().get(length) {
            Some(b'=') => true,
            Some(b'+' | b'[') => self.assignment(false).is_some(),
            _ => false,
        }
    }

    /// Name and value of `NAME=value` and `NAME="value"` in which nothing is expanded, as most assignments are.
    pub fn plain_assignment(&self) -> Option<(&str, &str)> {
        let Some(Part::Text { text, quoted: false }) = self.parts.first() else { return None };
        let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if length == 0 || text.as_bytes()[0].is_ascii_digit() {
            return None;
        }
        let (name, rest) = text.split_at(length);
        let rest = rest.strip_prefix('=')?;
        match &self.parts[1..] {
            [] if !rest.contains(['~', '{', '=']) => Some((name, rest)),
            [Part::Text { text, quoted: true }] if rest.is_empty() => Some((name, text)),
            _ => None,
        }
    }

    /// `NAME=value`, `NAME+=value`, `NAME[…]=value`. `anywhere`: the name may be quoted, as in `export "A=b"`.
    pub fn assignment(&self, anywhere: bool) -> Option<Assignment> {
        let Some(Part::Text { text, quoted }) = self.parts.first() else { return None };
        if *quoted && !anywhere {
            return None;
        }
        let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if length == 0 || text.as_bytes()[0].is_ascii_digit() {
            return None;
        }
        let mut rest = &text[length..];
        let mut whole = true;
        if rest.starts_with('[') {
            rest = &rest[rest.find(']')? + 1..];
            whole = false;
        }
        let adds = rest.starts_with('+');
        rest = rest.strip_prefix('+').unwrap_or(rest);
        let rest = rest.strip_prefix('=')?;
        let value = whole.then(|| self.behind(text.len() - rest.len()));
        Some(Assignment { name: text.part(0..length), value, adds })
    }

    /// What is left of it without so many bytes of its first text.
    pub fn behind(&self, length: usize) -> Self {
        let mut rest = Self::new(self.at);
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                Part::Text { text, quoted } if index == 0 => {
                    if length < text.len() {
                        rest.push(text.part(length..text.len()), *quoted);
                    }
                }
                other => rest.parts.push(other.clone()),
            }
        }
        rest
    }
}

/// An assignment in a word.
pub(super) struct Assignment {
    pub name: Text,
    /// What it is set to, or what is added. None where an element is set.
    pub value: Option<Word>,
    /// `NAME+=…`
    pub adds: bool,
}
