//! Contexts × folders: what signs in where. Two small files are opened for each folder, and a whole look is taken only
//! where they decide which others are read.

pub mod table;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use authlight_core::contexts::{ContextEnvironment, Elsewhere};
use authlight_core::projects::{Cell, Ground, is_asked_for};
use authlight_core::report::Context;
use authlight_core::route::resolve;
use authlight_core::snapshot::{Examined, SettingsFile};

use crate::contexts::{AskShell, environments};
use crate::machine::Machine;
use crate::machine::scan::{scan_files, settings_file};

/// The contexts in the order of the columns.
pub const COLUMNS: [Context; 3] = [Context::NewTerminal, Context::Desktop, Context::Process];

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What this program was started with; in which folder does not matter.
    pub started: Examined,
    /// The chosen folder, as seen from inside.
    pub folder: Option<String>,
    /// The chosen context.
    pub context: Context,
    /// The other folders, as seen from inside.
    pub folders: Vec<String>,
    /// Whether the person has said that folders may be opened for which the system asks.
    pub may_open: bool,
}

/// A folder and what signs in there.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The folder, as seen from inside; none: Claude Code is started in no project.
    pub folder: Option<String>,
    /// One for each of [`COLUMNS`]; none where the folder was not opened.
    pub cells: Vec<Cell>,
}

/// Tells the rows, the chosen folder first, the others in their order. `ask` tells what the person's shell said of a new
/// terminal.
pub fn fill(machine: &dyn Machine, asked: &Asked, ask: AskShell<'_>, stop: &AtomicBool, told: &mut dyn FnMut(Row)) {
    let started = Examined { project: None, ..asked.started.clone() };
    let mut looker = Looker::new(machine, started, asked.context, ask);
    looker.choose(asked.folder.as_deref());
    told(Row { folder: asked.folder.clone(), cells: looker.cells(asked.folder.as_deref()) });
    let mut seen: BTreeSet<&str> = asked.folder.as_deref().into_iter().collect();
    for folder in &asked.folders {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        if !seen.insert(folder) {
            continue;
        }
        let Examined { platform, home, .. } = &asked.started;
        let closed = !asked.may_open && is_asked_for(*platform, home, folder);
        let cells = if closed { Vec::new() } else { looker.cells(Some(folder)) };
        told(Row { folder: Some(folder.clone()), cells });
    }
}

/// Looks into one folder after the other.
struct Looker<'m> {
    machine: &'m dyn Machine,
    started: Examined,
    /// The chosen context's first.
    environments: Vec<ContextEnvironment>,
    /// Of these every folder's answer is taken. Empty: each folder has to be looked at by itself.
    grounds: Vec<Ground>,
    here: Option<Elsewhere>,
}

impl<'m> Looker<'m> {
    fn new(machine: &'m dyn Machine, started: Examined, context: Context, ask: AskShell<'_>) -> Self {
        let mut contexts = COLUMNS;
        contexts.sort_by_key(|other| *other != context);
        let environments = environments(machine, &started, &contexts, ask);
        let mut looker = Self { machine, started, environments, grounds: Vec::new(), here: None };
        looker.grounds = looker.find_grounds().unwrap_or_default();
        looker
    }

    /// One for all environments in which the same files are read. `None`: what is read depends on the folder.
    fn find_grounds(&self) -> Option<Vec<Ground>> {
        let mut grounds: Vec<Ground> = Vec::new();
        for environment in &self.environments {
            if !grounds.iter_mut().any(|ground| ground.also_in(environment)) {
                let snapshot = scan_files(self.machine, self.started.in_context(environment.clone()));
                grounds.push(Ground::of(snapshot)?);
            }
        }
        Some(grounds)
    }

    fn choose(&mut self, folder: Option<&str>) {
        let Some(context) = self.environments.first().map(|environment| environment.context) else { return };
        let mut here = None;
        if let Some(ground) = self.grounds.first_mut() {
            let files = files(self.machine, ground, folder);
            here = ground.answer(context, folder, files);
        }
        let here = here.or_else(|| self.whole(folder).into_iter().next());
        for ground in &mut self.grounds {
            here.iter().for_each(|here| ground.compare_with(here.clone()));
        }
        self.here = here;
    }

    fn cells(&mut self, folder: Option<&str>) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(COLUMNS.len());
        for ground in &mut self.grounds {
            let files = files(self.machine, ground, folder);
            cells.extend(ground.cells(folder, files).into_iter().flatten());
        }
        if cells.len() < self.environments.len() {
            let home = &self.started.home;
            cells = self.whole(folder).iter().map(|answer| Cell::of(answer, self.here.as_ref(), home)).collect();
        }
        cells.sort_by_key(|cell| COLUMNS.iter().position(|column| *column == cell.context));
        cells
    }

    /// The answers after a whole look.
    fn whole(&self, folder: Option<&str>) -> Vec<Elsewhere> {
        let project = folder.map(str::to_owned);
        let mut answers: Vec<Elsewhere> = Vec::with_capacity(self.environments.len());
        let mut looked = None;
        for environment in &self.environments {
            let environment = environment.clone();
            let examined = Examined { project: project.clone(), ..self.started.in_context(environment.clone()) };
            let Some(snapshot) = &mut looked else {
                let snapshot = scan_files(self.machine, examined);
                answers.push(Elsewhere::of(&snapshot, resolve(&snapshot)));
                looked = Some(snapshot);
                continue;
            };
            answers.push(snapshot.answer_in(environment).unwrap_or_else(|| {
                let snapshot = scan_files(self.machine, examined);
                Elsewhere::of(&snapshot, resolve(&snapshot))
            }));
        }
        answers
    }
}

/// The settings files that come with a folder.
fn files(machine: &dyn Machine, ground: &Ground, folder: Option<&str>) -> Vec<SettingsFile> {
    let Some(folder) = folder else { return Vec::new() };
    ground.files_of(folder).map(|(scope, path)| settings_file(machine, scope, path)).collect()
}
