//! An ending as data, and the servers that play it.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;

use authlight_core::report::{CredentialKind, Outcome, Stage, Status};
use url::Url;

use super::certificates::{Authority, Shown, authority, config};
use super::recorder::Recorder;
use super::reply::{PORTAL, Replies, Reply, html};
use super::server::{Endpoint, Opening, Proxying, begin, listen_as, proxy, scripted};

/// What happens on a connection before a request is read.
#[derive(Clone, Debug)]
pub enum Start {
    Http,
    Https(Shown),
    /// Asked for encryption, it sends these bytes.
    Raw(Reply),
    /// Speaks first, in place of a web server.
    Greets(Reply),
    /// The same where encryption is expected.
    GreetsTls(Reply),
    Closes,
    ClosesTls,
    Resets,
    ResetsTls,
    /// Encryption is asked for, and plain HTTP is spoken.
    HttpForHttps,
    /// Nobody listens.
    Dead,
    /// A name that nobody knows.
    Nowhere,
}

impl Start {
    fn scheme(&self) -> &'static str {
        match self {
            Self::Http | Self::Greets(_) | Self::Closes | Self::Resets | Self::Dead => "http",
            _ => "https",
        }
    }

    fn opening(&self, company: &Authority) -> Opening {
        match self {
            Self::Https(shown) => Opening::Encrypted(config(*shown, company)),
            Self::Raw(reply) => Opening::Raw(reply.clone()),
            Self::HttpForHttps => Opening::Raw(html(400, "<html><body>Bad Request</body></html>")),
            Self::Greets(reply) | Self::GreetsTls(reply) => Opening::Greets(reply.clone()),
            Self::Closes | Self::ClosesTls => Opening::Closes,
            Self::Resets | Self::ResetsTls => Opening::Resets,
            Self::Http | Self::Dead | Self::Nowhere => Opening::Plain,
        }
    }
}

/// A proxy as the person has set it, and what it does.
#[derive(Clone, Debug)]
pub struct ProxyScript {
    pub scheme: &'static str,
    /// `user:password@`, or nothing.
    pub userinfo: &'static str,
    pub path: &'static str,
    pub start: Start,
    pub proxying: Proxying,
}

impl ProxyScript {
    pub fn new(proxying: Proxying) -> Self {
        Self { scheme: "http", userinfo: "", path: "", start: Start::Http, proxying }
    }
}

