//! A company's root given to Claude Code: against servers on this machine with made-up authorities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/desk.rs"]
mod desk;
#[path = "support/scripted/mod.rs"]
mod scripted;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::fixes::company_certificate::{Hindrance, ID};
use authlight_core::fixes::edit::Command;
use authlight_core::message::{Argument, Words as _};
use authlight_core::report::Context;
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Examined, Platform};
use authlight_engine::act::certificate::{self, Ended, NoRoot, NotSought, Refused, Root, Sought};
use authlight_engine::act::change::Store;
use authlight_engine::act::change::transaction::Hands;
use authlight_engine::act::change::undo::{self, IfChanged};
use authlight_engine::act::jobs::Engine as _;
use authlight_engine::act::repair;
use authlight_engine::cli::{Examine, System};
use authlight_engine::contexts;
use authlight_engine::examination::{Examination, Trial};
use authlight_engine::inspector::Inspector;
use authlight_engine::live::Consent;
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::session;
use authlight_engine::state::walkthrough::certificate::{CertificateClick, CertificateNews, CertificateStage};
use authlight_engine::state::walkthrough::{Go, Walkthrough, WalkthroughKind};
use authlight_engine::state::{Action, Effect, RepairStage, State};
use authlight_engine::words::Language;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::Value;

use desk::{Desk, api_key};
use scripted::certificates::{Authority, Shown, authority, config, expired, self_signed, usual_authority};
use scripted::reply::{MODELS, json};
use scripted::server::{Endpoint, encrypted, encrypted_as};

const STORE: &str = "/etc/ssl/certs/ca-certificates.crt";
const SETTINGS: &str = "/home/kim/.claude/settings.json";

struct NoHands;

impl Hands for NoHands {
    fn set_user_variable(&self, _: &str, _: Option<&Secret>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn run(&self, _: &Command) -> Result<(), String> {
        Err("not here".to_owned())
    }
}

/// A server with a certificate of this authority, and whoever signs in there.
fn behind(company: &Authority) -> (Endpoint, Desk) {
    to(encrypted(company.leaf("127.0.0.1", |_| ()), vec![json(200, MODELS)]))
}

fn to(endpoint: Endpoint) -> (Endpoint, Desk) {
    let url = endpoint.url("https");
    let desk = Desk::new().with("ANTHROPIC_API_KEY", &api_key("CANARY"));
    let desk = desk.with("ANTHROPIC_BASE_URL", url.as_str().trim_end_matches('/'));
    (endpoint, desk)
}

fn disk(desk: &Desk) -> Disk {
    Disk::below(desk.root().to_owned(), Platform::Linux)
}

fn look(desk: &Desk) -> Examination {
    let examined = Examined {
        project: Some("/home/kim/shop".to_owned()),
        now_ms: i64::try_from(desk.now).unwrap() * 1000,
        ..Examined::of_process(Platform::Linux, "/home/kim".to_owned(), desk.surroundings.variables.clone())
    };
    contexts::examine(&disk(desk), examined, Context::Process, contexts::STATICALLY)
}

fn with_trial<T>(desk: &Desk, consents: &[Consent], then: impl FnOnce(&Trial<'_>) -> T) -> T {
    let disk = disk(desk);
    let outside = |path: &str| -> PathBuf { disk.outside(path) };
    let cancel = AtomicBool::new(false);
    let deadline = Duration::from_secs(60);
    then(&Trial { outside: &outside, consents, deadline, cancel: &cancel, run: &session::run })
}

fn seek(desk: &Desk) -> Result<Sought, NotSought> {
    with_trial(desk, &[], |trial| certificate::seek(&look(desk), trial))
}

/// Every file below a folder, and every folder.
fn everything(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut all, mut waiting) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(path) = waiting.pop() {
        let bytes = if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            Vec::new()
        } else {
            fs::read(&path).unwrap()
        };
        all.insert(path, bytes);
    }
    all
}

