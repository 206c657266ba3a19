//! A file that is to be changed: where it really lies, and what it must be like for the change to be made.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

/// The largest file that is changed.
const LARGEST: u64 = 256 << 20;

/// A file as it is, or the place for one.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where it really lies, links followed.
    pub path: PathBuf,
    /// What it is. `None`: nothing is there.
    pub there: Option<There>,
}

/// What is there.
#[derive(Clone)]
pub struct There {
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// What tells it from any other.
    pub fingerprint: Fingerprint,
    /// What tells that nothing else has written or replaced it meanwhile.
    pub stamp: Stamp,
}

/// What tells without reading a file whether it was written or replaced meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Device and inode, on Unix.
    identity: Option<(u64, u64)>,
}

impl Stamp {
    /// Of the file with this name; none if nothing is there. A link is not followed.
    pub fn of(path: &Path) -> Option<Self> {
        fs::symlink_metadata(path).ok().map(|metadata| Self::from(&metadata))
    }
}

impl From<&Metadata> for Stamp {
    fn from(of: &Metadata) -> Self {
        Self { size: of.len(), modified: of.modified().ok(), identity: identity(of) }
    }
}

impl std::fmt::Debug for There {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "There({} bytes)", self.bytes.len())
    }
}

/// What tells a state of a file from any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its permission bits; of Windows whether it is read-only, as `0o444` and `0o666`.
    pub mode: u32,
    /// Owner and group, on Unix.
    pub owner: Option<(u32, u32)>,
}

/// Why a file cannot be changed. Nothing was.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// It is no ordinary file.
    #[error("{path}: this is no ordinary file, and only those are changed. Look at what lies there")]
    NoFile {
        /// Which.
        path: PathBuf,
    },
    /// A link that leads nowhere.
    #[error(
        "{path}: this is a link that leads nowhere. A change there would lie at an unknown place. Mend the link first"
    )]
    DanglingLink {
        /// Which.
        path: PathBuf,
    },
    /// It has a second name on the disk.
    #[error(
        "{path}: this file has {names} names on the disk (hard links). A safe change would part them. Change it by hand"
    )]
    HardLinks {
        /// Which.
        path: PathBuf,
        /// How many.
        names: u64,
    },
    /// It belongs to somebody else.
    #[error(
        "{path}: this file belongs to another account. A change would take it over. Ask that account, or an administrator"
    )]
    OtherOwner {
        /// Which.
        path: PathBuf,
    },
    /// Too large.
    #[error("{path}: this file is larger than {} MB and is not changed", LARGEST >> 20)]
    TooLarge {
        /// Which.
        path: PathBuf,
    },
    /// The folder cannot be written.
    #[error("{path}: nothing can be written in its folder. Ask whoever set that up, or change the permission")]
    Folder {
        /// Which.
        path: PathBuf,
    },
    /// Anything else that the system said.
    #[error("{path}: the system said \"{cause}\"")]
    System {
        /// Which.
        path: PathBuf,
        /// What it said.
        cause: io::Error,
    },
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Place {
    /// The file at a path, if it can be changed.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub fn look(path: &Path) -> Result<Self, PlaceError> {
        let place = Self::see(path)?;
        place.can_be_changed()?;
        Ok(place)
    }

    /// The file at a path, whether it can be changed or not.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub fn see(path: &Path) -> Result<Self, PlaceError> {
        let system = |cause| PlaceError::System { path: path.to_owned(), cause };
        let real = match fs::canonicalize(path) {
            Ok(real) => without_prefix(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if fs::symlink_metadata(path).is_ok() {
                    return Err(PlaceError::DanglingLink { path: path.to_owned() });
                }
                return Ok(Self { path: of_the_folder(path), there: None });
            }
            Err(error) => return Err(system(error)),
        };
        // Asked before it is opened: to open a pipe would wait for somebody who writes.
        let metadata = fs::metadata(&real).map_err(system)?;
        if !metadata.is_file() {
            return Err(PlaceError::NoFile { path: real });
        }
        let file = match open(&real) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && !is_own(&metadata) => {
                return Err(PlaceError::OtherOwner { path: real });
            }
            opened => opened.map_err(system)?,
        };
        let metadata = file.metadata().map_err(system)?;
        if !metadata.is_file() {
            return Err(PlaceError::NoFile { path: real });
        }
        let mut bytes = Zeroizing::new(Vec::new());
        if metadata.len() <= LARGEST {
            // One that grows while it is read is still no larger than is read.
            bytes.reserve_exact(usize::try_from(metadata.len()).unwrap_or(0) + 1);
            file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(system)?;
        }
        if metadata.len() > LARGEST || bytes.len() as u64 > LARGEST {
            return Err(PlaceError::TooLarge { path: real });
        }
        let fingerprint = Fingerprint { sha256: sha256(&bytes), ..attributes(&metadata) };
        Ok(Self { path: real, there: Some(There { bytes, fingerprint, stamp: Stamp::from(&metadata) }) })
    }

    /// Whether another file can take its place.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub fn can_be_changed(&self) -> Result<(), PlaceError> {
        let system = |cause| PlaceError::System { path: self.path.clone(), cause };
        if self.there.is_some() {
            can_be_replaced(&self.path, &fs::symlink_metadata(&self.path).map_err(system)?)?;
        }
        let folder = nearest_folder(&self.path);
        if !fs::metadata(folder).map_err(system)?.is_dir() {
            return Err(PlaceError::NoFile { path: folder.to_owned() });
        }
        if can_be_written(folder) { Ok(()) } else { Err(PlaceError::Folder { path: self.path.clone() }) }
    }

    /// The permission bits of a file, where it really lies, and whether they can be changed. Its bytes are not read.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub fn mode(path: &Path) -> Result<(PathBuf, u32), PlaceError> {
        let system = |cause| PlaceError::System { path: path.to_owned(), cause };
        let real = without_prefix(fs::canonicalize(path).map_err(system)?);
        let metadata = fs::metadata(&real).map_err(system)?;
        if !is_own(&metadata) {
            return Err(PlaceError::OtherOwner { path: real });
        }
        Ok((real, attributes(&metadata).mode))
    }

    /// Its bytes.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.there.as_ref().map(|there| there.bytes.as_slice())
    }

    /// What tells its state from any other.
    pub fn fingerprint(&self) -> Option<&Fingerprint> {
        self.there.as_ref().map(|there| &there.fingerprint)
    }
}

