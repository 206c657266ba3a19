//! From edits to a plan: every file as it is and as it would be, before anything is changed.

use std::path::{Path, PathBuf};
use std::{fs, io};

use authlight_core::fixes::edit::{ChangeError, Command};
use authlight_core::fixes::{Edit, FileChange};
use authlight_core::message::Message;
use authlight_core::secret::Secret;
use thiserror::Error;
use zeroize::Zeroizing;

use super::place::{Fingerprint, Place, PlaceError, nearest_folder, owner_below, sha256};

/// The permission bits of a file that is made: settings and profiles can hold a key.
const NEW_FILE: u32 = 0o600;

/// What would be done, step by step.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug)]
pub enum Step {
    /// A file is written, made or removed.
    File(FileStep),
    /// A file gets another name in its folder.
    SetAside {
        /// As the person knows it.
        shown: String,
        /// Where it lies.
        path: PathBuf,
        /// Its new name.
        to: PathBuf,
    },
    /// A file gets other permission bits.
    Mode {
        /// As the person knows it.
        shown: String,
        /// Where it lies.
        path: PathBuf,
        /// What they are.
        before: u32,
        /// What they become.
        after: u32,
    },
    /// A variable of the person on Windows.
    UserVariable {
        /// Its name.
        name: String,
        /// What it is.
        before: Option<Secret>,
        /// What it becomes; none: it goes.
        after: Option<Secret>,
    },
    /// A program is run, which cannot be undone.
    Run(Command),
    /// Something for the person to do.
    Tell {
        /// What.
        what: Message,
        /// The command to copy, if it is one.
        command: Option<String>,
        /// Whether only an administrator can.
        needs_elevation: bool,
    },
    /// A page is opened.
    Open {
        /// Its address.
        url: String,
    },
}

/// A file that is written, made or removed.
#[derive(Clone)]
pub struct FileStep {
    /// As the person knows it.
    pub shown: String,
    /// Where it really lies, links followed.
    pub path: PathBuf,
    /// Its own name, which can be that of a link.
    pub named: PathBuf,
    /// What it must be like when the step is done; none: it must not be there.
    pub expect: Option<Fingerprint>,
    /// Its bytes as they are.
    pub before: Option<Zeroizing<Vec<u8>>>,
    /// Its bytes as they would be; none: it goes.
    pub after: Option<Zeroizing<Vec<u8>>>,
    /// The permission bits that it gets.
    pub mode: u32,
    /// Whether it keeps a copy of what was there.
    pub keeps: Keeps,
}

/// What a step can keep of what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// All of it.
    Whole,
    /// The bytes that are changed: a claude.ai token in the rest is not copied.
    Middle,
    /// Nothing: what is taken out is a claude.ai token.
    Nothing,
}

impl std::fmt::Debug for FileStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileStep").field("path", &self.path).field("keeps", &self.keeps).finish_non_exhaustive()
    }
}

/// Why there is no plan. Nothing was changed.
#[derive(Debug, Error)]
pub enum PlanError {
    /// A file that cannot be changed.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// A change that cannot be made.
    #[error("{path}: {cause}")]
    Change {
        /// The file.
        path: String,
        /// Why.
        cause: ChangeError,
    },
    /// A file with a claude.ai login is not removed: it is set aside, so that nothing of it is copied.
    #[error("{path}: this file holds a claude.ai login and is not changed by us")]
    HoldsLogin {
        /// The file.
        path: String,
    },
    /// Two steps that cannot both be done.
    #[error("{path}: this file would be changed twice, in ways that do not go together")]
    Twice {
        /// The file.
        path: String,
    },
    /// All of it is as it would be.
    #[error("there is nothing to change: everything is as it would be")]
    Nothing,
}

/// What the plan asks of the machine.
pub trait Ground {
    /// Where a path of the examined machine lies on this one, links followed as that machine would.
    ///
    /// # Errors
    /// [`PlaceError`]
    fn file(&self, inside: &str) -> Result<PathBuf, PlaceError>;

    /// The same of the name itself: a link at its end is not followed.
    ///
    /// # Errors
    /// [`PlaceError`]
    fn name(&self, inside: &str) -> Result<PathBuf, PlaceError>;