/// Gives Claude Code this root, and takes it back again.
fn there_and_back(desk: &Desk, root: impl FnOnce(&Sought, &Examination) -> Result<Root, NoRoot>) -> Changed {
    let now = look(desk);
    let sought = seek(desk).unwrap_or_else(|why| panic!("{why:?}"));
    let root = root(&sought, &now).unwrap_or_else(|why| panic!("{why:?}"));
    let occasion = repair::occasion(ID, 0);
    let prepared = certificate::prepare(&now, &disk(desk), &root, &occasion.change).unwrap();
    assert!(!format!("{:?}{:?}", prepared.preview, prepared.plan).contains("CANARY"));
    let before = everything(desk.root());
    let state = tempfile::tempdir().unwrap();
    let store = Store::in_folder(state.path().join("state"));
    let ended =
        with_trial(desk, &[], |trial| prepared.carry_out(&store, &NoHands, &occasion, &|| look(desk), trial).unwrap());
    match ended {
        Ended::Healed(_) => {}
        Ended::NotHealed { still, new, .. } => panic!("{still:?} {new:?}"),
    }
    let after = everything(desk.root());
    let read = |path: &str| after[&desk.outside(path)].clone();
    let changed = Changed {
        pem: String::from_utf8(read(&prepared.file)).unwrap(),
        settings: after.get(&desk.outside(SETTINGS)).map(|bytes| String::from_utf8(bytes.clone()).unwrap()),
        file: prepared.file.clone(),
        subject: root.subject,
        place: root.place,
        taken_along: prepared.taken_along,
    };
    undo::undo(&store, &NoHands, None, IfChanged::Ask).unwrap();
    assert!(everything(desk.root()) == before, "undo leaves nothing behind");
    changed
}

struct Changed {
    pem: String,
    settings: Option<String>,
    file: String,
    subject: String,
    place: Option<String>,
    taken_along: usize,
}

fn der_in(pem: &str) -> Vec<Vec<u8>> {
    authlight_engine::live::chain::certificates(pem.as_bytes(), authlight_core::certificates::Form::Pem)
        .into_iter()
        .map(|der| der.to_vec())
        .collect()
}

#[test]
fn the_root_from_the_systems_store_is_named_trusted_and_taken_back() {
    let (company, other) = (authority("Example Corp Root"), usual_authority("Example Other Root"));
    let (endpoint, desk) = behind(&company);
    let desk = desk.file(STORE, &format!("{}{}", other.pem, company.pem));
    let desk = desk.file(SETTINGS, "{\n  \"env\": {\"A\": \"1\"},\n  \"model\": \"opus\"\n}\n");
    let changed = there_and_back(&desk, |sought, now| certificate::in_store(sought, now, &disk(&desk)));
    assert_eq!((changed.subject.as_str(), changed.place.as_deref()), ("CN=Example Corp Root", Some(STORE)));
    assert_eq!(der_in(&changed.pem), [company.certificate.to_vec()]);
    let folder = "/home/kim/.config/authlight/certificates/example-corp-root-";
    assert!(changed.file.starts_with(folder) && changed.file.ends_with(".pem"), "{}", changed.file);
    let settings = changed.settings.unwrap();
    let named: Value = serde_json::from_str(&settings).unwrap();
    assert_eq!((&named["env"]["NODE_EXTRA_CA_CERTS"], &named["env"]["A"]), (&changed.file.into(), &"1".into()));
    assert!(settings.starts_with("{\n  \"env\": {\"A\": \"1\"") && settings.ends_with("\"model\": \"opus\"\n}\n"));
    assert!(endpoint.requests().is_empty(), "nothing is asked of the endpoint, so no key goes there");
}

#[test]
fn a_root_that_an_administrator_left_beside_the_bundle_is_found() {
    let company = usual_authority("Example Corp Root");
    let (_endpoint, desk) = behind(&company);
    let place = "/usr/local/share/ca-certificates/corp/root.crt";
    let desk = desk.file(place, &company.pem);
    let changed = there_and_back(&desk, |sought, now| certificate::in_store(sought, now, &disk(&desk)));
    assert_eq!((changed.place.as_deref(), changed.settings.is_some()), (Some(place), true));
}

