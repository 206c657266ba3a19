//! A change is taken back, byte for byte, unless something else has changed the file since.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use authlight_core::fixes::edit::Command;
use authlight_core::secret::Secret;
use thiserror::Error;
use zeroize::Zeroizing;

use super::journal::{Backup, Entry, Known, Recorded, State};
use super::place::{Fingerprint, Place, PlaceError, sha256};
use super::replace::{Attributes, replace, waiting_name};
use super::store::{Store, StoreError};
use super::transaction::Hands;
use crate::machine;

/// Why a step is not taken back.
#[derive(Debug, Error)]
pub enum UndoError {
    /// What was kept cannot be read, or another Authlight is at work.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be changed.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Something else has changed it since.
    #[error("{path}: this file has changed since")]
    ChangedSince {
        /// Which.
        path: PathBuf,
    },
    /// Nothing was kept of it.
    #[error("{path}: of what was there nothing was kept, since it was a claude.ai token")]
    NotKept {
        /// Which.
        path: PathBuf,
    },
    /// The backup is gone, or is not what it was.
    #[error("{path}: the backup is not there any more, or is not what was put there")]
    NoBackup {
        /// Which.
        path: PathBuf,
    },
    /// The system said no.
    #[error("{path}: the system said \"{cause}\"")]
    System {
        /// Where.
        path: PathBuf,
        /// What it said.
        cause: io::Error,
    },
    /// There is no such change, or it is not one that can be undone.
    #[error("there is no change of that name that could be undone. They are told by: authlight history")]
    NoSuchChange,
}

/// What an undo may do beyond files: no program is run.
pub struct NoPrograms;

impl Hands for NoPrograms {
    fn set_user_variable(&self, name: &str, value: Option<&Secret>) -> io::Result<()> {
        machine::set_user_variable(name, value)
    }

    fn run(&self, _command: &Command) -> Result<(), String> {
        Err("a program is not run to take something back".to_owned())
    }
}

/// What becomes of a file that something else has changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfChanged {
    /// Nothing is undone, and it is told which files have changed.
    Ask,
    /// It stays as it is now; the others are undone.
    Keep,
    /// It becomes what it was before the change; how it is now is kept.
    PutBack,
}

/// The files of a change that something else has changed since.
///
/// # Errors
/// A file cannot be looked at.
pub fn changed_since(recorded: &Recorded) -> Result<Vec<PathBuf>, UndoError> {
    let mut changed = Vec::new();
    for entry in &recorded.steps {
        if let Entry::File { path, before, after, .. } = entry {
            let is = Place::look(path)?;
            if !is_state(&is, after.as_ref()) && !is_state(&is, before.as_ref()) {
                changed.push(path.clone());
            }
        }
    }
    Ok(changed)
}

/// Undoes a change: the named one, or the latest that is done. Gives what was undone, and the files that were left as
/// they are.
///
/// # Errors
/// [`UndoError`]
pub fn undo(
    store: &Store,
    hands: &dyn Hands,
    change: Option<&str>,
    if_changed: IfChanged,
) -> Result<(Recorded, Vec<PathBuf>), UndoError> {
    let _held = store.hold()?;
    let recorded = find(store, change)?;
    let changed = changed_since(&recorded)?;
    if if_changed == IfChanged::Ask
        && let Some(path) = changed.first()
    {
        return Err(UndoError::ChangedSince { path: path.clone() });
    }
    for (number, entry) in recorded.steps.iter().enumerate().rev() {
        match entry {
            Entry::File { path, .. } if changed.contains(path) => {
                if if_changed == IfChanged::PutBack {
                    let now = Place::look(path)?;
                    if let Some(bytes) = now.bytes() {
                        store.keep(&store.backups_of(&recorded.change).join(format!("{number}.since")), bytes)?;
                    }
                    put_back(entry, number, &recorded, store, &now)?;
                }
            }
            Entry::File { path, backup: Backup::Withheld, .. } => {
                return Err(UndoError::NotKept { path: path.clone() });
            }
            _ => take_back(entry, number, &recorded, store, hands)?,
        }
    }
    store.end(&recorded.change, State::Undone)?;
    let left = if if_changed == IfChanged::Keep { changed } else { Vec::new() };
    Ok((recorded, left))
}

/// The change of that name, or the latest that can be undone.
///
/// # Errors
/// [`UndoError::NoSuchChange`]
pub fn find(store: &Store, change: Option<&str>) -> Result<Recorded, UndoError> {
    let done = store.changes()?.into_iter().filter(|(_, state)| *state == State::Done);
    let named = |recorded: &Recorded| change.is_none_or(|change| recorded.change == change);
    done.map(|(recorded, _)| recorded).rfind(named).ok_or(UndoError::NoSuchChange)
}

