//! From a machine to a snapshot: which places to look at, in which order. No opinions.

use std::collections::BTreeMap;

use authlight_core::claude_code::{locations, state_file, variables};
use authlight_core::environment::{Environment, Occurrence};
use authlight_core::json::Pieces;
use authlight_core::ladder::is_profile_name;
use authlight_core::listening;
use authlight_core::reading::{Content, Document, Reading, Takes};
use authlight_core::report::Scope;
use authlight_core::secret::{Secret, javascript_trim};
use authlight_core::shell;
use authlight_core::snapshot::{
    CloudFiles, Examined, ProfileFiles, Profiles, SettingsFile, Snapshot, TextFile, Variable,
};

use super::{Machine, policy_store};

/// The largest state file that is read. It grows with every project.
const STATE_LIMIT: u64 = 1 << 30;

/// The largest of the small files: credentials, profiles, cloud files.
const SMALL_LIMIT: u64 = 4 << 20;

/// Reads the state file alone. With it, the variable that moves the settings, and their folder.
pub fn begin(machine: &dyn Machine, examined: Examined) -> (Snapshot, Option<String>, String) {
    let mut snapshot = Snapshot::new(examined);
    let started_in = Variable::find(&snapshot.examined.variables, "CLAUDE_CONFIG_DIR");
    let started_in = started_in.map(|variable| variable.value.plain().to_owned());
    let folder = locations::config_folder(&snapshot, started_in.as_deref());
    snapshot.hold_state(state(machine, &snapshot, started_in.as_deref(), &folder));
    // The state file's own variables count before the settings are looked for (observed: `scd-*`).
    let config_dir = Environment::resolve(&snapshot).raw_text("CLAUDE_CONFIG_DIR").map(str::to_owned);
    let folder = locations::config_folder(&snapshot, config_dir.as_deref());
    (snapshot, config_dir, folder)
}

/// Reads everything that decides how Claude Code signs in.
pub fn scan(machine: &dyn Machine, examined: Examined) -> Snapshot {
    let profiles = super::shell_profiles::read(machine, &examined, None);
    scan_beside(machine, examined, profiles)
}

/// The same beside what the person's profiles say.
pub(crate) fn scan_beside(machine: &dyn Machine, examined: Examined, profiles: shell::Profiles) -> Snapshot {
    let scan = |examined| Snapshot { shell: profiles, ..scan_files(machine, examined) };
    if !examined.own {
        return scan(examined);
    }
    // There are hundreds of programs, and each has to be asked what it is: that goes on beside the files.
    std::thread::scope(|scope| {
        let programs = scope.spawn(|| machine.programs());
        let mut snapshot = scan(examined);
        snapshot.programs = programs.join().unwrap_or_default();
        snapshot
    })
}

