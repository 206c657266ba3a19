//! The answer: `MARK:LENGTH:HEX:MARK`.
//!
//! The mark is random, so that nothing else that a shell prints looks like it. Hexadecimal digits survive a console that
//! changes line ends, breaks long lines or takes every byte for a character of its own code page. The length tells an
//! answer that was cut off, or into which something else was printed, from a whole one. Under the digits lie, each ended
//! by a zero byte, the kind, the folder, and `NAME=value`.

use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::snapshot::{Platform, Variable};

/// The longest answer that is taken in, in bytes.
pub const ANSWER_LIMIT: usize = 8 << 20;

const ENVIRONMENT: &[u8] = b"environment";
const NOT_RUN: &[u8] = b"not-run";

/// How many digits the length has.
const LENGTH_DIGITS: usize = 8;

/// Whether a variable is told. The values of all others never leave the shell.
pub fn is_wanted(name: &str) -> bool {
    // Windows, where case does not count, wants what all others want.
    name.starts_with("XDG_") || Variable::of(Platform::Windows, name, Secret::new("")).is_some()
}

/// The answer that tells a folder and the wanted ones of these variables.
pub fn environment<'a>(
    mark: &str,
    folder: &[u8],
    variables: impl Iterator<Item = (&'a [u8], &'a [u8])>,
) -> Zeroizing<Vec<u8>> {
    let wanted: Vec<_> = variables.filter(|(name, _)| std::str::from_utf8(name).is_ok_and(is_wanted)).collect();
    let mut parts: Vec<&[u8]> = vec![ENVIRONMENT, b"\0", folder, b"\0"];
    for (name, value) in &wanted {
        parts.extend([name, &b"="[..], value, b"\0"]);
    }
    written(mark, &parts)
}

/// The answer that the shell could not be started, and why.
pub fn not_run(mark: &str, why: &str) -> Zeroizing<Vec<u8>> {
    written(mark, &[NOT_RUN, b"\0", why.as_bytes(), b"\0"])
}

