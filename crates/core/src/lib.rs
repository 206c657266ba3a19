//! Authlight's core: pure functions from what was read on a machine to what Claude Code will do with it.
//!
//! No window, no I/O, no clock, no thread. The day and the platform come in as data, so that the rules of Windows
//! and macOS run in tests on Linux.

pub mod claude_code;
pub mod json;
pub mod message;
pub mod report;
pub mod secret;