    /// A variable of the person on Windows.
    ///
    /// # Errors
    /// What the system said.
    fn user_variable(&self, name: &str) -> io::Result<Option<Secret>>;
}

/// The plan of these edits. Several edits of one file are one step. `stamp` makes new names: of the time.
///
/// # Errors
/// [`PlanError`]
pub fn of(edits: &[Edit], ground: &dyn Ground, stamp: &str) -> Result<Plan, PlanError> {
    let mut plan = Plan::default();
    for edit in edits {
        match edit {
            Edit::File { path, change } => plan.file(path, change, ground)?,
            Edit::Mode { path, mode } => {
                let (real, before) = Place::mode(&ground.file(path)?)?;
                let same = |step: &&mut Step| matches!(step, Step::Mode { path, .. } if *path == real);
                if let Some(Step::Mode { after, .. }) = plan.steps.iter_mut().find(same) {
                    *after = *mode;
                } else if before != *mode {
                    plan.steps.push(Step::Mode { shown: path.clone(), path: real, before, after: *mode });
                }
            }
            Edit::SetAside { path } => {
                let name = ground.name(path)?;
                if fs::symlink_metadata(&name).is_ok() {
                    let to = aside(&name, stamp);
                    plan.steps.push(Step::SetAside { shown: path.clone(), path: name, to });
                }
            }
            Edit::UserVariable { name, value } => {
                let before = ground.user_variable(name).map_err(|cause| PlaceError::System {
                    path: PathBuf::from(format!("HKCU\\Environment\\{name}")),
                    cause,
                })?;
                let same = match (&before, value) {
                    (Some(before), Some(value)) => before.same_as(value),
                    (None, None) => true,
                    _ => false,
                };
                if !same {
                    plan.steps.push(Step::UserVariable { name: name.clone(), before, after: value.clone() });
                }
            }
            Edit::Run(command) => plan.steps.push(Step::Run(command.clone())),
            Edit::Tell { what, command, needs_elevation } => plan.steps.push(Step::Tell {
                what: what.clone(),
                command: command.clone(),
                needs_elevation: *needs_elevation,
            }),
            Edit::Open { url } => plan.steps.push(Step::Open { url: url.clone() }),
        }
    }
    // Several edits can come to nothing together.
    plan.steps.retain(|step| !matches!(step, Step::File(step) if step.before == step.after));
    plan.refuse_twice()?;
    // Until the last step everything can be taken back.
    plan.steps.sort_by_key(|step| match step {
        Step::File(step) if step.keeps == Keeps::Nothing => 1,
        Step::Run(_) | Step::Tell { .. } | Step::Open { .. } => 2,
        _ => 0,
    });
    if plan.steps.is_empty() { Err(PlanError::Nothing) } else { Ok(plan) }
}

/// The name of a file that is set aside.
fn aside(path: &Path, stamp: &str) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{name}.set-aside-{stamp}"))
}

impl Plan {
    fn file(&mut self, shown: &str, change: &FileChange, ground: &dyn Ground) -> Result<(), PlanError> {
        let refused = |cause| PlanError::Change { path: shown.to_owned(), cause };
        let holds_login = || PlanError::HoldsLogin { path: shown.to_owned() };
        let place = Place::see(&ground.file(shown)?)?;
        let same_file = |step: &&mut Step| matches!(step, Step::File(step) if step.path == place.path);
        if let Some(Step::File(step)) = self.steps.iter_mut().find(same_file) {
            let before = step.before.as_deref().map(Vec::as_slice);
            step.after = change.apply(step.after.as_deref().map(Vec::as_slice)).map_err(refused)?;
            step.keeps = keeps(before, step.after.as_deref().map(Vec::as_slice));
            return if step.after.is_none() && step.keeps != Keeps::Whole { Err(holds_login()) } else { Ok(()) };
        }
        let after = change.apply(place.bytes()).map_err(refused)?;
        if after.as_deref().map(Vec::as_slice) == place.bytes() {
            return Ok(());
        }
        place.can_be_changed()?;
        let keeps = keeps(place.bytes(), after.as_deref().map(Vec::as_slice));
        if after.is_none() && keeps != Keeps::Whole {
            return Err(holds_login());
        }
        let changed_before = self.steps.iter().find_map(|step| match step {
            Step::Mode { path, after, .. } if *path == place.path => Some(*after),
            _ => None,
        });
        let mode = changed_before.or(place.fingerprint().map(|is| is.mode)).unwrap_or(NEW_FILE);
        let expect = place.fingerprint().cloned();
        let before = place.there.map(|there| there.bytes);
        self.steps.push(Step::File(FileStep {
            shown: shown.to_owned(),
            path: place.path,
            named: ground.name(shown)?,
            expect,
            before,
            after,
            mode,
            keeps,
        }));
        Ok(())
    }

