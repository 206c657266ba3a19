//! The person's own open programs that matter here: Claude Code, and shells in a terminal. Pure readers of what Linux
//! says in `/proc`.

use zeroize::Zeroizing;

use crate::claude_code::variables;
use crate::reading::Reading;
use crate::report::Source;
use crate::residents;
use crate::secret::Secret;
use crate::shell::Shell;
use crate::snapshot::{Platform, Variable};

/// The largest environment of a program that is read, in bytes.
pub const ENVIRONMENT_LIMIT: u64 = 256 << 10;

/// The first so many programs are looked at.
pub const MOST_PROGRAMS: usize = 4096;

/// Ticks a second of the times in `/proc` (`USER_HZ`, the same on every processor that Claude Code runs on).
const TICKS: u64 = 100;

/// What a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProgramKind {
    /// Claude Code.
    ClaudeCode,
    /// A shell in which somebody types.
    Shell(Shell),
    /// What starts programs from menus and icons.
    Desktop,
    /// One that rewrites Claude Code's settings or holds an endpoint; its word.
    Resident(&'static str),
}

/// Programs that draw a desktop on Linux and start what is clicked there: its shell, or where it has none its window
/// manager.
const DESKTOPS: &[&str] = &[
    "gnome-shell",
    "plasmashell",
    "cinnamon",
    "xfce4-panel",
    "mate-panel",
    "lxqt-panel",
    "lxpanel",
    "budgie-panel",
    "cosmic-panel",
    "gala",
    "deepin-launcher",
    "enlightenment",
    "sway",
    "Hyprland",
    "i3",
    "awesome",
    "bspwm",
    "niri",
    "river",
    "labwc",
    "wayfire",
    "openbox",
];

/// A program that runs.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its number.
    pub pid: u32,
    /// What it is.
    pub kind: ProgramKind,
    /// When it was started, milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// Its working folder.
    pub folder: Option<String>,
    /// Whether flags were given to it that say which settings count. What they say is not kept.
    pub own_settings: bool,
    /// What it was started with, of the names on the fact list. Of a shell it is not looked at: that is not what it
    /// has now.
    pub environment: Reading<Vec<Variable>>,
}

/// What a program is, by its path, its arguments, and whether it has a terminal. None: nothing that matters here.
pub fn kind(path: &str, arguments: &[String], terminal: bool) -> Option<ProgramKind> {
    if is_claude_code(path, arguments) {
        return Some(ProgramKind::ClaudeCode);
    }
    if DESKTOPS.contains(&name(running_path(path))) {
        return Some(ProgramKind::Desktop);
    }
    if let Some(resident) = residents::of_program(running_path(path), arguments) {
        return Some(ProgramKind::Resident(resident.id));
    }
    let shell = Shell::of_path(running_path(path));
    (terminal && shell != Shell::Other && is_typed_into(arguments)).then_some(ProgramKind::Shell(shell))
}

/// Whether a program with this path may be one that matters, whatever its arguments: most are not, and nothing more is
/// asked about them.
pub fn may_matter(path: &str) -> bool {
    let path = running_path(path);
    is_native(path)
        || is_runtime(path)
        || DESKTOPS.contains(&name(path))
        || residents::of_program(path, &[]).is_some()
        || Shell::of_path(path) != Shell::Other
}

/// Whether flags say which settings count.
pub fn has_own_settings(arguments: &[String]) -> bool {
    let flags = ["--settings", "--setting-sources", "--bare"];
    arguments.iter().any(|word| flags.contains(&word.split('=').next().unwrap_or_default()))
}

