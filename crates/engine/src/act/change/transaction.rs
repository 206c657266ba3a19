//! A plan is carried out: all of it, or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use authlight_core::fixes::edit::Command;
use authlight_core::secret::Secret;
use thiserror::Error;

use super::claude_lock::{self, ClaudeLocks};
use super::journal::{Backup, Entry, Known, Noted, Recorded, State};
use super::place::{Place, PlaceError, Stamp, identity_of, owner_below, sha256};
use super::plan::{FileStep, Keeps, Plan, Step, middle};
use super::replace::{Attributes, remove, rename_new, set_mode, sync_folder_of, take_place, waiting_name, write};
use super::store::{Held, Store, StoreError};
use super::undo::{self, UndoError};
use crate::machine;

/// What a change asks of the machine beyond files.
pub trait Hands {
    /// A variable of the person on Windows.
    ///
    /// # Errors
    /// What the system said.
    fn user_variable(&self, name: &str) -> io::Result<Option<Secret>> {
        machine::user_variable(name)
    }

    /// Sets or takes away a variable of the person on Windows, and tells the open programs.
    ///
    /// # Errors
    /// What the system said.
    fn set_user_variable(&self, name: &str, value: Option<&Secret>) -> io::Result<()>;

    /// Whether a variable of the person on Windows is of the kind in which others are put in.
    fn user_variable_expands(&self, name: &str) -> bool {
        machine::user_variable_expands(name)
    }

    /// Gives a variable of the person on Windows back what it was, with its kind.
    ///
    /// # Errors
    /// What the system said.
    fn restore_user_variable(&self, name: &str, value: Option<&Secret>, _expands: bool) -> io::Result<()> {
        self.set_user_variable(name, value)
    }

    /// Told before each step, with its number from 0, and once after the last one.
    fn progress(&self, _step: usize) {}

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
    /// An earlier change of the same file was cut off and cannot be taken back. Nothing was changed.
    #[error("an earlier change ({change}) was cut off in the middle and could not be taken back yet: {why}")]
    Unfinished {
        /// The change.
        change: String,
        /// Why.
        why: String,
    },
    /// A step failed, and not all could be taken back.
    #[error(
        "{what}. Not all could be taken back: {left}. What was there before is kept, and the next start tries it again"
    )]
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
    let receipt = Receipt { change: occasion.change.clone() };
    let recovered = recover_held(store, hands, &held)?;
    for Unfinished { recorded, why } in recovered.unfinished {
        if plan.steps.iter().any(|step| touches(step, &recorded)) {
            return Err(ApplyError::Unfinished { change: recorded.change, why: why.to_string() });
        }
    }
    let stamps = plan.steps.iter().map(|step| verify(step, hands)).collect::<Result<Vec<_>, _>>()?;
    if !plan.changes_something() {
        return Ok(receipt);
    }
    let recorded = keep_and_begin(plan, store, hands, occasion)?;
    let mut locks = match claude_lock::take(&recorded.locks) {
        Ok(locks) => locks,
        Err(lock) => {
            end_taken_back(&recorded, store);
            return Err(ApplyError::InUse { path: lock });
        }
    };
    let failed = match prepare(plan, &recorded, &stamps) {
        Ok(()) => commit(plan, &recorded, &stamps, hands, &mut locks),
        Err(what) => Err(Failed::Step(what)),
    };
    let (what, locks) = match failed {
        Ok(()) => {
            // First: of a change that has ended, nobody would look for locks that were left behind.
            drop(locks);
            match store.end(&occasion.change, State::Done) {
                Ok(()) => return Ok(receipt),
                Err(error) => (error.to_string(), claude_lock::take(&recorded.locks).unwrap_or_default()),
            }
        }
        // What a program did cannot be told, so that what came before it stays too.
        Err(Failed::Program(what)) => {
            undo::sweep(&recorded);
            drop(locks);
            store.end(&occasion.change, State::Done)?;
            return Err(ApplyError::ProgramFailed { what, change: occasion.change.clone() });
        }
        Err(Failed::Step(what)) => (what, locks),
    };
    let in_memory = |number: usize| match plan.steps.get(number) {
        Some(Step::File(step)) => step.before.as_deref().map(Vec::as_slice),
        _ => None,
    };
    let taken = undo::take_back(&recorded, store, hands, &in_memory);
    drop(locks);
    let left: Vec<_> =
        taken.left.iter().map(|path| format!("{}: this file has changed since", path.display())).collect();
    let left: Vec<_> = left.into_iter().chain(taken.failed.iter().map(ToString::to_string)).collect();
    if !left.is_empty() {
        return Err(ApplyError::HalfWay { what, left: left.join("; ") });
    }
    end_taken_back(&recorded, store);
    Err(ApplyError::RolledBack { what })
}

