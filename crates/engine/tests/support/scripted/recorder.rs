//! What arrived where: every connection and every request, and how much of an answer was taken.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// Whoever has not ended by then hangs: a test that waits longer has failed.
const HANGS: Duration = Duration::from_secs(60);

/// A connection as the server saw it.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Which of the servers took it.
    pub origin: &'static str,
    pub peer: SocketAddr,
    /// The bytes that came over the wire, encrypted or not.
    pub received: Vec<u8>,
    /// The requests as they were read: head and body, without encryption.
    pub requests: Vec<String>,
    /// So many bytes of the answer the other side, or the system on its behalf, has taken.
    pub taken: usize,
    pub open: bool,
}

#[derive(Default)]
struct Log {
    connections: Vec<Connection>,
    /// The numbers of connections that only mark a point in time. Not their ports: those come again.
    marks: Vec<usize>,
}

/// Shared by the servers of one ending.
#[derive(Clone, Default)]
pub struct Recorder(Arc<(Mutex<Log>, Condvar)>);

impl Recorder {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.0.lock().unwrap()
    }

    /// Notes a new connection; its number.
    pub fn opened(&self, origin: &'static str, peer: SocketAddr) -> usize {
        let mut log = self.log();
        let connection = Connection { origin, peer, received: Vec::new(), requests: Vec::new(), taken: 0, open: true };
        log.connections.push(connection);
        self.0.1.notify_all();
        log.connections.len() - 1
    }

    /// Changes what is known of a connection.
    pub fn note(&self, number: usize, change: impl FnOnce(&mut Connection)) {
        change(&mut self.log().connections[number]);
        self.0.1.notify_all();
    }

    /// Every connection so far, in the order in which they came.
    pub fn connections(&self) -> Vec<Connection> {
        let log = self.log();
        let all = log.connections.iter().enumerate();
        all.filter(|(number, _)| !log.marks.contains(number)).map(|(_, connection)| connection.clone()).collect()
    }

    /// The requests to an origin.
    pub fn requests(&self, origin: &str) -> Vec<String> {
        let there = self.connections().into_iter().filter(|connection| connection.origin == origin);
        there.flat_map(|connection| connection.requests).collect()
    }

    /// Waits until whatever connected before now has been noted: connections are taken in the order in which they came.
    pub fn settle(&self, addresses: &[SocketAddr]) {
        for address in addresses {
            let before = self.log().connections.len();
            let mark = TcpStream::connect(address).unwrap();
            let near = mark.local_addr().unwrap();
            let number = |log: &Log| (before..log.connections.len()).find(|at| log.connections[*at].peer == near);
            self.wait(|log| number(log).is_some());
            let mut log = self.log();
            let marked = number(&log);
            log.marks.extend(marked);
        }
    }

    /// Waits until nobody is connected any longer.
    pub fn finish(&self) {
        self.wait(|log| log.connections.iter().all(|connection| !connection.open));
    }

    fn wait(&self, done: impl Fn(&Log) -> bool) {
        let (_log, waited) = self.0.1.wait_timeout_while(self.log(), HANGS, |log| !done(log)).unwrap();
        assert!(!waited.timed_out(), "a connection never ended");
    }
}

/// Never takes a connection by itself: whatever connects waits in the queue, where it can be seen.
pub struct Silent(TcpListener);

impl Silent {
    pub fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    pub fn url(&self) -> url::Url {
        url::Url::parse(&format!("http://{}", self.0.local_addr().unwrap())).unwrap()
    }

    pub fn was_left_alone(&self) -> bool {
        self.0.set_nonblocking(true).unwrap();
        self.0.accept().is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }
}
