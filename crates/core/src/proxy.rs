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
    /// A rule keeps what is sent to a model from the proxy, and nothing else that is asked of the same host: the rules of
    /// an organisation, settings, the account. Those read `NO_PROXY` more narrowly (observed: `net-no-proxy-suffix-nodot`,
    /// `x-px-np-*`: one tunnel less than there are requests).
    PromptsBypass(Proxy, ProxyBypass),
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
    let (variable, place, url, late, own) = match in_force(environment, https) {
        InForce::Nothing => return Choice::Direct,
        InForce::Stops(variable, place) => return Choice::NotAUrl { variable, place: Box::new(place.clone()) },
        // A proxy of the folder is set up when the folder's own exceptions are known (observed: `rp-31-179`).
        InForce::Own(variable, place, url) => (variable, place, Some(url), is_of_the_folder(place), true),
        // The runtime reads the list for all alike (observed: `z-rt-all-np-*`).
        InForce::Runtime(variable, place, url) => (variable, place, url, true, false),
    };
    let bypass = bypass(environment, host, port, late);
    let whole = !own || host != HOST_OF_OTHER_REQUESTS || narrow_bypass(environment, host, port, late);
    let partly = match bypass {
        Some(bypass) if whole => return Choice::Bypassed(bypass),
        partly => partly,
    };
    let Some(url) = url else { return Choice::NoSuchHost { variable } };
    // Path and query say nothing to a proxy, and a key or part of a password may stand in them.
    let own_port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let shown = format!("{}://{}{own_port}", url.scheme(), url.host_str().unwrap_or_default());
    let proxy = Proxy { url: shown, source: place.source.clone() };
    match partly {
        Some(bypass) => Choice::PromptsBypass(proxy, bypass),
        None if matches!(url.scheme(), "http" | "https") => Choice::Through(proxy),
        None => Choice::Unsupported(proxy),
    }
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

/// The entry of a list that stands for a host, where something is sent to a model.
fn exception<'l>(list: &'l str, host: &str, port: u16) -> Option<&'l str> {
    entries(list).find(|entry| matches(entry, host, port))
}

/// Whether an entry stands for a host where anything else is asked of it.
fn narrow_bypass(environment: &Environment, host: &str, port: u16, late: bool) -> bool {
    let list = if late { late_exceptions(environment) } else { exceptions(environment) };
    list.is_some_and(|(_, place)| {
        let list = place.value.plain();
        list == "*" || entries(list).any(|entry| matches_narrowly(entry, host, port))
    })
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

/// The host that Claude Code asks for more than answers of a model (observed: `bg-*`).
const HOST_OF_OTHER_REQUESTS: &str = "api.anthropic.com";

/// Whether an entry of `NO_PROXY` stands for a host, where something is sent to a model: `*`, exactly, by `.suffix`, bare
/// domain or `*.domain`, each with a port or a dot behind it too, or as a block of addresses (observed: `x-p2-*`, `x-p3-*`,
/// `x-px-np-*`).
pub fn matches(entry: &str, host: &str, port: u16) -> bool {
    let (entry, host) = in_small_letters(entry, host);
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        return in_block(&host, network, bits);
    }
    let Some((name, _)) = of_port(&entry, port) else { return false };
    let name = name.strip_suffix('.').unwrap_or(name);
    let domain = name.strip_prefix('.').unwrap_or_else(|| name.strip_prefix("*.").unwrap_or(name));
    name == host || is_domain_of(domain, &host)
}

/// The same for everything else that Claude Code asks, renewing a login among it: exactly, with a port too, or by
/// `.suffix` (observed: `x-px-np-*`).
fn matches_narrowly(entry: &str, host: &str, port: u16) -> bool {
    let (entry, host) = in_small_letters(entry, host);
    let Some((name, with_port)) = of_port(&entry, port) else { return false };
    let domain = name.strip_prefix('.').filter(|_| !with_port);
    name == host || domain.is_some_and(|domain| is_domain_of(domain, &host))
}

fn in_small_letters(entry: &str, host: &str) -> (String, String) {
    (entry.to_ascii_lowercase(), host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase())
}

