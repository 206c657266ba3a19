//! A `claude` on the PATH that cannot be started: shells pass over it and take the next one, if there is one.

use super::{HELP, place};
use crate::checks::{Check, Found, Outcome};
use crate::installs::Condition;
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.claude_runs", cause: Cause::Install, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let installs = &facts.snapshot.installs;
    if installs.programs.is_empty() {
        return Outcome::Skipped("skip-install-none");
    }
    let another = installs.first();
    let mut found = Vec::new();
    for program in installs.programs.iter().filter(|program| program.on_path) {
        let (code, debug) = match program.condition {
            Condition::Runs => continue,
            Condition::BrokenLink => ("AL-0-32", "a link to a program that is not there"),
            Condition::NotExecutable => ("AL-0-33", "the right to execute it is missing"),
            Condition::Placeholder => ("AL-0-34", "the stand-in of the npm package"),
        };
        // The stand-in can be executed, so a shell takes it and looks no further.
        let stops = another.is_none() || program.condition == Condition::Placeholder;
        let one = Found::new(code, if stops { Status::Fail } else { Status::Note }, debug)
            .with("path", program.path.as_str())
            .with("target", program.target.as_str())
            .with("other", another.map_or("none", |other| other.path.as_str()))
            .at(&place(program))
            .help(HELP);
        found.push(one);
    }
    Outcome::of(found)
}
