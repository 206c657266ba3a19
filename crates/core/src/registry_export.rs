//! Exports of the Windows registry (`.reg`), as far as policies and variables go: the text values of one key.

use std::str::Lines;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// The key that holds Claude Code's policy, below either hive (documented: settings).
pub const POLICY_KEY: &str = "SOFTWARE\\Policies\\ClaudeCode";

/// Its value: JSON as text.
pub const POLICY_VALUE: &str = "Settings";

/// A half of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hive {
    /// The machine's.
    LocalMachine,
    /// The person's.
    CurrentUser,
}

impl Hive {
    /// As people write it.
    pub fn short(self) -> &'static str {
        match self {
            Self::LocalMachine => "HKLM",
            Self::CurrentUser => "HKCU",
        }
    }

    fn long(self) -> &'static str {
        match self {
            Self::LocalMachine => "HKEY_LOCAL_MACHINE",
            Self::CurrentUser => "HKEY_CURRENT_USER",
        }
    }

    /// Where the policy stands, as people write it.
    pub fn policy_path(self) -> String {
        format!("{}\\{POLICY_KEY}", self.short())
    }
}

/// What an export says of the policy's value.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Exported {
    /// It is not there.
    #[default]
    Absent,
    /// Its text (`REG_SZ`, `REG_EXPAND_SZ`; nothing is expanded).
    Text(String),
    /// It is there, and of another type.
    OtherType,
}

impl Hive {
    /// The key of its variables, below it.
    pub fn environment_key(self) -> &'static str {
        match self {
            Self::CurrentUser => "Environment",
            Self::LocalMachine => "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment",
        }
    }
}

/// A text value of a key.
#[derive(Clone, Debug)]
pub struct TextValue {
    /// Its name.
    pub name: String,
    /// Its text, as it stands there. It may be a secret.
    pub text: Secret,
    /// Whether names between `%` in it stand for other variables (`REG_EXPAND_SZ`).
    pub expands: bool,
}

/// The text values of the key of variables in an export of `hive`. Later lines win.
pub fn environment(bytes: &[u8], hive: Hive) -> Vec<TextValue> {
    let text = Zeroizing::new(decoded(bytes));
    let is_environment_key = |key: &str| below(key, hive).is_some_and(|key| is_environment_key(key, hive));
    of_key(&text, is_environment_key, |found: &mut Vec<TextValue>, line, lines| {
        let Some((name, value)) = line.strip_prefix('"').and_then(|rest| rest.split_once("\"=")) else { return };
        let name = name.replace("\\\\", "\\");
        let expands = value.trim().to_ascii_lowercase().starts_with("hex(2)");
        found.retain(|other| !other.name.eq_ignore_ascii_case(&name));
        if let Exported::Text(text) = value_of(value.trim(), lines) {
            found.push(TextValue { name, text: Secret::new(text), expands });
        }
    })
}

fn is_environment_key(key: &str, hive: Hive) -> bool {
    let own = hive.environment_key();
    // An export of a machine that does not run has the sets of controls by their numbers.
    let first_set = own.replace("CurrentControlSet", "ControlSet001");
    key.eq_ignore_ascii_case(own) || key.eq_ignore_ascii_case(&first_set)
}

/// The policy's value in an export of `hive`. Later lines win, as they do where the export is taken in.
pub fn policy(bytes: &[u8], hive: Hive) -> Exported {
    let text = decoded(bytes);
    let is_policy_key = |key: &str| below(key, hive).is_some_and(|key| key.eq_ignore_ascii_case(POLICY_KEY));
    of_key(&text, is_policy_key, |found, line, lines| {
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with(';')) else { return };
        if name.trim().trim_matches('"').eq_ignore_ascii_case(POLICY_VALUE) {
            *found = value_of(value.trim(), lines);
        }
    })
}

/// What the lines under a key come to: `take` is given each of them, and those that follow it. Where the key is deleted,
/// what was found is gone.
fn of_key<'t, T: Default>(
    text: &'t str,
    is_it: impl Fn(&str) -> bool,
    mut take: impl FnMut(&mut T, &'t str, &mut Lines<'t>),
) -> T {
    let mut found = T::default();
    let mut inside = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(key) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (deleted, key) = key.strip_prefix('-').map_or((false, key), |key| (true, key));
            inside = is_it(key);
            if inside && deleted {
                (found, inside) = (T::default(), false);
            }
        } else if inside {
            take(&mut found, line, &mut lines);
        }
    }
    found
}

