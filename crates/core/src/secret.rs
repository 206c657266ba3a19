//! Secrets: hold, compare, describe, never show.
//!
//! A [`Secret`] has no `Display`, no `Serialize`, no `Deref`; its `Debug` prints the kind only.
//!
//! ```compile_fail
//! let secret = authlight_core::secret::Secret::new("x");
//! println!("{secret}");
//! ```
//! ```compile_fail
//! fn written<T: serde::Serialize>(_: T) {}
//! written(authlight_core::secret::Secret::new("x"));
//! ```
//! ```compile_fail
//! let secret = authlight_core::secret::Secret::new("x");
//! let text: &str = &secret;
//! ```

use std::fmt;

use zeroize::Zeroizing;

/// A secret value, cleared from memory when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

/// What a secret looks like. The shape proves nothing: only the endpoint knows whether it is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// `sk-ant-api…`: a Console API key.
    ApiKey,
    /// `sk-ant-admin…`: an Admin API key, which the Messages API refuses.
    AdminKey,
    /// `sk-ant-oat…`: an access token of a claude.ai login or of `claude setup-token`.
    OauthAccessToken,
    /// `sk-ant-ort…`: a refresh token of a claude.ai login.
    OauthRefreshToken,
    /// `AKIA…`, `ASIA…`: an AWS access key ID.
    AwsAccessKeyId,
    /// Anything else: a gateway's key, a placeholder, a slip.
    Other,
}

impl SecretKind {
    /// The stable English word for reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::AdminKey => "admin_key",
            Self::OauthAccessToken => "oauth_token",
            Self::OauthRefreshToken => "oauth_refresh_token",
            Self::AwsAccessKeyId => "aws_access_key_id",
            Self::Other => "other",
        }
    }
}

/// How many characters a Console key has (rules of public secret scanners: `sk-ant-api03-`, 93 characters, `AA`; not
/// vouched for by any page of Anthropic's).
pub const CONSOLE_KEY_LENGTH: usize = 108;

/// How keys and tokens of others begin.
const OTHERS: &[(&str, &str)] = &[
    ("sk-proj-", "OpenAI"),
    ("sk-svcacct-", "OpenAI"),
    ("sk-or-", "OpenRouter"),
    ("AIza", "Google"),
    ("gsk_", "Groq"),
    ("xai-", "xAI"),
    ("hf_", "Hugging Face"),
    ("pplx-", "Perplexity"),
    ("ABSK", "Amazon Bedrock"),
    ("ghp_", "GitHub"),
    ("gho_", "GitHub"),
    ("github_pat_", "GitHub"),
    ("glpat-", "GitLab"),
];

/// A character of a header value that the HTTP layer of Claude Code refuses (observed: line breaks and everything
/// above U+00FF; the request is not made).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCharacter {
    /// The character.
    pub character: char,
    /// Its place, counted from 1 in characters of the trimmed value.
    pub position: usize,
}

/// From this length on, a key is no made-up one (API keys have 108 characters).
const REAL_KEY_LENGTH: usize = 80;

/// From this length on, letters and digits without a break are no words.
const RANDOM_RUN: usize = 8;

impl Secret {
    /// Takes a value in.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value. Clippy bans it but at the doors that say why: what is sent, the readers of texts in which secrets
    /// stand, and the leak pass, which keeps it out of every report.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text of a value that is no secret by itself, such as a path, a switch or an address. Values of variables are
    /// all held alike; which are no secrets says [`crate::claude_code::variables::Fact::secret`]. In an address a password
    /// may stand, so that this text too is taken apart before any of it is shown.
    pub fn plain(&self) -> &str {
        &self.0
    }

    /// Whether nothing stands there, not even a blank.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether nothing is left after trimming. Claude Code counts such a variable as not set.
    pub fn is_blank(&self) -> bool {
        self.trimmed().is_empty()
    }

    /// Length in characters after trimming.
    pub fn length(&self) -> usize {
        self.trimmed().chars().count()
    }

    /// What it looks like.
    pub fn kind(&self) -> SecretKind {
        let value = self.trimmed();
        let starts = |prefix: &str| value.starts_with(prefix);
        if starts("sk-ant-api") {
            SecretKind::ApiKey
        } else if starts("sk-ant-admin") {
            SecretKind::AdminKey
        } else if starts("sk-ant-oat") {
            SecretKind::OauthAccessToken
        } else if starts("sk-ant-ort") {
            SecretKind::OauthRefreshToken
        } else if (starts("AKIA") || starts("ASIA")) && value.len() == 20 {
            SecretKind::AwsAccessKeyId
        } else {
            SecretKind::Other
        }
    }

