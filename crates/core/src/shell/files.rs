//! Which files a shell reads, in which order.
//!
//! From the shells' manuals: bash(1) INVOCATION, zsh(1) STARTUP/SHUTDOWN FILES, fish(1) configuration, sh of POSIX;
//! Debian's `/etc/bash.bashrc` and `/etc/zsh`; pam_env(8), environment.d(5). macOS terminals open login shells,
//! those of Linux mostly do not.

use std::collections::{BTreeMap, BTreeSet};

use super::{Files, Person, Role, Shell};
use crate::snapshot::Platform;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Shell(Shell),
    FishUniversal,
    /// `NAME=value` lines of the system.
    Environment,
}

/// A file of a session.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub path: Path,
    pub format: Format,
}

/// Where it lies.
#[derive(Clone, Debug)]
pub(super) enum Path {
    Fixed(String),
    /// A file of zsh, in `$ZDOTDIR`, which an earlier file may have set.
    Zsh(&'static str),
}

/// A sequence of files that one shell reads.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub role: Role,
    pub shell: Shell,
    pub files: Vec<Planned>,
}

/// What is read once, when the person signs in.
pub(super) fn sign_in(person: &Person, files: &mut dyn Files) -> Option<Session> {
    let linux = person.platform == Platform::Linux;
    linux.then(|| Session { role: Role::Login, shell: person.shell, files: at_login(person, files) })
}

/// The session of a new terminal, and then each file of other shells by itself.
pub(super) fn sessions(person: &Person, files: &mut dyn Files) -> Vec<Session> {
    let mut sessions = vec![Session { role: Role::Terminal, shell: person.shell, files: terminal(person, files) }];
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Sh] {
        for path in personal(person, shell) {
            sessions.push(Session { role: Role::Never, shell, files: shell_files(shell, [path]) });
        }
    }
    sessions
}

fn home(person: &Person, name: &str) -> String {
    person.platform.join(&person.home, name)
}

pub(super) fn fish_folder(person: &Person) -> String {
    let config = person.config_home.clone().filter(|folder| !folder.is_empty());
    person.platform.join(&config.unwrap_or_else(|| home(person, ".config")), "fish")
}

/// The files of a shell that lie in the home.
fn personal(person: &Person, shell: Shell) -> Vec<String> {
    match shell {
        Shell::Bash => [".bash_profile", ".bash_login", ".bashrc"].map(|name| home(person, name)).into(),
        Shell::Zsh => [".zshenv", ".zprofile", ".zshrc", ".zlogin"].map(|name| home(person, name)).into(),
        Shell::Fish => vec![person.platform.join(&fish_folder(person), "config.fish")],
        Shell::Sh => vec![home(person, ".profile")],
        Shell::Other => Vec::new(),
    }
}

fn shell_files(shell: Shell, paths: impl IntoIterator<Item = String>) -> Vec<Planned> {
    paths.into_iter().map(|path| Planned { path: Path::Fixed(path), format: Format::Shell(shell) }).collect()
}

fn terminal(person: &Person, files: &mut dyn Files) -> Vec<Planned> {
    let login = person.platform == Platform::MacOs;
    match person.shell {
        Shell::Bash if login => bash_login(person, files),
        Shell::Bash => shell_files(Shell::Bash, ["/etc/bash.bashrc".to_owned(), home(person, ".bashrc")]),
        Shell::Zsh => zsh(login),
        Shell::Fish => fish(person, files),
        Shell::Sh => {
            let mut all = if login { sh_login(person, files) } else { Vec::new() };
            all.extend(shell_files(Shell::Sh, person.env_file.clone()));
            all
        }
        Shell::Other => Vec::new(),
    }
}

/// Whether `/etc/profile` reads a file by itself.
pub(super) fn is_script_of_profile(path: &str) -> bool {
    path.starts_with("/etc/profile.d/")
}

/// fish: functions that have a file of their own, by name.
pub(super) fn fish_functions(person: &Person, files: &mut dyn Files) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for folder in ["/etc/fish/functions".to_owned(), format!("{}/functions", fish_folder(person))] {
        for name in files.list(&folder) {
            if let Some(function) = name.strip_suffix(".fish") {
                all.insert(function.to_owned(), format!("{folder}/{name}"));
            }
        }
    }
    all
}

