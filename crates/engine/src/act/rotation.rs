//! A new key in every place of the old one: where that is written, and what is done about it.

use std::collections::BTreeSet;

use authlight_core::fixes::edit::{Edit, FileChange};
use authlight_core::fixes::rotate::{self, Unfit};
use authlight_core::json::Value;
use authlight_core::json::edit::Change;
use authlight_core::ladder::Slot;
use authlight_core::message::Message;
use authlight_core::report::{CredentialKind, Scope, SourceKind};
use authlight_core::secret::Secret;
use authlight_core::snapshot::Platform;

use crate::examination::Examination;
use crate::machine::Machine;

/// The largest file that is looked through for a key.
const LARGEST: u64 = 64 << 20;

/// What of a project's folder may hold a key, beside its settings.
const OF_A_PROJECT: [&str; 6] =
    [".claude/settings.json", ".claude/settings.local.json", ".env", ".env.local", ".envrc", ".mcp.json"];

/// How many projects are looked through.
const MOST_PROJECTS: usize = 10_000;

/// A place where the old key is written.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The file, as seen from inside; of the registry the variable's name.
    pub place: String,
    /// The lines in it.
    pub lines: Vec<usize>,
    /// What writes the new key there. None: it is for somebody else to do.
    pub edit: Option<Edit>,
}

/// The key that Claude Code uses: an API key or a gateway's token that stands somewhere. None: there is none, or it is
/// one that a program prints or a login.
pub fn key_in_use(examination: &Examination) -> Option<Secret> {
    let sent = examination.resolution.sends.iter();
    let own = |kind| matches!(kind, CredentialKind::ApiKey | CredentialKind::AuthToken | CredentialKind::ManagedKey);
    let mut keys = sent.filter(|sent| own(sent.credential)).filter_map(|sent| sent.value.clone());
    keys.next().or_else(|| {
        // One that does not win, or waits for approval, may be the one that is to be replaced.
        let candidates = examination.resolution.candidates.all.iter();
        let mut keys = candidates.filter(|one| matches!(one.slot, Slot::ApiKey | Slot::ManagedKey));
        keys.find_map(|one| one.value.clone())
    })
}

/// Every place where the old key is written, as far as this account can look.
///
/// # Errors
/// The new key cannot take its place.
pub fn places(
    machine: &dyn Machine,
    examination: &Examination,
    old: &Secret,
    new: &Secret,
) -> Result<Vec<Holding>, Unfit> {
    rotate::fits(new, old)?;
    let mut holdings = Vec::new();
    for path in files(machine, examination) {
        let (_, read) = machine.read(&path, LARGEST);
        let Some(bytes) = read.found() else { continue };
        let lines = rotate::lines_with(bytes, old);
        if lines.is_empty() {
            continue;
        }
        let change = FileChange::ReplaceKey { old: old.clone(), new: new.clone() };
        let edit = is_own(examination, &path).then(|| Edit::File { path: path.clone(), change });
        holdings.push(Holding { place: path, lines, edit });
    }
    holdings.extend(user_variables(examination, old, new));
    Ok(holdings)
}

/// What the person agrees to apart: that Claude Code uses the new key without asking, as it uses the old one.
pub fn approval(examination: &Examination, old: &Secret, new: &Secret) -> Option<Edit> {
    let state = &examination.snapshot.state;
    let approved = state.json()?.root().get("customApiKeyResponses")?.get("approved")?;
    approved.items().filter_map(Value::as_str).find(|tail| old.approval_tail_is(tail))?;
    let path = vec!["customApiKeyResponses".to_owned(), "approved".to_owned()];
    Some(Edit::json(state.path.clone(), Change::AddItem { path, item: new.approval_tail() }))
}