    /// Whether two are the same after trimming. Every byte is looked at, so that the time tells nothing.
    pub fn same_as(&self, other: &Self) -> bool {
        let (a, b) = (self.trimmed().as_bytes(), other.trimmed().as_bytes());
        a.len() == b.len() && a.iter().zip(b).fold(0, |seen, (x, y)| seen | (x ^ y)) == 0
    }

    /// Whether the last 20 characters are `tail`: how Claude Code remembers the approval of a key.
    pub fn approval_tail_is(&self, tail: &str) -> bool {
        self.tail() == tail
    }

    /// The last 20 characters, by which Claude Code remembers that a key may be used.
    pub fn approval_tail(&self) -> String {
        self.tail().to_owned()
    }

    fn tail(&self) -> &str {
        let value = self.trimmed();
        &value[value.char_indices().rev().nth(19).map_or(0, |(at, _)| at)..]
    }

    /// Kind and last four characters, only where it is long enough that four give nothing away.
    pub fn mask(&self) -> Option<String> {
        let value = self.trimmed();
        if value.chars().count() < 20 {
            return None;
        }
        let start = value.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        let tail = &value[start..];
        tail.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_').then(|| format!("…{tail}"))
    }

    /// The first character that cannot stand in a header.
    pub fn bad_character(&self) -> Option<BadCharacter> {
        self.trimmed()
            .chars()
            .enumerate()
            .find(|(_, c)| matches!(c, '\r' | '\n' | '\0') || u32::from(*c) > 0xff)
            .map(|(at, character)| BadCharacter { character, position: at + 1 })
    }

    /// Whether it is the ID of a temporary AWS key, which is of no use without its session token.
    pub fn is_temporary_aws_id(&self) -> bool {
        self.kind() == SecretKind::AwsAccessKeyId && self.trimmed().starts_with("ASIA")
    }

    /// Whether it stands in quotation marks, which are sent along.
    pub fn is_quoted(&self) -> bool {
        let value = self.trimmed();
        value.len() >= 2 && ['"', '\''].iter().any(|q| value.starts_with(*q) && value.ends_with(*q))
    }

    /// Whether it begins with the word `Bearer`, which Claude Code adds itself.
    pub fn has_bearer_prefix(&self) -> bool {
        self.trimmed().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "))
    }

    /// Whether it was never replaced by a real one: `your-api-key-here`, `sk-ant-…`, `<key>`, `${KEY}`, `xxxx`.
    pub fn is_placeholder(&self) -> bool {
        let value = self.trimmed().to_ascii_lowercase();
        let body = value.strip_prefix("sk-ant-").unwrap_or(&value);
        let one_sign = |c: char| body.len() >= 3 && body.trim_start_matches("api03-").chars().all(|x| x == c);
        value.ends_with("...")
            || value.ends_with('…')
            || (value.starts_with('<') && value.ends_with('>'))
            || (value.starts_with("${") && value.ends_with('}'))
            || one_sign('x')
            || one_sign('*')
            || one_sign('.')
            || (self.length() < REAL_KEY_LENGTH && says_placeholder(&value))
    }

    /// Whether a token of a claude.ai login stands anywhere in it, as in a header that was written by hand.
    pub fn holds_login_token(&self) -> bool {
        ["sk-ant-oat", "sk-ant-ort"].iter().any(|prefix| self.0.contains(prefix))
    }

