//! The running system's registry: the policy and the keys of variables, read and never written.

use authlight_core::host::LXSS_KEY;
use authlight_core::reading::{Reading, Trouble};
use authlight_core::registry_export::{Exported, Hive, POLICY_KEY, POLICY_VALUE, TextValue};
use authlight_core::secret::Secret;
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type, Value};

fn top(hive: Hive) -> &'static Key {
    match hive {
        Hive::LocalMachine => LOCAL_MACHINE,
        Hive::CurrentUser => CURRENT_USER,
    }
}

/// The text values of the key of variables.
pub fn environment(hive: Hive) -> Reading<Vec<TextValue>> {
    let Ok(key) = top(hive).open(hive.environment_key()) else { return Reading::Absent };
    let Ok(values) = key.values() else { return Reading::Unreadable(Trouble::Failed) };
    let text = |(name, value): (String, Value)| {
        let expands = match value.ty() {
            Type::String => false,
            Type::ExpandString => true,
            _ => return None,
        };
        let text = String::try_from(value).ok()?;
        Some(TextValue { name, text: Secret::new(text.trim_end_matches('\0')), expands })
    };
    Reading::Found(values.filter_map(text).collect())
}

/// The policy's value.
pub fn policy(hive: Hive) -> Reading<Exported> {
    let top = top(hive);
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
