//! Signing in again, by the person's own Claude Code.
//!
//! Findings of the login that only a new one mends. Claude Code writes the login file anew whatever stands in it: damaged,
//! empty, in another encoding, unreadable, a link that leads nowhere (observed: `tests/live/sign_in.py`, `file-*`). Where
//! something that is no file stands in its place it cannot, and that is set aside first.

use super::{Edit, Fix, Repair, Risk, Target};
use crate::claude_code::sign_in::{Account, Call, SINCE};
use crate::judge::Facts;
use crate::message::Message;
use crate::policy::{ForcedLogin, compare_versions};

pub(super) const FIX: Fix = Fix {
    id: "F.sign_in",
    risk: Risk::Manual,
    mends: &[
        "AL-2-01", "AL-2-03", "AL-2-04", "AL-2-05", "AL-2-06", "AL-2-08", "AL-2-09", "AL-2-11", "AL-2-12", "AL-2-13",
        "AL-2-14", "AL-2-15", "AL-2-19", "AL-2-21", "AL-2-39", "AL-2-46", "AL-2-48", "AL-2-49",
    ],
    repair,
};

fn repair(facts: &Facts<'_>, _: &Target<'_>) -> Option<Repair> {
    let installs = &facts.snapshot.installs;
    // Known not to be there: then it is installed first, which other findings tell.
    if installs.path_known && installs.first().is_none() {
        return None;
    }
    let version = installs.first().and_then(|first| first.version.as_deref());
    let is_old = version.and_then(|version| compare_versions(version, SINCE)).is_some_and(std::cmp::Ordering::is_lt);
    let console = facts.resolution.policy.login == Some(ForcedLogin::Console);
    let call = Call { account: if console { Account::Console } else { Account::ClaudeAi }, ..Call::default() };
    let (what, command) =
        if is_old { ("fix-sign-in-inside", "claude".to_owned()) } else { ("fix-sign-in", call.command()) };
    let tell = Edit::Tell { what: Message::new(what), command: Some(command), needs_elevation: false };
    Some(Repair::of([tell]))
}
