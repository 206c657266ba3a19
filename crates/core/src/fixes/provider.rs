//! Provider set-up: from a provider and the values for it to what is changed in settings.
//!
//! What is set goes into the `env` of one settings file: there it goes before whatever the program is started with
//! (observed: `senv-*`). What other providers have left behind goes out of the person's own settings and, where that is
//! certain, out of their profiles; what an organisation or the command line says is told.

use super::edit::Edit;
use super::rotate::{self, Unfit};
use super::{Repair, Shows, place, variables};
use crate::claude_code::variables as claude_code;
use crate::environment::Occurrence;
use crate::json::Value;
use crate::json::edit::{Change, NewValue};
use crate::judge::Facts;
use crate::message::Message;
use crate::providers::set_up::{Field, Need, SetUp, Shape, TOGETHER, Ways};
use crate::providers::{Inputs, aws, foundry, vertex};
use crate::reading::Content;
use crate::report::{Mode, Provider, Scope, Source, SourceKind};
use crate::secret::{Secret, SecretKind, javascript_trim};
use crate::snapshot::{Platform, SettingsFile, Store};
use crate::url::{self, Oddity};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The provider.
    pub provider: Provider,
    /// Whose settings: the person's own, the project's, or the person's for the project.
    pub scope: Scope,
    /// The variables and their values.
    pub values: Vec<(String, Secret)>,
}

