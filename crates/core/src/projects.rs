//! The same question in many folders: what a folder brings with it is put into one snapshot and taken out again, so
//! that ten thousand folders cost two small files each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::claude_code::variables::{self, Fact, Purpose};
use crate::contexts::{ContextEnvironment, Elsewhere, difference, move_the_same_files};
use crate::environment::Environment;
use crate::judge::Paths;
use crate::message::Message;
use crate::reading::Document;
use crate::report::{Context, CredentialKind, Scope};
use crate::route::{Resolution, resolve};
use crate::secret::javascript_trim;
use crate::shell::Unsure;
use crate::snapshot::{Examined, Platform, SettingsFile, Snapshot, Variable};

/// The folders that the person has said may be trusted.
#[derive(Clone, Debug, Default)]
pub struct TrustedFolders {
    platform: Platform,
    folders: BTreeSet<String>,
}

impl TrustedFolders {
    /// All of a state file, in one pass.
    pub fn of(platform: Platform, state: &Document) -> Self {
        Self::among(platform, state, |_| true)
    }

    /// Those whose folder key `counts`.
    pub(crate) fn among(platform: Platform, state: &Document, counts: impl Fn(&str) -> bool) -> Self {
        let projects = state.json().and_then(|json| json.root().get("projects"));
        // Of several entries of one name the last counts.
        let mut answers = BTreeMap::new();
        for entry in projects.into_iter().flat_map(|projects| projects.members()) {
            let name = entry.name();
            if counts(&platform.folder_key(&name)) {
                let said_yes = entry.value.get("hasTrustDialogAccepted").is_some_and(crate::ladder::is_truthy);
                answers.insert(name, said_yes);
            }
        }
        let yes = answers.into_iter().filter(|(_, said_yes)| *said_yes);
        Self { platform, folders: yes.map(|(name, _)| platform.folder_key(&name).into_owned()).collect() }
    }

    /// Whether a folder, or one above it, is among them (observed: `tui-untrusted-*`, `x-tui-untrusted-parent`). A name
    /// with a slash at its end counts for nothing (observed: `x-tui-trusted-slash`).
    pub fn trusts(&self, folder: &str) -> bool {
        let above = self.platform.folder_and_those_above(folder);
        above.into_iter().any(|folder| self.folders.contains(&*self.platform.folder_key(folder)))
    }
}

/// What wins in one folder, started from one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Whose environment.
    pub context: Context,
    /// What signs in, in the order of the headers; nothing: nothing is sent.
    pub signs_in: Vec<CredentialKind>,
    /// Whether that cannot be told: it hangs on something that could not be followed.
    pub unknown: bool,
    /// Whether it could be compared with the chosen folder and context: both could be told.
    pub compared: bool,
    /// Why it is not as in the chosen folder and context; none where it is, or was not compared.
    pub because: Option<Arc<Message>>,
}

impl Cell {
    /// The cell of an answer, beside the answer `here` in the chosen cell. Paths are told from the home.
    pub fn of(there: &Elsewhere, here: Option<&Elsewhere>, home: &str) -> Self {
        let mut signs_in = Vec::with_capacity(1);
        for sent in &there.resolution.sends {
            if !signs_in.contains(&sent.credential) {
                signs_in.push(sent.credential);
            }
        }
        let unknown = |answer: &Elsewhere| {
            let Resolution { sends, prediction, .. } = &answer.resolution;
            !answer.unsure.is_empty() || (sends.is_empty() && prediction.sends_request.is_none())
        };
        let here = here.filter(|here| !unknown(here) && !unknown(there));
        let because = here.and_then(|here| difference(&here.resolution, &there.resolution)).map(|mut because| {
            Paths::of(home).message(Some(&mut because));
            Arc::new(because)
        });
        let (context, unknown, compared) = (there.context, unknown(there), here.is_some());
        Self { context, signs_in, unknown, compared, because }
    }
}

/// A snapshot in no folder, from which the answers in any folder are taken.
pub struct Ground {
    snapshot: Snapshot,
    /// What is examined in each context; the first is the snapshot's own.
    contexts: Vec<Examined>,
    /// For each context the first that has the very same environment.
    same_as: Vec<usize>,
    trusted: TrustedFolders,
    /// The chosen cell's answer.
    here: Option<Elsewhere>,
    /// The cells of a folder that says nothing.
    silent: Option<Vec<Cell>>,
}

