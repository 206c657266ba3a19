//! Profiles as people have them, and as nobody should.

#![allow(clippy::disallowed_methods, reason = "what was read is compared")]

use std::collections::BTreeMap;

use super::*;
use crate::snapshot::Variable;

#[derive(Default)]
struct Home {
    files: BTreeMap<String, String>,
}

impl Home {
    fn with(mut self, path: &str, text: &str) -> Self {
        let path = path.replacen("~", "/home/kim", 1);
        self.files.insert(path, text.to_owned());
        self
    }

    fn profiles(&mut self, shell: Shell, platform: Platform) -> Profiles {
        let person = Person { platform, home: "/home/kim".to_owned(), shell, ..Person::default() };
        follow(&person, self)
    }
}

impl Files for Home {
    fn read(&mut self, path: &str) -> ProfileText {
        (self.files.get(path).map_or(Reading::Absent, |text| Reading::Found(Secret::new(text.as_str()))), None)
    }

    fn is_file(&mut self, path: &str) -> Option<bool> {
        Some(self.files.contains_key(path))
    }

    fn is_folder(&mut self, path: &str) -> Option<bool> {
        let path = path.trim_end_matches('/');
        Some(self.files.keys().any(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))))
    }

    fn list(&mut self, folder: &str) -> Vec<String> {
        let inside = self.files.keys().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
        inside.filter(|name| !name.contains('/')).map(str::to_owned).collect()
    }
}

const KEY: &str = "ANTHROPIC_API_KEY";

/// The places of the key in a `.bashrc` of a Linux terminal.
fn bashrc(text: &str) -> Vec<Place> {
    places(&mut Home::default().with("~/.bashrc", text), Shell::Bash, Platform::Linux)
}

fn zshrc(text: &str) -> Vec<Place> {
    places(&mut Home::default().with("~/.zshrc", text), Shell::Zsh, Platform::Linux)
}

fn config_fish(text: &str) -> Vec<Place> {
    places(&mut Home::default().with("~/.config/fish/config.fish", text), Shell::Fish, Platform::Linux)
}

fn places(home: &mut Home, shell: Shell, platform: Platform) -> Vec<Place> {
    home.profiles(shell, platform).places
}

/// Line, act, value, export and reach of each place, in few letters.
fn told(places: &[Place]) -> Vec<String> {
    places.iter().map(tell).collect()
}

fn tell(place: &Place) -> String {
    let act = match place.act {
        Act::Set => "set",
        Act::Unset => "unset",
        Act::Mention => "mention",
    };
    let value = place.value.as_ref().map_or("?".to_owned(), |value| value.reveal().to_owned());
    let exported = match place.exported {
        Exported::Yes => "exported",
        Exported::No => "kept",
        Exported::Unknown => "unknown",
    };
    let over = if place.overwritten { " overwritten" } else { "" };
    let guard = place.terminals_only.map(|line| format!(" terminals:{line}")).unwrap_or_default();
    format!("{}:{act} {value} {exported} {:?}{over}{guard}", place.source.line.unwrap_or(0), place.reach)
}

#[track_caller]
fn says(places: Vec<Place>, expected: &[&str]) {
    assert_eq!(told(&places), expected);
}

#[test]
fn assignments_with_and_without_export() {
    says(bashrc("export ANTHROPIC_API_KEY=a1\n"), &["1:set a1 exported Always"]);
    says(bashrc("ANTHROPIC_API_KEY=a1\n"), &["1:set a1 kept Always"]);
    says(bashrc("\n# why\nANTHROPIC_API_KEY=a1\nexport ANTHROPIC_API_KEY\n"), &["3:set a1 exported Always"]);
    says(bashrc("export ANTHROPIC_API_KEY; ANTHROPIC_API_KEY=a1"), &["1:set a1 exported Always"]);
    says(bashrc("export A=1 ANTHROPIC_API_KEY='a 1' B=2\n"), &["1:set a 1 exported Always"]);
    says(bashrc("declare -x ANTHROPIC_API_KEY=a1\n"), &["1:set a1 exported Always"]);
    says(bashrc("declare ANTHROPIC_API_KEY=a1\n"), &["1:set a1 kept Always"]);
    says(bashrc("export \"ANTHROPIC_API_KEY=a1\"\n"), &["1:set a1 exported Always"]);
    says(bashrc("\\export ANTHROPIC_API_KEY=a1\n"), &["1:set a1 exported Always"]);
    says(bashrc("command export ANTHROPIC_API_KEY=a1\n"), &["1:set a1 exported Always"]);
    says(zshrc("typeset -gx ANTHROPIC_API_KEY=a1\n"), &["1:set a1 exported Always"]);
    says(bashrc("export ANTHROPIC_API_KEY=a1\nexport -n ANTHROPIC_API_KEY\n"), &["1:set a1 kept Always"]);
    // For one command only, or in a process of its own: nothing lasts.
    says(
        bashrc("ANTHROPIC_API_KEY=a1 claude\n(export ANTHROPIC_API_KEY=a2)\nexport ANTHROPIC_API_KEY=a3 | cat\n"),
        &[],
    );
    says(bashrc("# export ANTHROPIC_API_KEY=a1\necho 'export ANTHROPIC_API_KEY=a1' # x\n"), &[]);
}

#[test]
fn everything_is_exported_between_set_a_and_set_plus_a() {
    says(bashrc("set -a\nANTHROPIC_API_KEY=a1\nset +a\n"), &["2:set a1 exported Always"]);
    says(bashrc("set -o allexport\nANTHROPIC_API_KEY=a1\n"), &["2:set a1 exported Always"]);
    says(bashrc("set -a\nset +a\nANTHROPIC_API_KEY=a1\n"), &["3:set a1 kept Always"]);
    says(zshrc("setopt ALL_EXPORT\nANTHROPIC_API_KEY=a1\n"), &["2:set a1 exported Always"]);
    let mut home =
        Home::default().with("~/.bashrc", "set -a; . ~/.secrets; set +a\n").with("~/.secrets", "ANTHROPIC_API_KEY=a1");
    says(places(&mut home, Shell::Bash, Platform::Linux), &["1:set a1 exported Always"]);
}

