//! A copy that is older than what it is set up with.

use std::cmp::Ordering;

use super::{HELP, place};
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::Slot;
use crate::policy::compare_versions;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.claude_new_enough", cause: Cause::Install, judge };

/// Something that a version must know, and whether this person relies on it.
struct Need {
    word: &'static str,
    /// The first version that knows it (documented: change log).
    since: &'static str,
    relies: fn(&Facts<'_>) -> bool,
}

const NEEDS: &[Need] = &[
    Need { word: "profile", since: "2.1.242", relies: |facts| signs_in(facts, Slot::NamedProfile, Slot::FoundProfile) },
    Need {
        word: "cert-store",
        since: "2.1.101",
        relies: |facts| facts.resolution.environment.text("CLAUDE_CODE_CERT_STORE").is_some(),
    },
    Need { word: "allowed-providers", since: "2.1.285", relies: |facts| facts.resolution.policy.providers.is_some() },
];

fn signs_in(facts: &Facts<'_>, one: Slot, other: Slot) -> bool {
    facts.resolution.cloud.is_none() && facts.resolution.rules.iter().any(|(_, slot)| [one, other].contains(slot))
}

fn judge(facts: &Facts<'_>) -> Outcome {
    let first = facts.snapshot.installs.first();
    let Some((first, version)) = first.and_then(|first| Some((first, first.version.as_deref()?))) else {
        return Outcome::Skipped("skip-install-no-version");
    };
    let lacking = NEEDS
        .iter()
        .filter(|need| compare_versions(version, need.since) == Some(Ordering::Less) && (need.relies)(facts));
    let found = lacking.map(|need| {
        Found::new("AL-0-37", Status::Warn, format!("{version} does not know {}", need.word))
            .with("version", version)
            .with("since", need.since)
            .with("what", need.word)
            .with("path", first.path.as_str())
            .at(&place(first))
            .help(HELP)
    });
    Outcome::of(found.collect())
}
