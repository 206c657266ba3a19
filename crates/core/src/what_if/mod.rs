//! What if something were not there: from a snapshot and a name in its report to the snapshot without it.
//!
//! The same pure rules then answer for the edited snapshot. Where it could have been read from other files, nothing is
//! claimed: then the machine has to be read again without what is left out.

mod difference;
#[cfg(test)]
mod tests;

use crate::claude_code::variables::{self, Fact, Purpose};
use crate::contexts::{ContextEnvironment, move_the_same_files};
use crate::environment::{Environment, Setting};
use crate::json::{Json, Position, Value};
use crate::keychain::Answer;
use crate::ladder::{ProfileKind, profile_kind};
use crate::listening;
use crate::programs::{Program, ProgramKind};
use crate::reading::{Content, Document, FileFacts, Reading};
use crate::report::{Instance, Report, Scope, Source, SourceKind};
use crate::shell::{Act, Place};
use crate::snapshot::{Examined, Platform, ProfileFiles, SettingsFile, Snapshot, Store, Variable};

pub use difference::{Change, Difference, MOST_SENTENCES};

/// Something that is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// A variable that `claude` is started with.
    Variable(Source),
    /// What a shell's profile or a file of the system does with a variable.
    ProfilePlace(Source),
    /// A member of the JSON text that is given with `--settings`, with others of its name in the same object.
    FlagMember {
        /// The line of its name.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// A member of a JSON file, or of the policy in the Windows registry, with others of its name in the same object.
    Member {
        /// The path, as seen from inside.
        path: String,
        /// The line of its name.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// A setting, or a variable in `env`, of preferences of macOS: what lies there has no lines.
    Preference {
        /// The path of the list.
        path: String,
        /// Its name.
        name: String,
    },
    /// A whole file.
    File {
        /// The path, as seen from inside.
        path: String,
    },
    /// An item of the macOS Keychain.
    KeychainItem {
        /// Its service name.
        service: String,
    },
}

/// The places of what a report calls by this name. `None`: it names nothing so.
pub fn places(report: &Report, instance: &Instance) -> Option<Vec<Source>> {
    let mut known = false;
    let mut places: Vec<Source> = Vec::new();
    let mut put = |source: &Source| {
        if !places.contains(source) {
            places.push(source.clone());
        }
    };
    let named = |source: &Source| Instance::of(source, source.name.as_deref().unwrap_or_default()) == *instance;
    for rung in &report.ladder {
        if rung.instance == *instance {
            known = true;
            rung.source.iter().for_each(&mut put);
        }
        let name = rung.name.as_deref().unwrap_or_default();
        let others = rung.also_in.iter().map(|other| &other.source);
        others.filter(|source| Instance::of(source, name) == *instance).for_each(&mut put);
    }
    let route = &report.route;
    let on_the_way = [
        route.endpoint.source.as_ref(),
        route.proxy.as_ref().map(|proxy| &proxy.source),
        route.proxy_bypass.as_ref().map(|bypass| &bypass.source),
    ];
    on_the_way.into_iter().flatten().filter(|source| named(source)).for_each(&mut put);
    for finding in report.causes.iter().flat_map(|cause| &cause.checks).filter(|found| found.instance == *instance) {
        known = true;
        // The first place is the one that the finding is named after.
        finding.evidence.first().into_iter().for_each(&mut put);
    }
    (known || !places.is_empty()).then_some(places)
}

/// What has to be taken away for a place of the report to be empty. `None`: it is nothing that could be left out.
pub fn removal(snapshot: &Snapshot, source: &Source) -> Option<Removal> {
    let place = (source.line, source.column);
    let Some(path) = source.path.as_deref().map(|path| whole(&snapshot.examined, path)) else {
        return match (source.kind, place) {
            (SourceKind::Keychain, _) => Some(Removal::KeychainItem { service: source.name.clone()? }),
            (_, (Some(line), Some(column))) if source.scope == Some(Scope::CommandLine) => {
                Some(Removal::FlagMember { line, column })
            }
            _ => {
                let there = snapshot.examined.variables.iter().any(|variable| is_at(variable, source));
                there.then(|| Removal::Variable(source.clone()))
            }
        };
    };
    let source = Source { path: Some(path.clone()), ..source.clone() };
    let followed = |place: &Place| place.act != Act::Mention && place.source == source;
    if snapshot.shell.places.iter().any(followed) {
        return Some(Removal::ProfilePlace(source));
    }
    let examined = &snapshot.examined;
    let is_unsure = examined.unsure.iter().any(|unsure| unsure.source == source && source.name.is_some());
    if is_unsure || examined.variables.iter().any(|variable| is_at(variable, &source)) {
        return Some(Removal::Variable(source));
    }
    let in_preferences = |file: &&SettingsFile| file.store == Store::Preferences && file.document.path == path;
    if let (Some(name), Some(_)) = (&source.name, snapshot.settings.iter().find(in_preferences)) {
        return Some(Removal::Preference { path, name: name.clone() });
    }
    if let ((Some(line), Some(column)), Some(_)) = (place, &source.name) {
        // A fault in the text has a place too, and no name: there the file is what it is about.
        return Some(Removal::Member { path, line, column });
    }
    let pair = snapshot.profiles.files.values().find(|files| files.credentials.path == path);
    let without_stored_token = |files: &&ProfileFiles| profile_kind(files) == Some(ProfileKind::Federation);
    match pair.filter(without_stored_token) {
        Some(files) => Some(Removal::File { path: files.config.path.clone() }),
        None if matches!(source.kind, SourceKind::ShellProfile | SourceKind::SystemEnv) && source.line.is_some() => {
            None
        }
        None => Some(Removal::File { path }),
    }
}

/// A path of a report, where the home is `~`.
fn whole(examined: &Examined, path: &str) -> String {
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            format!("{}{rest}", examined.home.trim_end_matches(['/', '\\']))
        }
        _ => path.to_owned(),
    }
}

