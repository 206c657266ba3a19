//! Installed copies of Claude Code: where they may lie, what each one is, and which one runs when `claude` is typed.
//!
//! All of it from paths, links and small files; no copy is ever started to ask it.

use crate::json::{Json, Value};
use crate::report::InstallRow;
use crate::snapshot::{Platform, Variable};

/// How a copy came onto the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InstallKind {
    /// The native installer.
    Native,
    /// npm, or another package manager of its kind (pnpm, bun, Volta).
    Npm,
    /// Homebrew.
    Homebrew,
    /// The older local installation in `~/.claude/local`.
    Local,
    /// The private copy of VS Code or a relative of it.
    VsCode,
    /// The plug-in of a JetBrains IDE.
    JetBrains,
    /// The Desktop app, or its private copy.
    Desktop,
    /// Something else.
    Other,
}

impl InstallKind {
    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Npm => "npm",
            Self::Homebrew => "homebrew",
            Self::Local => "local",
            Self::VsCode => "vscode",
            Self::JetBrains => "jetbrains",
            Self::Desktop => "desktop",
            Self::Other => "other",
        }
    }

    /// Whether it belongs to another program and is never what typing `claude` starts.
    pub fn is_private(self) -> bool {
        matches!(self, Self::VsCode | Self::JetBrains | Self::Desktop)
    }
}

/// Whether a copy can be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As far as files tell.
    Runs,
    /// A link to something that is not there.
    BrokenLink,
    /// The right to execute it is missing.
    NotExecutable,
    /// The small stand-in of the npm package, whose real program was not installed.
    Placeholder,
}

/// A copy, or what should be one.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it was found.
    pub path: String,
    /// The same with links followed.
    pub target: String,
    /// How it came here.
    pub kind: InstallKind,
    /// Its version, as far as files tell.
    pub version: Option<String>,
    /// Whether its folder is on the PATH of the examined context.
    pub on_path: bool,
    /// Whether it can be started.
    pub condition: Condition,
    /// The version of Node under which a package manager put it here.
    pub node: Option<String>,
    /// Size in bytes.
    pub size: u64,
    /// Last change, milliseconds since 1970.
    pub modified_ms: Option<i64>,
}

impl Program {
    /// Whether both are one file, under two names.
    fn same_as(&self, other: &Self) -> bool {
        self.target == other.target
            || (self.condition == Condition::Runs
                && self.size > 0
                && (self.size, self.modified_ms, self.kind) == (other.size, other.modified_ms, other.kind))
    }
}

/// Every copy that was found.
#[derive(Clone, Debug, Default)]
pub struct Installs {
    /// Whether the PATH of the examined context is known.
    pub path_known: bool,
    /// On the PATH in its order, then the others, then the private copies of other programs.
    pub programs: Vec<Program>,
}

impl Installs {
    /// Puts the copies in order. One file under two names counts once, at its first name.
    pub fn of(path_known: bool, found: Vec<Program>) -> Self {
        let mut programs: Vec<Program> = Vec::with_capacity(found.len());
        for program in found {
            if !programs.iter().any(|known| known.same_as(&program)) {
                programs.push(program);
            }
        }
        programs.sort_by_key(|program| (!program.on_path, !program.on_path && program.kind.is_private()));
        let sized: Vec<(u64, String)> = programs
            .iter()
            .filter(|program| program.kind == InstallKind::Native)
            .filter_map(|program| Some((program.size, program.version.clone()?)))
            .collect();
        // On Windows the native program is a copy of one of the versions, not a link to it.
        for program in programs.iter_mut().filter(|p| p.kind == InstallKind::Native && p.version.is_none()) {
            program.version = sized.iter().find(|(size, _)| *size == program.size).map(|(_, version)| version.clone());
        }
        Self { path_known, programs }
    }

    /// What runs when `claude` is typed: the first on the PATH that can be started.
    pub fn first(&self) -> Option<&Program> {
        self.programs.iter().find(|program| program.on_path && program.condition == Condition::Runs)
    }