#[test]
fn quotation_and_expansion() {
    for (text, value) in [
        (r#"ANTHROPIC_API_KEY="a1""#, "a1"),
        (r"ANTHROPIC_API_KEY='a1'", "a1"),
        (r"ANTHROPIC_API_KEY=a\ 1", "a 1"),
        (r#"ANTHROPIC_API_KEY=a'b'"c"d"#, "abcd"),
        (r"ANTHROPIC_API_KEY=$'a\n1'", "a\n1"),
        (r"ANTHROPIC_API_KEY=$'\x61\u00e9\101'", "aéA"),
        ("ANTHROPIC_API_KEY=\"a\\\n1\"", "a1"),
        ("ANTHROPIC_API_KEY=a1\\\n", "a1"),
        (r#"ANTHROPIC_API_KEY="'a1'""#, "'a1'"),
        (r#"ANTHROPIC_API_KEY="a\"1""#, "a\"1"),
        ("ANTHROPIC_API_KEY=\"a\n1\"", "a\n1"),
        ("ANTHROPIC_API_KEY=", ""),
        ("ANTHROPIC_API_KEY=a1 # why", "a1"),
        ("ANTHROPIC_API_KEY=a1#why", "a1#why"),
        ("ANTHROPIC_API_KEY=a1;true", "a1"),
        ("ANTHROPIC_API_KEY=a1&&true", "a1"),
        ("K=a1; ANTHROPIC_API_KEY=$K", "a1"),
        ("K=a1; ANTHROPIC_API_KEY=\"x${K}y\"", "xa1y"),
        ("ANTHROPIC_API_KEY=~/key", "/home/kim/key"),
        ("ANTHROPIC_API_KEY=\"~/key\"", "~/key"),
        ("ANTHROPIC_API_KEY=${XDG_CONFIG_HOME:-$HOME/.config}/key", "/home/kim/.config/key"),
        ("ANTHROPIC_API_KEY=a1\r", "a1\r"),
        ("ANTHROPIC_API_KEY=“a1”", "“a1”"),
    ] {
        says(bashrc(text), &[&format!("1:set {value} kept Always")]);
    }
    for computed in
        ["$(cat ~/.key)", "`pass key`", "$UNKNOWN", "${K#x}", "$1", "${A[0]}", "$((1+1))", "${!K}", "~kim/key", "a$(x)"]
    {
        says(bashrc(&format!("ANTHROPIC_API_KEY={computed}")), &["1:set ? kept Always"]);
    }
    says(bashrc("ANTHROPIC_API_KEY+=x"), &["1:set ? kept Always"]);
    says(bashrc("ANTHROPIC_API_KEY=(a b)"), &["1:set ? kept Always"]);
}

#[test]
fn what_stands_in_a_here_document_is_text() {
    for text in [
        "cat <<EOF > x\nexport ANTHROPIC_API_KEY=a1\nEOF\n",
        "cat <<'EOF'\nexport ANTHROPIC_API_KEY=$(\"\nEOF\n",
        "cat <<-\\EOF\n\texport ANTHROPIC_API_KEY=a1\n\tEOF\n",
        "x=$(cat <<EOF\nexport ANTHROPIC_API_KEY=a1 )\nEOF\n)\n",
        "cat <<A <<B\nexport ANTHROPIC_API_KEY=a1\nA\nexport ANTHROPIC_API_KEY=a1\nB\n",
    ] {
        says(
            bashrc(&format!("{text}ANTHROPIC_AUTH_TOKEN=t\n")).into_iter().filter(|place| place.name == KEY).collect(),
            &[],
        );
        assert_eq!(bashrc(&format!("{text}ANTHROPIC_AUTH_TOKEN=t\n")).len(), 1, "{text}");
    }
    says(bashrc("cat <<<EOF\nexport ANTHROPIC_API_KEY=a1\n"), &["2:set a1 exported Always"]);
    says(bashrc("cat <<EOF\nexport ANTHROPIC_API_KEY=a1\n"), &[]);
}

#[test]
fn later_places_win() {
    let text = "export ANTHROPIC_API_KEY=a1\nexport ANTHROPIC_API_KEY=a2\n";
    says(bashrc(text), &["1:set a1 exported Always overwritten", "2:set a2 exported Always"]);
    let text = "export ANTHROPIC_API_KEY=a1\nunset ANTHROPIC_API_KEY\n";
    says(bashrc(text), &["1:set a1 kept Always overwritten", "2:unset ? kept Always"]);
    let text = "export ANTHROPIC_API_KEY=a1\nif work; then unset ANTHROPIC_API_KEY; fi\n";
    says(bashrc(text), &["1:set a1 exported Always", "2:unset ? exported Perhaps"]);
}

#[test]
fn guards_for_shells_without_a_terminal() {
    for guard in [
        "case $- in\n*i*) ;;\n*) return;;\nesac",
        "[[ $- != *i* ]] && return\n\n\n",
        "[[ $- == *i* ]] || return\n\n\n",
        "[ -z \"$PS1\" ] && return\n\n\n",
        "if [ -z \"$PS1\" ]; then\nreturn\nfi\n",
        "[[ -t 0 ]] || return\n\n\n",
        "if [[ ! -o interactive ]]; then\n  return\nfi\n",
    ] {
        let places = bashrc(&format!("{guard}\nexport ANTHROPIC_API_KEY=a1\n"));
        let line = places[0].terminals_only.unwrap_or_else(|| panic!("{guard}"));
        says(places, &[&format!("5:set a1 exported Always terminals:{line}")]);
    }
    let text = "export ANTHROPIC_API_KEY=a1\n[[ $- != *i* ]] && return\n";
    says(bashrc(text), &["1:set a1 exported Always"]);
}

#[test]
fn a_guard_holds_for_its_own_file_or_function() {
    const GUARD: &str = "[ -z \"$PS1\" ] && return\n. /x\n";
    let key = "export ANTHROPIC_API_KEY=a1\n";
    let told = |home: Home| told(&places(&mut { home }, Shell::Bash, Platform::Linux));
    // Debian's own file has one.
    let system = Home::default().with("/etc/bash.bashrc", GUARD).with("~/.bashrc", key);
    assert_eq!(told(system), ["1:set a1 exported Always"]);
    let prompt = Home::default().with("/etc/bash.bashrc", "PS1=\"$(id -un)$ \"\n. /x\n");
    let guarded = prompt.with("~/.bashrc", &format!("{GUARD}{key}"));
    assert_eq!(told(guarded), ["3:set a1 exported Always terminals:1"]);
    let read = Home::default().with("~/.al", GUARD).with("~/.bashrc", &format!(". ~/.al\n{key}"));
    assert_eq!(told(read), ["2:set a1 exported Always"]);
    let called = Home::default().with("~/.bashrc", &format!("f() {{ {GUARD}}}\nf\n{key}"));
    assert_eq!(told(called), ["5:set a1 exported Always"]);
    let uncalled = Home::default().with("~/.bashrc", &format!("{GUARD}f() {{ {key}}}\n"));
    assert_eq!(told(uncalled), ["3:set a1 kept NotCalled"]);
    // What stands in its own file stays behind it, whatever another file's guard was; an `exit` ends the shell.
    let both = Home::default().with("~/.al", GUARD).with("~/.bashrc", &format!("{GUARD}. ~/.al\n{key}"));
    assert_eq!(told(both), ["4:set a1 exported Always terminals:1"]);
    let exit = Home::default().with("~/.al", "true\n[ -z \"$PS1\" ] && exit\n. /x\n");
    assert_eq!(told(exit.with("~/.bashrc", &format!(". ~/.al\n{key}"))), ["2:set a1 exported Always terminals:2"]);
}

#[test]
fn behind_an_end_nothing_is_reached() {
    says(bashrc("return\nexport ANTHROPIC_API_KEY=a1\n"), &["2:set a1 kept AfterEnd(1)"]);
    says(bashrc("true\nexit 0\nexport ANTHROPIC_API_KEY=a1\n"), &["3:set a1 kept AfterEnd(2)"]);
    says(bashrc("exec zsh -l\nexport ANTHROPIC_API_KEY=a1\n"), &["2:set a1 kept AfterEnd(1)"]);
    says(bashrc("exec 2>/dev/null\nexport ANTHROPIC_API_KEY=a1\n"), &["2:set a1 exported Always"]);
    says(
        bashrc("if [ -n \"$BASH_VERSION\" ]; then return; fi\nexport ANTHROPIC_API_KEY=a1\n"),
        &["2:set a1 kept AfterEnd(1)"],
    );
    says(bashrc("[ -n \"$TMUX\" ] || exec tmux\nexport ANTHROPIC_API_KEY=a1\n"), &["2:set a1 unknown Perhaps"]);
    // The end of a function, a process or another file is not the end of this one.
    says(bashrc("f() { return; }\nf\n(exit 1)\nexport ANTHROPIC_API_KEY=a1\n"), &["4:set a1 exported Always"]);
    let mut home =
        Home::default().with("~/.bashrc", ". ~/.more\nexport ANTHROPIC_API_KEY=a1\n").with("~/.more", "return\n. x\n");
    says(places(&mut home, Shell::Bash, Platform::Linux), &["2:set a1 exported Always"]);
    let mut home =
        Home::default().with("~/.bashrc", ". ~/.more\nexport ANTHROPIC_API_KEY=a1\n").with("~/.more", "exit\n. x\n");
    says(places(&mut home, Shell::Bash, Platform::Linux), &["2:set a1 kept AfterEnd(1)"]);
}

#[test]
fn conditions() {
    says(bashrc("if work; then export ANTHROPIC_API_KEY=a1; fi\n"), &["1:set a1 unknown Perhaps"]);
    says(bashrc("[ -z \"$ANTHROPIC_API_KEY\" ] && export ANTHROPIC_API_KEY=a1\n"), &["1:set a1 unknown Perhaps"]);
    says(
        bashrc("if true; then export ANTHROPIC_API_KEY=a1; else export ANTHROPIC_API_KEY=a2; fi\n"),
        &["1:set a1 exported Always", "1:set a2 exported Not"],
    );
    says(bashrc("if [ \"$(uname)\" = Darwin ]; then export ANTHROPIC_API_KEY=a1; fi\n"), &["1:set a1 kept Not"]);
    says(bashrc("if [[ $OSTYPE == linux* ]]; then export ANTHROPIC_API_KEY=a1; fi\n"), &["1:set a1 exported Always"]);
    says(
        bashrc("case $(uname) in Linux) export ANTHROPIC_API_KEY=a1;; *) export ANTHROPIC_API_KEY=a2;; esac\n"),
        &["1:set a1 exported Always", "1:set a2 exported Not"],
    );
    says(bashrc("case $HOST in work) export ANTHROPIC_API_KEY=a1;; esac\n"), &["1:set a1 unknown Perhaps"]);
    says(bashrc("for i in *; do export ANTHROPIC_API_KEY=$i; done\n"), &["1:set ? unknown Perhaps"]);
    says(
        bashrc("for i in 1 2; do export ANTHROPIC_API_KEY=$i; done\n"),
        &["1:set 1 exported Always overwritten", "1:set 2 exported Always"],
    );
    says(bashrc("while read -r line; do export ANTHROPIC_API_KEY=$line; done < f\n"), &["1:set ? unknown Perhaps"]);
    says(bashrc("! false && export ANTHROPIC_API_KEY=a1\n"), &["1:set a1 exported Always"]);
    says(bashrc("{ export ANTHROPIC_API_KEY=a1; } 2>/dev/null\n"), &["1:set a1 exported Always"]);
    says(bashrc("if [ -f ~/.gone ]; then export ANTHROPIC_API_KEY=a1; fi\n"), &["1:set a1 kept Not"]);
}

#[test]
fn functions() {
    says(bashrc("f() { export ANTHROPIC_API_KEY=a1; }\nf\n"), &["1:set a1 exported Always"]);
    says(bashrc("function f {\n  export ANTHROPIC_API_KEY=a1\n}\n"), &["2:set a1 kept NotCalled"]);
    says(bashrc("f() { local ANTHROPIC_API_KEY=a1; }\nf\n"), &[]);
    says(bashrc("f() { declare -gx ANTHROPIC_API_KEY=a1; }\nf\n"), &["1:set a1 exported Always"]);
    says(bashrc("f() { f; }\nf\nexport ANTHROPIC_API_KEY=a1\n"), &["3:set a1 exported Always"]);
    says(zshrc("() { export ANTHROPIC_API_KEY=a1 }\n"), &["1:set a1 exported Always"]);
}

#[test]
fn files_that_are_read_by_others() {
    let source = "if [ -f ~/.bash_aliases ]; then\n    . ~/.bash_aliases\nfi\n";
    let mut home = Home::default().with("~/.bashrc", source).with("~/.bash_aliases", "export ANTHROPIC_API_KEY=a1\n");
    let places = places(&mut home, Shell::Bash, Platform::Linux);
    assert_eq!(places[0].source.path.as_deref(), Some("/home/kim/.bash_aliases"));
    says(places, &["1:set a1 exported Always"]);
    // Not known which: no claim.
    says(
        bashrc("source <(kubectl completion bash)\nsource \"$NVM_DIR/nvm.sh\"\n. $X\nexport ANTHROPIC_API_KEY=a1\n"),
        &["4:set a1 exported Always"],
    );
    // Two that read each other.
    let mut home =
        Home::default().with("~/.bashrc", ". ~/.a\n").with("~/.a", ". ~/.bashrc\nexport ANTHROPIC_API_KEY=a1\n");
    assert!(!home.profiles(Shell::Bash, Platform::Linux).places.is_empty());
}

#[test]
fn what_cannot_be_followed_is_only_mentioned() {
    says(bashrc("eval \"export ANTHROPIC_API_KEY=a1\"\n"), &["1:set a1 exported Always"]);
    says(bashrc("eval \"export ANTHROPIC_API_KEY=$(pass key)\"\n"), &["1:mention ? unknown Always"]);
    says(bashrc("read -rs ANTHROPIC_API_KEY\n"), &["1:mention ? unknown Always"]);
    says(bashrc(": ${ANTHROPIC_API_KEY:=a1}\n"), &["1:mention ? kept Always"]);
    says(
        bashrc("ANTHROPIC_API_KEY=a1\nfor v in ANTHROPIC_API_KEY; do export $v; done\n"),
        &["1:set a1 exported Always"],
    );
    says(bashrc("ANTHROPIC_API_KEY=a1\nfor v in *; do export $v; done\n"), &["1:set a1 unknown Always"]);
    // What depends on the shell or an alias, or cannot be set again.
    says(bashrc("ANTHROPIC_API_KEY=a1 export ANTHROPIC_API_KEY\n"), &["1:mention ? exported Always"; 2]);
    says(bashrc("alias e=export\ne ANTHROPIC_API_KEY=a1\n"), &["2:set a1 exported Always"]);
    says(bashrc("work && alias e=export\ne ANTHROPIC_API_KEY=a1\n"), &["2:set a1 unknown Perhaps"]);
    says(
        bashrc("readonly ANTHROPIC_API_KEY=a1; export ANTHROPIC_API_KEY=a2\n"),
        &["1:set a1 exported Always", "1:mention ? exported Always"],
    );
    says(bashrc("export ANTHROPIC_API_KEY=a{b,c}d\n"), &["1:set ? exported Always"]);
    says(bashrc("export ANTHROPIC_API_KEY=a:~/b\n"), &["1:set ? exported Always"]);
    says(bashrc("f() { export ANTHROPIC_API_KEY=a1; }; unset -f f; f\n"), &[]);
    says(
        bashrc("case x in x) export ANTHROPIC_API_KEY=a1;& y) export ANTHROPIC_API_KEY=a2;; esac\n"),
        &["1:set a1 unknown Perhaps", "1:set a2 unknown Perhaps"],
    );
    // What every profile has says nothing about the key.
    says(bashrc("eval \"$(dircolors -b)\"\nANTHROPIC_API_KEY=a1\n"), &["2:set a1 kept Always"]);
    // Half a file: what stands before the fault holds.
    says(
        bashrc("export ANTHROPIC_API_KEY=a1\nif true; then\n  ANTHROPIC_API_KEY=a2\n"),
        &["1:set a1 unknown Always", "3:mention ? unknown Always"],
    );
    says(bashrc("export ANTHROPIC_API_KEY='a1\n"), &["1:mention ? unknown Always"]);
    says(bashrc("fi\r\nexport ANTHROPIC_API_KEY=a1\r\n"), &["2:set a1\r exported Always"]);
    let mut home = Home::default().with("~/.bashrc", "true\nif x\n. y\n");
    assert_eq!(home.profiles(Shell::Bash, Platform::Linux).files[0].broken_line, Some(2));
}

#[test]
fn the_habits_of_zsh() {
    let prompt = "if [[ -r \"${XDG_CACHE_HOME:-$HOME/.cache}/p10k-${(%):-%n}.zsh\" ]]; then\n  source \"x-${(%):-%n}.zsh\"\nfi\n";
    let rest = "export ZSH=\"$HOME/.oh-my-zsh\"\nplugins=(git zsh-autosuggestions)\nsource $ZSH/oh-my-zsh.sh\n\
        typeset -U path PATH\npath=(~/bin $path)\nfpath+=(~/.zfunc)\nautoload -Uz compinit && compinit\n\
        zstyle ':completion:*' menu select\nfor f in ~/.zsh/*.zsh(N); do source $f; done\n\
        for f (~/.x/*(.N)) { source $f }\n(( ${+commands[fzf]} )) && eval \"$(fzf --zsh)\"\n\
        function precmd { print -n \"hi\" }\nif (( $+commands[direnv] )) { eval \"$(direnv hook zsh)\" } else { true }\n\
        bindkey '^[[A' up-line-or-search\nalias -g G='| grep'\nls *(.om[1]) (a|b)*\nprint ${${(f)x}[1]:#*a}\n\
        case $TERM in (xterm*|rxvt*)) x=1;; esac\nrepeat 2 echo hi\nfoo &!\n{ echo x } always { echo y }\n\
        while (( i < 3 )) { (( i++ )) }\necho >! file\n[[ $a =~ (b|c) && ( -n $d || -z $e ) ]] || true\n";
    let text = format!("{prompt}{rest}export ANTHROPIC_API_KEY=a1\n");
    let line = text.lines().count();
    says(zshrc(&text), &[&format!("{line}:set a1 exported Always")]);
}

#[test]
fn the_habits_of_bash() {
    let text = "# ~/.bashrc\ncase $- in\n    *i*) ;;\n      *) return;;\nesac\nHISTCONTROL=ignoreboth\nshopt -s histappend\n\
        [ -x /usr/bin/lesspipe ] && eval \"$(SHELL=/bin/sh lesspipe)\"\n\
        if [ -z \"${debian_chroot:-}\" ] && [ -r /etc/debian_chroot ]; then\n    debian_chroot=$(cat /etc/debian_chroot)\nfi\n\
        case \"$TERM\" in\n    xterm-color|*-256color) color_prompt=yes;;\nesac\n\
        if [ \"$color_prompt\" = yes ]; then\n    PS1='${debian_chroot:+($debian_chroot)}\\[\\033[01;32m\\]\\u@\\h\\$ '\nelse\n    PS1='x'\nfi\n\
        alias alert='notify-send --urgency=low -i \"$([ $? = 0 ] && echo terminal || echo error)\" \"$(history|tail -n1|sed -e '\\''s/^\\s*[0-9]\\+\\s*//;s/[;&|]\\s*alert$//'\\'')\"'\n\
        if ! shopt -oq posix; then\n  if [ -f /usr/share/bash-completion/bash_completion ]; then\n    . /usr/share/bash-completion/bash_completion\n  fi\nfi\n\
        [ -s \"$NVM_DIR/nvm.sh\" ] && \\. \"$NVM_DIR/nvm.sh\"\nfor ((i=0;i<3;i++)); do :; done\narr=(a b [3]=c)\narr+=(d)\n\
        [[ \"$x\" =~ ^(a|b)$ ]] && y=1\n((n++))\nf() ( cd /; )\nselect x in a b; do break; done\n\
        shopt -s extglob\nls !(a|b) @(c)*\nx=${y//[^a-z]/}\necho \"${x:-\"$(echo \"a)\")\"}\" 2>&1 >/dev/null &\n\
        diff <(a) >(b)\ncoproc cat\ntime ls |& cat\n";
    says(
        bashrc(&format!("{text}export ANTHROPIC_API_KEY=a1\n")),
        &[&format!("{}:set a1 exported Always terminals:4", text.lines().count() + 1)],
    );
}

#[test]
fn fish() {
    says(config_fish("set -gx ANTHROPIC_API_KEY a1\n"), &["1:set a1 exported Always"]);
    says(config_fish("set --global --export ANTHROPIC_API_KEY 'a 1'\n"), &["1:set a 1 exported Always"]);
    says(config_fish("set -x ANTHROPIC_API_KEY \"a\\\"1\"\n"), &["1:set a\"1 exported Always"]);
    says(config_fish("export ANTHROPIC_API_KEY=a1\n"), &["1:set a1 exported Always"]);
    says(config_fish("set -g ANTHROPIC_API_KEY a1\n"), &["1:set a1 kept Always"]);
    says(config_fish("set -lx ANTHROPIC_API_KEY a1\n"), &["1:set a1 kept Always"]);
    says(config_fish("set ANTHROPIC_API_KEY = a1\n"), &["1:set = a1 kept Always"]);
    says(config_fish("set -gx ANTHROPIC_API_KEY (cat key)\n"), &["1:set ? exported Always"]);
    says(
        config_fish("set -gx ANTHROPIC_API_KEY a1\nset -e ANTHROPIC_API_KEY\n"),
        &["1:set a1 kept Always overwritten", "2:unset ? kept Always"],
    );
    says(
        config_fish("if status is-interactive\n    set -gx ANTHROPIC_API_KEY a1\nend\n"),
        &["2:set a1 exported Always"],
    );
    says(
        config_fish("status is-interactive; or exit\nset -gx ANTHROPIC_API_KEY a1\n"),
        &["2:set a1 exported Always terminals:1"],
    );
    says(
        config_fish("if not set -q ANTHROPIC_API_KEY\n    set -gx ANTHROPIC_API_KEY a1\nend\n"),
        &["2:set a1 unknown Perhaps"],
    );
    says(config_fish("function f\n  set -gx ANTHROPIC_API_KEY a1\nend\n"), &["2:set a1 kept NotCalled"]);
    says(
        config_fish("switch (uname)\ncase Linux\n  set -gx ANTHROPIC_API_KEY a1\nend\n"),
        &["3:set a1 exported Always"],
    );
    says(config_fish("# set -gx ANTHROPIC_API_KEY a1\necho set -gx ANTHROPIC_API_KEY\n"), &[]);
    says(config_fish("begin\nset -gx ANTHROPIC_API_KEY a1\n"), &["2:mention ? unknown Always"]);
    let mut home = Home::default()
        .with("~/.config/fish/fish_variables", "# VERSION: 3.0\nSETUVAR --export ANTHROPIC_API_KEY:sk\\x2da1\n")
        .with("~/.config/fish/conf.d/b.fish", "set -gx ANTHROPIC_AUTH_TOKEN t\n");
    says(places(&mut home, Shell::Fish, Platform::Linux), &["2:set sk-a1 exported Always", "1:set t exported Always"]);
}

#[test]
fn each_shell_reads_its_own_files() {
    let file = |name: &str| Home::default().with(name, "export ANTHROPIC_API_KEY=a1\n");
    let role = |name: &str, shell, platform| places(&mut file(name), shell, platform).first().map(|place| place.role);
    use Platform::{Linux, MacOs};
    for (name, shell, platform, expected) in [
        ("~/.bashrc", Shell::Bash, Linux, Some(Role::Terminal)),
        ("~/.profile", Shell::Bash, Linux, Some(Role::Login)),
        ("~/.bash_profile", Shell::Bash, Linux, Some(Role::Login)),
        ("~/.zshrc", Shell::Bash, Linux, Some(Role::Never)),
        ("~/.bashrc", Shell::Bash, MacOs, Some(Role::Never)),
        ("~/.bash_profile", Shell::Bash, MacOs, Some(Role::Terminal)),
        ("~/.zshrc", Shell::Zsh, MacOs, Some(Role::Terminal)),
        ("~/.zprofile", Shell::Zsh, MacOs, Some(Role::Terminal)),
        ("~/.zprofile", Shell::Zsh, Linux, Some(Role::Login)),
        ("~/.zshenv", Shell::Zsh, Linux, Some(Role::Terminal)),
        ("~/.bashrc", Shell::Zsh, MacOs, Some(Role::Never)),
        ("~/.profile", Shell::Zsh, Linux, Some(Role::Login)),
        ("~/.bashrc", Shell::Fish, Linux, Some(Role::Never)),
        ("/etc/environment", Shell::Zsh, Linux, Some(Role::Login)),
        ("/etc/profile.d/x.sh", Shell::Bash, Linux, Some(Role::Login)),
        ("~/.config/environment.d/x.conf", Shell::Bash, Linux, Some(Role::Login)),
        ("~/.bash_logout", Shell::Bash, Linux, None),
        ("~/.bashrc", Shell::Bash, Platform::Windows, None),
    ] {
        assert_eq!(role(name, shell, platform), expected, "{name} {shell:?} {platform:?}");
    }
    let mut moved = Home::default()
        .with("~/.zshenv", "export ZDOTDIR=$HOME/.config/zsh\n. x")
        .with("~/.config/zsh/.zshrc", "export ANTHROPIC_API_KEY=a1\n")
        .with("~/.zshrc", "export ANTHROPIC_API_KEY=a2\n");
    let roles: Vec<_> = places(&mut moved, Shell::Zsh, Platform::MacOs)
        .into_iter()
        .map(|place| (place.role, place.value.map(|value| value.reveal().to_owned())))
        .collect();
    assert_eq!(roles, [(Role::Terminal, Some("a1".to_owned())), (Role::Never, Some("a2".to_owned()))]);
}

#[test]
fn what_the_login_exported_may_be_inherited() {
    let mut home =
        Home::default().with("~/.profile", "export ANTHROPIC_API_KEY=a1\n").with("~/.bashrc", "ANTHROPIC_API_KEY=a2\n");
    says(places(&mut home, Shell::Bash, Platform::Linux), &["1:set a1 exported Always", "1:set a2 unknown Always"]);
}

#[test]
fn the_account_names_the_shell() {
    let passwd = "root:x:0:0:root:/root:/bin/bash\nkim:x:1000:1000:Kim:/home/kim:/usr/bin/zsh\n";
    assert_eq!(shell_of_account(passwd, "/home/kim").map(Shell::of_path), Some(Shell::Zsh));
    assert_eq!(shell_of_account(passwd, "/home/other"), None);
    assert_eq!(shell_of_account("kim:x:/home/kim\n::\n", "/home/kim"), None);
    assert_eq!(Shell::of_path("/opt/homebrew/bin/fish"), Shell::Fish);
    assert_eq!(Shell::of_path("/usr/bin/nu"), Shell::Other);
}

#[test]
fn line_and_column_count_characters() {
    let places = bashrc("é=1\n  é; export ANTHROPIC_API_KEY=a1\n");
    assert_eq!((places[0].source.line, places[0].source.column), (Some(2), Some(13)));
}

#[test]
fn deep_and_endless_programs_come_to_an_end() {
    let many = 20_000;
    for text in [
        "(".repeat(many),
        "$(".repeat(many),
        "{ ".repeat(many),
        "if true; then ".repeat(many),
        "${a:-".repeat(many),
        "\"${a:-".repeat(many),
        "\"$(".repeat(many),
        "case x in x) ".repeat(many),
        "f() ".repeat(many),
        "((".repeat(many),
        "`\\`".repeat(many),
        "<<E ".repeat(many),
        "[[ ( ".repeat(many),
        "begin;".repeat(many),
        "if ".repeat(many),
        "while ".repeat(many),
        "echo (".repeat(many),
        "switch (".repeat(many),
        "! ".repeat(many),
        "${a:-${b:-".repeat(20),
        "x=${a:-\"${b:-\"$(echo \"${c:-d}\")\"}\"}\n".repeat(1000),
    ] {
        let text = format!("{text}\nexport ANTHROPIC_API_KEY=a1\n");
        bashrc(&text);
        zshrc(&text);
        config_fish(&text);
    }
    // Each function calls the next one twice.
    let mut text = String::from("f0() { export ANTHROPIC_API_KEY=a1; }\n");
    for n in 1..60 {
        text.push_str(&format!("f{n}() {{ f{0}; f{0}; f{0}; f{0}; }}\n", n - 1));
    }
    bashrc(&format!("{text}f59\n. x"));
}

#[test]
fn a_text_that_is_long_for_its_pattern_is_not_judged() {
    let long = "a".repeat(5_000);
    let told =
        |pattern: &str| bashrc(&format!("x={long}\nif [[ $x == {pattern} ]]; then export ANTHROPIC_API_KEY=a1; fi\n"));
    says(told("*a"), &["2:set a1 exported Always"]);
    says(told("*b"), &["2:set a1 kept Not"]);
    says(told(&format!("{}b*", "a*".repeat(20))), &["2:set a1 unknown Perhaps"]);
}

#[test]
fn costly_patterns_use_up_the_steps() {
    let arms = format!("{}x) :;;\n", "*a*a*a*a*b) :;;\n".repeat(1_000));
    let calls = "f\n".repeat(1_000);
    let text = format!("x={}\nf() {{\ncase $x in\n{arms}esac\n}}\n{calls}", "a".repeat(4_000));
    // The rest is not gone through any more.
    says(
        bashrc(&format!("export ANTHROPIC_API_KEY=a1\n{text}unset ANTHROPIC_API_KEY\n")),
        &["1:set a1 exported Always"],
    );
}

mod no_text_stops_it {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of which shell programs are made, put together at random.
    const PIECES: &[&str] = &[
        "export ",
        "ANTHROPIC_API_KEY",
        "=",
        "a1",
        "\n",
        ";",
        "&&",
        "||",
        "|",
        "&",
        "(",
        ")",
        "((",
        "))",
        "{",
        "}",
        "[[",
        "]]",
        "[",
        "]",
        "if ",
        "then ",
        "else ",
        "elif ",
        "fi",
        "case ",
        " in ",
        "esac",
        ";;",
        "for ",
        "do ",
        "done",
        "while ",
        "$",
        "${",
        "$(",
        "`",
        "'",
        "\"",
        "\\",
        "#",
        "<<E",
        "E\n",
        "<",
        ">",
        "2>&1",
        "function ",
        "f",
        "()",
        "return",
        "exit",
        "eval ",
        "source ",
        ". ",
        "set -a",
        "set -gx ",
        "end",
        "begin",
        "switch ",
        "and ",
        "or ",
        "é",
        "\u{feff}",
        "\r\n",
        "\0",
        " ",
        "\t",
        ":-",
        "~",
        "*",
        "!",
        "unset ",
        "typeset -gx ",
        "local ",
        "SETUVAR --export ",
        ":",
        "\\x4",
        "$'",
        "%",
        "-",
        "$env.",
        "$env:",
        "@'",
        "'@",
        "<#",
        "#>",
    ];

    proptest! {
        #[test]
        fn pieces(picked in proptest::collection::vec(0..PIECES.len(), 0..120)) {
            let text: String = picked.into_iter().map(|index| PIECES[index]).collect();
            everywhere(&text);
        }

        #[test]
        fn bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            everywhere(&format!("{}\n. x ANTHROPIC_API_KEY", String::from_utf8_lossy(&bytes)));
        }
    }

    fn everywhere(text: &str) {
        bashrc(text);
        zshrc(text);
        config_fish(text);
        let mut home = Home::default().with("~/.config/fish/fish_variables", text).with("/etc/environment", text);
        home.profiles(Shell::Fish, Platform::Linux);
        let file = [("f".to_owned(), (Reading::Found(Secret::new(text)), None))];
        nushell::variables(Platform::Linux, &file, &StaticEnvironment::default(), &[]);
        powershell::variables(powershell::Edition::Seven, Platform::Windows, &file, &StaticEnvironment::default(), &[]);
        shell_of_account(text, "a");
    }
}

#[test]
fn an_assignment_that_is_left_out_neither_sets_nor_exports() {
    let cases = [
        (Shell::Bash, "~/.bashrc", "ANTHROPIC_API_KEY=a1\nexport ANTHROPIC_API_KEY=a2", "1:set a1 kept Always"),
        (Shell::Bash, "~/.bashrc", "export ANTHROPIC_API_KEY=a1\nunset ANTHROPIC_API_KEY", "1:set a1 exported Always"),
        (
            Shell::Fish,
            "~/.config/fish/config.fish",
            "set -g ANTHROPIC_API_KEY a1\nset -gx ANTHROPIC_API_KEY a2",
            "1:set a1 kept Always",
        ),
    ];
    for (shell, path, text, left) in cases {
        let mut home = Home::default().with(path, text);
        let second = places(&mut home, shell, Platform::Linux).pop().unwrap().source;
        assert_eq!(second.line, Some(2));
        let person = Person { home: "/home/kim".to_owned(), shell, left_out: vec![second], ..Person::default() };
        assert_eq!(told(&follow(&person, &mut home).places), [left], "{text}");
    }
}

#[test]
fn what_was_unsure_before_stays_so_unless_a_line_settles_it() {
    struct Started(Home, StaticEnvironment);
    impl Files for Started {
        fn read(&mut self, path: &str) -> ProfileText {
            self.0.read(path)
        }
        fn is_file(&mut self, path: &str) -> Option<bool> {
            self.0.is_file(path)
        }
        fn is_folder(&mut self, path: &str) -> Option<bool> {
            self.0.is_folder(path)
        }
        fn list(&mut self, folder: &str) -> Vec<String> {
            self.0.list(folder)
        }
        fn started_with(&mut self, _: &[Place]) -> Option<StaticEnvironment> {
            Some(self.1.clone())
        }
    }
    let source = Source { path: Some("/etc/environment".to_owned()), ..Source::new(SourceKind::SystemEnv) };
    let named = Unsure { name: KEY.to_owned(), source: source.clone(), why: Why::AtSignIn };
    let any = Unsure { name: String::new(), source, why: Why::NotRead };
    for base in [
        StaticEnvironment { unsure: vec![named], ..StaticEnvironment::default() },
        StaticEnvironment { anything: Some(any), ..StaticEnvironment::default() },
    ] {
        for (shell, text, settled) in [
            (Shell::Bash, "", None),
            (Shell::Bash, "export ANTHROPIC_API_KEY", None),
            (Shell::Bash, "ANTHROPIC_API_KEY=mine", None),
            (Shell::Bash, "export ANTHROPIC_API_KEY=\"${ANTHROPIC_API_KEY:-mine}\"", None),
            (Shell::Bash, "[ -n \"$ANTHROPIC_API_KEY\" ] || export ANTHROPIC_API_KEY=mine", None),
            (Shell::Bash, "export ANTHROPIC_API_KEY=mine", Some("mine")),
            (Shell::Fish, "set -q ANTHROPIC_API_KEY; or set -gx ANTHROPIC_API_KEY mine", None),
        ] {
            let path = if shell == Shell::Fish { "~/.config/fish/config.fish" } else { "~/.bashrc" };
            let mut files = Started(Home::default().with(path, text), base.clone());
            let person = Person { home: "/home/kim".to_owned(), shell, ..Person::default() };
            let all = variables_of_new_terminal(&follow(&person, &mut files), &base);
            assert_eq!(Variable::find(&all.variables, KEY).map(|key| key.value.reveal()), settled, "{text}");
            assert_eq!(all.unsure_of(KEY).is_some(), settled.is_none(), "{text}");
        }
        let mut files = Started(Home::default().with("~/.bashrc", "unset ANTHROPIC_API_KEY"), base.clone());
        let person = Person { home: "/home/kim".to_owned(), ..Person::default() };
        let all = variables_of_new_terminal(&follow(&person, &mut files), &base);
        assert!(Variable::find(&all.variables, KEY).is_none() && all.unsure.is_empty());
    }
}

#[test]
fn a_long_file_is_not_read_without_end() {
    let again = format!("export {KEY}=a1\n{}", ". ~/.long\n".repeat(100));
    let mut home = Home::default().with("~/.bashrc", &again).with("~/.long", &format!("# {}\n", "x".repeat(1 << 20)));
    let profiles = home.profiles(Shell::Bash, Platform::Linux);
    assert!(matches!(profiles.anything, Some((_, Why::TooMuch))));
    assert!(matches!(profiles.endings[0].left, Left::Unsure(Why::TooMuch)));
}

#[test]
fn what_was_read_before_a_fault_in_the_grammar_stays() {
    let text = format!("{KEY}=a1; export {KEY}\n{KEY}=a2\n{KEY}=a3; fi\n{KEY}=a4\n");
    says(
        bashrc(&text),
        &[
            "1:set a1 unknown Always overwritten",
            "2:set a2 unknown Always",
            "3:mention ? unknown Always",
            "4:mention ? unknown Always",
        ],
    );
    // fish reads it whole, and then runs nothing of it.
    says(
        config_fish(&format!("set -gx {KEY} a1\nset -gx {KEY} a2; end\n")),
        &["1:mention ? unknown Always", "2:mention ? unknown Always"],
    );
}

#[test]
fn an_alias_that_makes_itself_again_comes_to_an_end() {
    let again = "[ \"$UNKNOWN\" = yes ] && alias again='. /home/kim/.again'\n";
    let mut home = Home::default().with("~/.bashrc", &format!("{again}again\n")).with("~/.again", again);
    let profiles = home.profiles(Shell::Bash, Platform::Linux);
    assert!(matches!(profiles.anything, Some((_, Why::TooMuch))));
}

#[test]
fn a_word_that_is_put_into_a_number_of_zshs_may_end_the_file() {
    let key = "export ANTHROPIC_API_KEY=a1\n";
    for text in ["((u=1))\nread u <<< 'a b'\n", "typeset -i u\nfor u in 1 'c 3'; do :; done\n", "integer u\nu=$(x)\n"] {
        let places = zshrc(&format!("{text}{key}"));
        assert!(places.iter().all(|place| place.reach == Reach::Perhaps) && places.len() == 1, "{:?}", told(&places));
    }
    says(zshrc(&format!("((u=1))\n((u++))\n{key}")), &["3:set a1 exported Always"]);
}

#[test]
fn where_a_command_is_missing_all_but_zsh_stop() {
    for text in ["if true; then\n# nothing\nfi\n", "for x in a; do\n\ndone\n", "f() {\n# nothing\n}\n"] {
        let text = format!("{text}export ANTHROPIC_API_KEY=a1\n");
        says(zshrc(&text), &["4:set a1 exported Always"]);
        let places = bashrc(&text);
        assert!(places.iter().all(|place| place.act == Act::Mention), "{text}: {:?}", told(&places));
    }
    says(bashrc("case a in a) ;; esac\nexport ANTHROPIC_API_KEY=a1\n"), &["2:set a1 exported Always"]);
}

#[test]
fn a_universal_variable_reaches_programs_past_a_global_one() {
    let unset = |text: &str| told(&config_fish(text));
    for text in [
        "set -u ANTHROPIC_API_KEY\nset -Ux ANTHROPIC_API_KEY a1\nset -u ANTHROPIC_API_KEY b1\n",
        "set -gx ANTHROPIC_API_KEY a1\nset -Ux ANTHROPIC_API_KEY a2\nset -u ANTHROPIC_API_KEY b1\n",
    ] {
        assert!(unset(text).iter().all(|place| !place.contains("kept")), "{:?}", unset(text));
    }
    assert!(unset("set -gx ANTHROPIC_API_KEY a1\nset -u ANTHROPIC_API_KEY b1\n")[1].contains("kept"));
}
