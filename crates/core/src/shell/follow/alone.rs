//! One file by itself, whatever else is read beside it: to see what an edit makes of it, and where a line is reached.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Alive, Walk};
use crate::reading::Reading;
use crate::secret::Secret;
use crate::shell::files::{Format, Path, Planned, Session};
use crate::shell::state::{Export, Value, Variable};
use crate::shell::syntax::Layout;
use crate::shell::{Files, Person, ProfileText, Role, Shell, ShellKnownBy, fish, posix};

/// What the file is called.
const PATH: &str = "/home/profile";

/// What a file leaves behind.
pub(in crate::shell) struct Alone {
    variables: BTreeMap<String, Left>,
    /// Whether anything was done that may have set any variable, that was too much, or that ended the shell.
    unsure: [bool; 5],
}

/// A variable that the file has to do with.
struct Left {
    value: Value,
    export: Export,
    export_unsure: bool,
    /// Where that was decided, in bytes.
    at: Option<usize>,
}

impl Left {
    fn is(&self, other: &Self) -> bool {
        let same = match (&self.value, &other.value) {
            (Value::Text(a), Value::Text(b))
            | (Value::List(a), Value::List(b))
            | (Value::Unless(a), Value::Unless(b)) => a.reveal() == b.reveal(),
            (Value::AsBefore, Value::AsBefore) | (Value::Unset, Value::Unset) => true,
            (Value::Unknown(a), Value::Unknown(b)) => a == b,
            _ => false,
        };
        same && self.export == other.export && self.export_unsure == other.export_unsure
    }
}

impl Alone {
    pub fn of(text: &Secret, shell: Shell) -> Self {
        let person = person(shell);
        let mut files = One { text };
        let mut walk = Walk::new(&person, &mut files);
        let planned = Planned { path: Path::Fixed(PATH.to_owned()), format: Format::Shell(shell) };
        walk.session(Session { role: Role::Terminal, shell, files: vec![planned] });
        let left = |(name, variable): (&String, &Variable)| {
            let Variable { value, export, export_unsure, .. } = variable.clone();
            let at = variable.place.as_ref().map(|(_, at)| *at);
            (name.clone(), Left { value, export, export_unsure, at })
        };
        let unsure = [
            walk.anything.is_some(),
            walk.gave_up,
            walk.perhaps_replaced,
            walk.exports_unknown,
            walk.exports_all != Some(false),
        ];
        Self { variables: walk.variables.touched().map(left).collect(), unsure }
    }

    /// Whether all is left as there, but for variables of these names.
    pub fn is_but_for(&self, other: &Self, names: &[&str]) -> bool {
        let theirs = |all: &Self| all.variables.keys().filter(|name| !names.contains(&name.as_str())).count();
        let same = |(name, left): (&String, &Left)| {
            names.contains(&name.as_str()) || other.variables.get(name).is_some_and(|other| left.is(other))
        };
        self.unsure == other.unsure && theirs(self) == theirs(other) && self.variables.iter().all(same)
    }

    /// Whether it holds exactly this, and programs get it.
    pub fn hands_on(&self, name: &str, value: &Secret) -> bool {
        self.variables.get(name).is_some_and(|left| {
            let this = matches!(&left.value, Value::Text(text) if text.reveal() == value.reveal());
            this && left.export == Export::Yes && !left.export_unsure
        })
    }

    /// Whether it holds exactly this.
    pub fn holds(&self, name: &str, value: &Secret) -> bool {
        self.variables
            .get(name)
            .is_some_and(|left| matches!(&left.value, Value::Text(text) if text.reveal() == value.reveal()))
    }

    /// Whether programs get it, as far as that can be told.
    pub fn may_export(&self, name: &str) -> bool {
        self.variables.get(name).is_some_and(|left| matches!(left.export, Export::Yes | Export::Unknown))
    }

    /// Whether this place decides what a variable holds, for certain.
    pub fn is_settled_at(&self, name: &str, at: usize) -> bool {
        self.variables.get(name).is_some_and(|left| left.at == Some(at) && matches!(left.value, Value::Text(_)))
    }

    /// Whether nothing has to do with a variable of that name.
    pub fn knows_nothing_of(&self, name: &str) -> bool {
        !self.variables.contains_key(name)
    }

    /// Whether one variable is left as another one was.
    pub fn has_as(&self, name: &str, other: &Self, its: &str) -> bool {
        match (self.variables.get(name), other.variables.get(its)) {
            (Some(a), Some(b)) => a.is(b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

/// Where the first commands begin that may end the file or the shell, be it without a terminal only. `None`: none do.
pub(in crate::shell) fn first_end(text: &Secret, shell: Shell, layout: &Layout) -> Option<usize> {
    let person = person(shell);
    let mut files = One { text };
    let mut walk = Walk::new(&person, &mut files);
    walk.is_fish = shell == Shell::Fish;
    walk.begin(shell, true);
    let file = walk.load(PATH, Format::Shell(shell))?;
    if walk.is_fish {
        walk.variables.enter(false);
    }
    for line in &layout.lines {
        walk.list(&line.nodes, &Rc::clone(&file));
        let goes_on = walk.alive == Alive::Yes && walk.terminals_only.is_none() && !walk.perhaps_replaced;
        if !goes_on || (line.dubious && shell == Shell::Sh) {
            return Some(line.at);
        }
    }
    layout.broken
}

/// The program of a file, with the places of its lines.
pub(in crate::shell) fn layout(text: &Rc<Secret>, shell: Shell) -> Layout {
    match shell {
        Shell::Fish => fish::layout(text),
        Shell::Zsh => posix::layout(text, posix::Dialect::Zsh),
        Shell::Sh => posix::layout(text, posix::Dialect::Sh),
        Shell::Bash | Shell::Other => posix::layout(text, posix::Dialect::Bash),
    }
}

fn person(shell: Shell) -> Person {
    Person { home: "/home".to_owned(), shell, known_by: ShellKnownBy::Variable, ..Person::default() }
}

/// The file, and nothing in all others.
struct One<'t> {
    text: &'t Secret,
}

impl Files for One<'_> {
    fn read(&mut self, path: &str) -> ProfileText {
        (Reading::Found(if path == PATH { self.text.clone() } else { Secret::new("") }), None)
    }

    fn is_file(&mut self, _: &str) -> Option<bool> {
        None
    }

    fn is_folder(&mut self, _: &str) -> Option<bool> {
        None
    }

    fn list(&mut self, _: &str) -> Vec<String> {
        Vec::new()
    }
}
