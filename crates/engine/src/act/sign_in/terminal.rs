//! The sign-in in a terminal, where the browser cannot hand it over: the person pastes the code there.
//!
//! Which terminal: the one that the system calls its own, then those that are found. The command stands in a small script
//! that takes itself away, since each terminal takes a command in its own way. No secret is in it: what the script sets is
//! where Claude Code keeps its files.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use authlight_core::claude_code::sign_in::Call;
use authlight_core::report::Host;
use authlight_core::snapshot::Platform;

use super::hands_over_elsewhere;
use crate::live::OwnClaude;
use crate::machine;

/// The folder of the login is moved by these; neither is a secret.
const WHERE: [&str; 2] = ["CLAUDE_CONFIG_DIR", "CLAUDE_SECURESTORAGE_CONFIG_DIR"];

/// How each terminal is given a program: what stands before it. The system's own choice comes first.
const TERMINALS: &[(&str, &[&str])] = &[
    ("x-terminal-emulator", &["-e"]),
    ("xdg-terminal-exec", &[]),
    ("gnome-terminal", &["--"]),
    ("ptyxis", &["--"]),
    ("kgx", &["--"]),
    ("konsole", &["-e"]),
    ("xfce4-terminal", &["-x"]),
    ("mate-terminal", &["-x"]),
    ("lxterminal", &["-e"]),
    ("kitty", &[]),
    ("alacritty", &["-e"]),
    ("foot", &[]),
    ("xterm", &["-e"]),
];

/// What the person does in a terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct TerminalPlan {
    /// Why: `ssh`, `container`, `wsl`, or `asked` where the person wants it so.
    pub place: &'static str,
    /// The command, to be copied.
    pub command: String,
    /// How a terminal is opened with it; none where none was found, or where it would open on another screen.
    pub launch: Option<Launch>,
}

/// A terminal, and what it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    platform: Platform,
    /// The terminal, with what stands before the script.
    program: PathBuf,
    arguments: Vec<OsString>,
    /// What the script says.
    script: String,
    /// What the terminal begins with.
    environment: Vec<(OsString, OsString)>,
}

/// The plan for this machine. `place`: why the browser cannot hand over; none: the person wants a terminal.
pub fn terminal_plan(own: &OwnClaude, call: &Call, platform: Platform, host: &Host) -> TerminalPlan {
    plan(own, call, platform, host, machine::has_display(), &machine::system_program)
}

fn plan(
    own: &OwnClaude,
    call: &Call,
    platform: Platform,
    host: &Host,
    has_display: bool,
    find: &dyn Fn(&str) -> Option<PathBuf>,
) -> TerminalPlan {
    let place = hands_over_elsewhere(host).unwrap_or("asked");
    let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
    let named = |name: &&'static str| {
        let (_, value) = own.environment.iter().find(|(known, _)| known == *name)?;
        Some((*name, text(value)))
    };
    let job = Job {
        program: own.program.clone(),
        arguments: call.arguments(),
        folder: own.folder.clone(),
        set: WHERE.iter().filter_map(named).collect(),
        environment: own.environment.clone(),
    };
    TerminalPlan { place, command: call.command(), launch: launch_with(&job, platform, host, has_display, find) }
}

