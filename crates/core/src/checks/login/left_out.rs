//! `--bare`, or its variable: Claude Code then looks at no login (observed: `prec-bare-*`).

use super::{others_sign_in, weigh};
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_looked_at", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let login = facts.resolution.candidates.get(Slot::Login).filter(|login| login.out == Some(Why::Bare));
    let Some(login) = login else { return Outcome::Pass };
    if others_sign_in(facts) {
        return Outcome::Skipped("skip-login-not-used");
    }
    let variable = facts.resolution.environment.set("CLAUDE_CODE_SIMPLE").filter(|_| !facts.snapshot.arguments.bare);
    let cause = if variable.is_some() { "CLAUDE_CODE_SIMPLE" } else { "--bare" };
    let mut found =
        Found::new("AL-2-45", weigh(facts, Status::Fail), format!("{cause} leaves the login out")).with("cause", cause);
    for source in [variable.map(|variable| &variable.source), login.source.as_ref()].into_iter().flatten() {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}
