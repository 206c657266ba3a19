//! The official ways to install Claude Code, and what each needs.
//!
//! Documented: `setup` and `troubleshoot-install` of code.claude.com/docs/en as of 2026-08-22; nothing of it was run, since
//! nothing is downloaded by us. That npm, on a Node older than it asks for, installs an older Claude Code without a word
//! was observed (npm on Node 18 and 20).

use super::Evidence;
use crate::policy::compare_versions;
use crate::snapshot::Platform;

/// The day on which the rows were last held against their source.
pub const CHECKED: &str = "2026-11-23";

/// The page that says more.
pub const PAGE: &str = "https://code.claude.com/docs/en/setup";

/// The major version of Node that the npm package asks for (`engines`, npm registry).
pub const NODE_WANTED: u64 = 22;

/// A program that installs others, and that can be started for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// Node's.
    Npm,
    /// On macOS.
    Homebrew,
    /// Windows' own.
    WinGet,
}

impl Manager {
    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Homebrew => "Homebrew",
            Self::WinGet => "WinGet",
        }
    }

    /// The names of its program.
    pub fn programs(self, platform: Platform) -> &'static [&'static str] {
        match (self, platform) {
            (Self::Npm, Platform::Windows) => &["npm.cmd", "npm.exe"],
            (Self::Npm, _) => &["npm"],
            (Self::Homebrew, Platform::MacOs) => &["brew"],
            (Self::Homebrew, _) => &[],
            (Self::WinGet, Platform::Windows) => &["winget.exe"],
            (Self::WinGet, _) => &[],
        }
    }

    /// Where its program lies outside the `PATH`.
    pub fn places(self, platform: Platform, home: &str) -> Vec<String> {
        match (self, platform) {
            (Self::Homebrew, Platform::MacOs) => vec!["/opt/homebrew/bin/brew".into(), "/usr/local/bin/brew".into()],
            (Self::WinGet, Platform::Windows) => {
                vec![platform.join(home, r"AppData\Local\Microsoft\WindowsApps\winget.exe")]
            }
            _ => Vec::new(),
        }
    }
}

/// A way to install Claude Code.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Its name in a command, and in the words.
    pub id: &'static str,
    /// Where it is there.
    pub platforms: &'static [Platform],
    /// What is typed; empty: several steps, which [`PAGE`] tells.
    pub command: &'static str,
    /// Who can be started to do it, and with what. None: it is shown, to be copied.
    pub starts: Option<(Manager, &'static [&'static str])>,
    /// What takes it back.
    pub back: &'static str,
    /// Whether Claude Code then keeps itself up to date.
    pub updates_itself: bool,
    /// How that is known.
    pub evidence: Evidence,
}

/// Every way; the recommended one first.
pub const WAYS: &[Way] = &[
    Way {
        id: "native",
        platforms: &[Platform::MacOs, Platform::Linux],
        command: "curl -fsSL https://claude.ai/install.sh | bash",
        starts: None,
        back: "",
        updates_itself: true,
        evidence: Evidence::Documented("setup"),
    },
    Way {
        id: "native",
        platforms: &[Platform::Windows],
        command: "irm https://claude.ai/install.ps1 | iex",
        starts: None,
        back: "",
        updates_itself: true,
        evidence: Evidence::Documented("setup"),
    },
    Way {
        // On Linux people were told that there is no such cask (report: #20963, January 2026).
        id: "homebrew",
        platforms: &[Platform::MacOs],
        command: "brew install --cask claude-code",
        starts: Some((Manager::Homebrew, &["install", "--cask", "claude-code"])),
        back: "brew uninstall --cask claude-code",
        updates_itself: false,
        evidence: Evidence::Documented("setup"),
    },
    Way {
        id: "winget",
        platforms: &[Platform::Windows],
        command: "winget install Anthropic.ClaudeCode",
        starts: Some((Manager::WinGet, &["install", "Anthropic.ClaudeCode"])),
        back: "winget uninstall Anthropic.ClaudeCode",
        updates_itself: false,
        evidence: Evidence::Documented("setup"),
    },
    Way {
        id: "npm",
        platforms: &[Platform::MacOs, Platform::Linux, Platform::Windows],
        command: "npm install -g @anthropic-ai/claude-code",
        starts: Some((Manager::Npm, &["install", "-g", "@anthropic-ai/claude-code"])),
        back: "npm uninstall -g @anthropic-ai/claude-code",
        updates_itself: true,
        evidence: Evidence::Documented("setup"),
    },
    Way {
        id: "packages",
        platforms: &[Platform::Linux],
        command: "",
        starts: None,
        back: "",
        updates_itself: false,
        evidence: Evidence::Documented("setup"),
    },
];

/// The ways for a system, the recommended one first.
pub fn ways(platform: Platform) -> impl Iterator<Item = &'static Way> {
    WAYS.iter().filter(move |way| way.platforms.contains(&platform))
}

