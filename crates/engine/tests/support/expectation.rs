//! Recorded cases: laying one out, examining it, and what its record lets us expect.
//!
//! A port of the rules of `tests/oracle/compare.py`. Where a record cannot be read off, nothing is expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use authlight_core::report::Live;
use authlight_engine::cli::{self, Command, Program};
use authlight_engine::words::Language;
use base64::Engine as _;
use clap::Parser as _;
use serde_json::{Map, Value, json};

const HOME: &str = "/home/u";
const PROJECT: &str = "/home/proj";

const BASE_ENVIRONMENT: [(&str, &str); 8] = [
    ("PATH", "/usr/bin:/bin"),
    ("HOME", HOME),
    ("USER", "u"),
    ("LANG", "C.UTF-8"),
    ("TERM", "dumb"),
    ("DISABLE_AUTOUPDATER", "1"),
    ("DISABLE_TELEMETRY", "1"),
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
];

/// Where one value stands in several places: strongest first.
const STRENGTH: [(&str, Option<&str>); 7] = [
    ("managed_settings", Some("managed")),
    ("settings", Some("command_line")),
    ("settings", Some("local")),
    ("settings", Some("project")),
    ("settings", Some("user")),
    ("app_state", None),
    ("process_env", None),
];

/// A case and its record.
pub struct Case {
    case: Value,
    record: Value,
}

/// The cases of `tests/FOLDER` that have a record.
pub fn cases(folder: &str) -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(folder);
    let lines = std::fs::read_to_string(folder.join("results/2.1.330.jsonl")).expect("the record");
    let mut records: BTreeMap<String, Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a record"))
        .map(|record| (text(&record["id"]).to_owned(), record))
        .collect();
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join("cases")).expect("cases").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let topic: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a topic")).expect("JSON");
        for case in list(&topic["cases"]) {
            if let Some(record) = records.remove(text(&case["id"])) {
                let mut case = case.clone();
                case["topic"] = topic["topic"].clone();
                cases.push(Case { case, record });
            }
        }
    }
    cases
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

// ------------------------------------------------------------------------------------------ laying out

impl Case {
    /// Its name.
    pub fn id(&self) -> &str {
        text(&self.case["id"])
    }

    /// Whether this user cannot have the files as they were: a foreign owner, or modes that do not bind root; the links
    /// and modes of the recorded system are not to be had on another.
    fn cannot_be_laid_out(&self) -> bool {
        let owners = self.case.get("owner").is_some();
        let options = |spec: &Value| ["mode", "symlink"].iter().any(|option| spec["$file"].get(option).is_some());
        // Nor are folders named with a blank.
        let elsewhere = |(name, spec): (&str, &Value)| options(spec) || name.contains("/ /");
        if cfg!(not(unix)) && members(&self.case["files"]).any(elsewhere) {
            return true;
        }
        #[cfg(unix)]
        let root = rustix::process::geteuid().is_root();
        #[cfg(not(unix))]
        let root = false;
        let binding = members(&self.case["files"]).any(|(_, spec)| {
            let mode = spec["$file"]["mode"].as_str().and_then(|mode| u32::from_str_radix(mode, 8).ok());
            mode.is_some_and(|mode| mode & 0o600 != 0o600)
        });
        owners || (root && binding)
    }

    fn environment(&self) -> BTreeMap<String, String> {
        let mut environment: BTreeMap<String, String> =
            BASE_ENVIRONMENT.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (name, value) in members(&self.case["env"]) {
            match value.as_str() {
                Some(value) => environment.insert(name.to_owned(), value.to_owned()),
                None => environment.remove(name),
            };
        }
        environment
    }

