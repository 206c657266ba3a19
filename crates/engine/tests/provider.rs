//! Provider set-up: from every provider to every other one, byte for byte back again; what is refused; the test before
//! and after; and never a secret in what is shown.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands
#![cfg(unix)] // homes are laid out with modes

#[path = "support/desk.rs"]
mod desk;
#[path = "support/scripted/mod.rs"]
mod scripted;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::environment::Ignored;
use authlight_core::fixes::Shows;
use authlight_core::fixes::edit::Command;
use authlight_core::fixes::provider::Asked;
use authlight_core::judge;
use authlight_core::message::{Message, Words};
use authlight_core::providers::set_up::{Need, SET_UPS, SetUp};
use authlight_core::report::{Context, Live, Provider, Scope};
use authlight_core::secret::Secret;
use authlight_engine::act::change::transaction::Hands;
use authlight_engine::act::change::undo::{self, IfChanged};
use authlight_engine::act::change::{Step, Store, apply, recover};
use authlight_engine::act::provider::{self, Amiss, Ended, Prepared, SetUpError, Tested};
use authlight_engine::act::repair;
use authlight_engine::contexts;
use authlight_engine::examination::{Examination, Trial};
use authlight_engine::live::Consent;
use authlight_engine::machine::Machine;
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::session::ErrandTrouble;
use authlight_engine::practice::{Home, Scenario};
use authlight_engine::words::Language;
use desk::{Desk, api_key};
use scripted::reply::{COUNT, MODELS, Reply, api_error, json};
use scripted::server::plain;
use serde_json::{Value, json as value};

const NOW_MS: i64 = 1_795_000_000_000;
const SETTINGS: &str = "/home/kim/.claude/settings.json";

fn gateway_key(word: &str) -> String {
    format!("gwCANARY{word}0a1b2c3d4e5f6a7b8c9d0e1f")
}

/// What each provider is set up with here.
fn values(provider: Provider) -> Vec<(String, Secret)> {
    let (bearer, key) = (gateway_key("bearer"), gateway_key("key"));
    let pairs: Vec<(&str, &str)> = match provider {
        Provider::Anthropic => vec![],
        Provider::Gateway => {
            vec![("ANTHROPIC_BASE_URL", "https://gw.example/llm"), ("ANTHROPIC_AUTH_TOKEN", &key)]
        }
        Provider::Bedrock => vec![("AWS_REGION", "eu-central-1"), ("AWS_BEARER_TOKEN_BEDROCK", &bearer)],
        Provider::Mantle => vec![("AWS_REGION", "us-east-1"), ("AWS_BEARER_TOKEN_BEDROCK", &bearer)],
        Provider::AnthropicAws => vec![
            ("AWS_REGION", "us-east-1"),
            ("ANTHROPIC_AWS_WORKSPACE_ID", "wrkspc_01ABC"),
            ("ANTHROPIC_AWS_API_KEY", &key),
        ],
        Provider::Vertex => vec![("ANTHROPIC_VERTEX_PROJECT_ID", "shop-7"), ("CLOUD_ML_REGION", "us-east5")],
        Provider::Foundry => vec![("ANTHROPIC_FOUNDRY_RESOURCE", "shop-ai"), ("ANTHROPIC_FOUNDRY_API_KEY", &key)],
    };
    pairs.into_iter().map(|(name, value)| (name.to_owned(), Secret::new(value))).collect()
}

fn asked(provider: Provider) -> Asked {
    Asked { provider, scope: Scope::User, values: values(provider) }
}

fn asked_with(provider: Provider, scope: Scope, pairs: &[(&str, &str)]) -> Asked {
    let values = pairs.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).collect();
    Asked { provider, scope, values }
}

/// What a path is: mode, owner, bytes.
type Seen = (u32, u32, Vec<u8>);

fn everything(root: &Path) -> BTreeMap<PathBuf, Seen> {
    let mut all = BTreeMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(path) = waiting.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let bytes = if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            Vec::new()
        } else {
            fs::read(&path).unwrap_or_default()
        };
        all.insert(path, (metadata.mode(), metadata.uid(), bytes));
    }
    all
}

/// No program is run, and there is no registry.
struct NoHands;

