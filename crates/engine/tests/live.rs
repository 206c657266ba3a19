//! The live test against scripted endpoints on this machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/scripted/mod.rs"]
mod scripted;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use authlight_core::report::{CredentialKind, Header, Live, Outcome, Provider, Stage, Status};
use authlight_core::secret::Secret;
use authlight_engine::live::{Audience, Carried, ClientFiles, Consent, Proxy, Trust, needed, test};
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};
use scripted::certificates::{Shown, authority, config, self_signed};
use scripted::recorder::Silent;
use scripted::reply::{COUNT, FOREIGN, MESSAGE, MODELS, PORTAL, Reply, answer, api_error, bomb, html, json};
use scripted::server::{Endpoint, encrypted, encrypted_as, forward_proxy, listen, plain, read_request};
use url::Url;

const LONG: Duration = Duration::from_secs(60);

fn key() -> String {
    ["sk-ant-", "api03-CANARYkeyCANARY-0123456789-abcdef"].concat()
}

// ---------------------------------------------------------------- runs

fn carried(kind: CredentialKind, secret: &str) -> Carried {
    let bearer = kind != CredentialKind::ApiKey;
    let header = if bearer { Header::Authorization } else { Header::XApiKey };
    Carried { header, kind, secret: Secret::new(secret), bearer }
}

fn audience(base: Url) -> Audience {
    Audience {
        base,
        provider: Provider::Gateway,
        model: "claude-opus-5-5".to_owned(),
        headers: vec![carried(CredentialKind::ApiKey, &key())],
        helper: None,
        extra_headers: Vec::new(),
        proxy: None,
        trust: Trust::default(),
        endpoint_from_project: false,
        is_claude_ai_login: false,
        cloud: None,
    }
}

fn run_with(audience: &Audience, consents: &[Consent], deadline: Duration, cancel: &AtomicBool) -> Live {
    let mut seen = Vec::new();
    let live = test(audience, consents, deadline, cancel, &mut |row| seen.push((row.stage, row.status)));
    let told: Vec<_> = live.stages.iter().map(|row| (row.stage, row.status)).collect();
    assert_eq!(seen, told, "every row is told as it ends");
    let shown = format!("{audience:?} {live:?} {}", serde_json::to_string(&live).unwrap());
    assert!(!shown.contains("CANARY"), "{shown}");
    for before in ["", "x", "xx"] {
        let encoded = base64_of(&format!("{before}CANARY"));
        assert!(!shown.contains(&encoded[if before.is_empty() { 0 } else { 4 }..8]), "base64 {encoded}: {shown}");
    }
    live
}

fn run(audience: &Audience) -> Live {
    run_with(audience, &[], LONG, &AtomicBool::new(false))
}

fn row(live: &Live, stage: Stage) -> &authlight_core::report::StageRow {
    live.stages.iter().find(|row| row.stage == stage).unwrap_or_else(|| panic!("no {stage:?}: {:#?}", live.stages))
}

/// The stage that failed, with its sentence.
fn halt(live: &Live) -> Option<(Stage, &str)> {
    let row = live.stages.iter().find(|row| row.status == Status::Fail)?;
    Some((row.stage, row.text.key.as_ref()))
}

// ---------------------------------------------------------------- answers

#[test]
fn a_message_that_costs_is_sent_with_the_persons_word_alone() {
    let script = || vec![json(200, MODELS), json(200, COUNT), json(200, MESSAGE)];
    let endpoint = plain(script());
    let live = run(&audience(endpoint.url("http")));
    assert!(live.works && row(&live, Stage::Quota).status == Status::Skipped);
    assert_eq!(endpoint.requests().len(), 2, "two free questions");

    let endpoint = plain(script());
    let live = run_with(&audience(endpoint.url("http")), &[Consent::OneToken], LONG, &AtomicBool::new(false));
    assert_eq!((live.outcome, live.works, row(&live, Stage::Quota).status), (Outcome::Verified, true, Status::Pass));
    let requests = endpoint.requests();
    assert!(requests[2].starts_with("POST /v1/messages ") && requests[2].contains("\"max_tokens\":1"), "{requests:?}");

    let poor = vec![
        json(200, MODELS),
        json(200, COUNT),
        api_error(400, "invalid_request_error", "Your credit balance is too low"),
    ];
    let live = run_with(&audience(plain(poor).url("http")), &[Consent::OneToken], LONG, &AtomicBool::new(false));
    assert_eq!((live.outcome, halt(&live)), (Outcome::Limited, Some((Stage::Quota, "live-quota-credit"))));
}

