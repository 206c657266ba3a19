//! A change is taken back, byte for byte, unless something else has changed the file since.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use authlight_core::fixes::edit::Command;
use authlight_core::secret::Secret;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use super::claude_lock;
use super::journal::{Backup, Entry, Known, Noted, Recorded, State};
use super::place::{Fingerprint, Place, PlaceError, identity_of, sha256};
use super::plan::holds_login_token;
use super::replace::{Attributes, remove, rename_new, set_mode, take_place, waiting_name, write};
use super::store::{Held, Store, StoreError};
use super::transaction::{Hands, bytes_of, in_words, recover_held};
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
    #[error("{path}: this has changed since{}", by.as_deref().map(|by| format!(", by the later change {by}. Undo that one first")).unwrap_or_default())]
    ChangedSince {
        /// Which.
        path: PathBuf,
        /// The later change of ours that did it.
        by: Option<String>,
    },
    /// It holds a claude.ai login now, of which nothing is copied.
    #[error(
        "{path}: this has changed since, and holds a claude.ai login, of which no copy is made. It can be left as it is"
    )]
    HoldsLogin {
        /// Which.
        path: PathBuf,
    },
    /// What was set aside is not there any more.
    #[error("{path}: this file is not there any more, and cannot get its old name back")]
    Gone {
        /// Which.
        path: PathBuf,
    },
    /// Claude Code is writing the file. Nothing was changed.
    #[error("{path}: Claude Code is writing at this moment. Nothing was done. Try again in a few seconds")]
    InUse {
        /// Its lock.
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
    #[error("{path}: {}", in_words(cause))]
    System {
        /// Where.
        path: PathBuf,
        /// What it said.
        cause: io::Error,
    },
    /// Part of it is taken back, and the rest could not be.
    #[error("{why}. The rest is taken back already; the next start tries again")]
    HalfWay {
        /// What stood in the way.
        why: Box<UndoError>,
    },
    /// A change that was cut off has to be finished first.
    #[error("the change {change} was cut off in the middle and could not be taken back yet")]
    Unfinished {
        /// Which.
        change: String,
    },
    /// A newer version of this program made it.
    #[error("the change {change} was made by a newer Authlight, which alone can undo it")]
    Newer {
        /// Which.
        change: String,
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

    fn restore_user_variable(&self, name: &str, value: Option<&Secret>, expands: bool) -> io::Result<()> {
        machine::restore_user_variable(name, value, expands)
    }

    fn run(&self, _command: &Command) -> Result<(), String> {
        Err("a program is not run to take something back".to_owned())
    }
}

/// What becomes of a file that something else has changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfChanged {
    /// Nothing is undone, and it is told which files have changed.
    Ask,
    /// It stays as it is now; the others are undone.
    Keep,
    /// It becomes what it was before the change; how it is now is kept.
    PutBack,
}

/// How a thing is, against what a change made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    /// As it was before the change, or never changed.
    Before,
    /// As the change left it.
    After,
    /// Something else.
    Else,
}

/// Undoes a change: the named one, or the latest that is done. Gives what was undone, and the files that were left as
/// they are.
///
/// # Errors
/// [`UndoError`]; but for [`UndoError::HalfWay`] nothing was changed.
pub fn undo(
    store: &Store,
    hands: &dyn Hands,
    change: Option<&str>,
    if_changed: IfChanged,
) -> Result<(Recorded, Vec<PathBuf>), UndoError> {
    let held: Held = store.hold()?;
    recover_held(store, hands, &held)?;
    let recorded = find(store, change)?;
    for entry in &recorded.steps {
        may_be_undone(entry, &recorded, store, hands, if_changed)?;
    }
    let was = match store.noted()?.into_iter().find(|noted| noted.change() == recorded.change) {
        Some(Noted::Known(known)) => known.state,
        _ => State::Done,
    };
    store.begin_undo(&recorded.change, if_changed)?;
    let left = go_on(&recorded, store, hands, if_changed, was)?;
    Ok((recorded, left))
}

