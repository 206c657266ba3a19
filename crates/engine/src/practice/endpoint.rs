//! The scripted endpoint of a scenario: a small HTTP/1.1 server on this machine alone.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use thiserror::Error;

use super::format::{Reply, Scenario, ScenarioError};
use super::home::Home;

/// Why a scenario has no endpoint.
#[derive(Debug, Error)]
pub enum EndpointError {
    /// The scenario is written wrongly.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The system gives no port or no thread.
    #[error("the practice endpoint could not be started: {0}")]
    System(#[from] io::Error),
}

/// The longest head of a request that is read.
const MOST_HEAD: usize = 64 << 10;

/// The longest body of a request that is read.
const MOST_BODY: u64 = 4 << 20;

/// How many callers are served at once; more are turned away.
const MOST_CALLERS: usize = 32;

/// How long a caller may keep silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running endpoint. It stops when it is dropped.
#[derive(Debug)]
pub struct Endpoint {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Endpoint {
    /// Starts answering on a free port of the loopback interface.
    ///
    /// # Errors
    /// What the system says where no port or no thread can be had.
    pub fn start(replies: &[Reply]) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Self::serve(listener, replies)
    }

    /// Starts answering for a scenario; its answers may name the endpoint's own address. No endpoint where it has no
    /// answers.
    ///
    /// # Errors
    /// [`EndpointError`]
    pub fn of(scenario: &Scenario, now_ms: i64) -> Result<(Home, Option<Self>), EndpointError> {
        if scenario.replies.is_empty() {
            return Ok((scenario.home_at(now_ms, None)?, None));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let home = scenario.home_at(now_ms, Some(&url(listener.local_addr()?)))?;
        let endpoint = Self::serve(listener, &home.replies)?;
        Ok((home, Some(endpoint)))
    }

    fn serve(listener: TcpListener, replies: &[Reply]) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, replies): (_, Arc<[Reply]>) = (Arc::clone(&stop), replies.into());
        let thread = Builder::new().name("authlight-practice".to_owned()).spawn(move || {
            let callers = Arc::new(AtomicUsize::new(0));
            for stream in listener.incoming() {
                if stopped.load(Ordering::Acquire) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                if callers.fetch_add(1, Ordering::AcqRel) >= MOST_CALLERS {
                    callers.fetch_sub(1, Ordering::AcqRel);
                    continue;
                }
                let (replies, gone) = (Arc::clone(&replies), Arc::clone(&callers));
                let answered = Builder::new().name("authlight-practice-reply".to_owned()).spawn(move || {
                    // A caller that goes away in the middle is its own affair.
                    let _ = answer(stream, &replies);
                    gone.fetch_sub(1, Ordering::AcqRel);
                });
                if answered.is_err() {
                    callers.fetch_sub(1, Ordering::AcqRel);
                }
            }
        })?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // A call of our own wakes the thread that waits for one.
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            let _ = thread.join();
        }
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn answer(mut stream: TcpStream, replies: &[Reply]) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let Some(head) = head(&mut stream)? else { return Ok(()) };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<u64>().ok()).flatten()
    });
    io::copy(&mut (&mut stream).take(length.unwrap_or(0).min(MOST_BODY)), &mut io::sink())?;
    let target = head.split_ascii_whitespace().nth(1).unwrap_or_default();
    let path = target.split(['?', '#']).next().unwrap_or_default();
    stream.write_all(&response(replies.iter().find(|reply| reply.path == path)))?;
    stream.shutdown(Shutdown::Write)
}

fn head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= MOST_HEAD || stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

fn response(reply: Option<&Reply>) -> Vec<u8> {
    let unknown = Reply {
        status: 404,
        json: Some(serde_json::json!({"type": "error", "error": {"type": "not_found_error", "message": "Not Found"}})),
        ..Reply::default()
    };
    let reply = reply.unwrap_or(&unknown);
    let (body, kind) = match (&reply.json, &reply.text) {
        (Some(json), _) => (json.to_string(), "application/json"),
        (None, Some(text)) => (text.clone(), "text/plain; charset=utf-8"),
        (None, None) => (String::new(), "text/plain; charset=utf-8"),
    };
    let mut text = format!("HTTP/1.1 {} Practice\r\n", reply.status);
    if !reply.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")) {
        text.push_str(&format!("content-type: {kind}\r\n"));
    }
    for (name, value) in &reply.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()));
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(endpoint: &Endpoint, request: &str) -> String {
        let mut stream = TcpStream::connect(endpoint.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn it_answers_by_path_and_says_so_where_it_has_nothing() {
        let replies: Vec<Reply> = serde_json::from_value(serde_json::json!([
            {"path": "/v1/models", "status": 401, "headers": {"request-id": "req_FAKE"}, "json": {"type": "error"}},
            {"path": "/login", "headers": {"Content-Type": "text/html"}, "text": "<html>"},
        ]))
        .unwrap();
        let endpoint = Endpoint::start(&replies).unwrap();
        // One that says nothing must not keep the others waiting.
        let _silent = TcpStream::connect(endpoint.address).unwrap();
        let refused = ask(&endpoint, "GET /v1/models?limit=1 HTTP/1.1\r\nhost: x\r\n\r\n");
        assert!(refused.starts_with("HTTP/1.1 401 ") && refused.contains("request-id: req_FAKE\r\n"), "{refused}");
        assert!(refused.contains("content-type: application/json\r\n") && refused.ends_with("{\"type\":\"error\"}"));
        let page = ask(&endpoint, "POST /login HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
        assert!(page.starts_with("HTTP/1.1 200 ") && page.ends_with("<html>"), "{page}");
        assert_eq!(page.matches("ontent-").count(), 2, "{page}");
        assert!(ask(&endpoint, "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
        // The thread that answers holds it. Whether the port answers says nothing: somebody else may have it by now.
        let answering = Arc::downgrade(&endpoint.stop);
        drop(endpoint);
        assert!(answering.upgrade().is_none(), "it has stopped");
    }
}