/// What runs in a terminal of the person's.
#[derive(Clone, Debug)]
pub struct Job {
    /// The program.
    pub program: PathBuf,
    /// Its arguments. Never a secret: other programs see them.
    pub arguments: Vec<String>,
    /// Where it starts.
    pub folder: PathBuf,
    /// What the script sets for it, whatever the terminal has. Never a secret.
    pub set: Vec<(&'static str, String)>,
    /// What the terminal begins with.
    pub environment: Vec<(OsString, OsString)>,
}

/// How a terminal is opened in which this runs; none where none was found, or where it would open on another screen.
pub fn launch(job: &Job, platform: Platform, host: &Host) -> Option<Launch> {
    launch_with(job, platform, host, machine::has_display(), &machine::system_program)
}

fn launch_with(
    job: &Job,
    platform: Platform,
    host: &Host,
    has_display: bool,
    find: &dyn Fn(&str) -> Option<PathBuf>,
) -> Option<Launch> {
    // Over SSH a window, where one opens at all, opens on a screen that nobody sits at.
    let may_open = !host.ssh && !host.container;
    let found = may_open.then(|| terminal(platform, host, has_display, find)).flatten();
    found.map(|(program, arguments)| Launch {
        platform,
        program,
        arguments: arguments.into_iter().map(OsString::from).collect(),
        script: script(job, platform),
        environment: job.environment.clone(),
    })
}

/// The terminal, and what stands before the script.
fn terminal(
    platform: Platform,
    host: &Host,
    has_display: bool,
    find: &dyn Fn(&str) -> Option<PathBuf>,
) -> Option<(PathBuf, Vec<String>)> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match platform {
        Platform::Windows => Some((find("cmd.exe")?, words(&["/d", "/c", "start", ""]))),
        Platform::MacOs => Some((find("open")?, words(&["-a", "Terminal"]))),
        Platform::Linux => {
            // Windows' own terminal, which lies on the path inside WSL.
            let windows = host.wsl.then(|| find("wt.exe")).flatten();
            let windows = windows.map(|wt| (wt, words(&["wsl.exe", "--", "sh"])));
            let own = || {
                let found = TERMINALS.iter().find_map(|(name, before)| Some((find(name)?, *before)));
                found.map(|(program, before)| (program, words(&[before, &["sh"]].concat())))
            };
            windows.or_else(|| has_display.then(own).flatten())
        }
    }
}

/// The script. On macOS the Terminal starts a file of its own kind; elsewhere it is handed to a shell.
fn script(job: &Job, platform: Platform) -> String {
    let (program, folder) = (job.program.to_string_lossy(), job.folder.to_string_lossy());
    let (arguments, set) = (&job.arguments, job.set.iter());
    if platform == Platform::Windows {
        let set = set.map(|(name, value)| format!("set \"{name}={}\"\r\n", doubled(value))).collect::<String>();
        let arguments = arguments.join(" ");
        return format!(
            "@echo off\r\ncd /d \"{}\"\r\n{set}call \"{}\" {arguments}\r\necho.\r\npause\r\n(goto) 2>nul & del \"%~f0\"\r\n",
            doubled(&folder),
            doubled(&program),
        );
    }
    let set = set.map(|(name, value)| format!("export {name}={}\n", quoted(value))).collect::<String>();
    let arguments: String = arguments.iter().map(|argument| format!(" {}", quoted(argument))).collect();
    format!(
        "#!/bin/sh\nrm -f -- \"$0\"\nrmdir -- \"$(dirname -- \"$0\")\" 2>/dev/null\ncd {} || exit\n{set}{}{arguments}\n\
         printf '\\n'\nexec \"${{SHELL:-sh}}\"\n",
        quoted(&folder),
        quoted(&program),
    )
}

/// A word for `sh`.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Inside quotation marks of `cmd`: a percent sign would begin a variable, and a quotation mark is in no name.
fn doubled(text: &str) -> String {
    text.replace('%', "%%").replace(['"', '\r', '\n'], "")
}

impl Launch {
    /// Opens the terminal. It is the person's own then: nothing here waits for it, or ends it.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(&self) -> io::Result<()> {
        let folder = tempfile::Builder::new().prefix("authlight-").tempdir()?;
        let script = self.write(folder.path())?;
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(&script);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        // The script takes itself and its folder away when it begins.
        let _left_to_the_script = folder.keep();
        // Whoever ends is waited for, so that no trace of it stays in the list of programs.
        std::thread::Builder::new().name("terminal".to_owned()).spawn(move || child.wait())?;
        Ok(())
    }

    fn write(&self, folder: &Path) -> io::Result<PathBuf> {
        let name = match self.platform {
            Platform::Windows => "authlight.cmd",
            Platform::MacOs => "authlight.command",
            Platform::Linux => "authlight.sh",
        };
        let path = folder.join(name);
        let mut file = fs::File::create_new(&path)?;
        file.write_all(self.script.as_bytes())?;
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(path)
    }
}

