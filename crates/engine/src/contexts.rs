//! The environments of the contexts: what a new terminal has, what the desktop hands to a program, and this process.

use std::cell::OnceCell;

use authlight_core::claude_code::variables::{self, Purpose};
use authlight_core::contexts::{ContextEnvironment, ShellRun, placed};
use authlight_core::desktop::variables_of_desktop;
use authlight_core::programs::ProgramKind;
use authlight_core::reading::Reading;
use authlight_core::report::{Context, Live, Report, Source, SourceKind, ToldBy};
use authlight_core::secret::Secret;
use authlight_core::selection::Selection;
use authlight_core::shell::{Place, Profiles, Shell, StaticEnvironment, Unsure, variables_of_new_terminal};
use authlight_core::snapshot::{Examined, Variable};

use crate::examination::Examination;
use crate::machine::once::Once;
use crate::machine::{Machine, desktop_files, shell_profiles};
use crate::words::Language;

/// What a shell said when it was asked for its environment, and what became of asking.
#[derive(Clone, Debug)]
pub struct ShellSaid {
    /// The variables that count; none where it gave no answer.
    pub variables: Option<Vec<(String, Secret)>>,
    /// What it did not say.
    pub unsure: Vec<Unsure>,
    /// What was run.
    pub run: ShellRun,
}

/// Asks the person's own shell what a new terminal has that begins with this. `None`: it must not be run, or there is
/// none.
pub type AskShell<'a> = &'a dyn Fn(&Examined, &StaticEnvironment) -> Option<ShellSaid>;

/// Nobody's program is run.
pub const STATICALLY: AskShell<'static> = &|_, _| None;

/// Asks once, in however many folders: what a new terminal has is the same for all of them.
pub fn once(ask: AskShell<'_>) -> impl Fn(&Examined, &StaticEnvironment) -> Option<ShellSaid> {
    let said = OnceCell::new();
    move |examined, base| said.get_or_init(|| ask(examined, base)).clone()
}

/// Looks at what a context has, and at what every other context has beside it. `started` is what this program was
/// started with. A shell is asked only where the new terminal is what is examined.
pub fn examine(machine: &dyn Machine, started: Examined, asked: Context, ask: AskShell<'_>) -> Examination {
    let machine: &dyn Machine = &Once::of(machine);
    let told = Told::read(machine, &started);
    let examined = started.in_context(told.environment(asked, ask));
    let mut examination = Examination::look_beside(machine, examined, told.profiles.clone());
    for context in Context::ALL.iter().filter(|context| **context != asked) {
        examination.also_in(machine, told.environment(*context, STATICALLY));
    }
    examination
}

/// The environments of these contexts, without a look at anything else. The shell may be asked for each.
pub(crate) fn environments(
    machine: &dyn Machine,
    started: &Examined,
    contexts: &[Context],
    ask: AskShell<'_>,
) -> Vec<ContextEnvironment> {
    let told = Told::read(machine, started);
    contexts.iter().map(|context| told.environment(*context, ask)).collect()
}

/// The reports of several folders, in the order of these. In the first, the contexts of all of them stand.
pub fn report_each(
    examinations: &mut [Examination],
    live: &Live,
    words: &Language,
    selection: &Selection,
) -> Vec<Report> {
    let Some((first, rest)) = examinations.split_first_mut() else { return Vec::new() };
    let mut reports: Vec<Report> = Vec::with_capacity(rest.len() + 1);
    for there in rest {
        let report = there.report_of(&Live::default(), words, selection);
        first.also(there, report.verdict.code.clone());
        reports.push(report);
    }
    reports.insert(0, first.report_of(live, words, selection));
    reports
}

/// What tells of environments.
struct Told<'a> {
    machine: &'a dyn Machine,
    /// What this program was started with.
    started: &'a Examined,
    desktop: ContextEnvironment,
    /// What a new terminal is started with: what the desktop hands on.
    base: StaticEnvironment,
    profiles: Profiles,
}

impl<'a> Told<'a> {
    fn read(machine: &'a dyn Machine, started: &'a Examined) -> Self {
        let desktop = OnceCell::new();
        let desktop_after =
            |at_sign_in: &[Place]| desktop.get_or_init(|| desktop_of(machine, started, at_sign_in)).clone();
        let profiles = shell_profiles::read(machine, started, Some(&|at_sign_in| base_of(&desktop_after(at_sign_in))));
        let desktop = desktop_after(&[]);
        Self { machine, started, base: base_of(&desktop), desktop, profiles }
    }

    fn environment(&self, context: Context, ask: AskShell<'_>) -> ContextEnvironment {
        match context {
            Context::Process => ContextEnvironment {
                context,
                told_by: self.started.told_by,
                variables: self.started.variables.clone(),
                unsure: self.started.unsure.clone(),
                shell: None,
            },
            Context::Desktop => self.desktop.clone(),
            Context::NewTerminal => self.new_terminal(ask),
        }
    }

