//! Amazon Bedrock.

use authlight_core::json::{Json, Kind, Value};
use authlight_core::message::Message;
use authlight_core::providers::sign_in::Service;
use authlight_core::report::{Outcome, Stage, StageRow, Status};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use super::aws::{self, Identity, Signing};
use super::said::Said;
use super::{Cloud, address, ask_at, asked_row, judged, no_questions, trouble};
use crate::live::audience::Audience;
use crate::live::http::{Asked, Question, Reply};
use crate::live::{Course, End, Left, Seen as _, Step, Way, http, row};

/// What Claude Code itself asks for (observed: `cloud-bedrock-*`).
const LIST: &str = "/inference-profiles?type=SYSTEM_DEFINED";

/// What stays as it is in a model's name.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Whose the keys are, which models there are; with the person's word for it a message of one token.
pub(super) fn course(course: &Course, audience: &Audience, cloud: &Cloud, way: &Way) -> Result<End, Left> {
    let Heard { reply, what, identified } = course.run(Stage::Http, || ask(course, audience, cloud, way))?;
    let said = Said::of(&reply).filter(|_| reply.status >= 400);
    if let Some(said) = said.filter(|said| !said.is_open()) {
        return judged(course, &said, &reply, audience);
    }
    let listed = profiles(&reply).filter(|_| what == What::List);
    if what == What::List && listed.is_none() && matches!(reply.status, 404 | 405 | 501) {
        // A gateway need not have such a list.
        return no_questions(course, &reply, identified);
    }
    if what != What::Identity && listed.is_none() {
        return course.verdict(&course.client(audience, way), &reply);
    }
    let told = |stage, status, key: &'static str| row(stage, status, Message::new(key));
    let by = row(Stage::Responder, Status::Pass, Message::new("live-cloud-answered").with("vendor", "aws"));
    course.run(Stage::Responder, || Ok((by.seen("answered_by", "aws"), ())))?;
    if audience.headers.is_empty() && !cloud.signs() {
        let none = Message::new("live-auth-none-sent");
        let mut stopped = crate::live::Stopped::failed(Stage::Auth, Outcome::NotTested, none);
        stopped.row.status = Status::Skipped;
        return course.run(Stage::Auth, || Err(stopped));
    }
    course.run(Stage::Auth, || Ok((told(Stage::Auth, Status::Pass, "live-cloud-known"), ())))?;
    let permission = match &listed {
        Some(listed) => model_row(listed, &audience.model),
        None => Ok(told(Stage::Permission, Status::Skipped, "live-permission-not-asked")),
    };
    course.run(Stage::Permission, || match permission {
        Ok(row) => Ok((row, ())),
        Err(row) => Err(Box::new(crate::live::Stopped { row, outcome: Outcome::Blocked, situation: None })),
    })?;
    course.run(Stage::Quota, || {
        let end = End { outcome: Outcome::Verified, works: false, situation: None };
        Ok((told(Stage::Quota, Status::Skipped, "live-quota-not-asked"), end))
    })
}

/// What an answer is to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Identity,
    List,
    Message,
}

/// The answer that says most.
struct Heard {
    reply: Reply,
    what: What,
    /// Whether AWS has said whose the keys are.
    identified: bool,
}

fn ask(course: &Course, audience: &Audience, cloud: &Cloud, way: &Way) -> Step<Heard> {
    let mut asked = Vec::new();
    let mut evidence = Vec::new();
    let (mut signing, mut known) = (None, None);
    if cloud.signs() {
        let keys = aws::keys(course, cloud)?;
        match aws::identity(course, cloud, &keys)? {
            Identity::Known(name, reply) => {
                asked.push(format!("GetCallerIdentity {}", reply.status));
                evidence.push(("identity", name));
                known = Some(*reply);
            }
            Identity::NotTold(why) => evidence.push(("identity", why)),
        }
        signing = Some(Signing { keys, region: cloud.found.region.clone(), service: "bedrock" });
    }
    let identified = known.is_some();
    let own = http::Client { signing: signing.as_ref(), ..course.client(audience, way) };
    let listed = list(course, cloud, &own, signing.as_ref());
    if let Ok(reply) = &listed {
        asked.push(format!("{LIST} {}", reply.status));
    }
    let (reply, what) = if own.one_token {
        let reply = message(&own, &cloud.found.region)?;
        asked.push(format!("{} {}", reply.asked.path(), reply.status));
        (reply, What::Message)
    } else {
        match (listed, known) {
            (Ok(reply), _) => (reply, What::List),
            // Some networks let through to the models alone.
            (Err(stopped), Some(reply)) if stopped.outcome == Outcome::Unreachable => (reply, What::Identity),
            (Err(stopped), _) => return Err(stopped),
        }
    };
    if reply.status >= 500 {
        return Err(trouble(&reply));
    }
    let told = evidence.into_iter().fold(asked_row(&reply, &asked), |row, (name, value)| row.seen(name, value));
    Ok((cloud.told(told.seen("region", &cloud.found.region)), Heard { reply, what, identified }))
}

