//! What gives itself away by its name: `NAME=value`, `"name": "value"`, `name: value` and their many relatives.
//!
//! A hit on a word such as `token` is widened to the whole name; the name is judged by its words; then the value
//! behind it is measured. Every step looks at a bounded stretch, so that one huge line costs no more than many
//! short ones.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::shapes::{is_encoded_login, is_prose, looks_random, pattern};
use super::{Rule, after_marker};

/// How much of a name or of what stands before it is looked at.
const REACH: usize = 96;
/// A value longer than this is judged by its name alone.
const LONGEST_SHOWN: usize = 8192;
/// How far the end of a quoted value on the next line may be.
const NEXT_LINE: usize = 512;

/// How readily a value is taken for a secret, by its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Only if it looks random.
    Weak,
    /// Unless it is plainly none.
    Strong,
    /// A password: words count too.
    Phrase,
}

/// A value to be replaced.
pub(super) struct Found {
    pub value: Range<usize>,
    pub rule: Rule,
}

static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u)token|secret|passw|passphrase|passcode|pass|pwd|key|auth|cookie|credential|signature|sig|jwt|code|nonce|challenge|approved|rejected|pat|sid",
    )
});

/// What may stand before a name whose value follows after a blank.
static COMMANDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i-u)(?:\bset(?:[ \t]+-{1,2}[a-z]+)+|\bsetenv|\bsetx(?:\.exe)?|\bconfig(?:[ \t]+-{1,2}[a-z]+)*[ \t]+(?:set|add)(?:[ \t]+-{1,2}[a-z]+)*|^[ \t]*ENV|\b(?:login|machine|account)[ \t]+\S+)[ \t]+["']?$"#,
    )
});

static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^(?-u)(?P<quote>\\*["'`])?(?:\][ \t]*)?(?:[ \t]*:[ \t]*[A-Za-z_][A-Za-z_.|\[\]]{0,40}[ \t]+=[ \t]+|[ \t]*(?:=>|:=|\+=|=|:)[ \t]*)(?P<line>\r?\n[ \t]*["'])?"#,
    )
});
static PAIR: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^(?-u)\\*["'`]\s{0,64},\s{0,64}(?:\\*["'`])"#));
static NAMED_VALUE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^(?-u)(?:\\*["'])?\s{0,64},?\s{0,64}(?:\\*["'])?value(?:\\*["'])?[ \t]*[:=][ \t]*"#));
static ELEMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?-u)(?:</key>\s{0,64}<string>|>)"));
static REGISTRY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?-u)[ \t]+REG_[A-Z_]+[ \t]+"));
static SCHEME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?i-u)(?:bearer|basic|digest|token|apikey|negotiate|ntlm|aws4-hmac-sha256)(?:[ \t]+|%20|\+)")
});

/// Every secret value, in order. With `own`, the text is this program's own: only what looks random is taken for a
/// secret.
pub(super) fn all(text: &[u8], own: bool) -> Vec<Found> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut measured = Measured::default();
    while let Some(hit) = WORDS.find_at(text, from) {
        let name = name_around(text, hit.range());
        let seen = from;
        from = name.end.max(hit.end());
        let strength = if own { strength(text, &name).map(|_| Strength::Weak) } else { strength(text, &name) };
        if let Some(strength) = strength {
            value_after(text, &name, strength, &mut measured, &mut found);
        }
        if let Some(last) = found.last() {
            from = from.max(last.value.end);
        }
        debug_assert!(from > seen, "every step moves on");
    }
    found
}

/// The stretches that were measured last: names inside them (`key=key=key=`) need not measure them again.
#[derive(Default)]
struct Measured {
    /// An unquoted word, outside and inside a query.
    words: [Range<usize>; 2],
    element: Range<usize>,
    line: Range<usize>,
}

impl Measured {
    fn word_end(&mut self, text: &[u8], start: usize, query: bool) -> usize {
        end_of(&mut self.words[usize::from(query)], start, || token_end(text, start, query))
    }

    fn element_end(&mut self, text: &[u8], start: usize) -> usize {
        end_of(&mut self.element, start, || end_at(text, start, |b| matches!(b, b'<' | b'\r' | b'\n')))
    }

    fn line_end(&mut self, text: &[u8], start: usize) -> usize {
        end_of(&mut self.line, start, || end_at(text, start, |b| matches!(b, b'\r' | b'\n')))
    }
}

