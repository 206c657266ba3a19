//! What Claude Code itself prints in a situation that the test came upon.
//!
//! Seen with version 2.1.330 on Linux against a scripted endpoint on loopback; where a text goes on with details
//! of the moment, its stable first part. What was not seen predicts nothing. `tests/live/against_claude.py` asks the real
//! program again.

use authlight_core::report::{CredentialKind, Provider};
use reqwest::header::CONTENT_ENCODING;

use super::audience::Audience;
use super::http::{Ending, Reply};
use super::responder::Sentence;

/// Where the test came to a halt, in the terms of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Situation {
    NameUnknown,
    Refused,
    Dropped,
    TimedOut,
    SocksProxy,
    TunnelRefused,
    /// Whoever is unknown has signed the server's own certificate, and nothing else was shown.
    CertificateUnknown,
    /// The same, and what lies between was shown.
    CertificateUnknownBetween,
    /// The same, and the unknown root was shown.
    CertificateUnknownRoot,
    CertificateSelfSigned,
    CertificateExpired,
    CertificateNotYet,
    CertificateName,
    /// What a cloud's refusal comes to.
    Cloud(&'static str),
    CertificatePurpose,
    /// No encryption was agreed on, or what came was none.
    Handshake,
    /// What came is no HTTP.
    Malformed,
    /// The length of the answer is no number, or two.
    ContentLength,
    /// What was called JSON was none.
    NoJson,
    /// The connection broke off inside the answer.
    Lost,
    /// Sent on to somebody else: Claude Code goes there, and was seen to find a portal's page.
    SentOn,
    /// Sent on to what is no address.
    RedirectNowhere,
    /// An HTTP answer: its status and the server's words.
    Status {
        status: u16,
        message: String,
    },
}

impl Situation {
    /// The situation of an answer; none, where it was never seen.
    pub(super) fn status(reply: &Reply) -> Option<Self> {
        let Sentence { mut message, page, json, .. } = Sentence::of(reply);
        let succeeded = (200..300).contains(&reply.status);
        match reply.ending {
            Ending::Whole => {}
            Ending::Lost if succeeded => return Some(Self::Lost),
            // Claude Code reads on, or says what its own library says.
            Ending::Lost | Ending::Broken | Ending::TooLong => return None,
        }
        if reply.header(CONTENT_ENCODING).is_some() {
            return None;
        }
        if succeeded && !reply.body.is_empty() && !json && reply.is_called_json() {
            return Some(Self::NoJson);
        }
        if reply.body.is_empty() {
            message = "status code (no body)".to_owned();
        } else if message.is_empty() && page {
            let reason = reqwest::StatusCode::from_u16(reply.status).ok().and_then(|status| status.canonical_reason());
            message = reason.unwrap_or_default().to_owned();
        }
        Some(Self::Status { status: reply.status, message })
    }

    /// What is printed, where that was seen for every credential that is sent. `wash` takes out what the server repeats.
    pub(super) fn says(&self, audience: &Audience, wash: &dyn Fn(&str) -> String) -> Option<String> {
        if let Self::Cloud(says) = self {
            return Some((*says).to_owned());
        }
        // With a cloud, connections were not watched failing.
        if audience.cloud.is_some() {
            return None;
        }
        let Self::Status { status, message } = self else {
            return CONNECTION.iter().find(|row| row.0 == *self).map(|row| row.1.to_owned());
        };
        let kinds = audience.kinds();
        let words = message.to_ascii_lowercase();
        let mut rows = ANSWERS.iter().filter(|row| row.status.contains(status) && words.contains(row.message));
        let first = rows.next()?;
        // Rows of one sentence differ by credential; where none of them was seen with these, nothing is known.
        let mut same = std::iter::once(first).chain(rows.filter(|row| row.message == first.message));
        let row = same.find(|row| !kinds.is_empty() && kinds.iter().all(|kind| row.kinds.contains(kind)))?;
        let check = match audience.provider {
            Provider::Anthropic => "https://status.claude.com".to_owned(),
            _ => format!("your inference gateway ({})", authority(audience)),
        };
        if message.is_empty() && (row.says.contains("{message}") || row.says.contains("{told}")) {
            return None;
        }
        let mut message = wash(message);
        // A full stop is written behind it.
        if row.says.contains("{told}.") {
            message.truncate(message.trim_end_matches('.').len());
        }
        // A status that the server's own words name is not said twice.
        let status = status.to_string();
        let named = message.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == status);
        let told = if named { message } else { format!("{status} {message}") };
        let text = row.says.replace("{told}", &told).replace("{status}", &status).replace("{check}", &check);
        Some(text.replace("{message}", &told[if named { 0 } else { status.len() + 1 }..]))
    }
}

