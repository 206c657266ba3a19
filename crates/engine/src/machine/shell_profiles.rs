//! Shell profiles: which shell it is, and the files that the core asks for. Nothing of them is run.

use authlight_core::reading::{Reading, Trouble};
use authlight_core::secret::Secret;
use authlight_core::shell::{
    self, FILE_LIMIT, Files, Person, Place, ProfileText, Profiles, Shell, ShellKnownBy, StaticEnvironment,
};
use authlight_core::snapshot::{Examined, Platform, Variable};

use super::Machine;

/// The largest account list that is read.
const ACCOUNTS_LIMIT: u64 = 1 << 20;

/// What a new terminal is started with, by what the profiles say that are read at sign-in.
pub(crate) type StartedWith<'a> = &'a dyn Fn(&[Place]) -> StaticEnvironment;

/// What the examined person's profiles say. `started_with`: None where it is not known what a new terminal starts with.
pub(crate) fn read(machine: &dyn Machine, examined: &Examined, started_with: Option<StartedWith<'_>>) -> Profiles {
    let variable = |name: &str| Variable::filled(&examined.variables, name).map(str::to_owned);
    let (path, known_by) = shell_path(machine, examined);
    let shell = kind_of(path.as_deref(), examined.platform);
    let person = Person {
        platform: examined.platform,
        home: examined.home.clone(),
        shell,
        known_by,
        zdotdir: variable("ZDOTDIR"),
        config_home: variable("XDG_CONFIG_HOME"),
        left_out: machine.left_out().to_vec(),
        ..Person::default()
    };
    shell::follow(&person, &mut Profiled { machine, home: examined.home.clone(), started_with })
}

/// What the profiles say of a new terminal that is opened with `base`. `shell`: the path of the person's shell, where
/// it is known; else the system's usual one.
pub fn of_new_terminal(
    machine: &dyn Machine,
    platform: Platform,
    home: &str,
    shell: Option<&str>,
    base: &StaticEnvironment,
) -> Profiles {
    let person = Person {
        platform,
        home: home.to_owned(),
        shell: kind_of(shell, platform),
        known_by: ShellKnownBy::Variable,
        left_out: machine.left_out().to_vec(),
        ..Person::default()
    };
    shell::follow(&person, &mut Profiled { machine, home: home.to_owned(), started_with: Some(&|_| base.clone()) })
}

fn kind_of(path: Option<&str>, platform: Platform) -> Shell {
    path.map_or_else(
        || match platform {
            Platform::MacOs => Shell::Zsh,
            Platform::Linux => Shell::Bash,
            Platform::Windows => Shell::Other,
        },
        Shell::of_path,
    )
}

/// The path of the person's shell, where something names it.
pub(crate) fn path_of_the_shell(machine: &dyn Machine, examined: &Examined) -> Option<String> {
    shell_path(machine, examined).0
}

fn shell_path(machine: &dyn Machine, examined: &Examined) -> (Option<String>, ShellKnownBy) {
    if let Some(path) = Variable::filled(&examined.variables, "SHELL") {
        return (Some(path.to_owned()), ShellKnownBy::Variable);
    }
    if examined.platform == Platform::Windows {
        return (None, ShellKnownBy::Assumed);
    }
    let (_, accounts) = machine.read("/etc/passwd", ACCOUNTS_LIMIT);
    let text = accounts.found().map(|bytes| String::from_utf8_lossy(bytes));
    match text.as_ref().and_then(|text| shell::shell_of_account(text, &examined.home)) {
        Some(path) => (Some(path.to_owned()), ShellKnownBy::Account),
        None => (None, ShellKnownBy::Assumed),
    }
}

struct Profiled<'a> {
    machine: &'a dyn Machine,
    home: String,
    started_with: Option<StartedWith<'a>>,
}

impl Files for Profiled<'_> {
    fn read(&mut self, path: &str) -> ProfileText {
        let (facts, bytes) = self.machine.read(path, FILE_LIMIT);
        // Bytes that are no text become marks: a profile is followed all the same, and a value that holds one is shown
        // to hold an odd character.
        let text = bytes.map(|bytes| {
            let text = String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
            Secret::new(text)
        });
        (text, facts.modified_ms)
    }

    fn is_file(&mut self, path: &str) -> Option<bool> {
        // A file that may have no bytes is looked at and not opened.
        match self.machine.read(path, 0).1 {
            Reading::Found(_) | Reading::Unreadable(Trouble::TooLarge) => Some(true),
            Reading::Absent | Reading::Unreadable(Trouble::Folder | Trouble::NotAFile | Trouble::DanglingLink) => {
                Some(false)
            }
            Reading::Unreadable(_) => None,
        }
    }

    fn is_folder(&mut self, path: &str) -> Option<bool> {
        match self.machine.read(path, 0).1 {
            Reading::Unreadable(Trouble::Folder) => Some(true),
            Reading::Found(_)
            | Reading::Absent
            | Reading::Unreadable(Trouble::TooLarge | Trouble::NotAFile | Trouble::DanglingLink) => Some(false),
            Reading::Unreadable(_) => None,
        }
    }

    fn is_writable(&mut self, path: &str) -> Option<bool> {
        // By whose it is: who looks may be somebody else, and may write anywhere.
        let facts = |path: &str| self.machine.facts(path).found().cloned();
        let (home, there) = (facts(&self.home)?, facts(path)?);
        match home.owner? {
            0 => Some(true),
            owner => (there.owner? == owner).then_some(there.mode? & 0o200 != 0),
        }
    }

    fn list(&mut self, folder: &str) -> Vec<String> {
        self.machine.list(folder).found().cloned().unwrap_or_default()
    }

    fn started_with(&mut self, at_sign_in: &[Place]) -> Option<StaticEnvironment> {
        self.started_with.map(|started_with| started_with(at_sign_in))
    }
}
