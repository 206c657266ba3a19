//! AWS: keys from each link of the chain, and the signature that they make.
//!
//! The signature is made by AWS's own crate; everything is sent by this program's client.
#![expect(
    clippy::disallowed_methods,
    reason = "a request is signed, and a sign-in handed to the service that it is for"
)]

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use authlight_core::json::{Json, Value};
use authlight_core::message::Message;
use authlight_core::providers::aws::Keys;
use authlight_core::providers::sign_in::{Service, SignIn};
use authlight_core::report::{Outcome, Stage};
use authlight_core::secret::Secret;
use aws_credential_types::Credentials;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::said::{Said, between};
use super::{Cloud, ask_at, form, learn, not_here, read, refused};
use crate::live::http::{Asked, Question, Reply};
use crate::live::{Course, Stopped, http};

/// Signs requests.
pub(in crate::live) struct Signing {
    pub keys: Keys,
    pub region: String,
    pub service: &'static str,
}

impl Signing {
    /// Adds the signature's headers.
    pub fn sign(&self, asked: &mut Asked) -> Result<(), Box<Stopped>> {
        let unable = |error: &dyn std::fmt::Display| {
            Stopped::failed(Stage::Auth, Outcome::NotTested, Message::new("live-cloud-unsigned")).seen("error", error)
        };
        let session = self.keys.session.as_ref().map(|session| session.reveal().trim().to_owned());
        let (id, secret) = (self.keys.id.reveal().trim(), self.keys.secret.reveal().trim());
        let identity = Credentials::new(id, secret, session, None, "authlight").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| unable(&error))?
            .into();
        let kind = asked.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let headers = kind.map(|kind| ("content-type", kind)).into_iter();
        let body = SignableBody::Bytes(asked.body.as_ref().map_or(&[], |body| body.as_bytes()));
        let request = SignableRequest::new(asked.method.as_str(), asked.address.as_str(), headers, body)
            .map_err(|error| unable(&error))?;
        let (made, _) = sign(request, &params).map_err(|error| unable(&error))?.into_parts();
        for (name, text) in made.headers() {
            let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(text)) else {
                return Err(unable(&"a character that no header takes"));
            };
            value.set_sensitive(name != "x-amz-date");
            asked.headers.insert(name, value);
        }
        Ok(())
    }
}

/// The keys that sign, from whichever link of the chain holds.
pub(super) fn keys(course: &Course, cloud: &Cloud) -> Result<Keys, Box<Stopped>> {
    match &cloud.found.sign_in {
        SignIn::AwsKeys(keys) => Ok(keys.clone()),
        SignIn::AwsSso { cached_as, account, role, renew, .. } => {
            let token = signed_in(course, cloud, cached_as, renew)?;
            of_identity_center(course, cloud, &token, [account, role])
        }
        SignIn::AwsRole { keys, role, external_id } => {
            let signing = Signing { keys: keys.clone(), region: cloud.found.region.clone(), service: "sts" };
            let mut fields = vec![("Action", "AssumeRole"), ("RoleArn", role), ("RoleSessionName", "authlight")];
            fields.extend(external_id.as_ref().map(|id| ("ExternalId", id.as_str())));
            of_role(course, cloud, Some(&signing), fields, false)
        }
        SignIn::AwsWebIdentity { role, .. } => {
            let token = cloud.file.as_deref().map_or(Err(String::new()), read).map_err(|error| {
                Stopped::failed(Stage::Auth, Outcome::Rejected, Message::new("live-cloud-token-file"))
                    .seen("file", error)
            })?;
            let token = learn(course, token);
            let token = token.reveal().trim();
            let mut fields = vec![("Action", "AssumeRoleWithWebIdentity"), ("RoleArn", role)];
            fields.extend([("RoleSessionName", "authlight"), ("WebIdentityToken", token)]);
            of_role(course, cloud, None, fields, true)
        }
        _ => Err(not_here("live-cloud-aws-nothing", "aws sts get-caller-identity")),
    }
}

/// The file of a sign-in to IAM Identity Center, in the folder where they lie.
fn cached(folder: Option<&Path>, cached_as: &str) -> Option<PathBuf> {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, cached_as.as_bytes());
    let name: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(folder?.join(format!("{name}.json")))
}

/// Whether such a sign-in has run out and AWS's own tool has the means to renew it.
pub(super) fn may_be_renewed(folder: Option<&Path>, cached_as: &str) -> bool {
    let text = cached(folder, cached_as).and_then(|path| read(&path).ok());
    let json = text.and_then(|text| Json::parse(text.reveal().as_bytes()).ok());
    json.is_some_and(|json| {
        let member = |name: &str| json.root().get(name).and_then(Value::as_str).map(|text| text.into_owned());
        let expires = member("expiresAt").and_then(|expires| super::said::seconds_of(&expires));
        member("refreshToken").is_some() && expires.is_some_and(|expires| expires <= super::said::now())
    })
}