fn list(
    course: &Course,
    cloud: &Cloud,
    own: &http::Client<'_>,
    signing: Option<&Signing>,
) -> Result<Reply, Box<crate::live::Stopped>> {
    let place = cloud.place(Service::Bedrock);
    let at = place.unwrap_or(own.audience);
    // Only what is a credential goes along.
    let lone = Audience { headers: own.audience.headers.clone(), extra_headers: Vec::new(), ..at.clone() };
    let bare = http::Client { audience: &lone, ..*own };
    let mut headers = bare.headers()?;
    headers.remove("anthropic-version");
    let address = address(at, LIST)?;
    let asked = Asked {
        question: Question::Models,
        method: Method::GET,
        address,
        headers,
        body: None,
        body_is_secret: false,
        share: 1,
    };
    match place {
        Some(_) => ask_at(course, &lone, signing, asked),
        None => own.exchange(&own.asker()?, asked),
    }
}

fn message(own: &http::Client<'_>, region: &str) -> Result<Reply, Box<crate::live::Stopped>> {
    let model = model_id(&own.audience.model, region);
    let path = format!("/model/{}/invoke", utf8_percent_encode(&model, NAME));
    let mut headers: HeaderMap = own.headers()?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = serde_json::json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 1,
        "messages": [{"role": "user", "content": "Hello"}],
    });
    let body = Some(Zeroizing::new(body.to_string()));
    let address = address(own.audience, &path)?;
    let question = Question::OneToken;
    let asked = Asked { question, method: Method::POST, address, headers, body, body_is_secret: false, share: 1 };
    own.exchange(&own.asker()?, asked)
}

/// A model's name as Bedrock has it: as it is given in full, else the inference profile of the region's continent
/// (observed for `us-east-1`: `cloud-bedrock-keys-noregion`).
fn model_id(model: &str, region: &str) -> String {
    if model.contains("anthropic.") || model.starts_with("arn:") {
        return model.to_owned();
    }
    let continent = match region.split('-').next() {
        Some("eu") => "eu",
        Some("ap") => "apac",
        _ => "us",
    };
    format!("{continent}.anthropic.{model}")
}

/// The inference profiles of a list: name and state.
fn profiles(reply: &Reply) -> Option<Profiles> {
    let json = Json::parse(reply.body.as_slice()).ok().filter(|_| reply.status == 200)?;
    let list = json.root().get("inferenceProfileSummaries").filter(|list| list.kind() == Kind::Array)?;
    let text = |value: Value<'_>, name: &str| {
        value.get(name).and_then(Value::as_str).map(|text| text.into_owned()).unwrap_or_default()
    };
    let found = list.items().map(|item| (text(item, "inferenceProfileId"), text(item, "status"))).collect();
    Some(Profiles { found, more: json.root().get("nextToken").and_then(Value::as_str).is_some() })
}

struct Profiles {
    found: Vec<(String, String)>,
    /// Whether the list goes on.
    more: bool,
}

/// Whether the model is in the list; an error where it was named and is not.
fn model_row(listed: &Profiles, model: &str) -> Result<StageRow, StageRow> {
    let is_profile = ["us.", "eu.", "apac.", "jp.", "au.", "global."].iter().any(|part| model.starts_with(part));
    let found = listed.found.iter().find(|(id, _)| id == model || id.ends_with(&format!(".anthropic.{model}")));
    let told = |status, key: &'static str| {
        let text = Message::new(key).with("model", model);
        row(Stage::Permission, status, text).seen("profiles", listed.found.len()).seen("model", model)
    };
    match found {
        Some((_, state)) if state == "ACTIVE" || state.is_empty() => {
            Ok(told(Status::Skipped, "live-cloud-model-listed"))
        }
        Some((_, state)) => Err(told(Status::Fail, "live-cloud-model-off").seen("state", state)),
        None if is_profile && !listed.more => Err(told(Status::Fail, "live-cloud-model-missing")),
        None => Ok(told(Status::Skipped, "live-permission-not-asked")),
    }
}
