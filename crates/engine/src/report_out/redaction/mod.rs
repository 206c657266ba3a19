//! Nothing secret leaves the machine: three layers, each enough on its own.
//!
//! 1. **Fields** ([`Outgoing`]): a report that leaves is made of the typed report. The shown ends of keys are taken
//!    out, and every field that can carry a foreign text (an address, a path, a server's answer) is cleaned.
//! 2. **Patterns** ([`redact_text`]): what gives itself away by its shape or by the name in front of it is replaced
//!    by a marker. This is also what `authlight redact` does to any text.
//! 3. **Known values** ([`LeakPass`]): no secret that this run has met may be in the text, in any writing of it.
//!    This layer repairs nothing: it refuses.

mod fields;
mod known_values;
mod names;
mod shapes;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;
use zeroize::Zeroizing;

pub use fields::{Outgoing, safe_url};
pub use known_values::{Layer, Leak, LeakPass, Released, SHORTEST};

/// The month of these rules, for the report.
pub const RULES: &str = "2026-11";

/// What was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// An API key by its shape.
    ApiKey,
    /// A bearer token, a JWT, a token of another service.
    Token,
    /// An access key of AWS or Bedrock.
    AwsKey,
    /// A private key block.
    PrivateKey,
    /// User and password: in an address, behind `Basic`, behind `curl -u`.
    Login,
    /// A value by the name in front of it.
    Named,
    /// The name in an e-mail address; the domain stays.
    EMail,
    /// A person's name in the path of a home folder, which becomes `~`.
    Home,
}

impl Rule {
    /// Every rule, in order.
    pub const ALL: &'static [Self] =
        &[Self::ApiKey, Self::Token, Self::AwsKey, Self::PrivateKey, Self::Login, Self::Named, Self::EMail, Self::Home];

    /// What stands in the text instead. Stable: scripts may look for it.
    pub fn marker(self) -> &'static str {
        match self {
            Self::ApiKey => "[redacted: API key]",
            Self::Token => "[redacted: token]",
            Self::AwsKey => "[redacted: AWS key]",
            Self::PrivateKey => "[redacted: private key]",
            Self::Login => "[redacted: user and password]",
            Self::Named => "[redacted: secret]",
            Self::EMail => "[redacted: name]",
            Self::Home => "~",
        }
    }

    /// The stable English word.
    pub fn word(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Token => "token",
            Self::AwsKey => "aws_key",
            Self::PrivateKey => "private_key",
            Self::Login => "login",
            Self::Named => "named",
            Self::EMail => "e_mail",
            Self::Home => "home",
        }
    }
}

/// Whether what stands behind this name is a secret.
pub fn names_a_secret(name: &str) -> bool {
    names::is_of_a_secret(name.as_bytes())
}

/// Whether a text is long, mixes letters and digits, and is no path, address or date.
pub fn looks_random(text: &str) -> bool {
    shapes::looks_random(text.as_bytes())
}

/// How often each rule replaced something.
pub type Counts = BTreeMap<Rule, usize>;

/// A text without what the rules know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The text, line for line.
    pub text: String,
    /// What was replaced, and how often.
    pub counts: Counts,
}

/// The same for bytes of any encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactedBytes {
    /// The bytes; what was not replaced is as it was.
    pub bytes: Vec<u8>,
    /// What was replaced, and how often.
    pub counts: Counts,
}

/// Whose text it is, which decides how a value behind a name such as `token` is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Anything: a log, a settings file, a server's answer.
    Foreign,
    /// A sentence of this program, in which only what looks random is taken for a secret.
    Own,
}

/// Replaces everything secret that shape or name gives away; also the names of persons in e-mail addresses and
/// home folders. Line breaks stay; doing it twice changes nothing more.
pub fn redact_text(input: &str) -> Redacted {
    let RedactedBytes { bytes, counts } = redact_bytes(input.as_bytes());
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(bytes) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
    };
    Redacted { text, counts }
}

