use super::*;
use crate::keychain::Item;
use crate::message::Message;
use crate::reading::Takes;
use crate::report::{Live, Mode};
use crate::secret::Secret;
use std::time::Duration;

const HOME: &str = "/Users/kim";

fn document(path: &str, text: &str) -> Document {
    let content = Reading::Found(Content::of(text.as_bytes().to_vec(), Takes::MarkedToo));
    Document { path: path.to_owned(), content, ..Document::default() }
}

fn variable(name: &str, value: &str) -> Variable {
    Variable { name: name.to_owned(), value: Secret::new(value), source: Source::variable(name) }
}

/// A machine on which `claude` has been started once, with this environment.
fn machine(platform: Platform, variables: Vec<Variable>) -> Snapshot {
    let mut snapshot = Snapshot::new(Examined {
        now_ms: 1_795_435_200_000,
        mode: Mode::Print,
        ..Examined::of_process(platform, HOME, variables)
    });
    snapshot.hold_state(document("/Users/kim/.claude.json", "{\"hasCompletedOnboarding\": true, \"theme\": \"dark\"}"));
    snapshot
}

fn report(snapshot: &Snapshot) -> Report {
    let run = crate::judge::RunFacts {
        tool_version: String::new(),
        id: String::new(),
        online: false,
        clock: || Duration::ZERO,
    };
    crate::judge::judge(snapshot, &Live::default(), &run)
}

fn removals(snapshot: &Snapshot, instance: &str) -> Vec<Removal> {
    let places = places(&report(snapshot), &Instance(instance.to_owned())).expect("the report names it");
    places.iter().map(|source| removal(snapshot, source).expect("it stands somewhere")).collect()
}

/// What signs in without this: its instance.
fn winner_without(snapshot: &Snapshot, instance: &str) -> String {
    let edited = snapshot.without(&removals(snapshot, instance)).expect("the same files are read");
    report(&edited).ladder[0].instance.0.clone()
}

fn wins(snapshot: &Snapshot, instance: &str) -> bool {
    let is_it = |rung: &crate::report::Rung| rung.instance.0 == instance && !rung.headers.is_empty();
    report(snapshot).ladder.iter().any(is_it)
}

fn sentences(before: &Snapshot, after: &Snapshot) -> Vec<Message> {
    Difference::between(&report(before), &report(after)).sentences()
}

fn keys(said: &[Message]) -> Vec<&str> {
    said.iter().map(|message| &*message.key).collect()
}

const LOGIN: &str = "{\"claudeAiOauth\": {\"accessToken\": \"a\", \"refreshToken\": \"r\", \"expiresAt\": 1999999999999, \"scopes\": [\"user:inference\"]}, \"other\": 1}";

#[test]
fn whatever_signs_in_can_be_left_out_one_after_the_other() {
    let mut here =
        machine(Platform::Linux, vec![variable("ANTHROPIC_API_KEY", "one"), variable("ANTHROPIC_API_KEY", "two")]);
    here.login = document("/Users/kim/.claude/.credentials.json", LOGIN);
    let settings = "{\"apiKeyHelper\": \"x\", \"env\": {\"ANTHROPIC_API_KEY\": \"three\", \"ANTHROPIC_CUSTOM_HEADERS\": \"x-api-key: four\"}}";
    here.settings.push(SettingsFile::new(Scope::User, document("/Users/kim/.claude/settings.json", settings)));
    let mut left = here.clone();
    let order = [
        "settings:user:ANTHROPIC_CUSTOM_HEADERS",
        "settings:user:ANTHROPIC_API_KEY",
        "process_env:ANTHROPIC_API_KEY",
        "settings:user:apiKeyHelper",
        "credentials_file:claudeAiOauth",
    ];
    for instance in order {
        assert!(wins(&left, instance), "{instance}");
        left = left.without(&removals(&left, instance)).expect("the same files are read");
        assert!(!wins(&left, instance), "{instance}");
    }
    assert!(report(&left).route.sends.is_empty());
    assert_eq!(left.login.json().map(|json| json.root().members().count()), Some(1), "what else stands there stays");
    assert!(wins(&here, order[0]), "nothing was changed");
}

#[test]
fn a_stored_key_is_left_out_of_the_state_file() {
    let mut here = machine(Platform::Linux, Vec::new());
    let state =
        "{\"hasCompletedOnboarding\": true, \"primaryApiKey\": \"one\", \"env\": {\"ANTHROPIC_AUTH_TOKEN\": \"two\"}}";
    here.hold_state(document("/Users/kim/.claude.json", state));
    let without_token = here.without(&removals(&here, "app_state:ANTHROPIC_AUTH_TOKEN")).unwrap();
    let one = removals(&without_token, "app_state:primaryApiKey");
    assert!(report(&without_token.without(&one).unwrap()).route.sends.is_empty());
}

#[test]
fn a_registry_and_preferences_have_their_values_left_out() {
    let policy = "{\"env\": {\"ANTHROPIC_AUTH_TOKEN\": \"one\"}, \"apiKeyHelper\": \"x\", \"model\": \"m\"}";
    for (platform, store) in [(Platform::Windows, Store::MachineRegistry), (Platform::MacOs, Store::Preferences)] {
        let mut here = machine(platform, vec![variable("ANTHROPIC_AUTH_TOKEN", "two")]);
        here.settings.push(SettingsFile::in_store(document("HKLM\\policy", policy), store));
        let names = ["managed_settings:managed:ANTHROPIC_AUTH_TOKEN", "managed_settings:managed:apiKeyHelper"];
        assert_eq!(winner_without(&here, names[0]), "process_env:ANTHROPIC_AUTH_TOKEN", "{store:?}");
        let without_helper = here.without(&removals(&here, names[1])).unwrap();
        assert!(!report(&without_helper).ladder.iter().any(|rung| rung.instance.0 == names[1]), "{store:?}");
        // What is left says something still; where nothing is, Windows asks the person's half of the registry.
        let mut alone = here.clone();
        alone.settings = vec![SettingsFile::in_store(document("HKLM\\policy", "{\"apiKeyHelper\": \"x\"}"), store)];
        let edited = alone.without(&removals(&alone, names[1]));
        assert_eq!(edited.is_none(), store == Store::MachineRegistry, "{store:?}");
    }
}