/// Every file that may hold the key.
fn files(machine: &dyn Machine, examination: &Examination) -> BTreeSet<String> {
    let snapshot = &examination.snapshot;
    let platform = snapshot.examined.platform;
    let mut files: BTreeSet<String> = BTreeSet::new();
    files.insert(snapshot.state.path.clone());
    files.extend(snapshot.settings.iter().map(|file| file.document.path.clone()));
    files.extend(snapshot.shell.files.iter().map(|file| file.path.clone()));
    files.extend(snapshot.editors.iter().map(|editor| editor.file.path.clone()));
    files.extend(snapshot.hints.iter().filter_map(|hint| hint.source.path.clone()));
    let every_place = examination.resolution.environment.iter().flat_map(|(_, setting)| &setting.places);
    files.extend(every_place.filter_map(|place| place.source.path.clone()));
    files.extend(snapshot.examined.variables.iter().filter_map(|variable| variable.source.path.clone()));
    // A program that prints the key may be a script with the key in it.
    let helpers = examination.resolution.candidates.helper.iter();
    let program = helpers.filter_map(|helper| helper.value.plain().split_whitespace().next());
    files.extend(program.filter(|program| platform.is_absolute(program)).map(str::to_owned));
    let projects = snapshot.state.json().and_then(|json| json.root().get("projects"));
    let projects = projects.into_iter().flat_map(Value::members).map(|project| project.name().into_owned());
    let projects = projects.chain(snapshot.examined.project.clone()).take(MOST_PROJECTS);
    for project in projects.filter(|project| !machine.list(project).is_absent()) {
        files.extend(OF_A_PROJECT.iter().map(|name| platform.join(&project, name)));
    }
    files.retain(|path| !path.is_empty());
    files
}

/// Whether a file is the person's own to change: in their home, or in a project, and no organisation's.
fn is_own(examination: &Examination, path: &str) -> bool {
    let snapshot = &examination.snapshot;
    let managed = snapshot.settings.iter().any(|file| file.scope == Scope::Managed && file.document.path == path);
    let examined = &snapshot.examined;
    let in_home = examined.platform.is_within(path, &examined.home);
    let projects = snapshot.state.json().and_then(|json| json.root().get("projects"));
    let mut projects = projects.into_iter().flat_map(Value::members);
    !managed
        && (in_home
            || examined.project.as_ref().is_some_and(|project| examined.platform.is_within(path, project))
            || projects.any(|project| examined.platform.is_within(path, &project.name())))
}

/// The person's variables on Windows that hold the key.
fn user_variables(examination: &Examination, old: &Secret, new: &Secret) -> Vec<Holding> {
    let examined = &examination.snapshot.examined;
    if examined.platform != Platform::Windows {
        return Vec::new();
    }
    let holds = examined.variables.iter().filter(|variable| variable.value.same_as(old));
    let own = holds.filter(|variable| variable.source.kind == SourceKind::Registry);
    own.map(|variable| Holding {
        place: variable.name.clone(),
        lines: Vec::new(),
        edit: Some(Edit::UserVariable { name: variable.name.clone(), value: Some(new.clone()) }),
    })
    .collect()
}

/// What no plan may show: what was met, and the new key, with the end of it that Claude Code keeps.
pub fn secrets_beside(examination: &Examination, new: &Secret) -> Vec<Secret> {
    examination.secrets().into_iter().chain([new.clone(), Secret::new(new.approval_tail())]).collect()
}

/// The folders whose history may hold the key: those that Claude Code knows, and the one that is examined.
pub fn folders(machine: &dyn Machine, examination: &Examination) -> Vec<String> {
    let snapshot = &examination.snapshot;
    let examined = &snapshot.examined;
    let projects = snapshot.state.json().and_then(|json| json.root().get("projects"));
    let projects = projects.into_iter().flat_map(Value::members).map(|project| project.name().into_owned());
    let mut folders: Vec<String> = examined.project.iter().cloned().chain(projects).take(MOST_PROJECTS).collect();
    let asks = |folder: &str| authlight_core::projects::is_asked_for(examined.platform, &examined.home, folder);
    folders.retain(|folder| !asks(folder) && !machine.list(folder).is_absent());
    folders
}

/// What the person has to think of themselves, as a list to copy.
pub fn out_of_reach() -> [Message; 4] {
    [
        Message::new("rotate-elsewhere-machines"),
        Message::new("rotate-elsewhere-services"),
        Message::new("rotate-elsewhere-colleagues"),
        Message::new("rotate-elsewhere-history"),
    ]
}
