//! Claude Code where there is none: which ways stand open, and a package manager that is started.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands
#![cfg(unix)] // programs are laid out with modes

#[path = "support/desk.rs"]
mod desk;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use authlight_core::claude_code::ways::Standing;
use authlight_core::fixes::install_claude_code::ID;
use authlight_core::message::Words as _;
use authlight_core::report::Context;
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Examined, Platform, Variable};
use authlight_engine::act::install::{self, Ways};
use authlight_engine::contexts;
use authlight_engine::examination::Examination;
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::session::{Errand, ErrandTrouble, Printed};
use authlight_engine::words::Language;

use desk::{Desk, api_key};

fn program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

/// A machine of this system with this PATH and these programs.
struct Bench {
    root: tempfile::TempDir,
    platform: Platform,
    path: &'static str,
}

impl Bench {
    fn new(platform: Platform, path: &'static str, programs: &[&str]) -> Self {
        let bench = Self { root: tempfile::tempdir().unwrap(), platform, path };
        for path in programs {
            program(&bench.disk().outside(path), "");
        }
        bench
    }

    fn with(self, path: &str, text: &str) -> Self {
        program(&self.disk().outside(path), text);
        self
    }

    fn disk(&self) -> Disk {
        Disk::below(self.root.path().to_owned(), self.platform)
    }

    fn look(&self) -> Examination {
        let home = match self.platform {
            Platform::Linux => "/home/kim",
            Platform::MacOs => "/Users/kim",
            Platform::Windows => r"C:\Users\kim",
        };
        let variables = vec![Variable::of(self.platform, "PATH", Secret::new(self.path)).unwrap()];
        let examined = Examined::of_process(self.platform, home.to_owned(), variables);
        contexts::examine(&self.disk(), examined, Context::Process, contexts::STATICALLY)
    }

    fn ways(&self) -> Ways {
        let now = self.look();
        assert!(install::is_missing(&now));
        Ways::look(&self.disk(), &now)
    }

    fn standings(&self) -> Vec<(&'static str, &'static str)> {
        let ways = self.ways();
        let words = Language::english();
        for (way, standing) in &ways.all {
            let said = [words.say(&install::named(way)), words.say(&install::standing(way, standing))];
            assert!(said.iter().all(|said| !said.is_empty() && !said.contains(['{', '}'])), "{said:?}");
        }
        ways.all.iter().map(|(way, standing)| (way.id, standing.word())).collect()
    }
}

fn header(version: &str) -> String {
    let names = ["MAJOR", "MINOR", "PATCH"];
    let line = |(name, number): (&str, &str)| format!("#define NODE_{name}_VERSION {number}\n");
    names.into_iter().zip(version.split('.')).map(line).collect()
}

