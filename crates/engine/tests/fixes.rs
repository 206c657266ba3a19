//! Every repair that any scenario's finding leads to: it heals, it can be undone byte for byte, and it touches nothing
//! else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands
#![cfg(unix)] // homes are laid out with modes, owners and links

#[path = "support/every_scenario.rs"]
mod every_scenario;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use authlight_core::fixes::edit::Command;
use authlight_core::fixes::{self, Shows};
use authlight_core::judge;
use authlight_core::report::{Context, FixKind, Live, Provider};
use authlight_core::route::Filled;
use authlight_core::secret::{Secret, SecretKind};
use authlight_engine::act::change::transaction::Hands;
use authlight_engine::act::change::undo::{self, IfChanged};
use authlight_engine::act::change::{Step, Store, apply, recover};
use authlight_engine::act::repair::{self, Ended, Prepared, RepairError};
use authlight_engine::contexts;
use authlight_engine::examination::Examination;
use authlight_engine::machine::Machine;
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::planned::Planned;
use authlight_engine::practice::{Home, Scenario};
use every_scenario::{Case, NOW_MS, by_workers, every_scenario};

/// What a path is: kind, mode, owner, bytes or where it leads.
type Seen = (u32, u32, Vec<u8>);

/// Everything below a folder.
fn everything(root: &Path) -> BTreeMap<PathBuf, Seen> {
    let mut all = BTreeMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(path) = waiting.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let bytes = if metadata.is_symlink() {
            fs::read_link(&path).unwrap().to_string_lossy().into_owned().into_bytes()
        } else if metadata.is_dir() {
            // What is closed to whoever runs this is told by its mode alone.
            let entries = fs::read_dir(&path).ok().into_iter().flatten();
            waiting.extend(entries.map(|entry| entry.unwrap().path()));
            Vec::new()
        } else if metadata.is_file() {
            fs::read(&path).unwrap_or_default()
        } else {
            Vec::new()
        };
        all.insert(path, (metadata.mode(), metadata.uid(), bytes));
    }
    all
}

/// No program is run, and there is no registry.
struct NoHands;

