//! The environments of the contexts: what a new terminal has, what the desktop hands to a program, and this process.

use authlight_core::claude_code::variables::{self, Purpose};
use authlight_core::contexts::ContextEnvironment;
use authlight_core::report::{Context, Live, Report, ToldBy};
use authlight_core::selection::Selection;
use authlight_core::shell::{Profiles, session};
use authlight_core::snapshot::{Examined, Variable};

use crate::examination::Examination;
use crate::machine::{Machine, shell_profiles};
use crate::words::Language;

/// Looks at what a context has, and at what every other context has beside it. `started` is what this program was
/// started with.
pub fn examine(machine: &dyn Machine, started: Examined, asked: Context) -> Examination {
    let mut examination = if asked == Context::Process {
        Examination::look(machine, started.clone())
    } else {
        let profiles = shell_profiles::read(machine, &started);
        Examination::look(machine, started.in_context(from_files(&started, &profiles, asked)))
    };
    for context in Context::ALL.iter().filter(|context| **context != asked) {
        let environment = from_files(&started, &examination.snapshot.shell, *context);
        examination.also_in(machine, environment);
    }
    examination
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

/// The environment of a context, as far as files tell: nobody's program is run. `started` is what this program was
/// started with.
pub(crate) fn from_files(started: &Examined, profiles: &Profiles, context: Context) -> ContextEnvironment {
    match context {
        Context::Process => ContextEnvironment {
            context,
            told_by: started.told_by,
            variables: started.variables.clone(),
            unsure: started.unsure.clone(),
        },
        Context::Desktop => ContextEnvironment {
            context,
            told_by: ToldBy::Files,
            variables: of_the_account(&started.variables),
            unsure: Vec::new(),
        },
        Context::NewTerminal => {
            let base = from_files(started, profiles, Context::Desktop);
            let told = session::variables_of_new_terminal(profiles, &base.variables);
            ContextEnvironment { context, told_by: ToldBy::Files, variables: told.variables, unsure: told.unsure }
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
