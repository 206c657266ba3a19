//! `--bare` looks at two variables and a helper given with `--settings`, and at nothing else (observed: `prec-bare-*`).

use super::{Check, Found, Outcome, reason_or};
use crate::judge::Facts;
use crate::ladder::Why;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C4.bare_leaves_out", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let left_out = facts.resolution.candidates.all.iter().filter(|candidate| candidate.out == Some(Why::Bare));
    let sources: Vec<_> = left_out.filter_map(|candidate| candidate.source.as_ref()).collect();
    if sources.is_empty() {
        return Outcome::Pass;
    }
    let mut found = Found::new("AL-4-18", reason_or(facts, Status::Note), "left out by --bare")
        .help("https://code.claude.com/docs/en/cli-reference");
    for source in sources {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}
