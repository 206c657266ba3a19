//! What installs programs on a machine: package managers and Node, found by files. None of them is started.

use authlight_core::claude_code::ways::{Manager, Node, Tools};
use authlight_core::installs;
use authlight_core::reading::FileFacts;
use authlight_core::snapshot::{Platform, Snapshot, Variable};

use super::Machine;
use super::installs::{follow, node_version};

/// An `.npmrc` is a few lines.
const NPMRC_LIMIT: u64 = 256 << 10;

/// Looks at the PATH of the examined context, and at the known places.
pub fn tools(machine: &dyn Machine, snapshot: &Snapshot) -> Tools {
    let platform = snapshot.examined.platform;
    let path = Variable::find(&snapshot.examined.variables, "PATH");
    let folders = path.map(|path| installs::path_folders(platform, path.value.plain())).unwrap_or_default();
    let on_path = |names: &[&str]| {
        let places = folders.iter().flat_map(|folder| names.iter().map(|name| platform.join(folder, name)));
        places.into_iter().find(|place| is_program(machine, platform, place))
    };
    let found = |manager: Manager| {
        let known = || manager.places(platform, &snapshot.examined.home).into_iter();
        let elsewhere = || known().find(|place| is_program(machine, platform, place));
        Some((manager, on_path(manager.programs(platform)).or_else(elsewhere)?))
    };
    let managers: Vec<_> = [Manager::Npm, Manager::Homebrew, Manager::WinGet].into_iter().filter_map(found).collect();
    let node = on_path(if platform == Platform::Windows { &["node.exe"] } else { &["node"] });
    let node = node.map(|path| Node { version: version(machine, platform, &path), path });
    let npm = managers.iter().find(|(manager, _)| *manager == Manager::Npm);
    let npm_folder_closed = npm.and_then(|(_, npm)| closed(machine, snapshot, npm));
    Tools { managers, node, npm_folder_closed }
}

fn is_program(machine: &dyn Machine, platform: Platform, path: &str) -> bool {
    // An alias of the Windows store says nothing of itself.
    let Some((target, facts)) = follow(machine, platform, path) else { return false };
    let executable =
        |facts: &FileFacts| platform == Platform::Windows || facts.mode.is_none_or(|mode| mode & 0o111 != 0);
    let is_there = if facts.is_absent() { false } else { facts.found().is_none_or(executable) };
    is_there && machine.list(&target).found().is_none()
}

fn version(machine: &dyn Machine, platform: Platform, path: &str) -> Option<String> {
    let (target, _) = follow(machine, platform, path)?;
    let (told, header) = installs::node_of_program(platform, &target);
    told.or_else(|| header.and_then(|header| node_version(machine, &header)))
}

/// The folder into which npm installs, where the examined person may not write it.
fn closed(machine: &dyn Machine, snapshot: &Snapshot, npm: &str) -> Option<String> {
    let (platform, home) = (snapshot.examined.platform, snapshot.examined.home.as_str());
    if platform == Platform::Windows {
        // There it is a folder of the person's own.
        return None;
    }
    let named = ["npm_config_prefix", "NPM_CONFIG_PREFIX"].into_iter().find_map(|name| {
        let found = Variable::find(&snapshot.examined.variables, name)?;
        Some(found.value.plain().to_owned()).filter(|prefix| platform.is_absolute(prefix))
    });
    let (_, npmrc) = machine.read(&platform.join(home, ".npmrc"), NPMRC_LIMIT);
    let in_npmrc = || installs::npm_prefix(&String::from_utf8_lossy(npmrc.found()?), home);
    let beside = || installs::parent(platform, installs::parent(platform, npm)).to_owned();
    let prefix = named.or_else(in_npmrc).unwrap_or_else(beside);
    let folders = ["lib/node_modules", "lib", ""].map(|rest| platform.join(&prefix, rest));
    let there = folders.into_iter().find_map(|folder| Some((machine.writable(&folder)?, folder)));
    there.filter(|(writable, _)| !writable).map(|(_, folder)| folder)
}
