//! Every scenario, in memory and on disk: what is to be found is found, what must stay dark stays dark, and every
//! report holds what reports promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/every_scenario.rs"]
mod every_scenario;
#[path = "support/report_schema.rs"]
mod schema_validation;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::checks;
use authlight_core::report::{Live, Report, Status};
use authlight_core::secret::Secret;
use authlight_engine::cli;
use authlight_engine::contexts;
use authlight_engine::examination::{Examination, Trial};
use authlight_engine::live::Consent;
use authlight_engine::machine::Machine;
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::session::{ErrandTrouble, Printed};
use authlight_engine::practice::{self, Endpoint, Home, Node, Role, Scenario};
use authlight_engine::report_out::redaction::LeakPass;
use authlight_engine::report_out::schema::report_schema;
use authlight_engine::report_out::{Format, compose, text};
use authlight_engine::words::Language;
use every_scenario::{Case, NOW_MS, by_workers, every_scenario, lasting, sorted, workspace};
use regex::Regex;
use schema_validation::Validator;
use serde_json::Value;

/// The longest headline that can be read aloud on the phone.
const LONGEST_HEADLINE: usize = 140;

/// What is wrong, by scenario.
#[derive(Default)]
struct Faults(BTreeMap<String, Vec<String>>);

impl Faults {
    fn add(&mut self, scenario: &str, what: impl Into<String>) {
        self.0.entry(scenario.to_owned()).or_default().push(what.into());
    }

    /// All at once: a table of scenarios is mended in one go.
    fn none(self) {
        let mut text = String::new();
        for (scenario, faults) in &self.0 {
            text.push_str(&format!("\n{scenario}\n"));
            for fault in faults {
                text.push_str(&format!("    {}\n", fault.replace('\n', "\n    ")));
            }
        }
        assert!(text.is_empty(), "{} scenarios do not hold:\n{text}", self.0.len());
    }
}

// ---------------------------------------------------------------- what is walked

fn all(faults: &mut Faults) -> Vec<Case> {
    every_scenario(&mut |label, what| faults.add(label, what))
}

fn examine(machine: &dyn Machine, home: &Home) -> Result<Examination, String> {
    catch_unwind(AssertUnwindSafe(|| {
        contexts::examine(machine, home.examined(), home.context, &|_, _| home.shell_said.clone())
    }))
    .map_err(|_| "it panicked".to_owned())
}

/// The live test, where the scenario has answers for it.
#[expect(clippy::disallowed_methods, reason = "a program prints its key")]
fn live(examination: &Examination, home: &Home) -> Live {
    if home.replies.is_empty() {
        return Live::default();
    }
    // A program is run on the running machine alone.
    let elsewhere = Disk::below(PathBuf::from("/nowhere"), home.platform);
    let outside = |path: &str| if home.prints.is_empty() { elsewhere.outside(path) } else { PathBuf::from(path) };
    let prints = RefCell::new(home.prints.iter());
    let helper = Consent::RunHelper { command: String::new(), named_in: String::new() };
    let trial = Trial {
        outside: &outside,
        consents: &[helper, Consent::OwnClaude { folder: String::new() }],
        deadline: Duration::from_secs(60),
        cancel: &AtomicBool::new(false),
        run: &|_| {
            let (code, out) = prints.borrow_mut().next().ok_or(ErrandTrouble::TimedOut)?;
            let out = out.reveal().as_bytes().to_vec().into();
            Ok(Printed { code: Some(*code), out, err: Vec::new().into() })
        },
    };
    let tested = examination.test(&trial, &mut |_| {});
    tested.unwrap_or_default()
}

// ---------------------------------------------------------------- the tests

#[test]
fn every_scenario_says_what_it_promises() {
    let mut faults = Faults::default();
    let all = all(&mut faults);
    let shares = by_workers(&all, |share| {
        let bench = Bench::new();
        let mut faults = Faults::default();
        for case in share {
            bench.judge(&case.label, case.check.as_deref(), &case.scenario, &mut faults);
        }
        faults
    });
    faults.0.extend(shares.into_iter().flat_map(|share| share.0));
    faults.none();
}

/// What every scenario is judged with.
struct Bench {
    words: Language,
    schema: Validator,
    canary: Regex,
}

impl Bench {
    fn new() -> Self {
        Self {
            words: Language::english(),
            schema: Validator::of(&report_schema()),
            canary: Regex::new("[A-Za-z0-9_/+-]*CANARY[A-Za-z0-9_/+-]*").unwrap(),
        }
    }