    /// What a person can start by typing, other than the private copies.
    pub fn own(&self) -> impl Iterator<Item = &Program> {
        self.programs.iter().filter(|program| !program.kind.is_private())
    }

    /// The rows of the report.
    pub fn rows(&self) -> Vec<InstallRow> {
        let first = self.first().map(|program| program.path.as_str());
        self.programs
            .iter()
            .map(|program| InstallRow {
                path: program.path.clone(),
                version: program.version.clone(),
                kind: program.kind.word().to_owned(),
                first: first == Some(program.path.as_str()),
            })
            .collect()
    }
}

/// What one path tells of the copy that lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// How it came here.
    pub kind: InstallKind,
    /// The version, where the path has it.
    pub version: Option<String>,
    /// The version of Node, where the path has it.
    pub node: Option<String>,
    /// Folders of the npm package in which its version may stand; the first that is there counts.
    pub packages: Vec<String>,
}

/// The package's folder below a `node_modules`.
const PACKAGE: &str = "node_modules/@anthropic-ai/claude-code";

/// What the path `path`, whose links lead to `target`, tells.
pub fn identify(platform: Platform, path: &str, target: &str) -> Identity {
    let parts: Vec<&str> = target.split(separators(platform)).filter(|part| !part.is_empty()).collect();
    let after = |name: &str| parts.iter().position(|part| *part == name).and_then(|at| parts.get(at + 1)).copied();
    let version_after = |name: &str| after(name).filter(|part| is_version(part)).map(str::to_owned);
    let mut identity =
        Identity { kind: InstallKind::Other, version: None, node: node_of(&parts), packages: Vec::new() };
    let package = parts.windows(3).position(|three| three == ["node_modules", "@anthropic-ai", "claude-code"]);
    let extension = parts.iter().find_map(|part| part.strip_prefix("anthropic.claude-code-"));
    let folder = parent(platform, path);
    if let Some(extension) = extension {
        identity.kind = InstallKind::VsCode;
        identity.version = extension.split('-').next().filter(|part| is_version(part)).map(str::to_owned);
    } else if parts.windows(2).any(|two| two == [".claude", "local"]) {
        identity.kind = InstallKind::Local;
        let base = target.split_once(".claude").map_or("", |(base, _)| base);
        identity
            .packages
            .push(platform.join(&format!("{base}.claude"), &native(platform, &format!("local/{PACKAGE}"))));
    } else if let Some(at) = package {
        identity.kind = InstallKind::Npm;
        identity.packages.push(first_parts(platform, target, at + 3));
    } else if let Some(cask) = parts.iter().position(|part| *part == "Caskroom") {
        identity.kind = InstallKind::Homebrew;
        identity.version = parts.get(cask + 2).filter(|part| is_version(part)).map(|part| (*part).to_owned());
    } else if parts.windows(2).any(|two| two == ["claude", "versions"]) {
        identity.kind = InstallKind::Native;
        identity.version = version_after("versions").or_else(|| {
            let name = after("versions")?.trim_end_matches(".exe");
            is_version(name).then(|| name.to_owned())
        });
    } else if parts.contains(&"WindowsApps") || version_after("claude-code").is_some() {
        identity.kind = InstallKind::Desktop;
        identity.version = version_after("claude-code");
    } else if parts.contains(&"JetBrains") {
        identity.kind = InstallKind::JetBrains;
    } else if parts.windows(2).any(|two| two == [".volta", "bin"]) || target.ends_with("volta-shim") {
        identity.kind = InstallKind::Npm;
        let volta = parent(platform, folder);
        identity.packages.push(
            platform.join(
                volta,
                &native(platform, &format!("tools/image/packages/@anthropic-ai/claude-code/lib/{PACKAGE}")),
            ),
        );
    } else if platform == Platform::Windows && is_shim(path) {
        // npm's shims lie beside their node_modules; pnpm's beside a folder `global`.
        identity.kind = InstallKind::Npm;
        for place in ["", "global/5/"] {
            identity.packages.push(platform.join(folder, &native(platform, &format!("{place}{PACKAGE}"))));
        }
    } else if parts.iter().any(|part| *part == "pnpm" || *part == ".pnpm") {
        identity.kind = InstallKind::Npm;
        identity.packages.push(platform.join(folder, &native(platform, &format!("global/5/{PACKAGE}"))));
    } else if parts.windows(3).any(|three| three[..2] == [".local", "bin"] && three[2].starts_with("claude")) {
        identity.kind = InstallKind::Native;
    }
    identity
}

