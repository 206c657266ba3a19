//! The running system's registry: read and never written.

use authlight_core::host::LXSS_KEY;
use authlight_core::reading::{Reading, Trouble};
use authlight_core::registry_export::{Exported, Hive, POLICY_KEY, POLICY_VALUE};
use windows_registry::{CURRENT_USER, LOCAL_MACHINE, Type};

/// The policy's value.
pub fn policy(hive: Hive) -> Reading<Exported> {
    let top = match hive {
        Hive::LocalMachine => LOCAL_MACHINE,
        Hive::CurrentUser => CURRENT_USER,
    };
    // A key that cannot be opened is, as a rule, not there.
    let Ok(key) = top.open(POLICY_KEY) else { return Reading::Absent };
    match key.get_type(POLICY_VALUE) {
        Err(_) => Reading::Absent,
        Ok(Type::String | Type::ExpandString) => match key.get_string(POLICY_VALUE) {
            Ok(text) => Reading::Found(Exported::Text(text)),
            Err(_) => Reading::Unreadable(Trouble::Failed),
        },
        Ok(_) => Reading::Found(Exported::OtherType),
    }
}

/// How many distributions of WSL there are.
pub fn distributions() -> Reading<usize> {
    let Ok(top) = CURRENT_USER.open(LXSS_KEY) else { return Reading::Absent };
    let Ok(keys) = top.keys() else { return Reading::Unreadable(Trouble::Failed) };
    let named = |key: &String| top.open(key).is_ok_and(|key| key.get_string("DistributionName").is_ok());
    Reading::Found(keys.filter(named).count())
}
