//! A slip in the text of a settings file drops all that stands in it (observed: `set-*`).

use super::{fault, owner};
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::reading::Trouble;
use crate::report::{Cause, Scope, Status};

pub(super) const CHECK: Check = Check { id: "G.settings_file_read", cause: Cause::SettingsFiles, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let found = facts.snapshot.settings.iter().filter_map(|file| {
        // A broken file of the organisation stops Claude Code (observed: `set-truncated-managed`); another is left out.
        // Observed: a folder named with `--settings` stops it too.
        let managed = file.scope == Scope::Managed;
        let folder = file.document.content.trouble() == Some(Trouble::Folder);
        let stops = managed || (file.scope == Scope::CommandLine && folder);
        let (status, effect) = if stops { (Status::Fail, "stops") } else { (Status::Warn, "left-out") };
        let mut found = fault(&file.document, file.source(), status)?.with("effect", effect).owned_by(owner(file));
        // Observed: a folder or a giant in the place of the organisation's file stops Claude Code, a closed file does not.
        let giant = file.document.content.trouble() == Some(Trouble::TooLarge);
        if stops && (folder || giant) {
            found.status = Status::Fail;
        }
        Some(found)
    });
    Outcome::of(found.collect())
}
