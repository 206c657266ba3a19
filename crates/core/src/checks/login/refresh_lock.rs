//! The lock that keeps two programs from renewing at once. One that was left behind blocked every renewal in some versions
//! (documented: 2.1.272 to 2.1.274, Windows); others set it aside after a minute.

use super::in_use;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Source, SourceKind, Status};

pub(super) const CHECK: Check = Check { id: "C2.refresh_lock", cause: Cause::Login, judge };

/// A lock that is older was left behind (documented).
const STALE_AFTER_MS: i64 = 60_000;

fn judge(facts: &Facts<'_>) -> Outcome {
    let snapshot = facts.snapshot;
    let Some(modified) = snapshot.refresh_lock.found().and_then(|lock| lock.modified_ms) else { return Outcome::Pass };
    let age = snapshot.examined.now_ms - modified;
    if age < STALE_AFTER_MS {
        return Outcome::Pass;
    }
    let login = &facts.resolution.candidates.login;
    let needed = login.expires_ms.is_some_and(|at| at <= snapshot.examined.now_ms) && in_use(facts);
    let status = if needed { Status::Warn } else { Status::Note };
    let lock = snapshot.login.path.replace(".credentials.json", ".oauth_refresh.lock");
    let source = Source { path: Some(lock.clone()), ..Source::new(SourceKind::CredentialsFile) };
    let found = Found::new("AL-2-23", status, format!("left behind {} s ago", age / 1000))
        .with("path", lock)
        .with("minutes", age / 60_000)
        .at(&source);
    Outcome::Found(vec![found])
}
