//! Where Claude Code keeps its files.

use crate::environment::Environment;
use crate::snapshot::{Platform, Snapshot};

/// The largest settings file that loads (observed: 1 MiB does, 3 MiB does not; documented: 2 MiB).
pub const SETTINGS_LIMIT: u64 = 2 << 20;

/// Variables whose value is the path of a file that decides something; certificates have a list of their own.
pub const VARIABLES_THAT_NAME_FILES: &[&str] = &["ANTHROPIC_IDENTITY_TOKEN_FILE"];

/// The folder of settings and login. An empty `CLAUDE_CONFIG_DIR` is the folder in which `claude` is started, `~` is
/// no home, and a relative path starts there too (observed: `cfg-*`).
pub fn config_folder(snapshot: &Snapshot, config_dir: Option<&str>) -> String {
    let platform = snapshot.examined.platform;
    match config_dir {
        Some(folder) => platform.join(start_folder(snapshot), folder),
        None => platform.join(&snapshot.examined.home, ".claude"),
    }
}

/// The folder of `.credentials.json`: that of the settings, unless a variable of its own names another (observed).
pub fn login_folder(snapshot: &Snapshot, environment: &Environment, config_folder: &str) -> String {
    match environment.text("CLAUDE_SECURESTORAGE_CONFIG_DIR") {
        Some(folder) => snapshot.examined.platform.join(start_folder(snapshot), folder),
        None => config_folder.to_owned(),
    }
}

/// The state file. Here an empty `CLAUDE_CONFIG_DIR` counts as not set (observed: `cfg-empty`).
pub fn state_file(snapshot: &Snapshot, config_dir: Option<&str>) -> String {
    let folder = match config_dir.filter(|folder| !folder.is_empty()) {
        Some(folder) => snapshot.examined.platform.join(start_folder(snapshot), folder),
        None => snapshot.examined.home.clone(),
    };
    snapshot.examined.platform.join(&folder, ".claude.json")
}

fn start_folder(snapshot: &Snapshot) -> &str {
    snapshot.examined.project.as_deref().unwrap_or(&snapshot.examined.home)
}

/// The folder of the organisation's settings (documented: settings; Linux observed).
pub fn managed_folder(platform: Platform) -> &'static str {
    match platform {
        Platform::Linux => "/etc/claude-code",
        Platform::MacOs => "/Library/Application Support/ClaudeCode",
        Platform::Windows => "C:\\Program Files\\ClaudeCode",
    }
}

/// The preferences that a profile sets on macOS, for the machine and for the person, weakest first (documented: settings;
/// the folder is the system's own).
pub fn managed_preferences(account: &str) -> Vec<String> {
    let name = "com.anthropic.claudecode.plist";
    let folder = "/Library/Managed Preferences";
    let own = (!account.is_empty()).then(|| format!("{folder}/{account}/{name}"));
    [Some(format!("{folder}/{name}")), own].into_iter().flatten().collect()
}

/// Whether a file in the drop-in folder counts (observed: hidden files and other endings do not).
pub fn is_drop_in(name: &str) -> bool {
    name.ends_with(".json") && !name.starts_with('.')
}

/// The folder of the Anthropic profiles (observed: `prof-xdg`, `prof-*`; Windows documented).
pub fn profiles_folder(snapshot: &Snapshot, environment: &Environment) -> String {
    let platform = snapshot.examined.platform;
    if let Some(folder) = environment.text("ANTHROPIC_CONFIG_DIR") {
        return platform.join(start_folder(snapshot), folder);
    }
    if platform == Platform::Windows {
        let roaming = platform.join(&snapshot.examined.home, "AppData\\Roaming");
        return platform.join(environment.text("APPDATA").unwrap_or(&roaming), "Anthropic");
    }
    match environment.text("XDG_CONFIG_HOME") {
        Some(folder) => platform.join(&platform.join(start_folder(snapshot), folder), "anthropic"),
        None => platform.join(&snapshot.examined.home, ".config/anthropic"),
    }
}

/// The AWS credentials file.
pub fn aws_credentials(snapshot: &Snapshot, environment: &Environment) -> String {
    named_or(snapshot, environment, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")
}

/// The AWS config file.
pub fn aws_config(snapshot: &Snapshot, environment: &Environment) -> String {
    named_or(snapshot, environment, "AWS_CONFIG_FILE", ".aws/config")
}

/// Google's application default credentials.
pub fn google_credentials(snapshot: &Snapshot, environment: &Environment) -> String {
    let platform = snapshot.examined.platform;
    let file = "application_default_credentials.json";
    if let Some(path) = environment.text("GOOGLE_APPLICATION_CREDENTIALS") {
        return platform.join(start_folder(snapshot), path);
    }
    if platform == Platform::Windows {
        let roaming = platform.join(&snapshot.examined.home, "AppData\\Roaming");
        return platform.join(&platform.join(environment.text("APPDATA").unwrap_or(&roaming), "gcloud"), file);
    }
    platform.join(&snapshot.examined.home, &format!(".config/gcloud/{file}"))
}

/// What Azure's command-line tool keeps of its sign-in. On Windows and macOS it is encrypted.
pub fn azure_tokens(snapshot: &Snapshot, environment: &Environment) -> String {
    let folder = named_or(snapshot, environment, "AZURE_CONFIG_DIR", ".azure");
    snapshot.examined.platform.join(&folder, "msal_token_cache.json")
}

fn named_or(snapshot: &Snapshot, environment: &Environment, variable: &str, otherwise: &str) -> String {
    let platform = snapshot.examined.platform;
    match environment.text(variable) {
        Some(path) => platform.join(start_folder(snapshot), path),
        None => platform.join(&snapshot.examined.home, otherwise),
    }
}
