//! Where `claude auth status` would say something else than what Claude Code does.

use super::{Check, Found, Outcome, from_folder};
use crate::claude_code::auth_status::predict;
use crate::judge::Facts;
use crate::report::{Asks, Cause, Status};

pub(super) const CHECK: Check = Check { id: "C4.auth_status", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let prediction = &resolution.prediction;
    let asks = [Asks::Onboarding, Asks::Connectivity, Asks::KeyApproval];
    if prediction.starts != Some(true) || prediction.asks.is_some_and(|first| asks.contains(&first)) {
        return Outcome::Skipped("skip-scope-status");
    }
    let said = predict(facts.snapshot, resolution);
    let make = |code, debug: &str| {
        Found::new(code, Status::Note, debug)
            .with("method", said.method)
            .help("https://code.claude.com/docs/en/cli-reference")
    };
    let used: Vec<_> = resolution.rules.iter().map(|(_, slot)| *slot).collect();
    let found = match (said.logged_in, prediction.sends_request) {
        (false, Some(true)) => {
            let mut found = make("AL-4-10", "auth status says nobody is logged in, and a credential is sent");
            for sent in &resolution.sends {
                found = found.at(&sent.source);
            }
            found
        }
        (true, Some(false)) => make("AL-4-16", "auth status says somebody is logged in, and nothing is sent"),
        (true, Some(true)) if said.by.is_some_and(|by| !used.contains(&by)) => {
            make("AL-4-17", "auth status goes by another credential").with("what", "credential")
        }
        (true, Some(true)) if resolution.cloud.is_none() => {
            match resolution.base_source.as_ref().filter(|source| from_folder(source)) {
                Some(source) => {
                    make("AL-4-17", "auth status leaves out the folder's address").with("what", "address").at(source)
                }
                None => match resolution.sends.iter().find(|sent| from_folder(&sent.source)) {
                    Some(sent) => make("AL-4-17", "auth status leaves out the folder's credential")
                        .with("what", "credential")
                        .at(&sent.source),
                    None => return Outcome::Pass,
                },
            }
        }
        _ => return Outcome::Pass,
    };
    Outcome::Found(vec![found])
}
