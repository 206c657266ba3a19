//! AL-1-23: a name that is near to one of Claude Code's. AL-1-09, -11 and -27: a key or a token under the name of another
//! kind, which Claude Code sends as if it were of that kind (observed: `key-*-oat`, `tok-*-apikey`). The variable gets the
//! right name where it stands; where the shell uses the old one elsewhere, nothing is offered.

use super::{Held, UNTIL_ANEW};
use crate::claude_code::near_misses::resembles;
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;

pub(in crate::fixes) const FIX: Fix =
    Fix { id: "F.rename_variable", risk: Risk::Safe, mends: &["AL-1-09", "AL-1-11", "AL-1-23", "AL-1-27"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let held = Held::at(facts, target.place()?)?;
    let to = match target.code {
        "AL-1-09" | "AL-1-27" => "CLAUDE_CODE_OAUTH_TOKEN",
        "AL-1-11" => "ANTHROPIC_API_KEY",
        _ => resembles(facts.snapshot.examined.platform, &held.name)?,
    };
    if facts.resolution.environment.set(to).is_some() {
        return None;
    }
    Some(Repair { brings: UNTIL_ANEW, ..held.renamed(facts, to)? })
}
