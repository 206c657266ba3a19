//! The clouds: how each is signed in to, what is asked there for nothing, and what its answers say.
//!
//! The way to the models' endpoint is told stage by stage as everywhere. The services that take part in signing in are
//! reached in the same manner, but have rows only where they fail.

mod aws;
mod azure;
mod bedrock;
mod google;
mod said;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use authlight_core::message::Message;
use authlight_core::providers::sign_in::{CloudSignIn, Place, Program, Service, SignIn};
use authlight_core::report::{CredentialKind, Header, Outcome, Provider, Stage, StageRow, Status};
use authlight_core::secret::Secret;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use super::audience::{Audience, Carried, origin};
use super::deadline::{Line, Timed};
use super::http::{self, Asked, Question, Reply};
use super::{Course, End, Event, Left, Seen as _, Step, Stopped, Way, dns, proxy, row, tcp, tls, word};
use said::Said;

pub(super) use aws::Signing;

/// Files of a sign-in are small.
const FILE_LIMIT: u64 = 1024 * 1024;

/// What a cloud needs beside the route to be signed in to.
#[derive(Clone, Debug)]
pub struct Cloud {
    found: CloudSignIn,
    /// The file or folder that is read when the test is made, where it lies on this machine.
    file: Option<PathBuf>,
    /// Whether the models are asked at the vendor's own address.
    own_address: bool,
    /// What is told of what a program gave.
    given: Option<String>,
    /// The services that take part, each with the way there.
    pub(super) places: Vec<(Service, Audience)>,
}

impl Cloud {
    /// `outside` tells where a path of the examined machine lies on this one, `reached` how an address is reached.
    pub fn new(
        mut found: CloudSignIn,
        own_address: bool,
        outside: &dyn Fn(&str) -> PathBuf,
        reached: &dyn Fn(Url, &Place) -> Audience,
    ) -> Self {
        let mut places = Vec::new();
        for place in &found.places {
            let url = Url::parse(&place.url).ok();
            match url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
                Some(url) => places.push((place.service, reached(url, place))),
                None => {
                    found.sign_in = SignIn::NotHere { why: "live-cloud-address", command: String::new() };
                }
            }
        }
        let file = match &found.sign_in {
            SignIn::AwsSso { folder: file, .. } | SignIn::AwsWebIdentity { file, .. } | SignIn::AzureCli { file } => {
                Some(outside(file))
            }
            _ => None,
        };
        Self { found, file, own_address, given: None, places }
    }

    /// What gives the credential where the test does not come by it alone; none, where it does.
    pub fn program(&self) -> Option<&Program> {
        let program = self.found.program.as_ref()?;
        let wanted = match &self.found.sign_in {
            SignIn::NotHere { .. } => true,
            SignIn::AzureCli { .. } => self.file.as_deref().is_none_or(|file| !azure::keeps_a_token(file)),
            SignIn::AwsSso { cached_as, .. } => aws::may_be_renewed(self.file.as_deref(), cached_as),
            _ => false,
        };
        wanted.then_some(program)
    }

    /// The same with what a program gave.
    pub fn with(&self, given: SignIn) -> Self {
        let told = match &given {
            SignIn::AwsKeys(keys) => format!("one key, {} characters", keys.secret.length()),
            SignIn::Token(token) => format!("one token, {} characters", token.length()),
            _ => String::new(),
        };
        Self { found: CloudSignIn { sign_in: given, ..self.found.clone() }, given: Some(told), ..self.clone() }
    }

    /// Adds to a row what is told of what a program gave.
    fn told(&self, row: StageRow) -> StageRow {
        self.given.iter().fold(row, |row, given| row.seen("helper", given))
    }

    /// Whether the route's headers are the credential.
    pub fn is_carried(&self) -> bool {
        matches!(self.found.sign_in, SignIn::Carried)
    }

    /// Whether each request is signed.
    pub(super) fn signs(&self) -> bool {
        let sign_in = &self.found.sign_in;
        matches!(sign_in, SignIn::AwsKeys(_) | SignIn::AwsSso { .. } | SignIn::AwsRole { .. })
            || matches!(sign_in, SignIn::AwsWebIdentity { .. })
    }

    /// Every secret that is known before the test.
    pub(super) fn secrets(&self) -> Vec<&Secret> {
        match &self.found.sign_in {
            SignIn::AwsKeys(keys) | SignIn::AwsRole { keys, .. } => {
                [&keys.id, &keys.secret].into_iter().chain(&keys.session).collect()
            }
            SignIn::GoogleUser { client_secret, refresh_token, .. } => vec![client_secret, refresh_token],
            SignIn::GoogleServiceAccount { private_key, .. } => vec![private_key],
            SignIn::AzureSecret { client_secret, .. } => vec![client_secret],
            SignIn::Token(token) => vec![token],
            _ => Vec::new(),
        }
    }

    fn place(&self, service: Service) -> Option<&Audience> {
        self.places.iter().find(|(known, _)| *known == service).map(|(_, place)| place)
    }
}

