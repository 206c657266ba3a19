//! Members of the JSON files that Claude Code reads as settings: where they stand, and whose file it is.

use super::{Edit, Target};
use crate::claude_code::variables;
use crate::environment::Occurrence;
use crate::json::edit::{Change, NewValue};
use crate::json::{Position, Value};
use crate::judge::{self, Facts};
use crate::reading::Document;
use crate::report::{Finding, Scope, Source, SourceKind, Status};
use crate::route::resolve;
use crate::secret::Secret;
use crate::snapshot::{Platform, SettingsFile, Store};
use crate::what_if::Removal;

/// A file that can be edited.
pub(super) struct Held<'a> {
    pub document: &'a Document,
    /// Whether it comes with the project, and others may share it.
    pub shared: bool,
}

impl Held<'_> {
    pub fn path(&self) -> &str {
        &self.document.path
    }

    pub fn root(&self) -> Option<Value<'_>> {
        self.document.json().map(crate::json::Json::root)
    }

    /// A member, to be left out of what was read.
    fn removal(&self, path: &[String]) -> Option<Removal> {
        let (name, above) = path.split_last()?;
        let object = above.iter().try_fold(self.root()?, |value, name| value.get(name))?;
        let Position { line, column } = object.member(name)?.position();
        Some(Removal::Member { path: self.path().to_owned(), line, column })
    }

    /// Where a variable, or a setting, stands: under each of its names.
    fn members(&self, platform: Platform, name: &str) -> Vec<Vec<String>> {
        let Some(root) = self.root() else { return Vec::new() };
        let mut paths: Vec<Vec<String>> = Vec::new();
        for member in root.get("env").into_iter().flat_map(Value::members) {
            let own = member.name();
            let is_meant = own == name || variables::named(platform, &own).is_some_and(|fact| fact.name == name);
            if is_meant && !paths.iter().any(|path| path[1] == own) {
                paths.push(vec!["env".to_owned(), own.into_owned()]);
            }
        }
        if paths.is_empty() && root.member(name).is_some() {
            paths.push(vec![name.to_owned()]);
        }
        paths
    }
}

/// The settings file of the person's, or of their project, that a place lies in. `None`: it is the organisation's, given
/// on the command line, no file of that kind, or cannot be read.
pub(super) fn held<'a>(facts: &'a Facts<'_>, source: &Source) -> Option<Held<'a>> {
    let path = source.path.as_deref()?;
    let state = &facts.snapshot.state;
    let held = match source.kind {
        SourceKind::AppState if state.path == path => Held { document: state, shared: false },
        SourceKind::Settings => {
            let file = settings_file(facts, source)?;
            Held { document: &file.document, shared: file.scope == Scope::Project }
        }
        _ => return None,
    };
    held.root().is_some().then_some(held)
}

/// The settings file of a place, readable or not, unless it is the organisation's.
pub(super) fn settings_file<'a>(facts: &'a Facts<'_>, source: &Source) -> Option<&'a SettingsFile> {
    let is_it = |file: &&SettingsFile| {
        file.store == Store::File
            && Some(file.scope) == source.scope
            && source.path.as_ref() == Some(&file.document.path)
    };
    let file = facts.snapshot.settings.iter().find(is_it)?;
    (file.scope != Scope::Managed && !file.document.path.is_empty()).then_some(file)
}

/// The settings that are the person's own everywhere.
pub(super) fn user_settings<'a>(facts: &'a Facts<'_>) -> Option<&'a SettingsFile> {
    let is_it = |file: &&SettingsFile| file.scope == Scope::User && !file.document.path.is_empty();
    facts.snapshot.settings.iter().find(is_it)
}