impl Ground {
    /// From a snapshot that was taken in no folder. `None`: what is read depends on the folder in which Claude Code is
    /// started, so each has to be looked at by itself.
    pub fn of(snapshot: Snapshot) -> Option<Self> {
        let examined = &snapshot.examined;
        if examined.project.is_some() || starts_in_the_folder(&snapshot) {
            return None;
        }
        let trusted = TrustedFolders::of(examined.platform, &snapshot.state);
        let contexts = vec![examined.clone()];
        Some(Self { snapshot, contexts, same_as: vec![0], trusted, here: None, silent: None })
    }

    /// Answers for another environment too. `false`: other files are read in it, so it needs a ground of its own.
    pub fn also_in(&mut self, environment: &ContextEnvironment) -> bool {
        if !move_the_same_files(&self.snapshot.examined.variables, &environment.variables) {
            return false;
        }
        let same = |known: &Examined| {
            let unsure = |unsure: &[Unsure]| unsure.iter().map(|unsure| unsure.name.clone()).collect::<Vec<_>>();
            unsure(&known.unsure) == unsure(&environment.unsure)
                && are_the_same(&known.variables, &environment.variables)
        };
        let known = self.contexts.iter().position(same);
        self.same_as.push(known.unwrap_or(self.contexts.len()));
        self.contexts.push(self.snapshot.examined.in_context(environment.clone()));
        self.silent = None;
        true
    }

    /// What every cell is compared with.
    pub fn compare_with(&mut self, here: Elsewhere) {
        (self.here, self.silent) = (Some(here), None);
    }

    /// The settings files that come with a folder, weakest first. In the home folder the project's file is the user's.
    pub fn files_of(&self, folder: &str) -> impl Iterator<Item = (Scope, String)> {
        let users = self.snapshot.settings.iter().find(|file| file.scope == Scope::User);
        let users = users.map(|file| file.document.path.clone());
        let platform = self.snapshot.examined.platform;
        let files = [Scope::Project, Scope::Local].map(|scope| (scope, platform.join(folder, settings_name(scope))));
        files.into_iter().filter(move |(_, path)| users.as_ref() != Some(path))
    }

    /// The cells of a folder with these files, in the order of the contexts; of no folder, without any. `None`: its
    /// files decide which others are read, so it has to be looked at by itself.
    pub fn cells(&mut self, folder: Option<&str>, files: Vec<SettingsFile>) -> Option<Vec<Cell>> {
        let silent = !files.iter().any(speaks);
        if silent && let Some(cells) = &self.silent {
            return Some(cells.clone());
        }
        let answers = self.answers(folder, files)?;
        let cell = |answer: &Elsewhere| Cell::of(answer, self.here.as_ref(), &self.snapshot.examined.home);
        let mut cells: Vec<Cell> = Vec::with_capacity(self.contexts.len());
        let mut answers = answers.iter();
        for (index, context) in self.contexts.iter().enumerate() {
            let first = self.same_as[index];
            cells.push(match cells.get(first) {
                Some(same) => Cell { context: context.context, ..same.clone() },
                None => cell(answers.next()?),
            });
        }
        if silent {
            self.silent = Some(cells.clone());
        }
        Some(cells)
    }

    /// The answer in one of its contexts, for a folder with these files. `None`: as in [`Ground::cells`], or it is no
    /// context of this ground.
    pub fn answer(&mut self, context: Context, folder: Option<&str>, files: Vec<SettingsFile>) -> Option<Elsewhere> {
        let index = self.contexts.iter().position(|known| known.context == context)?;
        let first = self.contexts[self.same_as[index]].context;
        let answers = self.answers(folder, files)?;
        answers.into_iter().find(|answer| answer.context == first)
    }

    /// Its contexts.
    pub fn contexts(&self) -> impl Iterator<Item = Context> {
        self.contexts.iter().map(|examined| examined.context)
    }

