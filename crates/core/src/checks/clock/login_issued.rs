//! A login that ends later than any login issued today could: by this clock it was issued in the future.

use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Source, SourceKind, Status};

pub(super) const CHECK: Check = Check { id: "G.clock_behind_login", cause: Cause::Clock, judge };

/// A sign-in is good for thirty days at most (documented); a day is allowed for.
const LONGEST_SIGN_IN_MS: i64 = 31 * 24 * 60 * 60 * 1000;

fn judge(facts: &Facts<'_>) -> Outcome {
    let snapshot = facts.snapshot;
    let login = &facts.resolution.candidates.login;
    let Some(end) = login.refresh_expires_ms.filter(|_| login.access) else {
        return Outcome::Skipped("skip-clock-no-login");
    };
    if end - snapshot.examined.now_ms <= LONGEST_SIGN_IN_MS {
        return Outcome::Pass;
    }
    let source = Source { path: Some(snapshot.login.path.clone()), ..Source::new(SourceKind::CredentialsFile) };
    let found = Found::new("AL-0-11", Status::Note, "the sign-in ends later than one made today would")
        .with("now", crate::time::utc(snapshot.examined.now_ms))
        .with("ends", crate::time::utc(end))
        .at(&source);
    Outcome::Found(vec![found])
}
