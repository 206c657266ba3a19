//! Lays a scenario out in a folder, to be looked at with the ordinary commands.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use authlight_core::report::{Context, Mode};
use authlight_core::snapshot::Platform;
use thiserror::Error;

use super::home::{Home, HomeFile, Node};
use super::{Scenario, ScenarioError, now_ms};
use crate::cli::arguments::{self, Examine};
use crate::machine::os::Disk;

/// Why a scenario could not be laid out.
#[derive(Debug, Error)]
pub enum LayOutError {
    /// Something lies there already.
    #[error("{} is not empty. Name a new folder, or an empty one", .0.display())]
    NotEmpty(PathBuf),
    /// The scenario is written wrongly.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The disk said no.
    #[error("{}: {error}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

/// A scenario in a folder.
#[derive(Clone, Debug)]
pub struct LaidOut {
    /// The file system of the machine: what `--root` names.
    pub root: PathBuf,
    /// The person's home in it.
    pub home: PathBuf,
    /// The folder in which `claude` is started, in it.
    pub project: Option<PathBuf>,
    /// The environment.
    pub env_file: PathBuf,
    /// How to look at it, in words.
    pub note: PathBuf,
    /// What this system could not lay out: pipes, links.
    pub left_out: Vec<String>,
    platform: Platform,
    mode: Mode,
    context: Context,
    claude_args: Option<String>,
}

impl Scenario {
    /// Lays it out in a folder that is new or empty.
    ///
    /// # Errors
    /// [`LayOutError`]
    pub fn lay_out(&self, folder: &Path) -> Result<LaidOut, LayOutError> {
        self.lay_out_home(&self.home_at(now_ms(), None)?, folder)
    }

    /// Lays out a machine that was made from this scenario, at its own time and with its own endpoint.
    ///
    /// # Errors
    /// [`LayOutError`]
    pub fn lay_out_home(&self, home: &Home, folder: &Path) -> Result<LaidOut, LayOutError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |error| LayOutError::Disk { path, error }
        };
        fs::create_dir_all(folder).map_err(at(folder))?;
        let folder = std::path::absolute(folder).map_err(at(folder))?;
        if fs::read_dir(&folder).map_err(at(&folder))?.next().is_some() {
            return Err(LayOutError::NotEmpty(folder));
        }
        let root = folder.join("root");
        let disk = Disk::below(root.clone(), home.platform);
        let mut laid_out = LaidOut {
            home: disk.outside(&home.home),
            project: home.project.as_deref().map(|project| disk.outside(project)),
            env_file: folder.join("environment"),
            note: folder.join("README.txt"),
            left_out: Vec::new(),
            platform: home.platform,
            mode: home.mode,
            context: home.context,
            claude_args: home.claude_args.clone(),
            root,
        };
        for own in [Some(&laid_out.home), laid_out.project.as_ref()].into_iter().flatten() {
            fs::create_dir_all(own).map_err(at(own))?;
        }
        for file in &home.files {
            let path = disk.outside(&file.path);
            if !put(&disk, file, &path).map_err(at(&path))? {
                laid_out.left_out.push(file.path.clone());
            }
        }
        // The folders last and from within: a closed one lets nothing more in.
        let mut folders: Vec<&HomeFile> = home.files.iter().filter(|file| matches!(file.node, Node::Folder)).collect();
        folders.sort_by_key(|file| std::cmp::Reverse(file.path.len()));
        for file in folders {
            let path = disk.outside(&file.path);
            finish(file, &path).map_err(at(&path))?;
        }
        fs::write(&laid_out.env_file, environment(home)).map_err(at(&laid_out.env_file))?;
        fs::write(&laid_out.note, self.note(&laid_out)).map_err(at(&laid_out.note))?;
        Ok(laid_out)
    }

    fn note(&self, laid_out: &LaidOut) -> String {
        let mut note = format!(
            "{}\n\n{}\n\nThis is a practice home. Nothing in it is real: every key is made up, and nobody's own files\n\
             are touched. Delete the folder when you are done.\n\nLook at it:\n\n  {}\n",
            self.title,
            self.story,
            laid_out.command_line("check")
        );
        if !self.replies.is_empty() {
            note.push_str(&format!(
                "\nIts endpoint answers only while the window is open on it:\n\n  authlight --practice {}\n",
                self.name
            ));
        }
        if !laid_out.left_out.is_empty() {
            note.push_str(&format!("\nThis system could not lay out: {}\n", laid_out.left_out.join(", ")));
        }
        note
    }
}

