//! The environments of the contexts: what a new terminal has, what the desktop hands to a program, and this process.

use authlight_core::claude_code::variables::{self, Purpose};
use authlight_core::contexts::{ContextEnvironment, ShellRun, placed};
use authlight_core::desktop::variables_of_desktop;
use authlight_core::programs::{Program, ProgramKind};
use authlight_core::reading::Reading;
use authlight_core::report::{Context, Live, Report, Source, SourceKind, ToldBy};
use authlight_core::secret::Secret;
use authlight_core::selection::Selection;
use authlight_core::shell::{Profiles, Shell, StaticEnvironment, variables_of_new_terminal};
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
    /// What was run.
    pub run: ShellRun,
}

/// Asks the person's own shell what a new terminal has that begins with these variables. `None`: it must not be run, or
/// there is none.
pub type AskShell<'a> = &'a dyn Fn(&Examined, &[Variable]) -> Option<ShellSaid>;

/// Nobody's program is run.
pub const STATICALLY: AskShell<'static> = &|_, _| None;

/// Looks at what a context has, and at what every other context has beside it. `started` is what this program was
/// started with. A shell is asked only where the new terminal is what is examined.
pub fn examine(machine: &dyn Machine, started: Examined, asked: Context, ask: AskShell<'_>) -> Examination {
    let machine: &dyn Machine = &Once::of(machine);
    let mut examination = if asked == Context::Process {
        Examination::look(machine, started.clone())
    } else {
        let environment = environments(machine, &started, &[asked], ask).into_iter().next();
        Examination::look(machine, environment.map_or_else(|| started.clone(), |there| started.in_context(there)))
    };
    let told = Told::read(machine, &started, &examination.snapshot.shell, &examination.snapshot.programs);
    let others = Context::ALL.iter().filter(|context| **context != asked);
    let others: Vec<_> = others.map(|context| told.environment(*context, STATICALLY)).collect();
    others.into_iter().for_each(|environment| examination.also_in(machine, environment));
    examination
}

/// The environments of these contexts, without a look at anything else. The shell may be asked for each.
pub(crate) fn environments(
    machine: &dyn Machine,
    started: &Examined,
    contexts: &[Context],
    ask: AskShell<'_>,
) -> Vec<ContextEnvironment> {
    let programs = if started.own { machine.programs() } else { Reading::Absent };
    let at_sign_in = shell_profiles::read(machine, started);
    let told = Told::read(machine, started, &at_sign_in, &programs);
    let base = told.desktop().variables;
    let shell = shell_profiles::path_of_the_shell(machine, started);
    let (platform, home) = (started.platform, started.home.as_str());
    let profiles = shell_profiles::of_new_terminal(machine, platform, home, shell.as_deref(), &base);
    let told = Told { profiles: &profiles, ..told };
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
    /// What this program was started with.
    started: &'a Examined,
    profiles: &'a Profiles,
    programs: &'a Reading<Vec<Program>>,
    /// What files say that a double-clicked program gets.
    desktop: StaticEnvironment,
    machine: &'a dyn Machine,
}

impl<'a> Told<'a> {
    fn read(
        machine: &'a dyn Machine,
        started: &'a Examined,
        profiles: &'a Profiles,
        programs: &'a Reading<Vec<Program>>,
    ) -> Self {
        let config_home = Variable::filled(&started.variables, "XDG_CONFIG_HOME");
        let (platform, home) = (started.platform, started.home.as_str());
        let readings = desktop_files::read(machine, platform, home, config_home, Some(profiles));
        Self { started, profiles, programs, desktop: variables_of_desktop(&readings), machine }
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
            Context::Desktop => self.desktop(),
            Context::NewTerminal => self.new_terminal(ask),
        }
    }

    fn new_terminal(&self, ask: AskShell<'_>) -> ContextEnvironment {
        let context = Context::NewTerminal;
        let desktop = self.desktop();
        let said = ask(self.started, &desktop.variables);
        let (said, shell) = said.map_or((None, None), |said| (said.variables, Some(said.run)));
        if let Some(said) = said {
            let variables = placed(said, self.profiles, &desktop.variables);
            return ContextEnvironment { context, told_by: ToldBy::Shell, variables, unsure: Vec::new(), shell };
        }
        let StaticEnvironment { variables, mut unsure, anything } = self.by_files(&desktop.variables);
        // What the terminal begins with and nobody can tell stays so, unless its files settle it.
        let settled = |name: &str| {
            variables.iter().any(|variable| variable.name == name)
                || self.profiles.of(name).any(|place| !place.overwritten)
        };
        let left = desktop.unsure.into_iter().filter(|unsure| !settled(&unsure.name));
        unsure.extend(left.chain(anything));
        ContextEnvironment { context, told_by: ToldBy::Files, variables, unsure, shell }
    }

    fn by_files(&self, base: &[Variable]) -> StaticEnvironment {
        if self.profiles.looked && self.profiles.shell != Shell::Other {
            return variables_of_new_terminal(self.profiles, base);
        }
        let shell = shell_profiles::path_of_the_shell(self.machine, self.started);
        let (platform, home) = (self.started.platform, self.started.home.as_str());
        desktop_files::new_terminal(self.machine, platform, home, shell.as_deref(), base)
    }

    /// What the programs of the desktop have that runs; else what files say.
    fn desktop(&self) -> ContextEnvironment {
        let context = Context::Desktop;
        let programs = self.programs.found().map(Vec::as_slice).unwrap_or_default();
        let desktop = programs.iter().rfind(|program| program.kind == ProgramKind::Desktop);
        let account = of_the_account(&self.started.variables).into_iter();
        if let Some(variables) = desktop.and_then(|desktop| desktop.environment.found()) {
            let of_the_session = |variable: &Variable| {
                let source = Source { name: variable.source.name.clone(), ..Source::new(SourceKind::SystemEnv) };
                Variable { source, ..variable.clone() }
            };
            let variables = account.chain(variables.iter().map(of_the_session)).collect();
            return ContextEnvironment {
                context,
                told_by: ToldBy::Session,
                variables,
                unsure: Vec::new(),
                shell: None,
            };
        }
        let StaticEnvironment { variables, unsure, anything } = self.desktop.clone();
        let counts = |variable: &Variable| variables::named(self.started.platform, &variable.name).is_some();
        let mut variables: Vec<_> = variables.into_iter().filter(counts).collect();
        let mut account: Vec<_> = account.collect();
        // Each name once: what is only the usual place gives way to what this program was started with, as long as that
        // is of the same home; and that to what is told.
        let is_in = |all: &[Variable], one: &Variable| all.iter().any(|other| other.name == one.name);
        if account.iter().any(|variable| variable.name == "USERPROFILE" && variable.value.plain() == self.started.home)
        {
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
