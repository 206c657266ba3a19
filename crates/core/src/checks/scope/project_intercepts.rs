//! A folder's file that puts somebody between the person and the address: a proxy together with a certificate of
//! its own, or without looking at certificates at all.

use super::{Check, Found, HELP, Outcome, from_folder};
use crate::environment::Occurrence;
use crate::judge::Facts;
use crate::proxy;
use crate::report::{Cause, Status};
use crate::url::is_loopback;

pub(super) const CHECK: Check = Check { id: "C4.project_intercepts", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(sent) = resolution.sends.iter().find(|sent| !from_folder(&sent.source)) else {
        return Outcome::Pass;
    };
    let of_folder = |name: &str| -> Option<&Occurrence> {
        resolution.environment.set(name).filter(|place| from_folder(&place.source))
    };
    let through = match &resolution.proxy {
        proxy::Choice::Through(chosen) | proxy::Choice::PromptsBypass(chosen, _) if from_folder(&chosen.source) => {
            Some(chosen)
        }
        _ => None,
    };
    let unchecked = of_folder("NODE_TLS_REJECT_UNAUTHORIZED").filter(|place| place.value.plain().trim() == "0");
    let authority = of_folder("NODE_EXTRA_CA_CERTS").or_else(|| of_folder("SSL_CERT_FILE"));
    let plain = resolution.base.as_ref().is_ok_and(|base| base.plain_http);
    let Some(chosen) = through else {
        return match unchecked {
            Some(place) => Outcome::Found(vec![finding(&sent.name, "unchecked", Status::Warn).at(&place.source)]),
            None => Outcome::Pass,
        };
    };
    let local = crate::proxy::address(&resolution.environment, !plain)
        .and_then(|address| address.host_str().map(is_loopback))
        .unwrap_or(false);
    let readable = plain || unchecked.is_some() || authority.is_some();
    let status = match (readable, local) {
        (true, false) => Status::Fail,
        (true, true) => Status::Warn,
        // A tunnel that it cannot look into.
        (false, _) => Status::Note,
    };
    let mut found = finding(&sent.name, if readable { "readable" } else { "tunnel" }, status).at(&chosen.source);
    for place in [unchecked, authority].into_iter().flatten() {
        found = found.at(&place.source);
    }
    Outcome::Found(vec![found])
}

fn finding(name: &str, how: &'static str, status: Status) -> Found {
    Found::new("AL-4-04", status, format!("{name} passes what the folder's files chose: {how}"))
        .with("name", name)
        .with("how", how)
        .help(HELP)
}
