//! The live test of the clouds, against stand-ins on this machine that verify each signature and token.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/sigv4.rs"]
mod sigv4;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use authlight_core::report::{Live, Outcome, Stage, Status};
#[cfg(unix)]
use authlight_core::secret::Secret;
#[cfg(unix)]
use authlight_core::snapshot::{Examined, Platform, Variable};
use authlight_engine::examination::{Examination, Trial};
#[cfg(unix)]
use authlight_engine::live::asked_for;
use authlight_engine::live::{Consent, needed};
#[cfg(unix)]
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::session::Errand;
#[cfg(unix)]
use authlight_engine::machine::session::{ErrandTrouble, Printed};
use authlight_engine::practice::Scenario;
use authlight_engine::words::Language;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const LONG: Duration = Duration::from_secs(60);

// ---------------------------------------------------------------- stand-ins

/// A request as it arrived, the names of its headers in lower case.
#[derive(Clone, Debug)]
struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn read(stream: &mut impl Read) -> Option<Self> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).ok()?;
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers: Vec<_> = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let mut request = Self { method, path: path.to_owned(), query: query.to_owned(), headers, body: String::new() };
        let mut body = vec![0; request.header("content-length").map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).ok()?;
        request.body = String::from_utf8(body).ok()?;
        Some(request)
    }

    /// A field of a form.
    fn field(&self, name: &str) -> String {
        let mut pairs = url::form_urlencoded::parse(self.body.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

struct Reply(u16, Vec<(&'static str, &'static str)>, String);

fn said(status: u16, body: Value) -> Reply {
    Reply(status, vec![("content-type", "application/json")], body.to_string())
}

fn aws(status: u16, kind: &'static str, message: &str) -> Reply {
    let headers = vec![
        ("content-type", "application/json"),
        ("x-amzn-requestid", "11111111-2222-3333-4444-555555555555"),
        ("x-amzn-errortype", kind),
    ];
    Reply(status, headers, json!({ "message": message }).to_string())
}

fn sts_error(code: &str, message: &str) -> Reply {
    let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>");
    Reply(
        403,
        vec![("content-type", "text/xml")],
        format!("<ErrorResponse>{error}<RequestId>1-2</RequestId></ErrorResponse>"),
    )
}

/// Answers by `serve`, and keeps what arrived.
struct StandIn {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl StandIn {
    fn new(serve: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, serve) = (Arc::clone(&seen), Arc::new(serve));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, serve) = (Arc::clone(&log), Arc::clone(&serve));
                std::thread::spawn(move || answer(stream, &log, &*serve));
            }
        });
        Self { address, seen }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Method and path of what arrived.
    fn asked(&self) -> Vec<String> {
        let name = |request: &Request| match request.field("Action") {
            action if action.is_empty() => format!("{} {}", request.method, request.path),
            action => action,
        };
        self.seen.lock().unwrap().iter().map(name).collect()
    }
}

fn answer(mut stream: TcpStream, log: &Mutex<Vec<Request>>, serve: &dyn Fn(&Request) -> Reply) {
    while let Some(request) = Request::read(&mut stream) {
        log.lock().unwrap().push(request.clone());
        let Reply(status, headers, body) = serve(&request);
        let mut text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let _ = stream.write_all(format!("{text}\r\n{body}").as_bytes());
    }
}

// ---------------------------------------------------------------- machines

/// Made up, in pieces, so that nobody takes them for real.
fn id() -> String {
    ["AKIA", "CANARY", "0123456789"].concat()
}

fn secret(word: &str) -> String {
    ["CANARY", word, "/secret+Secret0123456789abcdefgh"].concat()
}

/// A home, tested; nothing that holds a secret may be in what is told.
struct Home {
    scenario: Value,
    folder: tempfile::TempDir,
    consents: Vec<Consent>,
}

impl Home {
    fn new(environment: Value) -> Self {
        let onboarded = json!({"hasCompletedOnboarding": true, "theme": "dark"});
        let scenario = json!({
            "name": "cloud", "mode": "print", "environment": environment,
            "files": {"~/.claude.json": {"json": onboarded}},
        });
        Self { scenario, folder: tempfile::tempdir().unwrap(), consents: Vec::new() }
    }

    /// A file that is looked at with the rest, and can be read when the test is made.
    fn with(mut self, path: &str, text: &str) -> Self {
        let inside = path.replace('~', "/home/kim");
        let outside = self.outside(&inside);
        std::fs::create_dir_all(outside.parent().unwrap()).unwrap();
        std::fs::write(outside, text).unwrap();
        self.scenario["files"][path] = json!({ "text": text });
        self
    }

    fn one_token(mut self) -> Self {
        self.consents.push(Consent::OneToken);
        self
    }

    fn outside(&self, path: &str) -> PathBuf {
        self.folder.path().join(path.trim_start_matches('/'))
    }

    fn examination(&self) -> Examination {
        let home = Scenario::from_json(&self.scenario.to_string()).unwrap().home_at(0, None).unwrap();
        Examination::look(&home.machine(), home.examined())
    }

    fn test(&self) -> Live {
        let cancel = AtomicBool::new(false);
        let outside = |path: &str| self.outside(path);
        let run = &|_: &Errand<'_>| panic!("no program is run");
        let trial = Trial { outside: &outside, consents: &self.consents, deadline: LONG, cancel: &cancel, run };
        let live = self.examination().test(&trial, &mut |_| {});
        let mut live = live.expect("there is an address");
        let words = Language::english();
        for row in &mut live.stages {
            row.text.say(&words);
        }
        let told = format!("{live:?}\n{}", serde_json::to_string(&live).unwrap());
        assert!(!told.contains("CANARY"), "{told}");
        live
    }
}

/// The rows as stage and status, and what came of it.
fn course(live: &Live) -> (Vec<(Stage, Status)>, Outcome) {
    (live.stages.iter().map(|row| (row.stage, row.status)).collect(), live.outcome)
}

fn failed(live: &Live) -> (Stage, &str, Outcome) {
    let last = live.stages.last().unwrap();
    (last.stage, &last.text.key, live.outcome)
}

fn evidence<'a>(live: &'a Live, name: &str) -> Option<&'a str> {
    live.stages.iter().find_map(|row| row.evidence.get(name)).map(String::as_str)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

// ---------------------------------------------------------------- AWS

/// The keys that a stand-in of AWS knows, and the session's token that has to go along.
#[derive(Clone)]
struct Known {
    id: String,
    secret: String,
    session: Option<String>,
}

impl Known {
    fn plain() -> Self {
        Self { id: id(), secret: secret("own"), session: None }
    }

    fn of_session() -> Self {
        let session = Some(["CANARY", "session", "Token0123456789/+="].concat());
        Self { id: ["ASIA", "CANARY", "9876543210"].concat(), secret: secret("session"), session }
    }