    fn judge(&self, label: &str, check: Option<&str>, scenario: &Scenario, faults: &mut Faults) {
        let (home, _endpoint) = match Endpoint::of(scenario, NOW_MS) {
            Ok(home) => home,
            Err(error) => return faults.add(label, error.to_string()),
        };
        let mut find = |what: String| faults.add(label, what);
        let machine = home.machine();
        let examination = match examine(&machine, &home) {
            Ok(examination) => examination,
            Err(what) => return find(what),
        };
        for (name, text) in [
            ("snapshot", format!("{:?}", examination.snapshot)),
            ("resolution", format!("{:?}", examination.resolution)),
            ("examined", format!("{:?}", home.examined())),
        ] {
            shown_secret(&format!("Debug of the {name}"), &text, &mut find);
        }
        let offline = examination.report(&Live::default(), &self.words);
        let report = examination.report(&live(&examination, &home), &self.words);
        expectation(scenario, &home, check, &report, &mut find);
        self.promises(&home, &offline, &mut find);
        if !home.replies.is_empty() {
            self.promises(&home, &report, &mut find);
        }
        if lasting(&offline) != lasting(&examination.report(&Live::default(), &self.words)) {
            find("a second look at the same facts says something else".to_owned());
        }
        if check.is_none() {
            told(scenario, label, &mut find);
            on_disk(scenario, &home, &lasting(&offline), &self.words, &mut find);
        }
    }
    /// What every report promises.
    fn promises(&self, home: &Home, report: &Report, find: &mut dyn FnMut(String)) {
        let words = &self.words;
        let document = serde_json::to_value(report).unwrap();
        if let Some(wrong) = self.schema.faults(&document) {
            find(format!("the JSON does not hold against the schema: {wrong}"));
        }
        for finding in report.causes.iter().flat_map(|cause| &cause.checks) {
            if finding.status == Status::Crashed {
                find(format!("{} crashed", finding.id));
            }
        }
        let headline = report.verdict.headline.text();
        if headline.chars().count() > LONGEST_HEADLINE {
            find(format!("the headline is longer than {LONGEST_HEADLINE} characters: {headline}"));
        }
        let written = document.to_string();
        if written.contains("{$") {
            find("a sentence lacks an argument".to_owned());
        }
        // The name of the account stands in it.
        if let Some(at) = written.find(&home.home.replace('\\', "\\\\")) {
            let end = written.ceil_char_boundary((at + 80).min(written.len()));
            find(format!(
                "the home's path stands in the report: {}",
                &written[written.floor_char_boundary(at.saturating_sub(60))..end]
            ));
        }
        let pass = LeakPass::new(&self.canaries(home));
        let own = [("JSON", document.to_string()), ("text", text::render(report, words, text::Style::default()))];
        let composed = [Format::Text, Format::Markdown, Format::Json].map(|format| {
            let released = compose(report.clone(), format, words, &pass);
            let text = released.map(|released| released.as_str().to_owned()).map_err(|error| error.to_string());
            (format, text)
        });
        let mut outputs: Vec<(String, String)> = Vec::new();
        for (name, text) in own {
            if let Err(leak) = pass.release(&text) {
                find(format!("{name}: {leak}"));
            }
            outputs.push((name.to_owned(), text));
        }
        for (format, text) in composed {
            match text {
                Ok(text) => outputs.push((format!("{format:?} that leaves"), text)),
                Err(error) => find(format!("{format:?} that leaves: {error}")),
            }
        }
        outputs.push(("Debug".to_owned(), format!("{report:?}")));
        for (name, text) in outputs {
            shown_secret(&name, &text, find);
        }
    }

