//! Who answered: the API, a gateway, or somebody in between. Told by the shape of body and headers.

use authlight_core::json::{Json, Kind, Value};
use authlight_core::message::Message;
use authlight_core::report::{Outcome, Stage, StageRow, Status};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, SERVER, WWW_AUTHENTICATE};

use super::claude_says::Situation;
use super::http::{self, Ending, Question, Reply};
use super::{Seen as _, Step, Stopped, row};

/// So much of a server's sentence is kept.
const MESSAGE_LIMIT: usize = 300;

/// Who wrote the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Responder {
    /// `{"type":"error",…}`, a list of models, a count, or the API's request ID.
    Api,
    /// `{"error":{…}}` or a list of models as the common gateways write it.
    Gateway,
}

/// What an answer of the API or a gateway says.
#[derive(Debug)]
pub(super) struct Answer {
    pub by: Responder,
    pub question: Question,
    pub status: u16,
    /// The word for the error: `authentication_error`.
    pub error: String,
    /// The server's sentence.
    pub message: String,
    pub situation: Option<Situation>,
}

impl Answer {
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the sentence or the word for the error holds `words`, whatever the case.
    pub fn says(&self, words: &str) -> bool {
        let holds = |text: &str| text.to_ascii_lowercase().contains(words);
        holds(&self.message) || holds(&self.error)
    }

    /// The endpoint looked for the model, so it had let the key in.
    pub fn misses_the_model(&self) -> bool {
        misses_the_model(self.question, self.status, &self.error, &self.message)
    }
}

fn misses_the_model(question: Question, status: u16, error: &str, message: &str) -> bool {
    let named = [error, message].iter().any(|text| text.to_ascii_lowercase().contains("model"));
    question != Question::Models
        && matches!(status, 400 | 404)
        && (error.contains("not_found") || status == 404)
        && named
}

/// Judges who answered.
pub(super) fn judge(reply: &Reply) -> Step<Answer> {
    if (300..400).contains(&reply.status) {
        return Err(redirect(reply));
    }
    let sentence = Sentence::of(reply);
    let told = |row: StageRow| {
        let row = if sentence.message.is_empty() { row } else { row.seen("message", &sentence.message) };
        let row = if sentence.error.is_empty() { row } else { row.seen("error_type", &sentence.error) };
        match request_id(reply) {
            Some(id) => row.seen("request_id", id),
            None => row,
        }
    };
    let situation = Situation::status(reply);
    let by = match sentence.shape {
        Shape::Models | Shape::Count | Shape::Message | Shape::ApiError if !reply.foreign_list => Some(Responder::Api),
        Shape::GatewayError if request_id(reply).is_some() => Some(Responder::Api),
        Shape::Models | Shape::Count | Shape::Message | Shape::ApiError | Shape::GatewayError => {
            Some(Responder::Gateway)
        }
        // The API's own mark counts on an error that something on the way has rewritten, never on a page.
        Shape::Other if reply.status >= 400 && request_id(reply).is_some() => Some(Responder::Api),
        Shape::Page | Shape::Other => None,
    };
    let expected = match reply.question {
        Question::Models => Shape::Models,
        Question::CountTokens => Shape::Count,
        Question::OneToken => Shape::Message,
        Question::Service => Shape::Other,
    };
    let wrong_success = (200..300).contains(&reply.status) && sentence.shape != expected;
    let Some(by) = by.filter(|_| !wrong_success) else {
        let mut stopped = stranger(reply, &sentence, situation);
        stopped.row = told(stopped.row);
        return Err(stopped);
    };
    let (key, word) = match by {
        Responder::Api => ("live-responder-api", "api"),
        Responder::Gateway => ("live-responder-gateway", "gateway"),
    };
    let passed = told(row(Stage::Responder, Status::Pass, Message::new(key)).seen("answered_by", word));
    let Sentence { error, message, .. } = sentence;
    Ok((passed, Answer { by, question: reply.question, status: reply.status, error, message, situation }))
}

