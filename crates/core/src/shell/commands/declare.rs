//! `export`, `declare` and their like, and `unset`.

use std::borrow::Cow;
use std::rc::Rc;

use super::assign::mentions;
use super::{is_name, spares_ours};
use crate::secret::Secret;
use crate::shell::follow::{End, Loaded, Truth, VALUE, Walk};
use crate::shell::state::{Export, Value};
use crate::shell::syntax::{Part, Word};
use crate::shell::text::Text;
use crate::shell::{Reach, Shell, Why};

/// A variable as a command names it: its name, what it is set to if it is, and where.
pub(super) type Declared<'w> = (Cow<'w, str>, Option<Option<Text>>, usize);

impl Walk<'_> {
    // ------------------------------------------------------------------------------------------- declarations

    /// `export`, `declare` and their kin.
    pub(super) fn declare(
        &mut self,
        arguments: &[Word],
        command: &str,
        how: Option<Export>,
        file: &Rc<Loaded>,
    ) -> Truth {
        let zsh = file.shell == Shell::Zsh;
        if command == "local" && self.in_function == 0 && !zsh {
            // bash refuses it outside of functions, dash ends the file.
            if file.shell == Shell::Sh {
                self.perhaps_ends(End::Exit);
            }
            return Truth::known(false);
        }
        let mut how = how;
        let mut letters_of_reference = false;
        let (mut global, mut changes, mut fixed) = (false, matches!(command, "integer" | "float"), false);
        let (mut is_number, mut is_list) = (command == "integer", false);
        let mut computed = false;
        let mut declared: Vec<Declared<'_>> = Vec::new();
        for word in arguments {
            let is_flag = |text: &Text| text.len() > 1 && text.starts_with(['-', '+']) && !text.contains('=');
            if let Some(flag) = word.literal().filter(is_flag) {
                let (sign, letters) = flag.split_at(1);
                // Functions, and a list of what there is.
                if letters.contains(['f', 'F', 'p']) && !(zsh && command == "float") {
                    return Truth::UNKNOWN;
                }
                if command == "export" && zsh && letters.contains('n') {
                    // It has no such flag, and does nothing then.
                    return Truth::UNKNOWN;
                }
                if command == "export" && file.shell == Shell::Sh {
                    // dash knows no flags there, and ends the file.
                    self.exports_unknown = true;
                    self.perhaps_ends(End::Exit);
                }
                if letters.contains('m') || (zsh && letters.contains('T')) {
                    self.forget(Some((file, word.at)), Why::Program);
                }
                // zsh: what is exported is not the function's own, but for `local`.
                global |= letters.contains('g') || (zsh && sign == "-" && letters.contains('x') && command != "local");
                letters_of_reference |= letters.contains('n') && command != "export" && file.shell == Shell::Bash;
                is_number |= letters.contains('i') && sign == "-";
                is_list |= letters.contains(['a', 'A']) && sign == "-" && command != "export";
                fixed |= letters.contains('r') && sign == "-";
                changes |= letters.contains(['a', 'A', 'i', 'l', 'u', 'c', 'E', 'F', 'Z', 'L', 'R', 'T', 'U'])
                    || (letters.contains('n') && command != "export");
                if letters.contains('n') && command == "export" || (sign == "+" && letters.contains('x')) {
                    how = Some(Export::No);
                } else if letters.contains('x') {
                    how = Some(Export::Yes);
                }
                continue;
            }
            if let Some((name, value)) = word.plain_assignment().filter(|(_, value)| value.len() <= VALUE) {
                declared.push((name.into(), Some(Some(value.into())), word.at));
                continue;
            }
            computed |= word.parts.iter().any(|part| matches!(part, Part::Computed(_)));
            match word.assignment(true) {
                Some(assignment) if zsh && assignment.adds => {
                    self.unsure(file, &assignment.name, word.at, Why::NotFollowed);
                    self.perhaps_ends(End::Return);
                }
                Some(assignment) => {
                    // zsh takes them in one by one, the others all at once.
                    let own = declared.iter().any(|(name, ..)| zsh && mentions(word, name));
                    let value = if own { None } else { self.assigned(&assignment, file) };
                    declared.push((assignment.name.to_string().into(), Some(value), word.at));
                }
                None => match self.expand(word) {
                    Some(text) if is_name(&text) => declared.push((text.to_string().into(), None, word.at)),
                    Some(text) if text.contains('=') || word.literal().is_none() => match text.split_once('=') {
                        Some((name, value))
                            if is_name(name) && (word.literal().is_some() || self.is_one_word(&text)) =>
                        {
                            declared.push((name.to_owned().into(), Some(Some(value.into())), word.at));
                        }
                        _ if word.literal().is_some() && file.shell == Shell::Bash => {}
                        _ if word.literal().is_some() => self.perhaps_ends(End::Exit),
                        _ => {
                            self.declares_any(word, file, how);
                            if file.shell != Shell::Bash {
                                self.perhaps_ends(End::Exit);
                            }
                        }
                    },
                    // What is no name is passed over, or ends the file.
                    Some(_) if file.shell == Shell::Bash || file.shell == Shell::Fish => {}
                    Some(_) => self.perhaps_ends(End::Exit),
                    None => {
                        self.declares_any(word, file, how);
                        let computed = matches!(word.parts.first(), Some(Part::Computed(_)));
                        if file.shell == Shell::Sh || (zsh && !computed) {
                            self.perhaps_ends(End::Exit);
                        }
                    }
                },
            }
        }
        if is_number || is_list {
            let fails = |word: &Word| {
                let Some(assignment) = word.assignment(true) else { return false };
                let Some(value) = &assignment.value else { return false };
                let list = matches!(value.parts.first(), Some(Part::Computed(text)) if text.starts_with('('));
                let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                if is_list { zsh && !list } else { !value.literal().is_some_and(|text| digits(&text)) }
            };
            if arguments.iter().any(fails) {
                self.perhaps_ends(End::Exit);
            }
        }
        let declares =
            matches!(command, "declare" | "typeset" | "local" | "integer" | "float") || (command == "readonly" && zsh);
        let local = declares && self.in_function > 0 && !global;
        for (name, value, at) in declared {
            if local {
                let surely = self.reach() == Reach::Always;
                self.variables.hide(&name, true, surely);
                if zsh && value.is_none() {
                    // There it is set, to nothing.
                    let reach = self.effect();
                    self.variables.change(&name, reach, |variable| variable.value = Value::Text(Secret::new("")));
                }
            } else if self.variables.is_hidden(&name)
                && (global || (command == "export" && (zsh || file.shell == Shell::Fish)))
            {
                self.unsure(file, &name, at, Why::NotFollowed);
                continue;
            }
            if zsh && !local && value.is_none() {
                let variable = self.variables.get(&name);
                match (&variable.value, variable.place) {
                    // Declared once more it is set, to nothing.
                    (Value::Unset, Some(_)) => self.unsure(file, &name, at, Why::NotFollowed),
                    (Value::Unset, None) => {
                        let reach = self.effect();
                        self.variables.change(&name, reach, |variable| variable.place = Some((Rc::clone(file), at)));
                    }
                    _ => {}
                }
            }
            if let Some(how) = how {
                self.export(file, &name, how, at);
            }
            if file.shell == Shell::Fish && value.is_none() {
                // It sets it to what it is, which may be nothing.
                match self.variables.get(&name).value {
                    Value::Text(_) => {}
                    Value::Unset => self.set(file, &name, Some(Secret::new("")), at),
                    _ => self.unsure(file, &name, at, Why::NotFollowed),
                }
            }
            if letters_of_reference {
                // Another name for a variable: what is set by it is not followed.
                self.gave_up |= self.is_reached();
            }
            if is_number && !local {
                self.numbers.insert(name.to_string());
            }
            let reach = self.effect();
            if changes {
                self.variables.change(&name, reach, |variable| {
                    variable.changes = true;
                    variable.value = Value::Unknown(Why::Computed);
                    variable.place.get_or_insert_with(|| (Rc::clone(file), at));
                });
            }
            if let Some(value) = value {
                if local {
                    let value = value.filter(|_| !changes).map(Text::into_secret);
                    self.variables.change(&name, reach, |variable| {
                        variable.value = value.map_or(Value::Unknown(Why::Computed), Value::Text);
                        variable.place = Some((Rc::clone(file), at));
                    });
                } else {
                    self.assign(file, &name, value, at);
                    // Whatever setting it alone would have come to.
                    if how == Some(Export::Yes) && self.exports_all.is_none() {
                        self.export(file, &name, Export::Yes, at);
                    }
                }
            }
            if fixed || command == "readonly" {
                self.variables.change(&name, reach, |variable| variable.fixed = true);
            }
        }
        if computed { Truth::UNKNOWN } else { Truth::known(true) }
    }

    /// It sets or exports variables whose names are not known.
    pub(super) fn declares_any(&mut self, word: &Word, file: &Rc<Loaded>, how: Option<Export>) {
        self.exports_unknown |= how == Some(Export::Yes);
        self.unfollowed(word, file);
        self.forget(Some((file, word.at)), Why::Computed);
    }

    pub(super) fn unset_all(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
        let flag = arguments.first().and_then(Word::bare).filter(|flag| flag.starts_with('-'));
        match flag {
            Some("-f") => {
                self.drop_functions(&arguments[1..]);
                return Truth::UNKNOWN;
            }
            Some("-v") | None => {}
            Some("-m") if arguments[1..].iter().all(|word| word.literal().is_some_and(|text| spares_ours(&text))) => {
                return Truth::UNKNOWN;
            }
            Some(_) => self.forget(Some((file, at)), Why::Program),
        }
        for word in arguments.iter().filter(|word| word.bare().is_none_or(|text| !text.starts_with('-'))) {
            // `NAME_{A,B}`
            if let Some((start, (names, end))) = word.bare().and_then(|text| {
                let (start, rest) = text.split_once('{')?;
                Some((start, rest.split_once('}')?))
            }) && file.shell != Shell::Sh
                && names.contains(',')
            {
                let names: Vec<_> = names.split(',').map(|name| format!("{start}{name}{end}")).collect();
                if names.iter().all(|name| is_name(name)) {
                    names.iter().for_each(|name| self.unset(file, name, word.at));
                    continue;
                }
            }
            match self.expand(word) {
                Some(name) if is_name(&name) => self.unset(file, &name, word.at),
                Some(name) if word.literal().is_some() => {
                    // An element, or nothing that has a name.
                    if let Some((name, _)) = name.split_once('[') {
                        self.unsure(file, name, word.at, Why::Computed);
                    }
                    if file.shell == Shell::Sh {
                        self.perhaps_ends(End::Exit);
                    }
                }
                _ => self.forget(Some((file, word.at)), Why::Computed),
            }
        }
        Truth::UNKNOWN
    }

    pub(super) fn drop_functions(&mut self, names: &[Word]) {
        for word in names {
            let Some(name) = word.literal() else { continue };
            match self.reach() {
                Reach::Always => drop(self.functions.remove(&*name)),
                Reach::Perhaps => self.blur_function(&name),
                _ => {}
            }
        }
    }

    pub(super) fn blur_function(&mut self, name: &str) {
        if let Some(all) = self.functions.get_mut(name) {
            all.iter_mut().for_each(|function| function.surely = false);
        }
    }
}

/// `NAME=text`, where the name of an alias may hold other signs too.
pub(super) fn named(word: &Word) -> Option<(String, Option<Word>)> {
    if let Some(assignment) = word.assignment(true) {
        return Some((assignment.name.to_string(), assignment.value));
    }
    let Some(Part::Text { text, .. }) = word.parts.first() else { return None };
    let (name, rest) = text.split_once('=')?;
    Some((name.to_string(), Some(word.behind(text.len() - rest.len()))))
}
