//! The recorded cases of the real program, laid out in folders of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use authlight_core::report::{Host, Mode, Source};
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Arguments, Examined, Platform, Snapshot, Variable};
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::scan::scan;
use base64::Engine as _;
use serde_json::{Map, Value};

const HOME: &str = "/home/u";
const PROJECT: &str = "/home/proj";

/// What the client is always given when it is recorded.
const QUIET: [(&str, &str); 3] =
    [("HOME", HOME), ("DISABLE_TELEMETRY", "1"), ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")];

/// A case and what the real program did with it.
pub struct Recorded {
    pub id: String,
    case: Value,
    record: Value,
}

/// Every recorded case.
pub fn all() -> Vec<Recorded> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle");
    let results = fs::read_to_string(folder.join("results/2.1.330.jsonl")).unwrap();
    let mut records: Map<String, Value> = results
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|record| (text(&record["id"]), record))
        .collect();
    let mut found = Vec::new();
    for file in fs::read_dir(folder.join("cases")).unwrap() {
        let topic: Value = serde_json::from_str(&fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        for case in topic["cases"].as_array().unwrap() {
            let id = text(&case["id"]);
            if let Some(record) = records.remove(&id) {
                found.push(Recorded { id, case: case.clone(), record });
            }
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}

/// How the real program answered a prompt.
pub enum Ended {
    /// It sent a request with a credential and got an answer.
    GotThrough,
    /// It stopped before it sent anything, and printed this.
    Stopped(String),
    /// The server, the network or a person decided.
    Elsewhere,
}

impl Recorded {
    /// Whether the files need another owner or mode than the tests can give them.
    pub fn cannot_be_laid_out(&self) -> bool {
        let files = self.case["files"].as_object();
        let odd = |spec: &Value| match spec["$file"]["mode"].as_str() {
            Some(mode) => cfg!(not(unix)) || mode == "0000" || mode == "0555",
            // The links and modes of the recorded system are not to be had on another.
            None => cfg!(not(unix)) && !spec["$file"]["symlink"].is_null(),
        };
        !self.case["owner"].is_null() || files.is_some_and(|files| files.values().any(odd))
    }

    /// How it went.
    pub fn ended(&self) -> (Mode, Ended) {
        let steps = self.case["steps"].as_array();
        let names = match steps {
            None => vec!["print".to_owned()],
            Some(steps) => steps
                .iter()
                .filter(|step| step["args"].as_array().is_none_or(|args| args.iter().all(|arg| !is_command(arg))))
                .filter(|step| step["keys"].as_array().is_none_or(|keys| keys.iter().all(|key| !is_command(&key[1]))))
                .map(|step| text(step.get("name").unwrap_or(step)))
                .collect(),
        };
        let Some(name) = names.into_iter().find(|name| ["print", "print_json", "tui"].contains(&name.as_str())) else {
            return (Mode::Print, Ended::Elsewhere);
        };
        let mode = if name == "tui" { Mode::Interactive } else { Mode::Print };
        (mode, self.of_step(mode, &self.record["steps"][&name]))
    }

    fn of_step(&self, mode: Mode, step: &Value) -> Ended {
        let requests = step["requests"].as_array().map(Vec::as_slice).unwrap_or_default();
        let asked = |request: &&Value| matches!(request["kind"].as_str(), Some("messages" | "bedrock" | "vertex"));
        if mode == Mode::Interactive {
            let seen = &step["seen"];
            let shows = |words: &str| seen.to_string().contains(words);
            return if !requests.iter().any(|request| asked(&request)) && shows("Not logged in") {
                Ended::Stopped("Not logged in".to_owned())
            } else if shows("Configuration error") {
                Ended::Stopped("Configuration error".to_owned())
            } else {
                Ended::Elsewhere
            };
        }
        let sent = requests.iter().find(asked);
        let credential = |request: &Value| {
            ["x-api-key", "authorization", "api-key"].iter().any(|header| request[header].is_string())
        };
        let printed = [&step["stdout"], &step["json"]["result"], &step["stderr"]].map(text);
        let printed = printed.iter().map(|part| part.trim()).find(|part| !part.is_empty()).unwrap_or_default();
        match sent {
            Some(request) if step["exit"] == 0 && credential(request) && printed.contains("MOCK-OK") => {
                Ended::GotThrough
            }
            Some(_) => Ended::Elsewhere,
            None if step["exit"] == 0 || requests.iter().any(|request| request["kind"] == "token") => Ended::Elsewhere,
            // No file shows why a connection fails.
            None if [
                "API Error: Connection ",
                "API Error: Can't reach",
                "API Error: Couldn't connect",
                "Request timed out",
            ]
            .iter()
            .any(|words| printed.starts_with(words))
                || printed.starts_with("API Error: Unable to connect to API: ")
                || printed.starts_with("API Error: Unable to connect to API (E") && !printed.contains("(ERR_") =>
            {
                Ended::Elsewhere
            }
            None if self.record["unstable"].as_array().is_some_and(|what| what.iter().any(|what| what == "stdout")) => {
                Ended::Elsewhere
            }
            None if step["stdout"] == "" && step["background"].as_array().is_some_and(|sent| !sent.is_empty()) => {
                Ended::Elsewhere
            }
            None => Ended::Stopped(printed.to_owned()),
        }
    }

    /// What `claude auth status` said: whether somebody is logged in, and by what.
    pub fn auth_status(&self) -> Option<(bool, String)> {
        let steps = &self.record["steps"];
        let said =
            ["status_json", "status"].into_iter().map(|name| &steps[name]["json"]).find(|json| json.is_object())?;
        Some((said["loggedIn"].as_bool()?, text(&said["authMethod"])))
    }

    /// What is read where the case is laid out below `root`.
    pub fn snapshot(&self, root: &Path, mode: Mode) -> Snapshot {
        let inside = |path: &str| match path.strip_prefix("~/") {
            Some(rest) => format!("{HOME}/{rest}"),
            None => path.strip_prefix("./").map_or_else(|| path.to_owned(), |rest| format!("{PROJECT}/{rest}")),
        };
        let outside = |path: &str| root.join(inside(path).trim_start_matches('/'));
        for folder in [HOME, PROJECT] {
            fs::create_dir_all(outside(folder)).unwrap();
        }
        for (name, spec) in self.case["files"].as_object().into_iter().flatten() {
            lay_out(&outside(name), spec, root);
        }
        let mut variables: Vec<(String, String)> =
            QUIET.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (name, value) in self.case["env"].as_object().into_iter().flatten() {
            variables.retain(|(own, _)| own != name);
            if let Some(value) = value.as_str() {
                variables.push((name.clone(), value.to_owned()));
            }
        }
        let home = variables.iter().find(|(name, _)| name == "HOME").map_or(HOME, |(_, value)| value.as_str());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let home = if home.is_empty() { HOME } else { home };
        let standing = variables
            .iter()
            .filter(|(name, _)| authlight_core::claude_code::variables::find(name).is_some())
            .map(|(name, value)| Variable {
                name: name.clone(),
                value: Secret::new(value.clone()),
                source: Source::variable(name),
            })
            .collect();
        let examined = Examined {
            now_ms: i64::try_from(now.as_millis()).unwrap(),
            host: Host { os: "linux".to_owned(), arch: "x86_64".to_owned(), ..Host::default() },
            project: Some(self.case["cwd"].as_str().map_or_else(|| PROJECT.to_owned(), inside)),
            mode,
            arguments: self.arguments(),
            ..Examined::of_process(Platform::Linux, home, standing)
        };
        scan(&Disk::below(root.to_path_buf(), Platform::Linux), examined)
    }

    fn arguments(&self) -> Arguments {
        let words: Vec<String> = self.case["args"].as_array().into_iter().flatten().map(text).collect();
        let after = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1)).cloned();
        let sources = after("--setting-sources");
        Arguments {
            bare: words.iter().any(|word| word == "--bare"),
            settings: after("--settings"),
            setting_sources: sources.map(|list| list.split(',').map(|name| name.trim().to_owned()).collect()),
        }
    }
}

