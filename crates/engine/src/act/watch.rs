//! Whether the files that the latest look was made of are still what they were. Asked while a walkthrough is open, so
//! that its light turns when a file does; at all other times nobody asks.
//!
//! What the system says of each file is looked at once a second, and no file is opened. That costs less than a
//! thousandth of a processor, is the same on each system, and sees files on network drives and below WSL too, which
//! the systems' own notices do not.

use std::collections::BTreeMap;
use std::time::Duration;

use authlight_core::installs;
use authlight_core::reading::{Document, FileFacts, Reading};
use authlight_core::snapshot::{Snapshot, Store, TextFile, Variable};

use crate::machine::Machine;
use crate::state::ShellUse;

/// How often it is looked.
pub const EVERY: Duration = Duration::from_secs(1);

/// By what it is seen that a file is another: when it was changed, its size, its mode. `None`: nothing is there.
type Stamp = Option<(Option<i64>, u64, Option<u32>)>;

fn stamp(facts: &FileFacts) -> Stamp {
    Some((facts.modified_ms, facts.size, facts.mode))
}

/// A file, and how the look found it; `None` where that cannot be told by what was read.
struct File {
    path: String,
    found: Option<Stamp>,
    /// Whether a shell reads it when it starts.
    of_the_shell: bool,
}

impl File {
    fn new<T>(path: &str, facts: &FileFacts, content: &Reading<T>) -> Self {
        let found = match content {
            Reading::Absent => Some(None),
            Reading::Found(_) => Some(stamp(facts)),
            Reading::Unreadable(_) => None,
        };
        Self { path: path.to_owned(), found, of_the_shell: false }
    }

    fn json(document: &Document) -> Self {
        Self::new(&document.path, &document.facts, &document.content)
    }

    fn text(file: &TextFile) -> Self {
        Self::new(&file.path, &file.facts, &file.text)
    }
}

/// The files that a person or Claude Code changes when a sign-in is repaired.
fn files(snapshot: &Snapshot) -> Vec<File> {
    let platform = snapshot.examined.platform;
    let mut files = vec![File::json(&snapshot.state), File::json(&snapshot.login)];
    let settings = snapshot.settings.iter().filter(|file| file.store == Store::File);
    files.extend(settings.map(|file| File::json(&file.document)));
    let profiles = &snapshot.profiles;
    let active = platform.join(&profiles.folder, "active_config");
    files.push(File { path: active, found: None, of_the_shell: false });
    files.extend(profiles.files.values().flat_map(|pair| [File::json(&pair.config), File::json(&pair.credentials)]));
    let cloud = &snapshot.cloud;
    files.extend([File::text(&cloud.aws_credentials), File::text(&cloud.aws_config)]);
    files.push(File::json(&cloud.google_credentials));
    files.extend(snapshot.named_files.values().map(File::text));
    let certificates = &snapshot.certificate_files;
    files.extend(certificates.iter().map(|file| File::new(&file.path, &file.facts, &file.content)));
    if snapshot.installs.own().next().is_none() {
        // It is being installed.
        let examined = &snapshot.examined;
        let path = Variable::find(&examined.variables, "PATH").map(|path| path.value.plain());
        let folders = path.map(|path| installs::path_folders(platform, path)).unwrap_or_default();
        let names = installs::program_names(platform);
        let on_path = folders.iter().flat_map(|folder| names.iter().map(|name| platform.join(folder, name)));
        let known = installs::known_places(platform, &examined.home, &examined.variables);
        let places = on_path.chain(known.into_iter().filter(|place| !place.contains('*')));
        files.extend(places.map(|path| File { path, found: Some(None), of_the_shell: false }));
    }
    let shell = snapshot.shell.files.iter();
    files.extend(shell.map(|file| File { path: file.path.clone(), found: None, of_the_shell: true }));
    // What was not looked for has no path.
    files.retain(|file| !file.path.is_empty());
    files
}

/// See above.
#[derive(Default)]
pub struct Watch {
    look: String,
    files: Vec<File>,
    /// What was told of a file last: that is not told again, whatever a later look made of it.
    told: BTreeMap<String, Stamp>,
}

impl Watch {
    /// Goes on with the files of this look, as it found them.
    pub fn follow(&mut self, look: &str, snapshot: &Snapshot) {
        if self.look != look {
            self.look = look.to_owned();
            self.files = files(snapshot);
        }
    }

