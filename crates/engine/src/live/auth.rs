//! Whether the credential is known.

use authlight_core::message::Message;
use authlight_core::report::{CredentialKind, Outcome, Stage, Status};

use super::audience::{Audience, Carried};
use super::helper::Helper;
use super::http::{Client, Question};
use super::responder::{self, Answer, Responder};
use super::{Seen as _, Step, Stopped, row};

/// Judges an answer that is known to be the API's or a gateway's.
pub(super) fn judge(answer: &Answer, audience: &Audience) -> Step<()> {
    let told = |row| Helper::told(&from_helper(audience), row);
    match of_the_answer(answer, audience) {
        Ok((row, ())) => Ok((told(row), ())),
        Err(mut stopped) => {
            stopped.row = told(stopped.row);
            Err(stopped)
        }
    }
}

fn from_helper(audience: &Audience) -> Vec<Carried> {
    let helper = |carried: &&Carried| carried.kind == CredentialKind::ApiKeyHelper;
    audience.headers.iter().filter(helper).cloned().collect()
}

fn of_the_answer(answer: &Answer, audience: &Audience) -> Step<()> {
    if audience.headers.is_empty() && !audience.cloud.as_ref().is_some_and(|cloud| cloud.signs()) {
        let key = match &audience.helper {
            _ if audience.is_claude_ai_login => "live-auth-login",
            Some(_) => "live-auth-helper-not-run",
            None => "live-auth-none-sent",
        };
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
        200..300 if answer.question != Question::Models => known("live-auth-works"),
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
            // That a free question is not known says nothing of messages.
            let of_messages =
                answer.question == Question::OneToken || !matches!(answer.status, 200..300 | 404 | 405 | 501);
            let situation = answer.situation.clone().filter(|_| of_messages);
            Err(stopped.seen("http_status", answer.status).saying(situation))
        }
    }
}

/// Asks once more with the credential in the other header, and tells beside the refusal what came of it. Claude Code sends
/// the first: the outcome stays.
pub(super) fn with_the_other_header(mut refused: Box<Stopped>, other: &Client<'_>) -> Box<Stopped> {
    let header = other.audience.headers.first().map(|carried| carried.header.word()).unwrap_or_default();
    let accepted = other.ask().and_then(|(_, reply)| responder::judge(&reply)).and_then(|(_, answer)| {
        let (row, ()) = judge(&answer, other.audience)?;
        Ok(row.status == Status::Pass)
    });
    let accepted = accepted.unwrap_or(false);
    if accepted {
        refused.row.text = Message::new("live-auth-other-header").with("header", header);
    }
    refused.seen("other_header", format!("{header} {}", if accepted { "accepted" } else { "not accepted" }))
}

/// 401; and gateways that say the same with another status.
fn refuses(answer: &Answer) -> bool {
    let words = ["authentication_error", "auth_error", "invalid_api_key"];
    answer.status == 401
        || ((400..500).contains(&answer.status)
            && answer.by == Responder::Gateway
            && words.iter().any(|word| answer.error.split(' ').any(|said| said == *word)))
}
