//! The credential reset: two plans with a look between them.

use std::path::PathBuf;

use authlight_core::fixes::Edit;
use authlight_core::fixes::reset::{self, Part, Step};
use authlight_core::judge;
use authlight_core::ladder::Slot;
use authlight_core::reading::Reading;
use authlight_core::report::{Finding, Live, Status};

use super::change::preview::{self, Preview};
use super::change::transaction::Occasion;
use super::change::{ApplyError, Plan, PlanError, Receipt, Store, apply, plan};
use super::repair::OwnHands;
use crate::examination::Examination;
use crate::machine::Machine;
use crate::machine::os::Disk;
use crate::report_out::redaction::LeakPass;

/// A part of the reset that is planned.
pub struct Planned {
    /// Which.
    pub part: Part,
    /// What would be done.
    pub plan: Plan,
    /// The same, to be shown.
    pub preview: Preview,
    edits: Vec<Edit>,
}

/// The name under which the reset stands in the journal.
pub const NAME: &str = "reset";

/// Signing out by the person's own program, where it can be run here.
///
/// # Errors
/// [`PlanError`]
pub fn sign_out(now: &Examination, disk: &Disk, leave: &[Part]) -> Result<Option<Planned>, PlanError> {
    let live = Live::default();
    let outside = |path: &str| -> PathBuf { disk.outside(path) };
    let step = reset::sign_out(&now.facts(&live)).filter(|step| !leave.contains(&step.part));
    let step = step.filter(|_| now.own_claude(&outside).is_some());
    step.map(|step| planned(step, now, disk, "")).transpose()
}

/// What is left, part by part. `stamp` makes the names of files that are set aside.
///
/// # Errors
/// [`PlanError`]
pub fn left(now: &Examination, disk: &Disk, leave: &[Part], stamp: &str) -> Result<Vec<Planned>, PlanError> {
    let live = Live::default();
    let steps = reset::left(&now.facts(&live)).into_iter().filter(|step| !leave.contains(&step.part));
    steps.map(|step| planned(step, now, disk, stamp)).collect()
}

fn planned(step: Step, now: &Examination, disk: &Disk, stamp: &str) -> Result<Planned, PlanError> {
    let plan = plan::of(&step.repair.edits, disk, stamp)?;
    let preview = preview::of(&plan, &LeakPass::new(&now.secrets()));
    Ok(Planned { part: step.part, plan, preview, edits: step.repair.edits })
}

/// Carries the chosen parts out as one change: all of them, or nothing.
///
/// # Errors
/// [`CarryOutError`]
pub fn carry_out(
    chosen: &[&Planned],
    disk: &Disk,
    store: &Store,
    hands: &OwnHands<'_>,
    occasion: &Occasion,
) -> Result<Receipt, CarryOutError> {
    // What cannot be undone comes last.
    let edits = chosen.iter().flat_map(|planned| planned.edits.iter().cloned());
    let (first, last): (Vec<Edit>, Vec<Edit>) = edits.partition(Edit::is_reversible);
    let plan = plan::of(&[first, last].concat(), disk, &occasion.change)?;
    if let Some(path) = chosen.iter().find_map(|planned| planned.plan.differs_in_ground(&plan)) {
        return Err(CarryOutError::ChangedMeanwhile { path });
    }
    Ok(apply(&plan, store, hands, occasion)?)
}

/// Why the reset was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CarryOutError {
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A file is not any more what it was when the plan was shown.
    #[error("{path}: this file has changed since the plan was made. Look again")]
    ChangedMeanwhile {
        /// The file.
        path: String,
    },
    /// It was not carried out.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

/// What is between the name of a file that was set aside and the name of the change.
const ASIDE: &str = ".set-aside-";

/// The login files that we set aside here before, as seen from inside. Nobody else's files are among them.
pub fn old_logins(now: &Examination, disk: &Disk) -> Vec<String> {
    let login = &now.snapshot.login.path;
    let Some(folder) = login.strip_suffix(".credentials.json") else { return Vec::new() };
    let Reading::Found(names) = disk.list(folder) else { return Vec::new() };
    let is_ours = |name: &String| {
        let login = name.strip_prefix('.').unwrap_or(name);
        login
            .strip_prefix("credentials.json")
            .and_then(|rest| rest.strip_prefix(ASIDE))
            .is_some_and(is_name_of_a_change)
    };
    let mut old: Vec<String> = names.into_iter().filter(is_ours).map(|name| format!("{folder}{name}")).collect();
    old.retain(|path| std::fs::symlink_metadata(disk.outside(path)).is_ok_and(|it| it.is_file()));
    old.sort();
    old
}

/// `20261124T021658Z-ab12`, as [`super::repair::occasion`] makes it.
fn is_name_of_a_change(name: &str) -> bool {
    let is_of =
        |text: &str, is: fn(&u8) -> bool, length: usize| text.len() == length && text.bytes().all(|byte| is(&byte));
    let parts = || {
        let (time, chance) = name.split_once('-')?;
        let (day, second) = time.strip_suffix('Z')?.split_once('T')?;
        Some((day, second, chance))
    };
    parts().is_some_and(|(day, second, chance)| {
        is_of(day, u8::is_ascii_digit, 8)
            && second.len() >= 6
            && second.bytes().all(|byte| byte.is_ascii_digit())
            && is_of(chance, u8::is_ascii_hexdigit, 4)
    })
}

/// Whether a login of claude.ai is what Claude Code uses now, and nothing is wrong with it.
pub fn new_login_works(now: &Examination) -> bool {
    let live = Live::default();
    let used = now.resolution.sends.iter().any(|sent| sent.credential == Slot::Login.kind());
    let findings = judge::findings(&now.facts(&live));
    let of_login = |found: &Finding| {
        found.code.as_deref().is_some_and(|code| code.starts_with("AL-2-")) && found.status == Status::Fail
    };
    used && !findings.iter().any(of_login)
}

/// Deletes login files that were set aside. It cannot be taken back; of a login no copy is ever made.
///
/// # Errors
/// The first that cannot be deleted. What is not asked for by [`old_logins`] is left alone.
pub fn delete_old_logins(paths: &[String], now: &Examination, disk: &Disk) -> Result<usize, DeleteError> {
    if !new_login_works(now) {
        return Err(DeleteError::NoNewLogin);
    }
    let known = old_logins(now, disk);
    let mut deleted = 0;
    for path in known.iter().filter(|path| paths.contains(path)) {
        std::fs::remove_file(disk.outside(path)).map_err(|cause| DeleteError::System { path: path.clone(), cause })?;
        deleted += 1;
    }
    Ok(deleted)
}

/// Why an old login file is still there.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// No other login is in use.
    #[error("no new login works yet, so the old one is kept")]
    NoNewLogin,
    /// The system refused.
    #[error("{path}: {cause}")]
    System {
        /// The file.
        path: String,
        /// What it said.
        cause: std::io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::repair;

    #[test]
    fn the_names_of_our_changes_are_known_and_no_others() {
        assert!(is_name_of_a_change(&repair::occasion(NAME, 1_795_000_000_000).change));
        for other in ["", "backup", "20261124T021658Z", "20261124T021658Z-ab12x", "2026-11-24T021658Z-ab12", "x-ab12"] {
            assert!(!is_name_of_a_change(other), "{other}");
        }
    }
}
