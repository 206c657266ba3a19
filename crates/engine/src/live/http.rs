//! The question and its answer.
#![expect(clippy::disallowed_methods, reason = "what Claude Code sends is sent")]

use std::error::Error as _;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use authlight_core::message::Message;
use authlight_core::report::{CredentialKind, Outcome, SentRequest, Stage, StageRow, Status};
use authlight_core::secret::{Secret, javascript_trim};
use reqwest::Method;
pub(super) use reqwest::blocking::Client as Asker;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use zeroize::Zeroizing;

use super::audience::{Audience, Carried, basic, host, origin};
use super::claude_says::Situation;
use super::providers::Signing;
use super::tls::{self, Trusted};
use super::{Course, Event, Seen as _, Step, Stopped, proxy, responder, row};

/// Says who asks.
pub(super) const AGENT: &str = concat!("authlight/", env!("CARGO_PKG_VERSION"));

/// The API's version that Claude Code names.
const API_VERSION: &str = "2023-06-01";

/// So much of an answer is read, after decompression.
const BODY_LIMIT: usize = 256 * 1024;

/// Headers that the connection itself decides on, or that would make the request look like another program's.
const OURS: [&str; 8] = [
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "proxy-authorization",
    "transfer-encoding",
    "user-agent",
];

/// The questions, all but the last free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Which models there are: answered to whoever has a key.
    Models,
    /// How many tokens a message would have.
    CountTokens,
    /// A message that is answered with one token: the only question that costs anything.
    OneToken,
    /// How the service does.
    Service,
}

impl Question {
    fn path(self) -> &'static str {
        match self {
            Self::Models => "/v1/models",
            Self::CountTokens => "/v1/messages/count_tokens",
            Self::OneToken => "/v1/messages",
            Self::Service => "/api/v2/status.json",
        }
    }
}

/// How a body came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// There is more than is read.
    TooLong,
    /// The connection was closed before all had come.
    Lost,
    /// What came could not be unpacked, or its parts do not fit together.
    Broken,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub question: Question,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// How the body came to its end.
    pub ending: Ending,
    /// Where the question went.
    pub asked: url::Url,
    /// Whether a list of models came in another form than the API's, now or to the question before.
    pub foreign_list: bool,
}

impl Reply {
    /// A header as text.
    pub fn header(&self, name: impl reqwest::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether it calls itself JSON.
    pub fn is_called_json(&self) -> bool {
        self.header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase().contains("json")
    }
}

/// Asks an audience.
pub(super) struct Client<'a> {
    pub audience: &'a Audience,
    pub trusted: &'a Trusted,
    /// What the connection stage reached: of the proxy, or of the endpoint.
    pub addresses: &'a [SocketAddr],
    pub course: &'a Course,
    /// Whether the person agreed to pay for a message of one token.
    pub one_token: bool,
    /// What signs each request, where a cloud wants that.
    pub signing: Option<&'a Signing>,
}

/// A request before it is signed.
pub(super) struct Asked {
    pub question: Question,
    pub method: Method,
    pub address: url::Url,
    pub headers: HeaderMap,
    pub body: Option<Zeroizing<String>>,
    /// Whether the body itself holds a credential.
    pub body_is_secret: bool,
    /// It may take the time that is left, divided by this.
    pub share: u32,
}

