//! A token of `claude setup-token` that is used in the place of the login (observed: `prec-oauthenv+*`).

use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.setup_token", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let used = resolution.rules.iter().any(|(_, slot)| *slot == Slot::OauthToken) && resolution.cloud.is_none();
    let login = resolution.candidates.get(Slot::Login).filter(|login| login.present && login.out != Some(Why::NoLogin));
    let (true, Some(login)) = (used, login) else { return Outcome::Pass };
    let token = resolution.candidates.get(Slot::OauthToken).and_then(|token| token.source.clone());
    let mut found = Found::new("AL-2-28", Status::Note, "CLAUDE_CODE_OAUTH_TOKEN is used instead of the login")
        .with("name", "CLAUDE_CODE_OAUTH_TOKEN");
    for source in [&token, &login.source].into_iter().flatten() {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}
