//! The matrix says of every folder what a whole look at that folder says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use std::sync::atomic::{AtomicBool, Ordering};

use authlight_core::projects::Cell;
use authlight_core::report::{Context, CredentialKind};
use authlight_engine::contexts;
use authlight_engine::matrix::{Asked, COLUMNS, Row, fill};
use authlight_engine::practice::{Home, Scenario};
use authlight_engine::words::Language;
use serde_json::{Value, json};

/// The start of a word that could be a key, and is none.
const KEY: &str = "{{key:api:CANARY1}}";
const OTHER_KEY: &str = "{{key:api:CANARY2}}";

fn home(scenario: &Value) -> Home {
    Scenario::from_json(&scenario.to_string()).unwrap().home_at(1_795_435_200_000, None).unwrap()
}

fn rows(home: &Home, folder: Option<&str>, context: Context, folders: &[String], may_open: bool) -> Vec<Row> {
    let folder = folder.map(str::to_owned);
    let asked = Asked { started: home.examined(), folder, context, folders: folders.to_vec(), may_open };
    let mut rows = Vec::new();
    fill(&home.machine(), &asked, contexts::STATICALLY, &AtomicBool::new(false), &mut |row| rows.push(row));
    rows
}

/// The same, each folder and context by itself.
fn looked_at(home: &Home, folder: Option<&str>, context: Context, folders: &[String]) -> Vec<Row> {
    let machine = home.machine();
    let look = |folder: Option<String>, context| {
        let started = authlight_core::snapshot::Examined { project: folder, ..home.examined() };
        contexts::examine(&machine, started, context, contexts::STATICALLY)
    };
    let answer = |folder: Option<String>, context| {
        let looked = look(folder, context);
        authlight_core::contexts::Elsewhere::of(&looked.snapshot, looked.resolution)
    };
    let here = answer(folder.map(str::to_owned), context);
    let others = folders.iter().filter(|other| Some(other.as_str()) != folder);
    let all = std::iter::once(folder.map(str::to_owned)).chain(others.cloned().map(Some));
    all.map(|folder| {
        let cell = |context: &Context| Cell::of(&answer(folder.clone(), *context), Some(&here), &home.home);
        Row { cells: COLUMNS.iter().map(cell).collect(), folder }
    })
    .collect()
}

/// Where a signature comes from.
const AWS: &str =
    "[default]\naws_access_key_id = {{key:aws-id:CANARY}}\naws_secret_access_key = {{key:aws-secret:CANARY}}\n";

/// What may stand in a folder's settings, each of a kind of its own.
fn kinds_of_settings() -> Vec<Value> {
    let env = |env: Value| json!({"json": {"env": env}});
    let mut kinds = vec![
        Value::Null,
        json!({"json": {"permissions": {"allow": ["Bash(ls)"]}}}),
        json!({"text": "{\"env\": {"}),
        json!({"text": ""}),
        json!({"folder": true}),
        json!({"json": ["env"]}),
        json!({"json": {"env": "ANTHROPIC_API_KEY"}}),
        json!({"json": {"apiKeyHelper": "echo key"}}),
        json!({"json": {"apiKeyHelper": ""}}),
        json!({"json": {"apiKeyHelper": 4}}),
        json!({"json": {"awsCredentialExport": "print-it", "env": {"CLAUDE_CODE_USE_BEDROCK": "1"}}}),
        json!({"json": {"permissions": "no list", "env": {"ANTHROPIC_API_KEY": KEY}}}),
        json!({"text": "{\"env\": {\"ANTHROPIC_API_KEY\": \"a\", \"ANTHROPIC_API_KEY\": \"\"}}"}),
    ];
    kinds.extend(
        [
            json!({"ANTHROPIC_API_KEY": KEY}),
            json!({"ANTHROPIC_API_KEY": OTHER_KEY}),
            json!({"ANTHROPIC_API_KEY": ""}),
            json!({"ANTHROPIC_AUTH_TOKEN": "four plain words"}),
            json!({"ANTHROPIC_AUTH_TOKEN": "bad\u{2026}character"}),
            json!({"CLAUDE_CODE_OAUTH_TOKEN": "{{key:oat:CANARY1}}"}),
            json!({"ANTHROPIC_BASE_URL": "https://gw.example/llm"}),
            json!({"ANTHROPIC_BASE_URL": "no url"}),
            json!({"ANTHROPIC_CUSTOM_HEADERS": "x-api-key: four plain words"}),
            json!({"HTTPS_PROXY": "http://proxy.example:3128"}),
            json!({"NO_PROXY": "*"}),
            json!({"NODE_EXTRA_CA_CERTS": "ca.pem"}),
            json!({"CLAUDE_CONFIG_DIR": "conf"}),
            json!({"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_REGION": "eu-west-1"}),
            json!({"CLAUDE_CODE_USE_VERTEX": "1", "CLOUD_ML_REGION": "x"}),
            json!({"ANTHROPIC_PROFILE": "work"}),
            json!({"SOMETHING": "else"}),
        ]
        .map(env),
    );
    kinds
}