impl Hands for NoHands {
    fn set_user_variable(&self, _: &str, _: Option<&Secret>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn run(&self, _: &Command) -> Result<(), String> {
        Err("not here".to_owned())
    }
}

/// Dies before the step with this number.
struct DiesBefore(usize);

impl Hands for DiesBefore {
    fn set_user_variable(&self, _: &str, _: Option<&Secret>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn progress(&self, step: usize) {
        if step == self.0 {
            resume_unwind(Box::new(()));
        }
    }

    fn run(&self, _: &Command) -> Result<(), String> {
        Err("not here".to_owned())
    }
}

/// A home in a folder, and a store for its changes.
struct Bench {
    home: Home,
    folder: tempfile::TempDir,
    disk: Disk,
}

impl Bench {
    fn new(mut scenario: Value) -> Self {
        scenario["name"] = value!("provider");
        let scenario = Scenario::from_json(&scenario.to_string()).unwrap();
        let home = scenario.home_at(NOW_MS, None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        scenario.lay_out_home(&home, &folder.path().join("machine")).unwrap();
        let disk = Disk::below(folder.path().join("machine/root"), home.platform);
        Self { home, folder, disk }
    }

    /// A home in which Claude Code has been started, and nothing else.
    fn empty() -> Self {
        Self::new(value!({"files": {"~/.claude.json": started()}}))
    }

    fn with_settings(text: &str) -> Self {
        Self::new(value!({"files": {"~/.claude.json": started(), "~/.claude/settings.json": {"text": text}}}))
    }

    fn look(&self, machine: &dyn Machine, shows: Shows) -> Examination {
        let context = if shows == Shows::Here { self.home.context } else { Context::NewTerminal };
        contexts::examine(machine, self.home.examined(), context, contexts::STATICALLY)
    }

    fn now(&self) -> Examination {
        self.look(&self.disk, Shows::Here)
    }

    fn prepare(&self, asked: &Asked) -> Result<Prepared, SetUpError> {
        let look = |machine: &dyn Machine, shows| self.look(machine, shows);
        let prepared = provider::prepare(asked, &self.disk, &self.now(), &look, &occasion().change)?;
        assert!(!format!("{:?} {:?} {:?}", prepared.preview, prepared.plan, prepared.amiss).contains("CANARY"));
        Ok(prepared)
    }

    fn carry_out(&self, prepared: &Prepared, trial: Option<&Trial<'_>>) -> Ended {
        let look = |shows| self.look(&self.disk, shows);
        let ended = prepared.carry_out(&self.store(), &NoHands, &occasion(), &look, trial).unwrap();
        assert!(!format!("{ended:?}").contains("CANARY"), "{ended:?}");
        ended
    }

    fn set_up(&self, asked: &Asked) {
        let prepared = self.prepare(asked).unwrap();
        assert!(prepared.amiss.is_none(), "{:?}: {:?}", asked.provider, prepared.amiss);
        let ended = self.carry_out(&prepared, None);
        assert!(matches!(ended, Ended::SetUp(_, None)), "{:?}: {ended:?}", asked.provider);
    }

    fn undo(&self) {
        undo::undo(&self.store(), &NoHands, None, IfChanged::Ask).unwrap();
    }

    fn store(&self) -> Store {
        Store::in_folder(self.folder.path().join("state"))
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("machine")
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.disk.outside(path)).unwrap()
    }
}

fn started() -> Value {
    value!({"json": {"hasCompletedOnboarding": true, "theme": "dark"}})
}

fn occasion() -> authlight_engine::act::change::transaction::Occasion {
    repair::occasion(provider::NAME, NOW_MS)
}

fn env_of(settings: &str) -> BTreeMap<String, String> {
    let settings: Value = serde_json::from_str(settings).unwrap();
    let env = settings["env"].as_object().cloned().unwrap_or_default();
    env.into_iter().map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned())).collect()
}

/// The names that may stand there once a provider is set up.
fn expected(provider: Provider) -> Vec<String> {
    let set_up = SetUp::of(provider).unwrap();
    let given = values(provider).into_iter().map(|(name, _)| name);
    set_up.switch.map(str::to_owned).into_iter().chain(given).collect()
}

// ---------------------------------------------------------------- every provider

#[test]
fn each_provider_is_set_up_in_an_empty_home_and_undone_byte_for_byte() {
    for provider in Provider::ALL.iter().copied().filter(|provider| *provider != Provider::Anthropic) {
        let bench = Bench::empty();
        let before = everything(&bench.root());
        bench.set_up(&asked(provider));
        let env = env_of(&bench.read(SETTINGS));
        let mut names: Vec<_> = env.keys().cloned().collect();
        let mut wanted = expected(provider);
        names.sort();
        wanted.sort();
        assert_eq!(names, wanted, "{provider:?}");
        assert_eq!(bench.now().resolution.provider, provider);
        assert_eq!(fs::metadata(bench.disk.outside(SETTINGS)).unwrap().mode() & 0o777, 0o600, "it can hold a key");
        bench.undo();
        let after = everything(&bench.root());
        let files = |all: BTreeMap<PathBuf, Seen>| all.into_iter().filter(|(path, _)| path.is_file());
        assert_eq!(files(after).collect::<Vec<_>>(), files(before).collect::<Vec<_>>(), "{provider:?}");
    }
}