impl LaidOut {
    /// The arguments that look at it: `--root DIR --os linux --home …`.
    pub fn arguments(&self) -> Vec<String> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut arguments = vec![
            "--root".to_owned(),
            text(&self.root),
            "--os".to_owned(),
            self.platform.word().to_owned(),
            "--home".to_owned(),
            text(&self.home),
        ];
        if let Some(project) = &self.project {
            arguments.extend(["--project".to_owned(), text(project)]);
        }
        arguments.extend(["--env-file".to_owned(), text(&self.env_file)]);
        if self.mode == Mode::Print {
            arguments.extend(["--mode".to_owned(), "print".to_owned()]);
        }
        if self.context != Context::Process {
            arguments.extend(["--context".to_owned(), self.context.word().to_owned()]);
        }
        if let Some(flags) = &self.claude_args {
            arguments.extend(["--claude-args".to_owned(), flags.clone()]);
        }
        arguments
    }

    /// The same, as the program holds them.
    pub fn examine(&self) -> Examine {
        Examine {
            project: self.project.iter().cloned().collect(),
            context: (self.context != Context::Process).then_some(self.context),
            mode: (self.mode == Mode::Print).then_some(arguments::Mode::Print),
            home: Some(self.home.clone()),
            root: Some(self.root.clone()),
            os: Some(match self.platform {
                Platform::Linux => arguments::System::Linux,
                Platform::MacOs => arguments::System::Macos,
                Platform::Windows => arguments::System::Windows,
            }),
            env_file: Some(self.env_file.clone()),
            claude_args: self.claude_args.clone(),
            ..Examine::default()
        }
    }

    /// A command with those arguments, to be copied into a terminal.
    pub fn command_line(&self, command: &str) -> String {
        let arguments = self.arguments();
        let quoted = arguments.iter().map(|word| match shlex::try_quote(word) {
            Ok(quoted) => quoted.into_owned(),
            Err(_) => word.replace('\0', ""),
        });
        ["authlight".to_owned(), command.to_owned()].into_iter().chain(quoted).collect::<Vec<_>>().join(" ")
    }
}

/// `false`: this system has nothing of that kind.
fn put(disk: &Disk, file: &HomeFile, path: &Path) -> io::Result<bool> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match &file.node {
        Node::Folder => fs::create_dir_all(path).map(|()| true),
        Node::Link(target) => link(disk, target, path),
        Node::Fifo => {
            let made = pipe(path)?;
            if made {
                set_mode(path, file.mode)?;
            }
            Ok(made)
        }
        Node::File(bytes) => {
            fs::write(path, bytes)?;
            finish(file, path).map(|()| true)
        }
        Node::Repeat(text, times) => {
            let mut out = io::BufWriter::with_capacity(1 << 20, fs::File::create(path)?);
            for _ in 0..*times {
                out.write_all(text.as_bytes())?;
            }
            out.flush()?;
            drop(out);
            finish(file, path).map(|()| true)
        }
    }
}

/// Time and mode of a file or folder.
fn finish(file: &HomeFile, path: &Path) -> io::Result<()> {
    let since = Duration::from_millis(u64::try_from(file.modified_ms).unwrap_or(0));
    let open = if matches!(file.node, Node::Folder) {
        fs::File::open(path)
    } else {
        OpenOptions::new().write(true).open(path)
    };
    // A system that keeps no time of folders still has the folder.
    if let Ok(open) = open {
        let _ = open.set_modified(UNIX_EPOCH + since);
    }
    set_mode(path, file.mode)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_readonly(mode & 0o200 == 0);
    fs::set_permissions(path, permissions)
}