/// Some hundreds of folders: each kind in each of the two files, trusted, not trusted, or below one that is.
fn many_folders(files: &mut Value, projects: &mut Value) -> Vec<String> {
    let kinds = kinds_of_settings();
    let mut folders = vec!["/home/kim".to_owned(), "/home".to_owned(), "/gone".to_owned()];
    projects["/home/kim/work/below"] = json!({"hasTrustDialogAccepted": true});
    for (number, shared) in kinds.iter().enumerate() {
        for (step, own) in kinds.iter().enumerate().filter(|(step, _)| (number + step) % 3 == 0 || *step == 0) {
            let (folder, trust) = match (number + step) % 4 {
                0 => (format!("/home/kim/work/below/{number}-{step}"), None),
                1 => (format!("/home/kim/work/{number}-{step}"), Some(false)),
                2 => (format!("/srv/{number}-{step}"), None),
                _ => (format!("/home/kim/work/{number}-{step}"), Some(true)),
            };
            if let Some(said) = trust {
                projects[&folder] = json!({"hasTrustDialogAccepted": said});
            }
            for (name, kind) in [("settings.json", shared), ("settings.local.json", own)] {
                if !kind.is_null() {
                    files[format!("{folder}/.claude/{name}")] = kind.clone();
                }
            }
            folders.push(folder);
        }
    }
    folders
}

/// A home with these files and variables, and many folders.
fn laid_out(mode: &str, more: Value, environment: Value) -> (Home, Vec<String>) {
    let mut files = json!({
        "~/.bashrc": {"text": format!("export ANTHROPIC_API_KEY={KEY}\n")},
        "~/.profile": {"text": ". ~/.bashrc\n"},
        "~/.claude/.credentials.json": {"json": {"claudeAiOauth": {
            "accessToken": "{{key:oat:CANARY3}}", "refreshToken": "{{key:ort:CANARY3}}", "expiresAt": "{{ms:+8h}}",
            "scopes": ["user:inference", "user:profile"], "subscriptionType": "max"}}},
        "~/.aws/credentials": {"text": AWS},
        "~/.config/anthropic/configs/work.json": {"json": {"authentication": {"type": "user_oauth"}}},
    });
    files.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut projects = json!({});
    let folders = many_folders(&mut files, &mut projects);
    let tail = "{{key:api:CANARY1:last20}}";
    files["~/.claude.json"] = json!({"json": {"hasCompletedOnboarding": true, "theme": "dark", "projects": projects,
        "customApiKeyResponses": {"approved": [tail], "rejected": []}}});
    let scenario = json!({"name": "many", "mode": mode, "environment": environment, "files": files});
    (home(&scenario), folders)
}

fn compare(home: &Home, folder: Option<&str>, context: Context, folders: &[String]) {
    let told = rows(home, folder, context, folders, false);
    let looked = looked_at(home, folder, context, folders);
    assert_eq!(told.len(), looked.len());
    for (told, looked) in told.iter().zip(&looked) {
        assert_eq!(told, looked);
    }
}

