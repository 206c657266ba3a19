//! A plan is carried out: all of it, or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use authlight_core::fixes::edit::Command;
use authlight_core::secret::Secret;
use thiserror::Error;

use super::journal::{Backup, Entry, Known, Recorded, State};
use super::place::{Place, PlaceError};
use super::plan::{FileStep, Keeps, Plan, Step, middle};
use super::replace::{Attributes, replace, sync_folder, waiting_name};
use super::store::{Held, Store, StoreError};

/// What a change asks of the machine beyond files.
pub trait Hands {
    /// Sets or takes away a variable of the person on Windows, and tells the open programs.
    ///
    /// # Errors
    /// What the system said.
    fn set_user_variable(&self, name: &str, value: Option<&Secret>) -> io::Result<()>;

    /// Runs a program of the plan.
    ///
    /// # Errors
    /// What it said, in words for the person.
    fn run(&self, command: &Command) -> Result<(), String>;
}

/// When and for what a change is made.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// What tells this change from any other, of letters, digits and hyphens: the time and something random.
    pub change: String,
    /// The time, ISO 8601.
    pub utc: String,
    /// The ID of the fix.
    pub what: String,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The name of the change, for undo.
    pub change: String,
}

/// Why a plan was not carried out.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Nothing could be kept, or another Authlight is at work. Nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be changed. Nothing was.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Something else changed a file since the plan was made. Nothing was changed.
    #[error("{path}: this file has changed since the plan was shown. Nothing was done. Look again")]
    Changed {
        /// Which.
        path: PathBuf,
    },
    /// Claude Code is writing the file. Nothing was changed.
    #[error("{path}: Claude Code is writing this file at this moment. Nothing was done. Try again in a few seconds")]
    InUse {
        /// Which.
        path: PathBuf,
    },
    /// A step failed; those before it were taken back.
    #[error("{what}. All of it is as it was before")]
    RolledBack {
        /// What failed.
        what: String,
    },
    /// A step failed, and not all could be taken back.
    #[error("{what}. Not all could be taken back: {left}. What was there before is kept in the backups")]
    HalfWay {
        /// What failed.
        what: String,
        /// What is left.
        left: String,
    },
    /// A program that cannot be undone failed; what was done before it stays, and can be undone.
    #[error("{what}")]
    ProgramFailed {
        /// What it said.
        what: String,
        /// The name of the change.
        change: String,
    },
}

/// Carries a plan out.
///
/// # Errors
/// [`ApplyError`]
pub fn apply(plan: &Plan, store: &Store, hands: &dyn Hands, occasion: &Occasion) -> Result<Receipt, ApplyError> {
    let held = store.hold()?;
    recover_held(store, hands, &held)?;
    for step in &plan.steps {
        verify(step)?;
    }
    let receipt = Receipt { change: occasion.change.clone() };
    if !plan.changes_something() {
        return Ok(receipt);
    }
    let busy = claude_locks(plan)?;
    let entries = keep(plan, store, &occasion.change)?;
    let recorded = Recorded::new(occasion.change.clone(), occasion.utc.clone(), occasion.what.clone(), entries);
    store.begin(&recorded)?;
    for (number, step) in plan.steps.iter().enumerate() {
        let Err(what) = carry_out(step, number, &recorded, hands) else { continue };
        if matches!(step, Step::Run(_)) {
            // What a program did cannot be told, so that what came before it stays too.
            store.end(&occasion.change, State::Done)?;
            return Err(ApplyError::ProgramFailed { what, change: occasion.change.clone() });
        }
        drop(busy);
        let left = take_back(&recorded, store, hands);
        if left.is_empty() {
            store.end(&occasion.change, State::RolledBack)?;
            return Err(ApplyError::RolledBack { what });
        }
        return Err(ApplyError::HalfWay { what, left: left.join("; ") });
    }
    drop(busy);
    store.end(&occasion.change, State::Done)?;
    Ok(receipt)
}

