//! The only code that reads the operating system.

pub(crate) mod asked_page;
pub mod authorities;
mod beside;
pub mod certificates;
pub mod desktop_files;
pub mod edited;
mod editors;
pub mod fake;
pub mod host;
pub mod installs;
pub mod keychain;
pub mod login_shell;
pub mod once;
pub mod os;
pub mod package_managers;
pub mod planned;
mod policy_store;
mod programs;
#[cfg(windows)]
mod registry;
mod residents;
pub mod scan;
pub mod session;
pub mod shell_profiles;
pub mod surroundings;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use authlight_core::json::Pieces;
use authlight_core::keychain::{Answer, Question};
use authlight_core::programs::Program;
use authlight_core::property_list;
use authlight_core::reading::{Content, FileFacts, Reading};
use authlight_core::registry_export::{self, Exported, Hive, TextValue};
use authlight_core::report::Source;
use authlight_core::residents::Holder;
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Platform, Variable};

/// The largest registry export that is read.
const REGISTRY_LIMIT: u64 = 64 << 20;

/// The largest list of preferences that is read.
const PREFERENCES_LIMIT: u64 = 1 << 20;

/// A machine to look at. Paths are as seen from inside it.
pub trait Machine: Sync {
    /// The bytes of a regular file of at most `limit` bytes. Never waits: a pipe or device is not opened.
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>);

    /// The same for a file that may be large: `take` gets its bytes in pieces, and gets them once more from the start if
    /// the file changed meanwhile. What it gave last counts.
    fn sift(
        &self,
        path: &str,
        limit: u64,
        take: &mut dyn FnMut(&mut Pieces<'_>) -> Content,
    ) -> (FileFacts, Reading<Content>) {
        let (facts, bytes) = self.read(path, limit);
        let content = bytes.map(|bytes| {
            let mut left = bytes.as_slice();
            take(&mut |buffer| left.read(buffer).unwrap_or(0))
        });
        (facts, content)
    }

    /// What the system says of a path, links followed.
    fn facts(&self, path: &str) -> Reading<FileFacts>;

    /// The names in a folder, sorted.
    fn list(&self, folder: &str) -> Reading<Vec<String>>;

    /// Where a symbolic link leads, as it is written; `None` within where the path is no link.
    fn link(&self, path: &str) -> Reading<Option<String>>;

    /// What the macOS Keychain of the person whose home this is says; `NotAsked` where there is none to ask. Of a
    /// machine that does not run it is what `security` once printed there, kept as Windows' registry is.
    fn keychain(&self, home: &str, question: &Question) -> Answer;

    /// Whether the examined person may write a path. `None` where that cannot be told, or nothing is there.
    fn writable(&self, path: &str) -> Option<bool>;

    /// A list of preferences of macOS as JSON; `None` within where it is none.
    fn preferences(&self, path: &str) -> (FileFacts, Reading<Option<String>>) {
        let (facts, bytes) = self.read(path, PREFERENCES_LIMIT);
        (facts, bytes.map(|bytes| property_list::to_json(&bytes)))
    }

    /// Places of shell profiles, and of what the system hands to programs, that are taken as if nothing were written there.
    fn left_out(&self) -> &[Source] {
        &[]
    }

    /// The organisation's policy in a half of the Windows registry; below a root, of the export that lies there.
    fn registry_policy(&self, hive: Hive) -> Reading<Exported>;

    /// The text values of the key of variables in a half of the Windows registry; below a root, of the export that lies
    /// there.
    fn registry_environment(&self, hive: Hive) -> Reading<Vec<TextValue>> {
        let (_, bytes) = self.read(&format!("/registry/{}.reg", hive.short()), REGISTRY_LIMIT);
        bytes.map(|bytes| registry_export::environment(&bytes, hive))
    }

    /// The ports that something listens on and that loopback reaches. Absent where the system does not tell without
    /// being connected to, or is not the one that runs.
    fn listening(&self) -> Reading<BTreeSet<u16>>;

    /// The program of the account that runs us that listens on a port which loopback reaches. `None` where the system
    /// does not tell, or is not the one that runs.
    fn port_holder(&self, _port: u16) -> Option<Holder> {
        None
    }

    /// The open programs of the account that runs us, as far as they matter. Absent where the system does not tell, or
    /// is not the one that runs.
    fn programs(&self) -> Reading<Vec<Program>>;

    /// How many distributions of WSL the person has on Windows; below a root, by the registry's export.
    fn wsl_distributions(&self) -> Reading<usize>;
}

/// The policy in the registry export of a machine that does not run.
fn recorded_registry(machine: &impl Machine, hive: Hive) -> Reading<Exported> {
    let (_, bytes) = machine.read(&format!("/registry/{}.reg", hive.short()), REGISTRY_LIMIT);
    bytes.map(|bytes| registry_export::policy(&bytes, hive))
}

/// The distributions of WSL in the registry export of a machine that does not run.
fn recorded_distributions(machine: &impl Machine) -> Reading<usize> {
    let export = host::text(machine, "/registry/HKCU.reg");
    export.map_or(Reading::Absent, |export| Reading::Found(authlight_core::host::wsl_distributions(&export)))
}