    /// What we say of it, as JSON.
    pub fn report(&self, words: &Language) -> Value {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root");
        let inside = |path: &str| -> PathBuf { root.join(real_path(path).trim_start_matches('/')) };
        let project = inside(self.case["cwd"].as_str().unwrap_or("./"));
        for place in [inside(HOME), inside(PROJECT), inside("/etc"), inside("/tmp"), project.clone()] {
            std::fs::create_dir_all(place).expect("a folder");
        }
        let mut modes = Vec::new();
        for (name, spec) in members(&self.case["files"]) {
            let path = inside(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            let options = &spec["$file"];
            let otherwise = if path.to_string_lossy().contains("credential") { "0600" } else { "0644" };
            if options["dir"] == true {
                std::fs::create_dir_all(&path).expect("a folder");
            } else if let Some(target) = options["symlink"].as_str() {
                let target = if target.starts_with('/') { inside(target) } else { PathBuf::from(target) };
                link(&target, &path);
                continue;
            } else {
                std::fs::write(&path, bytes(spec)).expect("a file");
            }
            modes.push((path, options["mode"].as_str().unwrap_or(otherwise)));
        }
        for (path, mode) in &modes {
            set_mode(path, u32::from_str_radix(mode, 8).expect("a mode"));
        }
        let variables = folder.path().join("environment");
        let entries: Vec<String> =
            self.environment().into_iter().map(|(name, value)| format!("{name}={value}\0")).collect();
        std::fs::write(&variables, entries.concat()).expect("a file");
        let home = inside(self.environment().get("HOME").filter(|home| !home.is_empty()).map_or(HOME, String::as_str));
        let mut arguments: Vec<std::ffi::OsString> =
            ["authlight", "check", "--os", "linux", "--mode", self.mode()].map(Into::into).into();
        for (flag, value) in [("--home", home), ("--project", project), ("--root", root), ("--env-file", variables)] {
            arguments.extend([flag.into(), value.into_os_string()]);
        }
        let flags = shlex::try_join(list(&self.case["args"]).iter().chain(self.prompt_arguments()).map(text));
        arguments.push(format!("--claude-args={}", flags.expect("no NUL")).into());
        let Some(Command::Check(check)) = Program::try_parse_from(arguments).expect("arguments").command else {
            panic!("not a check")
        };
        let examination = cli::look(&check.examine).expect("an examination");
        let report = serde_json::to_value(examination.report(&Live::default(), words));
        for (path, _) in &modes {
            if path.is_dir() {
                set_mode(path, 0o700);
            }
        }
        report.expect("JSON")
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) {
    std::os::unix::fs::symlink(target, path).expect("a link");
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

#[cfg(not(unix))]
fn link(_: &Path, path: &Path) {
    panic!("{}: cases with links are left out here", path.display());
}

fn real_path(name: &str) -> String {
    match (name.strip_prefix("~/"), name.strip_prefix("./")) {
        (Some(rest), _) => format!("{HOME}/{rest}"),
        (_, Some(rest)) => format!("{PROJECT}/{rest}").trim_end_matches('/').to_owned(),
        _ => name.to_owned(),
    }
}

fn bytes(spec: &Value) -> Vec<u8> {
    let options = &spec["$file"];
    let encoded = |text: &str| match options["encoding"].as_str() {
        Some("utf-16") => [&[0xff, 0xfe], units(text, u16::to_le_bytes).as_slice()].concat(),
        Some("utf-16-le") => units(text, u16::to_le_bytes),
        Some("utf-16-be") => units(text, u16::to_be_bytes),
        Some("utf-8-sig") => ["\u{feff}", text].concat().into_bytes(),
        Some("utf-8") | None => text.as_bytes().to_vec(),
        Some("latin-1") => text.chars().map(|letter| u8::try_from(letter).expect("Latin-1")).collect(),
        Some(other) => panic!("{other}"),
    };
    if let Some(base64) = options["b64"].as_str() {
        return base64::engine::general_purpose::STANDARD.decode(base64).expect("base64");
    }
    if let Some(content) = options.get("json") {
        return encoded(&(expanded(content).to_string() + "\n"));
    }
    if options.is_object() {
        return encoded(text(&options["text"]));
    }
    match spec {
        Value::String(text) => text.clone().into_bytes(),
        other => (serde_json::to_string_pretty(&expanded(other)).expect("JSON") + "\n").into_bytes(),
    }
}

fn units(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// `{"$now_ms": N}` and the like, made real.
fn expanded(value: &Value) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    match value {
        Value::Object(map) if map.len() == 1 => {
            if let Some(delta) = map.get("$now_ms").and_then(Value::as_i64) {
                return json!(i64::try_from(now.as_millis()).expect("a time") + delta);
            }
            if let Some(delta) = map.get("$now_s").and_then(Value::as_i64) {
                return json!(i64::try_from(now.as_secs()).expect("a time") + delta);
            }
            if let Some([text, count]) = map.get("$repeat").map(list) {
                let count = usize::try_from(count.as_u64().expect("a count")).expect("a count");
                return json!(text.as_str().expect("a text").repeat(count));
            }
            expanded_members(map)
        }
        Value::Object(map) => expanded_members(map),
        Value::Array(items) => items.iter().map(expanded).collect(),
        other => other.clone(),
    }
}

fn expanded_members(map: &Map<String, Value>) -> Value {
    map.iter().map(|(name, value)| (name.clone(), expanded(value))).collect::<Map<_, _>>().into()
}

// ------------------------------------------------------------------------- which credential was that?

/// A credential in the inputs: its kind (`None`: any), where it stands, and its value.
struct Input {
    name: String,
    value: String,
    kind: Option<&'static str>,
    source: &'static str,
    scope: Option<&'static str>,
    path_end: Option<String>,
}

/// What JavaScript makes of a JSON value in a text variable.
fn javascript_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Array(items) => items.iter().map(javascript_text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// The JSON in a file of a case.
fn content(spec: &Value) -> Option<Value> {
    let options = &spec["$file"];
    if let Some(json) = options.get("json") {
        return Some(json.clone());
    }
    if !options.is_object() && !spec.is_string() {
        return Some(spec.clone());
    }
    let bytes = bytes(spec);
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()?
        }
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()?
        }
        other => String::from_utf8(other.to_vec()).ok()?.trim_start_matches('\u{feff}').to_owned(),
    };
    serde_json::from_str(&text).ok()
}

fn place_of(path: &str) -> Option<(&'static str, Option<&'static str>)> {
    let name = path.rsplit('/').next()?;
    if path.starts_with("/etc/claude-code/") {
        return Some(("managed_settings", Some("managed")));
    }
    match name {
        "settings.local.json" => Some(("settings", Some("local"))),
        "settings.json" => Some(("settings", Some(if path.starts_with("./") { "project" } else { "user" }))),
        ".claude.json" | ".config.json" => Some(("app_state", None)),
        _ => None,
    }
}

fn kind_of(variable: &str) -> Option<&'static str> {
    match variable {
        "ANTHROPIC_AUTH_TOKEN" => Some("auth_token"),
        "ANTHROPIC_API_KEY" => Some("api_key"),
        "CLAUDE_CODE_OAUTH_TOKEN" => Some("oauth_token"),
        "AWS_BEARER_TOKEN_BEDROCK"
        | "ANTHROPIC_FOUNDRY_API_KEY"
        | "ANTHROPIC_FOUNDRY_AUTH_TOKEN"
        | "ANTHROPIC_AWS_API_KEY" => Some("cloud_provider"),
        _ => None,
    }
}