/// `engines` and `version` of a `package.json`.
pub fn package_version(json: &Json) -> Option<String> {
    json.root().get("version").and_then(Value::as_str).filter(|text| is_version(text)).map(|text| text.into_owned())
}

/// The version in Node's `node_version.h`, which lies below the same prefix as the npm packages.
pub fn node_version_header(text: &str) -> Option<String> {
    let number = |name: &str| {
        text.lines().find_map(|line| {
            let mut words = line.split_ascii_whitespace();
            let found = words.next() == Some("#define") && words.next() == Some(name);
            words.next().filter(|_| found)?.parse::<u32>().ok()
        })
    };
    let numbers = ["NODE_MAJOR_VERSION", "NODE_MINOR_VERSION", "NODE_PATCH_VERSION"].map(number);
    let [Some(major), minor, patch] = numbers else { return None };
    Some(format!("{major}.{}.{}", minor.unwrap_or(0), patch.unwrap_or(0)))
}

/// The header that [`node_version_header`] reads, for a package folder below a `lib/node_modules`.
pub fn node_header_of(package: &str) -> Option<String> {
    let prefix = package.strip_suffix(PACKAGE)?.strip_suffix("/lib/")?;
    Some(format!("{prefix}/include/node/node_version.h"))
}

/// The `prefix` of an `.npmrc`. Nothing else of that file is taken: it may hold tokens.
pub fn npm_prefix(npmrc: &str, home: &str) -> Option<String> {
    npmrc.lines().rev().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim().trim_matches('"');
        let value = value.replace("${HOME}", home);
        let value = value.strip_prefix("~/").map_or(value.clone(), |rest| format!("{home}/{rest}"));
        (name.trim() == "prefix" && !value.is_empty()).then_some(value)
    })
}

/// Names under which the program is found in a folder of the PATH, in the order of the system.
pub fn program_names(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Windows => &["claude.exe", "claude.bat", "claude.cmd"],
        Platform::Linux | Platform::MacOs => &["claude"],
    }
}

/// The folders of a PATH, each once. Relative ones depend on where the person stands, and are left out.
pub fn path_folders(platform: Platform, path: &str) -> Vec<String> {
    let separator = if platform == Platform::Windows { ';' } else { ':' };
    let mut folders: Vec<String> = Vec::new();
    for folder in path.split(separator).map(|folder| folder.trim_matches('"')) {
        let folder = if folder.len() > 1 { folder.trim_end_matches(separators(platform)) } else { folder };
        if platform.is_absolute(folder) && !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_owned());
        }
    }
    folders
}

