//! The organisation's settings in the stores of the system: Windows registry, preferences of macOS.

use authlight_core::claude_code::locations;
use authlight_core::reading::{Content, Document, Reading, Takes, Trouble};
use authlight_core::registry_export::{Exported, Hive};
use authlight_core::snapshot::{Platform, SettingsFile, Snapshot, Store};

use super::Machine;

/// Adds them where they rank: the person's registry before every file and only if nothing else says anything, the others
/// after all files (documented: settings).
pub fn add(machine: &dyn Machine, snapshot: &Snapshot, managed: &mut Vec<SettingsFile>) {
    match snapshot.examined.platform {
        Platform::Linux => {}
        Platform::Windows => {
            managed.extend(registry(machine, Hive::LocalMachine, Store::MachineRegistry));
            if !managed.iter().any(SettingsFile::says_something) {
                managed.splice(..0, registry(machine, Hive::CurrentUser, Store::UserRegistry));
            }
        }
        Platform::MacOs => {
            let account = snapshot.examined.home.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            managed.extend(locations::managed_preferences(account).into_iter().filter_map(|path| list(machine, path)));
        }
    }
}

fn registry(machine: &dyn Machine, hive: Hive, store: Store) -> Option<SettingsFile> {
    let content = match machine.registry_policy(hive) {
        Reading::Absent | Reading::Found(Exported::Absent) => return None,
        Reading::Found(Exported::Text(text)) => Reading::Found(Content::of(text.into_bytes(), Takes::PlainUtf8)),
        Reading::Found(Exported::OtherType) => Reading::Unreadable(Trouble::Failed),
        Reading::Unreadable(trouble) => Reading::Unreadable(trouble),
    };
    Some(SettingsFile::in_store(Document { path: hive.policy_path(), content, ..Document::default() }, store))
}

fn list(machine: &dyn Machine, path: String) -> Option<SettingsFile> {
    let (facts, json) = machine.preferences(&path);
    let content = match json {
        Reading::Absent => return None,
        Reading::Unreadable(trouble) => Reading::Unreadable(trouble),
        Reading::Found(Some(json)) => Reading::Found(Content::of(json.into_bytes(), Takes::PlainUtf8)),
        Reading::Found(None) => Reading::Unreadable(Trouble::Failed),
    };
    Some(SettingsFile::in_store(Document { path, facts, content }, Store::Preferences))
}