fn is_command(word: &Value) -> bool {
    word.as_str().is_some_and(|word| word.starts_with('/') || word == "setup-token")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn lay_out(path: &PathBuf, spec: &Value, root: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = &spec["$file"];
    if file["dir"] == true {
        fs::create_dir_all(path).unwrap();
        return;
    }
    if let Some(target) = file["symlink"].as_str() {
        let target = target.strip_prefix('/').map_or_else(|| PathBuf::from(target), |inside| root.join(inside));
        link(&target, path);
        return;
    }
    let bytes = if let Some(coded) = file["b64"].as_str() {
        base64::engine::general_purpose::STANDARD.decode(coded).unwrap()
    } else if let Some(text) = file["text"].as_str().or(spec.as_str()) {
        text.as_bytes().to_vec()
    } else {
        let json = file.get("json").unwrap_or(spec);
        serde_json::to_vec_pretty(&expanded(json)).unwrap()
    };
    fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let usual = if path.to_string_lossy().contains("credential") { "0600" } else { "0644" };
        let mode = u32::from_str_radix(file["mode"].as_str().unwrap_or(usual), 8).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) {
    std::os::unix::fs::symlink(target, path).unwrap();
}

/// Nobody asks for these cases here.
#[cfg(not(unix))]
fn link(_: &Path, _: &Path) {}

/// `{"$now_ms": N}` and the like, filled in.
fn expanded(value: &Value) -> Value {
    match value {
        Value::Object(members) if members.len() == 1 && members.contains_key("$repeat") => {
            let (what, times) = (text(&members["$repeat"][0]), members["$repeat"][1].as_u64().unwrap());
            Value::String(what.repeat(usize::try_from(times).unwrap()))
        }
        Value::Object(members) if members.len() == 1 && members.contains_key("$now_ms") => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            Value::from(i64::try_from(now.as_millis()).unwrap() + members["$now_ms"].as_i64().unwrap())
        }
        Value::Object(members) if members.len() == 1 && members.contains_key("$now_s") => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            Value::from(i64::try_from(now.as_secs()).unwrap() + members["$now_s"].as_i64().unwrap())
        }
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), expanded(value))).collect(),
        Value::Array(items) => items.iter().map(expanded).collect(),
        other => other.clone(),
    }
}