/// Places outside the PATH at which a copy may lie. A part of a path may hold one `*`.
pub fn known_places(platform: Platform, home: &str, variables: &[Variable]) -> Vec<String> {
    let variable = |name: &str| {
        let found = Variable::find(variables, name)?;
        Some(found.value.plain().to_owned()).filter(|value| platform.is_absolute(value))
    };
    let below = |base: &str, rest: &str| platform.join(base, &native(platform, rest));
    let own = |rest: &str| below(home, rest);
    let or_own = |name: &str, rest: &str| variable(name).unwrap_or_else(|| own(rest));
    let mut places = Vec::new();
    let executables = if platform == Platform::Windows { "claude.exe" } else { "claude" };
    places.push(own(&format!(".local/bin/{executables}")));
    places.push(own(".local/share/claude/versions/*"));
    places.push(own(&format!(".claude/local/{}", if platform == Platform::Windows { "claude.cmd" } else { "claude" })));
    places.push(below(&or_own("BUN_INSTALL", ".bun"), &format!("bin/{executables}")));
    places.push(below(&or_own("VOLTA_HOME", ".volta"), &format!("bin/{executables}")));
    let mut desktop = Vec::new();
    match platform {
        Platform::Windows => {
            let roaming = or_own("APPDATA", "AppData/Roaming");
            let local = or_own("LOCALAPPDATA", "AppData/Local");
            places.push(below(&roaming, "npm/claude.cmd"));
            places.push(below(&roaming, "nvm/*/claude.cmd"));
            places.push(below(&local, "pnpm/claude.cmd"));
            places.push(below(&local, "Microsoft/WinGet/Links/claude.exe"));
            places.push("C:\\Program Files\\nodejs\\claude.cmd".to_owned());
            places.push(below(&local, "Microsoft/WindowsApps/Claude.exe"));
            desktop.push(below(&roaming, "Claude/claude-code/*/claude.exe"));
            desktop.push(below(&roaming, "JetBrains/*/plugins/claude-code-jetbrains-plugin"));
        }
        Platform::MacOs => {
            places.push(below(&or_own("PNPM_HOME", "Library/pnpm"), "claude"));
            places.push(own("Library/Application Support/fnm/node-versions/*/installation/bin/claude"));
            let support = "Library/Application Support";
            desktop.push(own(&format!("{support}/Claude/claude-code/*/claude")));
            desktop.push(own(&format!("{support}/Claude/claude-code/*/claude.app/Contents/MacOS/claude")));
            desktop.push(own(&format!("{support}/JetBrains/*/plugins/claude-code-jetbrains-plugin")));
        }
        Platform::Linux => {
            places.push(below(&or_own("PNPM_HOME", ".local/share/pnpm"), "claude"));
            desktop.push(own(".config/Claude/claude-code/*/claude"));
            desktop.push(own(".local/share/JetBrains/*/claude-code-jetbrains-plugin"));
        }
    }
    if platform != Platform::Windows {
        for prefix in ["npm_config_prefix", "NPM_CONFIG_PREFIX", "HOMEBREW_PREFIX"] {
            places.extend(variable(prefix).map(|prefix| below(&prefix, "bin/claude")));
        }
        places.push(own(".npm-global/bin/claude"));
        places.push(below(&or_own("NVM_DIR", ".nvm"), "versions/node/*/bin/claude"));
        places.push(below(&or_own("FNM_DIR", ".local/share/fnm"), "node-versions/*/installation/bin/claude"));
        places.push(below(&or_own("ASDF_DATA_DIR", ".asdf"), "installs/nodejs/*/bin/claude"));
        places.push(below(&or_own("MISE_DATA_DIR", ".local/share/mise"), "installs/node/*/bin/claude"));
        for fixed in ["/usr/local/bin/claude", "/usr/bin/claude", "/opt/homebrew/bin/claude"] {
            places.push(fixed.to_owned());
        }
        if platform == Platform::Linux {
            places.push("/home/linuxbrew/.linuxbrew/bin/claude".to_owned());
        }
    }
    for editor in EDITORS {
        places.push(own(&format!("{editor}/extensions/anthropic.claude-code-*/resources/native-binary/{executables}")));
    }
    places.extend(desktop);
    places
}

/// Folders of VS Code and its relatives below the home.
const EDITORS: &[&str] = &[
    ".vscode",
    ".vscode-insiders",
    ".vscode-oss",
    ".vscode-server",
    ".vscode-server-insiders",
    ".cursor",
    ".cursor-server",
    ".windsurf",
    ".windsurf-server",
];

/// Smaller than this, the npm package's program is its stand-in: the real one has a hundred times the size.
pub const PLACEHOLDER_BELOW_BYTES: u64 = 1 << 20;