#[test]
fn from_every_provider_to_every_other_one_nothing_of_the_former_is_left_and_nothing_else_is_touched() {
    // Odd but legal: what stands around the changed members stays as it is written.
    let settings = "{\r\n\t\"permissions\" : {\"allow\":[ \"Bash(ls)\" ]},\r\n\t\"env\": {\r\n\t\t\"OTHER\": \"1\",\r\n\t\t\
                    \"EDITOR\":\"vi\"\r\n\t},\r\n\t\"model\":\"opus\"\r\n}\r\n";
    let mut tried = 0;
    for from in Provider::ALL {
        for to in Provider::ALL.iter().filter(|to| *to != from) {
            let bench = Bench::with_settings(settings);
            if *from != Provider::Anthropic {
                bench.set_up(&asked(*from));
            }
            assert_eq!(bench.now().resolution.provider, *from);
            let before = everything(&bench.root());
            bench.set_up(&asked(*to));
            let after = everything(&bench.root());
            let touched: Vec<_> =
                after.keys().chain(before.keys()).filter(|path| before.get(*path) != after.get(*path)).collect();
            assert!(touched.iter().all(|path| path.ends_with(".claude/settings.json")), "{from:?} {to:?}: {touched:?}");
            let text = bench.read(SETTINGS);
            let mut wanted = expected(*to);
            wanted.extend(["OTHER".to_owned(), "EDITOR".to_owned()]);
            // Other programs, which Claude Code starts, may read it too: that it stays is told.
            let mut names: Vec<_> = env_of(&text).into_keys().collect();
            names.retain(|name| name != "AWS_REGION" || wanted.contains(name));
            names.sort();
            wanted.sort();
            assert_eq!(names, wanted, "{from:?} {to:?}");
            for kept in
                ["\t\"permissions\" : {\"allow\":[ \"Bash(ls)\" ]},\r\n", "\"OTHER\": \"1\"", "\"EDITOR\":\"vi\""]
            {
                assert!(text.contains(kept), "{from:?} {to:?}: {text}");
            }
            assert!(text.ends_with("},\r\n\t\"model\":\"opus\"\r\n}\r\n"), "{from:?} {to:?}: {text}");
            let again = bench.prepare(&asked(*to)).unwrap();
            assert!(again.is_done(), "{from:?} {to:?}: twice is once");
            bench.undo();
            assert_eq!(everything(&bench.root()), before, "{from:?} {to:?}");
            tried += 1;
        }
    }
    assert_eq!(tried, 42);
}

#[test]
fn what_another_provider_has_left_in_any_scope_goes_too() {
    let project = value!({"json": {"env": {"ANTHROPIC_BASE_URL": "https://old.example"}, "x": 1}});
    let local = value!({"json": {"env": {"CLAUDE_CODE_USE_VERTEX": "1"}}});
    let bench = Bench::new(value!({
        "project": "/home/kim/shop",
        "mode": "print",
        "environment": {"SHELL": "/bin/bash", "ANTHROPIC_AUTH_TOKEN": "{{key:gateway:CANARY1}}",
                        "ANTHROPIC_FOUNDRY_RESOURCE": "old", "CLAUDE_CODE_USE_FOUNDRY": "1"},
        "context": "new-terminal",
        "files": {
            "~/.claude.json": started(),
            "~/.claude/settings.json": {"json": {"env": {"ANTHROPIC_MODEL": "eu.anthropic.claude-opus-5-5-v1:0"}}},
            "~/.bashrc": {"text": "export ANTHROPIC_AUTH_TOKEN={{key:gateway:CANARY1}}\nalias l=ls\n\
                                   export CLAUDE_CODE_USE_FOUNDRY=1 ANTHROPIC_FOUNDRY_RESOURCE=old\n"},
            "/home/kim/shop/.claude/settings.json": project,
            "/home/kim/shop/.claude/settings.local.json": local,
        },
    }));
    let before = everything(&bench.root());
    let prepared = bench.prepare(&asked(Provider::Anthropic)).unwrap();
    assert_eq!(prepared.plan.steps.iter().filter(|step| matches!(step, Step::File(_))).count(), 4);
    for step in 0..=prepared.plan.steps.len() {
        let cut_off = || apply(&prepared.plan, &bench.store(), &DiesBefore(step), &occasion());
        assert!(catch_unwind(AssertUnwindSafe(cut_off)).is_err());
        recover(&bench.store(), &NoHands).unwrap();
        assert_eq!(everything(&bench.root()), before, "cut off before step {step}");
    }
    bench.set_up(&asked(Provider::Anthropic));
    let resolution = bench.now().resolution;
    assert_eq!(resolution.provider, Provider::Anthropic);
    for name in ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_FOUNDRY_RESOURCE", "ANTHROPIC_MODEL"] {
        assert!(resolution.environment.set(name).is_none(), "{name}");
    }
    assert!(bench.read("/home/kim/.bashrc").contains("\nalias l=ls\n"));
    assert_eq!(serde_json::from_str::<Value>(&bench.read("/home/kim/shop/.claude/settings.json")).unwrap()["x"], 1);
    bench.undo();
    assert_eq!(everything(&bench.root()), before);
}

#[test]
fn the_projects_shared_settings_are_named_when_they_are_changed() {
    let shared = value!({"json": {"env": {"CLAUDE_CODE_USE_VERTEX": "1"}}});
    let bench = Bench::new(value!({"project": "/home/kim/shop", "mode": "print",
        "files": {"~/.claude.json": started(), "/home/kim/shop/.claude/settings.json": shared}}));
    assert!(tells(&bench.prepare(&asked(Provider::Gateway)).unwrap(), "fix-provider-shared"));
}

fn tells(prepared: &Prepared, key: &str) -> bool {
    prepared.plan.steps.iter().any(|step| matches!(step, Step::Tell { what, .. } if what.key == key))
}