/// The region or resource is part of the name: where that is unknown, one of them may be misspelt.
pub(super) fn name_unknown(mut stopped: Box<Stopped>, audience: &Audience) -> Box<Stopped> {
    let Some(cloud) = audience.cloud.as_ref().filter(|cloud| cloud.own_address && audience.proxy.is_none()) else {
        return stopped;
    };
    let key = if audience.provider == Provider::Foundry { "live-dns-resource" } else { "live-dns-region" };
    let region = cloud.found.region.as_str();
    stopped.row.text = Message::new(key).with("host", audience.host()).with("region", region);
    stopped
}

/// From the connection on.
pub(super) fn course(course: &Course, audience: &Audience, cloud: &Cloud, way: &Way) -> Result<End, Left> {
    // Had the person agreed, what it gives would be there.
    if let Some(helper) = audience.helper.as_ref().filter(|_| cloud.program().is_some()) {
        return course.run(Stage::Auth, || Err(not_here("live-cloud-not-run", &helper.command)));
    }
    if let SignIn::NotHere { why, command } = &cloud.found.sign_in {
        return course.run(Stage::Auth, || Err(not_here(why, command)));
    }
    match audience.provider {
        Provider::Bedrock => bedrock::course(course, audience, cloud, way),
        Provider::Vertex => google::course(course, audience, cloud, way),
        _ => messages(course, audience, cloud, way),
    }
}

/// Mantle, Claude Platform on AWS, Foundry: the API's own questions, signed in to in the cloud's manner.
fn messages(course: &Course, audience: &Audience, cloud: &Cloud, way: &Way) -> Result<End, Left> {
    let mut own = audience.clone();
    if let Some(workspace) = &cloud.found.workspace
        && audience.provider == Provider::AnthropicAws
    {
        own.extra_headers.push(("anthropic-workspace-id".to_owned(), Secret::new(workspace.clone())));
    }
    let mut signing = None;
    let mut answered = |own: &mut Audience| -> Step<(Reply, Option<String>)> {
        let mut identity = None;
        if cloud.signs() {
            let service =
                if audience.provider == Provider::Mantle { "bedrock-mantle" } else { "aws-external-anthropic" };
            let keys = aws::keys(course, cloud)?;
            identity = aws::identity(course, cloud, &keys)?.name();
            signing = Some(Signing { keys, region: cloud.found.region.clone(), service });
        } else if audience.provider == Provider::Foundry && !cloud.is_carried() {
            own.headers.push(bearer(azure::token(course, cloud)?));
        }
        let client = http::Client { signing: signing.as_ref(), ..course.client(own, way) };
        let (row, reply) = client.ask()?;
        let row = identity.iter().fold(row, |row, name| row.seen("identity", name));
        Ok((cloud.told(row), (reply, identity)))
    };
    let (reply, identity) = course.run(Stage::Http, || answered(&mut own))?;
    if let Some(said) = Said::of(&reply).filter(|said| !said.is_open()) {
        return judged(course, &said, &reply, audience);
    }
    if has_no_questions(&reply) {
        return no_questions(course, &reply, identity.is_some());
    }
    course.verdict(&course.client(&own, way), &reply)
}