/// Whether `target` is the npm package's program, in whose place a stand-in may lie (npm, 2.1.197 and later).
pub fn may_be_placeholder(platform: Platform, target: &str) -> bool {
    target.ends_with(&native(platform, "@anthropic-ai/claude-code/bin/claude.exe"))
}

fn separators(platform: Platform) -> &'static [char] {
    if platform == Platform::Windows { &['/', '\\'] } else { &['/'] }
}

fn native(platform: Platform, path: &str) -> String {
    if platform == Platform::Windows { path.replace('/', "\\") } else { path.to_owned() }
}

/// The folder in which a path lies.
pub fn parent(platform: Platform, path: &str) -> &str {
    path.rfind(separators(platform)).map_or("", |at| &path[..at.max(1)])
}

/// The path up to and with its part number `count`.
fn first_parts(platform: Platform, path: &str, count: usize) -> String {
    let mut seen = 0;
    let mut inside = false;
    for (at, character) in path.char_indices() {
        let separator = separators(platform).contains(&character);
        if separator && inside {
            seen += 1;
            if seen == count {
                return path[..at].to_owned();
            }
        }
        inside = !separator;
    }
    path.to_owned()
}

/// The version of Node in a path such as `~/.nvm/versions/node/v18.20.4/lib/…`.
fn node_of(parts: &[&str]) -> Option<String> {
    parts.windows(2).find_map(|two| {
        let named = ["node", "nodejs", "node-versions", "nvm"].contains(&two[0]);
        let version = two[1].strip_prefix('v').unwrap_or(two[1]);
        (named && is_version(version)).then(|| version.to_owned())
    })
}

/// The version of Node that the path of its program tells, and the header beside it that tells it otherwise.
pub fn node_of_program(platform: Platform, target: &str) -> (Option<String>, Option<String>) {
    let parts: Vec<&str> = target.split(separators(platform)).filter(|part| !part.is_empty()).collect();
    let prefix = parent(platform, parent(platform, target));
    let header = (platform != Platform::Windows).then(|| platform.join(prefix, "include/node/node_version.h"));
    (node_of(&parts), header)
}

fn is_shim(path: &str) -> bool {
    path.ends_with(".cmd") || path.ends_with(".bat")
}

