//! The files and keys in which the system says what programs get, a terminal's own files of shells that have no
//! profiles of bash's kind, and a project's files of variables. Nothing of them is run.

use authlight_core::desktop::{self, DesktopBytes, DesktopFile, DesktopReadings, Format, Hint};
use authlight_core::reading::{Reading, Trouble};
use authlight_core::registry_export::Hive;
use authlight_core::report::SourceKind;
use authlight_core::secret::Secret;
use authlight_core::shell::{
    FILE_LIMIT, Place, ProfileText, StaticEnvironment, nushell, powershell, variables_of_new_terminal,
};
use authlight_core::snapshot::{Platform, Variable};
use zeroize::Zeroizing;

use super::{Machine, shell_profiles};

/// The largest file that is read here.
const LIMIT: u64 = 1 << 20;

/// LaunchAgents that are read at most.
const AGENTS: usize = 500;

/// What says what a desktop's programs get. `config_home`: `$XDG_CONFIG_HOME`, if it is set. `at_sign_in`: what the
/// person's profiles say that are read at sign-in.
pub fn read(
    machine: &dyn Machine,
    platform: Platform,
    home: &str,
    config_home: Option<&str>,
    at_sign_in: &[Place],
) -> DesktopReadings {
    let left_out = machine.left_out().to_vec();
    let mut readings = DesktopReadings { platform, home: home.to_owned(), left_out, ..DesktopReadings::default() };
    match platform {
        Platform::Linux => {
            readings.files.push(file(machine, "/etc/environment".to_owned(), Format::Pam));
            readings.files.push(file(machine, platform.join(home, ".pam_environment"), Format::OldPam));
            readings.files.extend(systemd(machine, home, config_home));
            let of_profiles = at_sign_in.iter().filter(|place| place.source.kind == SourceKind::ShellProfile);
            readings.at_sign_in = of_profiles.cloned().collect();
        }
        Platform::MacOs => {
            for folder in ["/Library/LaunchAgents".to_owned(), platform.join(home, "Library/LaunchAgents")] {
                let names = machine.list(&folder).found().cloned().unwrap_or_default();
                let lists = names.into_iter().filter(|name| name.ends_with(".plist")).take(AGENTS);
                let paths = lists.map(|name| platform.join(&folder, &name));
                readings.files.extend(paths.map(|path| file(machine, path, Format::LaunchAgent)));
            }
        }
        Platform::Windows => {
            readings.registry = [Hive::LocalMachine, Hive::CurrentUser]
                .into_iter()
                .map(|hive| (hive, machine.registry_environment(hive)))
                .collect();
        }
    }
    readings
}

fn systemd(machine: &dyn Machine, home: &str, config_home: Option<&str>) -> Vec<DesktopFile> {
    let config = config_home.map_or_else(|| format!("{home}/.config"), str::to_owned);
    let folders = [
        format!("{config}/environment.d"),
        "/etc/environment.d".to_owned(),
        "/run/environment.d".to_owned(),
        "/usr/local/lib/environment.d".to_owned(),
        "/usr/lib/environment.d".to_owned(),
    ];
    let named = folders.map(|folder| {
        let names = machine.list(&folder).found().cloned().unwrap_or_default();
        (folder, names)
    });
    let read = |path: String| {
        let link = machine.link(&path).found().cloned().flatten().unwrap_or_default();
        // One that leads to nothing hides those of its name.
        if link == "/dev/null" {
            return None;
        }
        let mut file = file(machine, path, Format::Systemd);
        // Debian hands the system's own on by such a link.
        if link.ends_with("/etc/environment") {
            "/etc/environment".clone_into(&mut file.path);
        }
        Some(file)
    };
    desktop::systemd_order(&named).into_iter().filter_map(read).collect()
}

fn file(machine: &dyn Machine, path: String, format: Format) -> DesktopFile {
    let (_, bytes) = machine.read(&path, LIMIT);
    let bytes = match bytes {
        Reading::Unreadable(Trouble::Folder | Trouble::DanglingLink) => Reading::Absent,
        other => other.map(|bytes| DesktopBytes(Zeroizing::new(bytes))),
    };
    DesktopFile { path, format, bytes }
}

/// What a new terminal would have that is opened with `base`, by reading alone. `shell`: the path of the person's
/// shell, where it is known.
pub fn new_terminal(
    machine: &dyn Machine,
    platform: Platform,
    home: &str,
    shell: Option<&str>,
    base: &StaticEnvironment,
) -> StaticEnvironment {
    let name = shell.and_then(|path| path.rsplit(['/', '\\']).next()).unwrap_or_default().to_ascii_lowercase();
    let edition = match name.trim_end_matches(".exe") {
        "nu" => {
            let folder = nushell::folder(platform, home, Variable::filled(&base.variables, "XDG_CONFIG_HOME"));
            let mut paths = vec![platform.join(&folder, "env.nu"), platform.join(&folder, "config.nu")];
            let own = platform.join(&folder, "autoload");
            let names = machine.list(&own).found().cloned().unwrap_or_default();
            let snippets = names.into_iter().filter(|name| name.ends_with(".nu"));
            paths.extend(snippets.map(|name| platform.join(&own, &name)));
            return nushell::variables(platform, &texts(machine, paths), base, machine.left_out());
        }
        "pwsh" => powershell::Edition::Seven,
        "powershell" => powershell::Edition::Five,
        "" if platform == Platform::Windows => powershell::Edition::Five,
        // What `cmd` runs at its start is not looked at.
        _ if platform == Platform::Windows => return base.clone(),
        _ => {
            let profiles = shell_profiles::of_new_terminal(machine, platform, home, shell, base);
            return variables_of_new_terminal(&profiles, base);
        }
    };
    // Documents that a cloud keeps lie in its folder.
    let kept = platform.join(home, "OneDrive\\Documents");
    let kept = (platform == Platform::Windows && machine.facts(&kept).found().is_some()).then_some(kept);
    let paths = powershell::profiles(edition, platform, home, kept.as_deref());
    powershell::variables(edition, platform, &texts(machine, paths), base, machine.left_out())
}

fn texts(machine: &dyn Machine, paths: Vec<String>) -> Vec<(String, ProfileText)> {
    let text = |path: String| {
        let (facts, bytes) = machine.read(&path, FILE_LIMIT);
        let text = bytes.map(|bytes| Secret::new(decoded(bytes)));
        (path, (text, facts.modified_ms))
    };
    paths.into_iter().map(text).collect()
}

/// Editors on Windows write UTF-16 and marks.
fn decoded(bytes: Vec<u8>) -> String {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()),
    }
}

/// Variables that count in a project's own files, which other programs may read. Never a part of an environment.
pub fn hints(machine: &dyn Machine, platform: Platform, project: &str) -> Vec<Hint> {
    let of_file = |name: &str| {
        let path = platform.join(project, name);
        let (_, bytes) = machine.read(&path, LIMIT);
        let text = bytes.found().map(|bytes| Secret::new(String::from_utf8_lossy(bytes)));
        text.map(|text| desktop::hints(&path, &text)).unwrap_or_default()
    };
    [".envrc", ".env", ".env.local"].into_iter().flat_map(of_file).collect()
}
