//! Goes through the files of each session as the shell would, without running anything.
//!
//! Followed: assignment, `export`, `unset`, `source`, `if`, `case`, `&&` and `||`, early ends, functions, aliases, loops
//! over what is written there. What a condition says is known only where it asks for something that is known here:
//! whether there is a terminal, which shell it is, whether a file is there, what a variable was set to above. Everything
//! else stays unknown.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

pub(super) mod alone;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::edit::Syntax;
use super::files::{self, Format, Path, Planned, Session};
use super::state::{Export, Value, Variables};
use super::syntax::{Join, Node, Piece, Word};
use super::text::Text;
use super::{
    Act, Ending, Exported, Files, Left, Person, Place, ProfileFile, Profiles, Reach, Role, Shell, StaticEnvironment,
    Why,
};
use super::{fish, plain_files, posix, programs};
use crate::claude_code::{near_misses, variables};
use crate::reading::{Reading, Trouble};
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
/// Variables that bash and zsh count, draw or look up anew each time.
const OF_ITS_OWN: [&str; 7] = ["RANDOM", "SRANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "EPOCHREALTIME", "BASHPID"];
/// The largest file whose text is kept.
const KEPT: usize = 256 << 10;
/// Where frameworks lie that put a profile together. Nothing but a profile sets these, and profiles are followed here.
const OF_FRAMEWORKS: [&str; 9] = [
    "ZSH",
    "ZSH_CUSTOM",
    "ZSH_CACHE_DIR",
    "ZSH_COMPDUMP",
    "OSH",
    "OSH_CUSTOM",
    "OSH_CACHE_DIR",
    "BASH_IT",
    "BASH_IT_CUSTOM",
];
/// Places that are kept at most.
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

    fn session(&mut self, session: Session) {
        let first = self.places.len();
        self.role = session.role;
        self.login = session.role == Role::Login || self.person.platform == Platform::MacOs;
        self.read.clear();
        self.functions.clear();
        self.called.clear();
        self.hooks.clear();
        self.autoloaded.clear();
        self.aliases.clear();
        self.unread_functions.clear();
        self.shadowed.clear();
        self.universals.clear();
        self.exports_all = Some(false);
        self.exports_unknown = false;
        self.odd_patterns = false;
        self.odd_files = false;
        self.extended_patterns = false;
        self.unmatched_is_fine = false;
        self.may_have_ended = false;
        self.perhaps_replaced = false;
        self.moved = false;
        self.alive = Alive::Yes;
        self.terminals_only = None;
        let terminal = session.role == Role::Terminal;
        if !terminal {
            self.of_login.clear();
        }
        self.is_fish = session.shell == Shell::Fish;
        self.is_zsh = session.shell == Shell::Zsh;
        self.begin(session.shell, terminal);
        if session.shell == Shell::Fish {
            self.autoloaded = files::fish_functions(self.person, self.files);
        }
        for planned in &session.files {
            // What `/etc/profile` has read itself is not read again.
            let again = matches!(&planned.path, Path::Fixed(path) if files::is_script_of_profile(path) && self.read.contains(path));
            if !again {
                self.planned(planned);
                self.after_return(Alive::Yes, None);
            }
        }
        self.hooks();
        if terminal {
            self.end_session();
        }
        self.uncalled_functions();
        self.conclude(first);
        if session.role == Role::Login {
            // What the login exported may be inherited, if the person has signed in since.
            let exported = |(name, variable): (&String, &super::state::Variable)| {
                (!matches!(variable.export, Export::No | Export::AsBefore)).then(|| name.clone())
            };
            self.of_login = self.variables.touched().filter_map(exported).collect();
        }
    }

    /// What every shell knows before it reads a file.
    fn begin(&mut self, shell: Shell, terminal: bool) {
        self.variables = Variables::default();
        self.outputs.clear();
        self.lists.clear();
        self.numbers.clear();
        if let Some(base) = self.started_with.as_ref().filter(|_| terminal) {
            // What cannot be told of the start stays what it was before, whatever that is.
            for fact in variables::FACTS.iter().filter(|fact| base.unsure_of(fact.name).is_none()) {
                self.variables.begin(fact.name, Value::Unset, Export::No);
            }
            for variable in &base.variables {
                self.variables.begin(&variable.name, Value::Text(variable.value.clone()), Export::Yes);
            }
        }
        if terminal {
            for name in OF_FRAMEWORKS.iter().filter(|name| !self.of_login.contains(**name)) {
                self.variables.begin(name, Value::Unset, Export::No);
            }
        }
        let (changing, fixed): (&[&str], &[&str]) = match shell {
            Shell::Bash => (&OF_ITS_OWN, &["EUID", "UID", "PPID", "BASHOPTS", "BASH_VERSINFO", "SHELLOPTS"]),
            Shell::Zsh => (
                &OF_ITS_OWN,
                &["EUID", "UID", "GID", "EGID", "USERNAME", "PPID", "status", "HISTCMD", "TTYIDLE", "ZSH_SUBSHELL"],
            ),
            _ => (&[], &[]),
        };
        for (names, fixed) in [(changing, false), (fixed, true)] {
            names.iter().for_each(|name| self.variables.begin_of_shell(name, fixed));
        }
        let version = |own: Shell| if shell == own { "\0" } else { "" };
        let mac = self.person.platform == Platform::MacOs;
        let person = self.person;
        let fish_folder = files::fish_folder(person);
        let plain = [
            ("HOME", person.home.as_str()),
            ("ZDOTDIR", person.zdotdir.as_deref().unwrap_or_default()),
            ("XDG_CONFIG_HOME", person.config_home.as_deref().unwrap_or_default()),
            ("BASH_VERSION", version(Shell::Bash)),
            ("BASH", if shell == Shell::Bash { "/bin/bash" } else { "" }),
            ("ZSH_VERSION", version(Shell::Zsh)),
            ("FISH_VERSION", version(Shell::Fish)),
            ("__fish_config_dir", if shell == Shell::Fish { &fish_folder } else { "" }),
            ("IFS", if shell == Shell::Fish { "" } else { " \t\n" }),
            ("OSTYPE", if mac { "darwin" } else { "linux" }),
        ];
        for (name, text) in plain {
            if text.is_empty() {
                self.variables.begin(name, Value::Unset, Export::No);
            } else {
                self.variables.begin(name, Value::Text(Secret::new(text)), Export::AsBefore);
            }
        }
    }

    /// A file that the shell reads by itself.
    fn planned(&mut self, planned: &Planned) {
        let path = match &planned.path {
            Path::Fixed(path) => path.clone(),
            Path::Zsh(name) => {
                let Some(folder) = self.value_of("ZDOTDIR") else {
                    if !matches!(self.alive, Alive::No(..)) {
                        self.gave_up = true;
                    }
                    return;
                };
                let folder = if folder.is_empty() { &self.person.home } else { &*folder };
                self.person.platform.join(folder, name)
            }
        };
        let Some(loaded) = self.load(&path, planned.format) else {
            let failed = |file: &ProfileFile| file.path == path && file.trouble.is_some();
            if let Some(file) = self.profile_files.iter().find(|file| failed(file)) {
                let source = Source { path: Some(file.path.clone()), ..Source::new(SourceKind::ShellProfile) };
                if self.role == Role::Terminal {
                    self.anything.get_or_insert((source, Why::NotRead));
                    self.forget(None, Why::NotRead);
                }
            }
            return;
        };
        self.walked.insert(path.clone());
        self.read.insert(path);
        match planned.format {
            Format::Shell(_) => self.script(&loaded),
            Format::FishUniversal => {
                for line in fish::universal(loaded.text.reveal()) {
                    self.universals.insert(line.name.clone());
                    let export = if line.exported { Export::Yes } else { Export::No };
                    let text = Secret::new(line.value.as_str());
                    let value = if line.single { Value::Text(text.clone()) } else { Value::List(text.clone()) };
                    self.place(&loaded, &line.name, Act::Set, Some(text), line.at);
                    self.universal(&loaded, &line.name, value, Some(export), line.at);
                }
            }
            Format::Environment => {
                for line in plain_files::lines(loaded.text.reveal()) {
                    let value = line.value.map(|text| Secret::new(text.as_str()));
                    self.set(&loaded, &line.name, value, line.at);
                    self.export(&loaded, &line.name, Export::Yes, line.at);
                }
            }
        }
    }

    /// Whether an assignment is to be taken as if it were not written.
    pub fn is_left_out(&self, file: &Loaded, name: &str, at: usize) -> bool {
        !self.person.left_out.is_empty() && self.person.left_out.contains(&file.source(at, name))
    }

    /// A universal variable of fish. What was there before goes before it.
    pub fn universal(&mut self, file: &Rc<Loaded>, name: &str, value: Value, export: Option<Export>, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        self.universals.insert(name.to_owned());
        let reach = self.effect();
        self.variables.change(name, reach, |variable| {
            let was = std::mem::take(&mut variable.value);
            variable.value = match (was, value) {
                (Value::Unset, value) => value,
                (_, value) if variable.universal => value,
                (Value::AsBefore | Value::Unless(_), Value::Text(text)) => Value::Unless(text),
                (Value::AsBefore | Value::Unless(_), _) => Value::Unknown(Why::Computed),
                (other, _) => {
                    variable.value = other;
                    // One that is not handed on hides it from the shell, and not from programs.
                    if variable.export != Export::Yes && export != Some(Export::No) {
                        variable.value = Value::Unknown(Why::NotFollowed);
                        variable.export = Export::Unknown;
                        variable.place = Some((Rc::clone(file), at));
                    }
                    return;
                }
            };
            if !matches!(variable.value, Value::Unless(_)) {
                variable.universal = true;
            }
            variable.export = export.unwrap_or(if variable.export == Export::Yes { Export::Yes } else { Export::No });
            variable.place = Some((Rc::clone(file), at));
        });
    }

    fn load(&mut self, path: &str, format: Format) -> Option<Rc<Loaded>> {
        if let Some(loaded) = self.loaded.get(path) {
            return loaded.clone();
        }
        if self.loaded.len() >= FILES {
            self.gave_up = true;
            return None;
        }
        let (reading, modified_ms) = self.files.read(path);
        let shell = match format {
            Format::Shell(shell) => shell,
            Format::FishUniversal | Format::Environment => Shell::Other,
        };
        let mut file =
            ProfileFile { path: path.to_owned(), role: self.role, trouble: None, broken_line: None, modified_ms };
        let loaded = match reading {
            Reading::Absent => None,
            Reading::Unreadable(trouble) => {
                // A folder under that name is passed over by the shells.
                if trouble != Trouble::Folder {
                    file.trouble = Some(trouble);
                    self.profile_files.push(file);
                }
                None
            }
            Reading::Found(text) => {
                // The sessions that count come first, and find here what they have read.
                let passed_over = self.role == Role::Never && !matters(text.reveal());
                let newlines = memchr::memchr_iter(b'\n', text.reveal().as_bytes()).map(|at| at + 1);
                let line_starts = std::iter::once(0).chain(newlines).collect();
                let kind = if format == Format::Environment { SourceKind::SystemEnv } else { SourceKind::ShellProfile };
                self.profile_files.push(file);
                let (path, text) = (path.to_owned(), Rc::new(text));
                let syntax = match format {
                    Format::Shell(shell) => Syntax::Script(shell),
                    Format::FishUniversal => Syntax::FishVariables,
                    Format::Environment => Syntax::Lines,
                };
                Some(Rc::new(Loaded { path, kind, syntax, shell, text, passed_over, line_starts, stands_at: None }))
            }
        };
        self.loaded.insert(path.to_owned(), loaded.clone());
        loaded
    }

    /// Whether a file is there and could not be read.
    fn is_closed(&self, path: &str) -> bool {
        self.profile_files.iter().any(|file| file.path == path && file.trouble.is_some())
    }

    /// Goes through a file, each line of commands as soon as it was read.
    fn script(&mut self, file: &Rc<Loaded>) {
        if file.passed_over {
            return;
        }
        self.bytes += file.text.reveal().len();
        if self.bytes > BYTES {
            self.gave_up |= self.is_reached();
            return;
        }
        if file.shell == Shell::Fish {
            self.variables.enter(false);
        }
        let mut broken_at = None;
        let mut lines = pieces(&file.text, file.shell).map_while(|piece| match piece {
            Piece::Commands { nodes, dubious } => Some((nodes, dubious && file.shell == Shell::Sh)),
            Piece::Broken(at) => {
                broken_at = Some(at);
                None
            }
        });
        while let Some((nodes, dubious)) = lines.next() {
            if !dubious {
                self.list(&nodes, file);
                continue;
            }
            // Not every `sh` knows this, and one that does not ends the file here.
            self.under(Truth::UNKNOWN, |walk| {
                walk.list(&nodes, file);
                for (nodes, _) in lines.by_ref() {
                    walk.list(&nodes, file);
                }
                Truth::UNKNOWN
            });
            self.perhaps_ends(End::Return);
        }
        drop(lines);
        if let Some(at) = broken_at {
            self.unread(file, at);
        }
        if file.shell == Shell::Fish {
            self.variables.leave();
        }
    }

    /// The rest of a file from where the grammar gave up. Nothing of it is claimed, only that a name is there.
    fn unread(&mut self, file: &Rc<Loaded>, at: usize) {
        let rest = &file.text.reveal()[at..];
        if file.stands_at.is_none() && matters(file.text.reveal()) {
            let told = self.profile_files.iter_mut().find(|told| told.path == file.path);
            told.into_iter().for_each(|told| told.broken_line = Some(file.line(at)));
        }
        let mut start = at;
        for line in rest.split_inclusive('\n') {
            if !line.trim_start().starts_with('#') {
                self.mentions(file, line, start);
            }
            start += line.len();
        }
        if super::programs::may_set_more(rest) {
            self.forget(Some((file, at)), Why::NotRead);
        }
    }

    /// Names of interest in a text that is not followed.
    pub fn mentions(&mut self, file: &Rc<Loaded>, text: &str, at: usize) {
        let mut seen = BTreeSet::new();
        for name in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if !name.is_empty() && counts(name) && seen.insert(name) {
                let place = at + (name.as_ptr() as usize - text.as_ptr() as usize);
                self.mention(file, name, place);
            }
        }
    }

    /// A variable in a part that is not followed.
    pub fn mention(&mut self, file: &Rc<Loaded>, name: &str, at: usize) {
        self.mention_number(file, name, at);
        // A text that is no number ends the file.
        if self.numbers.contains(name) {
            self.perhaps_ends(End::Exit);
        }
    }

    /// The same where what it gets is a number.
    pub fn mention_number(&mut self, file: &Rc<Loaded>, name: &str, at: usize) {
        self.place(file, name, Act::Mention, None, at);
        self.unsure(file, name, at, Why::NotFollowed);
        if self.variables.manner(name).0 && file.shell != Shell::Fish {
            self.perhaps_ends(End::Exit);
        }
    }

    /// Nothing is known of a variable any more.
    pub fn unsure(&mut self, file: &Rc<Loaded>, name: &str, at: usize, why: Why) {
        let reach = self.effect();
        self.variables.blur(name);
        self.variables.change(name, reach, |variable| {
            variable.value = Value::Unknown(why);
            variable.export = Export::Unknown;
            variable.place = Some((Rc::clone(file), at));
        });
    }

    /// Something ran that may have set any variable.
    pub fn forget(&mut self, place: Option<(&Rc<Loaded>, usize)>, why: Why) {
        if !self.is_reached() {
            return;
        }
        // What the shell itself sees to is left alone by whatever runs.
        const SPARED: [&str; 8] =
            ["HOME", "BASH_VERSION", "BASH", "ZSH_VERSION", "FISH_VERSION", "OSTYPE", "ZDOTDIR", "XDG_CONFIG_HOME"];
        let spared = |name: &str| SPARED.contains(&name);
        if let Some((file, at)) = place
            && self.role == Role::Terminal
            && self.anything.is_none()
        {
            let source = Source { name: None, ..file.source(at, "") };
            self.anything = Some((source, why));
        }
        self.variables.forget(why, &spared);
    }

    /// Functions that run before the first prompt.
    fn hooks(&mut self) {
        const OF_ZSH: [&str; 3] = ["precmd", "chpwd", "periodic"];
        let names: BTreeSet<String> =
            self.hooks.iter().cloned().chain(OF_ZSH.map(str::to_owned)).chain([fish::EVENT.to_owned()]).collect();
        for name in names {
            for function in self.functions.get(&name).cloned().unwrap_or_default() {
                self.silent += 1;
                self.under(Truth::UNKNOWN, |walk| walk.call(&function.body, &function.file, Vec::new()));
                self.silent -= 1;
            }
        }
    }

    /// What a new terminal has in the end.
    fn end_session(&mut self) {
        let ended = self.perhaps_replaced || matches!(self.alive, Alive::No(End::Exit, _));
        if ended || self.gave_up || self.steps > STEPS {
            let why = if ended { Why::EndsEarly } else { Why::TooMuch };
            self.anything = Some((Source::new(SourceKind::ShellProfile), why));
        }
        let unsure =
            self.anything.as_ref().map(|(_, why)| *why).filter(|why| matches!(why, Why::EndsEarly | Why::TooMuch));
        let exports_unknown = self.exports_unknown;
        let ending = |(name, variable): (&String, &super::state::Variable)| {
            if !counts(name) {
                return None;
            }
            let (file, at) = variable.place.as_ref()?;
            let clean = |text: &Secret| !text.reveal().contains(['\0', char::REPLACEMENT_CHARACTER]);
            let left = match &variable.value {
                _ if unsure.is_some() => Left::Unsure(unsure?),
                Value::AsBefore => Left::AsBefore,
                Value::Unset => Left::Unset,
                Value::Text(text) | Value::List(text) if clean(text) => Left::Set(text.clone()),
                Value::Unless(text) if clean(text) => Left::Unless(text.clone()),
                Value::Unknown(why) => Left::Unsure(*why),
                _ => Left::Unsure(Why::Computed),
            };
            let exported = match variable.export {
                _ if variable.export_unsure => Some(Exported::Unknown),
                Export::No if exports_unknown => Some(Exported::Unknown),
                Export::AsBefore => None,
                Export::Yes => Some(Exported::Yes),
                Export::No => Some(Exported::No),
                Export::Unknown => Some(Exported::Unknown),
            };
            let mut source = file.source(*at, name);
            source.kind = SourceKind::ShellProfile;
            Some(Ending { name: name.clone(), left, exported, source })
        };
        self.endings = self.variables.touched().filter_map(ending).collect();
        self.endings.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The functions that nothing calls: what they set is set by hand only.
    fn uncalled_functions(&mut self) {
        self.uncalled = true;
        self.alive = Alive::Yes;
        self.terminals_only = None;
        for (name, functions) in std::mem::take(&mut self.functions) {
            if !self.called.contains(&name) && name != fish::EVENT {
                for function in functions {
                    self.list(&function.body, &function.file);
                }
            }
        }
        self.uncalled = false;
        self.alive = Alive::Yes;
    }

    /// What is so at the end of the session's files.
    fn conclude(&mut self, first: usize) {
        let terminal = self.role == Role::Terminal;
        let places = &mut self.places[first..];
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        let mut overwritten = Vec::new();
        for place in places.iter().rev() {
            overwritten.push(settled.contains(place.name.as_str()));
            if place.reach == Reach::Always && place.act != Act::Mention {
                settled.insert(&place.name);
            }
        }
        overwritten.reverse();
        for (place, overwritten) in places.iter_mut().zip(overwritten) {
            place.overwritten = overwritten;
            place.exported = match self.variables.get(&place.name).export {
                Export::Yes => Exported::Yes,
                Export::Unknown => Exported::Unknown,
                _ if self.exports_unknown => Exported::Unknown,
                Export::AsBefore if terminal && self.of_login.contains(&place.name) => Exported::Unknown,
                Export::No | Export::AsBefore => Exported::No,
            };
        }
    }

    pub fn reach(&self) -> Reach {
        if self.uncalled {
            return Reach::NotCalled;
        }
        match self.alive {
            Alive::No(_, line) => Reach::AfterEnd(line),
            _ if self.untrue_around > 0 => Reach::Not,
            Alive::Perhaps(_) => Reach::Perhaps,
            Alive::Yes if self.unknown_around > 0 => Reach::Perhaps,
            Alive::Yes => Reach::Always,
        }
    }

    /// Whether it may come here at all.
    pub fn is_reached(&self) -> bool {
        matches!(self.reach(), Reach::Always | Reach::Perhaps)
    }

    /// The same within a block: what it does under a condition is held against what was before, at its end.
    pub fn effect(&self) -> Reach {
        match self.reach() {
            Reach::Perhaps if self.alive == Alive::Yes => Reach::Always,
            reach => reach,
        }
    }

    /// As [`tracked`], each name looked at once.
    fn tracks(&mut self, name: &str) -> bool {
        if let Some(tracks) = self.names.get(name) {
            return *tracks;
        }
        let tracks = tracked(name);
        self.names.insert(name.to_owned(), tracks);
        tracks
    }

    pub fn place(&mut self, file: &Loaded, name: &str, act: Act, value: Option<Secret>, at: usize) {
        if self.places.len() >= PLACES || self.silent > 0 || !self.tracks(name) {
            return;
        }
        self.places.push(Place {
            name: name.to_owned(),
            source: file.source(at, name),
            act,
            value,
            exported: Exported::Unknown,
            reach: self.reach(),
            terminals_only: self.terminals_only.map(|(_, line)| line),
            overwritten: false,
            role: self.role,
            syntax: file.syntax,
        });
    }

    pub fn set(&mut self, file: &Rc<Loaded>, name: &str, value: Option<Secret>, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        if self.shadowed.contains(name) {
            return self.unsure(file, name, at, Why::NotFollowed);
        }
        let (fixed, changes) = self.variables.manner(name);
        if fixed {
            self.place(file, name, Act::Mention, None, at);
            let reach = self.effect();
            self.variables.change(name, reach, |variable| variable.value = Value::Unknown(Why::NotFollowed));
            self.perhaps_ends(End::Exit);
            return;
        }
        let mut value = value.filter(|_| !changes);
        if self.numbers.contains(name) {
            let digits = |text: &Secret| text.reveal().bytes().all(|byte| byte.is_ascii_digit());
            if !value.as_ref().is_some_and(digits) {
                value = None;
                self.perhaps_ends(End::Exit);
            }
        }
        if self.tracks(name) {
            self.place(file, name, Act::Set, value.clone(), at);
        }
        let reach = self.effect();
        self.variables.change(name, reach, |variable| {
            variable.value = value.map_or(Value::Unknown(Why::Computed), Value::Text);
            variable.universal = false;
            variable.place = Some((Rc::clone(file), at));
        });
        match self.exports_all {
            Some(true) => self.export(file, name, Export::Yes, at),
            None => self.export(file, name, Export::Unknown, at),
            Some(false) => {}
        }
    }

    pub fn export(&mut self, file: &Rc<Loaded>, name: &str, how: Export, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        let reach = self.effect();
        self.variables.change(name, reach, |variable| {
            variable.export = how;
            variable.export_unsure = false;
            variable.place.get_or_insert_with(|| (Rc::clone(file), at));
        });
    }

    pub fn unset(&mut self, file: &Rc<Loaded>, name: &str, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        self.place(file, name, Act::Unset, None, at);
        let hidden = self.variables.is_hidden(name);
        let fixed = self.variables.get(name).fixed || self.shadowed.contains(name);
        if fixed && matches!(file.shell, Shell::Zsh | Shell::Sh) {
            self.perhaps_ends(End::Exit);
        }
        if hidden || fixed {
            // What was hidden may come back.
            self.unsure(file, name, at, Why::NotFollowed);
            return;
        }
        let perhaps = self.reach() == Reach::Perhaps;
        let reach = self.effect();
        // dash: where all is exported a name is too that stands for nothing, and what it is set to later (observed). Other
        // programs of that name clear it.
        let keeps = file.shell == Shell::Sh && self.exports_all != Some(false);
        let export = if keeps { Export::Unknown } else { Export::No };
        self.variables.change(name, reach, |variable| {
            let place = Some((Rc::clone(file), at));
            if perhaps {
                // Where it is still there it is handed on as before.
                (variable.value, variable.export_unsure, variable.place) = (Value::Unset, true, place);
                return;
            }
            *variable = super::state::Variable { value: Value::Unset, export, place, ..Default::default() };
        });
    }

    pub fn list(&mut self, nodes: &[Node], file: &Rc<Loaded>) -> Truth {
        let mut last = Truth::known(true);
        for node in nodes {
            last = self.node(node, file);
        }
        last
    }

    /// Goes through what fish gives variables of its own.
    fn block(&mut self, nodes: &[Node], file: &Rc<Loaded>) -> Truth {
        if file.shell != Shell::Fish {
            return self.list(nodes, file);
        }
        self.variables.enter(false);
        let truth = self.list(nodes, file);
        self.variables.leave();
        truth
    }

    /// Goes through something that runs if `condition` holds.
    pub fn under(&mut self, condition: Truth, walk: impl FnOnce(&mut Self) -> Truth) -> Truth {
        let before = self.alive;
        match condition.value {
            Some(true) => walk(self),
            Some(false) => {
                self.untrue_around += 1;
                walk(self);
                self.untrue_around -= 1;
                if let (Alive::No(end, line), true, false) = (self.alive, condition.by_terminal, self.alive == before) {
                    // Shells without a terminal go another way, and it ends there.
                    if self.untrue_around == 0 {
                        self.terminals_only.get_or_insert((end, line));
                    }
                }
                self.alive = before;
                Truth::UNKNOWN
            }
            None => {
                let exports_all = self.exports_all;
                self.variables.branch();
                self.unknown_around += 1;
                walk(self);
                self.unknown_around -= 1;
                self.variables.join();
                if self.exports_all != exports_all {
                    self.exports_all = None;
                }
                self.alive = match (before, self.alive) {
                    (Alive::No(..), _) => before,
                    // One that may have ended the shell stays so, whatever may have ended the file.
                    (Alive::Perhaps(End::Exit), _) => before,
                    (_, Alive::No(end, _)) => Alive::Perhaps(end),
                    (_, after) => after,
                };
                self.may_have_ended |= self.alive == Alive::Perhaps(End::Exit);
                Truth::UNKNOWN
            }
        }
    }

    fn node(&mut self, node: &Node, file: &Rc<Loaded>) -> Truth {
        self.steps += 1;
        if self.steps > STEPS {
            return Truth::UNKNOWN;
        }
        match node {
            Node::Simple(words) if file.shell == Shell::Fish => self.fish_command(words, file),
            Node::Simple(words) => self.command(words, file),
            Node::If { arms, otherwise } => {
                let mut left = Truth::known(true);
                for (condition, body) in arms {
                    let mut truth = Truth::UNKNOWN;
                    self.under(left, |walk| {
                        truth = walk.list(condition, file);
                        truth
                    });
                    self.under(left.and(truth), |walk| walk.block(body, file));
                    left = left.and(truth.not());
                }
                self.under(left, |walk| walk.block(otherwise, file));
                Truth::UNKNOWN
            }
            Node::Case { subject, arms } => {
                self.default_assignments(subject, file, false);
                self.asked_terminal = false;
                let subject = self.roughly(subject);
                let rough = std::mem::take(&mut self.rough);
                let by_terminal = std::mem::take(&mut self.asked_terminal);
                let mut left = Truth::known(true);
                for (patterns, body) in arms {
                    let mut matches = Truth { value: Some(false), by_terminal };
                    for pattern in patterns {
                        let value = match (&subject, pattern) {
                            (_, Some(any)) if any == "*" => Some(true),
                            (Some(subject), Some(pattern)) => self.matches(subject, pattern, rough),
                            _ => None,
                        };
                        matches = matches.or(Truth { value, by_terminal });
                    }
                    self.under(left.and(matches), |walk| walk.block(body, file));
                    left = left.and(matches.not());
                }
                Truth::UNKNOWN
            }
            Node::Loop { condition, variable, words, body } => {
                self.looped(condition, variable.as_deref(), words.as_deref(), body, file)
            }
            Node::Group(nodes) => self.block(nodes, file),
            Node::Function { names, body } => {
                if names.is_empty() {
                    return self.call(body, file, Vec::new());
                }
                for name in names {
                    self.define(name, body, file);
                }
                Truth::known(true)
            }
            Node::Test(words) => {
                words.iter().for_each(|word| self.default_assignments(word, file, false));
                if file.shell == Shell::Sh { Truth::UNKNOWN } else { self.test(words, true) }
            }
            Node::Chain { first, rest } => {
                let mut truth = self.node(first, file);
                for (join, node) in rest {
                    let condition = if *join == Join::And { truth } else { truth.not() };
                    let answer = self.under(condition, |walk| walk.node(node, file));
                    truth = match join {
                        Join::And => truth.and(answer),
                        Join::Or => truth.or(answer),
                    };
                }
                truth
            }
            Node::Not(inner) => self.node(inner, file).not(),
            Node::Arithmetic(word) => {
                self.computes(word, file);
                Truth::UNKNOWN
            }
            Node::Apart | Node::Other => Truth::UNKNOWN,
        }
    }

    fn define(&mut self, name: &str, body: &Rc<Vec<Node>>, file: &Rc<Loaded>) {
        let surely = match self.reach() {
            Reach::Always => true,
            Reach::Perhaps => false,
            _ => return,
        };
        let function = Function { body: Rc::clone(body), file: Rc::clone(file), surely };
        let all = self.functions.entry(name.to_owned()).or_default();
        // Each of those that wait for an event is called.
        if surely && name != fish::EVENT {
            all.clear();
        }
        if !all.iter().any(|other| Rc::ptr_eq(&other.body, body)) {
            all.push(function);
        }
    }

    fn looped(
        &mut self,
        condition: &[Node],
        variable: Option<&str>,
        words: Option<&[Word]>,
        body: &[Node],
        file: &Rc<Loaded>,
    ) -> Truth {
        for word in words.unwrap_or_default() {
            self.default_assignments(word, file, false);
        }
        if variable.is_some_and(|name| self.variables.manner(name).0 || self.numbers.contains(name)) {
            self.perhaps_ends(End::Exit);
        }
        if let (Some(name), Some(words)) = (variable, words)
            && !jumps(body)
            && let Some((items, surely)) = self.items(words, file)
            && items.len() <= ITEMS
        {
            let condition = if surely { Truth::known(true) } else { Truth::UNKNOWN };
            for item in items {
                self.under(condition, |walk| {
                    let reach = walk.effect();
                    let value = Secret::new(&*item);
                    walk.variables.change(name, reach, |variable| {
                        variable.value = Value::Text(value);
                        variable.place = Some((Rc::clone(file), 0));
                    });
                    walk.block(body, file)
                });
            }
            return Truth::UNKNOWN;
        }
        let once = |walk: &mut Self| {
            if let Some(name) = variable {
                walk.unsure(file, name, 0, Why::Computed);
            }
            walk.under(Truth::UNKNOWN, |walk| {
                walk.list(condition, file);
                walk.block(body, file)
            });
        };
        // What one round sets the next one finds.
        self.in_loop += 1;
        if self.in_loop == 1 {
            let (alive, terminals_only) = (self.alive, self.terminals_only);
            self.silent += 1;
            for round in 0.. {
                let known = self.variables.known();
                once(self);
                (self.alive, self.terminals_only) = (alive, terminals_only);
                if self.variables.known() == known {
                    break;
                }
                if round > ROUNDS {
                    self.gave_up = true;
                    break;
                }
            }
            self.silent -= 1;
        }
        once(self);
        self.in_loop -= 1;
        Truth::UNKNOWN
    }

    /// Calls a function of this name, if there is one.
    pub fn call_named(&mut self, name: &str, arguments: Vec<Option<Text>>) -> Option<Truth> {
        let functions = self.functions.get(name).filter(|all| !all.is_empty())?.clone();
        if self.silent == 0 || self.is_reached() {
            self.called.insert(name.to_owned());
        }
        if let [one] = functions.as_slice()
            && one.surely
        {
            return Some(self.call(&one.body, &one.file, arguments));
        }
        for function in functions {
            self.under(Truth::UNKNOWN, |walk| walk.call(&function.body, &function.file, arguments.clone()));
        }
        Some(Truth::UNKNOWN)
    }

    fn call(&mut self, body: &Rc<Vec<Node>>, file: &Rc<Loaded>, arguments: Vec<Option<Text>>) -> Truth {
        if self.uncalled {
            return Truth::UNKNOWN;
        }
        if self.calls >= CALLS {
            self.gave_up |= self.is_reached();
            return Truth::UNKNOWN;
        }
        let (alive, terminals_only) = (self.alive, self.terminals_only);
        self.calls += 1;
        self.in_function += 1;
        self.variables.enter(true);
        self.arguments.push(arguments);
        self.list(body, file);
        self.arguments.pop();
        self.variables.leave();
        self.in_function -= 1;
        self.calls -= 1;
        self.after_return(alive, terminals_only);
        Truth::UNKNOWN
    }

    /// A `return` ends the function or the file, and what called it goes on as it was before.
    fn after_return(&mut self, alive: Alive, terminals_only: Option<(End, usize)>) {
        if matches!(self.alive, Alive::No(End::Return, _) | Alive::Perhaps(End::Return)) {
            self.alive = match alive {
                Alive::Yes | Alive::Perhaps(_) if self.may_have_ended => Alive::Perhaps(End::Exit),
                other => other,
            };
        }
        if matches!(self.terminals_only, Some((End::Return, _))) {
            self.terminals_only = terminals_only;
        }
    }

    /// Goes through a file. False: there is none.
    pub fn read_file(&mut self, path: &str, shell: Shell, place: (&Rc<Loaded>, usize)) -> bool {
        if self.uncalled {
            return true;
        }
        if self.calls >= CALLS {
            self.gave_up |= self.is_reached();
            return true;
        }
        let Some(loaded) = self.load(path, Format::Shell(shell)) else {
            let closed = self.is_closed(path);
            if closed {
                self.forget(Some(place), Why::NotRead);
            }
            return closed;
        };
        if self.is_reached() {
            self.walked.insert(path.to_owned());
            self.read.insert(path.to_owned());
        }
        if let Some(names) = programs::file_sets(path).filter(|_| !may_name(loaded.text.reveal())) {
            for name in names {
                self.unsure(place.0, name, place.1, Why::Program);
            }
            return true;
        }
        let (alive, terminals_only) = (self.alive, self.terminals_only);
        self.calls += 1;
        self.script(&loaded);
        self.calls -= 1;
        self.after_return(alive, terminals_only);
        true
    }

    /// Goes through a text that stands in a word.
    pub fn read_text(&mut self, text: &str, file: &Rc<Loaded>, at: usize) -> Truth {
        if self.calls >= CALLS || text.len() > VALUE {
            self.gave_up |= self.is_reached();
            return Truth::UNKNOWN;
        }
        self.steps += text.len() / SIGNS_OF_A_STEP;
        self.calls += 1;
        self.script(&Loaded::standing_at(text, file, at));
        self.calls -= 1;
        Truth::UNKNOWN
    }

    /// Goes through the text of an alias, and what stands behind its name.
    pub fn read_alias(&mut self, text: &str, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let loaded = Loaded::standing_at(text, file, words[0].at);
        let mut all: Option<Vec<Node>> = Some(Vec::new());
        for piece in pieces(&loaded.text, file.shell) {
            match (&mut all, piece) {
                (Some(all), Piece::Commands { nodes, dubious }) if !(dubious && file.shell == Shell::Sh) => {
                    all.extend(nodes);
                }
                _ => all = None,
            }
        }
        if let Some(mut nodes) = all
            && let Some(Node::Simple(last)) = nodes.last_mut()
        {
            last.extend(words[1..].iter().cloned());
            return self.list(&nodes, &loaded);
        }
        for word in &words[1..] {
            self.unfollowed(word, file);
        }
        self.read_text(text, file, words[0].at)
    }

    pub fn end(&mut self, end: End, at: usize, file: &Loaded) -> Truth {
        if !matches!(self.alive, Alive::No(..)) {
            self.alive = Alive::No(end, file.line(at));
        }
        Truth::UNKNOWN
    }

    /// It may end here, for reasons that are not told.
    pub fn perhaps_ends(&mut self, end: End) {
        if self.is_reached() && matches!(self.alive, Alive::Yes | Alive::Perhaps(End::Return)) {
            self.alive = Alive::Perhaps(end);
            self.may_have_ended |= end == End::Exit;
        }
    }
}