fn is_at(variable: &Variable, source: &Source) -> bool {
    let here = &variable.source;
    (here.kind, &here.name, &here.path, here.line) == (source.kind, &source.name, &source.path, source.line)
}

impl Snapshot {
    /// The same machine without these things. `None`: other files would be read then, or one of them is not in here.
    pub fn without(&self, removals: &[Removal]) -> Option<Self> {
        let mut edited = self.clone();
        for removal in removals {
            edited.take_away(removal)?;
        }
        let (before, after) = (Environment::resolve(self), Environment::resolve(&edited));
        if !says_the_same_of_files(&before, &after)
            || !move_the_same_files(&self.examined.variables, &edited.examined.variables)
            || (self.rules_of_others() && !edited.rules_of_others())
        {
            return None;
        }
        match (listening::matters(&before), listening::matters(&after)) {
            (false, true) => return None,
            (true, false) => edited.listening = Reading::Absent,
            _ => {}
        }
        Some(edited)
    }

    fn take_away(&mut self, removal: &Removal) -> Option<()> {
        match removal {
            // What another place says of the variable can count then, and has to be followed anew.
            Removal::Variable(source) if source.path.is_some() || source.kind == SourceKind::SystemEnv => None,
            Removal::Variable(source) => {
                let before = self.examined.variables.len();
                leave_out_of(&mut self.examined.variables, source);
                (!is_of_the_machine(source) && self.examined.variables.len() < before).then_some(())
            }
            Removal::ProfilePlace(_) => None,
            Removal::FlagMember { line, column } => {
                let is_flag = |file: &SettingsFile| file.scope == Scope::CommandLine && file.document.path.is_empty();
                self.edit_settings(is_flag, |document| without_member(document, *line, *column))
            }
            Removal::Member { path, line, column } => {
                if self.settings.iter().any(|file| file.document.path == *path) {
                    return self.edit_settings(
                        |file| file.document.path == *path,
                        |file| without_member(file, *line, *column),
                    );
                }
                let edited = without_member(self.document(path)?, *line, *column)?;
                self.put(path, edited)
            }
            Removal::Preference { path, name } => {
                let platform = self.examined.platform;
                let in_it = |file: &SettingsFile| file.store == Store::Preferences && file.document.path == *path;
                self.edit_settings(in_it, |document| without_preference(platform, document, name))
            }
            Removal::File { path } => {
                self.document(path)?;
                self.put(path, Document { path: path.clone(), facts: FileFacts::default(), content: Reading::Absent })
            }
            Removal::KeychainItem { service } => {
                let keychain = &mut self.keychain;
                let is_key = matches!(&keychain.key, Answer::Found(item) if item.service == *service);
                if !is_key && keychain.service.as_ref() != Some(service) {
                    return None;
                }
                *(if is_key { &mut keychain.key } else { &mut keychain.login }) = Answer::Absent;
                Some(())
            }
        }
    }

    fn edit_settings(
        &mut self,
        is_meant: impl Fn(&SettingsFile) -> bool,
        edit: impl Fn(&Document) -> Option<Document>,
    ) -> Option<()> {
        let mut found = None;
        for file in self.settings.iter_mut().filter(|file| is_meant(file)) {
            let document = edit(&file.document)?;
            *file = match file.scope {
                Scope::Managed => SettingsFile::in_store(document, file.store),
                scope => SettingsFile::new(scope, document),
            };
            found = Some(());
        }
        found
    }