/// As [`redact_text`], for any bytes. UTF-16 is seen through, with or without its mark, and even as a part of
/// another text (what old PowerShell appends to a file); bytes of no encoding stay as they are.
pub fn redact_bytes(input: &[u8]) -> RedactedBytes {
    let mut counts = Counts::new();
    let bytes = if let Some(big_end) = utf_16_mark(input) {
        let decoded = from_utf_16(input, big_end);
        let tail = input.len() & !1;
        let mut bytes = to_utf_16(&settled(&decoded, Origin::Foreign, &mut counts), big_end);
        bytes.extend_from_slice(&input[tail..]);
        bytes
    } else if input.contains(&0) {
        let seen = replace_wide_runs(input, &mut counts);
        settled(&seen, Origin::Foreign, &mut counts)
    } else {
        settled(input, Origin::Foreign, &mut counts)
    };
    RedactedBytes { bytes, counts }
}

/// As [`redact_text`], for a sentence of this program.
fn redact_own(text: &str) -> String {
    String::from_utf8_lossy(&settled(text.as_bytes(), Origin::Own, &mut Counts::new())).into_owned()
}

/// In how many places something has the shape of a secret.
fn secrets_by_shape(text: &[u8]) -> usize {
    let mut counts = Counts::new();
    let _ = replace_shapes(text, &mut counts);
    counts.values().sum()
}

/// The rules again and again until they find nothing more: so that a second run finds nothing either.
fn settled(input: &[u8], origin: Origin, counts: &mut Counts) -> Vec<u8> {
    let mut text = Cow::Borrowed(input);
    // Each round can only uncover what an earlier replacement had hidden; a few are more than enough.
    for _ in 0..8 {
        match once(&text, origin, counts) {
            Some(changed) => text = Cow::Owned(changed),
            None => break,
        }
    }
    text.into_owned()
}

fn once(input: &[u8], origin: Origin, counts: &mut Counts) -> Option<Vec<u8>> {
    let mut text = replace_shapes(input, counts);
    let found = names::all(&text, origin == Origin::Own);
    if !found.is_empty() {
        text = Cow::Owned(replace(&text, found.into_iter().map(|f| (f.value, f.rule)), counts));
    }
    let names = shapes::E_MAIL.captures_iter(&text).filter_map(|found| {
        let (name, ending) = (found.name("s")?, found.name("t")?);
        (name.as_bytes() != b"git" && !shapes::is_unit(ending.as_bytes())).then(|| (name.range(), Rule::EMail))
    });
    let names = names.collect();
    text = replace_if_any(text, names, counts);
    for pattern in shapes::HOMES.iter() {
        let homes = pattern.captures_iter(&text).filter_map(|found| {
            let (path, name) = (found.name("s")?, found.name("n")?);
            (!shapes::is_nobody(name.as_bytes())).then(|| (path.range(), Rule::Home))
        });
        let homes = homes.collect();
        text = replace_if_any(text, homes, counts);
    }
    match text {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

fn replace_shapes<'t>(input: &'t [u8], counts: &mut Counts) -> Cow<'t, [u8]> {
    let mut text = Cow::Borrowed(input);
    let lower = Zeroizing::new(input.to_ascii_lowercase());
    if !shapes::ANY_NEED.is_in(&lower) {
        return text;
    }
    let pairs = shapes::Pairs::of(&lower);
    for shape in shapes::SECRETS.iter() {
        let Some(pattern) = shape.pattern(&lower, &pairs) else { continue };
        let mut found = Vec::new();
        for captures in pattern.captures_iter(&text) {
            let Some(secret) = captures.name("s") else { continue };
            if !(shape.is_one)(secret.as_bytes()) || marker_at_end(&text, secret.range()) {
                continue;
            }
            let mut range = secret.range();
            if shape.rule == Rule::ApiKey {
                range.end = shapes::end_of_broken_key(&text, range.end);
            }
            found.push((range, shape.rule));
        }
        text = replace_if_any(text, found, counts);
    }
    text
}

/// Whether what was found is a marker already.
fn marker_at_end(text: &[u8], range: Range<usize>) -> bool {
    range.start > 0 && after_marker(text, range.start - 1).is_some_and(|end| end >= range.end)
        || after_marker(text, range.start).is_some_and(|end| end == range.end)
}

