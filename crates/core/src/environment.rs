//! The effective environment: which value of a variable counts, and where every other one stands.

use std::collections::BTreeMap;

use crate::claude_code::variables::{self, FromSettings};
use crate::reading::Document;
use crate::report::{Mode, Scope, Source, SourceKind};
use crate::secret::{Secret, javascript_trim};
use crate::snapshot::{Platform, SettingsFile, Snapshot, Store};

/// One place at which a variable stands.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The value.
    pub value: Secret,
    /// The place.
    pub source: Source,
    /// Why it does not count although nothing stronger stands against it.
    pub ignored: Option<Ignored>,
}

/// Why a value at a place has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// Project and local files may not set this variable.
    NotFromProject,
    /// The folder is not trusted yet.
    Untrusted,
    /// `--setting-sources` leaves this scope out.
    SourceLeftOut,
    /// The file was dropped whole.
    FileDropped,
    /// `--bare` does not look at it.
    Bare,
}

/// A variable: what counts, and what else is there.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Every place, strongest first; those without effect behind the others.
    pub places: Vec<Occurrence>,
}

impl Setting {
    /// The place that counts.
    pub fn winner(&self) -> Option<&Occurrence> {
        self.places.first().filter(|place| place.ignored.is_none())
    }

    /// All others.
    pub fn others(&self) -> &[Occurrence] {
        &self.places[usize::from(self.winner().is_some())..]
    }
}

/// The environment as Claude Code has it after its settings were read.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    settings: BTreeMap<String, Setting>,
}

impl Environment {
    /// Lays the settings over the process environment (observed: `senv-*`), weakest to strongest: process, `env` of the
    /// state file, user, project, local, `--settings`, managed.
    pub fn resolve(snapshot: &Snapshot) -> Self {
        let mut environment = Self::default();
        for variable in &snapshot.examined.variables {
            environment.put(&variable.name, variable.value.clone(), variable.source.clone(), None);
        }
        let platform = snapshot.examined.platform;
        environment.put_block(platform, &snapshot.state, &Source::new(SourceKind::AppState), None);
        for file in &snapshot.settings {
            let ignored = file.ignored(snapshot);
            environment.put_block(platform, &file.document, &file.source(), ignored);
            if file.store == Store::Preferences {
                environment.forget_positions(&file.document.path);
            }
        }
        for setting in environment.settings.values_mut() {
            // Later is stronger; what has no effect goes behind what has.
            setting.places.reverse();
            setting.places.sort_by_key(|place| place.ignored.is_some());
        }
        environment
    }

    fn put(&mut self, name: &str, value: Secret, source: Source, ignored: Option<Ignored>) {
        let places = &mut self.settings.entry(name.to_owned()).or_insert(Setting { places: Vec::new() }).places;
        places.push(Occurrence { value, source, ignored });
    }

    fn forget_positions(&mut self, path: &str) {
        let places = self.settings.values_mut().flat_map(|setting| setting.places.iter_mut());
        for place in places.filter(|place| place.source.path.as_deref() == Some(path)) {
            (place.source.line, place.source.column) = (None, None);
        }
    }

    fn put_block(&mut self, platform: Platform, document: &Document, file: &Source, ignored: Option<Ignored>) {
        let Some(block) = document.json().and_then(|json| json.root().get("env")) else { return };
        for member in block.effective_members() {
            let Some(fact) = variables::named(platform, &member.name()) else { continue };
            let from_folder = matches!(file.scope, Some(Scope::Project | Scope::Local));
            let barred = from_folder && fact.from_settings == FromSettings::NotFromProject;
            let position = member.position();
            let source = Source {
                path: (!document.path.is_empty()).then(|| document.path.clone()),
                line: Some(position.line),
                column: Some(position.column),
                name: Some(fact.name.to_owned()),
                ..file.clone()
            };
            let ignored = ignored.or(barred.then_some(Ignored::NotFromProject));
            self.put(fact.name, Secret::new(member.value.javascript_text()), source, ignored);
        }
    }

