//! The commands of fish.

use std::rc::Rc;

use zeroize::Zeroizing;

use super::is_name;
use crate::secret::Secret;
use crate::shell::follow::{Alias, Alive, Loaded, Truth, Walk, counts};
use crate::shell::state::{Export, Value};
use crate::shell::syntax::{Part, Word};
use crate::shell::text::Text;
use crate::shell::{Act, Reach, Role, Shell, Why};

impl Walk<'_> {
    /// fish: the groups of a pattern that have names set variables.
    pub(super) fn string_match(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        let sub = arguments.first().and_then(Word::bare);
        let flag = |word: &&Word| word.bare().is_some_and(|text| text.starts_with('-'));
        let regex = |word: &Word| {
            word.bare().is_some_and(|text| text == "--regex" || (!text.starts_with("--") && text.contains('r')))
        };
        if sub != Some("match") || !arguments.iter().skip(1).take_while(|word| flag(word)).any(regex) {
            return Truth::UNKNOWN;
        }
        let Some(word) = arguments.iter().skip(1).find(|word| !flag(word)) else { return Truth::UNKNOWN };
        let Some(pattern) = word.literal().or_else(|| self.expand(word)) else {
            // Only what it is made of on the spot is looked at.
            let names = word.parts.iter().any(|part| match part {
                Part::Text { text, .. } | Part::Computed(text) => text.contains("?<") || text.contains("?P<"),
                _ => true,
            });
            if names {
                self.forget(Some((file, word.at)), Why::Computed);
            }
            return Truth::UNKNOWN;
        };
        for group in pattern.split("?<").chain(pattern.split("?P<")).skip(1) {
            if let Some((name, _)) = group.split_once('>').filter(|(name, _)| is_name(name)) {
                self.mention(file, name, word.at);
            }
        }
        Truth::UNKNOWN
    }

    /// fish: `argparse h/help name= -- $argv` sets `_flag_h` and the like.
    pub(super) fn argparse(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        for word in arguments.iter().take_while(|word| word.bare() != Some("--")) {
            let Some(text) = self.expand(word) else {
                self.forget(Some((file, word.at)), Why::Computed);
                continue;
            };
            for name in text.split(['/', '=', '!', '#', '?']).filter(|name| !name.is_empty()) {
                self.mention(file, &format!("_flag_{}", name.replace('-', "_")), word.at);
            }
        }
        Truth::UNKNOWN
    }

    // ------------------------------------------------------------------------------------------- fish

    pub(in crate::shell) fn fish_command(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let leading = words.iter().take_while(|word| word.is_assignment()).count();
        let mut rest = &words[leading..];
        let mut builtin = false;
        while rest.first().and_then(Word::bare).is_some_and(|name| matches!(name, "builtin" | "command")) {
            builtin = true;
            rest = &rest[1..];
        }
        for word in words {
            self.substitutions(word, file);
        }
        let Some(first) = rest.first() else { return Truth::UNKNOWN };
        let Some(name) = first.literal() else {
            let path = |part: &Part| matches!(part, Part::Text { text, .. } if text.contains('/'));
            if !first.parts.iter().any(path) {
                self.forget(Some((file, first.at)), Why::Program);
            }
            return Truth::UNKNOWN;
        };
        let arguments = &rest[1..];
        if !builtin {
            if let Some(truth) = self.alias(&name, rest, file) {
                return truth;
            }
            if !self.functions.contains_key(&*name)
                && let Some(path) = self.autoloaded.remove(&*name)
            {
                self.read_file(&path, Shell::Fish, (file, first.at));
            }
            if self.functions.contains_key(&*name) {
                for word in &words[..leading] {
                    self.unfollowed(word, file);
                }
                if let Some(truth) = self.call_named(&name, Vec::new()) {
                    return truth;
                }
            }
        }
        match &*name {
            "set" => self.fish_set(arguments, file),
            "status" => match arguments.first().and_then(Word::bare) {
                Some("is-interactive" | "--is-interactive" | "-i") => {
                    Truth { value: Some(self.role != Role::Login), by_terminal: true }
                }
                Some("is-login" | "--is-login" | "-l") => Truth::known(self.login),
                _ => Truth::UNKNOWN,
            },
            "alias" => {
                // `alias name 'text'` and `alias name='text'`.
                let words: Vec<&Word> =
                    arguments.iter().filter(|word| word.bare().is_none_or(|text| !text.starts_with('-'))).collect();
                match words.as_slice() {
                    [_] => return self.define_aliases(arguments),
                    [name, text] => {
                        let text = self.expand(text);
                        let surely = self.reach() == Reach::Always;
                        if let (Some(name), Reach::Always | Reach::Perhaps) = (name.literal(), self.reach()) {
                            self.aliases.insert(name.to_string(), Alias { text, surely });
                        }
                    }
                    _ => {}
                }
                Truth::UNKNOWN
            }
            "fish_add_path" => {
                self.unsure(file, "PATH", first.at, Why::Computed);
                Truth::UNKNOWN
            }
            "cd" | "pushd" | "popd" | "prevd" | "nextd" => {
                self.moves(file, first.at);
                Truth::UNKNOWN
            }
            "read" => self.read(arguments, file, first.at),
            "string" => self.string_match(arguments, file),
            "argparse" => self.argparse(arguments, file),
            "setenv" => {
                let [name, value] = arguments else {
                    arguments.iter().for_each(|word| self.unfollowed(word, file));
                    return Truth::UNKNOWN;
                };
                let flag = Word::of(name.at, Part::Text { text: Text::Plain("-gx"), quoted: false });
                self.fish_set(&[flag, name.clone(), value.clone()], file)
            }
            "functions" => {
                let erased =
                    arguments.first().and_then(Word::bare).is_some_and(|flag| matches!(flag, "-e" | "--erase"));
                for word in arguments.iter().skip(1).filter(|_| erased) {
                    if let Some(name) = word.literal() {
                        self.blur_function(&name);
                    }
                }
                Truth::UNKNOWN
            }
            "true" => Truth::known(true),
            "false" => Truth::known(false),
            "set_color" | "bind" | "abbr" | "unset" | "typeset" | "declare" | "local" | "setopt" | "readonly" | ":"
            | "unsetopt" | "shopt" | "emulate" | "let" | "mapfile" | "shift" | "unalias" | "integer" | "float" => {
                Truth::UNKNOWN
            }
            "export" | "." | "source" | "eval" | "return" | "exit" | "exec" | "test" | "[" | "trap" => {
                self.command(rest, file)
            }
            _ => Truth::UNKNOWN,
        }
    }

    /// What stands in parentheses runs in the shell itself.
    pub(in crate::shell) fn substitutions(&mut self, word: &Word, file: &Rc<Loaded>) {
        for part in word.parts.iter() {
            let Part::Computed(text) = part else { continue };
            let Some(inner) = text.trim_start_matches('$').strip_prefix('(').and_then(|text| text.strip_suffix(')'))
            else {
                continue;
            };
            let sets = ["set ", "setenv", "export", "source", "eval", "read"].iter().any(|word| inner.contains(word));
            let mut words = inner.split(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '('));
            if sets || words.any(|word| self.functions.contains_key(word) || self.autoloaded.contains_key(word)) {
                self.under(Truth::UNKNOWN, |walk| walk.read_text(inner, file, word.at));
            }
        }
    }

    pub(super) fn fish_set(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        let mut flags = String::new();
        let mut rest = arguments;
        while let Some(flag) = rest.first().and_then(Word::bare).filter(|text| text.starts_with('-') && text.len() > 1)
        {
            flags.push_str(match flag {
                "--export" => "x",
                "--unexport" => "u",
                "--global" => "g",
                "--universal" => "U",
                "--local" => "l",
                "--function" => "f",
                "--erase" => "e",
                "--query" => "q",
                "--append" | "--prepend" => "a",
                "--path" => "P",
                "--unpath" | "--show" | "--names" | "--long" => "",
                "--" => {
                    rest = &rest[1..];
                    break;
                }
                short => &short[1..],
            });
            rest = &rest[1..];
        }
        let Some(word) = rest.first() else { return Truth::UNKNOWN };
        if flags.contains('q') {
            return self.fish_query(rest, &flags);
        }
        let erases = flags.contains('e');
        let Some(name) = self.expand(word).filter(|name| is_name(name.split('[').next().unwrap_or_default())) else {
            self.exports_unknown |= flags.contains('x');
            self.forget(Some((file, word.at)), Why::Computed);
            return Truth::UNKNOWN;
        };
        if erases {
            for word in rest {
                match self.expand(word) {
                    Some(name) if is_name(&name) => self.fish_erase(&name, &flags, file, word.at),
                    Some(name) => self.unsure(file, name.split('[').next().unwrap_or_default(), word.at, Why::Computed),
                    None => self.forget(Some((file, word.at)), Why::Computed),
                }
            }
            return Truth::UNKNOWN;
        }
        if let Some((name, _)) = name.split_once('[') {
            self.unsure(file, name, word.at, Why::Computed);
            return Truth::UNKNOWN;
        }
        let value = self.fish_value(&name, &rest[1..], flags.contains(['a', 'p']));
        let export = if flags.contains('x') {
            Some(Export::Yes)
        } else if flags.contains('u') {
            Some(Export::No)
        } else {
            None
        };
        self.fish_assign(&name, value, export, &flags, file, word.at);
        Truth::UNKNOWN
    }

    pub(super) fn fish_query(&mut self, names: &[Word], flags: &str) -> Truth {
        let [word] = names else { return Truth::UNKNOWN };
        let Some(name) = word.literal().filter(|name| is_name(name)) else { return Truth::UNKNOWN };
        if flags.len() != 1 {
            return Truth::UNKNOWN;
        }
        match self.variables.value(&name) {
            Some(Value::Text(_) | Value::List(_) | Value::Unless(_)) => Truth::known(true),
            Some(Value::Unset) if counts(&name) => Truth::known(false),
            _ => Truth::UNKNOWN,
        }
    }

    pub(super) fn fish_value(&mut self, name: &str, words: &[Word], adds: bool) -> Value {
        const UNKNOWN: Value = Value::Unknown(Why::Computed);
        // What programs get of a list of folders has colons between them.
        if adds || (name.ends_with("PATH") && words.len() != 1) {
            return UNKNOWN;
        }
        let Some(texts) = words.iter().map(|word| self.expand(word)).collect::<Option<Vec<_>>>() else {
            return UNKNOWN;
        };
        let length = texts.iter().map(|text| text.len() + 1).sum();
        let mut joined = Zeroizing::new(String::with_capacity(length));
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                joined.push(' ');
            }
            joined.push_str(text);
        }
        let joined = Secret::new(joined.as_str());
        if texts.len() == 1 { Value::Text(joined) } else { Value::List(joined) }
    }

    pub(super) fn fish_assign(
        &mut self,
        name: &str,
        value: Value,
        export: Option<Export>,
        flags: &str,
        file: &Rc<Loaded>,
        at: usize,
    ) {
        if self.is_left_out(file, name, at) {
            return;
        }
        let text = match &value {
            Value::Text(text) | Value::List(text) => Some(text.clone()),
            _ => None,
        };
        let place = Some((Rc::clone(file), at));
        let reach = self.effect();
        let surely = self.reach() == Reach::Always;
        self.place(file, name, Act::Set, text, at);
        if self.shadowed.contains(name) {
            return self.unsure(file, name, at, Why::NotFollowed);
        }
        if flags.contains('U') {
            return self.universal(file, name, value, export, at);
        }
        if flags.contains('l') {
            self.variables.hide(name, false, surely);
        } else if flags.contains('f') {
            if self.in_function == 0 {
                if self.is_reached() {
                    self.shadowed.insert(name.to_owned());
                }
                return self.unsure(file, name, at, Why::NotFollowed);
            }
            self.variables.hide(name, true, surely);
        } else if flags.contains('g') {
            if self.variables.is_hidden(name) {
                return self.unsure(file, name, at, Why::NotFollowed);
            }
        } else if self.in_function > 0 && !self.variables.is_hidden(name) {
            match self.variables.get(name).value {
                // A new one is the function's own.
                Value::Unset => self.variables.hide(name, true, surely),
                Value::Text(_) | Value::List(_) => {}
                _ => return self.unsure(file, name, at, Why::NotFollowed),
            }
        }
        let global = flags.contains('g');
        let lies_below = self.universals.contains(name) && (global || !self.variables.get(name).universal);
        if export == Some(Export::No) && lies_below && !self.variables.is_hidden(name) {
            // Programs may get the universal one then, which it hides from the shell alone (observed).
            return self.unsure(file, name, at, Why::NotFollowed);
        }
        self.variables.change(name, reach, |variable| {
            if let Some(export) = export {
                variable.export = export;
                variable.export_unsure = false;
            } else if global && (variable.universal || matches!(variable.value, Value::Unless(_))) {
                variable.export = Export::Unknown;
            }
            variable.value = value;
            variable.universal &= !global;
            variable.place = place;
        });
        if matches!(self.alive, Alive::Yes) && matches!(name, "fish_user_paths" | "PATH") {
            self.unsure(file, "PATH", at, Why::Computed);
        }
    }

    pub(super) fn fish_erase(&mut self, name: &str, flags: &str, file: &Rc<Loaded>, at: usize) {
        let scoped = flags.contains(['l', 'f']);
        let variable = self.variables.get(name);
        let below = self.universals.contains(name) && !variable.universal;
        let elsewhere = flags.contains('U') && !variable.universal && !matches!(variable.value, Value::Unset);
        let above = flags.contains('g') && variable.universal;
        if scoped || below || elsewhere || above || matches!(variable.value, Value::Unless(_)) {
            self.place(file, name, Act::Unset, None, at);
            self.unsure(file, name, at, Why::NotFollowed);
            return;
        }
        self.unset(file, name, at);
    }
}