/// Everything is as it was. Where even that cannot be written down, the next start finds out.
fn end_taken_back(recorded: &Recorded, store: &Store) {
    if store.end(&recorded.change, State::RolledBack).is_ok() {
        store.discard(&recorded.change);
    }
}

/// Keeps what is there, down to the disk, and then writes down what is to be done. From then on it is known at the next
/// start.
fn keep_and_begin(plan: &Plan, store: &Store, hands: &dyn Hands, occasion: &Occasion) -> Result<Recorded, StoreError> {
    let begun = keep(plan, store, hands, &occasion.change).and_then(|entries| {
        let Occasion { change, utc, what } = occasion.clone();
        let recorded = Recorded::new(change, utc, what, entries, locks_of(plan));
        store.begin(&recorded)?;
        store.backups_begin(&recorded.change)?;
        Ok(recorded)
    });
    if begun.is_err() {
        // Nothing has been done yet: a line that stands in the journal all the same finds nothing to take back.
        store.discard(&occasion.change);
    }
    begun
}

/// Claude Code's own locks of the files of a plan.
fn locks_of(plan: &Plan) -> Vec<PathBuf> {
    let locks = plan.steps.iter().flat_map(|step| match step {
        Step::File(FileStep { named, .. }) => claude_lock::locks_of(named),
        Step::SetAside { path, .. } => claude_lock::locks_of(path),
        _ => Vec::new(),
    });
    let mut once: Vec<PathBuf> = Vec::new();
    for lock in locks {
        if !once.contains(&lock) {
            once.push(lock);
        }
    }
    once
}

/// Whether a step has to do with a file or variable of an earlier change.
fn touches(step: &Step, recorded: &Recorded) -> bool {
    let mut places = recorded.steps.iter().flat_map(|entry| match entry {
        Entry::File { path, .. } | Entry::Mode { path, .. } => vec![path.clone()],
        Entry::Renamed { path, to, .. } => vec![path.clone(), to.clone()],
        Entry::UserVariable { name, .. } => vec![PathBuf::from(name)],
        Entry::Ran { .. } | Entry::Told => Vec::new(),
    });
    match step {
        Step::File(FileStep { path, .. }) | Step::Mode { path, .. } => places.any(|place| place == *path),
        Step::SetAside { path, to, .. } => places.any(|place| place == *path || place == *to),
        Step::UserVariable { name, .. } => places.any(|place| place == Path::new(name)),
        Step::Run(_) | Step::Tell { .. } | Step::Open { .. } => false,
    }
}

/// Whether everything is as it was when the plan was made. Gives what tells whether it still is, just before the step.
fn verify(step: &Step, hands: &dyn Hands) -> Result<Option<Stamp>, ApplyError> {
    match step {
        Step::File(step) => {
            let is = Place::look(&step.path)?;
            if is.fingerprint() != step.expect.as_ref() || is.path != step.path {
                return Err(ApplyError::Changed { path: step.path.clone() });
            }
            Ok(is.there.map(|there| there.stamp))
        }
        Step::Mode { path, before, .. } => {
            if Place::mode(path)?.1 != *before {
                return Err(ApplyError::Changed { path: path.clone() });
            }
            Ok(None)
        }
        Step::SetAside { path, to, .. } => {
            let stamp = Stamp::of(path);
            if stamp.is_none() || fs::symlink_metadata(to).is_ok() {
                return Err(ApplyError::Changed { path: path.clone() });
            }
            Ok(stamp)
        }
        Step::UserVariable { name, before, .. } => {
            let path = || PathBuf::from(format!("HKCU\\Environment\\{name}"));
            let is = hands.user_variable(name).map_err(|cause| PlaceError::System { path: path(), cause })?;
            let same = match (&is, before) {
                (Some(is), Some(before)) => is.same_as(before),
                (is, before) => is.is_none() && before.is_none(),
            };
            if same { Ok(None) } else { Err(ApplyError::Changed { path: path() }) }
        }
        Step::Run(_) | Step::Tell { .. } | Step::Open { .. } => Ok(None),
    }
}

