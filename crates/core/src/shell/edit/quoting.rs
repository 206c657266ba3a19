//! How a value is written so that a shell takes it as it is.
#![expect(clippy::disallowed_methods, reason = "a value is written where the person wants it")]

use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::shell::Shell;

/// A value as one word of that shell. Line breaks and NUL cannot be written so.
pub fn quoted(value: &Secret, shell: Shell) -> Zeroizing<String> {
    let value = value.reveal();
    // Quotation marks take more, and a buffer that grows leaves a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(value.len() * 4 + 2));
    if shell == Shell::Fish {
        text.push('\'');
        for sign in value.chars() {
            if matches!(sign, '\'' | '\\') {
                text.push('\\');
            }
            text.push(sign);
        }
        text.push('\'');
        return text;
    }
    if value.is_empty() {
        text.push_str("''");
    }
    for (index, part) in value.split('\'').enumerate() {
        if index > 0 {
            text.push_str("\\'");
        }
        // Two marks side by side are one of them under an option of zsh.
        if !part.is_empty() {
            text.push('\'');
            text.push_str(part);
            text.push('\'');
        }
    }
    text
}

/// A value as one word of PowerShell. It takes typographic marks for plain ones.
pub(super) fn for_powershell(value: &Secret) -> Zeroizing<String> {
    let value = value.reveal();
    let mut text = Zeroizing::new(String::with_capacity(value.len() * 2 + 2));
    text.push('\'');
    for sign in value.chars() {
        if matches!(sign, '\'' | '\u{2018}'..='\u{201b}') {
            text.push(sign);
        }
        text.push(sign);
    }
    text.push('\'');
    text
}

/// As `fish_variables` has it.
pub(super) fn for_fish_variables(value: &Secret) -> Zeroizing<String> {
    use std::fmt::Write as _;

    let value = value.reveal();
    let mut text = Zeroizing::new(String::with_capacity(value.len() * 10));
    for sign in value.chars() {
        let _a_string_takes_all = match u32::from(sign) {
            _ if sign.is_ascii_alphanumeric() || matches!(sign, '/' | '_') => {
                text.push(sign);
                Ok(())
            }
            code @ ..0x80 => write!(text, "\\x{code:02x}"),
            code @ ..0x1_0000 => write!(text, "\\u{code:04x}"),
            code => write!(text, "\\U{code:08x}"),
        };
    }
    text
}

/// As it stands in a file of lines. `None`: programs differ in how they would read it.
pub(super) fn for_lines(value: &Secret) -> Option<Zeroizing<String>> {
    let value = value.reveal();
    let plain = !value
        .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '$' | '#' | '\\' | '"' | '\'' | '`'));
    (plain && !value.is_empty()).then(|| Zeroizing::new(value.to_owned()))
}

/// The command that sets a variable in a terminal that is open. It holds no value where that is a secret: a command line
/// is kept in the shell's history.
pub fn command_for_this_terminal(path: &str, shell: Shell) -> Option<String> {
    let path = Secret::new(path);
    match shell {
        Shell::Bash | Shell::Zsh | Shell::Fish => Some(format!("source {}", *quoted(&path, shell))),
        Shell::Sh => Some(format!(". {}", *quoted(&path, shell))),
        Shell::Other => None,
    }
}
