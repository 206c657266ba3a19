//! A machine with some things taken away: what would be if they were not there.

use std::collections::BTreeSet;

use authlight_core::json::{Json, Value};
use authlight_core::keychain::{Answer, Question};
use authlight_core::reading::{Encoding, FileFacts, Reading};
use authlight_core::registry_export::{Exported, Hive, TextValue};

use super::Machine;

/// A machine, and what is taken away from it.
pub struct Edited<'m> {
    machine: &'m dyn Machine,
    edits: Vec<Edit>,
}

/// Something that is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A whole file.
    File {
        /// Its path, as seen from inside.
        path: String,
    },
    /// A member of a JSON file, wherever in it the name begins; with it others of that name in the same object.
    Member {
        /// The file, as seen from inside.
        path: String,
        /// The line of the name.
        line: usize,
        /// Its column.
        column: usize,
    },
}

impl Edit {
    fn path(&self) -> &str {
        match self {
            Self::File { path } | Self::Member { path, .. } => path,
        }
    }
}

impl<'m> Edited<'m> {
    /// The machine without what the edits take away. `None` if one of them finds nothing to take.
    pub fn new(machine: &'m dyn Machine, edits: Vec<Edit>) -> Option<Self> {
        let fits = |edit: &Edit| match edit {
            Edit::File { path } => !matches!(machine.facts(path), Reading::Absent),
            Edit::Member { path, line, column } => {
                let bytes = machine.read(path, u64::MAX - 1).1;
                bytes.found().is_some_and(|bytes| without_member(bytes, *line, *column).is_some())
            }
        };
        edits.iter().all(fits).then_some(Self { machine, edits })
    }

    fn of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Edit> {
        self.edits.iter().filter(move |edit| edit.path() == path)
    }

    fn is_gone(&self, path: &str) -> bool {
        self.of(path).any(|edit| matches!(edit, Edit::File { .. }))
    }
}

impl Machine for Edited<'_> {
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>) {
        if self.is_gone(path) {
            return (FileFacts::default(), Reading::Absent);
        }
        let (facts, bytes) = self.machine.read(path, limit);
        let edited = bytes.map(|mut bytes| {
            for edit in self.of(path) {
                if let Edit::Member { line, column, .. } = edit
                    && let Some(without) = without_member(&bytes, *line, *column)
                {
                    bytes = without;
                }
            }
            bytes
        });
        (facts, edited)
    }

    fn facts(&self, path: &str) -> Reading<FileFacts> {
        if self.is_gone(path) { Reading::Absent } else { self.machine.facts(path) }
    }

    fn list(&self, folder: &str) -> Reading<Vec<String>> {
        self.machine.list(folder)
    }

    fn link(&self, path: &str) -> Reading<Option<String>> {
        if self.is_gone(path) { Reading::Absent } else { self.machine.link(path) }
    }

    fn keychain(&self, home: &str, question: &Question) -> Answer {
        self.machine.keychain(home, question)
    }

    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        self.machine.registry_policy(hive)
    }

    fn registry_environment(&self, hive: Hive) -> Reading<Vec<TextValue>> {
        self.machine.registry_environment(hive)
    }

    fn writable(&self, path: &str) -> Option<bool> {
        if self.is_gone(path) { None } else { self.machine.writable(path) }
    }

    fn listening(&self) -> Reading<BTreeSet<u16>> {
        self.machine.listening()
    }
}

/// A JSON text with blanks in place of a member, so that everything else keeps its line and column. `None` where no
/// member's name begins there.
pub fn without_member(bytes: &[u8], line: usize, column: usize) -> Option<Vec<u8>> {
    let (mark, text) = match Encoding::of(bytes) {
        Encoding::Utf8 => (0, bytes.to_vec()),
        Encoding::Utf8Bom => (3, bytes[3..].to_vec()),
        Encoding::Utf16Le => (2, narrow(&bytes[2..], u16::from_le_bytes)),
        Encoding::Utf16Be => (2, narrow(&bytes[2..], u16::from_be_bytes)),
    };
    let json = Json::parse(text.clone()).ok()?;
    let mut text = text;
    // From the last one on, so that the places of those before still hold.
    for span in spans(&json, line, column)?.into_iter().rev() {
        let span = with_comma(&text, span);
        let characters = text[span.clone()].iter().filter(|byte| (**byte & 0xc0) != 0x80);
        let blanks: Vec<u8> = characters.map(|byte| if matches!(byte, b'\n' | b'\r') { *byte } else { b' ' }).collect();
        text.splice(span, blanks);
    }
    let mut out = bytes[..mark].to_vec();
    match Encoding::of(bytes) {
        Encoding::Utf8 | Encoding::Utf8Bom => out.extend(text),
        Encoding::Utf16Le => out.extend(wide(&text).flat_map(u16::to_le_bytes)),
        Encoding::Utf16Be => out.extend(wide(&text).flat_map(u16::to_be_bytes)),
    }
    Some(out)
}

fn narrow(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).into_bytes()
}

