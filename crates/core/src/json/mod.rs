//! JSON as JavaScript's `JSON.parse` reads it, with the place of everything.
//!
//! What it accepts is what Claude Code accepts: lone surrogates, `1e999`, any depth, duplicate keys (the last one
//! counts), bytes that are no UTF-8 inside a string (they become U+FFFD, as when a file is read as text). The tree
//! is one flat list, so neither reading nor dropping a deep document uses the stack.

pub mod edit;
mod reader;

use std::borrow::Cow;
use std::ops::Range;

use thiserror::Error;
use zeroize::Zeroizing;

pub use reader::{Keep, Pieces, Rule};
use reader::{Read, Reader};

/// A place in a text: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{what} at line {}, column {}", at.line, at.column)]
pub struct SyntaxError {
    /// What was wrong there.
    pub what: Fault,
    /// Where.
    pub at: Position,
    /// The same in bytes from the start.
    pub offset: usize,
}

/// What is wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The text ends too early: half a file.
    #[error("the text ends too early")]
    EndsEarly,
    /// Something follows the value.
    #[error("something follows the end")]
    Trailing,
    /// A comma before a closing bracket.
    #[error("a comma before a closing bracket")]
    TrailingComma,
    /// `//` or `/*`.
    #[error("a comment")]
    Comment,
    /// A name or text without `"`.
    #[error("a name or text without double quotes")]
    Unquoted,
    /// A line break or control character inside a text.
    #[error("a line break inside a text")]
    ControlCharacter,
    /// A `\` that starts nothing known.
    #[error("a backslash that starts nothing")]
    Escape,
    /// A byte of value 0: what a crash leaves.
    #[error("a NUL byte")]
    Nul,
    /// The byte-order mark of UTF-8.
    #[error("a byte-order mark")]
    ByteOrderMark,
    /// Anything else.
    #[error("an unexpected character")]
    Unexpected,
}

impl Fault {
    /// The stable word for reports and sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::EndsEarly => "ends-early",
            Self::Trailing => "trailing",
            Self::TrailingComma => "trailing-comma",
            Self::Comment => "comment",
            Self::Unquoted => "unquoted",
            Self::ControlCharacter => "control-character",
            Self::Escape => "escape",
            Self::Nul => "nul",
            Self::ByteOrderMark => "byte-order-mark",
            Self::Unexpected => "unexpected",
        }
    }
}

/// The type of a value, in JavaScript's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean,
    /// A number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The word that Claude Code prints for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    kind: Kind,
    start: u32,
    end: u32,
    /// Index of the first node that is not inside this one.
    next: u32,
}

/// A document. The text is cleared when it is dropped, since it may hold secrets.
#[derive(Clone)]
pub struct Json {
    text: Zeroizing<Vec<u8>>,
    nodes: Vec<Node>,
    /// Line and column of each node, where the text is not held whole.
    places: Vec<(u32, u32)>,
}

impl std::fmt::Debug for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Json({} bytes)", self.text.len())
    }
}

/// A value inside a [`Json`].
#[derive(Clone, Copy)]
pub struct Value<'a> {
    json: &'a Json,
    node: usize,
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Value({})", self.kind().word())
    }
}

/// A name and its value in an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    key: Value<'a>,
    /// The value.
    pub value: Value<'a>,
}

impl<'a> Member<'a> {
    /// The name.
    pub fn name(&self) -> Cow<'a, str> {
        self.key.as_str().unwrap_or_default()
    }

    /// The name as it is written, quotation marks and escapes included.
    pub fn name_bytes(&self) -> &'a [u8] {
        self.key.bytes()
    }

    /// Where the name begins.
    pub fn position(&self) -> Position {
        self.key.position()
    }

    /// From the name's first byte to the value's last.
    pub fn span(&self) -> Range<usize> {
        self.key.span().start..self.value.span().end
    }
}

