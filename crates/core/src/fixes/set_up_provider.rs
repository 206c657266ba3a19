//! Setting a provider up anew, where what it lacks only the person knows.
//!
//! Findings of a gateway or a cloud that a value would mend, and no file holds: the name of a project, a region, a
//! workspace, a key. The values are asked for and tested first; see [`super::provider`]. The last of all fixes: whatever
//! needs no value goes before it.

use super::{Edit, Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::message::Message;
use crate::report::Provider;

pub(super) const FIX: Fix = Fix {
    id: "F.set_up_provider",
    risk: Risk::Manual,
    mends: &[
        "AL-5-05", "AL-5-16", "AL-5-35", "AL-5-36", "AL-5-37", "AL-5-38", "AL-5-39", "AL-5-40", "AL-5-41", "AL-5-42",
        "AL-5-43", "AL-5-44", "AL-5-45",
    ],
    repair,
};

fn repair(facts: &Facts<'_>, _: &Target<'_>) -> Option<Repair> {
    let provider = facts.resolution.provider;
    if provider == Provider::Anthropic {
        return None;
    }
    let what = Message::new("fix-set-up-provider").with("provider", provider.word());
    let command = Some(format!("authlight provider {}", provider.word()));
    Some(Repair::of([Edit::Tell { what, command, needs_elevation: false }]))
}
