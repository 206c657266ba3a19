//! The one sentence on top: which finding leads, and what is said where there is none.

use crate::judge::Facts;
use crate::ladder::Why;
use crate::message::Message;
use crate::reading::{Content, Reading};
use crate::report::{Asks, Cause, CauseReport, Finding, Light, Outcome, Owner, Scope, Source, Status, Verdict};

/// The finding that nothing signs in. It follows from others: any other problem leads.
const NOTHING_SIGNS_IN: &str = "AL-2-01";

/// The light of a finding; none where it colours nothing.
pub(crate) fn colour(status: Status, owner: Owner) -> Option<Light> {
    match status {
        Status::Fail | Status::Warn if owner != Owner::Person => Some(Light::Blue),
        Status::Fail => Some(Light::Red),
        Status::Warn => Some(Light::Amber),
        Status::Unknown | Status::Crashed => Some(Light::Grey),
        Status::Pass | Status::Note | Status::Skipped => None,
    }
}

/// Whether Claude Code has no credential that it would use, in no header, and will not ask for one.
pub(crate) fn nothing_signs_in(facts: &Facts<'_>) -> bool {
    let resolution = facts.resolution;
    resolution.cloud.is_none()
        && resolution.sends.is_empty()
        && resolution.prediction.sends_request == Some(false)
        && resolution.prediction.starts == Some(true)
        && resolution.prediction.asks != Some(Asks::KeyApproval)
        && !resolution.candidates.all.iter().any(|candidate| candidate.stands())
}

/// Where nothing signs in, what else would only be worth a look is the reason: a key that was declined or does not
/// arrive, a settings file that was dropped with the key in it.
pub(crate) fn raise_reasons(facts: &Facts<'_>, answers: &mut [(Cause, Vec<Finding>)]) {
    if !nothing_signs_in(facts) {
        return;
    }
    for (cause, findings) in answers {
        for finding in findings.iter_mut().filter(|finding| finding.status == Status::Warn) {
            let reason = match cause {
                Cause::Environment => true,
                Cause::SettingsFiles => finding.evidence.iter().any(|place| is_dropped_with_credential(facts, place)),
                _ => false,
            };
            if reason {
                finding.status = Status::Fail;
            }
        }
    }
}

/// Whether a file was dropped in which a credential stands, or may: of a file that is no JSON nobody can tell.
fn is_dropped_with_credential(facts: &Facts<'_>, place: &Source) -> bool {
    let Some(path) = place.path.as_deref() else { return false };
    let unreadable = facts.snapshot.settings.iter().any(|file| {
        file.scope != Scope::Managed
            && file.document.path == path
            && matches!(file.document.content, Reading::Found(Content::Malformed(..)) | Reading::Unreadable(_))
    });
    unreadable
        || facts.resolution.candidates.all.iter().any(|candidate| {
            candidate.out == Some(Why::FileDropped)
                && candidate.source.as_ref().is_some_and(|source| source.path.as_deref() == Some(path))
        })
}

/// The verdict: the first problem in the order of the screen, else the first thing worth a look, else what a test
/// said, else what is to be expected. Where not the `whole` was asked, nothing else is said.
pub(crate) fn of(facts: &Facts<'_>, causes: &[CauseReport], whole: bool) -> Verdict {
    if let Some((cause, finding)) = leading(causes) {
        return Verdict {
            status: finding.status,
            light: colour(finding.status, finding.owner).unwrap_or(cause.light),
            cause: Some(cause.id),
            code: finding.code.clone(),
            owner: finding.owner,
            headline: finding.text.clone(),
            check_code: String::new(),
        };
    }
    let (status, light, headline) =
        if whole { unblemished(facts) } else { (Status::Unknown, Light::Grey, Message::new("verdict-left-out")) };
    Verdict { status, light, cause: None, code: None, owner: Owner::Person, headline, check_code: String::new() }
}

fn leading(causes: &[CauseReport]) -> Option<(&CauseReport, &Finding)> {
    let all = || causes.iter().flat_map(|cause| cause.checks.iter().map(move |finding| (cause, finding)));
    let follows = |finding: &Finding| finding.code.as_deref() == Some(NOTHING_SIGNS_IN);
    let of = |status| move |(_, finding): &(&CauseReport, &Finding)| finding.status == status;
    all()
        .find(|found| of(Status::Fail)(found) && !follows(found.1))
        .or_else(|| all().find(of(Status::Fail)))
        .or_else(|| all().find(of(Status::Warn)))
}

/// Where no check found anything.
fn unblemished(facts: &Facts<'_>) -> (Status, Light, Message) {
    if facts.live.outcome == Outcome::Verified {
        let key = if facts.live.works { "verdict-works" } else { "verdict-key-known" };
        return (Status::Pass, Light::Green, Message::new(key));
    }
    let prediction = &facts.resolution.prediction;
    let cannot_tell = prediction.starts.is_none() || prediction.sends_request.is_none();
    let headline = match (prediction.asks, &prediction.message) {
        (Some(Asks::Onboarding | Asks::Connectivity), _) => Message::new("verdict-first-run"),
        (Some(Asks::KeyApproval), _) => Message::new("verdict-asks-about-key"),
        (Some(Asks::FolderTrust), _) => Message::new("verdict-asks-about-folder"),
        (None, Some(message)) if cannot_tell => Message::new("verdict-may-print").with("message", message.trim_end()),
        (None, _) if cannot_tell => Message::new("verdict-cannot-tell"),
        (None, _) => Message::new("verdict-not-tested"),
    };
    (Status::Unknown, Light::Grey, headline)
}