#[test]
fn what_stays_although_it_may_be_a_leftover_is_told() {
    let bench = Bench::empty();
    bench.set_up(&asked(Provider::Bedrock));
    assert!(tells(&bench.prepare(&asked(Provider::Vertex)).unwrap(), "fix-provider-stays"), "the region of AWS");
    assert!(!tells(&bench.prepare(&asked(Provider::Mantle)).unwrap(), "fix-provider-stays"), "it is needed there");
    let settings = value!({"env": {"ANTHROPIC_BASE_URL": "https://gw.example", "ANTHROPIC_API_KEY": gateway_key("own"),
        "ANTHROPIC_CUSTOM_HEADERS": format!("X-Key: {}", gateway_key("header"))}, "apiKeyHelper": "/usr/bin/print-key"});
    let bench = Bench::with_settings(&settings.to_string());
    let prepared = bench.prepare(&asked(Provider::Anthropic)).unwrap();
    assert!(tells(&prepared, "provider-headers-stay") && tells(&prepared, "provider-helper-stays"));
    bench.carry_out(&prepared, None);
    let kept = env_of(&bench.read(SETTINGS));
    assert_eq!(
        kept.keys().collect::<Vec<_>>(),
        ["ANTHROPIC_CUSTOM_HEADERS"],
        "the key of a gateway is none of Anthropic's"
    );
    let own = value!({"env": {"CLAUDE_CODE_USE_VERTEX": "1", "ANTHROPIC_API_KEY": api_key("CANARYown")}});
    let bench = Bench::with_settings(&own.to_string());
    bench.set_up(&asked(Provider::Anthropic));
    assert_eq!(
        env_of(&bench.read(SETTINGS)).keys().collect::<Vec<_>>(),
        ["ANTHROPIC_API_KEY"],
        "one of Anthropic's is"
    );
    bench.set_up(&asked(Provider::Gateway));
    assert!(!env_of(&bench.read(SETTINGS)).contains_key("ANTHROPIC_API_KEY"), "and goes to no gateway");
}

#[test]
fn what_an_organisation_sets_is_told_and_nothing_is_changed() {
    let managed = value!({"json": {"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_REGION": "us-east-1"}}});
    let bench = Bench::new(value!({"files": {
        "~/.claude.json": started(), "/etc/claude-code/managed-settings.json": managed}}));
    let prepared = bench.prepare(&asked(Provider::Gateway)).unwrap();
    assert!(matches!(prepared.amiss, Some(Amiss::Other(Provider::Bedrock))), "{:?}", prepared.amiss);
    let for_administrator = |step: &Step| matches!(step, Step::Tell { what, needs_elevation: true, .. } if what.key == "fix-provider-managed");
    assert!(prepared.plan.steps.iter().any(for_administrator));
    let prepared = bench.prepare(&asked(Provider::Mantle)).unwrap();
    assert!(prepared.amiss.is_some(), "another cloud goes before it");
    let other_region =
        asked_with(Provider::Bedrock, Scope::User, &[("AWS_REGION", "eu-west-1"), ("AWS_PROFILE", "shop")]);
    let prepared = bench.prepare(&other_region).unwrap();
    assert!(matches!(prepared.amiss, Some(Amiss::Value { name: "AWS_REGION", .. })), "{:?}", prepared.amiss);
}

#[test]
fn what_claude_code_would_not_read_is_not_written() {
    let files = value!({"~/.claude.json": started()});
    let bench = Bench::new(value!({"project": "/home/kim/shop", "files": files}));
    let vertex = Asked { scope: Scope::Local, ..asked(Provider::Vertex) };
    let prepared = bench.prepare(&vertex).unwrap();
    let untrusted = matches!(prepared.amiss, Some(Amiss::Ignored { why: Some(Ignored::Untrusted), .. }));
    assert!(untrusted, "{:?}", prepared.amiss);
    for scope in [Scope::Project, Scope::Local] {
        let none = Bench::empty().prepare(&Asked { scope, ..asked(Provider::Vertex) });
        let Err(SetUpError::Values(why)) = none else { panic!("{scope:?}") };
        assert_eq!(why[0].key, "provider-no-settings");
    }
    let trusted = Bench::new(value!({"project": "/home/kim/shop", "mode": "print", "files": files}));
    trusted.set_up(&vertex);
    assert_eq!(env_of(&trusted.read("/home/kim/shop/.claude/settings.local.json"))["CLOUD_ML_REGION"], "us-east5");
    assert!(!trusted.disk.outside(SETTINGS).exists());
}

#[test]
fn keys_that_a_stronger_profile_would_hide_are_not_written() {
    let bench = Bench::new(value!({"environment": {"AWS_PROFILE": "work"}, "files": {"~/.claude.json": started()}}));
    let (id, secret) = (["AKIA", "CANARY0123456789"].concat(), gateway_key("aws"));
    let keys =
        [("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", id.as_str()), ("AWS_SECRET_ACCESS_KEY", secret.as_str())];
    let prepared = bench.prepare(&asked_with(Provider::Bedrock, Scope::User, &keys)).unwrap();
    assert!(matches!(prepared.amiss, Some(Amiss::Value { name: "AWS_PROFILE", .. })), "{:?}", prepared.amiss);
    Bench::empty().set_up(&asked_with(Provider::Bedrock, Scope::User, &keys));
}

