//! Whether the credential is known.

use authlight_core::message::Message;
use authlight_core::report::{Outcome, Stage, Status};

use super::audience::Audience;
use super::http::Question;
use super::responder::{Answer, Responder};
use super::{Seen as _, Step, Stopped, row};

/// Judges an answer that is known to be the API's or a gateway's.
pub(super) fn judge(answer: &Answer, audience: &Audience) -> Step<()> {
    if audience.headers.is_empty() {
        let key = if audience.is_claude_ai_login { "live-auth-login" } else { "live-auth-none-sent" };
        let mut stopped = Stopped::failed(Stage::Auth, Outcome::NotTested, Message::new(key));
        stopped.row.status = Status::Skipped;
        return Err(stopped);
    }
    let known = |key: &'static str| Ok((row(Stage::Auth, Status::Pass, Message::new(key)), ()));
    if refuses(answer) {
        let stopped = Stopped::failed(Stage::Auth, Outcome::Rejected, Message::new("live-auth-rejected"));
        return Err(stopped.seen("http_status", answer.status).saying(answer.situation.clone()));
    }
    match answer.status {
        200..300 if answer.question == Question::CountTokens => known("live-auth-works"),
        200..300 if answer.by == Responder::Api => known("live-auth-known"),
        // Both come after the key has been looked at.
        402 | 403 => known("live-auth-known"),
        429 if answer.by == Responder::Api => known("live-auth-known"),
        400 if super::quota::no_credit(answer) || super::permission::disabled(answer) => known("live-auth-known"),
        _ if answer.misses_the_model() => known("live-auth-known"),
        429 => {
            let mut unclear = row(Stage::Auth, Status::Unknown, Message::new("live-auth-limited-first"));
            unclear = unclear.seen("http_status", answer.status);
            Ok((unclear, ()))
        }
        _ => {
            let mut stopped = Stopped::failed(Stage::Auth, Outcome::NotTested, Message::new("live-auth-unclear"));
            stopped.row.status = Status::Unknown;
            Err(stopped.seen("http_status", answer.status))
        }
    }
}

/// 401; and gateways that say the same with another status.
fn refuses(answer: &Answer) -> bool {
    let words = ["authentication_error", "auth_error", "invalid_api_key"];
    answer.status == 401
        || ((400..500).contains(&answer.status)
            && answer.by == Responder::Gateway
            && words.iter().any(|word| answer.error.split(' ').any(|said| said == *word)))
}