/// A link stays inside the root: an absolute target becomes a relative one.
fn link(disk: &Disk, target: &str, path: &Path) -> io::Result<bool> {
    let absolute = disk.outside("/");
    let target = match disk.outside(target) {
        whole if target.starts_with(['/', '\\']) || target.contains(':') => relative(&absolute, path, &whole),
        _ => PathBuf::from(target),
    };
    make_link(&target, path)
}

fn relative(root: &Path, from: &Path, to: &Path) -> PathBuf {
    let below = |path: &Path| path.strip_prefix(root).map(Path::to_owned).unwrap_or_default();
    let depth = below(from).components().filter(|part| matches!(part, Component::Normal(_))).count();
    let up: PathBuf = std::iter::repeat_n("..", depth.saturating_sub(1)).collect();
    up.join(below(to))
}

#[cfg(unix)]
fn make_link(target: &Path, path: &Path) -> io::Result<bool> {
    std::os::unix::fs::symlink(target, path).map(|()| true)
}

#[cfg(not(unix))]
fn make_link(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(target_os = "linux")]
fn pipe(path: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, Mode, mkfifoat};
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn pipe(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Lines `NAME=value`; separated by NUL where a value holds a line break.
fn environment(home: &Home) -> Vec<u8> {
    let broken = home.environment.iter().any(|(name, value)| name.contains('\n') || value.contains(['\n', '\r']));
    let end = if broken { '\0' } else { '\n' };
    home.environment.iter().map(|(name, value)| format!("{name}={value}{end}")).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(json: serde_json::Value) -> Scenario {
        Scenario::from_json(&json.to_string()).unwrap()
    }

    #[test]
    fn a_folder_that_holds_something_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "mine").unwrap();
        let refused = scenario(serde_json::json!({"name": "x"})).lay_out(folder.path());
        assert!(matches!(refused, Err(LayOutError::NotEmpty(_))));
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["mine.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_modes_links_and_times_are_as_written() {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};

        use clap::Parser;

        use crate::cli::{Command, Program};

        let folder = tempfile::tempdir().unwrap();
        let laid_out = scenario(serde_json::json!({
            "name": "x", "title": "A title", "project": "/home/kim/shop", "mode": "print",
            "environment": {"A": "one\ntwo"},
            "files": {
                "~/.claude/settings.json": {"text": "{}", "mode": "0600", "modified": "-3d"},
                "~/.claude/linked.json": {"link": "~/.claude/settings.json"},
                "/etc/pipe": {"fifo": true},
            },
        }))
        .lay_out(&folder.path().join("new"))
        .unwrap();
        let settings = fs::metadata(laid_out.home.join(".claude/settings.json")).unwrap();
        let age = settings.modified().unwrap().elapsed().unwrap().as_secs();
        assert_eq!((settings.mode() & 0o7777, age / 3600), (0o600, 72));
        assert_eq!(fs::read_to_string(laid_out.home.join(".claude/linked.json")).unwrap(), "{}");
        assert_eq!(fs::read(&laid_out.env_file).unwrap(), b"A=one\ntwo\0");
        if cfg!(target_os = "linux") {
            assert!(fs::metadata(laid_out.root.join("etc/pipe")).unwrap().file_type().is_fifo());
        }
        let note = fs::read_to_string(&laid_out.note).unwrap();
        assert!(note.contains("A title") && note.contains(&laid_out.command_line("check")), "{note}");
        assert!(laid_out.command_line("check").ends_with("--mode print"));
        let examine = laid_out.examine();
        let parsed = Program::try_parse_from(
            ["authlight".to_owned(), "check".to_owned()].into_iter().chain(laid_out.arguments()),
        );
        let Some(Command::Check(check)) = parsed.unwrap().command else { panic!("a check") };
        assert_eq!(format!("{:?}", check.examine), format!("{examine:?}"), "both say the same");
        assert!(laid_out.project.unwrap().is_dir());
    }
}
