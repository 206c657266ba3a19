//! Repairs of variables where the person sets them: in the profiles of shells, in files of lines, in the Windows registry,
//! in an editor's settings. What stands in settings of Claude Code is mended elsewhere.

pub(super) mod clean;
mod cleaned;
pub(super) mod export;
pub(super) mod new_terminal;
pub(super) mod reached;
pub(super) mod remove;
pub(super) mod rename;
pub(super) mod right_file;
pub(super) mod second_value;
pub(super) mod unset_later;
pub(super) mod use_plan;

use super::edit::{Edit, FileChange};
use super::{Repair, Shows};
use crate::claude_code::variables;
use crate::editors::Target as EditorTarget;
use crate::json::edit as json;
use crate::judge::Facts;
use crate::message::Message;
use crate::report::{Context, Source, SourceKind, ToldBy};
use crate::secret::Secret;
use crate::shell::edit::{Change, Syntax, edit};
use crate::shell::{Act, Place, Reach, Role, Shell};
use crate::snapshot::{Platform, Variable};

/// What a process lacks that was started before its profile was right.
const UNTIL_ANEW: &[&str] = &["AL-1-19", "AL-1-20"];

/// Where a variable is set that a finding tells of.
struct Held {
    /// Its name, as it is written there.
    name: String,
    /// What it holds.
    value: Option<Secret>,
    /// The place.
    holder: Holder,
    /// In which environment the repair is seen.
    shows: Shows,
    /// Whether the environment that is examined keeps it until it ends.
    stays_here: bool,
}

/// A place that sets variables.
enum Holder {
    /// A line of one of the person's files.
    Line(Line),
    /// Windows keeps it for the person.
    UserVariable,
    /// An editor's settings, and the path of the member there.
    Editor { path: String, member: Vec<String> },
    /// A LaunchAgent of the person.
    LaunchAgent { path: String },
    /// It counts for everybody.
    Administrator { place: String },
}

/// A line of a file.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    path: String,
    syntax: Syntax,
    line: usize,
    column: usize,
}

impl Line {
    fn of(place: &Place) -> Option<Self> {
        Self::at(&place.source, place.syntax)
    }

    fn at(source: &Source, syntax: Syntax) -> Option<Self> {
        Some(Self { path: source.path.clone()?, syntax, line: source.line?, column: source.column? })
    }

    fn set_aside(&self, name: &str) -> Change {
        Change::SetAside { line: self.line, column: self.column, name: name.to_owned() }
    }
}

impl Held {
    /// Where the variable stands that was seen at a place. `None`: nobody can tell for certain, or it is no place of these.
    fn at(facts: &Facts<'_>, source: &Source) -> Option<Self> {
        let examined = &facts.snapshot.examined;
        let name = source.name.clone()?;
        if source.kind == SourceKind::ProcessEnv && source.path.is_none() {
            return Self::of_process(facts, &name);
        }
        let value = || {
            let places = facts.resolution.environment.get(&name).map(|setting| setting.places.as_slice());
            let here = places.unwrap_or_default().iter().find(|place| place.source == *source);
            let here = here.map(|place| &place.value);
            let place = || place_at(facts, source)?.value.as_ref();
            let variable = || examined.variables.iter().find(|one| one.source == *source).map(|one| &one.value);
            here.or_else(place).or_else(variable).cloned()
        };
        // What a shell has said is what it says anew, and only its files can be foreseen.
        let shows = if examined.told_by == ToldBy::Shell { Shows::NewTerminal } else { Shows::Here };
        let held = |value, holder| Some(Self { name: name.clone(), value, holder, shows, stays_here: false });
        let path = source.path.clone()?;
        match source.kind {
            SourceKind::ShellProfile | SourceKind::SystemEnv => {
                if !is_own(facts, &path) {
                    return held(value(), Holder::Administrator { place: path });
                }
                let syntax = place_at(facts, source).map(|place| place.syntax).or_else(|| Syntax::of_path(&path))?;
                held(value(), Holder::Line(Line::at(source, syntax)?))
            }
            SourceKind::Registry => held(
                value(),
                if path.starts_with("HKCU\\") { Holder::UserVariable } else { Holder::Administrator { place: path } },
            ),
            SourceKind::Launchd if is_own(facts, &path) => held(value(), Holder::LaunchAgent { path }),
            SourceKind::Launchd => held(value(), Holder::Administrator { place: path }),
            SourceKind::IdeSettings => {
                let mut editors = facts.snapshot.editors.iter().filter(|settings| !settings.is_of_the_folder());
                let variable =
                    editors.find_map(|settings| settings.variables.iter().find(|one| one.source == *source))?;
                // The list of the other one is not taken apart.
                if variable.target != EditorTarget::Terminal {
                    return None;
                }
                let group = match examined.platform {
                    Platform::Linux => "terminal.integrated.env.linux",
                    Platform::MacOs => "terminal.integrated.env.osx",
                    Platform::Windows => "terminal.integrated.env.windows",
                };
                held(variable.value.clone(), Holder::Editor { path, member: vec![group.to_owned(), name.clone()] })
            }
            _ => None,
        }
    }

