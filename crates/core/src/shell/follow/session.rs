//! A session from its beginning to its end: the files that the shell reads, and what runs without being called.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::flow::pieces;
use super::{Alive, BYTES, End, FILES, Loaded, STEPS, Truth, Walk, counts, matters};
use crate::claude_code::variables;
use crate::reading::{Reading, Trouble};
use crate::report::{Source, SourceKind};
use crate::secret::Secret;
use crate::shell::edit::Syntax;
use crate::shell::files::{self, Format, Path, Planned, Session};
use crate::shell::state::{Export, Value, Variable, Variables};
use crate::shell::syntax::Piece;
use crate::shell::{Act, Ending, Exported, Left, ProfileFile, Reach, Role, Shell, Why, fish, plain_files};
use crate::snapshot::Platform;

/// Variables that bash and zsh count, draw or look up anew each time.
pub(super) const OF_ITS_OWN: [&str; 7] =
    ["RANDOM", "SRANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "EPOCHREALTIME", "BASHPID"];

/// Where frameworks lie that put a profile together. Nothing but a profile sets these, and profiles are followed here.
pub(super) const OF_FRAMEWORKS: [&str; 9] = [
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

impl Walk<'_> {
    pub(super) fn session(&mut self, session: Session) {
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
            let exported = |(name, variable): (&String, &Variable)| {
                (!matches!(variable.export, Export::No | Export::AsBefore)).then(|| name.clone())
            };
            self.of_login = self.variables.touched().filter_map(exported).collect();
        }
    }

    /// What every shell knows before it reads a file.
    pub(super) fn begin(&mut self, shell: Shell, terminal: bool) {
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
    pub(super) fn planned(&mut self, planned: &Planned) {
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

    pub(super) fn load(&mut self, path: &str, format: Format) -> Option<Rc<Loaded>> {
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
    pub(super) fn is_closed(&self, path: &str) -> bool {
        self.profile_files.iter().any(|file| file.path == path && file.trouble.is_some())
    }

    /// Goes through a file, each line of commands as soon as it was read.
    pub(super) fn script(&mut self, file: &Rc<Loaded>) {
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
    pub(super) fn unread(&mut self, file: &Rc<Loaded>, at: usize) {
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

    /// Functions that run before the first prompt.
    pub(super) fn hooks(&mut self) {
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
    pub(super) fn end_session(&mut self) {
        let ended = self.perhaps_replaced || matches!(self.alive, Alive::No(End::Exit, _));
        if ended || self.gave_up || self.steps > STEPS {
            let why = if ended { Why::EndsEarly } else { Why::TooMuch };
            self.anything = Some((Source::new(SourceKind::ShellProfile), why));
        }
        let unsure =
            self.anything.as_ref().map(|(_, why)| *why).filter(|why| matches!(why, Why::EndsEarly | Why::TooMuch));
        let exports_unknown = self.exports_unknown;
        let ending = |(name, variable): (&String, &Variable)| {
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
    pub(super) fn uncalled_functions(&mut self) {
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
    pub(super) fn conclude(&mut self, first: usize) {
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
}
