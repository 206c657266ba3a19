//! What programs that rewrite Claude Code's settings left in the home: whether it is there, and no more.

use authlight_core::reading::Reading;
use authlight_core::residents::{Trace, places};
use authlight_core::snapshot::Snapshot;

use super::Machine;

/// Every trace that is there.
pub(super) fn read(machine: &dyn Machine, snapshot: &Snapshot) -> Vec<Trace> {
    let found = places().filter_map(|(resident, path, starts)| {
        let path = snapshot.examined.platform.join(&snapshot.examined.home, path);
        matches!(machine.facts(&path), Reading::Found(_)).then_some(Trace { id: resident.id, path, starts })
    });
    found.collect()
}
