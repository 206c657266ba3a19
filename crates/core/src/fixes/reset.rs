//! The credential reset: the clean start before a new sign-in.
//!
//! Two plans. The first signs out by the person's own `claude auth logout`, where it is there: it deletes the whole login
//! file, revokes the login at the server and takes a stored Console key out (observed: `cmd-logout*`); it says success even
//! where it could not delete the file, and leaves everything else. So it is looked again, and the second plan is of what is
//! left. Without the program the second one is all there is: nothing is revoked then, and the login file is set aside.

use super::edit::{Command, Program};
use super::{Edit, Repair};
use crate::claude_code::sign_in::SINCE;
use crate::installs::Condition;
use crate::json::Value;
use crate::json::edit::Change;
use crate::judge::Facts;
use crate::keychain::{Answer, Item};
use crate::ladder::Slot;
use crate::message::Message;
use crate::policy::compare_versions;

/// A part of the reset, to be ticked by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Signing out.
    SignOut,
    /// The login file.
    LoginFile,
    /// The file with the name that guides teach.
    MisnamedFile,
    /// The lock of a renewal that was left unfinished.
    RenewalLock,
    /// Keys that the person once said no to.
    RejectedKeys,
    /// The key that a Console sign-in stored.
    ConsoleKey,
    /// The login in the Keychain.
    KeychainLogin,
    /// The Console key in the Keychain.
    KeychainKey,
}

impl Part {
    /// All of them, in the order in which they are done.
    pub const ALL: &[Self] = &[
        Self::LoginFile,
        Self::MisnamedFile,
        Self::RenewalLock,
        Self::RejectedKeys,
        Self::ConsoleKey,
        Self::KeychainLogin,
        Self::KeychainKey,
        Self::SignOut,
    ];

    /// Its word: the sentence `reset-WORD`, with what is lost in `.lost`.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::LoginFile => "login-file",
            Self::MisnamedFile => "misnamed-file",
            Self::RenewalLock => "renewal-lock",
            Self::RejectedKeys => "rejected-keys",
            Self::ConsoleKey => "console-key",
            Self::KeychainLogin => "keychain-login",
            Self::KeychainKey => "keychain-key",
        }
    }
}

/// A part, and what it changes.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub part: Part,
    /// What it changes.
    pub repair: Repair,
}

/// A lock that is older was left behind (documented).
const STALE_AFTER_MS: i64 = 60_000;

/// What is found afterwards, and is meant: nobody is signed in.
const BRINGS: &[&str] = &["AL-2-01"];

/// The first plan: signing out by the program. None where it is not there, or nobody is signed in.
pub fn sign_out(facts: &Facts<'_>) -> Option<Step> {
    let first = facts.snapshot.installs.first().filter(|first| first.condition == Condition::Runs)?;
    let version = first.version.as_deref()?;
    compare_versions(version, SINCE).filter(|order| order.is_ge())?;
    let stored = [Slot::Login, Slot::ManagedKey];
    let stored = facts.resolution.candidates.all.iter().any(|held| stored.contains(&held.slot) && held.present);
    let there = stored || !facts.snapshot.login.content.is_absent();
    let command = Command {
        program: Program::Claude,
        arguments: ["auth", "logout"].map(str::to_owned).to_vec(),
        what: Message::new("reset-sign-out"),
    };
    there.then(|| step(Part::SignOut, vec![Edit::Run(command)]))
}

/// The second plan: what is left, part by part, in the order in which it is done. What cannot be undone comes last.
pub fn left(facts: &Facts<'_>) -> Vec<Step> {
    let snapshot = facts.snapshot;
    let login = &snapshot.login.path;
    let beside = |name: &str| login.strip_suffix(".credentials.json").map(|folder| format!("{folder}{name}"));
    let aside = |path: String| vec![Edit::SetAside { path }];
    let mut steps = Vec::new();
    if !snapshot.login.content.is_absent() && !holds_nothing(facts) {
        steps.push(step(Part::LoginFile, aside(login.clone())));
    }
    if let Some(path) = beside("credentials.json").filter(|_| !snapshot.misnamed_login.is_absent()) {
        steps.push(step(Part::MisnamedFile, aside(path)));
    }
    let made = snapshot.refresh_lock.found().and_then(|lock| lock.modified_ms);
    // A younger one is in use.
    let is_left = made.is_some_and(|made| snapshot.examined.now_ms - made >= STALE_AFTER_MS);
    if let Some(path) = beside(".oauth_refresh.lock").filter(|_| is_left) {
        steps.push(step(Part::RenewalLock, aside(path)));
    }
    if let Some(state) = snapshot.state.json().map(|json| json.root()) {
        let change = |change| Edit::json(snapshot.state.path.clone(), change);
        let list = || ["customApiKeyResponses", "rejected"].map(str::to_owned).to_vec();
        let rejected = state.get("customApiKeyResponses").and_then(|answers| answers.get("rejected"));
        let items = rejected.into_iter().flat_map(Value::items).filter_map(Value::as_str);
        let items = items.map(|item| change(Change::RemoveItem { path: list(), item: item.into_owned() }));
        let items: Vec<_> = items.collect();
        if !items.is_empty() {
            steps.push(step(Part::RejectedKeys, items));
        }
        if state.get("primaryApiKey").is_some() {
            let path = vec!["primaryApiKey".to_owned()];
            steps.push(step(Part::ConsoleKey, vec![change(Change::Remove { path })]));
        }
    }
    let keychain = [(Part::KeychainLogin, &snapshot.keychain.login), (Part::KeychainKey, &snapshot.keychain.key)];
    for (part, answer) in keychain {
        if let Answer::Found(item) = answer {
            steps.push(step(part, vec![Edit::Run(forget(part, item))]));
        }
    }
    steps
}