/// The end of the marker that begins at `at`, if one does.
fn after_marker(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.first() != Some(&b'[') {
        return None;
    }
    Rule::ALL
        .iter()
        .map(|rule| rule.marker())
        .find(|marker| marker.len() > 1 && rest.starts_with(marker.as_bytes()))
        .map(|marker| at + marker.len())
}

fn replace_if_any<'t>(text: Cow<'t, [u8]>, found: Vec<(Range<usize>, Rule)>, counts: &mut Counts) -> Cow<'t, [u8]> {
    if found.is_empty() { text } else { Cow::Owned(replace(&text, found.into_iter(), counts)) }
}

/// Puts markers in. Line breaks inside a replaced stretch stay, so that line numbers still hold.
fn replace(text: &[u8], found: impl Iterator<Item = (Range<usize>, Rule)>, counts: &mut Counts) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut last = 0;
    for (range, rule) in found {
        if range.start < last {
            continue;
        }
        out.extend_from_slice(&text[last..range.start]);
        out.extend_from_slice(rule.marker().as_bytes());
        let inside = &text[range.clone()];
        for (at, byte) in inside.iter().enumerate() {
            let breaks = *byte == b'\n' || (*byte == b'\r' && inside.get(at + 1) == Some(&b'\n'));
            if breaks {
                out.push(*byte);
            }
        }
        last = range.end;
        *counts.entry(rule).or_default() += 1;
    }
    out.extend_from_slice(&text[last..]);
    out
}

/// The byte-order mark of UTF-16, and whether the big end comes first.
fn utf_16_mark(input: &[u8]) -> Option<bool> {
    match input {
        [0xff, 0xfe, ..] => Some(false),
        [0xfe, 0xff, ..] => Some(true),
        _ => None,
    }
}

/// As UTF-8 in which lone surrogates are written like any other character, so that no unit gets lost.
fn from_utf_16(input: &[u8], big_end: bool) -> Vec<u8> {
    let units = input.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big_end { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    let mut out = Vec::with_capacity(input.len());
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(lone) => {
                let unit = lone.unpaired_surrogate();
                let six = |shift: u16| 0x80 | (unit >> shift & 0x3f) as u8;
                out.extend_from_slice(&[0xe0 | (unit >> 12) as u8, six(6), six(0)]);
            }
        }
    }
    out
}

fn to_utf_16(text: &[u8], big_end: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 2);
    let mut put = |unit: u16| out.extend_from_slice(&if big_end { unit.to_be_bytes() } else { unit.to_le_bytes() });
    let mut at = 0;
    while at < text.len() {
        let byte = u32::from(text[at]);
        let (length, first) = match byte {
            0..0x80 => (1, byte),
            0x80..0xe0 => (2, byte & 0x1f),
            0xe0..0xf0 => (3, byte & 0x0f),
            _ => (4, byte & 0x07),
        };
        let point = text[at + 1..text.len().min(at + length)].iter().fold(first, |p, b| p << 6 | u32::from(b & 0x3f));
        match char::from_u32(point) {
            Some(c) => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| put(*unit)),
            None => put((point & 0xffff) as u16),
        }
        at += length;
    }
    out
}

/// Stretches of ASCII with a NUL between any two characters, in a text that is something else.
fn replace_wide_runs(input: &[u8], counts: &mut Counts) -> Vec<u8> {
    static RUN: LazyLock<Regex> =
        LazyLock::new(|| shapes::pattern(r"(?-u)(?:[\t\r\n\x20-\x7e]\x00){4,}[\t\r\n\x20-\x7e]?"));
    let mut out = Vec::with_capacity(input.len());
    let mut last = 0;
    for run in RUN.find_iter(input) {
        let narrow: Vec<u8> = run.as_bytes().iter().copied().step_by(2).collect();
        let clean = settled(&narrow, Origin::Foreign, counts);
        out.extend_from_slice(&input[last..run.start()]);
        if clean == narrow {
            out.extend_from_slice(run.as_bytes());
        } else {
            clean.iter().for_each(|byte| out.extend_from_slice(&[*byte, 0]));
            if run.len() % 2 == 1 {
                out.pop();
            }
        }
        last = run.end();
    }
    out.extend_from_slice(&input[last..]);
    out
}

#[cfg(test)]
mod tests;
