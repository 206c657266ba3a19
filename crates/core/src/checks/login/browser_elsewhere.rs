//! Where the browser cannot hand the login over: over SSH, in a container, in WSL. Told only where a login is missing.

use super::others_sign_in;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::Slot;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.browser_elsewhere", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let host = &facts.snapshot.examined.host;
    let place = match (host.ssh, host.container, host.wsl) {
        (true, ..) => "ssh",
        (_, true, _) => "container",
        (_, _, true) => "wsl",
        _ => return Outcome::Skipped("skip-browser-is-here"),
    };
    // A build service is told so elsewhere: nobody would paste a code there.
    if host.ci || others_sign_in(facts) {
        return Outcome::Skipped("skip-login-not-used");
    }
    if facts.resolution.candidates.get(Slot::Login).is_some_and(|login| login.stands()) {
        return Outcome::Pass;
    }
    let found = Found::new("AL-2-47", Status::Note, format!("no login, and the browser is elsewhere: {place}"));
    Outcome::Found(vec![found.with("place", place).help("https://code.claude.com/docs/en/troubleshoot-install")])
}
