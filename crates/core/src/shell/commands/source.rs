//! Files that are read within others, and text that is run: `source`, `eval`, the output of a command.

use std::rc::Rc;

use zeroize::Zeroizing;

use super::printed;
use crate::shell::follow::{End, Loaded, Truth, Walk};
use crate::shell::state::Value;
use crate::shell::syntax::{Part, Word};
use crate::shell::text::Text;
use crate::shell::{Shell, Why, programs};

impl Walk<'_> {
    // ------------------------------------------------------------------------------------------- other programs

    pub(super) fn source(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
        let arguments = match arguments {
            [first, rest @ ..] if first.bare() == Some("--") => rest,
            all => all,
        };
        let Some(word) = arguments.first() else { return Truth::UNKNOWN };
        let Some(path) = self.expand(word) else {
            self.output_of(word, file, at);
            return Truth::UNKNOWN;
        };
        if path.starts_with('/') {
            if path.starts_with("/dev/") || path.starts_with("/proc/") {
                self.forget(Some((file, at)), Why::Program);
            } else if !self.read_with(&path, &arguments[1..], file, at) && file.shell == Shell::Sh {
                // dash ends this file and those around it where there is none.
                self.perhaps_ends(End::Exit);
            }
            return Truth::UNKNOWN;
        }
        // From the folder where the shell is opened, as a rule the home; without a slash from where programs lie first.
        let here = self.person.platform.join(&self.person.home, &path);
        let found = self.under_unknown(|walk| walk.read_with(&here, &arguments[1..], file, at));
        if self.moved || (!found && !path.contains('/')) {
            self.forget(Some((file, at)), Why::Program);
        }
        Truth::UNKNOWN
    }

    /// Goes through a file as `source` does, which may hand it arguments of its own.
    pub(super) fn read_with(&mut self, path: &str, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> bool {
        let own = !arguments.is_empty() && file.shell != Shell::Sh;
        if own {
            let given = self.given(arguments);
            self.arguments.push(given);
        }
        let found = self.read_file(path, file.shell, (file, at));
        if own {
            self.arguments.pop();
        }
        found
    }

    /// It goes to another folder.
    pub(super) fn moves(&mut self, file: &Rc<Loaded>, at: usize) {
        self.moved |= self.is_reached();
        for name in ["PWD", "OLDPWD"] {
            self.mention(file, name, at);
        }
    }

    pub(super) fn under_unknown(&mut self, walk: impl FnOnce(&mut Self) -> bool) -> bool {
        let mut answer = false;
        self.under(Truth::UNKNOWN, |inner| {
            answer = walk(inner);
            Truth::UNKNOWN
        });
        answer
    }

    /// The shell runs what a command prints.
    pub(super) fn output_of(&mut self, word: &Word, file: &Rc<Loaded>, at: usize) {
        // Powerlevel10k keeps there what its prompt looked like.
        if word
            .parts
            .iter()
            .any(|part| matches!(part, Part::Text { text, .. } if text.contains("/p10k-instant-prompt-")))
        {
            return;
        }
        let printed = printed(word).cloned().or_else(|| match &*word.parts {
            [Part::Variable(name)] => self.output_in(name),
            [Part::Text { text, .. }, Part::Variable(name)] if text.is_empty() => self.output_in(name),
            _ => None,
        });
        let sets = printed.and_then(|text| programs::sets(&text));
        match sets {
            Some(names) => {
                for name in names {
                    self.unsure(file, name, at, Why::Program);
                }
            }
            None => {
                self.unfollowed(word, file);
                self.forget(Some((file, at)), Why::Program);
            }
        }
    }

    /// The command whose output a variable holds.
    pub(super) fn output_in(&self, name: &str) -> Option<Text> {
        let (file, at, text) = self.outputs.get(name)?;
        let variable = self.variables.get(name);
        let (now, place) = variable.place?;
        let same = Rc::ptr_eq(file, &now) && *at == place && matches!(variable.value, Value::Unknown(Why::Computed));
        same.then(|| text.clone())
    }

    pub(super) fn eval(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
        let arguments = match arguments {
            [first, rest @ ..] if first.bare() == Some("--") => rest,
            all => all,
        };
        let texts: Option<Vec<_>> = arguments.iter().map(|word| self.expand(word)).collect();
        if let Some(texts) = texts {
            let length = texts.iter().map(|text| text.len() + 1).sum();
            let mut program = Zeroizing::new(String::with_capacity(length));
            for text in &texts {
                program.push_str(text);
                program.push(' ');
            }
            return self.read_text(&program, file, at);
        }
        if let [one] = arguments {
            self.output_of(one, file, at);
        } else {
            for word in arguments {
                self.unfollowed(word, file);
            }
            // `eval $(brew shellenv)` comes as one word; more of them are not told apart.
            self.forget(Some((file, at)), Why::Program);
        }
        self.exports_unknown |=
            arguments.iter().any(|word| word.parts.iter().any(|part| matches!(part, Part::Variable(_))));
        Truth::UNKNOWN
    }

    /// What a function is given. None: not known, nor is anything behind it if it may be more than one.
    pub(super) fn given(&mut self, arguments: &[Word]) -> Vec<Option<Text>> {
        let mut given = Vec::new();
        for word in arguments {
            let plain = |part: &Part| match part {
                Part::Text { text, quoted } => *quoted || !text.contains(['*', '?', '[', '{', '~']),
                _ => false,
            };
            match self.expand(word) {
                Some(text) if word.parts.iter().all(plain) || self.is_one_word(&text) => given.push(Some(text)),
                _ => break,
            }
        }
        given
    }
}
