//! What gives itself away by its shape, whatever stands around it.
//!
//! A table: each row has a rule, a pattern whose group `s` is replaced, and a second look at what was found.

use std::sync::{LazyLock, OnceLock};

use memchr::memmem;
use regex::bytes::Regex;

use super::Rule;

/// One row: the rule, the pattern, and whether what the pattern found is really one.
pub(super) struct Shape {
    pub rule: Rule,
    /// In lower case; one of them stands in every text that the pattern fits.
    needs: &'static [&'static str],
    text: String,
    compiled: OnceLock<Regex>,
    pub is_one: fn(&[u8]) -> bool,
}

/// Which bytes stand beside which in a text: one look at it spares most of the searches.
pub(super) struct Pairs(Box<[u64; 1024]>);

impl Pairs {
    pub fn of(text: &[u8]) -> Self {
        let mut seen = Box::new([0_u64; 1024]);
        for pair in text.windows(2) {
            let pair = u16::from_be_bytes([pair[0], pair[1]]);
            seen[usize::from(pair >> 6)] |= 1 << (pair & 63);
        }
        Self(seen)
    }

    fn may_hold(&self, word: &[u8]) -> bool {
        word.windows(2).all(|pair| {
            let pair = u16::from_be_bytes([pair[0], pair[1]]);
            self.0[usize::from(pair >> 6)] >> (pair & 63) & 1 == 1
        })
    }
}

impl Shape {
    /// The pattern, if it can fit a text of which this is the lower case. Most texts need none of the patterns, and
    /// building one costs more than reading a report.
    pub fn pattern(&self, lower: &[u8], pairs: &Pairs) -> Option<&Regex> {
        let mut needs = self.needs.iter().map(|need| need.as_bytes()).filter(|need| pairs.may_hold(need));
        let fits = needs.any(|need| memmem::find(lower, need).is_some());
        fits.then(|| self.compiled.get_or_init(|| pattern(&self.text)))
    }
}

/// Builds one of this module's own patterns. A test builds them all.
#[expect(clippy::expect_used, reason = "the patterns are constants")]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// Finds out with one look at a text whether any of the patterns can fit it.
pub(super) struct AnyNeed {
    /// A bit for the first three bytes of each word: most places of a text need no second look.
    starts: Box<[u64; 1024]>,
    /// The words of three bytes and more, by their first three.
    words: Vec<(u32, &'static [u8])>,
    /// The others.
    short: Vec<&'static [u8]>,
}

impl AnyNeed {
    fn of(needs: impl Iterator<Item = &'static [u8]>) -> Self {
        let mut any = Self { starts: Box::new([0; 1024]), words: Vec::new(), short: Vec::new() };
        for need in needs {
            match need.first_chunk::<3>() {
                Some([a, b, c]) => {
                    let start = u32::from_be_bytes([0, *a, *b, *c]);
                    let (word, bit) = Self::place_of(start);
                    any.starts[word] |= 1 << bit;
                    any.words.push((start, need));
                }
                None if any.short.contains(&need) => {}
                None => any.short.push(need),
            }
        }
        any
    }

    /// Whether a pattern can fit a text of which this is the lower case.
    pub fn is_in(&self, lower: &[u8]) -> bool {
        if self.short.iter().any(|need| memmem::find(lower, need).is_some()) {
            return true;
        }
        let may_begin = |start: u32| {
            let (word, bit) = Self::place_of(start);
            self.starts[word] >> bit & 1 == 1
        };
        // Four bytes are read at once; the last three of the text are nobody's first three of four.
        let quick = lower.array_windows().enumerate().any(|(at, four)| {
            let start = u32::from_be_bytes(*four) >> 8;
            may_begin(start) && self.begins_at(lower, at, start)
        });
        quick
            || lower
                .last_chunk::<3>()
                .is_some_and(|[a, b, c]| self.begins_at(lower, lower.len() - 3, u32::from_be_bytes([0, *a, *b, *c])))
    }

    #[cold]
    fn begins_at(&self, lower: &[u8], at: usize, start: u32) -> bool {
        self.words.iter().any(|(known, need)| *known == start && lower[at..].starts_with(need))
    }

