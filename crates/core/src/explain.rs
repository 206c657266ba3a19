//! What a message of Claude Code means: text → phrase → causes.
//!
//! The phrases are data (`assets/facts/phrases.toml`, each with its source); the words for what they mean are in
//! `phrases.ftl`. Nothing of the examined text is kept or repeated: a paste may hold a key.

mod plain_words;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use memchr::memmem;
use schemars::JsonSchema;
use serde::Serialize;

use crate::message::{Message, Words};
use crate::report::Cause;
use plain_words::plain_words;

/// The version of the explanation's shape.
pub const SCHEMA: &str = "authlight.explanation/1";

/// Bytes that are looked at. Of a longer text the middle is left out: what went wrong stands at the end of a log,
/// or it is the first thing that was pasted.
pub const MOST_BYTES: usize = 256 * 1024;
const HEAD_BYTES: usize = 64 * 1024;

/// A spelling shorter than this (in letters) is not looked for across breaks within a word.
const LEAST_SQUEEZED: usize = 18;

/// What `explain --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Explanation {
    /// Always [`SCHEMA`].
    pub schema: Cow<'static, str>,
    /// Whether the text is known.
    pub recognised: bool,
    /// The stable part of the message that was found in it, as Claude Code writes it.
    pub phrase: Option<Cow<'static, str>>,
    /// The first meaning's cause.
    pub cause: Option<Cause>,
    /// The first meaning's code.
    pub code: Option<Cow<'static, str>>,
    /// What it can mean, the likeliest first; three at most.
    pub meanings: Vec<Meaning>,
    /// Whether the first meaning is no sign-in matter.
    pub not_sign_in: bool,
    /// What is to be said of the text itself: of a check code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Message>,
}

/// One thing that a message can mean.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Meaning {
    /// The situation in which it means this.
    pub when: Message,
    /// The cause to look at; null where it is no sign-in matter.
    pub cause: Option<Cause>,
    /// Stable, `AL-2-51`.
    pub code: Cow<'static, str>,
    /// Why it matters; said of the code of a check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Message>,
    /// What to do then: one thing.
    #[serde(rename = "do")]
    pub to_do: Message,
}

/// A message that Claude Code prints, printed once, or is said to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Its name in the table.
    pub id: &'static str,
    /// Its stable part.
    pub says: &'static str,
    /// Where it is known from: a recorded case, a page, a thread.
    pub source: &'static str,
    /// The oldest version known to print it.
    pub since: Option<&'static str>,
    /// The version that replaced it.
    pub until: Option<&'static str>,
    /// The day (ISO 8601) on which the row was last held against its source.
    pub checked: &'static str,
    /// Whether the real program was seen to print it.
    pub proven: bool,
    known_meanings: &'static [usize],
}

impl Phrase {
    /// What it can mean, in order.
    pub fn meanings(&self) -> impl Iterator<Item = Meaning> {
        self.known_meanings.iter().filter_map(|at| MEANINGS.get(*at)).map(KnownMeaning::meaning)
    }
}

/// Every phrase of the table.
pub fn phrases() -> &'static [Phrase] {
    PHRASES
}

/// Every code that a phrase can have, in the order of the table.
pub fn codes() -> impl Iterator<Item = &'static str> {
    MEANINGS.iter().map(|known| known.code)
}

/// The code that `text` is (`AL-4-02`, in either case, blanks around it), if it is one and nothing else.
pub fn as_code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    match code.as_bytes() {
        // From 100 on, where a cause has more checks than numbers below 50.
        [b'A', b'L', b'-', cause, b'-', b'1', number @ ..] | [b'A', b'L', b'-', cause, b'-', number @ ..]
            if number.len() == 2 && cause.is_ascii_digit() && number.iter().all(u8::is_ascii_digit) =>
        {
            Some(code)
        }
        _ => None,
    }
}

/// What `text` means: a message, a log that holds one, the JSON of a failed run, an answer's body, or the code of
/// a phrase.
pub fn explain(text: &str) -> Explanation {
    if let Some(code) = as_code(text) {
        let known = MEANINGS.iter().find(|known| known.code == code);
        return Explanation::of(None, known.map(KnownMeaning::meaning));
    }
    let words = plain_words(&shortened(text));
    let found = in_words(&words);
    let found = match found {
        Some(spelling) if spelling.rank == Rank::Exact => found,
        _ => across_breaks(&words).or(found),
    };
    match found.and_then(|spelling| Some((spelling, PHRASES.get(spelling.phrase)?))) {
        Some((spelling, phrase)) => Explanation::of(Some(spelling.says), phrase.meanings()),
        None => Explanation::of(None, None),
    }
}

