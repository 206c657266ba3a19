//! Writing a report: whole or not at all, readable by its owner alone.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

/// Why a report was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The name is taken by a folder.
    #[error(
        "{path}: this is a folder. A report is one file, and a folder is never replaced. Give a file name, \
         such as report.md in that folder"
    )]
    IsFolder {
        /// What was to be written.
        path: PathBuf,
    },
    /// The name is taken by a pipe, a device or the like.
    #[error("{path}: this is no ordinary file. Replacing it could break what uses it. Give another file name")]
    NoFile {
        /// What was to be written.
        path: PathBuf,
    },
    /// The folder that it is to lie in is not there.
    #[error("{path}: its folder is not there. A report needs a place to lie in. Make the folder, or give another name")]
    NoFolder {
        /// What was to be written.
        path: PathBuf,
    },
    /// Writing is not allowed there.
    #[error("{path}: writing is not allowed there. The report could not be saved. Give a place in your home folder")]
    NotAllowed {
        /// What was to be written.
        path: PathBuf,
    },
    /// No room is left.
    #[error("{path}: no room is left there. The report could not be saved. Free some space, or give another place")]
    NoRoom {
        /// What was to be written.
        path: PathBuf,
    },
    /// Anything else that the system said.
    #[error("{path}: the system said \"{cause}\". The report could not be saved. Give another place")]
    System {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl WriteError {
    fn new(path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NoFolder { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotAllowed { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoRoom { path },
            io::ErrorKind::IsADirectory => Self::IsFolder { path },
            _ => Self::System { path, cause },
        }
    }
}

/// Writes the whole file or nothing: into a new file beside it, which then takes its name. An older file of that
/// name is replaced; a folder, pipe or device never is. On Unix only the owner can read it.
///
/// # Errors
/// [`WriteError`]; what was there before is then as it was.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => return Err(WriteError::IsFolder { path: path.to_owned() }),
        Ok(there) if !there.is_file() => return Err(WriteError::NoFile { path: path.to_owned() }),
        _ => {}
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if path.file_name().is_none() {
        return Err(WriteError::IsFolder { path: path.to_owned() });
    }
    let written = (|| {
        let mut file = NamedTempFile::with_prefix_in(".authlight-", folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    })();
    written.map_err(|cause| WriteError::new(path, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn an_older_report_is_replaced_whole_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.md");
        fs::write(&path, "older and much longer").unwrap();
        write_new(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names_in(folder.path()), ["report.md"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_no_place_for_a_report_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("folder");
        fs::create_dir(&inside).unwrap();
        assert!(matches!(write_new(&inside, b"x"), Err(WriteError::IsFolder { .. })));
        assert!(matches!(write_new(&folder.path().join("absent/report.md"), b"x"), Err(WriteError::NoFolder { .. })));
        fs::write(folder.path().join("file"), "kept").unwrap();
        assert!(matches!(write_new(&folder.path().join("file/report.md"), b"x"), Err(WriteError::NoFolder { .. })));
        assert!(matches!(write_new(&folder.path().join(".."), b"x"), Err(WriteError::IsFolder { .. })));
        #[cfg(unix)]
        assert!(matches!(write_new(Path::new("/dev/null"), b"x"), Err(WriteError::NoFile { .. })));
        let mut left = names_in(folder.path());
        left.sort();
        assert_eq!(left, ["file", "folder"]);
    }
}
