//! The proxy that is named.

use super::super::{Check, Found, Outcome};
use super::NETWORK_PAGE;
use crate::judge::Facts;
use crate::proxy::{Choice, NotAnAddress, named_proxy, twins};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C5.proxy", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(named) = named_proxy(&resolution.environment) else { return Outcome::Skipped("skip-no-proxy") };
    let mut found = Vec::new();
    let make = |code, status, debug: &str| {
        let found = Found::new(code, status, format!("{}: {debug}", named.variable)).with("name", named.variable);
        found.at(&named.place.source).help(NETWORK_PAGE)
    };
    let Some(url) = &named.url else {
        let (status, word) = match resolution.proxy {
            Choice::NotAUrl { .. } => (Status::Fail, "stops"),
            Choice::NoSuchHost { .. } => (Status::Fail, "unreached"),
            // A rule keeps the request from it, or the runtime makes something of it all the same.
            _ => (Status::Warn, "may"),
        };
        let fault = named.fault().map_or("words", NotAnAddress::word);
        return Outcome::Found(vec![make("AL-5-19", status, "no address").with("start", word).with("fault", fault)]);
    };
    if let Some(fault) = named.fault() {
        let astray = make("AL-5-19", Status::Warn, "part of the password is taken for the host");
        found.push(astray.with("start", "astray").with("fault", fault.word()));
    }
    let path = url.path().to_ascii_lowercase();
    let automatic = url.scheme().starts_with("pac+") || path.ends_with(".pac") || path.ends_with("/wpad.dat");
    // Predicted for Anthropic and gateways; for the clouds it was not observed.
    let refused = matches!(resolution.proxy, Choice::Unsupported(_));
    let status = if refused && resolution.cloud.is_none() { Status::Fail } else { Status::Warn };
    if automatic {
        found.push(make("AL-5-21", status, "an automatic configuration (PAC)"));
    } else if refused {
        found.push(make("AL-5-20", status, "a scheme that is not spoken").with("scheme", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        found.push(make("AL-5-22", Status::Note, "user and password in it"));
    }
    let (host, port) = resolution.base.as_ref().map_or(("", 443), |base| (base.host.as_str(), base.port));
    for twins in twins(&resolution.environment, host, port) {
        let ((lower, first), (upper, second)) = (twins.lower, twins.upper);
        let one = Found::new("AL-5-23", Status::Warn, format!("{lower} and {upper} differ"));
        let one = one.with("name", lower).with("other", upper).at(&first.source).at(&second.source);
        found.push(one.help(NETWORK_PAGE));
    }
    Outcome::of(found)
}