#[test]
fn each_machine_has_the_ways_that_are_open_there() {
    let usual = "/usr/local/bin:/usr/bin:/bin";
    let npm = &["/usr/local/bin/npm", "/usr/local/bin/node"][..];
    let linux = |npm| vec![("native", "shown"), ("npm", npm), ("packages", "shown")];
    let bench = |programs| Bench::new(Platform::Linux, usual, programs);
    assert_eq!(bench(&[]).standings(), linux("no-manager"));
    assert_eq!(bench(&npm[..1]).standings(), linux("no-node"));
    assert_eq!(bench(npm).standings(), linux("node-not-asked"));
    let told = |version| bench(npm).with("/usr/local/include/node/node_version.h", &header(version)).standings();
    assert_eq!(told("18.20.4"), linux("old-node"));
    assert_eq!(told("22.11.0"), linux("ready"));

    let nvm = "/home/kim/.nvm/versions/node/v20.11.1/bin";
    let bench = Bench::new(Platform::Linux, nvm, &[]);
    let bench = bench.with(&format!("{nvm}/node"), "").with(&format!("{nvm}/npm"), "");
    assert_eq!(bench.standings(), linux("old-node"));

    let mac = Bench::new(Platform::MacOs, "/usr/bin:/bin", &["/opt/homebrew/bin/brew"]);
    assert_eq!(mac.standings(), [("native", "shown"), ("homebrew", "ready"), ("npm", "no-manager")]);
    let winget = r"C:\Users\kim\AppData\Local\Microsoft\WindowsApps\winget.exe";
    let npm = [r"C:\Program Files\nodejs\npm.cmd", r"C:\Program Files\nodejs\node.exe"];
    let windows = Bench::new(Platform::Windows, r"C:\Windows;C:\Program Files\nodejs\", &[winget, npm[0], npm[1]]);
    assert_eq!(windows.standings(), [("native", "shown"), ("winget", "ready"), ("npm", "node-not-asked")]);
    let empty = Bench::new(Platform::Windows, r"C:\Windows", &[]);
    assert_eq!(empty.standings(), [("native", "shown"), ("winget", "no-manager"), ("npm", "no-manager")]);
}

#[test]
fn a_file_that_cannot_be_run_is_no_package_manager() {
    let bench = Bench::new(Platform::Linux, "/usr/bin", &["/usr/bin/node"]);
    fs::write(bench.disk().outside("/usr/bin/npm"), "").unwrap();
    assert_eq!(bench.standings()[1], ("npm", "no-manager"));
    let bench = Bench::new(Platform::MacOs, "/usr/bin", &[]);
    fs::create_dir_all(bench.disk().outside("/opt/homebrew/bin/brew")).unwrap();
    assert_eq!(bench.standings()[1], ("homebrew", "no-manager"));
}

#[test]
fn node_is_asked_for_what_no_file_tells() {
    let bench = Bench::new(Platform::Linux, "/usr/bin", &["/usr/bin/npm", "/usr/bin/node"]);
    let asked = |code: i32, printed: &str| {
        let run = |errand: &Errand<'_>| -> Result<Printed, ErrandTrouble> {
            assert_eq!(errand.program, Path::new("/usr/bin/node"));
            assert_eq!(errand.arguments, ["--version"]);
            let (out, err) = (printed.as_bytes().to_vec().into(), Vec::new().into());
            Ok(Printed { code: Some(code), out, err })
        };
        let ways = bench.ways().ask_node(&bench.look(), &run, &AtomicBool::new(false));
        ways.named("npm").unwrap().1.clone()
    };
    assert_eq!(asked(0, "v24.1.0\n"), Standing::Ready { program: "/usr/bin/npm".to_owned() });
    assert_eq!(asked(0, "v18.20.4\n"), Standing::OldNode { version: "18.20.4".to_owned() });
    assert_eq!(asked(0, "Node.js").word(), "node-not-asked");
    assert_eq!(asked(1, "v24.1.0\n").word(), "node-not-asked");
}

#[test]
fn of_another_machine_nothing_is_started() {
    let bench = Bench::new(Platform::MacOs, "/usr/bin", &["/opt/homebrew/bin/brew"]);
    let (ways, now, disk) = (bench.ways(), bench.look(), bench.disk());
    let (way, standing) = ways.named("homebrew").unwrap();
    assert_eq!(standing.word(), "ready");
    assert!(install::start(way, standing, &now, &|path| disk.outside(path)).is_none());
}

#[test]
fn the_console_tells_the_ways_and_starts_nothing_by_itself() {
    let desk = Desk::new().with("PATH", "/usr/bin").file("/usr/bin/placeholder", "");
    let ran = desk.outside("/ran");
    for name in ["npm", "node"] {
        program(&desk.outside(&format!("/usr/bin/{name}")), &format!("#!/bin/sh\n: > {}\n", ran.display()));
    }
    program(&desk.outside("/usr/include/node/node_version.h"), &header("24.1.0"));
    let checked = desk.examine(&["check"]);
    assert!(checked.out.contains(&format!("authlight fix {ID}")), "{checked:?}");
    let listed = desk.examine(&["fix", ID]);
    assert_eq!(listed.code, 2);
    for told in ["https://claude.ai/install.sh", "npm install -g @anthropic-ai/claude-code", "--way npm --yes"] {
        assert!(listed.out.contains(told), "{told}: {}", listed.out);
    }
    assert_eq!(desk.examine(&["fix", ID, "--dry-run"]).code, 0);
    for more in [&["--yes"][..], &["--way", "native", "--yes"], &["--way", "npm"], &["--way", "npm", "--yes"]] {
        let done = desk.examine(&[&["fix", ID], more].concat());
        assert!(done.code == 2 && !done.err.is_empty(), "{more:?}: {done:?}");
    }
    assert_eq!(desk.examine(&["fix", ID, "--way", "winget"]).code, 64);
    assert_eq!(desk.examine(&["fix", "F.sign_in", "--way", "npm"]).code, 64);
    assert!(!ran.exists(), "nothing was run");
    let there = Desk::new().with("PATH", "/usr/bin");
    program(&there.outside("/usr/bin/claude"), "#!/bin/sh\n");
    assert_eq!(there.examine(&["fix", ID]).code, 2);
}