/// What `security` once printed on a machine that does not run.
fn recorded_keychain(machine: &impl Machine, question: &Question) -> Answer {
    let (_, printed) = machine.read(&question.recorded_as(), 64 << 10);
    let printed = printed.found().map(|printed| String::from_utf8_lossy(printed).into_owned());
    printed.map_or(Answer::NotAsked, |printed| authlight_core::keychain::answer(&printed))
}

/// The variables of this process that count on any system, and near misses of their names, named as they are. Nothing
/// else of the environment is taken in.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn process_environment() -> Vec<Variable> {
    let taken = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        let name = name.into_string().ok()?;
        // Windows, where case does not count, takes in what all others do.
        let variable = Variable::of(Platform::Windows, &name, Secret::new(value.to_string_lossy()))?;
        Some(Variable { name, ..variable })
    };
    std::env::vars_os().filter_map(taken).collect()
}

/// What a program begins with that this one starts as somebody else would: of the variables that count these, and
/// whatever else stands in this process.
#[expect(clippy::disallowed_methods, reason = "this is the one place; a shell begins with what a terminal has")]
pub(crate) fn environment_of_a_new_program(platform: Platform, base: &[Variable]) -> Vec<(OsString, OsString)> {
    let counts = |name: &OsString| {
        let none = Secret::new(String::new());
        name.to_str().is_some_and(|name| Variable::of(platform, name, none).is_some())
    };
    let others = std::env::vars_os().filter(|(name, _)| !counts(name));
    let base = base.iter().map(|variable| (variable.name.clone().into(), variable.value.reveal().into()));
    others.chain(base).collect()
}

/// The home of the account that runs us, where no variable names one.
pub fn account_home() -> Option<String> {
    std::env::home_dir().map(|home| home.to_string_lossy().into_owned())
}

/// This program, as shells call it. On Windows they do not wait for the one without a console, so its neighbour with one
/// is called, where it is there.
pub(crate) fn console_program() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    let neighbour = own.with_file_name("authlight.exe");
    Some(if cfg!(windows) && neighbour.is_file() { neighbour } else { own })
}

/// Where the account that runs us keeps what programs remember: the folder for our journal and backups.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn state_folder() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return named("LOCALAPPDATA").map(|folder| folder.join("Authlight"));
    }
    let home = || std::env::home_dir().filter(|home| home.is_absolute());
    if cfg!(target_vendor = "apple") {
        return home().map(|home| home.join("Library/Application Support/Authlight"));
    }
    named("XDG_STATE_HOME")
        .or_else(|| home().map(|home| home.join(".local/state")))
        .map(|folder| folder.join("authlight"))
}

/// A program of the system's, by its name, on the usual path of this process.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn system_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A variable of the person on Windows, as the registry has it. Elsewhere there are none.
///
/// # Errors
/// What the system said.
pub fn user_variable(name: &str) -> std::io::Result<Option<Secret>> {
    #[cfg(windows)]
    return registry::user_variable(name);
    #[cfg(not(windows))]
    {
        let _ = name;
        Ok(None)
    }
}

/// Whether Windows puts other variables into this one of the person's (`REG_EXPAND_SZ`).
pub fn user_variable_expands(name: &str) -> bool {
    #[cfg(windows)]
    return registry::user_variable_expands(name);
    #[cfg(not(windows))]
    {
        let _ = name;
        false
    }
}

/// Sets a variable of the person on Windows, or takes it away. One that expands others goes on doing so.
///
/// # Errors
/// What the system said; on other systems that there are none.
pub fn set_user_variable(name: &str, value: Option<&Secret>) -> std::io::Result<()> {
    restore_user_variable(name, value, user_variable_expands(name))
}

/// The same with the kind that it had, and tells open programs of it.
///
/// # Errors
/// What the system said; on other systems that there are none.
pub fn restore_user_variable(name: &str, value: Option<&Secret>, expands: bool) -> std::io::Result<()> {
    #[cfg(windows)]
    return registry::set_user_variable(name, value, expands).inspect(|()| registry::tell_open_programs());
    #[cfg(not(windows))]
    {
        let _ = (name, value, expands);
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

/// Whether there is a display to open a window on. Windows and macOS tell that only when one is opened.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn has_display() -> bool {
    let named = |name: &&str| std::env::var_os(name).is_some_and(|display| !display.is_empty());
    cfg!(any(windows, target_vendor = "apple")) || ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].iter().any(named)
}

/// Whether a graphics card draws the windows. Where none does, OpenGL is computed by the processor, and its library
/// takes longer to start than a whole diagnosis. Windows and macOS always have something that draws.
pub fn has_graphics_card() -> bool {
    cfg!(any(windows, target_vendor = "apple")) || os::graphics_devices().iter().any(|device| os::may_use(device))
}

/// Whom a check without `--home` judges.
pub fn as_whom() -> &'static str {
    #[cfg(unix)]
    if rustix::process::geteuid().is_root() {
        return "root";
    }
    "user"
}

/// The time since this was first asked.
pub fn clock() -> Duration {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGUN.elapsed()
}

/// A name for this run, to tell two reports apart: nothing of the person is in it.
pub fn run_id() -> String {
    use std::hash::{BuildHasher, Hasher};
    format!("{:016x}", std::hash::RandomState::new().build_hasher().finish())
}