/// What the first shell of a session on Linux reads, and before it PAM and systemd.
fn at_login(person: &Person, files: &mut dyn Files) -> Vec<Planned> {
    let environment = |path| Planned { path: Path::Fixed(path), format: Format::Environment };
    let mut all = vec![environment("/etc/environment".to_owned())];
    for folder in ["/etc/environment.d".to_owned(), home(person, ".config/environment.d")] {
        let names = files.list(&folder).into_iter().filter(|name| name.ends_with(".conf"));
        all.extend(names.map(|name| environment(format!("{folder}/{name}"))));
    }
    all.extend(match person.shell {
        Shell::Bash => bash_login(person, files),
        Shell::Zsh => zsh(true),
        Shell::Fish => Vec::new(),
        Shell::Sh | Shell::Other => sh_login(person, files),
    });
    // Desktops read it whatever the shell is.
    let profile = home(person, ".profile");
    if !all.iter().any(|planned| matches!(&planned.path, Path::Fixed(path) if *path == profile)) {
        all.extend(shell_files(Shell::Sh, [profile]));
    }
    all
}

fn system_profile(shell: Shell, files: &mut dyn Files) -> Vec<Planned> {
    let scripts = files.list("/etc/profile.d").into_iter().filter(|name| name.ends_with(".sh"));
    let scripts = scripts.map(|name| format!("/etc/profile.d/{name}")).collect::<Vec<_>>();
    shell_files(shell, std::iter::once("/etc/profile".to_owned()).chain(scripts))
}

fn bash_login(person: &Person, files: &mut dyn Files) -> Vec<Planned> {
    let mut all = system_profile(Shell::Bash, files);
    // The first of the three that can be read.
    let first = [".bash_profile", ".bash_login", ".profile"]
        .map(|name| home(person, name))
        .into_iter()
        .find(|path| files.is_file(path) == Some(true));
    all.extend(shell_files(Shell::Bash, first));
    all
}

fn sh_login(person: &Person, files: &mut dyn Files) -> Vec<Planned> {
    let mut all = system_profile(Shell::Sh, files);
    all.extend(shell_files(Shell::Sh, [home(person, ".profile")]));
    all
}

fn zsh(login: bool) -> Vec<Planned> {
    let mut all = Vec::new();
    let mut stage = |name: &str, own: &'static str| {
        // Debian keeps the system's in a folder.
        all.extend(shell_files(Shell::Zsh, [format!("/etc/zsh/{name}"), format!("/etc/{name}")]));
        all.push(Planned { path: Path::Zsh(own), format: Format::Shell(Shell::Zsh) });
    };
    stage("zshenv", ".zshenv");
    if login {
        stage("zprofile", ".zprofile");
    }
    stage("zshrc", ".zshrc");
    if login {
        stage("zlogin", ".zlogin");
    }
    all
}

fn fish(person: &Person, files: &mut dyn Files) -> Vec<Planned> {
    let own = fish_folder(person);
    let mut all = vec![Planned { path: Path::Fixed(format!("{own}/fish_variables")), format: Format::FishUniversal }];
    // Folder by folder; of files with the same name the first counts.
    let mut seen = BTreeSet::new();
    let mut snippets = Vec::new();
    let vendors = [home(person, ".local/share"), "/usr/local/share".to_owned(), "/usr/share".to_owned()];
    let vendors = vendors.map(|folder| format!("{folder}/fish/vendor_conf.d"));
    for folder in [format!("{own}/conf.d"), "/etc/fish/conf.d".to_owned()].into_iter().chain(vendors) {
        let mut names: Vec<String> = files.list(&folder).into_iter().filter(|name| name.ends_with(".fish")).collect();
        names.sort_by_key(|name| numbers_count(name));
        let first = names.into_iter().filter(|name| !name.starts_with('.') && seen.insert(name.clone()));
        snippets.extend(first.map(|name| format!("{folder}/{name}")));
    }
    let configs = ["/etc/fish/config.fish".to_owned(), format!("{own}/config.fish")];
    all.extend(shell_files(Shell::Fish, snippets.into_iter().chain(configs)));
    all
}

/// fish sorts `2.fish` before `10.fish`, and does not look at case.
fn numbers_count(name: &str) -> Vec<(u64, String)> {
    let mut parts: Vec<(u64, String)> = vec![(0, String::new())];
    let mut in_number = false;
    for sign in name.to_lowercase().chars() {
        match sign.to_digit(10) {
            Some(digit) => {
                if !in_number {
                    parts.push((0, String::new()));
                }
                in_number = true;
                if let Some((number, _)) = parts.last_mut() {
                    *number = number.saturating_mul(10).saturating_add(u64::from(digit));
                }
            }
            None => {
                in_number = false;
                if let Some((_, text)) = parts.last_mut() {
                    text.push(sign);
                }
            }
        }
    }
    parts
}