/// The change of that name, or the latest that can be undone.
///
/// # Errors
/// [`UndoError::NoSuchChange`], [`UndoError::Newer`], [`UndoError::Unfinished`]
pub fn find(store: &Store, change: Option<&str>) -> Result<Recorded, UndoError> {
    for noted in store.noted()?.into_iter().rev().filter(|noted| change.is_none_or(|name| name == noted.change())) {
        match noted {
            Noted::Newer { change, .. } => return Err(UndoError::Newer { change }),
            Noted::Known(known) if known.state.is_undoable() => return Ok(known.recorded),
            Noted::Known(known) if known.state.is_unfinished() => {
                return Err(UndoError::Unfinished { change: known.recorded.change });
            }
            Noted::Known(_) => {}
        }
    }
    Err(UndoError::NoSuchChange)
}

/// Whether a step can be undone, as was chosen.
fn may_be_undone(
    entry: &Entry,
    recorded: &Recorded,
    store: &Store,
    hands: &dyn Hands,
    if_changed: IfChanged,
) -> Result<(), UndoError> {
    let path = || entry.place().map(PathBuf::from).unwrap_or_default();
    let backup = match entry {
        Entry::File { backup, .. } | Entry::UserVariable { backup, .. } => Some(backup),
        _ => None,
    };
    match (state_of(entry, recorded, store, hands)?, if_changed) {
        (Is::Before, _) | (_, IfChanged::Keep) => Ok(()),
        (Is::After, _) if backup == Some(&Backup::Withheld) => Err(UndoError::NotKept { path: path() }),
        (Is::After, _) => Ok(()),
        (Is::Else, IfChanged::Ask) => Err(UndoError::ChangedSince { path: path(), by: later(entry, recorded, store)? }),
        (Is::Else, IfChanged::PutBack) => match (entry, backup) {
            (_, Some(Backup::Withheld)) => Err(UndoError::NotKept { path: path() }),
            // Only what stood between two places is kept, and the places may not be there any more.
            (_, Some(Backup::Middle { .. })) => Err(UndoError::HoldsLogin { path: path() }),
            (Entry::File { path, .. }, _) => {
                let is = Place::look(path)?;
                if is.path != *path {
                    return Err(UndoError::ChangedSince { path: path.clone(), by: None });
                }
                match is.bytes() {
                    Some(bytes) if holds_login_token(bytes) => Err(UndoError::HoldsLogin { path: path.clone() }),
                    _ => Ok(()),
                }
            }
            (Entry::Renamed { to, .. }, _) if fs::symlink_metadata(to).is_err() => {
                Err(UndoError::Gone { path: to.clone() })
            }
            (Entry::UserVariable { name, .. }, _) => {
                let is = hands.user_variable(name).map_err(|cause| UndoError::System { path: path(), cause })?;
                let holds = is.is_some_and(|value| value.holds_login_token());
                if holds { Err(UndoError::HoldsLogin { path: path() }) } else { Ok(()) }
            }
            _ => Ok(()),
        },
    }
}

/// The later change that made a file what it is now.
fn later(entry: &Entry, recorded: &Recorded, store: &Store) -> Result<Option<String>, UndoError> {
    let Entry::File { path: ours, .. } = entry else { return Ok(None) };
    let Ok(is) = Place::see(ours) else { return Ok(None) };
    let changes = store.changes()?.into_iter().skip_while(|(other, _)| other.change != recorded.change).skip(1);
    let mut changes = changes.filter(|(_, state)| state.is_undoable());
    let made_it = |entry: &Entry| match entry {
        Entry::File { path, after, .. } => path == ours && is_state(&is, after.as_ref()),
        _ => false,
    };
    Ok(changes.find(|(other, _)| other.steps.iter().any(made_it)).map(|(other, _)| other.change))
}

/// Does, or finishes, an undo that the journal knows of. Gives what was left as it is.
pub(super) fn go_on(
    recorded: &Recorded,
    store: &Store,
    hands: &dyn Hands,
    if_changed: IfChanged,
    was: State,
) -> Result<Vec<PathBuf>, UndoError> {
    let done = put_all_back(recorded, store, hands, if_changed);
    sweep(recorded);
    match done {
        Ok(left) => {
            // Where it cannot be written down, the next start finds everything as it was before.
            let _found_out_again = store.end(&recorded.change, State::Undone);
            Ok(left)
        }
        // The step that failed may have been done all the same, but for the word of the disk.
        Err(why) if is_anything_back(recorded, store, hands) => Err(UndoError::HalfWay { why: Box::new(why) }),
        Err(why) => {
            store.end(&recorded.change, was)?;
            Err(why)
        }
    }
}