    /// Every made-up secret of a scenario.
    fn canaries(&self, home: &Home) -> Vec<Secret> {
        let files = home.files.iter().filter_map(|file| match &file.node {
            Node::File(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        });
        let environment = home.environment.iter().map(|(_, value)| value.clone());
        let texts: Vec<String> = files.chain(environment).chain(home.claude_args.clone()).collect();
        let mut found: Vec<&str> =
            texts.iter().flat_map(|text| self.canary.find_iter(text)).map(|one| one.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(Secret::new).collect()
    }
}

fn shown_secret(name: &str, text: &str, find: &mut dyn FnMut(String)) {
    if let Some(at) = text.find("CANARY") {
        let start = text[..at].char_indices().rev().nth(60).map_or(0, |(index, _)| index);
        find(format!("{name} holds a secret: {}", &text[start..at + 6]));
    }
}

/// What the scenario expects.
fn expectation(scenario: &Scenario, home: &Home, check: Option<&str>, report: &Report, find: &mut dyn FnMut(String)) {
    let findings = || report.causes.iter().flat_map(|cause| &cause.checks).filter(|finding| finding.code.is_some());
    let found: Vec<&str> = findings().filter_map(|finding| finding.code.as_deref()).collect();
    for code in home.expect.codes.iter().filter(|code| !found.contains(&code.as_str())) {
        find(format!("expected {code}, found {found:?}"));
    }
    for code in home.expect.without.iter().filter(|code| found.contains(&code.as_str())) {
        let debug: Vec<&str> =
            findings().filter(|one| one.code.as_deref() == Some(code)).map(|one| one.debug.as_str()).collect();
        find(format!("{code} must stay dark, it says {debug:?}"));
    }
    if let Some(expected) = &home.expect.report {
        differences(expected, &serde_json::to_value(report).unwrap(), "", find);
    }
    for (code, fix) in &home.expect.fix {
        let offered: Vec<Option<&str>> = findings()
            .filter(|one| one.code.as_deref() == Some(code))
            .map(|one| one.fix.as_ref().map(|offer| offer.id.as_ref()))
            .collect();
        if !offered.contains(&fix.as_deref()) {
            find(format!("for {code} {fix:?} is expected, offered is {offered:?}"));
        }
    }
    match (check, scenario.is) {
        (None, None) => {}
        (None, Some(_)) => find("`is` belongs to the scenarios of a check".to_owned()),
        (Some(_), None) => find("is it lit, dark or near_miss?".to_owned()),
        (Some(check), Some(Role::Lit)) => {
            let own = findings().any(|one| {
                one.id == check && home.expect.codes.iter().any(|code| one.code.as_deref() == Some(code.as_str()))
            });
            if !own {
                find(format!("no expected code comes from {check} itself"));
            }
        }
        (Some(_), Some(Role::Dark | Role::NearMiss)) => {
            if home.expect.without.is_empty() {
                find("which code must stay dark? `expect.without` is empty".to_owned());
            }
        }
    }
}

/// Where `expected` is no part of `actual`.
fn differences(expected: &Value, actual: &Value, at: &str, find: &mut dyn FnMut(String)) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, value) in expected {
                match actual.get(name) {
                    Some(other) => differences(value, other, &format!("{at}/{name}"), find),
                    None => find(format!("{at}/{name}: expected {value}, it is not there")),
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            if expected.is_empty() && !actual.is_empty() {
                find(format!("{at}: expected nothing, came {}", Value::Array(actual.clone())));
            }
            for (index, value) in expected.iter().enumerate() {
                match actual.get(index) {
                    Some(other) => differences(value, other, &format!("{at}/{index}"), find),
                    None => find(format!("{at}/{index}: expected {value}, the list ends before")),
                }
            }
        }
        _ if expected == actual => {}
        _ => find(format!("{at}: expected {expected}, came {actual}")),
    }
}

/// What a story needs.
fn told(scenario: &Scenario, label: &str, find: &mut dyn FnMut(String)) {
    if label != format!("practice {}", scenario.name) {
        find(format!("its folder is named otherwise: {}", scenario.name));
    }
    if scenario.title.is_empty() || scenario.story.is_empty() {
        find("it has no title or no story".to_owned());
    }
    let words = format!("{} {}", scenario.title, scenario.story).to_lowercase();
    for word in ["invalid", "fatal", "illegal"] {
        if words.contains(word) {
            find(format!("a word that blames: {word}"));
        }
    }
    if scenario.expect.report.is_none() {
        find("a story expects a part of the report".to_owned());
    }
}

