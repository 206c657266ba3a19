//! An old Node makes npm pick an old Claude Code, without a word (observed: npm on Node 18 and 20).

use std::cmp::Ordering;

use super::{HELP, place};
use crate::checks::{Check, Found, Outcome};
use crate::claude_code::ways::NODE_WANTED;
use crate::installs::InstallKind;
use crate::judge::Facts;
use crate::policy::compare_versions;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "G.claude_node_trap", cause: Cause::Install, judge };

/// The last version that npm gives to an older Node.
const LAST_FOR_OLDER_NODE: &str = "2.1.197";

fn judge(facts: &Facts<'_>) -> Outcome {
    let installs = &facts.snapshot.installs;
    let caught = installs.programs.iter().filter_map(|program| {
        let (version, node) = (program.version.as_deref()?, program.node.as_deref()?);
        let major: u64 = node.split('.').next()?.parse().ok()?;
        let old = compare_versions(version, LAST_FOR_OLDER_NODE)? != Ordering::Greater;
        let caught = matches!(program.kind, InstallKind::Npm) && major < NODE_WANTED && old;
        let first = installs.first().is_some_and(|first| first.path == program.path);
        let status = if first { Status::Warn } else { Status::Note };
        caught.then(|| {
            Found::new("AL-0-38", status, format!("{version} on Node {node}"))
                .with("version", version)
                .with("node", node)
                .with("wanted", NODE_WANTED.to_string())
                .with("path", program.path.as_str())
                .at(&place(program))
                .help(HELP)
        })
    });
    Outcome::of(caught.collect())
}