/// Keeps what is there, and says what will have been done.
fn keep(plan: &Plan, store: &Store, hands: &dyn Hands, change: &str) -> Result<Vec<Entry>, StoreError> {
    let folder = store.backups_before(change);
    let mut entries: Vec<Entry> = Vec::new();
    for (number, step) in plan.steps.iter().enumerate() {
        let name = format!("{number}.before");
        let file = folder.join(&name);
        entries.push(match step {
            Step::File(step) => Entry::File {
                path: step.path.clone(),
                before: step.expect.as_ref().map(Known::from),
                after: step.result().as_ref().map(Known::from),
                backup: keep_file(step, store, &file, name)?,
                folders: if step.after.is_some() { folders_to_make(&step.path, &entries) } else { Vec::new() },
            },
            Step::SetAside { path, to, .. } => {
                Entry::Renamed { path: path.clone(), to: to.clone(), identity: identity_of(path) }
            }
            Step::Mode { path, before, after, .. } => {
                Entry::Mode { path: path.clone(), before: *before, after: *after }
            }
            Step::UserVariable { name: variable, before, after } => {
                let backup = match before {
                    None => Backup::None,
                    Some(value) if value.holds_login_token() => Backup::Withheld,
                    Some(value) => {
                        store.keep(&file, bytes_of(value))?;
                        Backup::Whole(name)
                    }
                };
                let after = after.as_ref().map(|value| sha256(bytes_of(value)));
                let expands = before.is_some() && hands.user_variable_expands(variable);
                Entry::UserVariable { name: variable.clone(), backup, expands, after }
            }
            Step::Run(command) => Entry::Ran { command: super::preview::command_line(command) },
            Step::Tell { .. } | Step::Open { .. } => Entry::Told,
        });
    }
    Ok(entries)
}

#[expect(clippy::disallowed_methods, reason = "what was there is kept in the account's own folder, to be put back")]
pub(super) fn bytes_of(value: &Secret) -> &[u8] {
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

/// The folders above a path that are not there and that no earlier step makes, outermost first.
fn folders_to_make(path: &Path, earlier: &[Entry]) -> Vec<PathBuf> {
    let is_made = |folder: &Path| {
        earlier
            .iter()
            .any(|entry| matches!(entry, Entry::File { folders, .. } if folders.iter().any(|made| made == folder)))
    };
    let absent = path.ancestors().skip(1).take_while(|folder| !folder.exists());
    let mut absent: Vec<_> = absent.filter(|folder| !is_made(folder)).map(Path::to_path_buf).collect();
    absent.reverse();
    absent
}

/// Why a plan goes no further.
enum Failed {
    /// A step could not be done.
    Step(String),
    /// A program failed.
    Program(String),
}

fn told(path: &Path, error: &io::Error) -> String {
    format!("{}: {}", path.display(), in_words(error))
}

/// Writes every new file beside the one whose place it is to take. Where a disk is full nothing is changed yet.
fn prepare(plan: &Plan, recorded: &Recorded, stamps: &[Option<Stamp>]) -> Result<(), String> {
    for (number, ((step, entry), stamp)) in plan.steps.iter().zip(&recorded.steps).zip(stamps).enumerate() {
        let (Step::File(step), Entry::File { folders, .. }) = (step, entry) else { continue };
        let Some(bytes) = &step.after else { continue };
        for folder in folders {
            make_folder(folder).map_err(|error| told(folder, &error))?;
        }
        let attributes = Attributes { mode: step.mode, owner: step.owner() };
        let waiting = waiting_name(&step.path, &recorded.change, number);
        unchanged(&step.path, stamp.as_ref())?;
        write(&step.path, &waiting, bytes, &attributes).map_err(|error| told(&step.path, &error))?;
    }
    Ok(())
}

/// Makes a folder, down to the disk. One that has come meanwhile is taken as it is.
fn make_folder(folder: &Path) -> io::Result<()> {
    let owner = folder.parent().and_then(owner_below);
    match fs::create_dir(folder) {
        Err(_) if folder.is_dir() => return Ok(()),
        made => made?,
    }
    #[cfg(unix)]
    if let Some((user, group)) = owner {
        std::os::unix::fs::chown(folder, Some(user), Some(group))?;
    }
    #[cfg(not(unix))]
    let _ = owner;
    sync_folder_of(folder)
}

/// Whether nothing else has written or replaced a file meanwhile.
fn unchanged(path: &Path, stamp: Option<&Stamp>) -> Result<(), String> {
    if Stamp::of(path).as_ref() == stamp {
        Ok(())
    } else {
        Err(format!("{}: something else has changed this file at this moment", path.display()))
    }
}

/// Does one step after the other.
fn commit(
    plan: &Plan,
    recorded: &Recorded,
    stamps: &[Option<Stamp>],
    hands: &dyn Hands,
    locks: &mut ClaudeLocks,
) -> Result<(), Failed> {
    for (number, (step, stamp)) in plan.steps.iter().zip(stamps).enumerate() {
        if matches!(step, Step::Run(_)) {
            // It may be Claude Code itself, which would wait for them.
            *locks = ClaudeLocks::default();
        }
        hands.progress(number);
        carry_out(step, stamp.as_ref(), number, recorded, hands)
            .map_err(|what| if matches!(step, Step::Run(_)) { Failed::Program(what) } else { Failed::Step(what) })?;
    }
    hands.progress(plan.steps.len());
    Ok(())
}

fn carry_out(
    step: &Step,
    stamp: Option<&Stamp>,
    number: usize,
    recorded: &Recorded,
    hands: &dyn Hands,
) -> Result<(), String> {
    let said = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| told(&path, &error)
    };
    match step {
        Step::File(step) => {
            unchanged(&step.path, stamp)?;
            match &step.after {
                Some(_) => take_place(&waiting_name(&step.path, &recorded.change, number), &step.path),
                None => remove(&step.path),
            }
            .map_err(said(&step.path))
        }
        Step::SetAside { path, to, .. } => {
            unchanged(path, stamp)?;
            rename_new(path, to).map_err(said(path))
        }
        Step::Mode { path, after, .. } => set_mode(path, *after).map_err(said(path)),
        Step::UserVariable { name, after, .. } => hands
            .set_user_variable(name, after.as_ref())
            .map_err(|error| format!("HKCU\\Environment\\{name}: {}", in_words(&error))),
        Step::Run(command) => hands.run(command),
        Step::Tell { .. } | Step::Open { .. } => Ok(()),
    }
}

