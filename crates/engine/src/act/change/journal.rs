//! The journal: a line of JSON for the beginning of a change and one for its end. No secret is in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::place::Fingerprint;
use super::store::{Store, StoreError, private};
use super::undo::IfChanged;

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
    /// Claude Code's own locks that it held meanwhile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<PathBuf>,
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
        /// Device and inode, on Unix: they go with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity: Option<(u64, u64)>,
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
        /// Whether it was of the kind in which Windows puts other variables in (`REG_EXPAND_SZ`).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        expands: bool,
        /// The SHA-256 of what it became; none: it was taken away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// A program was run, which cannot be undone.
    Ran {
        /// The program and its arguments.
        command: Vec<String>,
    },
    /// The person was told something.
    Told,
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
    /// It was taken back while it was made, or after it was cut off.
    RolledBack,
    /// It was cut off and taken back, but for files that something else had changed meanwhile.
    RolledBackInPart,
    /// Being undone, and not ended: what runs now, or was cut off.
    Undoing,
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
            Self::RolledBackInPart => "history-state-rolled_back_in_part",
            Self::Undoing => "history-state-undoing",
            Self::Undone => "history-state-undone",
        }
    }

    /// Whether it was cut off, unless it runs now.
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Begun | Self::Undoing)
    }

    /// Whether there is something that can be undone.
    pub fn is_undoable(self) -> bool {
        matches!(self, Self::Done | Self::RolledBackInPart)
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
            Self::Told => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Ended {
    schema: String,
    change: String,
    state: State,
    /// Of an undo that begins: what was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    if_changed: Option<IfChanged>,
}

/// What every line has, of whatever version.
#[derive(Deserialize)]
struct AnyLine {
    schema: String,
    change: String,
    #[serde(default)]
    utc: Option<String>,
}

/// A change of the journal.
#[derive(Clone, Debug)]
pub enum Noted {
    /// One that we know how to read.
    Known(OwnChange),
    /// One of a newer Authlight: what it did is not known here, and nothing is done about it.
    Newer {
        /// Its name.
        change: String,
        /// When it began.
        utc: String,
    },
}

/// A change, and how far it is.
#[derive(Clone, Debug)]
pub struct OwnChange {
    /// The change.
    pub recorded: Recorded,
    /// How far it is.
    pub state: State,
    /// What was chosen for files that something else had changed, where it is being undone.
    pub if_changed: IfChanged,
}

impl Recorded {
    pub(super) fn new(change: String, utc: String, what: String, steps: Vec<Entry>, locks: Vec<PathBuf>) -> Self {
        Self { schema: SCHEMA.to_owned(), change, utc, what, steps, locks }
    }
}

/// Whether a name can be that of a change: it becomes one of a folder.
fn is_name(change: &str) -> bool {
    !change.is_empty() && change.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Store {
    /// Every change that is known here, the oldest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn changes(&self) -> Result<Vec<(Recorded, State)>, StoreError> {
        let known = self.noted()?.into_iter().filter_map(|noted| match noted {
            Noted::Known(known) => Some((known.recorded, known.state)),
            Noted::Newer { .. } => None,
        });
        Ok(known.collect())
    }

    /// Every change, the oldest first. A line that was cut off is passed over: what it told of had not begun.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn noted(&self) -> Result<Vec<Noted>, StoreError> {
        let path = self.journal();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(StoreError::System { path, cause }),
        };
        let mut all: Vec<Noted> = Vec::new();
        for line in text.split(|byte| *byte == b'\n') {
            let Ok(any) = serde_json::from_slice::<AnyLine>(line) else { continue };
            let is_ours = any.schema == SCHEMA && is_name(&any.change);
            match all.iter_mut().find(|noted| noted.change() == any.change) {
                Some(noted @ Noted::Known(_)) => noted.goes_on(line, is_ours),
                Some(Noted::Newer { .. }) => {}
                None => match serde_json::from_slice(line) {
                    Ok(recorded) if is_ours => {
                        all.push(Noted::Known(OwnChange { recorded, state: State::Begun, if_changed: IfChanged::Ask }));
                    }
                    _ => all.push(Noted::Newer { change: any.change, utc: any.utc.unwrap_or_default() }),
                },
            }
        }
        Ok(all)
    }

    pub(super) fn begin(&self, recorded: &Recorded) -> Result<(), StoreError> {
        self.append(recorded)
    }

    pub(super) fn begin_undo(&self, change: &str, if_changed: IfChanged) -> Result<(), StoreError> {
        self.note(change, State::Undoing, Some(if_changed))
    }

    pub(super) fn end(&self, change: &str, state: State) -> Result<(), StoreError> {
        self.note(change, state, None)
    }

    fn note(&self, change: &str, state: State, if_changed: Option<IfChanged>) -> Result<(), StoreError> {
        self.append(&Ended { schema: SCHEMA.to_owned(), change: change.to_owned(), state, if_changed })
    }

    fn append(&self, line: &impl Serialize) -> Result<(), StoreError> {
        let path = self.journal();
        let written = (|| {
            // A line that was cut off must not swallow this one.
            let mut text = vec![b'\n'];
            serde_json::to_writer(&mut text, line)?;
            text.push(b'\n');
            let is_new = !path.exists();
            let mut file = private().create(true).append(true).open(&path)?;
            let length = file.metadata()?.len();
            let written = file
                .write_all(&text)
                .and_then(|()| file.sync_all())
                .and_then(|()| if is_new { super::replace::sync_folder_of(&path) } else { Ok(()) });
            if written.is_err() {
                // What is not sure to be on the disk must not be read there later.
                let _a_part_of_a_line_is_passed_over = file.set_len(length);
            }
            written
        })();
        written.map_err(|cause: io::Error| StoreError::System { path, cause })
    }
}

impl Noted {
    /// Takes in a later line of a change.
    fn goes_on(&mut self, line: &[u8], is_ours: bool) {
        let Self::Known(known) = self else { return };
        match serde_json::from_slice::<Ended>(line) {
            Ok(ended) if is_ours => {
                known.state = ended.state;
                known.if_changed = ended.if_changed.unwrap_or(IfChanged::Ask);
            }
            // Something has become of it that we cannot read.
            _ => {
                let (change, utc) = (known.recorded.change.clone(), known.recorded.utc.clone());
                *self = Self::Newer { change, utc };
            }
        }
    }

    /// Its name.
    pub fn change(&self) -> &str {
        match self {
            Self::Known(known) => &known.recorded.change,
            Self::Newer { change, .. } => change,
        }
    }
}
