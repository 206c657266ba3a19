//! A repair from its finding to its proof: the plan, what it would bring about, the change, and another look.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::fixes::edit::{Command, Program};
use authlight_core::fixes::{self, Fix, Repair, Shows};
use authlight_core::judge::{self, Offered};
use authlight_core::message::Message;
use authlight_core::report::{Finding, Instance, Live, Status};
use authlight_core::secret::Secret;
use authlight_core::snapshot::Examined;
use thiserror::Error;

use super::change::place::PlaceError;
use super::change::plan::{self, Ground};
use super::change::preview::{self, Preview};
use super::change::transaction::{Hands, Occasion};
use super::change::{ApplyError, Plan, PlanError, Receipt, Store, apply};
use crate::examination::Examination;
use crate::machine::os::Disk;
use crate::machine::planned::Planned;
use crate::machine::session::{self, Errand};
use crate::machine::{self, Machine};
use crate::report_out::redaction::LeakPass;

/// How long a program of a plan may take.
const PROGRAM: Duration = Duration::from_secs(60);

/// The look at a machine: the same questions as before, of the machine as it is given, in the environment in which the
/// repair is seen to help. For a new terminal files are read, and nobody's shell is run: it would not read files that are
/// only planned.
pub type Look<'a> = &'a dyn Fn(&dyn Machine, Shows) -> Examination;

/// A repair that can be carried out.
pub struct Prepared {
    /// The fix.
    pub fix: &'static Fix,
    /// The finding that it mends.
    pub finding: Finding,
    /// What would be done.
    pub plan: Plan,
    /// The same, to be shown.
    pub preview: Preview,
    /// What would be found afterwards that is not found now, and is not meant: the repair would not be worth it.
    pub uncovers: Vec<Finding>,
    /// Whether the finding would still be there.
    pub stays: bool,
    brings: &'static [&'static str],
    shows: Shows,
    failing: Vec<(String, Instance)>,
}

/// Why there is no repair.
#[derive(Debug, Error)]
pub enum RepairError {
    /// There is no fix of that name.
    #[error("there is no repair with the name {0}")]
    UnknownFix(String),
    /// No finding leads to it.
    #[error("nothing was found that {0} would mend")]
    NothingToMend(String),
    /// Several findings lead to it, and none was named.
    #[error("{id} could mend several things. Name one with --at: {}", instances.join(", "))]
    Several {
        /// The fix.
        id: String,
        /// What it could mend.
        instances: Vec<String>,
    },
    /// The plan cannot be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// What came of a repair.
pub enum Ended {
    /// The finding is gone, and nothing new is wrong.
    Healed(Receipt),
    /// The change is made, but not all is well: the finding is still there, or these are new.
    NotHealed {
        /// What was done.
        receipt: Receipt,
        /// Whether the finding is still there.
        still: bool,
        /// What is new.
        new: Vec<Finding>,
    },
}

/// The plan of the fix `id` for the finding with this instance; without one for the only finding that leads to it.
///
/// # Errors
/// [`RepairError`]; nothing was changed.
pub fn prepare(
    id: &str,
    at: Option<&str>,
    disk: &Disk,
    now: &Examination,
    look: Look<'_>,
    stamp: &str,
) -> Result<Prepared, RepairError> {
    let fix = fixes::find(id).ok_or_else(|| RepairError::UnknownFix(id.to_owned()))?;
    let live = Live::default();
    let facts = now.facts(&live);
    let offered = fixes::of_findings(&facts, fix, judge::findings(&facts));
    let offered = offered.into_iter().map(|(finding, repair)| Offered { finding, fix, repair });
    let mut fitting: Vec<Offered> = Vec::new();
    for offer in offered {
        let named = at.is_none_or(|at| offer.finding.instance.0 == at);
        // Of one thing two findings can tell; one repair mends both.
        if named && !fitting.iter().any(|other| other.finding.instance == offer.finding.instance) {
            fitting.push(offer);
        }
    }
    let offer = match fitting.len() {
        0 => return Err(RepairError::NothingToMend(id.to_owned())),
        1 => fitting.remove(0),
        _ => {
            let instances = fitting.into_iter().map(|offer| offer.finding.instance.0).collect();
            return Err(RepairError::Several { id: id.to_owned(), instances });
        }
    };
    plan_of(offer, disk, now, look, stamp)
}

/// The plan of a fix that a finding leads to.
fn plan_of(
    offer: Offered,
    disk: &Disk,
    now: &Examination,
    look: Look<'_>,
    stamp: &str,
) -> Result<Prepared, RepairError> {
    let Offered { fix, finding, repair: Repair { edits, brings, shows } } = offer;
    let plan = plan::of(&edits, disk, stamp)?;
    let pass = LeakPass::new(&now.secrets());
    let preview = preview::of(&plan, &pass);
    let there = (shows != Shows::Here).then(|| look(disk, shows));
    let there = there.as_ref().unwrap_or(now);
    let failing = failing(there);
    let mut prepared =
        Prepared { fix, finding, plan, preview, uncovers: Vec::new(), stays: false, brings, shows, failing };
    if prepared.plan.changes_something() && prepared.plan.irreversible().next().is_none() {
        let then = look(&Planned::new(disk, &prepared.plan), shows);
        (prepared.stays, prepared.uncovers) = prepared.compare(&then);
        // What was never seen there cannot be seen to go.
        prepared.stays |= !prepared.is_found(&judge::findings(&there.facts(&Live::default())));
    }
    Ok(prepared)
}

impl Prepared {
    /// Carries it out, and looks again.
    ///
    /// # Errors
    /// [`ApplyError`]
    pub fn carry_out(
        &self,
        store: &Store,
        hands: &dyn Hands,
        occasion: &Occasion,
        look: &dyn Fn(Shows) -> Examination,
    ) -> Result<Ended, ApplyError> {
        let receipt = apply(&self.plan, store, hands, occasion)?;
        let (still, new) = self.compare(&look(self.shows));
        Ok(if still || !new.is_empty() { Ended::NotHealed { receipt, still, new } } else { Ended::Healed(receipt) })
    }

