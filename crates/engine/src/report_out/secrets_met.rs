//! The secrets that an examination has met, in one place: what the last pass must not let out.
//!
//! Too many is better than too few, with one limit: a word that this program itself writes (`anthropic` as a token of
//! a local gateway) is in every report, and taking it for a secret would hold all of them back.
#![expect(clippy::disallowed_methods, reason = "it gathers what must not get out")]

use std::collections::HashSet;

use authlight_core::claude_code::variables as known;
use authlight_core::headers::CustomHeader;
use authlight_core::json::{Json, Kind, Value};
use authlight_core::reading::{Content, Document, Reading};
use authlight_core::report::CredentialKind;
use authlight_core::route::Resolution;
use authlight_core::secret::{Secret, SecretKind, javascript_trim};
use authlight_core::snapshot::{CloudFiles, Examined, Profiles, Snapshot, TextFile, Variable};
use percent_encoding::percent_decode_str;
use url::Url;

use super::redaction::{SHORTEST, looks_random, names_a_secret};
use super::schema;
use crate::words;

/// Every secret that was read, each once.
pub fn secrets_met(snapshot: &Snapshot, resolution: &Resolution) -> Vec<Secret> {
    // Every field is named here: a new one does not compile until somebody has decided whether a secret can be in it.
    let Examined {
        variables,
        arguments,
        project,
        // No texts of the person's.
        now_ms: _,
        platform: _,
        host: _,
        as_whom: _,
        home: _,
        context: _,
        told_by: _,
        unsure: _,
        shell_run: _,
        own: _,
        mode: _,
    } = &snapshot.examined;
    let Snapshot {
        examined: _,
        settings,
        state,
        trusted: _,
        login,
        profiles,
        cloud,
        named_files,
        shell,
        programs,
        editors,
        // What was read of these holds no text.
        login_folder_writable: _,
        misnamed_login: _,
        keychain: _,
        refresh_lock: _,
        certificate_files: _,
        listening: _,
        port_holder: _,
        installs: _,
        residents: _,
        beside: _,
        hints: _,
        jetbrains: _,
    } = snapshot;
    let mut met = Met::default();
    for variable in variables {
        met.variable(&variable.name, variable.value.reveal());
    }
    if let Some(flag) = &arguments.settings {
        met.words(flag);
    }
    for file in settings {
        met.document(&file.document);
    }
    for place in &shell.places {
        if let Some(value) = &place.value {
            met.variable(&place.name, value.reveal());
        }
    }
    let started_with = programs.found().into_iter().flatten().filter_map(|program| program.environment.found());
    for variable in started_with.flatten() {
        met.variable(&variable.name, variable.value.reveal());
    }
    for variable in editors.iter().flat_map(|settings| &settings.variables) {
        if let Some(value) = &variable.value {
            met.variable(&variable.name, value.reveal());
        }
    }
    met.state(state, project.as_deref());
    met.document(login);
    let Profiles { folder: _, active: _, files } = profiles;
    for files in files.values() {
        met.document(&files.config);
        met.document(&files.credentials);
    }
    let CloudFiles { aws_credentials, aws_config, google_credentials } = cloud;
    met.document(google_credentials);
    met.assignments(aws_credentials);
    met.assignments(aws_config);
    for (name, file) in named_files {
        // Certificates are no secret; the key in the same file is.
        if name.contains("TOKEN") {
            met.text(file);
        }
    }
    for (name, setting) in resolution.environment.iter() {
        setting.places.iter().for_each(|place| met.variable(name, place.value.reveal()));
    }
    let candidates = resolution.candidates.all.iter().map(|candidate| (candidate.slot.kind(), &candidate.value));
    let sends = resolution.sends.iter().map(|sent| (sent.credential, &sent.value));
    for (kind, value) in candidates.chain(sends) {
        match (kind, value) {
            // The value of a profile or of a cloud's row is a name, and of the headers each stands below.
            (CredentialKind::CloudProvider | CredentialKind::Profile | CredentialKind::CustomHeaders, _) => {}
            (_, Some(value)) => met.take(value.reveal()),
            (_, None) => {}
        }
    }
    for place in &resolution.candidates.helper {
        met.words(place.value.plain());
    }
    for header in &resolution.custom_headers {
        met.header(header);
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

/// The secrets among the variables of another environment.
#[expect(clippy::disallowed_methods, reason = "it must know what it must not let out")]
pub fn secrets_of(variables: &[Variable]) -> Vec<Secret> {
    let mut met = Met::default();
    variables.iter().for_each(|variable| met.variable(&variable.name, variable.value.reveal()));
    met.secrets
}

impl Met {
    fn take(&mut self, text: &str) {
        use std::hash::BuildHasher as _;
        let text = javascript_trim(text);
        if text.len() >= SHORTEST && self.seen.insert(self.hashes.hash_one(text)) && !is_own_word(text) {
            self.secrets.push(Secret::new(text));
        }
    }

    /// The value of a variable, a member or a line, by its name.
    fn variable(&mut self, name: &str, value: &str) {
        if name == "ANTHROPIC_CUSTOM_HEADERS" {
            CustomHeader::read(&Secret::new(value)).iter().for_each(|header| self.header(header));
            return;
        }
        let secret = known::find(name).map_or_else(|| names_a_secret(name), |fact| fact.secret);
        let is_address = value.contains("://");
        if secret && !is_address || Secret::new(value).kind() != SecretKind::Other {
            self.take(value);
        }
        if is_address || value.contains('@') {
            self.address(value);
        } else if known::find(name).is_none() {
            self.words(value);
        }
    }

    fn header(&mut self, header: &CustomHeader) {
        let value = javascript_trim(header.value.reveal());
        if names_a_secret(&header.name) || header.is("x-api-key") || looks_random(value) {
            self.take(value);
        }
        for scheme in ["Bearer ", "Basic "] {
            if let Some(rest) = value
                .get(scheme.len()..)
                .filter(|_| value.to_ascii_lowercase().starts_with(&scheme.to_ascii_lowercase()))
            {
                self.take(rest);
            }
        }
    }

    /// User and password of an address, as written and decoded, and what stands in its query under a telling name.
    fn address(&mut self, text: &str) {
        let text = javascript_trim(text);
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        if let Some((userinfo, _)) = rest.rsplit_once('@') {
            let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
            self.take(userinfo);
            self.take(&decoded(userinfo));
            let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
            self.take(password);
            self.take(&decoded(password));
            if looks_random(user) {
                self.take(user);
            }
        }
        if let Ok(url) = Url::parse(text) {
            for (name, value) in url.query_pairs() {
                if names_a_secret(&name) || looks_random(&value) {
                    self.take(&value);
                }
            }
        }
    }

    /// The words of a command or text that look like secrets.
    fn words(&mut self, text: &str) {
        let breaks = |c: char| c.is_whitespace() || "\"'`=:;,()[]{}<>|&".contains(c);
        for word in text.split(breaks) {
            if looks_random(word) && word.len() >= 20 || Secret::new(word).kind() != SecretKind::Other {
                self.take(word);
            }
        }
    }

    fn text(&mut self, file: &TextFile) {
        if let Some(text) = file.text.found() {
            self.take(text.reveal());
        }
    }

    /// Lines `name = value`.
    fn assignments(&mut self, file: &TextFile) {
        let text = file.text.found().map_or("", Secret::reveal);
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let name = name.trim();
            // Who the key belongs to is half of it.
            if name.eq_ignore_ascii_case("aws_access_key_id") {
                self.take(value);
            }
            self.variable(name, value.trim());
        }
    }

    fn document(&mut self, document: &Document) {
        match &document.content {
            Reading::Found(Content::Json(json, _)) => self.json(json.root()),
            // What is no JSON was not kept, so none of it can get out.
            Reading::Found(Content::Blank | Content::Malformed(..)) | Reading::Absent | Reading::Unreadable(_) => {}
        }
    }

    /// The state file without its many projects: of those only the examined one.
    fn state(&mut self, document: &Document, project: Option<&str>) {
        let Some(root) = document.json().map(Json::root) else { return };
        for member in root.members() {
            let name = member.name();
            if name == "projects" {
                if let Some(value) = project.and_then(|project| member.value.get(project)) {
                    self.json(value);
                }
            } else if name == "customApiKeyResponses" {
                // The last twenty characters of keys.
                let lists = member.value.members().flat_map(|list| list.value.items());
                lists.filter_map(Value::as_str).for_each(|tail| self.take(&tail));
            } else {
                self.leaf(&name, member.value);
                self.json(member.value);
            }
        }
    }

    /// Every text in a value. The nodes wait in a list: a file nested a million levels deep must not bring us down.
    fn json(&mut self, value: Value<'_>) {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            for member in value.members() {
                self.leaf(&member.name(), member.value);
                waiting.push(member.value);
            }
            for item in value.items() {
                self.leaf("", item);
                waiting.push(item);
            }
        }
    }

    fn leaf(&mut self, name: &str, value: Value<'_>) {
        if value.kind() == Kind::String
            && let Some(text) = value.as_str()
        {
            self.variable(name, &text);
        }
    }
}

/// Whether this program writes the word anyway, whatever the machine holds.
fn is_own_word(text: &str) -> bool {
    let one_word = text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    one_word
        || text.len() <= 40
            && (memchr::memmem::find(schema::SHIPPED.as_bytes(), text.as_bytes()).is_some()
                || words::say_somewhere(text))
}