#[test]
fn a_row_says_what_a_whole_look_says() {
    let (home, folders) = laid_out("interactive", json!({}), json!({"SHELL": "/bin/bash"}));
    assert!(folders.len() > 250, "{}", folders.len());
    compare(&home, Some("/home/kim/work/below/0-0"), Context::NewTerminal, &folders[..]);
    let told = rows(&home, None, Context::Desktop, &folders, false);
    let kinds: std::collections::BTreeSet<_> = told.iter().flat_map(|row| &row.cells).map(|c| &c.signs_in).collect();
    assert!(kinds.len() > 6, "the folders have to differ: {kinds:?}");
}

#[test]
fn the_same_holds_in_print_mode_and_where_files_are_moved() {
    let token = || json!({"json": {"env": {"ANTHROPIC_AUTH_TOKEN": "four plain words"}}});
    let below = "/home/kim/work/below/0-0";
    let conf = json!({"/conf/settings.json": token()});
    let own_conf = json!({(format!("{below}/conf/settings.json")): token()});
    let own_keys = json!({(format!("{below}/keys")): {"text": AWS}, "~/.aws/credentials": {"text": ""}});
    let own_flag = json!({(format!("{below}/flag.json")): token()});
    for (environment, more) in [
        (json!({"ANTHROPIC_API_KEY": OTHER_KEY}), json!({})),
        (json!({"CLAUDE_CONFIG_DIR": "/conf"}), conf),
        (json!({"CLAUDE_CONFIG_DIR": "conf"}), own_conf),
        (json!({"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_SHARED_CREDENTIALS_FILE": "keys"}), own_keys),
    ] {
        let (home, folders) = laid_out("print", more, environment);
        let some: Vec<String> = folders.iter().skip(3).step_by(4).cloned().collect();
        assert_eq!(some[0], below);
        compare(&home, Some("/home/kim"), Context::Process, &some);
    }
    let (mut home, _) = laid_out("print", own_flag, json!({}));
    home.arguments.settings = Some("flag.json".to_owned());
    compare(&home, None, Context::Process, &[below.to_owned()]);
}

#[test]
fn a_key_of_a_profile_is_missing_on_the_desktop_and_the_sentence_says_where_it_stands() {
    let files = json!({
        "~/.claude.json": {"json": {"hasCompletedOnboarding": true, "theme": "dark",
            "projects": {"/home/kim/shop": {"hasTrustDialogAccepted": true}},
            "customApiKeyResponses": {"approved": ["{{key:api:CANARY1:last20}}"], "rejected": []}}},
        "~/.bashrc": {"text": format!("# mine\nexport ANTHROPIC_API_KEY={KEY}\n")},
    });
    let home = home(&json!({"name": "x", "environment": {"SHELL": "/bin/bash"}, "files": files}));
    let rows = rows(&home, Some("/home/kim/shop"), Context::NewTerminal, &[], false);
    let [row] = &rows[..] else { panic!("{rows:?}") };
    let [terminal, desktop, _] = &row.cells[..] else { panic!("{row:?}") };
    assert_eq!((&terminal.signs_in[..], &terminal.because), (&[CredentialKind::ApiKey][..], &None));
    assert!(desktop.signs_in.is_empty() && !desktop.unknown);
    let because = desktop.because.as_ref().unwrap();
    assert_eq!(because.key, "context-only-here");
    assert!(because.args.contains(&("path", "~/.bashrc".into())) && because.args.contains(&("line", 2_usize.into())));
}