impl Client<'_> {
    /// Asks for the models, and how many tokens a message would have; with the person's word for it also for a message of
    /// one token. The answer that says most decides.
    pub fn ask(&self) -> Step<Reply> {
        if !matches!(self.audience.base.scheme(), "http" | "https") {
            let text = Message::new("live-http-scheme").with("scheme", self.audience.base.scheme());
            return Err(Stopped::failed(Stage::Http, Outcome::NotTested, text));
        }
        let headers = self.headers()?;
        let asker = self.asker()?;
        let mut asked: Vec<String> = Vec::new();
        let mut ask = |question: Question, share: u32| {
            let reply = self.put(&asker, question, &headers, share)?;
            asked.push(format!("{} {}", question.path(), reply.status));
            Ok::<_, Box<Stopped>>(reply)
        };
        let mut reply = ask(Question::Models, 1)?;
        reply.foreign_list = responder::is_foreign_list(&reply);
        let listed = responder::is_list(&reply);
        if listed || matches!(reply.status, 404 | 405 | 501) {
            // Where a list has told something, a question that nobody answers must not take the whole time.
            match ask(Question::CountTokens, if listed { 2 } else { 1 }) {
                // Whoever gave a list is there, and the API gives its own to those alone who have a key.
                Ok(count) if listed && responder::is_not_understood(&count, reply.foreign_list) => {}
                Ok(count) => reply = Reply { foreign_list: reply.foreign_list, ..count },
                Err(_) if listed && !reply.foreign_list => {}
                Err(stopped) => return Err(stopped),
            }
        }
        let let_in = (200..300).contains(&reply.status) || matches!(reply.status, 404 | 405 | 501);
        if self.one_token && let_in {
            reply = Reply { foreign_list: reply.foreign_list, ..ask(Question::OneToken, 1)? };
        }
        let asked = asked.join(", ");
        let told = |row: StageRow| {
            let row = row.seen("http_status", reply.status).seen("asked", &asked);
            let row = row.seen("content_type", reply.header(CONTENT_TYPE).unwrap_or_default());
            dated(row, &reply)
        };
        match reply.status {
            407 => {
                Err(proxy::wants_credentials(self.audience.proxy.as_ref(), &reply).saying(Situation::status(&reply)))
            }
            511 => Ok((told(row(Stage::Http, Status::Pass, answered(&reply))), reply)),
            500.. if !responder::is_a_block(&reply) => {
                let text = Message::new("live-http-server-error").with("status", usize::from(reply.status));
                let mut stopped = Stopped::failed(Stage::Http, Outcome::ServerError, text);
                stopped.row = told(stopped.row);
                Err(stopped.saying(Situation::status(&reply)))
            }
            _ => Ok((told(row(Stage::Http, Status::Pass, answered(&reply))), reply)),
        }
    }

    /// Asks a status page.
    pub fn service(&self) -> Step<Reply> {
        let reply = self.put(&self.asker()?, Question::Service, &HeaderMap::new(), 1)?;
        Ok((row(Stage::Http, Status::Pass, answered(&reply)).seen("http_status", reply.status), reply))
    }

    /// Every header, secrets marked as such.
    pub fn headers(&self) -> Result<HeaderMap, Box<Stopped>> {
        let mut headers = HeaderMap::new();
        headers.insert("anthropic-version", HeaderValue::from_static(API_VERSION));
        for (name, secret) in &self.audience.extra_headers {
            let Ok(name) = HeaderName::try_from(name.trim()) else { continue };
            if !OURS.contains(&name.as_str()) {
                headers.insert(name, value(secret, secret.reveal())?);
            }
        }
        for carried in &self.audience.headers {
            let text = text_of(carried);
            headers.insert(HeaderName::from_static(carried.header.word()), value(&carried.secret, &text)?);
        }
        Ok(headers)
    }

    pub fn asker(&self) -> Result<Asker, Box<Stopped>> {
        let mut builder = Asker::builder()
            .tls_backend_preconfigured(self.trusted.config.clone())
            .user_agent(AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .http1_only();
        let mut reached = &self.audience.base;
        if let Some(proxy) = &self.audience.proxy {
            reached = &proxy.url;
            let mut chosen = reqwest::Proxy::all(proxy.url.clone()).map_err(|error| unable(&error))?;
            if let Some(userinfo) = &proxy.userinfo {
                chosen = chosen.custom_http_auth(value(userinfo, &basic(userinfo.reveal()))?);
            }
            builder = builder.proxy(chosen);
        }
        // The name is looked up once: what answered before is asked now.
        builder = builder.resolve_to_addrs(&host(reached), self.addresses);
        builder.build().map_err(|error| unable(&error))
    }

    /// Asks a question, in a `share`th of the time that is left.
    fn put(&self, asker: &Asker, question: Question, headers: &HeaderMap, share: u32) -> Result<Reply, Box<Stopped>> {
        let audience = self.audience;
        let address = audience
            .address(question.path())
            .map_err(|_| Stopped::failed(Stage::Http, Outcome::NotTested, Message::new("live-http-address")))?;
        let (mut headers, mut body) = (headers.clone(), None);
        if matches!(question, Question::CountTokens | Question::OneToken) {
            let mut asked = serde_json::json!({
                "model": audience.model,
                "messages": [{"role": "user", "content": "Hello"}],
            });
            if question == Question::OneToken {
                asked["max_tokens"] = 1.into();
            }
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            body = Some(Zeroizing::new(asked.to_string()));
        }
        let method = if body.is_some() { Method::POST } else { Method::GET };
        self.exchange(asker, Asked { question, method, address, headers, body, body_is_secret: false, share })
    }

    /// Signs where that is wanted, sends, and reads the answer.
    pub fn exchange(&self, asker: &Asker, mut asked: Asked) -> Result<Reply, Box<Stopped>> {
        let left = self.course.deadline.left().map_err(|_| Stopped::late(Stage::Http))? / asked.share;
        if let Some(signing) = self.signing {
            signing.sign(&mut asked)?;
        }
        let Asked { question, method, address, headers, body, body_is_secret, .. } = asked;
        let mut sent = SentRequest {
            method: method.to_string(),
            origin: origin(&address),
            path: address.path().to_owned(),
            headers: names(&headers),
        };
        sent.headers.extend(body_is_secret.then(|| "(body)".to_owned()));
        let request = asker.request(method, address.clone()).headers(headers).timeout(left);
        let request = match body {
            Some(body) => request.body(body.as_str().to_owned()),
            None => request,
        };
        let request = request.build().map_err(|error| unable(&error))?;
        self.course.announce(sent, Stage::Http)?;
        let response = asker.execute(request).map_err(|error| self.unanswered(&error))?;
        self.read(question, address, response)
    }

    fn read(&self, question: Question, asked: url::Url, mut response: Response) -> Result<Reply, Box<Stopped>> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.course.tell(Event::Heard);
        let (mut body, mut ending) = (Vec::new(), Ending::Whole);
        let mut buffer = [0; 16 * 1024];
        while ending == Ending::Whole {
            if self.course.deadline.left().is_err() {
                return Err(Stopped::late(Stage::Http));
            }
            match response.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => body.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if timed_out(&error) => return Err(Stopped::late(Stage::Http)),
                // What came before the break still tells who answered.
                Err(error) => ending = if is_lost(&error) { Ending::Lost } else { Ending::Broken },
            }
            if body.len() > BODY_LIMIT {
                (ending, body) = (Ending::TooLong, body.drain(..BODY_LIMIT).collect());
            }
        }
        Ok(Reply { question, status, headers, body, ending, asked, foreign_list: false })
    }

    fn unanswered(&self, error: &reqwest::Error) -> Box<Stopped> {
        if error.is_timeout() {
            return Stopped::late(Stage::Http);
        }
        let mut last = None;
        let mut source = error.source();
        while let Some(cause) = source {
            let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
            let tls = cause.downcast_ref().or_else(|| wrapped.and_then(|inner| inner.downcast_ref()));
            if let Some(tls) = tls {
                return tls::refused(tls, &self.audience.host(), self.trusted);
            }
            last = Some(cause.to_string());
            source = cause.source();
        }
        let last = last.unwrap_or_default();
        // The library has one word for each way in which what came is no HTTP, and shows no type for it.
        let (key, situation) = match last.as_str() {
            "message head is too large" => ("live-http-head-too-long", None),
            // Of very few bytes Claude Code says something else.
            "invalid HTTP version parsed" => ("live-http-not-http", None),
            // It spoke before it was asked.
            "received unexpected message from connection" => ("live-http-not-http", None),
            "invalid content-length parsed" => ("live-http-not-http", Some(Situation::ContentLength)),
            text if text.starts_with("invalid HTTP ") => ("live-http-not-http", Some(Situation::Malformed)),
            _ => ("live-http-no-answer", Some(Situation::Dropped)),
        };
        Stopped::failed(Stage::Http, Outcome::Unreachable, Message::new(key)).seen("error", last).saying(situation)
    }
}

