//! What stands in double braces: keys that are none, times relative to now, the endpoint's address.

use serde_json::{Map, Value};

use super::ScenarioError;

/// What the placeholders are filled with.
#[derive(Clone, Debug)]
pub(super) struct Filling<'a> {
    /// Now, milliseconds since 1970.
    pub now_ms: i64,
    /// `http://127.0.0.1:PORT`
    pub endpoint: &'a str,
}

impl Filling<'_> {
    /// A text with every placeholder filled in.
    pub fn text(&self, text: &str) -> Result<String, ScenarioError> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((placeholder, after)) = after.split_once("}}") else {
                return Err(ScenarioError::Placeholder(after.chars().take(40).collect()));
            };
            filled.push_str(before);
            filled.push_str(&self.one(placeholder)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// JSON with every placeholder filled in; a text that is a time in milliseconds alone becomes a number.
    pub fn json(&self, value: &Value) -> Result<Value, ScenarioError> {
        Ok(match value {
            Value::String(text) => {
                let filled = self.text(text)?;
                match filled.parse::<i64>() {
                    Ok(number) if text.starts_with("{{ms:") && text.find("}}") == Some(text.len() - 2) => number.into(),
                    _ => Value::String(filled),
                }
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.json(item)).collect::<Result<_, _>>()?),
            Value::Object(members) => {
                let filled = members.iter().map(|(name, value)| Ok((self.text(name)?, self.json(value)?)));
                Value::Object(filled.collect::<Result<Map<_, _>, ScenarioError>>()?)
            }
            other => other.clone(),
        })
    }

    fn one(&self, placeholder: &str) -> Result<String, ScenarioError> {
        let unknown = || ScenarioError::Placeholder(placeholder.to_owned());
        let parts: Vec<&str> = placeholder.split(':').collect();
        match parts[..] {
            ["endpoint"] => Ok(self.endpoint.to_owned()),
            ["ms", time] => Ok(self.time(time)?.to_string()),
            ["iso", time] => Ok(authlight_core::time::utc(self.time(time)?)),
            ["key", kind, word] => key(kind, word).ok_or_else(unknown),
            ["key", kind, word, part] => {
                let last: usize = part.strip_prefix("last").and_then(|count| count.parse().ok()).ok_or_else(unknown)?;
                let key = key(kind, word).ok_or_else(unknown)?;
                Ok(key.get(key.len().saturating_sub(last)..).unwrap_or_default().to_owned())
            }
            _ => Err(unknown()),
        }
    }

    /// A time that is written relative to now, in milliseconds since 1970.
    pub fn time(&self, text: &str) -> Result<i64, ScenarioError> {
        let wrong = || ScenarioError::Time(text.to_owned());
        let unit = match text.chars().last() {
            Some('s') => 1_000,
            Some('m') => 60_000,
            Some('h') => 3_600_000,
            Some('d') => 86_400_000,
            _ => return Err(wrong()),
        };
        let count: i64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
        Ok(self.now_ms.saturating_add(count.saturating_mul(unit)))
    }
}

const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A key that is none: it has the shape of its kind, holds the word, and is the same every time.
fn key(kind: &str, word: &str) -> Option<String> {
    if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return None;
    }
    let filler = |length: usize, alphabet: &[u8]| filler(kind, word, length, alphabet);
    // In the middle: neither a cut beginning nor a shown end gives the word away, and neither hides it.
    let around = |length: usize, alphabet: &[u8]| {
        let rest = filler(length.saturating_sub(word.len()), alphabet);
        let (before, after) = rest.split_at(rest.len() / 3);
        [before, word, after].concat()
    };
    Some(match kind {
        "api" => ["sk-ant-", "api03-", &around(93, URL_SAFE), "AA"].concat(),
        "admin" => ["sk-ant-", "admin01-", &around(93, URL_SAFE), "AA"].concat(),
        "oat" => ["sk-ant-", "oat01-", &around(93, URL_SAFE), "AA"].concat(),
        "ort" => ["sk-ant-", "ort01-", &around(93, URL_SAFE), "AA"].concat(),
        "gateway" => around(40, ALPHANUMERIC),
        "aws-id" => ["AKIA", &around(16, BASE32)].concat(),
        "aws-secret" => around(40, ALPHANUMERIC),
        _ => return None,
    })
}

fn filler(kind: &str, word: &str, length: usize, alphabet: &[u8]) -> String {
    // FNV-1a to begin with, then the steps of a xorshift generator: nothing here needs chance, only variety.
    let mut state = kind
        .bytes()
        .chain(word.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(alphabet[usize::try_from(state >> 33).unwrap_or(0) % alphabet.len()])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use authlight_core::secret::{Secret, SecretKind};

    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        Filling { now_ms: 86_400_000, endpoint: "http://127.0.0.1:4711" }.text(text).map_err(|error| error.to_string())
    }

    #[test]
    fn keys_have_the_shape_of_their_kind_and_hold_their_word() {
        for (kind, length, looks_like) in [
            ("api", 108, SecretKind::ApiKey),
            ("oat", 108, SecretKind::OauthAccessToken),
            ("ort", 108, SecretKind::OauthRefreshToken),
            ("admin", 110, SecretKind::AdminKey),
            ("gateway", 40, SecretKind::Other),
            ("aws-id", 20, SecretKind::AwsAccessKeyId),
            ("aws-secret", 40, SecretKind::Other),
        ] {
            let key = filled(&format!("{{{{key:{kind}:CANARY1}}}}")).unwrap();
            assert_eq!((key.len(), Secret::new(key.as_str()).kind()), (length, looks_like), "{kind}");
            assert!(key.contains("CANARY1") && !Secret::new(key.as_str()).is_placeholder(), "{kind}");
            let tail = filled(&format!("{{{{key:{kind}:CANARY1:last20}}}}")).unwrap();
            assert!(Secret::new(key).approval_tail_is(&tail), "{kind}");
        }
        assert_ne!(filled("{{key:api:CANARY1}}"), filled("{{key:api:CANARY2}}"));
    }

    #[test]
    fn times_are_relative_to_now() {
        assert_eq!(filled("{{ms:+8h}} {{ms:-1d}}").unwrap(), "115200000 0");
        assert_eq!(filled("{{iso:-23h}}").unwrap(), "1970-01-01T01:00:00Z");
        let filling = Filling { now_ms: 0, endpoint: "" };
        let json = serde_json::json!({"a": "{{ms:+1s}}", "b": "at {{ms:+1s}}", "c": ["{{ms:+0s}}"]});
        let expected = serde_json::json!({"a": 1000, "b": "at 1000", "c": [0]});
        assert_eq!(filling.json(&json).unwrap(), expected);
    }

    #[test]
    fn what_is_not_known_is_said() {
        for text in ["{{key:gold:X}}", "{{key:api:X:first3}}", "{{ms:soon}}", "{{ms:3}}", "{{unknown}}", "{{open"] {
            assert!(filled(text).is_err(), "{text}");
        }
        assert_eq!(filled("{{endpoint}}/v1 {one} }}").unwrap(), "http://127.0.0.1:4711/v1 {one} }}");
    }
}
