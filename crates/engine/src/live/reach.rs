//! What a sign-in needs besides the endpoint, asked without any credential: whether the hosts are reached, and what the
//! service says of itself.

use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use authlight_core::json::{Json, Value};
use authlight_core::message::Message;
use authlight_core::report::{Live, Outcome, Reached, Stage, StageRow, Status};

use super::audience::{Audience, origin};
use super::deadline::Deadline;
use super::http::Reply;
use super::{Seen as _, Step, Stopped, Until, row, walk};

/// How far each of these hosts is reached: name, connection, proxy, certificate. Nothing is asked of them.
pub fn reach(hosts: &[Audience], deadline: Duration, cancel: &AtomicBool) -> Vec<Reached> {
    let deadline = Deadline::after(deadline);
    thread::scope(|scope| {
        let look = |host: &Audience| {
            let live = walk(host, Until::Tls, &[], deadline, cancel, &mut |_| {});
            reached(host, &live)
        };
        let started: Vec<_> = hosts.iter().map(|host| (host, scope.spawn(move || look(host)))).collect();
        let ended = started.into_iter().map(|(host, thread)| thread.join().unwrap_or_else(|_| unknown(host)));
        ended.collect()
    })
}

fn reached(host: &Audience, live: &Live) -> Reached {
    let stopped = live.stages.iter().find(|row| row.status != Status::Pass);
    let last = stopped.or(live.stages.last());
    match last {
        Some(row) => Reached { origin: origin(&host.base), status: row.status, text: row.text.clone() },
        None => unknown(host),
    }
}

fn unknown(host: &Audience) -> Reached {
    Reached { origin: origin(&host.base), status: Status::Crashed, text: Message::new("live-crashed") }
}

/// What the service says of itself on its status page, as a row of the test.
pub fn service(page: &Audience, deadline: Duration, cancel: &AtomicBool) -> Option<StageRow> {
    let live = walk(page, Until::Service, &[], Deadline::after(deadline), cancel, &mut |_| {});
    let last = live.stages.into_iter().next_back()?;
    if last.stage == Stage::Responder {
        return Some(last);
    }
    let text = Message::new("live-service-unknown");
    Some(StageRow { stage: Stage::Responder, status: Status::Unknown, text, ..last })
}

/// Judges the status page's answer: `{"status": {"indicator": "none", "description": "All Systems Operational"}}`, as the
/// vendor of such pages documents it.
pub(super) fn judge_service(reply: &Reply) -> Step<()> {
    let json = Json::parse(reply.body.as_slice()).ok();
    let status = json.as_ref().and_then(|json| json.root().get("status"));
    let word = |name: &str| {
        let text = status.and_then(|status| status.get(name)).and_then(Value::as_str)?;
        Some(text.chars().filter(|character| !character.is_control()).take(120).collect::<String>())
    };
    let said = word("indicator").zip(word("description"));
    let Some((indicator, description)) = said.filter(|_| (200..300).contains(&reply.status)) else {
        let mut stopped = Stopped::failed(Stage::Responder, Outcome::NotTested, Message::new("live-service-unknown"));
        stopped.row.status = Status::Unknown;
        return Err(stopped);
    };
    let well = indicator == "none";
    let text = Message::new(if well { "live-service-well" } else { "live-service-trouble" });
    let text = text.with("description", description.as_str());
    let status = if well { Status::Pass } else { Status::Warn };
    Ok((row(Stage::Responder, status, text).seen("service", indicator), ()))
}
