//! A real disk, as it is or below a root.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use authlight_core::json::Pieces;
use authlight_core::keychain::{Answer, Question};
use authlight_core::listening;
use authlight_core::programs::Program;
use authlight_core::reading::{Content, FileFacts, Reading, Trouble};
#[cfg(windows)]
use authlight_core::registry_export::TextValue;
use authlight_core::registry_export::{Exported, Hive};
use authlight_core::residents::Holder;
use authlight_core::snapshot::Platform;

use super::{Machine, recorded_distributions, recorded_keychain, recorded_registry};

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

    /// Where a path really lies, links followed as the examined machine follows them: below a root, an absolute link
    /// starts at the root again, and none leads out of it.
    fn follow(&self, inside: &str) -> Result<Place, Failure> {
        self.walk(inside, true)
    }

    /// As [`Disk::follow`], the link that may stand at the end only where it is asked for.
    fn walk(&self, inside: &str, to_the_end: bool) -> Result<Place, Failure> {
        let lexical = self.outside(inside);
        let Some(root) = &self.root else { return Ok(Place { own: lexical.clone(), target: lexical }) };
        let mut waiting: Vec<OsString> = names(lexical.strip_prefix(root).unwrap_or(&lexical));
        let (mut own, mut at, mut links) = (None, root.clone(), 0);
        while let Some(name) = waiting.pop() {
            if name == ".." {
                if at != *root {
                    at.pop();
                }
                continue;
            }
            at.push(name);
            if own.is_none() && waiting.is_empty() {
                own = Some(at.clone());
                if !to_the_end {
                    break;
                }
            }
            let Ok(target) = fs::read_link(&at) else { continue };
            links += 1;
            if links > MOST_LINKS {
                return Err(Failure::Trouble(Trouble::LinkLoop));
            }
            if target.has_root() {
                at.clone_from(root);
            } else {
                at.pop();
            }
            // A link that was made from out here may name the root itself.
            waiting.extend(names(target.strip_prefix(root).unwrap_or(&target)));
        }
        Ok(Place { own: own.unwrap_or_else(|| at.clone()), target: at })
    }

    /// Where a path really lies; the link that may stand at its end is followed where that is asked for. `None`: the
    /// links lead in a circle.
    pub fn followed(&self, inside: &str, to_the_end: bool) -> Option<PathBuf> {
        if to_the_end {
            self.follow(inside).ok().map(|place| place.target)
        } else {
            self.walk(inside, false).ok().map(|place| place.own)
        }
    }

    /// What a path of this machine is called on the examined one; `None` if it lies outside the root.
    pub fn inside(&self, outside: &Path) -> Option<String> {
        let Some(root) = &self.root else { return Some(outside.to_string_lossy().into_owned()) };
        let names = outside.strip_prefix(root).ok()?.components();
        let names: Vec<_> = names.map(|name| name.as_os_str().to_string_lossy()).collect();
        Some(match self.platform {
            // A root has no drive letters; the system's own is the one that a home lies on.
            Platform::Windows => format!("C:\\{}", names.join("\\")),
            Platform::Linux | Platform::MacOs => format!("/{}", names.join("/")),
        })
    }
}

/// A path, before and after the link that may stand at its end was followed.
struct Place {
    own: PathBuf,
    target: PathBuf,
}

/// As many links as Linux follows before it gives up.
const MOST_LINKS: usize = 40;

/// The names of a path, last one first.
fn names(path: &Path) -> Vec<OsString> {
    let named = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::ParentDir);
    path.components().rev().filter(|part| named(*part)).map(|part| part.as_os_str().to_owned()).collect()
}

