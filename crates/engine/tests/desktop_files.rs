//! The places where a system says what programs get, on laid-out roots of each system.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use std::path::Path;

use authlight_core::desktop::variables_of_desktop;
use authlight_core::secret::Secret;
use authlight_core::shell::StaticEnvironment;
use authlight_core::snapshot::{Platform, Variable};
use authlight_engine::machine::desktop_files::{hints, new_terminal, read};
use authlight_engine::machine::os::Disk;

const KEY: &str = "ANTHROPIC_API_KEY";

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn told(all: &StaticEnvironment) -> Vec<String> {
    let sure = all.variables.iter().map(|variable| {
        let (path, line) = (variable.source.path.as_deref().unwrap_or("-"), variable.source.line.unwrap_or(0));
        format!("{}={} {path}:{line}", variable.name, variable.value.reveal())
    });
    let unsure = all.unsure.iter().map(|unsure| format!("{}? {:?}", unsure.name, unsure.why));
    sure.chain(unsure).collect()
}

fn base(name: &str, value: &str) -> StaticEnvironment {
    let variables = vec![Variable {
        name: name.to_owned(),
        value: Secret::new(value),
        source: authlight_core::report::Source::variable(name),
    }];
    StaticEnvironment { variables, ..StaticEnvironment::default() }
}

#[cfg(unix)]
#[test]
fn a_desktop_of_linux() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, "etc/environment", b"AWS_REGION=system\nHTTPS_PROXY=http://p:1\n");
    write(root, "home/kim/.config/environment.d/50-own.conf", b"# mine\nANTHROPIC_API_KEY=own\nAWS_REGION=own\n");
    write(root, "etc/environment.d/50-own.conf", b"ANTHROPIC_API_KEY=hidden\n");
    write(root, "usr/lib/environment.d/60-off.conf", b"ANTHROPIC_API_KEY=off\n");
    std::os::unix::fs::symlink("/dev/null", root.join("etc/environment.d/60-off.conf")).unwrap();
    std::os::unix::fs::symlink("../../../etc/environment", root.join("usr/lib/environment.d/99-environment.conf"))
        .unwrap();
    let disk = Disk::below(root.to_owned(), Platform::Linux);
    let all = variables_of_desktop(&read(&disk, Platform::Linux, "/home/kim", None, &[]));
    let expected = [
        "ANTHROPIC_API_KEY=own /home/kim/.config/environment.d/50-own.conf:2",
        "AWS_REGION=system /etc/environment:1",
        "HTTPS_PROXY=http://p:1 /etc/environment:2",
    ];
    assert_eq!(told(&all), expected);
}

#[test]
fn a_desktop_of_macos_and_its_new_terminal() {
    let root = tempfile::tempdir().unwrap();
    let agent = "<?xml version=\"1.0\"?><plist><dict><key>RunAtLoad</key><true/><key>ProgramArguments</key><array>\n\
        <string>launchctl</string><string>setenv</string>\n<string>ANTHROPIC_API_KEY</string><string>dock</string></array></dict></plist>";
    write(root.path(), "Users/kim/Library/LaunchAgents/env.plist", agent.as_bytes());
    write(root.path(), "Library/LaunchAgents/other.plist", b"bplist00 broken");
    write(root.path(), "Users/kim/.zshrc", b"unset ANTHROPIC_API_KEY\nexport ANTHROPIC_AUTH_TOKEN=zsh\n");
    let disk = Disk::below(root.path().to_owned(), Platform::MacOs);
    let all = variables_of_desktop(&read(&disk, Platform::MacOs, "/Users/kim", None, &[]));
    assert_eq!(told(&all), ["ANTHROPIC_API_KEY=dock /Users/kim/Library/LaunchAgents/env.plist:3"]);
    let all = new_terminal(&disk, Platform::MacOs, "/Users/kim", None, &all);
    assert_eq!(told(&all), ["ANTHROPIC_AUTH_TOKEN=zsh /Users/kim/.zshrc:2"]);
}

#[test]
fn a_desktop_of_windows_and_its_new_terminals() {
    let root = tempfile::tempdir().unwrap();
    let export = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Environment]\r\n\"ANTHROPIC_API_KEY\"=\"user\"\r\n";
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(export.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    write(root.path(), "registry/HKCU.reg", &wide);
    let profile = "$env:ANTHROPIC_API_KEY = 'seven'\r\n";
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(profile.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    write(root.path(), "Users/kim/OneDrive/Documents/PowerShell/profile.ps1", &wide);
    write(root.path(), "Users/kim/OneDrive/Documents/WindowsPowerShell/profile.ps1", profile.as_bytes());
    let (disk, home) = (Disk::below(root.path().to_owned(), Platform::Windows), r"C:\Users\kim");
    let desktop = variables_of_desktop(&read(&disk, Platform::Windows, home, None, &[]));
    let of = |all: &StaticEnvironment| {
        Variable::find(&all.variables, KEY).map(|variable| variable.value.reveal().to_owned())
    };
    assert_eq!(of(&desktop).as_deref(), Some("user"));
    let terminal = |shell: &str| new_terminal(&disk, Platform::Windows, home, Some(shell), &desktop);
    assert_eq!(of(&terminal(r"C:\Program Files\PowerShell\7\pwsh.exe")).as_deref(), Some("seven"));
    let unsure = terminal("powershell.exe").unsure;
    assert!(unsure.iter().any(|unsure| unsure.name == KEY), "version 5 may not be allowed to run it");
    assert_eq!(of(&terminal("cmd.exe")).as_deref(), Some("user"));
}

#[test]
fn a_new_terminal_with_nu() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "home/kim/.config/nushell/env.nu", b"$env.ANTHROPIC_API_KEY = \"env\"\n");
    write(root.path(), "home/kim/.config/nushell/config.nu", b"$env.ANTHROPIC_API_KEY = 'config'\n");
    write(root.path(), "home/kim/.config/nushell/autoload/a.nu", b"if true { $env.AWS_PROFILE = 'p' }\n");
    let disk = Disk::below(root.path().to_owned(), Platform::Linux);
    let all = new_terminal(&disk, Platform::Linux, "/home/kim", Some("/usr/bin/nu"), &base("AWS_REGION", "r"));
    let expected = [
        "AWS_REGION=r -:0",
        "ANTHROPIC_API_KEY=config /home/kim/.config/nushell/config.nu:1",
        "AWS_PROFILE? NotFollowed",
    ];
    assert_eq!(told(&all), expected);
}

#[test]
fn a_projects_files_are_hints() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "p/.envrc", b"export ANTHROPIC_API_KEY=$(pass key)\n");
    write(root.path(), "p/.env", b"\nANTHROPIC_BASE_URL=http://localhost\nFOO=1\n");
    let disk = Disk::below(root.path().to_owned(), Platform::Linux);
    let found = hints(&disk, Platform::Linux, "/p");
    let told: Vec<_> =
        found.iter().map(|hint| (hint.source.path.as_deref().unwrap(), hint.source.line.unwrap())).collect();
    assert_eq!(told, [("/p/.envrc", 1), ("/p/.env", 2)]);
}