    /// The answers in every context that is not the same as one before it.
    fn answers(&mut self, folder: Option<&str>, files: Vec<SettingsFile>) -> Option<Vec<Elsewhere>> {
        let platform = self.snapshot.examined.platform;
        if files.iter().any(|file| moves_files(platform, file)) {
            return None;
        }
        let at = self.snapshot.settings.iter().take_while(|file| file.scope == Scope::User).count();
        let count = files.len();
        let without = self.snapshot.trusted;
        self.snapshot.trusted = folder.is_none_or(|folder| self.trusted.trusts(folder));
        self.snapshot.settings.splice(at..at, files);
        let mut answers = Vec::with_capacity(self.contexts.len());
        for (index, examined) in self.contexts.iter_mut().enumerate() {
            if self.same_as[index] == index {
                examined.project = folder.map(str::to_owned);
                std::mem::swap(&mut self.snapshot.examined, examined);
                answers.push(Elsewhere::of(&self.snapshot, resolve(&self.snapshot)));
                std::mem::swap(&mut self.snapshot.examined, examined);
                examined.project = None;
            }
        }
        self.snapshot.settings.drain(at..at + count);
        self.snapshot.trusted = without;
        Some(answers)
    }
}

/// Where a folder keeps its settings.
fn settings_name(scope: Scope) -> &'static str {
    if scope == Scope::Local { ".claude/settings.local.json" } else { ".claude/settings.json" }
}

/// Whether opening a folder makes the system ask the person: macOS does so for what lies in some folders of the home
/// and on other disks (Apple documents it as "Files and Folders").
pub fn is_asked_for(platform: Platform, home: &str, folder: &str) -> bool {
    let guarded = ["Desktop", "Documents", "Downloads", "Library/Mobile Documents", "Library/CloudStorage"];
    platform == Platform::MacOs
        && (platform.is_within(folder, "/Volumes")
            || guarded.iter().any(|name| platform.is_within(folder, &platform.join(home, name))))
}

/// Whether a variable, a flag or a setting names a path that begins in the folder in which Claude Code is started.
fn starts_in_the_folder(snapshot: &Snapshot) -> bool {
    let platform = snapshot.examined.platform;
    let flag = snapshot.examined.arguments.settings.as_deref().map(javascript_trim).unwrap_or_default();
    let relative_flag = !flag.is_empty() && !flag.starts_with('{') && !platform.is_absolute(flag);
    relative_flag
        || Environment::resolve(snapshot).iter().any(|(name, setting)| {
            variables::find(name).is_some_and(Fact::names_a_path)
                && setting.places.iter().any(|place| !platform.is_absolute(place.value.plain()))
        })
}

/// Whether a folder's file has a say in which other files are read.
fn moves_files(platform: Platform, file: &SettingsFile) -> bool {
    let block = file.document.json().and_then(|json| json.root().get("env"));
    let mut names = block.into_iter().flat_map(|block| block.members());
    // Certificates have no say in who signs in.
    let moves = |fact: &Fact| fact.moves_files() && fact.purpose != Purpose::Certificates;
    names.any(|member| variables::named(platform, &member.name()).is_some_and(moves))
}

/// Whether a folder's file says anything that the resolver asks for.
fn speaks(file: &SettingsFile) -> bool {
    let asked = ["env", crate::ladder::HELPER, "awsCredentialExport"];
    file.document.json().is_some_and(|json| json.root().members().any(|member| asked.contains(&&*member.name())))
}

fn are_the_same(here: &[Variable], there: &[Variable]) -> bool {
    let same = |(mine, its): (&Variable, &Variable)| {
        mine.name == its.name
            && mine.source == its.source
            && mine.value.length() == its.value.length()
            && mine.value.same_as(&its.value)
    };
    here.len() == there.len() && here.iter().zip(there).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_macos_asks_and_only_for_some_folders() {
        let asks = |folder: &str| is_asked_for(Platform::MacOs, "/Users/kim", folder);
        for folder in ["/Users/kim/Documents/shop", "/Users/kim/Desktop", "/Volumes/stick/shop"] {
            assert!(asks(folder), "{folder}");
            assert!(!is_asked_for(Platform::Linux, "/Users/kim", folder), "{folder}");
        }
        for folder in ["/Users/kim/shop", "/Users/kim/Documents2", "/Users/kim", "/opt/Documents"] {
            assert!(!asks(folder), "{folder}");
        }
    }
}