/// The name in an entry, and whether a port stands behind it. `None`: it is for another port.
fn of_port(entry: &str, port: u16) -> Option<(&str, bool)> {
    match entry.rsplit_once(':').map(|(name, digits)| (name, digits.parse::<u16>())) {
        Some((name, Ok(only))) if !name.contains(':') => (only == port).then_some((name, true)),
        _ => Some((entry, false)),
    }
}

/// Whether a host is a domain, or lies below it.
fn is_domain_of(domain: &str, host: &str) -> bool {
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
    use crate::report::Source;
    use crate::secret::Secret;
    use crate::snapshot::{Examined, Platform, Snapshot, Variable};

    #[test]
    fn what_is_sent_to_a_model_is_excepted_widely() {
        for entry in [
            "api.anthropic.com",
            "API.anthropic.com",
            ".anthropic.com",
            ".com",
            "com",
            "*.com",
            "anthropic.com",
            "*.anthropic.com",
            "*.api.anthropic.com",
            "api.anthropic.com:443",
            ".anthropic.com:443",
            "*.anthropic.com:443",
            "api.anthropic.com.",
            "anthropic.com.",
            "*",
        ] {
            assert!(matches(entry, "api.anthropic.com", 443), "{entry}");
        }
        for entry in [
            "i.anthropic.com",
            "*anthropic.com",
            "**.anthropic.com",
            "..anthropic.com",
            "api.*.com",
            "https://anthropic.com",
            "anthropic.com/",
            "anthropic.com;x",
            "'anthropic.com'",
            "api.anthropic.com:8443",
        ] {
            assert!(!matches(entry, "api.anthropic.com", 443), "{entry}");
        }
        for entry in
            ["gw.corp", "corp", ".corp", "*.corp", ".corp:443", "*.corp:443", "gw.corp.", "*.corp.", "*.gw.corp"]
        {
            assert!(matches(entry, "gw.corp", 443), "{entry}");
        }
        for entry in ["w.corp", "*corp", "**.corp", "..corp", ".corp:80", "x.gw.corp"] {
            assert!(!matches(entry, "gw.corp", 443), "{entry}");
        }
    }

    #[test]
    fn what_else_is_asked_is_excepted_narrowly() {
        let stands = |entry| matches_narrowly(entry, "api.anthropic.com", 443);
        for entry in ["api.anthropic.com", "API.anthropic.com", ".anthropic.com", ".com", "api.anthropic.com:443"] {
            assert!(stands(entry), "{entry}");
        }
        for entry in
            ["anthropic.com", "*.anthropic.com", "com", "*", "api.anthropic.com.", ".anthropic.com:443", "x:443"]
        {
            assert!(!stands(entry), "{entry}");
        }
    }

    #[test]
    fn prompts_may_go_past_the_proxy_where_nothing_else_does() {
        let chosen = |no_proxy: &str, name: &str, host: &str| {
            let one = |name: &str, value: &str| Variable {
                name: name.to_owned(),
                value: Secret::new(value),
                source: Source::variable(name),
            };
            let variables = vec![one(name, "http://p:3128"), one("NO_PROXY", no_proxy)];
            let snapshot = Snapshot::new(Examined::of_process(Platform::Linux, "/home/kim", variables));
            choose(&Environment::resolve(&snapshot), host, 443, true)
        };
        let anthropic = "api.anthropic.com";
        for list in ["anthropic.com", "localhost, *.anthropic.com", "foo,*", " * "] {
            let choice = chosen(list, "HTTPS_PROXY", anthropic);
            assert!(matches!(choice, Choice::PromptsBypass(..)), "{list}: {choice:?}");
            // The runtime reads it for all alike, and of a gateway nothing else is asked.
            for (name, host) in [("ALL_PROXY", anthropic), ("HTTPS_PROXY", "gw.anthropic.com")] {
                let choice = chosen(list, name, host);
                assert!(matches!(choice, Choice::Bypassed(_)), "{list}: {choice:?}");
            }
        }
        for list in ["*", ".anthropic.com", "api.anthropic.com"] {
            let choice = chosen(list, "HTTPS_PROXY", anthropic);
            assert!(matches!(choice, Choice::Bypassed(_)), "{list}: {choice:?}");
        }
        let choice = chosen("*anthropic.com", "HTTPS_PROXY", anthropic);
        assert!(matches!(choice, Choice::Through(_)), "{choice:?}");
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
