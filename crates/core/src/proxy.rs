//! Which proxy a request takes, by the rules observed of Claude Code (`net-*`), not those of any HTTP library.

use std::net::IpAddr;

use url::Url;

use crate::environment::{Environment, Occurrence};
use crate::report::{Proxy, ProxyBypass, Scope, SourceKind};
use crate::secret::javascript_trim;

/// The variables that name a proxy. The first four are Claude Code's own: the first that is not empty counts, for http
/// and https alike (observed: `net-*`). What is left falls to the runtime below it.
pub const VARIABLES: [&str; 6] = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// What the variables come to.
#[derive(Clone, Debug)]
pub enum Choice {
    /// No proxy.
    Direct,
    /// Through this one.
    Through(Proxy),
    /// A proxy is named, and a rule keeps the request from it.
    Bypassed(ProxyBypass),
    /// The value is no URL: Claude Code does not start.
    NotAUrl {
        /// The variable.
        variable: &'static str,
        /// Where.
        place: Box<Occurrence>,
    },
    /// A scheme that it does not speak (SOCKS): every request fails.
    Unsupported(Proxy),
    /// The value is no URL, and the runtime takes it for a host all the same: nothing gets out.
    NoSuchHost {
        /// The variable.
        variable: &'static str,
    },
}

/// Chooses for a request to `host` and `port`; `https` as against http.
pub fn choose(environment: &Environment, host: &str, port: u16, https: bool) -> Choice {
    let (variable, place, url, late) = match in_force(environment, https) {
        InForce::Nothing => return Choice::Direct,
        InForce::Stops(variable, place) => return Choice::NotAUrl { variable, place: Box::new(place.clone()) },
        // A proxy of the folder is set up when the folder's own exceptions are known (observed: `rp-31-179`).
        InForce::Own(variable, place, url) => (variable, place, Some(url), is_of_the_folder(place)),
        InForce::Runtime(variable, place, url) => (variable, place, url, true),
    };
    if let Some(bypass) = bypass(environment, host, port, late) {
        return Choice::Bypassed(bypass);
    }
    let Some(url) = url else { return Choice::NoSuchHost { variable } };
    // Path and query say nothing to a proxy, and a key or part of a password may stand in them.
    let own_port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let shown = format!("{}://{}{own_port}", url.scheme(), url.host_str().unwrap_or_default());
    let proxy = Proxy { url: shown, source: place.source.clone() };
    if matches!(url.scheme(), "http" | "https") { Choice::Through(proxy) } else { Choice::Unsupported(proxy) }
}

/// The address of the proxy in force, user and password in it.
pub fn address(environment: &Environment, https: bool) -> Option<Url> {
    match in_force(environment, https) {
        InForce::Own(_, _, url) => Some(url),
        InForce::Runtime(_, _, url) => url,
        InForce::Nothing | InForce::Stops(..) => None,
    }
}

enum InForce<'e> {
    Nothing,
    Stops(&'static str, &'e Occurrence),
    /// By Claude Code itself.
    Own(&'static str, &'e Occurrence, Url),
    /// By the runtime below it. The URL is there unless it makes nothing of it.
    Runtime(&'static str, &'e Occurrence, Option<Url>),
}

fn in_force(environment: &Environment, https: bool) -> InForce<'_> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| {
            let place = environment.winner(name)?;
            (!place.value.is_empty()).then_some((*name, place))
        })
    };
    let [https_lower, https_upper, http_lower, http_upper, all_lower, all_upper] = VARIABLES;
    if let Some((name, place)) = first(&VARIABLES[..4]) {
        // The scheme may be missing in these two, and only where the program was started with them (observed: `y-ns-*`).
        let completed = [https_lower, https_upper].contains(&name) && is_of_the_start(place);
        let text = place.value.plain();
        let url = if completed { parse(text) } else { with_scheme(text) };
        let of_the_folder = is_of_the_folder(place);
        match url {
            Some(url) => return InForce::Own(name, place, url),
            // A file of the folder is read too late to stop the start; then the runtime chooses (observed: `y-fold-*`).
            None if !of_the_folder => return InForce::Stops(name, place),
            None => {}
        }
    }
    let own = if https { [https_lower, https_upper] } else { [http_lower, http_upper] };
    match first(&[own[0], own[1], all_lower, all_upper]) {
        None => InForce::Nothing,
        Some((name, place)) => match loose(place.value.plain()) {
            // SOCKS is passed over (observed: `y-ns-socks-all`).
            Some(url) if !matches!(url.scheme(), "http" | "https") => InForce::Nothing,
            url => InForce::Runtime(name, place, url),
        },
    }
}

fn is_of_the_folder(place: &Occurrence) -> bool {
    matches!(place.source.scope, Some(Scope::Project | Scope::Local))
}

