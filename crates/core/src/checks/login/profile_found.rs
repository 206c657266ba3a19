//! A profile that a variable names and that is not there: Claude Code goes on without a word (observed:
//! `prof-env-profile-missing*`).

use super::{in_keychain, weigh};
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{Slot, Why};
use crate::reading::{Content, Reading};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.profile_found", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let half = Slot::NamedProfile;
    let Some(named) = resolution.candidates.get(half) else { return Outcome::Skipped("skip-no-profile") };
    if named.out != Some(Why::ProfileMissing) {
        let federation = resolution.environment.set("ANTHROPIC_FEDERATION_RULE_ID");
        return match federation {
            // Without an organisation the rule is not looked at.
            Some(rule) if !named.present => {
                let found = Found::new("AL-2-38", status(facts), "a federation rule without an organisation")
                    .with("missing", "ANTHROPIC_ORGANIZATION_ID")
                    .at(&rule.source);
                Outcome::Found(vec![found])
            }
            _ if named.present => Outcome::Pass,
            _ => Outcome::Skipped("skip-no-profile"),
        };
    }
    let name = resolution.environment.text("ANTHROPIC_PROFILE").unwrap_or_default();
    let profiles = &facts.snapshot.profiles;
    let config = profiles.files.get(name).map(|files| &files.config.content);
    let (code, debug) = match config {
        Some(Reading::Found(Content::Json(..))) => ("AL-2-31", "the profile has no credentials"),
        Some(Reading::Found(_)) => ("AL-2-32", "the profile's config is no JSON"),
        Some(Reading::Unreadable(_)) => ("AL-2-33", "the profile's config could not be read"),
        _ => ("AL-2-30", "the profile is not there"),
    };
    let mut found = Found::new(code, status(facts), debug)
        .with("profile", name)
        .with("folder", profiles.folder.as_str())
        .help("https://code.claude.com/docs/en/authentication");
    if let Some(source) = &named.source {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}

/// The profile is left out without a word: what stands before it signs in all the same, what stands behind it signs in
/// instead, or nothing does.
fn status(facts: &Facts<'_>) -> Status {
    let resolution = facts.resolution;
    let behind = |slot: Slot| matches!(slot, Slot::Login | Slot::LooseLogin | Slot::FoundProfile | Slot::ManagedKey);
    if resolution.cloud.is_some() || resolution.rules.iter().any(|(_, slot)| !behind(*slot)) {
        Status::Note
    } else if resolution.rules.is_empty() && resolution.sends.is_empty() && !in_keychain(facts) {
        weigh(facts, Status::Fail)
    } else {
        Status::Warn
    }
}