fn put_all_back(
    recorded: &Recorded,
    store: &Store,
    hands: &dyn Hands,
    if_changed: IfChanged,
) -> Result<Vec<PathBuf>, UndoError> {
    let _locks = claude_lock::take(&recorded.locks).map_err(|path| UndoError::InUse { path })?;
    sweep(recorded);
    let (mut back, mut left) = (Vec::new(), Vec::new());
    for (number, entry) in recorded.steps.iter().enumerate() {
        match state_of(entry, recorded, store, hands)? {
            Is::Before => made_folders_go(entry),
            Is::After if is_withheld(entry) => left.extend(entry.place().map(PathBuf::from)),
            Is::After => back.push((number, entry)),
            Is::Else if if_changed == IfChanged::PutBack => {
                keep_since(number, entry, recorded, store, hands)?;
                back.push((number, entry));
            }
            Is::Else => left.extend(entry.place().map(PathBuf::from)),
        }
    }
    for (number, entry) in &back {
        prepare(entry, *number, recorded, store, None)?;
    }
    for (number, entry) in back.into_iter().rev() {
        put_back(entry, number, recorded, store, hands)?;
    }
    Ok(left)
}

/// Whether anything is as it was before the change, or cannot be looked at.
fn is_anything_back(recorded: &Recorded, store: &Store, hands: &dyn Hands) -> bool {
    let steps = recorded.steps.iter().filter(|entry| !matches!(entry, Entry::Ran { .. } | Entry::Told));
    steps.map(|entry| state_of(entry, recorded, store, hands)).any(|is| !matches!(is, Ok(Is::After | Is::Else)))
}

fn is_withheld(entry: &Entry) -> bool {
    matches!(entry, Entry::File { backup: Backup::Withheld, .. } | Entry::UserVariable { backup: Backup::Withheld, .. })
}

/// Keeps how a thing is now that is put back all the same.
fn keep_since(
    number: usize,
    entry: &Entry,
    recorded: &Recorded,
    store: &Store,
    hands: &dyn Hands,
) -> Result<(), UndoError> {
    let now: Zeroizing<Vec<u8>> = match entry {
        Entry::File { path, .. } => match Place::look(path)?.there {
            Some(there) => there.bytes,
            None => return Ok(()),
        },
        Entry::UserVariable { name, .. } => {
            let is = hands.user_variable(name);
            match is.map_err(|cause| UndoError::System { path: PathBuf::from(name), cause })? {
                Some(value) => Zeroizing::new(bytes_of(&value).to_vec()),
                None => return Ok(()),
            }
        }
        _ => return Ok(()),
    };
    if holds_login_token(&now) {
        return Err(UndoError::HoldsLogin { path: entry.place().map(PathBuf::from).unwrap_or_default() });
    }
    let folder = store.backups_of(&recorded.change);
    let mut names = (0..).map(|again| folder.join(format!("{number}.since-{again}")));
    // One that an earlier start has begun to write is not written over.
    let free = names.find(|name| fs::symlink_metadata(name).is_err());
    if let Some(name) = free {
        store.keep(&name, &now)?;
    }
    Ok(())
}

/// What came of taking a change back that was not finished.
#[derive(Default)]
pub(super) struct TakenBack {
    /// What something else had changed meanwhile, and what was left as it is.
    pub left: Vec<PathBuf>,
    /// What could not be taken back.
    pub failed: Vec<UndoError>,
}

/// Takes back every step that was done, the last first. `memory`: what a file was before, where that is still known.
pub(super) fn take_back<'m>(
    recorded: &Recorded,
    store: &Store,
    hands: &dyn Hands,
    memory: &dyn Fn(usize) -> Option<&'m [u8]>,
) -> TakenBack {
    sweep(recorded);
    let mut taken = TakenBack::default();
    let mut back = Vec::new();
    for (number, entry) in recorded.steps.iter().enumerate() {
        let done = state_of(entry, recorded, store, hands).and_then(|is| match is {
            Is::Before => {
                made_folders_go(entry);
                Ok(())
            }
            Is::After => {
                prepare(entry, number, recorded, store, memory(number))?;
                back.push((number, entry));
                Ok(())
            }
            Is::Else => {
                taken.left.extend(entry.place().map(PathBuf::from));
                Ok(())
            }
        });
        taken.failed.extend(done.err());
    }
    for (number, entry) in back.into_iter().rev() {
        taken.failed.extend(put_back(entry, number, recorded, store, hands).err());
    }
    // Folders of files that come later in the plan are empty only now.
    recorded.steps.iter().rev().for_each(|entry| {
        if matches!(state_of(entry, recorded, store, hands), Ok(Is::Before)) {
            made_folders_go(entry);
        }
    });
    sweep(recorded);
    taken
}