/// Whatever begins inside a stretch ends where it does.
fn end_of(stretch: &mut Range<usize>, start: usize, measure: impl FnOnce() -> usize) -> usize {
    if !stretch.contains(&start) {
        *stretch = start..measure();
    }
    stretch.end
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn name_around(text: &[u8], hit: Range<usize>) -> Range<usize> {
    let before = &text[hit.start.saturating_sub(REACH)..hit.start];
    let mut start = hit.start - before.iter().rev().take_while(|b| is_name_byte(**b)).count();
    let after = &text[hit.end..text.len().min(hit.end + REACH)];
    let end = hit.end + after.iter().take_while(|b| is_name_byte(**b)).count();
    // `\nANTHROPIC_API_KEY` inside a text with escapes.
    if start > 0 && text[start - 1] == b'\\' && start < hit.start && matches!(text[start], b'n' | b'r' | b't') {
        start += 1;
    }
    start..end
}

/// The words of a name in lower case: `primaryApiKey`, `x-api-key`, `AWS_SECRET_ACCESS_KEY`.
fn words_of(name: &[u8]) -> Vec<String> {
    let mut words = vec![String::new()];
    for (at, byte) in name.iter().enumerate() {
        let previous = at.checked_sub(1).map(|p| name[p]);
        let next = name.get(at + 1);
        let starts = byte.is_ascii_uppercase()
            && (previous.is_some_and(|p| p.is_ascii_lowercase() || p.is_ascii_digit())
                || (previous.is_some_and(|p| p.is_ascii_uppercase()) && next.is_some_and(u8::is_ascii_lowercase)));
        if starts || !byte.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if byte.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Last words that say something about a secret, not the secret.
const ABOUT: &str = "file path paths dir folder helper source sources type kind ttl ms seconds count counts url uri endpoint name \
    names expires expiry expiration at in length len limit descriptor env var variable scope scopes status responses \
    version format index budget usage used window id ids enabled required present missing state mode method alg \
    algorithm prefix header headers field error message prompt provider server";

/// Whether what stands behind this name is a secret.
pub(super) fn is_of_a_secret(name: &[u8]) -> bool {
    strength(name, &(0..name.len())).is_some_and(|strength| strength >= Strength::Strong)
}

fn strength(text: &[u8], name: &Range<usize>) -> Option<Strength> {
    let bytes = &text[name.clone()];
    let mut words = words_of(bytes);
    // `client-key-data` of Kubernetes holds the key itself.
    if words.len() > 1 && words.last().is_some_and(|word| word == "data") {
        words.pop();
    }
    // `API key: …`, `Access token: …`
    if words.len() == 1 && text[..name.start].ends_with(b" ") {
        let before = &text[name.start.saturating_sub(REACH)..name.start - 1];
        let run = before.iter().rev().take_while(|b| is_name_byte(**b)).count();
        let first = words_of(&before[before.len() - run..]);
        words.splice(0..0, first);
    }
    let last = words.last()?;
    let ends = |word: &String, endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let phrase = |word: &String| ends(word, &["password", "passwd", "passphrase", "passcode"]);
    let noun = |word: &String| {
        phrase(word)
            || ends(word, &["token", "secret", "apikey", "accesskey", "secretkey", "privatekey", "cookie"])
            || ["authorization", "credential", "credentials"].contains(&word.as_str())
    };
    let keys = words.windows(2).any(|pair| {
        pair[1] == "key"
            && ["api", "access", "secret", "private", "auth", "master", "signing"].contains(&pair[0].as_str())
    });
    let weak = |word: &String| {
        ends(word, &["key", "auth", "pass", "pwd"])
            || [
                "pw",
                "signature",
                "sig",
                "code",
                "sid",
                "jwt",
                "pat",
                "nonce",
                "challenge",
                "approved",
                "rejected",
                "session",
            ]
            .contains(&word.as_str())
    };
    let short = ["pass", "pwd", "pw"].contains(&last.as_str());
    let strong = keys || short || words.iter().any(noun);
    if ABOUT.split(' ').any(|word| word == last) {
        strong.then_some(Strength::Weak)
    } else if words.iter().any(phrase) {
        Some(Strength::Phrase)
    } else if strong {
        Some(Strength::Strong)
    } else {
        weak(last).then_some(Strength::Weak)
    }
}

/// How a value is set apart from its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Equals,
    Colon,
    Blank,
    Element,
    Registry,
    /// Two texts in a list.
    Pair,
}

fn separator(text: &[u8], name: &Range<usize>) -> Option<(Separator, usize)> {
    let rest = &text[name.end..text.len().min(name.end + 256)];
    let at = |length: usize| name.end + length;
    if let Some(found) = NAMED_VALUE.find(rest) {
        return Some((Separator::Equals, at(found.end())));
    }
    if let Some(found) = ASSIGNMENT.captures(rest) {
        let whole = found.get_match();
        let colon = rest[..whole.end()].contains(&b':') && !rest[..whole.end()].contains(&b'=');
        let after = rest.get(whole.end()).copied();
        // `token::Kind`, `key://`, `a == b`
        if (colon && (after == Some(b':') || rest[whole.end()..].starts_with(b"//"))) || after == Some(b'=') {
            return None;
        }
        // In JSON the value may stand on the next line; its quote belongs to the value.
        let length = if found.name("line").is_some() && found.name("quote").is_some() {
            whole.end() - 1
        } else if let Some(line) = found.name("line") {
            line.start()
        } else {
            whole.end()
        };
        return Some((if colon { Separator::Colon } else { Separator::Equals }, at(length)));
    }
    if let Some(found) = PAIR.find(rest) {
        let quotes = found.as_bytes().iter().rev().skip(1).take_while(|b| **b == b'\\').count();
        return Some((Separator::Pair, at(found.end() - 1 - quotes)));
    }
    if let Some(found) = REGISTRY.find(rest) {
        return Some((Separator::Registry, at(found.end())));
    }
    if let Some(found) = ELEMENT.find(rest) {
        return Some((Separator::Element, at(found.end())));
    }
    let blanks =
        rest.iter().skip_while(|b| matches!(b, b'"' | b'\'')).take_while(|b| matches!(b, b' ' | b'\t')).count();
    if blanks > 0 {
        let quotes = rest.iter().take_while(|b| matches!(b, b'"' | b'\'')).count();
        let before = line_before(text, name.start);
        let bytes = &text[name.clone()];
        let lonely_password = bytes.eq_ignore_ascii_case(b"password")
            && before.iter().all(u8::is_ascii_whitespace)
            && one_word_to_line_end(&rest[blanks..]);
        if bytes.starts_with(b"--") || COMMANDS.is_match(before) || lonely_password {
            return Some((Separator::Blank, at(quotes + blanks)));
        }
    }
    None
}

/// What stands on the same line before `at`, as far as is looked.
fn line_before(text: &[u8], at: usize) -> &[u8] {
    let reach = &text[at.saturating_sub(REACH)..at];
    let start = reach.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(0, |p| p + 1);
    &reach[start..]
}

fn one_word_to_line_end(rest: &[u8]) -> bool {
    let word = rest.iter().take_while(|b| !b.is_ascii_whitespace()).count();
    let after = &rest[word..];
    let blanks = after.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    word > 0 && after.get(blanks).is_none_or(|b| matches!(b, b'\r' | b'\n'))
}

fn value_after(text: &[u8], name: &Range<usize>, strength: Strength, measured: &mut Measured, found: &mut Vec<Found>) {
    let Some((separator, start)) = separator(text, name) else { return };
    if opens_list(text, start) {
        in_list(text, start + 1, strength, found);
        return;
    }
    let header = &text[name.clone()];
    let header_is =
        |word: &[u8]| header.len() >= word.len() && header[header.len() - word.len()..].eq_ignore_ascii_case(word);
    let line_end = |b: u8| matches!(b, b'\r' | b'\n');
    // `-H 'Cookie: …'`: the argument ends with the quote in front of the header's name.
    let outer = name.start.checked_sub(1).map(|at| text[at]).filter(|b| matches!(b, b'"' | b'\''));
    let argument_end = |b: u8| line_end(b) || Some(b) == outer;
    let mut start = start;
    let mut in_quotes = quoted(text, start);
    // `=""value""`: quotes around nothing, and the value goes on.
    for _ in 0..4 {
        let Some(empty) = in_quotes.clone().filter(Range::is_empty) else { break };
        let after = empty.end + (empty.start - start);
        if text.get(after).is_none_or(|b| b.is_ascii_whitespace() || b",;:)]}\\<>|&\0".contains(b)) {
            break;
        }
        start = after;
        in_quotes = quoted(text, start);
    }
    let is_quoted = in_quotes.is_some();
    // A block in YAML: the value is the next line.
    let block = block_line(text, start);
    let mut value = match in_quotes {
        Some(value) => value,
        None if block.is_some() => block.unwrap_or_default(),
        None if separator == Separator::Pair => return,
        None if separator == Separator::Element => start..measured.element_end(text, start),
        None if separator == Separator::Registry => start..measured.line_end(text, start),
        None if header_is(b"cookie") => start..end_at(text, start, argument_end),
        None => unquoted(text, name, start, separator, strength, measured),
    };
    // `Authorization: Bearer …` keeps its scheme; what follows is the value.
    let mut in_header = false;
    if let Some(scheme) = SCHEME.find(&text[value.start..text.len().min(value.start + 64)]) {
        let many_parts = scheme.as_bytes().to_ascii_lowercase().starts_with(b"aws4")
            || scheme.as_bytes().to_ascii_lowercase().starts_with(b"digest");
        in_header = header_is(b"authorization");
        if is_quoted && value.start + scheme.end() <= value.end {
            value.start += scheme.end();
        } else if in_header {
            value.start += scheme.end();
            value.end =
                if many_parts { end_at(text, value.start, argument_end) } else { token_end(text, value.start, false) };
        }
    } else if header_is(b"authorization") && !is_quoted {
        in_header = true;
        value.end = token_end(text, value.start, false);
    }
    let rule = if in_header { Rule::Token } else { Rule::Named };
    if value.is_empty() {
        return;
    }
    if value.len() > LONGEST_SHOWN {
        // No word and no placeholder is this long. A name that only hints is not enough for so much text.
        if strength != Strength::Weak {
            found.push(Found { value, rule });
        }
        return;
    }
    let shown = &text[value.clone()];
    let single_quoted = is_quoted && text[value.start - 1] == b'\'';
    if only_markers(shown) || is_harmless(shown, strength) || is_reference(shown, single_quoted) {
        return;
    }
    // The shell's own variable for the folder that it is in.
    if header_is(b"PWD") && is_path(shown) {
        return;
    }
    let kept = match strength {
        Strength::Weak => !in_header && !looks_random(shown) && !is_encoded_login(shown),
        _ if separator == Separator::Pair => is_only_a_name(shown),
        Strength::Strong => {
            separator == Separator::Colon && !is_quoted && !in_header && reads_as_prose(text, name, &value)
        }
        Strength::Phrase => false,
    };
    if !kept {
        let after = value.end + 1;
        found.push(Found { value, rule });
        // `"one part"and-another`: a shell joins them.
        if is_quoted && text.get(after).is_some_and(u8::is_ascii_alphanumeric) {
            found.push(Found { value: after..token_end(text, after, false), rule });
        }
    }
}

fn is_path(shown: &[u8]) -> bool {
    shown.starts_with(b"/") || shown.starts_with(b"~") || shown.get(1..3).is_some_and(|b| b == b":\\" || b == b":/")
}

fn opens_list(text: &[u8], start: usize) -> bool {
    let rest = &text[start.min(text.len())..];
    rest.first() == Some(&b'[')
        && rest[1..]
            .iter()
            .take(256)
            .find(|b| !b.is_ascii_whitespace())
            .is_some_and(|b| matches!(b, b'"' | b'\'' | b'\\'))
}

/// The secrets of `["…", "…"]`.
fn in_list(text: &[u8], mut at: usize, strength: Strength, found: &mut Vec<Found>) {
    loop {
        while text.get(at).is_some_and(|b| b.is_ascii_whitespace() || *b == b',') {
            at += 1;
        }
        let Some(value) = quoted(text, at) else { return };
        let shown = &text[value.clone()];
        let quotes = value.start - at;
        let taken = match strength {
            Strength::Weak => looks_random(shown),
            _ => !is_harmless(shown, strength) && !is_only_a_name(shown),
        };
        at = value.end + quotes;
        if taken && !shown.is_empty() && !only_markers(shown) && !is_reference(shown, false) {
            found.push(Found { value, rule: Rule::Named });
        }
    }
}

/// The line behind `|` or `>`.
fn block_line(text: &[u8], start: usize) -> Option<Range<usize>> {
    static BLOCK: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?-u)[|>][+-]?[ \t]*\r?\n[ \t]+"));
    let rest = &text[start..text.len().min(start + 256)];
    let value = start + BLOCK.find(rest)?.end();
    Some(value..end_at(text, value, |b| matches!(b, b'\r' | b'\n')))
}

fn end_at(text: &[u8], start: usize, stop: impl Fn(u8) -> bool) -> usize {
    text[start..].iter().position(|b| stop(*b)).map_or(text.len(), |p| start + p)
}

/// The inside of a quoted value, the quotes possibly escaped. Without a closing quote, the rest of the line.
fn quoted(text: &[u8], start: usize) -> Option<Range<usize>> {
    // A list that was cut off ends before its next value begins.
    let rest = text.get(start..)?;
    // `$'…'` of a shell; `b"…"`, `rb"…"`, `f"…"` of Python.
    let letters = rest.iter().take(3).take_while(|b| b"$bBrRfFuU".contains(b)).count();
    let before_quote = rest.get(letters).is_some_and(|b| matches!(b, b'"' | b'\''));
    let dollar = if before_quote { letters } else { 0 };
    let escapes = rest[dollar..].iter().take(16).take_while(|b| **b == b'\\').count();
    let quote = *rest.get(dollar + escapes)?;
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let inside = start + dollar + escapes + 1;
    let mut slashes = 0;
    let mut line_end = None;
    for (at, byte) in text.iter().enumerate().skip(inside) {
        match byte {
            b'\\' => {
                slashes += 1;
                continue;
            }
            b if *b == quote && slashes <= escapes => return Some(inside..at - slashes),
            b'\n' if line_end.is_none() => line_end = Some(at),
            b'\n' => break,
            b if line_end.is_some() && (b.is_ascii_whitespace() && *b != b'\r') => break,
            _ => {}
        }
        if line_end.is_some_and(|end| at - end > NEXT_LINE) {
            break;
        }
        slashes = 0;
    }
    let end = line_end.unwrap_or(text.len());
    let end = if end > inside && text[end - 1] == b'\r' { end - 1 } else { end };
    Some(inside..end)
}

/// The end of one word of a shell line, `.env` file, query or log.
fn token_end(text: &[u8], start: usize, query: bool) -> usize {
    let mut at = start;
    let mut open = 0_usize;
    while let Some(byte) = text.get(at) {
        if let Some(end) = after_marker(text, at) {
            at = end;
            continue;
        }
        let rest = &text[at + 1..];
        let next = rest.first();
        let ends = next
            .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b',' | b';' | b')' | b']' | b'}'));
        match byte {
            b'\\' if next.is_some_and(|b| !matches!(b, b'n' | b'r' | b't' | b'"' | b'\'' | b'\r' | b'\n')) => at += 1,
            b'\\' | b'"' | b'\'' | b'`' | b'\0' | b'<' | b'>' => break,
            b'&' if query || ends || rest.starts_with(b"&") || starts_assignment(rest) => break,
            b';' | b',' if ends || starts_assignment(rest) => break,
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' if ends && open == 0 => break,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b if b.is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    at.min(text.len())
}

fn starts_assignment(rest: &[u8]) -> bool {
    let name = rest.iter().take(REACH).take_while(|b| is_name_byte(**b)).count();
    name > 0 && matches!(rest.get(name), Some(b'=' | b':'))
}

fn unquoted(
    text: &[u8],
    name: &Range<usize>,
    start: usize,
    separator: Separator,
    strength: Strength,
    measured: &mut Measured,
) -> Range<usize> {
    let query = name.start > 0 && matches!(text[name.start - 1], b'?' | b'&');
    let mut end = measured.word_end(text, start, query);
    let before = line_before(text, name.start);
    let first_on_line = before.iter().all(|b| b.is_ascii_whitespace() || matches!(b, b'-' | b'<' | b'>'));
    if query || separator == Separator::Blank {
        return start..end;
    }
    if first_on_line
        && (strength == Strength::Phrase || (strength == Strength::Strong && separator == Separator::Colon))
    {
        let stop = end_at(text, start, |b| matches!(b, b'\r' | b'\n' | b'\0' | b'<'));
        let comment = text[start..stop].windows(2).position(|pair| pair[0].is_ascii_whitespace() && pair[1] == b'#');
        let whole = comment.map_or(stop, |at| start + at);
        let trimmed = text[start..whole].trim_ascii_end().len();
        return start..(start + trimmed).max(end);
    }
    // A blank inside a key: what follows looks like the rest of it.
    for _ in 0..8 {
        let Some(rest) = text.get(end..).filter(|rest| rest.starts_with(b" ")) else { break };
        let next = token_end(text, end + 1, query);
        if rest.len() < 2 || !looks_random(&text[end + 1..next]) {
            break;
        }
        end = next;
    }
    start..end
}

/// Nothing but markers, schemes and signs between them.
fn only_markers(shown: &[u8]) -> bool {
    let mut at = 0;
    let mut seen = false;
    let mut between = 0;
    while at < shown.len() {
        if let Some(end) = after_marker(shown, at) {
            seen = true;
            at = end;
        } else {
            between += usize::from(!shown[at].is_ascii_whitespace() && !b"\\.,;:=&\"'@".contains(&shown[at]));
            at += 1;
        }
    }
    seen && between <= 3
}

/// Plainly no secret: a switch, a placeholder, a run of stars.
fn is_harmless(shown: &[u8], strength: Strength) -> bool {
    const WORDS: &str = "true false null none nil undefined yes no on off set unset missing present absent empty \
        unknown (none) n/a [] {} { [ | \\ > -";
    let Ok(text) = std::str::from_utf8(shown) else { return false };
    let text = text.trim().trim_end_matches([',', ';']);
    let word = text.to_ascii_lowercase();
    if word.is_empty()
        || ["not set", "not found"].contains(&word.as_str())
        || WORDS.split(' ').any(|harmless| harmless == word)
        || text.starts_with(['{', '[']) && text.len() < 3
    {
        return true;
    }
    // Stars, dots and x: somebody hid it already.
    if word.chars().all(|c| matches!(c, '*' | '.' | 'x' | '•' | '…' | '-' | '_' | '#')) {
        return true;
    }
    let constant = text.contains('_') && text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let in_brackets = text.starts_with('<')
        && text.ends_with('>')
        && text[1..].chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '_' | '>'));
    let asks = ["your", "insert", "paste", "replace", "enter", "put"].iter().any(|start| word.starts_with(start))
        && ["here", "key", "token", "secret", "password"].iter().any(|end| word.ends_with(end))
        && word.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '_' | ' '));
    let small = strength != Strength::Phrase && text.len() <= 5 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    constant
        || in_brackets
        || asks
        || small
        || word.starts_with("sk-ant-") && (word.ends_with("...") || word.ends_with('…'))
}

