//! Whether there is a login at all, where nothing else signs in.

use super::{in_file, others_sign_in};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::report::{Cause, State, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_present", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (snapshot, resolution) = (facts.snapshot, facts.resolution);
    let candidates = &resolution.candidates;
    if others_sign_in(facts) || candidates.all.iter().any(|candidate| candidate.out == Some(Why::ProfileMissing)) {
        return Outcome::Skipped("skip-login-not-used");
    }
    let Some(login) = candidates.get(Slot::Login) else { return Outcome::Skipped("skip-login-not-used") };
    let blank = match &login.out {
        None if login.present => return Outcome::Pass,
        None => true,
        // Something is there: another check says what is wrong with it.
        Some(why) => *why == Why::NoLogin && super::holds_login::is_for_nobody(facts),
    };
    if !blank || (snapshot.login.content.is_absent() && !snapshot.misnamed_login.is_absent()) {
        return Outcome::Skipped("skip-login-said-above");
    }
    // Nor was it seen whether a key of a Console sign-in is there.
    if candidates.get(Slot::ManagedKey).is_some_and(|key| key.state() == State::Unreadable) {
        return Outcome::Skipped("skip-login-state-not-seen");
    }
    if resolution.credential_not_told(&snapshot.examined) {
        return Outcome::Unknown("unknown-login-needed");
    }
    if resolution.policy.wants_gateway() {
        return Outcome::Skipped("skip-login-gateway");
    }
    Outcome::Found(vec![in_file(facts, "AL-2-01", Status::Fail, "no login and no other credential")])
}
