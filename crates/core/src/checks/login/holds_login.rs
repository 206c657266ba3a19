//! A login file that holds something, but not a login where Claude Code looks for it (observed: fields at top level or in
//! snake case, and a missing access token, count as no login).

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::json::Kind;
use crate::judge::Facts;
use crate::report::{Cause, Status};

/// Names that show that somebody meant to put a login here.
const MISPLACED: &[&str] = &["accessToken", "access_token", "refreshToken", "claude_ai_oauth", "claudeAiOAuth"];

pub(super) const CHECK: Check = Check { id: "C2.login_file_shape", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    match fault(facts) {
        Some(debug) => Outcome::Found(vec![in_file(facts, "AL-2-19", Status::Fail, debug)]),
        None => Outcome::Pass,
    }
}

fn fault(facts: &Facts<'_>) -> Option<&'static str> {
    let root = facts.snapshot.login.json()?.root();
    let login = &facts.resolution.candidates.login;
    if login.blanked || (login.present && login.access) {
        None
    } else if login.present {
        Some("claudeAiOauth holds no access token")
    } else if root.get("claudeAiOauth").is_some_and(|value| !value.is_null()) {
        Some("claudeAiOauth is no object")
    } else if root.kind() != Kind::Object {
        Some("no object")
    } else {
        let misplaced = MISPLACED.iter().any(|name| root.member(name).is_some());
        misplaced.then_some("the fields of a login stand outside claudeAiOauth")
    }
}

/// Whether the file is right and simply holds no login: `{}` is what a Console sign-in leaves, and MCP logins may stand
/// alone.
pub(super) fn is_for_nobody(facts: &Facts<'_>) -> bool {
    fault(facts).is_none()
}
