//! What a machine says of itself: the version of its system, and in what it runs. Pure readers of recorded bytes.

/// The system's name and version in `/etc/os-release`: `Debian GNU/Linux 13 (trixie)`.
pub fn os_release(text: &str) -> Option<String> {
    let value = |name: &str| {
        text.lines().rev().find_map(|line| {
            let value = line.trim().strip_prefix(name)?.strip_prefix('=')?;
            let words = unquoted(value);
            (!words.is_empty()).then_some(words)
        })
    };
    value("PRETTY_NAME").or_else(|| {
        let name = value("NAME")?;
        Some(
            value("VERSION")
                .or_else(|| value("VERSION_ID"))
                .map_or(name.clone(), |version| format!("{name} {version}")),
        )
    })
}

/// A value of a shell assignment without its quotation marks and backslashes.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inside = ['"', '\''].iter().find_map(|mark| value.strip_prefix(*mark)?.strip_suffix(*mark));
    let mut out = String::new();
    let mut rest = inside.unwrap_or(value).chars();
    while let Some(c) = rest.next() {
        out.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    out
}

/// The system's name and version in `SystemVersion.plist` of macOS: `macOS 15.1`.
pub fn system_version(plist: &str) -> Option<String> {
    let value = |name: &str| {
        let (_, rest) = plist.split_once(&format!("<key>{name}</key>"))?;
        let (before, rest) = rest.split_once("<string>")?;
        let (text, _) = rest.split_once("</string>")?;
        before.trim().is_empty().then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let version = value("ProductVersion")?;
    Some(value("ProductName").map_or(version.clone(), |name| format!("{name} {version}")))
}

/// The system's name and version in an export of the Windows registry: `Windows 11 Pro 24H2 (build 26100)`.
pub fn windows_version(export: &str) -> Option<String> {
    let mut here = false;
    let (mut name, mut release, mut build) = (None, None, None);
    for line in export.lines().map(str::trim) {
        if let Some(key) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            here = key.to_ascii_lowercase().ends_with(r"\software\microsoft\windows nt\currentversion");
        } else if here && let Some((left, right)) = line.split_once('=') {
            let text = right.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(str::to_owned);
            match left.trim_matches('"').to_ascii_lowercase().as_str() {
                "productname" => name = text,
                "displayversion" => release = text,
                "currentbuild" | "currentbuildnumber" => build = text,
                _ => {}
            }
        }
    }
    let newer = build.as_deref().and_then(|build| build.parse::<u32>().ok()).is_some_and(|build| build >= 22_000);
    // Windows 11 still calls itself Windows 10 there.
    let mut words = if newer { name?.replacen("Windows 10", "Windows 11", 1) } else { name? };
    if let Some(release) = release {
        words = format!("{words} {release}");
    }
    Some(build.map_or(words.clone(), |build| format!("{words} (build {build})")))
}

/// Whether the control groups of the first process are those of a container.
pub fn is_container_cgroup(text: &str) -> bool {
    ["docker", "kubepods", "containerd", "libpod", "podman", "/lxc"].iter().any(|word| text.contains(word))
}

/// The home that the account database (`/etc/passwd`) gives an account.
pub fn home_in_passwd(text: &str, account: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let home = (fields.next()? == account).then(|| fields.nth(4))??;
        (!home.is_empty()).then(|| home.to_owned())
    })
}

/// What lies beside the examined system on the same computer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// In WSL: whether a home of Windows has settings of Claude Code. Nothing of them is read.
    pub windows_settings: bool,
    /// On Windows: how many distributions of WSL there are. None: that is not known.
    pub wsl_distributions: Option<usize>,
}

/// Variables by which build services say that nobody types (the services' own pages).
pub const BUILD_SERVICES: [&str; 8] =
    ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "JENKINS_URL", "BUILDKITE", "CIRCLECI", "TEAMCITY_VERSION"];

/// Whether a folder beside the homes of Windows is somebody's.
pub fn is_windows_account(folder: &str) -> bool {
    let shared = ["All Users", "Default", "Default User", "Public", "defaultuser0", "desktop.ini"];
    !shared.iter().any(|name| name.eq_ignore_ascii_case(folder))
}

/// The key below which WSL keeps its distributions.
pub const LXSS_KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Lxss";