/// A login file as a Console sign-in leaves it: an empty object.
fn holds_nothing(facts: &Facts<'_>) -> bool {
    let json = facts.snapshot.login.json();
    json.is_some_and(|json| json.root().kind() == crate::json::Kind::Object && json.root().members().next().is_none())
}

/// The system's own tool forgets an item (documented: `security`). The secret is not asked for.
fn forget(part: Part, item: &Item) -> Command {
    let mut arguments = vec!["delete-generic-password".to_owned(), "-s".to_owned(), item.service.clone()];
    if let Some(account) = &item.account {
        arguments.extend(["-a".to_owned(), account.clone()]);
    }
    let what = Message::new(format!("reset-{}", part.word()));
    Command { program: Program::System("security".to_owned()), arguments, what }
}

fn step(part: Part, edits: Vec<Edit>) -> Step {
    Step { part, repair: Repair { edits, brings: BRINGS, ..Repair::default() } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Content, Document, FileFacts, Reading, Takes, Trouble};
    use crate::report::Live;
    use crate::route::resolve;
    use crate::snapshot::{Examined, Platform, Snapshot};

    fn snapshot() -> Snapshot {
        let mut snapshot = Snapshot::new(Examined::of_process(Platform::Linux, "/home/kim", Vec::new()));
        snapshot.login.path = "/home/kim/.claude/.credentials.json".to_owned();
        snapshot.state.path = "/home/kim/.claude.json".to_owned();
        snapshot
    }

    fn parts(snapshot: &Snapshot) -> Vec<Part> {
        let (resolution, live) = (resolve(snapshot), Live::default());
        let facts = Facts { snapshot, resolution: &resolution, live: &live, elsewhere: &[] };
        left(&facts).into_iter().map(|step| step.part).collect()
    }

    fn holding(path: &str, text: &str) -> Document {
        let content = Reading::Found(Content::of(text.as_bytes().to_vec(), Takes::MarkedToo));
        Document { path: path.to_owned(), content, ..Document::default() }
    }

    #[test]
    fn a_home_without_sign_ins_has_nothing_to_reset() {
        assert_eq!(parts(&snapshot()), []);
        let mut after_console = snapshot();
        after_console.login = holding("/home/kim/.claude/.credentials.json", "{}");
        assert_eq!(parts(&after_console), [], "what a Console sign-in leaves holds nothing");
    }

    #[test]
    fn each_part_is_found_where_it_lies() {
        let mut all = snapshot();
        all.login.content = Reading::Unreadable(Trouble::Folder);
        all.misnamed_login = Reading::Found(FileFacts::default());
        all.examined.now_ms = 100_000;
        all.refresh_lock = Reading::Found(FileFacts { modified_ms: Some(0), ..FileFacts::default() });
        let key = ["sk-ant-", "api03-CANARY1"].concat();
        let state = format!(
            r#"{{"primaryApiKey":"{key}","customApiKeyResponses":{{"approved":["a"],"rejected":["one","two"]}},"other":1}}"#
        );
        all.state = holding("/home/kim/.claude.json", &state);
        all.keychain.login =
            Answer::Found(Item { service: "Claude Code-credentials".to_owned(), account: Some("kim".to_owned()) });
        use Part::{ConsoleKey, KeychainLogin, LoginFile, MisnamedFile, RejectedKeys, RenewalLock};
        assert_eq!(parts(&all), [LoginFile, MisnamedFile, RenewalLock, RejectedKeys, ConsoleKey, KeychainLogin]);
        let (resolution, live) = (resolve(&all), Live::default());
        let facts = Facts { snapshot: &all, resolution: &resolution, live: &live, elsewhere: &[] };
        let steps = left(&facts);
        let state_edits = steps.iter().filter(|step| [RejectedKeys, ConsoleKey].contains(&step.part));
        let mut bytes = zeroize::Zeroizing::new(state.into_bytes());
        for edit in state_edits.flat_map(|step| &step.repair.edits) {
            let Edit::File { path, change } = edit else { panic!("{edit:?}") };
            assert_eq!(path, "/home/kim/.claude.json");
            bytes = change.apply(Some(&bytes)).unwrap().unwrap();
        }
        let after = String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(after, r#"{"customApiKeyResponses":{"approved":["a"],"rejected":[]},"other":1}"#);
        let Some(Edit::Run(command)) = steps.last().and_then(|step| step.repair.edits.first()) else { panic!() };
        assert_eq!(command.arguments, ["delete-generic-password", "-s", "Claude Code-credentials", "-a", "kim"]);
        assert!(!format!("{steps:?}").contains("CANARY"), "{steps:?}");
    }

    #[test]
    fn a_state_file_that_cannot_be_read_is_left_alone() {
        let mut broken = snapshot();
        broken.state = holding("/home/kim/.claude.json", r#"{"primaryApiKey":"x","#);
        assert_eq!(parts(&broken), []);
    }
}