/// Three numbers, and whatever follows them after a hyphen.
fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let mut parts = core.split('.');
    let numbers = parts.clone().count() == 3;
    text.len() <= 40 && numbers && parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(platform: Platform, path: &str, target: &str) -> (&'static str, Option<String>, Option<String>, Vec<String>) {
        let found = identify(platform, path, target);
        (found.kind.word(), found.version, found.node, found.packages)
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn paths_tell_the_kind_and_the_version() {
        let on = |target| of(Platform::Linux, "/home/kim/bin/claude", target);
        assert_eq!(on("/home/kim/.local/share/claude/versions/2.1.330"), ("native", text("2.1.330"), None, vec![]));
        assert_eq!(
            on("/opt/homebrew/Caskroom/claude-code@latest/2.1.330/claude"),
            ("homebrew", text("2.1.330"), None, vec![])
        );
        assert_eq!(
            on("/home/kim/.nvm/versions/node/v18.20.4/lib/node_modules/@anthropic-ai/claude-code/cli.js"),
            (
                "npm",
                None,
                text("18.20.4"),
                vec!["/home/kim/.nvm/versions/node/v18.20.4/lib/node_modules/@anthropic-ai/claude-code".to_owned()]
            )
        );
        assert_eq!(
            on("/home/kim/.vscode/extensions/anthropic.claude-code-2.1.330-linux-x64/resources/native-binary/claude"),
            ("vscode", text("2.1.330"), None, vec![])
        );
        assert_eq!(
            on("/Users/kim/Library/Application Support/Claude/claude-code/2.1.330/claude"),
            ("desktop", text("2.1.330"), None, vec![])
        );
        assert_eq!(on("/usr/bin/claude"), ("other", None, None, vec![]));
    }

    #[test]
    fn windows_shims_lead_to_their_package() {
        let shim = "C:\\Users\\kim\\AppData\\Roaming\\npm\\claude.cmd";
        let (kind, _, _, packages) = of(Platform::Windows, shim, shim);
        assert_eq!(kind, "npm");
        assert_eq!(packages[0], "C:\\Users\\kim\\AppData\\Roaming\\npm\\node_modules\\@anthropic-ai\\claude-code");
        let store = "C:\\Users\\kim\\AppData\\Local\\Microsoft\\WindowsApps\\Claude.exe";
        assert_eq!(of(Platform::Windows, store, store).0, "desktop");
    }

    #[test]
    fn the_local_and_volta_layouts_lead_to_their_packages() {
        let local = "/home/kim/.claude/local/claude";
        let (kind, _, _, packages) = of(Platform::Linux, local, local);
        assert_eq!(
            (kind, packages[0].as_str()),
            ("local", "/home/kim/.claude/local/node_modules/@anthropic-ai/claude-code")
        );
        let (kind, _, _, packages) =
            of(Platform::Linux, "/home/kim/.volta/bin/claude", "/home/kim/.volta/bin/volta-shim");
        assert_eq!(
            (kind, packages[0].as_str()),
            (
                "npm",
                "/home/kim/.volta/tools/image/packages/@anthropic-ai/claude-code/lib/node_modules/@anthropic-ai/claude-code"
            )
        );
    }

    #[test]
    fn a_path_is_split_as_the_system_does() {
        assert_eq!(path_folders(Platform::Linux, "/usr/bin:/bin:rel::/usr/bin/:~/bin"), ["/usr/bin", "/bin"]);
        assert_eq!(
            path_folders(Platform::Windows, "C:\\Windows;\"C:\\Program Files\\nodejs\\\";"),
            ["C:\\Windows", "C:\\Program Files\\nodejs"]
        );
    }

    #[test]
    fn headers_and_npmrc_are_read_for_one_thing_each() {
        let header =
            "#ifndef X\n#define NODE_MAJOR_VERSION 18\n#define NODE_MINOR_VERSION 20\n#define NODE_PATCH_VERSION 4\n";
        assert_eq!(node_version_header(header), text("18.20.4"));
        assert_eq!(node_version_header("#define NODE_MINOR_VERSION 3"), None);
        let header = node_header_of("/usr/local/lib/node_modules/@anthropic-ai/claude-code");
        assert_eq!(header, text("/usr/local/include/node/node_version.h"));
        assert_eq!(
            npm_prefix("//registry/:_authToken=x\nprefix = ~/.npm-packages\n", "/home/kim"),
            text("/home/kim/.npm-packages")
        );
        assert_eq!(npm_prefix("registry=https://example.test\n", "/home/kim"), None);
    }

    fn program(path: &str, target: &str, on_path: bool, size: u64) -> Program {
        let Identity { kind, version, node, .. } = identify(Platform::Linux, path, target);
        let (path, target) = (path.to_owned(), target.to_owned());
        let modified_ms = Some(size as i64);
        Program { path, target, kind, version, on_path, condition: Condition::Runs, node, size, modified_ms }
    }

    #[test]
    fn one_file_under_two_names_counts_once_and_the_first_that_runs_is_first() {
        let version = "/home/kim/.local/share/claude/versions/2.1.330";
        let mut broken = program("/a/claude", "/a/gone", true, 0);
        broken.condition = Condition::BrokenLink;
        let installs = Installs::of(
            true,
            vec![
                broken,
                program("/home/kim/.local/bin/claude", version, true, 9),
                program(version, version, false, 9),
                program("/usr/bin/claude", "/usr/bin/claude", true, 5),
                program("/bin/claude", "/bin/claude", true, 5),
            ],
        );
        let paths: Vec<_> = installs.rows().into_iter().map(|row| (row.path, row.first)).collect();
        assert_eq!(
            paths,
            [
                ("/a/claude".to_owned(), false),
                ("/home/kim/.local/bin/claude".to_owned(), true),
                ("/usr/bin/claude".to_owned(), false)
            ]
        );
    }
}