/// What is done for it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The edits.
    pub repair: Repair,
    /// What counts afterwards.
    pub sets: Vec<(&'static str, Secret)>,
    /// What stays and goes before it: a variable, and where it stands.
    pub before: Option<(&'static str, Source)>,
}

/// What a form for a provider asks.
#[derive(Clone, Debug)]
pub struct Form {
    /// The fields, in their order.
    pub fields: Vec<Asks>,
    /// Of each of these one way alone is used.
    pub ways: &'static [Ways],
    /// The page that tells more.
    pub page: &'static str,
}

/// One field of a form.
#[derive(Clone, Debug)]
pub struct Asks {
    /// The variable.
    pub name: &'static str,
    /// How its value is written.
    pub shape: Shape,
    /// How much it is needed.
    pub need: Need,
    /// Whether its value is a secret: it is never shown.
    pub secret: bool,
    /// What it is, as a sentence.
    pub label: Message,
    /// Where its value is found.
    pub found: Message,
    /// What counts now, if it stays.
    pub present: Option<Present>,
}

/// What counts now.
#[derive(Clone, Debug)]
pub struct Present {
    /// As it may be shown: of a secret its end, of an address no password. None: nothing of it may be.
    pub shown: Option<String>,
    /// Where it stands.
    pub source: Source,
}

/// What a form for a provider asks, with what is there already.
pub fn form(facts: &Facts<'_>, provider: Provider) -> Option<Form> {
    let set_up = SetUp::of(provider)?;
    let gone = leftovers(facts, set_up, &[]);
    let present = |field: &Field| {
        let place = facts.resolution.environment.set(field.name).filter(|_| !gone.contains(&field.name))?;
        let plain = || javascript_trim(place.value.plain()).to_owned();
        let shown = match field.shape {
            Shape::Key => place.value.mask(),
            Shape::Address | Shape::VersionedAddress => url::base(&plain()).ok().map(|base| base.shown()),
            // A key can have been put into the wrong field.
            _ => is_no_secret(&place.value).then(plain),
        };
        Some(Present { shown, source: place.source.clone() })
    };
    let fields = set_up.all_fields().map(|field| Asks {
        name: field.name,
        shape: field.shape,
        need: set_up.need(field.name),
        secret: field.is_secret(),
        label: Message::new(format!("provider-{}", field.name)),
        found: Message::new(format!("provider-{}.where", field.name)),
        present: present(field),
    });
    Some(Form { fields: fields.collect(), ways: set_up.ways, page: set_up.page })
}

/// What may follow, and is meant: nobody signs in to Anthropic yet, which is the next step; a gateway on this machine is
/// not started yet, which the test tells.
const BRINGS: &[&str] = &["AL-2-01", "AL-5-17"];

/// What sets a provider up.
///
/// # Errors
/// Why the values do not do, each in a sentence; what is missing, with the place where it is found.
pub fn set_up(facts: &Facts<'_>, asked: &Asked) -> Result<Planned, Vec<Message>> {
    let Some(set_up) = SetUp::of(asked.provider) else { return Err(Vec::new()) };
    let platform = facts.snapshot.examined.platform;
    let mut refused = Vec::new();
    let mut given: Vec<(&'static Field, Secret)> = Vec::new();
    for (name, value) in &asked.values {
        match set_up.field(name) {
            None => refused.push(not_taken(set_up, name)),
            Some(field) if given.iter().any(|(other, _)| other.name == field.name) => {
                refused.push(of_field("provider-given-twice", field.name));
            }
            Some(field) if field.is_secret() && asked.scope == Scope::Project => {
                refused.push(of_field("provider-secret-shared", field.name));
            }
            Some(field) => match checked(field, value, platform) {
                Ok(value) => given.push((field, value)),
                Err(why) => refused.push(why),
            },
        }
    }
    refused.extend(not_together(set_up, &given));
    if refused.is_empty() {
        refused.extend(missing(facts, set_up, &given));
    }
    let file = file_of(facts, asked.scope);
    if file.is_none() {
        refused.push(Message::new("provider-no-settings").with("scope", asked.scope.word()));
    }
    let Some(file) = file.filter(|_| refused.is_empty()) else { return Err(refused) };

    let mut sets: Vec<(&'static str, Secret)> = Vec::new();
    sets.extend(set_up.switch.map(|switch| (switch, Secret::new("1"))));
    sets.extend(given.iter().map(|(field, value)| (field.name, value.clone())));
    let mut work = Work { facts, edits: Vec::new(), told: Vec::new(), shows: Shows::Here };
    for (name, value) in &sets {
        work.set(file, name, value);
    }
    let mut before = None;
    for name in leftovers(facts, set_up, &given) {
        let shared = set_up.field(name).is_some_and(|field| field.shared);
        for held in places(facts, name) {
            let taken = work.take_out(name, &held.source, shared);
            if !taken && before.is_none() && goes_before(set_up, name, &given) && !held.value.is_blank() {
                before = Some((name, held.source.clone()));
            }
        }
    }
    if asked.provider == Provider::Anthropic && !facts.resolution.candidates.helper.is_empty() {
        work.told.push(tell(Message::new("provider-helper-stays"), false));
    }
    if facts.resolution.provider != asked.provider && !facts.resolution.custom_headers.is_empty() {
        work.told.push(tell(Message::new("provider-headers-stay"), false));
    }
    if given.iter().any(|(field, key)| field.name == "ANTHROPIC_API_KEY" && asks_about(facts, key)) {
        work.told.push(tell(Message::new("provider-key-is-asked-about"), false));
    }
    work.told.extend(stays(facts, set_up));
    let Work { edits, mut told, shows, .. } = work;
    let (mut edits, by_hand) = variables::in_one_go(facts, edits);
    told.extend(by_hand.into_iter().map(|path| tell(Message::new("fix-provider-lines").with("path", path), false)));
    if let Some(path) = shared_file(facts, &edits).filter(|_| asked.scope != Scope::Project) {
        told.insert(0, tell(Message::new("fix-provider-shared").with("path", path), false));
    }
    edits.extend(told);
    Ok(Planned { repair: Repair { edits, brings: BRINGS, shows }, sets, before })
}

/// Why a value does not do by itself, while it is typed. None: nothing is to be said of it.
pub fn unfit(provider: Provider, name: &str, value: &Secret, platform: Platform) -> Option<Message> {
    let field = SetUp::of(provider)?.field(name)?;
    checked(field, value, platform).err().filter(|_| !value.is_blank())
}

/// Whether Claude Code asks the person before it uses this key.
fn asks_about(facts: &Facts<'_>, key: &Secret) -> bool {
    let state = facts.snapshot.state.json().map(|json| json.root());
    let approved = state.and_then(|root| root.get("customApiKeyResponses")?.get("approved"));
    let mut approved = approved.into_iter().flat_map(Value::items).filter_map(Value::as_str);
    facts.snapshot.examined.mode == Mode::Interactive && !approved.any(|tail| key.approval_tail_is(&tail))
}

/// What the former provider was set up with and other programs read too: Claude Code hands it on to those that it starts.
fn stays(facts: &Facts<'_>, set_up: &SetUp) -> Option<Edit> {
    let former = SetUp::of(facts.resolution.provider)?;
    let shared = former.all_fields().filter(|field| field.shared && set_up.field(field.name).is_none());
    let in_settings =
        |name: &str| places(facts, name).into_iter().any(|place| place.source.kind == SourceKind::Settings);
    let names: Vec<_> = shared.map(|field| field.name).filter(|name| in_settings(name)).collect();
    let message = Message::new("fix-provider-stays").with("names", names.join(", "));
    (!names.is_empty()).then(|| tell(message, false))
}

/// The project's shared settings, if they are changed.
fn shared_file(facts: &Facts<'_>, edits: &[Edit]) -> Option<String> {
    let shared = file_of(facts, Scope::Project)?.document.path.as_str();
    let own = file_of(facts, Scope::User).is_some_and(|file| file.document.path == shared);
    let is_it = |edit: &Edit| matches!(edit, Edit::File { path, .. } if path == shared);
    (!own && edits.iter().any(is_it)).then(|| shared.to_owned())
}

/// The settings file of a scope.
fn file_of<'a>(facts: &'a Facts<'_>, scope: Scope) -> Option<&'a SettingsFile> {
    if !matches!(scope, Scope::User | Scope::Project | Scope::Local) {
        return None;
    }
    let is_it =
        |file: &&SettingsFile| file.scope == scope && file.store == Store::File && !file.document.path.is_empty();
    facts.snapshot.settings.iter().find(is_it)
}

/// The places of a variable that count, or would.
fn places<'a>(facts: &'a Facts<'_>, name: &str) -> Vec<&'a Occurrence> {
    let places = facts.resolution.environment.get(name).map(|setting| setting.places.as_slice()).unwrap_or_default();
    places.iter().filter(|place| place.ignored.is_none()).collect()
}

/// What is in the way of the provider, or would be sent to it without being meant for it.
fn leftovers(facts: &Facts<'_>, set_up: &SetUp, given: &[(&'static Field, Secret)]) -> Vec<&'static str> {
    let is_given = |name: &str| given.iter().any(|(field, _)| field.name == name);
    let environment = &facts.resolution.environment;
    let mut names = set_up.of_others();
    // Of several ways the one that was chosen stays.
    for ways in set_up.ways.iter().filter(|ways| ways.iter().copied().flatten().any(|name| is_given(name))) {
        names.extend(ways.iter().copied().flatten().filter(|name| !is_given(name)));
    }
    let key = environment.set("ANTHROPIC_API_KEY").map(|place| place.value.kind());
    let is_anthropics = key == Some(SecretKind::ApiKey);
    let meant_for_another = match set_up.provider {
        // What a gateway handed out is of no use to Anthropic.
        Provider::Anthropic => key.is_some() && !is_anthropics,
        // A key of Anthropic's goes to nobody else unasked.
        Provider::Gateway => is_anthropics,
        _ => false,
    };
    if meant_for_another && !is_given("ANTHROPIC_API_KEY") && !names.contains(&"ANTHROPIC_API_KEY") {
        names.push("ANTHROPIC_API_KEY");
    }
    let model = environment.text("ANTHROPIC_MODEL").filter(|_| !is_given("ANTHROPIC_MODEL"));
    if model.is_some_and(|model| set_up.is_model_of_another(model)) {
        names.push("ANTHROPIC_MODEL");
    }
    // The token of a gateway is sent where a gateway signs for the cloud, and is a leftover elsewhere.
    let signed_by_gateway = set_up.skip_auth().is_some_and(|name| is_given(name) || environment.is_on(name));
    let of_a_cloud = set_up.switch.is_some();
    if of_a_cloud && !signed_by_gateway && !is_given("ANTHROPIC_AUTH_TOKEN") {
        names.push("ANTHROPIC_AUTH_TOKEN");
    }
    names
}