/// The same home on a disk gives the same report.
fn on_disk(scenario: &Scenario, home: &Home, in_memory: &Value, words: &Language, find: &mut dyn FnMut(String)) {
    // Nobody keeps the administrator out of a file.
    let closed = home.files.iter().any(|file| file.mode & 0o400 == 0);
    if closed && authlight_engine::machine::as_whom() == "root" {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let laid_out = match scenario.lay_out_home(home, folder.path()) {
        Ok(laid_out) => laid_out,
        Err(error) => return find(error.to_string()),
    };
    if !laid_out.left_out.is_empty() {
        return;
    }
    match examine(&Disk::below(laid_out.root, home.platform), home) {
        Ok(examination) => {
            let report = lasting(&examination.report(&Live::default(), words));
            let mut any = false;
            differences(in_memory, &report, "", &mut |what| {
                any = true;
                find(format!("on disk it differs: {what}"));
            });
            if !any && report != *in_memory {
                find("on disk there is more in the report than in memory".to_owned());
            }
        }
        Err(what) => find(format!("on disk: {what}")),
    }
}

#[test]
fn the_built_in_scenarios_are_those_of_the_repository() {
    let folders: Vec<String> = sorted(&workspace().join("assets/practice"))
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(practice::names().collect::<Vec<_>>(), folders);
    let names: Vec<String> = practice::all().unwrap().into_iter().map(|scenario| scenario.name).collect();
    assert_eq!(names, folders);
    assert!(practice::find("no-such-scenario").unwrap().is_none());
}

#[test]
fn every_scenario_file_belongs_to_a_check_and_names_no_case_twice() {
    let mut faults = Faults::default();
    let mut seen = BTreeMap::new();
    for Case { label, check, scenario } in all(&mut faults) {
        if let Some(check) = &check
            && !checks::all().any(|one| one.id == check)
        {
            faults.add(&label, format!("there is no check {check}"));
        }
        if seen.insert((check, scenario.name.clone()), ()).is_some() {
            faults.add(&label, "another scenario has the same name");
        }
    }
    faults.none();
}

#[test]
fn the_command_in_the_note_looks_at_what_was_laid_out() {
    let run = |words: Vec<String>| match cli::run(words.into_iter().map(std::ffi::OsString::from)) {
        cli::Face::Done(code) => code,
        cli::Face::Window(_) => panic!("a console was asked for"),
    };
    for (name, code) in [("no-sign-in-at-all", 2), ("login-healthy", 0), ("windows-key-in-quotes", 2)] {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home").to_string_lossy().into_owned();
        let practice = ["authlight", "practice", name, "--home", &home].map(str::to_owned);
        assert_eq!(run(practice.to_vec()), 0, "{name} is laid out");
        assert_eq!(run(practice.to_vec()), cli::WRONG_ARGUMENTS, "and not a second time over the first");
        let note = fs::read_to_string(Path::new(&home).join("README.txt")).unwrap();
        let command = note.lines().map(str::trim).find(|line| line.starts_with("authlight check")).unwrap();
        assert_eq!(run(shlex::split(command).unwrap()), code, "{name}: {command}");
    }
}

// ---------------------------------------------------------------- the house

#[test]
fn every_check_has_scenarios_that_light_it_and_that_do_not() {
    let mut faults = Faults::default();
    let all = all(&mut faults);
    for check in checks::all() {
        for role in [Role::Lit, Role::Dark, Role::NearMiss] {
            let own = |case: &Case| case.check.as_deref() == Some(check.id) && case.scenario.is == Some(role);
            if !all.iter().any(own) {
                faults.add(check.id, format!("tests/scenarios/{}.json has no scenario that is {role:?}", check.id));
            }
        }
    }
    faults.none();
}

#[test]
fn nothing_that_is_said_of_a_scenario_is_a_bare_key() {
    let words = Language::english();
    let mut faults = Faults::default();
    for Case { label, scenario, .. } in all(&mut faults) {
        let Ok((home, _endpoint)) = Endpoint::of(&scenario, NOW_MS) else { continue };
        let Ok(examination) = examine(&home.machine(), &home) else { continue };
        let report = examination.report(&live(&examination, &home), &words);
        let causes = report.causes.iter().flat_map(|cause| {
            let findings = cause.checks.iter().flat_map(|one| {
                [Some(&one.text), one.saw.as_ref(), one.why.as_ref(), one.to_do.as_ref()].into_iter().flatten()
            });
            std::iter::once(&cause.headline).chain(findings)
        });
        let ladder = report.ladder.iter().map(|rung| &rung.why);
        let stages = report.live.stages.iter().map(|row| &row.text);
        let said = std::iter::once(&report.verdict.headline).chain(causes).chain(ladder).chain(stages);
        for message in said.filter(|message| !words.knows(&message.key)) {
            faults.add(&label, format!("no words for {}", message.key));
        }
    }
    faults.none();
}
