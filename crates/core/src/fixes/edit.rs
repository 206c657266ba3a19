//! What a fix changes: a closed set, so that the inverse of each is known.

use zeroize::Zeroizing;

use super::rotate;
use crate::json::edit::{self as json_edit, Dialect, EditError};
use crate::message::Message;
use crate::secret::Secret;
use crate::shell::edit::{self as profile_edit, ProfileEditError, Syntax};

/// One thing that is changed, or shown.
#[derive(Clone, Debug)]
pub enum Edit {
    /// A file of the person's.
    File {
        /// The path, as seen from inside the examined machine.
        path: String,
        /// What becomes of it.
        change: FileChange,
    },
    /// Who may read and write a file, on Unix.
    Mode {
        /// The path, as seen from inside.
        path: String,
        /// The permission bits that it gets.
        mode: u32,
    },
    /// A file gets another name in its own folder. Its bytes stay where they are: of a login nothing is copied.
    SetAside {
        /// The path, as seen from inside.
        path: String,
    },
    /// A variable of the person on Windows (`HKCU\Environment`).
    UserVariable {
        /// Its name.
        name: String,
        /// Its new value; none: it goes.
        value: Option<Secret>,
    },
    /// A program is run. It cannot be undone.
    Run(Command),
    /// Something that the person does themselves: shown, and copied on a click.
    Tell {
        /// What to do.
        what: Message,
        /// The command to copy, if it is one.
        command: Option<String>,
        /// Whether only an administrator can.
        needs_elevation: bool,
    },
    /// A page is opened in the browser.
    Open {
        /// The address.
        url: String,
    },
}

/// What becomes of a file.
#[derive(Clone, Debug)]
pub enum FileChange {
    /// Members of a JSON file.
    Json {
        /// How it is written.
        dialect: Dialect,
        /// The changes, one after the other.
        changes: Vec<json_edit::Change>,
    },
    /// Lines of a shell's profile, or of another file that sets variables.
    Profile {
        /// How it is written.
        syntax: Syntax,
        /// The changes, one after the other.
        changes: Vec<profile_edit::Change>,
    },
    /// Characters that no program asked for at the start of the file: the byte-order mark goes, UTF-16 becomes UTF-8.
    PlainUtf8,
    /// A new text as a whole.
    Whole(Secret),
    /// A key becomes another, wherever it stands whole.
    ReplaceKey {
        /// The key that stands there.
        old: Secret,
        /// The one that takes its place.
        new: Secret,
    },
    /// It goes.
    Gone,
}

/// A program that is run.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program.
    pub program: Program,
    /// Its arguments. Never a secret: other programs see them.
    pub arguments: Vec<String>,
    /// What it does, in words.
    pub what: Message,
}

/// Whose program it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// The person's own `claude`, with the environment that is examined.
    Claude,
    /// One of the system's, found on its usual path.
    System(String),
}

/// Why a file is not changed. It is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// JSON that cannot be edited.
    #[error(transparent)]
    Json(#[from] EditError),
    /// A profile that cannot be edited.
    #[error(transparent)]
    Profile(#[from] ProfileEditError),
    /// It is not there.
    #[error("the file is not there any more")]
    NotThere,
}

/// What a file is afterwards. Cleared from memory when it is dropped. `None`: it is not there.
pub type Bytes = Option<Zeroizing<Vec<u8>>>;

impl FileChange {
    /// The bytes of the file afterwards. `before`: those that it has, where it is there.
    ///
    /// # Errors
    /// [`ChangeError`]
    pub fn apply(&self, before: Option<&[u8]>) -> Result<Bytes, ChangeError> {
        Ok(match self {
            Self::Json { dialect, changes } => Some(json_edit::edit(before.unwrap_or_default(), *dialect, changes)?),
            Self::Profile { syntax, changes } => {
                Some(profile_edit::edit(before.unwrap_or_default(), *syntax, changes)?)
            }
            Self::PlainUtf8 => Some(json_edit::plain_utf8(before.ok_or(ChangeError::NotThere)?)?),
            Self::Whole(text) => Some(whole(text)),
            Self::ReplaceKey { old, new } => Some(rotate::replaced(before.ok_or(ChangeError::NotThere)?, old, new)),
            Self::Gone => None,
        })
    }
}

/// The door of the transaction: what is written into a file of the person's own on their word.
#[expect(clippy::disallowed_methods, reason = "a fix writes it where it belongs")]
fn whole(text: &Secret) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.reveal().as_bytes().to_vec())
}

impl Edit {
    /// The JSON file with one change.
    pub fn json(path: impl Into<String>, change: json_edit::Change) -> Self {
        Self::File { path: path.into(), change: FileChange::Json { dialect: Dialect::Strict, changes: vec![change] } }
    }

    /// The profile with one change.
    pub fn profile(path: impl Into<String>, syntax: Syntax, change: profile_edit::Change) -> Self {
        Self::File { path: path.into(), change: FileChange::Profile { syntax, changes: vec![change] } }
    }

    /// Whether its inverse can be done.
    pub fn is_reversible(&self) -> bool {
        !matches!(self, Self::Run(_))
    }

    /// Whether only an administrator can do it.
    pub fn needs_elevation(&self) -> bool {
        matches!(self, Self::Tell { needs_elevation: true, .. })
    }

    /// Whether anything is changed on the machine by us.
    pub fn changes_something(&self) -> bool {
        !matches!(self, Self::Tell { .. } | Self::Open { .. })
    }
}
