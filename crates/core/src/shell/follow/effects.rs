//! What a command does to a variable, and how surely.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Alive, End, Loaded, PLACES, Walk, counts, tracked};
use crate::report::Source;
use crate::secret::Secret;
use crate::shell::state::{Export, Value, Variable};
use crate::shell::{Act, Exported, Place, Reach, Role, Shell, Why};

impl Walk<'_> {
    /// Whether an assignment is to be taken as if it were not written.
    pub fn is_left_out(&self, file: &Loaded, name: &str, at: usize) -> bool {
        !self.person.left_out.is_empty() && self.person.left_out.contains(&file.source(at, name))
    }

    /// Names of interest in a text that is not followed.
    pub fn mentions(&mut self, file: &Rc<Loaded>, text: &str, at: usize) {
        let mut seen = BTreeSet::new();
        for name in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if !name.is_empty() && counts(name) && seen.insert(name) {
                let place = at + (name.as_ptr() as usize - text.as_ptr() as usize);
                self.mention(file, name, place);
            }
        }
    }

    /// A variable in a part that is not followed.
    pub fn mention(&mut self, file: &Rc<Loaded>, name: &str, at: usize) {
        self.mention_number(file, name, at);
        // A text that is no number ends the file.
        if self.numbers.contains(name) {
            self.perhaps_ends(End::Exit);
        }
    }

    /// The same where what it gets is a number.
    pub fn mention_number(&mut self, file: &Rc<Loaded>, name: &str, at: usize) {
        self.place(file, name, Act::Mention, None, at);
        self.unsure(file, name, at, Why::NotFollowed);
        if self.variables.manner(name).0 && file.shell != Shell::Fish {
            self.perhaps_ends(End::Exit);
        }
    }

    /// Nothing is known of a variable any more.
    pub fn unsure(&mut self, file: &Rc<Loaded>, name: &str, at: usize, why: Why) {
        let reach = self.effect();
        self.variables.blur(name);
        self.variables.change(name, reach, |variable| {
            variable.value = Value::Unknown(why);
            variable.export = Export::Unknown;
            variable.place = Some((Rc::clone(file), at));
        });
    }

    /// Something ran that may have set any variable.
    pub fn forget(&mut self, place: Option<(&Rc<Loaded>, usize)>, why: Why) {
        if !self.is_reached() {
            return;
        }
        // What the shell itself sees to is left alone by whatever runs.
        const SPARED: [&str; 8] =
            ["HOME", "BASH_VERSION", "BASH", "ZSH_VERSION", "FISH_VERSION", "OSTYPE", "ZDOTDIR", "XDG_CONFIG_HOME"];
        let spared = |name: &str| SPARED.contains(&name);
        if let Some((file, at)) = place
            && self.role == Role::Terminal
            && self.anything.is_none()
        {
            let source = Source { name: None, ..file.source(at, "") };
            self.anything = Some((source, why));
        }
        self.variables.forget(why, &spared);
    }

    pub fn reach(&self) -> Reach {
        if self.uncalled {
            return Reach::NotCalled;
        }
        match self.alive {
            Alive::No(_, line) => Reach::AfterEnd(line),
            _ if self.untrue_around > 0 => Reach::Not,
            Alive::Perhaps(_) => Reach::Perhaps,
            Alive::Yes if self.unknown_around > 0 => Reach::Perhaps,
            Alive::Yes => Reach::Always,
        }
    }

    /// Whether it may come here at all.
    pub fn is_reached(&self) -> bool {
        matches!(self.reach(), Reach::Always | Reach::Perhaps)
    }

    /// The same within a block: what it does under a condition is held against what was before, at its end.
    pub fn effect(&self) -> Reach {
        match self.reach() {
            Reach::Perhaps if self.alive == Alive::Yes => Reach::Always,
            reach => reach,
        }
    }

    /// As [`tracked`], each name looked at once.
    pub(super) fn tracks(&mut self, name: &str) -> bool {
        if let Some(tracks) = self.names.get(name) {
            return *tracks;
        }
        let tracks = tracked(name);
        self.names.insert(name.to_owned(), tracks);
        tracks
    }

    pub fn place(&mut self, file: &Loaded, name: &str, act: Act, value: Option<Secret>, at: usize) {
        if self.places.len() >= PLACES || self.silent > 0 || !self.tracks(name) {
            return;
        }
        self.places.push(Place {
            name: name.to_owned(),
            source: file.source(at, name),
            act,
            value,
            exported: Exported::Unknown,
            reach: self.reach(),
            terminals_only: self.terminals_only.map(|(_, line)| line),
            overwritten: false,
            role: self.role,
            syntax: file.syntax,
        });
    }

    pub fn set(&mut self, file: &Rc<Loaded>, name: &str, value: Option<Secret>, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        if self.shadowed.contains(name) {
            return self.unsure(file, name, at, Why::NotFollowed);
        }
        let (fixed, changes) = self.variables.manner(name);
        if fixed {
            self.place(file, name, Act::Mention, None, at);
            let reach = self.effect();
            self.variables.change(name, reach, |variable| variable.value = Value::Unknown(Why::NotFollowed));
            self.perhaps_ends(End::Exit);
            return;
        }
        let mut value = value.filter(|_| !changes);
        if self.numbers.contains(name) {
            let digits = |text: &Secret| text.reveal().bytes().all(|byte| byte.is_ascii_digit());
            if !value.as_ref().is_some_and(digits) {
                value = None;
                self.perhaps_ends(End::Exit);
            }
        }
        if self.tracks(name) {
            self.place(file, name, Act::Set, value.clone(), at);
        }
        let reach = self.effect();
        self.variables.change(name, reach, |variable| {
            variable.value = value.map_or(Value::Unknown(Why::Computed), Value::Text);
            variable.universal = false;
            variable.place = Some((Rc::clone(file), at));
        });
        match self.exports_all {
            Some(true) => self.export(file, name, Export::Yes, at),
            None => self.export(file, name, Export::Unknown, at),
            Some(false) => {}
        }
    }

    pub fn export(&mut self, file: &Rc<Loaded>, name: &str, how: Export, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        let reach = self.effect();
        self.variables.change(name, reach, |variable| {
            variable.export = how;
            variable.export_unsure = false;
            variable.place.get_or_insert_with(|| (Rc::clone(file), at));
        });
    }

    pub fn unset(&mut self, file: &Rc<Loaded>, name: &str, at: usize) {
        if self.is_left_out(file, name, at) {
            return;
        }
        self.place(file, name, Act::Unset, None, at);
        let hidden = self.variables.is_hidden(name);
        let fixed = self.variables.get(name).fixed || self.shadowed.contains(name);
        if fixed && matches!(file.shell, Shell::Zsh | Shell::Sh) {
            self.perhaps_ends(End::Exit);
        }
        if hidden || fixed {
            // What was hidden may come back.
            self.unsure(file, name, at, Why::NotFollowed);
            return;
        }
        let perhaps = self.reach() == Reach::Perhaps;
        let reach = self.effect();
        // dash: where all is exported a name is too that stands for nothing, and what it is set to later (observed). Other
        // programs of that name clear it.
        let keeps = file.shell == Shell::Sh && self.exports_all != Some(false);
        let export = if keeps { Export::Unknown } else { Export::No };
        self.variables.change(name, reach, |variable| {
            let place = Some((Rc::clone(file), at));
            if perhaps {
                // Where it is still there it is handed on as before.
                (variable.value, variable.export_unsure, variable.place) = (Value::Unset, true, place);
                return;
            }
            *variable = Variable { value: Value::Unset, export, place, ..Default::default() };
        });
    }
}
