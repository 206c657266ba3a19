//! A temporary home, and the question to a shell that lives in it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::snapshot::Platform;
use authlight_engine::machine::login_shell::{Answer, Request, ShellTrouble, ask};

/// The program.
pub const AUTHLIGHT: &str = env!("CARGO_BIN_EXE_authlight");

/// The file that `ENV` names.
pub const FILE_OF_SH: &str = ".shrc";

/// Stands in the environment of all that a shell starts, and so tells who was left behind.
const TAG: &str = "AUTHLIGHT_TEST_HOME";

/// What came of a question.
pub type Said = Result<Answer, ShellTrouble>;

/// The value of a variable in an answer.
pub fn value<'a>(said: &'a Said, name: &str) -> Option<&'a str> {
    let variables = &said.as_ref().ok()?.variables;
    variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.plain())
}

/// The shell of that name; none where it is not installed and need not be.
#[expect(clippy::disallowed_methods, reason = "what the test is told by whoever runs it")]
pub fn shell(name: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("AUTHLIGHT_NU").filter(|_| name == "nu") {
        let named = PathBuf::from(named);
        assert!(named.exists(), "AUTHLIGHT_NU names no program");
        return Some(named);
    }
    let found = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(|folder| Path::new(folder).join(name));
    let found = found.into_iter().find(|path| path.exists());
    let must_be =
        ["bash", "dash"].contains(&name) || (name != "nu" && std::env::var_os("AUTHLIGHT_ALL_SHELLS").is_some());
    assert!(found.is_some() || !must_be, "{name} is not installed");
    if found.is_none() {
        eprintln!("SKIPPED: {name} is not installed");
    }
    found
}

pub struct Home {
    folder: tempfile::TempDir,
    pub deadline: Duration,
    pub helper: PathBuf,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Long enough for any machine; what has to take longer is given less.
        Self { folder, deadline: Duration::from_secs(60), helper: AUTHLIGHT.into() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn ask(&self, shell: &Path, platform: Platform) -> Said {
        self.ask_until(shell, platform, &AtomicBool::new(false))
    }

    pub fn ask_until(&self, shell: &Path, platform: Platform, cancel: &AtomicBool) -> Said {
        let home = self.folder.path().as_os_str();
        let variable = |name: &str, value: &std::ffi::OsStr| (OsString::from(name), value.to_owned());
        let base = [
            variable("HOME", home),
            variable(TAG, home),
            variable("ENV", self.path(FILE_OF_SH).as_os_str()),
            variable("PATH", "/usr/local/bin:/usr/bin:/bin".as_ref()),
            variable("LANG", "C.UTF-8".as_ref()),
            variable("TMUX_TMPDIR", home),
        ];
        ask(&Request {
            shell,
            platform,
            base: &base,
            folder: self.folder.path(),
            deadline: self.deadline,
            helper: &self.helper,
            cancel,
        })
    }

    /// What still runs of all that was started in this home.
    pub fn left_behind(&self) -> Vec<String> {
        let tag = format!("{TAG}={}", self.folder.path().display());
        let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
        let environment_holds_tag = |folder: &Path| {
            fs::read(folder.join("environ"))
                .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == tag.as_bytes()))
        };
        let left = processes.flatten().map(|entry| entry.path()).filter(|folder| environment_holds_tag(folder));
        left.map(|folder| {
            String::from_utf8_lossy(&fs::read(folder.join("cmdline")).unwrap_or_default()).replace('\0', " ")
        })
        .collect()
    }
}
