//! Judging alone, a whole look at a typical and at a heavy home, a megabyte of profiles. Targets: judging under 1 ms.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that cannot prepare has nothing to measure")]

use std::fs;
use std::path::Path;

use authlight_core::report::{Host, Live, Source};
use authlight_core::secret::Secret;
use authlight_core::shell::StaticEnvironment;
use authlight_core::snapshot::{Examined, Platform, Variable};
use authlight_engine::examination::Examination;
use authlight_engine::machine::desktop_files::new_terminal;
use authlight_engine::machine::os::Disk;
use authlight_engine::words::Language;
use tempfile::TempDir;

fn main() {
    divan::main();
}

struct Home {
    folder: TempDir,
}

impl Home {
    /// A key in the environment beside a paid login, a project with settings of its own.
    fn typical() -> Self {
        let folder = TempDir::new().unwrap();
        let home = Self { folder };
        home.write(
            ".claude/settings.json",
            r#"{"model": "opus", "env": {"ANTHROPIC_BASE_URL": "https://gw.example/llm"}}"#,
        );
        home.write("work/.claude/settings.json", r#"{"permissions": {"allow": ["Bash(ls)"]}}"#);
        let token = ["sk-ant-", "oat01-CANARY"].concat();
        let login = format!(
            r#"{{"claudeAiOauth": {{"accessToken": "{token}", "refreshToken": "{token}", "expiresAt": 4102444800000,
            "scopes": ["user:inference"], "subscriptionType": "max"}}}}"#
        );
        home.write(".claude/.credentials.json", &login);
        home.write(".claude.json", &state(30));
        home
    }

    fn heavy(projects: usize) -> Self {
        let home = Self::typical();
        home.write(".claude.json", &state(projects));
        home.write(".bashrc", &"# a line of a profile that somebody keeps for years\n".repeat(20_000));
        home
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn look(&self) -> Examination {
        let inside = |path: &Path| path.to_string_lossy().into_owned();
        let key = ["sk-ant-", "api03-CANARY"].concat();
        let variable = Variable {
            name: "ANTHROPIC_API_KEY".to_owned(),
            value: Secret::new(key),
            source: Source::variable("ANTHROPIC_API_KEY"),
        };
        let examined = Examined {
            now_ms: 1_800_000_000_000,
            host: Host { os: "linux".to_owned(), arch: "x86_64".to_owned(), ..Host::default() },
            project: Some(inside(&self.folder.path().join("work"))),
            ..Examined::of_process(Platform::Linux, inside(self.folder.path()), vec![variable])
        };
        Examination::look(&Disk::running(Platform::Linux), examined)
    }
}

/// A state file with so many projects, 10 KB each.
fn state(projects: usize) -> String {
    let history = "a prompt that somebody once typed ".repeat(280);
    let rows: Vec<String> = (0..projects)
        .map(|n| {
            format!(
                r#""/home/kim/work/{n}": {{"hasTrustDialogAccepted": true, "history": [{{"display": "{history}"}}]}}"#
            )
        })
        .collect();
    format!(r#"{{"hasCompletedOnboarding": true, "projects": {{{}}}, "numStartups": 7}}"#, rows.join(","))
}

#[divan::bench]
fn judge_alone(bencher: divan::Bencher<'_, '_>) {
    let examination = Home::typical().look();
    let words = Language::english();
    bencher.bench_local(|| examination.report(&Live::default(), &words));
}

#[divan::bench]
fn typical_home(bencher: divan::Bencher<'_, '_>) {
    let home = Home::typical();
    bencher.bench_local(|| home.look());
}

#[divan::bench(args = [2_500, 5_000])]
fn heavy_home(bencher: divan::Bencher<'_, '_>, projects: usize) {
    let home = Home::heavy(projects);
    bencher.bench_local(|| home.look());
}

/// What the heavy home costs at least: its bytes read in pieces of 256 KiB.
#[divan::bench(args = [2_500, 5_000])]
fn heavy_home_bytes_alone(bencher: divan::Bencher<'_, '_>, projects: usize) {
    use std::io::Read;
    let home = Home::heavy(projects);
    let mut buffer = vec![0; 256 * 1024];
    bencher.bench_local(|| {
        let mut sum = 0;
        for path in [".claude.json", ".bashrc"] {
            let mut file = fs::File::open(home.folder.path().join(path)).unwrap();
            loop {
                match file.read(&mut buffer).unwrap() {
                    0 => break,
                    read => sum += read,
                }
            }
        }
        sum
    });
}

/// What a profile holds that was added to for years: every line has to be followed.
const DENSE: &str = r#"export PATH="$HOME/bin:/usr/local/bin"
alias ll='ls -alF --color=auto'
if [ -f ~/.bash_aliases ]; then
    . ~/.bash_aliases
fi
export EDITOR=vim LESS=-R
case "$TERM" in
    xterm-color|*-256color) color_prompt=yes;;
esac
f() { local x="$1"; echo "${x:-none}"; }
[ -x /usr/bin/lesspipe ] && eval "$(SHELL=/bin/sh lesspipe)"
# a comment line that says something
export GOPATH=$HOME/go
"#;

/// The same in fish.
const DENSE_FISH: &str = r#"set -gx PATH $HOME/bin /usr/local/bin
alias ll 'ls -alF --color=auto'
if test -f ~/.config/fish/aliases.fish
    source ~/.config/fish/aliases.fish
end
set -gx EDITOR vim
set -gx LESS -R
switch "$TERM"
    case xterm-color '*-256color'
        set color_prompt yes
end
function f
    set -l x "$argv[1]"
    echo "$x"
end
type -q starship; and starship init fish | source
# a comment line that says something
set -gx GOPATH $HOME/go
"#;

/// What a new terminal would have, by reading a profile of one megabyte. zsh reads it for the login and for the
/// terminal.
#[divan::bench(args = ["bash", "zsh", "fish"])]
fn a_megabyte_of_profiles(bencher: divan::Bencher<'_, '_>, shell: &str) {
    let home = Home { folder: TempDir::new().unwrap() };
    let (path, text, last) = match shell {
        "fish" => (".config/fish/config.fish", DENSE_FISH, "set -gx ANTHROPIC_API_KEY a1\n"),
        "zsh" => (".zshrc", DENSE, "export ANTHROPIC_API_KEY=a1\n"),
        _ => (".bashrc", DENSE, "export ANTHROPIC_API_KEY=a1\n"),
    };
    home.write(path, &format!("{}{last}", text.repeat((1 << 20) / text.len())));
    let inside = home.folder.path().to_string_lossy().into_owned();
    let shell = format!("/bin/{shell}");
    let (disk, base) = (Disk::running(Platform::Linux), StaticEnvironment::default());
    bencher.bench_local(|| new_terminal(&disk, Platform::Linux, &inside, Some(&shell), &base));
}