/// The nearest folder above a path that is there.
pub(super) fn nearest_folder(path: &Path) -> &Path {
    let mut above = path.ancestors().skip(1);
    above.find(|folder| folder.exists()).unwrap_or(Path::new("/"))
}

/// The path of a file that is not there, with the links of the folders above it followed.
fn of_the_folder(path: &Path) -> PathBuf {
    let folder = nearest_folder(path);
    match (fs::canonicalize(folder), path.strip_prefix(folder)) {
        (Ok(real), Ok(rest)) => without_prefix(real).join(rest),
        _ => path.to_owned(),
    }
}

/// Windows gives canonical paths a prefix that people have never seen and that some programs do not take.
fn without_prefix(path: PathBuf) -> PathBuf {
    if cfg!(windows)
        && let Some(plain) = path.to_str().and_then(|path| path.strip_prefix(r"\\?\"))
        && plain.as_bytes().get(1) == Some(&b':')
        && plain.len() < 260
    {
        return PathBuf::from(plain);
    }
    path
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    options.open(path)
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}

/// Device and inode of the file with this name, on Unix. A link is not followed.
pub(super) fn identity_of(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path).ok().as_ref().and_then(identity)
}

#[cfg(unix)]
fn attributes(metadata: &Metadata) -> Fingerprint {
    use std::os::unix::fs::MetadataExt as _;
    Fingerprint { sha256: String::new(), mode: metadata.mode() & 0o7777, owner: Some((metadata.uid(), metadata.gid())) }
}

#[cfg(not(unix))]
fn attributes(metadata: &Metadata) -> Fingerprint {
    let mode = if metadata.permissions().readonly() { 0o444 } else { 0o666 };
    Fingerprint { sha256: String::new(), mode, owner: None }
}

#[cfg(unix)]
fn can_be_replaced(path: &Path, metadata: &Metadata) -> Result<(), PlaceError> {
    use std::os::unix::fs::MetadataExt as _;
    if metadata.nlink() > 1 {
        return Err(PlaceError::HardLinks { path: path.to_owned(), names: metadata.nlink() });
    }
    if is_own(metadata) { Ok(()) } else { Err(PlaceError::OtherOwner { path: path.to_owned() }) }
}

#[cfg(unix)]
fn can_be_written(folder: &Path) -> bool {
    use rustix::fs::Access;
    rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// Whether the account that runs us may do with a file what it likes.
#[cfg(unix)]
fn is_own(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let me = rustix::process::geteuid();
    metadata.uid() == me.as_raw() || me.is_root()
}

/// Who a new file in this folder belongs to, where that is not the account that runs us: an administrator who repairs
/// for somebody leaves nothing there that they could not change.
#[cfg(unix)]
pub(super) fn owner_below(folder: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::metadata(folder).ok()?;
    let root = rustix::process::geteuid().is_root();
    (root && metadata.uid() != 0).then(|| (metadata.uid(), metadata.gid()))
}

#[cfg(not(unix))]
pub(super) fn owner_below(_folder: &Path) -> Option<(u32, u32)> {
    None
}

#[cfg(not(unix))]
fn is_own(_metadata: &Metadata) -> bool {
    true
}

#[cfg(not(unix))]
fn can_be_replaced(_path: &Path, _metadata: &Metadata) -> Result<(), PlaceError> {
    Ok(())
}

#[cfg(not(unix))]
fn can_be_written(_folder: &Path) -> bool {
    true
}