#[test]
fn what_the_server_shows_or_leaves_out_between_makes_no_difference() {
    let company = usual_authority("Example Corp Root");
    let (_endpoint, desk) = to(encrypted_as(config(Shown::WithIntermediate, &company), vec![]));
    let desk = desk.file(STORE, &company.pem);
    let changed = there_and_back(&desk, |sought, now| certificate::in_store(sought, now, &disk(&desk)));
    assert_eq!(der_in(&changed.pem).len(), 1);

    let between = company.intermediate("Example Corp Intermediate");
    let (_endpoint, desk) = to(encrypted(between.leaf("127.0.0.1", |_| ()), vec![]));
    let both = desk.outside("/both.pem");
    fs::write(&both, format!("{}{}", between.pem, company.pem)).unwrap();
    let changed = there_and_back(&desk, |sought, now| certificate::in_file(sought, &both, now));
    assert_eq!(der_in(&changed.pem), [company.certificate.to_vec(), between.certificate.to_vec()]);
}

#[test]
fn a_server_that_vouches_for_itself_is_trusted_by_the_file_that_the_person_names_alone() {
    let pair = self_signed("127.0.0.1", |_| ());
    let pem = pair.0.pem();
    let (_endpoint, desk) = to(encrypted(pair, vec![]));
    let desk = desk.file("/own.pem", &pem);
    let sought = seek(&desk).unwrap();
    assert!(matches!(certificate::in_store(&sought, &look(&desk), &disk(&desk)), Err(NoRoot::NotInStore)));
    there_and_back(&desk, |sought, now| certificate::in_file(sought, &desk.outside("/own.pem"), now));
}

fn old_authority(name: &str) -> Authority {
    let (mut params, key) = (CertificateParams::default(), KeyPair::generate().unwrap());
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    expired(&mut params);
    let certificate = params.self_signed(&key).unwrap();
    let (pem, certificate) = (certificate.pem(), certificate.der().clone());
    Authority { issuer: Issuer::new(params, key), certificate, pem }
}

/// The key of the sentence, and what it names.
fn why_not(desk: &Desk, file: &[u8]) -> (String, String) {
    let path = desk.outside("/named.pem");
    fs::write(&path, file).unwrap();
    let sought = seek(desk).unwrap_or_else(|why| panic!("{why:?}"));
    let why = certificate::in_file(&sought, &path, &look(desk)).err().expect("it does not help");
    let message = why.message(&sought);
    let sentence = Language::english().say(&message);
    assert!(sentence.ends_with('.') && !sentence.contains('{'), "{sentence}");
    let named = |name: &str| match message.args.iter().find(|(known, _)| *known == name) {
        Some((_, Argument::Text(text))) => text.clone(),
        _ => String::new(),
    };
    (message.key.to_string(), format!("{}{}{}{}", named("form"), named("subject"), named("day"), named("what")))
}