fn redirect(reply: &Reply) -> Box<Stopped> {
    let failed = |outcome, key, to: &str| {
        let text = Message::new(key).with("to", to).with("status", usize::from(reply.status));
        Stopped::failed(Stage::Responder, outcome, text).seen("redirect_to", to)
    };
    match http::redirected(reply) {
        Some((to, true)) => failed(Outcome::Intercepted, "live-responder-redirect-away", &to).saying(Situation::SentOn),
        Some((to, false)) => failed(Outcome::Unreachable, "live-responder-redirect-same", &to),
        None => {
            let nowhere =
                reply.header(LOCATION).map_or_else(|| Situation::status(reply), |_| Some(Situation::RedirectNowhere));
            failed(Outcome::Unreachable, "live-responder-redirect-nowhere", "").saying(nowhere)
        }
    }
}

/// Neither the API nor a gateway.
fn stranger(reply: &Reply, sentence: &Sentence, situation: Option<Situation>) -> Box<Stopped> {
    let shape = sentence.shape;
    let servers_own = sentence.names_the_status(reply.status);
    let (outcome, key) = match (reply.status, shape) {
        // Nothing at that path: the base URL points beside the API.
        (404 | 405 | 501, _) => (Outcome::Unreachable, "live-responder-path"),
        // As nginx says it.
        (400 | 495 | 496, Shape::Page) if sentence.message.to_ascii_lowercase().contains("ssl certificate") => {
            (Outcome::Unreachable, "live-responder-client-certificate")
        }
        // A web server's own page of an error, such as "403 Forbidden", is no page for people to sign in at.
        (401 | 403 | 429, Shape::Page) if servers_own => (Outcome::Intercepted, "live-responder-refusal"),
        (400.., Shape::Page) if servers_own => (Outcome::Unreachable, "live-responder-other"),
        (511, _) | (_, Shape::Page) => (Outcome::Intercepted, "live-responder-page"),
        (401 | 403 | 429, _) => (Outcome::Intercepted, "live-responder-refusal"),
        _ => (Outcome::Unreachable, "live-responder-other"),
    };
    let text = Message::new(key).with("status", usize::from(reply.status));
    Stopped::failed(Stage::Responder, outcome, text).saying(situation)
}

/// Whether it is a list of models.
pub(super) fn is_list(reply: &Reply) -> bool {
    (200..300).contains(&reply.status) && Sentence::of(reply).shape == Shape::Models
}

/// Whether it is a list of models that the API has not written: not in its form, and without its mark.
pub(super) fn is_foreign_list(reply: &Reply) -> bool {
    let Sentence { shape, own_list, .. } = Sentence::of(reply);
    (200..300).contains(&reply.status) && shape == Shape::Models && !own_list && request_id(reply).is_none()
}

/// Whether the answer to a second question says less than the list that answered the first: nobody at its path
/// understood it, or, where the list is the API's own (not `foreign`), it says nothing of the credential.
pub(super) fn is_not_understood(reply: &Reply, foreign: bool) -> bool {
    let Sentence { shape, error, message, .. } = Sentence::of(reply);
    let strange = matches!(reply.status, 200..300 | 400 | 404 | 405 | 415 | 422 | 501)
        && matches!(shape, Shape::Models | Shape::Page | Shape::Other);
    if !strange && misses_the_model(reply.question, reply.status, &error, &message) {
        return false;
    }
    strange || !foreign && matches!(reply.status, 404 | 405 | 415 | 422 | 500..)
}

/// Whether a page with a status of a server in trouble is somebody on the way who lets nothing through: some firewalls
/// say it with 503.
pub(super) fn is_a_block(reply: &Reply) -> bool {
    let Sentence { shape, message, .. } = Sentence::of(reply);
    let title = message.to_ascii_lowercase();
    let blocks = ["blocked", "denied", "just a moment", "attention required", "sign in", "login"];
    shape == Shape::Page && (reply.header("cf-mitigated").is_some() || blocks.iter().any(|word| title.contains(word)))
}

/// Whether a gateway that guards others' services has refused: what it says is too plain to tell, its headers are not.
fn refuses_as_a_gateway(reply: &Reply) -> bool {
    let scheme = reply.header(WWW_AUTHENTICATE).unwrap_or_default().to_ascii_lowercase();
    let server = reply.header(SERVER).unwrap_or_default().to_ascii_lowercase();
    matches!(reply.status, 401 | 429)
        && (scheme.starts_with("key ") || scheme.starts_with("azureapimanagementkey") || server.starts_with("kong"))
}

