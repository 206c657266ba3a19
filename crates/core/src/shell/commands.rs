//! What the commands of the shells do to variables.

mod assign;
mod declare;
mod fish;
mod options;
mod source;
mod zsh;

use std::rc::Rc;

use crate::claude_code::variables;
use crate::shell::follow::{Alias, CALLS, End, Loaded, Truth, Walk};
use crate::shell::state::Export;
use crate::shell::syntax::{Part, Word};
use crate::shell::text::Text;
use crate::shell::{Reach, Shell, Why};
use declare::named;
use zsh::{OF_ZSH, RUN_BY_ZSH, is_old_zsh, names_unknown_option};

/// What has a meaning of its own with an assignment before it.
const SPECIAL: [&str; 10] = ["export", "readonly", "declare", "typeset", "unset", "eval", "source", ".", ":", "set"];

/// What `dash` does not know, and another `sh` may.
const NOT_OF_EVERY_SH: [&str; 8] = ["source", "declare", "typeset", "shopt", "setopt", "mapfile", "readarray", "let"];

impl Walk<'_> {
    pub(super) fn command(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let leading = words.iter().take_while(|word| word.is_assignment()).count();
        let mut rest = &words[leading..];
        if rest.is_empty() {
            return self.assignments(words, file);
        }
        for (index, word) in words.iter().enumerate() {
            self.default_assignments(word, file, index < leading && index > 0);
        }
        let bare = rest[0].bare().is_some();
        let mut name = rest[0].literal();
        let mut builtin = false;
        let mut globs = true;
        while matches!(name.as_deref(), Some("command" | "builtin" | "noglob" | "nocorrect" | "-")) && rest.len() > 1 {
            builtin |= matches!(name.as_deref(), Some("command" | "builtin"));
            globs &= name.as_deref() != Some("noglob");
            if file.shell == Shell::Zsh && name.as_deref() == Some("command") {
                // There it runs programs only.
                self.zsh_errors("", &rest[1..], false, file);
                return Truth::UNKNOWN;
            }
            rest = &rest[1..];
            name = rest[0].literal();
        }
        let at = rest[0].at;
        let arguments = &rest[1..];
        let Some(name) = name else {
            if self.sets_element(&rest[0], file) {
                return Truth::UNKNOWN;
            }
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
        // `name["key"]=value`
        if name.contains("]=")
            && let Some((element, _)) = name.split_once('[').filter(|(element, _)| is_name(element))
        {
            let table = self.variables.manner(element).1;
            self.mention(file, element, at);
            if !table {
                self.zsh_error(file);
            }
        }
        if file.shell == Shell::Zsh {
            self.zsh_errors(&name, arguments, globs && (function || RUN_BY_ZSH.binary_search(&&*name).is_ok()), file);
            if words[..leading]
                .iter()
                .filter_map(|word| word.assignment(false))
                .any(|a| self.variables.manner(&a.name).0)
            {
                self.perhaps_ends(End::Exit);
            }
        }
        if leading > 0 && (function || SPECIAL.contains(&&*name)) {
            // Whether it lasts depends on the shell.
            for word in words {
                self.unfollowed(word, file);
            }
            if function || matches!(&*name, "eval" | "source" | ".") {
                // What is set within may be gone with it.
                let names: Vec<_> = words[..leading].iter().filter_map(|word| word.assignment(false)).collect();
                names.iter().for_each(|assignment| self.unsure(file, &assignment.name, words[0].at, Why::NotFollowed));
                let truth = self.command(&words[leading..], file);
                names.iter().for_each(|assignment| self.unsure(file, &assignment.name, words[0].at, Why::NotFollowed));
                return truth;
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
            "unfunction" => {
                self.drop_functions(arguments);
                Truth::UNKNOWN
            }
            "source" | "." => self.source(arguments, file, at),
            "return" => self.end(End::Return, at, file),
            "exit" | "logout" | "bye" => self.end(End::Exit, at, file),
            "exec" if arguments.iter().any(|word| word.bare().is_none_or(|text| !is_flag_or_descriptor(text))) => {
                // What opens the same shell again, within, reads the same files.
                let opens_again = |word: &Word| matches!(word.bare(), Some("tmux" | "screen" | "zellij" | "byobu"));
                self.perhaps_replaced |= self.is_reached() && !arguments.first().is_some_and(opens_again);
                self.end(End::Exit, at, file)
            }
            "set" => {
                if file.shell == Shell::Zsh && names_unknown_option(arguments) {
                    self.zsh_error(file);
                }
                self.options(arguments);
                Truth::known(true)
            }
            "shift" => {
                // Where there is nothing to shift, dash ends the file.
                if file.shell == Shell::Sh {
                    self.perhaps_ends(End::Exit);
                }
                self.forget_arguments();
                Truth::UNKNOWN
            }
            "setopt" | "unsetopt" => {
                self.zsh_options(arguments, &*name == "setopt");
                Truth::known(true)
            }
            "emulate" => {
                // `emulate -L zsh` is what every function begins with; behind `-o` stands an option.
                let mut option = false;
                let zsh = arguments.iter().all(|word| match word.bare() {
                    Some("-o") => {
                        option = true;
                        true
                    }
                    Some(text) if std::mem::take(&mut option) => text.ends_with("glob"),
                    text => matches!(text, Some("-L" | "-R" | "-LR" | "zsh")),
                });
                if !zsh {
                    self.forget(Some((file, at)), Why::Program);
                }
                Truth::UNKNOWN
            }
            "cd" | "chdir" | "pushd" | "popd" => {
                self.moves(file, at);
                Truth::UNKNOWN
            }
            "eval" => self.eval(arguments, file, at),
            "trap" => {
                for word in arguments {
                    self.unfollowed(word, file);
                }
                Truth::UNKNOWN
            }
            "read" | "mapfile" | "readarray" | "vared" | "getln" => self.read(arguments, file, at),
            "printf" | "print" => self.print(arguments, file),
            "getopts" => {
                for name in ["OPTARG", "OPTIND"] {
                    self.mention(file, name, at);
                }
                self.targets(arguments.get(1..2).unwrap_or_default(), file);
                Truth::UNKNOWN
            }
            "let" => {
                arguments.iter().for_each(|word| self.computes(word, file));
                Truth::UNKNOWN
            }
            // Their flags say which of the words behind them are names.
            "wait" | "zparseopts" | "zstyle" | "strftime" | "stat" | "zstat" | "sysread" | "sysopen" | "zsystem"
            | "zselect" | "zformat" | "regexp-replace" | "pcre_match" | "zsocket" | "ztcp" => {
                for word in arguments {
                    self.unfollowed(word, file);
                    if word.literal().is_some_and(|text| self.variables.value(&text).is_some()) {
                        self.targets(std::slice::from_ref(word), file);
                    }
                }
                Truth::UNKNOWN
            }
            "autoload" => {
                let own = |word: &Word| word.literal().filter(|name| OF_ZSH.binary_search(&&**name).is_err());
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
            "is-at-least" if file.shell == Shell::Zsh => match arguments {
                [version] if version.bare().is_some_and(is_old_zsh) => Truth::known(true),
                _ => Truth::UNKNOWN,
            },
            other if self.unread_functions.contains(other) => {
                self.forget(Some((file, at)), Why::Program);
                Truth::UNKNOWN
            }
            _ => Truth::UNKNOWN,
        }
    }

    fn test_of(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        // dash takes no `==`, and zsh looks for a program of the name `=`.
        if matches!(file.shell, Shell::Sh | Shell::Zsh) && arguments.iter().any(|word| word.bare() == Some("==")) {
            return Truth::UNKNOWN;
        }
        self.test(arguments, false)
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
            self.gave_up |= self.is_reached();
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
        const SIGNS: [char; 15] = [';', '|', '&', '\n', '(', '`', '$', '<', '>', '{', '#', '\'', '"', '\\', '~'];
        if text.contains(SIGNS) {
            return self.read_alias(text, words, file);
        }
        let plain = |text: &str| Word::of(words[0].at, Part::Text { text: text.into(), quoted: false });
        let mut all: Vec<Word> = text.split_ascii_whitespace().map(plain).collect();
        all.extend(words[1..].iter().cloned());
        match file.shell {
            _ if all.is_empty() => Truth::known(true),
            Shell::Fish => self.fish_command(&all, file),
            _ => self.command(&all, file),
        }
    }
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.as_bytes()[0].is_ascii_digit()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What a word is whose text is all printed by a command.
fn printed(word: &Word) -> Option<&Text> {
    match &*word.parts {
        [Part::Computed(text)] => Some(text),
        [Part::Text { text, .. }, Part::Computed(computed)] if text.is_empty() => Some(computed),
        _ => None,
    }
}

/// Whether each alternative of a pattern begins with what no name of ours begins with.
fn spares_ours(pattern: &str) -> bool {
    let begins = |text: &str| text[..name_length(text)].to_owned();
    let alternatives: Vec<_> =
        pattern.split(['(', ')', '|', '~']).filter(|text| !text.is_empty()).map(begins).collect();
    let ours = |start: &String| variables::FACTS.iter().any(|fact| fact.name.starts_with(start.as_str()));
    alternatives.iter().all(|start| start.len() > 2 && !ours(start))
}

/// What stands behind `exec` and is no program: `-a`, and `{fd}` before `<file`.
fn is_flag_or_descriptor(text: &str) -> bool {
    text.starts_with('-') || text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).is_some_and(is_name)
}