/// The names of the headers that the person's configuration filled.
fn names(headers: &HeaderMap) -> Vec<String> {
    let filled = headers.iter().filter(|(_, value)| value.is_sensitive());
    filled.map(|(name, _)| name.as_str().to_owned()).collect()
}

fn text_of(carried: &Carried) -> Zeroizing<String> {
    let value = javascript_trim(carried.secret.reveal());
    match carried.kind {
        CredentialKind::UrlUserinfo => basic(value),
        _ if carried.bearer => Zeroizing::new(format!("Bearer {value}")),
        _ => Zeroizing::new(value.to_owned()),
    }
}

/// A header's value as Claude Code's HTTP layer writes it: one byte for each character up to U+00FF.
pub(super) fn value(secret: &Secret, text: &str) -> Result<HeaderValue, Box<Stopped>> {
    let bytes: Option<Vec<u8>> =
        javascript_trim(text).chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    let bytes = bytes.map(Zeroizing::new);
    let value = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
    let mut value = value.ok_or_else(|| {
        let refused = |character: char| (character.is_ascii_control() && character != '\t') || character > '\u{ff}';
        let position = javascript_trim(secret.reveal()).chars().position(refused).map_or(0, |at| at + 1);
        let text = Message::new("live-auth-character").with("position", position);
        Stopped::failed(Stage::Auth, Outcome::NotTested, text).seen("position", position)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn unable(error: &reqwest::Error) -> Box<Stopped> {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let mut stopped = Stopped::failed(Stage::Http, Outcome::NotTested, Message::new("live-crashed"));
    stopped.row.status = Status::Crashed;
    stopped.seen("error", cause)
}

fn timed_out(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    error.kind() == io::ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout)
}

/// Whether the connection was closed too early; else what came is broken by itself.
fn is_lost(error: &io::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.get_ref().map(|inner| inner as _);
    let mut lost = matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset);
    while let Some(inner) = cause {
        let io = inner.downcast_ref::<io::Error>();
        lost |= io.is_some_and(|io| matches!(io.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset));
        cause = inner.source();
    }
    lost
}

fn answered(reply: &Reply) -> Message {
    Message::new("live-http-answered").with("status", usize::from(reply.status))
}

/// The server's clock beside this one: a login and a certificate depend on it.
pub(super) fn dated(row: StageRow, reply: &Reply) -> StageRow {
    let Some(date) = reply.header(DATE) else { return row };
    let Ok(theirs) = httpdate::parse_http_date(date) else { return row };
    let seconds = |time: SystemTime| match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    };
    // Positive: this machine's clock is ahead.
    row.seen("server_date", date).seen("clock_skew_seconds", seconds(SystemTime::now()) - seconds(theirs))
}

/// Where a redirect points: scheme, host and port, and whether somebody else is there. The same host with
/// encryption is not somebody else. None, where it points nowhere.
pub(super) fn redirected(reply: &Reply) -> Option<(String, bool)> {
    let to = reply.asked.join(reply.header(LOCATION)?).ok()?;
    let same = origin(&to) == origin(&reply.asked);
    let encrypted = to.scheme() == "https" && reply.asked.scheme() == "http" && to.host() == reply.asked.host();
    Some((origin(&to), !same && !encrypted))
}
