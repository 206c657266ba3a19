//! What the commands of the shells do to variables.

use std::borrow::Cow;
use std::rc::Rc;

use zeroize::Zeroizing;

use super::follow::{Alias, Alive, CALLS, End, ITEMS, Loaded, SIGNS_OF_A_STEP, Truth, VALUE, Walk, counts};
use super::state::{Export, Value};
use super::syntax::{Assignment, Node, Part, Piece, Word};
use super::text::Text;
use super::{Act, Reach, Role, Shell, Why};
use super::{posix, programs};
use crate::claude_code::variables;
use crate::secret::Secret;

/// What has a meaning of its own with an assignment before it.
const SPECIAL: [&str; 10] = ["export", "readonly", "declare", "typeset", "unset", "eval", "source", ".", ":", "set"];

/// What `dash` does not know, and another `sh` may.
const NOT_OF_EVERY_SH: [&str; 8] = ["source", "declare", "typeset", "shopt", "setopt", "mapfile", "readarray", "let"];

/// Functions that come with zsh and set nothing of ours, sorted.
const OF_ZSH: &[&str] = &[
    "add-zle-hook-widget",
    "add-zsh-hook",
    "backward-kill-word-match",
    "backward-word-match",
    "bashcompinit",
    "bracketed-paste-magic",
    "bracketed-paste-url-magic",
    "capitalize-word-match",
    "cdr",
    "chpwd_recent_dirs",
    "colors",
    "compaudit",
    "compinit",
    "copy-earlier-word",
    "delete-whole-word-match",
    "down-case-word-match",
    "down-line-or-beginning-search",
    "edit-command-line",
    "forward-word-match",
    "history-beginning-search-menu",
    "history-pattern-search",
    "history-search-end",
    "incarg",
    "insert-composed-char",
    "insert-files",
    "insert-unicode-char",
    "is-at-least",
    "kill-word-match",
    "match-word-context",
    "match-words-by-style",
    "modify-current-argument",
    "promptinit",
    "quote-and-complete-word",
    "read-from-minibuffer",
    "replace-string",
    "run-help",
    "select-bracketed",
    "select-quoted",
    "select-word-match",
    "select-word-style",
    "smart-insert-last-word",
    "split-shell-arguments",
    "surround",
    "transpose-words-match",
    "up-case-word-match",
    "up-line-or-beginning-search",
    "url-quote-magic",
    "vcs_info",
    "which-command",
    "zargs",
    "zcalc",
    "zmv",
    "zrecompile",
];

/// What zsh runs itself, sorted: an error in it ends the file, that of a program does not.
const RUN_BY_ZSH: &[&str] = &[
    "-",
    ".",
    ":",
    "[",
    "alias",
    "autoload",
    "bg",
    "bindkey",
    "builtin",
    "bye",
    "cd",
    "chdir",
    "compadd",
    "compctl",
    "compdef",
    "declare",
    "dirs",
    "disable",
    "disown",
    "echo",
    "echotc",
    "echoti",
    "emulate",
    "enable",
    "eval",
    "exec",
    "exit",
    "export",
    "false",
    "fc",
    "fg",
    "float",
    "functions",
    "getln",
    "getopts",
    "hash",
    "history",
    "integer",
    "jobs",
    "kill",
    "let",
    "limit",
    "local",
    "log",
    "logout",
    "popd",
    "print",
    "printf",
    "pushd",
    "pwd",
    "read",
    "readonly",
    "rehash",
    "return",
    "sched",
    "set",
    "setopt",
    "shift",
    "source",
    "suspend",
    "test",
    "times",
    "trap",
    "true",
    "ttyctl",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unfunction",
    "unhash",
    "unlimit",
    "unset",
    "unsetopt",
    "vared",
    "wait",
    "whence",
    "where",
    "which",
    "zcompile",
    "zformat",
    "zle",
    "zmodload",
    "zparseopts",
    "zstat",
    "zstyle",
];

/// Variables with commands that run before a prompt.
const HOOKS: [&str; 4] = ["PROMPT_COMMAND", "precmd_functions", "chpwd_functions", "periodic_functions"];

