//! Servers: HTTP/1.1, plain or encrypted, and the forward proxy.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use url::Url;

use super::recorder::Recorder;
use super::reply::{Act, Replies, Reply, raw};

/// A connection whose bytes are noted.
pub struct Wire {
    stream: TcpStream,
    recorder: Recorder,
    number: usize,
}

impl Wire {
    /// Whether the first byte that comes is this.
    pub fn begins_with(&self, first: u8) -> bool {
        let mut byte = [0];
        self.stream.peek(&mut byte).is_ok_and(|read| read == 1) && byte[0] == first
    }

    /// Notes a request.
    pub fn note(&self, request: &str) {
        self.recorder.note(self.number, |connection| connection.requests.push(request.to_owned()));
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        self.recorder.note(self.number, |connection| connection.received.extend_from_slice(&buffer[..read]));
        Ok(read)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stream.write(bytes)?;
        self.recorder.note(self.number, |connection| connection.taken += written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A connection on which requests are read, encrypted or not.
pub enum Line {
    Plain(Wire),
    Encrypted(Box<StreamOwned<ServerConnection, Wire>>),
}

impl Line {
    fn wire(&self) -> &Wire {
        match self {
            Self::Plain(wire) => wire,
            Self::Encrypted(stream) => &stream.sock,
        }
    }

    fn both(&mut self) -> &mut dyn ReadWrite {
        match self {
            Self::Plain(wire) => wire,
            Self::Encrypted(stream) => stream,
        }
    }

    /// Reads the next request and notes it.
    pub fn request(&mut self) -> Option<String> {
        let request = read_request(self.both())?;
        self.wire().note(&request);
        Some(request)
    }

    /// Does what a reply says; whether the connection goes on.
    pub fn play(&mut self, reply: &Reply, fill: &dyn Fn(&[u8]) -> Vec<u8>) -> bool {
        reply.acts.iter().all(|act| self.act(act, fill).is_ok()) && reply.kept
    }

    fn act(&mut self, act: &Act, fill: &dyn Fn(&[u8]) -> Vec<u8>) -> io::Result<()> {
        match act {
            Act::Send(bytes) => {
                self.both().write_all(&fill(bytes))?;
                self.both().flush()
            }
            Act::SendForever(bytes) => loop {
                self.both().write_all(bytes)?;
            },
            Act::Drip(bytes) => loop {
                self.both().write_all(bytes)?;
                self.both().flush()?;
                self.wire().stream.set_read_timeout(Some(Duration::from_millis(20)))?;
                match self.both().read(&mut [0; 64]) {
                    Ok(0) => return Err(io::ErrorKind::BrokenPipe.into()),
                    Err(error) if !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                        return Err(error);
                    }
                    _ => {}
                }
            },
            Act::Hold => {
                while self.both().read(&mut [0; 64])? > 0 {}
                Ok(())
            }
        }
    }

    /// Ends as a well-behaved server does.
    pub fn close(mut self) {
        if let Self::Encrypted(stream) = &mut self {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
        let mut stream = &self.wire().stream;
        let _ = stream.shutdown(Shutdown::Write);
        // Whoever closes while something lies unread takes back what it said.
        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
        let _ = io::copy(&mut stream, &mut io::sink());
    }
}

pub trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

pub fn read_request(stream: &mut (impl Read + ?Sized)) -> Option<String> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        request.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&request).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8_lossy(&body))
}

/// One of the servers of an ending.
pub struct Endpoint {
    pub address: SocketAddr,
    pub origin: &'static str,
    pub recorder: Recorder,
}

impl Endpoint {
    pub fn url(&self, scheme: &str) -> Url {
        Url::parse(&format!("{scheme}://{}", self.address)).unwrap()
    }

    pub fn requests(&self) -> Vec<String> {
        self.recorder.requests(self.origin)
    }
}

/// Serves each connection by `serve`, on a thread of its own.
pub fn listen(serve: impl Fn(Wire) + Send + Sync + 'static) -> Endpoint {
    listen_as("endpoint", &Recorder::default(), serve)
}

pub fn listen_as(origin: &'static str, recorder: &Recorder, serve: impl Fn(Wire) + Send + Sync + 'static) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    let endpoint = Endpoint { address, origin, recorder: recorder.clone() };
    let recorder = recorder.clone();
    std::thread::spawn(move || {
        while let Ok((stream, peer)) = listener.accept() {
            // Noted before anything else happens, so that the order is that in which they came.
            let number = recorder.opened(origin, peer);
            let (recorder, serve) = (recorder.clone(), Arc::clone(&serve));
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                serve(Wire { stream, recorder: recorder.clone(), number });
                recorder.note(number, |connection| connection.open = false);
            });
        }
    });
    endpoint
}

/// How a server behaves before it reads a request.
#[derive(Clone)]
pub enum Opening {
    Plain,
    Encrypted(Arc<ServerConfig>),
    /// Sends this once something has come in, in place of a handshake.
    Raw(Reply),
    /// Sends this without waiting for anything.
    Greets(Reply),
    /// Closes at once.
    Closes,
    /// Lets what came in lie, so that the connection breaks off.
    Resets,
}