#[test]
fn what_other_programs_use_stays_where_they_find_it() {
    let profile = "export AWS_REGION=us-east-1 AWS_PROFILE=work\n";
    let bench = Bench::new(value!({
        "context": "new-terminal",
        "environment": {"SHELL": "/bin/bash", "AWS_REGION": "us-east-1", "AWS_PROFILE": "work"},
        "files": {"~/.claude.json": started(), "~/.bashrc": {"text": profile}},
    }));
    bench.set_up(&asked(Provider::Bedrock));
    assert_eq!(bench.read("/home/kim/.bashrc"), profile);
    assert_eq!(bench.now().resolution.environment.text("AWS_REGION"), Some("eu-central-1"));
    let sent = bench.now().resolution.sends;
    assert_eq!(sent.iter().map(|sent| sent.name.as_str()).collect::<Vec<_>>(), ["AWS_BEARER_TOKEN_BEDROCK"]);
}

#[test]
fn a_gateway_on_this_machine_may_be_started_later() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base = format!("http://{nobody}");
    let key = gateway_key("later");
    let bench = Bench::new(value!({"listening": [], "files": {"~/.claude.json": started()}}));
    bench.set_up(&asked_with(
        Provider::Gateway,
        Scope::User,
        &[("ANTHROPIC_BASE_URL", &base), ("ANTHROPIC_AUTH_TOKEN", &key)],
    ));
    let found = judge::findings(&bench.now().facts(&Live::default()));
    assert!(found.iter().any(|found| found.code.as_deref() == Some("AL-5-17")), "it is said that nothing answers yet");
}

#[test]
fn what_this_terminal_has_from_a_profile_goes_out_of_the_profile() {
    let profile = "alias l=ls\nexport ANTHROPIC_BASE_URL=https://old.example\nexport ANTHROPIC_AUTH_TOKEN={{key:gateway:CANARY1}}\n";
    let bench = Bench::new(value!({
        "environment": {"SHELL": "/bin/bash", "ANTHROPIC_BASE_URL": "https://old.example",
                        "ANTHROPIC_AUTH_TOKEN": "{{key:gateway:CANARY1}}"},
        "files": {"~/.claude.json": started(), "~/.bashrc": {"text": profile}},
    }));
    let before = everything(&bench.root());
    let prepared = bench.prepare(&asked(Provider::Vertex)).unwrap();
    assert!(tells(&prepared, "fix-new-terminal-or-command"), "{:?}", prepared.preview);
    let ended = bench.carry_out(&prepared, None);
    assert!(matches!(ended, Ended::SetUp(..)), "{ended:?}");
    let there = bench.look(&bench.disk, Shows::NewTerminal).resolution;
    assert!(there.provider == Provider::Vertex && there.environment.set("ANTHROPIC_AUTH_TOKEN").is_none());
    assert!(bench.read("/home/kim/.bashrc").starts_with("alias l=ls\n# >>> Authlight"));
    bench.undo();
    assert_eq!(everything(&bench.root()), before);
}

#[test]
fn where_the_environment_sends_requests_elsewhere_for_good_nothing_is_changed() {
    let environment = value!({"ANTHROPIC_BASE_URL": "https://old.example"});
    let bench = Bench::new(value!({"environment": environment, "files": {"~/.claude.json": started()}}));
    let prepared = bench.prepare(&asked(Provider::Anthropic)).unwrap();
    assert!(
        matches!(prepared.amiss, Some(Amiss::Other(Provider::Gateway))) && tells(&prepared, "fix-provider-variable")
    );
}

// ---------------------------------------------------------------- the test before and after

/// Runs the set-up of a gateway whose endpoint says these things.
fn gateway(script: Vec<Reply>, scope: Scope, consents: &[Consent]) -> (Bench, Result<Ended, Amiss>, usize) {
    let endpoint = plain(script);
    let bench = Bench::new(value!({"project": "/home/kim/shop", "mode": "print",
        "files": {"~/.claude.json": started(), "~/.claude/settings.json": {"text": "{}\n"}}}));
    let base = format!("http://{}", endpoint.address);
    let key = gateway_key("new");
    let asked = asked_with(Provider::Gateway, scope, &[("ANTHROPIC_BASE_URL", &base), ("ANTHROPIC_AUTH_TOKEN", &key)]);
    let trial = Trial {
        outside: &|path: &str| bench.disk.outside(path),
        consents,
        deadline: Duration::from_secs(60),
        cancel: &AtomicBool::new(false),
        run: &|_| Err(ErrandTrouble::TimedOut),
    };
    let prepared = bench.prepare(&asked).unwrap();
    assert!(prepared.amiss.is_none(), "{:?}", prepared.amiss);
    let ended = prepared.test(&trial).map(|_| bench.carry_out(&prepared, Some(&trial)));
    let requests = endpoint.requests();
    assert!(requests.iter().all(|request| request.contains(&format!("authorization: Bearer {key}"))));
    (bench, ended, requests.len())
}

