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

    /// Takes the lock.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn hold(&self) -> Result<Held, StoreError> {
        self.make(&self.folder)?;
        let path = self.folder.join("lock");
        let lock = private().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|cause| StoreError::System { path: path.clone(), cause })?;
        match lock.try_lock() {
            Ok(()) => Ok(Held { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy),
            Err(TryLockError::Error(cause)) => Err(StoreError::System { path, cause }),
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
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(folder).map_err(|cause| StoreError::System { path: folder.to_owned(), cause })
    }
}

/// How a file is opened that only the account can read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}