/// The same without the person's profiles and open programs.
pub(crate) fn scan_files(machine: &dyn Machine, examined: Examined) -> Snapshot {
    let platform = examined.platform;
    let (mut snapshot, config_dir, folder) = begin(machine, examined);
    read_settings(machine, &mut snapshot, &folder);

    let mut environment = Environment::resolve(&snapshot);
    let moved = environment.raw_text("CLAUDE_CONFIG_DIR").map(str::to_owned);
    let folder = if moved == config_dir {
        folder
    } else {
        let folder = locations::config_folder(&snapshot, moved.as_deref());
        let path = platform.join(&folder, "settings.json");
        let file = settings_file(machine, Scope::User, path);
        let place = snapshot.settings.iter().take_while(|file| file.scope == Scope::User).count();
        snapshot.settings.insert(place, file);
        environment = Environment::resolve(&snapshot);
        folder
    };
    let folder = locations::login_folder(&snapshot, &environment, &folder);
    snapshot.login = json(machine, platform.join(&folder, ".credentials.json"), SMALL_LIMIT, Takes::PlainUtf8);
    snapshot.keychain = super::keychain::keychain(machine, &snapshot, &environment);
    snapshot.login_folder_writable = machine.writable(&folder);
    snapshot.misnamed_login = machine.facts(&platform.join(&folder, "credentials.json"));
    snapshot.refresh_lock = machine.facts(&platform.join(&folder, ".oauth_refresh.lock"));
    snapshot.profiles = profiles(machine, &snapshot, &environment);
    snapshot.cloud = cloud_files(machine, &snapshot, &environment);
    snapshot.named_files = named_files(machine, &snapshot, &environment);
    snapshot.certificate_files = super::certificates::read(machine, &snapshot, &environment);
    if listening::matters(&environment) {
        snapshot.listening = machine.listening();
        // Of a stopped one nobody holds the port.
        let here = snapshot.listening.found().zip(listening::endpoint(&environment));
        if let Some((_, port)) = here.filter(|(ports, port)| snapshot.examined.own && ports.contains(port)) {
            snapshot.port_holder = machine.port_holder(port);
        }
    }
    snapshot.installs = super::installs::installs(machine, &snapshot);
    if let Some(project) = &snapshot.examined.project {
        snapshot.hints = super::desktop_files::hints(machine, platform, project);
    }
    snapshot.editors = super::editors::read(machine, &snapshot);
    snapshot.jetbrains = super::editors::has_jetbrains(machine, &snapshot);
    snapshot.beside = super::beside::read(machine, &snapshot);
    snapshot.residents = super::residents::read(machine, &snapshot);
    snapshot
}

fn json(machine: &dyn Machine, path: String, limit: u64, takes: Takes) -> Document {
    let (facts, bytes) = machine.read(&path, limit);
    Document { path, facts, content: bytes.map(|bytes| Content::of(bytes, takes)) }
}

fn text(machine: &dyn Machine, path: String) -> TextFile {
    let (facts, bytes) = machine.read(&path, SMALL_LIMIT);
    TextFile { path, facts, text: bytes.map(|bytes| Secret::new(String::from_utf8_lossy(&bytes).into_owned())) }
}

fn sifted(machine: &dyn Machine, path: String) -> Document {
    let take = &mut |pieces: &mut Pieces<'_>| Content::sift(pieces, state_file::keeps, Takes::Utf8Marked);
    let (facts, content) = machine.sift(&path, STATE_LIMIT, take);
    Document { path, facts, content }
}

/// The state file: the older name in the config folder goes before (observed: `cfg-legacy-config-json`).
fn state(machine: &dyn Machine, snapshot: &Snapshot, config_dir: Option<&str>, folder: &str) -> Document {
    let older = sifted(machine, snapshot.examined.platform.join(folder, ".config.json"));
    if !older.content.is_absent() {
        return older;
    }
    sifted(machine, locations::state_file(snapshot, config_dir))
}

pub(crate) fn settings_file(machine: &dyn Machine, scope: Scope, path: String) -> SettingsFile {
    let document = json(machine, path, locations::SETTINGS_LIMIT, Takes::MarkedToo);
    SettingsFile::new(scope, document)
}

