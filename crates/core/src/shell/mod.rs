//! Shell profiles, read and never run: where a variable is set, whether programs get it, and in which file.
//!
//! With the `process` context this is only a hint. It says why a variable is not there ("it stands in `~/.zshrc`,
//! line 12, but is not exported"), and never takes part in who signs in. What cannot be followed is not claimed.

mod commands;
mod cursor;
pub mod edit;
mod expand;
mod files;
mod fish;
mod follow;
pub mod nushell;
mod plain_files;
mod posix;
pub mod powershell;
mod programs;
mod session;
mod state;
mod statements;
mod syntax;
mod text;

use crate::reading::{Reading, Trouble};
use crate::report::{Source, SourceKind};
use crate::secret::Secret;
use crate::snapshot::Platform;

pub use follow::follow;
pub(crate) use plain_files::lines as environment_lines;
pub(crate) use session::{Act as StepAct, Step, after_steps};
pub use session::{StaticEnvironment, Unsure, variables_of_new_terminal};

/// The largest profile that is read.
pub const FILE_LIMIT: u64 = 4 << 20;

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Shell {
    /// bash
    #[default]
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// `sh`, `dash`, `ash`, `ksh`
    Sh,
    /// One whose profiles we cannot read.
    Other,
}

impl Shell {
    /// The shell of a program's path.
    pub fn of_path(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or_default();
        match name {
            "bash" | "rbash" => Self::Bash,
            "zsh" | "rzsh" => Self::Zsh,
            "fish" => Self::Fish,
            "sh" | "dash" | "ash" | "ksh" | "mksh" => Self::Sh,
            _ => Self::Other,
        }
    }

    /// The word for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Sh => "sh",
            Self::Other => "other",
        }
    }
}

/// How the shell is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ShellKnownBy {
    /// `$SHELL`.
    Variable,
    /// The account's entry in `/etc/passwd`.
    Account,
    /// The system's usual one.
    #[default]
    Assumed,
}

/// Whose profiles are read.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Whose rules apply.
    pub platform: Platform,
    /// The home.
    pub home: String,
    /// The shell.
    pub shell: Shell,
    /// How it is known.
    pub known_by: ShellKnownBy,
    /// `$ZDOTDIR`, if it is set.
    pub zdotdir: Option<String>,
    /// `$XDG_CONFIG_HOME`, if it is set.
    pub config_home: Option<String>,
    /// `$ENV`, the file that an interactive `sh` reads, if it is set.
    pub env_file: Option<String>,
    /// Assignments that are taken as if they were not written: to see what would be without them.
    pub left_out: Vec<Source>,
}

/// The path of the shell in an account's line in `/etc/passwd`: the one whose home it is.
pub fn shell_of_account<'a>(passwd: &'a str, home: &str) -> Option<&'a str> {
    passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [_, _, _, _, _, its_home, shell] = fields.as_slice() else { return None };
        (*its_home == home && !shell.is_empty()).then(|| shell.trim())
    })
}

/// Who reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A newly opened terminal.
    Terminal,
    /// Only the first shell of a session: after the person has signed out and in again.
    Login,
    /// Not this person's shell.
    Never,
}

/// A profile file that is there.
#[derive(Clone, Debug)]
pub struct ProfileFile {
    /// The path.
    pub path: String,
    /// Who reads it.
    pub role: Role,
    /// Why it could not be read.
    pub trouble: Option<Trouble>,
    /// The line from which on it could not be followed.
    pub broken_line: Option<usize>,
    /// Last change, milliseconds since 1970.
    pub modified_ms: Option<i64>,
}

/// What a place does with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It sets it.
    Set,
    /// It takes it away.
    Unset,
    /// It mentions it, in a part that could not be followed.
    Mention,
}

/// Whether the shell comes to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Each time.
    Always,
    /// Under a condition that cannot be told without running it.
    Perhaps,
    /// Never in this session: under a condition that does not hold.
    Not,
    /// In a function that the profile does not call.
    NotCalled,
    /// Behind a `return`, `exit` or `exec` that always comes first; the line of it.
    AfterEnd(usize),
}

/// Whether programs get a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exported {
    /// They do.
    Yes,
    /// It stays in the shell.
    No,
    /// It could not be followed.
    Unknown,
}

