//! Whether there is a `claude` at all, and whether typing its name finds it.

use super::{HELP, place};
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.claude_found", cause: Cause::Install, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let installs = &facts.snapshot.installs;
    if installs.programs.iter().any(|program| program.on_path) {
        return Outcome::Pass;
    }
    let Some(own) = installs.own().next() else {
        // It may lie where we do not know to look: an alias, another account, a container.
        let debug =
            if installs.programs.is_empty() { "no copy was found" } else { "only copies inside other programs" };
        return Outcome::Found(vec![Found::new("AL-0-30", Status::Unknown, debug).help(HELP)]);
    };
    if !installs.path_known {
        return Outcome::Unknown("unknown-install-path");
    }
    let found = Found::new("AL-0-31", Status::Warn, "installed, but its folder is not on the PATH")
        .with("path", own.path.as_str())
        .with("folder", crate::installs::parent(facts.snapshot.examined.platform, &own.path))
        .at(&place(own))
        .help(HELP);
    Outcome::Found(vec![found])
}
