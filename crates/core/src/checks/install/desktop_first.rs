//! The Desktop app under the name `claude`, before Claude Code on the PATH: typing `claude` opens a window (documented).

use super::{HELP, place};
use crate::checks::{Check, Found, Outcome};
use crate::installs::InstallKind;
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.claude_not_the_app", cause: Cause::Install, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let installs = &facts.snapshot.installs;
    let Some(first) = installs.first() else { return Outcome::Skipped("skip-install-none") };
    if first.kind != InstallKind::Desktop {
        return Outcome::Pass;
    }
    let found = Found::new("AL-0-39", Status::Warn, "the Desktop app comes first")
        .with("path", first.path.as_str())
        .at(&place(first))
        .help(HELP);
    Outcome::Found(vec![found])
}
