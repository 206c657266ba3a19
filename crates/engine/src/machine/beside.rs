//! What lies beside the examined system on the same computer.

use authlight_core::host::{Beside, is_windows_account};
use authlight_core::reading::Reading;
use authlight_core::snapshot::{Platform, Snapshot};

use super::Machine;

/// Where WSL shows the homes of Windows.
const WINDOWS_HOMES: &str = "/mnt/c/Users";

/// As many homes are looked at.
const MOST_HOMES: usize = 64;

/// Looks whether it is there, and at nothing in it.
pub(super) fn read(machine: &dyn Machine, snapshot: &Snapshot) -> Beside {
    let examined = &snapshot.examined;
    let mut beside = Beside::default();
    if examined.host.wsl {
        let names = machine.list(WINDOWS_HOMES);
        let accounts = names.found().into_iter().flatten().filter(|name| is_windows_account(name));
        let there = |path: String| matches!(machine.facts(&path), Reading::Found(_));
        beside.windows_settings = accounts
            .take(MOST_HOMES)
            .any(|name| [".claude", ".claude.json"].iter().any(|own| there(format!("{WINDOWS_HOMES}/{name}/{own}"))));
    }
    if examined.platform == Platform::Windows {
        beside.wsl_distributions = machine.wsl_distributions().found().copied();
    }
    beside
}
