//! The secrets that an examination has met: what the last pass must not let out.

use std::collections::HashSet;

use authlight_core::claude_code::variables;
use authlight_core::json::{Json, Kind, Value};
use authlight_core::ladder::Slot;
use authlight_core::route::Resolution;
use authlight_core::secret::{Secret, SecretKind};
use authlight_core::snapshot::Snapshot;

/// Members of JSON files that hold a secret, whatever it looks like.
const MEMBERS: &[&str] = &[
    "accessToken",
    "refreshToken",
    "access_token",
    "refresh_token",
    "id_token",
    "apiKey",
    "api_key",
    "primaryApiKey",
    "client_secret",
    "private_key",
];

/// The same in the files of AWS.
const AWS_NAMES: &[&str] = &["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];

/// Every secret that was read, each once.
pub fn secrets_met(snapshot: &Snapshot, resolution: &Resolution) -> Vec<Secret> {
    let mut met = Met::default();
    for variable in &snapshot.variables {
        met.variable(&variable.name, variable.value.clone());
    }
    for file in &snapshot.settings {
        met.json(file.document.json());
    }
    met.json(snapshot.state.json());
    met.json(snapshot.login.json());
    for files in snapshot.profiles.files.values() {
        met.json(files.config.json());
        met.json(files.credentials.json());
    }
    met.json(snapshot.cloud.google_credentials.json());
    for file in [&snapshot.cloud.aws_credentials, &snapshot.cloud.aws_config] {
        let text = file.text.found().map_or("", Secret::reveal);
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            if AWS_NAMES.iter().any(|known| name.trim().eq_ignore_ascii_case(known)) {
                met.take(Secret::new(value.trim()));
            }
        }
    }
    // The value of a profile is its name, that of a helper its command.
    let named = |slot| matches!(slot, Slot::NamedProfile | Slot::FoundProfile | Slot::Helper);
    let found = resolution.candidates.all.iter().filter(|found| !named(found.slot));
    for value in found.filter_map(|found| found.value.clone()) {
        met.take(value);
    }
    for value in resolution.sends.iter().filter_map(|sent| sent.value.clone()) {
        met.take(value);
    }
    met.secrets
}

#[derive(Default)]
struct Met {
    secrets: Vec<Secret>,
    /// Where equal ones would lie, without keeping a second copy of any.
    seen: HashSet<u64>,
    hashes: std::hash::RandomState,
}

impl Met {
    fn take(&mut self, secret: Secret) {
        use std::hash::BuildHasher as _;
        if !secret.is_blank() && self.seen.insert(self.hashes.hash_one(secret.reveal())) {
            self.secrets.push(secret);
        }
    }

    fn variable(&mut self, name: &str, value: Secret) {
        if variables::find(name).is_some_and(|fact| fact.secret) || value.kind() != SecretKind::Other {
            self.take(value);
        }
    }

    fn json(&mut self, json: Option<&Json>) {
        // A file that somebody nested a million levels deep must not bring us down: the nodes wait in a list.
        let mut waiting: Vec<Value<'_>> = json.map(Json::root).into_iter().collect();
        while let Some(value) = waiting.pop() {
            match value.kind() {
                Kind::Object => {
                    for member in value.members() {
                        let name = member.name();
                        match member.value.as_str() {
                            Some(text) if MEMBERS.contains(&name.as_ref()) => self.take(Secret::new(text)),
                            Some(text) => self.variable(&name, Secret::new(text)),
                            None => waiting.push(member.value),
                        }
                    }
                }
                Kind::Array => waiting.extend(value.items()),
                _ => {
                    if let Some(secret) = value.as_str().map(Secret::new) {
                        self.variable("", secret);
                    }
                }
            }
        }
    }
}
