//! A machine with some things taken away: what would be if they were not there.

use std::collections::BTreeSet;

use authlight_core::json::{Json, Position, Value, offset};
use authlight_core::keychain::{Answer, Question};
use authlight_core::programs::Program;
use authlight_core::reading::{Encoding, FileFacts, Reading};
use authlight_core::registry_export::{Exported, Hive, TextValue};
use authlight_core::report::Source;
use authlight_core::residents::Holder;
use authlight_core::snapshot::Platform;
use authlight_core::what_if::{Removal, leave_out_of_the_session, preference_places};

use super::Machine;

/// A machine, and what is taken away from it. Variables and flags are no part of a machine: they are taken from what is
/// examined.
pub struct Edited<'m> {
    machine: &'m dyn Machine,
    platform: Platform,
    removals: Vec<Removal>,
    left_out: Vec<Source>,
}

impl<'m> Edited<'m> {
    /// The machine without these things. `None` if one of them is not there to be taken.
    pub fn new(machine: &'m dyn Machine, platform: Platform, removals: Vec<Removal>) -> Option<Self> {
        let policy = |path: &str| [Hive::LocalMachine, Hive::CurrentUser].into_iter().find(|h| h.policy_path() == path);
        let fits = |removal: &Removal| match removal {
            Removal::File { path } => match policy(path) {
                Some(hive) => !machine.registry_policy(hive).is_absent(),
                None => !matches!(machine.facts(path), Reading::Absent),
            },
            Removal::Member { path, line, column } => match policy(path) {
                Some(hive) => match machine.registry_policy(hive) {
                    Reading::Found(Exported::Text(text)) => without_member(text.as_bytes(), *line, *column).is_some(),
                    _ => false,
                },
                None => {
                    let bytes = machine.read(path, u64::MAX - 1).1;
                    bytes.found().is_some_and(|bytes| without_member(bytes, *line, *column).is_some())
                }
            },
            Removal::Preference { path, name } => {
                let (_, text) = machine.preferences(path);
                let text = text.found().and_then(Option::as_deref);
                text.is_some_and(|text| without_preference(platform, text, name) != text)
            }
            Removal::Variable(_)
            | Removal::ProfilePlace(_)
            | Removal::FlagMember { .. }
            | Removal::KeychainItem { .. } => true,
        };
        if !removals.iter().all(fits) {
            return None;
        }
        let written = |removal: &Removal| match removal {
            Removal::ProfilePlace(source) | Removal::Variable(source) if source.path.is_some() => Some(source.clone()),
            _ => None,
        };
        let left_out = removals.iter().filter_map(written).collect();
        Some(Self { machine, platform, removals, left_out })
    }

    /// The names of the variables that are left out of an environment.
    pub fn variables_left_out(&self) -> impl Iterator<Item = &str> {
        fn named(removal: &Removal) -> Option<&str> {
            match removal {
                Removal::Variable(source) | Removal::ProfilePlace(source) => source.name.as_deref(),
                _ => None,
            }
        }
        self.removals.iter().filter_map(named)
    }

    /// The places of the members that are taken from a file.
    fn members(&self, path: &str) -> impl Iterator<Item = (usize, usize)> {
        self.removals.iter().filter_map(move |removal| match removal {
            Removal::Member { path: of, line, column } if of == path => Some((*line, *column)),
            _ => None,
        })
    }

    fn is_gone(&self, path: &str) -> bool {
        self.removals.iter().any(|removal| matches!(removal, Removal::File { path: gone } if gone == path))
    }

    fn without_members(&self, path: &str, mut bytes: Vec<u8>) -> Vec<u8> {
        for (line, column) in self.members(path) {
            if let Some(without) = without_member(&bytes, line, column) {
                bytes = without;
            }
        }
        bytes
    }
}

impl Machine for Edited<'_> {
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>) {
        if self.is_gone(path) {
            return (FileFacts::default(), Reading::Absent);
        }
        let (facts, bytes) = self.machine.read(path, limit);
        (facts, bytes.map(|bytes| self.without_members(path, bytes)))
    }

    fn preferences(&self, path: &str) -> (FileFacts, Reading<Option<String>>) {
        if self.is_gone(path) {
            return (FileFacts::default(), Reading::Absent);
        }
        let (facts, text) = self.machine.preferences(path);
        let names = self.removals.iter().filter_map(|removal| match removal {
            Removal::Preference { path: of, name } if of == path => Some(name),
            _ => None,
        });
        let edited = text.map(|text| {
            let text = text?;
            Some(names.fold(text, |text, name| without_preference(self.platform, &text, name)))
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
        let is_gone = |removal: &Removal| match (removal, question) {
            (Removal::KeychainItem { service }, Question::Item(asked)) => service == asked,
            _ => false,
        };
        if self.removals.iter().any(is_gone) { Answer::Absent } else { self.machine.keychain(home, question) }
    }

    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        let path = hive.policy_path();
        if self.is_gone(&path) {
            return Reading::Absent;
        }
        self.machine.registry_policy(hive).map(|exported| match exported {
            Exported::Text(text) => {
                let edited = self.without_members(&path, text.into_bytes());
                Exported::Text(String::from_utf8_lossy(&edited).into_owned())
            }
            other => other,
        })
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

    fn port_holder(&self, port: u16) -> Option<Holder> {
        self.machine.port_holder(port)
    }

    fn programs(&self) -> Reading<Vec<Program>> {
        self.machine.programs().map(|mut programs| {
            leave_out_of_the_session(&mut programs, &self.removals);
            programs
        })
    }

    fn wsl_distributions(&self) -> Reading<usize> {
        self.machine.wsl_distributions()
    }

    fn left_out(&self) -> &[Source] {
        &self.left_out
    }
}

fn without_preference(platform: Platform, text: &str, name: &str) -> String {
    let Ok(json) = Json::parse(text) else { return text.to_owned() };
    let places = preference_places(platform, &json, name);
    let edited = places.iter().fold(text.as_bytes().to_vec(), |bytes, at| {
        // Of two with one name both are gone with the first.
        without_member(&bytes, at.line, at.column).unwrap_or(bytes)
    });
    String::from_utf8_lossy(&edited).into_owned()
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
    // Editors take comments in settings of their own.
    let json = Json::parse(text.clone()).or_else(|_| Json::parse_lenient(text.clone())).ok()?;
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
    let place = offset(json.bytes(), Position { line, column })?;
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
        fn programs(&self) -> Reading<Vec<Program>> {
            Reading::Absent
        }
        fn wsl_distributions(&self) -> Reading<usize> {
            Reading::Absent
        }
    }

    #[test]
    fn what_is_no_file_is_asked_of_the_machine_itself() {
        let edited = Edited::new(&Running, Platform::MacOs, Vec::new()).unwrap();
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
