//! Whether there is money and room.

use authlight_core::message::Message;
use authlight_core::report::{Outcome, Stage, StageRow, Status};

use super::http::Question;
use super::responder::{Answer, Responder};
use super::{End, Step, Stopped, row};

/// Judges an answer that has let the credential through, and ends the test.
pub(super) fn judge(answer: &Answer) -> Step<End> {
    let limited = |key: &'static str| {
        let stopped = Stopped::failed(Stage::Quota, Outcome::Limited, Message::new(key));
        Err(stopped.seen("http_status", answer.status).saying(answer.situation.clone()))
    };
    if no_credit(answer) {
        return limited("live-quota-credit");
    }
    match answer.status {
        429 if answer.by == Responder::Api => {
            let busy = row(Stage::Quota, Status::Warn, Message::new("live-quota-rate"));
            let mut end = verified(busy, false);
            end.1.situation = answer.situation.clone();
            Ok(end)
        }
        429 => limited("live-quota-gateway"),
        _ => {
            let works = answer.succeeded() && answer.question != Question::Models;
            let asked = answer.succeeded() && answer.question == Question::OneToken;
            let told = if asked {
                row(Stage::Quota, Status::Pass, Message::new("live-quota-there"))
            } else {
                row(Stage::Quota, Status::Skipped, Message::new("live-quota-not-asked"))
            };
            let mut end = verified(told, works);
            end.1.situation = answer.situation.clone().filter(|_| answer.misses_the_model());
            Ok(end)
        }
    }
}

fn verified(row: StageRow, works: bool) -> (StageRow, End) {
    (row, End { outcome: Outcome::Verified, works, situation: None })
}

/// No credit or a spent budget.
pub(super) fn no_credit(answer: &Answer) -> bool {
    let said = [
        "credit balance",
        "billing_error",
        "budget_exceeded",
        "budget has been exceeded",
        "insufficient_quota",
        "insufficient_user_quota",
    ];
    answer.status == 402 || (matches!(answer.status, 400 | 403 | 429) && said.iter().any(|words| answer.says(words)))
}
