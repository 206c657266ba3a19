//! The identity token that the federation variables need (observed: `prof-federation-env*`).

use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::ladder::{ProfileChoice, Slot};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.profile_identity", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let (resolution, snapshot) = (facts.resolution, facts.snapshot);
    if resolution.candidates.profile != Some(ProfileChoice::Federation) {
        return Outcome::Skipped("skip-no-federation");
    }
    if resolution.environment.set("ANTHROPIC_IDENTITY_TOKEN").is_some() {
        return Outcome::Pass;
    }
    let used = resolution.cloud.is_none() && resolution.rules.iter().any(|(_, slot)| *slot == Slot::NamedProfile);
    let status = if used { Status::Fail } else { Status::Note };
    let found = match resolution.environment.set("ANTHROPIC_IDENTITY_TOKEN_FILE") {
        None => {
            let rule = resolution.environment.set("ANTHROPIC_FEDERATION_RULE_ID");
            let found = Found::new("AL-2-41", status, "no identity token");
            rule.map_or_else(|| Found::new("AL-2-41", status, "no identity token"), |rule| found.at(&rule.source))
        }
        Some(place) => {
            let Some(file) = snapshot.named_files.get("ANTHROPIC_IDENTITY_TOKEN_FILE") else { return Outcome::Pass };
            let (path, readable) = (file.path.as_str(), file.text.found().is_some());
            if readable {
                return Outcome::Pass;
            }
            let trouble = file.text.trouble().map_or("absent", crate::reading::Trouble::word);
            Found::new("AL-2-42", status, trouble).with("path", path).with("trouble", trouble).at(&place.source)
        }
    };
    Outcome::Found(vec![found])
}
