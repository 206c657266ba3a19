//! A key where Claude Code will see it: the settings of the person, the profile of their shell, their variables on
//! Windows, or one terminal alone.
//!
//! Settings count in every terminal, in editors and in what is double-clicked (observed: `env` of the settings goes before
//! what the process was given). A profile counts in new terminals alone. Launch services of macOS are not offered: their
//! tool takes the value as an argument, which other programs see.

use super::edit::{Edit, FileChange};
use super::variables::{can_be_made, file_of_new_terminals};
use super::{Repair, Shows, place};
use crate::json::Value;
use crate::json::edit::{Change, NewValue};
use crate::judge::Facts;
use crate::secret::Secret;
use crate::shell::Shell;
use crate::shell::edit::Change as LineChange;
use crate::snapshot::Platform;

/// The name under which it is asked for. No finding leads to it: a missing login or key can be meant.
pub const ID: &str = "F.put_key";

/// The variable that takes a key.
pub const NAME: &str = "ANTHROPIC_API_KEY";

/// Where a key can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PutPlace {
    /// The person's settings of Claude Code.
    Settings,
    /// The file that a new terminal of their shell reads.
    Profile,
    /// Their variables on Windows.
    UserVariable,
    /// One terminal, by a command that asks for the key there.
    ThisTerminal,
}

impl PutPlace {
    /// All of them, the one that helps most often first.
    pub const ALL: &[Self] = &[Self::Settings, Self::Profile, Self::UserVariable, Self::ThisTerminal];

    /// Its word: the sentence `put-key-WORD`, with what is to be said about it in `.about`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Profile => "profile",
            Self::UserVariable => "user-variable",
            Self::ThisTerminal => "this-terminal",
        }
    }
}

/// Where a key can be put on this machine.
pub fn places(facts: &Facts<'_>) -> Vec<PutPlace> {
    let can = |place: &&PutPlace| match place {
        PutPlace::ThisTerminal => command(facts).is_some(),
        _ => file(facts, **place).is_some(),
    };
    PutPlace::ALL.iter().filter(can).copied().collect()
}

/// The file, or the name of the variable, as it is shown.
pub fn file(facts: &Facts<'_>, place: PutPlace) -> Option<String> {
    let examined = &facts.snapshot.examined;
    match place {
        PutPlace::Settings => {
            let document = &place::user_settings(facts)?.document;
            // What cannot be read is mended first.
            let can = document.content.is_absent() || document.json().is_some();
            can.then(|| document.path.clone())
        }
        PutPlace::Profile => file_of_new_terminals(facts).map(|(path, _)| path),
        PutPlace::UserVariable => (examined.platform == Platform::Windows && examined.own).then(|| NAME.to_owned()),
        PutPlace::ThisTerminal => None,
    }
}

/// What puts the key there. `None`: it cannot be put there.
pub fn repair(facts: &Facts<'_>, place: PutPlace, key: &Secret) -> Option<Repair> {
    let path = file(facts, place)?;
    let mut repair = Repair::of([match place {
        PutPlace::Settings => {
            let member = vec!["env".to_owned(), NAME.to_owned()];
            Edit::json(path, Change::Set { path: member, value: NewValue::Text(key.clone()) })
        }
        PutPlace::Profile => {
            let (path, syntax) = file_of_new_terminals(facts)?;
            let changes = vec![LineChange::Assign { name: NAME.to_owned(), value: key.clone() }];
            if !can_be_made(facts, &path, syntax, &changes) {
                return None;
            }
            Edit::File { path, change: FileChange::Profile { syntax, changes } }
        }
        PutPlace::UserVariable => Edit::UserVariable { name: NAME.to_owned(), value: Some(key.clone()) },
        PutPlace::ThisTerminal => return None,
    }]);
    if place != PutPlace::Settings {
        repair.shows = Shows::NewTerminal;
    }
    Some(repair)
}

