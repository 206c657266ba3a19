//! A value without what does not belong to it: marks around it, characters that nobody sees, a word before it.
#![expect(clippy::disallowed_methods, reason = "a mended value is made of the one that is there")]

use crate::claude_code::variables::{self, Purpose};
use crate::secret::{Secret, javascript_trim};

/// The value that was meant. `None`: it is fine, or what was meant cannot be told.
pub(super) fn cleaned(name: &str, value: &Secret) -> Option<Secret> {
    // A token of a login is not written anywhere by us.
    if value.holds_login_token() {
        return None;
    }
    let purpose = variables::find(name)?.purpose;
    let before = value.reveal();
    let text = bare(before);
    let after = match purpose {
        Purpose::Credential => credential(&text)?,
        Purpose::Endpoint => address(&text)?,
        Purpose::Proxy => proxy(&text)?,
        Purpose::Provider => switch(&text)?,
        _ => return None,
    };
    (after != before).then(|| Secret::new(after))
}

/// Without blanks and quotation marks around it, and without signs that nobody sees.
fn bare(value: &str) -> String {
    const MARKS: [(char, char); 5] =
        [('"', '"'), ('\'', '\''), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}'), ('`', '`')];
    let unseen = |sign: char| {
        matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{2028}' | '\u{2029}')
    };
    let seen: String = value.chars().filter(|sign| !unseen(*sign)).collect();
    let mut text = javascript_trim(&seen);
    while let Some(inner) = MARKS.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close)) {
        text = javascript_trim(inner);
    }
    text.to_owned()
}

fn credential(text: &str) -> Option<String> {
    let text = match text.get(..7) {
        Some(start) if start.eq_ignore_ascii_case("bearer ") => javascript_trim(&text[7..]),
        _ => text,
    };
    let all = Secret::new(text);
    // Of a whole key what is written behind it goes, and what broke it in two.
    if let Some(whole) = all.has_inner_space().then(|| all.cleaned()).flatten() {
        return Some(whole.reveal().to_owned());
    }
    let fine = !all.is_blank()
        && all.bad_character().is_none()
        && !all.is_placeholder()
        && !all.is_quoted()
        && !all.has_inner_space()
        && !all.is_masked_copy();
    fine.then(|| text.to_owned())
}

fn address(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    for end in ["/v1/messages", "/v1"] {
        let trimmed = text.trim_end_matches('/').to_owned();
        if let Some(rest) = trimmed.strip_suffix(end) {
            text = rest.to_owned();
        }
    }
    is_address(&text).then_some(text)
}

fn proxy(text: &str) -> Option<String> {
    is_address(text).then(|| text.to_owned())
}

fn is_address(text: &str) -> bool {
    let known = ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    known && url::Url::parse(text).is_ok_and(|url| url.has_host()) && !text.contains(char::is_whitespace)
}

fn switch(text: &str) -> Option<String> {
    variables::is_on(text).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_belong_to_a_value_goes_and_nothing_else() {
        for (name, before, after) in [
            ("ANTHROPIC_API_KEY", "\"sk-fake-1\"", Some("sk-fake-1")),
            ("ANTHROPIC_API_KEY", "\u{feff}sk-\u{200b}fake-1\u{a0}\r", Some("sk-fake-1")),
            ("ANTHROPIC_API_KEY", "\u{201c}sk-fake-1\u{201d}", Some("sk-fake-1")),
            ("ANTHROPIC_AUTH_TOKEN", "Bearer  abc", Some("abc")),
            ("ANTHROPIC_AUTH_TOKEN", "'Bearer abc'", Some("abc")),
            ("ANTHROPIC_API_KEY", "sk-fake-1", None),
            ("ANTHROPIC_API_KEY", "\"your-api-key\"", None),
            ("ANTHROPIC_API_KEY", "\"a b\"", None),
            ("ANTHROPIC_API_KEY", "k\u{e9}\u{4e00}", None),
            ("ANTHROPIC_BASE_URL", "https://gw.example/v1/", Some("https://gw.example")),
            ("ANTHROPIC_BASE_URL", "\"https://gw.example/a/v1/messages\"", Some("https://gw.example/a")),
            ("ANTHROPIC_BASE_URL", " https://gw.example", Some("https://gw.example")),
            ("ANTHROPIC_BASE_URL", "gw.example/v1", None),
            ("HTTPS_PROXY", "\"http://proxy.example:8080\"", Some("http://proxy.example:8080")),
            ("CLAUDE_CODE_USE_BEDROCK", "\"1\"", Some("1")),
            ("CLAUDE_CODE_USE_BEDROCK", "maybe", None),
        ] {
            let cleaned = cleaned(name, &Secret::new(before));
            assert_eq!(cleaned.as_ref().map(Secret::reveal), after, "{name}={before}");
        }
        let login = Secret::new(["Bearer sk-ant-", "oat01-FAKE"].concat());
        assert!(cleaned("ANTHROPIC_AUTH_TOKEN", &login).is_none());
    }
}
