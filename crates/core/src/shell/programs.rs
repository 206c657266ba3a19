//! Programs whose output profiles run, as in `eval "$(brew shellenv)"`, and what that output sets.
//!
//! As their manuals tell, these print no line that has to do with a variable of ours but for those that stand here.
//! (`direnv hook` sets some in folders with an `.envrc`; those files are told of by themselves.) What is not in the
//! table may set anything.

/// First words of the command, and the variables of ours that its output sets.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("dircolors", &[]),
    ("gdircolors", &[]),
    ("lesspipe", &[]),
    ("lesspipe.sh", &[]),
    ("lessfile", &[]),
    ("starship init", &[]),
    ("zoxide init", &[]),
    ("atuin init", &[]),
    ("fzf --bash", &[]),
    ("fzf --zsh", &[]),
    ("fzf --fish", &[]),
    ("thefuck --alias", &[]),
    ("oh-my-posh init", &[]),
    ("mcfly init", &[]),
    ("direnv hook", &[]),
    ("ssh-agent", &[]),
    ("keychain --eval", &[]),
    ("uv generate-shell-completion", &[]),
    ("uvx --generate-shell-completion", &[]),
    ("just --completions", &[]),
    ("register-python-argcomplete", &[]),
    ("resize", &[]),
    ("tset", &[]),
    ("luarocks path", &["PATH"]),
    ("brew shellenv", &["PATH", "HOMEBREW_PREFIX"]),
    ("path_helper", &["PATH"]),
    ("rbenv init", &["PATH"]),
    ("pyenv init", &["PATH"]),
    ("pyenv virtualenv-init", &["PATH"]),
    ("nodenv init", &["PATH"]),
    ("jenv init", &["PATH"]),
    ("goenv init", &["PATH"]),
    ("plenv init", &["PATH"]),
    ("fnm env", &["PATH", "FNM_DIR"]),
    ("conda shell.bash", &["PATH"]),
    ("conda shell.zsh", &["PATH"]),
    ("conda shell.fish", &["PATH"]),
    ("mamba shell.bash", &["PATH"]),
    ("mamba shell.zsh", &["PATH"]),
    ("opam env", &["PATH"]),
];

/// Files of others that profiles read, by their names, sorted, and what they set of ours; each is read whole only where a
/// name of ours stands in it.
const FILES: &[(&str, &[&str])] = &[
    ("asdf.sh", &["PATH"]),
    ("bash-preexec.sh", &[]),
    ("bash_completion", &[]),
    ("fast-syntax-highlighting.plugin.zsh", &[]),
    ("forgit.plugin.zsh", &[]),
    ("fzf-tab.plugin.zsh", &[]),
    ("fzf-tab.zsh", &[]),
    ("git-completion.bash", &[]),
    ("git-prompt.sh", &[]),
    ("nvm.sh", &["PATH"]),
    ("powerlevel10k.zsh-theme", &[]),
    ("powerlevel9k.zsh-theme", &[]),
    ("sdkman-init.sh", &["PATH"]),
    ("you-should-use.plugin.zsh", &[]),
    ("zsh-autocomplete.plugin.zsh", &[]),
    ("zsh-autosuggestions.plugin.zsh", &[]),
    ("zsh-autosuggestions.zsh", &[]),
    ("zsh-completions.plugin.zsh", &[]),
    ("zsh-history-substring-search.plugin.zsh", &[]),
    ("zsh-history-substring-search.zsh", &[]),
    ("zsh-syntax-highlighting.plugin.zsh", &[]),
    ("zsh-syntax-highlighting.zsh", &[]),
    ("zsh-vi-mode.plugin.zsh", &[]),
    ("zsh-vi-mode.zsh", &[]),
];

/// What a file of others sets, by its name. None: it is not one of them.
pub(super) fn file_sets(path: &str) -> Option<&'static [&'static str]> {
    let name = path.rsplit('/').next().unwrap_or_default();
    FILES.binary_search_by_key(&name, |(file, _)| file).ok().map(|at| FILES[at].1)
}

/// What the output of a command sets, given as `$(…)`, `` `…` ``, `(…)` or `<(…)`. None: it may be anything.
pub(super) fn sets(substitution: &str) -> Option<&'static [&'static str]> {
    let text = substitution.trim_start_matches(['$', '<', '(', '`', ' ', '"', '\'', '\\']);
    let text = text.trim_end_matches([')', '`', ' ', '"']);
    // More than one command, or one whose name is put together.
    if text.contains([';', '|', '&', '\n', '`', '(']) && !harmless_tail(text) {
        return None;
    }
    let mut words = text.split_ascii_whitespace().filter(|word| !is_assignment(word)).peekable();
    while words.next_if(|word| matches!(*word, "command" | "builtin" | "env" | "eval")).is_some() {}
    let name = words.next()?.trim_matches(['"', '\'']).rsplit('/').next()?;
    let mut spoken = name.to_owned();
    for word in words {
        spoken.push(' ');
        spoken.push_str(word.trim_matches(['"', '\'']));
    }
    let begins = |start: &str| spoken.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // What completes its words is all that a program prints then.
    let reads = ["awk", "cat", "echo", "gpg", "grep", "head", "pass", "printf", "sed", "tail"].contains(&name);
    if matches!(spoken.split(' ').nth(1), Some("completion" | "completions")) && !reads && !name.contains('$') {
        return Some(&[]);
    }
    PROGRAMS.iter().find(|(start, _)| begins(start)).map(|(_, sets)| *sets)
}

/// Whether a text that is not followed may set more than the names that stand in it.
pub(super) fn may_set_more(text: &str) -> bool {
    let signs = ["source", ". ", ".\t", "eval", "export ", "unset ", "read ", "declare ", "typeset ", "exec "];
    text.contains('$') && signs.iter().any(|sign| text.contains(sign)) || text.contains("source") || text.contains(". ")
}

/// Only errors are thrown away.
fn harmless_tail(text: &str) -> bool {
    let text = text.replace("2>/dev/null", "").replace("2> /dev/null", "").replace("2>&1", "");
    !text.contains([';', '|', '&', '\n', '`', '('])
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_others_are_found_by_their_names() {
        assert!(FILES.is_sorted());
        assert_eq!(file_sets("/home/kim/.nvm/nvm.sh"), Some(&["PATH"][..]));
        assert_eq!(file_sets("/home/kim/.zsh/keys.zsh"), None);
    }

    #[test]
    fn programs_are_told_by_their_first_words() {
        for (text, expected) in [
            ("$(dircolors -b)", Some(&[][..])),
            ("$(SHELL=/bin/sh lesspipe)", Some(&[])),
            ("$(/opt/homebrew/bin/brew shellenv)", Some(&["PATH", "HOMEBREW_PREFIX"])),
            ("`dircolors ~/.dircolors`", Some(&[])),
            ("<(kubectl completion bash)", Some(&[])),
            ("$(starship init zsh 2>/dev/null)", Some(&[])),
            ("$('/opt/conda/bin/conda' 'shell.bash' 'hook' 2> /dev/null)", Some(&["PATH"])),
            ("eval /opt/conda/bin/conda \"shell.fish\" \"hook\" $argv", Some(&["PATH"])),
            ("$(flux completion zsh)", Some(&[])),
            ("$(cat ~/.secrets)", None),
            ("$(cat completion)", None),
            ("$(brew list)", None),
            ("$(dircolors; cat ~/.secrets)", None),
            ("$(dircolors | cat - ~/.secrets)", None),
            ("$($x)", None),
            ("$(ssh-agents)", None),
        ] {
            assert_eq!(sets(text), expected, "{text}");
        }
    }
}