#[test]
fn a_gateway_is_tested_before_it_is_written_and_after() {
    let good = || [json(200, MODELS), json(200, COUNT)];
    let twice = || good().into_iter().chain(good()).collect::<Vec<_>>();
    for scope in [Scope::User, Scope::Local] {
        let (bench, ended, requests) = gateway(twice(), scope, &[]);
        assert!(matches!(ended, Ok(Ended::SetUp(_, Some(Tested::Verified)))), "{scope:?}: {ended:?}");
        assert_eq!(requests, 4);
        assert_eq!(bench.now().resolution.provider, Provider::Gateway);
    }
    let refused = || api_error(401, "authentication_error", "No such key");
    let (bench, ended, requests) = gateway(vec![refused()], Scope::User, &[]);
    assert!(matches!(ended, Err(Amiss::Test(_))), "{ended:?}");
    assert_eq!((requests, bench.read(SETTINGS).as_str()), (1, "{}\n"));
    let later: Vec<_> = good().into_iter().chain([refused()]).collect();
    let (bench, ended, _) = gateway(later, Scope::User, &[]);
    assert!(matches!(ended, Ok(Ended::TakenBack(Amiss::Test(_), None))), "{ended:?}");
    assert_eq!(bench.read(SETTINGS), "{}\n");
}

#[test]
fn a_project_that_chose_the_way_needs_a_word_of_its_own() {
    let bench = Bench::new(value!({"project": "/home/kim/shop", "mode": "print", "files": {
        "~/.claude.json": started(),
        "/home/kim/shop/.claude/settings.json": {"json": {"env": {"HTTPS_PROXY": "http://127.0.0.1:9"}}}}}));
    let trial = Trial {
        outside: &|path: &str| bench.disk.outside(path),
        consents: &[],
        deadline: Duration::from_secs(60),
        cancel: &AtomicBool::new(false),
        run: &|_| Err(ErrandTrouble::TimedOut),
    };
    for scope in [Scope::User, Scope::Local] {
        let asked = Asked { scope, ..asked(Provider::Gateway) };
        let prepared = bench.prepare(&asked).unwrap();
        let Err(Amiss::Test(live)) = prepared.test(&trial) else { panic!("{scope:?}") };
        assert!(live.sent.is_empty() && live.stages[0].text.key == "live-auth-project-endpoint", "{live:?}");
    }
}

#[test]
fn where_nobody_signs_in_or_only_claude_can_prove_it_nobody_is_asked() {
    let login = value!({"mode": "0600", "json": {"claudeAiOauth": {"accessToken": "{{key:oat:CANARY1}}",
        "refreshToken": "{{key:ort:CANARY2}}", "expiresAt": "{{ms:+8h}}", "scopes": ["user:inference"]}}});
    for with_login in [false, true] {
        let mut files = value!({"~/.claude.json": started(),
            "~/.claude/settings.json": {"json": {"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_REGION": "us-east-1"}}}});
        if with_login {
            files["~/.claude/.credentials.json"] = login.clone();
        }
        let bench = Bench::new(value!({ "files": files }));
        let before = everything(&bench.root());
        let trial = Trial {
            outside: &|path: &str| bench.disk.outside(path),
            consents: &[],
            deadline: Duration::from_secs(60),
            cancel: &AtomicBool::new(false),
            run: &|_| Err(ErrandTrouble::TimedOut),
        };
        let prepared = bench.prepare(&asked(Provider::Anthropic)).unwrap();
        assert!(prepared.amiss.is_none(), "{:?}", prepared.amiss);
        let tested = prepared.test(&trial).unwrap();
        assert!(matches!((with_login, tested), (false, Tested::NobodySignsIn) | (true, Tested::Login)));
        bench.carry_out(&prepared, Some(&trial));
        assert_eq!(bench.now().resolution.provider, Provider::Anthropic);
        bench.undo();
        assert_eq!(everything(&bench.root()), before);
    }
}

#[test]
fn a_cloud_is_tested_where_that_can_be_done_from_here() {
    // Azure's own sign-in is the tool's, which is not run without a word.
    let bench = Bench::empty();
    let trial = Trial {
        outside: &|path: &str| bench.disk.outside(path),
        consents: &[],
        deadline: Duration::from_secs(60),
        cancel: &AtomicBool::new(false),
        run: &|_| Err(ErrandTrouble::TimedOut),
    };
    let refused = plain(vec![api_error(401, "authentication_error", "no such key")]);
    let base = format!("http://{}", refused.address);
    let key = gateway_key("foundry");
    let fields = [("ANTHROPIC_FOUNDRY_BASE_URL", base.as_str()), ("ANTHROPIC_FOUNDRY_API_KEY", key.as_str())];
    let prepared = bench.prepare(&asked_with(Provider::Foundry, Scope::User, &fields)).unwrap();
    assert!(matches!(prepared.test(&trial), Err(Amiss::Test(_))));
    assert_eq!(refused.requests().len(), 1);
    let silent = plain(vec![]);
    let base = format!("http://{}", silent.address);
    let fields = [("ANTHROPIC_FOUNDRY_BASE_URL", base.as_str())];
    let prepared = bench.prepare(&asked_with(Provider::Foundry, Scope::User, &fields)).unwrap();
    let tested = prepared.test(&trial);
    assert!(matches!(tested, Ok(Tested::NotTested(Some(_)))), "{tested:?}");
    assert!(silent.requests().is_empty());
}

