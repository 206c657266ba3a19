//! What a cloud's answer says, in whichever form its services write it.

use std::time::{SystemTime, UNIX_EPOCH};

use authlight_core::json::{Json, Kind, Value};
use authlight_core::message::Message;
use authlight_core::report::{Outcome, Provider, Stage, StageRow, Status};

use crate::live::audience::Audience;
use crate::live::claude_says::Situation;
use crate::live::http::{self, Reply};
use crate::live::responder::bounded;
use crate::live::{Seen as _, Stopped, row};

/// Whose services wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vendor {
    Aws,
    Google,
    Microsoft,
}

impl Vendor {
    fn word(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// The clocks differ.
    Clock,
    /// The credential has run out.
    Expired,
    /// The credential is not known or the signature is wrong.
    Rejected,
    /// The model may not be used, or is not there.
    Model,
    /// The service is switched off for the project.
    SwitchedOff,
    /// Something else is not allowed.
    Denied,
    /// Too much at once, or no more.
    Limited,
    /// The service's own trouble.
    Trouble,
    /// It does not tell.
    Open,
}

/// What each vendor's words mean. The first that fits counts; each is looked for in the word for the error and in the
/// sentence, without regard to case.
const WORDS: &[(&[Vendor], &str, Meaning)] = {
    use Meaning::{Clock, Denied, Expired, Limited, Model, Rejected, SwitchedOff, Trouble};
    use Vendor::{Aws, Google, Microsoft};
    &[
        (&[Aws], "requesttimetooskewed", Clock),
        (&[Aws], "signature expired", Clock),
        (&[Aws], "signature not yet current", Clock),
        (&[Google], "token must be a short-lived token", Clock),
        (&[Microsoft], "aadsts700024", Clock),
        (&[Aws], "expiredtoken", Expired),
        (&[Aws], "requestexpired", Expired),
        (&[Aws], "expiredidentitytoken", Expired),
        (&[Aws], "security token included in the request is expired", Expired),
        (&[Google], "expired or revoked", Expired),
        (&[Microsoft], "aadsts7000222", Expired),
        (&[Microsoft], "token is expired", Expired),
        (&[Aws], "access to the model", Model),
        (&[Aws], "model identifier is invalid", Model),
        (&[Aws], "model access is denied", Model),
        (&[Aws], "on-demand throughput", Model),
        (&[Aws], "modelnotready", Model),
        (&[Google], "publisher model", Model),
        (&[Microsoft], "deploymentnotfound", Model),
        (&[Microsoft], "unknown_model", Model),
        (&[Google], "service_disabled", SwitchedOff),
        (&[Google], "has not been used in project", SwitchedOff),
        (&[Aws], "unrecognizedclient", Rejected),
        (&[Aws], "invalidclienttokenid", Rejected),
        (&[Aws], "invalidsignature", Rejected),
        (&[Aws], "signaturedoesnotmatch", Rejected),
        (&[Aws], "incompletesignature", Rejected),
        (&[Aws], "missingauthenticationtoken", Rejected),
        (&[Aws], "invalididentitytoken", Rejected),
        (&[Aws], "unauthorizedexception", Rejected),
        (&[Aws], "security token included in the request is invalid", Rejected),
        (&[Google, Microsoft], "invalid_grant", Rejected),
        (&[Google, Microsoft], "invalid_client", Rejected),
        (&[Google, Microsoft], "unauthorized_client", Rejected),
        (&[Google], "unauthenticated", Rejected),
        (&[Aws], "throttling", Limited),
        (&[Aws], "toomanyrequests", Limited),
        (&[Aws], "servicequotaexceeded", Limited),
        (&[Google], "resource_exhausted", Limited),
        (&[Aws], "accessdenied", Denied),
        (&[Aws], "notauthorized", Denied),
        (&[Aws], "optinrequired", Denied),
        (&[Google], "permission_denied", Denied),
        (&[Microsoft], "permissiondenied", Denied),
        (&[Aws], "serviceunavailable", Trouble),
        (&[Aws], "internalfailure", Trouble),
    ]
};

/// An answer in a vendor's own form.
#[derive(Debug)]
pub(super) struct Said {
    by: Vendor,
    status: u16,
    /// The word for the error: `AccessDeniedException`.
    code: String,
    /// The vendor's sentence.
    message: String,
    id: Option<String>,
}

impl Said {
    /// None, where it is in no vendor's form.
    pub(super) fn of(reply: &Reply) -> Option<Self> {
        let header = |name: &str| reply.header(name).map(str::to_owned);
        let amazon = header("x-amzn-requestid").or_else(|| header("x-amz-request-id"));
        let said = |by, code: String, message: String, id| {
            Some(Self { by, status: reply.status, code, message: bounded(&message), id })
        };
        let text = String::from_utf8_lossy(&reply.body);
        if text.trim_start().starts_with('<') && text.contains("<ErrorResponse") {
            let part = |name: &str| between(&text, name).unwrap_or_default().to_owned();
            return said(Vendor::Aws, part("Code"), part("Message"), between(&text, "RequestId").map(str::to_owned));
        }
        let json = Json::parse(reply.body.as_slice()).ok()?;
        let root = json.root();
        let word = |value: Value<'_>, name: &str| {
            value.get(name).and_then(Value::as_str).map(|text| text.into_owned()).unwrap_or_default()
        };
        let first = |names: [&str; 2]| names.into_iter().map(|name| word(root, name)).find(|text| !text.is_empty());
        // The word for the error stands in a header, with what it is of behind it.
        let kind = header("x-amzn-errortype").or_else(|| first(["__type", "code"]).filter(|_| amazon.is_some()));
        if let Some(kind) = kind {
            let kind = kind.split(':').next().unwrap_or_default().rsplit('#').next().unwrap_or_default().to_owned();
            return said(Vendor::Aws, kind, first(["message", "Message"]).unwrap_or_default(), amazon);
        }
        if amazon.is_some() && reply.status >= 400 && root.get("error").is_none() {
            return said(Vendor::Aws, String::new(), first(["message", "Message"]).unwrap_or_default(), amazon);
        }
        match root.get("error") {
            // A service that gives tokens.
            Some(error) if error.kind() == Kind::String => {
                let sentence = word(root, "error_description");
                let microsoft = sentence.contains("AADSTS") || root.get("correlation_id").is_some();
                let by = if microsoft { Vendor::Microsoft } else { Vendor::Google };
                said(by, word(root, "error"), sentence, None)
            }
            Some(error) if error.get("status").is_some_and(|status| status.kind() == Kind::String) => {
                let reasons = error.get("details").into_iter().flat_map(Value::items);
                let reasons: Vec<String> = reasons.map(|detail| word(detail, "reason")).collect();
                let code = format!("{} {}", word(error, "status"), reasons.join(" "));
                said(Vendor::Google, code.trim().to_owned(), word(error, "message"), None)
            }
            Some(error) if word(root, "type") != "error" && error.get("type").is_none() => {
                let code = word(error, "code");
                let azure = header("apim-request-id").or_else(|| header("x-ms-request-id"));
                (!code.is_empty()).then(|| said(Vendor::Microsoft, code, word(error, "message"), azure))?
            }
            None if root.get("statusCode").is_some() => {
                said(Vendor::Microsoft, String::new(), word(root, "message"), header("apim-request-id"))
            }
            _ => None,
        }
    }

