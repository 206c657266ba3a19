//! Where changes are written down and what was there before is kept: a folder of the account that runs us, which only
//! it can read.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why nothing can be kept, and so nothing is changed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no folder for it.
    #[error("there is no folder in which to keep what was there before (no home). Nothing is changed without one")]
    NoFolder,
    /// Another Authlight is changing something.
    #[error("another Authlight is changing something at this moment. Wait until it is done, and try again")]
    Busy,
    /// The folder belongs to somebody else: what is kept there would be theirs, or they could not keep anything there.
    #[error(
        "{path}: this folder belongs to another account, and what is kept there would be in its hands. Start Authlight \
         as that account, or with a home of your own"
    )]
    OtherOwner {
        /// Which.
        path: PathBuf,
    },
    /// The system said no.
    #[error("{path}: the system said \"{cause}\". What was there before could not be kept, and nothing is changed")]
    System {
        /// Where.
        path: PathBuf,
        /// What it said.
        cause: io::Error,
    },
}

/// The folder.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// As long as it lives, no other Authlight changes anything.
#[derive(Debug)]
pub struct Held {
    _lock: File,
}

impl Store {
    /// The one in this folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// That of the account that runs us.
    ///
    /// # Errors
    /// [`StoreError::NoFolder`]
    pub fn own() -> Result<Self, StoreError> {
        crate::machine::state_folder().map(Self::in_folder).ok_or(StoreError::NoFolder)
    }

    /// Takes the lock, and sweeps away what a change left that had not begun.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn hold(&self) -> Result<Held, StoreError> {
        self.make(&self.folder)?;
        let path = self.folder.join("lock");
        let lock = private().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|cause| StoreError::System { path: path.clone(), cause })?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy),
            Err(TryLockError::Error(cause)) => return Err(StoreError::System { path, cause }),
        }
        for folder in self.not_begun() {
            fs::remove_dir_all(&folder).map_err(|cause| StoreError::System { path: folder, cause })?;
        }
        Ok(Held { _lock: lock })
    }

    /// Backups of changes that had not begun.
    pub(super) fn not_begun(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.backups()) else { return Vec::new() };
        let folders = entries.flatten().map(|entry| entry.path());
        folders.filter(|path| path.extension().is_some_and(|extension| extension == "new")).collect()
    }

    /// Where the backups of a change lie until it begins.
    pub(super) fn backups_before(&self, change: &str) -> PathBuf {
        self.backups().join(format!("{change}.new"))
    }

    /// The change has begun: its backups get the name under which the journal knows them.
    pub(super) fn backups_begin(&self, change: &str) -> Result<(), StoreError> {
        let (from, to) = (self.backups_before(change), self.backups_of(change));
        if !from.exists() {
            return Ok(());
        }
        let renamed = fs::rename(from, &to).and_then(|()| super::replace::sync_folder(&self.backups()));
        renamed.map_err(|cause| StoreError::System { path: to, cause })
    }

    /// The backups of a change that is as if it had never been.
    pub(super) fn discard(&self, change: &str) {
        for folder in [self.backups_before(change), self.backups_of(change)] {
            let _nothing_there = fs::remove_dir_all(folder);
        }
    }

    /// The journal.
    pub(super) fn journal(&self) -> PathBuf {
        self.folder.join("journal.jsonl")
    }

    /// Where the backups of a change lie.
    pub(super) fn backups_of(&self, change: &str) -> PathBuf {
        self.folder.join("backups").join(change)
    }

    /// The folder of all backups.
    pub(super) fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// Keeps bytes in a new file that only the account can read, down to the disk.
    pub(super) fn keep(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let folder = path.parent().unwrap_or(&self.folder);
        self.make(folder)?;
        let written = (|| {
            use io::Write as _;
            let mut file = private().create_new(true).write(true).open(path)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            super::replace::sync_folder(folder)
        })();
        written.map_err(|cause| StoreError::System { path: path.to_owned(), cause })
    }

    /// Makes a folder that only the account can enter.
    pub(super) fn make(&self, folder: &Path) -> Result<(), StoreError> {
        let made = (|| {
            if !folder.exists() {
                let mut builder = fs::DirBuilder::new();
                builder.recursive(true);
                #[cfg(unix)]
                {
                    use std::os::unix::fs::DirBuilderExt as _;
                    builder.mode(0o700);
                    refuse_foreign(super::place::nearest_folder(folder), true)?;
                }
                builder.create(folder)?;
                super::replace::sync_folder_of(folder)?;
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                refuse_foreign(folder, false)?;
                let permissions = fs::metadata(folder)?.permissions();
                if permissions.mode() & 0o777 != 0o700 {
                    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
                }
            }
            Ok(())
        })();
        made.map_err(|cause: io::Error| match cause.kind() {
            io::ErrorKind::PermissionDenied if cause.raw_os_error().is_none() => {
                StoreError::OtherOwner { path: folder.to_owned() }
            }
            _ => StoreError::System { path: folder.to_owned(), cause },
        })
    }
}

/// An error without a number where a folder belongs to somebody else. Root in somebody's home would keep what that
/// account could neither read nor delete; above the folder, others than root may own what they let us write in.
#[cfg(unix)]
fn refuse_foreign(folder: &Path, above: bool) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let me = rustix::process::geteuid();
    let owner = fs::metadata(folder)?.uid();
    if owner == me.as_raw() || above && !me.is_root() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// How a file is opened that only the account can read.
pub(super) fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no permission bits"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}