    /// Who else hands out keys that begin like this one.
    pub fn vendor(&self) -> Option<&'static str> {
        let value = self.trimmed();
        if self.kind() == SecretKind::AwsAccessKeyId {
            return Some("Amazon Web Services");
        }
        OTHERS.iter().find(|(prefix, _)| value.starts_with(prefix)).map(|(_, vendor)| *vendor)
    }

    /// Whether it was copied from a list that shows the beginning and the end alone: `sk-ant-api03-Ab1...9wAA`.
    pub fn is_masked_copy(&self) -> bool {
        let value = self.trimmed();
        value.starts_with("sk-ant-") && ["...", "***"].iter().any(|gap| value.contains(gap))
    }

    /// Whether white space stands inside.
    pub fn has_inner_space(&self) -> bool {
        self.trimmed().chars().any(char::is_whitespace)
    }

    /// The value without what surely does not belong to it: quotation marks around it, the word `Bearer`, characters
    /// that nobody sees; in a key of Anthropic's line breaks and long dashes too, if it then has the usual length, and what
    /// is written behind a whole one. `None`:
    /// nothing of the kind is there, or what is left is not surely a value.
    #[must_use]
    pub fn cleaned(&self) -> Option<Self> {
        let is_unseen = |c: &char| matches!(c, '\0' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let seen = Zeroizing::new(self.0.chars().filter(|c| !is_unseen(c)).collect::<String>());
        let mut rest = javascript_trim(&seen);
        loop {
            let before = rest.len();
            let bearer = rest.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "));
            rest = javascript_trim(if bearer { &rest[7..] } else { unquoted(rest) });
            if rest.len() == before {
                break;
            }
        }
        let plain = |c: char| if matches!(c, '\u{2010}'..='\u{2015}') { '-' } else { c };
        let whole: Zeroizing<String> =
            Zeroizing::new(rest.chars().filter(|c| !c.is_whitespace()).map(plain).collect::<String>());
        let is_whole_key = |one: &Self| one.kind() == SecretKind::ApiKey && one.length() == CONSOLE_KEY_LENGTH;
        // A whole key, and a remark behind it in which there is no other.
        let mut words = rest.split_whitespace();
        let first = words.next().map(Self::new).filter(is_whole_key);
        let is_remark = |word: &str| !word.contains("sk-") && word.chars().count() < REAL_KEY_LENGTH;
        let cleaned = if whole.as_str() == rest {
            Self::new(rest)
        } else if let Some(key) = first.filter(|_| words.all(is_remark)) {
            key
        } else {
            let cleaned = Self::new(whole.as_str());
            let is_key = cleaned.kind() == SecretKind::ApiKey && cleaned.length() == CONSOLE_KEY_LENGTH;
            if !is_key {
                return None;
            }
            cleaned
        };
        let is_fit = !cleaned.is_blank()
            && !cleaned.same_as(self)
            && cleaned.bad_character().is_none()
            && !cleaned.has_inner_space()
            && !cleaned.is_placeholder()
            && !cleaned.is_masked_copy();
        is_fit.then_some(cleaned)
    }

    /// As Claude Code takes it: JavaScript's `trim`.
    fn trimmed(&self) -> &str {
        javascript_trim(&self.0)
    }
}

/// A text without the quotation marks around it, plain or typographic.
pub(crate) fn unquoted(text: &str) -> &str {
    const PAIRS: [(char, char); 6] = [
        ('"', '"'),
        ('\'', '\''),
        ('\u{201c}', '\u{201d}'),
        ('\u{2018}', '\u{2019}'),
        ('\u{201e}', '\u{201c}'),
        ('`', '`'),
    ];
    let inner = PAIRS.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.unwrap_or(text)
}

/// Whether a text of small letters is made of words, and one of them is of those that stand for a key.
fn says_placeholder(value: &str) -> bool {
    let runs = || value.split(|c: char| !c.is_ascii_alphanumeric());
    let is_random = |run: &str| {
        run.len() >= RANDOM_RUN && run.contains(|c: char| c.is_ascii_digit()) && run.contains(char::is_alphabetic)
    };
    let begins = |run: &str, word: &str| run.starts_with(word) && run.bytes().all(|byte| byte.is_ascii_alphabetic());
    !runs().any(is_random)
        && (["change-me", "change_me", "my-api-key", "my_api_key"].iter().any(|words| value.contains(words))
            || ["your", "placeholder", "replace", "changeme", "example", "insert", "paste", "todo"]
                .iter()
                .any(|word| runs().any(|run| begins(run, word))))
}