#[test]
fn a_folder_that_brings_a_helper_or_waits_for_trust_says_so() {
    let scenario = json!({
        "name": "x", "project": "/home/kim/shop", "environment": {"SHELL": "/bin/bash", "ANTHROPIC_AUTH_TOKEN": "four plain words"},
        "files": {
            "~/.claude.json": {"json": {"hasCompletedOnboarding": true, "theme": "dark", "projects": {
                "/home/kim/shop": {"hasTrustDialogAccepted": true}, "/home/kim/blog": {"hasTrustDialogAccepted": true},
                "/home/kim/new": {}, "/home/kim/plain": {}}}},
            "~/blog/.claude/settings.json": {"text": "{\n\"apiKeyHelper\": \"pass show key\"}"},
            "~/new/.claude/settings.json":
                {"text": "{\"env\": {\n\"ANTHROPIC_BASE_URL\": \"https://other.example\"}}"},
            "~/plain/.claude/settings.json": {"text": "{\"env\": {\"EDITOR\": \"vi\"}}"},
        },
    });
    let said = |scenario: &Value| {
        let folders: Vec<String> = ["blog", "new", "plain"].map(|name| format!("/home/kim/{name}")).to_vec();
        let rows = rows(&home(scenario), Some("/home/kim/shop"), Context::Process, &folders, true);
        let words = Language::english();
        let at = COLUMNS.iter().position(|column| *column == Context::Process).unwrap();
        let because = |row: &Row| {
            let because = row.cells[at].because.clone();
            because.map(|because| authlight_core::message::Words::say(&words, &because)).unwrap_or_default()
        };
        rows[1..].iter().map(because).collect::<Vec<_>>()
    };
    let waits = "Claude Code asks there first whether you trust the folder. Once you say yes, ANTHROPIC_BASE_URL counts \
                 from ~/new/.claude/settings.json, line 2.";
    let helper = "Another credential is used there, from ~/blog/.claude/settings.json, line 2.";
    // What a helper prints is sent beside a token.
    assert_eq!(said(&scenario), [helper, waits, ""]);
    let mut without = scenario.clone();
    without["environment"] = json!({"SHELL": "/bin/bash"});
    without["files"]["~/.claude/.credentials.json"] = json!({"json": {"claudeAiOauth": {
        "accessToken": "{{key:oat:CANARY3}}", "refreshToken": "{{key:ort:CANARY3}}", "expiresAt": 4_102_444_800_000_i64,
        "scopes": ["user:inference", "user:profile"], "subscriptionType": "max"}}});
    assert_eq!(said(&without), [helper, waits, ""]);
}

#[test]
fn an_ide_whose_settings_are_not_read_is_named() {
    let told = |files: Value| {
        let mut scenario = json!({"name": "x", "environment": {"SHELL": "/bin/bash"}, "files": files});
        scenario["files"]["~/.claude.json"] = json!({"json": {"hasCompletedOnboarding": true, "theme": "dark"}});
        let home = home(&scenario);
        let looked = contexts::examine(&home.machine(), home.examined(), Context::Process, contexts::STATICALLY);
        let report = looked.report(&authlight_core::report::Live::default(), &Language::english());
        let mut checks = report.causes.iter().flat_map(|cause| &cause.checks);
        checks.find(|check| check.id == "C1.editor_differs").map(|check| check.text.key.clone()).unwrap()
    };
    let settings = json!({"~/.config/JetBrains/PyCharm2024.3/options/terminal.xml": {"text": "<application/>"}});
    assert_eq!(told(settings), "skip-jetbrains-not-read");
    assert_eq!(told(json!({"~/.config/JetBrains/acp": {"folder": true}})), "skip-no-editor-variable");
}

#[test]
fn what_could_not_be_told_is_neither_the_same_nor_different() {
    let compared = |context| {
        let files = json!({
            "~/.claude.json": {"json": {"hasCompletedOnboarding": true, "theme": "dark"}},
            "~/.bashrc": {"text": "export ANTHROPIC_AUTH_TOKEN=$(pass show token)\n"},
        });
        let home = home(&json!({"name": "x", "environment": {"SHELL": "/bin/bash"}, "files": files}));
        let mut rows = rows(&home, None, context, &[], false);
        assert!(rows[0].cells.iter().all(|cell| cell.because.is_none()), "{rows:?}");
        rows.swap_remove(0).cells.iter().map(|cell| cell.compared).collect::<Vec<_>>()
    };
    assert_eq!(compared(Context::NewTerminal), [false, false, false]);
    assert_eq!(compared(Context::Desktop), [false, true, true]);
}

