//! Who answers, and what chose it.

use super::super::{Check, Found, Outcome};
use crate::claude_code::variables;
use crate::judge::Facts;
use crate::providers::CLOUDS;
use crate::report::{Cause, Provider, Status};

pub(super) const CHECK: Check = Check { id: "C5.provider", cause: Cause::Endpoint, judge };

const PAGE: &str = "https://code.claude.com/docs/en/third-party-integrations";

/// Words that plainly mean off. Anything else that does not switch on was meant to.
const OFF: [&str; 4] = ["0", "false", "no", "off"];

/// What has no effect once a cloud is switched on (observed: `cloud-*-with-*`).
const UNUSED_WITH_A_CLOUD: [&str; 4] =
    ["ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

fn judge(facts: &Facts<'_>) -> Outcome {
    let environment = &facts.resolution.environment;
    let mut found = Vec::new();
    let on: Vec<_> = CLOUDS.iter().filter(|cloud| environment.is_on(cloud.switch)).collect();
    // Bedrock and Mantle work side by side (observed).
    let bedrock_wins = on.first().is_some_and(|cloud| cloud.provider == Provider::Bedrock);
    let rivals = on.iter().filter(|cloud| !(bedrock_wins && cloud.provider == Provider::Mantle));
    let rivals: Vec<_> = rivals.copied().collect();
    if let [first, others @ ..] = rivals.as_slice()
        && !others.is_empty()
    {
        let names: Vec<_> = others.iter().map(|cloud| cloud.switch).collect();
        let mut several = Found::new("AL-5-01", Status::Note, format!("{} before {}", first.switch, names.join(", ")))
            .with("winner", first.switch)
            .with("cloud", first.name)
            .with("others", names.join(", "))
            .help(PAGE);
        for place in rivals.iter().filter_map(|cloud| environment.set(cloud.switch)) {
            several = several.at(&place.source);
        }
        found.push(several);
    }
    for cloud in CLOUDS {
        let Some(word) = environment.text(cloud.switch) else { continue };
        if variables::is_on(word) || OFF.iter().any(|off| word.eq_ignore_ascii_case(off)) {
            continue;
        }
        let Some(place) = environment.set(cloud.switch) else { continue };
        let status = if on.is_empty() { Status::Warn } else { Status::Note };
        let debug = format!("{} has a value that does not switch it on", cloud.switch);
        let unread = Found::new("AL-5-02", status, debug).with("name", cloud.switch).at(&place.source).help(PAGE);
        found.push(unread.with("cloud", cloud.name));
    }
    if let Some(cloud) = facts.resolution.cloud {
        for name in UNUSED_WITH_A_CLOUD {
            let Some(place) = environment.set(name) else { continue };
            // With signing left to a gateway, a token of Anthropic's is what is sent.
            if facts.resolution.sends.iter().any(|sent| sent.source == place.source) {
                continue;
            }
            let mut unused = Found::new("AL-5-03", Status::Note, format!("{name} is not used with {}", cloud.switch))
                .with("name", name)
                .with("cloud", cloud.name)
                .with("switch", cloud.switch)
                .at(&place.source)
                .help(PAGE);
            if let Some(switch) = environment.set(cloud.switch) {
                unused = unused.at(&switch.source);
            }
            found.push(unused);
        }
    }
    Outcome::of(found)
}
