//! The hosts that a login needs, and the page on which the service tells how it does: asked through a proxy on this machine
//! that plays them all.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may stop where it stands

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use authlight_core::report::{Outcome, Reached, Status};
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Examined, Platform, Variable};
use authlight_engine::examination::{Examination, Trial};
use authlight_engine::live::Consent;
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::session::ErrandTrouble;
use authlight_engine::words::Language;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a host does when it is asked for.
#[derive(Clone, Copy)]
enum Host {
    /// The proxy lets nobody through to it.
    Barred,
    /// It answers whatever it is asked with this status and body.
    Answers(u16, &'static str),
}

/// A proxy that is every host itself, with certificates of an authority of its own.
struct World {
    proxy: String,
    root: tempfile::TempDir,
    asked: Arc<Mutex<Vec<String>>>,
}

fn read_head(stream: &mut impl Read) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

impl World {
    fn of(hosts: &[(&'static str, Host)]) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Arc::new(Issuer::new(params, key));
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("home/kim/.claude")).unwrap();
        std::fs::write(root.path().join("root.pem"), pem).unwrap();

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (kept, hosts) = (Arc::clone(&asked), hosts.iter().copied().collect::<BTreeMap<_, _>>());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, kept, issuer, hosts) =
                    (stream.unwrap(), Arc::clone(&kept), Arc::clone(&issuer), hosts.clone());
                std::thread::spawn(move || -> Option<()> {
                    let head = read_head(&mut stream)?;
                    let host = head.strip_prefix("CONNECT ")?.split(':').next()?.to_owned();
                    kept.lock().unwrap().push(host.clone());
                    let Host::Answers(status, body) = hosts.get(host.as_str()).copied().unwrap_or(Host::Barred) else {
                        return stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").ok();
                    };
                    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
                    let key = KeyPair::generate().unwrap();
                    let leaf = CertificateParams::new([host.clone()]).unwrap().signed_by(&key, &issuer).unwrap();
                    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
                    let config =
                        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                            .with_safe_default_protocol_versions()
                            .unwrap()
                            .with_no_client_auth()
                            .with_single_cert(vec![leaf.der().clone()], key)
                            .unwrap();
                    let mut stream = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream);
                    let head = read_head(&mut stream)?;
                    kept.lock().unwrap().push(format!("{host}: {head}"));
                    let length = body.len();
                    write!(
                        stream,
                        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nrequest-id: req_FAKE\r\n\
                         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
                    )
                    .ok()?;
                    stream.conn.send_close_notify();
                    stream.flush().ok()
                });
            }
        });
        Self { proxy, root, asked }
    }

    /// Tests what these variables sign in with, on a machine whose way goes through the proxy.
    fn test(&self, variables: &[(&str, &str)], consents: &[Consent]) -> authlight_core::report::Live {
        let disk = Disk::below(self.root.path().to_owned(), Platform::Linux);
        let mut all = vec![("HTTPS_PROXY", self.proxy.as_str()), ("NODE_EXTRA_CA_CERTS", "/root.pem")];
        all.extend(variables);
        let variables = all.iter().filter_map(|(name, value)| Variable::of(Platform::Linux, name, Secret::new(*value)));
        let examined = Examined::of_process(Platform::Linux, "/home/kim", variables.collect());
        let examination = Examination::look(&disk, examined);
        let outside = |path: &str| disk.outside(path);
        let trial = Trial {
            outside: &outside,
            consents,
            deadline: Duration::from_secs(60),
            cancel: &AtomicBool::new(false),
            run: &|_| Err(ErrandTrouble::Cancelled),
        };
        examination.test(&trial, &mut |_| {}).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn root_file(&self) -> PathBuf {
        self.root.path().join("root.pem")
    }
}

fn told(reached: &[Reached]) -> Vec<(&str, Status, &str)> {
    reached.iter().map(|host| (host.origin.as_str(), host.status, host.text.key.as_ref())).collect()
}

