//! Which `claude` runs, and whether it can.

mod desktop_first;
mod found;
mod node_trap;
mod runs;
mod several;
mod version_suffices;

use super::Check;
use crate::installs::Program;
use crate::report::{Source, SourceKind};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] =
    &[found::CHECK, runs::CHECK, several::CHECK, version_suffices::CHECK, node_trap::CHECK, desktop_first::CHECK];

const HELP: &str = "https://code.claude.com/docs/en/troubleshoot-install";

/// A copy as a place: it is found through the PATH, a variable of the environment.
fn place(program: &Program) -> Source {
    Source { path: Some(program.path.clone()), name: Some("claude".to_owned()), ..Source::new(SourceKind::ProcessEnv) }
}
