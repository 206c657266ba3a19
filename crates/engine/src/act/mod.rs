//! What takes time or changes something: jobs, and repairs with the journal that takes them back.

pub mod certificate;
pub mod change;
pub mod git_history;
pub mod install;
pub mod jobs;
pub mod provider;
pub mod put_key;
pub mod repair;
pub mod reset;
pub mod rotation;
pub mod sign_in;
pub mod watch;