    fn environment(&self, more: Value) -> Value {
        let mut all = json!({"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret});
        if let Some(session) = &self.session {
            all["AWS_SESSION_TOKEN"] = json!(session);
        }
        for (name, value) in more.as_object().unwrap() {
            all[name] = value.clone();
        }
        all
    }

    fn verified(&self, request: &Request, region: &str, service: &str) -> Result<(), String> {
        let token = request.header("x-amz-security-token");
        if token != self.session.as_deref() {
            return Err("another session".to_owned());
        }
        sigv4::verify(request, &self.id, &self.secret, region, service)
    }
}

const PROFILE: &str = "us.anthropic.claude-opus-5-5";

/// STS, the list of Bedrock and its messages.
fn bedrock(known: Known, region: &'static str) -> StandIn {
    StandIn::new(move |request| {
        let service = if request.body.starts_with("Action=") { "sts" } else { "bedrock" };
        if let Err(why) = known.verified(request, region, service) {
            return match service {
                "sts" => sts_error("SignatureDoesNotMatch", &why),
                _ => aws(403, "InvalidSignatureException", &why),
            };
        }
        match (request.path.as_str(), request.field("Action").as_str()) {
            ("/", "GetCallerIdentity") => caller(),
            ("/inference-profiles", _) => profiles(),
            ("/model/us.anthropic.claude-opus-5-5/invoke", _) => said(200, json!({"type": "message", "content": []})),
            (path, _) => aws(404, "UnknownOperationException", path),
        }
    })
}

fn caller() -> Reply {
    let body = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/kim</Arn>\
                </GetCallerIdentityResult></GetCallerIdentityResponse>";
    Reply(200, vec![("content-type", "text/xml")], body.to_owned())
}

fn profiles() -> Reply {
    said(200, json!({"inferenceProfileSummaries": [{"inferenceProfileId": PROFILE, "status": "ACTIVE"}]}))
}

fn on_bedrock(server: &StandIn, more: Value) -> Value {
    let mut all = json!({
        "CLAUDE_CODE_USE_BEDROCK": "1", "AWS_ENDPOINT_URL": server.url(), "AWS_REGION": "eu-west-1",
        "ANTHROPIC_BEDROCK_BASE_URL": server.url(),
    });
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

const LET_IN: [(Stage, Status); 7] = [
    (Stage::Dns, Status::Pass),
    (Stage::Tcp, Status::Pass),
    (Stage::Http, Status::Pass),
    (Stage::Responder, Status::Pass),
    (Stage::Auth, Status::Pass),
    (Stage::Permission, Status::Skipped),
    (Stage::Quota, Status::Skipped),
];

#[test]
fn bedrock_lets_keys_of_the_environment_in() {
    for known in [Known::plain(), Known::of_session()] {
        let server = bedrock(known.clone(), "eu-west-1");
        let live = Home::new(on_bedrock(&server, known.environment(json!({})))).test();
        assert_eq!(course(&live), (LET_IN.to_vec(), Outcome::Verified), "{live:?}");
        assert_eq!(server.asked(), ["GetCallerIdentity", "GET /inference-profiles"]);
        assert_eq!(evidence(&live, "identity"), Some("user/kim"));
        assert!(!live.works, "a list is no message");
    }
}

#[test]
fn a_message_of_bedrock_is_asked_for_with_the_persons_word() {
    let server = bedrock(Known::plain(), "us-east-1");
    let own = json!({"AWS_REGION": "us-east-1", "ANTHROPIC_MODEL": PROFILE});
    let live = Home::new(on_bedrock(&server, Known::plain().environment(own))).one_token().test();
    assert_eq!((live.outcome, live.works), (Outcome::Verified, true), "{live:?}");
    assert_eq!(server.asked()[2], "POST /model/us.anthropic.claude-opus-5-5/invoke");
}

#[test]
fn bedrock_lets_keys_of_a_profile_in() {
    let known = Known::of_session();
    let section = |head: &str| {
        let session = known.session.as_deref().unwrap();
        format!(
            "[default]\nregion = ap-southeast-2\n[{head}]\nregion = eu-west-1\naws_access_key_id = {}\n\
             aws_secret_access_key={}\naws_session_token = {session}\n",
            known.id, known.secret
        )
    };
    for (file, head) in [("~/.aws/credentials", "work"), ("~/.aws/config", "profile work")] {
        let server = bedrock(known.clone(), "eu-west-1");
        let mut environment = on_bedrock(&server, json!({"AWS_PROFILE": "work"}));
        // The region is the profile's.
        environment.as_object_mut().unwrap().remove("AWS_REGION");
        let live = Home::new(environment).with(file, &section(head)).test();
        assert_eq!(course(&live), (LET_IN.to_vec(), Outcome::Verified), "{file} {live:?}");
    }
}

/// The file that `aws sso login` leaves, by the name that AWS's own tool gives it.
fn signed_in(expires: &str) -> String {
    let token = ["CANARY", "ssoToken0123456789abcdef"].concat();
    json!({"accessToken": token, "expiresAt": expires, "region": "eu-west-1"}).to_string()
}

/// SHA-1 of `https://kim.awsapps.com/start`, and of `corp`.
const SSO_FILES: [&str; 2] = [
    "~/.aws/sso/cache/8465b17a294a577f13c1b0a2eb23d2af62de6542.json",
    "~/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
];

const SSO_CONFIG: [&str; 2] = [
    "[profile work]\nsso_start_url = https://kim.awsapps.com/start\nsso_region = eu-west-1\n\
     sso_account_id = 123456789012\nsso_role_name = Dev\nregion = eu-west-1\n",
    "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\nregion = eu-west-1\n\
     [sso-session corp]\nsso_start_url = https://kim.awsapps.com/start\nsso_region = eu-west-1\n",
];

/// Gives keys to whoever brings the token of the sign-in, and is AWS for them.
fn identity_center() -> StandIn {
    let known = Known::of_session();
    let session = known.clone();
    let aws_itself = Arc::new(move |request: &Request| {
        let service = if request.body.starts_with("Action=") { "sts" } else { "bedrock" };
        match known.verified(request, "eu-west-1", service) {
            Ok(()) if service == "sts" => caller(),
            Ok(()) => profiles(),
            Err(why) => sts_error("SignatureDoesNotMatch", &why),
        }
    });
    StandIn::new(move |request| {
        if request.path != "/federation/credentials" {
            return aws_itself(request);
        }
        let token = ["CANARY", "ssoToken0123456789abcdef"].concat();
        assert_eq!(request.query, "role_name=Dev&account_id=123456789012");
        if request.header("x-amz-sso_bearer_token") != Some(token.as_str()) {
            return aws(401, "UnauthorizedException", "Session token not found or invalid");
        }
        let keys =
            json!({"accessKeyId": session.id, "secretAccessKey": session.secret, "sessionToken": session.session});
        said(200, json!({ "roleCredentials": keys }))
    })
}

#[test]
fn bedrock_lets_a_sign_in_through_the_browser_in() {
    for (file, config) in SSO_FILES.into_iter().zip(SSO_CONFIG) {
        let server = identity_center();
        let home = Home::new(on_bedrock(&server, json!({"AWS_PROFILE": "work"}))).with("~/.aws/config", config);
        let live = home.with(file, &signed_in("2999-01-01T00:00:00Z")).test();
        assert_eq!(course(&live), (LET_IN.to_vec(), Outcome::Verified), "{live:?}");
        assert_eq!(server.asked()[0], "GET /federation/credentials");
    }
}

#[test]
fn a_sign_in_through_the_browser_that_ran_out_is_told_before_anything_is_sent() {
    let server = identity_center();
    let home = || Home::new(on_bedrock(&server, json!({"AWS_PROFILE": "work"}))).with("~/.aws/config", SSO_CONFIG[1]);
    assert_eq!(failed(&home().test()), (Stage::Auth, "live-cloud-sso-none", Outcome::Rejected));
    let live = home().with(SSO_FILES[1], &signed_in("2026-01-01T00:00:00UTC")).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-sso-expired", Outcome::Rejected));
    assert_eq!(evidence(&live, "command"), Some("aws sso login --profile work"));
    let mut renewed: Value = serde_json::from_str(&signed_in("2026-01-01T00:00:00Z")).unwrap();
    renewed["refreshToken"] = json!("CANARYrefresh");
    let live = home().with(SSO_FILES[1], &renewed.to_string()).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-sso-renews", Outcome::NotTested));
    assert_eq!(server.asked(), [""; 0]);

    let mut withdrawn: Value = serde_json::from_str(&signed_in("2999-01-01T00:00:00Z")).unwrap();
    withdrawn["accessToken"] = json!("CANARYwithdrawn0123456789");
    let live = home().with(SSO_FILES[1], &withdrawn.to_string()).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-rejected", Outcome::Rejected));
}

/// Gives the keys of a role to whom it knows, and is AWS for them.
fn role_giver() -> StandIn {
    let session = Known::of_session();
    StandIn::new(move |request| {
        let web_token = ["CANARY", "webIdentity0123456789"].concat();
        let mine = match request.field("Action").as_str() {
            "AssumeRole" => {
                assert_eq!(request.field("ExternalId"), "ext-1");
                Known::plain().verified(request, "eu-west-1", "sts")
            }
            "AssumeRoleWithWebIdentity" if request.field("WebIdentityToken") == web_token => Ok(()),
            "AssumeRoleWithWebIdentity" => return sts_error("InvalidIdentityToken", "no such token"),
            "GetCallerIdentity" => {
                return session
                    .verified(request, "eu-west-1", "sts")
                    .map_or_else(|why| sts_error("SignatureDoesNotMatch", &why), |()| caller());
            }
            _ => {
                return session
                    .verified(request, "eu-west-1", "bedrock")
                    .map_or_else(|why| aws(403, "InvalidSignatureException", &why), |()| profiles());
            }
        };
        if let Err(why) = mine {
            return sts_error("SignatureDoesNotMatch", &why);
        }
        assert_eq!(request.field("RoleArn"), "arn:aws:iam::123456789012:role/dev");
        let keys = format!(
            "<Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey><SessionToken>{}\
             </SessionToken></Credentials>",
            session.id,
            session.secret,
            session.session.as_deref().unwrap()
        );
        Reply(200, vec![("content-type", "text/xml")], format!("<R>{keys}</R>"))
    })
}

#[test]
fn bedrock_lets_a_role_in() {
    let server = role_giver();
    let known = Known::plain();
    let keys = format!("[base]\naws_access_key_id={}\naws_secret_access_key={}\n", known.id, known.secret);
    let config = "[profile work]\nrole_arn = arn:aws:iam::123456789012:role/dev\nsource_profile = base\n\
                  external_id = ext-1\n";
    let home = Home::new(on_bedrock(&server, json!({"AWS_PROFILE": "work"}))).with("~/.aws/config", config);
    let live = home.with("~/.aws/credentials", &keys).test();
    assert_eq!(course(&live), (LET_IN.to_vec(), Outcome::Verified), "{live:?}");
    assert_eq!(server.asked(), ["AssumeRole", "GetCallerIdentity", "GET /inference-profiles"]);
}

#[test]
fn bedrock_lets_a_web_identity_in() {
    let role = "arn:aws:iam::123456789012:role/dev";
    for (token, wanted) in [("webIdentity0123456789", Outcome::Verified), ("anotherIdentity98765", Outcome::Rejected)] {
        let server = role_giver();
        let named = json!({"AWS_WEB_IDENTITY_TOKEN_FILE": "/home/kim/token", "AWS_ROLE_ARN": role});
        let home = Home::new(on_bedrock(&server, named)).with("~/token", &["CANARY", token, "\n"].concat());
        assert_eq!(home.test().outcome, wanted);
    }
}

// ---------------------------------------------------------------- programs that give a credential

/// A home on this machine, with programs in a folder of its own; what they print may be a secret.
#[cfg(unix)]
struct Own {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
    consents: Vec<Consent>,
}

#[cfg(unix)]
impl Own {
    fn new(environment: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let variables = environment.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value)));
        let mut environment: Vec<_> = variables.collect();
        let home = folder.path().canonicalize().unwrap();
        let path = format!("{}/bin:relative:/usr/bin:/bin", home.display());
        environment.push(("PATH".to_owned(), path));
        let own = Self { folder, environment, consents: Vec::new() };
        let trusted = json!({ home.join("shop").to_str().unwrap(): {"hasTrustDialogAccepted": true} });
        own.file(".claude.json", &json!({"hasCompletedOnboarding": true, "projects": trusted}).to_string())
    }