/// A value as the records show it, without the digest.
fn shown(value: &str) -> String {
    let letters = value.chars().count();
    let kept = if letters > 20 { 10 } else { 4 };
    let tail: String = value.chars().skip(letters.saturating_sub(kept)).collect();
    let low = value.to_lowercase();
    let scheme = if low.starts_with("bearer ") { &value[..7] } else { "" };
    format!("{scheme}..{tail} len={letters}")
}

fn same(recorded: &str, value: &str) -> bool {
    recorded.split(" sha=").next().is_some_and(|recorded| recorded == shown(value))
}

fn inputs_of(env: &Value, source: &'static str, scope: Option<&'static str>, end: Option<&String>) -> Vec<Input> {
    members(env)
        .filter(|(_, value)| !value.is_null() || source != "process_env")
        .map(|(name, value)| Input {
            name: name.to_owned(),
            value: javascript_text(value).trim().to_owned(),
            kind: kind_of(name),
            source,
            scope,
            path_end: end.cloned(),
        })
        .collect()
}

impl Case {
    /// The JSON given with `--settings`: inline or in a file of the case; the last one counts.
    fn flag_settings(&self) -> Value {
        let arguments: Vec<&str> = list(&self.case["args"]).iter().chain(self.prompt_arguments()).map(text).collect();
        let mut found = Value::Null;
        for (index, argument) in arguments.iter().enumerate() {
            let given = match argument.split_once('=') {
                Some(("--settings", given)) => given,
                None if *argument == "--settings" => arguments.get(index + 1).copied().unwrap_or_default(),
                _ => continue,
            };
            found = serde_json::from_str(given).unwrap_or_else(|_| {
                let path = given.replacen(&format!("{PROJECT}/"), "./", 1);
                let path = if path.starts_with(['.', '~', '/']) { path } else { format!("./{path}") };
                self.case["files"].get(&path).and_then(content).unwrap_or_default()
            });
        }
        found
    }

