//! Base URLs as Claude Code takes them: its own joining of path and base, then the WHATWG rules.

use url::Url;

use crate::secret::javascript_trim;

/// Where requests go by default.
pub const DEFAULT_BASE: &str = "https://api.anthropic.com";

/// A base URL that was understood.
#[derive(Clone, PartialEq, Eq)]
pub struct Base {
    /// Base without user, password, query and fragment, and without a slash at the end.
    pub url: String,
    /// Scheme, host and port.
    pub origin: String,
    /// Host alone.
    pub host: String,
    /// Port, the scheme's own if none is named.
    pub port: u16,
    /// Whether it is `http`.
    pub plain_http: bool,
    /// Whether it is this machine.
    pub loopback: bool,
    /// Whether user or password stands in it.
    pub userinfo: bool,
    /// What is odd about it.
    pub oddities: Vec<Oddity>,
}

impl std::fmt::Debug for Base {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Base({}, {:?})", self.shown(), self.oddities)
    }
}

impl Base {
    /// The base as it may be shown. Where the address ended within a password, the rest of it stands in the path.
    pub fn shown(&self) -> String {
        if self.holds_a_person() { format!("{}/…", self.origin) } else { self.url.clone() }
    }

    /// Whether what was meant as user and password is taken for host and path.
    pub fn holds_a_person(&self) -> bool {
        self.url.get(self.origin.len()..).is_some_and(|path| path.contains('@'))
    }
}

/// Something in a base URL that works and is probably not meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// `…/v1`: requests go to `/v1/v1/messages`.
    EndsInV1,
    /// `…/v1/messages`: the path that Claude Code adds itself.
    EndsInMessages,
    /// A query or fragment, which swallows the path that is added.
    QueryOrFragment,
    /// No scheme, and taken for `http` all the same.
    NoScheme,
    /// Blanks around it.
    Blanks,
}

/// Why a base URL leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBase {
    /// It is no URL: no scheme, quotation marks, `${VAR}`, words.
    NotAUrl,
    /// A scheme other than `http` and `https`.
    OtherScheme,
    /// A file: it is opened, and is not there.
    File,
}

/// What a base URL comes to when `/v1/messages` is added (observed: `url-*`).
///
/// # Errors
/// Why it leads nowhere.
pub fn base(text: &str) -> Result<Base, NoBase> {
    const PATH: &str = "/v1/messages";
    let trimmed = javascript_trim(text);
    let joined = format!("{}{PATH}", trimmed.strip_suffix('/').unwrap_or(trimmed));
    let mut oddities = Vec::new();
    if trimmed.len() != text.len() {
        oddities.push(Oddity::Blanks);
    }
    let mut url = Url::parse(&joined).map_err(|_| NoBase::NotAUrl)?;
    if url.cannot_be_a_base() {
        // `host:port/…` is a URL of scheme `host`; the fetch below takes it for a host (observed).
        url = Url::parse(&format!("http://{joined}")).map_err(|_| NoBase::NotAUrl)?;
        oddities.push(Oddity::NoScheme);
    }
    if url.scheme() == "file" {
        return Err(NoBase::File);
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Err(NoBase::OtherScheme);
    }
    let host = url.host_str().ok_or(NoBase::NotAUrl)?.to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let named = !url.username().is_empty() || url.password().is_some();
    // Without a scheme they are not sent (observed: `x-url-mailto`).
    let userinfo = named && !oddities.contains(&Oddity::NoScheme);
    if url.query().is_some() || url.fragment().is_some() {
        oddities.push(Oddity::QueryOrFragment);
    }
    let path = url.path().strip_suffix(PATH).unwrap_or(url.path());
    // A doubled slash at the start is one to the server.
    let path = if path.starts_with("//") { format!("/{}", path.trim_start_matches('/')) } else { path.to_owned() };
    let path = path.trim_end_matches('/');
    if path.ends_with("/v1") {
        oddities.push(Oddity::EndsInV1);
    }
    if path.ends_with(PATH) {
        oddities.push(Oddity::EndsInMessages);
    }
    let origin = url.origin().ascii_serialization();
    Ok(Base {
        url: format!("{origin}{path}"),
        plain_http: url.scheme() == "http",
        loopback: is_loopback(&host),
        origin,
        host,
        port,
        userinfo,
        oddities,
    })
}

/// Whether a host is this machine.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.to_ascii_lowercase().ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<String, NoBase> {
        base(text).map(|base| base.url)
    }

    #[test]
    fn takes_what_claude_code_takes() {
        assert_eq!(url(" https://gw.example/llm/ \n").unwrap(), "https://gw.example/llm");
        assert_eq!(url("HTTP://Gw.Example:80").unwrap(), "http://gw.example");
        assert_eq!(url("gateway.corp:8080/llm").unwrap(), "http://gateway.corp:8080/llm");
        assert_eq!(url("http:\\\\127.1:18080").unwrap(), "http://127.0.0.1:18080");
        assert_eq!(url("http://u:p@gw.example").unwrap(), "http://gw.example");
        for text in ["gw.example", "127.0.0.1:18080", "\"https://gw.example\"", "${URL}", "//gw", "http://h:99999"] {
            assert_eq!(url(text), Err(NoBase::NotAUrl), "{text}");
        }
        assert_eq!(url("ftp://gw.example"), Err(NoBase::OtherScheme));
    }

    #[test]
    fn a_password_that_ends_the_host_is_not_shown() {
        let base = base("https://corp\\kim:CANARY@gw.example/llm").unwrap();
        assert_eq!((base.origin.as_str(), base.shown().as_str()), ("https://corp", "https://corp/…"));
        assert!(!format!("{base:?}").contains("CANARY"));
        let plain = super::base("https://gw.example/llm").unwrap();
        assert_eq!(plain.shown(), "https://gw.example/llm");
    }

    #[test]
    fn names_what_is_odd() {
        assert_eq!(base("https://gw.example/v1/").unwrap().oddities, [Oddity::EndsInV1]);
        assert_eq!(base("https://gw.example/?a=b").unwrap().oddities, [Oddity::QueryOrFragment]);
        assert_eq!(base("https://gw.example/v1/messages").unwrap().oddities, [Oddity::EndsInMessages]);
        assert!(base("https://gw.example/v1beta").unwrap().oddities.is_empty());
    }
}
