//! Everything that was read from a machine, uninterpreted.
//!
//! Paths are as seen from inside the examined machine: under `--root`, `/home/u` means `ROOT/home/u` outside.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::certificates::CertificateFile;
use crate::claude_code::settings_fields::{self, FieldFault, Place};
use crate::claude_code::{near_misses, variables};
use crate::contexts::{ContextEnvironment, ShellRun};
use crate::editors::EditorSettings;
use crate::host::Beside;
use crate::installs::Installs;
use crate::keychain::Keychain;
use crate::programs::Program;
use crate::projects::TrustedFolders;
use crate::reading::{Document, FileFacts, Reading};
use crate::report::{Context, Host, Mode, Scope, Source, ToldBy};
use crate::residents::{Holder, Trace};
use crate::secret::Secret;
use crate::shell::Unsure;

/// Whose rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Platform {
    /// Linux, WSL included.
    #[default]
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Platform {
    /// The word of the command line and the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::MacOs => "macos",
            Self::Windows => "windows",
        }
    }

    /// The platform of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Linux, Self::MacOs, Self::Windows].into_iter().find(|platform| platform.word() == word)
    }

    /// Whether two names are those of one variable.
    pub fn is_same_variable(self, a: &str, b: &str) -> bool {
        if self == Self::Windows { a.eq_ignore_ascii_case(b) } else { a == b }
    }

    /// Whether a path starts at a root.
    pub fn is_absolute(self, path: &str) -> bool {
        match self {
            Self::Linux | Self::MacOs => path.starts_with('/'),
            Self::Windows => {
                let bytes = path.as_bytes();
                path.starts_with(['/', '\\'])
                    || (bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':')
            }
        }
    }

    /// What is the same for every spelling of a folder. On Windows drive, slashes and case are let go: how Claude Code
    /// spells a folder there was not observed.
    pub(crate) fn folder_key(self, path: &str) -> Cow<'_, str> {
        if self != Self::Windows {
            return path.into();
        }
        let path = path.split_once(':').map_or(path, |(_, rest)| rest);
        path.replace('\\', "/").to_lowercase().into()
    }

    /// A folder, and every one that it lies in, up to the root.
    pub fn folder_and_those_above(self, path: &str) -> Vec<&str> {
        let separators: &[char] = if self == Self::Windows { &['/', '\\'] } else { &['/'] };
        let mut folders = vec![path];
        let mut rest = path;
        while let Some(at) = rest.trim_end_matches(separators).rfind(separators) {
            // The root keeps its slash.
            let is_root = at == 0 || rest[..at].ends_with(':');
            rest = &rest[..if is_root { at + 1 } else { at }];
            folders.push(rest);
        }
        folders
    }

    /// The folder that a path lies in, as it is written.
    pub(crate) fn folder_of(self, path: &str) -> &str {
        let separators: &[char] = if self == Self::Windows { &['/', '\\'] } else { &['/'] };
        path.rfind(separators).map_or("", |at| &path[..at])
    }

    /// Whether a path is a folder or lies below it, as both are written: links are not followed. Where the system may
    /// not tell upper from lower case, neither does this.
    pub fn is_within(self, path: &str, folder: &str) -> bool {
        let separators: &[char] = if self == Self::Windows { &['/', '\\'] } else { &['/'] };
        let names = |path: &str| {
            let mut names = Vec::new();
            for name in path.split(separators).filter(|name| !name.is_empty() && *name != ".") {
                match name {
                    ".." => drop(names.pop()),
                    _ if self == Self::Linux => names.push(name.to_owned()),
                    _ => names.push(name.to_lowercase()),
                }
            }
            names
        };
        names(path).starts_with(&names(folder))
    }

    /// `base` and `rest` as one path; `rest` alone where it is absolute.
    pub fn join(self, base: &str, rest: &str) -> String {
        if rest.is_empty() {
            return base.to_owned();
        }
        if self.is_absolute(rest) || base.is_empty() {
            return rest.to_owned();
        }
        let separator = if self == Self::Windows && !base.contains('/') { '\\' } else { '/' };
        let mut path = base.to_owned();
        if !path.ends_with(['/', separator]) {
            path.push(separator);
        }
        path.extend(rest.chars().map(|letter| if letter == '/' { separator } else { letter }));
        path
    }
}

/// A variable at one place. The value is held as a secret whatever it is: most of them may hold one.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name; of one that counts the name by which Claude Code asks.
    pub name: String,
    /// Its value.
    pub value: Secret,
    /// Where it stands.
    pub source: Source,
}

impl Variable {
    /// A variable of an environment of the platform, if it counts or resembles one that does.
    pub fn of(platform: Platform, name: &str, value: Secret) -> Option<Self> {
        let name = match variables::named(platform, name) {
            Some(fact) => fact.name,
            None => near_misses::resembles(platform, name).map(|_| name)?,
        };
        Some(Self { name: name.to_owned(), value, source: Source::variable(name) })
    }

