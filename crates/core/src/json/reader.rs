//! The grammar, over a text that is all there or comes in pieces.
//!
//! Of a text in pieces only a window is held, and of its values only what a rule keeps, each with its place in the
//! whole. So a state file of many megabytes costs the memory of what matters in it.

use zeroize::Zeroizing;

use super::{Fault, Kind, Node, Position, SyntaxError, unescape};

/// Bytes that are looked at together: as many as the longest escape or mark, and a little more.
const LOOK_AHEAD: usize = 8;

/// Size of the window on a text that comes in pieces, in bytes.
const WINDOW: usize = 64 * 1024;

/// A text outside of what is kept whole is not held if it is longer than this, in bytes.
const LONG_TEXT: usize = 4096;

/// Fills a buffer with the next bytes and says how many; 0 at the end.
pub type Pieces<'a> = dyn FnMut(&mut [u8]) -> usize + 'a;

/// What is held of a value in a text that comes in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All of it.
    Whole,
    /// The rule is asked again for each of its members.
    Members,
    /// That it is there, and of which type: a list or object without its content; a short scalar as it is.
    Type,
}

/// Says what is held of the value at a path of member names.
pub type Rule = fn(&[String]) -> Keep;

pub(super) struct Read {
    pub text: Zeroizing<Vec<u8>>,
    pub nodes: Vec<Node>,
    /// The place of each node in the whole; empty where the whole is held.
    pub places: Vec<(u32, u32)>,
}

pub(super) struct Reader<'a> {
    window: Zeroizing<Vec<u8>>,
    at: usize,
    /// How much of the window is filled.
    end: usize,
    /// How many bytes have left the window.
    gone: usize,
    more: Option<&'a mut Pieces<'a>>,
    nodes: Vec<Node>,
    open: Vec<u32>,
    kept: Option<Kept>,
    line: Line,
    /// The last comma while it is not known what follows.
    comma: Option<Halt>,
    /// Whether comments, and a comma before a closing bracket, are passed.
    lenient: bool,
}

/// What is held of a text that comes in pieces.
struct Kept {
    rule: Rule,
    text: Zeroizing<Vec<u8>>,
    places: Vec<(u32, u32)>,
    /// The names above the value that is next, as far down as the rule is asked.
    path: Vec<String>,
    /// How deep in a value that is held whole.
    whole: usize,
    dropped: Brackets,
}

/// Where a reading came to a halt: a place in the window, or one that has left it.
enum Halt {
    Here(usize),
    Gone(Position, usize),
}

/// Counts lines and characters of what has been passed.
struct Line {
    number: usize,
    characters: usize,
    counted: usize,
}

/// Which brackets are open, a bit each: objects are ones.
#[derive(Default)]
struct Brackets {
    bits: Vec<u64>,
    depth: usize,
}

impl Brackets {
    fn push(&mut self, object: bool) {
        let (word, bit) = (self.depth / 64, self.depth % 64);
        if word == self.bits.len() {
            self.bits.push(0);
        }
        self.bits[word] = self.bits[word] & !(1 << bit) | u64::from(object) << bit;
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth -= 1;
    }

    fn top_is_object(&self) -> Option<bool> {
        let last = self.depth.checked_sub(1)?;
        Some(self.bits[last / 64] >> (last % 64) & 1 == 1)
    }
}

impl Kept {
    /// Adds bytes without leaving a copy behind when it grows.
    fn add(&mut self, bytes: &[u8]) {
        if self.text.len() + bytes.len() > self.text.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity((self.text.len() + bytes.len()) * 2));
            larger.extend_from_slice(&self.text);
            self.text = larger;
        }
        self.text.extend_from_slice(bytes);
    }

    fn of_next(&self) -> Keep {
        if self.whole > 0 { Keep::Whole } else { (self.rule)(&self.path) }
    }
}

type Stop = (Fault, Halt);

