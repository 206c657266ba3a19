//! What the commands of the shells do to variables.

use std::borrow::Cow;
use std::rc::Rc;

use zeroize::Zeroizing;

use super::follow::{Alias, Alive, CALLS, End, Loaded, Truth, VALUE, Walk, counts};
use super::programs;
use super::state::{Export, Value};
use super::syntax::{Assignment, Part, Word};
use super::text::Text;
use super::{Act, Reach, Role, Shell, Why};
use crate::secret::Secret;

/// What has a meaning of its own with an assignment before it.
const SPECIAL: [&str; 10] = ["export", "readonly", "declare", "typeset", "unset", "eval", "source", ".", ":", "set"];

/// What `dash` does not know, and another `sh` may.
const NOT_OF_EVERY_SH: [&str; 8] = ["source", "declare", "typeset", "shopt", "setopt", "mapfile", "readarray", "let"];

/// Functions that come with zsh and set nothing of ours.
const OF_ZSH: [&str; 14] = [
    "add-zsh-hook",
    "bashcompinit",
    "bracketed-paste-magic",
    "colors",
    "compinit",
    "down-line-or-beginning-search",
    "edit-command-line",
    "is-at-least",
    "promptinit",
    "run-help",
    "up-line-or-beginning-search",
    "url-quote-magic",
    "vcs_info",
    "zmv",
];

/// Variables with commands that run before a prompt.
const HOOKS: [&str; 4] = ["PROMPT_COMMAND", "precmd_functions", "chpwd_functions", "periodic_functions"];

/// A variable as a command names it: its name, what it is set to if it is, and where.
type Declared<'w> = (Cow<'w, str>, Option<Option<Text>>, usize);

