//! A login file beside a Keychain item: Claude Code uses the item, and tools that read the file are misled (documented).

use super::file;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::keychain::Answer;
use crate::ladder::LoginFacts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.keychain_stale_file", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let snapshot = facts.snapshot;
    if !matches!(snapshot.keychain.login, Answer::Found(_)) {
        return Outcome::Skipped("skip-keychain-no-item");
    }
    if !snapshot.login.json().is_some_and(|json| LoginFacts::of(json).present) {
        return Outcome::Pass;
    }
    let found = Found::new("AL-2-26", Status::Note, "a login file beside the Keychain item")
        .with("path", snapshot.login.path.as_str())
        .at(&file(facts));
    Outcome::Found(vec![found])
}