/// Whether everything is as it was when the plan was made.
fn verify(step: &Step) -> Result<(), ApplyError> {
    match step {
        Step::File(step) => {
            let is = Place::look(&step.path)?;
            if is.fingerprint() != step.expect.as_ref() || is.path != step.path {
                return Err(ApplyError::Changed { path: step.path.clone() });
            }
        }
        Step::Mode { path, before, .. } => {
            if Place::mode(path)?.1 != *before {
                return Err(ApplyError::Changed { path: path.clone() });
            }
        }
        Step::SetAside { path, to, .. } => {
            if fs::symlink_metadata(path).is_err() || fs::symlink_metadata(to).is_ok() {
                return Err(ApplyError::Changed { path: path.clone() });
            }
        }
        Step::UserVariable { .. } | Step::Run(_) | Step::Tell { .. } | Step::Open { .. } => {}
    }
    Ok(())
}

/// A lock of Claude Code's that is ours until this goes: it makes a folder beside the file while it writes it.
struct ClaudeLock(PathBuf);

impl Drop for ClaudeLock {
    fn drop(&mut self) {
        let _gone_already = fs::remove_dir(&self.0);
    }
}

/// Takes Claude Code's own locks of the files that it writes itself.
fn claude_locks(plan: &Plan) -> Result<Vec<ClaudeLock>, ApplyError> {
    let mut locks = Vec::new();
    for step in &plan.steps {
        let Step::File(FileStep { path, .. }) = step else { continue };
        if path.file_name().is_none_or(|name| name != ".claude.json") {
            continue;
        }
        let lock = path.with_file_name(".claude.json.lock");
        match fs::create_dir(&lock) {
            Ok(()) => locks.push(ClaudeLock(lock)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !is_stale(&lock) => {
                return Err(ApplyError::InUse { path: path.clone() });
            }
            // One that was left behind stays where it is.
            Err(_) => {}
        }
    }
    Ok(locks)
}

/// Whether a lock was left behind: Claude Code renews its own every few seconds.
fn is_stale(lock: &Path) -> bool {
    let age = fs::metadata(lock).and_then(|lock| lock.modified()).ok().and_then(|made| made.elapsed().ok());
    age.is_none_or(|age| age.as_secs() > 10)
}

/// Keeps what is there, and says what will have been done.
fn keep(plan: &Plan, store: &Store, change: &str) -> Result<Vec<Entry>, StoreError> {
    let folder = store.backups_of(change);
    let mut entries = Vec::new();
    for (number, step) in plan.steps.iter().enumerate() {
        let name = format!("{number}.before");
        let file = folder.join(&name);
        entries.push(match step {
            Step::File(step) => Entry::File {
                path: step.path.clone(),
                before: step.expect.as_ref().map(Known::from),
                after: step.result().as_ref().map(Known::from),
                backup: keep_file(step, store, &file, name)?,
                folders: folders_to_make(&step.path),
            },
            Step::SetAside { path, to, .. } => Entry::Renamed { path: path.clone(), to: to.clone() },
            Step::Mode { path, before, after, .. } => {
                Entry::Mode { path: path.clone(), before: *before, after: *after }
            }
            Step::UserVariable { name: variable, before, .. } => {
                let backup = match before {
                    None => Backup::None,
                    Some(value) if value.holds_login_token() => Backup::Withheld,
                    Some(value) => {
                        store.keep(&file, bytes_of(value))?;
                        Backup::Whole(name)
                    }
                };
                Entry::UserVariable { name: variable.clone(), backup }
            }
            Step::Run(command) => Entry::Ran { command: super::preview::command_line(command) },
            Step::Tell { .. } | Step::Open { .. } => Entry::Ran { command: Vec::new() },
        });
    }
    Ok(entries)
}

#[expect(clippy::disallowed_methods, reason = "what was there is kept in the account's own folder, to be put back")]
fn bytes_of(value: &Secret) -> &[u8] {
    value.reveal().as_bytes()
}

fn keep_file(step: &FileStep, store: &Store, file: &Path, name: String) -> Result<Backup, StoreError> {
    let Some(before) = &step.before else { return Ok(Backup::None) };
    match step.keeps {
        Keeps::Whole => {
            store.keep(file, before)?;
            Ok(Backup::Whole(name))
        }
        Keeps::Middle => {
            let after = step.after.as_deref().map(Vec::as_slice).unwrap_or_default();
            let (keep, end) = middle(before, after);
            store.keep(file, &before[keep..end])?;
            Ok(Backup::Middle { file: name, keep, new: after.len() - keep - (before.len() - end) })
        }
        Keeps::Nothing => Ok(Backup::Withheld),
    }
}

/// The folders above a path that are not there, outermost first.
fn folders_to_make(path: &Path) -> Vec<PathBuf> {
    let absent = path.ancestors().skip(1).take_while(|folder| !folder.exists());
    let mut absent: Vec<_> = absent.map(Path::to_path_buf).collect();
    absent.reverse();
    absent
}

/// Does one step.
fn carry_out(step: &Step, number: usize, recorded: &Recorded, hands: &dyn Hands) -> Result<(), String> {
    let said = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| format!("{}: {}", path.display(), in_words(&error))
    };
    match step {
        Step::File(step) => match &step.after {
            Some(bytes) => {
                if let Some(Entry::File { folders, .. }) = recorded.steps.get(number) {
                    folders.iter().try_for_each(fs::create_dir).map_err(said(&step.path))?;
                }
                let attributes = Attributes { mode: step.mode, owner: step.expect.as_ref().and_then(|is| is.owner) };
                let waiting = waiting_name(&step.path, &recorded.change, number);
                replace(&step.path, &waiting, bytes, &attributes).map_err(said(&step.path))
            }
            None => remove(&step.path).map_err(said(&step.path)),
        },
        Step::SetAside { path, to, .. } => fs::rename(path, to).and_then(|()| sync(path)).map_err(said(path)),
        Step::Mode { path, after, .. } => set_mode(path, *after).map_err(said(path)),
        Step::UserVariable { name, after, .. } => hands
            .set_user_variable(name, after.as_ref())
            .map_err(|error| format!("HKCU\\Environment\\{name}: {}", in_words(&error))),
        Step::Run(command) => hands.run(command),
        Step::Tell { .. } | Step::Open { .. } => Ok(()),
    }
}

