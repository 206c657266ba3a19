//! Goes through the files of each session as the shell would, without running anything.
//!
//! Followed: assignment, `export`, `unset`, `source`, `if`, `case`, `&&` and `||`, early ends, functions, aliases, loops
//! over what is written there. What a condition says is known only where it asks for something that is known here:
//! whether there is a terminal, which shell it is, whether a file is there, what a variable was set to above. Everything
//! else stays unknown.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

pub(super) mod alone;
mod effects;
mod flow;
mod session;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::edit::Syntax;
use super::files::{self, Path, Planned};
use super::programs;
use super::state::Variables;
use super::syntax::Node;
use super::text::Text;
use super::{Ending, Files, Person, Place, ProfileFile, Profiles, Role, Shell, StaticEnvironment, Why};
use crate::claude_code::{near_misses, variables};
use crate::report::{Source, SourceKind};
use crate::secret::Secret;
use crate::snapshot::{Platform, Variable};

/// Commands that are gone through at most: functions that call one another may otherwise never end.
pub(super) const STEPS: usize = 400_000;
/// Signs that cost as much as a command.
pub(super) const SIGNS_OF_A_STEP: usize = 64;
/// Bytes that are read at most: a file that holds few commands may be asked for again and again.
const BYTES: usize = 16 * super::FILE_LIMIT as usize;
/// How deep functions call one another, and files read one another.
pub(super) const CALLS: usize = 12;
/// Files that are read at most.
const FILES: usize = 200;
/// The longest value that is kept, in bytes.
pub(super) const VALUE: usize = 16 << 10;
/// How often a loop is gone through at most, until what is known stays the same.
const ROUNDS: usize = 8;
/// How many things a loop goes through one by one.
pub(super) const ITEMS: usize = 300;
const KEPT: usize = 256 << 10;
const PLACES: usize = 400;

/// What a person's profiles say.
pub fn follow(person: &Person, files: &mut dyn Files) -> Profiles {
    let mut all = Profiles { looked: true, shell: person.shell, known_by: person.known_by, ..Profiles::default() };
    if person.platform == Platform::Windows {
        return Profiles { looked: false, ..all };
    }
    let opened;
    let mut walk = Walk::new(person, files);
    // What the login hands on is already exported in the terminal.
    if let Some(session) = files::sign_in(person, walk.files) {
        walk.session(session);
    }
    if let Some(base) = walk.files.started_with(&walk.places) {
        let value = |name: &str| Variable::filled(&base.variables, name).map(str::to_owned);
        let (zdotdir, config_home, env_file) = (value("ZDOTDIR"), value("XDG_CONFIG_HOME"), value("ENV"));
        opened = Person { zdotdir, config_home, env_file, ..person.clone() };
        (walk.person, walk.started_with) = (&opened, Some(base));
    }
    for session in files::sessions(walk.person, walk.files) {
        let own = |planned: &Planned| matches!(&planned.path, Path::Fixed(path) if walk.walked.contains(path));
        if session.role != Role::Never || !session.files.iter().all(own) {
            walk.session(session);
        }
    }
    all.endings = walk.endings;
    all.anything = walk.anything;
    all.files = walk.profile_files;
    all.places = walk.places;
    all.texts = walk
        .loaded
        .values()
        .flatten()
        .filter(|file| !file.passed_over && file.text.reveal().len() <= KEPT)
        .filter(|file| person.platform.is_within(&file.path, &person.home))
        .map(|file| (file.path.clone(), Secret::clone(&file.text)))
        .collect();
    // What a new terminal reads is not said again for the login.
    let terminal: BTreeSet<String> =
        all.places.iter().filter(|place| place.role == Role::Terminal).map(|place| spot(&place.source)).collect();
    all.places.retain(|place| place.role == Role::Terminal || !terminal.contains(&spot(&place.source)));
    all
}

fn spot(source: &Source) -> String {
    format!("{:?}:{:?}:{:?}:{:?}", source.path, source.line, source.column, source.name)
}

/// Whether a variable of profiles is of interest. `HOME`, `PATH` and their like stand in every profile and say nothing
/// there.
pub(super) fn tracked(name: &str) -> bool {
    may_name(name) && (variables::find(name).is_some() || near_misses::resembles(Platform::Linux, name).is_some())
}

/// Whether a variable counts at all, `HOME`, `PATH` and their like too.
pub(super) fn counts(name: &str) -> bool {
    variables::find(name).is_some() || tracked(name)
}

