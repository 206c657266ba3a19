//! What is left of a text when everything is dropped in which two copies of one message differ.
//!
//! The build script reads this file too: the table's spellings and a person's paste go through the same function.

/// The words of `text` in lower case, a blank before, between and after them; empty where there is none.
///
/// Left out are punctuation (`·`, `.` and `-` are all the same), line breaks, frames, colours of a terminal
/// (also where a log has written their escape character out) and characters without width. The escapes of JSON
/// texts count as what they stand for.
pub(crate) fn plain_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    let mut characters = Unescaped { rest: text };
    let mut in_word = false;
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => characters.skip_terminal_sequence(),
            '\u{9b}' => characters.skip_parameters(),
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => continue,
            _ if character.is_alphanumeric() => {
                if !in_word {
                    words.push(' ');
                    in_word = true;
                }
                words.extend(character.to_lowercase());
                continue;
            }
            _ => {}
        }
        in_word = false;
    }
    if !words.is_empty() {
        words.push(' ');
    }
    words
}

/// Characters of a text, with `\n`, `\u00b7` and their like as what they stand for.
struct Unescaped<'a> {
    rest: &'a str,
}

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        if character != '\\' {
            return Some(character);
        }
        // JSON inside JSON has several of them.
        self.rest = self.rest.trim_start_matches('\\');
        let escape = match self.rest.as_bytes() {
            [b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((1, '\n')),
            [b'x', hex @ ..] => code_point(hex, 2).map(|meant| (3, meant)),
            [b'u', hex @ ..] => code_point(hex, 4).map(|meant| (5, meant)),
            [b'0', b'3', b'3', ..] => Some((3, '\u{1b}')),
            [b'e', b'[', ..] => Some((1, '\u{1b}')),
            _ => None,
        };
        let (length, meant) = escape.unwrap_or((0, '\\'));
        self.rest = &self.rest[length..];
        Some(meant)
    }
}

/// The character of so many hexadecimal digits, if they are there; a blank where they are half of one.
fn code_point(digits: &[u8], count: usize) -> Option<char> {
    let mut number = 0;
    for digit in digits.get(..count)? {
        number = number * 16 + char::from(*digit).to_digit(16)?;
    }
    Some(char::from_u32(number).unwrap_or(' '))
}

impl Unescaped<'_> {
    /// After an escape character.
    fn skip_terminal_sequence(&mut self) {
        match self.rest.as_bytes().first() {
            Some(b'[') => {
                self.rest = &self.rest[1..];
                self.skip_parameters();
            }
            // A title or a link: up to BEL or the closing escape sequence, and no further than its line.
            Some(b']') => {
                let end = self.rest.find(['\u{7}', '\u{1b}', '\n']).unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
                self.rest = self.rest.strip_prefix("\u{1b}\\").unwrap_or(self.rest);
            }
            _ => {}
        }
    }

    /// Parameters of a control sequence, and the letter that ends it.
    fn skip_parameters(&mut self) {
        let parameters = |c: char| c.is_ascii_digit() || matches!(c, ';' | ':' | '?' | '<' | '=' | '>');
        self.rest = self.rest.trim_start_matches(parameters);
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.rest = &self.rest[1..];
        }
    }
}
