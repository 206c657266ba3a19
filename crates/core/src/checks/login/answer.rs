//! What the person's own `claude` was told, when it was asked to use the login.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, CredentialKind, Owner, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_answered", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    use crate::report::Outcome::{Blocked, Limited, Rejected, Verified};
    let login = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
    let Some(sent) = facts.resolution.sends.iter().find(|sent| login.contains(&sent.credential)) else {
        return Outcome::Skipped("skip-login-not-used");
    };
    if !facts.live.own_claude {
        return Outcome::Skipped("skip-login-not-tried");
    }
    let (code, owner, debug) = match facts.live.outcome {
        Verified => return Outcome::Pass,
        Rejected => ("AL-2-48", Owner::Person, "claude itself was refused (401)"),
        Blocked => ("AL-2-49", Owner::Organisation, "claude itself was not allowed (403)"),
        Limited => ("AL-2-100", Owner::Person, "claude itself met a limit"),
        _ => return Outcome::Skipped("skip-login-no-answer"),
    };
    let says = facts.live.claude_says.as_deref().unwrap_or_default();
    let found = Found::new(code, Status::Fail, debug).with("says", says).at(&sent.source).owned_by(owner);
    Outcome::Found(vec![found.help("https://code.claude.com/docs/en/troubleshooting")])
}