/// Whether a text can hold a name of interest.
fn may_name(text: &str) -> bool {
    const SIGNS: &[&str] = &[
        "ANTHROPIC",
        "CLAUDE",
        "nthrop",
        "laude",
        "NTHROP",
        "LAUDE",
        "AWS_",
        "AZURE_",
        "CLOUD_ML_",
        "GOOGLE_APPLICATION",
        "_PROXY",
        "_proxy",
        "NODE_",
        "SSL_CERT",
        "API_TIMEOUT",
        "DISABLE_TELEMETRY",
        "XDG_CONFIG_HOME",
        // Slips within the first letters are seen by the rest.
        "_API_KEY",
        "_AUTH_TOKEN",
        "_OAUTH_TOKEN",
        "_BASE_URL",
    ];
    holds(text, SIGNS)
}

/// Whether a text can matter: it may hold such a name, reads another file, or moves the files of zsh.
fn matters(text: &str) -> bool {
    may_name(text) || holds(text, &["source", ". ", ".\t", "ZDOTDIR"])
}

fn holds(text: &str, signs: &[&str]) -> bool {
    signs.iter().any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

/// A file that was read.
pub(super) struct Loaded {
    path: String,
    kind: SourceKind,
    syntax: Syntax,
    pub shell: Shell,
    text: Rc<Secret>,
    /// Of a file of another shell nothing but what it says of ours is of interest.
    passed_over: bool,
    line_starts: Vec<usize>,
    /// The text stands in a word of another file, in an alias or behind `eval`.
    stands_at: Option<(Rc<Loaded>, usize)>,
}

impl Loaded {
    fn line(&self, at: usize) -> usize {
        if let Some((outer, at)) = &self.stands_at {
            return outer.line(*at);
        }
        self.line_starts.partition_point(|start| *start <= at)
    }

    /// A text in a word.
    fn standing_at(text: &str, file: &Rc<Self>, at: usize) -> Rc<Self> {
        Rc::new(Self {
            path: file.path.clone(),
            kind: file.kind,
            syntax: file.syntax,
            shell: file.shell,
            text: Rc::new(Secret::new(text)),
            passed_over: false,
            line_starts: vec![0],
            stands_at: Some((Rc::clone(file), at)),
        })
    }

    fn source(&self, at: usize, name: &str) -> Source {
        if let Some((outer, at)) = &self.stands_at {
            return outer.source(*at, name);
        }
        let line = self.line(at);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.reveal().get(start..at).unwrap_or_default();
        Source {
            path: Some(self.path.clone()),
            line: Some(line),
            column: Some(before.chars().count() + 1),
            name: Some(name.to_owned()),
            ..Source::new(self.kind)
        }
    }
}

/// The end of a file or a shell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// `return`: of this file or function.
    Return,
    /// `exit`, `exec`: of the shell.
    Exit,
}

/// Whether what comes now is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alive {
    Yes,
    Perhaps(End),
    /// Not any more, since that line.
    No(End, usize),
}

/// What a command answers.
#[derive(Clone, Copy, Default)]
pub(super) struct Truth {
    pub value: Option<bool>,
    /// It is so because there is a terminal.
    pub by_terminal: bool,
}

impl Truth {
    pub const UNKNOWN: Self = Self { value: None, by_terminal: false };

    pub fn known(value: bool) -> Self {
        Self { value: Some(value), by_terminal: false }
    }

    pub fn not(self) -> Self {
        Self { value: self.value.map(|value| !value), ..self }
    }

    pub fn and(self, other: Self) -> Self {
        let value = match (self.value, other.value) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        Self { value, by_terminal: self.by_terminal || other.by_terminal }
    }

    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

/// A function, and whether it surely is the one of its name.
#[derive(Clone)]
pub(super) struct Function {
    body: Rc<Vec<Node>>,
    file: Rc<Loaded>,
    pub surely: bool,
}

/// What an alias stands for. None: known only when the shell runs.
#[derive(Clone)]
pub(super) struct Alias {
    pub text: Option<Text>,
    pub surely: bool,
}

pub(super) struct Walk<'f> {
    pub person: &'f Person,
    /// What a new terminal is started with, where that is known.
    started_with: Option<StaticEnvironment>,
    pub files: &'f mut dyn Files,
    loaded: BTreeMap<String, Option<Rc<Loaded>>>,
    walked: BTreeSet<String>,
    profile_files: Vec<ProfileFile>,
    places: Vec<Place>,
    endings: Vec<Ending>,
    /// Names that were met, and whether they are of interest.
    names: HashMap<String, bool>,
    pub steps: usize,
    /// Bytes that were read, those of a file as often as it was gone through.
    bytes: usize,