/// Whether the free questions have no paths there. Claude Code asks others.
fn has_no_questions(reply: &Reply) -> bool {
    reply.question != Question::OneToken
        && matches!(reply.status, 404 | 405 | 501)
        && super::responder::judge(reply).is_err_and(|stopped| stopped.outcome == Outcome::Unreachable)
}

/// Nothing more can be asked; the credential may have been proven on the way.
fn no_questions(course: &Course, reply: &Reply, known: bool) -> Result<End, Left> {
    if known {
        return only_known(course, reply);
    }
    let text = Message::new("live-cloud-path").with("status", usize::from(reply.status));
    let told = row(Stage::Responder, Status::Unknown, text).seen("http_status", reply.status);
    course.run(Stage::Responder, || Ok((told, ())))?;
    let mut unclear = Stopped::failed(Stage::Auth, Outcome::NotTested, Message::new("live-auth-unclear"));
    unclear.row.status = Status::Unknown;
    course.run(Stage::Auth, || Err(unclear))
}

/// The credential is known and nothing else could be asked.
fn only_known(course: &Course, reply: &Reply) -> Result<End, Left> {
    let told = |stage, status, key: &'static str| row(stage, status, Message::new(key));
    let unclear =
        || told(Stage::Responder, Status::Unknown, "live-cloud-no-question").seen("http_status", reply.status);
    course.run(Stage::Responder, || Ok((unclear(), ())))?;
    course.run(Stage::Auth, || Ok((told(Stage::Auth, Status::Pass, "live-cloud-known"), ())))?;
    course
        .run(Stage::Permission, || Ok((told(Stage::Permission, Status::Skipped, "live-permission-not-asked"), ())))?;
    course.run(Stage::Quota, || {
        let end = End { outcome: Outcome::Verified, works: false, situation: None };
        Ok((told(Stage::Quota, Status::Skipped, "live-quota-not-asked"), end))
    })
}

/// An answer of the vendor that lets nobody in, or not far.
fn judged(course: &Course, said: &Said, reply: &Reply, audience: &Audience) -> Result<End, Left> {
    course.run(Stage::Responder, || Ok((said.row(), ())))?;
    let stopped = said.stopped(reply, audience);
    let stage = stopped.row.stage;
    for (before, key) in [(Stage::Auth, "live-cloud-known"), (Stage::Permission, "live-permission-not-asked")] {
        if before < stage {
            let status = if before == Stage::Auth { Status::Pass } else { Status::Skipped };
            course.run(before, || Ok((row(before, status, Message::new(key)), ())))?;
        }
    }
    course.run(stage, || Err(stopped))
}

fn bearer(secret: Secret) -> Carried {
    Carried { header: Header::Authorization, kind: CredentialKind::CloudProvider, secret, bearer: true }
}

/// Nothing is sent: `why`, and the vendor's command that shows it.
fn not_here(why: &'static str, command: &str) -> Box<Stopped> {
    let text = Message::new(why).with("command", command);
    let mut stopped = Stopped::failed(Stage::Auth, Outcome::NotTested, text);
    stopped.row.status = Status::Unknown;
    if command.is_empty() { stopped } else { stopped.seen("command", command) }
}

/// Reaches a service that takes part in signing in.
fn reach(course: &Course, place: &Audience) -> Result<Way, Box<Stopped>> {
    let asked = place.proxy.as_ref().map_or(&place.base, |proxy| &proxy.url);
    if let Some(proxy) = &place.proxy {
        proxy::usable(proxy)?;
    }
    let stay_here = place.base.scheme() == "http" && place.stays_here();
    let at = |mut stopped: Box<Stopped>| {
        stopped.situation = None;
        stopped.seen("service", place.host())
    };
    let (_, addresses) = dns::look_up(asked, stay_here).map_err(at)?;
    let (_, reached) = tcp::connect(&addresses, course.deadline).map_err(at)?;
    let trusted = tls::Trusted::load(&place.trust)?;
    if place.base.scheme() == "https" {
        let mut line: Box<dyn Line> = Box::new(Timed::new(reached.stream, course.deadline));
        if let Some(proxy) = &place.proxy {
            (_, line) = proxy::tunnel(line, proxy, place, &trusted, course).map_err(at)?;
        }
        tls::look(line, &place.host(), &trusted).map_err(at)?;
    }
    Ok(Way { trusted, addresses: reached.addresses })
}