#[test]
fn the_other_header_is_tried_at_a_gateway_with_the_persons_word_alone() {
    let refused = || json(401, r#"{"error":{"message":"No key","type":"auth_error"}}"#);
    let with = |script: Vec<Reply>, provider, consents: &[Consent]| {
        let endpoint = plain(script);
        let audience = Audience { provider, ..audience(endpoint.url("http")) };
        (run_with(&audience, consents, LONG, &AtomicBool::new(false)), endpoint.requests())
    };
    let word = [Consent::OtherHeader];
    let (live, requests) = with(vec![refused(), json(200, MODELS), json(200, COUNT)], Provider::Gateway, &word);
    assert_eq!((live.outcome, halt(&live)), (Outcome::Rejected, Some((Stage::Auth, "live-auth-other-header"))));
    assert_eq!(row(&live, Stage::Auth).evidence["other_header"], "authorization accepted");
    assert!(requests[0].contains("\r\nx-api-key: ") && !requests[0].contains("\r\nauthorization: "));
    assert!(requests[1].contains("\r\nauthorization: Bearer ") && !requests[1].contains("\r\nx-api-key: "));

    let (live, _) = with(vec![refused()], Provider::Gateway, &word);
    assert_eq!(halt(&live), Some((Stage::Auth, "live-auth-rejected")));
    assert_eq!(row(&live, Stage::Auth).evidence["other_header"], "authorization not accepted");
    for (provider, consents) in [(Provider::Gateway, &[][..]), (Provider::Anthropic, &word[..])] {
        let (live, requests) = with(vec![refused()], provider, consents);
        assert!(!row(&live, Stage::Auth).evidence.contains_key("other_header") && requests.len() == 1, "{provider:?}");
    }
}

#[test]
fn the_words_of_claude_code_are_those_that_were_seen() {
    let api_key = || vec![carried(CredentialKind::ApiKey, &key())];
    let token = || vec![carried(CredentialKind::AuthToken, &key())];
    let both = || vec![carried(CredentialKind::ApiKey, &key()), carried(CredentialKind::AuthToken, "gw-CANARY-token")];
    let invalid = || api_error(401, "authentication_error", "invalid x-api-key");
    let credit = || api_error(400, "invalid_request_error", "Your credit balance is too low to access it.");
    let cases = vec![
        (invalid(), api_key(), Some("Invalid API key · Fix external API key".to_owned())),
        (invalid(), token(), Some("Not logged in · Please run /login".to_owned())),
        (invalid(), both(), None),
        (
            api_error(401, "authentication_error", "Invalid bearer token"),
            both(),
            Some("Failed to authenticate. API Error: 401 Invalid bearer token".to_owned()),
        ),
        (
            html(401, PORTAL),
            api_key(),
            Some("Failed to authenticate. API Error: 401 Corporate Network Login".to_owned()),
        ),
        (credit(), token(), Some("Credit balance is too low".to_owned())),
        (html(405, "<html></html>"), token(), Some("API Error: 405 Method Not Allowed".to_owned())),
        // A question that the endpoint does not know tells nothing about messages.
        (api_error(404, "not_found_error", "Not Found"), api_key(), None),
        (json(401, r#"{"error":"invalid_client"}"#), api_key(), None),
        (json(200, MODELS), api_key(), None),
    ];
    for (reply, headers, says) in cases {
        let endpoint = plain(vec![reply]);
        let live = run(&Audience { headers, ..audience(endpoint.url("http")) });
        assert_eq!(live.claude_says, says);
    }
    let endpoint = plain(vec![html(502, "<title>502 Bad Gateway</title>")]);
    let says = run(&audience(endpoint.url("http"))).claude_says.unwrap();
    let end = format!("check your inference gateway ({}).", endpoint.address);
    assert!(
        says.starts_with("API Error: 502 Bad Gateway. This is a server-side issue") && says.ends_with(&end),
        "{says}"
    );
}

#[test]
fn a_request_carries_what_claude_code_would_send_and_is_told_by_names() {
    let endpoint = plain(vec![json(200, MODELS)]);
    let base = Url::parse(&format!("http://user:CANARYpw@{}/llm/", endpoint.address)).unwrap();
    let live = run(&Audience {
        headers: vec![
            carried(CredentialKind::ApiKey, &format!(" {}\n", key())),
            carried(CredentialKind::AuthToken, "gw-CANARY-token"),
        ],
        extra_headers: vec![
            ("X-Team".to_owned(), Secret::new("CANARY-team-7")),
            ("User-Agent".to_owned(), Secret::new("somebody-else")),
        ],
        ..audience(base)
    });
    let request = endpoint.requests().remove(0);
    assert!(request.starts_with("GET /llm/v1/models HTTP/1.1\r\n"), "{request}");
    for line in [
        format!("x-api-key: {}", key()),
        "authorization: Bearer gw-CANARY-token".to_owned(),
        "x-team: CANARY-team-7".to_owned(),
        "anthropic-version: 2023-06-01".to_owned(),
        format!("user-agent: authlight/{}", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(request.lines().any(|sent| sent == line), "{line} in {request}");
    }
    assert_eq!(request.matches("user-agent").count(), 1);
    let sent: Vec<_> = live.sent.iter().map(|sent| (sent.path.as_str(), sent.headers.len())).collect();
    assert_eq!(sent, [("/llm/v1/models", 3), ("/llm/v1/messages/count_tokens", 3)]);
    let mut names = live.sent[0].headers.clone();
    names.sort();
    assert_eq!(names, ["authorization", "x-api-key", "x-team"]);
    assert_eq!(live.sent[0].path, "/llm/v1/models");
    assert_eq!(live.sent[0].origin, format!("http://{}", endpoint.address));
}

#[test]
fn userinfo_of_the_address_goes_as_basic() {
    let endpoint = plain(vec![json(200, MODELS)]);
    let headers = vec![Carried {
        header: Header::Authorization,
        kind: CredentialKind::UrlUserinfo,
        secret: Secret::new("user:pw"),
        bearer: false,
    }];
    run(&Audience { headers, ..audience(endpoint.url("http")) });
    assert!(endpoint.requests().concat().contains("authorization: Basic dXNlcjpwdw==\r\n"));
}

#[test]
fn a_server_that_repeats_the_key_gets_no_echo() {
    let key = key();
    let encoded = base64_of(&key);
    let part = &key[10..30];
    for message in [key.clone(), format!("got {part}!"), format!("Basic {encoded}"), format!("{key}{key}")] {
        let endpoint = plain(vec![api_error(401, "authentication_error", &message)]);
        let live = run(&audience(endpoint.url("http")));
        assert_eq!(live.outcome, Outcome::Rejected);
        assert!(live.claude_says.unwrap().contains('…'));
    }
    let endpoint = plain(vec![answer(302, &[("location", &format!("http://{key}.example/?k={key}"))], "")]);
    run(&audience(endpoint.url("http")));
}

#[test]
fn what_we_say_ourselves_stays_whatever_a_secret_is_called() {
    let endpoint = plain(vec![json(502, r#"{"error":{"message":"localhost said local","type":"x"}}"#)]);
    let base = Url::parse(&format!("http://localhost:{}/local", endpoint.address.port())).unwrap();
    let extra = |name: &str, value: &str| (name.to_owned(), Secret::new(value));
    let live = run(&Audience {
        headers: vec![carried(CredentialKind::AuthToken, "localhost")],
        extra_headers: vec![extra("X-Env", "local"), extra("X-Host", "http"), extra("X-Api-Key-2", "said")],
        ..audience(base.clone())
    });
    assert_eq!(live.sent[0].origin, format!("http://localhost:{}", endpoint.address.port()));
    assert_eq!(live.sent[0].path, "/local/v1/models");
    assert_eq!(row(&live, Stage::Dns).evidence["host"], "localhost");
    let says = live.claude_says.unwrap();
    assert!(says.starts_with("API Error: 502 … … local."), "{says}");
    assert!(says.ends_with(&format!("(localhost:{}).", endpoint.address.port())), "{says}");
    let live = run(&audience(base.join(&format!("/{}/", key())).unwrap()));
    assert_eq!(live.sent[0].path, "/…/v1/models");
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let elsewhere = Silent::new();
    let to = format!("{}portal?token=1", elsewhere.url()).replace("127.0.0.1", "localhost");
    let endpoint = plain(vec![answer(302, &[("location", &to)], "")]);
    let live = run(&audience(endpoint.url("http")));
    assert_eq!(live.outcome, Outcome::Intercepted);
    assert_eq!(halt(&live), Some((Stage::Responder, "live-responder-redirect-away")));
    let port = elsewhere.url().port().unwrap();
    assert_eq!(row(&live, Stage::Responder).evidence["redirect_to"], format!("http://localhost:{port}"));
    assert!(elsewhere.was_left_alone());

    let elsewhere = Silent::new();
    let endpoint = plain(vec![answer(302, &[("location", elsewhere.url().as_str())], "")]);
    let live = run(&audience(endpoint.url("http")));
    assert_eq!(live.outcome, Outcome::Intercepted, "another port is another place");
    assert!(live.claude_says.unwrap().contains("intercepting the request") && elsewhere.was_left_alone());

    let endpoint = plain(vec![answer(308, &[("location", "/v2/models")], "")]);
    let live = run(&audience(endpoint.url("http")));
    assert_eq!(halt(&live), Some((Stage::Responder, "live-responder-redirect-same")));
    assert_eq!(endpoint.requests().len(), 1);
}

#[test]
fn a_huge_answer_costs_little_and_a_long_list_still_counts() {
    for (model, outcome) in [
        (r#"{"type": "model", "id":"m"},"#, Outcome::Verified),
        (r#"{"id":"m", "object": "model"},"#, Outcome::NotTested),
    ] {
        let long = format!(r#"{{ "object": "list", "data": [ {} ]}}"#, model.repeat(80_000));
        let endpoint = plain(vec![json(200, &long), json(404, "{}")]);
        assert_eq!(run(&audience(endpoint.url("http"))).outcome, outcome);
    }

    let live = run(&audience(plain(vec![bomb(64, MODELS)]).url("http")));
    assert_eq!(halt(&live), Some((Stage::Responder, "live-responder-other")));
}

#[test]
fn the_servers_clock_is_compared() {
    let reply = answer(200, &[("date", "Sat, 01 Jan 2000 00:00:00 GMT")], MODELS);
    let live = run(&audience(plain(vec![reply]).url("http")));
    let skew: i64 = row(&live, Stage::Http).evidence["clock_skew_seconds"].parse().unwrap();
    assert!(skew > 26 * 365 * 86_400, "{skew}");
}

// ---------------------------------------------------------------- consent

#[test]
fn nothing_is_sent_without_consent() {
    let silent = Silent::new();
    let chosen = Audience { endpoint_from_project: true, ..audience(silent.url()) };
    let live = run(&chosen);
    assert_eq!(live.outcome, Outcome::NotTested);
    assert_eq!(live.stages[0].text.key, "live-auth-project-endpoint");
    assert_eq!(live.stages[0].evidence["host"], "127.0.0.1");
    assert!(silent.was_left_alone() && live.sent.is_empty());

    let http = audience(Url::parse("http://gateway.example:8080/").unwrap());
    let other = [
        Consent::PlainHttp { host: "other.example".to_owned() },
        Consent::ProjectEndpoint { host: "gateway.example".to_owned() },
    ];
    let live = run_with(&http, &other, LONG, &AtomicBool::new(false));
    assert_eq!((live.outcome, live.stages.len()), (Outcome::NotTested, 1));
    assert_eq!(live.stages[0].text.key, "live-auth-plain-http");
    assert_eq!(live.stages[0].evidence["host"], "gateway.example");
}

#[test]
fn loopback_through_a_proxy_elsewhere_is_no_loopback() {
    let proxy = Some(Proxy::new(Url::parse("http://proxy.example:3128").unwrap()));
    let away = Audience { proxy, ..audience(Url::parse("http://127.0.0.1:1").unwrap()) };
    assert_eq!(run(&away).stages[0].text.key, "live-auth-plain-http");
    assert_eq!(needed(&away), [Consent::PlainHttp { host: "127.0.0.1:1".to_owned() }]);
}

#[test]
fn plain_http_is_asked_about_unless_it_stays_on_this_machine() {
    let asked = |url: &str| needed(&audience(Url::parse(url).unwrap()));
    assert_eq!(asked("http://gw.example:8080"), [Consent::PlainHttp { host: "gw.example:8080".to_owned() }]);
    for loopback in ["http://127.0.0.1:4000", "http://localhost", "http://[::1]:80", "https://gw.example"] {
        assert_eq!(asked(loopback), [], "{loopback}");
    }
    assert_eq!(asked("http://localhost.example"), [Consent::PlainHttp { host: "localhost.example".to_owned() }]);
}

#[test]
fn the_way_is_tested_where_a_login_would_sign_in() {
    let endpoint = plain(vec![api_error(401, "authentication_error", "x-api-key header is required")]);
    let live = run(&Audience { headers: Vec::new(), is_claude_ai_login: true, ..audience(endpoint.url("http")) });
    assert_eq!((live.outcome, halt(&live)), (Outcome::NotTested, None));
    assert_eq!(row(&live, Stage::Responder).evidence["answered_by"], "api");
    assert_eq!(row(&live, Stage::Auth).text.key, "live-auth-login");
    assert_eq!(live.sent[0].headers, Vec::<String>::new());
}

#[test]
fn consent_opens_the_endpoint_that_it_names() {
    let endpoint = plain(vec![json(200, MODELS)]);
    let chosen = Audience { endpoint_from_project: true, ..audience(endpoint.url("http")) };
    for host in ["127.0.0.1".to_owned(), endpoint.address.to_string()] {
        let live = run_with(&chosen, &[Consent::ProjectEndpoint { host }], LONG, &AtomicBool::new(false));
        assert_eq!(live.outcome, Outcome::Verified);
    }
}

#[test]
fn a_claude_ai_login_is_never_sent() {
    let silent = Silent::new();
    let token = ["sk-ant-", "oat01-CANARY-login-0123456789"].concat();
    let plain = || audience(silent.url());
    let userinfo = Url::parse(&silent.url().as_str().replace("://", &format!("://u:{token}@"))).unwrap();
    let cases = [
        Audience { is_claude_ai_login: true, ..plain() },
        Audience { headers: vec![carried(CredentialKind::Login, "x")], ..plain() },
        Audience { headers: vec![carried(CredentialKind::OauthToken, "x")], ..plain() },
        Audience { headers: vec![carried(CredentialKind::Profile, "x")], ..plain() },
        Audience { headers: vec![carried(CredentialKind::ApiKey, &token)], ..plain() },
        Audience { headers: vec![carried(CredentialKind::ApiKey, &token.replace("oat", "ort"))], ..plain() },
        Audience { extra_headers: vec![("x-a".to_owned(), Secret::new(format!("Bearer {token}")))], ..plain() },
        Audience { base: userinfo.clone(), ..plain() },
        Audience { proxy: Some(Proxy::new(userinfo)), ..plain() },
    ];
    let host = || "127.0.0.1".to_owned();
    let consents = [Consent::ProjectEndpoint { host: host() }, Consent::PlainHttp { host: host() }];
    for case in cases {
        assert_eq!(needed(&case), [], "no word opens this");
        let live = run_with(&case, &consents, LONG, &AtomicBool::new(false));
        assert_eq!((live.outcome, live.sent.len()), (Outcome::NotTested, 0), "{case:?}");
        assert_eq!(live.stages[0].text.key, "live-auth-login");
    }
    assert!(silent.was_left_alone());
}

#[test]
fn a_cloud_provider_is_not_spoken_to() {
    let silent = Silent::new();
    let live = run(&Audience { provider: Provider::Bedrock, ..audience(silent.url()) });
    assert_eq!(live.stages[0].text.key, "live-auth-provider");
    assert!(silent.was_left_alone());
}

#[test]
fn a_gateway_is_told_by_its_list() {
    for second in [json(200, COUNT), json(404, "")] {
        let endpoint = plain(vec![json(200, FOREIGN), second]);
        let live = run(&audience(endpoint.url("http")));
        assert_eq!(row(&live, Stage::Responder).evidence["answered_by"], "gateway");
        assert!(live.stages.iter().all(|row| row.status != Status::Fail), "{:#?}", live.stages);
    }
}

#[test]
fn without_a_credential_nothing_is_said_about_one() {
    let endpoint = plain(vec![api_error(401, "authentication_error", "x-api-key header is required")]);
    let live = run(&Audience { headers: Vec::new(), ..audience(endpoint.url("http")) });
    assert_eq!(live.outcome, Outcome::NotTested);
    assert_eq!(row(&live, Stage::Responder).evidence["answered_by"], "api");
    assert!(!endpoint.requests().concat().contains("x-api-key"));
}

#[test]
fn a_key_that_no_request_can_hold_is_not_sent() {
    let endpoint = plain(vec![json(200, MODELS)]);
    let headers = vec![carried(CredentialKind::ApiKey, "sk-CANARY\u{200b}-rest")];
    let live = run(&Audience { headers, ..audience(endpoint.url("http")) });
    assert_eq!(halt(&live), Some((Stage::Auth, "live-auth-character")));
    assert_eq!(row(&live, Stage::Auth).evidence["position"], "10");
    assert!(endpoint.requests().is_empty());
}

// ---------------------------------------------------------------- connection

#[test]
fn a_dead_port_is_refused() {
    // The near end of a connection: nobody listens there, and nobody else is given it meanwhile.
    let far = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(far.local_addr().unwrap()).unwrap();
    let port = near.local_addr().unwrap().port();
    let live = run(&audience(Url::parse(&format!("http://127.0.0.1:{port}")).unwrap()));
    assert_eq!(live.outcome, Outcome::Unreachable);
    assert_eq!(halt(&live), Some((Stage::Tcp, "live-tcp-refused")));
    assert!(live.claude_says.unwrap().contains("ECONNREFUSED"));
    assert!(live.sent.is_empty());
}

#[test]
fn an_unknown_name_is_told() {
    // Too long for the name system, so that nobody is asked for it.
    let live = run(&audience(Url::parse(&format!("https://{}.invalid", "x".repeat(64))).unwrap()));
    assert_eq!(halt(&live), Some((Stage::Dns, "live-dns-unknown")));
    assert_eq!(live.outcome, Outcome::Unreachable);
}

#[test]
fn both_families_are_tried() {
    let endpoint = plain(vec![json(200, MODELS)]);
    let base = Url::parse(&format!("http://localhost:{}", endpoint.address.port())).unwrap();
    let live = run(&audience(base));
    assert_eq!(live.outcome, Outcome::Verified);
    let tcp = row(&live, Stage::Tcp);
    assert_eq!(tcp.evidence["ipv4"], format!("{} connected", endpoint.address));
    assert!(["no address", "refused", "no answer", "no route"].iter().any(|end| tcp.evidence["ipv6"].ends_with(end)));
}

#[test]
fn silence_is_an_outcome_of_its_own() {
    let silent = Silent::new();
    let live = run_with(&audience(silent.url()), &[], Duration::from_millis(500), &AtomicBool::new(false));
    assert_eq!(live.outcome, Outcome::TimedOut);
    assert_eq!(live.stages.last().unwrap().text.key, "live-timed-out");
    assert_eq!(live.claude_says.as_deref(), Some("Request timed out."));
}

#[test]
fn stop_ends_a_request_that_is_under_way() {
    let cancel = Arc::new(AtomicBool::new(false));
    let pressed = Arc::clone(&cancel);
    let endpoint = listen(move |mut stream| {
        let Some(request) = read_request(&mut stream) else { return };
        stream.note(&request);
        pressed.store(true, Ordering::SeqCst);
        // Holds the line until the other side gives up.
        let _ = stream.read(&mut [0]);
    });
    let live = run_with(&audience(endpoint.url("http")), &[], LONG, &cancel);
    assert_eq!(live.outcome, Outcome::NotTested);
    let last = live.stages.last().unwrap();
    assert_eq!((last.stage, last.status, last.text.key.as_ref()), (Stage::Http, Status::Skipped, "live-stopped"));
    assert_eq!(live.sent.len(), 1, "what had been sent is still told");
}

#[test]
fn stop_is_noticed_within_a_tenth_of_a_second() {
    // The best of some tries: on a busy machine any one of them may be late.
    let fastest = (0..5).map(|_| {
        let cancel = Arc::new(AtomicBool::new(false));
        let (flag, pressed) = (Arc::clone(&cancel), Arc::new(Mutex::new(None)));
        let when = Arc::clone(&pressed);
        let endpoint = listen(move |mut stream| {
            let Some(_) = read_request(&mut stream) else { return };
            // Whoever presses does so while nothing else happens that would wake the test.
            std::thread::sleep(Duration::from_millis(30));
            *when.lock().unwrap() = Some(Instant::now());
            flag.store(true, Ordering::SeqCst);
            let _ = stream.read(&mut [0]);
        });
        run_with(&audience(endpoint.url("http")), &[], LONG, &cancel);
        pressed.lock().unwrap().unwrap().elapsed()
    });
    let fastest = fastest.min().unwrap();
    assert!(fastest < Duration::from_millis(100), "{fastest:?}");
}

#[test]
fn stop_before_the_start_sends_nothing() {
    let silent = Silent::new();
    let live = run_with(&audience(silent.url()), &[], LONG, &AtomicBool::new(true));
    assert!(live.sent.is_empty());
    assert_eq!(live.outcome, Outcome::NotTested);
    assert!(silent.was_left_alone());
}

// ---------------------------------------------------------------- certificates

#[test]
fn a_certificate_of_this_machine_is_shown_to_whoever_asks_for_one() {
    let company = authority("Example Corp Root");
    let (folder, root) = company.file();
    let clients =
        |params: &mut CertificateParams| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let (certificate, key) = company.leaf("kim", clients);
    let other = KeyPair::generate().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let certificate = write("kim.pem", &certificate.pem());
    for shown in [Shown::WantsClient12, Shown::WantsClient13] {
        let endpoint = encrypted_as(config(shown, &company), vec![json(200, MODELS), json(200, COUNT)]);
        let with = |client| {
            let trust = Trust { extra_ca_files: vec![root.clone()], client, ..Trust::default() };
            run(&Audience { trust, ..audience(endpoint.url("https")) })
        };
        let files = |key: &str| Some(ClientFiles { certificate: certificate.clone(), key: write("kim.key", key) });
        let live = with(files(&key.serialize_pem()));
        assert_eq!((live.outcome, live.works), (Outcome::Verified, true), "{:#?}", live.stages);
        assert_eq!(row(&live, Stage::Tls).evidence["client_certificate"], "ready");

        let asked = endpoint.requests().len();
        for client in [None, files(&other.serialize_pem()), files("-----BEGIN ENCRYPTED PRIVATE KEY-----")] {
            let live = with(client);
            assert_eq!(halt(&live), Some((Stage::Tls, "live-tls-client-certificate")), "{:#?}", live.stages);
        }
        assert_eq!(endpoint.requests().len(), asked, "without it nothing is sent");
    }
}

#[test]
fn a_company_root_of_the_large_curve_is_believed_when_it_is_named() {
    let company = authority("Example Corp Root");
    let (_folder, file) = company.file();
    let endpoint = encrypted(company.leaf("127.0.0.1", |_| ()), vec![json(200, MODELS)]);
    let trusted = |trust| Audience { trust, ..audience(endpoint.url("https")) };

    let live = run(&trusted(Trust { extra_ca_files: vec![file.clone()], ..Trust::default() }));
    assert_eq!(live.outcome, Outcome::Verified, "{:#?}", live.stages);
    let tls = row(&live, Stage::Tls);
    assert_eq!(
        (tls.evidence["issuer"].as_str(), tls.evidence["names"].as_str()),
        ("CN=Example Corp Root", "127.0.0.1")
    );
    assert_eq!(tls.evidence["extra_certificates company-root.pem"], "1");

    let live = run(&trusted(Trust { ssl_cert_file: Some(file.clone()), bundled_only: true, ..Trust::default() }));
    assert_eq!(live.outcome, Outcome::Verified);
    assert_eq!(endpoint.requests().len(), 4);

    let missing = file.with_file_name("gone.pem");
    let live = run(&trusted(Trust { extra_ca_files: vec![missing], ..Trust::default() }));
    assert_eq!(halt(&live), Some((Stage::Tls, "live-tls-unknown-issuer")));
    assert!(row(&live, Stage::Tls).evidence.contains_key("extra_certificates gone.pem"));
    assert_eq!(live.outcome, Outcome::Intercepted);
    assert_eq!(row(&live, Stage::Tls).evidence["issuer"], "CN=Example Corp Root");
    assert_eq!(endpoint.requests().len(), 4, "nothing is sent to whom is not trusted");
}

#[test]
fn a_certificate_that_fails_stops_before_anything_is_sent() {
    let company = authority("Example Corp Root");
    let (_folder, file) = company.file();
    let own_key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&own_key).unwrap();
    let expired = company.leaf("127.0.0.1", |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    let early = company.leaf("127.0.0.1", |params| params.not_before = rcgen::date_time_ymd(2999, 1, 1));
    let cases = [
        (expired, "live-tls-expired", Outcome::Unreachable, Some("SSL certificate has expired")),
        (early, "live-tls-not-yet", Outcome::Unreachable, Some("SSL certificate is not yet valid")),
        (
            company.leaf("other.example", |_| ()),
            "live-tls-other-name",
            Outcome::Intercepted,
            Some("SSL certificate hostname mismatch"),
        ),
        (
            (own, own_key),
            "live-tls-self-signed",
            Outcome::Intercepted,
            Some("Self-signed certificate detected (DEPTH_ZERO_SELF_SIGNED_CERT)"),
        ),
    ];
    for (certificate, key, outcome, says) in cases {
        let endpoint = encrypted(certificate, vec![json(200, MODELS)]);
        let trust = Trust { extra_ca_files: vec![file.clone()], ..Trust::default() };
        let live = run(&Audience { trust, ..audience(endpoint.url("https")) });
        assert_eq!((halt(&live), live.outcome), (Some((Stage::Tls, key)), outcome), "{:#?}", live.stages);
        let says = says.map(|words| format!("API Error: Unable to connect to API: {words}"));
        assert_eq!(live.claude_says, says);
        assert!(endpoint.requests().is_empty() && live.sent.is_empty());
    }
}

#[test]
fn a_self_signed_certificate_is_believed_where_it_is_named_itself() {
    let folder = tempfile::tempdir().unwrap();
    let run_named = |(certificate, key): (rcgen::Certificate, KeyPair), named: &str| {
        let file = folder.path().join("server.pem");
        std::fs::write(&file, named).unwrap();
        let endpoint = encrypted((certificate, key), vec![json(200, MODELS)]);
        let trust = Trust { extra_ca_files: vec![file], ..Trust::default() };
        let live = run(&Audience { trust, ..audience(endpoint.url("https")) });
        assert_ne!(live.outcome == Outcome::Verified, endpoint.requests().is_empty());
        (live.outcome, halt(&live).map(|(_, key)| key.to_owned()))
    };
    let ends = |key: &str, outcome| (outcome, Some(key.to_owned()));
    let named = |pair: (rcgen::Certificate, KeyPair)| {
        let pem = pair.0.pem();
        run_named(pair, &pem)
    };
    assert_eq!(named(self_signed("127.0.0.1", |_| ())), (Outcome::Verified, None));
    let other = self_signed("other.example", |_| ());
    assert_eq!(named(other), ends("live-tls-other-name", Outcome::Intercepted));
    let expired = self_signed("127.0.0.1", |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    assert_eq!(named(expired), ends("live-tls-expired", Outcome::Unreachable));
    // The same names on another key.
    let somebody = self_signed("127.0.0.1", |_| ());
    let twin = self_signed("127.0.0.1", |_| ()).0.pem();
    assert_eq!(run_named(somebody, &twin), ends("live-tls-self-signed", Outcome::Intercepted));
}

#[test]
fn what_claude_code_does_not_check_is_neither_refused_nor_sent_to() {
    let unchecked = |endpoint: &Endpoint| {
        let trust = Trust { unchecked: true, ..Trust::default() };
        run(&Audience { trust, ..audience(endpoint.url("https")) })
    };
    let endpoint = encrypted(self_signed("127.0.0.1", |_| ()), vec![json(200, MODELS)]);
    let live = unchecked(&endpoint);
    assert_eq!((live.outcome, live.claude_says.as_deref()), (Outcome::NotTested, None), "{:#?}", live.stages);
    let tls = live.stages.last().unwrap();
    assert_eq!((tls.stage, tls.status, tls.text.key.as_ref()), (Stage::Tls, Status::Unknown, "live-tls-unchecked"));
    assert!(endpoint.requests().is_empty() && live.sent.is_empty());
    let no_encryption = listen(|mut stream| {
        let _ = stream.read(&mut [0; 16]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    assert_eq!(halt(&unchecked(&no_encryption)), Some((Stage::Tls, "live-tls-not-tls")));
}

#[test]
fn encryption_on_a_plain_port_is_told() {
    let endpoint = plain(vec![]);
    let listener = listen(|mut stream| {
        let _ = stream.read(&mut [0; 16]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let live = run(&audience(listener.url("https")));
    assert_eq!(halt(&live), Some((Stage::Tls, "live-tls-not-tls")));
    assert!(endpoint.requests().is_empty());
}

#[test]
fn a_file_of_authorities_that_never_ends_is_not_read() {
    let endpoint = plain(vec![json(200, MODELS)]);
    let trust = Trust { extra_ca_files: vec![PathBuf::from("/dev/zero"), std::env::temp_dir()], ..Trust::default() };
    assert_eq!(run(&Audience { trust, ..audience(endpoint.url("http")) }).outcome, Outcome::Verified);
}

// ---------------------------------------------------------------- proxy

#[test]
fn a_tunnel_leads_to_the_endpoint_and_its_certificate_is_still_looked_at() {
    let company = authority("Example Corp Root");
    let (_folder, file) = company.file();
    let endpoint = encrypted(company.leaf("127.0.0.1", |_| ()), vec![json(200, MODELS)]);
    let proxy = forward_proxy(200);
    let address = Url::parse(&format!("http://user:CANARY%3Apw@{}", proxy.address)).unwrap();
    let live = run(&Audience {
        trust: Trust { extra_ca_files: vec![file], ..Trust::default() },
        proxy: Some(Proxy::new(address)),
        ..audience(endpoint.url("https"))
    });
    assert_eq!(live.outcome, Outcome::Verified, "{:#?}", live.stages);
    assert_eq!(row(&live, Stage::Tls).evidence["issuer"], "CN=Example Corp Root");
    let line = format!("proxy-authorization: basic {}", base64_of("user:CANARY:pw").to_ascii_lowercase());
    let asked = proxy.requests();
    assert_eq!(asked.len(), 3, "one look at the certificate, two questions");
    assert!(asked.iter().all(|request| request.to_ascii_lowercase().contains(&line)), "{asked:?}");
    assert!(asked.iter().all(|request| !request.contains("x-api-key")));
    assert_eq!(live.sent[0].headers, ["proxy-authorization"]);
    assert!(!endpoint.requests().concat().to_ascii_lowercase().contains("proxy-authorization"));
}

#[test]
fn a_proxy_that_refuses_is_told_from_the_endpoint() {
    let endpoint = Silent::new();
    let base = Url::parse(&endpoint.url().as_str().replace("http:", "https:")).unwrap();
    for (status, key) in [(407, "live-proxy-credentials"), (403, "live-proxy-refused"), (502, "live-proxy-refused")] {
        let proxy = forward_proxy(status);
        let live = run(&Audience { proxy: Some(Proxy::new(proxy.url("http"))), ..audience(base.clone()) });
        assert_eq!((halt(&live), live.outcome), (Some((Stage::Proxy, key)), Outcome::Unreachable));
        assert!(live.claude_says.as_deref().unwrap().contains("ERR_PROXY_TUNNEL"));
        if status == 407 {
            assert_eq!(row(&live, Stage::Proxy).evidence["schemes"], "Basic");
        }
    }
    assert!(endpoint.was_left_alone());
}

#[test]
fn plain_http_goes_through_the_proxy_whole() {
    let proxy = plain(vec![json(200, MODELS)]);
    let endpoint = Silent::new();
    let live = run(&Audience { proxy: Some(Proxy::new(proxy.url("http"))), ..audience(endpoint.url()) });
    assert_eq!(live.outcome, Outcome::Verified);
    assert!(proxy.requests()[0].starts_with(&format!("GET {}v1/models HTTP/1.1", endpoint.url())));
    assert!(endpoint.was_left_alone());
}

#[test]
fn a_socks_proxy_is_told_as_claude_code_tells_it() {
    let silent = Silent::new();
    let proxy = Url::parse(&silent.url().as_str().replace("http:", "socks5:")).unwrap();
    let live = run(&Audience { proxy: Some(Proxy::new(proxy)), ..audience(Url::parse("https://gw.example").unwrap()) });
    assert_eq!(halt(&live), Some((Stage::Proxy, "live-proxy-scheme")));
    assert!(live.claude_says.unwrap().contains("UnsupportedProxyProtocol"));
    assert!(silent.was_left_alone());
}

// ---------------------------------------------------------------- our own environment

#[test]
fn our_own_environment_decides_nothing() {
    // The same tests once more, in a process whose variables point to nowhere.
    let nowhere = Silent::new();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args([
        "--exact",
        "a_request_carries_what_claude_code_would_send_and_is_told_by_names",
        "a_company_root_of_the_large_curve_is_believed_when_it_is_named",
    ]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        child.env(name, nowhere.url().as_str());
    }
    child.env("SSL_CERT_FILE", "/gone.pem").env("SSL_CERT_DIR", "/gone").env_remove("NO_PROXY").env_remove("no_proxy");
    let done = child.output().unwrap();
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && text.contains("2 passed"), "{text}");
    assert!(nowhere.was_left_alone());
}

// ---------------------------------------------------------------- words

#[test]
fn every_sentence_of_the_test_has_words() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let words = std::fs::read_to_string(folder.join("../../assets/locales/en/live.ftl")).unwrap();
    let mut named = std::collections::BTreeSet::new();
    // The core says why a cloud's sign-in cannot be made.
    let mut files = vec![folder.join("../core/src/providers/sign_in.rs")];
    let mut folders = vec![folder.join("src/live")];
    while let Some(folder) = folders.pop() {
        let inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (more, found): (Vec<_>, Vec<_>) = inside.partition(|path| path.is_dir());
        folders.extend(more);
        files.extend(found);
    }
    for file in files {
        let source = std::fs::read_to_string(file).unwrap();
        named.extend(source.split('"').filter(|text| text.starts_with("live-")).map(str::to_owned));
    }
    let given: std::collections::BTreeSet<String> =
        words.lines().filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect();
    assert_eq!(named, given);
    assert!(named.len() > 40);
}