/// Whether anything of a change is not as it was before.
pub(super) fn was_anything_done(recorded: &Recorded, store: &Store, hands: &dyn Hands) -> Result<bool, UndoError> {
    for entry in &recorded.steps {
        if state_of(entry, recorded, store, hands)? == Is::After {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes what waited to take a file's place.
pub(super) fn sweep(recorded: &Recorded) {
    for (number, entry) in recorded.steps.iter().enumerate() {
        if let Entry::File { path, .. } = entry {
            let _nothing_waits = fs::remove_file(waiting_name(path, &recorded.change, number));
        }
    }
}

/// How a thing is, against what a change made of it.
fn state_of(entry: &Entry, recorded: &Recorded, store: &Store, hands: &dyn Hands) -> Result<Is, UndoError> {
    Ok(match entry {
        Entry::File { path, before, after, .. } => match Place::see(path) {
            Ok(is) if is.path != *path => Is::Else,
            Ok(is) if is_state(&is, before.as_ref()) => Is::Before,
            Ok(is) if is_state(&is, after.as_ref()) => Is::After,
            Ok(_) | Err(PlaceError::NoFile { .. } | PlaceError::DanglingLink { .. } | PlaceError::TooLarge { .. }) => {
                Is::Else
            }
            Err(error) => return Err(error.into()),
        },
        Entry::Renamed { path, to, identity } => {
            let (there, aside) = (fs::symlink_metadata(path).is_ok(), fs::symlink_metadata(to).is_ok());
            match (there, aside) {
                (false, true) => Is::After,
                (true, false) if identity.is_none() || identity_of(path) == *identity => Is::Before,
                _ => Is::Else,
            }
        }
        Entry::Mode { path, before, after } => match Place::mode(path) {
            Ok((_, is)) if is == *before => Is::Before,
            Ok((_, is)) if is == *after => Is::After,
            Ok(_) => Is::Else,
            Err(PlaceError::System { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => Is::Else,
            Err(error) => return Err(error.into()),
        },
        Entry::UserVariable { name, backup, after, .. } => {
            let system = |cause| UndoError::System { path: PathBuf::from(name), cause };
            let is = hands.user_variable(name).map_err(system)?.map(|value| sha256(bytes_of(&value)));
            let before = match backup {
                Backup::None => Some(None),
                Backup::Whole(file) => {
                    read(&store.backups_of(&recorded.change).join(file)).ok().map(|b| Some(sha256(&b)))
                }
                Backup::Middle { .. } | Backup::Withheld => None,
            };
            match before {
                Some(before) if before == is => Is::Before,
                _ if is == *after => Is::After,
                _ => Is::Else,
            }
        }
        Entry::Ran { .. } | Entry::Told => Is::Before,
    })
}

fn is_state(is: &Place, known: Option<&Known>) -> bool {
    match (is.fingerprint(), known) {
        (None, None) => true,
        (Some(is), Some(known)) => is.sha256 == known.sha256,
        _ => false,
    }
}

/// Writes what a file was before beside it, down to the disk. `memory`: its bytes, where they are still known.
fn prepare(
    entry: &Entry,
    number: usize,
    recorded: &Recorded,
    store: &Store,
    memory: Option<&[u8]>,
) -> Result<(), UndoError> {
    let Entry::File { path, before: Some(before), backup, .. } = entry else { return Ok(()) };
    let is = Place::look(path)?;
    let folder = store.backups_of(&recorded.change);
    let bytes = match (memory, backup) {
        (Some(bytes), _) => Zeroizing::new(bytes.to_vec()),
        (None, Backup::None | Backup::Withheld) => return Err(UndoError::NotKept { path: path.clone() }),
        (None, Backup::Whole(file)) => read(&folder.join(file))?,
        (None, Backup::Middle { file, keep, new }) => {
            let kept = read(&folder.join(file))?;
            let now = is.bytes().unwrap_or_default();
            let changed = || UndoError::ChangedSince { path: path.clone(), by: None };
            let start = now.get(..*keep).ok_or_else(changed)?;
            let end = keep.checked_add(*new).and_then(|end| now.get(end..)).ok_or_else(changed)?;
            Zeroizing::new([start, &kept, end].concat())
        }
    };
    if sha256(&bytes) != before.sha256 {
        return Err(UndoError::NoBackup { path: path.clone() });
    }
    let system = |cause| UndoError::System { path: path.clone(), cause };
    if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
        fs::create_dir_all(folder).map_err(system)?;
    }
    let waiting = waiting_name(path, &recorded.change, number);
    write(path, &waiting, &bytes, &Attributes::from(&Fingerprint::from(before))).map_err(system)
}

/// Makes a thing what it was before a change. A file's bytes wait beside it.
fn put_back(
    entry: &Entry,
    number: usize,
    recorded: &Recorded,
    store: &Store,
    hands: &dyn Hands,
) -> Result<(), UndoError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |cause| UndoError::System { path, cause }
    };
    match entry {
        Entry::File { path, before: None, .. } => {
            match remove(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(path)(error)),
                _ => {}
            }
            made_folders_go(entry);
            Ok(())
        }
        Entry::File { path, before: Some(before), after, .. } => {
            let waiting = waiting_name(path, &recorded.change, number);
            // Who may read it is the person's own affair, if they have said so since.
            if let (Ok((_, is)), Some(after)) = (Place::mode(path), after)
                && is != after.mode
                && is != before.mode
            {
                set_mode(&waiting, is).map_err(failed(path))?;
            }
            take_place(&waiting, path).map_err(failed(path))
        }
        Entry::Renamed { path, to, .. } => {
            if fs::symlink_metadata(path).is_ok() {
                // It is a login, perhaps, and gets another name as the first one did.
                let mut name = to.clone().into_os_string();
                name.push("-since");
                rename_new(path, Path::new(&name)).map_err(failed(path))?;
            }
            rename_new(to, path).map_err(failed(path))
        }
        Entry::Mode { path, before, .. } => set_mode(path, *before).map_err(failed(path)),
        Entry::UserVariable { name, backup, expands, .. } => {
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
            hands.restore_user_variable(name, value.as_ref(), *expands).map_err(failed(Path::new(name)))
        }
        Entry::Ran { .. } | Entry::Told => Ok(()),
    }
}

/// Folders that were made for a file go again, if nothing else lies in them.
fn made_folders_go(entry: &Entry) {
    if let Entry::File { folders, .. } = entry {
        for folder in folders.iter().rev() {
            let _something_lies_there = fs::remove_dir(folder);
        }
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, UndoError> {
    fs::read(path).map(Zeroizing::new).map_err(|_| UndoError::NoBackup { path: path.to_owned() })
}

impl Store {
    /// Whether a change was cut off, or runs now.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn was_cut_off(&self) -> Result<bool, StoreError> {
        Ok(self.changes()?.iter().any(|(_, state)| state.is_unfinished()) || !self.not_begun().is_empty())
    }

    /// How many bytes the backups take.
    pub fn size_of_backups(&self) -> u64 {
        let files = walk(&self.backups());
        files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum()
    }

    /// Deletes the backups of these changes, or of all: they cannot be undone then. Those of a change that was cut off and
    /// is not taken back yet stay.
    ///
    /// # Errors
    /// The system said no.
    pub fn delete_backups(&self, of: Option<&[String]>) -> Result<(), StoreError> {
        let _held = self.hold()?;
        let changes = self.changes()?;
        let unfinished = changes.iter().filter(|(_, state)| state.is_unfinished());
        let needed: Vec<PathBuf> = unfinished.map(|(recorded, _)| self.backups_of(&recorded.change)).collect();
        let folders: Vec<PathBuf> = match of {
            None => fs::read_dir(self.backups()).into_iter().flatten().flatten().map(|entry| entry.path()).collect(),
            Some(changes) => changes.iter().map(|change| self.backups_of(change)).collect(),
        };
        for path in folders.into_iter().filter(|folder| !needed.contains(folder)) {
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