// ---------------------------------------------------------------- the form

#[test]
fn a_form_names_every_field_with_where_it_is_found_and_shows_no_secret() {
    let words = Language::english();
    let bench = Bench::with_settings(&format!(
        "{{\"env\": {{\"ANTHROPIC_BASE_URL\": \"https://kim:pwCANARY@gw.example/llm\", \"ANTHROPIC_AUTH_TOKEN\": \"{}\", \
         \"AWS_PROFILE\": \"{}\"}}}}",
        gateway_key("form"),
        api_key("CANARYplace"),
    ));
    let now = bench.now();
    for set_up in SET_UPS {
        let form = provider::form(&now, set_up.provider).unwrap();
        assert_eq!(form.fields.len(), set_up.all_fields().count());
        for field in &form.fields {
            assert!(words.knows(&field.label.key) && words.knows(&field.found.key), "{}", field.name);
        }
        assert!(!format!("{form:?}").contains("CANARY"), "{form:?}");
    }
    let form = provider::form(&now, Provider::Gateway).unwrap();
    let present = |name: &str| form.fields.iter().find(|field| field.name == name).unwrap().present.clone();
    assert_eq!(present("ANTHROPIC_BASE_URL").unwrap().shown.as_deref(), Some("https://gw.example/llm"));
    assert_eq!(present("ANTHROPIC_AUTH_TOKEN").unwrap().shown.as_deref(), Some("…0e1f"));
    assert_eq!(form.fields[0].need, Need::Needed);
    assert!(form.fields[1].secret && matches!(form.fields[1].need, Need::OneOf(_)));
    let bedrock = provider::form(&now, Provider::Bedrock).unwrap();
    let profile = bedrock.fields.iter().find(|field| field.name == "AWS_PROFILE").unwrap();
    assert!(profile.present.as_ref().unwrap().shown.is_none(), "a key in the wrong place is none to be shown");
}

// ---------------------------------------------------------------- what is refused

#[test]
fn values_that_cannot_be_meant_are_refused_each_with_its_reason() {
    let oat = ["sk-ant-", "oat01-CANARY0123456789abcdef"].concat();
    let admin = ["sk-ant-", "admin01-CANARY0123456789abcdef"].concat();
    let key = gateway_key("any");
    let gateway = |pairs: &[(&str, &str)]| asked_with(Provider::Gateway, Scope::User, pairs);
    let good = ("ANTHROPIC_BASE_URL", "https://gw.example");
    let base = |url: &'static str| ("ANTHROPIC_BASE_URL", url);
    let token = ("ANTHROPIC_AUTH_TOKEN", key.as_str());
    let with = |provider, pairs: &[(&str, &str)]| asked_with(provider, Scope::User, pairs);
    let ids = [["AKIA", "CANARY0123456789"].concat(), ["ASIA", "CANARY0123456789"].concat()];
    let cases: Vec<(Asked, &str)> = vec![
        (gateway(&[base("gw.example"), token]), "no-address"),
        (gateway(&[base("localhost:4000"), token]), "no-address"),
        (gateway(&[base("ftp://gw.example"), token]), "no-address"),
        (gateway(&[base("https://gw.example/?k=1"), token]), "no-address"),
        (gateway(&[base("https://kim:pwCANARY@gw.example"), token]), "person-in-address"),
        (gateway(&[base("https://gw.example/v1"), token]), "path-in-address"),
        (gateway(&[base("https://gw.example/v1/messages/"), token]), "path-in-address"),
        (gateway(&[base("\"https://gw.example\""), token]), "character"),
        (gateway(&[good, ("ANTHROPIC_AUTH_TOKEN", &oat)]), "login-token"),
        (gateway(&[good, ("ANTHROPIC_AUTH_TOKEN", &admin)]), "admin-key"),
        (gateway(&[good, ("ANTHROPIC_AUTH_TOKEN", "  ")]), "blank"),
        (gateway(&[good, ("ANTHROPIC_AUTH_TOKEN", "your-api-key-here")]), "not-whole"),
        (gateway(&[good, ("ANTHROPIC_AUTH_TOKEN", &format!("Bearer {key}"))]), "character"),
        (gateway(&[good, ("ANTHROPIC_AUTH_TOKEN", &key), ("ANTHROPIC_API_KEY", &key)]), "provider-one-way"),
        (gateway(&[good]), "provider-missing-one"),
        (gateway(&[token]), "provider-missing"),
        (gateway(&[good, token, good]), "provider-given-twice"),
        (gateway(&[good, token, ("AWS_REGION", "us-east-1")]), "provider-not-taken"),
        (gateway(&[good, token, ("CLAUDE_CODE_OAUTH_TOKEN", &oat)]), "provider-not-taken"),
        (Asked { scope: Scope::Project, ..gateway(&[good, token]) }, "provider-secret-shared"),
        (with(Provider::Bedrock, &[]), "provider-missing"),
        (with(Provider::Bedrock, &[("AWS_REGION", "Frankfurt")]), "no-region"),
        (with(Provider::Bedrock, &[("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", &ids[0])]), "provider-together"),
        (
            with(
                Provider::Bedrock,
                &[("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", &ids[1]), ("AWS_SECRET_ACCESS_KEY", &key)],
            ),
            "provider-together",
        ),
        (
            with(
                Provider::Bedrock,
                &[("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", &key), ("AWS_SECRET_ACCESS_KEY", &key)],
            ),
            "no-aws-key",
        ),
        (with(Provider::Bedrock, &[("AWS_REGION", "us-east-1"), ("AWS_PROFILE", &ids[0])]), "secret"),
        (with(Provider::Bedrock, &[("AWS_REGION", "us-east-1"), ("AWS_PROFILE", &oat)]), "login-token"),
        (with(Provider::AnthropicAws, &[("AWS_REGION", "us-east-1")]), "provider-missing"),
        (
            with(Provider::Vertex, &[("ANTHROPIC_VERTEX_PROJECT_ID", "a b"), ("CLOUD_ML_REGION", "global")]),
            "no-project",
        ),
        (with(Provider::Vertex, &[("ANTHROPIC_VERTEX_PROJECT_ID", "a"), ("CLOUD_ML_REGION", "x/y")]), "no-region"),
        (with(Provider::Foundry, &[]), "provider-missing-one"),
        (with(Provider::Foundry, &[("ANTHROPIC_FOUNDRY_RESOURCE", "https://a.example")]), "no-resource"),
        (
            with(
                Provider::Foundry,
                &[("ANTHROPIC_FOUNDRY_RESOURCE", "shop"), ("ANTHROPIC_FOUNDRY_BASE_URL", "https://a.example")],
            ),
            "provider-one-way",
        ),
    ];
    let words = Language::english();
    for (at, (asked, reason)) in cases.iter().enumerate() {
        let project = value!({"project": "/home/kim/shop", "mode": "print", "files": {"~/.claude.json": started()}});
        let bench = Bench::new(project);
        let before = everything(&bench.root());
        let Err(SetUpError::Values(why)) = bench.prepare(asked) else { panic!("{at}: {reason}") };
        let said = |message: &Message| {
            let names = message.key == *reason;
            names || message.args.iter().any(|(name, value)| *name == "why" && *value == (*reason).into())
        };
        assert!(why.iter().any(said), "{at}: {reason}: {why:?}");
        let told: String = why.iter().map(|message| words.say(&message.clone().with("what", ""))).collect();
        assert!(!told.contains("CANARY") && !told.contains("{$"), "{at}: {told}");
        assert_eq!(everything(&bench.root()), before);
    }
}

