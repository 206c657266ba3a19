//! Google Vertex AI.
#![expect(clippy::disallowed_methods, reason = "a sign-in is handed to the service that it is for")]

use std::sync::Arc;

use authlight_core::json::{Json, Value};
use authlight_core::message::Message;
use authlight_core::providers::sign_in::{Service, SignIn};
use authlight_core::report::{Outcome, Stage};
use authlight_core::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use rustls::SignatureScheme;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::sign::SigningKey;
use zeroize::Zeroizing;

use super::said::{Said, now};
use super::{Cloud, address, ask_at, asked_row, bearer, form, judged, learn, no_questions, not_here, refused, trouble};
use crate::live::audience::Audience;
use crate::live::http::{Asked, Question, Reply};
use crate::live::{Course, End, Left, Seen as _, Step, Stopped, Way};

const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
/// So long a token is wanted for, in seconds: the most that is given.
const LASTS: i64 = 3600;
/// What stays as it is in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// A token, then how many tokens a message would have; with the person's word for it also a message of one token.
pub(super) fn course(course: &Course, audience: &Audience, cloud: &Cloud, way: &Way) -> Result<End, Left> {
    let mut own = audience.clone();
    let reply = course.run(Stage::Http, || ask(course, &mut own, cloud, way))?;
    // Not every region counts tokens, which says nothing of the model.
    let uncounted = reply.question == Question::CountTokens
        && reply.status == 404
        && String::from_utf8_lossy(&reply.body).contains("count-tokens");
    if uncounted {
        return no_questions(course, &reply, !cloud.is_carried());
    }
    match Said::of(&reply).filter(|_| reply.status >= 400) {
        Some(said) => judged(course, &said, &reply, audience),
        None => course.verdict(&course.client(&own, way), &reply),
    }
}

fn ask(course: &Course, own: &mut Audience, cloud: &Cloud, way: &Way) -> Step<Reply> {
    let Some(project) = &cloud.found.project else { return Err(not_here("live-cloud-google-project", "")) };
    let mut asked = Vec::new();
    if !cloud.is_carried() {
        own.headers.push(bearer(token(course, cloud)?));
        asked.extend(cloud.given.is_none().then(|| "token 200".to_owned()));
    }
    let client = course.client(own, way);
    let asker = client.asker()?;
    let model = own.model.as_str();
    let part = |text: &str| utf8_percent_encode(text, PART).to_string();
    let models = format!("/projects/{}/locations/{}/publishers/anthropic/models", part(project), cloud.found.region);
    let mut put = |question: Question| {
        let mut headers = client.headers()?;
        headers.remove("anthropic-version");
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(payer) = cloud.found.quota_project.as_ref().and_then(|payer| HeaderValue::try_from(payer).ok()) {
            headers.insert("x-goog-user-project", payer);
        }
        let mut body = serde_json::json!({
            "anthropic_version": "vertex-2023-10-16",
            "messages": [{"role": "user", "content": "Hello"}],
        });
        let name = if question == Question::OneToken {
            body["max_tokens"] = 1.into();
            part(model)
        } else {
            body["model"] = model.into();
            "count-tokens".to_owned()
        };
        let address = address(own, &format!("{models}/{name}:rawPredict"))?;
        let body = Some(Zeroizing::new(body.to_string()));
        let sent = Asked { question, method: Method::POST, address, headers, body, body_is_secret: false, share: 1 };
        let reply = client.exchange(&asker, sent)?;
        asked.push(format!("{name}:rawPredict {}", reply.status));
        Ok::<_, Box<Stopped>>(reply)
    };
    let mut reply = put(Question::CountTokens)?;
    if client.one_token && (reply.status == 200 || reply.status == 404) {
        reply = put(Question::OneToken)?;
    }
    if reply.status >= 500 {
        return Err(trouble(&reply));
    }
    let told = asked_row(&reply, &asked).seen("project", project).seen("region", &cloud.found.region);
    Ok((cloud.told(told), reply))
}

/// A token for whoever the application default credentials are.
fn token(course: &Course, cloud: &Cloud) -> Result<Secret, Box<Stopped>> {
    if let SignIn::Token(token) = &cloud.found.sign_in {
        return Ok(token.clone());
    }
    let Some(place) = cloud.place(Service::Token) else { return Err(not_here("live-cloud-google-nothing", "")) };
    let assertion;
    let fields = match &cloud.found.sign_in {
        SignIn::GoogleUser { client_id, client_secret, refresh_token } => vec![
            ("grant_type", "refresh_token"),
            ("client_id", client_id.reveal()),
            ("client_secret", client_secret.reveal()),
            ("refresh_token", refresh_token.reveal()),
        ],
        SignIn::GoogleServiceAccount { email, key_id, private_key } => {
            assertion = learn(course, signed(email, key_id.as_deref(), private_key, place.base.as_str())?);
            vec![("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion.reveal())]
        }
        _ => return Err(not_here("live-cloud-google-nothing", "")),
    };
    given(course, place, &fields)
}

/// What a service gives for a form.
pub(super) fn given(course: &Course, place: &Audience, fields: &[(&str, &str)]) -> Result<Secret, Box<Stopped>> {
    let reply = ask_at(course, place, None, form(place.base.clone(), fields, true))?;
    let json = Json::parse(reply.body.as_slice()).ok().filter(|_| reply.status == 200);
    let token = json.as_ref().and_then(|json| json.root().get("access_token").and_then(Value::as_str));
    match token.filter(|token| !token.trim().is_empty()) {
        Some(token) => Ok(learn(course, Secret::new(token))),
        None => Err(refused(&reply, place)),
    }
}

/// A service account's word for itself (RFC 7523), signed with RS256.
fn signed(email: &str, key_id: Option<&str>, key: &Secret, audience: &str) -> Result<Secret, Box<Stopped>> {
    let unusable = || {
        let text = Message::new("live-cloud-google-key");
        Stopped::failed(Stage::Auth, Outcome::Rejected, text)
    };
    let key = PrivateKeyDer::from_pem_slice(key.reveal().as_bytes()).map_err(|_| unusable())?;
    let key: Arc<dyn SigningKey> = any_supported_type(&key).map_err(|_| unusable())?;
    let signer = key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).ok_or_else(unusable)?;
    let mut header = serde_json::json!({"alg": "RS256", "typ": "JWT"});
    if let Some(id) = key_id {
        header["kid"] = id.into();
    }
    let issued = now();
    let claims = serde_json::json!({
        "iss": email, "scope": SCOPE, "aud": audience, "iat": issued, "exp": issued + LASTS,
    });
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(header), part(claims));
    let signature = signer.sign(text.as_bytes()).map_err(|_| unusable())?;
    Ok(Secret::new(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))))
}