/// A variable as a command names it: its name, what it is set to if it is, and where.
type Declared<'w> = (Cow<'w, str>, Option<Option<Text>>, usize);

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

    /// `name[$index]=value`, and zsh's `0=value`.
    fn sets_element(&mut self, word: &Word, file: &Rc<Loaded>) -> bool {
        let Some((Part::Text { text, quoted: false }, more)) = word.parts.split_first() else { return false };
        let number = text.bytes().take_while(u8::is_ascii_digit).count();
        if number > 0 && file.shell == Shell::Zsh && text[number..].starts_with('=') {
            self.forget_arguments();
            return true;
        }
        let Some((name, _)) = text.split_once('[').filter(|(name, _)| is_name(name)) else { return false };
        let sets = |part: &Part| matches!(part, Part::Text { text, quoted: false } if text.contains("]=") || text.contains("]+="));
        // What stands there is a function.
        if !more.iter().any(sets) || name == "functions" {
            return false;
        }
        let name = name.to_owned();
        if name.ends_with("aliases") {
            self.unfollowed(word, file);
        }
        self.mention(file, &name, word.at);
        true
    }

    // ------------------------------------------------------------------------------------------- errors of zsh

    /// What ends the file in zsh, where other shells go on.
    fn zsh_errors(&mut self, name: &str, arguments: &[Word], globs: bool, file: &Rc<Loaded>) {
        let declares = matches!(name, "export" | "readonly" | "declare" | "typeset" | "local" | "integer" | "float");
        // Behind `-m` stand patterns.
        let patterns = arguments.first().is_some_and(|word| word.literal().is_some_and(|text| &*text == "-m"));
        let names = matches!(name, "unset" | "alias") && !patterns;
        let fails = arguments.iter().any(|word| {
            if declares && word.is_assignment() {
                return false;
            }
            let odd = |text: &str| match name {
                "unset" => !text.starts_with('-') && !text.contains('[') && !is_name(text),
                _ => text.starts_with('='),
            };
            is_looked_up(word)
                || (names && word.literal().is_some_and(|text| odd(&text)))
                || (globs && self.may_match_nothing(word))
        });
        if fails {
            self.zsh_error(file);
        }
    }

    /// An error within a function ends what called it too.
    fn zsh_error(&mut self, file: &Loaded) {
        if file.shell == Shell::Zsh {
            self.perhaps_ends(if self.in_function > 0 { End::Exit } else { End::Return });
        }
    }

    /// zsh: whether a word is a pattern for files of which there may be none.
    fn may_match_nothing(&mut self, word: &Word) -> bool {
        if self.unmatched_is_fine || word.bare() == Some("[") {
            return false;
        }
        let extended = self.extended_patterns;
        let sign = |(index, part): (usize, &Part)| match part {
            Part::Text { text, quoted: false } => {
                text.contains(['*', '?', '['])
                    || (extended
                        && (text.contains(['^', '#'])
                            || text[usize::from(index == 0 && !text.is_empty())..].contains('~')))
            }
            Part::Computed(text) => is_group(text) && !text.contains('N'),
            Part::Default { word, .. } | Part::Assign { word, .. } => word
                .parts
                .iter()
                .any(|part| matches!(part, Part::Text { text, quoted: false } if text.contains(['*', '?', '[']))),
            Part::Text { .. } | Part::Variable(_) => false,
        };
        if !word.parts.iter().enumerate().any(sign) {
            return false;
        }
        match self.path_pattern(word) {
            Some((_, true)) => false,
            Some((pattern, _)) => self.matching(&pattern).is_none_or(|(found, _)| found.is_empty()),
            None => !matches!(word.parts.last(), Some(Part::Computed(text)) if is_group(text) && text.contains('N')),
        }
    }

    /// zsh: `name=(…)` looks for files, and `name[…]=` wants a place that there is.
    fn zsh_list(&mut self, word: &Word, file: &Rc<Loaded>) {
        if let Some(Part::Computed(text)) = word.parts.first()
            && let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'))
            && inner.contains(['*', '?', '[', '=', '~'])
        {
            let text = Rc::new(Secret::new(format!(": {inner}")));
            let mut all = Vec::new();
            for piece in posix::pieces(&text, posix::Dialect::Zsh) {
                let Piece::Commands { nodes, .. } = piece else { return self.zsh_error(file) };
                all.extend(nodes);
            }
            for node in &all {
                let Node::Simple(words) = node else { return self.zsh_error(file) };
                self.zsh_errors("", words, true, file);
            }
        }
    }

    fn test_of(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        // dash takes no `==`, and zsh looks for a program of the name `=`.
        if matches!(file.shell, Shell::Sh | Shell::Zsh) && arguments.iter().any(|word| word.bare() == Some("==")) {
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
        self.odd_patterns |= asks.contains(&"nocasematch");
        self.odd_files |= asks.iter().any(|word| word.contains("glob") && !matches!(*word, "extglob" | "globstar"));
        // The last command of a pipe may be run by the shell itself.
        self.gave_up |= asks.contains(&"lastpipe") && asks.contains(&"-s") && self.is_reached();
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
            self.default_assignments(word, file, false);
            let Some(assignment) = word.assignment(false) else { continue };
            if file.shell == Shell::Zsh && assignment.value.is_none() && !self.variables.manner(&assignment.name).1 {
                // Where it is no table, the place must be a number.
                let place = word.bare().and_then(|text| text.split_once('[')?.1.split_once(']'));
                if !place.is_some_and(|(place, _)| place.bytes().all(|byte| byte.is_ascii_digit()) && place != "0") {
                    self.zsh_error(file);
                }
            }
            let list = assignment.value.as_ref().and_then(|value| self.list_of(value, file));
            let before = if assignment.adds { self.list_in(&assignment.name) } else { Some(Vec::new()) };
            let value = self.assigned(&assignment, file);
            computed |= word.parts.iter().any(|part| matches!(part, Part::Computed(_)));
            if let Some(text) = assignment.value.as_ref().filter(|_| !assignment.adds).and_then(printed) {
                // Where the line may not be reached, it may hold something else.
                let alone = matches!(self.variables.value(&assignment.name), None | Some(Value::Unset));
                if self.reach() == Reach::Always || alone {
                    self.outputs.insert(assignment.name.to_string(), (Rc::clone(file), word.at, text.clone()));
                } else {
                    self.outputs.remove(&*assignment.name);
                }
            }
            match assignment.value.as_ref().and_then(|value| self.hooks_in(&assignment.name, value)) {
                Some(names) => {
                    self.hooks.extend(names);
                    self.unfollowed(word, file);
                    self.set(file, &assignment.name, value.map(Text::into_secret), word.at);
                }
                None => self.assign(file, &assignment.name, value, word.at),
            }
            if let (Some(list), Some(mut all), Reach::Always) = (list, before, self.reach()) {
                all.extend(list);
                self.lists.insert(assignment.name.to_string(), (Rc::clone(file), word.at, all));
            }
        }
        if computed { Truth::UNKNOWN } else { Truth::known(true) }
    }

    /// The names of functions that run before a prompt, where a word puts them before or behind those that do already.
    fn hooks_in(&self, name: &str, value: &Word) -> Option<Vec<String>> {
        if !HOOKS.contains(&name) {
            return None;
        }
        let mut names = Vec::new();
        let mut take = |text: &str| {
            let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '(' | ')' | '"' | '\'');
            for piece in text.split(ends).filter(|piece| !piece.is_empty()) {
                let own = piece.trim_start_matches(['$', '{']);
                let plain =
                    |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-:.".contains(&byte));
                match own.strip_prefix(name) {
                    // `$precmd_functions`, `${precmd_functions:#name}`, `${PROMPT_COMMAND:+`
                    Some(rest)
                        if own.len() < piece.len() && !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric()) => {}
                    _ if plain(piece) => names.push(piece.to_owned()),
                    _ => return false,
                }
            }
            true
        };
        for part in value.parts.iter() {
            let known = match part {
                Part::Text { text, .. } => take(text),
                Part::Variable(other) => &**other == name,
                Part::Default { name: other, word, .. } => &**other == name && word.parts.is_empty(),
                Part::Computed(text) if text.starts_with('(') => take(text),
                Part::Computed(text) => text.split([':', '[', '+']).next() == Some(name) && !text.contains('$'),
                Part::Assign { .. } => false,
            };
            if !known {
                return None;
            }
        }
        Some(names)
    }

    /// What stands in `(…)`, where all of it is known.
    fn list_of(&mut self, value: &Word, file: &Rc<Loaded>) -> Option<Vec<Text>> {
        let [Part::Computed(text)] = &*value.parts else { return None };
        let inner = text.strip_prefix('(')?.strip_suffix(')')?;
        let dialect = match file.shell {
            Shell::Zsh => posix::Dialect::Zsh,
            Shell::Bash => posix::Dialect::Bash,
            _ => return None,
        };
        self.steps += inner.len() / SIGNS_OF_A_STEP;
        let text = Rc::new(Secret::new(format!(": {inner}")));
        let mut all = Vec::new();
        for piece in posix::pieces(&text, dialect) {
            let Piece::Commands { nodes, .. } = piece else { return None };
            for node in nodes {
                let Node::Simple(words) = node else { return None };
                all.extend(words);
            }
        }
        // `[1]=a` says where it stands.
        let plain = |word: &Word| !matches!(word.parts.first(), Some(Part::Text { text, quoted: false }) if text.starts_with('['));
        let words = all.get(1..).filter(|words| words.iter().all(plain))?;
        // Those that stand for files are not kept: what becomes of one that matches none is told elsewhere.
        if words.iter().any(|word| self.path_pattern(word).is_some()) {
            return None;
        }
        let (items, surely) = self.items(words, file)?;
        (surely && items.len() <= ITEMS).then_some(items)
    }

    /// The elements that a variable was set to, as long as nothing else had to do with it.
    pub(super) fn list_in(&self, name: &str) -> Option<Vec<Text>> {
        let (file, at, list) = self.lists.get(name)?;
        let variable = self.variables.get(name);
        let (now, place) = variable.place?;
        let same = Rc::ptr_eq(file, &now) && *at == place && matches!(variable.value, Value::Unknown(Why::Computed));
        same.then(|| list.clone())
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
        if file.shell == Shell::Zsh {
            if is_looked_up(word) {
                self.zsh_error(file);
                return None;
            }
            self.zsh_list(word, file);
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

    /// What expanding a word sets on the way: `${NAME:=word}`, `$((NAME=1))`. `${NAME:?}` may end the file.
    /// `late`: something before it may have set the same.
    pub(super) fn default_assignments(&mut self, word: &Word, file: &Rc<Loaded>, late: bool) {
        for part in word.parts.iter() {
            match part {
                Part::Assign { name, colon, word: default } => {
                    self.default_assignments(default, file, late);
                    match self.variables.value(name) {
                        Some(Value::Text(text)) if !(late || *colon && text.is_empty()) => {}
                        Some(Value::Unset | Value::Text(_)) if !late => {
                            let value = self.expand(default).map(Text::into_secret);
                            self.set(file, name, value, word.at);
                        }
                        _ => {
                            self.place(file, name, Act::Mention, None, word.at);
                            let reach = self.effect();
                            self.variables.change(name, reach, |variable| {
                                variable.value = Value::Unknown(Why::Computed);
                                variable.place = Some((Rc::clone(file), word.at));
                            });
                            if self.exports_all != Some(false) {
                                self.export(file, name, Export::Unknown, word.at);
                            }
                        }
                    }
                }
                Part::Default { word, .. } => self.default_assignments(word, file, late),
                Part::Computed(text) => self.computed_assignments(text, word.at, file),
                Part::Text { .. } | Part::Variable(_) => {}
            }
        }
    }

    fn computed_assignments(&mut self, text: &str, at: usize, file: &Rc<Loaded>) {
        let sum = text.starts_with("$((") || text.starts_with("$[");
        if file.shell == Shell::Zsh && (if sum { may_not_come_out(text) } else { is_unknown_to_zsh(text) }) {
            self.zsh_error(file);
        }
        if sum {
            self.reckoned(text, at, file);
        } else if text.starts_with(['$', '`', '<', '>']) {
            // A process of its own.
            return;
        } else if is_demand(text) {
            self.perhaps_ends(End::Exit);
        }
        let (name, rest) = text.split_at(name_length(text));
        // An element or a part of it.
        if is_name(name)
            && (rest.starts_with('[') || (rest.starts_with(':') && !rest[1..].starts_with(['-', '+', '?'])))
        {
            self.reckoned(rest, at, file);
        }
        // What stands deeper in, and zsh's `${NAME::=word}`.
        for (index, piece) in text.split("${").enumerate() {
            let (name, rest) = piece.split_at(name_length(piece));
            let sets = rest.starts_with("::=") || (index > 0 && (rest.starts_with(":=") || rest.starts_with('=')));
            if is_name(name) && sets {
                self.mention(file, name, at);
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

    // ------------------------------------------------------------------------------------------- what sets in passing

    /// Each of these words is the name of a variable that is set to something computed.
    fn targets(&mut self, words: &[Word], file: &Rc<Loaded>) {
        for word in words {
            let Some(text) = self.expand(word) else {
                // `name[$index]`
                let element = match word.parts.first() {
                    Some(Part::Text { text, .. }) => text.split_once('[').map(|(name, _)| name.to_owned()),
                    _ => None,
                };
                if let Some(name) = element.filter(|name| is_name(name)) {
                    self.mention(file, &name, word.at);
                    continue;
                }
                self.unfollowed(word, file);
                self.forget(Some((file, word.at)), Why::Computed);
                continue;
            };
            for name in text.split_ascii_whitespace() {
                // `name[1]`, and in zsh `name?prompt`.
                let name = &name[..name_length(name)];
                if is_name(name) {
                    self.mention(file, name, word.at);
                }
            }
        }
    }

    /// `read` and its kin: every word that is no flag, nor what belongs to one.
    fn read(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
        const TAKE_A_WORD: [char; 14] = ['d', 'i', 'n', 'N', 'p', 'P', 't', 'u', 'k', 'c', 'C', 'O', 's', 'R'];
        let mut behind_flag = false;
        for word in arguments {
            if let Some(flag) = word.bare().filter(|text| text.starts_with('-')) {
                // `-aNAME`
                if let Some((_, name)) = flag.split_once(['a', 'A']).filter(|(_, name)| is_name(name)) {
                    self.mention(file, name, word.at);
                }
                behind_flag = flag.ends_with(TAKE_A_WORD) || flag.starts_with("--");
                continue;
            }
            let name = self.expand(word).is_some_and(|text| is_name(&text));
            if name || !std::mem::take(&mut behind_flag) {
                self.targets(std::slice::from_ref(word), file);
            }
        }
        for name in ["REPLY", "reply", "MAPFILE"] {
            self.mention(file, name, at);
        }
        Truth::UNKNOWN
    }

    /// `printf -v NAME …`
    fn print(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        let mut rest = arguments;
        while let [word, behind @ ..] = rest {
            rest = behind;
            let Some(flag) = self.expand(word).filter(|text| text.starts_with('-')) else { break };
            match flag.split_once('v') {
                Some((_, "")) => self.targets(behind.get(..1).unwrap_or_default(), file),
                Some((_, name)) if is_name(name) => self.mention(file, name, word.at),
                _ => {}
            }
        }
        Truth::UNKNOWN
    }

    /// What a word that is reckoned sets: `p=1`, `p+=1`, `p++`.
    pub(super) fn computes(&mut self, word: &Word, file: &Rc<Loaded>) {
        for part in word.parts.iter() {
            match part {
                Part::Text { text, .. } | Part::Computed(text) => self.reckoned(text, word.at, file),
                Part::Default { word, .. } => self.computes(word, file),
                // What it comes to may be the name.
                Part::Variable(_) | Part::Assign { .. } => {
                    if word.parts.len() > 1 {
                        self.forget(Some((file, word.at)), Why::Computed);
                    }
                }
            }
        }
        self.default_assignments(word, file, false);
    }

    fn reckoned(&mut self, text: &str, at: usize, file: &Rc<Loaded>) {
        let (names, any) = set_by_reckoning(text);
        for name in names {
            self.mention_number(file, name, at);
            if file.shell == Shell::Zsh {
                self.numbers.insert(name.to_owned());
            }
        }
        if any {
            self.forget(Some((file, at)), Why::Computed);
        }
    }

    /// fish: the groups of a pattern that have names set variables.
    fn string_match(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
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
    fn argparse(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
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
    fn read_with(&mut self, path: &str, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> bool {
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
    fn moves(&mut self, file: &Rc<Loaded>, at: usize) {
        self.moved |= self.is_reached();
        for name in ["PWD", "OLDPWD"] {
            self.mention(file, name, at);
        }
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
    fn output_in(&self, name: &str) -> Option<Text> {
        let (file, at, text) = self.outputs.get(name)?;
        let variable = self.variables.get(name);
        let (now, place) = variable.place?;
        let same = Rc::ptr_eq(file, &now) && *at == place && matches!(variable.value, Value::Unknown(Why::Computed));
        same.then(|| text.clone())
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
    fn declares_any(&mut self, word: &Word, file: &Rc<Loaded>, how: Option<Export>) {
        self.exports_unknown |= how == Some(Export::Yes);
        self.unfollowed(word, file);
        self.forget(Some((file, word.at)), Why::Computed);
    }

    fn unset_all(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
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

    fn drop_functions(&mut self, names: &[Word]) {
        for word in names {
            let Some(name) = word.literal() else { continue };
            match self.reach() {
                Reach::Always => drop(self.functions.remove(&*name)),
                Reach::Perhaps => self.blur_function(&name),
                _ => {}
            }
        }
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
                    "noglob" => self.odd_files = true,
                    "posix" => (self.odd_patterns, self.odd_files) = (true, true),
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
            self.odd_files |= text.contains('f');
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
            match option.as_str() {
                "ksharrays" => self.lists.clear(),
                "casematch" | "kshglob" | "shglob" | "globsubst" => (self.odd_patterns, self.odd_files) = (true, true),
                "extendedglob" => self.extended_patterns |= on && self.is_reached(),
                "nomatch" | "nullglob" | "cshnullglob" => {
                    self.odd_files = true;
                    self.unmatched_is_fine = (option == "nomatch") != on && self.reach() == Reach::Always;
                }
                "globdots" | "glob" | "caseglob" | "numericglobsort" | "bareglobqual" => self.odd_files = true,
                _ => {}
            }
        }
    }

    fn set_exports_all(&mut self, on: bool) {
        match self.effect() {
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
            match self.expand(word) {
                Some(text) if word.parts.iter().all(plain) || self.is_one_word(&text) => given.push(Some(text)),
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
    pub(super) fn substitutions(&mut self, word: &Word, file: &Rc<Loaded>) {
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

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.as_bytes()[0].is_ascii_digit()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a word has to do with a variable.
fn mentions(word: &Word, name: &str) -> bool {
    word.parts.iter().any(|part| match part {
        Part::Variable(other) => &**other == name,
        Part::Default { name: other, word, .. } | Part::Assign { name: other, word, .. } => {
            &**other == name || mentions(word, name)
        }
        Part::Computed(text) => text.contains(name),
        Part::Text { .. } => false,
    })
}

/// What a word is whose text is all printed by a command.
fn printed(word: &Word) -> Option<&Text> {
    match &*word.parts {
        [Part::Computed(text)] => Some(text),
        [Part::Text { text, .. }, Part::Computed(computed)] if text.is_empty() => Some(computed),
        _ => None,
    }
}

/// zsh: `=name` is where a program lies, `~name` somebody's home; where there is none the file ends.
fn is_looked_up(word: &Word) -> bool {
    let Some(Part::Text { text, quoted: false }) = word.parts.first() else { return false };
    let more = word.parts.len() > 1;
    match text.split_at_checked(1) {
        Some(("=", rest)) => more || !rest.is_empty(),
        Some(("~", rest)) => match rest.split('/').next().unwrap_or_default() {
            "" => more && rest.is_empty(),
            name => !matches!(name, "+" | "-") && !name.bytes().all(|byte| byte.is_ascii_digit()),
        },
        _ => false,
    }
}

/// zsh: whether `set -o` may name an option that it does not have, as those of bash.
fn names_unknown_option(arguments: &[Word]) -> bool {
    const COMMON: [&str; 18] = [
        "allexport",
        "autocd",
        "emacs",
        "errexit",
        "extendedglob",
        "ignoreeof",
        "interactivecomments",
        "monitor",
        "noclobber",
        "noglob",
        "nomatch",
        "notify",
        "nounset",
        "pipefail",
        "promptsubst",
        "verbose",
        "vi",
        "xtrace",
    ];
    arguments.windows(2).any(|pair| {
        matches!(pair[0].bare(), Some("-o" | "+o"))
            && !pair[1].bare().is_some_and(|name| COMMON.contains(&&*name.to_ascii_lowercase().replace('_', "")))
    })
}

/// `(…)` in a pattern, or behind it; `${(f)…}` begins like it.
fn is_group(text: &str) -> bool {
    let mut depth = 0_usize;
    let end = text.bytes().position(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    text.starts_with('(') && end == Some(text.len() - 1)
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

/// Versions of zsh that none in use is older than.
fn is_old_zsh(version: &str) -> bool {
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts.is_some_and(|parts| parts <= vec![5, 0, 2])
}

/// What stands in `${…}` and zsh does not know: `name^^`, `name,,`, `name@Q`, `!name`.
fn is_unknown_to_zsh(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('!') {
        return !name.is_empty();
    }
    let (name, mut rest) = text.split_at(name_length(text));
    if rest.starts_with('[') {
        rest = rest.split_once(']').map_or("", |(_, rest)| rest);
    }
    is_name(name) && rest.starts_with(['^', ',', '@', ' '])
}

/// A division, which may be one by nothing, or an operator with nothing behind.
fn may_not_come_out(text: &str) -> bool {
    let inner = text.trim_end_matches([')', ']', ' ', '\t']);
    let divisor = |rest: &str| !rest.trim_start().starts_with(|c: char| ('1'..='9').contains(&c));
    inner.ends_with(['+', '-', '*', '/', '%', '=', '<', '>', '&', '|', '^', '?', ':'])
        && !inner.ends_with("++")
        && !inner.ends_with("--")
        || inner.split(['/', '%']).skip(1).any(divisor)
}

/// The names that an arithmetic text sets, and whether it sets one whose name is put together.
fn set_by_reckoning(text: &str) -> (Vec<&str>, bool) {
    const OPERATORS: [&str; 15] =
        ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|=", "**=", "&&=", "||=", "^^="];
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = text.as_bytes();
    let (mut names, mut any, mut at) = (Vec::new(), false, 0);
    while at < bytes.len() {
        if !sign(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        at += name_length(&text[start..]);
        let before = text[..start].trim_end_matches([' ', '\t', '{']);
        let mut after = text[at..].trim_start_matches('}').trim_start();
        if after.starts_with('[') {
            after = after.split_once(']').map_or("", |(_, rest)| rest.trim_start());
        }
        let set = OPERATORS.iter().any(|operator| {
            after.strip_prefix(operator).is_some_and(|rest| *operator != "=" || !rest.starts_with('='))
        });
        let steps = |text: &str, end: bool| {
            ["++", "--"].iter().any(|s| if end { text.ends_with(s) } else { text.starts_with(s) })
        };
        if !(set || steps(after, false) || steps(before, true)) {
            continue;
        }
        if before.ends_with('$') {
            any = true;
        } else if is_name(&text[start..at]) {
            names.push(&text[start..at]);
        }
    }
    (names, any)
}

/// `NAME:?text`, as it stands in braces.
fn is_demand(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    rest.len() < text.len() && (rest.starts_with(":?") || rest.starts_with('?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_zsh_runs_itself_is_found() {
        assert!(RUN_BY_ZSH.is_sorted() && OF_ZSH.is_sorted());
    }

    #[test]
    fn what_is_reckoned_sets_what_stands_before_the_sign() {
        for (text, names, any) in [
            ("((p=8080))", &["p"][..], false),
            ("$((a + (b+=1), c++, --d))", &["b", "c", "d"], false),
            ("((a==1 && b<=2 && c!=3 && d>=4))", &[], false),
            ("((i=0;i<3;i++))", &["i", "i"], false),
            ("((l[2] = 3, x <<= 1))", &["l", "x"], false),
            ("(($n=5))", &[], true),
            ("((${n}++))", &[], true),
            ("(($n == 5))", &[], false),
        ] {
            assert_eq!(set_by_reckoning(text), (names.to_vec(), any), "{text}");
        }
    }
}