    /// The place of three bytes in a table of 65,536.
    #[inline]
    fn place_of(start: u32) -> (usize, u32) {
        // Multiplied by the golden ratio, so that like beginnings do not lie together.
        let mixed = start.wrapping_mul(0x9e37_79b9) >> 16;
        ((mixed >> 6) as usize, mixed & 63)
    }
}

/// What the patterns need.
pub(super) static ANY_NEED: LazyLock<AnyNeed> =
    LazyLock::new(|| AnyNeed::of(SECRETS.iter().flat_map(|shape| shape.needs).map(|need| need.as_bytes())));

/// Typographic dashes and invisible characters, which come along when a key is copied out of a document.
const KEY_CHARACTER: &str = r"(?:[A-Za-z0-9_-]|\xE2\x80[\x8B-\x95]|\xE2\x81\xA0|\xE2\x88\x92|\xC2\xAD|\xEF\xBB\xBF)";
const KEY_DASH: &str = r"(?:-|_|\xE2\x80[\x90-\x95]|\xE2\x88\x92)";

const KEY_STARTS: &[&str] = &["sk-ant", "sk_ant", "sk‐ant", "sk‑ant", "sk‒ant", "sk–ant", "sk—ant", "sk―ant", "sk−ant"];

/// Every shape of a secret, in the order in which they are looked for.
pub(super) static SECRETS: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let row = |rule, needs, text: &str, is_one| {
        let text = format!("(?-u){text}");
        Shape { rule, needs, text, compiled: OnceLock::new(), is_one }
    };
    let yes = |_: &[u8]| true;
    vec![
        row(
            Rule::PrivateKey,
            &["private key"],
            r"(?s)(?P<s>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)",
            yes,
        ),
        // Half a file: the end is missing.
        row(
            Rule::PrivateKey,
            &["private key"],
            r#"(?P<s>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[\s\\rn"',|>]*[A-Za-z0-9+/=]{16,})*)"#,
            yes,
        ),
        row(
            Rule::ApiKey,
            KEY_STARTS,
            &format!("(?i:(?P<s>sk{KEY_DASH}ant{KEY_DASH}{KEY_CHARACTER}+))"),
            is_key_of_anthropic,
        ),
        // As Claude Code shows a key when it asks for approval: its last twenty characters.
        row(Rule::ApiKey, &["sk-ant-"], r"(?i)sk-ant-[a-z0-9-]*(?:\.\.\.|\xE2\x80\xA6)(?P<s>[A-Za-z0-9_-]{8,})", yes),
        row(Rule::ApiKey, &["sk-"], r"\b(?P<s>sk-[A-Za-z0-9_-]{16,})", has_digit),
        row(Rule::Token, &["eyj"], r"(?P<s>eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,3})", yes),
        row(Rule::Token, &["eyj"], r"(?P<s>eyJ[A-Za-z0-9_+/-]{30,}={0,2})", yes),
        row(Rule::AwsKey, &["akia", "asia", "abia", "acca"], r"\b(?P<s>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b", yes),
        row(Rule::AwsKey, &["absk"], r"\b(?P<s>ABSK[A-Za-z0-9+/_-]{24,}={0,2})", yes),
        row(Rule::AwsKey, &["bedrock-api-key-"], r"\b(?P<s>bedrock-api-key-[A-Za-z0-9+/=_-]{8,})", yes),
        row(
            Rule::Token,
            &[
                "ghp_",
                "gho_",
                "ghu_",
                "ghs_",
                "ghr_",
                "github_pat_",
                "glpat-",
                "xox",
                "npm_",
                "hf_",
                "k_live_",
                "k_test_",
            ],
            r"\b(?P<s>gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{20,}|(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,})",
            yes,
        ),
        row(
            Rule::Token,
            &["aiza", "ya29.", "1//", "gocspx-"],
            r"\b(?P<s>AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z_-]{10,}|1//[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{10,})",
            yes,
        ),
        row(
            Rule::Token,
            &["bearer ", "bearer\t", "bearer:", "bearer+", "bearer%20", "bearer\\t"],
            r#"(?i)\bbearer(?:[ \t:+]|%20|\\t)+(?:\\*["'])?(?P<s>[A-Za-z0-9._~+/=-]{6,})"#,
            |found| !is_prose(found),
        ),
        row(Rule::Login, &["basic"], r"(?i)\bbasic(?:[ \t:+]|%20)+(?P<s>[A-Za-z0-9+/_-]{4,}={0,2})", is_basic),
        row(Rule::Login, &["@"], r#"(?i)\b[a-z][a-z0-9+.-]{1,30}:(?:\\?/){2}(?P<s>[^\s/?#"'<>`\\\x00]*)@"#, |found| {
            !found.is_empty()
        }),
        // A password with `/`, `?` or `#` in it: what follows the colon is no port.
        row(
            Rule::Login,
            &["@"],
            r#"(?i)\b[a-z][a-z0-9+.-]{1,30}:(?:\\?/){2}(?P<s>[^\s/?#"'<>`\\\x00@:]*:[0-9]*[^\s/?#"'<>`\\\x00@:0-9][^\s"'<>`\x00]*)@"#,
            yes,
        ),
        row(
            Rule::Login,
            &["@"],
            r#"(?:^|[\s"'=(,<`])(?P<s>[^\s:@/"'=(,<>\[\]`\x00\\]+:[^\s@/"'`\x00]+)@[A-Za-z0-9\[]"#,
            is_login_without_scheme,
        ),
        row(
            Rule::Login,
            &["-u", "--proxy-user"],
            r#"(?m)(?:^|\s)(?:-u|-U|--user|--proxy-user|--proxy-userpwd)(?:[ \t=]+)?["']?(?P<s>[^\s"':\[]+:[^\s"']+)"#,
            |found| !found.iter().all(|b| b.is_ascii_digit() || *b == b':') && !found.starts_with(b"http"),
        ),
    ]
});

