//! The connection, over IPv4 and IPv6.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use authlight_core::message::Message;
use authlight_core::report::{Outcome, Stage, Status};

use super::claude_says::Situation;
use super::deadline::Deadline;
use super::{Seen as _, Step, Stopped, row, word};

/// Once one family has connected, the other is waited for no longer than this.
const GRACE: Duration = Duration::from_millis(250);

/// A connection, and the addresses that took one.
pub(super) struct Reached {
    pub stream: TcpStream,
    pub addresses: Vec<SocketAddr>,
}

/// Connects to the first address that answers; each family is tried on a thread of its own.
pub(super) fn connect(addresses: &[SocketAddr], deadline: Deadline) -> Step<Reached> {
    let (answers, inbox) = mpsc::channel();
    for v6 in [false, true] {
        let family: Vec<SocketAddr> = addresses.iter().copied().filter(|address| address.is_ipv6() == v6).collect();
        if family.is_empty() {
            continue;
        }
        let answers = answers.clone();
        let spawned = std::thread::Builder::new()
            .name(if v6 { "authlight-tcp-6" } else { "authlight-tcp-4" }.to_owned())
            .spawn(move || try_each(&family, deadline, &answers));
        if let Err(error) = spawned {
            let mut stopped = Stopped::failed(Stage::Tcp, Outcome::NotTested, Message::new("live-crashed"));
            stopped.row.status = Status::Crashed;
            return Err(stopped.seen("error", word(&error)));
        }
    }
    drop(answers);

    let mut evidence: Vec<(SocketAddr, String)> = Vec::new();
    let mut streams: Vec<(SocketAddr, TcpStream)> = Vec::new();
    let mut worst = None;
    while let Ok(left) = deadline.left() {
        let wait = if streams.is_empty() { left } else { left.min(GRACE) };
        match inbox.recv_timeout(wait) {
            Ok((address, Ok(stream))) => {
                evidence.push((address, "connected".to_owned()));
                streams.push((address, stream));
            }
            Ok((address, Err(error))) => {
                evidence.push((address, word(&error)));
                worst = Some(error.kind());
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    let told = |v6: bool| {
        let family = evidence.iter().filter(|(address, _)| address.is_ipv6() == v6);
        let lines: Vec<String> = family.map(|(address, how)| format!("{address} {how}")).collect();
        match addresses.iter().any(|address| address.is_ipv6() == v6) {
            false => "no address".to_owned(),
            true if lines.is_empty() => "no answer".to_owned(),
            true => lines.join(", "),
        }
    };
    let (v4, v6) = (told(false), told(true));
    let reached: Vec<SocketAddr> = streams.iter().map(|(address, _)| *address).collect();
    if let Some((address, stream)) = streams.into_iter().next() {
        let text = Message::new("live-tcp-connected").with("address", address.to_string());
        let found = row(Stage::Tcp, Status::Pass, text).seen("ipv4", v4).seen("ipv6", v6);
        return Ok((found, Reached { stream, addresses: reached }));
    }
    let stopped = match worst {
        Some(io::ErrorKind::ConnectionRefused) => {
            Stopped::failed(Stage::Tcp, Outcome::Unreachable, Message::new("live-tcp-refused"))
                .saying(Situation::Refused)
        }
        None | Some(io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => Stopped::late(Stage::Tcp),
        Some(_) => Stopped::failed(Stage::Tcp, Outcome::Unreachable, Message::new("live-tcp-no-route")),
    };
    Err(stopped.seen("ipv4", v4).seen("ipv6", v6))
}

fn try_each(addresses: &[SocketAddr], deadline: Deadline, answers: &Sender<(SocketAddr, io::Result<TcpStream>)>) {
    for (tried, address) in addresses.iter().enumerate() {
        // What is left is shared among the addresses that are left.
        let shares = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let answer = deadline.left().and_then(|left| TcpStream::connect_timeout(address, left / shares));
        let connected = answer.is_ok();
        if answers.send((*address, answer)).is_err() || connected {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Somebody who listens at an address of this machine, and a port at which nobody does.
    fn alive(host: &str) -> (SocketAddr, TcpListener) {
        let listener = TcpListener::bind((host, 0)).unwrap();
        (listener.local_addr().unwrap(), listener)
    }

    /// The near end of a connection: nobody listens there, and nobody else is given it meanwhile.
    fn dead(host: &str) -> (SocketAddr, (TcpListener, TcpStream)) {
        let (far, listener) = alive(host);
        let near = TcpStream::connect(far).unwrap();
        (near.local_addr().unwrap(), (listener, near))
    }

    fn told(addresses: &[SocketAddr]) -> (Status, String, String, Option<SocketAddr>) {
        let deadline = Deadline::after(Duration::from_secs(60));
        let (row, address) = match connect(addresses, deadline) {
            Ok((row, reached)) => (row, Some(reached.stream.peer_addr().unwrap())),
            Err(stopped) => (stopped.row, None),
        };
        (row.status, row.evidence["ipv4"].clone(), row.evidence["ipv6"].clone(), address)
    }

    #[test]
    fn one_family_stands_in_for_the_other_and_each_is_told() {
        let ((four, _four), (six, _six)) = (alive("127.0.0.1"), alive("::1"));
        let ((no_four, _no_four), (no_six, _no_six)) = (dead("127.0.0.1"), dead("::1"));
        let how = |address: SocketAddr, how: &str| format!("{address} {how}");

        let (status, v4, v6, reached) = told(&[six, four]);
        assert_eq!((status, v4, v6), (Status::Pass, how(four, "connected"), how(six, "connected")));
        assert!(reached == Some(four) || reached == Some(six));
        assert_eq!(told(&[six, no_four]), (Status::Pass, how(no_four, "refused"), how(six, "connected"), Some(six)));
        assert_eq!(told(&[no_six, four]), (Status::Pass, how(four, "connected"), how(no_six, "refused"), Some(four)));
        assert_eq!(told(&[no_six, no_four]), (Status::Fail, how(no_four, "refused"), how(no_six, "refused"), None));
        assert_eq!(told(&[six]).1, "no address");
        // Within a family the next is tried.
        let (_, v4, _, reached) = told(&[no_four, four]);
        assert_eq!((v4, reached), (format!("{no_four} refused, {four} connected"), Some(four)));
    }
}