    /// Of what this process was started with, the place that sets the same for a new terminal.
    fn of_process(facts: &Facts<'_>, name: &str) -> Option<Self> {
        let examined = &facts.snapshot.examined;
        let here = Variable::find(&examined.variables, name)?;
        if examined.context != Context::Process || here.source.kind != SourceKind::ProcessEnv {
            return None;
        }
        let mut terminals = facts.elsewhere.iter().filter(|there| there.context == Context::NewTerminal);
        let there = terminals.find(|there| there.project == examined.project)?;
        let unsure = there.unsure.iter().any(|unsure| unsure == name || unsure == "*");
        let value = &here.value;
        let source = match there.resolution.environment.get(name) {
            Some(setting) if !unsure => &setting.winner().filter(|winner| winner.value.same_as(value))?.source,
            Some(_) => return None,
            // One that Claude Code does not know has no place but that of the profile.
            None if variables::find(name).is_none() => &only_place(facts, name, value)?.source,
            None => return None,
        };
        source.path.as_ref()?;
        let held = Self::at(facts, source)?;
        Some(Self { value: Some(value.clone()), shows: Shows::NewTerminal, stays_here: true, ..held })
    }

    /// What takes the variable away, wherever this holder and others like it set it. `None`: not for certain.
    fn removed(&self, facts: &Facts<'_>) -> Option<Repair> {
        let edits = match &self.holder {
            Holder::Line(line) => {
                let mut lines = vec![line.clone()];
                let set = |place: &&Place| {
                    place.act != Act::Unset
                        && place.role == Role::Terminal
                        && matches!(place.reach, Reach::Always | Reach::Perhaps)
                };
                for place in facts.snapshot.shell.of(&self.name).filter(set) {
                    // What would come out from under it is not known.
                    let other = Line::of(place).filter(|other| place.act == Act::Set && is_own(facts, &other.path))?;
                    if !lines.contains(&other) {
                        lines.push(other);
                    }
                }
                changed(facts, lines.iter().map(|line| (line, line.set_aside(&self.name))))?
            }
            Holder::UserVariable if facts.snapshot.examined.own => {
                vec![Edit::UserVariable { name: self.name.clone(), value: None }]
            }
            Holder::UserVariable => vec![self.tell("fix-remove-user-variable")],
            // Another repair takes members out of editors' settings.
            Holder::Editor { .. } => return None,
            Holder::LaunchAgent { path } => vec![Edit::Tell {
                what: Message::new("fix-remove-launch-agent")
                    .with("path", path.as_str())
                    .with("name", self.name.as_str()),
                command: Some(format!("launchctl unsetenv {}", self.name)),
                needs_elevation: false,
            }],
            Holder::Administrator { place } => vec![for_administrator("fix-admin-remove", place, &self.name)],
        };
        Some(self.repair(facts, edits, Some(unset_here(facts, &self.name))))
    }

    /// What gives the variable another value at this place.
    fn set_to(&self, facts: &Facts<'_>, value: Secret) -> Option<Repair> {
        let edits = match &self.holder {
            Holder::Line(line) => {
                let change = Change::Value { line: line.line, column: line.column, name: self.name.clone(), value };
                changed(facts, [(line, change)])?
            }
            Holder::UserVariable if facts.snapshot.examined.own => {
                vec![Edit::UserVariable { name: self.name.clone(), value: Some(value) }]
            }
            Holder::UserVariable => vec![self.tell("fix-mend-user-variable")],
            Holder::Editor { path, member } => {
                vec![editor(path, json::Change::Set { path: member.clone(), value: json::NewValue::Text(value) })]
            }
            Holder::LaunchAgent { .. } => return None,
            Holder::Administrator { place } => vec![for_administrator("fix-admin-mend", place, &self.name)],
        };
        Some(self.repair(facts, edits, None))
    }

