//! Canary secrets in every place that is read: no output of any command holds one, in any writing.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/desk.rs"]
mod desk;

use std::fs;

use authlight_core::claude_code::variables;
use authlight_core::report::{Live, Mode, Source};
use authlight_core::snapshot::{Examined, Platform, Variable};
use authlight_engine::examination::Examination;
use authlight_engine::machine::host::host;
use authlight_engine::machine::os::Disk;
use authlight_engine::words::Language;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use desk::{Desk, api_key};

/// A secret of no known shape.
fn free(word: &str) -> String {
    format!("gw{word}CANARY+0a9b8c7d/6e5f&4g3h=\"2i1j\"")
}

/// Everything secret that was laid out, with a machine that holds it.
struct House {
    desk: Desk,
    secrets: Vec<String>,
}

impl House {
    fn secret(&mut self, text: String) -> String {
        self.secrets.push(text.clone());
        text
    }
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A home with a canary in every place at once. `spread`: which variables stand in the settings and not in the process.
fn house(spread: usize) -> House {
    let mut house = House { desk: Desk::new(), secrets: Vec::new() };
    let mut blocks = [String::new(), String::new(), String::new(), String::new(), String::new()];
    let mut desk = Desk::new();
    for (at, fact) in variables::FACTS.iter().filter(|fact| fact.secret).enumerate() {
        // Two places for each, so that one of them loses.
        for turn in 0..2 {
            let value = match (fact.name, at % 3) {
                ("ANTHROPIC_CUSTOM_HEADERS", _) => {
                    let (token, basic) =
                        (house.secret(free(&format!("h{turn}"))), house.secret(free(&format!("b{turn}"))));
                    let basic = STANDARD.encode(format!("kim:{basic}"));
                    format!("X-Gateway-Token: {token}\nProxy-Authorization: Basic {basic}\nX-Team: blue")
                }
                (_, 0) => house.secret(free(&format!("v{at}t{turn}"))),
                _ => house.secret(api_key(&format!("CANARYv{at}t{turn}"))),
            };
            let place = (at + turn * 3 + spread) % 6;
            match blocks.get_mut(place) {
                Some(block) => block.push_str(&format!("{}: {},", json(fact.name), json(&value))),
                None => desk = desk.with(fact.name, &value),
            }
        }
    }
    for (at, name) in ["HTTPS_PROXY", "ANTHROPIC_BASE_URL"].into_iter().enumerate() {
        let password = house.secret(format!("pwCANARY{at}0a9b8c7d"));
        desk = desk.with(name, &format!("http://kim:{password}@gw.example:3128/?api_key={password}"));
    }
    // In a variable that is no place for it.
    let misplaced = house.secret(api_key("CANARYmisplaced"));
    desk = desk.with("ANTHROPIC_PROFILE", &misplaced).with("AWS_PROFILE", &misplaced);
    for switch in ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX"].iter().take(spread % 3) {
        desk = desk.with(switch, "1");
    }
    let unlisted = house.secret(free("env"));
    let helper = house.secret(api_key("CANARYhelper"));
    let extra = format!("\"GITHUB_TOKEN\": {}", json(&unlisted));
    let settings = |block: &str, more: &str| format!("{{\n\"env\": {{{block}{extra}}}{more}}}");
    let helper = format!(", \"apiKeyHelper\": {}", json(&format!("echo {helper}")));
    desk.write("/home/kim/.claude/settings.json", &settings(&blocks[0], &helper));
    desk.write("/home/kim/shop/.claude/settings.json", &settings(&blocks[1], &helper));
    desk.write("/home/kim/shop/.claude/settings.local.json", &settings(&blocks[2], ""));
    desk.write("/etc/claude-code/managed-settings.json", &settings(&blocks[3], ""));
    let (primary, tail) = (house.secret(api_key("CANARYprimary")), house.secret("CANARYtail0123456789".to_owned()));
    desk.write(
        "/home/kim/.claude.json",
        &format!(
            "{{\"hasCompletedOnboarding\": true, \"primaryApiKey\": {}, \"customApiKeyResponses\": {{\"approved\": [{}]}}, \
             \"env\": {{{}\"X\": \"y\"}}, \"projects\": {{\"/home/kim/shop\": {{\"hasTrustDialogAccepted\": true}}}}}}",
            json(&primary),
            json(&tail),
            blocks[4]
        ),
    );
    let (access, refresh) =
        (house.secret(api_key("CANARYaccess").replace("api03", "oat01")), house.secret(free("refresh")));
    desk.write(
        "/home/kim/.claude/.credentials.json",
        &format!(
            "{{\"claudeAiOauth\": {{\"accessToken\": {}, \"refreshToken\": {}, \"scopes\": [\"user:inference\"], \
             \"expiresAt\": 1}}, \"mcpOAuth\": {{\"x\": {{\"accessToken\": {}}}}}}}",
            json(&access),
            json(&refresh),
            json(&house.secret(free("mcp")))
        ),
    );
    for profile in [misplaced.as_str(), "default"] {
        desk.write(&format!("/home/kim/.config/anthropic/configs/{profile}.json"), "{}");
        let token = house.secret(free(&format!("p{}", profile.len())));
        desk.write(
            &format!("/home/kim/.config/anthropic/credentials/{profile}.json"),
            &format!("{{\"access_token\": {}}}", json(&token)),
        );
    }
    let (id, key) = (
        house.secret("AKIACANARY0123456789".to_owned()),
        house.secret("aws/CANARY+0123456789abcdefghij/ABCDEF".to_owned()),
    );
    desk.write(
        "/home/kim/.aws/credentials",
        &format!("[default]\naws_access_key_id = {id}\naws_secret_access_key={key}\n"),
    );
    desk.write(
        "/home/kim/.aws/config",
        &format!("[profile x]\naws_session_token = {}\n", house.secret(free("session").replace('"', ""))),
    );
    let google = house.secret(free("google"));
    desk.write(
        "/home/kim/.config/gcloud/application_default_credentials.json",
        &format!(
            "{{\"type\": \"authorized_user\", \"client_secret\": {}, \"refresh_token\": {}}}",
            json(&google),
            json(&google)
        ),
    );
    let (exported, other) = (house.secret(api_key("CANARYprofile")), house.secret(free("profile").replace('"', "")));
    desk.write(
        "/home/kim/.bashrc",
        &format!(
            "export ANTHROPIC_API_KEY={exported}\nANTHROPIC_AUTH_TOKEN='{other}'\nexport GITHUB_TOKEN='{other}'\n"
        ),
    );
    desk.write("/home/kim/.bash_profile", &format!("export ANTHROPIC_APIKEY=\"{exported}\"\n. ~/.bashrc\n"));
    desk.write("/home/kim/shop/.env", &format!("ANTHROPIC_API_KEY={exported}\n"));
    let identity = house.secret(free("identity").replace('"', ""));
    desk.write("/home/kim/identity", &identity);
    house.desk = desk.with("ANTHROPIC_IDENTITY_TOKEN_FILE", "/home/kim/identity");
    house
}

