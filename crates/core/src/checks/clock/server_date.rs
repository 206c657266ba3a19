//! This computer's clock against the date that a server sent with its answer, where the live test ran.

use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.clock_against_server", cause: Cause::Clock, judge };

/// Claude Code renews a login five minutes before its end: a clock that is off by more renews too late.
const TOLERATED_SECONDS: i64 = 5 * 60;

/// Certificates and the signatures of a cloud no longer hold.
const BREAKS_SECONDS: i64 = 24 * 60 * 60;

fn judge(facts: &Facts<'_>) -> Outcome {
    let seen = facts.live.stages.iter().find_map(|row| {
        let skew: i64 = row.evidence.get("clock_skew_seconds")?.parse().ok()?;
        Some((skew, row.evidence.get("server_date").cloned().unwrap_or_default()))
    });
    let Some((skew, date)) = seen else { return Outcome::Skipped("skip-clock-not-tested") };
    if skew.abs() <= TOLERATED_SECONDS {
        return Outcome::Pass;
    }
    let status = if skew.abs() >= BREAKS_SECONDS { Status::Fail } else { Status::Warn };
    let found = Found::new("AL-0-12", status, format!("off by {skew} s"))
        .with("minutes", skew.abs() / 60)
        .with("direction", if skew > 0 { "ahead" } else { "behind" })
        .with("now", crate::time::utc(facts.snapshot.examined.now_ms))
        .with("server_date", date);
    Outcome::Found(vec![found])
}