impl Explanation {
    fn of(phrase: Option<&'static str>, meanings: impl IntoIterator<Item = Meaning>) -> Self {
        let meanings: Vec<_> = meanings.into_iter().collect();
        let first = meanings.first();
        Self {
            schema: SCHEMA.into(),
            recognised: first.is_some(),
            phrase: phrase.map(Cow::Borrowed),
            cause: first.and_then(|first| first.cause),
            code: first.map(|first| first.code.clone()),
            not_sign_in: first.is_some_and(|first| first.cause.is_none()),
            meanings,
            note: None,
        }
    }

    /// What the code of a check means.
    pub fn of_code(code: String, cause: Cause, when: Message, why: Option<Message>, to_do: Message) -> Self {
        Self::of(None, [Meaning { when, cause: Some(cause), code: code.into(), why, to_do }])
    }

    /// A check code: what it says by itself, and what its finding means.
    #[must_use]
    pub fn of_check_code(note: Message, finding: Option<Self>) -> Self {
        let explanation = finding.unwrap_or_else(|| Self::of(None, None));
        Self { recognised: true, note: Some(note), ..explanation }
    }

    /// A check code that was misheard: nothing is known of it.
    #[must_use]
    pub fn of_misheard_code(note: Message) -> Self {
        Self { note: Some(note), ..Self::of(None, None) }
    }

    /// Puts every sentence into words.
    pub fn say(&mut self, words: &dyn Words) {
        for meaning in &mut self.meanings {
            meaning.when.say(words);
            meaning.to_do.say(words);
        }
    }

    /// The exit code of `explain` (contract, section 2).
    pub fn exit_code(&self) -> u8 {
        if self.recognised { 0 } else { 3 }
    }
}

/// A meaning as it lies in the table.
struct KnownMeaning {
    code: &'static str,
    cause: Option<Cause>,
    when: &'static str,
    to_do: &'static str,
}

impl KnownMeaning {
    fn meaning(&self) -> Meaning {
        Meaning {
            when: Message::new(self.when),
            cause: self.cause,
            code: self.code.into(),
            why: None,
            to_do: Message::new(self.to_do),
        }
    }
}

/// How much a spelling says about the text that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The frame of many messages: counts only where nothing in the frame is known.
    General,
    /// A remark that often stands beside the message that matters.
    Notice,
    /// A message of its own.
    Exact,
}

struct Spelling {
    says: &'static str,
    words: &'static str,
    squeezed: &'static str,
    /// Words that must stand in the text too.
    clue: Option<&'static str>,
    phrase: usize,
    rank: Rank,
    /// Letters that must agree: of two spellings that fit, the one that says more is meant.
    weight: usize,
}

impl Spelling {
    fn order(&self) -> (Rank, usize, Reverse<usize>) {
        (self.rank, self.weight, Reverse(self.phrase))
    }
}

include!(concat!(env!("OUT_DIR"), "/phrases.rs"));

fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= MOST_BYTES {
        return Cow::Borrowed(text);
    }
    let head = &text[..text.floor_char_boundary(HEAD_BYTES)];
    let tail = &text[text.ceil_char_boundary(text.len() - (MOST_BYTES - HEAD_BYTES))..];
    Cow::Owned([head, tail].join("\n"))
}

/// The best spelling that stands in the text word for word.
fn in_words(words: &str) -> Option<&'static Spelling> {
    let mut best: Option<&Spelling> = None;
    let mut clues = HashMap::new();
    let mut stands = |clue: &'static str| {
        *clues.entry(clue).or_insert_with(|| memmem::find(words.as_bytes(), clue.as_bytes()).is_some())
    };
    for blank in memchr::memchr_iter(b' ', words.as_bytes()) {
        let rest = &words[blank + 1..];
        for spelling in beginning_with(rest.split(' ').next().unwrap_or_default()) {
            let better = best.is_none_or(|best| spelling.order() > best.order());
            if better
                && rest.strip_prefix(spelling.words).is_some_and(|after| after.starts_with(' '))
                && spelling.clue.is_none_or(&mut stands)
            {
                best = Some(spelling);
            }
        }
    }
    best
}

fn beginning_with(word: &str) -> &'static [Spelling] {
    let Ok(at) = FIRST_WORDS.binary_search_by(|(first, _)| (*first).cmp(word)) else {
        return &[];
    };
    let from = FIRST_WORDS[at].1;
    let to = FIRST_WORDS.get(at + 1).map_or(SPELLINGS.len(), |(_, next)| *next);
    &SPELLINGS[from..to]
}

/// The best spelling where a narrow window or a frame has broken words in two.
fn across_breaks(words: &str) -> Option<&'static Spelling> {
    let squeezed = words.replace(' ', "");
    SPELLINGS
        .iter()
        .filter(|spelling| spelling.rank == Rank::Exact && spelling.clue.is_none())
        .filter(|spelling| spelling.squeezed.len() >= LEAST_SQUEEZED)
        .filter(|spelling| memmem::find(squeezed.as_bytes(), spelling.squeezed.as_bytes()).is_some())
        .max_by_key(|spelling| spelling.order())
}
