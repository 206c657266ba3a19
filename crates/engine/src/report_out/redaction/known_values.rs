//! The last pass: no secret that this run has met leaves in any of its writings.

use std::fmt;
use std::ops::Range;

use authlight_core::secret::{Secret, javascript_trim};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::shapes::looks_random;

/// The shortest secret that is looked for. A shorter one would be found in ordinary words.
pub const SHORTEST: usize = 8;

/// How long a piece of a secret is that counts as the secret.
const PIECE: usize = 20;

/// So many bytes of secrets are looked for in every encoding, which takes some two hundred times as much memory; what
/// goes beyond is looked for as it stands.
const ENCODED: usize = 256 << 10;

/// The layer of redaction that still found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The shape of a secret.
    Patterns,
    /// A secret of this run, in one of its writings.
    KnownValues,
}

impl Layer {
    /// The stable English word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Patterns => "patterns",
            Self::KnownValues => "known values",
        }
    }
}

/// Nothing was let out: the text holds a secret. Says where it was caught and how often, never what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "held back: a secret was found in what was to be written ({} in {places} places). It would have left this machine. \
     Nothing was written. Please report this, without the secret", layer.word()
)]
pub struct Leak {
    /// Which layer caught it.
    pub layer: Layer,
    /// In how many places.
    pub places: usize,
}

/// A text that has passed. Only [`LeakPass::release`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released(String);

impl Released {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as UTF-8, for a file.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Released {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every secret of this run in every writing in which it could get out. Its memory is cleared when it is dropped.
pub struct LeakPass {
    bytes: Zeroizing<Vec<u8>>,
    /// The first four bytes of each writing and piece, and where it lies in `bytes`; in order.
    needles: Vec<([u8; 4], Range<usize>)>,
    /// Where the writings of the value begin that is being taken in.
    own: usize,
    /// Whether one of the writings is too short to be known without its white space.
    spaced: bool,
    /// Whether one of them is without its backslashes.
    slashed: bool,
    /// What a writing begins with: most places of a text need no second look.
    starts: Starts,
    secrets: usize,
}

impl fmt::Debug for LeakPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeakPass({} secrets)", self.secrets)
    }
}

impl LeakPass {
    /// Prepares the pass for these secrets. Those under [`SHORTEST`] bytes cannot be told from ordinary words and
    /// are not looked for.
    #[expect(clippy::disallowed_methods, reason = "it must know what it must not let out")]
    pub fn new(secrets: &[Secret]) -> Self {
        let mut pass = Self {
            bytes: Zeroizing::default(),
            needles: Vec::new(),
            own: 0,
            spaced: false,
            slashed: false,
            starts: Starts::none(),
            secrets: 0,
        };
        let mut values: Vec<&str> = secrets.iter().map(Secret::reveal).collect();
        values.retain(|value| javascript_trim(value).len() >= SHORTEST);
        // Keys are short: what is left over where there is too much is none.
        values.sort_by_key(|value| value.len());
        let mut taken = 0;
        for value in values {
            pass.secrets += 1;
            taken += value.len();
            let trimmed = javascript_trim(value);
            let start = pass.bytes.len();
            if taken <= ENCODED {
                pass.add_writings(trimmed);
                if trimmed.len() != value.len() {
                    pass.add_writings(value);
                }
                for line in
                    trimmed.lines().map(javascript_trim).filter(|line| (16..trimmed.len()).contains(&line.len()))
                {
                    if looks_random(line.as_bytes()) {
                        pass.add_writings(line);
                    }
                }
            } else {
                pass.own = pass.needles.len();
                pass.add(trimmed.as_bytes());
            }
            // Both begin with the value as it is.
            pass.add_pieces(start..start + trimmed.len());
        }
        pass.needles.sort_unstable_by_key(|(key, _)| *key);
        pass
    }

    /// Lets the text out, if no secret of this run and nothing of the shape of one is in it.
    ///
    /// # Errors
    /// [`Leak`], and nothing must be written.
    pub fn release(&self, text: &str) -> Result<Released, Leak> {
        self.release_whole(text.to_owned())
    }

    /// As [`LeakPass::release`], without a copy.
    ///
    /// # Errors
    /// [`Leak`], and nothing must be written.
    pub fn release_whole(&self, text: String) -> Result<Released, Leak> {
        self.check(text.as_bytes())?;
        Ok(Released(text))
    }