const REFUSED: &str =
    r#"{"type":"error","error":{"type":"authentication_error","message":"x-api-key header is required"}}"#;

fn token() -> String {
    ["sk-ant-", "oat01-REACHCANARY-", &"z".repeat(60)].concat()
}

#[test]
fn the_hosts_of_a_login_are_reached_without_any_credential() {
    let world = World::of(&[
        ("api.anthropic.com", Host::Answers(401, REFUSED)),
        ("platform.claude.com", Host::Answers(200, "{}")),
        ("claude.ai", Host::Barred),
    ]);
    assert!(world.root_file().is_file());
    let live = world.test(&[("CLAUDE_CODE_OAUTH_TOKEN", &token())], &[]);
    let expected = [
        ("https://platform.claude.com", Status::Pass, "live-tls-trusted"),
        ("https://claude.ai", Status::Fail, "live-proxy-refused"),
    ];
    assert_eq!(told(&live.reached), expected, "{live:#?}");
    let mut said = live.clone();
    said.say(&Language::english());
    let words: Vec<&str> = said.reached.iter().map(|host| host.text.text()).collect();
    assert!(words[0].contains("is trusted") && words[1].contains("does not let us through"), "{words:?}");
    let asked = world.asked();
    assert!(!asked.concat().contains("REACHCANARY"), "{asked:?}");
    assert!(!asked.iter().any(|line| line.starts_with("platform.claude.com: ")), "nothing is asked of it: {asked:?}");
}

#[test]
fn where_a_key_signs_in_nobody_looks_at_the_hosts_of_a_login() {
    let world = World::of(&[("api.anthropic.com", Host::Answers(401, REFUSED))]);
    let key = ["sk-ant-", "api03-REACHCANARY-", &"z".repeat(60)].concat();
    let live = world.test(&[("ANTHROPIC_AUTH_TOKEN", &key)], &[]);
    assert_eq!((live.outcome, live.reached.len()), (Outcome::Rejected, 0), "{live:#?}");
    assert!(world.asked().iter().all(|line| line.starts_with("api.anthropic.com")));
}

#[test]
fn the_service_is_asked_how_it_does_where_it_fails_and_the_person_agrees() {
    let overloaded = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    let key = ["sk-ant-", "api03-REACHCANARY-", &"z".repeat(60)].concat();
    let variables = [("ANTHROPIC_AUTH_TOKEN", key.as_str())];
    let word = [Consent::ServiceStatus];
    for (page, sentence, status) in [
        (
            Host::Answers(200, r#"{"status":{"indicator":"none","description":"All Systems Operational"}}"#),
            "live-service-well",
            Status::Pass,
        ),
        (
            Host::Answers(200, r#"{"status":{"indicator":"major","description":"Partial outage"}}"#),
            "live-service-trouble",
            Status::Warn,
        ),
        (Host::Answers(200, "<html>"), "live-service-unknown", Status::Unknown),
        (Host::Answers(503, "{}"), "live-service-unknown", Status::Unknown),
        (Host::Barred, "live-service-unknown", Status::Unknown),
    ] {
        let world = World::of(&[("api.anthropic.com", Host::Answers(529, overloaded)), ("status.claude.com", page)]);
        let live = world.test(&variables, &word);
        let service = live.service.as_ref().unwrap();
        assert_eq!((service.text.key.as_ref(), service.status), (sentence, status), "{live:#?}");
        let mut said = live.clone();
        said.say(&Language::english());
        assert!(said.service.unwrap().text.text().contains(' '), "a sentence, no key");
        let asked = world.asked();
        let of_the_page: Vec<_> = asked.iter().filter(|line| line.starts_with("status.claude.com: ")).collect();
        assert!(of_the_page.iter().all(|line| !line.contains("REACHCANARY")), "{asked:?}");
    }
    let world = World::of(&[("api.anthropic.com", Host::Answers(529, overloaded))]);
    assert!(world.test(&variables, &[]).service.is_none());
    assert!(world.asked().iter().all(|line| line.starts_with("api.anthropic.com")));
}