    /// A file that gets another name is neither written nor gets other bits, and gets its new name once.
    fn refuse_twice(&self) -> Result<(), PlanError> {
        let aside = self.steps.iter().filter_map(|step| match step {
            Step::SetAside { shown, path, .. } => Some((shown, path)),
            _ => None,
        });
        for (shown, aside) in aside {
            let with_it = self.steps.iter().filter(|step| match step {
                Step::File(step) => step.path == *aside || step.named == *aside,
                Step::SetAside { path, .. } | Step::Mode { path, .. } => path == aside,
                _ => false,
            });
            if with_it.count() > 1 {
                return Err(PlanError::Twice { path: shown.clone() });
            }
        }
        Ok(())
    }

    /// Whether anything is changed by us.
    pub fn changes_something(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step, Step::Tell { .. } | Step::Open { .. }))
    }

    /// A file that this plan was made of in another state than the later one: as the person knows it.
    pub fn differs_in_ground(&self, later: &Self) -> Option<String> {
        let differs = |step: &&Step| match step {
            Step::File(was) => !later
                .steps
                .iter()
                .any(|step| matches!(step, Step::File(is) if is.path == was.path && is.expect == was.expect)),
            Step::SetAside { path: was, .. } => {
                !later.steps.iter().any(|step| matches!(step, Step::SetAside { path, .. } if path == was))
            }
            _ => false,
        };
        self.steps.iter().find(differs).map(|step| match step {
            Step::File(FileStep { shown, .. }) | Step::SetAside { shown, .. } => shown.clone(),
            _ => String::new(),
        })
    }

    /// The steps that cannot be undone.
    pub fn irreversible(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| match step {
            Step::Run(_) => true,
            Step::File(step) => step.keeps == Keeps::Nothing,
            _ => false,
        })
    }
}

/// What can be kept of a file: of a claude.ai login nothing is copied.
fn keeps(before: Option<&[u8]>, after: Option<&[u8]>) -> Keeps {
    let Some(before) = before.filter(|before| holds_login_token(before)) else { return Keeps::Whole };
    let (keep, end) = middle(before, after.unwrap_or_default());
    if holds_login_token(&before[keep..end]) { Keeps::Nothing } else { Keeps::Middle }
}

/// Whether a token of a claude.ai login stands in these bytes, in one byte a character or in two.
pub(super) fn holds_login_token(bytes: &[u8]) -> bool {
    ["sk-ant-oat", "sk-ant-ort"].iter().any(|begins| {
        let wide: Vec<u8> = begins.bytes().flat_map(|byte| [byte, 0]).collect();
        memchr::memmem::find(bytes, begins.as_bytes()).is_some() || memchr::memmem::find(bytes, &wide[..19]).is_some()
    })
}

/// From where to where two texts differ, in the first of them.
pub(super) fn middle(before: &[u8], after: &[u8]) -> (usize, usize) {
    let keep = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let shorter = before.len().min(after.len()) - keep;
    let end = before.iter().rev().zip(after.iter().rev()).take(shorter).take_while(|(a, b)| a == b).count();
    (keep, before.len() - end)
}

impl FileStep {
    /// What the file is afterwards.
    pub(super) fn result(&self) -> Option<Fingerprint> {
        let bytes = self.after.as_ref()?;
        Some(Fingerprint { sha256: sha256(bytes), mode: self.mode, owner: self.owner() })
    }

    /// Owner and group that it gets, where they are not the account's own.
    pub(super) fn owner(&self) -> Option<(u32, u32)> {
        match &self.expect {
            Some(is) => is.owner,
            None => owner_below(nearest_folder(&self.path)),
        }
    }
}