/// What the system said, for people.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "no room is left on the disk".to_owned(),
        io::ErrorKind::PermissionDenied => "writing is not allowed there".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written on this disk (read-only)".to_owned(),
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => {
            "this file is mounted by itself and cannot be replaced safely. Change it by hand".to_owned()
        }
        _ => format!("the system said \"{error}\""),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    sync(path)
}

fn sync(path: &Path) -> io::Result<()> {
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Finishes what was cut off: every step of a change that has no end is taken back. Gives the changes that were.
///
/// # Errors
/// [`ApplyError::HalfWay`] where something else has changed a file meanwhile.
pub fn recover(store: &Store, hands: &dyn Hands) -> Result<Vec<Recorded>, ApplyError> {
    if !store.was_cut_off()? {
        return Ok(Vec::new());
    }
    let held = store.hold()?;
    recover_held(store, hands, &held)
}

fn recover_held(store: &Store, hands: &dyn Hands, _held: &Held) -> Result<Vec<Recorded>, ApplyError> {
    let cut_off = store.changes()?.into_iter().filter(|(_, state)| *state == State::Begun);
    let mut taken_back = Vec::new();
    for (recorded, _) in cut_off {
        let left = take_back(&recorded, store, hands);
        if !left.is_empty() {
            let what = format!("An earlier change ({}) was cut off", recorded.change);
            return Err(ApplyError::HalfWay { what, left: left.join("; ") });
        }
        store.end(&recorded.change, State::RolledBack)?;
        taken_back.push(recorded);
    }
    Ok(taken_back)
}

/// Takes back every step that was done, the last first. Gives what could not be.
fn take_back(recorded: &Recorded, store: &Store, hands: &dyn Hands) -> Vec<String> {
    let mut left = Vec::new();
    for (number, entry) in recorded.steps.iter().enumerate().rev() {
        if let Entry::File { path, .. } = entry {
            let _was_not_made = fs::remove_file(waiting_name(path, &recorded.change, number));
        }
        if let Err(why) = super::undo::take_back(entry, number, recorded, store, hands) {
            left.push(why.to_string());
        }
    }
    left
}