/// Takes out what stands at these places. `None` where one of them is in no file that can be edited.
pub(super) fn take_out<'s>(facts: &Facts<'_>, sources: impl IntoIterator<Item = &'s Source>) -> Option<TakenOut> {
    let mut taken = TakenOut { edits: Vec::new(), removals: Vec::new(), shared: false };
    let mut known: Vec<(&str, &str)> = Vec::new();
    for source in sources {
        let place = (source.path.as_deref()?, source.name.as_deref()?);
        if known.contains(&place) {
            continue;
        }
        known.push(place);
        let held = held(facts, source)?;
        let members = held.members(facts.snapshot.examined.platform, place.1);
        if members.is_empty() {
            return None;
        }
        taken.shared |= held.shared;
        taken.removals.extend(members.iter().filter_map(|path| held.removal(path)));
        taken.edits.extend(members.into_iter().map(|path| Edit::json(held.path(), Change::Remove { path })));
    }
    (!taken.edits.is_empty()).then_some(taken)
}

/// What takes members out of files.
pub(super) struct TakenOut {
    pub edits: Vec<Edit>,
    /// The same, to be foreseen.
    removals: Vec<Removal>,
    /// Whether one of the files comes with the project.
    pub shared: bool,
}

impl TakenOut {
    /// Whether it is certain that the finding is gone afterwards, and nothing fails that does not now. Where something
    /// else would have to be read then, nothing is.
    pub fn is_no_worse(&self, facts: &Facts<'_>, target: &Target<'_>) -> bool {
        let Some(snapshot) = facts.snapshot.without(&self.removals) else { return false };
        let resolution = resolve(&snapshot);
        let now = judge::findings(facts);
        let then = judge::findings(&Facts { snapshot: &snapshot, resolution: &resolution, ..*facts });
        let is_known = |found: &Finding| {
            now.iter().any(|other| {
                other.status == Status::Fail && (&other.code, &other.instance) == (&found.code, &found.instance)
            })
        };
        then.iter().all(|found| {
            let stays = found.code.as_deref() == Some(target.code) && found.instance == *target.instance;
            !stays && (found.status != Status::Fail || is_known(found))
        })
    }
}

/// Gives a variable that stands in a settings file another value there.
pub(super) fn put(facts: &Facts<'_>, source: &Source, value: Secret) -> Option<Edit> {
    let held = held(facts, source)?;
    let path = the_member(facts, &held, source)?;
    Some(Edit::json(held.path(), Change::Set { path, value: NewValue::Text(value) }))
}

/// The only member that says a variable at a place.
pub(super) fn the_member(facts: &Facts<'_>, held: &Held<'_>, source: &Source) -> Option<Vec<String>> {
    let mut members = held.members(facts.snapshot.examined.platform, source.name.as_deref()?);
    if members.len() == 1 { members.pop() } else { None }
}

/// What a variable is at a place.
pub(super) fn occurrence<'a>(facts: &'a Facts<'_>, source: &Source) -> Option<&'a Occurrence> {
    let setting = facts.resolution.environment.get(source.name.as_deref()?)?;
    setting.places.iter().find(|place| place.source == *source)
}

/// Where a variable counts, or would if nothing stronger stood against it.
pub(super) fn counted<'a>(facts: &'a Facts<'_>, name: &str) -> Vec<&'a Source> {
    occurrences(facts, name).iter().filter(|place| place.ignored.is_none()).map(|place| &place.source).collect()
}

/// Every place of a variable, the one that counts first.
pub(super) fn occurrences<'a>(facts: &'a Facts<'_>, name: &str) -> &'a [Occurrence] {
    facts.resolution.environment.get(name).map(|setting| setting.places.as_slice()).unwrap_or_default()
}

/// Whether a place is one of the folder's own files.
pub(super) fn is_of_folder(source: &Source) -> bool {
    matches!(source.scope, Some(Scope::Project | Scope::Local))
}

/// The first place of a finding, if it is a variable in a settings file.
pub(super) fn first<'t>(target: &Target<'t>) -> Option<&'t Source> {
    target.evidence.first()
}