/// Somebody on this machine who has these package managers and nothing else.
fn here(scripts: &[(&str, &str)]) -> (tempfile::TempDir, Desk) {
    let home = tempfile::tempdir().unwrap();
    for (name, script) in scripts {
        program(
            &home.path().join("bin").join(name),
            &format!("#!/bin/sh\nset -e\ncd '{}'\n{script}", home.path().display()),
        );
    }
    fs::write(home.path().join(".claude.json"), r#"{"hasCompletedOnboarding": true}"#).unwrap();
    let mut desk = Desk::new();
    desk.surroundings.variables.clear();
    let desk = desk.with("HOME", home.path().to_str().unwrap());
    let desk = desk.with("PATH", home.path().join("bin").to_str().unwrap());
    (home, desk.with("ANTHROPIC_API_KEY", &api_key("CANARY")))
}

/// A copy of Claude Code at a place that every machine is searched for.
fn has_its_own() -> bool {
    ["/usr/local/bin/claude", "/usr/bin/claude", "/opt/homebrew/bin/claude", "/home/linuxbrew/.linuxbrew/bin/claude"]
        .iter()
        .any(|path| fs::symlink_metadata(path).is_ok())
}

const NPM: &str = "[ \"$*\" = 'install -g @anthropic-ai/claude-code' ] || exit 9
[ -z \"$ANTHROPIC_API_KEY\" ] || exit 8
package=lib/node_modules/@anthropic-ai/claude-code
/bin/mkdir -p $package
echo '{\"version\": \"2.1.330\"}' > $package/package.json
echo '#!/bin/sh' > $package/cli.js
/bin/chmod 755 $package/cli.js
/bin/ln -s ../$package/cli.js bin/claude
";

#[test]
fn a_package_manager_that_is_there_is_started_and_the_finding_is_gone() {
    if has_its_own() {
        return;
    }
    let (home, desk) = here(&[("npm", NPM), ("node", "exit 1\n")]);
    program(&home.path().join("include/node/node_version.h"), &header("24.1.0"));
    let done = desk.run(["fix", ID, "--way", "npm", "--yes"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
    assert!(done.out.contains("Claude Code 2.1.330 is installed"), "{done:?}");
    for told in ["claude auth login", "ANTHROPIC_API_KEY", "--real-run", "npm uninstall -g"] {
        assert!(done.out.contains(told), "{told}: {done:?}");
    }
    assert!(!done.out.contains("CANARY"));
    let again = desk.run(["fix", ID]);
    assert!(again.code == 2 && again.err.contains("already"), "{again:?}");
}

#[test]
fn on_a_mac_homebrew_is_started() {
    if has_its_own() {
        return;
    }
    let brew = "[ \"$*\" = 'install --cask claude-code' ] || exit 9
/bin/mkdir -p Caskroom/claude-code/2.1.330
echo '#!/bin/sh' > Caskroom/claude-code/2.1.330/claude
/bin/chmod 755 Caskroom/claude-code/2.1.330/claude
/bin/ln -s ../Caskroom/claude-code/2.1.330/claude bin/claude
";
    let (home, desk) = here(&[("brew", brew)]);
    let disk = Disk::running(Platform::MacOs);
    let look = || {
        let home = home.path().to_str().unwrap().to_owned();
        let examined = Examined::of_process(Platform::MacOs, home, desk.surroundings.variables.clone());
        contexts::examine(&disk, examined, Context::Process, contexts::STATICALLY)
    };
    let now = look();
    assert!(install::is_missing(&now));
    let ways = Ways::look(&disk, &now);
    let (way, standing) = ways.named("homebrew").unwrap();
    let start = install::start(way, standing, &now, &|path| disk.outside(path)).unwrap();
    assert!(start.run_here().unwrap().success());
    let then = look();
    let found = install::installed(&then).unwrap();
    assert_eq!((install::is_missing(&then), found.version.as_deref()), (false, Some("2.1.330")));
}

#[test]
fn a_package_manager_that_fails_is_told_with_what_it_ended() {
    if has_its_own() {
        return;
    }
    let (home, desk) = here(&[("npm", "exit 3\n"), ("node", "exit 1\n")]);
    let put = |version: &str| program(&home.path().join("include/node/node_version.h"), &header(version));
    put("24.1.0");
    let done = desk.run(["fix", ID, "--way", "npm", "--yes"]);
    assert!(done.code == 2 && done.err.contains("ended with 3"), "{done:?}");
    program(&home.path().join("bin/npm"), "#!/bin/sh\n");
    let done = desk.run(["fix", ID, "--way", "npm", "--yes"]);
    assert!(done.code == 2 && done.err.contains("new terminal"), "{done:?}");
    // An old Node: npm is not even started.
    program(&home.path().join("bin/npm"), &format!("#!/bin/sh\n: > {}\n", home.path().join("ran").display()));
    put("18.20.4");
    let done = desk.run(["fix", ID, "--way", "npm", "--yes"]);
    assert!(done.code == 2 && done.out.contains("18.20.4") && !home.path().join("ran").exists(), "{done:?}");
}
