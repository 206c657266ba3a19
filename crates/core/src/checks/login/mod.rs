//! Cause 2: the browser login.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::reading::Reading;
use crate::report::{Cause, Source, SourceKind, Status};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[Check { id: "C2.login_present", cause: Cause::Login, judge: present }];

/// Whether a login is there, and whether it can be used.
fn present(facts: &Facts<'_>) -> Outcome {
    let (snapshot, resolution) = (facts.snapshot, facts.resolution);
    let other = resolution.cloud.is_some() || !resolution.sends.is_empty();
    let Some(login) = resolution.candidates.get(Slot::Login) else { return Outcome::Skipped("skip-not-in-use") };
    let path = snapshot.login.path.clone();
    let file = Source { path: Some(path.clone()), ..Source::new(SourceKind::CredentialsFile) };
    let source = login.source.clone().unwrap_or(file);
    // A fault in a login that nobody uses is worth a note; in the only one it is the fault.
    let status = if other { Status::Note } else { Status::Fail };
    let make = |code, debug: &str| Found::new(code, status, debug).with("path", path.as_str()).at(&source);
    let found = match &login.out {
        None if login.present => return renewal(facts),
        None if other => return Outcome::Skipped("skip-not-in-use"),
        None | Some(Why::NoLogin) if misnamed(facts) && !other => {
            make("AL-2-02", "credentials.json without the dot, which Claude Code never reads")
        }
        None | Some(Why::NoLogin) if other => return Outcome::Skipped("skip-not-in-use"),
        None | Some(Why::NoLogin) => make("AL-2-01", "no login and no other credential"),
        Some(Why::Blanked) => make("AL-2-03", "blanked after its renewal was refused"),
        Some(Why::Malformed) => {
            let debug = match &snapshot.login.content {
                Reading::Found(content) => format!("{content:?}"),
                _ => String::new(),
            };
            make("AL-2-04", &debug)
        }
        Some(Why::MissingScope) => make("AL-2-05", "the scope user:inference is missing"),
        Some(Why::BadCharacter) => make("AL-2-06", "a character that cannot stand in a header"),
        Some(Why::Unreadable(trouble)) => make("AL-2-07", trouble.word()).with("trouble", trouble.word()),
        Some(_) => return Outcome::Skipped("skip-not-in-use"),
    };
    Outcome::Found(vec![found])
}

fn misnamed(facts: &Facts<'_>) -> bool {
    facts.snapshot.misnamed_login.found().is_some()
}

/// How long the login lasts. A past end with a way to renew it is no fault.
fn renewal(facts: &Facts<'_>) -> Outcome {
    let (snapshot, login) = (facts.snapshot, &facts.resolution.candidates.login);
    let past = |at: Option<i64>| at.is_some_and(|at| at <= snapshot.now_ms);
    let source = facts.resolution.candidates.get(Slot::Login).and_then(|login| login.source.clone());
    let make = |code, status, debug: &str| {
        let found = Found::new(code, status, debug).with("path", snapshot.login.path.as_str());
        source.as_ref().map_or_else(|| Found::new(code, status, debug), |source| found.at(source))
    };
    let found = if past(login.refresh_expires_ms) {
        make("AL-2-08", Status::Fail, "the sign-in itself has ended")
    } else if past(login.expires_ms) && !login.refresh {
        make("AL-2-09", Status::Warn, "expired, with nothing to renew it")
    } else if past(login.expires_ms) && snapshot.login_folder_writable == Some(false) {
        make("AL-2-10", Status::Warn, "expired, and its folder cannot be written")
    } else {
        return Outcome::Pass;
    };
    Outcome::Found(vec![found])
}
