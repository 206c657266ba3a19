//! Goes through the files of each session as the shell would, without running anything.
//!
//! Followed: assignment, `export`, `unset`, `source`, `if`, `case`, `&&` and `||`, early ends, functions. What a
//! condition says is known only where it asks for something that is known here: whether there is a terminal, which
//! shell it is, whether a file is there, what a variable was set to above. Everything else stays unknown.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use zeroize::Zeroizing;

use super::files::{self, Format, Path, Planned, Session};
use super::syntax::{Join, Node, Part, Script, Word};
use super::{Act, Exported, Files, Person, Place, ProfileFile, Profiles, Reach, Role, Shell};
use super::{fish, plain_files, posix};
use crate::claude_code::{near_misses, variables};
use crate::reading::{Reading, Trouble};
use crate::report::{Source, SourceKind};
use crate::secret::Secret;
use crate::snapshot::Platform;

/// Commands that are gone through at most: functions that call one another may otherwise never end.
const STEPS: usize = 400_000;
/// The most that a text is held against a pattern: signs of the one times signs of the other.
const MATCH: usize = 1 << 16;
/// Signs that cost as much as a command.
const SIGNS_OF_A_STEP: usize = 64;
/// How deep functions call one another, and files read one another.
const CALLS: usize = 12;
/// Files that are read at most.
const FILES: usize = 200;
/// The longest value that is kept, in bytes.
const VALUE: usize = 16 << 10;
/// Places that are kept at most.
const PLACES: usize = 400;

