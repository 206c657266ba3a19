//! AL-1-04, -06, -07, -08 and AL-5-02, -04, -06, -07, -09, -19: a value that was meant and is not written as Claude Code takes
//! it, with marks, unseen characters, the word Bearer, or an address that ends in what Claude Code adds itself (observed:
//! `key-*-quoted`, `tok-*-bearer`, `url-*-v1`). It is written anew where it stands.

use super::Held;
use super::cleaned::cleaned;
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;

pub(in crate::fixes) const FIX: Fix = Fix {
    id: "F.clean_variable",
    risk: Risk::Safe,
    mends: &[
        "AL-1-04", "AL-1-06", "AL-1-07", "AL-1-08", "AL-1-31", "AL-5-02", "AL-5-04", "AL-5-06", "AL-5-07", "AL-5-09",
        "AL-5-19",
    ],
    repair,
};

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let held = Held::at(facts, target.place()?)?;
    let value = cleaned(&held.name, held.value.as_ref()?)?;
    held.set_to(facts, value)
}