/// What Claude Code prints with a credential; none, where that was never seen.
pub type Says = (CredentialKind, Option<&'static str>);

/// One ending: what the servers do, and what must be said of it.
#[derive(Clone, Debug)]
pub struct Ending {
    pub name: &'static str,
    pub start: Start,
    pub replies: Replies,
    pub proxy: Option<ProxyScript>,
    /// After the address, as the person has it in the base URL.
    pub path: &'static str,
    pub stage: Stage,
    pub status: Status,
    pub outcome: Outcome,
    pub key: &'static str,
    pub works: bool,
    pub says: Vec<Says>,
    /// Nobody ends this by itself: a deadline does.
    pub endless: bool,
    /// No more than this of an answer is taken, what lies in the system's buffers counted in.
    pub takes: Option<usize>,
}

/// An ending that is being played.
pub struct Played {
    pub recorder: Recorder,
    pub base: Url,
    pub proxy: Option<Url>,
    /// The root that is named in `NODE_EXTRA_CA_CERTS`.
    pub root: PathBuf,
    /// Where connections can arrive.
    pub addresses: Vec<SocketAddr>,
    _folder: tempfile::TempDir,
    _dead: Vec<TcpStream>,
}

impl Ending {
    pub fn play(&self) -> Played {
        let recorder = Recorder::default();
        let company = authority("Example Corp Root");
        let (folder, root) = company.file();
        let mut dead = Vec::new();
        // The near end of a connection: nobody listens there, and nobody else is given it meanwhile.
        let mut nobody = || {
            let far = TcpListener::bind("127.0.0.1:0").unwrap();
            let near = TcpStream::connect(far.local_addr().unwrap()).unwrap();
            let address = near.local_addr().unwrap();
            dead.push(near);
            address
        };
        // Somebody else: a portal, with and without encryption, for a program that does go there.
        let encrypted = Opening::Encrypted(config(Shown::Elsewhere, &company));
        let elsewhere = listen_as("elsewhere", &recorder, move |wire| {
            let opening = if wire.begins_with(0x16) { &encrypted } else { &Opening::Plain };
            let Some(mut line) = begin(wire, opening) else { return };
            if line.request().is_some() {
                line.play(&html(200, PORTAL), &|bytes| bytes.to_vec());
            }
            line.close();
        });
        let other = elsewhere.address;
        let fill = move |bytes: &[u8]| {
            // What is long holds no addresses.
            if bytes.len() > 1 << 16 || !bytes.contains(&b'{') {
                return bytes.to_vec();
            }
            match std::str::from_utf8(bytes) {
                Ok(text) => text.replace("{elsewhere}", &format!("localhost:{}", other.port())).into_bytes(),
                Err(_) => bytes.to_vec(),
            }
        };
        let mut addresses = vec![other];
        let address = match self.start {
            Start::Dead => nobody(),
            Start::Nowhere => other,
            _ => {
                let opening = self.start.opening(&company);
                let Endpoint { address, .. } = scripted("endpoint", &recorder, opening, self.replies.clone(), fill);
                addresses.push(address);
                address
            }
        };
        let host = match self.start {
            // Too long for the name system, so that nobody is asked for it.
            Start::Nowhere => format!("{}.invalid", "x".repeat(64)),
            _ => address.to_string(),
        };
        let base = Url::parse(&format!("{}://{host}{}", self.start.scheme(), self.path)).unwrap();
        let proxy = self.proxy.as_ref().map(|script| {
            let address = if matches!(script.start, Start::Dead) {
                nobody()
            } else {
                let proxy = proxy(&recorder, script.start.opening(&company), script.proxying.clone());
                addresses.push(proxy.address);
                proxy.address
            };
            Url::parse(&format!("{}://{}{address}{}", script.scheme, script.userinfo, script.path)).unwrap()
        });
        Played { recorder, base, proxy, root, addresses, _folder: folder, _dead: dead }
    }

    // ------------------------------------------------------------ how a row is written

    pub fn http(name: &'static str, replies: impl Into<Replies>) -> Self {
        Self::new(name, Start::Http, replies)
    }

    pub fn new(name: &'static str, start: Start, replies: impl Into<Replies>) -> Self {
        Self {
            name,
            start,
            replies: replies.into(),
            proxy: None,
            path: "",
            stage: Stage::Quota,
            status: Status::Pass,
            outcome: Outcome::NotTested,
            key: "",
            works: false,
            says: vec![(CredentialKind::ApiKey, None)],
            endless: false,
            takes: None,
        }
    }

    /// Where the test must halt.
    pub fn halts(self, stage: Stage, key: &'static str, outcome: Outcome) -> Self {
        self.comes_to(stage, Status::Fail, key, outcome)
    }

    pub fn comes_to(self, stage: Stage, status: Status, key: &'static str, outcome: Outcome) -> Self {
        Self { stage, status, outcome, key, ..self }
    }

    /// The credential is known there, no more.
    pub fn verified(self) -> Self {
        self.comes_to(Stage::Auth, Status::Pass, "live-auth-known", Outcome::Verified)
    }

    /// The credential works.
    pub fn works(self) -> Self {
        let known = self.comes_to(Stage::Permission, Status::Pass, "live-permission-given", Outcome::Verified);
        Self { works: true, ..known }
    }

    pub fn says(self, text: &'static str) -> Self {
        Self { says: vec![(CredentialKind::ApiKey, Some(text))], ..self }
    }

    /// The same for each credential.
    pub fn all_say(self, kinds: &[CredentialKind], text: &'static str) -> Self {
        Self { says: kinds.iter().map(|kind| (*kind, Some(text))).collect(), ..self }
    }

    /// For one more credential.
    pub fn and(mut self, kind: CredentialKind, text: Option<&'static str>) -> Self {
        self.says.push((kind, text));
        self
    }

    pub fn through(self, proxy: ProxyScript) -> Self {
        Self { proxy: Some(proxy), ..self }
    }

    pub fn below(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    pub fn endless(self) -> Self {
        Self { endless: true, ..self }
    }

    pub fn takes(self, bytes: usize) -> Self {
        Self { takes: Some(bytes), ..self }
    }
}
