//! A real disk, as it is or below a root.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use authlight_core::json::Pieces;
use authlight_core::listening;
use authlight_core::reading::{Content, FileFacts, Reading, Trouble};
use authlight_core::registry_export::{Exported, Hive};
use authlight_core::snapshot::Platform;

use super::Machine;

/// A disk.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    root: Option<PathBuf>,
    platform: Platform,
}

impl Disk {
    /// The running system.
    pub fn running(platform: Platform) -> Self {
        Self { root: None, platform }
    }

    /// A mounted disk, a container image, a practice folder.
    pub fn below(root: PathBuf, platform: Platform) -> Self {
        Self { root: Some(root), platform }
    }

    /// Where a path of the examined machine lies on this one.
    pub fn outside(&self, inside: &str) -> PathBuf {
        let Some(root) = &self.root else { return PathBuf::from(inside) };
        let without_drive = match inside.as_bytes() {
            [letter, b':', ..] if self.platform == Platform::Windows && letter.is_ascii_alphabetic() => &inside[2..],
            _ => inside,
        };
        let mut path = root.clone();
        let separators: &[char] = if self.platform == Platform::Windows { &['/', '\\'] } else { &['/'] };
        // `..` never leads out of the root.
        for part in without_drive.split(separators).filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                if path != *root {
                    path.pop();
                }
            } else {
                path.push(part);
            }
        }
        path
    }

    /// What a path of this machine is called on the examined one; `None` if it lies outside the root.
    pub fn inside(&self, outside: &Path) -> Option<String> {
        let Some(root) = &self.root else { return Some(outside.to_string_lossy().into_owned()) };
        let rest = outside.strip_prefix(root).ok()?;
        Some(format!("/{}", rest.to_string_lossy()))
    }
}

impl Machine for Disk {
    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        if self.root.is_none() {
            return running_registry(hive);
        }
        let (_, bytes) = self.read(&format!("/registry/{}.reg", hive.short()), super::REGISTRY_LIMIT);
        bytes.map(|bytes| authlight_core::registry_export::policy(&bytes, hive))
    }

    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>) {
        self.read_with(path, limit, &mut |file, size| {
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    fn sift(
        &self,
        path: &str,
        limit: u64,
        take: &mut dyn FnMut(&mut Pieces<'_>) -> Content,
    ) -> (FileFacts, Reading<Content>) {
        self.read_with(path, limit, &mut |file, _| {
            let mut trouble = None;
            let content = take(&mut |buffer| {
                file.read(buffer).unwrap_or_else(|error| {
                    trouble = Some(error);
                    0
                })
            });
            trouble.map_or(Ok(content), Err)
        })
    }

    fn facts(&self, path: &str) -> Reading<FileFacts> {
        let outside = self.outside(path);
        match look(&outside) {
            Ok(metadata) => {
                Reading::Found(FileFacts { writable: may_write(&outside), ..facts_of(&outside, &metadata) })
            }
            Err(Failure::Absent) => Reading::Absent,
            Err(Failure::Trouble(trouble)) => Reading::Unreadable(trouble),
        }
    }

    fn list(&self, folder: &str) -> Reading<Vec<String>> {
        match fs::read_dir(self.outside(folder)) {
            Ok(entries) => {
                let mut names: Vec<String> =
                    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
                names.sort_unstable();
                Reading::Found(names)
            }
            Err(error) => match failure(&error, &self.outside(folder)) {
                Failure::Absent => Reading::Absent,
                Failure::Trouble(trouble) => Reading::Unreadable(trouble),
            },
        }
    }

    fn link(&self, path: &str) -> Reading<Option<String>> {
        match fs::read_link(self.outside(path)) {
            Ok(target) => Reading::Found(Some(target.to_string_lossy().into_owned())),
            // What every system says of a path that is there and no link.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Reading::Found(None),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Reading::Absent,
                io::ErrorKind::PermissionDenied => Reading::Unreadable(Trouble::Denied),
                // Windows says so of a file that is no link in words of its own.
                _ if fs::metadata(self.outside(path)).is_ok() => Reading::Found(None),
                _ => Reading::Unreadable(Trouble::Failed),
            },
        }
    }

    fn writable(&self, path: &str) -> Option<bool> {
        let outside = self.outside(path);
        outside.exists().then(|| may_write(&outside)).flatten()
    }

    fn listening(&self) -> Reading<BTreeSet<u16>> {
        listening_by(&|path| table(&self.outside(path)))
    }
}

/// What Linux's tables say. On Windows and macOS only a connection, or rights that we do not have, would tell.
pub(super) fn listening_by(table: &dyn Fn(&str) -> Reading<Vec<u8>>) -> Reading<BTreeSet<u16>> {
    match [table("/proc/net/tcp"), table("/proc/net/tcp6")] {
        [Reading::Found(tcp), Reading::Found(tcp6)] => Reading::Found(listening::ports(&[&tcp, &tcp6])),
        // Without the newer protocol there is only one table.
        [Reading::Found(tcp), Reading::Absent] => Reading::Found(listening::ports(&[&tcp])),
        [Reading::Absent, _] => Reading::Absent,
        _ => Reading::Unreadable(Trouble::Failed),
    }
}

/// The largest table of connections that is read: some 100,000 of them.
const TABLE_LIMIT: u64 = 16 << 20;

/// A table of the kernel's. It has no length of its own and changes all the time.
fn table(path: &Path) -> Reading<Vec<u8>> {
    let mut bytes = Vec::new();
    match open(path).and_then(|file| file.take(TABLE_LIMIT).read_to_end(&mut bytes)) {
        Ok(read) if read as u64 == TABLE_LIMIT => Reading::Unreadable(Trouble::TooLarge),
        Ok(_) => Reading::Found(bytes),
        Err(error) => match failure(&error, path) {
            Failure::Absent => Reading::Absent,
            Failure::Trouble(trouble) => Reading::Unreadable(trouble),
        },
    }
}

impl Disk {
    fn read_with<T>(
        &self,
        path: &str,
        limit: u64,
        take: &mut dyn FnMut(&mut dyn Read, u64) -> io::Result<T>,
    ) -> (FileFacts, Reading<T>) {
        let outside = self.outside(path);
        let mut facts = FileFacts::default();
        // One more look where the file changed in between: its owner may just be writing it.
        for _ in 0..2 {
            match read_once(&outside, limit, &mut facts, take) {
                Ok(Some(taken)) => {
                    facts.writable = may_write(&outside);
                    return (facts, Reading::Found(taken));
                }
                Ok(None) => {}
                Err(Failure::Absent) => return (facts, Reading::Absent),
                Err(Failure::Trouble(trouble)) => return (facts, Reading::Unreadable(trouble)),
            }
        }
        (facts, Reading::Unreadable(Trouble::Changing))
    }
}

enum Failure {
    Absent,
    Trouble(Trouble),
}

fn failure(error: &io::Error, path: &Path) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => Failure::Trouble(Trouble::DanglingLink),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Failure::Absent,
        io::ErrorKind::PermissionDenied => Failure::Trouble(Trouble::Denied),
        io::ErrorKind::IsADirectory => Failure::Trouble(Trouble::Folder),
        _ if is_loop(error) => Failure::Trouble(Trouble::LinkLoop),
        _ => Failure::Trouble(Trouble::Failed),
    }
}

