//! An address on this machine at which nothing answers: a gateway or proxy that is no longer started.

use url::Url;

use super::super::{Check, Found, Outcome};
use super::{GATEWAY_PAGE, NETWORK_PAGE, base_variable, resident};
use crate::judge::Facts;
use crate::proxy::Choice;
use crate::report::{Cause, Status};
use crate::url::is_loopback;

pub(super) const CHECK: Check = Check { id: "C5.local_port", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let proxy = match &resolution.proxy {
        Choice::Through(proxy) => Url::parse(&proxy.url).ok().map(|url| (url, &proxy.source)),
        _ => None,
    };
    let proxy_is_here = proxy.as_ref().is_some_and(|(url, _)| url.host_str().is_some_and(is_loopback));
    // What goes through a proxy elsewhere never arrives here; that has a finding of its own.
    let base = resolution.base.as_ref().ok().filter(|base| base.loopback && (proxy.is_none() || proxy_is_here));
    if base.is_none() && !proxy_is_here {
        return Outcome::Skipped("skip-not-this-machine");
    }
    // Started since the look.
    if facts.live.outcome.is_answer() {
        return Outcome::Pass;
    }
    // Under WSL a program of Windows may answer, which Linux does not list.
    let Some(ports) = facts.snapshot.listening.found().filter(|_| !facts.snapshot.examined.host.wsl) else {
        return Outcome::Skipped("skip-ports-not-seen");
    };
    let mut found = Vec::new();
    if let (Some(base), Some(source)) = (base, &resolution.base_source)
        && !ports.contains(&base.port)
    {
        let name = source.name.clone().unwrap_or_else(|| base_variable(facts).to_owned());
        let one = Found::new("AL-5-17", Status::Fail, format!("nothing listens on port {} of this machine", base.port));
        let one = resident::about(one, resident::here(facts).as_ref());
        found.push(one.with("name", name).with("port", base.port.to_string()).at(source).help(GATEWAY_PAGE));
    }
    if let Some((url, source)) = proxy.filter(|_| proxy_is_here)
        && let Some(port) = url.port_or_known_default()
        && !ports.contains(&port)
    {
        let name = source.name.clone().unwrap_or_default();
        let one = Found::new("AL-5-18", Status::Fail, format!("nothing listens on port {port} of this machine"));
        found.push(one.with("name", name).with("port", port.to_string()).at(source).help(NETWORK_PAGE));
    }
    Outcome::of(found)
}
