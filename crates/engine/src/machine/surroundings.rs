//! What this program was started with: environment, folder, account, terminal.

use std::path::PathBuf;

use authlight_core::snapshot::Variable;

/// What this program was started with, taken in once.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The variables that count.
    pub variables: Vec<Variable>,
    /// Of the others, the names of those that say in what the program runs.
    pub names: Vec<String>,
    /// The current folder.
    pub folder: PathBuf,
    /// The home of the account, where no variable names one.
    pub account_home: Option<String>,
    /// Whom it judges: `user` or `root`.
    pub as_whom: String,
    /// Whether colours are wanted (`NO_COLOR` and `TERM=dumb` say no).
    pub colour: bool,
    /// Whether the terminal shows more than ASCII.
    pub beyond_ascii: bool,
}

/// Names that say in what the program runs.
pub fn names() -> impl Iterator<Item = &'static str> {
    ["SSH_CONNECTION", "WSL_DISTRO_NAME"].into_iter().chain(authlight_core::host::BUILD_SERVICES)
}

impl Surroundings {
    /// Those of this process.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn of_this_process() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text);
        // A Windows console takes Unicode whatever these say; elsewhere no locale means the C locale.
        let beyond_ascii =
            cfg!(windows) || locale.is_some_and(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"));
        Self {
            variables: super::process_environment(),
            names: names().filter(|name| std::env::var_os(name).is_some()).map(str::to_owned).collect(),
            folder: std::env::current_dir().unwrap_or_default(),
            account_home: super::account_home(),
            as_whom: super::as_whom().to_owned(),
            colour: text("NO_COLOR").is_none() && text("TERM").as_deref() != Some("dumb"),
            beyond_ascii,
        }
    }
}
