//! The last check: a stop that is predicted and that no other check explains is a problem all the same.

use super::Found;
use crate::explain::explain;
use crate::judge::Facts;
use crate::message::Message;
use crate::report::{Asks, Cause, Owner, Status};

/// What the headline holds of the message, in characters.
const SHOWN: usize = 70;

/// The row of the cause that the message points to.
pub struct Backstop {
    /// The cause.
    pub cause: Cause,
    /// The check's stable name there.
    pub id: &'static str,
    /// The finding.
    pub found: Found,
    /// What to do, where the message is a known one.
    pub to_do: Option<Message>,
}

/// What Claude Code is predicted to stop with. `None`: it is not, or it asks first and goes on.
pub fn backstop(facts: &Facts<'_>) -> Option<Backstop> {
    let prediction = &facts.resolution.prediction;
    let stops = prediction.starts == Some(false) || prediction.sends_request == Some(false);
    if !stops || prediction.asks == Some(Asks::KeyApproval) {
        return None;
    }
    let printed = prediction.message.as_deref().unwrap_or_default();
    let meaning = explain(printed).meanings.into_iter().find(|meaning| meaning.cause.is_some());
    let (cause, id, code) = match meaning.as_ref().and_then(|meaning| meaning.cause) {
        Some(Cause::Environment) => (Cause::Environment, "C1.predicted_stop", "AL-1-49"),
        Some(Cause::Login) => (Cause::Login, "C2.predicted_stop", "AL-2-49"),
        Some(Cause::Key) => (Cause::Key, "C3.predicted_stop", "AL-3-49"),
        Some(Cause::Scope) => (Cause::Scope, "C4.predicted_stop", "AL-4-49"),
        Some(Cause::Install | Cause::SettingsFiles | Cause::Clock | Cause::Policy) => {
            (Cause::Policy, "G.predicted_stop", "AL-0-49")
        }
        Some(Cause::Endpoint) | None => (Cause::Endpoint, "C5.predicted_stop", "AL-5-49"),
    };
    let owner = if cause == Cause::Policy { Owner::Organisation } else { Owner::Person };
    let shown = if printed.chars().count() > SHOWN {
        let cut: String = printed.chars().take(SHOWN).collect();
        format!("{}…", cut.trim_end())
    } else {
        printed.trim_end().to_owned()
    };
    let found = Found::new(code, Status::Fail, format!("predicted: {printed}"))
        .with("message", shown)
        .with("whole", printed)
        .owned_by(owner);
    Some(Backstop { cause, id, found, to_do: meaning.map(|meaning| meaning.to_do) })
}