/// The ways in which a secret could be written.
fn writings(secret: &str) -> Vec<String> {
    let escaped = json(secret);
    let percent = |keep: &str| -> String {
        let kept = |byte: u8| byte.is_ascii_alphanumeric() || keep.as_bytes().contains(&byte);
        secret.bytes().map(|b| if kept(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    let mut all = vec![secret.to_owned(), escaped[1..escaped.len() - 1].to_owned(), percent("-_.~"), percent("")];
    all.push(percent("-_.~").to_lowercase());
    all.push(secret.bytes().map(|byte| format!("{byte:02x}")).collect());
    for text in [secret.to_owned(), format!("Bearer {secret}"), format!("kim:{secret}")] {
        all.push(STANDARD.encode(&text).trim_end_matches('=').to_owned());
        all.push(URL_SAFE_NO_PAD.encode(&text));
    }
    all
}

fn assert_holds_none(house: &House, what: &str, text: &str) {
    for secret in &house.secrets {
        for writing in writings(secret) {
            assert!(!text.contains(&writing), "{what} holds {secret} as {writing}:\n{text}");
        }
    }
    // A piece of one would be enough; the word stands in every one of them.
    assert!(!text.contains("CANARY"), "{what} holds a piece of a secret:\n{text}");
}

#[test]
fn no_command_tells_a_secret() {
    for spread in 0..6 {
        let house = house(spread);
        let desk = &house.desk;
        let shop = desk.outside("/home/kim/shop").to_str().unwrap().to_owned();
        for mode in ["interactive", "print"] {
            for command in [
                &["check"][..],
                &["check", "--json"],
                &["check", "--max-bytes", "700"],
                &["check", "--json", "--only", "C1.environment"],
                &["check", "--json", "--without", "process_env:HTTPS_PROXY"],
            ] {
                let done = desk.examine(&[command, &["--mode", mode, "--project", &shop]].concat());
                let what = format!("{command:?} {mode} {spread}");
                assert!(matches!(done.code, 0..=3), "{what}: {done:?}");
                assert!(done.out.len() > 100, "{what}: {done:?}");
                assert_holds_none(&house, &what, &done.out);
                assert_holds_none(&house, &what, &done.err);
            }
            for name in ["r.md", "r.json", "r.txt"] {
                let file = desk.outside(&format!("/tmp-{name}"));
                let done =
                    desk.examine(&["report", "--mode", mode, "--project", &shop, "--out", file.to_str().unwrap()]);
                assert_eq!(done.code, 0, "{name} {mode} {spread}: {done:?}");
                assert_holds_none(&house, name, &fs::read_to_string(file).unwrap());
            }
        }
    }
}

#[test]
fn no_set_up_of_a_provider_shows_a_secret() {
    for spread in 0..6 {
        let mut house = house(spread);
        let given = house.secret(format!("gwCANARYgiven{spread}0a9b8c7d6e5f"));
        house.desk.input = given.into_bytes();
        let shop = house.desk.outside("/home/kim/shop").to_str().unwrap().to_owned();
        let mut planned = 0;
        for command in [
            &["anthropic", "--key-from", "ANTHROPIC_API_KEY=-"][..],
            &["gateway", "--set", "ANTHROPIC_BASE_URL=https://gw.example", "--key-from", "ANTHROPIC_AUTH_TOKEN=-"],
            &["bedrock", "--set", "AWS_REGION=us-east-1", "--key-from", "AWS_BEARER_TOKEN_BEDROCK=-"],
            &["mantle", "--set", "AWS_REGION=us-east-1", "--key-from", "AWS_BEARER_TOKEN_BEDROCK=-"],
            &["anthropic_aws", "--set", "AWS_REGION=us-east-1", "--set", "ANTHROPIC_AWS_WORKSPACE_ID=wrkspc_1"],
            &["vertex", "--set", "ANTHROPIC_VERTEX_PROJECT_ID=shop-7", "--set", "CLOUD_ML_REGION=global"],
            &["foundry", "--set", "ANTHROPIC_FOUNDRY_RESOURCE=shop", "--key-from", "ANTHROPIC_FOUNDRY_API_KEY=-"],
        ] {
            for scope in ["user", "local"] {
                let more = ["--scope", scope, "--mode", "print", "--project", &shop, "--dry-run"];
                let done = house.desk.examine(&[&["provider"], command, &more].concat());
                let what = format!("{command:?} {scope} {spread}");
                assert!(matches!(done.code, 0 | 2), "{what}: {done:?}");
                planned += usize::from(done.out.contains("settings"));
                assert_holds_none(&house, &what, &done.out);
                assert_holds_none(&house, &what, &done.err);
            }
        }
        assert_eq!(planned, 14, "each shows its plan");
    }
}

#[test]
fn a_refused_argument_is_not_repeated_with_its_secret() {
    let mut house = house(0);
    let secret = house.secret(api_key("CANARYflag"));
    let flag = format!("--settings '{{\"env\": {{\"ANTHROPIC_API_KEY\": \"{secret}\"}}}}'");
    for command in [
        vec!["check", "--json", "--claude-args", &flag],
        vec!["check", "--claude-args", &flag],
        vec!["check", "--claude-args", &flag[..flag.len() - 1]],
    ] {
        let done = house.desk.examine(&command);
        assert_holds_none(&house, "a flag", &format!("{done:?}"));
    }
    let endpoint = format!("https://kim:{secret}@gw.example");
    let done = house.desk.examine(&["test", "--endpoint", &endpoint]);
    assert_eq!(done.code, 64);
    assert_holds_none(&house, "--endpoint", &format!("{done:?}"));
}

#[test]
fn explain_does_not_repeat_what_was_pasted() {
    let mut house = house(1);
    let pasted: Vec<String> = house.secrets.clone();
    for secret in pasted {
        house.desk.input = format!("Invalid API key · {secret} · Not logged in").into_bytes();
        for flags in [&["explain", "-"][..], &["explain", "--json", "-"]] {
            assert_holds_none(&house, "explain", &format!("{:?}", house.desk.run(flags.iter().copied())));
        }
    }
}

/// Every secret by itself, as the person would paste it, known from where it stands on this machine.
#[test]
fn redact_knows_what_stands_on_this_machine() {
    let mut house = house(2);
    // The machine is this one, without a root.
    let home = house.desk.outside("/home/kim").to_str().unwrap().to_owned();
    let named = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let variables = &mut house.desk.surroundings.variables;
    variables.retain(|variable| variable.name != named);
    variables.push(Variable {
        name: named.to_owned(),
        value: authlight_core::secret::Secret::new(&*home),
        source: Source::variable(named),
    });
    house.desk.surroundings.folder = house.desk.outside("/home/kim/shop");
    let managed: Vec<String> = {
        let text = fs::read_to_string(house.desk.outside("/etc/claude-code/managed-settings.json")).unwrap();
        house.secrets.iter().filter(|secret| text.contains(&json(secret)[1..json(secret).len() - 1])).cloned().collect()
    };
    let mut told = 0;
    for secret in house.secrets.clone() {
        house.desk.input = format!("before\n{secret}\nafter\n").into_bytes();
        let done = house.desk.run(["redact"]);
        // This machine's own managed settings are not those of the house.
        if managed.contains(&secret) && done.out.contains(&secret) {
            continue;
        }
        told += 1;
        assert!(done.code == 0 || done.out.is_empty(), "{done:?}");
        assert_holds_none(&house, "redact", &format!("{done:?}"));
    }
    assert!(told > 20);
}

fn examined(house: &House, disk: &Disk) -> Examined {
    Examined {
        host: host(disk, Platform::Linux, &|_| false),
        project: Some("/home/kim/shop".to_owned()),
        mode: Mode::Print,
        ..Examined::of_process(Platform::Linux, "/home/kim", house.desk.surroundings.variables.clone())
    }
}

#[test]
fn nothing_shows_a_secret_to_whoever_debugs() {
    for spread in 0..3 {
        let mut house = house(spread);
        let flag = house.secret(api_key("CANARYinline"));
        let disk = Disk::below(house.desk.root().to_owned(), Platform::Linux);
        let mut examined = examined(&house, &disk);
        examined.arguments.settings = Some(format!("{{\"env\": {{\"ANTHROPIC_API_KEY\": \"{flag}\"}}}}"));
        examined.variables.retain(|v| v.name != "ANTHROPIC_PROFILE" && v.name != "AWS_PROFILE");
        assert_holds_none(&house, "Examined", &format!("{examined:?}"));
        let looked = Examination::look(&disk, examined);
        assert_holds_none(&house, "Snapshot", &format!("{:#?}", looked.snapshot));
        assert_holds_none(&house, "Resolution", &format!("{:#?}", looked.resolution));
        let mut report = looked.report(&Live::default(), &Language::english());
        for rung in &mut report.ladder {
            rung.masked = None;
        }
        assert_holds_none(&house, "Report", &format!("{report:#?}"));
    }
}

/// What the last pass looks for is everything that lies about.
#[test]
fn every_secret_that_was_read_is_known_to_the_last_pass() {
    for spread in 0..6 {
        let house = house(spread);
        let disk = Disk::below(house.desk.root().to_owned(), Platform::Linux);
        let looked = Examination::look(&disk, examined(&house, &disk));
        let met: Vec<String> = looked.secrets().iter().map(|secret| secret.reveal().to_owned()).collect();
        let read_only_with_a_switch = ["AKIA", "aws/", "gwsession", "gwgoogle"];
        let of_no_use_here = ["gwmcp"];
        for secret in &house.secrets {
            let switched = read_only_with_a_switch.iter().any(|start| secret.starts_with(start));
            if switched || of_no_use_here.iter().any(|start| secret.starts_with(start)) {
                continue;
            }
            // The password of a Basic header is met in its encoding alone.
            let encoded =
                secret.starts_with("gwb") && met.iter().any(|met| met == &STANDARD.encode(format!("kim:{secret}")));
            assert!(
                encoded || met.iter().any(|met| met.contains(secret.as_str())),
                "{spread}: {secret} was read and is not known"
            );
        }
    }
}