#[cfg(windows)]
fn running_registry(hive: Hive) -> Reading<Exported> {
    super::registry::policy(hive)
}

#[cfg(not(windows))]
fn running_registry(_: Hive) -> Reading<Exported> {
    Reading::Absent
}

#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_loop(_: &io::Error) -> bool {
    false
}

fn look(path: &Path) -> Result<Metadata, Failure> {
    fs::metadata(path).map_err(|error| failure(&error, path))
}

/// `None`: it changed while it was read.
fn read_once<T>(
    path: &Path,
    limit: u64,
    facts: &mut FileFacts,
    take: &mut dyn FnMut(&mut dyn Read, u64) -> io::Result<T>,
) -> Result<Option<T>, Failure> {
    let before = look(path)?;
    *facts = facts_of(path, &before);
    if before.is_dir() {
        return Err(Failure::Trouble(Trouble::Folder));
    }
    if !before.is_file() {
        return Err(Failure::Trouble(Trouble::NotAFile));
    }
    if before.len() > limit {
        return Err(Failure::Trouble(Trouble::TooLarge));
    }
    let mut file = open(path).map_err(|error| failure(&error, path))?;
    let mut within = file.by_ref().take(limit + 1);
    let taken = take(&mut within, before.len()).map_err(|error| failure(&error, path))?;
    let after = file.metadata().map_err(|error| failure(&error, path))?;
    let same = after.len() == before.len() && after.modified().ok() == before.modified().ok();
    Ok(same.then_some(taken))
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // A pipe that took the file's place since the look above must not make us wait.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn facts_of(path: &Path, metadata: &Metadata) -> FileFacts {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let mut facts = FileFacts {
        size: metadata.len(),
        modified_ms: since.and_then(|since| i64::try_from(since.as_millis()).ok()),
        link: path.is_symlink(),
        ..FileFacts::default()
    };
    unix_facts(metadata, &mut facts);
    facts
}

#[cfg(unix)]
fn unix_facts(metadata: &Metadata, facts: &mut FileFacts) {
    use std::os::unix::fs::MetadataExt;
    facts.mode = Some(metadata.mode() & 0o7777);
    facts.owner = Some(metadata.uid());
}

#[cfg(not(unix))]
fn unix_facts(_: &Metadata, _: &mut FileFacts) {}

#[cfg(unix)]
fn may_write(path: &Path) -> Option<bool> {
    Some(rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok())
}

#[cfg(not(unix))]
fn may_write(path: &Path) -> Option<bool> {
    fs::metadata(path).ok().map(|metadata| !metadata.permissions().readonly())
}