impl Machine for Disk {
    #[cfg(windows)]
    fn registry_environment(&self, hive: Hive) -> Reading<Vec<TextValue>> {
        if self.root.is_none() {
            return super::registry::environment(hive);
        }
        let (_, bytes) = self.read(&format!("/registry/{}.reg", hive.short()), super::REGISTRY_LIMIT);
        bytes.map(|bytes| authlight_core::registry_export::environment(&bytes, hive))
    }

    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        if self.root.is_none() {
            return running_registry(hive);
        }
        recorded_registry(self, hive)
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
        let look = |place: Place| {
            let (metadata, link) = look(&place)?;
            Ok(FileFacts { writable: may_write(&place.target), ..facts_of(&metadata, link) })
        };
        self.follow(path).and_then(look).map_or_else(Failure::reading, Reading::Found)
    }

    fn list(&self, folder: &str) -> Reading<Vec<String>> {
        let list = |place: Place| {
            let entries = fs::read_dir(&place.target).map_err(|error| failure(&error, &place.own))?;
            let mut names: Vec<String> =
                entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort_unstable();
            Ok(names)
        };
        self.follow(folder).and_then(list).map_or_else(Failure::reading, Reading::Found)
    }

    fn link(&self, path: &str) -> Reading<Option<String>> {
        let own = match self.walk(path, false) {
            Ok(place) => place.own,
            Err(failure) => return failure.reading(),
        };
        match fs::read_link(&own) {
            Ok(target) => Reading::Found(Some(target.to_string_lossy().into_owned())),
            // What every system says of a path that is there and no link.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Reading::Found(None),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Reading::Absent,
                io::ErrorKind::PermissionDenied => Reading::Unreadable(Trouble::Denied),
                // Windows says so of a file that is no link in words of its own.
                _ if fs::metadata(&own).is_ok() => Reading::Found(None),
                _ => Reading::Unreadable(Trouble::Failed),
            },
        }
    }

    fn keychain(&self, home: &str, question: &Question) -> Answer {
        match &self.root {
            None => ask_own_keychain(home, question),
            Some(_) => recorded_keychain(self, question),
        }
    }

    fn writable(&self, path: &str) -> Option<bool> {
        let outside = self.follow(path).ok()?.target;
        outside.exists().then(|| may_write(&outside)).flatten()
    }

    fn listening(&self) -> Reading<BTreeSet<u16>> {
        #[cfg(target_os = "linux")]
        if let Some(listeners) = super::programs::listeners().filter(|_| self.root.is_none()) {
            return Reading::Found(listening::ports(&listeners));
        }
        listening_by(&|path| match self.follow(path) {
            Ok(place) => table(&place.target),
            Err(failure) => failure.reading(),
        })
    }

    fn port_holder(&self, port: u16) -> Option<Holder> {
        if self.root.is_none() { super::programs::holder(port) } else { None }
    }

    fn programs(&self) -> Reading<Vec<Program>> {
        if self.root.is_none() { super::programs::running() } else { Reading::Absent }
    }

    fn wsl_distributions(&self) -> Reading<usize> {
        if self.root.is_none() { running_distributions() } else { recorded_distributions(self) }
    }
}

/// What Linux's tables say. On Windows and macOS only a connection, or rights that we do not have, would tell.
pub(super) fn listening_by(table: &dyn Fn(&str) -> Reading<Vec<u8>>) -> Reading<BTreeSet<u16>> {
    let ports = |tables: &[&[u8]]| Reading::Found(listening::ports(&listening::in_tables(tables)));
    match [table("/proc/net/tcp"), table("/proc/net/tcp6")] {
        [Reading::Found(tcp), Reading::Found(tcp6)] => ports(&[&tcp, &tcp6]),
        // Without the newer protocol there is only one table.
        [Reading::Found(tcp), Reading::Absent] => ports(&[&tcp]),
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
        Err(error) => failure(&error, path).reading(),
    }
}

impl Disk {
    fn read_with<T>(
        &self,
        path: &str,
        limit: u64,
        take: &mut dyn FnMut(&mut dyn Read, u64) -> io::Result<T>,
    ) -> (FileFacts, Reading<T>) {
        let mut facts = FileFacts::default();
        let place = match self.follow(path) {
            Ok(place) => place,
            Err(failure) => return (facts, failure.reading()),
        };
        // One more look where the file changed in between: its owner may just be writing it.
        for _ in 0..2 {
            match read_once(&place, limit, &mut facts, take) {
                Ok(Some(taken)) => {
                    facts.writable = may_write(&place.target);
                    return (facts, Reading::Found(taken));
                }
                Ok(None) => {}
                Err(failure) => return (facts, failure.reading()),
            }
        }
        (facts, Reading::Unreadable(Trouble::Changing))
    }
}

/// The system knows the Keychain of the account that runs us, and no other.
#[cfg(target_os = "macos")]
fn ask_own_keychain(home: &str, question: &Question) -> Answer {
    if super::account_home().as_deref() != Some(home) {
        return Answer::NotAsked;
    }
    super::keychain::ask_system(question)
}

#[cfg(not(target_os = "macos"))]
fn ask_own_keychain(_: &str, _: &Question) -> Answer {
    Answer::NotAsked
}

enum Failure {
    Absent,
    Trouble(Trouble),
}