#[cfg(test)]
impl Launch {
    /// One that opens nothing.
    pub(crate) fn of_a_test() -> Self {
        let (program, arguments, environment) = (PathBuf::from("/bin/false"), Vec::new(), Vec::new());
        Self { platform: Platform::Linux, program, arguments, script: String::new(), environment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Output;

    fn own(folder: &Path, program: &str) -> OwnClaude {
        OwnClaude {
            program: folder.join(program),
            arguments: Vec::new(),
            folder: folder.to_owned(),
            environment: vec![
                ("PATH".into(), "/usr/bin:/bin".into()),
                ("CLAUDE_CONFIG_DIR".into(), folder.join("con fig's").into()),
                ("ANTHROPIC_API_KEY".into(), ["sk-ant-", "api03-CANARY"].concat().into()),
            ],
        }
    }

    fn launch(platform: Platform, host: Host, has_display: bool, there: &[&str]) -> Option<(String, Vec<OsString>)> {
        let find = |name: &str| there.contains(&name).then(|| PathBuf::from("/bin").join(name));
        let plan = plan(&own(Path::new("/home/kim"), "claude"), &Call::default(), platform, &host, has_display, &find);
        assert_eq!(plan.command, "claude auth login");
        let launch = plan.launch?;
        assert!(!launch.script.contains("CANARY") && launch.script.contains("CLAUDE_CONFIG_DIR"));
        Some((launch.program.file_name()?.to_string_lossy().into_owned(), launch.arguments))
    }

    #[test]
    fn each_system_opens_its_own_terminal() {
        let here = Host::default;
        let linux = launch(Platform::Linux, here(), true, &["xterm", "konsole"]).unwrap();
        assert_eq!(linux, ("konsole".to_owned(), vec!["-e".into(), "sh".into()]));
        let wsl = launch(Platform::Linux, Host { wsl: true, ..here() }, false, &["wt.exe"]).unwrap();
        assert_eq!(wsl.0, "wt.exe");
        assert_eq!(launch(Platform::MacOs, here(), true, &["open"]).unwrap().0, "open");
        assert_eq!(launch(Platform::Windows, here(), true, &["cmd.exe"]).unwrap().0, "cmd.exe");
    }

    #[test]
    fn where_nobody_would_see_it_no_terminal_is_opened() {
        assert_eq!(launch(Platform::Linux, Host { ssh: true, ..Host::default() }, true, &["xterm"]), None);
        assert_eq!(launch(Platform::Linux, Host { container: true, ..Host::default() }, true, &["xterm"]), None);
        assert_eq!(launch(Platform::Linux, Host::default(), false, &["xterm"]), None);
        assert_eq!(launch(Platform::Linux, Host::default(), true, &[]), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_script_runs_the_command_where_it_belongs_and_takes_itself_away() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("it's \"odd\" $HOME");
        fs::create_dir(&odd).unwrap();
        let claude = odd.join("claude");
        fs::write(&claude, "#!/bin/sh\nprintf '%s|' \"$PWD\" \"$CLAUDE_CONFIG_DIR\" \"$@\"\n").unwrap();
        fs::set_permissions(&claude, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let own = own(&odd, "claude");
        let find = |name: &str| (name == "xterm").then(|| PathBuf::from("/bin/sh"));
        let call = Call { sso: true, ..Call::default() };
        let plan = plan(&own, &call, Platform::Linux, &Host::default(), true, &find);
        let own_folder = folder.path().join("own");
        fs::create_dir(&own_folder).unwrap();
        let script = plan.launch.unwrap().write(&own_folder).unwrap();
        let mut command = Command::new("/bin/sh");
        command.arg(&script).env_clear().env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/true").stdin(Stdio::null());
        let Output { stdout, .. } = command.output().unwrap();
        let said = String::from_utf8_lossy(&stdout).into_owned();
        let config = odd.join("con fig's");
        assert_eq!(said.trim_end(), format!("{}|{}|auth|login|--sso|", odd.display(), config.display()));
        assert!(!own_folder.exists());
    }

    #[test]
    fn on_windows_nothing_in_a_path_is_a_variable() {
        let own = OwnClaude { program: r"C:\100% me\claude.exe".into(), ..own(Path::new(r"C:\Users\kim"), "x") };
        let find = |_: &str| Some(PathBuf::from("cmd.exe"));
        let plan = plan(&own, &Call::default(), Platform::Windows, &Host::default(), true, &find);
        let script = plan.launch.unwrap().script;
        assert!(script.contains("call \"C:\\100%% me\\claude.exe\" auth login\r\n"), "{script}");
        assert!(!script.contains("CANARY"));
    }
}