/// What the system said, for people.
pub(super) fn in_words(error: &io::Error) -> String {
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

/// What was found of changes that were cut off, and what became of them.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Changes that were cut off: all of them is as it was before.
    pub taken_back: Vec<Recorded>,
    /// Changes of which some files were left as they are, because something else had changed them meanwhile.
    pub left: Vec<(Recorded, Vec<PathBuf>)>,
    /// An undo that was cut off: it is done now.
    pub undone: Vec<Recorded>,
    /// What could be neither finished nor taken back yet; the next start tries again.
    pub unfinished: Vec<Unfinished>,
}

/// A change that was cut off and is neither done nor taken back.
#[derive(Debug)]
pub struct Unfinished {
    /// The change.
    pub recorded: Recorded,
    /// Why.
    pub why: UndoError,
}

impl Recovered {
    /// Whether there was nothing to do.
    pub fn is_empty(&self) -> bool {
        self.taken_back.is_empty() && self.left.is_empty() && self.undone.is_empty() && self.unfinished.is_empty()
    }
}

/// Takes back what was cut off, and finishes an undo that was. Every start that has to do with changes begins with this;
/// it writes nothing where nothing was cut off, and leaves alone what another Authlight is doing now.
///
/// # Errors
/// The journal cannot be read, or the store is not ours.
pub fn recover(store: &Store, hands: &dyn Hands) -> Result<Recovered, StoreError> {
    if !store.was_cut_off()? {
        return Ok(Recovered::default());
    }
    match store.hold() {
        Ok(held) => recover_held(store, hands, &held),
        Err(StoreError::Busy) => Ok(Recovered::default()),
        Err(error) => Err(error),
    }
}

pub(super) fn recover_held(store: &Store, hands: &dyn Hands, _held: &Held) -> Result<Recovered, StoreError> {
    let mut recovered = Recovered::default();
    for noted in store.noted()?.into_iter().rev() {
        let Noted::Known(change) = noted else { continue };
        let recorded = change.recorded;
        match change.state {
            State::Begun => {
                claude_lock::remove_own(&recorded.locks);
                store.backups_begin(&recorded.change)?;
                let locks = match locks_for(&recorded, store, hands) {
                    Ok(locks) => locks,
                    Err(why) => {
                        recovered.unfinished.push(Unfinished { recorded, why });
                        continue;
                    }
                };
                let taken = undo::take_back(&recorded, store, hands, &|_| None);
                drop(locks);
                if let Some(why) = taken.failed.into_iter().next() {
                    recovered.unfinished.push(Unfinished { recorded, why });
                } else if taken.left.is_empty() {
                    store.end(&recorded.change, State::RolledBack)?;
                    store.discard(&recorded.change);
                    recovered.taken_back.push(recorded);
                } else {
                    store.end(&recorded.change, State::RolledBackInPart)?;
                    recovered.left.push((recorded, taken.left));
                }
            }
            State::Undoing => {
                claude_lock::remove_own(&recorded.locks);
                match undo::go_on(&recorded, store, hands, change.if_changed, State::Done) {
                    Ok(_) => recovered.undone.push(recorded),
                    Err(why) => recovered.unfinished.push(Unfinished { recorded, why }),
                }
            }
            State::Done | State::RolledBack | State::RolledBackInPart | State::Undone => {}
        }
    }
    Ok(recovered)
}

/// The locks under which a change is taken back, where there is anything to take back.
fn locks_for(recorded: &Recorded, store: &Store, hands: &dyn Hands) -> Result<ClaudeLocks, UndoError> {
    match claude_lock::take(&recorded.locks) {
        Err(path) if undo::was_anything_done(recorded, store, hands)? => Err(UndoError::InUse { path }),
        taken => Ok(taken.unwrap_or_default()),
    }
}