/// `String.prototype.trim`: Unicode white space and the byte-order mark, which Rust's `trim` leaves.
pub fn javascript_trim(text: &str) -> &str {
    text.trim_matches(|c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}')
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.kind().word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_kind_alone() {
        let shown = format!("{:?}", Secret::new(["sk-ant-", "api03-CANARY"].concat()));
        assert_eq!(shown, "Secret(api_key)");
    }

    #[test]
    fn a_short_secret_is_not_masked() {
        assert_eq!(Secret::new("hunter2").mask(), None);
        assert_eq!(Secret::new("0123456789abcdefghij").mask().as_deref(), Some("…ghij"));
    }

    #[test]
    fn positions_count_characters_of_the_trimmed_value() {
        let bad = Secret::new("  éa\nb").bad_character().unwrap();
        assert_eq!((bad.character, bad.position), ('\n', 3));
        assert_eq!(Secret::new("aé ").bad_character(), None);
    }

    #[test]
    fn a_real_looking_key_is_no_placeholder() {
        assert!(!Secret::new("sk-ant-api03-FAKE-0123456789abcdef").is_placeholder());
        let by_chance = ["sk-ant-", "api03-", &"FAKE-todo-".repeat(10)].concat();
        assert!(!Secret::new(by_chance).is_placeholder());
        // Such words stand by chance in the text of a token, and as a name before it.
        for text in [
            "eyJhbGciOi.ToDoX9fYQ.b3xAmPle-Q",
            "example-corp-9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c",
            "gw_example_0a1b2c3d4e5f",
            "fourteen-insertions2",
        ] {
            assert!(!Secret::new(text).is_placeholder(), "{text}");
        }
        for text in [
            "your-api-key-here",
            "YOUR_ANTHROPIC_API_KEY",
            "sk-ant-api03-yourKeyGoesHere",
            "my-api-key-123",
            "changeme",
            "example-key-1234",
            "sk-ant-api03-...",
            "<token>",
            "${KEY}",
            "sk-ant-xxxxx",
            "***",
        ] {
            assert!(Secret::new(text).is_placeholder(), "{text}");
        }
    }

    #[test]
    fn keys_of_others_and_shortened_copies_are_told_apart_from_real_ones() {
        assert_eq!(Secret::new(["sk-", "proj-CANARY"].concat()).vendor(), Some("OpenAI"));
        assert_eq!(Secret::new(["sk-ant-", "api03-CANARY"].concat()).vendor(), None);
        assert_eq!(Secret::new("sk-1234").vendor(), None, "many gateways hand out such keys");
        assert!(Secret::new("sk-ant-api03-Ab1...9wAA").is_masked_copy());
        assert!(!Secret::new("a.b..c").is_masked_copy());
    }

    #[test]
    fn a_login_token_is_seen_behind_other_words() {
        assert!(Secret::new(["Bearer sk-ant-", "oat01-FAKE"].concat()).holds_login_token());
        assert!(!Secret::new(["Bearer sk-ant-", "api03-FAKE"].concat()).holds_login_token());
    }

    #[test]
    fn only_what_surely_does_not_belong_is_cleaned_away() {
        let key = ["sk-ant-", "api03-", &"a1B2c".repeat(19)].concat();
        assert_eq!(key.len(), CONSOLE_KEY_LENGTH);
        let (start, end) = key.split_at(50);
        for marred in [
            format!("\"{key}\""),
            format!("Bearer {key}"),
            format!("'bearer  {key}' "),
            format!("\u{201c}{key}\u{201d}"),
            format!("\u{feff}{start}\u{200b}{end}"),
            format!("{start}\n{end}"),
            format!("{start} \r\n  {end}"),
            key.replacen('-', "\u{2013}", 1),
            format!("{key} # for work"),
            format!("\"{key}   (from Kim)\""),
        ] {
            let cleaned = Secret::new(marred.as_str()).cleaned();
            assert!(cleaned.is_some_and(|cleaned| cleaned.same_as(&Secret::new(key.as_str()))), "{marred:?}");
        }
        assert!(Secret::new("\"gateway-token-1234\"").cleaned().is_some());
        for left in [
            key.clone(),
            format!("{key} "),
            format!("{start}\n"),
            format!("{start} {end}{end}"),
            format!("{key} {key}"),
            format!("# {key}"),
            format!("{start} # for work"),
            format!("{key}\u{2026}"),
            "\"\"".to_owned(),
            "Bearer your-api-key".to_owned(),
            "Bearer a b".to_owned(),
        ] {
            assert!(Secret::new(left.as_str()).cleaned().is_none(), "{left:?}");
        }
    }

    #[test]
    fn approval_compares_twenty_characters() {
        let key = Secret::new(["sk-ant-", "api03-0123456789abcdefghij "].concat());
        assert!(key.approval_tail_is("0123456789abcdefghij"));
        assert!(!key.approval_tail_is("123456789abcdefghij"));
    }
}