fn wide(text: &[u8]) -> impl Iterator<Item = u16> {
    String::from_utf8_lossy(text).encode_utf16().collect::<Vec<_>>().into_iter()
}

/// The members of one object that have the name of the one at this place.
fn spans(json: &Json, line: usize, column: usize) -> Option<Vec<std::ops::Range<usize>>> {
    let place = offset(json.bytes(), line, column)?;
    let mut waiting: Vec<Value<'_>> = vec![json.root()];
    while let Some(value) = waiting.pop() {
        if let Some(found) = value.members().find(|member| member.span().start == place) {
            let name = found.name();
            return Some(value.members().filter(|member| member.name() == name).map(|member| member.span()).collect());
        }
        waiting.extend(value.members().map(|member| member.value).chain(value.items()));
    }
    None
}

/// The byte at a line and column, both counted from 1.
fn offset(text: &[u8], line: usize, column: usize) -> Option<usize> {
    let mut start = 0;
    for _ in 1..line {
        start += text[start..].iter().position(|byte| *byte == b'\n')? + 1;
    }
    let mut characters = text[start..].iter().enumerate().filter(|(_, byte)| (**byte & 0xc0) != 0x80);
    characters.nth(column.checked_sub(1)?).map(|(at, _)| start + at)
}

/// The span with the comma behind it, or else the one before it.
fn with_comma(text: &[u8], span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    let after = text[span.end..].iter().position(|byte| !is_blank(byte)).map(|skip| span.end + skip);
    if let Some(at) = after.filter(|at| text[*at] == b',') {
        return span.start..at + 1;
    }
    match text[..span.start].iter().rposition(|byte| !is_blank(byte)) {
        Some(at) if text[at] == b',' => at..span.end,
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use authlight_core::reading::Trouble;

    use super::*;

    fn without(text: &str, line: usize, column: usize) -> Option<String> {
        without_member(text.as_bytes(), line, column).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn what_stays_keeps_its_place() {
        let text = "{\n  \"env\": {\"A\": \"1\",\n    \"B\": [\n  2], \"C\": 3}\n}";
        let first = without(text, 2, 11).unwrap();
        assert_eq!(first, "{\n  \"env\": {         \n    \"B\": [\n  2], \"C\": 3}\n}");
        let last = without(text, 4, 7).unwrap();
        assert_eq!(last, "{\n  \"env\": {\"A\": \"1\",\n    \"B\": [\n  2]        }\n}");
        for edited in [first, last, without(text, 2, 3).unwrap(), without(text, 3, 5).unwrap()] {
            Json::parse(edited.clone()).unwrap_or_else(|fault| panic!("{fault}: {edited}"));
        }
        assert_eq!(without(text, 1, 1), None);
        assert_eq!(without("{", 1, 1), None);
    }

    /// A machine that runs: its Keychain and registry are no files.
    struct Running;

    impl Machine for Running {
        fn read(&self, _: &str, _: u64) -> (FileFacts, Reading<Vec<u8>>) {
            (FileFacts::default(), Reading::Absent)
        }
        fn facts(&self, _: &str) -> Reading<FileFacts> {
            Reading::Absent
        }
        fn list(&self, _: &str) -> Reading<Vec<String>> {
            Reading::Absent
        }
        fn link(&self, _: &str) -> Reading<Option<String>> {
            Reading::Absent
        }
        fn keychain(&self, home: &str, _: &Question) -> Answer {
            if home == "/Users/kim" { Answer::Absent } else { Answer::NotAsked }
        }
        fn registry_policy(&self, _: Hive) -> Reading<Exported> {
            Reading::Unreadable(Trouble::Denied)
        }
        fn writable(&self, _: &str) -> Option<bool> {
            None
        }
        fn listening(&self) -> Reading<BTreeSet<u16>> {
            Reading::Absent
        }
    }

    #[test]
    fn what_is_no_file_is_asked_of_the_machine_itself() {
        let edited = Edited::new(&Running, Vec::new()).unwrap();
        assert_eq!(edited.keychain("/Users/kim", &Question::Lock), Answer::Absent);
        assert_eq!(edited.registry_policy(Hive::LocalMachine).trouble(), Some(Trouble::Denied));
    }

    #[test]
    fn of_two_with_one_name_none_is_left() {
        assert_eq!(without("{\"a\":1,\"a\":2}", 1, 8).unwrap().replace(' ', ""), "{}");
        assert_eq!(without("{\"a\":1,\"b\":0,\"a\":2}", 1, 2).unwrap().replace(' ', ""), "{\"b\":0}");
    }

    #[test]
    fn the_encoding_stays() {
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("{\"é\":1}".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let edited = without_member(&wide, 1, 2).unwrap();
        assert_eq!((&edited[..4], edited.len()), (&[0xff, 0xfe, b'{', 0][..], wide.len()));
        assert_eq!(without_member(b"\xef\xbb\xbf{\"a\":1}", 1, 2).unwrap(), b"\xef\xbb\xbf{     }");
    }
}
