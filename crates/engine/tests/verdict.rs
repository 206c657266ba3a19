//! The verdict against what the real program was recorded doing: where it stops, the verdict is a problem; where it
//! gets through, none is cried.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/recorded.rs"]
mod recorded;

use std::time::Duration;

use authlight_core::claude_code::auth_status;
use authlight_core::judge::{self, RunFacts};
use authlight_core::message::Words;
use authlight_core::report::{Live, Mode, Report, Status};
use authlight_core::route::resolve;
use authlight_engine::examination::Examination;
use authlight_engine::practice;
use authlight_engine::words::Language;

use recorded::{Ended, Recorded};

/// What may be red although the scripted server took the request: it takes anything, and asks nobody's leave.
const FOUNDED: &[(&str, &str)] = &[
    ("AL-1-05", "a placeholder is sent as it stands; no real server knows it"),
    ("AL-1-06", "the quotation marks are sent along; no real server knows such a key"),
    ("AL-1-07", "the word Bearer is sent twice"),
    ("AL-1-09", "a login token is sent as a key; the real API does not take it there"),
    ("AL-1-10", "an admin key is sent; the Messages API does not take it"),
    ("AL-1-11", "a key is sent as a login token; the real API does not take it there"),
    ("AL-4-01", "the folder's settings send the person's credential to an address of their own"),
];

fn judged(case: &Recorded, mode: Mode) -> Report {
    let root = tempfile::tempdir().unwrap();
    let snapshot = case.snapshot(root.path(), mode);
    let run = RunFacts { tool_version: "0".to_owned(), id: "0".to_owned(), online: false, clock: Duration::default };
    judge::judge(&snapshot, &Live::default(), &run)
}

fn line(case: &Recorded, report: &Report, printed: &str) -> String {
    let verdict = &report.verdict;
    let found: Vec<_> = report
        .causes
        .iter()
        .flat_map(|cause| &cause.checks)
        .filter(|finding| finding.status >= Status::Warn)
        .map(|finding| format!("{} {}", finding.code.clone().unwrap_or_default(), finding.status.word()))
        .collect();
    format!(
        "{}: {} {} {found:?} predicted {:?} {:?}, printed {printed:?}",
        case.id,
        verdict.status.word(),
        Language::english().say(&verdict.headline),
        report.prediction.sends_request,
        report.prediction.message,
    )
}

#[test]
fn where_the_real_program_stops_the_verdict_is_a_problem() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for case in recorded::all().iter().filter(|case| !case.cannot_be_laid_out()) {
        let (mode, Ended::Stopped(printed)) = case.ended() else { continue };
        let report = judged(case, mode);
        seen += 1;
        // What it asks first, the person answers; then a warning is enough.
        let asked = report.prediction.asks.is_some() && report.verdict.status == Status::Warn;
        // A cloud's credentials may come from where no file tells; then the message is told instead.
        let cannot_be_known = report.prediction.sends_request.is_none() && report.prediction.message.is_some();
        let unknown_message = report.verdict.code.as_deref() == Some("AL-0-49");
        if unknown_message || report.verdict.status != Status::Fail && !cannot_be_known && !asked {
            wrong.push(line(case, &report, &printed));
        }
    }
    assert!(seen > 50, "{seen} cases");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn where_the_real_program_gets_through_no_problem_is_cried() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for case in recorded::all().iter().filter(|case| !case.cannot_be_laid_out()) {
        let (mode, Ended::GotThrough) = case.ended() else { continue };
        let report = judged(case, mode);
        seen += 1;
        let cried = report.causes.iter().flat_map(|cause| &cause.checks).filter(|found| found.status == Status::Fail);
        let unfounded = |code: &str| !FOUNDED.iter().any(|(founded, _)| *founded == code);
        if cried.filter_map(|found| found.code.as_deref()).any(unfounded) {
            wrong.push(line(case, &report, "MOCK-OK"));
        }
    }
    assert!(seen > 100, "{seen} cases");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_auth_status_says_is_foreseen() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for case in recorded::all().iter().filter(|case| !case.cannot_be_laid_out()) {
        let Some((logged_in, method)) = case.auth_status() else { continue };
        let root = tempfile::tempdir().unwrap();
        let snapshot = case.snapshot(root.path(), Mode::Print);
        let said = auth_status::predict(&snapshot, &resolve(&snapshot));
        seen += 1;
        if (said.logged_in, said.method) != (logged_in, method.as_str()) {
            wrong.push(format!("{}: said {logged_in} {method}, foreseen {said:?}", case.id));
        }
    }
    assert!(seen > 200, "{seen} cases");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_reason_leads_and_not_what_follows_from_it() {
    let words = Language::english();
    for (story, code, status) in [
        ("settings-trailing-comma", "AL-0-01", Status::Fail),
        ("key-declined-once", "AL-1-02", Status::Fail),
        ("settings-made-up-key", "AL-4-05", Status::Fail),
        ("settings-empty-string", "AL-4-03", Status::Fail),
        ("no-sign-in-at-all", "AL-2-01", Status::Fail),
        ("key-not-yet-approved", "AL-1-03", Status::Warn),
        ("settings-beat-shell", "AL-4-02", Status::Warn),
    ] {
        let scenario = practice::find(story).unwrap().unwrap();
        let home = scenario.home_at(1_795_435_200_000, None).unwrap();
        let report = Examination::look(&home.machine(), home.examined()).report(&Live::default(), &words);
        assert_eq!((report.verdict.code.as_deref(), report.verdict.status), (Some(code), status), "{story}");
        let cause = report.cause(report.verdict.cause.unwrap()).unwrap();
        assert_eq!((cause.light, cause.status), (report.verdict.light, status), "{story}: its own light says the same");
    }
}