#[test]
fn an_item_of_the_keychain_is_left_out_and_the_file_is_looked_at() {
    let mut here = machine(Platform::MacOs, Vec::new());
    here.login = document("/Users/kim/.claude/.credentials.json", LOGIN);
    let service = "Claude Code-credentials".to_owned();
    here.keychain.service = Some(service.clone());
    here.keychain.login = Answer::Found(Item { service, account: None });
    assert_eq!(winner_without(&here, "keychain:Claude Code-credentials"), "credentials_file:claudeAiOauth");
}

#[test]
fn what_stands_in_a_file_may_cover_something_and_has_to_be_followed() {
    let mut here = machine(Platform::Linux, Vec::new());
    let at = |kind, path: Option<&str>| Source {
        path: path.map(str::to_owned),
        line: path.map(|_| 12),
        name: Some("ANTHROPIC_API_KEY".to_owned()),
        ..Source::new(kind)
    };
    let (profile, conf) = (Some("/Users/kim/.zshrc"), Some("/etc/environment"));
    for source in
        [at(SourceKind::ShellProfile, profile), at(SourceKind::SystemEnv, conf), at(SourceKind::SystemEnv, None)]
    {
        here.examined.variables = vec![Variable { source: source.clone(), ..variable("ANTHROPIC_API_KEY", "one") }];
        let removal = removal(&here, &source).unwrap();
        assert!(here.without(std::slice::from_ref(&removal)).is_none(), "{removal:?}");
    }
}

#[test]
fn where_other_files_would_be_read_nothing_is_claimed() {
    for name in ["CLAUDE_CONFIG_DIR", "ANTHROPIC_PROFILE", "NODE_EXTRA_CA_CERTS", "CLAUDE_CODE_USE_BEDROCK", "PATH"] {
        let here = machine(Platform::Linux, vec![variable(name, "/x"), variable("ANTHROPIC_API_KEY", "one")]);
        assert!(here.without(&[Removal::Variable(Source::variable(name))]).is_none(), "{name}");
        assert!(here.without(&[Removal::Variable(Source::variable("ANTHROPIC_API_KEY"))]).is_some(), "{name}");
    }
    let mut here = machine(Platform::Linux, vec![variable("ANTHROPIC_BASE_URL", "http://127.0.0.1:4000")]);
    let env = "{\"env\": {\"ANTHROPIC_BASE_URL\": \"https://gw.example\"}}";
    here.settings.push(SettingsFile::new(Scope::User, document("/Users/kim/.claude/settings.json", env)));
    let uncovers = removals(&here, "settings:user:ANTHROPIC_BASE_URL");
    assert!(here.without(&uncovers).is_none(), "who listens on this machine was not asked");
}

#[test]
fn a_dead_login_that_a_key_covers_is_said() {
    let mut here = machine(Platform::Linux, vec![variable("ANTHROPIC_API_KEY", &["sk-ant-", "api03-x"].concat())]);
    here.login =
        document("/Users/kim/.claude/.credentials.json", &LOGIN.replace("1999999999999", "1").replace("\"r\"", "\"\""));
    let after = here.without(&removals(&here, "process_env:ANTHROPIC_API_KEY")).unwrap();
    let said = sentences(&here, &after);
    assert_eq!(keys(&said)[..2], ["what-if-signs-in", "what-if-appears"], "{said:?}");
    assert!(
        said[0].args.contains(&("credential", "login".into())) && said[1].args.contains(&("code", "AL-2-09".into()))
    );
    assert!(said.len() <= MOST_SENTENCES);
    let back = sentences(&after, &here);
    assert!(keys(&back).contains(&"what-if-goes"), "{back:?}");
}

#[test]
fn another_place_of_the_same_is_told_by_its_place_and_nothing_as_nothing() {
    let mut here = machine(Platform::Linux, vec![variable("ANTHROPIC_AUTH_TOKEN", "one")]);
    let text = "{\"env\": {\"ANTHROPIC_AUTH_TOKEN\": \"two\", \"ANTHROPIC_BASE_URL\": \"https://gw.example\"}}";
    here.settings.push(SettingsFile::new(Scope::User, document("/Users/kim/.claude/settings.json", text)));
    let token = here.without(&removals(&here, "settings:user:ANTHROPIC_AUTH_TOKEN")).unwrap();
    let said = sentences(&here, &token);
    assert!(said[0].args.contains(&("place", "environment".into())), "{said:?}");
    let address = here.without(&removals(&here, "settings:user:ANTHROPIC_BASE_URL")).unwrap();
    assert!(keys(&sentences(&here, &address)).contains(&"what-if-usual-address"));
    let loser = here.without(&removals(&here, "process_env:ANTHROPIC_AUTH_TOKEN")).unwrap();
    let difference = Difference::between(&report(&here), &report(&here));
    assert!(difference.is_none() && keys(&difference.sentences()) == ["what-if-nothing"]);
    assert_eq!(
        keys(&sentences(&here, &loser)),
        ["what-if-goes", "what-if-verdict"],
        "it is overridden no more, and that is all"
    );
}