    /// As [`LeakPass::release`], for bytes of any encoding that stay where they are.
    ///
    /// # Errors
    /// [`Leak`], and nothing must be written.
    pub fn check(&self, text: &[u8]) -> Result<(), Leak> {
        let places = self.places(text);
        if places > 0 {
            return Err(Leak { layer: Layer::KnownValues, places });
        }
        match super::secrets_by_shape(text) {
            0 => Ok(()),
            places => Err(Leak { layer: Layer::Patterns, places }),
        }
    }

    /// Puts a marker wherever one of the secrets stands in one piece; gives how many there were. Whether that was
    /// enough, [`LeakPass::check`] tells.
    pub fn replace(&self, text: &mut Vec<u8>) -> usize {
        let mut found: Vec<Range<usize>> = Vec::new();
        for at in 0..text.len() {
            let Some(length) = self.longest_at(text, at) else { continue };
            match found.last_mut().filter(|last| at <= last.end) {
                Some(last) => last.end = last.end.max(at + length),
                None => found.push(at..at + length),
            }
        }
        let places = found.len();
        if places > 0 {
            let named = found.into_iter().map(|range| (range, super::Rule::Named));
            *text = super::replace(text, named, &mut super::Counts::new());
        }
        places
    }

    /// How long the longest writing is that begins here.
    fn longest_at(&self, text: &[u8], at: usize) -> Option<usize> {
        let key = <[u8; 4]>::try_from(text.get(at..at + 4)?).ok()?;
        if !self.starts.may_hold(u32::from_be_bytes(key)) {
            return None;
        }
        self.beginning_with(key).filter(|needle| text[at..].starts_with(needle)).map(<[u8]>::len).max()
    }

    /// The writings that begin with these four bytes.
    fn beginning_with(&self, key: [u8; 4]) -> impl Iterator<Item = &[u8]> {
        let first = self.needles.partition_point(|(known, _)| *known < key);
        let alike = self.needles[first..].iter().take_while(move |(known, _)| *known == key);
        alike.map(|(_, range)| &self.bytes[range.clone()])
    }

    /// In how many places a secret stands: as written, broken over lines, or with backslashes between.
    fn places(&self, text: &[u8]) -> usize {
        if self.needles.is_empty() || self.stands_nowhere(text) {
            return 0;
        }
        self.count(text)
    }

    /// Whether none stands in the text. This is how it is almost always, and known without a copy of it.
    fn stands_nowhere(&self, text: &[u8]) -> bool {
        // What stands there with backslashes stands there without them too, and almost every writing is known so.
        let stands = (self.spaced && self.stands_in(text, &NOTHING))
            || (self.slashed && self.stands_in(text, &WHITE_SPACE))
            || self.stands_in(text, &WHITE_SPACE_AND_BACKSLASH);
        !stands
    }

    /// Whether one stands in what is left of the text.
    fn stands_in(&self, text: &[u8], unwanted: &Unwanted) -> bool {
        let mut key = 0;
        for (at, byte) in text.iter().enumerate() {
            // The last four of what is left: no branch that a text could make slow.
            let left = !unwanted[usize::from(*byte)];
            key = if left { key << 8 | u32::from(*byte) } else { key };
            if left & self.starts.may_hold(key) && self.goes_on_behind(key, &text[at + 1..], unwanted) {
                return true;
            }
        }
        false
    }

    /// Whether what is left of `rest` begins with all of a writing but its first four bytes.
    #[cold]
    fn goes_on_behind(&self, key: u32, rest: &[u8], unwanted: &Unwanted) -> bool {
        let left = || rest.iter().filter(|byte| !unwanted[usize::from(**byte)]);
        self.beginning_with(key.to_be_bytes()).any(|needle| {
            let behind = &needle[4..];
            left().take(behind.len()).eq(behind)
        })
    }

    fn count(&self, text: &[u8]) -> usize {
        if self.spaced {
            let places = self.places_in(text);
            if places > 0 {
                return places;
            }
        }
        let joined = without(text, &WHITE_SPACE);
        let places = self.places_in(&joined);
        if memchr::memchr(b'\\', &joined).is_none() {
            return places;
        }
        places.max(self.places_in(&without(&joined, &BACKSLASH)))
    }

    fn places_in(&self, text: &[u8]) -> usize {
        let (mut places, mut behind) = (0, 0);
        for (at, key) in text.array_windows().enumerate() {
            if self.starts.may_hold(u32::from_be_bytes(*key))
                && at >= behind
                && let Some(length) = self.longest_at(text, at)
            {
                places += 1;
                behind = at + length;
            }
        }
        places
    }

