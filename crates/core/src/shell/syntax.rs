//! What a shell program is made of. Both grammars ([`super::posix`] and [`super::fish`]) give this tree.
//!
//! Only what decides about variables is kept; the rest is [`Node::Other`]. Places are byte offsets into the text.

use std::rc::Rc;

use zeroize::Zeroizing;

/// A program, as far as it could be read.
#[derive(Default)]
pub(super) struct Script {
    pub nodes: Vec<Node>,
    /// Where the grammar gave up. Nothing behind it is in `nodes`.
    pub broken_at: Option<usize>,
    /// The command from which on not every `sh` understands it.
    pub dubious_from: Option<usize>,
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
    pub parts: Vec<Part>,
}

#[derive(Clone)]
pub(super) enum Part {
    /// Text as it stands. It may be a secret, so it is cleared like one.
    Text { text: Zeroizing<String>, quoted: bool },
    /// `$NAME`, `${NAME}`.
    Variable(String),
    /// `${NAME:-word}`, and without the colon `${NAME-word}`.
    Default { name: String, colon: bool, word: Word },
    /// `${NAME:=word}`: sets it if it is not set.
    Assign(String),
    /// Known only when the shell runs; with the text for the names that it mentions.
    Computed(Zeroizing<String>),
}

impl Word {
    pub fn push(&mut self, text: &str, quoted: bool) {
        if let Some(Part::Text { text: last, quoted: was }) = self.parts.last_mut()
            && *was == quoted
        {
            // Growing may leave a copy of the text behind; a new buffer clears the old one when it goes.
            if last.capacity() < last.len() + text.len() {
                let mut grown = Zeroizing::new(String::with_capacity((last.len() + text.len()) * 2));
                grown.push_str(last);
                *last = grown;
            }
            last.push_str(text);
            return;
        }
        self.parts.push(Part::Text { text: Zeroizing::new(text.to_owned()), quoted });
    }

    /// The text where nothing in it has to be expanded.
    pub fn literal(&self) -> Option<Zeroizing<String>> {
        let mut all = Zeroizing::new(String::with_capacity(self.parts.iter().map(Part::text_length).sum()));
        for part in &self.parts {
            let Part::Text { text, .. } = part else { return None };
            all.push_str(text);
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
        match self.parts.as_slice() {
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
        let (name, mut rest) = text.split_at(length);
        let mut whole = true;
        if rest.starts_with('[') {
            rest = &rest[rest.find(']')? + 1..];
            whole = false;
        }
        let adds = rest.starts_with('+');
        rest = rest.strip_prefix('+').unwrap_or(rest);
        let rest = rest.strip_prefix('=')?;
        let mut value = Self { at: self.at, parts: Vec::new() };
        if !rest.is_empty() {
            value.push(rest, *quoted);
        }
        value.parts.extend(self.parts[1..].iter().cloned());
        Some(Assignment { name: name.to_owned(), value: whole.then_some(value), adds })
    }
}

impl Part {
    fn text_length(&self) -> usize {
        match self {
            Self::Text { text, .. } => text.len(),
            _ => 0,
        }
    }
}

/// An assignment in a word.
pub(super) struct Assignment {
    pub name: String,
    /// What it is set to, or what is added. None where an element is set.
    pub value: Option<Word>,
    /// `NAME+=…`
    pub adds: bool,
}