    /// The one of this name: of several the last, as a process has it.
    pub fn find<'v>(variables: &'v [Self], name: &str) -> Option<&'v Self> {
        variables.iter().rfind(|variable| variable.name == name)
    }

    /// The text of the one of this name. Most who ask take an empty one for none.
    pub fn filled<'v>(variables: &'v [Self], name: &str) -> Option<&'v str> {
        Some(Self::find(variables, name)?.value.plain()).filter(|text| !text.is_empty())
    }
}

/// The flags that the person gives `claude`, as far as they matter.
#[derive(Clone, Default)]
pub struct Arguments {
    /// `--bare`.
    pub bare: bool,
    /// `--setting-sources`, split at commas and trimmed; None where it is not given.
    pub setting_sources: Option<Vec<String>>,
    /// The text after `--settings`: JSON or a path.
    pub settings: Option<String>,
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bare, setting_sources, settings } = self;
        // The text of `--settings` can hold a key.
        let settings = settings.as_ref().map(|text| format!("{} bytes", text.len()));
        f.debug_struct("Arguments")
            .field("bare", bare)
            .field("setting_sources", setting_sources)
            .field("settings", &settings)
            .finish()
    }
}

/// A settings file or flag.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    /// Its scope.
    pub scope: Scope,
    /// The file; for `--settings` with inline JSON the path is empty.
    pub document: Document,
    /// What is wrong with its fields.
    pub faults: Vec<FieldFault>,
    /// Where an organisation's settings are kept.
    pub store: Store,
    dropped: bool,
}

/// Where settings are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Store {
    /// In a file, or on the command line.
    #[default]
    File,
    /// In the Windows registry, for the machine.
    MachineRegistry,
    /// In the Windows registry, for the person: the weakest of all managed sources.
    UserRegistry,
    /// In managed preferences of macOS. Lines and columns say nothing there.
    Preferences,
}

impl SettingsFile {
    /// A settings file, judged.
    pub fn new(scope: Scope, document: Document) -> Self {
        let place = match scope {
            Scope::Managed => Place::Managed,
            Scope::CommandLine => Place::CommandLine,
            Scope::Local => Place::Local,
            Scope::Project => Place::Project,
            Scope::User => Place::User,
        };
        let faults = document.json().map(|json| settings_fields::examine(json.root(), place)).unwrap_or_default();
        let readable = document.content.is_absent() || document.json().is_some();
        let dropped = !readable || settings_fields::drops_file(&faults).is_some();
        Self { scope, document, faults, store: Store::File, dropped }
    }

    /// The organisation's settings in a store of the system.
    pub fn in_store(document: Document, store: Store) -> Self {
        Self { store, ..Self::new(Scope::Managed, document) }
    }

    /// Whether it says anything at all.
    pub fn says_something(&self) -> bool {
        self.document.json().is_some_and(|json| !json.root().effective_members().is_empty())
    }

    /// Whether nothing in it counts.
    pub fn is_dropped(&self) -> bool {
        self.dropped
    }
}

/// The files of the Anthropic profiles.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    /// Their folder.
    pub folder: String,
    /// The text of `active_config`, trimmed.
    pub active: Option<String>,
    /// `configs/NAME.json` and `credentials/NAME.json` of the profiles that were looked at.
    pub files: BTreeMap<String, ProfileFiles>,
}

/// The two files of one profile.
#[derive(Clone, Debug, Default)]
pub struct ProfileFiles {
    /// `configs/NAME.json`.
    pub config: Document,
    /// `credentials/NAME.json`.
    pub credentials: Document,
}

/// Files of the clouds.
#[derive(Clone, Debug, Default)]
pub struct CloudFiles {
    /// `~/.aws/credentials`, or `AWS_SHARED_CREDENTIALS_FILE`.
    pub aws_credentials: TextFile,
    /// `~/.aws/config`, or `AWS_CONFIG_FILE`.
    pub aws_config: TextFile,
    /// Google's application default credentials.
    pub google_credentials: Document,
}

/// A text file that is no JSON.
#[derive(Clone, Debug, Default)]
pub struct TextFile {
    /// The path.
    pub path: String,
    /// What the system says of it.
    pub facts: FileFacts,
    /// Its text; held as a secret, since most of these hold some.
    pub text: Reading<Secret>,
}

