//! What is known of each variable while a shell's files are gone through.

use std::collections::HashMap;
use std::rc::Rc;

use super::follow::Loaded;
use super::{Reach, Why};
use crate::secret::Secret;

/// What a variable holds.
#[derive(Clone, Default)]
pub(super) enum Value {
    /// What it held when the shell was started, if it was there.
    #[default]
    AsBefore,
    Text(Secret),
    /// fish: a list of other than one element; the text is what programs get.
    List(Secret),
    /// fish: this, unless it was there when the shell was started.
    Unless(Secret),
    /// Not set.
    Unset,
    /// It may be anything.
    Unknown(Why),
}

/// Whether programs get a variable.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Export {
    /// If it was there when the shell was started.
    #[default]
    AsBefore,
    Yes,
    No,
    Unknown,
}

/// A variable.
#[derive(Clone, Default)]
pub(super) struct Variable {
    pub value: Value,
    pub export: Export,
    /// Something that could not be followed may have changed that.
    pub export_unsure: bool,
    /// The last place that had to do with it.
    pub place: Option<(Rc<Loaded>, usize)>,
    /// It changes what it is set to: a number, upper case, a list.
    pub changes: bool,
    /// It cannot be set again.
    pub fixed: bool,
    /// fish: it is a universal one, and no other hides it.
    pub universal: bool,
}

impl Value {
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) | (Self::List(a), Self::List(b)) | (Self::Unless(a), Self::Unless(b)) => {
                a.same_as(b)
            }
            (Self::AsBefore, Self::AsBefore) | (Self::Unset, Self::Unset) => true,
            _ => false,
        }
    }
}

impl Variable {
    fn is_like(&self, other: &Self) -> bool {
        self.value.is_like(&other.value) && self.export == other.export
    }

    /// Takes a change in that may or may not have come about.
    fn perhaps(&mut self, change: impl FnOnce(&mut Self)) {
        let before = self.clone();
        change(self);
        self.or(&before);
    }

    /// It may be as it was before.
    fn or(&mut self, before: &Self) {
        if self.export != before.export {
            self.export = Export::Unknown;
        }
        if !self.value.is_like(&before.value) {
            self.value = Value::Unknown(match self.value {
                Value::Unknown(why) => why,
                _ => Why::Condition,
            });
        }
        self.export_unsure |= before.export_unsure;
        self.changes |= before.changes;
        self.fixed |= before.fixed;
    }
}

/// What a function or block has of its own.
struct Frame {
    function: bool,
    /// What is again so at its end, and whether it surely is.
    hidden: Vec<(String, Variable, bool)>,
}

/// All variables.
#[derive(Default)]
pub(super) struct Variables {
    all: HashMap<String, Variable>,
    /// What one that nothing has touched holds, where that is not what it held before.
    untouched: Option<Why>,
    frames: Vec<Frame>,
    /// What was changed under each condition around that is not known, as it was before.
    branches: Vec<HashMap<String, Variable>>,
}

impl Variables {
    pub fn get(&self, name: &str) -> Variable {
        self.all.get(name).cloned().unwrap_or_else(|| self.fresh())
    }

    /// Whether it cannot be set, and whether it changes what it is set to.
    pub fn manner(&self, name: &str) -> (bool, bool) {
        self.all.get(name).map_or((false, false), |variable| (variable.fixed, variable.changes))
    }

    fn fresh(&self) -> Variable {
        match self.untouched {
            None => Variable::default(),
            Some(why) => Variable { value: Value::Unknown(why), export_unsure: true, ..Variable::default() },
        }
    }

    pub fn value(&self, name: &str) -> Option<&Value> {
        self.all.get(name).map(|variable| &variable.value)
    }

    /// At the start, before any file.
    pub fn begin(&mut self, name: &str, value: Value, export: Export) {
        self.all.insert(name.to_owned(), Variable { value, export, ..Variable::default() });
    }

    /// One that the shell sees to itself: it changes what it is set to, or cannot be set.
    pub fn begin_of_shell(&mut self, name: &str, fixed: bool) {
        self.all.insert(name.to_owned(), Variable { changes: !fixed, fixed, ..Variable::default() });
    }

