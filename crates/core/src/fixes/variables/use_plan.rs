//! AL-1-12: a key is used although a claude.ai login is there (observed: `key-*-with-login`). The key becomes a comment,
//! and the plan pays from then on. Where requests go to a gateway, the login would go there next, and nothing is offered.

use super::Held;
use crate::fixes::{Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::report::Provider;

pub(in crate::fixes) const FIX: Fix = Fix { id: "F.use_plan", risk: Risk::Careful, mends: &["AL-1-12"], repair };

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    if facts.resolution.provider == Provider::Gateway {
        return None;
    }
    Held::at(facts, target.place()?)?.removed(facts)
}
