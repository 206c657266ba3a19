//! What we believe about Claude Code: typed tables, each row with its source, the version and the day it was
//! checked, and whether that was *proven* by watching the real program or only read in a document.

pub mod auth_status;
pub mod locations;
pub mod near_misses;
pub mod settings_fields;
pub mod sign_in;
pub mod state_file;
pub mod variables;
pub mod ways;

/// The version of Claude Code that the facts are of.
pub const FACTS_FOR: &str = "2.1.330";

/// The hosts that a browser login needs besides the endpoint (documented: `network-config`): the sign-in itself and the
/// token are had from the first, the page in the browser is of the second.
pub const LOGIN_HOSTS: [&str; 3] = ["https://platform.claude.com", "https://claude.ai", "https://api.anthropic.com"];

/// Where the service tells how it does (observed: what Claude Code names after an error of the service).
pub const STATUS_PAGE: &str = "https://status.claude.com";

/// The day on which the facts were last checked, ISO 8601.
pub const FACTS_CHECKED: &str = "2026-11-23";

/// How a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The real program was watched doing it; the name of the recorded case or family of cases.
    Observed(&'static str),
    /// Read in a document and not watched: a prediction that rests on it is `unknown`.
    Documented(&'static str),
}

impl Evidence {
    /// Whether it was watched.
    pub fn proven(self) -> bool {
        matches!(self, Self::Observed(_))
    }

    /// The case or document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observed(name) | Self::Documented(name) => name,
        }
    }
}
