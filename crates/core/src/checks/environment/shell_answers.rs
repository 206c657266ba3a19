//! The person's own shell, run as a new terminal runs it, did not say what it has; or did more than be a shell.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C1.shell_answers", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let Some(run) = &facts.snapshot.examined.shell_run else { return Outcome::Skipped("C1-shell-answers.not-asked") };
    // A shell that finds no terminal may well give up where it works for a person: it is told, and no fault.
    let told = |code, debug: String| Found::new(code, Status::Note, debug).with("command", run.command.as_str());
    let mut found = Vec::new();
    if let Some(trouble) = run.trouble {
        let word = trouble.word();
        found.push(told("AL-1-42", format!("no answer from {}: {word}", run.command)).with("trouble", word));
    }
    if let Some(bytes) = run.printed {
        let kilobytes = usize::try_from(bytes.div_ceil(1000)).unwrap_or(usize::MAX);
        found.push(told("AL-1-43", format!("it printed {bytes} bytes")).with("kilobytes", kilobytes));
    }
    if let Some(folder) = &run.went_to {
        found.push(told("AL-1-44", "it changed the folder".to_owned()).with("folder", folder.as_str()));
    }
    Outcome::of(found)
}
