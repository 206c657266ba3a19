//! The journal: a line of JSON for the beginning of a change and one for its end. No secret is in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::place::Fingerprint;
use super::store::{Store, StoreError, private};

/// The shape of a line.
const SCHEMA: &str = "authlight.change/1";

/// A change as it was written down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// Always `authlight.change/1`.
    schema: String,
    /// Its name.
    pub change: String,
    /// When it began, ISO 8601.
    pub utc: String,
    /// What it was for: the ID of a fix, or `undo` with the change that was undone.
    pub what: String,
    /// What it changed, in order.
    pub steps: Vec<Entry>,
}

/// What became of one thing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// A file was written or removed.
    File {
        /// Where it lies.
        path: PathBuf,
        /// What it was; none: it was not there.
        before: Option<Known>,
        /// What it became; none: it was removed.
        after: Option<Known>,
        /// What is kept of it.
        backup: Backup,
        /// Folders that were made for it, outermost first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        folders: Vec<PathBuf>,
    },
    /// A file got another name.
    Renamed {
        /// Its name before.
        path: PathBuf,
        /// Its name after.
        to: PathBuf,
    },
    /// A file got other permission bits.
    Mode {
        /// Where it lies.
        path: PathBuf,
        /// What they were.
        before: u32,
        /// What they became.
        after: u32,
    },
    /// A variable of the person on Windows.
    UserVariable {
        /// Its name.
        name: String,
        /// What is kept of it.
        backup: Backup,
    },
    /// A program was run, which cannot be undone.
    Ran {
        /// The program and its arguments.
        command: Vec<String>,
    },
}

/// A state of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its permission bits.
    pub mode: u32,
    /// Owner and group, on Unix.
    pub owner: Option<(u32, u32)>,
}

impl From<&Fingerprint> for Known {
    fn from(of: &Fingerprint) -> Self {
        Self { sha256: of.sha256.clone(), mode: of.mode, owner: of.owner }
    }
}

impl From<&Known> for Fingerprint {
    fn from(of: &Known) -> Self {
        Self { sha256: of.sha256.clone(), mode: of.mode, owner: of.owner }
    }
}

/// What is kept of what was there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backup {
    /// Nothing was there.
    None,
    /// All of it, in this file beside the others of the change.
    Whole(String),
    /// Of a file that holds a claude.ai login only the bytes that were changed: `keep` bytes stand before them and
    /// `new` bytes took their place.
    Middle {
        /// The file with the bytes that were there.
        file: String,
        /// How many bytes stand before.
        keep: usize,
        /// How many bytes took their place.
        new: usize,
    },
    /// Nothing could be kept, since a claude.ai token would have been copied.
    Withheld,
}

/// How far a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Begun, and not ended: what runs now, or was cut off.
    Begun,
    /// All of it is done.
    Done,
    /// It was taken back while it was made.
    RolledBack,
    /// It was undone later.
    Undone,
}

impl State {
    /// The word for it, by its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Begun => "history-state-begun",
            Self::Done => "history-state-done",
            Self::RolledBack => "history-state-rolled_back",
            Self::Undone => "history-state-undone",
        }
    }
}

impl Entry {
    /// What it had to do with: a path, a variable, a command.
    pub fn place(&self) -> Option<String> {
        match self {
            Self::File { path, .. } | Self::Renamed { path, .. } | Self::Mode { path, .. } => {
                Some(path.display().to_string())
            }
            Self::UserVariable { name, .. } => Some(format!("HKCU\\Environment\\{name}")),
            Self::Ran { command } => (!command.is_empty()).then(|| command.join(" ")),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Ended {
    schema: String,
    change: String,
    state: State,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Begun(Recorded),
    Ended(Ended),
}

impl Recorded {
    pub(super) fn new(change: String, utc: String, what: String, steps: Vec<Entry>) -> Self {
        Self { schema: SCHEMA.to_owned(), change, utc, what, steps }
    }
}

impl Store {
    /// Every change, the oldest first. A line that was cut off is passed over: what it told of had not begun.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn changes(&self) -> Result<Vec<(Recorded, State)>, StoreError> {
        let path = self.journal();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(StoreError::System { path, cause }),
        };
        let mut changes: Vec<(Recorded, State)> = Vec::new();
        for line in text.split(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Line::Begun(recorded)) => changes.push((recorded, State::Begun)),
                Ok(Line::Ended(ended)) => {
                    let of_it = changes.iter_mut().filter(|(recorded, _)| recorded.change == ended.change);
                    of_it.for_each(|(_, state)| *state = ended.state);
                }
                Err(_) => {}
            }
        }
        Ok(changes)
    }

    pub(super) fn begin(&self, recorded: &Recorded) -> Result<(), StoreError> {
        self.append(recorded)
    }

    pub(super) fn end(&self, change: &str, state: State) -> Result<(), StoreError> {
        self.append(&Ended { schema: SCHEMA.to_owned(), change: change.to_owned(), state })
    }

    fn append(&self, line: &impl Serialize) -> Result<(), StoreError> {
        let path = self.journal();
        let written = (|| {
            // A line that was cut off must not swallow this one.
            let mut text = vec![b'\n'];
            serde_json::to_writer(&mut text, line)?;
            text.push(b'\n');
            let mut file = private().create(true).append(true).open(&path)?;
            file.write_all(&text)?;
            file.sync_all()?;
            super::replace::sync_folder(path.parent().unwrap_or(&path))
        })();
        written.map_err(|cause: io::Error| StoreError::System { path, cause })
    }
}
