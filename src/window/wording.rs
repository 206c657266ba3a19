//! The report's enums and places in the person's language.

use authlight_core::message::Message;
use authlight_core::message::Words as _;
use authlight_core::report::{
    AlsoIn, Cause, CauseReport, Context, CredentialKind, GreyReason, Light, Outcome, Report, Rung, Scope, Source,
    SourceKind, State as RungState, Status,
};
use authlight_engine::words::Language;

/// Whose environment it is.
pub fn context(context: Context) -> &'static str {
    match context {
        Context::NewTerminal => "context-new-terminal",
        Context::Desktop => "context-desktop",
        Context::Process => "context-process",
    }
}

/// The name of a cause, without its number.
pub fn cause_name(words: &Language, cause: Cause) -> String {
    words.text(format!("cause-{}", cause.word().replace('.', "-")))
}

/// The name of a cause as the list shows it: the five carry their numbers.
pub fn cause_title(words: &Language, cause: Cause) -> String {
    let name = cause_name(words, cause);
    match Cause::FIVE.iter().position(|five| *five == cause) {
        Some(place) => format!("{} {name}", place + 1),
        None => name,
    }
}

/// The word beside the light of a cause.
pub fn light_word(words: &Language, report: &Report, cause: &CauseReport) -> String {
    let tested = matches!(cause.id, Cause::Login | Cause::Key | Cause::Endpoint);
    words.text(match (cause.light, cause.reason) {
        (Light::Green, _) if tested && report.live.works => "light-works",
        (Light::Green, _) => "light-green",
        (Light::Amber, _) => "light-amber",
        (Light::Red, _) => "light-red",
        (Light::Blue, _) => "light-blue",
        (Light::Grey, Some(GreyReason::NotInUse)) => "light-not_in_use",
        (Light::Grey, Some(GreyReason::CouldNotLook)) => "light-could_not_look",
        (Light::Grey, _) => "light-not_tested",
    })
}

/// The word beside the light of the verdict.
pub fn verdict_word(words: &Language, report: &Report) -> String {
    words.text(match report.verdict.light {
        Light::Green if report.live.works => "light-works",
        Light::Green => "light-green",
        Light::Amber => "light-amber",
        Light::Red => "light-red",
        Light::Blue => "light-blue",
        Light::Grey if report.live.outcome == Outcome::NotTested => "verdict-not_tested",
        Light::Grey => "light-could_not_look",
    })
}

/// A light for the status of one check or stage.
pub fn status_light(status: Status) -> Light {
    match status {
        Status::Pass => Light::Green,
        Status::Warn => Light::Amber,
        Status::Fail => Light::Red,
        Status::Note | Status::Skipped | Status::Unknown | Status::Crashed => Light::Grey,
    }
}

/// The word beside it.
pub fn status_word(words: &Language, status: Status) -> String {
    words.text(format!("status-{}", status.word()))
}

/// What a credential is called at the start of a line.
pub fn credential(words: &Language, kind: CredentialKind) -> String {
    words.text(format!("credential-{}", kind.word()))
}

/// What a credential is called within a sentence.
fn credential_within(words: &Language, kind: CredentialKind) -> String {
    words.text(format!("credential-{}.within", kind.word()))
}

/// Where something stands, without its path: `user settings, line 7`.
pub fn place(words: &Language, source: &Source) -> String {
    let name = match (source.kind, source.scope) {
        (SourceKind::Settings, Some(scope)) => words.text(format!("source-settings.{}", scope.word())),
        (SourceKind::Settings, None) => words.text("source-settings"),
        (SourceKind::ShellProfile | SourceKind::Dotenv | SourceKind::SystemEnv | SourceKind::IdeSettings, _) => {
            source.path.clone().unwrap_or_else(|| words.text(format!("source-{}", source.kind.word())))
        }
        (kind, _) => words.text(format!("source-{}", kind.word())),
    };
    match source.line {
        Some(line) => words.text_with("place-line", &[("place", name.into()), ("line", line.into())]),
        None => name,
    }
}

/// What follows a path or a name: `line 7, user scope`.
pub fn place_remarks(words: &Language, source: &Source) -> String {
    let mut remarks = Vec::new();
    if let Some(line) = source.line {
        remarks.push(words.text_with("remark-line", &[("line", line.into())]));
    }
    match source.scope {
        Some(scope) => remarks.push(scope_word(words, scope)),
        None => remarks.push(words.text(format!("source-{}", source.kind.word()))),
    }
    remarks.join(", ")
}

fn scope_word(words: &Language, scope: Scope) -> String {
    words.text(format!("scope-{}", scope.word()))
}

/// What becomes of a credential.
pub fn rung_state(words: &Language, rung: &Rung) -> String {
    match (rung.state, rung.shadowed_by) {
        (RungState::Shadowed, Some(by)) => {
            words.text_with("state-shadowed.by", &[("by", credential_within(words, by).into())])
        }
        (state, _) => state_word(words, state),
    }
}