/// A program that was replaced by an update still runs under its old name.
fn running_path(path: &str) -> &str {
    path.strip_suffix(" (deleted)").unwrap_or(path)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The native program lies below `claude/versions`, or is called `claude`.
fn is_native(path: &str) -> bool {
    name(path) == "claude" || path.rsplit_once('/').is_some_and(|(folder, _)| folder.ends_with("/claude/versions"))
}

fn is_runtime(path: &str) -> bool {
    matches!(name(path), "node" | "nodejs" | "bun")
}

fn is_claude_code(path: &str, arguments: &[String]) -> bool {
    let path = running_path(path);
    if !is_runtime(path) {
        return is_native(path);
    }
    // A program under Node may give itself a title in place of its arguments.
    let called = arguments.first().is_some_and(|first| first.trim() == "claude");
    let script = arguments.iter().skip(1).find(|word| !word.starts_with('-'));
    called || script.is_some_and(|script| script.ends_with("/claude-code/cli.js") || name(script) == "claude")
}

/// Whether somebody types into a shell with these arguments: it runs neither a file nor a command.
fn is_typed_into(arguments: &[String]) -> bool {
    let mut words = arguments.iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--init-file" | "--rcfile" | "--init-command" | "-C" | "-o" | "+o" | "-O" | "+O" => drop(words.next()),
            word if word.starts_with("--") => {
                if word == "--command" || word.starts_with("--command=") {
                    return false;
                }
            }
            word if word.starts_with(['-', '+']) => {
                if word.contains('c') {
                    return false;
                }
            }
            _ => return false,
        }
    }
    true
}

/// Whether a program is this account's in every way, and not one of a container, by its `status`.
pub fn is_only_of(status: &str, account: u32) -> bool {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(|line| line.split_ascii_whitespace().collect::<Vec<_>>())
    };
    let owners = field("Uid").unwrap_or_default();
    let account = account.to_string();
    let is_here = field("NSpid").is_none_or(|numbers| numbers.len() < 2);
    owners.len() == 4 && owners.iter().all(|owner| *owner == account) && is_here
}

/// Whether a program has a terminal, and when it was started (ticks since the system was), by its `stat`.
pub fn terminal_and_start(stat: &str) -> Option<(bool, u64)> {
    // The name before may hold blanks and brackets.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    Some((*fields.get(4)? != "0", fields.get(19)?.parse().ok()?))
}

/// When the system was started, seconds since 1970, by the system's own `stat`.
pub fn boot_time(stat: &str) -> Option<i64> {
    stat.lines().find_map(|line| line.strip_prefix("btime ")?.trim().parse().ok())
}

/// When a program was started, milliseconds since 1970.
pub fn started_ms(boot_time: i64, ticks: u64) -> Option<i64> {
    let since_boot = i64::try_from(ticks.checked_mul(1000)? / TICKS).ok()?;
    boot_time.checked_mul(1000)?.checked_add(since_boot)
}

/// The words of a command line, each ended by a NUL.
pub fn words(command_line: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(command_line);
    text.trim_end_matches('\0').split('\0').map(str::to_owned).collect()
}

/// Of an environment, entries ended by NULs, the variables on the fact list. Nothing else is taken in.
pub fn environment(entries: &Zeroizing<Vec<u8>>) -> Vec<Variable> {
    let entries = entries.split(|byte| *byte == 0);
    let variables = entries.filter_map(|entry| {
        let equals = entry.iter().position(|byte| *byte == b'=')?;
        let fact = variables::named(Platform::Linux, std::str::from_utf8(&entry[..equals]).ok()?)?;
        let value = Secret::new(String::from_utf8_lossy(&entry[equals + 1..]));
        Some(Variable { name: fact.name.to_owned(), value, source: Source::variable(fact.name) })
    });
    variables.collect()
}