/// What is put together.
struct Work<'f, 'a> {
    facts: &'f Facts<'a>,
    edits: Vec<Edit>,
    told: Vec<Edit>,
    shows: Shows,
}

impl Work<'_, '_> {
    /// Sets a variable in a file, and takes it out of stronger ones.
    fn set(&mut self, file: &SettingsFile, name: &'static str, value: &Secret) {
        let path = file.document.path.as_str();
        let platform = self.facts.snapshot.examined.platform;
        let is_here = |place: &Occurrence| place.source.path.as_deref() == Some(path);
        for place in places(self.facts, name).into_iter().take_while(|place| !is_here(place)) {
            if strength(&place.source) > strength_of(file.scope) {
                self.take_out(name, &place.source, false);
            }
        }
        let held = file.document.json().map(|json| json.root());
        let members = held.and_then(|root| root.get("env")).into_iter().flat_map(Value::members);
        let mut there = false;
        for member in members {
            let own = member.name();
            if own == name {
                there = Secret::new(member.value.javascript_text()).same_as(value);
            } else if platform.is_same_variable(&own, name) {
                let path_there = vec!["env".to_owned(), own.into_owned()];
                self.edits.push(Edit::json(path, Change::Remove { path: path_there }));
            }
        }
        if !there {
            let member = vec!["env".to_owned(), name.to_owned()];
            self.edits.push(Edit::json(path, Change::Set { path: member, value: NewValue::Text(value.clone()) }));
        }
    }

