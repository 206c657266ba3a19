//! A scenario that is open: laid out in a temporary folder, its endpoint answering.

use std::io;

use tempfile::TempDir;
use thiserror::Error;

use super::{Endpoint, EndpointError, Home, LaidOut, LayOutError, Scenario, ScenarioError, now_ms};
use crate::cli::Trouble;
use crate::inspector::Inspector;
use crate::machine::os::Disk;
use authlight_core::snapshot::Examined;

/// Why a scenario could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is none of that name.
    #[error("there is no scenario {0}; authlight practice --list names them all")]
    NoSuchScenario(String),
    /// Its file cannot be read.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Its endpoint does not start.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// No folder for it.
    #[error("no temporary folder could be made: {0}")]
    Folder(#[from] io::Error),
    /// It cannot be laid out.
    #[error(transparent)]
    LayOut(#[from] LayOutError),
}

/// An open scenario. Its folder and its endpoint go when it is dropped.
#[derive(Debug)]
pub struct OpenScenario {
    /// What is told about it.
    pub scenario: Scenario,
    /// Where it lies.
    pub laid_out: LaidOut,
    home: Home,
    _endpoint: Option<Endpoint>,
    folder: TempDir,
}

impl OpenScenario {
    /// Opens the built-in scenario of that name.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn open(name: &str) -> Result<Self, OpenError> {
        let scenario = super::find(name)?.ok_or_else(|| OpenError::NoSuchScenario(name.to_owned()))?;
        let (home, endpoint) = Endpoint::of(&scenario, now_ms())?;
        let folder = tempfile::Builder::new().prefix("authlight-practice-").tempdir()?;
        let laid_out = scenario.lay_out_home(&home, folder.path())?;
        Ok(Self { scenario, laid_out, home, _endpoint: endpoint, folder })
    }

    /// What to look at. The clock goes on; what is relative to now stays as it was laid out.
    pub fn examined(&self) -> Examined {
        Examined { now_ms: now_ms(), ..self.home.examined() }
    }

    /// Looks at it for the window. What is changed in it is written down beside it, and goes with it.
    ///
    /// # Errors
    /// As [`Inspector::new`].
    pub fn inspector(&self) -> Result<Inspector, Trouble> {
        let changes = self.folder.path().join("changes");
        Ok(Inspector::new(self.laid_out.examine())?.keeping_changes_in(changes))
    }

    /// The machine to look at.
    pub fn machine(&self) -> Disk {
        Disk::below(self.laid_out.root.clone(), self.home.platform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::change::Store;
    use crate::act::jobs::Engine as _;
    use crate::examination::Examination;
    use crate::state::{RepairAsked, RepairEnd, ScanRequest};

    #[test]
    fn an_open_scenario_is_looked_at_like_any_machine_and_leaves_nothing_behind() {
        let open = OpenScenario::open("key-revoked").unwrap();
        let root = open.laid_out.root.clone();
        let examination = Examination::look(&open.machine(), open.examined());
        let base = examination.resolution.base.as_ref().unwrap();
        assert!(base.loopback && base.origin != super::super::NO_ENDPOINT, "its endpoint answers: {}", base.origin);
        assert_eq!(examination.resolution.sends.len(), 1);
        let port = base.origin.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap();
        assert!(examination.snapshot.listening.found().is_some_and(|ports| ports.contains(&port)));
        drop(open);
        assert!(!root.exists());
        assert!(matches!(OpenScenario::open("no-such"), Err(OpenError::NoSuchScenario(_))));
    }

    #[test]
    fn what_is_changed_for_practice_is_written_down_beside_it_and_nowhere_else() {
        let open = OpenScenario::open("settings-beat-shell").unwrap();
        let inspector = open.inspector().unwrap();
        let mine = || Store::own().map_or(0, |store| store.changes().map_or(0, |changes| changes.len()));
        let before = mine();
        let request = ScanRequest { project: inspector.named_project(), ..ScanRequest::default() };
        let report = inspector.scan(&request, &mut |_| {});
        let of_settings = report.causes.iter().flat_map(|cause| &cause.checks).find(|found| found.fix.is_some());
        let (found, offer) = of_settings.and_then(|found| found.fix.as_ref().map(|fix| (found, fix))).unwrap();
        let asked = RepairAsked {
            fix: offer.id.to_string(),
            at: found.instance.clone(),
            project: inspector.named_project(),
            context: report.run.context,
            files_only: false,
        };
        let plan = inspector.plan_repair(&asked).unwrap();
        let RepairEnd::Healed { .. } = inspector.repair(&plan.token) else { panic!("{asked:?}") };
        let beside = Store::in_folder(open.folder.path().join("changes"));
        assert_eq!(inspector.changes().rows[0].places, ["~/.claude/settings.json"]);
        assert_eq!((beside.changes().unwrap().len(), inspector.changes().rows.len(), mine()), (1, 1, before));
    }
}