    /// A JSON file of which nothing depends but what stands in it.
    fn document(&self, path: &str) -> Option<&Document> {
        let profiles = self.profiles.files.values().flat_map(|files| [&files.config, &files.credentials]);
        let mut documents = [&self.state, &self.login].into_iter().chain(profiles);
        documents.find(|document| document.path == path && !document.content.is_absent())
    }

    fn put(&mut self, path: &str, document: Document) -> Option<()> {
        if self.state.path == path {
            // Without it another would be read in its place.
            if document.content.is_absent() {
                return None;
            }
            self.hold_state(document);
            return Some(());
        }
        let profiles = self.profiles.files.values_mut().flat_map(|files| [&mut files.config, &mut files.credentials]);
        let mut documents = std::iter::once(&mut self.login).chain(profiles);
        *documents.find(|document| document.path == path)? = document;
        Some(())
    }

    /// Whether managed settings say something that keep the person's registry from being asked (documented: settings).
    fn rules_of_others(&self) -> bool {
        let managed = |file: &&SettingsFile| file.scope == Scope::Managed && file.store != Store::UserRegistry;
        self.examined.platform == Platform::Windows
            && self.settings.iter().filter(managed).any(SettingsFile::says_something)
    }
}

impl ContextEnvironment {
    /// The same without these things, of which [`Snapshot::without`] knows what would be.
    #[must_use]
    pub fn without(mut self, removals: &[Removal]) -> Self {
        for removal in removals {
            if let Removal::Variable(source) = removal {
                leave_out_of(&mut self.variables, source);
            }
        }
        self
    }
}

/// Takes a variable out of an environment, wherever it came from.
pub fn leave_out_of(variables: &mut Vec<Variable>, source: &Source) {
    variables.retain(|variable| !is_at(variable, source));
}

/// Takes the variables of the desktop's session out of what its program was started with.
pub fn leave_out_of_the_session(programs: &mut [Program], removals: &[Removal]) {
    for program in programs.iter_mut().filter(|program| program.kind == ProgramKind::Desktop) {
        let Reading::Found(variables) = &mut program.environment else { continue };
        variables.retain(|variable| {
            let of_the_session = |source: &Source| source.kind == SourceKind::SystemEnv && source.path.is_none();
            let is_it = |source: &Source| of_the_session(source) && source.name == variable.source.name;
            !removals.iter().any(|removal| matches!(removal, Removal::Variable(source) if is_it(source)))
        });
    }
}

/// Whether it says where programs lie: they would be looked for elsewhere without it.
fn is_of_the_machine(source: &Source) -> bool {
    let fact = source.name.as_deref().and_then(variables::find);
    fact.is_some_and(|fact| fact.purpose == Purpose::Machine)
}

/// Whether every variable that has a say in which files are read stands where it stood.
fn says_the_same_of_files(before: &Environment, after: &Environment) -> bool {
    let moving = |environment: &Environment| {
        let settings = environment.iter().filter(|(name, _)| variables::find(name).is_some_and(Fact::moves_files));
        settings.map(|(name, setting)| (name.to_owned(), setting.clone())).collect::<Vec<_>>()
    };
    let same = |((name, mine), (other, its)): (&(String, Setting), &(String, Setting))| {
        let pairs = || mine.places.iter().zip(&its.places);
        name == other
            && mine.places.len() == its.places.len()
            && pairs().all(|(mine, its)| mine.source == its.source && mine.ignored == its.ignored)
    };
    let (before, after) = (moving(before), moving(after));
    before.len() == after.len() && before.iter().zip(&after).all(same)
}

fn without_member(document: &Document, line: usize, column: usize) -> Option<Document> {
    let Some(Content::Json(json, encoding)) = document.content.found() else { return None };
    let json = json.without(Position { line, column })?;
    Some(Document { content: Reading::Found(Content::Json(json, *encoding)), ..document.clone() })
}

fn without_preference(platform: Platform, document: &Document, name: &str) -> Option<Document> {
    let mut edited = None;
    for at in preference_places(platform, document.json()?, name) {
        // Of two with one name both are gone with the first.
        edited = without_member(edited.as_ref().unwrap_or(document), at.line, at.column).or(edited);
    }
    edited
}

/// Where a setting, or a variable in `env`, stands in settings that came from a store without lines.
pub fn preference_places(platform: Platform, json: &Json, name: &str) -> Vec<Position> {
    let root = json.root();
    let is_it = |written: &str| variables::named(platform, written).map_or(written, |fact| fact.name) == name;
    let in_env = root.get("env").into_iter().flat_map(Value::members).filter(|member| is_it(&member.name()));
    let setting = root.members().filter(|member| member.name() == name);
    in_env.chain(setting).map(|member| member.position()).collect()
}