    fn home(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn file(self, name: &str, text: &str) -> Self {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// A program that notes what it is told, and prints something.
    fn program(self, name: &str, prints: &str) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.home().join("bin").join(name);
        let ran = self.home().join("ran");
        let text = format!("#!/bin/sh\necho \"{name} $* in $PWD as $AWS_PROFILE\" >> {}\n{prints}\n", ran.display());
        let own = self.file(&format!("bin/{name}"), &text);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        own
    }

    fn agreed(mut self) -> Self {
        self.consents.push(Consent::RunHelper { command: String::new(), named_in: String::new() });
        self
    }

    fn ran(&self) -> String {
        std::fs::read_to_string(self.home().join("ran")).unwrap_or_default()
    }

    fn examination(&self) -> Examination {
        let (platform, home) = (Platform::Linux, self.home());
        let variables = self.environment.iter();
        let variables = variables.filter_map(|(name, value)| Variable::of(platform, name, Secret::new(value.clone())));
        let mut examined = Examined::of_process(platform, home.to_str().unwrap(), variables.collect());
        let project = home.join("shop");
        std::fs::create_dir_all(&project).unwrap();
        examined.project = Some(project.to_str().unwrap().to_owned());
        Examination::look(&Disk::running(platform), examined)
    }

    fn asked_for(&self) -> Vec<Consent> {
        asked_for(&self.examination().audience(&|path| PathBuf::from(path)).unwrap())
    }

    fn test(&self) -> Live {
        let cancel = AtomicBool::new(false);
        // As in a session of its own, of which the tests of the whole program see to it.
        let run = &|errand: &Errand<'_>| {
            let mut command = std::process::Command::new(errand.program);
            command.args(errand.arguments).env_clear().current_dir(errand.folder);
            command.envs(errand.environment.iter().map(|(name, value)| (name, value)));
            let done = command.output().map_err(|error| ErrandTrouble::NotRunnable(error.to_string()))?;
            Ok(Printed { code: done.status.code(), out: done.stdout.into(), err: done.stderr.into() })
        };
        let outside = |path: &str| PathBuf::from(path);
        let trial = Trial { outside: &outside, consents: &self.consents, deadline: LONG, cancel: &cancel, run };
        let examination = self.examination();
        let mut live = examination.test(&trial, &mut |_| {}).expect("there is an address");
        let words = Language::english();
        for row in &mut live.stages {
            row.text.say(&words);
        }
        let told = format!("{live:?}\n{}", serde_json::to_string(&live).unwrap());
        assert!(!told.contains("CANARY"), "{told}");
        // Whatever it gave is known, so that no report repeats it.
        let known = examination.secrets();
        assert!(live.outcome != Outcome::Verified || known.iter().any(|met| met.length() > 20), "{}", known.len());
        live
    }
}