/// `$NAME`, `${NAME}`, `%NAME%`, `$(command)`, `{{ name }}`: where it comes from, not what it is.
fn is_reference(shown: &[u8], single_quoted: bool) -> bool {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?-u)(?:\$(?:env:)?[A-Z][A-Z0-9_]*|\$\{(?:env:)?[A-Z][A-Z0-9_]*\}|%[A-Z][A-Z0-9_]*%|\$\{\{[ A-Za-z_.]*\}\}|\{\{[ A-Za-z_.]*\}\}|(?:process\.env|os\.environ)\.[A-Z_]+)[,;]?$",
        )
    });
    (REFERENCE.is_match(shown) && !single_quoted) || shown.starts_with(b"$(")
}

fn is_only_a_name(shown: &[u8]) -> bool {
    shown.len() <= REACH
        && shown.iter().all(|b| is_name_byte(*b))
        && !shown.iter().any(u8::is_ascii_digit)
        && strength(shown, &(0..shown.len())).is_some()
}

/// `API key: not configured.`, `unexpected token: expected a brace`: a sentence goes on.
fn reads_as_prose(text: &[u8], name: &Range<usize>, value: &Range<usize>) -> bool {
    let before = line_before(text, name.start);
    let first_on_line = before.iter().all(|b| b.is_ascii_whitespace() || matches!(b, b'-' | b'<' | b'>' | b'{' | b','));
    let shown = &text[value.clone()];
    let word = shown.split(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
    let goes_on = text.get(value.start + word.len()).is_some_and(|b| *b == b' ');
    is_prose(word) && goes_on && !first_on_line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Option<&'static str> {
        strength(name.as_bytes(), &(0..name.len())).map(|s| match s {
            Strength::Weak => "weak",
            Strength::Strong => "strong",
            Strength::Phrase => "phrase",
        })
    }

    #[test]
    fn a_name_is_judged_by_its_words() {
        for name in
            ["ANTHROPIC_API_KEY", "x-api-key", "primaryApiKey", "AWS_SECRET_ACCESS_KEY", "accessToken", "authorization"]
        {
            assert_eq!(of(name), Some("strong"), "{name}");
        }
        for name in ["apiKeyHelper", "tokenExpiresAt", "AWS_ACCESS_KEY_ID", "apiKeySource", "LITELLM_KEY", "key"] {
            assert_eq!(of(name), Some("weak"), "{name}");
        }
        for name in ["DB_PASSWORD", "password", "passphrase"] {
            assert_eq!(of(name), Some("phrase"), "{name}");
        }
        for name in ["max_tokens", "CLAUDE_CODE_MAX_OUTPUT_TOKENS", "author", "keyboard", "monkeys"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
