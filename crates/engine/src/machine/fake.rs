//! A machine in memory, made from a scenario. It answers as a disk does, permissions included, whoever runs it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use authlight_core::keychain::{Answer, Question};
use authlight_core::programs::Program;
use authlight_core::reading::{FileFacts, Reading, Trouble};
use authlight_core::registry_export::{Exported, Hive};
use authlight_core::residents::Holder;
use authlight_core::snapshot::Platform;

use super::Machine;
use crate::practice::{Home, Node};

/// As many links as a system follows before it gives up.
const MOST_LINKS: usize = 40;

/// A machine in memory.
#[derive(Clone, Debug)]
pub struct FakeMachine {
    platform: Platform,
    entries: BTreeMap<Vec<String>, Entry>,
    programs: Option<Vec<Program>>,
    holders: Vec<Holder>,
}

#[derive(Clone, Debug)]
struct Entry {
    node: Node,
    mode: u32,
    modified_ms: i64,
}

enum Failure {
    Absent,
    Trouble(Trouble),
}

impl FakeMachine {
    /// The machine of a scenario.
    pub fn of(home: &Home) -> Self {
        let folder = Entry { node: Node::Folder, mode: 0o755, modified_ms: home.now_ms };
        let entries = BTreeMap::from([(Vec::new(), folder.clone())]);
        let mut machine =
            Self { platform: home.platform, entries, programs: home.programs.clone(), holders: home.holders.clone() };
        let own = [Some(home.home.as_str()), home.project.as_deref()];
        for path in own.into_iter().flatten() {
            machine.entries.insert(parts(machine.platform, path), folder.clone());
        }
        for file in &home.files {
            let entry = Entry { node: file.node.clone(), mode: file.mode, modified_ms: file.modified_ms };
            machine.entries.insert(parts(machine.platform, &file.path), entry);
        }
        let paths: Vec<Vec<String>> = machine.entries.keys().cloned().collect();
        for path in paths {
            for length in 1..path.len() {
                machine.entries.entry(path[..length].to_vec()).or_insert_with(|| folder.clone());
            }
        }
        machine
    }

    /// The entry at a path, links followed; with the names that lead to it.
    fn follow(&self, path: &str) -> Result<(Vec<String>, &Entry), Failure> {
        let mut waiting: Vec<String> = parts(self.platform, path);
        let asked_for_link = matches!(self.entries.get(&waiting), Some(Entry { node: Node::Link(_), .. }));
        let missing = || if asked_for_link { Failure::Trouble(Trouble::DanglingLink) } else { Failure::Absent };
        waiting.reverse();
        let mut at: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(name) = waiting.pop() {
            let folder = self.entries.get(&at).ok_or_else(missing)?;
            match folder.node {
                Node::Folder if folder.mode & 0o100 == 0 => return Err(Failure::Trouble(Trouble::Denied)),
                Node::Folder => {}
                // What would lie below a file is not there.
                _ => return Err(missing()),
            }
            if name == ".." {
                at.pop();
                continue;
            }
            at.push(name);
            if let Some(Entry { node: Node::Link(target), .. }) = self.entries.get(&at) {
                links += 1;
                if links > MOST_LINKS {
                    return Err(Failure::Trouble(Trouble::LinkLoop));
                }
                if self.platform.is_absolute(target) {
                    at.clear();
                } else {
                    at.pop();
                }
                waiting.extend(parts(self.platform, target).into_iter().rev());
            }
        }
        let entry = self.entries.get(&at).ok_or_else(missing)?;
        Ok((at, entry))
    }

    /// What stands at a path itself, links followed on the way to it alone.
    fn unfollowed(&self, path: &str) -> Result<&Entry, Failure> {
        let mut whole = parts(self.platform, path);
        let Some(last) = whole.pop() else { return Ok(self.follow(path)?.1) };
        let above = format!("/{}", whole.join("/"));
        let (mut at, _) = self.follow(&above)?;
        at.push(last);
        self.entries.get(&at).ok_or(Failure::Absent)
    }

    fn facts_of(&self, path: &str, entry: &Entry) -> FileFacts {
        let size = match &entry.node {
            Node::File(bytes) => bytes.len() as u64,
            Node::Repeat(text, times) => (text.len() as u64).saturating_mul(*times),
            Node::Link(_) | Node::Folder | Node::Fifo => 0,
        };
        let link = self.entries.get(&parts(self.platform, path));
        FileFacts {
            mode: Some(entry.mode),
            owner: None,
            size,
            modified_ms: Some(entry.modified_ms),
            link: link.is_some_and(|entry| matches!(entry.node, Node::Link(_))),
            writable: None,
        }
    }
}

