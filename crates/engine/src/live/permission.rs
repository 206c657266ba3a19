//! Whether the credential may.

use authlight_core::message::Message;
use authlight_core::report::{Outcome, Stage, Status};

use super::http::Question;
use super::responder::Answer;
use super::{Step, Stopped, row};

/// Judges an answer that has let the credential in.
pub(super) fn judge(answer: &Answer) -> Step<()> {
    let blocked = |key: &'static str| {
        let stopped = Stopped::failed(Stage::Permission, Outcome::Blocked, Message::new(key));
        Err(stopped.seen("http_status", answer.status).saying(answer.situation.clone()))
    };
    if disabled(answer) {
        return blocked("live-permission-disabled");
    }
    if answer.status == 403 && !super::quota::no_credit(answer) {
        return blocked("live-permission-refused");
    }
    if answer.misses_the_model() {
        return Ok((row(Stage::Permission, Status::Warn, Message::new("live-permission-model")), ()));
    }
    if answer.succeeded() && answer.question != Question::Models {
        return Ok((row(Stage::Permission, Status::Pass, Message::new("live-permission-given")), ()));
    }
    Ok((row(Stage::Permission, Status::Skipped, Message::new("live-permission-not-asked")), ()))
}

/// The organisation has been switched off; said with 400 or 403.
pub(super) fn disabled(answer: &Answer) -> bool {
    matches!(answer.status, 400 | 403) && answer.says("organization has been disabled")
}
