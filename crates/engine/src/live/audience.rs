//! To whom the test speaks, and with what: everything a request is made of.
//!
//! A request can be built from an [`Audience`] alone, and an audience comes from the route that Claude Code itself
//! would take. So a credential has no way to another place.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use authlight_core::report::{CredentialKind, Header, Provider};
use authlight_core::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::helper::Helper;
use super::providers::Cloud;

/// An endpoint and what Claude Code would send there.
#[derive(Clone)]
pub struct Audience {
    /// The base to which `/v1/…` is added. User and password in it are never used: what they fill stands in
    /// `headers`.
    pub base: Url,
    /// Who answers there.
    pub provider: Provider,
    /// The model that is asked about.
    pub model: String,
    /// The headers that carry a credential; empty asks without any.
    pub headers: Vec<Carried>,
    /// The program whose key, keys or token are not there before it is run.
    pub helper: Option<Helper>,
    /// The lines of `ANTHROPIC_CUSTOM_HEADERS` other than credentials.
    pub extra_headers: Vec<(String, Secret)>,
    /// The proxy, where Claude Code would use one.
    pub proxy: Option<Proxy>,
    /// Which certificates are believed besides the system's.
    pub trust: Trust,
    /// Whether a project folder chose the address, the proxy or a certificate that is believed.
    pub endpoint_from_project: bool,
    /// Whether Claude Code signs in there with a claude.ai login. Such an audience is asked without any header, or not
    /// at all.
    pub is_claude_ai_login: bool,
    /// What a cloud needs beside that to be signed in to.
    pub cloud: Option<Arc<Cloud>>,
}

/// A header that carries a credential.
#[derive(Clone, Debug)]
pub struct Carried {
    /// Which header.
    pub header: Header,
    /// What fills it.
    pub kind: CredentialKind,
    /// The value; of [`CredentialKind::UrlUserinfo`] it is `user:password`, without percent signs.
    pub secret: Secret,
    /// Whether `Bearer ` stands before it.
    pub bearer: bool,
}

/// A proxy, its password apart from its address.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Scheme, host and port.
    pub url: Url,
    /// `user:password`, without percent signs.
    pub userinfo: Option<Secret>,
}

impl Proxy {
    /// Takes user and password out of an address.
    pub fn new(mut url: Url) -> Self {
        let part = |text: &str| Zeroizing::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
        let (user, password) = (part(url.username()), part(url.password().unwrap_or_default()));
        let named = !user.is_empty() || !password.is_empty();
        let userinfo = named.then(|| Secret::new(format!("{}:{}", *user, *password)));
        remove_userinfo(&mut url);
        Self { url, userinfo }
    }
}

/// What is believed besides the system's certificates.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// `NODE_EXTRA_CA_CERTS` and the like: PEM files.
    pub extra_ca_files: Vec<PathBuf>,
    /// `SSL_CERT_FILE`: a PEM file.
    pub ssl_cert_file: Option<PathBuf>,
    /// `CLAUDE_CODE_CERT_STORE=bundled`: the built-in list in place of the system's.
    pub bundled_only: bool,
    /// `CLAUDE_CODE_CLIENT_CERT` and `CLAUDE_CODE_CLIENT_KEY`: what is shown to a server that asks who is there.
    pub client: Option<ClientFiles>,
    /// `NODE_TLS_REJECT_UNAUTHORIZED=0`: Claude Code believes whatever it is shown. This program does not, and then
    /// sends nothing.
    pub unchecked: bool,
}

/// A certificate of this machine, and its key: PEM files.
#[derive(Clone, Debug)]
pub struct ClientFiles {
    /// The certificate, and what lies between it and its root.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl fmt::Debug for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<&str> = self.extra_headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Audience")
            .field("origin", &origin(&self.base))
            .field("provider", &self.provider)
            .field("headers", &self.headers)
            .field("extra_headers", &extra)
            .field("proxied", &self.proxy.is_some())
            .field("endpoint_from_project", &self.endpoint_from_project)
            .field("is_claude_ai_login", &self.is_claude_ai_login)
            .finish_non_exhaustive()
    }
}

impl Audience {
    /// The same credential in the other of the two headers, for a gateway that may look for it there. None, where that
    /// is no question: at Anthropic's own API, with two credentials, or with one that was written for its header.
    pub(super) fn with_the_other_header(&self) -> Option<Self> {
        let [carried] = self.headers.as_slice() else { return None };
        let either = matches!(carried.kind, CredentialKind::ApiKey | CredentialKind::AuthToken);
        if self.provider != Provider::Gateway || !either {
            return None;
        }
        let (header, bearer) = match carried.header {
            Header::XApiKey => (Header::Authorization, true),
            Header::Authorization => (Header::XApiKey, false),
        };
        Some(Self { headers: vec![Carried { header, bearer, ..carried.clone() }], ..self.clone() })
    }

    /// The host as it is written, without the brackets of IPv6.
    pub(super) fn host(&self) -> String {
        host(&self.base)
    }

    /// Whether a token of a claude.ai login is among what would be sent, wherever it stands.
    pub(super) fn holds_login(&self) -> bool {
        let login = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
        let decoded = percent_decode_str(self.base.as_str()).decode_utf8_lossy();
        let with_headers = !self.headers.is_empty() || !self.extra_headers.is_empty();
        (self.is_claude_ai_login && with_headers)
            || self.headers.iter().any(|carried| login.contains(&carried.kind))
            || self.secrets().any(Secret::holds_login_token)
            || Secret::new(decoded).holds_login_token()
    }

    /// Whether anything secret would be sent, of what a program gives too.
    pub(super) fn holds_secret(&self) -> bool {
        self.helper.is_some() || self.secrets().any(|secret| !secret.is_blank())
    }

    /// Every secret that would be sent.
    fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.credentials().chain(self.extra_headers.iter().map(|(_, secret)| secret))
    }

    /// What would be sent to be let in.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &Secret> {
        let carried = self.headers.iter().map(|carried| &carried.secret);
        let cloud = self.cloud.iter().flat_map(|cloud| cloud.secrets());
        carried.chain(self.proxy.iter().filter_map(|proxy| proxy.userinfo.as_ref())).chain(cloud)
    }

    /// This endpoint and those that take part in signing in to it.
    pub(super) fn places(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.cloud.iter().flat_map(|cloud| cloud.places.iter().map(|(_, place)| place)))
    }

    /// The kinds of credential that would be sent.
    pub(super) fn kinds(&self) -> Vec<CredentialKind> {
        self.headers.iter().map(|carried| carried.kind).collect()
    }

    /// Base and path put together as Claude Code does it: as text, one slash between.
    pub(super) fn address(&self, path: &str) -> Result<Url, url::ParseError> {
        let mut base = self.base.clone();
        remove_userinfo(&mut base);
        Url::parse(&format!("{}{path}", base.as_str().trim_end_matches('/')))
    }

    /// Whether plain HTTP would stay on this machine: the endpoint does, and no proxy elsewhere carries it.
    pub(super) fn stays_here(&self) -> bool {
        is_loopback(&self.base) && self.proxy.as_ref().is_none_or(|proxy| is_loopback(&proxy.url))
    }
}

/// `Basic` and the base64 of `user:password`.
pub(super) fn basic(userinfo: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("Basic {}", STANDARD.encode(userinfo)))
}

/// The host without the brackets of IPv6.
pub(super) fn host(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
        None => String::new(),
    }
}

/// Scheme, host and port, without user and password.
pub(super) fn origin(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn remove_userinfo(url: &mut Url) {
    // Both fail only for addresses without a host, which have none to remove.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}