/// Whether the program was started with it, as against read from a file of its own.
fn is_of_the_start(place: &Occurrence) -> bool {
    !matches!(place.source.kind, SourceKind::Settings | SourceKind::ManagedSettings | SourceKind::AppState)
}

fn with_scheme(text: &str) -> Option<Url> {
    Url::parse(javascript_trim(text)).ok().filter(Url::has_host)
}

/// What the runtime takes for a proxy: a URL, or anything that one begins with `http://` (observed: `z-rt-all-*`).
fn loose(text: &str) -> Option<Url> {
    let trimmed = javascript_trim(text);
    with_scheme(trimmed).or_else(|| Url::parse(&format!("http://{trimmed}")).ok().filter(Url::has_host))
}

/// The proxy that the variables name, whether or not a rule keeps the request from it.
#[derive(Clone, Debug)]
pub struct Named<'e> {
    /// The variable.
    pub variable: &'static str,
    /// Where it stands.
    pub place: &'e Occurrence,
    /// Its address, if it is one.
    pub url: Option<Url>,
}

/// The proxy that the variables name.
pub fn named_proxy(environment: &Environment) -> Option<Named<'_>> {
    let (variable, place) = named(environment)?;
    Some(Named { variable, place, url: parse(place.value.plain()) })
}

/// What keeps a text from being a proxy's address. The text may hold a password and is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnAddress {
    /// Quotation marks around it.
    Quotes,
    /// A character in the password that means something else in an address.
    Password,
    /// Neither scheme nor port.
    HostAlone,
    /// Anything else.
    Words,
}

impl NotAnAddress {
    /// The word for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::Quotes => "quotes",
            Self::Password => "password",
            Self::HostAlone => "host-alone",
            Self::Words => "words",
        }
    }
}

impl Named<'_> {
    /// What keeps it from being the address that was meant; none where nothing does.
    pub fn fault(&self) -> Option<NotAnAddress> {
        match &self.url {
            None => Some(fault(javascript_trim(self.place.value.plain()))),
            // The address ended within the password, and what comes before is taken for the host.
            Some(url) => url[url::Position::AfterPort..].contains('@').then_some(NotAnAddress::Password),
        }
    }
}

fn fault(text: &str) -> NotAnAddress {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let person = rest.rsplit_once('@').map(|(person, _)| person);
    if text.starts_with(['"', '\'']) {
        NotAnAddress::Quotes
    } else if person.is_some_and(|person| person.contains(['#', '/', '?', '\\'])) {
        NotAnAddress::Password
    } else if rest == text && !text.contains([':', '@']) && text.contains('.') && !text.contains(char::is_whitespace) {
        NotAnAddress::HostAlone
    } else {
        NotAnAddress::Words
    }
}

/// A variable that stands in lower and in upper case, with two values: the first counts.
#[derive(Clone, Copy, Debug)]
pub struct Twins<'e> {
    /// In lower case.
    pub lower: (&'static str, &'e Occurrence),
    /// In upper case.
    pub upper: (&'static str, &'e Occurrence),
}

/// The variables in force that have a twin in the other case which leads a request to `host` and `port` another way.
pub fn twins<'e>(environment: &'e Environment, host: &str, port: u16) -> Vec<Twins<'e>> {
    let used = named(environment).map(|(variable, _)| variable);
    let value = |name| environment.winner(name).filter(|place| !place.value.is_blank());
    let pair = |lower: &'static str, upper: &'static str| {
        Some(Twins { lower: (lower, value(lower)?), upper: (upper, value(upper)?) })
    };
    let lists = pair("no_proxy", "NO_PROXY").filter(|twins| {
        let excepts = |place: &Occurrence| exception(place.value.plain(), host, port).is_some();
        excepts(twins.lower.1) != excepts(twins.upper.1)
    });
    let excepted = bypass(environment, host, port, false).is_some();
    let proxies = [("https_proxy", "HTTPS_PROXY"), ("http_proxy", "HTTP_PROXY")].into_iter();
    let proxies = proxies.filter(|(lower, _)| used == Some(lower) && !excepted).filter_map(|(lower, upper)| {
        let twins = pair(lower, upper)?;
        (address_of(twins.lower.1) != address_of(twins.upper.1)).then_some(twins)
    });
    proxies.chain(lists).collect()
}

/// What a proxy is reached at, where it is an address; else the text.
fn address_of(place: &Occurrence) -> String {
    let text = place.value.plain();
    match parse(text) {
        Some(url) => url[..url::Position::AfterPort].to_owned(),
        None => javascript_trim(text).to_owned(),
    }
}

