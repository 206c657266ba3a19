//! Practice scenarios: broken homes to look at on a machine where all is well. The tests run on the same ones.
//!
//! ```text
//! scenario.json ──► Scenario ──► Home (placeholders filled in) ──► FakeMachine, or a folder on disk
//!                      └──────► Endpoint (answers `replies` on this machine)
//! ```

mod endpoint;
mod format;
mod home;
mod lay_out;
mod open;
mod placeholders;

use std::time::{SystemTime, UNIX_EPOCH};

pub use endpoint::{Endpoint, EndpointError};
pub use format::{CheckScenarios, Content, Expectation, FileSpec, ProcessSpec, Reply, Role, Scenario, ScenarioError};
pub use home::{Home, HomeFile, Node};
pub use lay_out::{LaidOut, LayOutError};
pub use open::{OpenError, OpenScenario};

/// The scenarios that are built in: the name of the folder, and the text of the file.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/practice.rs"));

/// Where `{{endpoint}}` points while no endpoint runs: a port at which nothing listens.
pub const NO_ENDPOINT: &str = "http://127.0.0.1:9";

/// Every built-in scenario, by name.
///
/// # Errors
/// [`ScenarioError`] of the first one that cannot be read; the tests keep such out of a release.
pub fn all() -> Result<Vec<Scenario>, ScenarioError> {
    BUILT_IN.iter().map(|(_, text)| Scenario::from_json(text)).collect()
}

/// The built-in scenario of that name.
///
/// # Errors
/// [`ScenarioError`] where its file cannot be read.
pub fn find(name: &str) -> Result<Option<Scenario>, ScenarioError> {
    let text = BUILT_IN.iter().find(|(folder, _)| *folder == name);
    text.map(|(_, text)| Scenario::from_json(text)).transpose()
}

/// The names of the built-in scenarios, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// The time by which a scenario is laid out: milliseconds since 1970.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