    fn inputs(&self) -> Vec<Input> {
        let mut inputs = inputs_of(&self.case["env"], "process_env", None, None);
        inputs.extend(inputs_of(&self.flag_settings()["env"], "settings", Some("command_line"), None));
        let linked = members(&self.case["files"]).any(|(_, spec)| spec["$file"].get("symlink").is_some());
        for (path, spec) in members(&self.case["files"]) {
            let names: Vec<&str> = path.rsplitn(3, '/').take(2).filter(|name| !["~", "."].contains(name)).collect();
            let end = (!linked).then(|| names.into_iter().rev().collect::<Vec<_>>().join("/"));
            let Some(data) = content(spec).filter(Value::is_object) else { continue };
            if let Some((source, scope)) = place_of(path) {
                inputs.extend(inputs_of(&data["env"], source, scope, end.as_ref()));
            }
            for (name, holder, kind, source) in [
                ("primaryApiKey", &data, "managed_key", "app_state"),
                ("accessToken", &data["claudeAiOauth"], "login", "credentials_file"),
                ("access_token", &data, "profile", "profile_file"),
            ] {
                if let Some(value) = holder.get(name) {
                    let value = javascript_text(value).trim().to_owned();
                    let path_end = end.clone();
                    inputs.push(Input {
                        name: name.to_owned(),
                        value,
                        kind: Some(kind),
                        source,
                        scope: None,
                        path_end,
                    });
                }
            }
        }
        inputs
    }

    /// What a recorded header is; `None` where the record does not tell.
    fn identify(&self, header: &str, recorded: &str, before: &[Value]) -> Option<Sent> {
        let anything = Sent::default();
        if let Some(signature) = recorded.strip_prefix("AWS4-HMAC") {
            let key = signature.split_whitespace().nth(1)?.split('/').next()?;
            let ours = text(&self.case["env"]["AWS_ACCESS_KEY_ID"]) == key;
            let source = ours.then_some("process_env");
            return Some(Sent { kind: Some("cloud_provider"), source, scope: Scope::NotCompared, path_end: None });
        }
        if recorded.starts_with("Basic ") {
            return Some(anything);
        }
        if recorded.contains("REFRESHED1") {
            let told = Value::from(before.to_vec()).to_string();
            return Some(if told.contains("FILEREFR01") {
                Sent { kind: Some("login"), source: Some("credentials_file"), ..anything }
            } else if told.contains("PROFREFR01") {
                Sent { kind: Some("profile"), source: Some("profile_file"), ..anything }
            } else {
                let kind = if told.contains("googleapis") { "cloud_provider" } else { "profile" };
                Sent { kind: Some(kind), ..anything }
            });
        }
        let prefix = if header == "authorization" { "Bearer " } else { "" };
        let mut found: Vec<Input> = Vec::new();
        for mut input in self.inputs() {
            if input.name == "ANTHROPIC_CUSTOM_HEADERS" {
                let fits = input
                    .value
                    .split('\n')
                    .filter_map(|line| line.split_once(':'))
                    .any(|(name, value)| name.trim().eq_ignore_ascii_case(header) && same(recorded, value.trim()));
                if fits {
                    input.kind = None;
                    found.push(input);
                }
            } else if !input.value.is_empty() && same(recorded, &format!("{prefix}{}", input.value)) {
                found.push(input);
            }
        }
        if found.iter().any(|input| input.kind.is_some()) {
            found.retain(|input| input.kind.is_some());
        }
        let rank = |input: &Input| {
            STRENGTH.iter().position(|place| *place == (input.source, input.scope)).unwrap_or(STRENGTH.len())
        };
        if let Some(input) = found.into_iter().min_by_key(rank) {
            let scope = match input.source {
                "settings" | "managed_settings" => Scope::Is(input.scope),
                _ => Scope::NotCompared,
            };
            return Some(Sent { kind: input.kind, source: Some(input.source), scope, path_end: input.path_end });
        }
        let files = members(&self.case["files"]).map(|(path, spec)| (place_of(path), content(spec)));
        let flag = (Some(("settings", Some("command_line"))), Some(self.flag_settings()));
        let mut named: Vec<_> = files
            .chain([flag])
            .filter_map(|(place, data)| data?.get("apiKeyHelper").is_some().then_some(place).flatten())
            .collect();
        named.sort_by_key(|place| STRENGTH.iter().position(|other| other == place));
        let scope = named.first().map_or(Scope::NotCompared, |place| Scope::Helper(place.1));
        (!named.is_empty()).then_some(Sent { kind: Some("api_key_helper"), source: None, scope, path_end: None })
    }
}