/// What the person agrees to apart: that Claude Code uses the key without asking.
pub fn approval(facts: &Facts<'_>, key: &Secret) -> Vec<Edit> {
    let state = &facts.snapshot.state;
    let Some(root) = state.json().map(crate::json::Json::root) else { return Vec::new() };
    let tail = key.approval_tail();
    let list = |name: &str| vec!["customApiKeyResponses".to_owned(), name.to_owned()];
    let holds = |name: &str| {
        let items = root.get("customApiKeyResponses").and_then(|answers| answers.get(name));
        items.into_iter().flat_map(Value::items).filter_map(Value::as_str).any(|item| item == tail)
    };
    let refused = holds("rejected").then(|| Change::RemoveItem { path: list("rejected"), item: tail.clone() });
    let approved = (!holds("approved")).then(|| Change::AddItem { path: list("approved"), item: tail.clone() });
    refused.into_iter().chain(approved).map(|change| Edit::json(state.path.clone(), change)).collect()
}

/// The command that asks for the key in a terminal that is open, and gives it to what is started there. The key is not in
/// it, nor in the history of the shell.
pub fn command(facts: &Facts<'_>) -> Option<String> {
    if facts.snapshot.examined.platform == Platform::Windows {
        return Some(format!(
            "$env:{NAME} = (New-Object PSCredential 'key', (Read-Host -AsSecureString 'Key')).GetNetworkCredential().Password"
        ));
    }
    match facts.snapshot.shell.shell {
        Shell::Bash | Shell::Zsh => Some(format!("read -rs {NAME} && export {NAME}")),
        Shell::Fish => Some(format!("read -sgx {NAME}")),
        Shell::Sh => Some(format!("stty -echo; read -r {NAME}; stty echo; export {NAME}")),
        Shell::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Content, Document, Reading, Takes};
    use crate::report::{Live, Scope};
    use crate::route::resolve;
    use crate::snapshot::{Examined, SettingsFile, Snapshot};

    fn with_settings(platform: Platform, text: Option<&str>) -> Snapshot {
        let mut snapshot = Snapshot::new(Examined::of_process(platform, "/home/kim", Vec::new()));
        let content = text
            .map_or(Reading::Absent, |text| Reading::Found(Content::of(text.as_bytes().to_vec(), Takes::MarkedToo)));
        let path = "/home/kim/.claude/settings.json".to_owned();
        let document = Document { path, content, ..Document::default() };
        snapshot.settings = vec![SettingsFile::new(Scope::User, document)];
        snapshot
    }

    fn of<T>(snapshot: &Snapshot, ask: impl FnOnce(&Facts<'_>) -> T) -> T {
        let (resolution, live) = (resolve(snapshot), Live::default());
        ask(&Facts { snapshot, resolution: &resolution, live: &live, elsewhere: &[] })
    }

    #[test]
    fn settings_that_cannot_be_read_are_no_place() {
        for (text, there) in [(None, true), (Some("{}"), true), (Some("{,"), false)] {
            let places = of(&with_settings(Platform::Linux, text), places);
            assert_eq!(places.contains(&PutPlace::Settings), there, "{text:?}: {places:?}");
        }
    }

    #[test]
    fn the_key_is_set_in_the_settings_and_the_rest_stays() {
        let key = Secret::new(["sk-ant-", "api03-CANARY1"].concat());
        let snapshot = with_settings(Platform::Linux, Some("{\n  \"theme\": 1\n}\n"));
        let repair = of(&snapshot, |facts| repair(facts, PutPlace::Settings, &key)).unwrap();
        let [Edit::File { change, .. }] = &repair.edits[..] else { panic!("{repair:?}") };
        let after = change.apply(Some(b"{\n  \"theme\": 1\n}\n")).unwrap().unwrap();
        let after = String::from_utf8(after.to_vec()).unwrap();
        assert!(after.contains("\"theme\": 1") && after.contains("CANARY1"), "{after}");
    }

    #[test]
    fn the_command_for_a_terminal_holds_no_key() {
        let asks = of(&with_settings(Platform::Linux, None), command).unwrap();
        assert_eq!(asks, "read -rs ANTHROPIC_API_KEY && export ANTHROPIC_API_KEY");
        assert!(of(&with_settings(Platform::Windows, None), command).unwrap().starts_with("$env:ANTHROPIC_API_KEY"));
    }
}