/// An entry of `NO_PROXY` that surely means a host and, as Claude Code reads it, does not stand for it.
#[derive(Clone, Copy, Debug)]
pub struct Unmatched<'e> {
    /// The variable.
    pub variable: &'static str,
    /// The entry.
    pub entry: &'e str,
    /// Where it stands.
    pub place: &'e Occurrence,
}

/// The first such entry.
pub fn unmatched_entry<'e>(environment: &'e Environment, host: &str) -> Option<Unmatched<'e>> {
    let (variable, place) = exceptions(environment)?;
    // An entry with a user in it is no host, and might be a password that slipped.
    let entry = entries(place.value.plain()).find(|entry| !entry.contains('@') && surely_means(entry, host))?;
    Some(Unmatched { variable, entry, place })
}

/// Whether somebody who wrote an entry of `NO_PROXY` meant a host: a bare domain, a wildcard, a whole URL, a list with
/// semicolons, an address with stars.
fn surely_means(entry: &str, host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    entry.to_ascii_lowercase().split(';').any(|part| {
        let part = part.trim_matches(['"', '\'']);
        let part = part.split_once("://").map_or(part, |(_, rest)| rest);
        if part == "*" {
            return true;
        }
        if host.parse::<IpAddr>().is_ok() {
            let start = part.trim_end_matches('*');
            let stars =
                part.ends_with(['.', '*']) && start.ends_with('.') && start.starts_with(|c: char| c.is_ascii_digit());
            return part.trim_end_matches('/') == host || (stars && host.starts_with(start));
        }
        // What follows a port or path is another matter; a port of its own is meant as it stands.
        let domain = part.trim_end_matches('/').trim_end_matches('.').trim_start_matches('*').trim_start_matches('.');
        let below = || domain.contains('.') && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        domain == host || below()
    })
}

fn named(environment: &Environment) -> Option<(&'static str, &Occurrence)> {
    VARIABLES.into_iter().find_map(|name| {
        let place = environment.winner(name)?;
        (!place.value.is_empty()).then_some((name, place))
    })
}

/// A proxy's URL. `host:port` is taken for one although no scheme stands there (observed).
fn parse(text: &str) -> Option<Url> {
    let trimmed = javascript_trim(text);
    if let Ok(url) = Url::parse(trimmed) {
        if url.has_host() {
            return Some(url);
        }
        let (host, port) = trimmed.trim_end_matches('/').rsplit_once(':')?;
        port.parse::<u16>().ok()?;
        if host.contains('@') {
            return None;
        }
        return Url::parse(&format!("http://{trimmed}")).ok();
    }
    let (host, port) = trimmed.trim_end_matches('/').rsplit_once(':')?;
    port.parse::<u16>().ok()?;
    if host.is_empty() || host.contains(['@', '"', '\'']) {
        return None;
    }
    Url::parse(&format!("http://{trimmed}")).ok().filter(Url::has_host)
}

fn bypass(environment: &Environment, host: &str, port: u16, late: bool) -> Option<ProxyBypass> {
    let (variable, place) = if late { late_exceptions(environment) } else { exceptions(environment) }?;
    let pattern = exception(place.value.plain(), host, port)?;
    Some(ProxyBypass { variable: variable.to_owned(), pattern: pattern.to_owned(), source: place.source.clone() })
}

/// The entry of a list that stands for a host.
fn exception<'l>(list: &'l str, host: &str, port: u16) -> Option<&'l str> {
    if list == "*" { Some(list) } else { entries(list).find(|entry| matches(entry, host, port)) }
}

/// The list of hosts that no proxy is asked for.
fn exceptions(environment: &Environment) -> Option<(&'static str, &Occurrence)> {
    first_list(|name| environment.winner(name))
}

/// The same as the runtime sees it.
fn late_exceptions(environment: &Environment) -> Option<(&'static str, &Occurrence)> {
    first_list(|name| environment.late_winner(name))
}

fn first_list<'e>(find: impl Fn(&str) -> Option<&'e Occurrence>) -> Option<(&'static str, &'e Occurrence)> {
    ["no_proxy", "NO_PROXY"].into_iter().find_map(|name| {
        let place = find(name)?;
        (!place.value.is_empty()).then_some((name, place))
    })
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty())
}

/// The host for which Claude Code keeps to the narrow reading of `NO_PROXY` (observed: for every other host a bare
/// domain and `*.domain` stand for the subdomains, for this one they do not).
const NARROW_HOST: &str = "api.anthropic.com";