    /// Takes in one writing, and what is left of it without white space, and without backslashes too.
    fn add(&mut self, writing: &[u8]) {
        self.add_as_it_is(writing);
        // Whether a small byte is there at all is known without looking at one after the other.
        let least = writing.iter().copied().min().unwrap_or(u8::MAX);
        let spaced = least <= b' ' && writing.iter().any(u8::is_ascii_whitespace);
        let without_space = spaced.then(|| without(writing, &WHITE_SPACE));
        let joined = without_space.as_ref().map_or(writing, |joined| joined.as_slice());
        if spaced {
            self.add_rest(joined);
            self.spaced |= joined.len() < SHORTEST;
        }
        if joined.contains(&b'\\') {
            let bare = without(joined, &BACKSLASH);
            self.add_rest(&bare);
            self.slashed |= bare.len() < SHORTEST;
        }
    }

    fn add_rest(&mut self, rest: &[u8]) {
        if rest.len() >= SHORTEST {
            self.add_as_it_is(rest);
        }
    }

    fn add_as_it_is(&mut self, needle: &[u8]) {
        if self.needles[self.own..].iter().any(|(_, range)| &self.bytes[range.clone()] == needle) {
            return;
        }
        let start = self.bytes.len();
        if self.bytes.capacity() < start + needle.len() {
            // Growing in place would leave the old bytes behind uncleared.
            let mut grown = Vec::with_capacity((start + needle.len()) * 2);
            grown.extend_from_slice(&self.bytes);
            let mut old = std::mem::replace(&mut *self.bytes, grown);
            old.zeroize();
        }
        self.bytes.extend_from_slice(needle);
        self.look_for(start..start + needle.len());
    }

    /// The pieces of a value that lies in `bytes` already. Nothing that looks random has white space or backslashes to
    /// be left out.
    fn add_pieces(&mut self, value: Range<usize>) {
        for start in value.start..(value.end + 1).saturating_sub(PIECE) {
            if looks_random(&self.bytes[start..start + PIECE]) {
                self.look_for(start..start + PIECE);
            }
        }
    }

    fn look_for(&mut self, needle: Range<usize>) {
        let Some(key) = self.bytes[needle.clone()].first_chunk::<4>().copied() else { return };
        self.starts.add(u32::from_be_bytes(key));
        self.needles.push((key, needle));
    }

    fn add_text(&mut self, text: impl Into<Vec<u8>>) {
        let text = Zeroizing::new(text.into());
        self.add(&text);
    }

    fn add_writings(&mut self, value: &str) {
        self.own = self.needles.len();
        self.add(value.as_bytes());
        // A key as a rule has nothing in it that any of them writes otherwise, but where they write everything so.
        let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !plain {
            self.add_json(value);
            self.add_url(value);
            self.add_html(value);
        }
        self.add_escaped(value);
        self.add_bytes(value.as_bytes());
        for big_end in [false, true] {
            let wide: Zeroizing<Vec<u8>> = Zeroizing::new(
                value.encode_utf16().flat_map(|u| if big_end { u.to_be_bytes() } else { u.to_le_bytes() }).collect(),
            );
            self.add(&wide);
            self.add_bytes(&wide);
        }
    }

    /// Every character escaped: in JSON, in an address, in HTML.
    fn add_escaped(&mut self, value: &str) {
        for upper in [false, true] {
            let mut everything = String::with_capacity(value.len() * 6);
            value.chars().for_each(|c| escape(&mut everything, c, upper));
            self.add_text(everything);
            self.add_text(hex(value.as_bytes(), "\\x", "", upper));
            self.add_text(hex(value.as_bytes(), "%", "", upper));
        }
        for (start, radix, digits) in [("&#", 10, LOWER), ("&#x", 16, LOWER), ("&#x", 16, UPPER)] {
            let mut out = Vec::with_capacity(value.len() * 6);
            for c in value.chars() {
                out.extend_from_slice(start.as_bytes());
                push_number(&mut out, u32::from(c), radix, digits);
                out.push(b';');
            }
            self.add_text(out);
        }
    }

