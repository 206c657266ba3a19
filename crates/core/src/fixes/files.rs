//! Files that are in the way as a whole, or open to the wrong people.

use super::{Edit, Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::message::Message;
use crate::reading::{FileFacts, Trouble};

/// AL-2-22, AL-2-34: nobody but its owner may open a file with a login. Claude Code refuses an open one of a profile
/// (observed: `prof-credentials-mode-644`), and takes that of a login (observed: `cred-*`).
pub(super) const CLOSE: Fix =
    Fix { id: "F.close_file", risk: Risk::Safe, mends: &["AL-2-22", "AL-2-34"], repair: |_, target| mode(target) };

/// AL-2-07, AL-0-02: its owner may read a file again that nobody may. What it holds cannot be foreseen, so that the command
/// is told.
pub(super) const OPEN: Fix =
    Fix { id: "F.open_file", risk: Risk::Manual, mends: &["AL-2-07", "AL-0-02"], repair: open };

/// AL-2-23: the lock of a renewal that was left unfinished gets out of the way (documented: it counts for a minute).
pub(super) const LOCK_ASIDE: Fix =
    Fix { id: "F.set_lock_aside", risk: Risk::Safe, mends: &["AL-2-23"], repair: |_, target| aside(target, &[]) };

/// A file that is no login, or is none to Claude Code, gets out of its place; its bytes stay where they are. AL-2-02 has
/// another name, AL-2-16, AL-2-17, AL-2-18 and AL-2-29 are no files, AL-2-26 is older than the Keychain's login.
pub(super) const LOGIN_ASIDE: Fix = Fix {
    id: "F.set_login_aside",
    risk: Risk::Careful,
    mends: &["AL-2-02", "AL-2-16", "AL-2-17", "AL-2-18", "AL-2-26", "AL-2-29"],
    repair: |_, target| aside(target, &["AL-2-01"]),
};

/// The command that gives a file's owner permissions.
pub(super) fn allow(what: &str, path: &str) -> String {
    format!("chmod {what} '{}'", path.replace('\'', "'\\''"))
}

fn mode(target: &Target<'_>) -> Option<Repair> {
    let path = target.place()?.path.clone()?;
    Some(Repair::of([Edit::Mode { path, mode: 0o600 }]))
}

fn aside(target: &Target<'_>, brings: &'static [&'static str]) -> Option<Repair> {
    let path = target.place()?.path.clone().filter(|path| !path.is_empty())?;
    Some(Repair { edits: vec![Edit::SetAside { path }], brings, ..Repair::default() })
}

fn open(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let path = target.place()?.path.as_deref()?;
    let snapshot = facts.snapshot;
    let documents = [&snapshot.login, &snapshot.state];
    let settings = snapshot.settings.iter().filter(|file| file.scope != crate::report::Scope::Managed);
    let mut all = documents.into_iter().chain(settings.map(|file| &file.document));
    let document = all.find(|document| document.path == path)?;
    let closed = |facts: &FileFacts| facts.mode.is_some_and(|mode| mode & 0o400 == 0);
    (document.content.trouble() == Some(Trouble::Denied) && closed(&document.facts)).then(|| {
        let what = Message::new("tell-open-file").with("path", path);
        Repair::of([Edit::Tell { what, command: Some(allow("u+rw", path)), needs_elevation: false }])
    })
}