impl Hands for NoHands {
    fn set_user_variable(&self, _: &str, _: Option<&Secret>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn run(&self, _: &Command) -> Result<(), String> {
        Err("not here".to_owned())
    }
}

/// Dies before the step with this number; nothing is told of it, and nothing is cleared away.
struct DiesBefore(usize);

impl Hands for DiesBefore {
    fn set_user_variable(&self, _: &str, _: Option<&Secret>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn progress(&self, step: usize) {
        if step == self.0 {
            resume_unwind(Box::new(()));
        }
    }

    fn run(&self, _: &Command) -> Result<(), String> {
        Err("not here".to_owned())
    }
}

struct Bench {
    home: Home,
    folder: tempfile::TempDir,
    disk: Disk,
}

impl Bench {
    fn new(scenario: &Scenario) -> Self {
        let home = scenario.home_at(NOW_MS, None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        scenario.lay_out_home(&home, &folder.path().join("machine")).unwrap();
        let disk = Disk::below(folder.path().join("machine/root"), home.platform);
        Self { home, folder, disk }
    }

    fn look(&self, machine: &dyn Machine, shows: Shows) -> Examination {
        let shell_said = self.home.shell_said.clone();
        match shows {
            Shows::Here => {
                contexts::examine(machine, self.home.examined(), self.home.context, &move |_, _| shell_said.clone())
            }
            Shows::NewTerminal => {
                contexts::examine(machine, self.home.examined(), Context::NewTerminal, contexts::STATICALLY)
            }
        }
    }

    fn offers(&self) -> Vec<(&'static str, String, FixKind)> {
        let now = self.look(&self.disk, Shows::Here);
        let live = Live::default();
        let facts = now.facts(&live);
        let offered = judge::offers(&facts).into_iter().map(|offer| (offer.fix, offer.finding, offer.repair));
        // What is done on request alone.
        let other = fixes::find("F.drop_weaker").unwrap();
        let others = fixes::of_findings(&facts, other, judge::findings(&facts)).into_iter();
        let all = offered.chain(others.map(|(finding, repair)| (other, finding, repair)));
        let all = all.map(|(fix, finding, repair)| (fix.id, finding.instance.0, fixes::offer(fix, &repair).kind));
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Tries one fix of one scenario from start to end. Says what does not hold.
fn try_fix(scenario: &Scenario, id: &str, instance: &str, tried: &mut Tried) -> Result<(), String> {
    let bench = Bench::new(scenario);
    let root = bench.folder.path().join("machine");
    let before = everything(&root);
    let store = Store::in_folder(bench.folder.path().join("state"));
    let now = bench.look(&bench.disk, Shows::Here);
    let occasion = repair::occasion(id, NOW_MS);
    let look = |machine: &dyn Machine, shows| bench.look(machine, shows);
    let prepared = match repair::prepare(id, Some(instance), &bench.disk, &now, &look, &occasion.change) {
        Ok(prepared) => prepared,
        Err(RepairError::Plan(error)) => return Err(format!("no plan: {error}")),
        Err(error) => return Err(error.to_string()),
    };
    if everything(&root) != before {
        return Err("planning changed something".to_owned());
    }
    if !prepared.plan.changes_something() || prepared.plan.irreversible().next().is_some() {
        tried.told += 1;
        return Ok(());
    }
    if prepared.stays {
        return Err("it would not mend what it is offered for".to_owned());
    }
    if ["F.back_to_anthropic", "F.give_variable_up"].contains(&id) && leaves_a_gateways_key(&prepared, &bench) {
        return Err("Anthropic is sent what it did not issue".to_owned());
    }
    let new: Vec<_> = prepared.uncovers.iter().filter_map(|found| found.code.as_deref()).collect();
    if !new.is_empty() {
        return Err(format!("it would bring {}, and is refused for it", new.join(", ")));
    }
    if format!("{:?} {:?}", prepared.preview, prepared.plan).contains("CANARY") {
        return Err("a secret is shown".to_owned());
    }
    for step in 0..=prepared.plan.steps.len() {
        let cut_off = repair::occasion(id, NOW_MS);
        let died = catch_unwind(AssertUnwindSafe(|| apply(&prepared.plan, &store, &DiesBefore(step), &cut_off)));
        if died.is_ok() {
            return Err(format!("it did not die before step {step}"));
        }
        let recovered = recover(&store, &NoHands).map_err(|error| error.to_string())?;
        if recovered.taken_back.len() != 1 || everything(&root) != before {
            return Err(format!("not as before after dying before step {step}"));
        }
        tried.deaths += 1;
    }
    let ended = prepared.carry_out(&store, &NoHands, &occasion, &|shows| bench.look(&bench.disk, shows));
    match ended.map_err(|error| error.to_string())? {
        Ended::Healed(_) => tried.healed += 1,
        Ended::NotHealed { still, .. } => return Err(format!("not healed (still there: {still}), though foreseen")),
    }
    let after = everything(&root);
    let meant: BTreeSet<PathBuf> = prepared.plan.steps.iter().flat_map(paths_of).collect();
    for path in before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)) {
        let is_meant = meant.iter().any(|file| file == path || file.starts_with(path) && !before.contains_key(path));
        if !is_meant {
            return Err(format!("{} was touched too", path.display()));
        }
    }
    undo::undo(&store, &NoHands, None, IfChanged::Ask).map_err(|error| format!("undo: {error}"))?;
    let undone = everything(&root);
    match before.keys().chain(undone.keys()).find(|path| before.get(*path) != undone.get(*path)) {
        Some(path) => Err(format!("{} is not what it was after undo", path.display())),
        None => Ok(()),
    }
}

/// Whether a repair leads away from a gateway, so that Anthropic is sent the gateway's key.
fn leaves_a_gateways_key(prepared: &Prepared, bench: &Bench) -> bool {
    let shows = if prepared.fix.id == "F.back_to_anthropic" { Shows::Here } else { Shows::NewTerminal };
    let before = bench.look(&bench.disk, shows).resolution;
    let after = bench.look(&Planned::new(&bench.disk, &prepared.plan), shows).resolution;
    let foreign = |sent: &Filled| sent.value.as_ref().is_some_and(|value| value.kind() == SecretKind::Other);
    before.provider == Provider::Gateway && after.provider == Provider::Anthropic && after.sends.iter().any(foreign)
}

fn paths_of(step: &Step) -> Vec<PathBuf> {
    match step {
        Step::File(step) => vec![step.path.clone()],
        Step::SetAside { path, to, .. } => vec![path.clone(), to.clone()],
        Step::Mode { path, .. } => vec![path.clone()],
        _ => Vec::new(),
    }
}

#[derive(Default)]
struct Tried {
    healed: usize,
    told: usize,
    deaths: usize,
    faults: Vec<String>,
    by_fix: BTreeMap<&'static str, usize>,
}

#[test]
fn every_fix_of_every_scenario_heals_undoes_and_touches_nothing_else() {
    let all = every_scenario(&mut |label, what| panic!("{label}: {what}"));
    let shares = by_workers(&all, |share| {
        let mut tried = Tried::default();
        for Case { label, scenario, .. } in share {
            // Nobody but the system lays out what only root owns, and half of the modes say nothing to root.
            for (id, instance, _) in Bench::new(scenario).offers() {
                *tried.by_fix.entry(id).or_default() += 1;
                if let Err(fault) = try_fix(scenario, id, &instance, &mut tried) {
                    tried.faults.push(format!("{label}: {id} at {instance}: {fault}"));
                }
            }
        }
        tried
    });
    let mut sum = Tried::default();
    for share in shares {
        sum.healed += share.healed;
        sum.told += share.told;
        sum.deaths += share.deaths;
        sum.faults.extend(share.faults);
        for (id, count) in share.by_fix {
            *sum.by_fix.entry(id).or_default() += count;
        }
    }
    println!("healed {}, died at {} steps, only told {}, by fix {:#?}", sum.healed, sum.deaths, sum.told, sum.by_fix);
    assert!(sum.faults.is_empty(), "{} do not hold:\n{}", sum.faults.len(), sum.faults.join("\n"));
    for fix in fixes::FIXES {
        // Nothing is closed to root.
        if ["F.open_file", "F.open_folder"].contains(&fix.id) && rustix::process::geteuid().is_root() {
            continue;
        }
        // What the live test alone sees: `company_certificate.rs`, and the window's tests of a new key.
        if [fixes::company_certificate::ID, fixes::rotate::ID].contains(&fix.id) {
            continue;
        }
        assert!(sum.by_fix.contains_key(fix.id), "no scenario leads to {}", fix.id);
    }
}
