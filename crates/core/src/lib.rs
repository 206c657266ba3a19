//! Authlight's core: pure functions from what was read on a machine to what Claude Code will do with it.
//!
//! No window, no I/O, no clock, no thread. The day and the platform come in as data, so that the rules of Windows
//! and macOS run in tests on Linux.

pub mod certificates;
pub mod check_code;
pub mod checks;
pub mod claude_code;
pub mod contexts;
pub mod desktop;
pub mod editors;
pub mod environment;
pub mod explain;
pub mod fixes;
pub mod headers;
pub mod host;
pub mod installs;
pub mod json;
pub mod judge;
pub mod keychain;
pub mod ladder;
pub mod listening;
pub mod message;
pub mod policy;
pub mod programs;
pub mod projects;
pub mod property_list;
pub mod providers;
pub mod proxy;
pub mod reading;
pub mod registry_export;
pub mod report;
pub mod residents;
pub mod route;
pub mod secret;
pub mod selection;
pub mod shell;
pub mod shell_answer;
pub mod snapshot;
pub mod time;
pub mod url;
mod verdict;
pub mod what_if;

/// The month of the redaction rules.
pub const REDACTION_RULES: &str = "2026-11";