#[test]
fn the_console_takes_no_secret_as_an_argument_and_repeats_none() {
    let mut desk = Desk::new();
    let (token, canary) = (gateway_key("input"), api_key("CANARYarg"));
    desk.input = token.clone().into_bytes();
    let from_input = "ANTHROPIC_AUTH_TOKEN=-";
    fn gateway<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["provider", "gateway", "--set", "ANTHROPIC_BASE_URL=https://gw.example/llm"], more].concat()
    }
    let cases: Vec<(Vec<&str>, u8, &str)> = vec![
        (gateway(&["--key-from", from_input]), 2, "--yes"),
        (gateway(&["--key-from", from_input, "--dry-run"]), 0, ""),
        (gateway(&["--set", "ANTHROPIC_AUTH_TOKEN=x"]), 64, "--key-from ANTHROPIC_AUTH_TOKEN=FILE"),
        (gateway(&["--key-from", "ANTHROPIC_BASE_URL=-"]), 64, "is no secret"),
        (gateway(&["--set", &canary]), 64, "an equals sign"),
        (gateway(&["--key-from", &canary]), 64, "an equals sign"),
        (gateway(&["--key-from", from_input, "--key-from", "ANTHROPIC_API_KEY=-"]), 64, "standard input"),
        (gateway(&["--key-from", "ANTHROPIC_AUTH_TOKEN=/nowhere/key"]), 64, "--key-from"),
        (gateway(&[]), 64, "Whoever runs the gateway hands it out"),
        (vec!["provider", "gatway"], 64, "bedrock"),
        (gateway(&["--scope", "managed"]), 64, "user, project, local"),
        (gateway(&["--key-from", from_input, "--scope", "project"]), 64, "--scope user"),
        (vec!["provider", "anthropic", "--dry-run"], 0, "Nothing is to be done"),
    ];
    for (command, code, says) in cases {
        let done = desk.examine(&command);
        let all = format!("{}{}", done.out, done.err);
        assert_eq!(done.code, code, "{command:?}: {all}");
        assert!(all.contains(says), "{command:?}: {all}");
        assert!(!all.contains("CANARY") && !all.contains(&token), "{command:?}: {all}");
        assert!(!desk.outside(SETTINGS).exists(), "{command:?}");
    }
    let unnamed = format!("{canary}=x");
    let done = desk.examine(&gateway(&["--set", &unnamed]));
    assert!(done.code == 64 && !format!("{done:?}").contains("CANARY"), "{done:?}");
    let shown = desk.examine(&gateway(&["--key-from", from_input, "--dry-run"])).out;
    assert!(shown.contains("ANTHROPIC_BASE_URL") && shown.contains("https://gw.example/llm"), "{shown}");
}