/// Takes a connection up to where requests can be read; none, where it has ended.
pub fn begin(mut wire: Wire, opening: &Opening) -> Option<Line> {
    let plain = |bytes: &[u8]| bytes.to_vec();
    match opening {
        Opening::Plain => Some(Line::Plain(wire)),
        Opening::Encrypted(config) => {
            let connection = ServerConnection::new(Arc::clone(config)).unwrap();
            Some(Line::Encrypted(Box::new(StreamOwned::new(connection, wire))))
        }
        Opening::Raw(reply) => {
            if wire.read(&mut [0; 16 * 1024]).is_ok_and(|read| read > 0) {
                let mut line = Line::Plain(wire);
                line.play(reply, &plain);
                line.close();
            }
            None
        }
        Opening::Greets(reply) => {
            let mut line = Line::Plain(wire);
            line.play(reply, &plain);
            // Whoever closes while something lies unread takes back what it said.
            let _ = line.act(&Act::Hold, &plain);
            None
        }
        Opening::Closes => None,
        Opening::Resets => {
            let _ = wire.stream.peek(&mut [0]);
            None
        }
    }
}

/// Plain HTTP: one answer for each request in turn, the last repeats.
pub fn plain(script: Vec<Reply>) -> Endpoint {
    in_turn(Opening::Plain, script)
}

/// HTTPS with the certificate and key given.
pub fn encrypted(pair: (rcgen::Certificate, rcgen::KeyPair), script: Vec<Reply>) -> Endpoint {
    in_turn(Opening::Encrypted(super::certificates::plain_config(pair)), script)
}

/// HTTPS as `config` has it.
pub fn encrypted_as(config: Arc<ServerConfig>, script: Vec<Reply>) -> Endpoint {
    in_turn(Opening::Encrypted(config), script)
}

fn in_turn(opening: Opening, script: Vec<Reply>) -> Endpoint {
    let script = Mutex::new(VecDeque::from(script));
    listen(move |wire| {
        let Some(mut line) = begin(wire, &opening) else { return };
        if line.request().is_none() {
            return;
        }
        let mut script = script.lock().unwrap();
        let next = if script.len() > 1 { script.pop_front() } else { script.front().cloned() };
        drop(script);
        line.play(&next.unwrap_or_default(), &|bytes| bytes.to_vec());
        line.close();
    })
}

/// Answers each question as the script has it.
pub fn scripted(
    origin: &'static str,
    recorder: &Recorder,
    opening: Opening,
    replies: Replies,
    fill: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
) -> Endpoint {
    listen_as(origin, recorder, move |wire| {
        let Some(mut line) = begin(wire, &opening) else { return };
        while let Some(request) = line.request() {
            if !line.play(replies.to(&request), &fill) {
                break;
            }
        }
        line.close();
    })
}

/// What a forward proxy does.
#[derive(Clone, Debug)]
pub enum Proxying {
    /// Lets through whoever asks.
    Opens,
    /// Lets through who brings this `user:password`, in base64; answers the others so.
    OpensFor(&'static str, Reply),
    /// Says that it opens, and closes.
    OpensAndCloses,
    /// Answers so, whatever is asked.
    Answers(Reply),
}

/// A forward proxy: answers `CONNECT` with `status`, and on 200 passes everything on.
pub fn forward_proxy(status: u16) -> Endpoint {
    let extra = if status == 407 { "proxy-authenticate: Basic realm=\"corp\"\r\n" } else { "" };
    let proxying = match status {
        200 => Proxying::Opens,
        _ => Proxying::Answers(raw(format!("HTTP/1.1 {status} X\r\n{extra}\r\n"))),
    };
    proxy(&Recorder::default(), Opening::Plain, proxying)
}

pub fn proxy(recorder: &Recorder, opening: Opening, proxying: Proxying) -> Endpoint {
    let fill = |bytes: &[u8]| bytes.to_vec();
    listen_as("proxy", recorder, move |wire| {
        let Some(mut line) = begin(wire, &opening) else { return };
        let Some(request) = line.request() else { return };
        match &proxying {
            Proxying::Answers(reply) => {
                line.play(reply, &fill);
            }
            Proxying::OpensAndCloses => {
                line.play(&raw(OPEN), &fill);
            }
            Proxying::OpensFor(userinfo, reply) if !request.contains(&format!("Basic {userinfo}\r\n")) => {
                line.play(reply, &fill);
            }
            Proxying::Opens | Proxying::OpensFor(..) => return pass_on(line, &request),
        }
        line.close();
    })
}

const OPEN: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// Passes bytes on in both directions until both have ended.
fn pass_on(mut line: Line, request: &str) {
    let Ok(server) = TcpStream::connect(request.split(' ').nth(1).unwrap_or_default()) else { return };
    if line.both().write_all(OPEN.as_bytes()).and_then(|()| line.both().flush()).is_err() {
        return;
    }
    match line {
        Line::Plain(mut wire) => {
            let (Ok(mut back), Ok(mut from_server)) = (wire.stream.try_clone(), server.try_clone()) else { return };
            let backwards = std::thread::spawn(move || {
                let _ = io::copy(&mut from_server, &mut back);
                let _ = back.shutdown(Shutdown::Write);
            });
            let mut server = server;
            let _ = io::copy(&mut wire, &mut server);
            let _ = server.shutdown(Shutdown::Write);
            let _ = backwards.join();
        }
        // One thread for both: an encrypted connection cannot be split.
        Line::Encrypted(mut stream) => {
            let mut server = server;
            let moment = Some(Duration::from_millis(5));
            let _ = stream.sock.stream.set_read_timeout(moment);
            let _ = server.set_read_timeout(moment);
            let waits = |error: &io::Error| matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
            let mut buffer = [0; 16 * 1024];
            loop {
                match stream.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) if server.write_all(&buffer[..read]).is_err() => break,
                    Err(error) if !waits(&error) => break,
                    _ => {}
                }
                let passed = match server.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) => stream.write_all(&buffer[..read]).and_then(|()| stream.flush()),
                    Err(error) if waits(&error) => Ok(()),
                    Err(_) => break,
                };
                if passed.is_err() {
                    break;
                }
            }
            Line::Encrypted(stream).close();
        }
    }
}