/// The token that `aws sso login` left.
fn signed_in(course: &Course, cloud: &Cloud, cached_as: &str, renew: &str) -> Result<Secret, Box<Stopped>> {
    let failed = |key: &'static str| {
        let text = Message::new(key).with("command", renew);
        Stopped::failed(Stage::Auth, Outcome::Rejected, text).seen("command", renew)
    };
    let path = cached(cloud.file.as_deref(), cached_as);
    let text = path.as_deref().map_or(Err(String::new()), read);
    let text = text.map_err(|error| failed("live-cloud-sso-none").seen("file", error))?;
    let json = Json::parse(text.reveal().as_bytes()).map_err(|_| failed("live-cloud-sso-none"))?;
    let member = |name: &str| json.root().get(name).and_then(Value::as_str).map(|text| text.into_owned());
    let (Some(token), Some(expires)) = (member("accessToken"), member("expiresAt")) else {
        return Err(failed("live-cloud-sso-none"));
    };
    let token = learn(course, Secret::new(token));
    if super::said::seconds_of(&expires).is_some_and(|expires| expires <= super::said::now()) {
        // What holds the means to renew it does so by itself; this test leaves the file as it is.
        let renews = member("refreshToken").is_some();
        let late = if renews { not_here("live-cloud-sso-renews", renew) } else { failed("live-cloud-sso-expired") };
        return Err(late.seen("expires", expires));
    }
    Ok(token)
}

fn of_identity_center(
    course: &Course,
    cloud: &Cloud,
    token: &Secret,
    [account, role]: [&String; 2],
) -> Result<Keys, Box<Stopped>> {
    let Some(place) = cloud.place(Service::Sso) else { return Err(not_here("live-cloud-sso-incomplete", "")) };
    let mut address = super::address(place, "/federation/credentials")?;
    address.query_pairs_mut().append_pair("role_name", role).append_pair("account_id", account);
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-sso_bearer_token", http::value(token, token.reveal())?);
    let asked = Asked {
        question: Question::Models,
        method: Method::GET,
        address,
        headers,
        body: None,
        body_is_secret: false,
        share: 1,
    };
    let reply = ask_at(course, place, None, asked)?;
    let json = Json::parse(reply.body.as_slice()).ok().filter(|_| reply.status == 200);
    let member = |name: &str| {
        let text = json.as_ref()?.root().get("roleCredentials")?.get(name).and_then(Value::as_str)?.into_owned();
        Some(learn(course, Secret::new(text)))
    };
    match (member("accessKeyId"), member("secretAccessKey")) {
        (Some(id), Some(secret)) => Ok(Keys { id, secret, session: member("sessionToken") }),
        _ => Err(refused(&reply, place)),
    }
}

fn of_role(
    course: &Course,
    cloud: &Cloud,
    signing: Option<&Signing>,
    mut fields: Vec<(&str, &str)>,
    secret: bool,
) -> Result<Keys, Box<Stopped>> {
    let Some(place) = cloud.place(Service::Sts) else { return Err(not_here("live-cloud-role", "")) };
    fields.push(("Version", STS));
    let reply = ask_at(course, place, signing, form(super::address(place, "/")?, &fields, secret))?;
    let body = String::from_utf8_lossy(&reply.body);
    let member = |name: &str| {
        let text = between(&body, name).filter(|_| reply.status == 200)?;
        Some(learn(course, Secret::new(text)))
    };
    match (member("AccessKeyId"), member("SecretAccessKey")) {
        (Some(id), Some(own)) => Ok(Keys { id, secret: own, session: member("SessionToken") }),
        _ => Err(refused(&reply, place)),
    }
}

/// The version of the service's interface.
const STS: &str = "2011-06-15";

/// What AWS says of the keys.
pub(super) enum Identity {
    /// Whose they are: `user/kim`.
    Known(String, Box<Reply>),
    /// The service that tells could not be reached, which says nothing of the keys.
    NotTold(String),
}

impl Identity {
    pub fn name(self) -> Option<String> {
        match self {
            Self::Known(name, _) => Some(name),
            Self::NotTold(_) => None,
        }
    }
}

/// Asks whose the keys are. An error where they are refused.
pub(super) fn identity(course: &Course, cloud: &Cloud, keys: &Keys) -> Result<Identity, Box<Stopped>> {
    let Some(place) = cloud.place(Service::Sts) else { return Ok(Identity::NotTold("not asked".to_owned())) };
    let signing = Signing { keys: keys.clone(), region: cloud.found.region.clone(), service: "sts" };
    let fields = [("Action", "GetCallerIdentity"), ("Version", STS)];
    let reply = match ask_at(course, place, Some(&signing), form(super::address(place, "/")?, &fields, false)) {
        Ok(reply) => reply,
        // Some networks let through to the models alone.
        Err(stopped) if stopped.outcome == Outcome::Unreachable => {
            return Ok(Identity::NotTold(format!("{} not reached", place.host())));
        }
        Err(stopped) => return Err(stopped),
    };
    let body = String::from_utf8_lossy(&reply.body).into_owned();
    if let Some(name) = between(&body, "Arn").filter(|_| reply.status == 200) {
        let name = name.rsplit(':').next().unwrap_or_default().to_owned();
        return Ok(Identity::Known(name, Box::new(reply)));
    }
    match Said::of(&reply).filter(|said| said.is_of_the_credential()) {
        Some(_) => Err(refused(&reply, place)),
        None => Ok(Identity::NotTold(format!("{} answered {}", place.host(), reply.status))),
    }
}
