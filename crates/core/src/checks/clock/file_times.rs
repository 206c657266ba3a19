//! Files that were last changed in the future: the clock was turned back, or was wrong when they were written.

use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::reading::Document;
use crate::report::{Cause, Source, SourceKind, Status};

pub(super) const CHECK: Check = Check { id: "G.clock_behind_files", cause: Cause::Clock, judge };

/// Clocks of two machines that share a folder differ by less.
const TOLERATED_MS: i64 = 60 * 60 * 1000;

fn judge(facts: &Facts<'_>) -> Outcome {
    let snapshot = facts.snapshot;
    let place = |kind, document: &Document| {
        let ahead = document.facts.modified_ms? - snapshot.examined.now_ms;
        let source = Source { path: Some(document.path.clone()), ..Source::new(kind) };
        (ahead > TOLERATED_MS).then_some((ahead, source))
    };
    let own = [(SourceKind::CredentialsFile, &snapshot.login), (SourceKind::AppState, &snapshot.state)];
    let mut ahead: Vec<(i64, Source)> = own.into_iter().filter_map(|(kind, document)| place(kind, document)).collect();
    let settings = snapshot.settings.iter().filter_map(|file| {
        let (ahead, source) = place(file.source().kind, &file.document)?;
        Some((ahead, Source { scope: Some(file.scope), ..source }))
    });
    ahead.extend(settings);
    let Some(most) = ahead.iter().map(|(by, _)| *by).max() else { return Outcome::Pass };
    let debug = format!("{} files up to {} s in the future", ahead.len(), most / 1000);
    let mut found = Found::new("AL-0-10", Status::Warn, debug)
        .with("now", crate::time::utc(snapshot.examined.now_ms))
        .with("file_time", crate::time::utc(snapshot.examined.now_ms + most))
        .with("path", ahead.first().and_then(|(_, source)| source.path.clone()).unwrap_or_default());
    for (_, source) in &ahead {
        found = found.at(source);
    }
    Outcome::Found(vec![found])
}
