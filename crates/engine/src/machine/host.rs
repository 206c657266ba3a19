//! The examined machine itself: system, version, and in what it runs.

use authlight_core::host;
use authlight_core::reading::{Encoding, Reading};
use authlight_core::report::Host;
use authlight_core::snapshot::Platform;

use super::Machine;

/// The most that is read of a file here. A registry export can be long.
const LIMIT: u64 = 64 << 20;

/// What the machine says of itself. `names` are the names of the variables in the examined environment.
pub fn host(machine: &dyn Machine, platform: Platform, names: &dyn Fn(&str) -> bool) -> Host {
    let there = |path: &str| matches!(machine.facts(path), Reading::Found(_));
    let version = match platform {
        Platform::Linux => ["/etc/os-release", "/usr/lib/os-release"]
            .iter()
            .find_map(|path| text(machine, path).as_deref().and_then(host::os_release)),
        Platform::MacOs => {
            text(machine, "/System/Library/CoreServices/SystemVersion.plist").as_deref().and_then(host::system_version)
        }
        Platform::Windows => text(machine, "/registry/HKLM.reg").as_deref().and_then(host::windows_version),
    };
    let unix = platform != Platform::Windows;
    let container = unix
        && (there("/.dockerenv")
            || there("/run/.containerenv")
            || text(machine, "/proc/1/cgroup").is_some_and(|groups| host::is_container_cgroup(&groups)));
    Host {
        os: platform.word().to_owned(),
        os_version: version.unwrap_or_default(),
        arch: std::env::consts::ARCH.to_owned(),
        wsl: platform == Platform::Linux && (names("WSL_DISTRO_NAME") || there("/proc/sys/fs/binfmt_misc/WSLInterop")),
        ssh: names("SSH_CONNECTION"),
        container,
        ci: host::BUILD_SERVICES.iter().any(|name| names(name)),
    }
}

pub(super) fn text(machine: &dyn Machine, path: &str) -> Option<String> {
    let bytes = machine.read(path, LIMIT).1.found()?.clone();
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    Some(match Encoding::of(&bytes) {
        Encoding::Utf16Le => wide(u16::from_le_bytes),
        Encoding::Utf16Be => wide(u16::from_be_bytes),
        Encoding::Utf8 | Encoding::Utf8Bom => String::from_utf8_lossy(&bytes).into_owned(),
    })
}