    pub role: Role,
    pub login: bool,
    /// The shell of the session is fish.
    pub is_fish: bool,
    /// It is zsh.
    pub is_zsh: bool,
    /// The files that this session has read.
    read: BTreeSet<String>,
    pub variables: Variables,
    /// Variables that were set to what a command prints: where, and the command.
    pub outputs: HashMap<String, (Rc<Loaded>, usize, Text)>,
    /// Lists that were set to what is known: where, and their elements.
    pub lists: HashMap<String, (Rc<Loaded>, usize, Vec<Text>)>,
    /// Variables that are numbers: what is put into them is reckoned, and may not come out.
    pub numbers: BTreeSet<String>,
    /// What the login has exported, and the terminal may inherit.
    of_login: BTreeSet<String>,
    /// fish: variables that stand before the global ones for as long as the shell runs.
    pub shadowed: BTreeSet<String>,
    /// Names of fish's universal variables.
    pub universals: BTreeSet<String>,
    pub functions: BTreeMap<String, Vec<Function>>,
    called: BTreeSet<String>,
    /// Functions that a prompt calls.
    pub hooks: BTreeSet<String>,
    /// fish: functions with a file of their own.
    pub autoloaded: BTreeMap<String, String>,
    pub aliases: BTreeMap<String, Alias>,
    /// zsh: functions of which it is not known where their files lie.
    pub unread_functions: BTreeSet<String>,
    /// `set -a`
    pub exports_all: Option<bool>,
    /// Something exports variables whose names are not known.
    pub exports_unknown: bool,
    /// Something may have set any variable.
    anything: Option<(Source, Why)>,
    /// Not everything was gone through.
    pub gave_up: bool,
    pub alive: Alive,
    /// The shell may have ended before.
    may_have_ended: bool,
    /// Another program may have taken the shell's place: what stood before it does not hold in that one.
    pub perhaps_replaced: bool,
    /// Where shells without a terminal have ended, while those with one go on.
    terminals_only: Option<(End, usize)>,
    /// Conditions around that are not known.
    unknown_around: usize,
    /// Conditions around that do not hold.
    untrue_around: usize,
    pub in_function: usize,
    /// Loops around of which it is not known what they go through.
    in_loop: usize,
    /// No places are kept: the same is gone through once more.
    silent: usize,
    pub calls: usize,
    /// It may be in another folder than the one where it was opened.
    pub moved: bool,
    uncalled: bool,
    /// What the functions around were called with.
    pub arguments: Vec<Vec<Option<Text>>>,
    /// What was just expanded depends on there being a terminal.
    pub asked_terminal: bool,
    /// What was just expanded is known only roughly, as the version of a shell.
    pub rough: bool,
    /// An option changes what patterns match.
    pub odd_patterns: bool,
    /// An option changes which files patterns match, and what becomes of one that matches none.
    pub odd_files: bool,
    /// zsh: `^`, `#` and `~` are signs of patterns.
    pub extended_patterns: bool,
    /// zsh: a pattern that matches no file is no error.
    pub unmatched_is_fine: bool,
}

impl<'f> Walk<'f> {
    fn new(person: &'f Person, files: &'f mut dyn Files) -> Self {
        Self {
            person,
            started_with: None,
            files,
            loaded: BTreeMap::new(),
            walked: BTreeSet::new(),
            profile_files: Vec::new(),
            places: Vec::new(),
            endings: Vec::new(),
            names: HashMap::new(),
            steps: 0,
            bytes: 0,
            role: Role::Terminal,
            login: false,
            is_fish: false,
            is_zsh: false,
            read: BTreeSet::new(),
            variables: Variables::default(),
            outputs: HashMap::new(),
            lists: HashMap::new(),
            numbers: BTreeSet::new(),
            of_login: BTreeSet::new(),
            shadowed: BTreeSet::new(),
            universals: BTreeSet::new(),
            functions: BTreeMap::new(),
            called: BTreeSet::new(),
            hooks: BTreeSet::new(),
            autoloaded: BTreeMap::new(),
            aliases: BTreeMap::new(),
            unread_functions: BTreeSet::new(),
            exports_all: Some(false),
            exports_unknown: false,
            anything: None,
            gave_up: false,
            alive: Alive::Yes,
            may_have_ended: false,
            perhaps_replaced: false,
            terminals_only: None,
            unknown_around: 0,
            untrue_around: 0,
            in_function: 0,
            in_loop: 0,
            silent: 0,
            calls: 0,
            moved: false,
            uncalled: false,
            arguments: Vec::new(),
            asked_terminal: false,
            rough: false,
            odd_patterns: false,
            odd_files: false,
            extended_patterns: false,
            unmatched_is_fine: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_known_name_is_passed_over() {
        use crate::claude_code::variables::Purpose as P;

        let told = [P::Credential, P::Endpoint, P::Provider, P::CloudCredential, P::Proxy, P::Certificates];
        for fact in variables::FACTS.iter().filter(|fact| told.contains(&fact.purpose)) {
            assert!(tracked(fact.name), "{}", fact.name);
        }
        for other in
            ["CLAUDE_CONFIG_DIR", "ANTROPIC_API_KEY", "anthropic_api_key", "Anthropic_Api_Key", "ATNHROPIC_API_KEY"]
        {
            assert!(tracked(other), "{other}");
        }
        assert!(!tracked("HOME") && !tracked("PATH"));
    }
}
