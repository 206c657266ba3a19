//! The settings of VS Code and its relatives.

use authlight_core::editors::{self, EditorSettings, LIMIT};
use authlight_core::reading::Content;
use authlight_core::snapshot::Snapshot;

use super::Machine;

/// Those that are there.
pub(super) fn read(machine: &dyn Machine, snapshot: &Snapshot) -> Vec<EditorSettings> {
    let read = |file: editors::EditorFile| {
        let content = machine.read(&file.path, LIMIT).1.map(Content::of_an_editor);
        editors::settings(snapshot.examined.platform, file, content)
    };
    editors::files(&snapshot.examined).into_iter().filter_map(read).collect()
}