/// What is examined: given before anything is read.
#[derive(Clone, Debug)]
pub struct Examined {
    /// The time of the scan, milliseconds since 1970.
    pub now_ms: i64,
    /// Whose rules apply.
    pub platform: Platform,
    /// The machine.
    pub host: Host,
    /// Whom it judges.
    pub as_whom: String,
    /// The person's home.
    pub home: String,
    /// The folder in which `claude` is started.
    pub project: Option<String>,
    /// Whose environment it is.
    pub context: Context,
    /// Who told it.
    pub told_by: ToldBy,
    /// What of it could not be told.
    pub unsure: Vec<Unsure>,
    /// What became of asking the person's shell for it, where it was asked.
    pub shell_run: Option<ShellRun>,
    /// Whether it is the home of the person who looks, on the system that runs, in the environment that they have.
    pub own: bool,
    /// How `claude` is run.
    pub mode: Mode,
    /// Its flags.
    pub arguments: Arguments,
    /// The environment, in its order; of the names on the fact list and near misses of them.
    pub variables: Vec<Variable>,
}

impl Examined {
    /// The environment of a process, in no folder: somebody types `claude` there. Nothing is said of the machine and the
    /// time.
    pub fn of_process(platform: Platform, home: impl Into<String>, variables: Vec<Variable>) -> Self {
        Self {
            now_ms: 0,
            platform,
            host: Host::default(),
            as_whom: "user".to_owned(),
            home: home.into(),
            project: None,
            context: Context::Process,
            told_by: ToldBy::Process,
            unsure: Vec::new(),
            shell_run: None,
            own: false,
            mode: Mode::Interactive,
            arguments: Arguments::default(),
            variables,
        }
    }

    /// The same person and folder with another environment.
    #[must_use]
    pub fn in_context(&self, environment: ContextEnvironment) -> Self {
        let ContextEnvironment { context, told_by, variables, unsure, shell: shell_run } = environment;
        Self { context, told_by, variables, unsure, shell_run, ..self.clone() }
    }

    /// Whether the project says it: by a file of its own, or by one of the person's that lies in it (a relative or empty
    /// `CLAUDE_CONFIG_DIR`).
    pub fn is_of_project(&self, source: &Source) -> bool {
        matches!(source.scope, Some(Scope::Project | Scope::Local))
            || source.path.as_deref().is_some_and(|path| self.lies_in_project(path))
    }

    /// Whether a path lies in the project. In a project that holds the home nothing does: it is the person's own.
    pub fn lies_in_project(&self, path: &str) -> bool {
        let within = |path: &str| self.project.as_ref().is_some_and(|project| self.platform.is_within(path, project));
        within(path) && !within(&self.home)
    }
}

/// Everything that was read.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What is examined.
    pub examined: Examined,
    /// `~/.claude.json` or what stands in its place.
    pub state: Document,
    /// Whether the person has said there that the folder may be trusted.
    pub trusted: bool,
    /// Every settings file that exists or could, weakest first.
    pub settings: Vec<SettingsFile>,
    /// `.credentials.json`.
    pub login: Document,
    /// The macOS Keychain.
    pub keychain: Keychain,
    /// Whether the folder of `.credentials.json` can be written; None where it does not exist.
    pub login_folder_writable: Option<bool>,
    /// `credentials.json` without the dot.
    pub misnamed_login: FileFactsReading,
    /// The refresh lock beside it.
    pub refresh_lock: FileFactsReading,
    /// The Anthropic profiles.
    pub profiles: Profiles,
    /// Files of the clouds.
    pub cloud: CloudFiles,
    /// Files that variables name: the variable's name, and what stands there.
    pub named_files: BTreeMap<String, TextFile>,
    /// Files of certificates that variables name.
    pub certificate_files: Vec<CertificateFile>,
    /// The ports of this machine that something listens on, as far as loopback reaches them; looked at only where an
    /// address lies on this machine. Absent: this system was not asked.
    pub listening: Reading<BTreeSet<u16>>,
    /// Who listens on the port of the address on this machine. `None`: nobody was asked, or it is not one of this
    /// person's programs.
    pub port_holder: Option<Holder>,
    /// Installed programs.
    pub installs: Installs,
    /// What the shell's profiles say. A hint: it never takes part in who signs in.
    pub shell: crate::shell::Profiles,
    /// What files of the folder would set if something loaded them. A hint: Claude Code reads none of them.
    pub hints: Vec<crate::desktop::Hint>,
    /// The person's open programs. Absent: nobody was asked, or this system does not tell.
    pub programs: Reading<Vec<Program>>,
    /// What programs that rewrite settings left in the home.
    pub residents: Vec<Trace>,
    /// What lies beside the examined system on the same computer.
    pub beside: Beside,
    /// What editors start Claude Code with.
    pub editors: Vec<EditorSettings>,
    /// Whether an IDE of JetBrains is there, whose settings are not read.
    pub jetbrains: bool,
}

/// Whether a file is there, and what the system says of it.
pub type FileFactsReading = Reading<FileFacts>;

