//! AL-5-47, where a network's own authority issued the certificate that the endpoint shows, and Claude Code does not know
//! that authority: its root gets a file of its own, which `NODE_EXTRA_CA_CERTS` names in the person's settings.
//!
//! What the live test saw is no part of a snapshot, and the root's bytes are none of the facts; so the table tells that
//! there is help, and the engine brings the bytes for [`edits`]. Observed of 2.1.330, the native program on Linux:
//! `env.NODE_EXTRA_CA_CERTS` in the user's settings counts for requests and for `auth status`, stands before the variable
//! of the process, and counts where `CLAUDE_CODE_CERT_STORE=bundled` leaves the system's store out (`ca-user-settings*`).
//! Once it stands in settings the file that the process names is not read, so that what that file holds is taken along.
//! Of other systems and of older programs from npm this is documented alone.

use super::place::{put, user_settings};
use super::{Edit, FileChange, Fix, Repair, Risk, Target};
use crate::environment::{Ignored, Occurrence};
use crate::json::Kind;
use crate::json::edit::{Change, NewValue};
use crate::judge::Facts;
use crate::message::Message;
use crate::report::{Scope, SourceKind, Stage, Status};
use crate::secret::Secret;
use crate::snapshot::Platform;

/// The variable.
pub const VARIABLE: &str = "NODE_EXTRA_CA_CERTS";

/// Its name.
pub const ID: &str = "F.company_certificate";

/// The finding that it mends.
pub const MENDS: &str = "AL-5-47";

pub(super) const FIX: Fix = Fix { id: ID, risk: Risk::Manual, mends: &[MENDS], repair };

/// The rows of the live test that a root would turn.
pub const WANT_A_ROOT: [&str; 3] = ["live-tls-unknown-issuer", "live-tls-root-ended", "live-tls-self-signed"];

/// So many letters of a certificate's name become the name of its file.
const NAME_LIMIT: usize = 40;

/// Why the person's settings are not where it can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The organisation sets the variable, and what it sets wins.
    Organisation {
        /// The file.
        path: String,
    },
    /// The folder's settings set it, and win there.
    Folder {
        /// The file.
        path: String,
    },
    /// What follows `--settings` sets it.
    CommandLine,
    /// The person's settings are left out, by `--bare` or by `--setting-sources`.
    LeftOut,
    /// The person's settings cannot be edited as they are: another finding tells why.
    Settings {
        /// The file.
        path: String,
    },
}

impl Hindrance {
    /// In words.
    pub fn message(&self) -> Message {
        let of = |key, path: &str| Message::new(key).with("path", path).with("name", VARIABLE);
        match self {
            Self::Organisation { path } => of("certificate-set-by-organisation", path),
            Self::Folder { path } => of("certificate-set-by-folder", path),
            Self::CommandLine => of("certificate-set-by-flag", ""),
            Self::LeftOut => of("certificate-settings-left-out", ""),
            Self::Settings { path } => of("certificate-settings-unfit", path),
        }
    }
}

fn repair(facts: &Facts<'_>, _: &Target<'_>) -> Option<Repair> {
    let stopped = facts.live.stages.iter().rev().find(|row| row.status == Status::Fail)?;
    if stopped.stage != Stage::Tls || !WANT_A_ROOT.contains(&stopped.text.key.as_ref()) {
        return None;
    }
    let tell = match setting(facts) {
        Ok(_) => Edit::Tell {
            what: Message::new("fix-company-certificate"),
            command: Some(format!("authlight fix {ID}")),
            needs_elevation: false,
        },
        Err(hindrance) => Edit::Tell {
            what: hindrance.message(),
            command: None,
            needs_elevation: matches!(hindrance, Hindrance::Organisation { .. }),
        },
    };
    Some(Repair::of([tell]))
}

/// The file that the variable names now, where it does; the certificates in it have to stay.
pub fn named_now<'a>(facts: &'a Facts<'_>) -> Option<&'a str> {
    let files = &facts.snapshot.certificate_files;
    files.iter().find(|file| file.variable == VARIABLE).map(|file| file.path.as_str())
}

/// What makes the person's settings name `file`.
///
/// # Errors
/// [`Hindrance`]
pub fn edits(facts: &Facts<'_>, file: &str, pem: Secret) -> Result<Repair, Hindrance> {
    let setting = setting(facts)?.edit(facts, file)?;
    Ok(Repair::of([Edit::File { path: file.to_owned(), change: FileChange::Whole(pem) }, setting]))
}