    fn new_terminal(&self, ask: AskShell<'_>) -> ContextEnvironment {
        let context = Context::NewTerminal;
        let mut shell = None;
        if let Some(said) = ask(self.started, &self.base) {
            shell = Some(said.run);
            if let Some(variables) = said.variables {
                let variables = placed(variables, &self.profiles, &self.base.variables);
                return ContextEnvironment { context, told_by: ToldBy::Shell, variables, unsure: said.unsure, shell };
            }
        }
        let StaticEnvironment { variables, mut unsure, anything } = self.by_files();
        unsure.extend(anything);
        ContextEnvironment { context, told_by: ToldBy::Files, variables, unsure, shell }
    }

    fn by_files(&self) -> StaticEnvironment {
        if self.profiles.looked && self.profiles.shell != Shell::Other {
            return variables_of_new_terminal(&self.profiles, &self.base);
        }
        new_terminal_by_files(self.machine, self.started, &self.base)
    }
}

/// What a new terminal has that begins with `base`, by its files alone.
pub(crate) fn new_terminal_by_files(
    machine: &dyn Machine,
    started: &Examined,
    base: &StaticEnvironment,
) -> StaticEnvironment {
    let shell = shell_profiles::path_of_the_shell(machine, started);
    desktop_files::new_terminal(machine, started.platform, &started.home, shell.as_deref(), base)
}

/// What the programs of the desktop have that runs; else what files say. `at_sign_in`: what the profiles say that are
/// read at sign-in.
fn desktop_of(machine: &dyn Machine, started: &Examined, at_sign_in: &[Place]) -> ContextEnvironment {
    let context = Context::Desktop;
    let programs = if started.own { machine.programs() } else { Reading::Absent };
    let programs = programs.found().map(Vec::as_slice).unwrap_or_default();
    let desktop = programs.iter().rfind(|program| program.kind == ProgramKind::Desktop);
    let account = of_the_account(&started.variables).into_iter();
    if let Some(variables) = desktop.and_then(|desktop| desktop.environment.found()) {
        let of_the_session = |variable: &Variable| {
            let source = Source { name: variable.source.name.clone(), ..Source::new(SourceKind::SystemEnv) };
            Variable { source, ..variable.clone() }
        };
        let variables = account.chain(variables.iter().map(of_the_session)).collect();
        return ContextEnvironment { context, told_by: ToldBy::Session, variables, unsure: Vec::new(), shell: None };
    }
    let config_home = Variable::filled(&started.variables, "XDG_CONFIG_HOME");
    let (platform, home) = (started.platform, started.home.as_str());
    let readings = desktop_files::read(machine, platform, home, config_home, at_sign_in);
    let StaticEnvironment { variables, unsure, anything } = variables_of_desktop(&readings);
    let counts = |variable: &Variable| variables::named(platform, &variable.name).is_some();
    let mut variables: Vec<_> = variables.into_iter().filter(counts).collect();
    let mut account: Vec<_> = account.collect();
    // Each name once: what is only the usual place gives way to what this program was started with, as long as that is
    // of the same home; and that to what is told.
    let is_in = |all: &[Variable], one: &Variable| all.iter().any(|other| other.name == one.name);
    if account.iter().any(|variable| variable.name == "USERPROFILE" && variable.value.plain() == started.home) {
        variables.retain(|variable| variable.source.path.is_some() || !is_in(&account, variable));
    }
    account.retain(|variable| !is_in(&variables, variable));
    ContextEnvironment {
        context,
        told_by: ToldBy::Files,
        variables: account.into_iter().chain(variables).collect(),
        unsure: unsure.into_iter().chain(anything).collect(),
        shell: None,
    }
}

/// What a new terminal is started with that the desktop opens.
fn base_of(desktop: &ContextEnvironment) -> StaticEnvironment {
    let (anything, unsure) = desktop.unsure.iter().cloned().partition::<Vec<_>, _>(|unsure| unsure.name.is_empty());
    StaticEnvironment { variables: desktop.variables.clone(), unsure, anything: anything.into_iter().next() }
}

/// What every program of the person gets, however it is started: where things lie.
fn of_the_account(variables: &[Variable]) -> Vec<Variable> {
    let of_the_account = |variable: &&Variable| {
        let fact = variables::find(&variable.name);
        fact.is_some_and(|fact| fact.purpose == Purpose::Machine || OF_THE_ACCOUNT.contains(&fact.name))
    };
    variables.iter().filter(of_the_account).cloned().collect()
}

/// Set by whatever signs a person in.
const OF_THE_ACCOUNT: [&str; 4] = ["HOME", "USERPROFILE", "APPDATA", "SHELL"];