/// Takes one step back, if it was done.
pub(super) fn take_back(
    entry: &Entry,
    number: usize,
    recorded: &Recorded,
    store: &Store,
    hands: &dyn Hands,
) -> Result<(), UndoError> {
    match entry {
        Entry::File { path, before, after, .. } => {
            let is = Place::look(path)?;
            if is_state(&is, before.as_ref()) {
                return made_folders_go(entry);
            }
            if !is_state(&is, after.as_ref()) {
                return Err(UndoError::ChangedSince { path: path.clone() });
            }
            put_back(entry, number, recorded, store, &is)
        }
        Entry::Renamed { path, to } => {
            if fs::symlink_metadata(path).is_ok() || fs::symlink_metadata(to).is_err() {
                // It was not done, or something new lies there, which stays.
                return if fs::symlink_metadata(to).is_err() {
                    Ok(())
                } else {
                    Err(UndoError::ChangedSince { path: path.clone() })
                };
            }
            fs::rename(to, path).map_err(|cause| UndoError::System { path: path.clone(), cause })
        }
        Entry::Mode { path, before, after } => {
            if Place::mode(path)?.1 == *after {
                set_mode(path, *before)
            } else {
                Ok(())
            }
        }
        Entry::UserVariable { name, backup } => {
            let value = match backup {
                Backup::None => None,
                Backup::Whole(file) => {
                    let kept = read(&store.backups_of(&recorded.change).join(file))?;
                    Some(Secret::new(String::from_utf8_lossy(&kept).into_owned()))
                }
                Backup::Middle { .. } | Backup::Withheld => {
                    return Err(UndoError::NotKept { path: PathBuf::from(name) });
                }
            };
            hands
                .set_user_variable(name, value.as_ref())
                .map_err(|cause| UndoError::System { path: PathBuf::from(name), cause })
        }
        Entry::Ran { .. } => Ok(()),
    }
}

fn is_state(is: &Place, known: Option<&Known>) -> bool {
    match (is.fingerprint(), known) {
        (None, None) => true,
        (Some(is), Some(known)) => is.sha256 == known.sha256,
        _ => false,
    }
}

/// Makes a file what it was before a change.
fn put_back(entry: &Entry, number: usize, recorded: &Recorded, store: &Store, is: &Place) -> Result<(), UndoError> {
    let Entry::File { path, before, backup, .. } = entry else { return Ok(()) };
    let system = |cause| UndoError::System { path: path.clone(), cause };
    let folder = store.backups_of(&recorded.change);
    let Some(before) = before else {
        fs::remove_file(path).map_err(system)?;
        return made_folders_go(entry);
    };
    let bytes = match backup {
        Backup::None | Backup::Withheld => return Err(UndoError::NotKept { path: path.clone() }),
        Backup::Whole(file) => read(&folder.join(file))?,
        Backup::Middle { file, keep, new } => {
            let kept = read(&folder.join(file))?;
            let now = is.bytes().unwrap_or_default();
            let changed = || UndoError::ChangedSince { path: path.clone() };
            let start = now.get(..*keep).ok_or_else(changed)?;
            let end = now.get(keep + new..).ok_or_else(changed)?;
            Zeroizing::new([start, &kept, end].concat())
        }
    };
    if sha256(&bytes) != before.sha256 {
        return Err(UndoError::NoBackup { path: path.clone() });
    }
    let waiting = waiting_name(path, &recorded.change, number);
    let _left_over = fs::remove_file(&waiting);
    let was = Fingerprint::from(before);
    replace(path, &waiting, &bytes, &Attributes::from(&was)).map_err(system)
}

/// Folders that were made for a file go again, if nothing else lies in them.
fn made_folders_go(entry: &Entry) -> Result<(), UndoError> {
    if let Entry::File { folders, .. } = entry {
        for folder in folders.iter().rev() {
            let _something_lies_there = fs::remove_dir(folder);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, UndoError> {
    fs::read(path).map(Zeroizing::new).map_err(|_| UndoError::NoBackup { path: path.to_owned() })
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> Result<(), UndoError> {
    use std::os::unix::fs::PermissionsExt as _;
    let set = fs::set_permissions(path, fs::Permissions::from_mode(mode));
    set.map_err(|cause| UndoError::System { path: path.to_owned(), cause })
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> Result<(), UndoError> {
    Ok(())
}

impl Store {
    /// Whether a change was cut off.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn was_cut_off(&self) -> Result<bool, StoreError> {
        Ok(self.changes()?.iter().any(|(_, state)| *state == State::Begun))
    }

    /// How many bytes the backups take.
    pub fn size_of_backups(&self) -> u64 {
        let files = walk(&self.backups());
        files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum()
    }

    /// Deletes the backups of these changes, or of all: they cannot be undone then.
    ///
    /// # Errors
    /// The system said no.
    pub fn delete_backups(&self, of: Option<&[String]>) -> Result<(), StoreError> {
        let _held = self.hold()?;
        let folders = match of {
            None => vec![self.backups()],
            Some(changes) => changes.iter().map(|change| self.backups_of(change)).collect(),
        };
        for path in folders {
            match fs::remove_dir_all(&path) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::System { path, cause });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .flat_map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { vec![entry.path()] })
        .collect()
}