/// Keys as AWS's software wants them of a program.
#[cfg(unix)]
fn printed(known: &Known, wrapped: bool) -> String {
    let mut keys = json!({"Version": 1, "AccessKeyId": known.id, "SecretAccessKey": known.secret});
    if let Some(session) = &known.session {
        keys["SessionToken"] = json!(session);
    }
    let all = if wrapped { json!({ "Credentials": keys }) } else { keys };
    format!("echo '{all}'")
}

#[cfg(unix)]
#[test]
fn the_command_that_gives_the_keys_of_aws_runs_on_the_persons_word_alone() {
    let known = Known::of_session();
    let server = bedrock(known.clone(), "eu-west-1");
    let own = || Own::new(&on_bedrock(&server, json!({}))).program("vault", &printed(&known, false));
    let process = |own: Own| own.file(".aws/config", "[default]\ncredential_process = vault --for \"shop 1\"\n");
    let home = process(own());
    let live = home.test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-not-run", Outcome::NotTested));
    assert_eq!((home.ran().as_str(), evidence(&live, "command")), ("", Some("vault --for \"shop 1\"")));
    let named_in = home.home().join(".aws/config").to_str().unwrap().to_owned();
    let word = Consent::RunHelper { command: "vault --for \"shop 1\"".to_owned(), named_in };
    assert_eq!(home.asked_for(), [word]);
    assert_eq!(server.asked(), [""; 0]);

    let home = home.agreed();
    let live = home.test();
    assert_eq!(live.outcome, Outcome::Verified, "{:#?}", live.stages);
    assert_eq!(home.ran(), format!("vault --for shop 1 in {}/shop as \n", home.home().display()));
    let told = format!("one key, {} characters", known.secret.len());
    assert_eq!(evidence(&live, "helper"), Some(told.as_str()));

    // Claude Code's own setting comes before the files, and wraps the keys.
    let settings = json!({"awsCredentialExport": "export-keys"}).to_string();
    let home = process(own()).program("export-keys", &printed(&known, true)).file(".claude/settings.json", &settings);
    let live = home.agreed().test();
    assert_eq!(live.outcome, Outcome::Verified, "{:#?}", live.stages);
}

