//! A file that is to be changed: where it really lies, and what it must be like for the change to be made.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

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
    /// The file at a path, and whether it can be changed.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub fn look(path: &Path) -> Result<Self, PlaceError> {
        let system = |cause| PlaceError::System { path: path.to_owned(), cause };
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if fs::symlink_metadata(path).is_ok() {
                    return Err(PlaceError::DanglingLink { path: path.to_owned() });
                }
                return Ok(Self { path: path.to_owned(), there: None });
            }
            Err(error) => return Err(system(error)),
        };
        let metadata = fs::metadata(&real).map_err(system)?;
        if !metadata.is_file() {
            return Err(PlaceError::NoFile { path: real });
        }
        if metadata.len() > LARGEST {
            return Err(PlaceError::TooLarge { path: real });
        }
        can_be_replaced(&real, &metadata)?;
        let bytes = Zeroizing::new(fs::read(&real).map_err(system)?);
        let fingerprint = Fingerprint { sha256: sha256(&bytes), ..attributes(&metadata) };
        Ok(Self { path: real, there: Some(There { bytes, fingerprint }) })
    }

    /// The permission bits of a file, where it really lies, and whether they can be changed. Its bytes are not read.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub fn mode(path: &Path) -> Result<(PathBuf, u32), PlaceError> {
        let system = |cause| PlaceError::System { path: path.to_owned(), cause };
        let real = fs::canonicalize(path).map_err(system)?;
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
    let path = || path.to_owned();
    if metadata.nlink() > 1 {
        return Err(PlaceError::HardLinks { path: path(), names: metadata.nlink() });
    }
    if !is_own(metadata) {
        return Err(PlaceError::OtherOwner { path: path() });
    }
    let folder = path().parent().map(Path::to_path_buf).unwrap_or_default();
    if rustix::fs::access(&folder, rustix::fs::Access::WRITE_OK).is_err() {
        return Err(PlaceError::Folder { path: path() });
    }
    Ok(())
}

/// Whether the account that runs us may do with a file what it likes.
#[cfg(unix)]
fn is_own(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let me = rustix::process::geteuid();
    metadata.uid() == me.as_raw() || me.is_root()
}

#[cfg(not(unix))]
fn is_own(_metadata: &Metadata) -> bool {
    true
}

#[cfg(not(unix))]
fn can_be_replaced(_path: &Path, _metadata: &Metadata) -> Result<(), PlaceError> {
    Ok(())
}