    /// The variable of that name.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.settings.get(name)
    }

    /// The place that counts, blank or not.
    pub fn winner(&self, name: &str) -> Option<&Occurrence> {
        self.get(name)?.winner()
    }

    /// The place that counts once the files of the folder have set what is barred to them at the start. What reads a
    /// variable late sees theirs (observed: `z-p2-project*`, `z-rt-bad-local-noproxy`).
    pub fn late_winner(&self, name: &str) -> Option<&Occurrence> {
        let setting = self.get(name)?;
        let above_the_folder = [Some(Scope::Managed), Some(Scope::CommandLine)];
        let early = setting.winner();
        let of_the_folder = setting.places.iter().find(|place| place.ignored == Some(Ignored::NotFromProject));
        match (early, of_the_folder) {
            (Some(early), _) if above_the_folder.contains(&early.source.scope) => Some(early),
            (early, late) => late.or(early),
        }
    }

    /// The place that counts, if something stands there. Blank counts as not set (observed: `key-*-empty`).
    pub fn set(&self, name: &str) -> Option<&Occurrence> {
        self.winner(name).filter(|place| !place.value.is_blank())
    }

    /// The trimmed text of a variable that is no secret, if it is set.
    pub fn text(&self, name: &str) -> Option<&str> {
        debug_assert!(variables::find(name).is_some_and(|fact| !fact.secret), "{name} is no plain variable");
        self.set(name).map(|place| javascript_trim(place.value.plain()))
    }

    /// The text of a variable as it stands, blanks and all; the empty text too.
    pub fn raw_text(&self, name: &str) -> Option<&str> {
        debug_assert!(variables::find(name).is_some_and(|fact| !fact.secret), "{name} is no plain variable");
        self.winner(name).map(|place| place.value.plain())
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name).is_some_and(variables::is_on)
    }

    /// The same without the places that `keep` turns down.
    #[must_use]
    pub fn keeping(&self, keep: impl Fn(&str, &Occurrence) -> bool) -> Self {
        let settings = self.settings.iter().filter_map(|(name, setting)| {
            let places: Vec<_> = setting.places.iter().filter(|place| keep(name, place)).cloned().collect();
            (!places.is_empty()).then(|| (name.clone(), Setting { places }))
        });
        Self { settings: settings.collect() }
    }

    /// Every variable with its places.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.settings.iter().map(|(name, setting)| (name.as_str(), setting))
    }
}

impl Snapshot {
    /// Whether `--setting-sources` leaves a scope out (observed: flag and managed settings always count).
    pub fn leaves_out(&self, scope: Scope) -> bool {
        let Some(sources) = &self.examined.arguments.setting_sources else { return false };
        matches!(scope, Scope::User | Scope::Project | Scope::Local) && !sources.iter().any(|s| s == scope.word())
    }
}

impl SettingsFile {
    /// Why nothing in it counts, if so.
    pub fn ignored(&self, snapshot: &Snapshot) -> Option<Ignored> {
        if snapshot.leaves_out(self.scope) {
            Some(Ignored::SourceLeftOut)
        } else if self.is_of_the_folder() && !is_in_force(snapshot) {
            Some(Ignored::Untrusted)
        } else if self.is_dropped() {
            Some(Ignored::FileDropped)
        } else {
            None
        }
    }

    /// Whether it comes with the folder in which `claude` is started.
    pub fn is_of_the_folder(&self) -> bool {
        matches!(self.scope, Scope::Project | Scope::Local)
    }

    /// The source without line and name.
    pub fn source(&self) -> Source {
        let kind = if self.scope == Scope::Managed { SourceKind::ManagedSettings } else { SourceKind::Settings };
        let path = (!self.document.path.is_empty()).then(|| self.document.path.clone());
        Source { scope: Some(self.scope), path, ..Source::new(kind) }
    }
}

/// Whether the settings of the folder count: a print run asks nobody (observed: `senv-project-*`).
fn is_in_force(snapshot: &Snapshot) -> bool {
    snapshot.examined.mode == Mode::Print || snapshot.trusted
}
