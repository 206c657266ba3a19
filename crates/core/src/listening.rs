//! Which ports of this machine something listens on, from what the system says of itself. Nothing is connected to.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

use crate::environment::Environment;
use crate::providers::CLOUDS;
use crate::{proxy, url as base};

/// State "listening" in Linux's tables of connections.
const LISTENS: &str = "0A";

/// The ports of Linux's `/proc/net/tcp` and `tcp6` that a program on the same machine reaches by loopback.
pub fn ports(tables: &[&[u8]]) -> BTreeSet<u16> {
    let lines = tables.iter().flat_map(|table| table.split(|byte| *byte == b'\n'));
    lines.filter_map(|line| port(std::str::from_utf8(line).ok()?)).collect()
}

/// The sockets of the same tables that listen on a port which loopback reaches, by their numbers (inodes).
pub fn sockets(tables: &[&[u8]], port: u16) -> BTreeSet<u64> {
    let lines = tables.iter().flat_map(|table| table.split(|byte| *byte == b'\n'));
    let lines = lines.filter_map(|line| std::str::from_utf8(line).ok());
    let of_port = lines.filter(|line| self::port(line) == Some(port));
    // A socket that is being taken down has none.
    of_port.filter_map(|line| line.split_ascii_whitespace().nth(9)?.parse().ok()).filter(|inode| *inode != 0).collect()
}

/// The number of a socket, from what an open file of a program points to: `socket:[12345]`.
pub fn socket(link: &str) -> Option<u64> {
    link.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// The port of a line such as `0: 0100007F:0FA0 00000000:0000 0A …`, if it listens and loopback reaches it.
fn port(line: &str) -> Option<u16> {
    let mut words = line.split_ascii_whitespace();
    let (local, _, state) = (words.nth(1)?, words.next()?, words.next()?);
    let (address, port) = local.split_once(':')?;
    let reached = match address_of(address)? {
        IpAddr::V4(address) => address.is_loopback() || address.is_unspecified(),
        IpAddr::V6(address) => {
            let mapped = address.to_ipv4_mapped().is_some_and(|address| address.is_loopback());
            address.is_loopback() || address.is_unspecified() || mapped
        }
    };
    if state == LISTENS && reached { u16::from_str_radix(port, 16).ok() } else { None }
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
        assert_eq!(ports(&[TCP, TCP6]).into_iter().collect::<Vec<_>>(), [22, 80, 3128, 4000, 6001]);
    }

    #[test]
    fn a_port_leads_to_its_sockets_alone() {
        let of = |port| sockets(&[TCP, TCP6], port).into_iter().collect::<Vec<_>>();
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
            assert!(ports(&[table]).is_empty());
        }
        assert_eq!(ports(&[&TCP[..200]]).len(), 1);
    }
}
