//! Which host the address names.

use std::net::IpAddr;

use super::super::{Check, Found, Outcome};
use super::{GATEWAY_PAGE, base_variable};
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C5.base_url_host", cause: Cause::Endpoint, judge };

const API_HOST: &str = "api.anthropic.com";

/// Hosts of Anthropic that show pages and have no API under `/v1`.
const PAGES: [&str; 11] = [
    "anthropic.com",
    "claude.ai",
    "claude.com",
    "code.claude.com",
    "console.anthropic.com",
    "docs.anthropic.com",
    "platform.claude.com",
    "status.claude.com",
    "www.anthropic.com",
    "www.claude.ai",
    "www.claude.com",
];

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let (Some(source), Ok(base)) = (&resolution.base_source, &resolution.base) else {
        return Outcome::Skipped("skip-default-endpoint");
    };
    let name = source.name.clone().unwrap_or_else(|| base_variable(facts).to_owned());
    let make = |code, status, debug: String| {
        let found = Found::new(code, status, debug).with("name", name.as_str()).with("host", base.host.as_str());
        found.at(source).help(GATEWAY_PAGE)
    };
    let mut found = Vec::new();
    let host = base.host.as_str();
    if is_page(host) {
        found.push(make("AL-5-13", Status::Warn, format!("{host} shows pages and answers no requests")));
    } else if is_near_miss(host) {
        found.push(make("AL-5-12", Status::Warn, format!("{host} is nearly {API_HOST}")).with("meant", API_HOST));
    }
    if base.plain_http && !base.loopback {
        let (status, word) = if is_private(host) { (Status::Note, "private") } else { (Status::Warn, "foreign") };
        found.push(make("AL-5-11", status, format!("http:// to {host}")).with("where", word));
    }
    Outcome::of(found)
}

/// Whether a host shows pages of Anthropic's instead of the API.
pub(super) fn is_page(host: &str) -> bool {
    PAGES.contains(&host)
}

/// Whether a host is a slip of the finger away from the API's.
pub(super) fn is_near_miss(host: &str) -> bool {
    if host == API_HOST || host.parse::<IpAddr>().is_ok() {
        return false;
    }
    if host.strip_prefix(API_HOST).is_some_and(|rest| rest.starts_with('.')) {
        return true;
    }
    // A company may name its gateway after the API, but under a domain of its own.
    let (Some((name, domain)), Some((meant, com))) = (host.rsplit_once('.'), API_HOST.rsplit_once('.')) else {
        return false;
    };
    distance(domain, com) <= 1 && distance(name, meant) <= 2
}

/// How many letters must be changed, added, left out or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// Whether a host lies in a network of one's own, as far as its name tells.
fn is_private(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            let [first, second, ..] = address.octets();
            address.is_private() || address.is_link_local() || (first == 100 && (64..128).contains(&second))
        }
        Ok(IpAddr::V6(address)) => address.is_unique_local() || address.is_unicast_link_local(),
        Err(_) => {
            let ends = ["local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "test", "svc"];
            !bare.contains('.') || ends.iter().any(|end| bare.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_seen() {
        for host in [
            "api.antropic.com",
            "api.anthropic.co",
            "api.anthorpic.com",
            "api-anthropic.com",
            "apianthropic.com",
            "api.anthropics.com",
            "api.anthropic.com.example.org",
        ] {
            assert!(is_near_miss(host), "{host}");
        }
    }

    #[test]
    fn another_host_is_no_slip() {
        for host in [
            "api.anthropic.com",
            "api.anthropic.corp",
            "anthropic.gw.example",
            "api.openrouter.com",
            "api.example.com",
            "10.0.0.5",
            "gateway",
        ] {
            assert!(!is_near_miss(host), "{host}");
        }
    }

    #[test]
    fn networks_of_ones_own_are_known_by_name_and_number() {
        for host in
            ["10.1.2.3", "192.168.0.9", "100.64.1.1", "[fd00::1]", "gateway", "llm.corp", "host.docker.internal"]
        {
            assert!(is_private(host), "{host}");
        }
        for host in ["8.8.8.8", "gw.example", "local.example", "[2001:db8::1]"] {
            assert!(!is_private(host), "{host}");
        }
    }
}