fn written(mark: &str, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let length: usize = parts.iter().map(|part| part.len()).sum();
    // In full from the start: a vector that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(2 * (mark.len() + length) + LENGTH_DIGITS + 4));
    text.extend_from_slice(format!("{mark}:{length:08x}:").as_bytes());
    for byte in parts.iter().copied().flatten() {
        text.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    text.extend_from_slice(format!(":{mark}\n").as_bytes());
    text
}

/// What was told.
#[derive(Clone, Debug)]
pub struct Told {
    /// The folder in which the shell was at last.
    pub folder: String,
    /// The wanted variables. What is no text in a value stands as U+FFFD.
    pub variables: Vec<(String, Secret)>,
    /// Names of those whose value is not all text.
    pub not_text: Vec<String>,
}

/// What an answer says.
#[derive(Clone, Debug)]
pub enum Heard {
    /// The environment.
    Environment(Told),
    /// The shell could not be started, and why.
    NotRun(String),
    /// It is not whole: cut off, too long, or something else was printed into it.
    Broken,
}

/// Finds the answer in what is printed, piece by piece. Nothing before it or behind it is kept.
pub struct Listener {
    mark: Vec<u8>,
    state: State,
    outside: u64,
}

enum State {
    /// So many bytes of the mark and of the colon behind it were seen.
    Mark(usize),
    Length {
        digits: usize,
        length: usize,
    },
    Body {
        bytes: Zeroizing<Vec<u8>>,
        length: usize,
        half: Option<u8>,
    },
    /// So many bytes of the colon and the closing mark were seen.
    Close {
        bytes: Zeroizing<Vec<u8>>,
        seen: usize,
    },
    Done,
}

impl Listener {
    /// Listens for this mark. Its first character stands nowhere else in it.
    pub fn new(mark: &str) -> Self {
        Self { mark: mark.as_bytes().to_vec(), state: State::Mark(0), outside: 0 }
    }

    /// How many bytes were printed that are no part of the answer.
    pub fn outside(&self) -> u64 {
        self.outside
    }

    /// Takes a piece in; gives the answer when it is there.
    pub fn take(&mut self, piece: &[u8]) -> Option<Heard> {
        let mut heard = None;
        for &byte in piece {
            if let State::Done = self.state {
                self.outside += 1;
            } else if let Some(answer) = self.step(byte) {
                heard = Some(answer);
                self.state = State::Done;
            }
        }
        heard
    }

    fn step(&mut self, byte: u8) -> Option<Heard> {
        match &mut self.state {
            State::Mark(seen) => {
                let expected = self.mark.get(*seen).copied().unwrap_or(b':');
                if byte != expected {
                    self.outside += 1 + *seen as u64;
                    let again = self.mark.first() == Some(&byte);
                    self.outside -= u64::from(again);
                    *seen = usize::from(again);
                } else if *seen == self.mark.len() {
                    self.state = State::Length { digits: 0, length: 0 };
                } else {
                    *seen += 1;
                }
            }
            State::Length { digits, length } if *digits < LENGTH_DIGITS => {
                let Some(digit) = digit(byte) else { return broken(byte) };
                *digits += 1;
                *length = *length << 4 | usize::from(digit);
            }
            State::Length { length, .. } => {
                if byte != b':' || *length > ANSWER_LIMIT {
                    return Some(Heard::Broken);
                }
                let length = *length;
                let bytes = Zeroizing::new(Vec::with_capacity(length));
                self.state = State::Body { bytes, length, half: None };
            }
            State::Body { bytes, length, half } => {
                if bytes.len() == *length {
                    if byte != b':' {
                        return broken(byte);
                    }
                    self.state = State::Close { bytes: std::mem::take(bytes), seen: 0 };
                    return None;
                }
                let Some(digit) = digit(byte) else { return broken(byte) };
                match half.take() {
                    None => *half = Some(digit),
                    Some(high) => bytes.push(high << 4 | digit),
                }
            }
            State::Close { bytes, seen } => {
                if self.mark.get(*seen) != Some(&byte) {
                    return broken(byte);
                }
                *seen += 1;
                return (*seen == self.mark.len()).then(|| read(bytes));
            }
            State::Done => {}
        }
        None
    }
}

/// Line breaks are the console's; anything else was printed by somebody else.
fn broken(byte: u8) -> Option<Heard> {
    (!matches!(byte, b'\r' | b'\n')).then_some(Heard::Broken)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

fn read(bytes: &[u8]) -> Heard {
    let Some(bytes) = bytes.strip_suffix(b"\0") else { return Heard::Broken };
    let mut parts = bytes.split(|byte| *byte == 0);
    let (Some(kind), Some(first)) = (parts.next(), parts.next()) else { return Heard::Broken };
    let first = String::from_utf8_lossy(first).into_owned();
    if kind == NOT_RUN {
        return Heard::NotRun(first);
    }
    if kind != ENVIRONMENT {
        return Heard::Broken;
    }
    let mut told = Told { folder: first, variables: Vec::new(), not_text: Vec::new() };
    for part in parts {
        let Some(at) = part.iter().position(|byte| *byte == b'=') else { return Heard::Broken };
        let (Ok(name), value) = (std::str::from_utf8(&part[..at]), &part[at + 1..]) else { return Heard::Broken };
        if std::str::from_utf8(value).is_err() {
            told.not_text.push(name.to_owned());
        }
        told.variables.push((name.to_owned(), Secret::new(String::from_utf8_lossy(value))));
    }
    Heard::Environment(told)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MARK: &str = "Q0123456789abcdef";

    fn answer(variables: &[(&str, &[u8])]) -> Vec<u8> {
        let variables = variables.iter().map(|(name, value)| (name.as_bytes(), *value));
        environment(MARK, b"/home/kim", variables).to_vec()
    }

    fn told(printed: &[u8]) -> Option<Told> {
        match Listener::new(MARK).take(printed)? {
            Heard::Environment(told) => Some(told),
            Heard::NotRun(_) | Heard::Broken => None,
        }
    }

    fn values(told: &Told) -> Vec<(&str, &str)> {
        told.variables.iter().map(|(name, value)| (name.as_str(), value.plain())).collect()
    }

    #[test]
    fn only_names_of_the_list_and_their_near_misses_are_told() {
        let answer = answer(&[
            ("ANTHROPIC_API_KEY", b"k"),
            ("MY_DIARY", b"CANARY"),
            ("XDG_CONFIG_HOME", b"/c"),
            ("CLAUDE_API_KEY", b"n"),
            ("SHELL", b"/bin/sh"),
            ("HOME", b"/home/kim"),
            ("PATH", b""),
            ("ZDOTDIR", b"/z"),
        ]);
        let told = told(&answer).unwrap();
        let names: Vec<_> = told.variables.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["ANTHROPIC_API_KEY", "XDG_CONFIG_HOME", "CLAUDE_API_KEY", "SHELL", "HOME", "PATH", "ZDOTDIR"]
        );
        let hidden: String = b"CANARY".iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!String::from_utf8(answer).unwrap().contains(&hidden));
    }

    #[test]
    fn an_answer_is_found_in_noise_and_the_noise_is_counted() {
        let mut printed = b"Welcome, kim!\x1b[0m Q0Q01Q0123 \xff no line end".to_vec();
        let before = printed.len();
        printed.extend(answer(&[("ANTHROPIC_API_KEY", b"a=b\nc")]));
        printed.extend(b"bye");
        let mut listener = Listener::new(MARK);
        let mut heard = None;
        // Byte by byte: pieces end anywhere.
        for byte in printed {
            heard = heard.or(listener.take(&[byte]));
        }
        let Some(Heard::Environment(told)) = heard else { panic!("no answer") };
        assert_eq!(values(&told), [("ANTHROPIC_API_KEY", "a=b\nc")]);
        assert_eq!((told.folder.as_str(), listener.outside()), ("/home/kim", before as u64 + 4));
    }

    #[test]
    fn the_mark_in_a_trace_of_the_command_is_no_answer() {
        let mut printed = format!("+ /usr/bin/authlight tell-environment {MARK}\n").into_bytes();
        printed.extend(answer(&[("HOME", b"/home/kim")]));
        assert_eq!(values(&told(&printed).unwrap()), [("HOME", "/home/kim")]);
    }

    #[test]
    fn what_is_no_text_survives_as_a_mark_and_is_named() {
        let told = told(&answer(&[("ANTHROPIC_API_KEY", b"k\xffk"), ("HOME", b"/h")])).unwrap();
        assert_eq!(values(&told), [("ANTHROPIC_API_KEY", "k\u{fffd}k"), ("HOME", "/h")]);
        assert_eq!(told.not_text, ["ANTHROPIC_API_KEY"]);
    }

    #[test]
    fn an_answer_with_something_printed_into_it_is_not_believed() {
        let answer = answer(&[("ANTHROPIC_API_KEY", b"0123456789")]);
        let middle = answer.len() / 2;
        for noise in ["spam", "ab", "0", ":"] {
            let printed = [&answer[..middle], noise.as_bytes(), &answer[middle..]].concat();
            assert!(matches!(Listener::new(MARK).take(&printed), Some(Heard::Broken)), "{noise}");
        }
        assert!(Listener::new(MARK).take(&answer[..answer.len() - 2]).is_none());
        let too_long = format!("{MARK}:ffffffff:");
        assert!(matches!(Listener::new(MARK).take(too_long.as_bytes()), Some(Heard::Broken)));
    }

    #[test]
    fn a_shell_that_could_not_be_started_says_why() {
        let heard = Listener::new(MARK).take(&not_run(MARK, "Exec format error"));
        assert!(matches!(heard, Some(Heard::NotRun(why)) if why == "Exec format error"));
    }

    // Written by hand after what PowerShell and cmd print, not taken down from a running Windows. The profile was slow
    // and traces, and a transcript broke the answer into lines of its console.
    const POWERSHELL: &[u8] = b"Loading personal and system profiles took 1834ms.\r\n\
        DEBUG:    1+  >>>> & 'C:\\Tools\\authlight.exe' 'tell-environment' 'Q0123456789abcdef'\r\n\
        Q0123456789abcdef:0000004f:656e7669726f6e6d656e7400433a5c55736572735c6b696d0055\r\n\
        53455250524f46494c453d433a5c55736572735c6b696d00414e5448524f5049435f4150495f4b4\r\n\
        5593d6b65792d6f662d6b696d00:Q0123456789abcdef\r\n\
        PS C:\\Users\\kim> ";
    // `AutoRun` of the registry greets in the console's code page and changes the title.
    const CMD: &[u8] = b"Active code page: 850\r\n\x1b]0;kim\x07Gr\x81\xe1e\r\n\
        Q0123456789abcdef:0000004f:656e7669726f6e6d656e7400433a5c55736572735c6b696d005553455250524f46494c453\
        d433a5c55736572735c6b696d00414e5448524f5049435f4150495f4b45593d6b65792d6f662d6b696d00:Q0123456789abc\
        def\r\n\
        \r\nC:\\Users\\kim>";

    #[test]
    fn recordings_of_windows_shells_are_understood() {
        for (name, printed) in [("PowerShell", POWERSHELL), ("cmd", CMD)] {
            let told = told(printed).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(told.folder, r"C:\Users\kim", "{name}");
            assert_eq!(
                values(&told),
                [("USERPROFILE", r"C:\Users\kim"), ("ANTHROPIC_API_KEY", "key-of-kim")],
                "{name}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_without_harm(noise in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..150) {
            let answer = answer(&[("HOME", b"/home/kim")]);
            let _ = Listener::new(MARK).take(&[&answer[..cut.min(answer.len())], &noise].concat());
        }
    }
}