/// How many distributions of WSL an export of the person's half of the Windows registry has.
pub fn wsl_distributions(export: &str) -> usize {
    let top = LXSS_KEY.to_ascii_lowercase();
    let mut here = false;
    let mut count = 0;
    for line in export.lines().map(str::trim) {
        if let Some(key) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let key = key.to_ascii_lowercase();
            here =
                key.split_once('\\').and_then(|(_, key)| key.rsplit_once('\\')).is_some_and(|(above, _)| above == top);
        } else if here && line.to_ascii_lowercase().starts_with("\"distributionname\"=\"") {
            count += 1;
            here = false;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_names_itself() {
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\n";
        assert_eq!(os_release(debian).as_deref(), Some("Debian GNU/Linux 13 (trixie)"));
        assert_eq!(os_release("NAME=Alpine\\ Linux\nVERSION_ID=3.20\n").as_deref(), Some("Alpine Linux 3.20"));
        assert_eq!(os_release("NAME='Void'\nPRETTY_NAME=\n").as_deref(), Some("Void"));
        assert_eq!(os_release("\u{feff}garbage"), None);
    }

    #[test]
    fn macos_names_itself() {
        let plist = "<plist version=\"1.0\">\n<dict>\n\t<key>ProductName</key>\n\t<string>macOS</string>\n\t\
                     <key>ProductVersion</key>\n\t<string>15.1</string>\n</dict>";
        assert_eq!(system_version(plist).as_deref(), Some("macOS 15.1"));
        assert_eq!(system_version("<key>ProductVersion</key><integer>1</integer><string>x</string>"), None);
        assert_eq!(system_version(""), None);
    }

    #[test]
    fn windows_names_itself_by_its_build() {
        let export = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Other]\r\n\
                      \"ProductName\"=\"No\"\r\n\r\n\
                      [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\r\n\
                      \"ProductName\"=\"Windows 10 Pro\"\r\n\"DisplayVersion\"=\"24H2\"\r\n\"CurrentBuild\"=\"26100\"\r\n";
        assert_eq!(windows_version(export).as_deref(), Some("Windows 11 Pro 24H2 (build 26100)"));
        assert_eq!(
            windows_version(&export.replace("26100", "19045")).as_deref(),
            Some("Windows 10 Pro 24H2 (build 19045)")
        );
        assert_eq!(windows_version("[HKEY_LOCAL_MACHINE\\SOFTWARE]\n"), None);
    }

    #[test]
    fn a_container_shows_in_its_control_groups() {
        assert!(is_container_cgroup("12:pids:/docker/0123456789\n"));
        assert!(is_container_cgroup("0::/kubepods.slice/kubepods-pod1.slice\n"));
        assert!(!is_container_cgroup("0::/init.scope\n"));
    }

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\nkimberly:x:1:1::/home/kimberly:/bin/sh\n\
                      kim:x:1000:1000:Kim,,,:/home/kim:/bin/bash\nbare:x\n";
        assert_eq!(home_in_passwd(passwd, "kim").as_deref(), Some("/home/kim"));
        assert_eq!(home_in_passwd(passwd, "ki"), None);
        assert_eq!(home_in_passwd(passwd, "bare"), None);
    }

    #[test]
    fn distributions_are_counted_by_their_names() {
        let top = r"[HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Lxss";
        let export = format!(
            "Windows Registry Editor Version 5.00\r\n\r\n{top}]\r\n\"DefaultDistribution\"=\"{{1}}\"\r\n\r\n\
             {top}\\{{1}}]\r\n\"State\"=dword:00000001\r\n\"DistributionName\"=\"Ubuntu\"\r\n\r\n\
             {top}\\AppxInstallerCache]\r\n\"x\"=\"y\"\r\n\r\n{top}\\{{2}}]\r\n\"DistributionName\"=\"Debian\"\r\n"
        );
        assert_eq!(wsl_distributions(&export), 2);
        assert_eq!(wsl_distributions(&export.replace("Lxss", "Other")), 0);
        for end in (0..export.len()).filter(|end| export.is_char_boundary(*end)) {
            assert!(wsl_distributions(&export[..end]) <= 2);
        }
    }

    #[test]
    fn what_windows_shares_is_nobodys_home() {
        assert!(is_windows_account("kim") && is_windows_account("Default Kim"));
        assert!(!is_windows_account("public") && !is_windows_account("desktop.ini"));
    }
}
