//! Two systems on one computer, each with a home of its own: what was set up in one is not seen in the other. Told only
//! where nothing signs in.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};
use crate::snapshot::Platform;
use crate::verdict::nothing_signs_in;

pub(super) const CHECK: Check = Check { id: "C1.another_home", cause: Cause::Environment, judge };

const PAGE: &str = "https://code.claude.com/docs/en/troubleshoot-install";

fn judge(facts: &Facts<'_>) -> Outcome {
    let (examined, beside) = (&facts.snapshot.examined, &facts.snapshot.beside);
    let windows = examined.platform == Platform::Windows;
    if !windows && !examined.host.wsl {
        return Outcome::Skipped("skip-one-home");
    }
    if !nothing_signs_in(facts) {
        return Outcome::Pass;
    }
    let found = if windows {
        let Some(count) = beside.wsl_distributions.filter(|count| *count > 0) else { return Outcome::Pass };
        Found::new("AL-1-33", Status::Note, format!("{count} distributions of WSL")).with("count", count)
    } else {
        let theirs = if beside.windows_settings { "yes" } else { "no" };
        Found::new("AL-1-32", Status::Note, format!("WSL; Windows has its own settings: {theirs}"))
            .with("theirs", theirs)
    };
    Outcome::Found(vec![found.help(PAGE)])
}