    /// Whether the finding is still there, and what is found that was not and is not meant.
    fn compare(&self, then: &Examination) -> (bool, Vec<Finding>) {
        let live = Live::default();
        let findings = judge::findings(&then.facts(&live));
        let still = self.is_found(&findings);
        let new = findings.into_iter().filter(|found| is_new(found, self.brings, &self.failing));
        (still, new.collect())
    }
}

impl Prepared {
    /// Whether the finding is among these. In another environment the same variable stands in another place.
    fn is_found(&self, findings: &[Finding]) -> bool {
        let is_it = |instance: &Instance| match self.shows {
            Shows::Here => *instance == self.finding.instance,
            Shows::NewTerminal => variable_of(instance) == variable_of(&self.finding.instance),
        };
        findings.iter().any(|found| found.code == self.finding.code && is_it(&found.instance))
    }
}

/// The name in an instance: what stands before the path and behind the kind of place.
fn variable_of(instance: &Instance) -> &str {
    let name = instance.0.split('@').next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default()
}

/// Whether something fails that did not, and that is not meant.
pub(super) fn is_new(found: &Finding, brings: &[&str], failing: &[(String, Instance)]) -> bool {
    let code = found.code.as_deref().unwrap_or_default();
    found.status == Status::Fail
        && !brings.contains(&code)
        && !failing.iter().any(|(known, at)| known == code && *at == found.instance)
}

/// What fails now.
pub(super) fn failing(now: &Examination) -> Vec<(String, Instance)> {
    let live = Live::default();
    let findings = judge::findings(&now.facts(&live));
    let fails = findings.into_iter().filter(|found| found.status == Status::Fail);
    fails.filter_map(|found| Some((found.code?.into_owned(), found.instance))).collect()
}

/// When a change is made: its name, of the time and of chance.
pub fn occasion(what: &str, now_ms: i64) -> Occasion {
    let utc = authlight_core::time::utc(now_ms);
    let stamp: String = utc.chars().filter(char::is_ascii_alphanumeric).collect();
    let change = format!("{stamp}-{}", &machine::run_id()[..4]);
    Occasion { change, utc, what: what.to_owned() }
}

impl Ground for Disk {
    fn file(&self, inside: &str) -> Result<PathBuf, PlaceError> {
        self.followed(inside, true).ok_or_else(|| PlaceError::DanglingLink { path: self.outside(inside) })
    }

    fn name(&self, inside: &str) -> Result<PathBuf, PlaceError> {
        self.followed(inside, false).ok_or_else(|| PlaceError::DanglingLink { path: self.outside(inside) })
    }

    fn user_variable(&self, name: &str) -> std::io::Result<Option<Secret>> {
        machine::user_variable(name)
    }
}

/// What a change may do beyond files on this machine, for the person that is examined.
pub struct OwnHands<'a> {
    /// What was looked at.
    pub examination: &'a Examination,
    /// The disk.
    pub disk: &'a Disk,
    /// Set by somebody who wants no answer any more.
    pub cancel: &'a AtomicBool,
}

impl Hands for OwnHands<'_> {
    fn set_user_variable(&self, name: &str, value: Option<&Secret>) -> std::io::Result<()> {
        machine::set_user_variable(name, value)
    }

    fn restore_user_variable(&self, name: &str, value: Option<&Secret>, expands: bool) -> std::io::Result<()> {
        machine::restore_user_variable(name, value, expands)
    }

    fn run(&self, command: &Command) -> Result<(), String> {
        let of_another_machine = || "programs are run on the machine that is examined alone".to_owned();
        let outside = |path: &str| self.disk.outside(path);
        let (program, environment) = match &command.program {
            Program::Claude => {
                let own = self.examination.own_claude(&outside).ok_or_else(of_another_machine)?;
                (own.program, own.environment)
            }
            Program::System(name) => {
                let program = machine::system_program(name).ok_or_else(|| format!("{name} was not found"))?;
                (program, machine::environment_of_a_new_program(platform(&self.examination.snapshot.examined), &[]))
            }
        };
        let arguments: Vec<OsString> = command.arguments.iter().map(OsString::from).collect();
        let helper = machine::console_program().ok_or_else(|| "this program could not find itself".to_owned())?;
        let home = self.examination.snapshot.examined.home.clone();
        let errand = Errand {
            program: &program,
            arguments: &arguments,
            environment: &environment,
            folder: &PathBuf::from(home),
            deadline: PROGRAM,
            helper: &helper,
            cancel: self.cancel,
        };
        match session::run(&errand) {
            Ok(printed) if printed.code == Some(0) => Ok(()),
            Ok(printed) => Err(format!("it ended with {}", printed.code.unwrap_or(-1))),
            Err(trouble) => Err(trouble.to_string()),
        }
    }
}

fn platform(examined: &Examined) -> authlight_core::snapshot::Platform {
    examined.platform
}

/// The sentences of a fix: its button, what it does, and what is lost, where something is.
pub fn words_of(fix: &Fix) -> [Message; 3] {
    let key = fix.id.replace(['.', '_'], "-");
    [Message::new(key.clone()), Message::new(format!("{key}.does")), Message::new(format!("{key}.lost"))]
}