impl Json {
    /// Reads a document. At most 4 GiB.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: impl Into<Vec<u8>>) -> Result<Self, SyntaxError> {
        Reader::whole(text.into()).read().map(Self::of)
    }

    /// Reads a document with comments (`//`, `/* */`) and commas before closing brackets, as editors take their own
    /// settings. At most 4 GiB.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse_lenient(text: impl Into<Vec<u8>>) -> Result<Self, SyntaxError> {
        Reader::lenient(text.into()).read().map(Self::of)
    }

    /// Reads a document that comes in pieces and holds of it what `rule` says, each value with its place in the
    /// whole. Spans and bytes are those of what is held. `None`: nothing but white space. Gives the first bytes to
    /// `opening`, which says whether to pass a byte-order mark.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn sift(
        pieces: &mut Pieces<'_>,
        rule: Rule,
        opening: impl FnOnce(&[u8]) -> bool,
    ) -> Result<Option<Self>, SyntaxError> {
        let mut reader = Reader::in_pieces(pieces, rule);
        if opening(reader.opening()) {
            reader.pass_mark();
        }
        if reader.is_blank() { Ok(None) } else { reader.read().map(Self::of).map(Some) }
    }

    fn of(Read { text, nodes, places }: Read) -> Self {
        Self { text, nodes, places }
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value { json: self, node: 0 }
    }

    /// The bytes that were read.
    pub fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// The same without the member whose name begins there, and without others of its name in the same object.
    /// Everything else keeps its place; the bytes stay as they were read. `None` where no member's name begins there.
    pub fn without(&self, at: Position) -> Option<Self> {
        // A place is kept for each node, or told by the text.
        let byte = if self.places.is_empty() { Some(offset(&self.text, at)?) } else { None };
        let is_there = |key: Value<'_>| byte.map_or_else(|| key.position() == at, |byte| key.span().start == byte);
        let mut waiting = vec![self.root()];
        let (object, name) = loop {
            let value = waiting.pop()?;
            if let Some(found) = value.members().find(|member| is_there(member.key)) {
                break (value, found.name());
            }
            waiting.extend(value.members().map(|member| member.value).chain(value.items()));
        };
        let mut stays = vec![true; self.nodes.len()];
        for member in object.members().filter(|member| member.name() == name) {
            stays[member.key.node..member.value.raw().next as usize].fill(false);
        }
        // The new index of each node: how many stay before it.
        let mut moved = Vec::with_capacity(stays.len() + 1);
        moved.push(0_u32);
        for stays in &stays {
            moved.push(moved.last().copied().unwrap_or_default() + u32::from(*stays));
        }
        let of_those_that_stay = |(_, stays): &(_, bool)| *stays;
        let kept = self.nodes.iter().zip(stays.iter().copied()).filter(of_those_that_stay);
        let nodes = kept.map(|(node, _)| Node { next: moved[node.next as usize], ..*node }).collect();
        let places = self.places.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(place, _)| *place).collect();
        Some(Self { text: self.text.clone(), nodes, places })
    }
}

/// Line and column of a byte offset.
pub fn position(text: &[u8], offset: usize) -> Position {
    let before = &text[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let characters = before[line_start..].iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
    Position { line, column: characters + 1 }
}

/// The byte at a line and column.
pub fn offset(text: &[u8], at: Position) -> Option<usize> {
    let mut start = 0;
    for _ in 1..at.line {
        start += memchr::memchr(b'\n', &text[start..])? + 1;
    }
    let mut characters = text[start..].iter().enumerate().filter(|(_, byte)| (**byte & 0xc0) != 0x80);
    characters.nth(at.column.checked_sub(1)?).map(|(at, _)| start + at)
}

impl<'a> Value<'a> {
    fn raw(self) -> Node {
        self.json.nodes[self.node]
    }

    /// Its type.
    pub fn kind(self) -> Kind {
        self.raw().kind
    }

    /// Its bytes' place in the text.
    pub fn span(self) -> Range<usize> {
        self.raw().start as usize..self.raw().end as usize
    }

    /// Its bytes.
    pub fn bytes(self) -> &'a [u8] {
        &self.json.text[self.span()]
    }

    /// Where it begins.
    pub fn position(self) -> Position {
        match self.json.places.get(self.node) {
            Some((line, column)) => Position { line: *line as usize, column: *column as usize },
            None => position(&self.json.text, self.span().start),
        }
    }

    /// The text of a string. A lone surrogate becomes U+FFFD.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        (self.kind() == Kind::String).then(|| {
            let bytes = self.bytes();
            unescape(&bytes[1..bytes.len() - 1])
        })
    }

    /// A boolean.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.bytes()[0] == b't')
    }

    /// A number; too large a one is infinite, as in JavaScript.
    pub fn as_f64(self) -> Option<f64> {
        (self.kind() == Kind::Number).then(|| std::str::from_utf8(self.bytes()).ok()?.parse().ok()).flatten()
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The members of an object, in the order of the text, duplicates included. Empty for anything else.
    pub fn members(self) -> impl Iterator<Item = Member<'a>> {
        let mut children = self.children(Kind::Object);
        std::iter::from_fn(move || Some(Member { key: children.next()?, value: children.next()? }))
    }

    /// The items of an array. Empty for anything else.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        self.children(Kind::Array)
    }

    fn children(self, kind: Kind) -> impl Iterator<Item = Value<'a>> {
        let end = if self.kind() == kind { self.raw().next as usize } else { 0 };
        let mut at = self.node + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = Value { json: self.json, node: at };
                at = child.raw().next as usize;
                child
            })
        })
    }

    /// The member of that name; of several the last one, as in JavaScript.
    pub fn member(self, name: &str) -> Option<Member<'a>> {
        self.members().filter(|member| member.name() == name).last()
    }

    /// The value of that name; of several the last one.
    pub fn get(self, name: &str) -> Option<Value<'a>> {
        Some(self.member(name)?.value)
    }

    /// The members that count: of several of one name the last, at the place of the last.
    pub fn effective_members(self) -> Vec<Member<'a>> {
        let mut last = std::collections::HashMap::new();
        for (index, member) in self.members().enumerate() {
            last.insert(member.name(), (index, member));
        }
        let mut kept: Vec<_> = last.into_values().collect();
        kept.sort_by_key(|(index, _)| *index);
        kept.into_iter().map(|(_, member)| member).collect()
    }

    /// What JavaScript's `String(value)` makes of it. Claude Code does this to the values of an `env` block.
    pub fn javascript_text(self) -> String {
        match self.kind() {
            Kind::String => self.as_str().unwrap_or_default().into_owned(),
            Kind::Number => javascript_number(self.as_f64().unwrap_or(f64::NAN)),
            Kind::Null | Kind::Boolean => String::from_utf8_lossy(self.bytes()).into_owned(),
            Kind::Object => "[object Object]".to_owned(),
            Kind::Array => {
                let item = |value: Value<'_>| if value.is_null() { String::new() } else { value.javascript_text() };
                // Arrays in arrays are rare and shallow in practice; a hostile depth is cut off.
                if self.depth_exceeds(64) {
                    "…".to_owned()
                } else {
                    self.items().map(item).collect::<Vec<_>>().join(",")
                }
            }
        }
    }

    fn depth_exceeds(self, limit: usize) -> bool {
        let mut ends: Vec<u32> = Vec::new();
        for index in self.node..self.raw().next as usize {
            let node = self.json.nodes[index];
            while ends.last().is_some_and(|end| *end as usize <= index) {
                ends.pop();
            }
            if matches!(node.kind, Kind::Array | Kind::Object) {
                ends.push(node.next);
                if ends.len() > limit {
                    return true;
                }
            }
        }
        false
    }
}