    /// Takes a variable out of one place, or says who can. Whether it is taken out.
    fn take_out(&mut self, name: &'static str, source: &Source, shared: bool) -> bool {
        let path = source.path.clone().unwrap_or_default();
        let told = |key: &'static str| Message::new(key).with("name", name).with("path", path.clone());
        if let Some(taken) = place::take_out(self.facts, [source]) {
            self.edits.extend(taken.edits);
            return true;
        }
        let told = match source.kind {
            SourceKind::ManagedSettings => tell(told("fix-provider-managed"), true),
            _ if source.scope == Some(Scope::CommandLine) => tell(told("fix-provider-command-line"), false),
            SourceKind::Settings | SourceKind::AppState => tell(told("fix-provider-by-hand"), false),
            // Settings go before it already; other programs may need it.
            _ if shared => tell(told("fix-provider-other-programs"), false),
            _ => {
                if let Some(repair) = variables::removed(self.facts, source) {
                    if repair.shows != Shows::Here {
                        self.shows = repair.shows;
                    }
                    let (edits, told): (Vec<_>, Vec<_>) = repair.edits.into_iter().partition(Edit::changes_something);
                    let taken = !edits.is_empty();
                    self.edits.extend(edits);
                    self.told.extend(told);
                    return taken;
                }
                tell(told("fix-provider-variable"), false)
            }
        };
        self.told.push(told);
        false
    }
}