#[test]
fn of_a_file_that_does_not_help_it_is_told_why() {
    let company = usual_authority("Example Corp Root");
    let leaf = company.leaf("127.0.0.1", |_| ());
    let leaf_pem = leaf.0.pem();
    let (_endpoint, desk) = to(encrypted(leaf, vec![]));
    let key = |key: &str, more: &str| (key.to_owned(), more.to_owned());
    let whole = company.pem.as_bytes();
    assert_eq!(why_not(&desk, b""), key("certificate-file-none", "empty"));
    assert_eq!(why_not(&desk, b"no certificate"), key("certificate-file-none", "other"));
    assert_eq!(why_not(&desk, &whole[..whole.len() / 2]), key("certificate-file-none", "damaged"));
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(company.pem.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(why_not(&desk, &wide), key("certificate-file-none", "utf16"));
    assert_eq!(why_not(&desk, leaf_pem.as_bytes()), key("certificate-file-servers-own", ""));
    let between = company.intermediate("Example Corp Intermediate").pem;
    assert_eq!(why_not(&desk, between.as_bytes()), key("certificate-file-no-root", "CN=Example Corp Intermediate"));
    let other = usual_authority("Example Other Root").pem;
    assert_eq!(why_not(&desk, other.as_bytes()), key("certificate-file-another", "CN=Example Other Root"));
    // The name is easily had; the key is not.
    let twin = usual_authority("Example Corp Root").pem;
    assert_eq!(why_not(&desk, twin.as_bytes()), key("certificate-file-another", "CN=Example Corp Root"));

    let old = old_authority("Example Old Root");
    let (_endpoint, desk) = behind(&old);
    assert_eq!(why_not(&desk, old.pem.as_bytes()), key("certificate-file-ended", "CN=Example Old Root2021-01-01"));
    let desk = desk.file(STORE, &old.pem);
    let in_store = certificate::in_store(&seek(&desk).unwrap(), &look(&desk), &disk(&desk)).err().unwrap();
    assert_eq!(in_store.message(&seek(&desk).unwrap()).key, "certificate-file-ended");

    let missing = certificate::in_file(&seek(&desk).unwrap(), Path::new("/nothing/there.pem"), &look(&desk));
    assert!(matches!(missing, Err(NoRoot::Unreadable { .. })));
}

#[test]
fn where_the_servers_certificate_itself_is_wrong_no_root_is_looked_for() {
    let company = usual_authority("Example Corp Root");
    let (_folder, file) = company.file();
    let named = |desk: Desk| desk.file("/root.pem", &company.pem).with("NODE_EXTRA_CA_CERTS", "/root.pem");
    let (_endpoint, desk) = to(encrypted(company.leaf("other.example", |_| ()), vec![]));
    assert!(matches!(seek(&named(desk)), Err(NotSought::Other(row)) if row.text.key == "live-tls-other-name"));
    let (_endpoint, desk) = behind(&company);
    assert!(matches!(seek(&named(desk)), Err(NotSought::Trusted(_))));
    // Nobody knows its issuer, and it is for another host too.
    let (_endpoint, desk) = to(encrypted(company.leaf("other.example", |_| ()), vec![]));
    let sought = seek(&desk).unwrap();
    let why = certificate::in_file(&sought, &file, &look(&desk)).err().unwrap();
    assert_eq!(why.message(&sought).key, "certificate-server-unfit");
}

#[test]
fn certificates_that_are_named_already_are_taken_along() {
    let (company, theirs) = (authority("Example Corp Root"), usual_authority("Example Partner Root"));
    let both = [theirs.certificate.to_vec(), company.certificate.to_vec()];
    let earlier = format!("a word before\r\n{}", theirs.pem.replace('\n', "\r\n"));
    let (_endpoint, desk) = behind(&company);
    let desk = desk.file(STORE, &company.pem).file("/home/kim/partner.pem", &earlier);
    let desk = desk.with("NODE_EXTRA_CA_CERTS", "/home/kim/partner.pem");
    let changed = there_and_back(&desk, |sought, now| certificate::in_store(sought, now, &disk(&desk)));
    assert_eq!((der_in(&changed.pem), changed.taken_along), (both.to_vec(), 1));

    let (_endpoint, desk) = behind(&company);
    let settings = "{\"env\": {\"NODE_EXTRA_CA_CERTS\": \"/home/kim/partner.pem\", \"B\": \"2\"}}";
    let desk = desk.file(STORE, &company.pem).file("/home/kim/partner.pem", &earlier).file(SETTINGS, settings);
    let changed = there_and_back(&desk, |sought, now| certificate::in_store(sought, now, &disk(&desk)));
    assert_eq!(der_in(&changed.pem), both);
    assert_eq!(changed.settings.unwrap(), settings.replace("/home/kim/partner.pem", &changed.file));
}

#[test]
fn a_root_that_ran_out_makes_room_for_the_new_one() {
    let old = old_authority("Example Corp Root");
    let new = usual_authority("Example Corp Root");
    let named = |desk: Desk| desk.file("/old.pem", &old.pem).with("NODE_EXTRA_CA_CERTS", "/old.pem");
    let (_endpoint, desk) = behind(&old);
    let checked = named(desk).examine(&["check", "--online"]);
    assert!(checked.out.contains("has run out") && checked.out.contains(ID), "{}", checked.out);
    let (_endpoint, desk) = behind(&new);
    let desk = named(desk).file(STORE, &new.pem);
    let changed = there_and_back(&desk, |sought, now| certificate::in_store(sought, now, &disk(&desk)));
    assert_eq!((der_in(&changed.pem), changed.taken_along), (vec![new.certificate.to_vec()], 0));
}

#[test]
fn where_claude_code_checks_nothing_a_root_lets_it_check_again() {
    let company = usual_authority("Example Corp Root");
    let (endpoint, desk) = behind(&company);
    let desk = desk.file(STORE, &company.pem).with("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    there_and_back(&desk, |sought, now| certificate::in_store(sought, now, &disk(&desk)));
    assert!(endpoint.requests().is_empty());
}

#[test]
fn a_certificate_that_somebody_else_vouches_for_is_no_root_in_the_live_test_either() {
    let company = usual_authority("Example Corp Root");
    let between = company.intermediate("Example Corp Intermediate");
    let said = |named: &str| {
        let (_endpoint, desk) = to(encrypted(between.leaf("127.0.0.1", |_| ()), vec![json(200, MODELS)]));
        let desk = desk.file("/named.pem", named).with("NODE_EXTRA_CA_CERTS", "/named.pem");
        matches!(seek(&desk), Err(NotSought::Trusted(_)))
    };
    assert!(!said(&between.pem), "Claude Code does not believe it");
    assert!(!said(&company.pem), "nobody shows what lies between");
    assert!(said(&format!("{}{}", company.pem, between.pem)));
}

#[test]
fn where_something_stronger_names_the_file_nothing_is_changed() {
    let company = usual_authority("Example Corp Root");
    let block = r#"{"env": {"NODE_EXTRA_CA_CERTS": "/home/kim/partner.pem"}}"#;
    let refused = |path: &str, text: &str| {
        let (endpoint, desk) = behind(&company);
        let desk = desk.file(STORE, &company.pem).file(path, text);
        let port = endpoint.url("https").port().unwrap();
        let consents = [Consent::ProjectEndpoint { host: format!("127.0.0.1:{port}") }];
        let now = look(&desk);
        let sought = with_trial(&desk, &consents, |trial| certificate::seek(&now, trial)).unwrap();
        let root = certificate::in_store(&sought, &now, &disk(&desk)).unwrap();
        match certificate::prepare(&now, &disk(&desk), &root, "stamp").err().unwrap() {
            Refused::Hindrance(hindrance) => hindrance,
            other => panic!("{other}"),
        }
    };
    let of = |path: &str| path.to_owned();
    let managed = "/etc/claude-code/managed-settings.json";
    assert_eq!(refused(managed, block), Hindrance::Organisation { path: of(managed) });
    let local = "/home/kim/shop/.claude/settings.local.json";
    assert_eq!(refused(local, block), Hindrance::Folder { path: of(local) });
    assert_eq!(refused(SETTINGS, "{ oh"), Hindrance::Settings { path: of(SETTINGS) });
    assert_eq!(refused(SETTINGS, r#"{"env": 5}"#), Hindrance::Settings { path: of(SETTINGS) });
}

#[test]
fn a_change_that_does_not_help_is_told() {
    let company = usual_authority("Example Corp Root");
    let (_endpoint, desk) = behind(&company);
    let desk = desk.file(STORE, &company.pem);
    let now = look(&desk);
    let root = certificate::in_store(&seek(&desk).unwrap(), &now, &disk(&desk)).unwrap();
    let occasion = repair::occasion(ID, 0);
    let prepared = certificate::prepare(&now, &disk(&desk), &root, &occasion.change).unwrap();
    let state = tempfile::tempdir().unwrap();
    let store = Store::in_folder(state.path().join("state"));
    // Somebody else takes the settings away at once.
    let look_again = || {
        fs::remove_file(desk.outside(SETTINGS)).unwrap();
        look(&desk)
    };
    let ended =
        with_trial(&desk, &[], |trial| prepared.carry_out(&store, &NoHands, &occasion, &look_again, trial).unwrap());
    assert!(matches!(ended, Ended::NotHealed { still: Some(_), .. }));
}

#[test]
fn a_host_that_a_project_chose_is_not_even_connected_to_without_consent() {
    let company = usual_authority("Example Corp Root");
    let endpoint = encrypted(company.leaf("127.0.0.1", |_| ()), vec![]);
    let url = endpoint.url("https");
    let desk = Desk::new().file(STORE, &company.pem).file(
        "/home/kim/shop/.claude/settings.json",
        &format!("{{\"env\": {{\"ANTHROPIC_BASE_URL\": \"{}\"}}}}", url.as_str().trim_end_matches('/')),
    );
    let shop = desk.outside("/home/kim/shop").to_str().unwrap().to_owned();
    let fix = |more: &[&str]| desk.examine(&[&["fix", ID, "--project", &shop, "--mode", "print"], more].concat());
    let done = fix(&[]);
    assert_eq!(done.code, 2);
    assert!(done.out.contains("--allow-project-endpoint 127.0.0.1"), "{done:?}");
    assert!(endpoint.recorder.connections().is_empty());
    let done = fix(&["--allow-project-endpoint", "127.0.0.1"]);
    assert!(done.out.contains("CN=Example Corp Root"), "{done:?}");
}

#[test]
fn the_console_offers_it_with_the_live_test_and_shows_what_it_would_do() {
    let company = usual_authority("Example Corp Root");
    let (endpoint, desk) = behind(&company);
    let checked = desk.examine(&["check", "--online"]);
    assert!(checked.out.contains("AL-5-47") && checked.out.contains(&format!("authlight fix {ID}")), "{checked:?}");
    assert!(!desk.examine(&["check"]).out.contains(ID));

    let before = everything(desk.root());
    let none = desk.examine(&["fix", ID]);
    assert_eq!(none.code, 2);
    assert!(none.out.contains("No key is sent"), "{none:?}");
    assert!(none.err.contains("CN=Example Corp Root") && none.err.contains("PEM"), "{none:?}");

    let (_folder, file) = company.file();
    let named = desk.examine(&["fix", ID, "--certificate", file.to_str().unwrap(), "--dry-run"]);
    assert_eq!((named.code, named.err.as_str()), (0, ""), "{named:?}");
    let digest = authlight_engine::live::chain::sha256(&company.certificate);
    let fingerprint: Vec<_> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    assert!(named.out.contains(&fingerprint.join(":")), "{}", named.out);
    assert!(named.out.contains("NODE_EXTRA_CA_CERTS") && named.out.contains("settings.json"), "{}", named.out);
    assert!(everything(desk.root()) == before && !named.out.contains("CANARY"));
    let without_word = desk.examine(&["fix", ID, "--certificate", file.to_str().unwrap()]);
    assert_eq!(without_word.code, 2);
    assert!(endpoint.requests().is_empty(), "no key is sent");
    assert_eq!(desk.examine(&["fix", "F.sign_in", "--certificate", "x.pem"]).code, 64);
}

/// What the window asks for, until it waits for the person again.
fn clicks(state: &mut State, engine: &Inspector, action: Action) {
    let mut effects = state.update(action);
    while let Some(effect) = effects.pop() {
        let news = match effect {
            Effect::SeekCertificate(asked) => CertificateNews::Seen(engine.seek_certificate(&asked)),
            Effect::FindRoot { token, file } => CertificateNews::Root(engine.find_root(&token, file.as_deref())),
            Effect::PlanCertificate(token) => CertificateNews::Planned(engine.plan_certificate(&token)),
            Effect::SetCertificate(token) => {
                let end = RepairStage::Ended(engine.set_certificate(&token));
                effects.extend(state.update(Action::RepairCameTo(end)));
                continue;
            }
            Effect::UndoChange(change, if_changed) => {
                let end = RepairStage::Undone(engine.undo(&change, if_changed));
                effects.extend(state.update(Action::RepairCameTo(end)));
                continue;
            }
            _ => continue,
        };
        effects.extend(state.update(Action::CertificateNews(news)));
    }
}

#[test]
fn the_windows_walkthrough_goes_from_the_store_or_a_typed_file_to_the_change_and_back() {
    let company = usual_authority("Example Corp Root");
    let (endpoint, desk) = behind(&company);
    let (key, url) = (api_key("CANARY"), endpoint.url("https"));
    let variables = format!("HOME=/home/kim\0ANTHROPIC_API_KEY={key}\0ANTHROPIC_BASE_URL={url}\0");
    let desk = desk.file("/environment", &variables).file("/home/kim/other.pem", &usual_authority("Other").pem);
    let examine = Examine {
        home: Some(desk.outside("/home/kim")),
        root: Some(desk.root().to_owned()),
        os: Some(System::Linux),
        env_file: Some(desk.outside("/environment")),
        ..Examine::default()
    };
    let changes = tempfile::tempdir().unwrap();
    let engine = Inspector::new(examine).unwrap().keeping_changes_in(changes.path().join("state"));
    let mut state = State::new(None, Some(Context::Process), Context::ALL.to_vec());
    let next = |state: &mut State| clicks(state, &engine, Action::Go(Go::Next));
    clicks(&mut state, &engine, Action::OpenWalkthrough(WalkthroughKind::Certificate));
    next(&mut state);
    next(&mut state);
    let root = |state: &State| match &state.walkthrough {
        Some(Walkthrough::Certificate(choices)) => choices.root.clone().unwrap(),
        other => panic!("{other:?}"),
    };
    let none = root(&state).unwrap_err();
    assert!(none.contains("CN=Example Corp Root") && !none.contains("--"), "{none}");
    for (path, helps) in [("~/other.pem", false), ("~/nothing.pem", false), ("~/root.pem", true)] {
        desk.write("/home/kim/root.pem", &company.pem);
        for click in
            [CertificateClick::ByFile(true), CertificateClick::Typed(path.to_owned()), CertificateClick::UseTyped]
        {
            clicks(&mut state, &engine, Action::Certificate(click));
        }
        assert_eq!(root(&state).is_ok(), helps, "{path}: {:?}", root(&state));
    }
    desk.write(STORE, &company.pem);
    clicks(&mut state, &engine, Action::Certificate(CertificateClick::ByFile(false)));
    assert_eq!(root(&state).unwrap().place, format!("It was found in {STORE}."));
    let before = everything(desk.root());
    next(&mut state);
    assert!(!format!("{:?}", state.walkthrough).contains("CANARY"));
    next(&mut state);
    let Some(Walkthrough::Certificate(choices)) = &state.walkthrough else { panic!() };
    let CertificateStage::Done(done) = &choices.stage else { panic!("{:?}", choices.stage) };
    assert!(fs::read_to_string(desk.outside(SETTINGS)).unwrap().contains("NODE_EXTRA_CA_CERTS"));
    let change = done.change.clone();
    clicks(&mut state, &engine, Action::UndoChange(change, IfChanged::Ask));
    assert!(everything(desk.root()) == before, "it is taken back");
    assert!(endpoint.requests().is_empty(), "no key was sent");
}