/// ECMAScript's `Number::toString` for base 10.
fn javascript_number(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let (count, exponent) = (digits.len() as i32, exponent.parse::<i32>().unwrap_or(0));
    let point = exponent + 1;
    let text = if (1..=21).contains(&point) {
        if count <= point {
            format!("{digits}{}", "0".repeat((point - count) as usize))
        } else {
            format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
        }
    } else if (-5..=0).contains(&point) {
        format!("0.{}{digits}", "0".repeat(-point as usize))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let rest = &digits[1..];
        let dot = if rest.is_empty() { "" } else { "." };
        format!("{}{dot}{rest}e{sign}{}", &digits[..1], exponent.abs())
    };
    if number < 0.0 { format!("-{text}") } else { text }
}

fn unescape(bytes: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'\\', bytes).is_none() {
        return String::from_utf8_lossy(bytes);
    }
    let mut units: Vec<u16> = Vec::new();
    let mut text = String::with_capacity(bytes.len());
    let flush = |units: &mut Vec<u16>, text: &mut String| {
        text.extend(char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    };
    let mut at = 0;
    while at < bytes.len() {
        let plain = memchr::memchr(b'\\', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        if plain > at {
            flush(&mut units, &mut text);
            text.push_str(&String::from_utf8_lossy(&bytes[at..plain]));
            at = plain;
            continue;
        }
        let escaped = bytes.get(at + 1).copied().unwrap_or(b'\\');
        if escaped == b'u' {
            let code = bytes.get(at + 2..at + 6).and_then(|hex| std::str::from_utf8(hex).ok());
            units.push(code.and_then(|hex| u16::from_str_radix(hex, 16).ok()).unwrap_or(0xfffd));
            at += 6;
            continue;
        }
        flush(&mut units, &mut text);
        text.push(match escaped {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            other => char::from(other),
        });
        at += 2;
    }
    flush(&mut units, &mut text);
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (Fault, usize, usize) {
        let error = Json::parse(text).unwrap_err();
        (error.what, error.at.line, error.at.column)
    }

    #[test]
    fn reads_what_javascript_reads() {
        for text in
            ["null", " {} ", "[1e999, -0, 0.5E-3]", r#""\ud800 \u0041""#, r#"{"a":1,"a":{"b":[]}}"#, "\"\u{7f}\""]
        {
            assert!(Json::parse(text).is_ok(), "{text}");
        }
        for text in
            ["", "01", "+1", "1.", ".5", "[1,]", "{'a':1}", "\"\t\"", "nul", "[1 2]", "{\"a\" 1}", "\u{a0}1", "NaN"]
        {
            assert!(Json::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_the_fault_and_its_place() {
        assert_eq!(fault("{\n  \"ä\": 1,\n}"), (Fault::TrailingComma, 2, 9));
        assert_eq!(fault("{\"a\":1"), (Fault::EndsEarly, 1, 7));
        assert_eq!(fault("{ // no\n}"), (Fault::Comment, 1, 3));
        assert_eq!(fault("{a:1}"), (Fault::Unquoted, 1, 2));
        assert_eq!(fault("{}{}"), (Fault::Trailing, 1, 3));
        assert_eq!(fault("\u{feff}{}"), (Fault::ByteOrderMark, 1, 1));
        assert_eq!(fault("\0\0"), (Fault::Nul, 1, 1));
    }

    #[test]
    fn the_last_of_two_counts() {
        let json = Json::parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(json.root().get("a").and_then(Value::as_f64), Some(3.0));
        let kept: Vec<_> = json.root().effective_members().iter().map(|m| m.position().column).collect();
        assert_eq!(kept, [8, 14]);
    }

    #[test]
    fn without_a_member_everything_else_stays_where_it_was() {
        let text = "{\n \"keep\": {\"a\": [1, {\"b\": 2}], \"ä\": 3, \"a\": {}},\n \"x\": 1, \"last\": {\"c\": null}}";
        let at = |line, column| Position { line, column };
        let names = |json: &Json| {
            let all = json.root().members().map(|member| (member.name().into_owned(), member.position()));
            all.collect::<Vec<_>>()
        };
        let sifted = sifted(text.as_bytes(), 7, whole_state).unwrap().unwrap();
        for json in [Json::parse(text).unwrap(), sifted] {
            let without = json.without(at(2, 11)).unwrap();
            let keep = without.root().get("keep").unwrap();
            assert_eq!(keep.members().map(|member| member.name()).collect::<Vec<_>>(), ["ä"], "both that were \"a\"");
            assert_eq!(keep.get("ä").unwrap().as_f64(), Some(3.0));
            assert_eq!(names(&without), names(&json));
            let both = without.without(at(3, 10)).unwrap().without(at(2, 2)).unwrap();
            assert_eq!(names(&both), [("x".to_owned(), at(3, 2))]);
            assert_eq!(both.root().get("x").unwrap().as_f64(), Some(1.0));
            for nowhere in [at(1, 1), at(2, 3), at(9, 1), at(2, 0), at(3, 7)] {
                assert!(json.without(nowhere).is_none(), "{nowhere:?}");
            }
        }
    }

    fn whole_state(path: &[String]) -> Keep {
        match path {
            [] => Keep::Members,
            [name] if name == "keep" => Keep::Whole,
            [name] if name == "members" => Keep::Members,
            _ => Keep::Type,
        }
    }

    /// Sifts a text that comes in pieces of this size.
    fn sifted(text: &[u8], piece: usize, rule: Rule) -> Result<Option<Json>, SyntaxError> {
        let mut left = text;
        let mut pieces = |buffer: &mut [u8]| {
            let (now, later) = left.split_at(piece.min(buffer.len()).min(left.len()));
            buffer[..now.len()].copy_from_slice(now);
            left = later;
            now.len()
        };
        Json::sift(&mut pieces, rule, |_| false)
    }

    #[test]
    fn a_sifted_text_holds_what_the_rule_says_at_its_place() {
        let long = "x".repeat(5000);
        let text = format!(
            "{{\n \"keep\": {{\"a\": [1, {{}}], \"l\": \"{long}\"}},\n \"gone\": [[{{\"b\": 1}}], 2],\n \"l\": \"\\n{long}\",\n \
             \"members\": {{\"ä\": {{\"deep\": 1}}, \"n\": -1.5e3, \"t\": true}}, \"last\": null}}"
        );
        for piece in [1, 2, 7, 64, 1 << 20] {
            let json = sifted(text.as_bytes(), piece, whole_state).unwrap().unwrap();
            let whole = Json::parse(text.as_str()).unwrap();
            let root = json.root();
            let names: Vec<_> = root.members().map(|member| member.name().into_owned()).collect();
            assert_eq!(names, ["keep", "gone", "l", "members", "last"]);
            assert_eq!(root.get("keep").unwrap().get("l").unwrap().as_str().unwrap(), long);
            assert_eq!(root.get("keep").unwrap().get("a").unwrap().items().count(), 2);
            assert_eq!(root.get("gone").unwrap().bytes(), b"[]");
            assert_eq!(root.get("l").unwrap().as_str().unwrap(), "");
            let members = root.get("members").unwrap();
            assert_eq!(members.get("ä").unwrap().bytes(), b"{}");
            assert_eq!(members.get("n").unwrap().as_f64(), Some(-1500.0));
            assert!(root.get("last").unwrap().is_null());
            for (held, full) in root.members().zip(whole.root().members()) {
                assert_eq!(held.position(), full.position());
                assert_eq!(held.value.position(), full.value.position());
            }
            assert!(Json::parse(json.bytes()).is_ok(), "what is held is JSON too");
        }
    }

    #[test]
    fn a_sifted_text_is_judged_like_a_whole_one() {
        let texts = [
            "{\"gone\": [1, 2,\n  ]}",
            "{\"gone\": {\"a\" 1}}",
            "{\"gone\": \"\t\"}",
            "{\"gone\": \"\\x\"}",
            "{\"keep\": \"\\u12g4\"}",
            "[1e, 2]",
            "{\"gone\": [[[",
            "{\"keep\": \"abc",
            "{} x",
            "{} // no",
            "nul",
            "tru e",
            "{\"a\": 01}",
            "\u{feff}{}",
            "{\"a\":\0}",
            "-",
            "{\"l\": \"\\u12",
        ];
        for text in texts {
            let whole = Json::parse(text).unwrap_err();
            for piece in [1, 3, 1 << 20] {
                let error = sifted(text.as_bytes(), piece, whole_state).unwrap_err();
                assert_eq!(
                    (error.what, error.at, error.offset),
                    (whole.what, whole.at, whole.offset),
                    "{text:?} by {piece}"
                );
            }
        }
        assert!(sifted(b" \n ", 1, whole_state).unwrap().is_none());
    }

    #[test]
    fn depth_that_is_dropped_costs_a_bit_a_bracket() {
        let text = format!("{{\"gone\": {}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let json = sifted(text.as_bytes(), 1 << 20, whole_state).unwrap().unwrap();
        assert_eq!(json.bytes(), b"{\"gone\":[]}");
    }

    #[test]
    fn depth_costs_no_stack() {
        let text = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        let json = Json::parse(text).unwrap();
        assert_eq!(json.root().javascript_text(), "…");
    }

    #[test]
    fn values_become_text_as_in_javascript() {
        let text = |source: &str| Json::parse(source).unwrap().root().javascript_text();
        assert_eq!(text("12345678901234567890"), "12345678901234567000");
        assert_eq!(text("1e21"), "1e+21");
        assert_eq!(text("0.000001"), "0.000001");
        assert_eq!(text("1.5e-7"), "1.5e-7");
        assert_eq!(text("-0.10"), "-0.1");
        assert_eq!(text("123.456e2"), "12345.6");
        assert_eq!(text("[1,[2,null],\"x\"]"), "1,2,,x");
        assert_eq!(text("{}"), "[object Object]");
        assert_eq!(text("1e999"), "Infinity");
        assert_eq!(text(r#""\ud83d\ude00\n""#), "😀\n");
    }

    #[test]
    fn an_editors_settings_keep_their_places() {
        let text = "// mine\n{\n  /* é */ \"a\": [1, 2, ], // \"b\": 3\n  \"url\": \"http://x/*y*/\",\n}\n/* end */ //";
        let json = Json::parse_lenient(text).unwrap();
        let names: Vec<_> =
            json.root().members().map(|member| (member.name().into_owned(), member.position())).collect();
        let at = |line, column| Position { line, column };
        assert_eq!(names, [("a".to_owned(), at(3, 11)), ("url".to_owned(), at(4, 3))]);
        assert_eq!(json.root().get("url").unwrap().as_str().as_deref(), Some("http://x/*y*/"));
        assert_eq!(json.root().get("a").unwrap().items().count(), 2);
        assert!(Json::parse(text).is_err(), "Claude Code's own files take none of it");
        for (text, fault) in [
            ("{\"a\":1 /* open", Fault::Comment),
            ("{,}", Fault::Unquoted),
            ("[1,,2]", Fault::Unexpected),
            ("{\"a\":1}}", Fault::Trailing),
            ("// nothing", Fault::EndsEarly),
        ] {
            assert_eq!(Json::parse_lenient(text).unwrap_err().what, fault, "{text}");
        }
        for end in 0..text.len() {
            let _ = Json::parse_lenient(&text.as_bytes()[..end]);
        }
    }
}
