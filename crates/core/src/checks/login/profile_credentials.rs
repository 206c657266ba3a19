//! The credentials of the profile that signs in (observed: `prof-credentials-mode-644`, `prof-expired`,
//! `prof-config-garbage` and others).

use crate::checks::{Check, Found, Outcome};
use crate::json::Value;
use crate::judge::Facts;
use crate::ladder::{ProfileChoice, Slot};
use crate::reading::{Content, Reading};
use crate::report::{Cause, Source, SourceKind, Status};
use crate::snapshot::Platform;

pub(super) const CHECK: Check = Check { id: "C2.profile_credentials", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(ProfileChoice::Stored(name, _)) = &resolution.candidates.profile else {
        return Outcome::Skipped("skip-no-profile");
    };
    let Some(files) = facts.snapshot.profiles.files.get(name) else { return Outcome::Skipped("skip-no-profile") };
    let (document, windows) = (&files.credentials, facts.snapshot.examined.platform == Platform::Windows);
    let slots = [Slot::NamedProfile, Slot::FoundProfile];
    let used = resolution.cloud.is_none() && resolution.rules.iter().any(|(_, slot)| slots.contains(slot));
    let source =
        Source { path: Some(document.path.clone()), name: Some(name.clone()), ..Source::new(SourceKind::ProfileFile) };
    let make = |code, debug: String| {
        Found::new(code, if used { Status::Fail } else { Status::Note }, debug)
            .with("profile", name.as_str())
            .with("path", document.path.as_str())
            .at(&source)
    };
    let open = document.facts.mode.filter(|mode| !windows && mode & 0o077 != 0);
    if let Some(mode) = open.filter(|_| document.content.found().is_some()) {
        let found = make("AL-2-34", format!("mode {mode:03o}")).with("mode", format!("{mode:03o}"));
        return Outcome::Found(vec![found]);
    }
    let json = match &document.content {
        Reading::Found(Content::Json(json, _)) => json,
        Reading::Found(Content::Malformed(error, _)) => {
            return Outcome::Found(vec![make("AL-2-35", error.to_string())]);
        }
        Reading::Found(Content::Blank) => return Outcome::Found(vec![make("AL-2-35", "empty".to_owned())]),
        Reading::Unreadable(trouble) => {
            let found = make("AL-2-40", trouble.word().to_owned()).with("trouble", trouble.word());
            return Outcome::Found(vec![found]);
        }
        Reading::Absent => return Outcome::Skipped("skip-no-profile"),
    };
    let text = |name: &str| json.root().get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if text("access_token").is_none() {
        return Outcome::Found(vec![make("AL-2-36", "no access_token".to_owned())]);
    }
    let ends = json.root().get("expires_at").and_then(Value::as_f64).map(|seconds| (seconds * 1000.0) as i64);
    match ends.filter(|at| *at <= facts.snapshot.examined.now_ms && text("refresh_token").is_none()) {
        Some(at) => {
            let found = make("AL-2-37", "expired, with nothing to renew it".to_owned());
            Outcome::Found(vec![found.with("ended", crate::time::utc(at))])
        }
        None => Outcome::Pass,
    }
}