// ------------------------------------------------------------------------------------- what was recorded

/// What a header is expected to be. `None`: whatever is said.
#[derive(Debug, Default)]
pub struct Sent {
    kind: Option<&'static str>,
    source: Option<&'static str>,
    scope: Scope,
    path_end: Option<String>,
}

#[derive(Debug, Default)]
pub enum Scope {
    #[default]
    NotCompared,
    Is(Option<&'static str>),
    /// A helper may be named by kind alone; a settings scope, if one is named, must be right.
    Helper(Option<&'static str>),
}

/// One thing that a record lets us expect.
#[derive(Debug)]
pub enum Expectation {
    Sends(BTreeMap<String, Sent>),
    NothingFromTheProject,
    Request(Option<String>),
    Endpoint { origin: String, path: Option<String> },
    Proxy(bool),
    Provider(Vec<&'static str>),
    Stops(Option<String>),
}

/// What a session shows when it waits for the person before it does anything.
const QUESTIONS: [&str; 4] =
    ["Detected a custom API key", "trust", "Choose the text style", "Unable to connect to Anthropic services"];

impl Case {
    /// Its step that sends a prompt: what it is called in the record, and its arguments.
    fn prompt_step(&self) -> Option<(&str, &[Value])> {
        let Some(steps) = self.case.get("steps").map(list) else { return Some(("print", &[])) };
        steps.iter().find_map(|step| {
            let name = step.as_str().unwrap_or_else(|| text(&step["name"]));
            ["print", "print_json", "tui"].contains(&name).then(|| (name, list(&step["args"])))
        })
    }

    fn prompt_arguments(&self) -> &[Value] {
        match self.prompt_step() {
            Some(("tui", arguments)) => arguments,
            _ => &[],
        }
    }

    fn mode(&self) -> &'static str {
        if self.prompt_step().is_some_and(|(name, _)| name == "tui") { "interactive" } else { "print" }
    }

    fn is_unstable(&self, what: &str) -> bool {
        list(&self.record["unstable"]).iter().any(|name| name == what)
    }

    /// What its record lets us expect.
    pub fn expected(&self) -> Vec<Expectation> {
        if self.cannot_be_laid_out() {
            return Vec::new();
        }
        let mut expected = Vec::new();
        if let Some((name, arguments)) = self.prompt_step() {
            let steps = list(&self.case["steps"]).iter();
            let typed = steps.flat_map(|step| list(&step["keys"])).map(|key| text(&key[1]));
            let command = arguments.iter().map(text).chain(typed).any(|word| word.starts_with('/'));
            if !command && arguments.first().is_none_or(|word| word != "setup-token") {
                self.expect_of_step(&self.record["steps"][name], &mut expected);
            }
        }
        expected.extend(self.expected_provider());
        expected
    }

    fn expect_of_step(&self, step: &Value, expected: &mut Vec<Expectation>) {
        let interactive = self.mode() == "interactive";
        let requests = model_requests(step);
        let said = said(step);
        let seen = |phrase: &str| list(&step["seen"]).iter().any(|seen| text(seen).contains(phrase));
        let silent = text(&step["stdout"]).trim().is_empty() && step.get("json").is_none_or(Value::is_null);
        let failed = step["exit"].as_i64().is_some_and(|code| code != 0);
        let stopped = !interactive && requests.is_empty() && failed && silent;
        let refused = list(&step["requests"]).iter().any(|request| request["kind"] == "token")
            && self.case["server"].get("token").is_some();
        let settled = !self.is_unstable("requests") || self.only_order_varies();
        if interactive && QUESTIONS.into_iter().any(seen) {
            if self.id().starts_with("tui-untrusted") || self.id().starts_with("x-tui-untrusted") {
                expected.push(Expectation::NothingFromTheProject);
            }
            return;
        }
        if let Some(first) = requests.first() {
            let all = list(&step["requests"]);
            let before = all.iter().position(|request| std::ptr::eq(request, *first)).unwrap_or(0);
            let by_server = refused && before > 0;
            let headers: Option<BTreeMap<String, Sent>> = shown_headers(first)
                .map(|(name, value)| Some((name.to_owned(), self.identify(name, value, &all[..before])?)))
                .collect();
            if settled {
                let (origin, path) = place(first);
                let sdk = first["listener"] == "internet"
                    && requests.iter().any(|q| q["kind"] != "messages" || text(&q["path"]).contains("/anthropic"));
                expected.push(Expectation::Endpoint { origin, path: (!sdk).then_some(path) });
                if !by_server {
                    expected.extend(headers.map(Expectation::Sends));
                    expected.push(Expectation::Request(None));
                }
            }
        } else if stopped {
            if list(&step["background"]).is_empty() {
                expected.push(Expectation::Stops(Some(said)));
            }
        } else if interactive {
            if seen("Configuration error") {
                expected.push(Expectation::Stops(None));
            } else if seen("Not logged in") && !refused {
                expected.push(Expectation::Sends(BTreeMap::new()));
                expected.push(Expectation::Request(Some("Not logged in · Please run /login".to_owned())));
            }
        } else if !is_of_the_network(&said) && !refused && !self.is_unstable("stdout") && settled {
            if ["Not logged in", "Failed to authenticate: OAuth session expired"].iter().any(|s| said.starts_with(s)) {
                expected.push(Expectation::Sends(BTreeMap::new()));
            }
            expected.push(Expectation::Request(Some(said)));
        }
        self.expect_proxy(step, expected);
    }

    fn expect_proxy(&self, step: &Value, expected: &mut Vec<Expectation>) {
        let inputs = json!([self.case["env"], self.case["files"]]).to_string().to_lowercase();
        if !["\"https_proxy\"", "\"http_proxy\""].iter().any(|name| inputs.contains(name)) {
            return;
        }
        let through = |request: &&Value| request["listener"] == "proxy";
        if list(&step["background"]).iter().chain(list(&step["requests"])).any(|request| through(&request)) {
            expected.push(Expectation::Proxy(true));
        } else if model_requests(step).iter().any(|request| !through(request)) {
            expected.push(Expectation::Proxy(false));
        }
    }

    /// The checks of several models race with a cloud; each carries the same credential to the same place.
    fn only_order_varies(&self) -> bool {
        let mut rows: Vec<String> = members(&self.record["steps"])
            .flat_map(|(_, step)| model_requests(step))
            .map(|request| format!("{:?} {:?}", shown_headers(request).collect::<Vec<_>>(), place(request)))
            .collect();
        rows.sort();
        rows.dedup();
        self.case["topic"] == "cloud" && rows.len() == 1
    }

    fn expected_provider(&self) -> Option<Expectation> {
        let steps = &self.record["steps"];
        let status = ["status_json", "status"]
            .iter()
            .find_map(|name| steps.get(*name)?.get("json")?.get("apiProvider")?.as_str())?;
        let word = match status {
            "bedrock" => "bedrock",
            "vertex" => "vertex",
            "foundry" => "foundry",
            "anthropicAws" => "anthropic_aws",
            "mantle" => "mantle",
            "firstParty" => return Some(Expectation::Provider(self.first_party())),
            _ => return None,
        };
        Some(Expectation::Provider(vec![word]))
    }

    fn first_party(&self) -> Vec<&'static str> {
        let steps = &self.record["steps"];
        let mut at: Vec<String> = model_requests(&steps["print"]).into_iter().map(|request| place(request).0).collect();
        let status = text(&steps["status_text"]["stdout"]);
        let told = status.lines().find_map(|line| line.strip_prefix("Anthropic base URL: "));
        if at.is_empty() {
            at.extend(told.map(|url| url.trim().trim_end_matches('/').to_owned()));
        }
        let default = |origin: &String| origin == "https://api.anthropic.com";
        if (!at.is_empty() && at.iter().all(default)) || (at.is_empty() && !status.is_empty()) {
            vec!["anthropic"]
        } else if !at.is_empty() && !at.iter().any(|origin| origin.contains(".anthropic.com")) {
            vec!["gateway"]
        } else {
            vec!["anthropic", "gateway"]
        }
    }
}

/// What the real program printed: standard output, else standard error.
fn said(step: &Value) -> String {
    let texts = [text(&step["stdout"]), text(&step["json"]["result"]), text(&step["stderr"])];
    texts.into_iter().map(str::trim).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

fn is_of_the_network(said: &str) -> bool {
    let Some(rest) = said.strip_prefix("API Error: ") else { return said.starts_with("Request timed out") };
    let unable = rest.strip_prefix("Unable to connect to API");
    ["Connection ", "Can't reach", "Couldn't connect"].iter().any(|start| rest.starts_with(start))
        || unable.is_some_and(|rest| rest.starts_with(": ") || (rest.starts_with(" (E") && !rest.starts_with(" (ERR_")))
}

/// The requests that carry a prompt, also one whose path a query in the base URL has swallowed.
fn model_requests(step: &Value) -> Vec<&Value> {
    let kinds = ["messages", "bedrock", "vertex"];
    let found: Vec<&Value> =
        list(&step["requests"]).iter().filter(|request| kinds.contains(&text(&request["kind"]))).collect();
    if !found.is_empty() {
        return found;
    }
    let swallowed = |request: &&Value| request["method"] == "POST" && text(&request["path"]).contains("v1%2Fmessages");
    list(&step["background"]).iter().filter(swallowed).collect()
}

fn shown_headers(request: &Value) -> impl Iterator<Item = (&'static str, &str)> {
    ["x-api-key", "authorization", "api-key"].into_iter().filter_map(|name| Some((name, request[name].as_str()?)))
}

/// Origin and base path of a recorded request.
fn place(request: &Value) -> (String, String) {
    let path = text(&request["path"]);
    let (origin, path) = if request["listener"] == "proxy" {
        let (scheme, rest) = path.split_once("://").unwrap_or(("", path));
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        (format!("{scheme}://{host}"), path)
    } else {
        let origin = match text(&request["listener"]) {
            "api" => "http://127.0.0.1:18080".to_owned(),
            "alt" => "http://127.0.0.1:18081".to_owned(),
            "tls-selfsigned" => "https://127.0.0.1:18443".to_owned(),
            "tls-ca" => "https://127.0.0.1:18444".to_owned(),
            "tls-expired" => "https://127.0.0.1:18445".to_owned(),
            "tls-wronghost" => "https://127.0.0.1:18446".to_owned(),
            _ => format!("https://{}", text(&request["host"])),
        };
        (origin, path)
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_suffix("/v1/messages").unwrap_or(path);
    let path = match path.find("/model/") {
        Some(at) if path[at..].contains("/invoke") => &path[..at],
        _ => path,
    };
    let path = match path.find("/projects/") {
        Some(at) if path[at..].contains("/locations/") => &path[..at],
        _ => path,
    };
    (origin, path.trim_end_matches('/').to_owned())
}

// --------------------------------------------------------------------------------------------- comparing

impl Expectation {
    /// What differs in a report, in one line.
    pub fn differs(&self, report: &Value) -> Option<String> {
        let prediction = &report["prediction"];
        let route = &report["route"];
        let said = |expected: String, got: String| Some(format!("expected {expected}, got {got}"));
        match self {
            Self::Sends(expected) => {
                let rows = list(&route["sends"]);
                let fits = rows.len() == expected.len()
                    && expected.iter().all(|(header, sent)| {
                        rows.iter().any(|row| row["header"] == header.as_str() && sent.fits(row))
                    });
                if fits { None } else { said(format!("{expected:?}"), route["sends"].to_string()) }
            }
            Self::NothingFromTheProject => {
                let from = |row: &Value| ["project", "local"].contains(&text(&row["source"]["scope"]));
                let any = list(&route["sends"]).iter().any(from);
                if any { said("nothing of the project".to_owned(), route["sends"].to_string()) } else { None }
            }
            Self::Request(None) => {
                let sends = prediction["sends_request"] == true && prediction["starts"] != false;
                if sends { None } else { said("a request".to_owned(), prediction.to_string()) }
            }
            Self::Request(Some(printed)) => {
                let none = prediction["sends_request"] == false || prediction["starts"] == false;
                let open_end =
                    printed.starts_with("API Error: Could not load ") && prediction["sends_request"].is_null();
                let fits = open_end || (none && message_fits(text(&prediction["message"]), printed));
                if fits { None } else { said(format!("no request and {printed:?}"), prediction.to_string()) }
            }
            Self::Stops(printed) => {
                let lines = printed.iter().flat_map(|printed| printed.lines());
                let tails = lines.flat_map(|line| [Some(line), line.split_once(": ").map(|(_, rest)| rest)]);
                let fits = prediction["starts"] == false
                    && (printed.is_none()
                        || tails.flatten().any(|line| message_fits(text(&prediction["message"]), line)));
                if fits { None } else { said(format!("it stops with {printed:?}"), prediction.to_string()) }
            }
            Self::Endpoint { origin, path } => {
                let url = text(&route["endpoint"]["url"]);
                let (Ok(wanted), Ok(got)) = (url::Url::parse(origin), url::Url::parse(url)) else {
                    return said(origin.clone(), url.to_owned());
                };
                let host = |url: &url::Url| url.host_str().map(|host| host.replace("localhost", "127.0.0.1"));
                let place = |url: &url::Url| (url.scheme().to_owned(), host(url), url.port_or_known_default());
                let path_fits = path.as_ref().is_none_or(|path| got.path().trim_end_matches('/') == path);
                if place(&wanted) == place(&got) && path_fits {
                    None
                } else {
                    said(format!("{self:?}"), url.to_owned())
                }
            }
            Self::Proxy(expected) => {
                let got = &route["proxy"];
                if got.is_null() == *expected { said(format!("proxy {expected}"), got.to_string()) } else { None }
            }
            Self::Provider(expected) => {
                let got = text(&route["provider"]);
                if expected.contains(&got) { None } else { said(format!("{expected:?}"), got.to_owned()) }
            }
        }
    }
}

impl Sent {
    fn fits(&self, row: &Value) -> bool {
        let source = &row["source"];
        let managed = source["kind"] == "settings" && source["scope"] == "managed";
        let kind = if managed { "managed_settings" } else { text(&source["kind"]) };
        let scope = if kind == "managed_settings" { Some("managed") } else { source["scope"].as_str() };
        let path = source["path"].as_str();
        self.kind.is_none_or(|expected| row["credential"] == expected)
            && self.source.is_none_or(|expected| kind == expected)
            && match self.scope {
                Scope::NotCompared => true,
                Scope::Is(expected) => scope == expected,
                Scope::Helper(expected) => !kind.contains("settings") || scope == expected,
            }
            && self.path_end.as_ref().is_none_or(|end| path.is_none_or(|path| path.ends_with(end.as_str())))
    }
}

/// A stable first part of what was printed, long enough to tell messages apart.
fn message_fits(message: &str, printed: &str) -> bool {
    let message = message.trim();
    let first_line = printed.lines().next().unwrap_or_default().chars().count();
    !message.is_empty() && printed.starts_with(message) && message.chars().count() >= first_line.min(20)
}