#[test]
fn a_context_has_the_same_whichever_is_asked() {
    const TOKEN: &str = "ANTHROPIC_AUTH_TOKEN";
    let set = format!("export {TOKEN}=one\n");
    let asks = format!("if [ -n \"$ANTHROPIC_BASE_URL\" ]; then {set}fi\n");
    let reads = format!("[ -r ~/.bashrc ] && . ~/.bashrc\nexport {TOKEN}=\"${{{TOKEN}:-two}}\"\n");
    for (environment, files) in [
        (json!({"SHELL": "/bin/zsh", "ZDOTDIR": "/zd"}), json!({"~/.zshrc": {"text": set}})),
        (json!({"SHELL": "/bin/zsh", "ZDOTDIR": "/zd"}), json!({"/zd/.zshrc": {"text": set}})),
        (json!({"SHELL": "/bin/bash"}), json!({"~/.bashrc": {"text": asks}})),
        (
            json!({"SHELL": "/bin/bash", "ANTHROPIC_BASE_URL": "https://gw.example"}),
            json!({"~/.bashrc": {"text": asks}}),
        ),
        (json!({"SHELL": "/bin/bash"}), json!({"~/.profile": {"text": reads}, "~/.bashrc": {"text": set}})),
        (
            json!({"SHELL": "/usr/bin/fish", "XDG_CONFIG_HOME": "/x"}),
            json!({"/x/fish/config.fish": {"text": format!("set -gx {TOKEN} one\n")}}),
        ),
    ] {
        let home = home(&json!({"name": "x", "environment": environment, "files": files}));
        let told = COLUMNS.map(|asked| {
            let looked = contexts::examine(&home.machine(), home.examined(), asked, contexts::STATICALLY);
            let mut rows = looked.report(&Default::default(), &Language::english()).contexts;
            rows.sort_by_key(|row| COLUMNS.iter().position(|column| *column == row.context));
            rows.into_iter()
                .map(|row| format!("{:?} {:?} {:?}", row.context, row.unsure, row.sends))
                .collect::<Vec<_>>()
        });
        assert!(told.iter().all(|rows| *rows == told[0]), "{environment} {files}: {told:#?}");
    }
}

#[test]
fn folders_for_which_macos_asks_stay_closed_without_a_word() {
    let settings = json!({"json": {"env": {"ANTHROPIC_AUTH_TOKEN": "four plain words"}}});
    let files = json!({"~/.claude.json": {"json": {"hasCompletedOnboarding": true, "theme": "dark"}},
        "/Users/kim/Documents/shop/.claude/settings.json": settings});
    let home = home(&json!({"name": "x", "platform": "macos", "mode": "print", "files": files}));
    let folders = ["/Users/kim/Documents/shop".to_owned(), "/Users/kim/blog".to_owned()];
    let closed = rows(&home, None, Context::Process, &folders, false);
    assert!(closed[1].cells.is_empty() && closed[2].cells.len() == 3);
    let opened = rows(&home, None, Context::Process, &folders, true);
    assert_eq!(opened[1].cells[0].signs_in, [CredentialKind::AuthToken]);
}

#[test]
fn a_stop_ends_it_between_two_folders() {
    let home = home(&json!({"name": "x", "files": {}}));
    let folders: Vec<String> = (0..10).map(|n| format!("/home/kim/{n}")).collect();
    let (started, folder, context) = (home.examined(), None, Context::Process);
    let asked = Asked { started, folder, context, folders, may_open: false };
    let (stop, mut told) = (AtomicBool::new(false), 0);
    fill(&home.machine(), &asked, contexts::STATICALLY, &stop, &mut |_| {
        told += 1;
        stop.store(told == 3, Ordering::Relaxed);
    });
    assert_eq!(told, 3);
}