    fn meaning(&self) -> Meaning {
        let (code, message) = (self.code.to_ascii_lowercase(), self.message.to_ascii_lowercase());
        let fits = |(by, words, _): &&(&[Vendor], &str, Meaning)| {
            by.contains(&self.by) && (code.contains(words) || message.contains(words))
        };
        if let Some((_, _, meaning)) = WORDS.iter().find(fits) {
            return *meaning;
        }
        match self.status {
            401 => Meaning::Rejected,
            402 | 403 => Meaning::Denied,
            429 => Meaning::Limited,
            500.. => Meaning::Trouble,
            _ => Meaning::Open,
        }
    }

    /// Whether it says nothing of the credential and what it may.
    pub(super) fn is_open(&self) -> bool {
        self.meaning() == Meaning::Open
    }

    /// Whether it is the credential that is refused.
    pub(super) fn is_of_the_credential(&self) -> bool {
        matches!(self.meaning(), Meaning::Clock | Meaning::Expired | Meaning::Rejected)
    }

    /// The row of who answered.
    pub(super) fn row(&self) -> StageRow {
        let text = Message::new("live-cloud-answered").with("vendor", self.by.word());
        self.told(row(Stage::Responder, Status::Pass, text).seen("answered_by", self.by.word()))
    }

    fn told(&self, row: StageRow) -> StageRow {
        let named = [("error_type", &self.code), ("message", &self.message)];
        let told = named.into_iter().filter(|(_, text)| !text.is_empty());
        let row = told.fold(row, |row, (name, text)| row.seen(name, text));
        self.id.iter().fold(row, |row, id| row.seen("request_id", id))
    }