/// What of that was found on a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tools {
    /// The managers that were found, and where.
    pub managers: Vec<(Manager, String)>,
    /// Node, where it was found.
    pub node: Option<Node>,
    /// The folder into which npm installs, where it may not be written.
    pub npm_folder_closed: Option<String>,
}

/// Node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its program.
    pub path: String,
    /// Its version, as far as files tell or it was asked.
    pub version: Option<String>,
}

/// How a way stands on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is shown, and typed by the person.
    Shown,
    /// It can be started: by this program.
    Ready {
        /// The manager's program.
        program: String,
    },
    /// The manager was not found.
    NoManager(Manager),
    /// npm is there, and Node is not.
    NoNode,
    /// This Node is too old: an older Claude Code would be installed without a word.
    OldNode {
        /// Its version.
        version: String,
    },
    /// No file tells Node's version; it has to be asked.
    NodeNotAsked {
        /// Node's program.
        node: String,
    },
    /// npm may not write where it installs. Anthropic advises against `sudo` (documented: `setup`).
    Closed {
        /// The folder.
        folder: String,
    },
}

impl Way {
    /// How it stands where this was found.
    pub fn standing(&self, tools: &Tools) -> Standing {
        let Some((manager, _)) = self.starts else { return Standing::Shown };
        let found = tools.managers.iter().find(|(known, _)| *known == manager);
        let Some((_, program)) = found else { return Standing::NoManager(manager) };
        if manager == Manager::Npm {
            let Some(node) = &tools.node else { return Standing::NoNode };
            let Some(version) = &node.version else { return Standing::NodeNotAsked { node: node.path.clone() } };
            let wanted = format!("{NODE_WANTED}.0.0");
            if compare_versions(version, &wanted).is_none_or(std::cmp::Ordering::is_lt) {
                return Standing::OldNode { version: version.clone() };
            }
            if let Some(folder) = &tools.npm_folder_closed {
                return Standing::Closed { folder: folder.clone() };
            }
        }
        Standing::Ready { program: program.clone() }
    }
}

impl Standing {
    /// The word for the sentences.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Ready { .. } => "ready",
            Self::NoManager(_) => "no-manager",
            Self::NoNode => "no-node",
            Self::OldNode { .. } => "old-node",
            Self::NodeNotAsked { .. } => "node-not-asked",
            Self::Closed { .. } => "closed",
        }
    }
}

/// The version in what `node --version` prints: `v22.11.0`.
pub fn node_version(printed: &str) -> Option<String> {
    let version = printed.trim().strip_prefix('v')?;
    let is_version = version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok());
    is_version.then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npm() -> &'static Way {
        WAYS.iter().find(|way| way.id == "npm").unwrap()
    }

    fn tools(version: Option<&str>) -> Tools {
        let node = Node { path: "/usr/bin/node".to_owned(), version: version.map(str::to_owned) };
        Tools { managers: vec![(Manager::Npm, "/usr/bin/npm".to_owned())], node: Some(node), npm_folder_closed: None }
    }

    #[test]
    fn npm_needs_a_node_that_gets_the_newest_claude_code() {
        assert_eq!(npm().standing(&Tools::default()), Standing::NoManager(Manager::Npm));
        assert_eq!(npm().standing(&Tools { node: None, ..tools(None) }), Standing::NoNode);
        assert_eq!(npm().standing(&tools(None)).word(), "node-not-asked");
        for old in ["18.20.4", "20.19.0", "21.7.3", "9.0.0"] {
            assert_eq!(npm().standing(&tools(Some(old))), Standing::OldNode { version: old.to_owned() });
        }
        for new in ["22.0.0", "22.15.1", "24.1.0", "100.0.0"] {
            assert_eq!(npm().standing(&tools(Some(new))), Standing::Ready { program: "/usr/bin/npm".to_owned() });
        }
        let closed = Tools { npm_folder_closed: Some("/usr/lib/node_modules".to_owned()), ..tools(Some("24.1.0")) };
        assert_eq!(npm().standing(&closed).word(), "closed");
    }

    #[test]
    fn each_system_has_its_own_ways_and_the_recommended_one_is_first() {
        let named = |platform| ways(platform).map(|way| way.id).collect::<Vec<_>>();
        assert_eq!(named(Platform::Linux), ["native", "npm", "packages"]);
        assert_eq!(named(Platform::MacOs), ["native", "homebrew", "npm"]);
        assert_eq!(named(Platform::Windows), ["native", "winget", "npm"]);
        for way in WAYS {
            let typed = way.starts.map(|(_, arguments)| arguments.join(" "));
            assert!(typed.is_none_or(|typed| way.command.ends_with(&typed)), "{}", way.command);
        }
    }

    #[test]
    fn what_node_prints_is_its_version() {
        assert_eq!(node_version("v22.11.0\r\n").as_deref(), Some("22.11.0"));
        for other in ["", "22.11.0", "v22", "v22.11.0-nightly", "sh: node: not found"] {
            assert_eq!(node_version(other), None, "{other}");
        }
    }
}