impl Machine for FakeMachine {
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>) {
        let entry = match self.follow(path) {
            Ok((_, entry)) => entry,
            Err(Failure::Absent) => return (FileFacts::default(), Reading::Absent),
            Err(Failure::Trouble(trouble)) => return (FileFacts::default(), Reading::Unreadable(trouble)),
        };
        let mut facts = self.facts_of(path, entry);
        let trouble = match &entry.node {
            Node::Folder => Some(Trouble::Folder),
            Node::Fifo => Some(Trouble::NotAFile),
            _ if facts.size > limit => Some(Trouble::TooLarge),
            _ if entry.mode & 0o400 == 0 => Some(Trouble::Denied),
            _ => None,
        };
        if let Some(trouble) = trouble {
            return (facts, Reading::Unreadable(trouble));
        }
        facts.writable = Some(may_write(entry));
        let bytes = match &entry.node {
            Node::File(bytes) => bytes.clone(),
            Node::Repeat(text, times) => text.repeat(usize::try_from(*times).unwrap_or(0)).into_bytes(),
            Node::Link(_) | Node::Folder | Node::Fifo => Vec::new(),
        };
        (facts, Reading::Found(bytes))
    }

    fn facts(&self, path: &str) -> Reading<FileFacts> {
        match self.follow(path) {
            Ok((_, entry)) => {
                Reading::Found(FileFacts { writable: Some(may_write(entry)), ..self.facts_of(path, entry) })
            }
            Err(Failure::Absent) => Reading::Absent,
            Err(Failure::Trouble(trouble)) => Reading::Unreadable(trouble),
        }
    }

    fn list(&self, folder: &str) -> Reading<Vec<String>> {
        let (at, entry) = match self.follow(folder) {
            Ok(found) => found,
            Err(Failure::Absent) => return Reading::Absent,
            Err(Failure::Trouble(trouble)) => return Reading::Unreadable(trouble),
        };
        match entry.node {
            Node::Folder if entry.mode & 0o400 == 0 => Reading::Unreadable(Trouble::Denied),
            Node::Folder => {
                let inside = self.entries.keys().filter(|path| path.len() == at.len() + 1 && path.starts_with(&at));
                Reading::Found(inside.filter_map(|path| path.last().cloned()).collect())
            }
            _ => Reading::Absent,
        }
    }

    fn link(&self, path: &str) -> Reading<Option<String>> {
        match self.unfollowed(path) {
            Ok(entry) => Reading::Found(match &entry.node {
                Node::Link(target) => Some(target.clone()),
                _ => None,
            }),
            Err(Failure::Absent) => Reading::Absent,
            Err(Failure::Trouble(trouble)) => Reading::Unreadable(trouble),
        }
    }

    fn keychain(&self, _: &str, question: &Question) -> Answer {
        super::recorded_keychain(self, question)
    }

    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        super::recorded_registry(self, hive)
    }

    fn writable(&self, path: &str) -> Option<bool> {
        self.follow(path).ok().map(|(_, entry)| may_write(entry))
    }

    fn listening(&self) -> Reading<BTreeSet<u16>> {
        super::os::listening_by(&|path| self.read(path, u64::MAX).1)
    }

    fn port_holder(&self, port: u16) -> Option<Holder> {
        self.holders.iter().find(|holder| holder.port == port).cloned()
    }

    fn programs(&self) -> Reading<Vec<Program>> {
        self.programs.clone().map_or(Reading::Absent, Reading::Found)
    }

    fn wsl_distributions(&self) -> Reading<usize> {
        super::recorded_distributions(self)
    }
}

fn may_write(entry: &Entry) -> bool {
    entry.mode & 0o200 != 0
}

/// The names of a path, the drive left out; `..` stays, since a link may stand before it.
fn parts(platform: Platform, path: &str) -> Vec<String> {
    let windows = platform == Platform::Windows;
    let without_drive = match path.as_bytes() {
        [letter, b':', ..] if windows && letter.is_ascii_alphabetic() => &path[2..],
        _ => path,
    };
    let separators: &[char] = if windows { &['/', '\\'] } else { &['/'] };
    without_drive.split(separators).filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::Scenario;

    fn machine(files: serde_json::Value) -> FakeMachine {
        let scenario = serde_json::json!({"name": "test", "files": files});
        Scenario::from_json(&scenario.to_string()).unwrap().home_at(0, None).unwrap().machine()
    }

    fn read(machine: &FakeMachine, path: &str) -> Result<String, Option<Trouble>> {
        match machine.read(path, 1000).1 {
            Reading::Found(bytes) => Ok(String::from_utf8(bytes).unwrap()),
            Reading::Absent => Err(None),
            Reading::Unreadable(trouble) => Err(Some(trouble)),
        }
    }

    #[test]
    fn it_answers_as_a_disk_does() {
        let machine = machine(serde_json::json!({
            "~/plain": {"text": "words"},
            "~/to-plain": {"link": "plain"},
            "~/to-folder": {"link": "/home/kim/folder"},
            "~/folder/inner": {"text": "inner"},
            "~/nowhere": {"link": "gone"},
            "~/round": {"link": "about"},
            "~/about": {"link": "round"},
            "~/closed": {"text": "x", "mode": "0000"},
            "~/vault": {"folder": true, "mode": "0000"},
            "~/vault/inner": {"text": "x"},
            "~/pipe": {"fifo": true},
            "~/large": {"repeat": ["0123456789", 101]},
        }));
        for (path, expected) in [
            ("/home/kim/plain", Ok("words")),
            ("/home/kim/to-plain", Ok("words")),
            ("/home/kim/to-folder/inner", Ok("inner")),
            ("/home/kim/to-folder/../plain", Ok("words")),
            ("/home/kim/folder/./inner", Ok("inner")),
            ("/home/kim/gone", Err(None)),
            ("/home/kim/plain/inner", Err(None)),
            ("/home/kim/folder", Err(Some(Trouble::Folder))),
            ("/home/kim/nowhere", Err(Some(Trouble::DanglingLink))),
            ("/home/kim/round", Err(Some(Trouble::LinkLoop))),
            ("/home/kim/closed", Err(Some(Trouble::Denied))),
            ("/home/kim/vault/inner", Err(Some(Trouble::Denied))),
            ("/home/kim/pipe", Err(Some(Trouble::NotAFile))),
            ("/home/kim/large", Err(Some(Trouble::TooLarge))),
        ] {
            assert_eq!(read(&machine, path), expected.map(str::to_owned), "{path}");
        }
        let Reading::Found(names) = machine.list("/home/kim/to-folder") else { panic!("a folder") };
        assert_eq!(names, ["inner"]);
        assert!(machine.facts("/home/kim/to-plain").found().unwrap().link);
        assert_eq!(machine.writable("/home/kim/closed"), Some(false));
        assert_eq!(machine.writable("/home/kim/gone"), None);
    }
}