fn state_word(words: &Language, state: RungState) -> String {
    words.text(format!("state-{}", state.word()))
}

/// Another place of the same variable: where, and what becomes of it.
pub fn also_in(words: &Language, also: &AlsoIn) -> (String, String) {
    let value = words.text(if also.same_value { "also-same" } else { "also-other" });
    let place = words.text_with("also-place", &[("place", place(words, &also.source).into()), ("value", value.into())]);
    (place, state_word(words, also.state))
}

/// What Claude Code will do, in a sentence or two.
pub fn route(words: &Language, report: &Report) -> String {
    let route = &report.route;
    let host = route.endpoint.origin.as_deref().or(route.endpoint.url.as_deref()).unwrap_or("?");
    let host = host.split_once("://").map_or(host, |(_, host)| host);
    let billing = words.text(format!("billing-{}", route.billing.word()));
    match &route.sends[..] {
        [] => {
            let nothing = words.text("route-none");
            match &report.prediction.message {
                Some(message) => {
                    format!("{nothing} {}", words.text_with("route-says", &[("message", message.as_str().into())]))
                }
                None => nothing,
            }
        }
        // A helper's key may fill both headers.
        [sent, more @ ..] if more.iter().all(|other| other.credential == sent.credential) => {
            let message = Message::new("route-one")
                .with("what", credential_within(words, sent.credential))
                .with("place", place(words, &sent.source))
                .with("host", host);
            format!("{} {billing}", words.say(&message))
        }
        [first, more @ ..] => {
            let second = more.iter().find(|other| other.credential != first.credential).unwrap_or(first);
            let message = Message::new("route-two")
                .with("first", credential_within(words, first.credential))
                .with("second", credential_within(words, second.credential))
                .with("host", host);
            format!("{} {billing}", words.say(&message))
        }
    }
}

/// A day, ISO 8601, as people write it; as it is where it is no day.
pub fn day(words: &Language, iso: &str) -> String {
    let mut parts = iso.split('T').next().unwrap_or_default().splitn(3, '-').map(|part| part.parse::<i64>().ok());
    match (parts.next().flatten(), parts.next().flatten(), parts.next().flatten()) {
        (Some(year), Some(month), Some(day)) => {
            let message = Message::new("day").with("year", year).with("month", month).with("day", day);
            words.say(&message)
        }
        _ => iso.to_owned(),
    }
}

/// A moment, ISO 8601 in UTC, as day and time.
pub fn moment(words: &Language, iso: &str) -> String {
    let time = iso.split_once('T').and_then(|(_, time)| time.get(..5));
    match time {
        Some(time) => words.text_with("moment", &[("day", day(words, iso).into()), ("time", time.into())]),
        None => day(words, iso),
    }
}

#[cfg(test)]
mod tests {
    use authlight_core::report::{Billing, Stage};

    use super::*;

    #[test]
    fn every_member_of_every_set_has_words() {
        let words = Language::english();
        let mut keys = Vec::new();
        keys.extend(Cause::ALL.iter().map(|cause| format!("cause-{}", cause.word().replace('.', "-"))));
        keys.extend(
            CredentialKind::ALL
                .iter()
                .flat_map(|kind| [format!("credential-{}", kind.word()), format!("credential-{}.within", kind.word())]),
        );
        keys.extend(SourceKind::ALL.iter().map(|kind| format!("source-{}", kind.word())));
        keys.extend(Scope::ALL.iter().map(|scope| format!("source-settings.{}", scope.word())));
        keys.extend(Scope::ALL.iter().map(|scope| format!("scope-{}", scope.word())));
        keys.extend(RungState::ALL.iter().map(|state| format!("state-{}", state.word())));
        keys.extend(Status::ALL.iter().map(|status| format!("status-{}", status.word())));
        keys.extend(Billing::ALL.iter().map(|billing| format!("billing-{}", billing.word())));
        keys.extend(Stage::ALL.iter().map(|stage| format!("stage-{}", stage.word())));
        keys.extend(Outcome::ALL.iter().map(|outcome| format!("outcome-{}", outcome.word())));
        keys.extend(GreyReason::ALL.iter().map(|reason| format!("reason-{}", reason.word())));
        keys.extend(Light::ALL.iter().filter(|light| **light != Light::Grey).map(|l| format!("light-{}", l.word())));
        keys.extend(GreyReason::ALL.iter().map(|reason| format!("light-{}", reason.word())));
        let missing: Vec<_> = keys.iter().filter(|key| !words.knows(key)).collect();
        assert!(missing.is_empty(), "no words for {missing:?}");
    }

    #[test]
    fn a_day_is_written_out() {
        let words = Language::english();
        assert_eq!(day(&words, "2026-11-23"), "23 Nov 2026");
        assert_eq!(day(&words, "2026-11-03T18:00:00Z"), "3 Nov 2026");
        assert_eq!(day(&words, "unknown"), "unknown");
    }
}
