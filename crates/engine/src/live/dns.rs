//! The name look-up.

use std::net::{SocketAddr, ToSocketAddrs};

use authlight_core::message::Message;
use authlight_core::report::{Outcome, Stage, Status};
use url::Url;

use super::audience::host;
use super::claude_says::Situation;
use super::{Seen as _, Step, Stopped, row, word};

/// The addresses of a host, as the system resolves it. The system's own limits bound the time.
///
/// With `stay_here`, addresses that leave this machine are dropped: a `localhost` that a hosts file points
/// elsewhere must not get what was meant for this machine.
pub(super) fn look_up(url: &Url, stay_here: bool) -> Step<Vec<SocketAddr>> {
    let host = host(url);
    let stopped = |key: &'static str| {
        let text = Message::new(key).with("host", host.as_str());
        Stopped::failed(Stage::Dns, Outcome::Unreachable, text).seen("host", &host)
    };
    let port = match url.port_or_known_default() {
        Some(port) if !host.is_empty() => port,
        _ => return Err(stopped("live-dns-no-host")),
    };
    let addresses = (host.as_str(), port).to_socket_addrs();
    let addresses = addresses
        .map_err(|error| stopped("live-dns-unknown").seen("error", word(&error)).saying(Situation::NameUnknown))?;
    let mut found: Vec<SocketAddr> = Vec::new();
    for address in addresses {
        if (!stay_here || address.ip().is_loopback()) && !found.contains(&address) {
            found.push(address);
        }
    }
    if found.is_empty() {
        return Err(stopped("live-dns-unknown").saying(Situation::NameUnknown));
    }
    let list = found.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>().join(", ");
    let text = Message::new("live-dns-found").with("host", host.as_str()).with("addresses", list.as_str());
    Ok((row(Stage::Dns, Status::Pass, text).seen("host", &host).seen("addresses", list), found))
}