/// A key's name below `hive`; None where it lies in the other half.
fn below(key: &str, hive: Hive) -> Option<&str> {
    let (top, rest) = key.split_once('\\')?;
    let hive_fits = [hive.long(), hive.short()].iter().any(|name| top.eq_ignore_ascii_case(name));
    hive_fits.then(|| rest.trim_end_matches('\\'))
}

fn value_of<'t>(first: &'t str, lines: &mut Lines<'t>) -> Exported {
    if let Some(start) = first.strip_prefix('"') {
        return quoted(start, lines);
    }
    if first == "-" {
        return Exported::Absent;
    }
    let lower = first.to_ascii_lowercase();
    let Some(digits) = ["hex(1):", "hex(2):"].iter().find_map(|kind| lower.strip_prefix(kind)) else {
        return Exported::OtherType;
    };
    let mut digits = digits.to_owned();
    while digits.trim_end().ends_with('\\') {
        digits.truncate(digits.trim_end().len() - 1);
        let Some(next) = lines.next() else { break };
        digits.push_str(next.trim());
    }
    let bytes: Option<Vec<u8>> = digits
        .split(',')
        .map(str::trim)
        .filter(|byte| !byte.is_empty())
        .map(|byte| u8::from_str_radix(byte, 16).ok())
        .collect();
    match bytes {
        Some(bytes) => Exported::Text(utf16(&bytes).trim_end_matches('\0').to_owned()),
        None => Exported::OtherType,
    }
}

/// A text in quotation marks; line breaks stand in it as they are.
fn quoted<'t>(start: &'t str, lines: &mut Lines<'t>) -> Exported {
    let mut text = String::new();
    let mut rest = start;
    loop {
        let mut escaped = false;
        for letter in rest.chars() {
            match letter {
                _ if escaped => {
                    text.push(letter);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => return Exported::Text(text),
                other => text.push(other),
            }
        }
        match lines.next() {
            Some(next) => rest = next,
            None => return Exported::OtherType,
        }
        text.push('\n');
    }
}

fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        other => String::from_utf8_lossy(other).into_owned(),
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exported(text: &str) -> Vec<u8> {
        let text = format!("Windows Registry Editor Version 5.00\r\n\r\n{text}");
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    }

    fn of(text: &str) -> Exported {
        policy(&exported(text), Hive::LocalMachine)
    }

    #[test]
    fn text_is_read_with_its_escapes() {
        let text = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\ClaudeCode]\r\n\"Settings\"=\"{\\\"a\\\":\\\"C:\\\\\\\\x\\\"}\"\r\n";
        assert_eq!(of(text), Exported::Text(r#"{"a":"C:\\x"}"#.to_owned()));
        assert_eq!(policy(&exported(text), Hive::CurrentUser), Exported::Absent, "the other half");
    }

    #[test]
    fn expandable_text_is_read_over_its_lines() {
        let hex = "{\"x\":1}\0".encode_utf16().flat_map(u16::to_le_bytes).map(|byte| format!("{byte:02x}"));
        let mut hex: Vec<String> = hex.collect();
        hex.insert(6, "\\\r\n  ".to_owned());
        let hex = hex.join(",").replace("\\\r\n  ,", "\\\r\n  ");
        let text = format!("[hklm\\software\\policies\\claudecode]\r\n\"settings\"=hex(2):{hex}\r\n");
        assert_eq!(of(&text), Exported::Text("{\"x\":1}".to_owned()));
    }

    #[test]
    fn what_is_no_text_says_so() {
        let with = |value: &str| format!("[HKLM\\SOFTWARE\\Policies\\ClaudeCode]\r\n\"Settings\"={value}\r\n");
        for value in ["dword:00000001", "hex:01,02", "\"never closed", "hex(2):zz"] {
            assert_eq!(of(&with(value)), Exported::OtherType, "{value}");
        }
        for value in ["-", "\"x\"\r\n[-HKLM\\SOFTWARE\\Policies\\ClaudeCode]"] {
            assert_eq!(of(&with(value)), Exported::Absent, "{value}");
        }
        assert_eq!(of("[HKLM\\SOFTWARE\\Policies\\ClaudeCode\\Sub]\r\n\"Settings\"=\"x\""), Exported::Absent);
        assert_eq!(of(""), Exported::Absent);
    }

    #[test]
    fn no_export_makes_it_panic() {
        let whole = exported("[HKLM\\SOFTWARE\\Policies\\ClaudeCode]\r\n\"Settings\"=hex(2):7b,00,\\\r\n  7d,00\r\n");
        for end in 0..whole.len() {
            let _ = policy(&whole[..end], Hive::LocalMachine);
        }
        assert_eq!(policy(&[0xff, 0xfe, 0x00], Hive::LocalMachine), Exported::Absent);
    }
}