/// Where it is set.
enum Setting<'a> {
    /// It stands there already, and gets another value.
    Stands(&'a Occurrence),
    /// It is added to the person's settings, in this file.
    Added(&'a str),
}

impl Setting<'_> {
    fn edit(&self, facts: &Facts<'_>, file: &str) -> Result<Edit, Hindrance> {
        match self {
            Self::Stands(place) => {
                let path = place.source.path.clone().unwrap_or_default();
                put(facts, &place.source, Secret::new(file)).ok_or(Hindrance::Settings { path })
            }
            Self::Added(path) => {
                let member = vec!["env".to_owned(), VARIABLE.to_owned()];
                Ok(Edit::json(*path, Change::Set { path: member, value: NewValue::Text(Secret::new(file)) }))
            }
        }
    }
}

/// Where it can be set so that it counts.
fn setting<'a>(facts: &'a Facts<'_>) -> Result<Setting<'a>, Hindrance> {
    let winner = facts.resolution.environment.winner(VARIABLE);
    if let Some(place) = winner {
        let path = || place.source.path.clone().unwrap_or_default();
        match place.source.scope {
            Some(Scope::Managed) => return Err(Hindrance::Organisation { path: path() }),
            Some(Scope::CommandLine) => return Err(Hindrance::CommandLine),
            _ if place.source.kind == SourceKind::ManagedSettings => {
                return Err(Hindrance::Organisation { path: path() });
            }
            _ => {}
        }
    }
    // What a folder says counts as soon as it is trusted.
    let of_folder = |place: &&Occurrence| {
        let counts = matches!(place.ignored, None | Some(Ignored::Untrusted));
        counts && super::place::is_of_folder(&place.source)
    };
    let places = facts.resolution.environment.get(VARIABLE).map(|setting| setting.places.as_slice());
    if let Some(place) = places.unwrap_or_default().iter().find(of_folder) {
        return Err(Hindrance::Folder { path: place.source.path.clone().unwrap_or_default() });
    }
    if let Some(place) = winner.filter(|place| place.source.scope == Some(Scope::User))
        && place.source.kind == SourceKind::Settings
    {
        return Ok(Setting::Stands(place));
    }
    // What the process has, or the state file, is weaker than the person's settings.
    if facts.snapshot.leaves_out(Scope::User) {
        return Err(Hindrance::LeftOut);
    }
    let unfit = |path: &str| Hindrance::Settings { path: path.to_owned() };
    let user = user_settings(facts).ok_or_else(|| unfit("settings.json"))?;
    let path = user.document.path.as_str();
    let can_be_added = match user.document.json() {
        Some(json) => {
            let root = json.root();
            root.kind() == Kind::Object && root.get("env").is_none_or(|block| block.kind() == Kind::Object)
        }
        None => user.document.content.is_absent(),
    };
    if can_be_added && !user.is_dropped() { Ok(Setting::Added(path)) } else { Err(unfit(path)) }
}

/// Where the file lies: beside what else belongs to the person, where no update of any program clears away. `stamp`
/// tells it from others of the name.
pub fn file(platform: Platform, home: &str, subject: &str, stamp: &str) -> String {
    let folder = match platform {
        Platform::Linux => ".config/authlight/certificates",
        Platform::MacOs => "Library/Application Support/Authlight/certificates",
        Platform::Windows => r"AppData\Local\Authlight\certificates",
    };
    let name = format!("{}-{stamp}.pem", plain_name(subject));
    platform.join(&platform.join(home, folder), &name)
}

/// The common name in `CN=…,O=…`, or what comes first, as a file can be called anywhere.
fn plain_name(subject: &str) -> String {
    let parts = || subject.split([',', '+']).map(str::trim);
    let named = parts().find_map(|part| part.strip_prefix("CN=")).or_else(|| Some(parts().next()?.split_once('=')?.1));
    let mut name = String::new();
    for letter in named.unwrap_or_default().chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(NAME_LIMIT);
    let name = name.trim_end_matches('-');
    if name.is_empty() { "root".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_the_certificates_own_name() {
        let named = |subject: &str| file(Platform::Linux, "/home/kim", subject, "0a1b");
        let folder = "/home/kim/.config/authlight/certificates";
        assert_eq!(named("O=Example,CN=Example Corp Root (2031)"), format!("{folder}/example-corp-root-2031-0a1b.pem"));
        assert_eq!(named("O=../../etc"), format!("{folder}/etc-0a1b.pem"));
        assert_eq!(named("CN=根"), format!("{folder}/root-0a1b.pem"));
        assert_eq!(named(""), format!("{folder}/root-0a1b.pem"));
        let windows = file(Platform::Windows, r"C:\Users\kim", "CN=A", "0a1b");
        assert_eq!(windows, r"C:\Users\kim\AppData\Local\Authlight\certificates\a-0a1b.pem");
    }
}