/// E-mail addresses; `s` is the name in front of the `@`.
pub(super) static E_MAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?-u)(?P<s>[A-Za-z0-9._%+-]+)(?:@|%40)(?:[A-Za-z0-9-]+\.)+(?P<t>[A-Za-z]{2,24})\b"));

/// Home folders; `s` is what becomes `~`, `n` the person's name.
pub(super) static HOMES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r#"(?:^|[^A-Za-z0-9_.~/-])(?:file://)?(?P<s>(?:/mnt/[a-z]|/[a-z]|/var|/export|/usr|/private/var|/System/Volumes/Data|/Volumes/[^/\s"']+)?/(?:home|Users)/(?P<n>[^/\s"'`<>:;,|\\)\]\}\x00]+))"#,
        r#"(?i)(?:^|[^A-Za-z0-9_])(?P<s>[a-z]:(?:\\+|/+)(?:Users|Documents and Settings)(?:\\+|/+)(?P<n>[^\\/:*?"<>|\s'`,;)\]\x00~]+(?: [^\\/:*?"<>|\s'`,;)\]\x00]+){0,2}))(?:\\|/)"#,
        r#"(?i)(?:^|[^A-Za-z0-9_])(?P<s>[a-z]:(?:\\+|/+)(?:Users|Documents and Settings)(?:\\+|/+)(?P<n>[^\\/:*?"<>|\s'`,;)\]\x00~]+))"#,
        r#"(?i)(?P<s>\\+wsl(?:\$|\.localhost)\\+[^\\\s"']+\\+home\\+(?P<n>[^\\/:*?"<>|\s'`]+))"#,
        r#"(?P<s>\\/(?:home|Users)\\/(?P<n>[^/\\\s"'`<>:;,|]+))"#,
        // The folder name that Claude Code makes of a project's path.
        r#"projects(?:\\+|/)(?P<s>(?:[A-Za-z]-)?-(?:home|Users|mnt-[a-z]-Users)-(?P<n>[^-/\\\s"'`]+))"#,
    ]
    .into_iter()
    .map(|text| pattern(&format!("(?m-u){text}")))
    .collect()
});

/// Names that are nobody's.
pub(super) fn is_nobody(name: &[u8]) -> bool {
    [&b"Public"[..], b"Default", b"All Users", b"Shared", b"linuxbrew", b"~", b"..", b"."].contains(&name)
}

/// Whether the last part of something like an address is a unit of systemd: `getty@tty1.service`.
pub(super) fn is_unit(ending: &[u8]) -> bool {
    [&b"service"[..], b"socket", b"timer", b"target", b"mount", b"slice"].contains(&ending)
}

fn has_digit(found: &[u8]) -> bool {
    found.iter().any(u8::is_ascii_digit)
}

