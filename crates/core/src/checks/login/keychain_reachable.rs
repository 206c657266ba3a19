//! A Keychain that this session cannot open: over SSH, in a background job (documented). Whether Claude Code then falls
//! back to a file nobody has watched, so it is no more than a warning.

use super::others_sign_in;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::keychain::Answer;
use crate::report::{Cause, Source, SourceKind, Status};
use crate::snapshot::Platform;

pub(super) const CHECK: Check = Check { id: "C2.keychain_reachable", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let keychain = &facts.snapshot.keychain;
    if facts.snapshot.examined.platform != Platform::MacOs {
        return Outcome::Skipped("skip-not-macos");
    }
    let (code, debug) = if keychain.is_locked() {
        ("AL-2-24", "locked, and this session cannot ask for its password")
    } else if keychain.login == Answer::NoKeychain {
        ("AL-2-25", "no default Keychain")
    } else if keychain.login == Answer::NotAsked {
        return Outcome::Skipped("skip-keychain-not-asked");
    } else {
        return Outcome::Pass;
    };
    let source = Source { name: keychain.service.clone(), ..Source::new(SourceKind::Keychain) };
    // Whether the login is in it or not.
    let status = if others_sign_in(facts) { Status::Note } else { Status::Warn };
    let found =
        Found::new(code, status, debug).at(&source).help("https://code.claude.com/docs/en/troubleshoot-install");
    Outcome::Found(vec![found])
}