    /// Looks once. Gives what has to be looked at again, where something is another than it was.
    pub fn changed(&mut self, machine: &dyn Machine) -> Option<ShellUse> {
        let mut again = None;
        for file in &mut self.files {
            let now = match machine.facts(&file.path) {
                Reading::Found(facts) => stamp(&facts),
                Reading::Absent => None,
                Reading::Unreadable(_) => continue,
            };
            let was = file.found.replace(now);
            if was.is_none_or(|was| was == now) || self.told.get(&file.path) == Some(&now) {
                continue;
            }
            self.told.insert(file.path.clone(), now);
            again = match again {
                Some(ShellUse::Again) => again,
                // What the shell said before is of the file as it was.
                _ if file.of_the_shell => Some(ShellUse::Again),
                _ => Some(ShellUse::Known),
            };
        }
        again
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use authlight_core::snapshot::{Examined, Platform};

    use super::*;
    use crate::machine::os::Disk;
    use crate::machine::scan::scan;

    const NEEDED: &str = "a home that is laid out for a test";

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect(NEEDED)).expect(NEEDED);
        fs::write(path, text).expect(NEEDED);
    }

    fn looked(disk: &Disk) -> Snapshot {
        let mut examined = Examined::of_process(Platform::Linux, "/home/kim", Vec::new());
        examined.project = Some("/home/kim/shop".to_owned());
        scan(disk, examined)
    }

    #[test]
    fn a_file_that_comes_changes_or_goes_is_told_once() {
        let root = tempfile::tempdir().expect(NEEDED);
        write(root.path(), "home/kim/.claude/settings.json", "{}");
        write(root.path(), "home/kim/shop/readme", "");
        let disk = Disk::below(root.path().to_owned(), Platform::Linux);
        let mut watch = Watch::default();
        assert_eq!(watch.changed(&disk), None, "nothing was looked at yet");
        watch.follow("one", &looked(&disk));
        assert_eq!(watch.changed(&disk), None);

        let login = "home/kim/.claude/.credentials.json";
        for (step, text) in [("comes", Some("{}")), ("changes", Some("{ }")), ("goes", None)] {
            match text {
                Some(text) => write(root.path(), login, text),
                None => fs::remove_file(root.path().join(login)).expect(NEEDED),
            }
            assert_eq!(watch.changed(&disk), Some(ShellUse::Known), "{step}");
            assert_eq!(watch.changed(&disk), None, "{step}, told before");
            watch.follow(step, &looked(&disk));
            assert_eq!(watch.changed(&disk), None, "{step}, looked at since");
        }
        for path in [".claude/settings.json", ".claude.json", "shop/.claude/settings.local.json"] {
            write(root.path(), &format!("home/kim/{path}"), "{\"env\": {}}");
            assert_eq!(watch.changed(&disk), Some(ShellUse::Known), "{path}");
        }
        write(root.path(), "home/kim/.claude/projects/x.jsonl", "{}");
        assert_eq!(watch.changed(&disk), None, "what the report was not made of");
    }

    #[test]
    fn what_changed_between_the_look_and_the_first_watch_is_told_too() {
        let root = tempfile::tempdir().expect(NEEDED);
        write(root.path(), "home/kim/.claude.json", "{}");
        let disk = Disk::below(root.path().to_owned(), Platform::Linux);
        let before = looked(&disk);
        write(root.path(), "home/kim/.claude.json", "{\"numStartups\": 1}");
        let mut watch = Watch::default();
        watch.follow("one", &before);
        assert_eq!(watch.changed(&disk), Some(ShellUse::Known));
    }

    #[test]
    fn after_a_profile_of_the_shell_has_changed_the_shell_is_asked_again() {
        let root = tempfile::tempdir().expect(NEEDED);
        write(root.path(), "home/kim/.bashrc", "# mine\n");
        write(root.path(), "etc/passwd", "kim:x:1000:1000::/home/kim:/bin/bash\n");
        let disk = Disk::below(root.path().to_owned(), Platform::Linux);
        let mut watch = Watch::default();
        watch.follow("one", &looked(&disk));
        assert_eq!(watch.changed(&disk), None);
        write(root.path(), "home/kim/.bashrc", "export A=1\n");
        write(root.path(), "home/kim/.claude.json", "{}");
        assert_eq!(watch.changed(&disk), Some(ShellUse::Again));
    }
}
