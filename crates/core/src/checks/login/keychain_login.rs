//! The login's item in the macOS Keychain. Its secret is never read: how long it lasts and what it may do stays unknown,
//! and unknown is never called a fault.

use super::others_sign_in;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::keychain::Answer;
use crate::report::{Cause, Source, SourceKind, Status};
use crate::snapshot::Platform;

pub(super) const CHECK: Check = Check { id: "C2.keychain_login", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    if facts.snapshot.examined.platform != Platform::MacOs {
        return Outcome::Skipped("skip-not-macos");
    }
    if others_sign_in(facts) {
        return Outcome::Skipped("skip-login-not-used");
    }
    let (code, debug) = match facts.snapshot.keychain.login {
        Answer::Absent | Answer::NoKeychain => return Outcome::Pass,
        Answer::Found(_) => ("AL-2-43", "the item is there; its secret stays closed"),
        Answer::Slow => ("AL-2-44", "no answer in time"),
        _ => ("AL-2-44", "not looked at"),
    };
    let name = facts.snapshot.keychain.service.clone();
    let source = Source { name, ..Source::new(SourceKind::Keychain) };
    Outcome::Found(vec![Found::new(code, Status::Unknown, debug).at(&source)])
}