/// Whether an entry of `NO_PROXY` stands for a host: exactly, by `.suffix`, with a port, as a block of addresses, or,
/// but for Anthropic's own API, by bare domain or `*.domain`. `*` counts only alone.
pub fn matches(entry: &str, host: &str, port: u16) -> bool {
    let entry = entry.to_ascii_lowercase();
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    if let Some((network, bits)) = entry.split_once('/') {
        return in_block(&host, network, bits);
    }
    let (name, only_port) = match entry.rsplit_once(':') {
        Some((name, digits)) if !name.contains(':') => match digits.parse::<u16>() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry.as_str(), None),
        },
        _ => (entry.as_str(), None),
    };
    if only_port.is_some_and(|only| only != port) {
        return false;
    }
    if name == host {
        return true;
    }
    let narrow = host == NARROW_HOST;
    let domain = match name.strip_prefix('.') {
        Some(domain) if !narrow || only_port.is_none() => domain,
        None if !narrow => name.strip_prefix("*.").unwrap_or(name),
        _ => return false,
    };
    !domain.is_empty()
        && domain.parse::<IpAddr>().is_err()
        && (host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

fn in_block(host: &str, network: &str, bits: &str) -> bool {
    let (Ok(host), Ok(network), Ok(bits)) = (host.parse::<IpAddr>(), network.parse::<IpAddr>(), bits.parse::<u32>())
    else {
        return false;
    };
    let same = |a: u128, b: u128, width: u32| bits <= width && (bits == 0 || (a ^ b) >> (width - bits) == 0);
    match (host, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u32::from(a).into(), u32::from(b).into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.into(), b.into(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anthropics_own_host_is_read_narrowly() {
        let stands = |entry| matches(entry, "api.anthropic.com", 443);
        for entry in ["api.anthropic.com", "API.anthropic.com", ".anthropic.com", ".com", "api.anthropic.com:443"] {
            assert!(stands(entry), "{entry}");
        }
        for entry in ["anthropic.com", "*.anthropic.com", "com", "*", "api.anthropic.com.", "api.anthropic.com:8443"] {
            assert!(!stands(entry), "{entry}");
        }
    }

    #[test]
    fn other_hosts_are_read_widely() {
        for entry in ["gw.corp", "corp", ".corp", "*.corp", ".corp:443"] {
            assert!(matches(entry, "gw.corp", 443), "{entry}");
        }
        for entry in ["w.corp", "*corp", ".corp:80", "x.gw.corp"] {
            assert!(!matches(entry, "gw.corp", 443), "{entry}");
        }
    }

    #[test]
    fn addresses_are_matched_by_block() {
        assert!(matches("127.0.0.0/8", "127.0.0.1", 80));
        assert!(matches("::/0", "[::1]", 80));
        for entry in ["10.0.0.0/8", "127.", "127.*", "127.0.0.0/99", "localhost"] {
            assert!(!matches(entry, "127.0.0.1", 80), "{entry}");
        }
    }

    #[test]
    fn what_was_surely_meant_is_known() {
        for entry in [
            "anthropic.com",
            "*.anthropic.com",
            "*anthropic.com",
            "https://api.anthropic.com",
            "api.anthropic.com/",
            "api.anthropic.com.",
            "localhost;.anthropic.com",
            "'api.anthropic.com'",
            "*",
        ] {
            assert!(surely_means(entry, "api.anthropic.com"), "{entry}");
        }
        for entry in
            ["com", "localhost", "notanthropic.com", "api.anthropic.com.corp", "api.anthropic.com:8443", "10.*"]
        {
            assert!(!surely_means(entry, "api.anthropic.com"), "{entry}");
        }
        for entry in ["10.0.", "10.*", "10.0.0.*", "http://10.0.0.7/"] {
            assert!(surely_means(entry, "10.0.0.7"), "{entry}");
        }
        for entry in ["10.1.*", "10", "127.", "1*"] {
            assert!(!surely_means(entry, "10.0.0.7"), "{entry}");
        }
    }

    #[test]
    fn tells_what_keeps_a_text_from_being_an_address() {
        for (text, why) in [
            ("\"http://h:1\"", NotAnAddress::Quotes),
            ("http://kim:pass#word@proxy.corp:8080", NotAnAddress::Password),
            ("http://kim:pass/word@proxy.corp:8080", NotAnAddress::Password),
            ("proxy.corp", NotAnAddress::HostAlone),
            ("not a url", NotAnAddress::Words),
            ("http://", NotAnAddress::Words),
        ] {
            assert!(parse(text).is_none(), "{text}");
            assert_eq!(fault(text), why, "{text}");
        }
    }

    #[test]
    fn a_scheme_may_be_missing_if_a_port_is_there() {
        for text in
            ["http://p:1", " http://p:1/ ", "127.0.0.1:3128", "proxy:3128", "127.0.0.1:3128/", "http:127.0.0.1:1"]
        {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in
            ["", "  ", "proxy.corp", "127.0.0.1", ":3128", "u:p@h:1", "h:1/x", "\"http://h:1\"", "http://", "a b"]
        {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
