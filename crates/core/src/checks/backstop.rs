//! The last check: a stop that is predicted and that no other check explains is a problem all the same.

use std::borrow::Cow;

use super::Found;
use crate::explain::{Meaning, explain};
use crate::judge::Facts;
use crate::report::{Cause, Owner, Status};
use crate::verdict::waits_for_a_yes;

/// What the headline holds of the message, in characters.
const SHOWN: usize = 70;

/// The row of the cause that stops it.
pub struct Backstop {
    /// The cause.
    pub cause: Cause,
    /// The check's stable name there.
    pub id: &'static str,
    /// The finding, in the words of any stop.
    pub found: Found,
    /// What the message means in that cause, with a code of its own.
    pub meaning: Option<Meaning>,
}

/// What Claude Code is predicted to stop with. `None`: it is not, or it asks first and goes on.
pub fn backstop(facts: &Facts<'_>) -> Option<Backstop> {
    let prediction = &facts.resolution.prediction;
    let cause = prediction.stopped_by.filter(|_| !waits_for_a_yes(facts))?;
    let printed = prediction.message.as_deref().unwrap_or_default().trim_end();
    let meaning = explain(printed).meanings.into_iter().find(|meaning| meaning.cause == Some(cause));
    let id = match cause {
        Cause::Environment => "C1.predicted_stop",
        Cause::Login => "C2.predicted_stop",
        Cause::Key => "C3.predicted_stop",
        Cause::Scope => "C4.predicted_stop",
        Cause::Endpoint => "C5.predicted_stop",
        Cause::Install | Cause::SettingsFiles | Cause::Clock | Cause::Policy => "G.predicted_stop",
    };
    let owner = if cause == Cause::Policy { Owner::Organisation } else { Owner::Person };
    let shown = if printed.chars().count() > SHOWN {
        let cut: String = printed.chars().take(SHOWN).collect();
        Cow::Owned(format!("{}…", cut.trim_end()))
    } else {
        Cow::Borrowed(printed)
    };
    let found = Found::new("AL-0-49", Status::Fail, format!("predicted: {printed}"))
        .with("message", shown.into_owned())
        .with("whole", printed)
        .owned_by(owner);
    Some(Backstop { cause, id, found, meaning })
}