/// The API's request ID. Other servers use the same header name with other values.
fn request_id(reply: &Reply) -> Option<&str> {
    reply.header("request-id").filter(|id| id.starts_with("req_"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Models,
    Count,
    Message,
    ApiError,
    GatewayError,
    Page,
    Other,
}

/// The form of a body, and what it says.
pub(super) struct Sentence {
    shape: Shape,
    /// Whether a list of models is in the API's own form.
    own_list: bool,
    /// Whether it is a page for people.
    pub page: bool,
    /// Whether it is JSON.
    pub json: bool,
    /// The word for the error.
    pub error: String,
    /// The server's words: of an error, of a page's title, of a short text.
    pub message: String,
}

impl Sentence {
    pub(super) fn of(reply: &Reply) -> Self {
        let said = |shape, error: String, message: String| Self {
            shape,
            own_list: false,
            page: shape == Shape::Page,
            json: true,
            error,
            message: bounded(&message),
        };
        let list = |own_list| Self { own_list, ..said(Shape::Models, String::new(), String::new()) };
        let text = String::from_utf8_lossy(&reply.body);
        let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let lower = start.get(..15).unwrap_or(start).to_ascii_lowercase();
        let kind = reply.header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
        if kind.contains("html") || lower.starts_with("<!doctype html") || lower.starts_with("<html") {
            let json = Json::parse(reply.body.as_slice()).is_ok();
            return Self { json, ..said(Shape::Page, String::new(), title(&text).unwrap_or_default()) };
        }
        let Ok(json) = Json::parse(reply.body.as_slice()) else {
            // A long list is read in part; its beginning is enough to know it.
            let packed: String = start.chars().take(400).filter(|character| !character.is_whitespace()).collect();
            if reply.ending != Ending::Whole && packed.starts_with('{') && packed.contains("\"data\":[") {
                return list(packed.contains("\"type\":\"model\""));
            }
            let plain = if start.starts_with(['{', '[']) || !is_text(reply) { "" } else { start };
            return Self { json: false, ..said(Shape::Other, String::new(), plain.to_owned()) };
        };
        let root = json.root();
        let word = |value: Value<'_>, name: &str| {
            value.get(name).and_then(Value::as_str).map(|text| text.into_owned()).unwrap_or_default()
        };
        let is = |name: &str, kind| root.get(name).is_some_and(|value| value.kind() == kind);
        match root.get("error").filter(|error| error.kind() == Kind::Object) {
            Some(error) => {
                let shape = if word(root, "type") == "error" { Shape::ApiError } else { Shape::GatewayError };
                let kinds = [word(error, "type"), word(error, "code")].join(" ");
                said(shape, kinds.trim().to_owned(), word(error, "message"))
            }
            None if is("data", Kind::Array) => {
                let mut models = root.get("data").into_iter().flat_map(Value::items);
                // An empty list is known by the members for its pages.
                list(is("has_more", Kind::Boolean) && models.all(|model| word(model, "type") == "model"))
            }
            None if is("input_tokens", Kind::Number) => said(Shape::Count, String::new(), String::new()),
            None if word(root, "type") == "message" => said(Shape::Message, String::new(), String::new()),
            None if refuses_as_a_gateway(reply) => said(Shape::GatewayError, String::new(), word(root, "message")),
            None => said(Shape::Other, String::new(), word(root, "message")),
        }
    }
}

impl Sentence {
    /// Whether the server's words name the status: `404 Not Found`.
    fn names_the_status(&self, status: u16) -> bool {
        let status = status.to_string();
        self.message.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == status)
    }
}

/// Whether a body is something to read, and not packed in a way that was not asked for.
fn is_text(reply: &Reply) -> bool {
    let readable =
        |text: &str| !text.contains(|letter: char| letter.is_control() && !letter.is_whitespace() && letter != ESCAPE);
    reply.header(CONTENT_ENCODING).is_none() && std::str::from_utf8(&reply.body).is_ok_and(readable)
}

const ESCAPE: char = '\u{1b}';

fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    Some(page[start..end].trim().to_owned())
}

pub(super) fn bounded(text: &str) -> String {
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    let mut letters = line.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        // A colour's sequence goes with its letters: `ESC [ 31 m`.
        if letter == ESCAPE {
            let _ = letters.by_ref().find(char::is_ascii_alphabetic);
        } else if !letter.is_control() {
            plain.push(letter);
        }
    }
    plain.chars().take(MESSAGE_LIMIT).collect()
}