impl Walk<'_> {
    pub(super) fn command(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        for word in words {
            self.default_assignments(word, file);
        }
        let leading = words.iter().take_while(|word| word.is_assignment()).count();
        let mut rest = &words[leading..];
        if rest.is_empty() {
            return self.assignments(words, file);
        }
        let bare = rest[0].bare().is_some();
        let mut name = rest[0].literal();
        let mut builtin = false;
        while matches!(name.as_deref(), Some("command" | "builtin" | "noglob" | "nocorrect" | "-")) && rest.len() > 1 {
            builtin |= matches!(name.as_deref(), Some("command" | "builtin"));
            rest = &rest[1..];
            name = rest[0].literal();
        }
        let at = rest[0].at;
        let arguments = &rest[1..];
        let Some(name) = name else {
            // A program with its path; anything else may be any command.
            let path = |part: &Part| matches!(part, Part::Text { text, .. } if text.contains('/'));
            if !rest[0].parts.iter().any(path) {
                self.forget(Some((file, at)), Why::Program);
            }
            return Truth::UNKNOWN;
        };
        if bare
            && !builtin
            && let Some(truth) = self.alias(&name, rest, file)
        {
            return truth;
        }
        let function = !builtin && self.functions.get(&*name).is_some_and(|all| !all.is_empty());
        if leading > 0 && (function || SPECIAL.contains(&&*name)) {
            // Whether it lasts depends on the shell.
            for word in words {
                self.unfollowed(word, file);
            }
        }
        if function {
            let given = self.given(arguments);
            if let Some(truth) = self.call_named(&name, given) {
                return truth;
            }
        }
        if file.shell == Shell::Sh && NOT_OF_EVERY_SH.contains(&&*name) {
            for word in arguments {
                self.unfollowed(word, file);
            }
            if &*name == "source" {
                self.forget(Some((file, at)), Why::Program);
            }
            return Truth::UNKNOWN;
        }
        match &*name {
            "alias" => self.define_aliases(arguments),
            "unalias" => {
                let all = arguments.iter().any(|word| word.bare() == Some("-a"));
                let known = matches!(self.reach(), Reach::Always);
                for (name, alias) in &mut self.aliases {
                    if all || arguments.iter().any(|word| word.literal().is_some_and(|text| *text == *name)) {
                        alias.surely = false;
                    }
                }
                if all && known {
                    self.aliases.clear();
                }
                Truth::UNKNOWN
            }
            "export" => self.declare(arguments, &name, Some(Export::Yes), file),
            "readonly" | "declare" | "typeset" | "local" | "integer" | "float" => {
                self.declare(arguments, &name, None, file)
            }
            "unset" => self.unset_all(arguments, file, at),
            "source" | "." => self.source(arguments, file, at),
            "return" => self.end(End::Return, at, file),
            "exit" | "logout" | "bye" => self.end(End::Exit, at, file),
            "exec" if arguments.iter().any(|word| word.bare().is_none_or(|text| !text.starts_with('-'))) => {
                self.end(End::Exit, at, file)
            }
            "set" => {
                self.options(arguments);
                Truth::known(true)
            }
            "shift" => {
                self.forget_arguments();
                Truth::UNKNOWN
            }
            "setopt" | "unsetopt" => {
                self.zsh_options(arguments, &*name == "setopt");
                Truth::known(true)
            }
            "emulate" => {
                // `emulate -L zsh` is what every function begins with.
                let zsh = arguments.iter().all(|word| matches!(word.bare(), Some("-L" | "-R" | "-LR" | "zsh")));
                if !zsh {
                    self.forget(Some((file, at)), Why::Program);
                }
                Truth::UNKNOWN
            }
            "eval" => self.eval(arguments, file, at),
            "trap" => {
                for word in arguments {
                    self.unfollowed(word, file);
                }
                Truth::UNKNOWN
            }
            "read" | "printf" | "print" | "mapfile" | "readarray" | "vared" | "getopts" | "let" | "zparseopts" => {
                for word in arguments {
                    match word.bare() {
                        Some(name) if counts(name) => self.mention(file, name, word.at),
                        _ if &*name == "let" => self.unfollowed(word, file),
                        _ => {}
                    }
                }
                Truth::UNKNOWN
            }
            "autoload" => {
                let own = |word: &Word| word.literal().filter(|name| !OF_ZSH.contains(&&**name));
                self.unread_functions.extend(arguments.iter().filter_map(own).map(|name| name.to_string()));
                Truth::UNKNOWN
            }
            "add-zsh-hook" => {
                self.hooks.extend(arguments.iter().filter_map(|word| Some(word.bare()?.to_owned())));
                Truth::UNKNOWN
            }
            "[" => {
                let closed = arguments.last().and_then(Word::bare) == Some("]");
                if closed { self.test_of(&arguments[..arguments.len() - 1], file) } else { Truth::UNKNOWN }
            }
            "test" => self.test_of(arguments, file),
            "true" | ":" => Truth::known(true),
            "false" => Truth::known(false),
            "shopt" => self.shopt(arguments),
            other if self.unread_functions.contains(other) => {
                self.forget(Some((file, at)), Why::Program);
                Truth::UNKNOWN
            }
            _ => Truth::UNKNOWN,
        }
    }

    fn test_of(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        // dash takes no `==`.
        if file.shell == Shell::Sh && arguments.iter().any(|word| word.bare() == Some("==")) {
            return Truth::UNKNOWN;
        }
        self.test(arguments, false)
    }

    fn shopt(&mut self, arguments: &[Word]) -> Truth {
        let asks: Vec<_> = arguments.iter().filter_map(Word::bare).collect();
        if asks == ["-q", "login_shell"] {
            return Truth::known(self.login);
        }
        // A command that expands no alias, or patterns that match otherwise.
        self.odd_patterns |= asks.iter().any(|word| word.contains("glob") || word.contains("case"));
        if asks.contains(&"expand_aliases") && asks.contains(&"-u") {
            self.aliases.values_mut().for_each(|alias| alias.surely = false);
        }
        Truth::UNKNOWN
    }

    fn assignments(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let mut computed = false;
        for word in words {
            if let Some((name, value)) = word.plain_assignment().filter(|(_, value)| value.len() <= VALUE) {
                self.assign(file, name, Some(value.into()), word.at);
                continue;
            }
            let Some(assignment) = word.assignment(false) else { continue };
            let value = self.assigned(&assignment, file);
            computed |= word.parts.iter().any(|part| matches!(part, Part::Computed(_)));
            self.assign(file, &assignment.name, value, word.at);
        }
        if computed { Truth::UNKNOWN } else { Truth::known(true) }
    }

    fn assign(&mut self, file: &Rc<Loaded>, name: &str, value: Option<Text>, at: usize) {
        if HOOKS.contains(&name) {
            match &value {
                Some(text) => {
                    self.mentions(file, text, at);
                    let names = text.split(|c: char| c.is_whitespace() || c == ';').map(str::to_owned);
                    self.hooks.extend(names);
                }
                // Anything may stand there; each function may be it.
                None => self.hooks.extend(self.functions.keys().cloned().collect::<Vec<_>>()),
            }
        }
        self.set(file, name, value.map(Text::into_secret), at);
        if name == "path" && file.shell == Shell::Zsh {
            self.unsure(file, "PATH", at, Why::Computed);
        }
    }

    /// What an assignment sets its variable to.
    fn assigned(&mut self, assignment: &Assignment, file: &Rc<Loaded>) -> Option<Text> {
        let word = assignment.value.as_ref()?;
        // zsh: `=name` is where the program lies.
        if file.shell == Shell::Zsh
            && matches!(word.parts.first(), Some(Part::Text { text, quoted: false }) if text.starts_with('='))
        {
            return None;
        }
        let value = self.expand(word)?;
        if !assignment.adds {
            return Some(value);
        }
        if file.shell == Shell::Sh || self.variables.get(&assignment.name).changes {
            return None;
        }
        let before = self.value_of(&assignment.name)?;
        if std::mem::take(&mut self.rough) {
            return None;
        }
        let mut all = before;
        all.push(&value);
        Some(all)
    }

    /// `${NAME:=word}` sets it on the way, `${NAME:?}` may end the file.
    fn default_assignments(&mut self, word: &Word, file: &Rc<Loaded>) {
        for part in word.parts.iter() {
            match part {
                Part::Assign(name) => {
                    self.place(file, name, Act::Mention, None, word.at);
                    let reach = self.reach();
                    self.variables.change(name, reach, |variable| {
                        variable.value = Value::Unknown(Why::Computed);
                        variable.place = Some((Rc::clone(file), word.at));
                    });
                    if self.exports_all != Some(false) {
                        self.export(file, name, Export::Unknown, word.at);
                    }
                }
                Part::Computed(text) if text.contains('?') && is_demand(text) => self.perhaps_ends(End::Exit),
                _ => {}
            }
        }
    }

    /// Names of interest in a word whose text is a program.
    pub(super) fn unfollowed(&mut self, word: &Word, file: &Rc<Loaded>) {
        for part in word.parts.iter() {
            if let Part::Text { text, .. } | Part::Computed(text) = part {
                let mut seen = std::collections::BTreeSet::new();
                for name in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                    if !name.is_empty() && counts(name) && seen.insert(name) {
                        self.mention(file, name, word.at);
                    }
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------- aliases

    fn define_aliases(&mut self, arguments: &[Word]) -> Truth {
        for word in arguments {
            let Some((name, value)) = named(word) else { continue };
            let text = value.and_then(|value| self.expand(&value));
            let surely = match self.reach() {
                Reach::Always => true,
                Reach::Perhaps => false,
                _ => continue,
            };
            self.aliases.insert(name, Alias { text, surely });
        }
        Truth::UNKNOWN
    }

    /// What a command comes to by an alias. None: it is none, or surely none.
    fn alias(&mut self, name: &str, words: &[Word], file: &Rc<Loaded>) -> Option<Truth> {
        // While it is gone through it is no alias, unless what it runs makes it one again.
        let alias = self.aliases.remove(name)?;
        if self.calls >= CALLS {
            self.gave_up |= matches!(self.reach(), Reach::Always | Reach::Perhaps);
            self.aliases.insert(name.to_owned(), alias);
            return Some(Truth::UNKNOWN);
        }
        self.calls += 1;
        let run = |walk: &mut Self| match &alias.text {
            Some(text) => walk.aliased(text, words, file),
            None => {
                walk.forget(Some((file, words[0].at)), Why::Program);
                Truth::UNKNOWN
            }
        };
        let truth = if alias.surely {
            run(self)
        } else {
            self.under(Truth::UNKNOWN, run);
            self.under(Truth::UNKNOWN, |walk| walk.command(words, file));
            Truth::UNKNOWN
        };
        self.calls -= 1;
        self.aliases.entry(name.to_owned()).or_insert(alias);
        Some(truth)
    }

    fn aliased(&mut self, text: &str, words: &[Word], file: &Rc<Loaded>) -> Truth {
        if text.contains([';', '|', '&', '\n', '(', '`', '$', '<', '>', '{', '#']) {
            self.read_text(text, file, words[0].at);
            for word in &words[1..] {
                self.unfollowed(word, file);
            }
            return Truth::UNKNOWN;
        }
        let mut all: Vec<Word> = Vec::new();
        for text in text.split_ascii_whitespace() {
            if text.contains(['\'', '"', '\\', '~']) {
                for word in words {
                    self.unfollowed(word, file);
                }
                self.mentions(file, text, words[0].at);
                return self.read_text(text, file, words[0].at);
            }
            all.push(Word::of(words[0].at, Part::Text { text: text.into(), quoted: false }));
        }
        all.extend(words[1..].iter().cloned());
        match file.shell {
            _ if all.is_empty() => Truth::known(true),
            Shell::Fish => self.fish_command(&all, file),
            _ => self.command(&all, file),
        }
    }

    // ------------------------------------------------------------------------------------------- other programs

    fn source(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
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
            } else if !self.read_file(&path, file.shell, (file, at)) && file.shell == Shell::Sh {
                // dash ends the file where there is none.
                self.perhaps_ends(End::Return);
            }
            return Truth::UNKNOWN;
        }
        // From the folder where the shell is opened, as a rule the home; without a slash from where programs lie first.
        let here = self.person.platform.join(&self.person.home, &path);
        let found = self.under_unknown(|walk| walk.read_file(&here, file.shell, (file, at)));
        if !found && !path.contains('/') {
            self.forget(Some((file, at)), Why::Program);
        }
        Truth::UNKNOWN
    }

    fn under_unknown(&mut self, walk: impl FnOnce(&mut Self) -> bool) -> bool {
        let mut answer = false;
        self.under(Truth::UNKNOWN, |inner| {
            answer = walk(inner);
            Truth::UNKNOWN
        });
        answer
    }

    /// The shell runs what a command prints.
    fn output_of(&mut self, word: &Word, file: &Rc<Loaded>, at: usize) {
        let sets = match &*word.parts {
            [Part::Computed(text)] => programs::sets(text),
            [Part::Text { text, .. }, Part::Computed(computed)] if text.is_empty() => programs::sets(computed),
            _ => None,
        };
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

    fn eval(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
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

    // ------------------------------------------------------------------------------------------- declarations

    /// `export`, `declare` and their kin.
    fn declare(&mut self, arguments: &[Word], command: &str, how: Option<Export>, file: &Rc<Loaded>) -> Truth {
        let zsh = file.shell == Shell::Zsh;
        let mut how = how;
        let mut letters_of_reference = false;
        let (mut global, mut changes, mut fixed) = (false, matches!(command, "integer" | "float"), false);
        let mut computed = false;
        let mut declared: Vec<Declared<'_>> = Vec::new();
        for word in arguments {
            if let Some(flag) = word.bare().filter(|flag| flag.len() > 1 && flag.starts_with(['-', '+'])) {
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
                global |= letters.contains('g');
                letters_of_reference |= letters.contains('n') && command != "export" && file.shell == Shell::Bash;
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
                            if is_name(name) && (word.literal().is_some() || !text.contains(char::is_whitespace)) =>
                        {
                            declared.push((name.to_owned().into(), Some(Some(value.into())), word.at));
                        }
                        _ if word.literal().is_some() && file.shell == Shell::Bash => {}
                        _ if word.literal().is_some() => self.perhaps_ends(End::Exit),
                        _ => self.declares_any(word, file, how),
                    },
                    // What is no name is passed over, or ends the file.
                    Some(_) if file.shell == Shell::Bash || file.shell == Shell::Fish => {}
                    Some(_) => self.perhaps_ends(End::Exit),
                    None => self.declares_any(word, file, how),
                },
            }
        }
        let declares =
            matches!(command, "declare" | "typeset" | "local" | "integer" | "float") || (command == "readonly" && zsh);
        let local = declares && self.in_function > 0 && !global;
        for (name, value, at) in declared {
            if local {
                let surely = self.reach() == Reach::Always;
                self.variables.hide(&name, true, surely);
            } else if self.variables.is_hidden(&name) && (global || (zsh && command == "export")) {
                self.unsure(file, &name, at, Why::NotFollowed);
                continue;
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
                self.gave_up |= matches!(self.reach(), Reach::Always | Reach::Perhaps);
            }
            let reach = self.reach();
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
                }
            }
            if fixed || command == "readonly" {
                self.variables.change(&name, reach, |variable| variable.fixed = true);
            }
        }
        if computed { Truth::UNKNOWN } else { Truth::known(true) }
    }

    /// It sets or exports variables whose names are not known.
    fn declares_any(&mut self, word: &Word, file: &Rc<Loaded>, how: Option<Export>) {
        self.exports_unknown |= how == Some(Export::Yes);
        self.unfollowed(word, file);
        self.forget(Some((file, word.at)), Why::Computed);
    }

    fn unset_all(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
        let flag = arguments.first().and_then(Word::bare).filter(|flag| flag.starts_with('-'));
        match flag {
            Some("-f") => {
                for word in &arguments[1..] {
                    let Some(name) = word.literal() else { continue };
                    match self.reach() {
                        Reach::Always => drop(self.functions.remove(&*name)),
                        Reach::Perhaps => self.blur_function(&name),
                        _ => {}
                    }
                }
                return Truth::UNKNOWN;
            }
            Some("-v") | None => {}
            Some(_) => self.forget(Some((file, at)), Why::Program),
        }
        for word in arguments.iter().filter(|word| word.bare().is_none_or(|text| !text.starts_with('-'))) {
            match self.expand(word) {
                Some(name) if is_name(&name) => self.unset(file, &name, word.at),
                Some(name) if word.literal().is_some() => {
                    // An element, or nothing that has a name.
                    if let Some((name, _)) = name.split_once('[') {
                        self.unsure(file, name, word.at, Why::Computed);
                    }
                }
                _ => self.forget(Some((file, word.at)), Why::Computed),
            }
        }
        Truth::UNKNOWN
    }

    fn blur_function(&mut self, name: &str) {
        if let Some(all) = self.functions.get_mut(name) {
            all.iter_mut().for_each(|function| function.surely = false);
        }
    }

    // ------------------------------------------------------------------------------------------- options

    /// `set -a`, `set -o allexport`, and what may end a file early.
    fn options(&mut self, arguments: &[Word]) {
        let mut named = None;
        for word in arguments {
            let Some(text) = word.bare() else { return self.forget_arguments() };
            if let Some(on) = named.take() {
                match text {
                    "allexport" => self.set_exports_all(on),
                    "errexit" | "nounset" | "noexec" if on => self.perhaps_ends(End::Exit),
                    "posix" | "noglob" => self.odd_patterns = true,
                    _ => {}
                }
                continue;
            }
            let on = text.starts_with('-');
            if text == "--" || !text.starts_with(['-', '+']) {
                return self.forget_arguments();
            }
            if text.contains('a') {
                self.set_exports_all(on);
            }
            if on && text.contains(['e', 'u', 'n', 't']) {
                self.perhaps_ends(End::Exit);
            }
            self.odd_patterns |= text.contains('f');
            if text.ends_with('o') {
                named = Some(on);
            }
        }
    }

    fn zsh_options(&mut self, arguments: &[Word], on: bool) {
        for word in arguments {
            let Some(text) = word.literal() else { continue };
            let option = text.to_ascii_lowercase().replace('_', "");
            let (option, on) = match option.strip_prefix("no").filter(|_| option != "nomatch" && option != "notify") {
                Some(rest) => (rest.to_owned(), !on),
                None => (option, on),
            };
            match (option.as_str(), on) {
                ("allexport", _) => self.set_exports_all(on),
                ("rcs" | "globalrcs", false) | ("errexit" | "errreturn" | "exec", true) | ("unset", false) => {
                    self.perhaps_ends(End::Exit);
                }
                ("aliases", false) => self.aliases.values_mut().for_each(|alias| alias.surely = false),
                _ => {}
            }
            self.odd_patterns |= option.contains("glob") || option.contains("match") || option.contains("case");
        }
    }

    fn set_exports_all(&mut self, on: bool) {
        match self.reach() {
            Reach::Always => self.exports_all = Some(on),
            Reach::Perhaps if self.exports_all != Some(on) => self.exports_all = None,
            _ => {}
        }
    }

    fn forget_arguments(&mut self) {
        if let Some(arguments) = self.arguments.last_mut() {
            arguments.clear();
        }
    }

    /// What a function is given. None: not known, nor is anything behind it if it may be more than one.
    fn given(&mut self, arguments: &[Word]) -> Vec<Option<Text>> {
        let mut given = Vec::new();
        for word in arguments {
            let plain = |part: &Part| match part {
                Part::Text { text, quoted } => *quoted || !text.contains(['*', '?', '[', '{', '~']),
                _ => false,
            };
            let odd = |text: &str| text.is_empty() || text.contains([' ', '\t', '\n', '*', '?', '[']);
            match self.expand(word) {
                Some(text) if word.parts.iter().all(plain) || !odd(&text) => given.push(Some(text)),
                _ => break,
            }
        }
        given
    }

    // ------------------------------------------------------------------------------------------- fish

    pub(super) fn fish_command(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let leading = words.iter().take_while(|word| word.is_assignment()).count();
        let mut rest = &words[leading..];
        let mut builtin = false;
        while rest.first().and_then(Word::bare).is_some_and(|name| matches!(name, "builtin" | "command")) {
            builtin = true;
            rest = &rest[1..];
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
            "read" => {
                for word in arguments {
                    if let Some(name) = word.bare().filter(|name| counts(name)) {
                        self.mention(file, name, word.at);
                    }
                }
                Truth::UNKNOWN
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

    fn fish_set(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
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

    fn fish_query(&mut self, names: &[Word], flags: &str) -> Truth {
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

    fn fish_value(&mut self, name: &str, words: &[Word], adds: bool) -> Value {
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

    fn fish_assign(
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
        let reach = self.reach();
        let surely = reach == Reach::Always;
        self.place(file, name, Act::Set, text, at);
        if flags.contains('U') {
            return self.universal(file, name, value, export, at);
        }
        if flags.contains('l') {
            self.variables.hide(name, false, surely);
        } else if flags.contains('f') {
            if self.in_function == 0 {
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

    fn fish_erase(&mut self, name: &str, flags: &str, file: &Rc<Loaded>, at: usize) {
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

/// `NAME=text`, where the name of an alias may hold other signs too.
fn named(word: &Word) -> Option<(String, Option<Word>)> {
    if let Some(assignment) = word.assignment(true) {
        return Some((assignment.name.to_string(), assignment.value));
    }
    let Some(Part::Text { text, .. }) = word.parts.first() else { return None };
    let (name, rest) = text.split_once('=')?;
    Some((name.to_string(), Some(word.behind(text.len() - rest.len()))))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.as_bytes()[0].is_ascii_digit()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a word has to do with a variable.
fn mentions(word: &Word, name: &str) -> bool {
    word.parts.iter().any(|part| match part {
        Part::Variable(other) | Part::Assign(other) => &**other == name,
        Part::Default { name: other, word, .. } => &**other == name || mentions(word, name),
        Part::Computed(text) => text.contains(name),
        Part::Text { .. } => false,
    })
}

/// `NAME:?text`, as it stands in braces.
fn is_demand(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    rest.len() < text.len() && (rest.starts_with(":?") || rest.starts_with('?'))
}
