//! A slip in the state file stops Claude Code (observed: `set-claudejson-truncated`).

use super::fault;
use crate::checks::{Check, Outcome};
use crate::json::Fault;
use crate::judge::Facts;
use crate::reading::Content;
use crate::report::{Cause, Source, SourceKind, Status};

pub(super) const CHECK: Check = Check { id: "G.state_file_read", cause: Cause::SettingsFiles, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let state = &facts.snapshot.state;
    let source = Source { path: Some(state.path.clone()), ..Source::new(SourceKind::AppState) };
    // NUL bytes alone count as an empty file (observed).
    let nul = matches!(state.content.found(), Some(Content::Malformed(error, _)) if error.what == Fault::Nul);
    let (status, effect) = if nul { (Status::Warn, "left-out") } else { (Status::Fail, "stops") };
    let found = fault(state, source, status).map(|found| found.with("effect", effect));
    Outcome::of(found.into_iter().collect())
}
