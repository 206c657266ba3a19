//! What zsh alone does: errors that end a file, options, and what it runs itself.

use std::rc::Rc;

use super::{is_name, name_length};
use crate::secret::Secret;
use crate::shell::follow::{End, Loaded, Walk};
use crate::shell::syntax::{Node, Part, Piece, Word};
use crate::shell::{Reach, Shell, posix};

/// Functions that come with zsh and set nothing of ours, sorted.
pub(super) const OF_ZSH: &[&str] = &[
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
pub(super) const RUN_BY_ZSH: &[&str] = &[
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

impl Walk<'_> {
    // ------------------------------------------------------------------------------------------- errors of zsh

    /// What ends the file in zsh, where other shells go on.
    pub(super) fn zsh_errors(&mut self, name: &str, arguments: &[Word], globs: bool, file: &Rc<Loaded>) {
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
    pub(super) fn zsh_error(&mut self, file: &Loaded) {
        if file.shell == Shell::Zsh {
            self.perhaps_ends(if self.in_function > 0 { End::Exit } else { End::Return });
        }
    }

    /// zsh: whether a word is a pattern for files of which there may be none.
    pub(super) fn may_match_nothing(&mut self, word: &Word) -> bool {
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
    pub(super) fn zsh_list(&mut self, word: &Word, file: &Rc<Loaded>) {
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

    pub(super) fn zsh_options(&mut self, arguments: &[Word], on: bool) {
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
}

/// zsh: `=name` is where a program lies, `~name` somebody's home; where there is none the file ends.
pub(super) fn is_looked_up(word: &Word) -> bool {
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
pub(super) fn names_unknown_option(arguments: &[Word]) -> bool {
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
pub(super) fn is_group(text: &str) -> bool {
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

/// Versions of zsh that none in use is older than.
pub(super) fn is_old_zsh(version: &str) -> bool {
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts.is_some_and(|parts| parts <= vec![5, 0, 2])
}

/// What stands in `${…}` and zsh does not know: `name^^`, `name,,`, `name@Q`, `!name`.
pub(super) fn is_unknown_to_zsh(text: &str) -> bool {
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
pub(super) fn may_not_come_out(text: &str) -> bool {
    let inner = text.trim_end_matches([')', ']', ' ', '\t']);
    let divisor = |rest: &str| !rest.trim_start().starts_with(|c: char| ('1'..='9').contains(&c));
    inner.ends_with(['+', '-', '*', '/', '%', '=', '<', '>', '&', '|', '^', '?', ':'])
        && !inner.ends_with("++")
        && !inner.ends_with("--")
        || inner.split(['/', '%']).skip(1).any(divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_zsh_runs_itself_is_found() {
        assert!(RUN_BY_ZSH.is_sorted() && OF_ZSH.is_sorted());
    }
}
