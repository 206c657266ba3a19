//! Which ports of this machine something listens on, from what the system says of itself. Nothing is connected to.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

use crate::environment::Environment;
use crate::providers::CLOUDS;
use crate::{proxy, url as base};

/// State "listening" in Linux's tables of connections.
const LISTENS: u8 = 10;

/// A socket that listens on a port which a program on the same machine reaches by loopback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The port.
    pub port: u16,
    /// The number of the socket (inode); 0 of one that is being taken down.
    pub socket: u64,
}

/// What listens, of Linux's `/proc/net/tcp` and `tcp6`.
pub fn in_tables(tables: &[&[u8]]) -> Vec<Listener> {
    let lines = tables.iter().flat_map(|table| table.split(|byte| *byte == b'\n'));
    lines.filter_map(|line| listener(std::str::from_utf8(line).ok()?)).collect()
}

/// Its ports.
pub fn ports(listeners: &[Listener]) -> BTreeSet<u16> {
    listeners.iter().map(|listener| listener.port).collect()
}

/// The numbers of those that listen on a port.
pub fn sockets(listeners: &[Listener], port: u16) -> BTreeSet<u64> {
    let of_port = listeners.iter().filter(|listener| listener.port == port && listener.socket != 0);
    of_port.map(|listener| listener.socket).collect()
}

/// The lengths of a message's head, of a question and of an answer's fixed part (`linux/netlink.h`, `linux/inet_diag.h`).
const HEAD: usize = 16;
const QUESTION: usize = 56;
const ANSWER: usize = 72;

/// The protocols that are asked for: TCP over IPv4, and over IPv6.
pub const FAMILIES: [u8; 2] = [2, 10];

/// What Linux's service for sockets (`NETLINK_SOCK_DIAG`) is asked for the listening ones of a family. Its tables in
/// `/proc/net` tell the same, but the kernel goes through all its places for connections for them.
pub fn question(family: u8) -> [u8; HEAD + QUESTION] {
    const BY_FAMILY: u16 = 20;
    /// A question, for all there are.
    const DUMP: u16 = 0x301;
    const TCP: u8 = 6;
    let mut bytes = [0; HEAD + QUESTION];
    bytes[0..4].copy_from_slice(&(HEAD as u32 + QUESTION as u32).to_ne_bytes());
    bytes[4..6].copy_from_slice(&BY_FAMILY.to_ne_bytes());
    bytes[6..8].copy_from_slice(&DUMP.to_ne_bytes());
    (bytes[16], bytes[17]) = (family, TCP);
    bytes[20..24].copy_from_slice(&(1_u32 << LISTENS).to_ne_bytes());
    bytes
}