    /// What gives the variable another name at this place.
    fn renamed(&self, facts: &Facts<'_>, to: &str) -> Option<Repair> {
        let edits = match &self.holder {
            Holder::Line(line) => {
                let (line_number, column, name) = (line.line, line.column, self.name.clone());
                changed(facts, [(line, Change::Rename { line: line_number, column, name, to: to.to_owned() })])?
            }
            Holder::UserVariable if facts.snapshot.examined.own => vec![
                // A token of a login is not written anywhere by us.
                Edit::UserVariable {
                    name: to.to_owned(),
                    value: Some(self.value.clone().filter(|value| !value.holds_login_token())?),
                },
                Edit::UserVariable { name: self.name.clone(), value: None },
            ],
            Holder::Editor { path, member } => {
                vec![editor(path, json::Change::Rename { path: member.clone(), to: to.to_owned() })]
            }
            _ => return None,
        };
        Some(self.repair(facts, edits, None))
    }

    fn tell(&self, key: &'static str) -> Edit {
        let what = Message::new(key).with("name", self.name.as_str());
        Edit::Tell { what, command: None, needs_elevation: false }
    }

    /// The edits, and what is to be done besides so that they count. `command`: what does the same in this terminal.
    fn repair(&self, facts: &Facts<'_>, mut edits: Vec<Edit>, command: Option<Option<String>>) -> Repair {
        if self.stays_here && edits.iter().any(Edit::changes_something) {
            edits.push(new_terminal(facts, &self.name, command.flatten()));
        }
        Repair { shows: self.shows, ..Repair::of(edits) }
    }
}

/// What takes the variable away that was seen at a place. `None`: nobody can tell for certain where that is done.
pub(super) fn removed(facts: &Facts<'_>, source: &Source) -> Option<Repair> {
    Held::at(facts, source)?.removed(facts)
}

/// Edits, those of one profile as one: their places are all those of the file as it is. Apart from them the files in
/// which that cannot be done.
pub(super) fn in_one_go(facts: &Facts<'_>, edits: Vec<Edit>) -> (Vec<Edit>, Vec<String>) {
    let mut together: Vec<Edit> = Vec::new();
    for edit in edits {
        let Edit::File { path, change: FileChange::Profile { syntax, changes } } = &edit else {
            together.push(edit);
            continue;
        };
        let same = together.iter_mut().find_map(|other| match other {
            Edit::File { path: at, change: FileChange::Profile { syntax: written, changes } }
                if at == path && written == syntax =>
            {
                Some(changes)
            }
            _ => None,
        });
        match same {
            Some(all) => all.extend(changes.iter().cloned()),
            None => together.push(edit),
        }
    }
    let (mut made, mut by_hand) = (Vec::new(), Vec::new());
    for edit in together {
        match &edit {
            Edit::File { path, change: FileChange::Profile { syntax, changes } }
                if !can_be_made(facts, path, *syntax, changes) =>
            {
                by_hand.push(path.clone());
            }
            _ => made.push(edit),
        }
    }
    (made, by_hand)
}

/// Several repairs as one. `None`: what they change in one file cannot be changed there together.
fn together(facts: &Facts<'_>, repairs: Vec<Repair>) -> Option<Repair> {
    let mut all = Repair::default();
    for Repair { edits, shows, .. } in repairs {
        if shows != Shows::default() {
            all.shows = shows;
        }
        all.edits.extend(edits);
    }
    let (edits, by_hand) = in_one_go(facts, std::mem::take(&mut all.edits));
    by_hand.is_empty().then_some(Repair { edits, ..all })
}

/// Only a new terminal has it.
fn new_terminal(facts: &Facts<'_>, name: &str, command: Option<String>) -> Edit {
    let key = match (&command, facts.snapshot.examined.platform) {
        (Some(_), _) => "fix-new-terminal-or-command",
        (None, _) => "fix-new-terminal",
    };
    Edit::Tell { what: Message::new(key).with("name", name), command, needs_elevation: false }
}

/// What takes a variable out of a terminal that is open.
fn unset_here(facts: &Facts<'_>, name: &str) -> Option<String> {
    match facts.snapshot.shell.shell {
        _ if !facts.snapshot.shell.looked => None,
        Shell::Bash | Shell::Zsh | Shell::Sh => Some(format!("unset {name}")),
        Shell::Fish => Some(format!("set -e {name}")),
        Shell::Other => None,
    }
}

/// What an administrator does.
fn for_administrator(key: &'static str, place: &str, name: &str) -> Edit {
    let what = Message::new(key).with("path", place).with("name", name);
    Edit::Tell { what, command: None, needs_elevation: true }
}

/// Whether a file is one of the person's own, and no project's.
fn is_own(facts: &Facts<'_>, path: &str) -> bool {
    let examined = &facts.snapshot.examined;
    examined.platform.is_within(path, &examined.home) && !examined.lies_in_project(path)
}