/// `sk-ant-api03-…` with something behind the kind, and no run of `x`.
fn is_key_of_anthropic(found: &[u8]) -> bool {
    let body = found.get(7..).unwrap_or_default();
    let kinds: [&[u8]; 5] = [b"api", b"admin", b"oat", b"ort", b"sid"];
    let kind = kinds.iter().find(|kind| body.get(..kind.len()).is_some_and(|b| b.eq_ignore_ascii_case(kind)));
    let rest = match kind {
        Some(kind) => {
            let rest = &body[kind.len()..];
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let rest = &rest[digits..];
            rest.strip_prefix(b"-").unwrap_or(rest)
        }
        None => body,
    };
    rest.len() >= 4 && !rest.iter().all(|b| matches!(b, b'x' | b'X' | b'-'))
}

/// A word of a sentence: `Bearer authentication`, `basic auth.`
pub(super) fn is_prose(found: &[u8]) -> bool {
    let word = found.strip_suffix(b".").or_else(|| found.strip_suffix(b",")).unwrap_or(found);
    let after_first = word.get(1..).unwrap_or_default();
    word.len() <= 15
        && word.first().is_some_and(u8::is_ascii_alphabetic)
        && after_first.iter().all(|b| b.is_ascii_lowercase() || *b == b'-')
}

/// Base64 of `user:password`, or at least nothing that a sentence would have.
fn is_basic(found: &[u8]) -> bool {
    is_encoded_login(found) || looks_random(found)
}

/// Base64 of `user:password`.
pub(super) fn is_encoded_login(found: &[u8]) -> bool {
    from_base64(found).is_some_and(|bytes| {
        bytes.len() >= 3 && bytes.contains(&b':') && bytes.iter().all(|b| !b.is_ascii_control() && *b != 0x7f)
    })
}

fn is_login_without_scheme(found: &[u8]) -> bool {
    let name = found.split(|b| *b == b':').next().unwrap_or_default();
    let known: [&[u8]; 8] = [b"mailto", b"sip", b"sips", b"xmpp", b"acct", b"npm", b"pkg", b"urn"];
    !known.iter().any(|word| name.eq_ignore_ascii_case(word)) && !found.starts_with(b"//")
}

/// Long, with letters and digits mixed, and no path, address or date.
pub(super) fn looks_random(found: &[u8]) -> bool {
    if found.len() < 12 || found.starts_with(b"/") || found.starts_with(b"~/") || found.starts_with(b"./") {
        return false;
    }
    let mut seen = [false; 256];
    found.iter().for_each(|b| seen[usize::from(*b)] = true);
    let distinct = seen.iter().filter(|s| **s).count();
    let digits = found.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = found.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let plain = found.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=_.~-%".contains(b));
    plain && distinct >= 7 && letters >= 3 && digits >= 2
}

fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in text.iter().take_while(|b| **b != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = ((held << 6) | u32::from(six)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    Some(bytes)
}

/// Where a key ends that a narrow terminal broke over lines: each next line that is a run of its characters and
/// nothing else belongs to it.
pub(super) fn end_of_broken_key(text: &[u8], mut end: usize) -> usize {
    for _ in 0..8 {
        let rest = &text[end..];
        let Some(rest) = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")) else { break };
        let run = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
        let closed = rest.get(run).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'\\'));
        if !closed || !looks_random(&rest[..run]) {
            break;
        }
        end = text.len() - rest.len() + run;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_can_be_built() {
        for shape in SECRETS.iter() {
            for need in shape.needs {
                assert!(
                    shape
                        .pattern(need.as_bytes(), &Pairs::of(need.as_bytes()))
                        .is_some_and(|pattern| pattern.capture_names().flatten().eq(["s"])),
                    "{need}"
                );
            }
        }
        assert!(
            SECRETS
                .iter()
                .all(|shape| shape.pattern(b"nothing of interest", &Pairs::of(b"nothing of interest")).is_none())
        );
    }

    #[test]
    fn one_look_finds_every_need_wherever_it_stands() {
        let any = &*ANY_NEED;
        let others = "nothing of interest, and that again and again and again: ".repeat(3);
        assert!(!any.is_in(others.as_bytes()));
        for need in SECRETS.iter().flat_map(|shape| shape.needs) {
            assert!(any.is_in(need.as_bytes()), "{need}");
            for at in 0..others.len() {
                let text = [&others[..at], need, &others[at..]].concat();
                assert!(any.is_in(text.as_bytes()), "{need} at {at}");
            }
        }
    }
}