impl Failure {
    fn reading<T>(self) -> Reading<T> {
        match self {
            Self::Absent => Reading::Absent,
            Self::Trouble(trouble) => Reading::Unreadable(trouble),
        }
    }
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

#[cfg(windows)]
fn running_distributions() -> Reading<usize> {
    super::registry::distributions()
}

#[cfg(not(windows))]
fn running_distributions() -> Reading<usize> {
    Reading::Absent
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

/// What the system says of a place, and whether a link stands there. Most places have none, and many nothing at all:
/// each is asked about once.
fn look(place: &Place) -> Result<(Metadata, bool), Failure> {
    match fs::symlink_metadata(&place.own) {
        Ok(own) if !own.is_symlink() => return Ok((own, false)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(Failure::Absent);
        }
        Ok(_) | Err(_) => {}
    }
    let metadata = fs::metadata(&place.target).map_err(|error| failure(&error, &place.own))?;
    Ok((metadata, true))
}

/// `None`: it changed while it was read.
fn read_once<T>(
    place: &Place,
    limit: u64,
    facts: &mut FileFacts,
    take: &mut dyn FnMut(&mut dyn Read, u64) -> io::Result<T>,
) -> Result<Option<T>, Failure> {
    let (path, (before, link)) = (&place.target, look(place)?);
    *facts = facts_of(&before, link);
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

fn facts_of(metadata: &Metadata, link: bool) -> FileFacts {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let mut facts = FileFacts {
        size: metadata.len(),
        modified_ms: since.and_then(|since| i64::try_from(since.as_millis()).ok()),
        link,
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

/// What the drivers of graphics cards are reached by: the kernel's render nodes, and those that makers, Windows below
/// WSL and telephones bring.
pub(super) fn graphics_devices() -> Vec<PathBuf> {
    let nodes = fs::read_dir("/dev/dri").into_iter().flatten().flatten().map(|entry| entry.path());
    let nodes = nodes.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("renderD")));
    nodes.chain(["/dev/nvidiactl", "/dev/dxg", "/dev/kgsl-3d0", "/dev/mali0"].map(PathBuf::from)).collect()
}

/// Whether this is there and this process may write to it.
pub(super) fn may_use(path: &Path) -> bool {
    may_write(path) == Some(true)
}

#[cfg(unix)]
fn may_write(path: &Path) -> Option<bool> {
    Some(rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok())
}

#[cfg(not(unix))]
fn may_write(path: &Path) -> Option<bool> {
    fs::metadata(path).ok().map(|metadata| !metadata.permissions().readonly())
}

#[cfg(test)]
mod path_tests {
    use super::*;

    #[test]
    fn a_path_below_a_root_has_its_name_on_the_examined_machine() {
        let root = Path::new("/mnt/disk");
        for (platform, inside) in [
            (Platform::Linux, "/home/kim/shop"),
            (Platform::MacOs, "/Users/kim/shop"),
            (Platform::Windows, "C:\\Users\\kim\\shop"),
        ] {
            let disk = Disk::below(root.to_owned(), platform);
            let outside = disk.outside(inside);
            assert!(outside.starts_with(root), "{}", outside.display());
            assert_eq!(disk.inside(&outside).as_deref(), Some(inside));
            assert_eq!(disk.inside(Path::new("/mnt/other")), None);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_device_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink("/dev/zero", &link).unwrap();
        let disk = Disk::running(Platform::Linux);
        for path in ["/dev/zero", link.to_str().unwrap()] {
            assert_eq!(disk.read(path, 100).1.trouble(), Some(Trouble::NotAFile), "{path}");
        }
    }

    #[test]
    fn links_below_a_root_stay_below_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("home/kim")).unwrap();
        fs::create_dir_all(root.join("srv/dotfiles")).unwrap();
        fs::write(root.join("srv/dotfiles/settings.json"), "inside").unwrap();
        fs::write(folder.path().join("secret"), "outside").unwrap();
        let home = root.join("home/kim");
        symlink("/srv/dotfiles", home.join("folder")).unwrap();
        symlink("/srv/dotfiles/settings.json", home.join("file")).unwrap();
        symlink(root.join("srv/dotfiles/settings.json"), home.join("from-out-here")).unwrap();
        symlink(folder.path().join("secret"), home.join("absolute")).unwrap();
        symlink("../../../secret", home.join("relative")).unwrap();
        symlink("/home/kim/round", home.join("about")).unwrap();
        symlink("/home/kim/about", home.join("round")).unwrap();
        let disk = Disk::below(root, Platform::Linux);
        let read = |name: &str| {
            let (facts, found) = disk.read(&format!("/home/kim/{name}"), 100);
            (facts.link, found.found().map(|bytes| String::from_utf8(bytes.clone()).unwrap()), found.trouble())
        };
        let inside = Some("inside".to_owned());
        assert_eq!(read("folder/settings.json"), (false, inside.clone(), None));
        assert_eq!(read("file"), (true, inside.clone(), None));
        assert_eq!(read("from-out-here"), (true, inside, None));
        assert_eq!(read("absolute"), (false, None, Some(Trouble::DanglingLink)));
        assert_eq!(read("relative"), (false, None, Some(Trouble::DanglingLink)));
        assert_eq!(read("round"), (false, None, Some(Trouble::LinkLoop)));
        assert_eq!(disk.list("/home/kim/folder").found(), Some(&vec!["settings.json".to_owned()]));
        assert_eq!(disk.writable("/home/kim/file"), Some(true));
        let leads = |path: &str| disk.link(path).found().cloned().flatten();
        assert_eq!(leads("/home/kim/file").as_deref(), Some("/srv/dotfiles/settings.json"));
        assert_eq!(disk.link("/home/kim/folder/settings.json").found(), Some(&None));
        // The same folder out here is another one.
        symlink(folder.path(), home.join("away")).unwrap();
        symlink("secret", folder.path().join("secret-link")).unwrap();
        assert!(disk.link("/home/kim/away/secret-link").is_absent());
        assert!(disk.facts("/home/kim/absolute").trouble().is_some());
    }
}