/// Sends one request to such a service.
fn ask_at(course: &Course, place: &Audience, signing: Option<&Signing>, asked: Asked) -> Result<Reply, Box<Stopped>> {
    let way = reach(course, place)?;
    let client = http::Client { signing, ..course.client(place, &way) };
    let reply = client.exchange(&client.asker()?, asked)?;
    match reply.status {
        407 => Err(proxy::wants_credentials(place.proxy.as_ref(), &reply)),
        _ => Ok(reply),
    }
}

/// A form, as services that give tokens want it.
fn form(address: Url, fields: &[(&str, &str)], body_is_secret: bool) -> Asked {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8"));
    let body = Some(Zeroizing::new(body));
    Asked { question: Question::Models, method: Method::POST, address, headers, body, body_is_secret, share: 1 }
}

/// Path put to an endpoint as Claude Code does it.
fn address(audience: &Audience, path: &str) -> Result<Url, Box<Stopped>> {
    let unusable = |_| Stopped::failed(Stage::Http, Outcome::NotTested, Message::new("live-http-address"));
    audience.address(path).map_err(unusable)
}

/// The service that gives the credential has answered with something else.
fn refused(reply: &Reply, place: &Audience) -> Box<Stopped> {
    let told = |stopped: Box<Stopped>| stopped.seen("service", place.host()).seen("http_status", reply.status);
    match Said::of(reply) {
        Some(said) => {
            let mut stopped = said.stopped(reply, place);
            if stopped.row.text.key == "live-cloud-denied" && place.provider != Provider::Vertex {
                stopped.row.text = Message::new("live-cloud-role-denied");
            }
            // Whatever the reason, the sign-in ends here.
            if stopped.row.stage != Stage::Http {
                stopped.row.stage = Stage::Auth;
            }
            told(stopped)
        }
        None if reply.status >= 500 => told(trouble(reply)),
        None => match super::responder::judge(reply) {
            Err(stopped) => told(stopped),
            Ok(_) => told(Stopped::failed(
                Stage::Responder,
                Outcome::Unreachable,
                Message::new("live-responder-other").with("status", usize::from(reply.status)),
            )),
        },
    }
}

/// The service has trouble of its own.
fn trouble(reply: &Reply) -> Box<Stopped> {
    let text = Message::new("live-http-server-error").with("status", usize::from(reply.status));
    Stopped::failed(Stage::Http, Outcome::ServerError, text).seen("http_status", reply.status)
}

/// The row of the questions.
fn asked_row(reply: &Reply, asked: &[String]) -> StageRow {
    let text = Message::new("live-http-answered").with("status", usize::from(reply.status));
    let told = row(Stage::Http, Status::Pass, text).seen("http_status", reply.status).seen("asked", asked.join(", "));
    let told = told.seen("content_type", reply.header(CONTENT_TYPE).unwrap_or_default());
    http::dated(told.seen("at", origin(&reply.asked)), reply)
}

/// The text of a file of a sign-in, read now.
fn read(path: &Path) -> Result<Secret, String> {
    let told = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "not there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read".to_owned(),
        _ => word(&error),
    };
    // A pipe or device in its place would never end.
    if !path.metadata().map_err(told)?.is_file() {
        return Err("not a file".to_owned());
    }
    let mut text = Zeroizing::new(Vec::new());
    File::open(path).and_then(|file| file.take(FILE_LIMIT).read_to_end(&mut text)).map_err(told)?;
    Ok(Secret::new(String::from_utf8_lossy(&text)))
}

/// Remembers a secret that the test came by, so that nothing repeats it.
fn learn(course: &Course, secret: Secret) -> Secret {
    course.tell(Event::Learnt(secret.clone()));
    secret
}