/// What the profiles do at a place.
fn place_at<'a>(facts: &'a Facts<'_>, source: &Source) -> Option<&'a Place> {
    facts.snapshot.shell.places.iter().find(|place| place.source == *source)
}

/// The place in the profiles that alone sets a name, to this.
fn only_place<'a>(facts: &'a Facts<'_>, name: &'a str, value: &Secret) -> Option<&'a Place> {
    let mut all = facts.snapshot.shell.of(name).filter(|place| place.role == Role::Terminal);
    let place = all.next().filter(|_| all.next().is_none())?;
    let fits = place.value.as_ref().is_some_and(|its| its.same_as(value));
    (place.act == Act::Set && place.reach == Reach::Always && fits).then_some(place)
}

/// The edits of files in which these changes are made, tried where the files are known. `None`: one of them is to be
/// made by hand.
fn changed<'l>(facts: &Facts<'_>, changes: impl IntoIterator<Item = (&'l Line, Change)>) -> Option<Vec<Edit>> {
    let mut files: Vec<(String, Syntax, Vec<Change>)> = Vec::new();
    for (line, change) in changes {
        match files.iter_mut().find(|(path, ..)| *path == line.path) {
            Some((_, syntax, _)) if *syntax != line.syntax => return None,
            Some((.., all)) => all.push(change),
            None => files.push((line.path.clone(), line.syntax, vec![change])),
        }
    }
    files.into_iter().map(|(path, syntax, changes)| edit_of(facts, path, syntax, changes)).collect()
}

/// The edit of a profile, if it can be made.
fn edit_of(facts: &Facts<'_>, path: String, syntax: Syntax, changes: Vec<Change>) -> Option<Edit> {
    can_be_made(facts, &path, syntax, &changes)
        .then_some(Edit::File { path, change: FileChange::Profile { syntax, changes } })
}

/// Whether the changes can be made in a file as it was read. One that was not kept is looked at when it is changed.
#[expect(clippy::disallowed_methods, reason = "a change is tried on the text of the profile")]
pub(super) fn can_be_made(facts: &Facts<'_>, path: &str, syntax: Syntax, changes: &[Change]) -> bool {
    let text = facts.snapshot.shell.texts.iter().find(|(other, _)| other == path);
    text.is_none_or(|(_, text)| edit(text.reveal().as_bytes(), syntax, changes).is_ok())
}

/// A change of an editor's settings, comments kept.
fn editor(path: &str, change: json::Change) -> Edit {
    let change = FileChange::Json { dialect: json::Dialect::WithComments, changes: vec![change] };
    Edit::File { path: path.to_owned(), change }
}

/// The file that a new terminal of the person's shell surely reads, where it is theirs.
pub(super) fn file_of_new_terminals(facts: &Facts<'_>) -> Option<(String, Syntax)> {
    let (examined, profiles) = (&facts.snapshot.examined, &facts.snapshot.shell);
    if !profiles.looked || profiles.known_by == crate::shell::ShellKnownBy::Assumed {
        return None;
    }
    let platform = examined.platform;
    let variable = |name: &str| Variable::filled(&examined.variables, name).map(str::to_owned);
    let in_home = |name: &str| platform.join(&examined.home, name);
    let read = |names: &[&str]| {
        let mut files = profiles.files.iter().filter(|file| file.role == Role::Terminal && is_own(facts, &file.path));
        files
            .find(|file| names.iter().any(|name| file.path.ends_with(&format!("/{name}"))))
            .map(|file| file.path.clone())
    };
    let path = match profiles.shell {
        Shell::Bash if platform == Platform::MacOs => {
            read(&[".bash_profile", ".bash_login", ".profile"]).unwrap_or_else(|| in_home(".bash_profile"))
        }
        Shell::Bash => in_home(".bashrc"),
        Shell::Zsh => {
            let folder = variable("ZDOTDIR").unwrap_or_else(|| examined.home.clone());
            read(&[".zshrc"]).unwrap_or_else(|| platform.join(&folder, ".zshrc"))
        }
        Shell::Fish => {
            let folder = variable("XDG_CONFIG_HOME").unwrap_or_else(|| in_home(".config"));
            read(&["fish/config.fish"]).unwrap_or_else(|| platform.join(&folder, "fish/config.fish"))
        }
        // What it reads is named by a variable, if at all.
        Shell::Sh | Shell::Other => return None,
    };
    is_own(facts, &path).then_some((path, Syntax::Script(profiles.shell)))
}