/// Whether a variable belongs to a way that goes before the one that was chosen.
fn goes_before(set_up: &SetUp, name: &str, given: &[(&'static Field, Secret)]) -> bool {
    let is_given = |name: &&str| given.iter().any(|(field, _)| field.name == *name);
    set_up.ways.iter().any(|ways| {
        let its = ways.iter().position(|way| way.contains(&name));
        let chosen = ways.iter().position(|way| way.iter().any(is_given));
        its.zip(chosen).is_some_and(|(its, chosen)| its < chosen)
    })
}

fn tell(what: Message, needs_elevation: bool) -> Edit {
    Edit::Tell { what, command: None, needs_elevation }
}

/// How strong a settings file is; whatever else holds variables is weaker.
fn strength(source: &Source) -> usize {
    source.scope.map_or(0, strength_of)
}

fn strength_of(scope: Scope) -> usize {
    match scope {
        Scope::Managed => 5,
        Scope::CommandLine => 4,
        Scope::Local => 3,
        Scope::Project => 2,
        Scope::User => 1,
    }
}

fn of_field(key: &'static str, name: &str) -> Message {
    Message::new(key).with("name", name)
}

fn not_taken(set_up: &SetUp, name: &str) -> Message {
    let names: Vec<_> = set_up.all_fields().map(|field| field.name).collect();
    let message = of_field("provider-not-taken", name).with("provider", set_up.provider.word());
    message.with("names", names.join(", "))
}

/// What is given of several ways at once, or half.
fn not_together(set_up: &SetUp, given: &[(&'static Field, Secret)]) -> Vec<Message> {
    let is_given = |name: &&&str| given.iter().any(|(field, _)| field.name == **name);
    let mut refused = Vec::new();
    for ways in set_up.ways {
        let chosen: Vec<&str> = ways.iter().filter_map(|way| way.iter().find(is_given).copied()).collect();
        if chosen.len() > 1 {
            refused.push(Message::new("provider-one-way").with("names", chosen.join(", ")));
        }
    }
    let gives = |name: &str| given.iter().find(|(field, _)| field.name == name).map(|(_, value)| value);
    let (id, session) = (gives("AWS_ACCESS_KEY_ID"), gives("AWS_SESSION_TOKEN").is_some());
    let apart = |name: &str, other: &str| Message::new("provider-together").with("names", name).with("others", other);
    match id {
        Some(id) if id.is_temporary_aws_id() && !session => {
            refused.push(apart("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"));
        }
        None if session => refused.push(apart("AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID")),
        _ => {}
    }
    for together in TOGETHER {
        let (here, absent): (Vec<&str>, Vec<&str>) = together.iter().partition(|name| is_given(name));
        if !here.is_empty() && !absent.is_empty() {
            let message = Message::new("provider-together").with("names", here.join(", "));
            refused.push(message.with("others", absent.join(", ")));
        }
    }
    refused
}

/// What is needed, and neither given nor known.
fn missing(facts: &Facts<'_>, set_up: &SetUp, given: &[(&'static Field, Secret)]) -> Vec<Message> {
    let is_given = |name: &str| given.iter().any(|(field, _)| field.name == name);
    let gone = leftovers(facts, set_up, given);
    let environment = &facts.resolution.environment;
    let signed_by_gateway = set_up.skip_auth().is_some_and(|name| is_given(name) || environment.is_on(name));
    let is_there = |name: &str| {
        is_given(name) || (environment.set(name).is_some() && !gone.contains(&name)) || is_known_besides(facts, name)
    };
    let mut missing = Vec::new();
    for row in set_up.needs.iter().filter(|row| !row.iter().any(|name| is_there(name))) {
        if signed_by_gateway && matches!(*row, ["AWS_REGION"] | ["CLOUD_ML_REGION"]) {
            continue;
        }
        for name in *row {
            let key = if row.len() > 1 { "provider-missing-one" } else { "provider-missing" };
            let message = of_field(key, name).with("key", if is_secret(name) { "key" } else { "value" });
            missing.push(message.with("page", set_up.page));
        }
    }
    missing
}

fn is_secret(name: &str) -> bool {
    claude_code::find(name).is_none_or(|fact| fact.secret)
}

/// What stands in for a variable.
fn is_known_besides(facts: &Facts<'_>, name: &str) -> bool {
    let resolution = facts.resolution;
    let inputs = Inputs {
        snapshot: facts.snapshot,
        environment: &resolution.environment,
        candidates: &resolution.candidates,
        skip_auth: false,
    };
    match name {
        "AWS_REGION" => {
            resolution.environment.set("AWS_DEFAULT_REGION").is_some() || aws::profile_text(&inputs, "region").is_some()
        }
        "ANTHROPIC_VERTEX_PROJECT_ID" => {
            let file = facts.snapshot.cloud.google_credentials.content.found().and_then(Content::json);
            file.is_some_and(|json| {
                ["project_id", "quota_project_id"].iter().any(|name| json.root().get(name).is_some())
            })
        }
        // A program can print what a gateway takes.
        "ANTHROPIC_AUTH_TOKEN" => resolution.candidates.helper.iter().any(|place| place.ignored.is_none()),
        _ => false,
    }
}

/// The value as it is written, where it can be one.
fn checked(field: &Field, value: &Secret, platform: Platform) -> Result<Secret, Message> {
    let refused = |why: &'static str| Err(of_field("provider-value", field.name).with("why", why));
    if field.shape == Shape::Key {
        let why = match rotate::is_key(value) {
            Ok(()) if field.name == "AWS_ACCESS_KEY_ID" && value.kind() != SecretKind::AwsAccessKeyId => "no-aws-key",
            Ok(()) => return Ok(Secret::new(trimmed(value))),
            Err(Unfit::Empty) => "blank",
            Err(Unfit::LoginToken) => "login-token",
            Err(Unfit::AdminKey) => "admin-key",
            Err(Unfit::NotWhole) => "not-whole",
            Err(_) => "character",
        };
        return refused(why);
    }
    if value.holds_login_token() {
        return refused("login-token");
    }
    if !is_no_secret(value) {
        return refused("secret");
    }
    let text = javascript_trim(value.plain());
    if text.is_empty() {
        return refused("blank");
    }
    let odd = |c: char| c.is_control() || matches!(c, '"' | '<' | '>' | '`' | '…');
    if value.is_quoted() || text.contains(odd) || ["${", "...", "your-", "your_"].iter().any(|part| text.contains(part))
    {
        return refused("character");
    }
    let is_name = |more: &[char]| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(&c));
    match field.shape {
        Shape::Address | Shape::VersionedAddress => match url::base(text) {
            Err(_) => return refused("no-address"),
            Ok(base) if base.userinfo || base.holds_a_person() => return refused("person-in-address"),
            Ok(base) => {
                let versioned = field.shape == Shape::VersionedAddress;
                let odd = base.oddities.iter().find(|odd| !(versioned && **odd == Oddity::EndsInV1));
                match odd {
                    Some(Oddity::EndsInV1 | Oddity::EndsInMessages) => return refused("path-in-address"),
                    Some(_) => return refused("no-address"),
                    None => {}
                }
            }
        },
        Shape::AwsRegion if !aws::is_region(text) || !text.contains('-') => return refused("no-region"),
        Shape::GoogleRegion if !vertex::is_region(text) => return refused("no-region"),
        Shape::GoogleProject if !is_name(&['-', '.', ':']) => return refused("no-project"),
        Shape::FoundryResource if !foundry::is_resource(text) => return refused("no-resource"),
        Shape::File if !platform.is_absolute(text) => return refused("no-path"),
        Shape::Switch if claude_code::is_on(text) => return Ok(Secret::new("1")),
        Shape::Switch => return refused("no-switch"),
        _ => {}
    }
    Ok(Secret::new(text))
}

/// Whether it looks like no key at all.
fn is_no_secret(value: &Secret) -> bool {
    let key_in_it = ["sk-ant-", "AKIA", "ASIA"].iter().any(|begin| value.plain().contains(begin));
    !key_in_it && value.kind() == SecretKind::Other && value.vendor().is_none()
}

/// The door through which a new key goes into settings, without blanks around it.
#[expect(clippy::disallowed_methods, reason = "a key is written where it belongs, on the word of the person")]
fn trimmed(value: &Secret) -> &str {
    javascript_trim(value.reveal())
}