/// Whether something in a loop's body leaves it early.
fn jumps(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Simple(words) => {
            words.first().and_then(Word::bare).is_some_and(|name| matches!(name, "break" | "continue"))
        }
        Node::If { arms, otherwise } => {
            arms.iter().any(|(condition, body)| jumps(condition) || jumps(body)) || jumps(otherwise)
        }
        Node::Case { arms, .. } => arms.iter().any(|(_, body)| jumps(body)),
        Node::Loop { condition, body, .. } => jumps(condition) || jumps(body),
        Node::Group(nodes) => jumps(nodes),
        Node::Chain { first, rest } => {
            jumps(std::slice::from_ref(first)) || rest.iter().any(|(_, node)| jumps(std::slice::from_ref(node)))
        }
        Node::Not(inner) => jumps(std::slice::from_ref(inner)),
        _ => false,
    })
}

fn pieces(text: &Rc<Secret>, shell: Shell) -> Box<dyn Iterator<Item = Piece> + '_> {
    match shell {
        Shell::Fish => Box::new(fish::pieces(text)),
        Shell::Zsh => Box::new(posix::pieces(text, posix::Dialect::Zsh)),
        Shell::Sh => Box::new(posix::pieces(text, posix::Dialect::Sh)),
        Shell::Bash | Shell::Other => Box::new(posix::pieces(text, posix::Dialect::Bash)),
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
