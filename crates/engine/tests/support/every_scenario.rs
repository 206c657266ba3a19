//! Every scenario of practice and of the checks, dealt out to workers.
#![allow(dead_code)] // each test program takes what it needs

use std::fs;
use std::path::{Path, PathBuf};

use authlight_core::report::Report;
use authlight_engine::practice::{CheckScenarios, Scenario};
use serde_json::Value;

/// 23 November 2026, noon.
pub const NOW_MS: i64 = 1_795_435_200_000;

/// A scenario and where it stands.
pub struct Case {
    /// Its name for people.
    pub label: String,
    /// The check that it belongs to; None: it is one of practice.
    pub check: Option<String>,
    /// What it tells.
    pub scenario: Scenario,
}

/// The root of the repository.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// What stands in a folder, by name.
pub fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The scenarios of practice, and those of each check; what cannot be read is told with its place.
pub fn every_scenario(wrong: &mut dyn FnMut(&str, String)) -> Vec<Case> {
    let mut all = Vec::new();
    for folder in sorted(&workspace().join("assets/practice")) {
        let label = format!("practice {}", folder.file_name().unwrap().to_string_lossy());
        match fs::read_to_string(folder.join("scenario.json")).map(|text| Scenario::from_json(&text)) {
            Ok(Ok(scenario)) => all.push(Case { label, check: None, scenario }),
            Ok(Err(error)) => wrong(&label, error.to_string()),
            Err(error) => wrong(&label, error.to_string()),
        }
    }
    for file in sorted(&workspace().join("tests/scenarios")) {
        if file.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let check = file.file_stem().unwrap().to_string_lossy().into_owned();
        match CheckScenarios::from_json(&fs::read_to_string(&file).unwrap()) {
            Ok(scenarios) => {
                if scenarios.check != check {
                    wrong(&check, format!("the file is named otherwise than its check, {}", scenarios.check));
                }
                all.extend(scenarios.cases.into_iter().map(|scenario| Case {
                    label: format!("{check} / {}", scenario.name),
                    check: Some(check.clone()),
                    scenario,
                }));
            }
            Err(error) => wrong(&check, error.to_string()),
        }
    }
    all
}

/// What each worker comes to with its share. They are dealt out like cards: those of practice, which take longest, come
/// first.
pub fn by_workers<T: Send>(all: &[Case], work: impl Fn(&mut dyn Iterator<Item = &Case>) -> T + Sync) -> Vec<T> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(move || work(&mut all.iter().skip(worker).step_by(workers))))
            .collect();
        running.into_iter().map(|worker| worker.join().expect("a worker that does not panic")).collect()
    })
}

/// A report as JSON, without what differs from look to look.
pub fn lasting(report: &Report) -> Value {
    fn forget(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.remove("duration_ms");
                members.values_mut().for_each(forget);
            }
            Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).unwrap();
    forget(&mut value);
    value["run"]["id"] = Value::Null;
    value
}