    /// Where the test ends with it.
    pub(super) fn stopped(&self, reply: &Reply, audience: &Audience) -> Box<Stopped> {
        let meaning = self.meaning();
        let (stage, outcome, key) = match meaning {
            Meaning::Clock => (Stage::Auth, Outcome::Rejected, "live-cloud-clock"),
            Meaning::Expired => (Stage::Auth, Outcome::Rejected, "live-cloud-expired"),
            Meaning::Rejected => (Stage::Auth, Outcome::Rejected, "live-cloud-rejected"),
            Meaning::Model => (Stage::Permission, Outcome::Blocked, "live-cloud-model"),
            Meaning::SwitchedOff => (Stage::Permission, Outcome::Blocked, "live-cloud-switched-off"),
            Meaning::Denied => (Stage::Permission, Outcome::Blocked, "live-cloud-denied"),
            Meaning::Limited => (Stage::Quota, Outcome::Limited, "live-cloud-limited"),
            Meaning::Trouble => (Stage::Http, Outcome::ServerError, "live-http-server-error"),
            Meaning::Open => (Stage::Auth, Outcome::NotTested, "live-cloud-unclear"),
        };
        let text = Message::new(key)
            .with("vendor", self.by.word())
            .with("model", audience.model.as_str())
            .with("status", usize::from(self.status));
        let mut stopped = Stopped::failed(stage, outcome, text);
        stopped.row = http::dated(self.told(stopped.row.seen("http_status", self.status)), reply);
        if meaning == Meaning::Open {
            stopped.row.status = Status::Unknown;
        }
        match claude_says(audience.provider, meaning) {
            Some(says) => stopped.saying(Situation::Cloud(says)),
            None => stopped,
        }
    }
}

/// How Claude Code's message for a refusal begins (observed: `cloud-bedrock-403*`, `cloud-vertex-adc-user`,
/// `cloud-foundry-401`); the rest is the moment's.
fn claude_says(provider: Provider, meaning: Meaning) -> Option<&'static str> {
    match (provider, meaning) {
        (Provider::Bedrock, Meaning::Rejected | Meaning::Expired | Meaning::Clock) => Some(
            "AWS authentication failed · refresh your AWS credentials (SSO sign-in, access keys, API key or proxy \
             token) and retry · if credentials are current, check AWS permissions and model access · API Error: 403",
        ),
        (Provider::Bedrock, Meaning::Model) => Some(
            "AWS authentication failed · enable this model for your account and region in the Amazon Bedrock console, \
             or run --model to pick another model · API Error: 403",
        ),
        (Provider::Vertex, Meaning::Rejected | Meaning::Expired) => {
            Some("Google Cloud credentials expired or invalid · refresh your Google Cloud credentials")
        }
        (Provider::Foundry, Meaning::Rejected | Meaning::Expired) => {
            Some("Microsoft Foundry authentication failed · refresh your Foundry credential")
        }
        _ => None,
    }
}

/// What stands in an element without attributes.
pub(super) fn between<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inner, _)| inner.trim())
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Seconds since 1970 of `2026-11-23T20:00:00Z`; also of the older `2026-11-23T20:00:00UTC`.
pub(super) fn seconds_of(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    // The days since 1 March of the year 0, in which leap days come last.
    let (shifted, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (153 * from_march + 2) / 5 + day - 1;
    Some((days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
}
