//! A variable that does nothing but harm goes: AL-1-01 and -05 (nothing, or a placeholder, in place of a key), AL-1-04,
//! -06, -07, -10, -14, AL-3-02 and -03 (what no endpoint takes for a key), AL-5-12 and -13 (a mistyped host where the
//! usual one is meant), AL-5-26 to -28 (no certificate), AL-5-32 and -34 (checks that are switched off), AL-5-44 (no
//! region). Where it may be missed, it is asked about once more: an address where nobody answers (AL-5-17, -18), one that
//! Claude Code cannot use (AL-5-04, -19 to -21), what other programs left (AL-5-101, -102). In profiles it becomes a
//! comment.

use super::{Held, together};
use crate::fixes::{Fix, Repair, Risk, Target, gateway};
use crate::judge::Facts;

pub(in crate::fixes) const FIX: Fix = Fix {
    id: "F.remove_variable",
    risk: Risk::Safe,
    mends: &[
        "AL-1-01", "AL-1-04", "AL-1-05", "AL-1-06", "AL-1-07", "AL-1-10", "AL-1-14", "AL-3-02", "AL-3-03", "AL-5-12",
        "AL-5-13", "AL-5-26", "AL-5-27", "AL-5-28", "AL-5-32", "AL-5-34", "AL-5-44",
    ],
    repair,
};

pub(in crate::fixes) const ASKED: Fix = Fix {
    id: "F.give_variable_up",
    risk: Risk::Careful,
    mends: &["AL-5-04", "AL-5-17", "AL-5-18", "AL-5-19", "AL-5-20", "AL-5-21", "AL-5-101", "AL-5-102"],
    repair,
};

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let place = target.place()?;
    let mut repairs = vec![Held::at(facts, place)?.removed(facts)?];
    // The key of what answered there goes with the address: Anthropic would be sent it next. A mistyped host has none.
    if place.name.as_deref() == Some("ANTHROPIC_BASE_URL") {
        let keys = gateway::keys(facts);
        let is_slip = ["AL-5-12", "AL-5-13"].contains(&target.code);
        if is_slip && !keys.is_empty() || gateway::may_have_others(facts) {
            return None;
        }
        let mut names: Vec<_> = keys.iter().filter_map(|key| key.source.name.as_deref()).collect();
        names.dedup();
        for name in names {
            let key = facts.resolution.environment.winner(name)?;
            repairs.push(Held::at(facts, &key.source)?.removed(facts)?);
        }
    }
    // Nobody signs in any more where what signed in was of no use.
    Some(Repair { brings: &["AL-2-01"], ..together(facts, repairs)? })
}