    /// JSON with as few escapes as can be, in ASCII alone, safe for HTML, with `\/`, and JSON inside JSON.
    fn add_json(&mut self, value: &str) {
        let least = |text: &str, also: &dyn Fn(char) -> bool, upper: bool| {
            let mut out = String::with_capacity(text.len() * 6 + 16);
            for c in text.chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    '\u{8}' => out.push_str("\\b"),
                    '\u{c}' => out.push_str("\\f"),
                    c if c < ' ' || also(c) => escape(&mut out, c, upper),
                    c => out.push(c),
                }
            }
            out
        };
        let once = Zeroizing::new(least(value, &|_| false, false));
        self.add_text(least(&once, &|_| false, false));
        self.add_text(once.replace('/', "\\/"));
        self.add(once.as_bytes());
        for upper in [false, true] {
            self.add_text(least(value, &|c| !c.is_ascii(), upper));
            self.add_text(least(value, &|c| !c.is_ascii() || "<>&'+=".contains(c), upper));
        }
    }

    /// Percent signs: as `encodeURIComponent`, as `encodeURI`, as a form, as a path, by the letter of the RFC, and twice
    /// over.
    fn add_url(&mut self, value: &str) {
        for upper in [true, false] {
            let write = |text: &str, keep: &str| {
                let kept = |b: u8| b.is_ascii_alphanumeric() || keep.as_bytes().contains(&b);
                let mut out = String::with_capacity(text.len() * 3);
                for b in text.bytes() {
                    if kept(b) {
                        out.push(char::from(b));
                    } else {
                        out.push('%');
                        push_hex(&mut out, b, upper);
                    }
                }
                out
            };
            let strict = Zeroizing::new(write(value, "-_.~"));
            self.add_text(write(&strict, "-_.~"));
            self.add_text(strict.replace("%20", "+"));
            self.add(strict.as_bytes());
            self.add_text(write(value, "-_.~/"));
            self.add_text(write(value, "-_.!~*'()"));
            self.add_text(write(value, "-_.!~*'();/?:@&=+$,#"));
            self.add_text(write(value, "-_.*").replace("%20", "+"));
            self.add_text(write(value, "-_.!~*'()&=+$,;:"));
        }
    }

    /// Entities: the five, with each way to write an apostrophe.
    fn add_html(&mut self, value: &str) {
        for apostrophe in ["'", "&#39;", "&#x27;", "&apos;"] {
            for quote in ["\"", "&quot;", "&#34;"] {
                let mut out = String::with_capacity(value.len() * 6);
                for c in value.chars() {
                    match c {
                        '&' => out.push_str("&amp;"),
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '"' => out.push_str(quote),
                        '\'' => out.push_str(apostrophe),
                        c => out.push(c),
                    }
                }
                self.add_text(out);
            }
        }
    }

    /// Base64 with both alphabets, wherever in the encoded text it begins, and hexadecimal digits.
    fn add_bytes(&mut self, value: &[u8]) {
        for alphabet in [STANDARD, URL_SAFE] {
            for before in 0..3 {
                let encoded = Zeroizing::new(base64_of(value, before, alphabet));
                self.add(&encoded);
            }
        }
        for separator in ["", ":", "-"] {
            for upper in [false, true] {
                self.add_text(hex(value, "", separator, upper));
            }
        }
    }
}

/// Which four bytes a writing begins with: a bit for each of them in a table of 65,536.
struct Starts(Box<[u64; 1024]>);

impl Starts {
    fn none() -> Self {
        Self(Box::new([0; 1024]))
    }

    fn add(&mut self, key: u32) {
        let (word, bit) = Self::place_of(key);
        self.0[word] |= 1 << bit;
    }

    /// Whether one may begin with them; if not, none does.
    #[inline]
    fn may_hold(&self, key: u32) -> bool {
        let (word, bit) = Self::place_of(key);
        self.0[word] >> bit & 1 == 1
    }

    #[inline]
    fn place_of(key: u32) -> (usize, u32) {
        // Multiplied by the golden ratio, so that like beginnings do not lie together.
        let mixed = key.wrapping_mul(0x9e37_79b9) >> 16;
        ((mixed >> 6) as usize, mixed & 63)
    }
}

/// Which bytes are left out of a text.
type Unwanted = [bool; 256];

const NOTHING: Unwanted = unwanted(b"");
const WHITE_SPACE: Unwanted = unwanted(b" \t\n\r\x0c");
const BACKSLASH: Unwanted = unwanted(b"\\");
const WHITE_SPACE_AND_BACKSLASH: Unwanted = unwanted(b" \t\n\r\x0c\\");

const fn unwanted(bytes: &[u8]) -> Unwanted {
    let mut all = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        all[bytes[at] as usize] = true;
        at += 1;
    }
    all
}

/// The text without the bytes that are not wanted.
fn without(text: &[u8], unwanted: &Unwanted) -> Zeroizing<Vec<u8>> {
    let mut rest = Zeroizing::new(vec![0; text.len()]);
    let mut length = 0;
    for byte in text {
        // Written in any case and kept or written over: no branch that a text could make slow.
        rest[length] = *byte;
        length += usize::from(!unwanted[usize::from(*byte)]);
    }
    rest.truncate(length);
    rest
}

/// A character as JSON writes it where it writes none as it is.
fn escape(out: &mut String, c: char, upper: bool) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str("\\u");
        unit.to_be_bytes().into_iter().for_each(|byte| push_hex(out, byte, upper));
    }
}

