//! The copies of Claude Code on a machine: one look at each place, no program started.

use authlight_core::installs::{self, Condition, Identity, InstallKind, Installs, Program};
use authlight_core::json::Json;
use authlight_core::reading::{FileFacts, Reading, Trouble};
use authlight_core::snapshot::{Platform, Snapshot, Variable};

use super::Machine;

/// `package.json`, `.npmrc` and Node's header are a few KiB.
const SMALL_LIMIT: u64 = 256 << 10;

/// So many links are followed, as Linux does.
const LINKS: usize = 40;

/// So many entries of one folder are looked at where a place holds a `*`.
const ENTRIES: usize = 64;

/// Looks at the PATH of the examined context and at the known places.
pub fn installs(machine: &dyn Machine, snapshot: &Snapshot) -> Installs {
    let platform = snapshot.examined.platform;
    let path = Variable::find(&snapshot.examined.variables, "PATH");
    let mut found: Vec<Program> = Vec::new();
    for folder in path.map(|path| installs::path_folders(platform, path.value.plain())).unwrap_or_default() {
        for name in installs::program_names(platform) {
            found.extend(program(machine, platform, platform.join(&folder, name), true));
        }
    }
    let mut places = installs::known_places(platform, &snapshot.examined.home, &snapshot.examined.variables);
    let (_, npmrc) = machine.read(&platform.join(&snapshot.examined.home, ".npmrc"), SMALL_LIMIT);
    if let Some(npmrc) = npmrc.found()
        && let Some(prefix) = installs::npm_prefix(&String::from_utf8_lossy(npmrc), &snapshot.examined.home)
    {
        let rest = if platform == Platform::Windows { "claude.cmd" } else { "bin/claude" };
        places.push(platform.join(&prefix, rest));
    }
    for place in places {
        for path in expand(machine, platform, place) {
            if !found.iter().any(|known| known.path == path) {
                found.extend(program(machine, platform, path, false));
            }
        }
    }
    Installs::of(path.is_some(), found)
}

/// The paths that a place with `*` in it stands for.
fn expand(machine: &dyn Machine, platform: Platform, place: String) -> Vec<String> {
    let Some(star) = place.find('*') else { return vec![place] };
    let separators: &[char] = if platform == Platform::Windows { &['/', '\\'] } else { &['/'] };
    let start = place[..star].rfind(separators).map_or(0, |at| at + 1);
    let end = place[star..].find(separators).map_or(place.len(), |at| star + at);
    let (prefix, suffix) = (&place[start..star], &place[star + 1..end]);
    let Reading::Found(names) = machine.list(&place[..start]) else { return Vec::new() };
    let fits = |name: &&String| {
        name.len() >= prefix.len() + suffix.len() && name.starts_with(prefix) && name.ends_with(suffix)
    };
    // Of very many the newest: names of versions sort by age, near enough.
    names
        .iter()
        .rev()
        .filter(fits)
        .take(ENTRIES)
        .map(|name| format!("{}{name}{}", &place[..start], &place[end..]))
        .collect()
}

/// The copy at a path, if there is one or should be.
fn program(machine: &dyn Machine, platform: Platform, path: String, on_path: bool) -> Option<Program> {
    let (target, facts) = follow(machine, platform, &path)?;
    let Identity { kind, mut version, mut node, packages } = installs::identify(platform, &path, &target);
    // A plug-in is a folder; any other folder of that name is somebody's own.
    if kind != InstallKind::JetBrains && machine.list(&target).found().is_some() {
        return None;
    }
    let gone = match &facts {
        Reading::Absent | Reading::Unreadable(Trouble::DanglingLink | Trouble::LinkLoop) => true,
        // Such as an alias of the Windows store: it is there and says nothing of itself.
        Reading::Found(_) | Reading::Unreadable(_) => false,
    };
    if gone && target == path {
        return None;
    }
    let facts = facts.found().copied().unwrap_or_default();
    let condition = if gone {
        Condition::BrokenLink
    } else if platform != Platform::Windows && facts.mode.is_some_and(|mode| mode & 0o111 == 0) {
        Condition::NotExecutable
    } else if facts.size < installs::PLACEHOLDER_BELOW_BYTES && installs::may_be_placeholder(platform, &target) {
        Condition::Placeholder
    } else {
        Condition::Runs
    };
    for package in &packages {
        let (_, bytes) = machine.read(&platform.join(package, "package.json"), SMALL_LIMIT);
        if let Reading::Found(bytes) = bytes {
            version = Json::parse(bytes).ok().and_then(|json| installs::package_version(&json));
            if node.is_none() && kind == InstallKind::Npm {
                node = installs::node_header_of(package).and_then(|header| node_version(machine, &header));
            }
            break;
        }
    }
    let FileFacts { size, modified_ms, .. } = facts;
    Some(Program { path, target, kind, version, on_path, condition, node, size, modified_ms })
}

/// Where the links at a path lead, seen from inside the examined machine, and what is there. `None`: nothing stands at
/// the path itself, or it is a folder of some other purpose.
pub(super) fn follow(machine: &dyn Machine, platform: Platform, path: &str) -> Option<(String, Reading<FileFacts>)> {
    let mut target = path.to_owned();
    for _ in 0..LINKS {
        match machine.link(&target) {
            Reading::Found(Some(next)) => {
                target = flat(&platform.join(installs::parent(platform, &target), &next));
            }
            Reading::Found(None) | Reading::Unreadable(_) => break,
            Reading::Absent if target == path => return None,
            Reading::Absent => return Some((target, Reading::Absent)),
        }
    }
    let facts = machine.facts(&target);
    Some((target, facts))
}

/// A path without `.` and `..` in it.
fn flat(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

pub(super) fn node_version(machine: &dyn Machine, header: &str) -> Option<String> {
    let (_, bytes) = machine.read(header, SMALL_LIMIT);
    installs::node_version_header(&String::from_utf8_lossy(bytes.found()?))
}