/// A variable at a place in a profile.
#[derive(Clone, Debug)]
pub struct Place {
    /// The name as it is written.
    pub name: String,
    /// File, line, column.
    pub source: Source,
    /// What is done.
    pub act: Act,
    /// The value. None: known only when the shell runs.
    pub value: Option<Secret>,
    /// Whether it is handed on, at the end of the session's files.
    pub exported: Exported,
    /// Whether it is reached.
    pub reach: Reach,
    /// The line of a `return` or `exit` before it that ends the file for shells without a terminal: those that an IDE
    /// or a desktop starts.
    pub terminals_only: Option<usize>,
    /// Whether a later place sets or unsets it in any case.
    pub overwritten: bool,
    /// Who reads the file.
    pub role: Role,
    /// How the file is written.
    pub syntax: edit::Syntax,
}

/// Why it cannot be told what a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Under a condition that cannot be told.
    Condition,
    /// Its value is known only when the shell runs.
    Computed,
    /// It stands in a part that could not be followed.
    NotFollowed,
    /// The shell runs what another program prints, or another file that is not known.
    Program,
    /// A file could not be read, or not to its end.
    NotRead,
    /// The shell ends, or another one takes its place.
    EndsEarly,
    /// There was too much to go through.
    TooMuch,
    /// The profiles of this shell are not read.
    OtherShell,
    /// Some desktops read the file when the person signs in, and others do not.
    AtSignIn,
}

/// What a variable holds once a new terminal has read its files.
#[derive(Clone, Debug)]
pub enum Left {
    /// What it held before.
    AsBefore,
    /// This.
    Set(Secret),
    /// This, unless it was there before.
    Unless(Secret),
    /// It is taken away.
    Unset,
    /// It cannot be told.
    Unsure(Why),
}

/// A variable that a new terminal's files have to do with.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Its name.
    pub name: String,
    /// What it holds in the end.
    pub left: Left,
    /// Whether programs get it. None: if it was there before.
    pub exported: Option<Exported>,
    /// The last place that had to do with it.
    pub source: Source,
}

/// What the profiles say.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    /// Whether they were looked at: on Windows they are not, there.
    pub looked: bool,
    /// The person's shell.
    pub shell: Shell,
    /// How it is known.
    pub known_by: ShellKnownBy,
    /// Every file that is there, in the order of reading.
    pub files: Vec<ProfileFile>,
    /// Every place, in the order of reading.
    pub places: Vec<Place>,
    /// What a new terminal's files make of variables that count.
    pub endings: Vec<Ending>,
    /// A place of theirs that may have set any other variable too, and why.
    pub anything: Option<(Source, Why)>,
    /// The texts of the files in the home, by their paths: what a repair would change in them is tried before it is
    /// offered. Large ones are left out.
    pub texts: Vec<(String, Secret)>,
}

impl Profiles {
    /// The places of a variable.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Place> {
        self.places.iter().filter(move |place| place.name == name)
    }
}

/// A file as it is handed in: what it holds, when it was changed.
pub type ProfileText = (Reading<Secret>, Option<i64>);

/// Whether a variable counts on a platform.
pub(crate) fn counts_on(platform: Platform, name: &str) -> bool {
    follow::counts(name) || crate::claude_code::variables::named(platform, name).is_some()
}

/// The place of a name in a text, given in bytes.
pub(crate) fn source_at(kind: SourceKind, path: &str, text: &str, at: usize, name: Option<&str>) -> Source {
    let before = text.get(..at).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let (line, column) = (Some(line), Some(column));
    Source { path: Some(path.to_owned()), line, column, name: name.map(str::to_owned), ..Source::new(kind) }
}

/// What the following of profiles asks of the machine.
pub trait Files {
    /// The text of a file.
    fn read(&mut self, path: &str) -> ProfileText;

    /// Whether a path is a file; None where that cannot be told.
    fn is_file(&mut self, path: &str) -> Option<bool>;

    /// Whether a path is a folder; None where that cannot be told.
    fn is_folder(&mut self, path: &str) -> Option<bool>;

    /// Whether the person may write to a file or folder; None where that cannot be told.
    fn is_writable(&mut self, path: &str) -> Option<bool> {
        let _ = path;
        None
    }

    /// The names in a folder, sorted; none where there is no folder.
    fn list(&mut self, folder: &str) -> Vec<String>;

    /// What a new terminal is started with: every variable that counts. `at_sign_in` is what the files say that are read
    /// when the person signs in. None: not known.
    fn started_with(&mut self, at_sign_in: &[Place]) -> Option<StaticEnvironment> {
        let _ = at_sign_in;
        None
    }
}

#[cfg(test)]
mod tests;