#[cfg(unix)]
#[test]
fn a_program_that_gives_no_credential_is_told_and_nothing_is_sent() {
    let server = bedrock(Known::plain(), "eu-west-1");
    for (prints, how) in [
        ("echo CANARY; exit 7", "ended with the code 7"),
        ("true", "printed nothing"),
        ("echo 'CANARY no JSON'", "printed something else"),
        (r#"echo '{"AccessKeyId": "CANARY", "SecretAccessKey": ""}'"#, "printed something else"),
    ] {
        let home = Own::new(&on_bedrock(&server, json!({}))).program("vault", prints).agreed();
        let live = home.file(".aws/config", "[default]\ncredential_process = vault\n").test();
        assert_eq!(failed(&live), (Stage::Auth, "live-cloud-program-nothing", Outcome::NotTested));
        assert!(live.stages[0].text.text().contains(how), "{}", live.stages[0].text.text());
    }
    assert_eq!(server.asked(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_command_that_a_folder_names_needs_a_second_word() {
    let server = bedrock(Known::plain(), "eu-west-1");
    let settings = json!({"awsCredentialExport": "vault"}).to_string();
    let home = Own::new(&on_bedrock(&server, json!({}))).program("vault", &printed(&Known::plain(), true));
    let mut home = home.file("shop/.claude/settings.json", &settings).agreed();
    let host = server.address.to_string();
    let (live, asked) = (home.test(), home.asked_for());
    assert!(asked.contains(&Consent::ProjectEndpoint { host: host.clone() }), "{asked:?}");
    assert_eq!((failed(&live).1, home.ran().as_str()), ("live-auth-project-endpoint", ""));
    home.consents.push(Consent::ProjectEndpoint { host });
    assert_eq!(home.test().outcome, Outcome::Verified);
}

#[cfg(unix)]
#[test]
fn the_clouds_own_tool_is_asked_where_it_is_installed_and_the_person_agrees() {
    let known = Known::of_session();
    let server = bedrock(known.clone(), "eu-west-1");
    let role =
        "[profile work]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = a\nmfa_serial = arn:aws:iam::1:mfa/k\n";
    let own = || Own::new(&on_bedrock(&server, json!({"AWS_PROFILE": "work"}))).file(".aws/config", role);
    let live = own().agreed().test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-role", Outcome::NotTested), "it is not installed");
    assert_eq!(own().asked_for(), []);

    let home = own().program("aws", &printed(&known, false));
    let tool = home.home().join("bin/aws");
    let command = format!("{} configure export-credentials --format process --profile work", tool.display());
    assert_eq!(home.asked_for(), [Consent::RunHelper { command: command.clone(), named_in: String::new() }]);
    let live = home.test();
    assert_eq!((failed(&live).1, evidence(&live, "command")), ("live-cloud-not-run", Some(command.as_str())));
    let home = home.agreed();
    assert_eq!(home.test().outcome, Outcome::Verified);
    let told = "aws configure export-credentials --format process --profile work";
    assert_eq!(home.ran(), format!("{told} in {}/shop as work\n", home.home().display()));

    // What has run out is renewed by whose it is; what holds is taken as it is.
    for (expires, asks) in [("2020-01-01T00:00:00Z", true), ("2999-01-01T00:00:00Z", false)] {
        let mut cached: Value = serde_json::from_str(&signed_in(expires)).unwrap();
        cached["refreshToken"] = json!("CANARY-refresh");
        let environment = on_bedrock(&server, json!({"AWS_PROFILE": "work"}));
        let home = Own::new(&environment).file(".aws/config", SSO_CONFIG[1]).program("aws", "exit 1");
        let home = home.file(SSO_FILES[1].trim_start_matches("~/"), &cached.to_string());
        assert_eq!(home.asked_for().is_empty(), !asks, "{expires}");
    }
}

#[cfg(unix)]
#[test]
fn the_tools_of_google_and_azure_give_a_token() {
    let server = vertex();
    let environment = json!({
        "CLAUDE_CODE_USE_VERTEX": "1", "ANTHROPIC_VERTEX_PROJECT_ID": "shop-1", "CLOUD_ML_REGION": "europe-west1",
        "ANTHROPIC_VERTEX_BASE_URL": format!("{}/v1", server.url()),
    });
    let home = Own::new(&environment).program("gcloud", &format!("echo {GOOGLE_TOKEN}")).agreed();
    let live = home.test();
    assert_eq!((live.outcome, home.ran().is_empty()), (Outcome::Verified, false), "{:#?}", live.stages);
    assert!(home.ran().starts_with("gcloud auth application-default print-access-token in "), "{}", home.ran());

    let server = foundry();
    let token = json!({"accessToken": ENTRA_TOKEN, "expiresOn": "2999-01-01"}).to_string();
    let home = Own::new(&on_foundry(&server, json!({}))).program("az", &format!("echo '{token}'")).agreed();
    let live = home.test();
    assert_eq!((live.outcome, live.works), (Outcome::Verified, true), "{:#?}", live.stages);
    let told = "az account get-access-token --resource https://cognitiveservices.azure.com --output json in ";
    assert!(home.ran().starts_with(told), "{}", home.ran());
}

#[test]
fn what_runs_a_program_or_asks_a_machine_is_told_and_not_done() {
    let server = bedrock(Known::plain(), "eu-west-1");
    let process = "[default]\ncredential_process = /bin/false CANARY\n";
    let live = Home::new(on_bedrock(&server, json!({}))).with("~/.aws/config", process).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-command", Outcome::NotTested));
    assert_eq!(evidence(&live, "command"), Some("aws sts get-caller-identity"));
    let export = json!({"awsCredentialExport": "false CANARY"}).to_string();
    let live = Home::new(on_bedrock(&server, json!({}))).with("~/.claude/settings.json", &export).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-command", Outcome::NotTested));
    let live = Home::new(on_bedrock(&server, json!({}))).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-aws-nothing", Outcome::NotTested));
    let container = json!({"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url()});
    let live = Home::new(on_bedrock(&server, container)).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-elsewhere", Outcome::NotTested));
    assert_eq!(server.asked(), [""; 0]);
}

#[test]
fn each_refusal_of_aws_ends_at_its_stage() {
    type Refusal = fn(&str) -> Reply;
    let cases: [(Refusal, Stage, &str, Outcome); 10] = [
        (
            |at| {
                aws_at(at, "sts", || {
                    sts_error("InvalidClientTokenId", "The security token included in the request is invalid.")
                })
            },
            Stage::Auth,
            "live-cloud-rejected",
            Outcome::Rejected,
        ),
        (
            |at| {
                aws_at(at, "sts", || sts_error("ExpiredToken", "The security token included in the request is expired"))
            },
            Stage::Auth,
            "live-cloud-expired",
            Outcome::Rejected,
        ),
        (
            |at| {
                aws_at(at, "sts", || {
                    sts_error(
                        "SignatureDoesNotMatch",
                        "Signature expired: 20200101T000000Z is now earlier than 20260101T000000Z",
                    )
                })
            },
            Stage::Auth,
            "live-cloud-clock",
            Outcome::Rejected,
        ),
        (
            |at| aws_at(at, "sts", || sts_error("RequestTimeTooSkewed", "The difference is too large.")),
            Stage::Auth,
            "live-cloud-clock",
            Outcome::Rejected,
        ),
        (
            |at| {
                aws_at(at, "bedrock", || {
                    aws(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
                })
            },
            Stage::Auth,
            "live-cloud-rejected",
            Outcome::Rejected,
        ),
        (
            |at| {
                aws_at(at, "bedrock", || {
                    aws(
                        403,
                        "AccessDeniedException:http://internal.amazon.com/",
                        "User is not authorized to perform: bedrock:ListInferenceProfiles",
                    )
                })
            },
            Stage::Permission,
            "live-cloud-denied",
            Outcome::Blocked,
        ),
        (
            |at| {
                aws_at(at, "bedrock", || {
                    aws(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.")
                })
            },
            Stage::Permission,
            "live-cloud-model",
            Outcome::Blocked,
        ),
        (
            |at| aws_at(at, "bedrock", || aws(429, "ThrottlingException", "Too many requests")),
            Stage::Quota,
            "live-cloud-limited",
            Outcome::Limited,
        ),
        (
            |at| aws_at(at, "bedrock", || said(200, json!({"inferenceProfileSummaries": []}))),
            Stage::Permission,
            "live-cloud-model-missing",
            Outcome::Blocked,
        ),
        (
            |at| aws_at(at, "bedrock", || aws(503, "ServiceUnavailableException", "later")),
            Stage::Http,
            "live-http-server-error",
            Outcome::ServerError,
        ),
    ];
    for (refusal, stage, key, outcome) in cases {
        let server =
            StandIn::new(move |request| refusal(if request.body.starts_with("Action=") { "sts" } else { "bedrock" }));
        let own = Known::plain().environment(json!({"ANTHROPIC_MODEL": PROFILE}));
        let live = Home::new(on_bedrock(&server, own)).test();
        assert_eq!(failed(&live), (stage, key, outcome), "{live:?}");
    }
}

/// The refusal where it is played, else what lets in.
fn aws_at(at: &str, played: &str, refusal: impl Fn() -> Reply) -> Reply {
    match at {
        at if at == played => refusal(),
        "sts" => caller(),
        _ => profiles(),
    }
}

#[test]
fn a_wrong_secret_is_caught_by_its_signature() {
    let server = bedrock(Known::plain(), "eu-west-1");
    let wrong = Known { secret: secret("wrong"), ..Known::plain() };
    let live = Home::new(on_bedrock(&server, wrong.environment(json!({})))).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-rejected", Outcome::Rejected));
    assert!(live.claude_says.unwrap().starts_with("AWS authentication failed"));
    assert_eq!(server.asked(), ["GetCallerIdentity"]);
}

#[test]
fn a_bearer_key_of_bedrock_goes_to_the_list_alone() {
    for (word, outcome) in [("good", Outcome::Verified), ("other", Outcome::Rejected)] {
        let server = StandIn::new(|request| {
            assert!(request.header("x-team").is_none() || request.method == "POST");
            let wanted = ["Bearer ABSK", "CANARYgood0123456789"].concat();
            match request.header("authorization") == Some(wanted.as_str()) {
                true => profiles(),
                false => {
                    aws(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
                }
            }
        });
        let key = ["ABSK", "CANARY", word, "0123456789"].concat();
        let own = json!({"AWS_BEARER_TOKEN_BEDROCK": key, "ANTHROPIC_CUSTOM_HEADERS": "x-team: a"});
        let live = Home::new(on_bedrock(&server, own)).test();
        assert_eq!(live.outcome, outcome, "{live:?}");
        assert_eq!(server.asked(), ["GET /inference-profiles"]);
    }
}

#[test]
fn networks_that_let_through_to_the_models_alone_are_no_fault_of_the_keys() {
    let server = bedrock(Known::plain(), "eu-west-1");
    // Nobody listens there.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let own = Known::plain().environment(json!({"AWS_ENDPOINT_URL_STS": format!("http://{closed}")}));
    let live = Home::new(on_bedrock(&server, own)).test();
    assert_eq!(live.outcome, Outcome::Verified, "{live:?}");
    assert_eq!(evidence(&live, "identity"), Some("127.0.0.1 not reached"));
}

/// The Claude API as AWS offers it, for whoever signs for `service`.
fn messages_api(service: &'static str, below: &'static str) -> StandIn {
    StandIn::new(move |request| {
        let at = if request.body.starts_with("Action=") { "sts" } else { service };
        if let Err(why) = Known::plain().verified(request, "eu-west-1", at) {
            return match at {
                "sts" => sts_error("SignatureDoesNotMatch", &why),
                _ => aws(403, "InvalidSignatureException", &why),
            };
        }
        if service == "aws-external-anthropic" && at == service {
            assert_eq!(request.header("anthropic-workspace-id"), Some("wrkspc_1"));
        }
        match request.path.strip_prefix(below) {
            Some("/v1/messages/count_tokens") => said(200, json!({"input_tokens": 8})),
            _ if at == "sts" => caller(),
            _ => aws(404, "UnknownOperationException", "no such path"),
        }
    })
}

#[test]
fn mantle_and_the_claude_platform_on_aws_are_signed_in_to() {
    let cases = [
        ("bedrock-mantle", "/anthropic", json!({"CLAUDE_CODE_USE_MANTLE": "1"}), "ANTHROPIC_BEDROCK_MANTLE_BASE_URL"),
        (
            "aws-external-anthropic",
            "",
            json!({"CLAUDE_CODE_USE_ANTHROPIC_AWS": "1", "ANTHROPIC_AWS_WORKSPACE_ID": "wrkspc_1"}),
            "ANTHROPIC_AWS_BASE_URL",
        ),
    ];
    for (service, below, mut own, base) in cases {
        let server = messages_api(service, below);
        own[base] = json!(format!("{}{below}", server.url()));
        own["AWS_ENDPOINT_URL_STS"] = json!(server.url());
        own["AWS_REGION"] = json!("eu-west-1");
        let live = Home::new(Known::plain().environment(own.clone())).test();
        assert_eq!((live.outcome, live.works), (Outcome::Verified, true), "{service} {live:?}");
        let wrong = Known { secret: secret("wrong"), ..Known::plain() };
        let live = Home::new(wrong.environment(own)).test();
        assert_eq!(failed(&live), (Stage::Auth, "live-cloud-rejected", Outcome::Rejected), "{service}");
    }
}

// ---------------------------------------------------------------- Google

static RSA: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

fn pem() -> String {
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = RSA.as_der().unwrap();
    let (name, text) = ("PRIVATE KEY", STANDARD.encode(der.as_ref()));
    format!("-----BEGIN {name}-----\n{text}\n-----END {name}-----\n")
}

const GOOGLE_TOKEN: &str = "ya29.CANARYtoken0123456789";

/// Whether a service account vouches for itself by the key that is known.
fn vouched(assertion: &str, audience: &str) -> Result<(), &'static str> {
    let (signed, signature) = assertion.rsplit_once('.').ok_or("no signature")?;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, RSA.public_key().as_ref());
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "no base64")?;
    key.verify(signed.as_bytes(), &signature).map_err(|_| "Invalid JWT Signature.")?;
    let part = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let (header, claims) = (part(header), part(claims));
    assert_eq!(header, json!({"alg": "RS256", "typ": "JWT", "kid": "key-1"}));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!("bot@shop.iam.gserviceaccount.com"), &json!(audience)));
    assert_eq!(claims["scope"], "https://www.googleapis.com/auth/cloud-platform");
    let issued = claims["iat"].as_i64().unwrap();
    assert!((now() - issued).abs() < 300 && claims["exp"] == json!(issued + 3600));
    Ok(())
}

/// Gives tokens and answers about tokens.
fn vertex() -> StandIn {
    StandIn::new(|request| match request.path.as_str() {
        "/token" => {
            let audience = format!("http://{}/token", request.header("host").unwrap());
            let accepted = match request.field("grant_type").as_str() {
                "refresh_token" => (request.field("refresh_token") == "1//CANARYrefresh0123456789")
                    .then_some(())
                    .ok_or("Token has been expired or revoked."),
                _ => vouched(&request.field("assertion"), &audience),
            };
            match accepted {
                Ok(()) => said(200, json!({"access_token": GOOGLE_TOKEN, "expires_in": 3599, "token_type": "Bearer"})),
                Err(why) => said(400, json!({"error": "invalid_grant", "error_description": why})),
            }
        }
        "/v1/projects/shop-1/locations/europe-west1/publishers/anthropic/models/count-tokens:rawPredict" => {
            if request.header("authorization") != Some(&format!("Bearer {GOOGLE_TOKEN}")) {
                return google_error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", "");
            }
            said(200, json!({"input_tokens": 8}))
        }
        path => google_error(404, "NOT_FOUND", path, ""),
    })
}

fn google_error(status: u16, word: &str, message: &str, reason: &str) -> Reply {
    let details = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]);
    said(status, json!({"error": {"code": status, "message": message, "status": word, "details": details}}))
}

const ADC: &str = "~/.config/gcloud/application_default_credentials.json";

fn on_vertex(server: &StandIn, credentials: Value) -> Home {
    let mut credentials = credentials;
    credentials["token_uri"] = json!(format!("{}/token", server.url()));
    let environment = json!({
        "CLAUDE_CODE_USE_VERTEX": "1", "CLOUD_ML_REGION": "europe-west1", "ANTHROPIC_VERTEX_PROJECT_ID": "shop-1",
        "ANTHROPIC_VERTEX_BASE_URL": format!("{}/v1", server.url()),
    });
    Home::new(environment).with(ADC, &credentials.to_string())
}

fn google_user(refresh: &str) -> Value {
    json!({"type": "authorized_user", "client_id": "id.apps", "client_secret": "CANARYclientSecret", "refresh_token": refresh})
}

fn service_account(key: &str) -> Value {
    json!({
        "type": "service_account", "client_email": "bot@shop.iam.gserviceaccount.com", "private_key_id": "key-1",
        "private_key": key,
    })
}

#[test]
fn vertex_lets_a_person_and_a_service_account_in() {
    for credentials in [google_user("1//CANARYrefresh0123456789"), service_account(&pem())] {
        let server = vertex();
        let live = on_vertex(&server, credentials).test();
        assert_eq!((live.outcome, live.works), (Outcome::Verified, true), "{live:?}");
        assert_eq!(server.asked().len(), 2);
        assert_eq!(evidence(&live, "project"), Some("shop-1"));
    }
}

#[test]
fn vertex_tells_a_withdrawn_sign_in_and_a_broken_key() {
    let live = on_vertex(&vertex(), google_user("1//CANARYwithdrawn0123456789")).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-expired", Outcome::Rejected));
    let live =
        on_vertex(&vertex(), service_account("-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----")).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-google-key", Outcome::Rejected));
    let live = on_vertex(&vertex(), json!({"type": "external_account", "audience": "x"})).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-google-kind", Outcome::NotTested));
}

#[test]
fn each_refusal_of_google_ends_at_its_stage() {
    let cases = [
        ((401, "UNAUTHENTICATED", "no", ""), (Stage::Auth, "live-cloud-rejected", Outcome::Rejected)),
        (
            (403, "PERMISSION_DENIED", "no", "SERVICE_DISABLED"),
            (Stage::Permission, "live-cloud-switched-off", Outcome::Blocked),
        ),
        (
            (403, "PERMISSION_DENIED", "no", "IAM_PERMISSION_DENIED"),
            (Stage::Permission, "live-cloud-denied", Outcome::Blocked),
        ),
        (
            (404, "NOT_FOUND", "Publisher Model `x` was not found", ""),
            (Stage::Permission, "live-cloud-model", Outcome::Blocked),
        ),
        ((429, "RESOURCE_EXHAUSTED", "Quota exceeded", ""), (Stage::Quota, "live-cloud-limited", Outcome::Limited)),
    ];
    for ((status, word, message, reason), wanted) in cases {
        let server = StandIn::new(move |request| match request.path.as_str() {
            "/token" => said(200, json!({"access_token": GOOGLE_TOKEN})),
            _ => google_error(status, word, message, reason),
        });
        let live = on_vertex(&server, google_user("1//CANARYrefresh0123456789")).test();
        assert_eq!(failed(&live), wanted, "{live:?}");
    }
}

// ---------------------------------------------------------------- Microsoft

const ENTRA_TOKEN: &str = "eyJCANARYtoken0123456789";

/// Foundry, and Entra's tokens for it.
fn foundry() -> StandIn {
    StandIn::new(|request| {
        if request.path == "/tenant-1/oauth2/v2.0/token" {
            assert_eq!(request.field("scope"), "https://cognitiveservices.azure.com/.default");
            return match request.field("client_secret") == "CANARYclientSecret01" {
                true => said(200, json!({"access_token": ENTRA_TOKEN})),
                false => said(
                    401,
                    json!({
                        "error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided.",
                    }),
                ),
            };
        }
        let key = request.header("x-api-key") == Some("CANARYfoundryKey0123456789");
        let token = request.header("authorization") == Some(&format!("Bearer {ENTRA_TOKEN}"));
        match request.path.as_str() {
            _ if !key && !token => said(
                401,
                json!({"error": {
                    "code": "401", "message": "Access denied due to invalid subscription key or wrong API endpoint.",
                }}),
            ),
            "/anthropic/v1/messages/count_tokens" => said(200, json!({"input_tokens": 8})),
            _ => said(404, json!({"error": {"code": "404", "message": "Resource not found"}})),
        }
    })
}

fn on_foundry(server: &StandIn, own: Value) -> Value {
    let mut all = json!({
        "CLAUDE_CODE_USE_FOUNDRY": "1", "ANTHROPIC_FOUNDRY_BASE_URL": format!("{}/anthropic", server.url()),
    });
    for (name, value) in own.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

#[test]
fn foundry_lets_a_key_in_and_tells_a_wrong_one() {
    let server = foundry();
    let live =
        Home::new(on_foundry(&server, json!({"ANTHROPIC_FOUNDRY_API_KEY": "CANARYfoundryKey0123456789"}))).test();
    assert_eq!((live.outcome, live.works), (Outcome::Verified, true), "{live:?}");
    let live = Home::new(on_foundry(&server, json!({"ANTHROPIC_FOUNDRY_API_KEY": "CANARYanother0123456789"}))).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-rejected", Outcome::Rejected));
    assert!(live.claude_says.unwrap().starts_with("Microsoft Foundry authentication failed"));
}

#[test]
fn foundry_lets_a_programs_secret_in() {
    for (secret, wanted) in [("CANARYclientSecret01", Outcome::Verified), ("CANARYwrongSecret001", Outcome::Rejected)] {
        let server = foundry();
        let own = json!({
            "AZURE_TENANT_ID": "tenant-1", "AZURE_CLIENT_ID": "program-1", "AZURE_CLIENT_SECRET": secret,
            "AZURE_AUTHORITY_HOST": server.url(),
        });
        let live = Home::new(on_foundry(&server, own)).test();
        assert_eq!(live.outcome, wanted, "{live:?}");
    }
}

#[test]
fn foundry_lets_a_token_of_azures_tool_in_while_it_holds() {
    let kept = |target: &str, expires: i64| {
        let token = json!({"secret": ENTRA_TOKEN, "target": target, "expires_on": expires.to_string()});
        json!({"AccessToken": {"a": token}, "RefreshToken": {"b": {"secret": "CANARYrefresh"}}}).to_string()
    };
    let ours = "https://cognitiveservices.azure.com//.default https://cognitiveservices.azure.com//user_impersonation";
    for (target, expires, wanted) in [
        (ours, now() + 1000, Outcome::Verified),
        (ours, now() - 1000, Outcome::NotTested),
        ("https://management.core.windows.net//.default", now() + 1000, Outcome::NotTested),
    ] {
        let server = foundry();
        let home = Home::new(on_foundry(&server, json!({})));
        let live = home.with("~/.azure/msal_token_cache.json", &kept(target, expires)).test();
        assert_eq!(live.outcome, wanted, "{live:?}");
        let silent = wanted == Outcome::NotTested;
        assert_eq!(server.asked().is_empty(), silent);
        assert_eq!(evidence(&live, "command").is_some_and(|command| command.starts_with("az account")), silent);
    }
}

// ---------------------------------------------------------------- what is held back

#[test]
fn a_service_that_a_project_names_needs_a_word() {
    let server = bedrock(Known::plain(), "eu-west-1");
    let elsewhere = bedrock(Known::plain(), "eu-west-1");
    let mut home = Home::new(on_bedrock(&server, Known::plain().environment(json!({}))));
    home.scenario["project"] = json!("/home/kim/shop");
    let settings = json!({"env": {"AWS_ENDPOINT_URL_STS": elsewhere.url()}}).to_string();
    let mut home = home.with("/home/kim/shop/.claude/settings.json", &settings);
    let host = elsewhere.address.to_string();
    let wanted = Consent::ProjectEndpoint { host };
    let audience = home.examination().audience(&|path| Path::new(path).to_owned()).unwrap();
    assert_eq!(needed(&audience), std::slice::from_ref(&wanted));
    let live = home.test();
    assert_eq!(failed(&live), (Stage::Auth, "live-auth-project-endpoint", Outcome::NotTested));
    assert!(server.asked().is_empty() && elsewhere.asked().is_empty());
    home.consents.push(wanted);
    assert_eq!(home.test().outcome, Outcome::Verified);
    assert_eq!(elsewhere.asked(), ["GetCallerIdentity"]);
}

#[test]
fn a_service_elsewhere_without_encryption_needs_a_word() {
    let server = vertex();
    let mut credentials = google_user("1//CANARYrefresh0123456789");
    credentials["token_uri"] = json!("http://192.0.2.1/token");
    let home = on_vertex(&server, json!({})).with(ADC, &credentials.to_string());
    let live = home.test();
    assert_eq!(failed(&live), (Stage::Auth, "live-auth-plain-http", Outcome::NotTested));
    assert!(server.asked().is_empty());
}

#[test]
fn the_verdict_names_what_a_cloud_refused() {
    let server = bedrock(Known::plain(), "eu-west-1");
    let wrong = Known { secret: secret("wrong"), ..Known::plain() };
    for home in [
        Home::new(on_bedrock(&server, wrong.environment(json!({})))),
        // What would sign is not known before the test: nothing stands among what is sent.
        Home::new(on_bedrock(&server, json!({"AWS_PROFILE": "work"}))).with("~/.aws/config", SSO_CONFIG[0]),
    ] {
        let live = home.test();
        let report = home.examination().report(&live, &Language::english());
        assert_eq!(report.verdict.code.as_deref(), Some("AL-3-12"));
        let text = serde_json::to_string(&report).unwrap();
        assert!(
            text.contains("Amazon Bedrock does not accept the sign-in.") && !text.contains("CANARYwrong"),
            "{text}"
        );
    }
}

#[test]
fn a_cloud_without_the_free_questions_is_not_said_to_be_broken() {
    // A gateway that takes messages alone, as Claude Code is content with.
    let gateway = || StandIn::new(|_| said(404, json!({"message": "not here"})));
    let server = gateway();
    let own = json!({"CLAUDE_CODE_SKIP_BEDROCK_AUTH": "1", "ANTHROPIC_AUTH_TOKEN": "CANARYgateway0123456789"});
    let live = Home::new(on_bedrock(&server, own)).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-auth-unclear", Outcome::NotTested));
    let server = gateway();
    let own = json!({
        "CLAUDE_CODE_USE_MANTLE": "1", "ANTHROPIC_BEDROCK_MANTLE_BASE_URL": server.url(),
        "AWS_BEARER_TOKEN_BEDROCK": "CANARYbearer0123456789",
    });
    assert_eq!(failed(&Home::new(own).test()), (Stage::Auth, "live-auth-unclear", Outcome::NotTested));
    // Not every region of Vertex counts tokens; whom Google has given a token, it knows.
    let server = StandIn::new(|request| match request.path.as_str() {
        "/token" => said(200, json!({"access_token": GOOGLE_TOKEN})),
        path => google_error(404, "NOT_FOUND", &format!("Publisher Model `{path}` was not found"), ""),
    });
    let live = on_vertex(&server, google_user("1//CANARYrefresh0123456789")).test();
    assert_eq!((live.outcome, live.works), (Outcome::Verified, false), "{live:?}");
    let live = on_vertex(&server, google_user("1//CANARYrefresh0123456789")).one_token().test();
    assert_eq!(failed(&live), (Stage::Permission, "live-cloud-model", Outcome::Blocked));
}

#[test]
fn a_gateway_that_signs_gets_what_claude_code_sends_it() {
    let server = StandIn::new(|request| {
        assert_eq!(request.header("authorization"), Some("Bearer CANARYgateway0123456789"));
        said(200, json!({"input_tokens": 8}))
    });
    let own = json!({
        "CLAUDE_CODE_USE_VERTEX": "1", "CLAUDE_CODE_SKIP_VERTEX_AUTH": "1", "ANTHROPIC_VERTEX_PROJECT_ID": "shop-1",
        "ANTHROPIC_VERTEX_BASE_URL": server.url(), "ANTHROPIC_AUTH_TOKEN": "CANARYgateway0123456789",
    });
    let live = Home::new(own).test();
    assert_eq!((live.outcome, live.works), (Outcome::Verified, true), "{live:?}");
    let count = "POST /projects/shop-1/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict";
    assert_eq!(server.asked(), [count]);
}

#[test]
fn a_role_that_may_not_be_taken_is_told_as_such() {
    let server = StandIn::new(|_| sts_error("AccessDenied", "not authorized to perform: sts:AssumeRole"));
    let known = Known::plain();
    let keys = format!("[base]\naws_access_key_id={}\naws_secret_access_key={}\n", known.id, known.secret);
    let config = "[profile work]\nrole_arn = arn:aws:iam::123456789012:role/dev\nsource_profile = base\n";
    let home = Home::new(on_bedrock(&server, json!({"AWS_PROFILE": "work"}))).with("~/.aws/config", config);
    let live = home.with("~/.aws/credentials", &keys).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-role-denied", Outcome::Blocked));
}

#[test]
fn a_file_that_a_project_names_is_not_sent() {
    let server = role_giver();
    let own = json!({"AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/dev"});
    let mut home = Home::new(on_bedrock(&server, own)).with("~/token", "CANARYwebIdentity0123456789");
    home.scenario["project"] = json!("/home/kim/shop");
    let settings = json!({"env": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/home/kim/token"}}).to_string();
    let live = home.with("/home/kim/shop/.claude/settings.json", &settings).test();
    assert_eq!(failed(&live), (Stage::Auth, "live-cloud-project-file", Outcome::NotTested));
    assert!(server.asked().is_empty());
}

#[test]
fn a_page_in_place_of_a_service_is_no_refusal() {
    let page = "<!DOCTYPE html><html><head><title>Corporate Network Login</title></head></html>";
    let server = StandIn::new(move |request| match request.path.as_str() {
        "/token" => Reply(200, vec![("content-type", "text/html")], page.to_owned()),
        _ => panic!("nothing else is asked"),
    });
    let live = on_vertex(&server, google_user("1//CANARYrefresh0123456789")).test();
    assert_eq!(failed(&live), (Stage::Responder, "live-responder-page", Outcome::Intercepted));
}
