//! A profile of the person's shell that is there and could not be read: what it sets is not known.

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::report::{Cause, Source, SourceKind, Status};
use crate::shell::Role;

pub(super) const CHECK: Check = Check { id: "C1.profile_readable", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let profiles = &facts.snapshot.shell;
    if !profiles.looked {
        return Outcome::Skipped("skip-no-profiles");
    }
    let found = profiles.files.iter().filter(|file| file.role != Role::Never).filter_map(|file| {
        let trouble = file.trouble?.word();
        let source = Source { path: Some(file.path.clone()), ..Source::new(SourceKind::ShellProfile) };
        let found = Found::new("AL-1-26", Status::Note, format!("{}: {trouble}", file.path));
        Some(found.with("path", file.path.as_str()).with("trouble", trouble).at(&source))
    });
    Outcome::of(found.collect())
}
