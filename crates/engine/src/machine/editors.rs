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

/// Whether an IDE of JetBrains has kept settings, each in a folder with its release in its name.
pub(super) fn has_jetbrains(machine: &dyn Machine, snapshot: &Snapshot) -> bool {
    let names = machine.list(&editors::folder_of_jetbrains(&snapshot.examined));
    let is_release = |name: &String| name.chars().any(|sign| sign.is_ascii_digit());
    names.found().is_some_and(|names| names.iter().any(is_release))
}
