//! Hosts that were meant to be asked without the proxy.

use url::Url;

use super::super::{Check, Found, Outcome};
use super::NETWORK_PAGE;
use crate::judge::Facts;
use crate::proxy::{Choice, unmatched_entry};
use crate::report::{Cause, Status};
use crate::url::is_loopback;

pub(super) const CHECK: Check = Check { id: "C5.no_proxy", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let (Choice::Through(proxy) | Choice::PromptsBypass(proxy, _), Ok(base)) = (&resolution.proxy, &resolution.base)
    else {
        return Outcome::Skipped("skip-no-proxy");
    };
    let here = Url::parse(&proxy.url).is_ok_and(|url| url.host_str().is_some_and(is_loopback));
    let found = if let Choice::PromptsBypass(_, bypass) = &resolution.proxy {
        // What is sent to a model gets there; what is missed is said by nobody.
        let debug = format!("the entry {} stands for {} where prompts are sent alone", bypass.pattern, base.host);
        let one = Found::new("AL-5-24", Status::Note, debug).with("name", bypass.variable.as_str());
        one.with("entry", bypass.pattern.as_str()).with("keeps", "prompts").at(&bypass.source).at(&proxy.source)
    } else if base.loopback && !here {
        let one = Found::new("AL-5-25", Status::Warn, format!("{} is asked through {}", base.origin, proxy.url));
        one.with("entry", base.host.as_str()).at(&proxy.source)
    } else if let Some(unmatched) = unmatched_entry(&resolution.environment, &base.host) {
        let debug = format!("the entry {} does not stand for {}", unmatched.entry, base.host);
        let one =
            Found::new("AL-5-24", Status::Warn, debug).with("name", unmatched.variable).with("entry", unmatched.entry);
        let one = one.with("keeps", "nothing");
        one.at(&unmatched.place.source).at(&proxy.source)
    } else {
        return Outcome::Pass;
    };
    let found = found.with("host", base.host.as_str()).with("proxy", proxy.url.as_str());
    Outcome::Found(vec![found.help(NETWORK_PAGE)])
}