fn read_settings(machine: &dyn Machine, snapshot: &mut Snapshot, folder: &str) {
    let platform = snapshot.examined.platform;
    let user = platform.join(folder, "settings.json");
    let mut files = vec![settings_file(machine, Scope::User, user.clone())];
    if let Some(project) = &snapshot.examined.project {
        for (scope, name) in [(Scope::Project, ".claude/settings.json"), (Scope::Local, ".claude/settings.local.json")]
        {
            let path = platform.join(project, name);
            // In the home folder the project's file is the user's.
            if path != user {
                files.push(settings_file(machine, scope, path));
            }
        }
    }
    if let Some(flag) = snapshot.examined.arguments.settings.as_ref().filter(|flag| !flag.is_empty()) {
        let inline = Content::of(flag.clone().into_bytes(), Takes::MarkedToo);
        // Braces at both ends make it JSON, good or bad; anything else is a path (observed: `w-sf-*`).
        let trimmed = javascript_trim(flag);
        files.push(if trimmed.starts_with('{') && trimmed.ends_with('}') {
            let content = Reading::Found(inline);
            SettingsFile::new(Scope::CommandLine, Document { content, ..Document::default() })
        } else {
            let folder = snapshot.examined.project.clone().unwrap_or_default();
            settings_file(machine, Scope::CommandLine, platform.join(&folder, flag))
        });
    }
    let folder = locations::managed_folder(platform);
    let mut managed = vec![settings_file(machine, Scope::Managed, platform.join(folder, "managed-settings.json"))];
    let drop_ins = platform.join(folder, "managed-settings.d");
    if let Reading::Found(names) = machine.list(&drop_ins) {
        for name in names.iter().filter(|name| locations::is_drop_in(name)) {
            let file = settings_file(machine, Scope::Managed, platform.join(&drop_ins, name));
            if file.document.content.trouble() != Some(authlight_core::reading::Trouble::Folder) {
                managed.push(file);
            }
        }
    }
    policy_store::add(machine, snapshot, &mut managed);
    files.extend(managed);
    snapshot.settings = files;
}

fn profiles(machine: &dyn Machine, snapshot: &Snapshot, environment: &Environment) -> Profiles {
    let platform = snapshot.examined.platform;
    let folder = locations::profiles_folder(snapshot, environment);
    let (_, bytes) = machine.read(&platform.join(&folder, "active_config"), 4096);
    let active = bytes.found().map(|bytes| javascript_trim(&String::from_utf8_lossy(bytes)).to_owned());
    let active = active.filter(|name| !name.is_empty());
    let mut files = BTreeMap::new();
    let named = |place: Option<&Occurrence>| place.map(|place| javascript_trim(place.value.plain()).to_owned());
    let early = named(environment.winner("ANTHROPIC_PROFILE"));
    let late = named(environment.late_winner("ANTHROPIC_PROFILE"));
    for name in [early, late, Some(active.clone().unwrap_or_else(|| "default".to_owned()))].into_iter().flatten() {
        if is_profile_name(&name) && !files.contains_key(&name) {
            let read = |kind: &str| {
                let path = platform.join(&platform.join(&folder, kind), &format!("{name}.json"));
                json(machine, path, SMALL_LIMIT, Takes::PlainUtf8)
            };
            let pair = ProfileFiles { config: read("configs"), credentials: read("credentials") };
            files.insert(name, pair);
        }
    }
    Profiles { folder, active, files }
}

fn cloud_files(machine: &dyn Machine, snapshot: &Snapshot, environment: &Environment) -> CloudFiles {
    let switched_on = |names: &[&str]| names.iter().any(|name| environment.is_on(name));
    let mut cloud = CloudFiles::default();
    if switched_on(&["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_MANTLE", "CLAUDE_CODE_USE_ANTHROPIC_AWS"]) {
        cloud.aws_credentials = text(machine, locations::aws_credentials(snapshot, environment));
        cloud.aws_config = text(machine, locations::aws_config(snapshot, environment));
    }
    if switched_on(&["CLAUDE_CODE_USE_VERTEX"]) {
        let path = locations::google_credentials(snapshot, environment);
        cloud.google_credentials = json(machine, path, SMALL_LIMIT, Takes::PlainUtf8);
    }
    cloud
}

fn named_files(machine: &dyn Machine, snapshot: &Snapshot, environment: &Environment) -> BTreeMap<String, TextFile> {
    let mut files = BTreeMap::new();
    for name in locations::VARIABLES_THAT_NAME_FILES {
        debug_assert!(variables::find(name).is_some());
        if let Some(path) = environment.text(name) {
            let base = snapshot.examined.project.as_deref().unwrap_or(&snapshot.examined.home);
            files.insert((*name).to_owned(), text(machine, snapshot.examined.platform.join(base, path)));
        }
    }
    files
}