/// What a person's profiles say.
pub fn follow(person: &Person, files: &mut dyn Files) -> Profiles {
    let mut all = Profiles { looked: true, shell: person.shell, known_by: person.known_by, ..Profiles::default() };
    if person.platform == Platform::Windows {
        return Profiles { looked: false, ..all };
    }
    let mut walk = Walk::new(person, files);
    let mut sessions = files::sessions(person, walk.files);
    // What the login hands on is already exported in the terminal.
    sessions.sort_by_key(|session| match session.role {
        Role::Login => 0,
        Role::Terminal => 1,
        Role::Never => 2,
    });
    for session in sessions {
        let own = |planned: &Planned| matches!(&planned.path, Path::Fixed(path) if walk.walked.contains(path));
        if session.role != Role::Never || !session.files.iter().all(own) {
            walk.session(session);
        }
    }
    all.files = walk.profile_files;
    all.places = walk.places;
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
fn tracked(name: &str) -> bool {
    may_name(name) && (variables::find(name).is_some() || near_misses::resembles(Platform::Linux, name).is_some())
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
struct Loaded {
    path: String,
    kind: SourceKind,
    shell: Shell,
    text: Secret,
    script: Script,
    line_starts: Vec<usize>,
}

impl Loaded {
    fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at)
    }

    fn source(&self, at: usize, name: &str) -> Source {
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
enum End {
    /// `return`: of this file or function.
    Return,
    /// `exit`, `exec`: of the shell.
    Exit,
}

/// Whether what comes now is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alive {
    Yes,
    Perhaps(End),
    /// Not any more, since that line.
    No(End, usize),
}

/// What a command answers.
#[derive(Clone, Copy, Default)]
struct Truth {
    value: Option<bool>,
    /// It is so because there is a terminal.
    by_terminal: bool,
}

impl Truth {
    const UNKNOWN: Self = Self { value: None, by_terminal: false };

    fn known(value: bool) -> Self {
        Self { value: Some(value), by_terminal: false }
    }

    fn not(self) -> Self {
        Self { value: self.value.map(|value| !value), ..self }
    }

    fn and(self, other: Self) -> Self {
        let value = match (self.value, other.value) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        Self { value, by_terminal: self.by_terminal || other.by_terminal }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

struct Walk<'f> {
    person: &'f Person,
    files: &'f mut dyn Files,
    loaded: BTreeMap<String, Option<Rc<Loaded>>>,
    walked: BTreeSet<String>,
    profile_files: Vec<ProfileFile>,
    places: Vec<Place>,
    steps: usize,

    role: Role,
    login: bool,
    /// Variables that were set above; None: to something that is not known.
    known: BTreeMap<String, Option<Secret>>,
    exported: BTreeMap<String, Exported>,
    functions: BTreeMap<String, (Rc<Vec<Node>>, Rc<Loaded>)>,
    called: BTreeSet<String>,
    aliases: BTreeSet<String>,
    /// Variables that cannot be set again.
    fixed: BTreeSet<String>,
    /// `set -a`
    exports_all: Option<bool>,
    /// Something exports variables whose names are not known.
    exports_unknown: bool,
    alive: Alive,
    /// Where shells without a terminal have ended, while those with one go on.
    terminals_only: Option<(End, usize)>,
    /// Conditions around that are not known.
    unknown_around: usize,
    /// Conditions around that do not hold.
    untrue_around: usize,
    in_function: usize,
    calls: usize,
    uncalled: bool,
    /// What was just expanded depends on there being a terminal.
    asked_terminal: bool,
}

impl<'f> Walk<'f> {
    fn new(person: &'f Person, files: &'f mut dyn Files) -> Self {
        Self {
            person,
            files,
            loaded: BTreeMap::new(),
            walked: BTreeSet::new(),
            profile_files: Vec::new(),
            places: Vec::new(),
            steps: 0,
            role: Role::Terminal,
            login: false,
            known: BTreeMap::new(),
            exported: BTreeMap::new(),
            functions: BTreeMap::new(),
            called: BTreeSet::new(),
            aliases: BTreeSet::new(),
            fixed: BTreeSet::new(),
            exports_all: Some(false),
            exports_unknown: false,
            alive: Alive::Yes,
            terminals_only: None,
            unknown_around: 0,
            untrue_around: 0,
            in_function: 0,
            calls: 0,
            uncalled: false,
            asked_terminal: false,
        }
    }

    fn session(&mut self, session: Session) {
        let first = self.places.len();
        self.role = session.role;
        self.login = session.role == Role::Login || self.person.platform == Platform::MacOs;
        self.functions.clear();
        self.called.clear();
        self.aliases.clear();
        self.fixed.clear();
        self.exports_all = Some(false);
        self.exports_unknown = false;
        self.alive = Alive::Yes;
        self.terminals_only = None;
        // What the login exported may be inherited, if the person has signed in since.
        let inherited = std::mem::take(&mut self.exported);
        if session.role == Role::Terminal {
            self.exported = inherited
                .into_iter()
                .filter(|(_, exported)| *exported != Exported::No)
                .map(|(name, _)| (name, Exported::Unknown))
                .collect();
        }
        self.known = self.known_from_the_start(session.shell);
        for planned in &session.files {
            self.planned(planned);
            self.after_return(Alive::Yes, None);
        }
        self.uncalled_functions();
        self.conclude(first);
    }

    fn known_from_the_start(&self, shell: Shell) -> BTreeMap<String, Option<Secret>> {
        let plain = |text: &str| Some(Secret::new(text));
        let version = |own: Shell| plain(if shell == own { "5" } else { "" });
        let mac = self.person.platform == Platform::MacOs;
        let zdotdir = self.person.zdotdir.clone().unwrap_or_default();
        [
            ("HOME", plain(&self.person.home)),
            ("ZDOTDIR", plain(&zdotdir)),
            ("XDG_CONFIG_HOME", plain(self.person.config_home.as_deref().unwrap_or_default())),
            ("BASH_VERSION", version(Shell::Bash)),
            ("BASH", plain(if shell == Shell::Bash { "/bin/bash" } else { "" })),
            ("ZSH_VERSION", version(Shell::Zsh)),
            ("FISH_VERSION", version(Shell::Fish)),
            ("OSTYPE", plain(if mac { "darwin" } else { "linux-gnu" })),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    /// A file that the shell reads by itself.
    fn planned(&mut self, planned: &Planned) {
        let path = match &planned.path {
            Path::Fixed(path) => path.clone(),
            Path::Zsh(name) => {
                let Some(folder) = self.value_of("ZDOTDIR") else { return };
                let folder = if folder.is_empty() { &self.person.home } else { &*folder };
                self.person.platform.join(folder, name)
            }
        };
        let Some(loaded) = self.load(&path, planned.format) else { return };
        self.walked.insert(path);
        match planned.format {
            Format::Shell(_) => self.script(&loaded),
            Format::FishUniversal => {
                for line in fish::universal(loaded.text.reveal()) {
                    let exported = if line.exported { Exported::Yes } else { Exported::No };
                    self.plain(&loaded, &line.name, Some(line.value), line.at, exported);
                }
            }
            Format::Environment => {
                for line in plain_files::lines(loaded.text.reveal()) {
                    self.plain(&loaded, &line.name, line.value, line.at, Exported::Yes);
                }
            }
        }
    }

    /// Whether an assignment is to be taken as if it were not written.
    fn is_left_out(&self, file: &Loaded, name: &str, at: usize) -> bool {
        !self.person.left_out.is_empty() && self.person.left_out.contains(&file.source(at, name))
    }

    fn plain(&mut self, file: &Loaded, name: &str, value: Option<Zeroizing<String>>, at: usize, exported: Exported) {
        if self.is_left_out(file, name, at) {
            return;
        }
        let value = value.map(|text| Secret::new(text.as_str()));
        self.exported.insert(name.to_owned(), exported);
        self.place(file, name, Act::Set, value.clone(), at);
        self.known.insert(name.to_owned(), value);
    }

    fn load(&mut self, path: &str, format: Format) -> Option<Rc<Loaded>> {
        if let Some(loaded) = self.loaded.get(path) {
            return loaded.clone();
        }
        if self.loaded.len() >= FILES {
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
                let script = match format {
                    Format::Shell(shell) if matters(text.reveal()) => parse(text.reveal(), shell),
                    _ => Script::default(),
                };
                let newlines = memchr::memchr_iter(b'\n', text.reveal().as_bytes()).map(|at| at + 1);
                let line_starts = std::iter::once(0).chain(newlines).collect();
                let kind = if format == Format::Environment { SourceKind::SystemEnv } else { SourceKind::ShellProfile };
                let loaded = Loaded { path: path.to_owned(), kind, shell, text, script, line_starts };
                file.broken_line = loaded.script.broken_at.map(|at| loaded.line(at));
                self.profile_files.push(file);
                Some(Rc::new(loaded))
            }
        };
        self.loaded.insert(path.to_owned(), loaded.clone());
        loaded
    }

    fn script(&mut self, file: &Rc<Loaded>) {
        self.list(&file.script.nodes, file);
        let Some(at) = file.script.broken_at else { return };
        // The rest is not claimed, only that the name is there.
        let mut start = at;
        for line in file.text.reveal()[at..].split_inclusive('\n') {
            if may_name(line) && !line.trim_start().starts_with('#') {
                self.mentions(file, line, start);
            }
            start += line.len();
        }
    }

    /// Names of interest in a text that is not followed.
    fn mentions(&mut self, file: &Loaded, text: &str, at: usize) {
        let mut seen = BTreeSet::new();
        for name in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if !name.is_empty() && tracked(name) && seen.insert(name) {
                let place = at + (name.as_ptr() as usize - text.as_ptr() as usize);
                self.place(file, name, Act::Mention, None, place);
                self.export(name, Exported::Unknown);
            }
        }
    }

    /// The functions that nothing calls: what they set is set by hand only.
    fn uncalled_functions(&mut self) {
        self.uncalled = true;
        self.alive = Alive::Yes;
        self.terminals_only = None;
        for (name, (body, file)) in std::mem::take(&mut self.functions) {
            if !self.called.contains(&name) {
                self.list(&body, &file);
            }
        }
        self.uncalled = false;
        self.alive = Alive::Yes;
    }

    /// What is so at the end of the session's files.
    fn conclude(&mut self, first: usize) {
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
            place.exported = match self.exported.get(&place.name) {
                Some(exported) => *exported,
                None if self.exports_unknown => Exported::Unknown,
                None => Exported::No,
            };
            if place.exported == Exported::No && self.exports_unknown {
                place.exported = Exported::Unknown;
            }
        }
    }

    fn reach(&self) -> Reach {
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

    fn place(&mut self, file: &Loaded, name: &str, act: Act, value: Option<Secret>, at: usize) {
        if self.places.len() >= PLACES || !tracked(name) {
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
        });
    }

    fn set(&mut self, file: &Loaded, name: &str, value: Option<Secret>, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        if self.fixed.contains(name) {
            self.place(file, name, Act::Mention, None, at);
            return;
        }
        self.place(file, name, Act::Set, value.clone(), at);
        match self.reach() {
            Reach::Always => {
                self.known.insert(name.to_owned(), value);
            }
            Reach::Perhaps => {
                self.known.insert(name.to_owned(), None);
            }
            Reach::Not | Reach::NotCalled | Reach::AfterEnd(_) => {}
        }
        match self.exports_all {
            Some(true) => self.export(name, Exported::Yes),
            None => self.export(name, Exported::Unknown),
            Some(false) => {}
        }
    }

    fn export(&mut self, name: &str, how: Exported) {
        let before = self.exported.get(name).copied().unwrap_or(Exported::No);
        let now = match self.reach() {
            Reach::Always => how,
            Reach::Perhaps if before != how => Exported::Unknown,
            _ => before,
        };
        self.exported.insert(name.to_owned(), now);
    }

    fn unset(&mut self, file: &Loaded, name: &str, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        self.place(file, name, Act::Unset, None, at);
        match self.reach() {
            Reach::Always => {
                self.known.insert(name.to_owned(), Some(Secret::new("")));
                self.exported.insert(name.to_owned(), Exported::No);
            }
            Reach::Perhaps => {
                self.known.insert(name.to_owned(), None);
            }
            Reach::Not | Reach::NotCalled | Reach::AfterEnd(_) => {}
        }
    }

    fn list(&mut self, nodes: &[Node], file: &Rc<Loaded>) -> Truth {
        let mut last = Truth::known(true);
        for node in nodes {
            last = self.node(node, file);
        }
        last
    }

    /// Goes through something that runs if `condition` holds.
    fn under(&mut self, condition: Truth, walk: impl FnOnce(&mut Self) -> Truth) -> Truth {
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
                self.unknown_around += 1;
                walk(self);
                self.unknown_around -= 1;
                self.alive = match (before, self.alive) {
                    (Alive::No(..), _) => before,
                    (_, Alive::No(end, _)) => Alive::Perhaps(end),
                    (_, after) => after,
                };
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
                    self.under(left.and(truth), |walk| walk.list(body, file));
                    left = left.and(truth.not());
                }
                self.under(left, |walk| walk.list(otherwise, file));
                Truth::UNKNOWN
            }
            Node::Case { subject, arms } => {
                self.asked_terminal = false;
                let subject = self.expand(subject);
                let by_terminal = std::mem::take(&mut self.asked_terminal);
                let mut left = Truth::known(true);
                for (patterns, body) in arms {
                    let mut matches = Truth { value: Some(false), by_terminal };
                    for pattern in patterns {
                        let value = match (&subject, pattern) {
                            (_, Some(any)) if any == "*" => Some(true),
                            (Some(subject), Some(pattern)) => self.matches(subject, pattern),
                            _ => None,
                        };
                        matches = matches.or(Truth { value, by_terminal });
                    }
                    self.under(left.and(matches), |walk| walk.list(body, file));
                    left = left.and(matches.not());
                }
                Truth::UNKNOWN
            }
            Node::Loop { condition, variable, body } => {
                if let Some(name) = variable {
                    self.known.insert(name.clone(), None);
                }
                self.under(Truth::UNKNOWN, |walk| {
                    walk.list(condition, file);
                    walk.list(body, file)
                })
            }
            Node::Group(nodes) => self.list(nodes, file),
            Node::Function { names, body } => {
                if names.is_empty() {
                    return self.call(body, file);
                }
                for name in names {
                    if matches!(self.reach(), Reach::Always | Reach::Perhaps) {
                        self.functions.insert(name.clone(), (Rc::clone(body), Rc::clone(file)));
                    }
                }
                Truth::known(true)
            }
            Node::Test(words) => self.test(words, true),
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
            Node::Apart | Node::Other => Truth::UNKNOWN,
        }
    }

    fn call(&mut self, body: &Rc<Vec<Node>>, file: &Rc<Loaded>) -> Truth {
        if self.calls >= CALLS || self.uncalled {
            return Truth::UNKNOWN;
        }
        let (alive, terminals_only) = (self.alive, self.terminals_only);
        self.calls += 1;
        self.in_function += 1;
        self.list(body, file);
        self.in_function -= 1;
        self.calls -= 1;
        self.after_return(alive, terminals_only);
        Truth::UNKNOWN
    }

    /// A `return` ends the function or the file, and what called it goes on as it was before.
    fn after_return(&mut self, alive: Alive, terminals_only: Option<(End, usize)>) {
        if matches!(self.alive, Alive::No(End::Return, _) | Alive::Perhaps(End::Return)) {
            self.alive = alive;
        }
        if matches!(self.terminals_only, Some((End::Return, _))) {
            self.terminals_only = terminals_only;
        }
    }

    fn read_file(&mut self, path: &str, shell: Shell) -> Truth {
        if self.calls >= CALLS || self.uncalled {
            return Truth::UNKNOWN;
        }
        let Some(loaded) = self.load(path, Format::Shell(shell)) else { return Truth::UNKNOWN };
        if matches!(self.reach(), Reach::Always | Reach::Perhaps) {
            self.walked.insert(path.to_owned());
        }
        let (alive, terminals_only) = (self.alive, self.terminals_only);
        self.calls += 1;
        self.script(&loaded);
        self.calls -= 1;
        self.after_return(alive, terminals_only);
        Truth::UNKNOWN
    }

    fn end(&mut self, end: End, at: usize, file: &Loaded) -> Truth {
        if !matches!(self.alive, Alive::No(..)) {
            self.alive = Alive::No(end, file.line(at));
        }
        Truth::UNKNOWN
    }

    fn command(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        for word in words {
            self.default_assignments(word, file);
        }
        let leading = words.iter().take_while(|word| word.assignment(false).is_some()).count();
        let mut rest = &words[leading..];
        if rest.is_empty() {
            let mut computed = false;
            for word in words {
                let Some(assignment) = word.assignment(false) else { continue };
                let value = assignment.value.as_ref().and_then(|value| self.expand(value));
                computed |= word.parts.iter().any(|part| matches!(part, Part::Computed(_)));
                self.set(file, &assignment.name, value.map(|text| Secret::new(text.as_str())), word.at);
            }
            return if computed { Truth::UNKNOWN } else { Truth::known(true) };
        }
        let mut name = rest[0].literal();
        while matches!(name.as_deref().map(String::as_str), Some("command" | "builtin" | "noglob" | "nocorrect" | "-"))
            && rest.len() > 1
        {
            rest = &rest[1..];
            name = rest[0].literal();
        }
        let Some(name) = name else { return Truth::UNKNOWN };
        let at = rest[0].at;
        let arguments = &rest[1..];
        let special = ["export", "readonly", "declare", "typeset", "unset", "eval", "source", ".", ":", "set"];
        if self.aliases.contains(name.as_str()) || (leading > 0 && special.contains(&name.as_str())) {
            // Whether it lasts depends on the shell; what it is, on the alias.
            for word in words {
                self.unfollowed(word, file);
            }
        }
        match name.as_str() {
            "alias" => {
                self.aliases.extend(arguments.iter().filter_map(|word| Some(word.assignment(true)?.name)));
                Truth::UNKNOWN
            }
            "export" => self.declare(arguments, Some(Exported::Yes), false, file),
            "readonly" => {
                let truth = self.declare(arguments, None, false, file);
                let names = arguments.iter().filter_map(|word| match word.assignment(true) {
                    Some(assignment) => Some(assignment.name),
                    None => word.bare().map(str::to_owned),
                });
                self.fixed.extend(names);
                truth
            }
            "declare" | "typeset" | "local" | "integer" | "float" => self.declare(arguments, None, true, file),
            "unset" => {
                let functions = arguments.first().and_then(Word::bare).is_some_and(|flag| flag == "-f");
                for word in arguments.iter().skip(1).filter(|_| functions) {
                    if let (Some(name), Reach::Always) = (word.literal(), self.reach()) {
                        self.functions.remove(name.as_str());
                    }
                }
                for word in arguments.iter().filter(|_| !functions) {
                    if let Some(name) = word.literal().filter(|name| !name.starts_with('-')) {
                        self.unset(file, &name, word.at);
                    }
                }
                Truth::UNKNOWN
            }
            "source" | "." => {
                let Some(word) = arguments.first() else { return Truth::UNKNOWN };
                match self.expand(word) {
                    Some(path) if path.contains('/') => {
                        let path = self.person.platform.join(&self.person.home, &path);
                        self.read_file(&path, file.shell)
                    }
                    _ => Truth::UNKNOWN,
                }
            }
            "return" => self.end(End::Return, at, file),
            "exit" | "logout" | "bye" => self.end(End::Exit, at, file),
            "exec" if arguments.iter().any(|word| word.bare().is_none_or(|text| !text.starts_with('-'))) => {
                self.end(End::Exit, at, file)
            }
            "set" => {
                self.options(arguments);
                Truth::known(true)
            }
            "setopt" | "unsetopt" => {
                for word in arguments {
                    let option = word.literal().map(|text| text.to_ascii_lowercase().replace('_', ""));
                    if option.as_deref() == Some("allexport") {
                        self.set_exports_all(name.as_str() == "setopt");
                    }
                }
                Truth::known(true)
            }
            "eval" => {
                for word in arguments {
                    self.unfollowed(word, file);
                    self.exports_unknown |= word.parts.iter().any(|part| matches!(part, Part::Variable(_)));
                }
                Truth::UNKNOWN
            }
            "read" | "printf" | "mapfile" | "readarray" | "vared" => {
                for word in arguments {
                    if let Some(name) = word.bare().filter(|name| tracked(name)) {
                        self.place(file, name, Act::Mention, None, word.at);
                        self.export(name, Exported::Unknown);
                    }
                }
                Truth::UNKNOWN
            }
            "[" => {
                let closed = arguments.last().and_then(Word::bare) == Some("]");
                if closed { self.test(&arguments[..arguments.len() - 1], false) } else { Truth::UNKNOWN }
            }
            "test" => self.test(arguments, false),
            "true" | ":" => Truth::known(true),
            "false" => Truth::known(false),
            "shopt" => {
                let asks: Vec<_> = arguments.iter().filter_map(Word::bare).collect();
                if asks == ["-q", "login_shell"] { Truth::known(self.login) } else { Truth::UNKNOWN }
            }
            other => {
                let Some((body, its_file)) = self.functions.get(other).cloned() else { return Truth::UNKNOWN };
                self.called.insert(other.to_owned());
                self.call(&body, &its_file)
            }
        }
    }

    /// `${NAME:=word}` sets it on the way.
    fn default_assignments(&mut self, word: &Word, file: &Loaded) {
        for part in &word.parts {
            if let Part::Assign(name) = part {
                self.place(file, name, Act::Mention, None, word.at);
                self.known.insert(name.clone(), None);
            }
        }
    }

    /// Names of interest in a word whose text is a program.
    fn unfollowed(&mut self, word: &Word, file: &Loaded) {
        for part in &word.parts {
            if let Part::Text { text, .. } | Part::Computed(text) = part {
                let mut seen = BTreeSet::new();
                for name in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                    if !name.is_empty() && tracked(name) && seen.insert(name) {
                        self.place(file, name, Act::Mention, None, word.at);
                        self.export(name, Exported::Unknown);
                    }
                }
            }
        }
    }

    /// `export`, `declare` and their kin.
    fn declare(&mut self, arguments: &[Word], how: Option<Exported>, local: bool, file: &Rc<Loaded>) -> Truth {
        let mut how = how;
        let mut global = false;
        let mut computed = false;
        for word in arguments {
            if let Some(flag) = word.bare().filter(|flag| flag.len() > 1 && flag.starts_with(['-', '+'])) {
                let (sign, letters) = flag.split_at(1);
                // Functions, and a list of what there is.
                if letters.contains(['f', 'F', 'p']) {
                    return Truth::UNKNOWN;
                }
                global |= letters.contains('g');
                if letters.contains('n') && how == Some(Exported::Yes) || (sign == "+" && letters.contains('x')) {
                    how = Some(Exported::No);
                } else if letters.contains('x') {
                    how = Some(Exported::Yes);
                }
                continue;
            }
            let (name, value) = match word.assignment(true) {
                Some(assignment) => (assignment.name, Some(assignment.value)),
                None => match word.literal() {
                    Some(text) => (text.to_string(), None),
                    None => {
                        self.exports_unknown |= how == Some(Exported::Yes);
                        continue;
                    }
                },
            };
            computed |= word.parts.iter().any(|part| matches!(part, Part::Computed(_)));
            if local && self.in_function > 0 && !global {
                // Gone when the function ends.
                continue;
            }
            if value.is_some() && self.is_left_out(file, &name, word.at) {
                continue;
            }
            if let Some(how) = how {
                self.export(&name, how);
            }
            if let Some(value) = value {
                let value = value.as_ref().and_then(|value| self.expand(value));
                self.set(file, &name, value.map(|text| Secret::new(text.as_str())), word.at);
            }
        }
        if computed { Truth::UNKNOWN } else { Truth::known(true) }
    }

    /// `set -a`, `set -o allexport`.
    fn options(&mut self, arguments: &[Word]) {
        let mut named = None;
        for word in arguments {
            let Some(text) = word.bare() else { return };
            if let Some(on) = named.take() {
                if text == "allexport" {
                    self.set_exports_all(on);
                }
                continue;
            }
            let on = text.starts_with('-');
            if text == "--" || !text.starts_with(['-', '+']) {
                return;
            }
            if text.contains('a') {
                self.set_exports_all(on);
            }
            if text.ends_with('o') {
                named = Some(on);
            }
        }
    }

    fn set_exports_all(&mut self, on: bool) {
        match self.reach() {
            Reach::Always => self.exports_all = Some(on),
            Reach::Perhaps if self.exports_all != Some(on) => self.exports_all = None,
            _ => {}
        }
    }

    fn fish_command(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let mut rest = words;
        while rest.first().and_then(Word::bare).is_some_and(|name| matches!(name, "builtin" | "command")) {
            rest = &rest[1..];
        }
        let Some(first) = rest.first() else { return Truth::UNKNOWN };
        let Some(name) = first.literal() else { return Truth::UNKNOWN };
        let arguments = &rest[1..];
        match name.as_str() {
            "set" => self.fish_set(arguments, file),
            "status" => match arguments.first().and_then(Word::bare) {
                Some("is-interactive" | "--is-interactive" | "-i") => {
                    Truth { value: Some(self.role != Role::Login), by_terminal: true }
                }
                Some("is-login" | "--is-login" | "-l") => Truth::known(self.login),
                _ => Truth::UNKNOWN,
            },
            "eval" => {
                for word in arguments {
                    self.unfollowed(word, file);
                    self.exports_unknown |= word.parts.iter().any(|part| matches!(part, Part::Variable(_)));
                }
                Truth::UNKNOWN
            }
            "set_color" | "bind" | "abbr" | "alias" | "fish_add_path" => Truth::UNKNOWN,
            "unset" | "typeset" | "declare" | "local" | "setopt" => Truth::UNKNOWN,
            _ => self.command(rest, file),
        }
    }

    fn fish_set(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        let mut flags = String::new();
        let mut rest = arguments;
        while let Some(flag) = rest.first().and_then(Word::bare).filter(|text| text.starts_with('-') && text.len() > 1)
        {
            flags.push_str(match flag {
                "--export" => "x",
                "--unexport" => "u",
                "--global" => "g",
                "--universal" => "U",
                "--local" => "l",
                "--function" => "f",
                "--erase" => "e",
                "--query" => "q",
                "--append" | "--prepend" => "a",
                "--path" | "--unpath" | "--show" | "--names" | "--long" => "",
                short => &short[1..],
            });
            rest = &rest[1..];
        }
        let Some(word) = rest.first() else { return Truth::UNKNOWN };
        let Some(name) = word.literal() else {
            self.exports_unknown |= flags.contains('x');
            return Truth::UNKNOWN;
        };
        if flags.contains('q') || name.contains('[') {
            return Truth::UNKNOWN;
        }
        if flags.contains('e') {
            self.unset(file, &name, word.at);
            return Truth::UNKNOWN;
        }
        let lasting = flags.contains(['g', 'U']) || (self.in_function == 0 && !flags.contains(['l', 'f']));
        if !lasting && self.in_function > 0 {
            return Truth::UNKNOWN;
        }
        let values = &rest[1..];
        let value = if flags.contains(['a', 'p']) {
            None
        } else {
            let all: Option<Vec<_>> = values.iter().map(|value| self.expand(value)).collect();
            all.map(|texts| {
                let mut joined = Zeroizing::new(String::with_capacity(texts.iter().map(|text| text.len() + 1).sum()));
                for (index, text) in texts.iter().enumerate() {
                    if index > 0 {
                        joined.push(' ');
                    }
                    joined.push_str(text);
                }
                Secret::new(joined.as_str())
            })
        };
        if self.is_left_out(file, &name, word.at) {
            return Truth::UNKNOWN;
        }
        if flags.contains('x') && lasting {
            self.export(&name, Exported::Yes);
        } else if flags.contains('u') || !lasting {
            // `set -lx` hands it on only while the file is read.
            self.export(&name, Exported::No);
        }
        self.set(file, &name, value, word.at);
        Truth::UNKNOWN
    }

    /// The text of a word, where everything in it is known.
    fn expand(&mut self, word: &Word) -> Option<Zeroizing<String>> {
        let mut all = Zeroizing::new(String::new());
        for (index, part) in word.parts.iter().enumerate() {
            let piece = match part {
                Part::Text { text, quoted } => {
                    // `a:~/b` and `a{b,c}` are expanded in some places and not in others.
                    if !*quoted && (text.contains(":~") || (text.contains('{') && text.contains([',', '.']))) {
                        return None;
                    }
                    let tilde = index == 0 && !*quoted && text.starts_with('~');
                    match text.get(1..).filter(|_| tilde) {
                        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                            Zeroizing::new(format!("{}{rest}", self.person.home))
                        }
                        // Somebody else's home.
                        Some(_) => return None,
                        None => text.clone(),
                    }
                }
                Part::Variable(name) => self.value_of(name)?,
                Part::Default(name, word) => match self.value_of(name) {
                    Some(value) if value.is_empty() => self.expand(word)?,
                    Some(value) => value,
                    None => return None,
                },
                Part::Computed(text) => match text.as_str() {
                    "$(uname)" | "$(uname -s)" | "`uname`" | "`uname -s`" => {
                        let mac = self.person.platform == Platform::MacOs;
                        Zeroizing::new(if mac { "Darwin" } else { "Linux" }.to_owned())
                    }
                    _ => return None,
                },
                Part::Assign(_) => return None,
            };
            // One that grows with each line would cost more with each.
            self.steps += piece.len() / SIGNS_OF_A_STEP;
            if self.steps > STEPS || all.len() + piece.len() > VALUE {
                return None;
            }
            if all.capacity() < all.len() + piece.len() {
                let mut grown = Zeroizing::new(String::with_capacity((all.len() + piece.len()) * 2));
                grown.push_str(&all);
                all = grown;
            }
            all.push_str(&piece);
        }
        Some(all)
    }

    fn value_of(&mut self, name: &str) -> Option<Zeroizing<String>> {
        let terminal = self.role != Role::Login;
        match name {
            "-" => {
                self.asked_terminal = true;
                Some(Zeroizing::new(if terminal { "himBHs" } else { "hBc" }.to_owned()))
            }
            // A prompt that files put together is still one that only shells with a terminal begin with.
            "PS1" | "PROMPT" if self.known.get(name).is_none_or(|value| value.is_none() && terminal) => {
                self.asked_terminal = true;
                Some(Zeroizing::new(if terminal { "$ " } else { "" }.to_owned()))
            }
            _ => self.known.get(name)?.as_ref().map(|value| Zeroizing::new(value.reveal().to_owned())),
        }
    }

    /// `[ … ]` and `[[ … ]]`. `patterns`: the right side of `==` is one.
    fn test(&mut self, words: &[Word], patterns: bool) -> Truth {
        let operators = if patterns { ["||", "&&"] } else { ["-o", "-a"] };
        if words.iter().any(|word| matches!(word.bare(), Some("(" | ")"))) {
            return Truth::UNKNOWN;
        }
        // `[[ -o interactive ]]` asks for an option.
        let is = |word: &Word, index: usize, operator: &str| index > 0 && word.bare() == Some(operator);
        let mut any = Truth::known(false);
        for part in split(words, |word, index| is(word, index, operators[0])) {
            let mut all = Truth::known(true);
            for one in split(part, |word, index| is(word, index, operators[1])) {
                all = all.and(self.one_test(one, patterns));
            }
            any = any.or(all);
        }
        any
    }

    fn one_test(&mut self, words: &[Word], patterns: bool) -> Truth {
        self.asked_terminal = false;
        let value = match words {
            [not, rest @ ..] if not.bare() == Some("!") && !rest.is_empty() => {
                return self.one_test(rest, patterns).not();
            }
            [word] => self.expand(word).map(|text| !text.is_empty()),
            [operator, word] => self.unary_test(operator.bare().unwrap_or_default(), word),
            [left, operator, right] => self.binary_test(left, operator.bare().unwrap_or_default(), right, patterns),
            _ => None,
        };
        Truth { value, by_terminal: std::mem::take(&mut self.asked_terminal) }
    }

    fn unary_test(&mut self, operator: &str, word: &Word) -> Option<bool> {
        match operator {
            "-z" => self.expand(word).map(|text| text.is_empty()),
            "-n" => self.expand(word).map(|text| !text.is_empty()),
            "-t" => {
                self.asked_terminal = true;
                Some(self.role != Role::Login)
            }
            "-o" => match word.bare() {
                Some("interactive") => {
                    self.asked_terminal = true;
                    Some(self.role != Role::Login)
                }
                Some("login") => Some(self.login),
                _ => None,
            },
            "-f" | "-e" | "-r" | "-s" => {
                let path = self.expand(word)?;
                let there = path.starts_with('/').then(|| self.files.is_file(&path)).flatten()?;
                // An empty file is a file too, and a path that is none may be a folder.
                match (there, operator) {
                    (true, "-s") | (false, "-e" | "-r" | "-s") => None,
                    (there, _) => Some(there),
                }
            }
            _ => None,
        }
    }

    /// Whether a text matches a pattern. None for richer ones, and where it would take too long.
    fn matches(&mut self, text: &str, pattern: &str) -> Option<bool> {
        self.steps += 1 + pattern.len() / SIGNS_OF_A_STEP;
        if self.steps > STEPS {
            return None;
        }
        if pattern.contains(['[', '(', '|', '\\', '#', '^', '~', '<']) {
            return (text == pattern).then_some(true);
        }
        if !pattern.contains(['*', '?']) {
            return Some(text == pattern);
        }
        let cost = text.len() * pattern.len();
        if cost > MATCH {
            return None;
        }
        self.steps += cost / SIGNS_OF_A_STEP;
        Some(matches_pattern(text, pattern))
    }

    fn binary_test(&mut self, left: &Word, operator: &str, right: &Word, patterns: bool) -> Option<bool> {
        let left = self.expand(left);
        let pattern = patterns && right.parts.iter().any(|part| matches!(part, Part::Text { quoted: false, .. }));
        let right = self.expand(right)?;
        let left = left?;
        match operator {
            "=" | "==" if pattern => self.matches(&left, &right),
            "!=" if pattern => self.matches(&left, &right).map(|matches| !matches),
            "=" | "==" => Some(*left == *right),
            "!=" => Some(*left != *right),
            "=~" if right.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Some(left.contains(right.as_str())),
            _ => None,
        }
    }
}

fn parse(text: &str, shell: Shell) -> Script {
    match shell {
        Shell::Fish => fish::parse(text),
        Shell::Zsh => posix::parse(text, posix::Dialect::Zsh),
        Shell::Bash | Shell::Sh | Shell::Other => posix::parse(text, posix::Dialect::Bash),
    }
}

fn split(words: &[Word], mut at: impl FnMut(&Word, usize) -> bool) -> Vec<&[Word]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, word) in words.iter().enumerate() {
        if at(word, index - start) {
            parts.push(&words[start..index]);
            start = index + 1;
        }
    }
    parts.push(&words[start..]);
    parts
}

/// Whether a text matches a pattern of `*`, `?` and plain signs.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p) = (0, 0);
    let mut star = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|sign| *sign == '*')
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