impl Program {
    /// What it was started with under this name; of several the last.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        Variable::find(self.environment.found()?, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, arguments: &[&str], terminal: bool) -> Option<ProgramKind> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        assert!(may_matter(path) || kind(path, &arguments, terminal).is_none(), "{path}");
        kind(path, &arguments, terminal)
    }

    #[test]
    fn claude_code_is_known_by_its_program_or_its_script() {
        for (path, arguments) in [
            ("/home/kim/.local/share/claude/versions/2.1.330", &["claude"][..]),
            ("/home/kim/.local/share/claude/versions/2.1.300 (deleted)", &["claude", "-p", "x"]),
            ("/usr/bin/claude", &["claude"]),
            ("/usr/bin/node", &["claude"]),
            ("/usr/bin/node", &["node", "--no-warnings", "/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js"]),
            (
                "/home/kim/.nvm/versions/node/v22.1.0/bin/node",
                &["node", "/home/kim/.nvm/versions/node/v22.1.0/bin/claude"],
            ),
        ] {
            assert_eq!(of(path, arguments, false), Some(ProgramKind::ClaudeCode), "{path} {arguments:?}");
        }
        for (path, arguments) in [
            ("/usr/bin/node", &["node", "server.js", "claude"][..]),
            ("/usr/bin/node", &["node"]),
            ("/usr/bin/vim", &["vim", "claude"]),
            ("/opt/claude/versions-tool", &["claude"]),
            ("/usr/bin/claude-desktop", &["claude-desktop"]),
        ] {
            assert_eq!(of(path, arguments, true), None, "{path} {arguments:?}");
        }
    }

    #[test]
    fn a_shell_counts_where_somebody_types() {
        for (path, arguments, shell) in [
            ("/usr/bin/bash", &["-bash"][..], Shell::Bash),
            ("/usr/bin/bash", &["bash", "--init-file", "/opt/code/shellIntegration-bash.sh"], Shell::Bash),
            ("/usr/bin/zsh", &["/usr/bin/zsh", "-il"], Shell::Zsh),
            ("/usr/bin/fish", &["fish", "--init-command", "source x"], Shell::Fish),
        ] {
            assert_eq!(of(path, arguments, true), Some(ProgramKind::Shell(shell)), "{arguments:?}");
            assert_eq!(of(path, arguments, false), None, "without a terminal: {arguments:?}");
        }
        for arguments in
            [&["bash", "build.sh"][..], &["bash", "-c", "sleep 9"], &["bash", "-lc", "x"], &["sh", "-e", "x"]]
        {
            assert_eq!(of("/usr/bin/bash", arguments, true), None, "{arguments:?}");
        }
        assert_eq!(of("/usr/bin/fish", &["fish", "--command=ls"], true), None);
    }

    #[test]
    fn what_the_system_says_of_a_program() {
        let stat =
            "4242 (a ) b) S 1 4242 4242 34816 4242 4194304 9 0 0 0 1 2 0 0 20 0 1 0 123456 8192 1 18446744073709551615";
        assert_eq!(terminal_and_start(stat), Some((true, 123_456)));
        assert_eq!(terminal_and_start(&stat.replace("34816", "0")), Some((false, 123_456)));
        for end in 0..stat.len() {
            let _ = terminal_and_start(&stat[..end]);
        }
        assert_eq!(boot_time("cpu  1 2\nbtime 1795430000\nprocesses 3\n"), Some(1_795_430_000));
        assert_eq!(started_ms(1_795_430_000, 250), Some(1_795_430_002_500));
        assert_eq!(started_ms(i64::MAX, 1), None);
        assert_eq!(words(b"bash\0-l\0"), ["bash", "-l"]);
    }

    #[test]
    fn only_what_is_this_accounts_alone_is_looked_at() {
        let status = |owners: &str, number: &str| {
            format!("Name:\tbash\nUid:\t{owners}\nGid:\t1\t1\t1\t1\n{number}VmPeak:\t1 kB\n")
        };
        assert!(is_only_of(&status("1000\t1000\t1000\t1000", "NSpid:\t77\n"), 1000));
        assert!(is_only_of(&status("1000\t1000\t1000\t1000", ""), 1000));
        assert!(!is_only_of(&status("1001\t1001\t1001\t1001", ""), 1000), "another account");
        assert!(!is_only_of(&status("1000\t0\t0\t0", ""), 1000), "with the rights of another");
        assert!(!is_only_of(&status("0\t1000\t0\t0", ""), 1000));
        assert!(!is_only_of(&status("1000\t1000\t1000\t1000", "NSpid:\t77\t5\n"), 1000), "in a container");
        assert!(!is_only_of("", 1000));
    }

    #[test]
    fn of_an_environment_only_listed_names_are_taken() {
        let key = ["sk-ant-", "api03-CANARY"].concat();
        let entries =
            format!("OTHER_SECRET=x\0ANTHROPIC_API_KEY={key}\0ANTHROPIC_API_KEY_OLD=y\0broken\0HOME=/home/kim");
        let taken = environment(&Zeroizing::new(entries.into_bytes()));
        let names: Vec<&str> = taken.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["ANTHROPIC_API_KEY", "HOME"]);
        assert!(taken[0].value.same_as(&Secret::new(key)));
    }
}
