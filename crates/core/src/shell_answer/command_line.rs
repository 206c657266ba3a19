//! Command lines.

use crate::snapshot::Platform;

/// What this program is called with inside the shell, before the mark.
pub const TELL_ENVIRONMENT: &str = "tell-environment";

/// A shell that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// `sh`, `dash`, `ash`, `ksh`
    Sh,
    /// Nushell
    Nu,
    /// PowerShell, both the 5 of Windows (`powershell.exe`) and 7 (`pwsh`).
    PowerShell,
    /// `cmd.exe`
    Cmd,
}

impl Program {
    /// The shell of a program's path. None for one that is not run: what a new terminal with it would read is not known,
    /// or, as a restricted shell, it does not call programs by their path.
    pub fn of_path(platform: Platform, path: &str) -> Option<Self> {
        let separators: &[char] = if platform == Platform::Windows { &['/', '\\'] } else { &['/'] };
        let name = path.rsplit(separators).next().unwrap_or_default();
        if platform == Platform::Windows {
            let name = name.to_ascii_lowercase();
            return match name.strip_suffix(".exe").unwrap_or(&name) {
                "powershell" | "pwsh" => Some(Self::PowerShell),
                "cmd" => Some(Self::Cmd),
                "nu" => Some(Self::Nu),
                _ => None,
            };
        }
        match name {
            "bash" => Some(Self::Bash),
            "zsh" => Some(Self::Zsh),
            "fish" => Some(Self::Fish),
            "sh" | "dash" | "ash" | "ksh" | "ksh93" | "mksh" => Some(Self::Sh),
            "nu" => Some(Self::Nu),
            "pwsh" => Some(Self::PowerShell),
            _ => None,
        }
    }

    /// The arguments with which it reads what it reads in a new terminal, and then calls `helper` with `words`.
    ///
    /// macOS terminals open login shells, those of Linux do not. Those of [`Program::Cmd`] are to be handed over as they
    /// are: cmd has rules of its own for quotation marks.
    pub fn arguments(self, platform: Platform, helper: &str, words: &[&str]) -> Vec<String> {
        let call = self.call(helper, words);
        let login = platform == Platform::MacOs;
        let flags: &[&str] = match self {
            Self::Bash | Self::Zsh | Self::Fish | Self::Sh if login => &["-l", "-i", "-c"],
            Self::Bash | Self::Zsh | Self::Fish | Self::Sh => &["-i", "-c"],
            // Before `--commands` it reads no folder named autoload, and without `--login` no config.nu (observed).
            Self::Nu if login => &["--login", "--no-history", "--execute"],
            Self::Nu => &["--no-history", "--execute"],
            Self::PowerShell if login => &["-Login", "-NoLogo", "-Command"],
            Self::PowerShell => &["-NoLogo", "-Command"],
            // `/s`: the outermost quotation marks are taken off, and nothing else.
            Self::Cmd => &["/s", "/c"],
        };
        flags.iter().map(|flag| (*flag).to_owned()).chain([call]).collect()
    }

    /// Whether its arguments are handed over as they are.
    pub fn is_verbatim(self) -> bool {
        self == Self::Cmd
    }

    /// The call in the shell's grammar. Every word is quoted, so that no alias takes it for its name; and the program is
    /// called by its whole path, so that no function is. `command` before it would be one more word to shadow.
    fn call(self, helper: &str, words: &[&str]) -> String {
        let quote: fn(&str) -> String = match self {
            Self::Bash | Self::Zsh | Self::Sh => |word| format!("'{}'", word.replace('\'', r"'\''")),
            Self::Fish => |word| format!("'{}'", word.replace('\\', r"\\").replace('\'', r"\'")),
            Self::Nu => nu_quoted,
            Self::PowerShell => powershell_quoted,
            Self::Cmd => |word| format!("\"{word}\""),
        };
        let call = std::iter::once(&helper).chain(words).map(|word| quote(word)).collect::<Vec<_>>().join(" ");
        match self {
            // Behind it nu would begin to ask a person.
            Self::Nu => format!("^{call}; exit"),
            Self::PowerShell => format!("& {call}"),
            Self::Cmd => format!("\"{call}\""),
            Self::Bash | Self::Zsh | Self::Fish | Self::Sh => call,
        }
    }