fn stop<T>(what: Fault, at: usize) -> Result<T, Stop> {
    Err((what, Halt::Here(at)))
}

/// How many characters begin in these bytes. Sums of bytes, since those are added many at a time.
fn characters(bytes: &[u8]) -> usize {
    let begins = |byte: &u8| u8::from((*byte & 0xc0) != 0x80);
    bytes.chunks(255).map(|piece| usize::from(piece.iter().map(begins).sum::<u8>())).sum()
}

/// Whether a character is there that may not stand in a text. Looks at all of them: that is faster than to stop.
fn has_control(bytes: &[u8]) -> bool {
    bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < 0x20
}

impl<'a> Reader<'a> {
    pub(super) fn whole(text: Vec<u8>) -> Self {
        Self::new(text, None, None)
    }

    /// A text as editors take their own settings: with comments, and commas before closing brackets.
    pub(super) fn lenient(text: Vec<u8>) -> Self {
        Self { lenient: true, ..Self::new(text, None, None) }
    }

    pub(super) fn in_pieces(more: &'a mut Pieces<'a>, rule: Rule) -> Self {
        let kept = Kept {
            rule,
            text: Zeroizing::default(),
            places: Vec::new(),
            path: Vec::new(),
            whole: 0,
            dropped: Brackets::default(),
        };
        Self::new(Vec::new(), Some(more), Some(kept))
    }

    fn new(text: Vec<u8>, more: Option<&'a mut Pieces<'a>>, kept: Option<Kept>) -> Self {
        let line = Line { number: 1, characters: 0, counted: 0 };
        let (end, window) = (text.len(), Zeroizing::new(text));
        Self {
            window,
            at: 0,
            end,
            gone: 0,
            more,
            nodes: Vec::new(),
            open: Vec::new(),
            kept,
            line,
            comma: None,
            lenient: false,
        }
    }

    /// The first bytes, which tell the encoding.
    pub(super) fn opening(&mut self) -> &[u8] {
        self.look_ahead();
        self.rest()
    }

    /// Passes a byte-order mark: places are counted from behind it.
    pub(super) fn pass_mark(&mut self) {
        self.at += 3;
        self.line.counted = self.at;
    }

    /// Passes white space; whether nothing else is there.
    pub(super) fn is_blank(&mut self) -> bool {
        self.space();
        self.peek().is_none()
    }

    pub(super) fn read(mut self) -> Result<Read, SyntaxError> {
        match self.document() {
            Ok(()) => {
                let (text, places) = match self.kept {
                    Some(kept) => (kept.text, kept.places),
                    None => (self.window, Vec::new()),
                };
                Ok(Read { text, nodes: self.nodes, places })
            }
            Err((what, Halt::Here(at))) => {
                let offset = self.gone + at;
                Err(SyntaxError { what, at: self.place(at), offset })
            }
            Err((what, Halt::Gone(at, offset))) => Err(SyntaxError { what, at, offset }),
        }
    }

    fn rest(&self) -> &[u8] {
        &self.window[self.at..self.end]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// Sees to it that the next bytes are in the window, if there are so many.
    fn look_ahead(&mut self) {
        while self.end - self.at < LOOK_AHEAD && self.refill() {}
    }

    /// Moves the window on; false at the end of the text.
    fn refill(&mut self) -> bool {
        if self.more.is_none() {
            return false;
        }
        if let Some(Halt::Here(comma)) = self.comma {
            self.comma = Some(Halt::Gone(self.place(comma), self.gone + comma));
        }
        self.count(self.at);
        let left = self.end - self.at;
        self.window.copy_within(self.at..self.end, 0);
        self.window.resize(WINDOW, 0);
        let read = self.more.as_mut().map_or(0, |more| more(&mut self.window[left..])).min(WINDOW - left);
        self.end = left + read;
        self.gone += self.at;
        self.at = 0;
        self.line.counted = 0;
        if read == 0 {
            self.more = None;
        }
        read > 0
    }

    /// Counts lines and characters up to there.
    fn count(&mut self, to: usize) {
        let passed = &self.window[self.line.counted.min(to)..to];
        let line = match memchr::memrchr(b'\n', passed) {
            Some(last) => {
                self.line.number += memchr::memchr_iter(b'\n', passed).count();
                self.line.characters = 0;
                &passed[last + 1..]
            }
            None => passed,
        };
        self.line.characters += characters(line);
        self.line.counted = to;
    }

    fn place(&mut self, at: usize) -> Position {
        if self.kept.is_none() {
            return super::position(&self.window, at);
        }
        self.count(at.min(self.end));
        Position { line: self.line.number, column: self.line.characters + 1 }
    }

    fn space(&mut self) {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            if self.lenient && self.pass_comment() {
                continue;
            }
            if self.at < self.end || !self.refill() {
                return;
            }
        }
    }

