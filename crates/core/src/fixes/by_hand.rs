//! What nobody but the person, or an administrator, can do: said with the file and the name, or as the one command.

use super::{Edit, Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::message::Message;
use crate::report::{Context, Scope, Source, SourceKind};
use crate::snapshot::Platform;

/// Findings that a variable makes by standing where it stands.
const OF_A_VARIABLE: &[&str] = &[
    "AL-1-01", "AL-1-04", "AL-1-05", "AL-1-06", "AL-1-07", "AL-1-08", "AL-1-09", "AL-1-10", "AL-1-11", "AL-1-12",
    "AL-1-14", "AL-1-23", "AL-1-27", "AL-2-28", "AL-3-02", "AL-3-03", "AL-5-01", "AL-5-02", "AL-5-03", "AL-5-04",
    "AL-5-06", "AL-5-07", "AL-5-08", "AL-5-09", "AL-5-12", "AL-5-13", "AL-5-17", "AL-5-18", "AL-5-19", "AL-5-20",
    "AL-5-21", "AL-5-26", "AL-5-27", "AL-5-28", "AL-5-29", "AL-5-32", "AL-5-33", "AL-5-34", "AL-5-44", "AL-5-45",
    "AL-5-101", "AL-5-102",
];

/// The same in an organisation's settings, and what those say by themselves.
const OF_AN_ORGANISATION: &[&str] = &[
    "AL-0-01", "AL-0-02", "AL-0-03", "AL-0-04", "AL-0-05", "AL-0-06", "AL-0-07", "AL-0-09", "AL-0-20", "AL-0-21",
    "AL-0-22", "AL-0-23", "AL-0-24", "AL-0-25", "AL-0-26", "AL-0-27", "AL-0-28", "AL-1-01", "AL-1-04", "AL-1-05",
    "AL-1-06", "AL-1-07", "AL-1-08", "AL-1-09", "AL-1-10", "AL-1-11", "AL-1-12", "AL-1-14", "AL-1-27", "AL-2-28",
    "AL-3-02", "AL-3-03", "AL-4-02", "AL-4-03", "AL-4-05", "AL-4-06", "AL-4-07", "AL-4-08", "AL-5-01", "AL-5-02",
    "AL-5-03", "AL-5-04", "AL-5-06", "AL-5-07", "AL-5-08", "AL-5-09", "AL-5-10", "AL-5-11", "AL-5-12", "AL-5-13",
    "AL-5-14", "AL-5-15", "AL-5-17", "AL-5-18", "AL-5-19", "AL-5-20", "AL-5-21", "AL-5-22", "AL-5-24", "AL-5-26",
    "AL-5-27", "AL-5-28", "AL-5-29", "AL-5-30", "AL-5-31", "AL-5-32", "AL-5-33", "AL-5-34", "AL-5-35", "AL-5-36",
    "AL-5-37", "AL-5-38", "AL-5-39", "AL-5-40", "AL-5-41", "AL-5-42", "AL-5-43", "AL-5-44", "AL-5-45", "AL-5-101",
    "AL-5-102",
];

/// A place that an organisation fills: the text for whoever administers it.
pub(super) const ADMINISTRATOR: Fix =
    Fix { id: "F.ask_administrator", risk: Risk::Manual, mends: OF_AN_ORGANISATION, repair: administrator };

/// A variable of the terminal alone: no file is known that sets it. The command takes it away there.
pub(super) const UNSET: Fix = Fix { id: "F.unset_here", risk: Risk::Manual, mends: OF_A_VARIABLE, repair: unset };

/// A variable in what is given with `--settings`: the person types it.
pub(super) const FLAG: Fix = Fix { id: "F.change_flag", risk: Risk::Manual, mends: OF_A_VARIABLE, repair: flag };

/// AL-2-10, AL-2-21: the folder of the login cannot be written. Why that is so is not known, so that the command is told.
pub(super) const FOLDER: Fix =
    Fix { id: "F.open_folder", risk: Risk::Manual, mends: &["AL-2-10", "AL-2-21"], repair: folder };

fn folder(facts: &Facts<'_>, _: &Target<'_>) -> Option<Repair> {
    if facts.snapshot.examined.platform == Platform::Windows {
        return None;
    }
    let (folder, _) = facts.snapshot.login.path.rsplit_once('/').filter(|(folder, _)| !folder.is_empty())?;
    let command = super::files::allow("u+rwx", folder);
    let what = Message::new("tell-open-folder").with("path", folder);
    Some(Repair::of([Edit::Tell { what, command: Some(command), needs_elevation: false }]))
}

fn administrator(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let is_managed =
        |source: &&Source| source.scope == Some(Scope::Managed) || source.kind == SourceKind::ManagedSettings;
    let source = target.place().filter(is_managed)?;
    let name = source.name.clone().or_else(|| field(facts, source)).unwrap_or_default();
    let what = Message::new("tell-administrator")
        .with("path", source.path.clone().unwrap_or_default())
        .with("line", source.line.unwrap_or_default())
        .with("code", target.code)
        .with("what", if name.is_empty() { "file" } else { "key" })
        .with("name", name);
    Some(Repair::of([Edit::Tell { what, command: None, needs_elevation: true }]))
}

/// The field of an organisation's settings that is wrong at a place.
fn field(facts: &Facts<'_>, source: &Source) -> Option<String> {
    let file = facts.snapshot.settings.iter().find(|file| source.path.as_ref() == Some(&file.document.path))?;
    let fault = file.faults.iter().find(|fault| Some(fault.at.line) == source.line)?;
    Some(fault.path.clone())
}

fn unset(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let source = target.place().filter(|source| source.kind == SourceKind::ProcessEnv)?;
    let examined = &facts.snapshot.examined;
    let name = source.name.as_deref().filter(|name| is_plain(name))?;
    if examined.context != Context::Process {
        return None;
    }
    let command = match examined.platform {
        Platform::Windows => format!("Remove-Item Env:{name}"),
        Platform::Linux | Platform::MacOs => format!("unset {name}"),
    };
    let what = Message::new("tell-unset").with("name", name);
    Some(Repair::of([Edit::Tell { what, command: Some(command), needs_elevation: false }]))
}

/// Whether a name can stand in a command as it is.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn flag(_: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let source = target.place().filter(|source| source.scope == Some(Scope::CommandLine) && source.path.is_none())?;
    let what = Message::new("tell-flag").with("name", source.name.clone()?);
    Some(Repair::of([Edit::Tell { what, command: None, needs_elevation: false }]))
}
