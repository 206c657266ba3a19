//! `credentials.json` without the dot: guides teach it, and Claude Code never opens it (observed: `folk-nodot-credentials`).

use super::weigh;
use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Source, SourceKind, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_name", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let snapshot = facts.snapshot;
    if snapshot.misnamed_login.is_absent() {
        return Outcome::Pass;
    }
    let right = &snapshot.login.path;
    let wrong = right.strip_suffix(".credentials.json").map(|folder| format!("{folder}credentials.json"));
    let wrong = wrong.unwrap_or_default();
    // Beside a login it does no harm.
    let status = if snapshot.login.content.is_absent() { weigh(facts, Status::Fail) } else { Status::Note };
    let source = Source { path: Some(wrong.clone()), ..Source::new(SourceKind::CredentialsFile) };
    let found = Found::new("AL-2-02", status, "credentials.json without the dot, which Claude Code never reads")
        .with("wrong", wrong)
        .with("path", right.as_str())
        .at(&source);
    Outcome::Found(vec![found])
}