    pub fn touched(&self) -> impl Iterator<Item = (&String, &Variable)> {
        self.all.iter().filter(|(_, variable)| variable.place.is_some())
    }

    /// What changes now comes about or not, all of it.
    pub fn branch(&mut self) {
        self.branches.push(HashMap::new());
    }

    /// The end of it.
    pub fn join(&mut self) {
        for (name, before) in self.branches.pop().unwrap_or_default() {
            if let Some(now) = self.all.get_mut(&name) {
                now.or(&before);
            }
            if let Some(outer) = self.branches.last_mut() {
                outer.entry(name).or_insert(before);
            }
        }
    }

    /// Before a variable changes: keeps what it was, once for each condition around.
    fn keep(&mut self, name: &str) {
        if self.branches.last().is_none_or(|branch| branch.contains_key(name)) {
            return;
        }
        let before = self.get(name);
        if let Some(branch) = self.branches.last_mut() {
            branch.insert(name.to_owned(), before);
        }
    }

    /// Takes a change in, as far as it is reached.
    pub fn change(&mut self, name: &str, reach: Reach, change: impl FnOnce(&mut Variable)) {
        let surely = match reach {
            Reach::Always => true,
            Reach::Perhaps => false,
            Reach::Not | Reach::NotCalled | Reach::AfterEnd(_) => return,
        };
        self.keep(name);
        let change = |variable: &mut Variable| if surely { change(variable) } else { variable.perhaps(change) };
        if let Some(variable) = self.all.get_mut(name) {
            return change(variable);
        }
        let mut variable = self.fresh();
        change(&mut variable);
        self.all.insert(name.to_owned(), variable);
    }

    /// From now on each may hold anything, but for those that the shell itself sees to.
    pub fn forget(&mut self, why: Why, spared: &dyn Fn(&str) -> bool) {
        self.untouched = Some(why);
        for (_, variable) in self.all.iter_mut().filter(|(name, _)| !spared(name)) {
            variable.value = Value::Unknown(why);
            variable.export_unsure = true;
        }
    }

    /// How many are known: this only falls while a loop is gone through again and again.
    pub fn known(&self) -> (usize, usize) {
        let unsure = |variable: &Variable| {
            usize::from(matches!(variable.value, Value::Unknown(_)))
                + usize::from(variable.export == Export::Unknown || variable.export_unsure)
        };
        (self.all.len(), self.all.values().map(unsure).sum())
    }

    /// Whether a block or function has one of its own of this name.
    pub fn is_hidden(&self, name: &str) -> bool {
        self.frames.iter().any(|frame| frame.hidden.iter().any(|(hidden, ..)| hidden == name))
    }

    /// One of a name that a function has of its own was changed in a way that may reach further.
    pub fn blur(&mut self, name: &str) {
        for frame in &mut self.frames {
            for (hidden, _, surely) in &mut frame.hidden {
                *surely &= hidden != name;
            }
        }
    }

    pub fn enter(&mut self, function: bool) {
        self.frames.push(Frame { function, hidden: Vec::new() });
    }

    pub fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        for (name, before, surely) in frame.hidden.into_iter().rev() {
            let now = self.get(&name);
            let after = if surely || now.is_like(&before) {
                before
            } else {
                let place = now.place.or(before.place);
                Variable {
                    value: Value::Unknown(Why::Condition),
                    export: Export::Unknown,
                    place,
                    ..Variable::default()
                }
            };
            self.all.insert(name, after);
        }
    }

    /// Makes one of the function's own, or of the block's. Without any it is an ordinary one.
    pub fn hide(&mut self, name: &str, of_function: bool, surely: bool) {
        let before = self.get(name);
        let frame = self.frames.iter_mut().rev().find(|frame| frame.function || !of_function);
        let Some(frame) = frame else { return };
        if frame.hidden.iter().any(|(hidden, ..)| hidden == name) {
            return;
        }
        frame.hidden.push((name.to_owned(), before, surely));
        self.keep(name);
        self.all.insert(name.to_owned(), Variable { value: Value::Unset, export: Export::No, ..Variable::default() });
    }
}
