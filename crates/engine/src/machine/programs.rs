//! The open programs of the account that runs us. Most are passed by with one look at their path; of those that matter
//! a few lines are read. One that ends meanwhile is simply not there.

use authlight_core::programs::Program;
use authlight_core::reading::Reading;
use authlight_core::residents::Holder;

/// Who listens on a port, of the programs of this account.
#[cfg(not(target_os = "linux"))]
pub(super) fn holder(_: u16) -> Option<Holder> {
    None
}

/// What the running system says.
#[cfg(not(target_os = "linux"))]
pub(super) fn running() -> Reading<Vec<Program>> {
    Reading::Absent
}

#[cfg(target_os = "linux")]
pub(super) use linux::{holder, listeners, running};

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{self, File};
    use std::io::Read;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use authlight_core::listening::{self, Listener};
    use authlight_core::programs::{self, ENVIRONMENT_LIMIT, MOST_PROGRAMS, ProgramKind};
    use authlight_core::reading::Trouble;
    use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink};
    use rustix::net::{recv, send, socket_with};
    use zeroize::Zeroizing;

    use super::{Holder, Program, Reading};

    /// The largest file of the kernel's that is read; a command line may be long.
    const LIMIT: u64 = 2 << 20;

    /// The largest table of connections that is read.
    const TABLE_LIMIT: u64 = 16 << 20;

    /// Larger than any piece of an answer of the kernel's service for sockets.
    const PIECE: usize = 64 << 10;

    /// As many open files of a program are looked at.
    const MOST_OPEN_FILES: usize = 4096;

    pub(crate) fn running() -> Reading<Vec<Program>> {
        let Some(numbers) = numbers() else { return Reading::Absent };
        let account = rustix::process::geteuid().as_raw();
        let mut boot_time = None;
        let found = numbers.into_iter().filter_map(|pid| {
            let (mut program, ticks) = look(pid, account)?;
            // Asked only where there is a program to date: this file is long.
            let boot_time = *boot_time.get_or_insert_with(|| programs::boot_time(&text(Path::new("/proc/stat"))?));
            program.started_ms = boot_time.and_then(|boot_time| programs::started_ms(boot_time, ticks));
            Some(program)
        });
        Reading::Found(found.collect())
    }

    /// What listens, as the kernel's service for sockets tells it. None where it does not: old kernels and sandboxes
    /// have only the tables.
    pub(crate) fn listeners() -> Option<Vec<Listener>> {
        let mut found = Vec::new();
        for family in listening::FAMILIES {
            let kind = (AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC);
            let socket = socket_with(kind.0, kind.1, kind.2, Some(netlink::SOCK_DIAG)).ok()?;
            send(&socket, &listening::question(family), SendFlags::empty()).ok()?;
            let mut buffer = vec![0; PIECE];
            loop {
                // The kernel has its answer ready: there is nothing to wait for.
                let (piece, whole) =
                    recv(&socket, buffer.as_mut_slice(), RecvFlags::DONTWAIT | RecvFlags::TRUNC).ok()?;
                if listening::answered(buffer.get(..piece.min(whole))?, &mut found)? {
                    break;
                }
            }
        }
        Some(found)
    }

    pub(crate) fn holder(port: u16) -> Option<Holder> {
        let listeners = listeners().unwrap_or_else(|| {
            let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| bytes(Path::new(path), TABLE_LIMIT));
            let tables: Vec<&[u8]> = tables.iter().flatten().map(|table| table.as_slice()).collect();
            listening::in_tables(&tables)
        });
        let sockets = listening::sockets(&listeners, port);
        if sockets.is_empty() {
            return None;
        }
        let account = rustix::process::geteuid().as_raw();
        numbers()?.into_iter().find_map(|pid| {
            let folder = format!("/proc/{pid}");
            let folder = Path::new(&folder);
            if fs::metadata(folder).ok()?.uid() != account {
                return None;
            }
            let link = |path: &Path| Some(fs::read_link(path).ok()?.to_string_lossy().into_owned());
            let open = fs::read_dir(folder.join("fd")).ok()?.flatten().take(MOST_OPEN_FILES);
            let mut open = open.filter_map(|file| listening::socket(&link(&file.path())?));
            if !open.any(|socket| sockets.contains(&socket))
                || !programs::is_only_of(&text(&folder.join("status"))?, account)
            {
                return None;
            }
            let arguments = programs::words(&bytes(&folder.join("cmdline"), LIMIT).ok()?);
            Some(Holder::of(port, &link(&folder.join("exe"))?, &arguments))
        })
    }

    fn numbers() -> Option<Vec<u32>> {
        let entries = fs::read_dir("/proc").ok()?;
        let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let mut numbers: Vec<u32> = numbers.collect();
        numbers.sort_unstable();
        numbers.truncate(MOST_PROGRAMS);
        Some(numbers)
    }

    /// A program that matters, and when it was started, in ticks.
    fn look(pid: u32, account: u32) -> Option<(Program, u64)> {
        let folder = format!("/proc/{pid}");
        let folder = Path::new(&folder);
        if fs::metadata(folder).ok()?.uid() != account {
            return None;
        }
        let link = |name: &str| Some(fs::read_link(folder.join(name)).ok()?.to_string_lossy().into_owned());
        let path = link("exe").filter(|path| programs::may_matter(path))?;
        if !programs::is_only_of(&text(&folder.join("status"))?, account) {
            return None;
        }
        let (terminal, ticks) = programs::terminal_and_start(&text(&folder.join("stat"))?)?;
        let arguments = programs::words(&bytes(&folder.join("cmdline"), LIMIT).ok()?);
        let kind = programs::kind(&path, &arguments, terminal)?;
        let environment = match kind {
            ProgramKind::ClaudeCode | ProgramKind::Desktop => bytes(&folder.join("environ"), ENVIRONMENT_LIMIT)
                .map_or_else(Reading::Unreadable, |entries| Reading::Found(programs::environment(&entries))),
            ProgramKind::Shell(_) | ProgramKind::Resident(_) => Reading::Absent,
        };
        let own_settings = programs::has_own_settings(&arguments);
        Some((Program { pid, kind, started_ms: None, folder: link("cwd"), own_settings, environment }, ticks))
    }

    fn text(path: &Path) -> Option<String> {
        Some(String::from_utf8_lossy(&bytes(path, LIMIT).ok()?).into_owned())
    }

    /// A file of the kernel's, which has no length of its own. It may hold secrets.
    fn bytes(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::PermissionDenied => Trouble::Denied,
            _ => Trouble::Failed,
        };
        // With room for all of it, so that no copy stays behind when it grows.
        let mut bytes = Zeroizing::new(Vec::with_capacity(16 << 10));
        let mut rest = File::open(path).map_err(failed)?.take(limit + 1);
        let mut piece = Zeroizing::new(vec![0; 16 << 10]);
        loop {
            let count = rest.read(&mut piece).map_err(failed)?;
            if count == 0 {
                break;
            }
            if bytes.len() + count > bytes.capacity() {
                let mut larger = Zeroizing::new(Vec::with_capacity((bytes.len() + count) * 2));
                larger.extend_from_slice(&bytes);
                bytes = larger;
            }
            bytes.extend_from_slice(&piece[..count]);
        }
        if bytes.len() as u64 > limit { Err(Trouble::TooLarge) } else { Ok(bytes) }
    }

    #[cfg(test)]
    mod tests {
        use std::process::{Command, Stdio};

        use super::*;

        /// A program that waits until its input is closed, under the name of Claude Code.
        fn waiting(folder: &Path, environment: &[(&str, String)]) -> std::process::Child {
            let mut command = Command::new(folder.join("claude"));
            command.env_clear().envs(environment.iter().map(|(name, value)| (*name, value)));
            command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
        }

        #[test]
        fn a_running_claude_is_found_with_what_it_was_started_with() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().canonicalize().unwrap();
            fs::copy("/bin/cat", path.join("claude")).unwrap();
            let key = ["sk-ant-", "api03-CANARY"].concat();
            let own = [("ANTHROPIC_API_KEY", key.clone()), ("NOT_OURS", "x".to_owned())];
            let long = [
                ("ANTHROPIC_API_KEY", key),
                ("A", "x".repeat(100_000)),
                ("B", "x".repeat(100_000)),
                ("C", "x".repeat(100_000)),
            ];
            let mut children = [waiting(&path, &own), waiting(&path, &long)];
            let found = running();
            let found = found.found().unwrap();
            let looked: Vec<&Program> =
                children.iter().map(|child| found.iter().find(|program| program.pid == child.id()).unwrap()).collect();
            assert_eq!(looked[0].kind, ProgramKind::ClaudeCode);
            assert_eq!(looked[0].folder.as_deref(), path.to_str());
            let names: Vec<&str> =
                looked[0].environment.found().unwrap().iter().map(|variable| variable.name.as_str()).collect();
            assert_eq!(names, ["ANTHROPIC_API_KEY"]);
            assert_eq!(looked[1].environment.trouble(), Some(Trouble::TooLarge), "half an environment says too little");
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
            let age = now - looked[0].started_ms.unwrap();
            assert!((-60_000..600_000).contains(&age), "{age}");
            assert!(!format!("{looked:?}").contains("CANARY"));
            let numbers = children.each_ref().map(std::process::Child::id);
            for child in &mut children {
                child.kill().unwrap();
                child.wait().unwrap();
            }
            let left = running();
            assert!(left.found().unwrap().iter().all(|program| !numbers.contains(&program.pid)));
        }

        #[test]
        fn the_service_for_sockets_and_the_tables_say_the_same_of_a_port() {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read(path).unwrap_or_default());
            let told = listening::sockets(&listening::in_tables(&tables.each_ref().map(Vec::as_slice)), port);
            assert_eq!(told.len(), 1);
            // A sandbox may have no such service.
            assert!(listeners().is_none_or(|listeners| listening::sockets(&listeners, port) == told));
        }

        #[test]
        fn the_program_that_holds_a_port_is_found_without_a_privilege() {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let own = std::env::current_exe().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            let of_us = Holder { port, program: own, resident: None };
            assert_eq!(holder(port), Some(of_us));
            // One that only reached somebody holds nothing.
            let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            assert_eq!(holder(client.local_addr().unwrap().port()), None);
        }
    }
}
