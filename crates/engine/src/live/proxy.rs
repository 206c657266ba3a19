//! The proxy's tunnel (`CONNECT`).

use std::io;

use authlight_core::message::Message;
use authlight_core::report::{Outcome, SentRequest, Stage, Status};
use reqwest::header::PROXY_AUTHENTICATE;
use url::Url;
use zeroize::Zeroizing;

use super::audience::{Audience, Proxy, basic, host, origin};
use super::claude_says::Situation;
use super::deadline::Line;
use super::http::Reply;
use super::tls::{self, Trusted};
use super::{Course, Seen as _, Step, Stopped, row, word};

/// A proxy's answer to `CONNECT` is a few lines.
const HEAD_LIMIT: usize = 16 * 1024;

/// So many ways to sign in are told.
const SCHEMES_TOLD: usize = 6;

/// Whether Claude Code can use such a proxy at all.
pub(super) fn usable(proxy: &Proxy) -> Result<(), Box<Stopped>> {
    let scheme = proxy.url.scheme();
    if matches!(scheme, "http" | "https") {
        return Ok(());
    }
    let text = Message::new("live-proxy-scheme").with("scheme", scheme);
    let stopped = Stopped::failed(Stage::Proxy, Outcome::Unreachable, text).seen("proxy", origin(&proxy.url));
    Err(if scheme.starts_with("socks") { stopped.saying(Situation::SocksProxy) } else { stopped })
}

/// Asks the proxy for a tunnel to the endpoint.
#[expect(clippy::disallowed_methods, reason = "the proxy is told who asks")]
pub(super) fn tunnel(
    mut line: Box<dyn Line>,
    proxy: &Proxy,
    audience: &Audience,
    trusted: &Trusted,
    course: &Course,
) -> Step<Box<dyn Line>> {
    let name = origin(&proxy.url);
    if proxy.url.scheme() == "https" {
        line = tls::through(line, &host(&proxy.url), trusted).map_err(|mut stopped| {
            stopped.row.stage = Stage::Proxy;
            stopped.seen("proxy", &name)
        })?;
    }
    let target = authority(&audience.base);
    let credential = proxy.userinfo.as_ref().map(|userinfo| basic(userinfo.reveal()));
    let sent = SentRequest {
        method: "CONNECT".to_owned(),
        origin: name.clone(),
        path: target.clone(),
        headers: credential.iter().map(|_| "proxy-authorization".to_owned()).collect(),
    };
    course.announce(sent, Stage::Proxy)?;
    let head = ask(&mut *line, &target, credential.as_ref().map(|value| value.as_str()));
    let failed = |key: &'static str| {
        let key = if is_a_script(proxy) { "live-proxy-script" } else { key };
        let text = Message::new(key).with("proxy", name.as_str()).with("host", target.as_str());
        Stopped::failed(Stage::Proxy, Outcome::Unreachable, text).seen("proxy", &name)
    };
    let head = match head {
        Ok(head) => head,
        Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(Stopped::late(Stage::Proxy)),
        Err(error) => {
            return Err(failed("live-proxy-dropped").seen("error", word(&error)).saying(Situation::Dropped));
        }
    };
    let Some(status) = status_of(&head) else {
        return Err(failed("live-proxy-not-a-proxy").saying(Situation::Malformed));
    };
    let refused = |key| failed(key).seen("http_status", status).saying(Situation::TunnelRefused);
    match status {
        200..=299 => {
            let text = Message::new("live-proxy-open").with("proxy", name.as_str()).with("host", target.as_str());
            Ok((row(Stage::Proxy, Status::Pass, text).seen("proxy", &name).seen("http_status", status), line))
        }
        407 => {
            let schemes = schemes(&head);
            let mut wants = refused(wanted(proxy, &schemes)).seen("schemes", schemes.join(", "));
            wants.row.text = wants.row.text.with("schemes", schemes.join(", "));
            Err(wants)
        }
        // What a web server says to a proxy's method.
        400 | 404 | 405 | 501 => Err(refused("live-proxy-not-connect")),
        _ => Err(refused("live-proxy-refused")),
    }
}

/// What a plain request got that a proxy refused: the one that is set, or one that nobody has set.
pub(super) fn wants_credentials(proxy: Option<&Proxy>, reply: &Reply) -> Box<Stopped> {
    let offered = reply.headers.get_all(PROXY_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let schemes: Vec<&str> = offered.filter_map(scheme).take(SCHEMES_TOLD).collect();
    let Some(proxy) = proxy else {
        let text = Message::new("live-proxy-unset");
        return Stopped::failed(Stage::Proxy, Outcome::Unreachable, text).seen("http_status", 407);
    };
    let name = origin(&proxy.url);
    let text = Message::new(wanted(proxy, &schemes)).with("proxy", name.as_str()).with("schemes", schemes.join(", "));
    let stopped = Stopped::failed(Stage::Proxy, Outcome::Unreachable, text);
    stopped.seen("proxy", name).seen("http_status", 407).seen("schemes", schemes.join(", "))
}

/// The sentence for a proxy that wants somebody signed in.
fn wanted(proxy: &Proxy, schemes: &[&str]) -> &'static str {
    let basic = schemes.is_empty() || schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    match (basic, &proxy.userinfo) {
        (false, _) => "live-proxy-sign-in",
        (true, Some(_)) => "live-proxy-credentials-wrong",
        (true, None) => "live-proxy-credentials",
    }
}

/// Whether the address is that of a script that chooses proxies, as browsers are given it.
fn is_a_script(proxy: &Proxy) -> bool {
    let path = proxy.url.path().to_ascii_lowercase();
    path.ends_with(".pac") || path.ends_with("/wpad.dat")
}

fn authority(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(443);
    format!("{}:{port}", url.host_str().unwrap_or_default())
}

fn ask(line: &mut dyn Line, target: &str, credential: Option<&str>) -> io::Result<String> {
    let agent = super::http::AGENT;
    let mut request = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nUser-Agent: {agent}\r\n"));
    if let Some(value) = credential {
        request.push_str(&format!("Proxy-Authorization: {value}\r\n"));
    }
    request.push_str("\r\n");
    line.write_all(request.as_bytes())?;
    line.flush()?;
    // Byte by byte: what follows the empty line belongs to the endpoint's handshake.
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_LIMIT {
        line.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn status_of(head: &str) -> Option<u16> {
    let (version, rest) = head.split_once(' ')?;
    (version.starts_with("HTTP/1.") && head.ends_with("\r\n\r\n")).then(|| rest.get(..3)?.parse().ok())?
}

/// The first word, where it can be the name of a way to sign in.
fn scheme(value: &str) -> Option<&str> {
    let word = value.split_whitespace().next()?;
    let fits = word.len() <= 20 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then_some(word)
}

/// The names of the ways to sign in that the proxy offers: `Basic`, `Negotiate`.
fn schemes(head: &str) -> Vec<&str> {
    let values = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("proxy-authenticate").then(|| scheme(value))?
    });
    values.take(SCHEMES_TOLD).collect()
}
