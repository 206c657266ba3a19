//! The macOS Keychain, by the attributes of its items alone: what the login's item is called, and what the system's
//! `security` says of it. The secret is never asked for, so nothing here knows when a login ends or what it may do.
//!
//! None of it was watched: names and texts come from documents and from what others saw, so whatever rests on them
//! predicts "unknown".

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::environment::Environment;

/// The item of the login; a folder of its own adds a suffix (third parties saw it).
const LOGIN: &str = "Claude Code-credentials";

/// The item of the key that a Console sign-in stored (third parties saw it).
const KEY: &str = "Claude Code";

/// What Claude Code uses as account where the user's name holds other characters than these (third parties saw it).
const ODD_ACCOUNT: &str = "claude-code-user";

/// What is asked of the Keychain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The attributes of the item with this service name.
    Item(String),
    /// Whether the login Keychain is locked for this session. Asked only where no window can open for a password.
    Lock,
}

impl Question {
    /// The name under which a recorded answer lies below a root.
    pub fn recorded_as(&self) -> String {
        match self {
            Self::Item(service) => format!("/keychain/{service}.txt"),
            Self::Lock => "/keychain/lock.txt".to_owned(),
        }
    }
}

/// What the Keychain answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// It was not asked: another system, another person's home.
    #[default]
    NotAsked,
    /// No such item.
    Absent,
    /// The item is there.
    Found(Item),
    /// It would need a password, and this session cannot ask for one.
    Locked,
    /// It is not locked.
    Open,
    /// The account has no Keychain.
    NoKeychain,
    /// No answer in time.
    Slow,
    /// An answer that we do not know.
    Unclear,
}

/// An item's attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its service name.
    pub service: String,
    /// Its account, where that is plain text.
    pub account: Option<String>,
}

/// What is known of the Keychain.
#[derive(Clone, Debug, Default)]
pub struct Keychain {
    /// The name of the login's item. None where it cannot be told.
    pub service: Option<String>,
    /// The login's item.
    pub login: Answer,
    /// The item of a Console key.
    pub key: Answer,
    /// Whether the Keychain is locked.
    pub lock: Answer,
    /// The account that Claude Code asks for.
    pub account: Option<String>,
}

impl Keychain {
    /// Whether the session cannot get at its secrets.
    pub fn is_locked(&self) -> bool {
        [&self.login, &self.lock].contains(&&Answer::Locked)
    }
}

/// The service names of the login and of a Console key. `None`: the folder's name has other than ASCII characters, and
/// which of their spellings is hashed nobody has watched.
pub fn services(environment: &Environment) -> Option<(String, String)> {
    let folder = match environment.raw_text("CLAUDE_SECURESTORAGE_CONFIG_DIR") {
        Some(folder) => folder,
        None => environment.raw_text("CLAUDE_CONFIG_DIR").unwrap_or_default(),
    };
    let suffix = suffix(folder)?;
    Some((format!("{LOGIN}{suffix}"), format!("{KEY}{suffix}")))
}

fn suffix(folder: &str) -> Option<String> {
    if folder.is_empty() {
        return Some(String::new());
    }
    if !folder.is_ascii() {
        return None;
    }
    let mut text = String::from("-");
    for byte in &Sha256::digest(folder.as_bytes())[..4] {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    Some(text)
}

/// The account under which Claude Code stores its items.
pub fn account(user: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ['.', '_', '-'].contains(&c);
    match user {
        "" => None,
        user if user.chars().all(plain) => Some(user.to_owned()),
        _ => Some(ODD_ACCOUNT.to_owned()),
    }
}

/// What `security find-generic-password` without `-g` and `-w`, or `security show-keychain-info`, has printed.
pub fn answer(printed: &str) -> Answer {
    let says = |text: &str| printed.contains(text);
    if says("User interaction is not allowed") {
        Answer::Locked
    } else if says("could not be found in the keychain") {
        Answer::Absent
    } else if says("default keychain could not be found") || says("The specified keychain could not be found") {
        Answer::NoKeychain
    } else if let Some(service) = attribute(printed, "\"svce\"") {
        Answer::Found(Item { service, account: attribute(printed, "\"acct\"") })
    } else if says("no-timeout") || says("timeout=") {
        Answer::Open
    } else {
        Answer::Unclear
    }
}

/// A line such as `    "acct"<blob>="kim"`; other than plain text is written `0x…  "…"`.
fn attribute(printed: &str, name: &str) -> Option<String> {
    let rest = printed.lines().find_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix("<blob>="))?;
    Some(rest.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: &str = r#"keychain: "/Users/kim/Library/Keychains/login.keychain-db"
version: 512
class: "genp"
attributes:
    0x00000007 <blob>="Claude Code-credentials"
    0x00000008 <blob>=<NULL>
    "acct"<blob>="kim"
    "cdat"<timedate>=0x32303236313130313130303030305A00  "20261101100000Z\000"
    "crtr"<uint32>=<NULL>
    "gena"<blob>=<NULL>
    "mdat"<timedate>=0x32303236313132333038303030305A00  "20261123080000Z\000"
    "svce"<blob>="Claude Code-credentials"
    "type"<uint32>=<NULL>
"#;

    #[test]
    fn an_item_is_known_by_its_attributes() {
        let item = Item { service: LOGIN.to_owned(), account: Some("kim".to_owned()) };
        assert_eq!(answer(FOUND), Answer::Found(item));
        let odd = FOUND.replace("=\"kim\"", "=0x4BC3A4  \"K\\303\\244\"");
        assert_eq!(answer(&odd), Answer::Found(Item { service: LOGIN.to_owned(), account: None }));
    }

    #[test]
    fn refusals_are_told_apart() {
        let said = |text: &str| answer(&format!("security: SecKeychainSearchCopyNext: {text}\n"));
        assert_eq!(said("The specified item could not be found in the keychain."), Answer::Absent);
        assert_eq!(said("User interaction is not allowed."), Answer::Locked);
        assert_eq!(said("A default keychain could not be found."), Answer::NoKeychain);
        assert_eq!(said("Something else."), Answer::Unclear);
        assert_eq!(answer("Keychain \"/Users/kim/login.keychain-db\" no-timeout\n"), Answer::Open);
        assert_eq!(answer(""), Answer::Unclear);
    }

    #[test]
    fn a_folder_of_its_own_has_an_item_of_its_own() {
        assert_eq!(suffix("").as_deref(), Some(""));
        // First eight digits of `printf %s /Users/kim/.claude-work | sha256sum`.
        assert_eq!(suffix("/Users/kim/.claude-work").as_deref(), Some("-a5d803f4"));
        assert_eq!(suffix("/Users/kim/Büro"), None);
    }

    #[test]
    fn odd_user_names_share_an_account() {
        assert_eq!(account("kim.lee_2-x").as_deref(), Some("kim.lee_2-x"));
        assert_eq!(account("kim lee").as_deref(), Some(ODD_ACCOUNT));
        assert_eq!(account(""), None);
    }
}
