//! A file that `--settings` names and that is not there: Claude Code does not start (observed).

use super::HELP;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Scope, Status};

pub(super) const CHECK: Check = Check { id: "G.settings_flag_found", cause: Cause::SettingsFiles, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let flag = facts.snapshot.settings.iter().find(|file| file.scope == Scope::CommandLine);
    let Some(file) = flag else { return Outcome::Skipped("skip-settings-no-flag") };
    if !file.document.content.is_absent() {
        return Outcome::Pass;
    }
    let found = Found::new("AL-0-13", Status::Fail, "--settings names a file that is not there")
        .with("path", file.document.path.as_str())
        .at(&file.source())
        .help(HELP);
    Outcome::Found(vec![found])
}