fn push_hex(out: &mut String, byte: u8, upper: bool) {
    let digits = if upper { UPPER } else { LOWER };
    out.push(char::from(digits[usize::from(byte >> 4)]));
    out.push(char::from(digits[usize::from(byte & 15)]));
}

/// Hexadecimal digits of each byte, `before` each and `between` any two; of these at most two bytes together.
fn hex(bytes: &[u8], before: &str, between: &str, upper: bool) -> Vec<u8> {
    let digits = if upper { UPPER } else { LOWER };
    let mut out = Vec::with_capacity(bytes.len() * (2 + before.len() + between.len()));
    let lead = [between.as_bytes(), before.as_bytes()].concat();
    for byte in bytes {
        let (high, low) = (digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]);
        match *lead {
            [] => out.extend_from_slice(&[high, low]),
            [a] => out.extend_from_slice(&[a, high, low]),
            [a, b, ..] => out.extend_from_slice(&[a, b, high, low]),
        }
    }
    out.drain(..between.len().min(out.len()));
    out
}

/// A number of at most eight digits.
fn push_number(out: &mut Vec<u8>, number: u32, radix: u32, digits: &[u8; 16]) {
    let (mut rest, mut at, mut written) = (number, 8, [0; 8]);
    while at > 0 {
        at -= 1;
        written[at] = digits[(rest % radix) as usize];
        rest /= radix;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&written[at..]);
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The characters of base64 that depend on `value` alone, when `before` bytes stand in front of it.
fn base64_of(value: &[u8], before: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() * 4 / 3 + 1);
    let mut held = 0_u32;
    // How many bits are held; the first ones belong to a character that depends on what stands in front too.
    let mut bits = -[0, 4, 2][before % 3];
    for byte in value {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 6 {
            bits -= 6;
            out.push(alphabet[(held >> bits & 63) as usize]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_without_a_copy_misses_nothing_that_counting_finds() {
        let mut seed = 11_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % below
        };
        let secrets = ["sk-FAKE CANARY 1", "aB3\\dE6 gH9jK2mN5", "p q r s t u v w", "0000000000000000", "\\a\\b\\c\\d"];
        let pass = LeakPass::new(&secrets.map(Secret::new));
        let (mut held, mut free) = (0, 0);
        for _ in 0..20_000 {
            let mut text = Vec::new();
            for _ in 0..random(6) {
                let (_, range) = &pass.needles[random(pass.needles.len())];
                let needle = &pass.bytes[range.clone()];
                // Most are cut short or broken.
                let needle = &needle[random(2) * random(needle.len())..];
                let needle = &needle[..needle.len() - random(2) * random(needle.len())];
                for byte in needle {
                    text.push(*byte);
                    (0..random(40) / 38).for_each(|_| text.push(b" \n\t\\x"[random(5)]));
                }
            }
            let (nowhere, places) = (pass.stands_nowhere(&text), pass.count(&text));
            assert!(!nowhere || places == 0, "{}", String::from_utf8_lossy(&text));
            held += usize::from(places > 0);
            free += usize::from(nowhere);
        }
        assert!(held > 2_000 && free > 2_000, "{held} {free}");
    }

    #[test]
    fn a_huge_value_costs_a_bounded_multiple_and_is_known_by_every_piece() {
        let mut seed = 7_u64;
        let digit = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(STANDARD[usize::try_from(seed >> 58).unwrap()])
        };
        let huge: String = std::iter::repeat_with(digit).take(2 << 20).collect();
        let key = "four plain words CANARY1";
        let pass = LeakPass::new(&[Secret::new(huge.clone()), Secret::new(key)]);
        let memory = pass.bytes.len() + pass.needles.len() * size_of::<([u8; 4], Range<usize>)>();
        assert!(memory < huge.len() * 40, "{memory}");
        let random = |at: &usize| looks_random(&huge.as_bytes()[*at..*at + PIECE]);
        for at in [0, 100_001, 1_000_003, huge.len() - PIECE - 64].map(|from| (from..).find(random).unwrap()) {
            let text = format!("seen: {}.", &huge[at..at + PIECE]);
            assert_eq!(pass.release(&text).unwrap_err().layer, Layer::KnownValues, "{at}");
        }
        assert!(pass.check(&hex(key.as_bytes(), "", ":", true)).is_err(), "a key is known in every writing");
        let mut text = format!("{huge}\n").repeat(2).into_bytes();
        assert_eq!(pass.replace(&mut text), 2);
        assert_eq!(text, b"[redacted: secret]\n[redacted: secret]\n");
    }
}
