//! Cause 5 where a scenario cannot show it: answers of the real hosts, and the ports of this machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use authlight_core::message::Message;
use authlight_core::report::{Cause, CauseReport, Light, Live, Outcome, Owner, Stage, StageRow, Status};
use authlight_engine::examination::Examination;
use authlight_engine::machine::Machine;
use authlight_engine::machine::os::Disk;
use authlight_engine::practice::Scenario;
use authlight_engine::words::Language;
use serde_json::{Value, json};

/// What cause 5 says once a test of the usual address came to `outcome` at `stage`, with that sentence.
fn after(outcome: Outcome, stage: Stage, key: &'static str) -> CauseReport {
    after_with(json!({"ANTHROPIC_API_KEY": "{{key:api:CANARY1}}"}), outcome, stage, key)
}

/// The same in another environment, where nothing listens on this machine.
fn after_with(environment: Value, outcome: Outcome, stage: Stage, key: &'static str) -> CauseReport {
    let scenario = json!({"name": "usual", "mode": "print", "listening": [], "environment": environment});
    let home = Scenario::from_json(&scenario.to_string()).unwrap().home_at(0, None).unwrap();
    let status = if outcome == Outcome::Verified { Status::Pass } else { Status::Fail };
    let row = StageRow { stage, status, text: Message::new(key), evidence: Default::default(), duration_ms: 1.0 };
    let live = Live { stages: vec![row], outcome, ..Live::default() };
    let report = Examination::look(&home.machine(), home.examined()).report(&live, &Language::english());
    report.causes.into_iter().find(|cause| cause.id == Cause::Endpoint).unwrap()
}

fn code(cause: &CauseReport) -> Option<&str> {
    cause.checks.iter().find_map(|finding| finding.code.as_deref())
}

#[test]
fn each_end_of_the_test_on_the_way_is_a_finding_of_its_own() {
    for (outcome, stage, key, expected) in [
        (Outcome::Unreachable, Stage::Dns, "live-dns-unknown", "AL-5-46"),
        (Outcome::Unreachable, Stage::Tcp, "live-tcp-no-route", "AL-5-46"),
        (Outcome::Unreachable, Stage::Tls, "live-tls-expired", "AL-5-46"),
        (Outcome::Intercepted, Stage::Tls, "live-tls-unknown-issuer", "AL-5-47"),
        (Outcome::TimedOut, Stage::Tcp, "live-timed-out", "AL-5-48"),
    ] {
        let cause = after(outcome, stage, key);
        assert_eq!((code(&cause), cause.light, cause.owner), (Some(expected), Light::Red, Owner::Person), "{key}");
        assert!(cause.headline.text().contains("api.anthropic.com"), "{}", cause.headline.text());
    }
}

#[test]
fn trouble_of_the_service_is_not_the_persons() {
    let cause = after(Outcome::ServerError, Stage::Http, "live-http-server-error");
    assert_eq!((code(&cause), cause.light, cause.owner), (Some("AL-5-49"), Light::Blue, Owner::Anthropic));
}

#[test]
fn an_answer_opens_the_way_even_where_it_is_a_refusal() {
    for outcome in [Outcome::Verified, Outcome::Rejected, Outcome::Blocked, Outcome::Limited] {
        let cause = after(outcome, Stage::Auth, "live-auth-rejected");
        assert_eq!((cause.light, cause.status, code(&cause)), (Light::Green, Status::Pass, None), "{outcome:?}");
    }
    let cause = after(Outcome::NotTested, Stage::Auth, "live-auth-none-sent");
    assert_eq!((cause.light, cause.status), (Light::Grey, Status::Unknown));
}

#[test]
fn what_looked_wrong_with_the_way_is_forgotten_once_it_answered() {
    for (url, expected) in [("http://127.0.0.1:4000", "AL-5-17"), ("https://gw.example/v1", "AL-5-06")] {
        let environment = json!({"ANTHROPIC_AUTH_TOKEN": "{{key:gateway:CANARY1}}", "ANTHROPIC_BASE_URL": url});
        let before = after_with(environment.clone(), Outcome::NotTested, Stage::Auth, "live-auth-none-sent");
        assert_eq!(code(&before), Some(expected));
        let answered = after_with(environment, Outcome::Verified, Stage::Auth, "live-auth-known");
        assert_eq!((code(&answered), answered.light), (None, Light::Green), "{url}");
    }
}

#[test]
fn every_sentence_of_a_stage_that_ends_the_test_has_words_of_its_own() {
    let words = Language::english();
    let said = |what: &'static str, code: &str| {
        let message = [("host", "h".into()), ("stage", "tls".into()), ("what", what.into())];
        words.text_with(format!("{code}.saw"), &message)
    };
    let other = said("something-else", "AL-5-46");
    for what in ["dns-unknown", "tcp-refused", "proxy-credentials", "tls-not-yet", "responder-path"] {
        assert_ne!(said(what, "AL-5-46"), other, "{what}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_port_that_listens_is_seen_and_one_that_only_talks_is_not() {
    use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

    use authlight_core::snapshot::Platform;

    let disk = Disk::running(Platform::Linux);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let talking = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let seen = disk.listening();
    let holds = |address: SocketAddr| seen.found().unwrap().contains(&address.port());
    assert!(holds(listener.local_addr().unwrap()));
    assert!(!holds(talking.local_addr().unwrap()));
}

#[test]
fn a_disk_that_does_not_run_tells_nothing_of_ports() {
    use authlight_core::snapshot::Platform;
    let folder = tempfile::tempdir().unwrap();
    for platform in [Platform::Linux, Platform::MacOs, Platform::Windows] {
        assert!(Disk::below(folder.path().to_owned(), platform).listening().is_absent(), "{platform:?}");
    }
}