impl Snapshot {
    /// Nothing has been read yet.
    pub fn new(examined: Examined) -> Self {
        Self {
            examined,
            state: Document::default(),
            trusted: false,
            settings: Vec::new(),
            login: Document::default(),
            keychain: Keychain::default(),
            login_folder_writable: None,
            misnamed_login: Reading::Absent,
            refresh_lock: Reading::Absent,
            profiles: Profiles::default(),
            cloud: CloudFiles::default(),
            named_files: BTreeMap::new(),
            certificate_files: Vec::new(),
            listening: Reading::Absent,
            port_holder: None,
            installs: Installs::default(),
            shell: crate::shell::Profiles::default(),
            hints: Vec::new(),
            programs: Reading::Absent,
            residents: Vec::new(),
            beside: Beside::default(),
            editors: Vec::new(),
            jetbrains: false,
        }
    }

    /// Takes the state file in.
    pub fn hold_state(&mut self, state: Document) {
        self.trusted = is_trusted(self.examined.platform, self.examined.project.as_deref(), &state);
        self.state = state;
    }

    /// The version that runs when `claude` is typed; where that is not known, the one that the facts are of.
    pub fn claude_version(&self) -> &str {
        self.installs.first().and_then(|first| first.version.as_deref()).unwrap_or(crate::claude_code::FACTS_FOR)
    }
}

/// Whether the person has said that the folder, or one above it, may be trusted.
fn is_trusted(platform: Platform, project: Option<&str>, state: &Document) -> bool {
    let Some(project) = project else { return true };
    let folders = platform.folder_and_those_above(project);
    let folders: BTreeSet<_> = folders.into_iter().map(|folder| platform.folder_key(folder)).collect();
    // The answers of other folders are not held: there may be thousands.
    TrustedFolders::among(platform, state, |folder| folders.contains(folder)).trusts(project)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Content, Takes};

    fn trusts(platform: Platform, project: &str, projects: &str) -> bool {
        let text = format!("{{\"projects\": {{{projects}}}}}");
        let content = Reading::Found(Content::of(text.into_bytes(), Takes::Utf8Marked));
        is_trusted(platform, Some(project), &Document { content, ..Document::default() })
    }

    #[test]
    fn a_path_is_joined_with_the_separators_that_it_has() {
        let joined = |base: &str| Platform::Windows.join(base, ".claude/settings.json");
        assert_eq!(joined(r"C:\Users\kim"), r"C:\Users\kim\.claude\settings.json");
        assert_eq!(joined(r"C:\"), r"C:\.claude\settings.json");
        assert_eq!(joined("C:/Users/kim"), "C:/Users/kim/.claude/settings.json");
        assert_eq!(Platform::Linux.join("/home/kim", r"a\b/c"), r"/home/kim/a\b/c");
    }

    #[test]
    fn a_folder_is_trusted_by_its_own_entry_or_one_above_and_the_last_of_a_name_counts() {
        let yes = |path: &str| format!("{path:?}: {{\"hasTrustDialogAccepted\": true}}");
        let no = |path: &str| format!("{path:?}: {{\"hasTrustDialogAccepted\": false}}");
        let linux = |projects: &str| trusts(Platform::Linux, "/home/kim/shop", projects);
        assert!(linux(&yes("/home/kim/shop")) && linux(&yes("/home")) && linux(&yes("/")));
        assert!(!linux(&yes("/home/kim/shop/")) && !linux(&yes("/home/kim/SHOP")) && !linux(&yes("/home/kim/sho")));
        assert!(!linux(&format!("{}, {}", yes("/home/kim/shop"), no("/home/kim/shop"))));
        assert!(linux(&format!("{}, {}", yes("/home/kim"), no("/home/kim/shop"))));
        let windows = |projects: &str| trusts(Platform::Windows, r"C:\Users\kim\shop", projects);
        assert!(windows(&yes("C:/Users/kim/shop")) && windows(&yes(r"c:\users\KIM")));
        assert!(!windows(&yes("C:/Users/ann")));
    }

    #[test]
    fn a_path_lies_in_a_folder_however_it_is_written() {
        for inside in ["/home/kim/shop", "/home/kim/shop/", "/home/kim/x/../shop/a", "/home//kim/./shop/a"] {
            assert!(Platform::Linux.is_within(inside, "/home/kim/shop"), "{inside}");
        }
        for outside in ["/home/kim", "/home/kim/shopping", "/home/kim/shop/../a", "/home/kim/Shop/a"] {
            assert!(!Platform::Linux.is_within(outside, "/home/kim/shop"), "{outside}");
        }
        assert!(Platform::MacOs.is_within("/Users/Kim/Shop/a", "/users/kim/shop"));
        assert!(Platform::Windows.is_within("c:/users/kim/shop/a", "C:\\Users\\kim\\shop"));
    }
}
