//! The login's item in the macOS Keychain. Its secret is never read: how long it lasts and what it may do stays unknown,
//! and unknown is never called a fault.

use super::others_sign_in;
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::keychain::Answer;
use crate::report::Cause;
use crate::snapshot::Platform;

pub(super) const CHECK: Check = Check { id: "C2.keychain_login", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    if facts.snapshot.platform != Platform::MacOs {
        return Outcome::Skipped("skip-not-macos");
    }
    if others_sign_in(facts) {
        return Outcome::Skipped("skip-login-not-used");
    }
    match facts.snapshot.keychain.login {
        Answer::Found(_) => Outcome::Unknown("unknown-keychain-secret"),
        Answer::Absent | Answer::NoKeychain => Outcome::Pass,
        Answer::Slow => Outcome::Unknown("unknown-keychain-slow"),
        _ => Outcome::Unknown("unknown-keychain-not-looked"),
    }
}