    /// Passes a comment that begins here. One that is never closed is none.
    fn pass_comment(&mut self) -> bool {
        let length = match self.rest() {
            [b'/', b'/', rest @ ..] => memchr::memchr2(b'\n', b'\r', rest),
            [b'/', b'*', rest @ ..] => memchr::memmem::find(rest, b"*/").map(|end| end + 2),
            _ => return false,
        };
        let to_the_end = self.rest().len() - 2;
        let Some(length) = length.or(self.rest().starts_with(b"//").then_some(to_the_end)) else { return false };
        self.at += 2 + length;
        true
    }

    fn is_dropping(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.dropped.depth > 0)
    }

    /// A node that begins here, if it is held.
    fn begin(&mut self, kind: Kind) {
        if self.is_dropping() {
            return;
        }
        let mut start = self.at;
        if self.kept.is_some() {
            let place = self.place(self.at);
            let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            if let Some(kept) = &mut self.kept {
                kept.places.push((short(place.line), short(place.column)));
                start = kept.text.len();
            }
        }
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, start: start as u32, end: 0, next });
    }

    /// Passes bytes; they are held if their value is.
    fn pass(&mut self, count: usize) {
        let from = self.at;
        self.at += count;
        if let Some(kept) = self.kept.as_mut().filter(|kept| kept.dropped.depth == 0) {
            kept.add(&self.window[from..from + count]);
        }
    }

    /// How much is held, or passed where all is.
    fn held(&self) -> usize {
        self.kept.as_ref().map_or(self.at, |kept| kept.text.len())
    }

    /// A scalar has ended.
    fn end_scalar(&mut self) {
        if self.is_dropping() {
            return;
        }
        let end = self.held() as u32;
        if let Some(node) = self.nodes.last_mut() {
            node.end = end;
        }
    }

    /// A value has ended: its name is done with.
    fn end_value(&mut self) {
        let in_object = self.open.last().is_some_and(|node| self.nodes[*node as usize].kind == Kind::Object);
        if let Some(kept) = &mut self.kept
            && kept.dropped.depth == 0
            && kept.whole == 0
            && in_object
        {
            kept.path.pop();
        }
    }

    fn document(&mut self) -> Result<(), Stop> {
        if self.window.len() > u32::MAX as usize {
            return stop(Fault::Unexpected, u32::MAX as usize);
        }
        self.look_ahead();
        if self.rest().starts_with(b"\xef\xbb\xbf") {
            return stop(Fault::ByteOrderMark, self.at);
        }
        self.space();
        loop {
            if self.value()? {
                continue;
            }
            // A value has ended: go on behind it, closing what ends here.
            loop {
                self.space();
                self.look_ahead();
                let Some(object) = self.in_object() else {
                    return match self.peek() {
                        None => Ok(()),
                        Some(_) => stop(self.fault_here(Fault::Trailing), self.at),
                    };
                };
                match self.peek() {
                    Some(b',') => {
                        self.comma = Some(Halt::Here(self.at));
                        self.pass(1);
                        self.space();
                        let comma = self.comma.take();
                        if let (Some(b'}' | b']'), Some(comma)) = (self.peek(), comma) {
                            if self.lenient {
                                continue;
                            }
                            return Err((Fault::TrailingComma, comma));
                        }
                        if object {
                            self.key()?;
                        }
                        break;
                    }
                    Some(b'}') if object => self.close(),
                    Some(b']') if !object => self.close(),
                    _ => return stop(self.fault_here(Fault::Unexpected), self.at),
                }
            }
        }
    }

    /// Whether the innermost open bracket is an object's; `None` where none is open.
    fn in_object(&self) -> Option<bool> {
        let dropped = self.kept.as_ref().and_then(|kept| kept.dropped.top_is_object());
        dropped.or_else(|| self.open.last().map(|node| self.nodes[*node as usize].kind == Kind::Object))
    }

    fn open(&mut self, object: bool) {
        self.begin(if object { Kind::Object } else { Kind::Array });
        let keep = match &mut self.kept {
            Some(kept) if kept.dropped.depth > 0 => {
                kept.dropped.push(object);
                self.at += 1;
                return;
            }
            Some(kept) => kept.of_next(),
            None => Keep::Members,
        };
        self.pass(1);
        self.open.push(self.nodes.len() as u32 - 1);
        let Some(kept) = &mut self.kept else { return };
        match keep {
            Keep::Whole => kept.whole += 1,
            Keep::Members => {}
            Keep::Type => {
                kept.add(if object { b"}" } else { b"]" });
                let end = kept.text.len() as u32;
                kept.dropped.push(object);
                self.open.pop();
                if let Some(node) = self.nodes.last_mut() {
                    node.end = end;
                }
            }
        }
    }

    fn close(&mut self) {
        if let Some(kept) = self.kept.as_mut().filter(|kept| kept.dropped.depth > 0) {
            kept.dropped.pop();
            self.at += 1;
        } else {
            self.pass(1);
            let (end, next) = (self.held() as u32, self.nodes.len() as u32);
            if let Some(parent) = self.open.pop() {
                let node = &mut self.nodes[parent as usize];
                node.end = end;
                node.next = next;
            }
            if let Some(kept) = &mut self.kept {
                kept.whole = kept.whole.saturating_sub(1);
            }
        }
        self.end_value();
    }

    /// Reads one value; true if it is a container that still waits for its first item or member's value.
    fn value(&mut self) -> Result<bool, Stop> {
        self.look_ahead();
        match self.peek() {
            Some(open @ (b'{' | b'[')) => {
                let object = open == b'{';
                self.open(object);
                self.space();
                match self.peek() {
                    Some(b'}') if object => self.close(),
                    Some(b']') if !object => self.close(),
                    _ if object => return self.key().map(|()| true),
                    _ => return Ok(true),
                }
                return Ok(false);
            }
            Some(b'"') => {
                let whole = self.kept.as_ref().is_none_or(|kept| kept.of_next() == Keep::Whole);
                self.string(whole)?;
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal(b"true", Kind::Boolean)?,
            Some(b'f') => self.literal(b"false", Kind::Boolean)?,
            Some(b'n') => self.literal(b"null", Kind::Null)?,
            _ => return stop(self.fault_here(Fault::Unexpected), self.at),
        }
        self.end_value();
        Ok(false)
    }

    fn key(&mut self) -> Result<(), Stop> {
        self.look_ahead();
        if self.peek() != Some(b'"') {
            return stop(self.fault_here(Fault::Unquoted), self.at);
        }
        let start = self.held();
        self.string(false)?;
        if let Some(kept) = self.kept.as_mut().filter(|kept| kept.dropped.depth == 0 && kept.whole == 0) {
            let name = unescape(&kept.text[start + 1..kept.text.len() - 1]).into_owned();
            kept.path.push(name);
        }
        self.space();
        self.look_ahead();
        if self.peek() != Some(b':') {
            return stop(self.fault_here(Fault::Unexpected), self.at);
        }
        self.pass(1);
        self.space();
        Ok(())
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<(), Stop> {
        if self.rest().starts_with(word) {
            self.begin(kind);
            self.pass(word.len());
            self.end_scalar();
            return Ok(());
        }
        let early = word.starts_with(self.rest());
        stop(if early { Fault::EndsEarly } else { Fault::Unquoted }, self.at)
    }

    /// A text. A long one that need not be held whole is held as an empty one.
    fn string(&mut self, whole: bool) -> Result<(), Stop> {
        let whole = whole || self.kept.as_ref().is_some_and(|kept| kept.whole > 0);
        self.begin(Kind::String);
        let start = self.held();
        let mut cut = false;
        self.pass(1);
        loop {
            let rest = self.rest();
            let plain = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            if has_control(&rest[..plain]) {
                let at = self.at + rest.iter().position(|byte| *byte < 0x20).unwrap_or(0);
                return stop(if self.window[at] == 0 { Fault::Nul } else { Fault::ControlCharacter }, at);
            }
            cut |= !whole && self.held() + plain - start > LONG_TEXT;
            if cut && self.kept.is_some() {
                self.at += plain;
            } else {
                self.pass(plain);
            }
            match self.peek() {
                Some(b'"') => break,
                Some(_) => self.escape(cut)?,
                None if self.refill() => {}
                None => return stop(Fault::EndsEarly, self.end),
            }
        }
        if let Some(kept) = self.kept.as_mut().filter(|kept| cut && kept.dropped.depth == 0) {
            kept.text.truncate(start + 1);
        }
        self.pass(1);
        self.end_scalar();
        Ok(())
    }

    fn escape(&mut self, cut: bool) -> Result<(), Stop> {
        self.look_ahead();
        let (start, rest) = (self.at, self.rest());
        let length = match rest.get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => match rest[2..].iter().take(4).position(|digit| !digit.is_ascii_hexdigit()) {
                Some(_) => return stop(Fault::Escape, start),
                None if rest.len() < 6 => return stop(Fault::EndsEarly, self.end),
                None => 6,
            },
            Some(_) => return stop(Fault::Escape, start),
            None => return stop(Fault::EndsEarly, self.end),
        };
        if cut && self.kept.is_some() {
            self.at += length;
        } else {
            self.pass(length);
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Stop> {
        let mut any = false;
        loop {
            let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
            any |= count > 0;
            self.pass(count);
            if self.at < self.end || !self.refill() {
                break;
            }
        }
        if any { Ok(()) } else { stop(self.fault_here(Fault::Unexpected), self.at) }
    }

    fn number(&mut self) -> Result<(), Stop> {
        self.begin(Kind::Number);
        if self.peek() == Some(b'-') {
            self.pass(1);
        }
        if self.peek() == Some(b'0') {
            self.pass(1);
        } else {
            self.digits()?;
        }
        self.look_ahead();
        if self.peek() == Some(b'.') {
            self.pass(1);
            self.digits()?;
        }
        self.look_ahead();
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.pass(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.pass(1);
            }
            self.digits()?;
        }
        self.end_scalar();
        Ok(())
    }

    /// The better name for what stands here, if there is one.
    fn fault_here(&self, otherwise: Fault) -> Fault {
        match self.peek() {
            None => Fault::EndsEarly,
            Some(0) => Fault::Nul,
            Some(b'/') if matches!(self.rest().get(1), Some(b'/' | b'*')) => Fault::Comment,
            Some(0xef) if self.rest().starts_with(b"\xef\xbb\xbf") => Fault::ByteOrderMark,
            Some(byte) if otherwise == Fault::Unexpected && (byte == b'\'' || byte.is_ascii_alphabetic()) => {
                Fault::Unquoted
            }
            Some(_) => otherwise,
        }
    }
}