    /// The command line as a person reads it, before anything is run.
    pub fn shown(self, platform: Platform, shell: &str) -> String {
        let arguments = self.arguments(platform, "authlight", &[TELL_ENVIRONMENT]);
        let Some((call, flags)) = arguments.split_last() else { return shell.to_owned() };
        // The quotation marks that nobody needs to read.
        let call = call.replace(['\'', '"'], "");
        format!("{shell} {} \"{call}\"", flags.join(" "))
    }
}

fn nu_quoted(word: &str) -> String {
    if word.contains('\'') {
        format!("\"{}\"", word.replace('\\', r"\\").replace('"', "\\\""))
    } else {
        format!("'{word}'")
    }
}

/// PowerShell takes the typographic quotation marks for plain ones.
fn powershell_quoted(word: &str) -> String {
    let doubled = |c: char| {
        let is_quote = matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}');
        std::iter::repeat_n(c, 1 + usize::from(is_quote))
    };
    format!("'{}'", word.chars().flat_map(doubled).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(program: Program, platform: Platform, helper: &str) -> Vec<String> {
        program.arguments(platform, helper, &[TELL_ENVIRONMENT, "Q1"])
    }

    #[test]
    fn shells_are_known_by_their_file_name() {
        let of = Program::of_path;
        assert_eq!(of(Platform::Linux, "/opt/homebrew/bin/bash"), Some(Program::Bash));
        assert_eq!(of(Platform::Linux, "/usr/bin/mksh"), Some(Program::Sh));
        for not_run in ["/bin/rbash", "/bin/tcsh", "/usr/sbin/nologin", "/bin/false", "bash/", ""] {
            assert_eq!(of(Platform::Linux, not_run), None, "{not_run}");
        }
        let five = r"C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.EXE";
        assert_eq!(of(Platform::Windows, five), Some(Program::PowerShell));
        assert_eq!(of(Platform::Windows, r"C:\Windows\system32\cmd.exe"), Some(Program::Cmd));
        assert_eq!(of(Platform::Windows, r"C:\Program Files\Git\bin\bash.exe"), None);
    }

    #[test]
    fn terminals_of_macos_open_login_shells_and_those_of_linux_do_not() {
        let call = "'/a b/authlight' 'tell-environment' 'Q1'";
        assert_eq!(line(Program::Zsh, Platform::MacOs, "/a b/authlight"), ["-l", "-i", "-c", call]);
        assert_eq!(line(Program::Bash, Platform::Linux, "/a b/authlight"), ["-i", "-c", call]);
        assert_eq!(
            line(Program::Nu, Platform::Linux, "/it's/authlight"),
            ["--no-history", "--execute", r#"^"/it's/authlight" 'tell-environment' 'Q1'; exit"#]
        );
    }

    #[test]
    fn windows_shells_call_a_program_by_a_path_with_blanks_and_quotes() {
        let path = r"C:\Users\O'Neil & Co\authlight.exe";
        assert_eq!(
            line(Program::PowerShell, Platform::Windows, path),
            ["-NoLogo", "-Command", r"& 'C:\Users\O''Neil & Co\authlight.exe' 'tell-environment' 'Q1'"]
        );
        assert_eq!(
            line(Program::Cmd, Platform::Windows, path),
            ["/s", "/c", r#"""C:\Users\O'Neil & Co\authlight.exe" "tell-environment" "Q1"""#]
        );
        assert!(powershell_quoted("\u{2019}").ends_with("\u{2019}\u{2019}'"));
    }

    #[test]
    fn the_command_is_shown_without_what_only_machines_read() {
        assert_eq!(
            Program::Zsh.shown(Platform::MacOs, "/bin/zsh"),
            r#"/bin/zsh -l -i -c "authlight tell-environment""#
        );
        assert_eq!(
            Program::Cmd.shown(Platform::Windows, r"C:\Windows\system32\cmd.exe"),
            r#"C:\Windows\system32\cmd.exe /s /c "authlight tell-environment""#
        );
    }
}