/// Takes what listens out of a piece of the answer. Whether it was the last; `None` where it is no answer.
pub fn answered(mut piece: &[u8], found: &mut Vec<Listener>) -> Option<bool> {
    const DONE: u16 = 3;
    const BY_FAMILY: u16 = 20;
    while !piece.is_empty() {
        let length = usize::try_from(u32::from_ne_bytes(piece.get(0..4)?.try_into().ok()?)).ok()?;
        let message = piece.get(..length).filter(|message| message.len() >= HEAD)?;
        match u16::from_ne_bytes(piece.get(4..6)?.try_into().ok()?) {
            DONE => return Some(true),
            BY_FAMILY => found.extend(told(message.get(HEAD..HEAD + ANSWER)?)),
            _ => return None,
        }
        piece = piece.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Some(false)
}

/// The socket of an answer, if it listens and loopback reaches it.
fn told(answer: &[u8]) -> Option<Listener> {
    let (family, state) = (*answer.first()?, *answer.get(1)?);
    let address = answer.get(8..24)?;
    let address = match family {
        2 => IpAddr::from(<[u8; 4]>::try_from(&address[..4]).ok()?),
        10 => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
        _ => return None,
    };
    let port = u16::from_be_bytes(answer.get(4..6)?.try_into().ok()?);
    let socket = u32::from_ne_bytes(answer.get(68..72)?.try_into().ok()?).into();
    (state == LISTENS && is_reached(address)).then_some(Listener { port, socket })
}

/// The number of a socket, from what an open file of a program points to: `socket:[12345]`.
pub fn socket(link: &str) -> Option<u64> {
    link.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// The socket of a line such as `0: 0100007F:0FA0 00000000:0000 0A …`, if it listens and loopback reaches it.
fn listener(line: &str) -> Option<Listener> {
    let mut words = line.split_ascii_whitespace();
    let (local, _, state) = (words.nth(1)?, words.next()?, words.next()?);
    let (address, port) = local.split_once(':')?;
    let listens = u8::from_str_radix(state, 16) == Ok(LISTENS) && is_reached(address_of(address)?);
    let socket = words.nth(5).and_then(|inode| inode.parse().ok()).unwrap_or(0);
    if listens { Some(Listener { port: u16::from_str_radix(port, 16).ok()?, socket }) } else { None }
}

fn is_reached(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_unspecified(),
        IpAddr::V6(address) => {
            let mapped = address.to_ipv4_mapped().is_some_and(|address| address.is_loopback());
            address.is_loopback() || address.is_unspecified() || mapped
        }
    }
}

/// An address as the kernel prints it: words of 32 bits, each with the bytes of this machine's order. Little end first
/// is what every machine has that Claude Code runs on.
fn address_of(digits: &str) -> Option<IpAddr> {
    let word = |at: usize| u32::from_str_radix(digits.get(at * 8..at * 8 + 8)?, 16).ok().map(u32::to_le_bytes);
    match digits.len() {
        8 => Some(IpAddr::V4(Ipv4Addr::from(word(0)?))),
        32 => {
            let mut bytes = [0; 16];
            for at in 0..4 {
                bytes[at * 4..at * 4 + 4].copy_from_slice(&word(at)?);
            }
            Some(IpAddr::V6(Ipv6Addr::from(bytes)))
        }
        _ => None,
    }
}

/// The port of the endpoint, where its address lies on this machine.
pub fn endpoint(environment: &Environment) -> Option<u16> {
    let bases = std::iter::once("ANTHROPIC_BASE_URL").chain(CLOUDS.iter().map(|cloud| cloud.base_url));
    let here = |name: &str| base::base(environment.text(name)?).ok().filter(|base| base.loopback);
    bases.filter_map(here).map(|base| base.port).next()
}

/// Whether the address of an endpoint or of a proxy lies on this machine, so that the ports matter.
pub fn matters(environment: &Environment) -> bool {
    let bases = std::iter::once("ANTHROPIC_BASE_URL").chain(CLOUDS.iter().map(|cloud| cloud.base_url));
    let here = |text: &str| base::base(text).is_ok_and(|base| base.loopback);
    bases.filter_map(|name| environment.text(name)).any(here)
        || [true, false].into_iter().any(|https| {
            proxy::address(environment, https).as_ref().and_then(Url::host_str).is_some_and(base::is_loopback)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As recorded on Linux 6.1, addresses and ports changed.
    const TCP: &[u8] = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12346 1 0000000000000000 100 0 0 10 0
   2: 0501A8C0:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12347 1 0000000000000000 100 0 0 10 0
   3: 0100007F:A1B2 0100007F:0FA0 01 00000000:00000000 00:00000000 00000000  1000        0 12348 1 0000000000000000 20 4 30 10 -1
";
    const TCP6: &[u8] = b"  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:0C38 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22345 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22346 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1771 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22347 1 0000000000000000 100 0 0 10 0
   3: 000080FE00000000FF005450B6AD1DFE:1772 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22348 1 0000000000000000 100 0 0 10 0
";

    #[test]
    fn listening_ports_that_loopback_reaches_are_found() {
        assert_eq!(ports(&in_tables(&[TCP, TCP6])).into_iter().collect::<Vec<_>>(), [22, 80, 3128, 4000, 6001]);
    }

    #[test]
    fn a_port_leads_to_its_sockets_alone() {
        let listeners = in_tables(&[TCP, TCP6]);
        let of = |port| sockets(&listeners, port).into_iter().collect::<Vec<_>>();
        assert_eq!((of(4000), of(3128)), (vec![12345], vec![22345]));
        assert!(of(8080).is_empty() && of(41394).is_empty(), "of another address, and a connection");
        assert_eq!((socket("socket:[12345]"), socket("pipe:[12345]"), socket("socket:[x]")), (Some(12345), None, None));
    }

    #[test]
    fn half_a_table_is_read_as_far_as_it_goes() {
        for table in [
            &b""[..],
            b"\xff\xfe\n\n:",
            b"0: 0100007F",
            b"0: zz:zz 0 0A",
            b"0: \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9:1 0 0A",
        ] {
            assert!(in_tables(&[table]).is_empty());
        }
        assert_eq!(in_tables(&[&TCP[..200]]).len(), 1);
    }

    /// An answer of the kernel's service, as `linux/inet_diag.h` lays it out.
    fn message(family: u8, state: u8, address: &[u8], port: u16, inode: u32) -> Vec<u8> {
        let mut bytes = vec![0; HEAD + ANSWER + 4];
        let length = u32::try_from(bytes.len()).unwrap();
        bytes[0..4].copy_from_slice(&length.to_ne_bytes());
        bytes[4] = if cfg!(target_endian = "little") { 20 } else { 0 };
        bytes[5] = if cfg!(target_endian = "little") { 0 } else { 20 };
        (bytes[16], bytes[17]) = (family, state);
        bytes[20..22].copy_from_slice(&port.to_be_bytes());
        bytes[24..24 + address.len()].copy_from_slice(address);
        bytes[84..88].copy_from_slice(&inode.to_ne_bytes());
        bytes
    }

    #[test]
    fn the_service_for_sockets_says_the_same_as_the_tables() {
        let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1];
        let mut piece = message(2, 10, &[127, 0, 0, 1], 4000, 12345);
        piece.extend(message(2, 10, &[192, 168, 1, 5], 8080, 12347));
        piece.extend(message(2, 1, &[127, 0, 0, 1], 41394, 12348));
        piece.extend(message(10, 10, &[0; 16], 80, 0));
        piece.extend(message(10, 10, &mapped, 6001, 22347));
        let mut found = Vec::new();
        assert_eq!(answered(&piece, &mut found), Some(false));
        let listener = |port, socket| Listener { port, socket };
        assert_eq!(found, [listener(4000, 12345), listener(80, 0), listener(6001, 22347)]);
        assert!(sockets(&found, 80).is_empty());
        let mut done = vec![0; 20];
        (done[0], done[4]) = (20, 3);
        assert_eq!(answered(&done, &mut found), Some(true));

        let mut refused = done.clone();
        refused[4] = 2;
        for broken in [&piece[..100], &refused, &[0; 16], &[255; 40], b"x"] {
            assert_eq!(answered(broken, &mut Vec::new()), None);
        }
    }
}