fn authority(audience: &Audience) -> String {
    let host = audience.base.host_str().unwrap_or_default();
    audience.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

const CONNECTION: &[(Situation, &str)] = &[
    (Situation::NameUnknown, "API Error: Can't reach the API server — check your internet or DNS (ENOTFOUND)"),
    (Situation::Refused, "API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)"),
    (Situation::Dropped, "API Error: Connection dropped (ECONNRESET)."),
    (Situation::TimedOut, "Request timed out."),
    (Situation::SocksProxy, "API Error: Unable to connect to API (UnsupportedProxyProtocol)"),
    (
        Situation::TunnelRefused,
        "API Error: Couldn't connect through your proxy (ERR_PROXY_TUNNEL) — the proxy refused the tunnel: check its \
         credentials and that it allows this host",
    ),
    (
        Situation::CertificateUnknown,
        "API Error: Unable to connect to API: SSL certificate verification failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE).",
    ),
    (
        Situation::CertificateSelfSigned,
        "API Error: Unable to connect to API: Self-signed certificate detected (DEPTH_ZERO_SELF_SIGNED_CERT)",
    ),
    (
        Situation::CertificateUnknownBetween,
        "API Error: Unable to connect to API: SSL certificate verification failed (UNABLE_TO_GET_ISSUER_CERT_LOCALLY).",
    ),
    (
        Situation::CertificateUnknownRoot,
        "API Error: Unable to connect to API: Self-signed certificate detected (SELF_SIGNED_CERT_IN_CHAIN).",
    ),
    (Situation::CertificateExpired, "API Error: Unable to connect to API: SSL certificate has expired"),
    (Situation::CertificateNotYet, "API Error: Unable to connect to API: SSL certificate is not yet valid"),
    (Situation::CertificatePurpose, "API Error: Unable to connect to API (INVALID_PURPOSE)"),
    (Situation::Handshake, "API Error: Unable to connect to API (EPROTO)"),
    (Situation::Malformed, "API Error: Unable to connect to API (Malformed_HTTP_Response)"),
    (Situation::ContentLength, "API Error: Unable to connect to API (InvalidContentLength)"),
    (Situation::NoJson, "API Error: JSON Parse error: "),
    (Situation::Lost, "API Error: Connection to the API was lost (ECONNRESET)."),
    (
        Situation::SentOn,
        "API Error: API returned an empty or malformed response (HTTP 200) — check for a proxy or gateway intercepting \
         the request.",
    ),
    (Situation::RedirectNowhere, "API Error: Unable to connect to API (RedirectURLInvalid)"),
    (Situation::CertificateName, "API Error: Unable to connect to API: SSL certificate hostname mismatch"),
];

/// One line of what was seen. The first that fits counts.
struct Row {
    status: std::ops::RangeInclusive<u16>,
    /// What the server's sentence holds, in lower case.
    message: &'static str,
    /// For these credentials.
    kinds: &'static [CredentialKind],
    says: &'static str,
}

use CredentialKind::{ApiKey, ApiKeyHelper, AuthToken, ManagedKey};

/// The kinds that this test sends and that were tried with each refusal.
const TRIED: &[CredentialKind] = &[ApiKey, ApiKeyHelper, AuthToken, ManagedKey];
/// The two that were tried with everything.
const PLAIN: &[CredentialKind] = &[ApiKey, AuthToken];
const NOT_AN_ANSWER: &str = "API Error: API returned an empty or malformed response (HTTP {status}) — check for a proxy \
                             or gateway intercepting the request.";
const TOO_LARGE: &str = "Request too large (max 32MB). Accumulated images and attachments in the conversation pushed \
                         the request over the limit.";

const fn seen(
    status: std::ops::RangeInclusive<u16>,
    message: &'static str,
    kinds: &'static [CredentialKind],
    says: &'static str,
) -> Row {
    Row { status, message, kinds, says }
}

static ANSWERS: &[Row] = &[
    seen(401..=401, "invalid x-api-key", &[ApiKey, ApiKeyHelper], "Invalid API key · Fix external API key"),
    seen(401..=401, "invalid x-api-key", &[AuthToken, ManagedKey], "Not logged in · Please run /login"),
    seen(
        403..=403,
        "oauth token has been revoked",
        TRIED,
        "Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator.",
    ),
    seen(
        403..=403,
        "oauth authentication is currently not allowed for this organization",
        TRIED,
        "Your organization has disabled Claude subscription access for Claude Code · Use an Anthropic API key \
         instead, or ask your admin to enable access",
    ),
    seen(401..=401, "", TRIED, "Failed to authenticate. API Error: {told}"),
    seen(403..=403, "", TRIED, "Failed to authenticate. API Error: {told}"),
    seen(
        400..=400,
        "organization has been disabled",
        &[ApiKey],
        "Your ANTHROPIC_API_KEY belongs to a disabled organization · Update or unset the environment variable",
    ),
    seen(
        400..=400,
        "organization has been disabled",
        &[ApiKeyHelper, AuthToken, ManagedKey],
        "API Error: 400 This organization has been disabled.",
    ),
    seen(400..=400, "credit balance is too low", TRIED, "Credit balance is too low"),
    seen(400..=400, "", PLAIN, "API Error: {told}"),
    seen(402..=402, "", PLAIN, "API Error: {told}"),
    seen(404..=404, "", PLAIN, "There's an issue with the selected model"),
    seen(405..=405, "", PLAIN, "API Error: {told}"),
    seen(407..=407, "", PLAIN, "API Error: {told}"),
    seen(413..=413, "", PLAIN, TOO_LARGE),
    seen(429..=429, "", PLAIN, "API Error: Request rejected (429) · {message}"),
    seen(
        500..=599,
        "",
        PLAIN,
        "API Error: {told}. This is a server-side issue, usually temporary — try again in a moment. If it \
         persists, check {check}.",
    ),
    seen(200..=299, "", PLAIN, NOT_AN_ANSWER),
    seen(302..=304, "status code (no body)", PLAIN, "API Error: {told}"),
];
