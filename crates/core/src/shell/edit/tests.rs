#![allow(clippy::disallowed_methods, reason = "what is written is compared")]

use super::super::{Act, Files, Person, ProfileText, Shell, ShellKnownBy, follow};
use super::{ADDED, ASIDE, CHANGED, Change, END, ProfileEditError, Syntax, edit};
use crate::reading::Reading;
use crate::secret::Secret;

const KEY: &str = "ANTHROPIC_API_KEY";

/// One file, which the shell reads when a terminal is opened.
struct One(String, Vec<u8>);

impl Files for One {
    fn read(&mut self, path: &str) -> ProfileText {
        let text = String::from_utf8_lossy(&self.1).into_owned();
        (if path == self.0 { Reading::Found(Secret::new(text)) } else { Reading::Absent }, None)
    }

    fn is_file(&mut self, path: &str) -> Option<bool> {
        Some(path == self.0)
    }

    fn is_folder(&mut self, _: &str) -> Option<bool> {
        Some(false)
    }

    fn list(&mut self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Line and column of each place of the key.
fn places(file: &[u8], shell: Shell) -> Vec<(usize, usize, Act)> {
    let rc = match shell {
        Shell::Zsh => "/h/.zshrc",
        Shell::Fish => "/h/.config/fish/config.fish",
        Shell::Sh => "/h/.shrc",
        _ => "/h/.bashrc",
    };
    let person = Person {
        home: "/h".to_owned(),
        shell,
        known_by: ShellKnownBy::Variable,
        env_file: Some("/h/.shrc".to_owned()),
        ..Person::default()
    };
    let profiles = follow(&person, &mut One(rc.to_owned(), file.to_vec()));
    let place = |place: &super::super::Place| {
        assert_eq!(place.syntax, Syntax::Script(shell));
        (place.source.line.unwrap(), place.source.column.unwrap(), place.act)
    };
    profiles.of(KEY).map(place).collect()
}

fn made(file: &[u8], shell: Shell, change: impl Fn(usize, usize) -> Change) -> Result<String, ProfileEditError> {
    let all = places(file, shell);
    let (line, column, _) = *all.first().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(file)));
    let edited = edit(file, Syntax::Script(shell), &[change(line, column)])?;
    Ok(shown(&edited))
}

/// The marks of blocks by short signs.
fn shown(text: &[u8]) -> String {
    let text: String = text.utf8_chunks().map(|c| format!("{}{}", c.valid(), c.invalid().escape_ascii())).collect();
    text.replace(ASIDE, "#<aside").replace(CHANGED, "#<was").replace(ADDED, "#<added").replace(END, "#>")
}

fn name() -> String {
    KEY.to_owned()
}

fn aside(line: usize, column: usize) -> Change {
    Change::SetAside { line, column, name: name() }
}

#[test]
fn a_command_is_set_aside_and_nothing_else() {
    use Shell::{Bash, Fish, Sh, Zsh};
    let key = "ANTHROPIC_API_KEY";
    for (shell, before, after) in [
        (Bash, "a\nexport K=x # why\nb\n", "a\n#<aside\n# export K=x # why\n#>\nb\n"),
        (Bash, "export K=x", "#<aside\n# export K=x\n#>"),
        (Bash, "\tK=x\r\nb\r\n", "#<aside\r\n# \tK=x\r\n#>\r\nb\r\n"),
        (Sh, "A=1; export K=x; B=2\n", "#<was\n# A=1; export K=x; B=2\n#>\nA=1; :; B=2\n"),
        (Zsh, "export A=1 K=x B=2\n", "#<was\n# export A=1 K=x B=2\n#>\nexport A=1 B=2\n"),
        (Bash, "K=x A=1\n", "#<was\n# K=x A=1\n#>\nA=1\n"),
        (Bash, "[ -f f ] && export K=x\n", "#<was\n# [ -f f ] && export K=x\n#>\n[ -f f ] && :\n"),
        (Bash, "[ -f f ] && \\\n  export K=x\n", "#<was\n# [ -f f ] && \\\n#   export K=x\n#>\n[ -f f ] && \\\n  :\n"),
        (Sh, "if true; then\n  export K=x\nfi\n", "if true; then\n#<was\n#   export K=x\n#>\n  :\nfi\n"),
        (Bash, "if true; then\n  export K=x\n  y\nfi\n", "if true; then\n#<aside\n#   export K=x\n#>\n  y\nfi\n"),
        (Zsh, "if true; then export K=x; fi\n", "#<was\n# if true; then export K=x; fi\n#>\nif true; then :; fi\n"),
        (
            Bash,
            "case $- in\n  *i*) export K=x ;;\nesac\n",
            "case $- in\n#<was\n#   *i*) export K=x ;;\n#>\n  *i*) : ;;\nesac\n",
        ),
        (Bash, "export K='a\nb' \\\n  C=1\n", "#<was\n# export K='a\n# b' \\\n#   C=1\n#>\nexport \\\n  C=1\n"),
        (
            Bash,
            "cat <<E; export K=x\nexport K=y\nE\nz\n",
            "#<was\n# cat <<E; export K=x\n#>\ncat <<E; :\nexport K=y\nE\nz\n",
        ),
        (Bash, "f() {\n  export K=x\n}\nf\n", "f() {\n#<was\n#   export K=x\n#>\n  :\n}\nf\n"),
        (Zsh, "typeset -x K=x\n", "#<aside\n# typeset -x K=x\n#>\n"),
        (Bash, "false\nexport K=x\necho $?\n", "false\n#<was\n# export K=x\n#>\n:\necho $?\n"),
        (Bash, "unset K A\n", "#<was\n# unset K A\n#>\nunset A\n"),
        (Fish, "set -gx K x\nset -gx A 1\n", "#<aside\n# set -gx K x\n#>\nset -gx A 1\n"),
        (Fish, "test -f f; and set -Ux K x\n", "#<was\n# test -f f; and set -Ux K x\n#>\ntest -f f; and true\n"),
        (Fish, "if true\n    set -gx K x\nend\n", "if true\n#<was\n#     set -gx K x\n#>\n    true\nend\n"),
        (Fish, "set -e K A\n", "#<was\n# set -e K A\n#>\nset -e A\n"),
    ] {
        let (before, after) = (before.replace("K", key), after.replace("K", key));
        assert_eq!(made(before.as_bytes(), shell, aside).as_deref(), Ok(after.as_str()), "{shell:?}\n{before}");
    }
    // What is no text stays.
    let odd = [b"# \xff\xfe \xc3\n" as &[u8], b"echo '\xff'; export ANTHROPIC_API_KEY=x\n"].concat();
    assert_eq!(
        made(&odd, Bash, aside).as_deref(),
        Ok("# \\xff\\xfe \\xc3\n#<was\n# echo '\\xff'; export ANTHROPIC_API_KEY=x\n#>\necho '\\xff'; :\n")
    );
}

#[test]
fn what_cannot_be_cut_out_cleanly_is_left_to_the_person() {
    use Shell::{Bash, Fish, Sh};
    for (shell, before) in [
        (Bash, "eval 'export ANTHROPIC_API_KEY=x'\n"),
        (Bash, "export ANTHROPIC_API_KEY=x >log\n"),
        (Bash, ": ${ANTHROPIC_API_KEY:=x}\n"),
        (Bash, "read -r ANTHROPIC_API_KEY <f\n"),
        (Bash, "export ANTHROPIC_API_KEY=x; export ANTHROPIC_AUTH_TOKEN=$ANTHROPIC_API_KEY\n"),
        (Sh, "ANTHROPIC_API_KEY=x . ./f\n"),
        (Fish, "set -gx ANTHROPIC_API_KEY x\nset -gx ANTHROPIC_AUTH_TOKEN $ANTHROPIC_API_KEY\n"),
        (Fish, "set -e ANTHROPIC_API_KEY\nset -gx A 1; and set -gx B 2\n"),
    ] {
        assert!(matches!(made(before.as_bytes(), shell, aside), Err(ProfileEditError::ByHand(1))), "{before}");
    }
    let edited = |text: &[u8], change| edit(text, Syntax::Script(Bash), &[change]).map(|text| text.to_vec());
    for gone in [aside(1, 1), aside(3, 1), aside(2, 40), aside(0, 0)] {
        let text = b"# export\nexport ANTHROPIC_API_KEY=x\n";
        assert!(matches!(edited(text, gone), Err(ProfileEditError::Moved(_))));
    }
    let unwritable = Change::Assign { name: name(), value: Secret::new("a\nb") };
    assert_eq!(edited(b"", unwritable), Err(ProfileEditError::Value));
    let unnamable = Change::Assign { name: "A B".to_owned(), value: Secret::new("a") };
    assert_eq!(edited(b"", unnamable), Err(ProfileEditError::Name));
    assert_eq!(edit(b"", Syntax::Script(Shell::Other), &[]).err(), Some(ProfileEditError::Shell));
}

#[test]
fn a_command_is_mended_where_it_stands() {
    use Shell::{Bash, Fish, Sh, Zsh};
    let export = |line, column| Change::Export { line, column, name: name() };
    let value = |line, column| Change::Value { line, column, name: name(), value: Secret::new("it's") };
    let rename = |line, column| Change::Rename { line, column, name: name(), to: "ANTHROPIC_AUTH_TOKEN".to_owned() };
    let key = "ANTHROPIC_API_KEY";
    let check = |shell, before: &str, change: &dyn Fn(usize, usize) -> Change, after: &str| {
        let after = after.replace('T', "\u{1}").replace('K', key).replace('\u{1}', "ANTHROPIC_AUTH_TOKEN");
        let before = before.replace('K', key);
        assert_eq!(made(before.as_bytes(), shell, change).as_deref(), Ok(after.as_str()), "{shell:?}\n{before}");
    };
    for (shell, before, after) in [
        (Bash, "  K=\"x y\" # z\n", "  export K=\"x y\" # z\n"),
        (Bash, "[ -f f ] && K=x\n", "[ -f f ] && export K=x\n"),
        (Zsh, "A=1 K=x\n", "A=1 K=x; export K\n"),
        (Sh, "K=$(cat f)\n", "K=$(cat f); export K\n"),
        (Bash, "declare K=x\n", "declare -x K=x\n"),
        (Bash, "readonly K=x; b\n", "readonly K=x; export K; b\n"),
        (Fish, "set -g K x\n", "set -x -g K x\n"),
    ] {
        check(shell, before, &export, after);
    }
    for (shell, before, after) in [
        (Bash, "A=1; export B=2 K=\"x\"y C=3\n", "A=1; export B=2 K='it'\\''s' C=3\n"),
        (Bash, "export 'K=x' # z", "export K='it'\\''s' # z"),
        (Sh, "K=$(cat f) && b\n", "K='it'\\''s' && b\n"),
        (Fish, "set -gx K x y; b\n", "set -gx K 'it\\'s'; b\n"),
        (Fish, "set -gx K\n", "set -gx K 'it\\'s'\n"),
    ] {
        check(shell, before, &value, after);
    }
    for (shell, before, after) in
        [(Bash, "K=x; B=2\nexport A K\n# K\n", "T=x; B=2\nexport A T\n# K\n"), (Fish, "set -gx K x\n", "set -gx T x\n")]
    {
        check(shell, before, &rename, after);
    }
    for before in ["export K=x\necho $K\n", "export K=x; export T=y\n"] {
        let before = before.replace('T', "\u{1}").replace('K', key).replace('\u{1}', "ANTHROPIC_AUTH_TOKEN");
        assert!(made(before.as_bytes(), Bash, rename).is_err(), "{before}");
    }
    for before in ["K+=x\n", "K[0]=x\n"] {
        assert!(made(before.replace('K', key).as_bytes(), Bash, value).is_err(), "{before}");
    }
    assert!(made(format!("if a; set -l {key} x; end").as_bytes(), Fish, export).is_err());
}

#[test]
fn what_is_added_stands_once_where_it_is_reached() {
    use Shell::{Bash, Fish, Sh, Zsh};
    let assign = |text: &str| Change::Assign { name: name(), value: Secret::new(text) };
    for (shell, before, after) in [
        (Bash, "", "#<added\nexport K='v'\n#>\n"),
        (Bash, "a", "a\n#<added\nexport K='v'\n#>\n"),
        (Zsh, "export K=old\n", "export K=old\n#<added\nexport K='v'\n#>\n"),
        (Fish, "a\n", "a\n#<added\nset -gx K 'v'\n#>\n"),
        (Bash, "# head\n\na\nreturn\nb\n", "# head\n\na\n#<added\nexport K='v'\n#>\nreturn\nb\n"),
        (
            Bash,
            "a\ncase $- in\n *i*) ;;\n *) return;;\nesac\nb\n",
            "a\n#<added\nexport K='v'\n#>\ncase $- in\n *i*) ;;\n *) return;;\nesac\nb\n",
        ),
        (Sh, "[ -f f ] && exit\nb\n", "#<added\nexport K='v'\n#>\n[ -f f ] && exit\nb\n"),
        (Bash, "a\nif then\n", "a\n#<added\nexport K='v'\n#>\nif then\n"),
        // It would be overwritten there.
        (
            Bash,
            "[ -z \"$PS1\" ] && return\nexport K=old\n",
            "[ -z \"$PS1\" ] && return\nexport K=old\n#<added\nexport K='v'\n#>\n",
        ),
    ] {
        let (before, after) = (before.replace('K', KEY), after.replace('K', KEY));
        let once = edit(before.as_bytes(), Syntax::Script(shell), &[assign("v")]).map(|text| shown(&text));
        assert_eq!(once.as_deref(), Ok(after.as_str()), "{shell:?}\n{before}");
        let once = edit(before.as_bytes(), Syntax::Script(shell), &[assign("v")]).unwrap();
        let other = Change::Assign { name: "ANTHROPIC_BASE_URL".to_owned(), value: Secret::new("u") };
        let again = edit(&once, Syntax::Script(shell), &[assign("w"), other]).unwrap();
        let line = if shell == Fish { "set -gx ANTHROPIC_BASE_URL 'u'" } else { "export ANTHROPIC_BASE_URL='u'" };
        let expected = after.replace("'v'\n", &format!("'w'\n{line}\n"));
        assert_eq!(shown(&again), expected, "{before}");
        // Our own line goes, and with the last one the block.
        let place = places(&again, shell).into_iter().next_back().unwrap();
        let gone = edit(&again, Syntax::Script(shell), &[aside(place.0, place.1)]).unwrap();
        let own = if shell == Fish { format!("set -gx {KEY} 'w'\n") } else { format!("export {KEY}='w'\n") };
        assert_eq!(shown(&gone), expected.replace(&own, ""), "{before}");
    }
    for (shell, before) in [(Bash, "exit\n"), (Fish, "if true\n")] {
        let text = edit(before.as_bytes(), Syntax::Script(shell), &[assign("v")]);
        assert_eq!(text.is_ok(), shell == Bash, "{before}");
    }
    let heredoc = edit(b"cat <<E\n", Syntax::Script(Bash), &[assign("v")]);
    assert_eq!(heredoc.err(), Some(ProfileEditError::NoPlace));
}

#[test]
fn several_changes_are_told_by_the_places_that_were_read() {
    let text = b"export ANTHROPIC_API_KEY=a\nreturn\nexport ANTHROPIC_API_KEY=b ANTHROPIC_BASE_URL=c\n";
    let base = Change::Value { line: 3, column: 28, name: "ANTHROPIC_BASE_URL".to_owned(), value: Secret::new("d") };
    let assign = Change::Assign { name: name(), value: Secret::new("e") };
    let edited = edit(text, Syntax::Script(Shell::Bash), &[aside(1, 8), base, aside(3, 8), assign]).unwrap();
    assert_eq!(
        shown(&edited),
        "#<aside\n# export ANTHROPIC_API_KEY=a\n#>\n#<added\nexport ANTHROPIC_API_KEY='e'\n#>\nreturn\n\
         #<was\n# export ANTHROPIC_API_KEY=b ANTHROPIC_BASE_URL='d'\n#>\nexport ANTHROPIC_BASE_URL='d'\n"
    );
}

#[test]
fn files_of_lines_are_edited_too() {
    let at = |line, column| (line, column, name());
    let value = |(line, column, name), text: &str| Change::Value { line, column, name, value: Secret::new(text) };
    let lines = |text: &str, changes: &[Change]| edit(text.as_bytes(), Syntax::Lines, changes).map(|text| shown(&text));
    let aside_of = |(line, column, name)| Change::SetAside { line, column, name };
    let text = "A=1\r\nexport ANTHROPIC_API_KEY=x\r\n";
    assert_eq!(lines(text, &[aside_of(at(2, 8))]).unwrap(), "A=1\r\n#<aside\r\n# export ANTHROPIC_API_KEY=x\r\n#>\r\n");
    assert_eq!(lines(text, &[value(at(2, 8), "y")]).unwrap(), "A=1\r\nexport ANTHROPIC_API_KEY=y\r\n");
    assert_eq!(lines(text, &[value(at(2, 8), "a b")]), Err(ProfileEditError::Value));
    assert_eq!(lines("A=1 \\\nANTHROPIC_API_KEY=x", &[aside_of(at(2, 1))]), Err(ProfileEditError::ByHand(2)));
    let assign = Change::Assign { name: name(), value: Secret::new("v") };
    assert_eq!(lines("A=1", &[assign]).unwrap(), "A=1\n#<added\nANTHROPIC_API_KEY=v\n#>\n");

    let fish =
        |text: &str, changes: &[Change]| edit(text.as_bytes(), Syntax::FishVariables, changes).map(|text| shown(&text));
    let text = "# VERSION: 3.0\nSETUVAR ANTHROPIC_API_KEY:x\nSETUVAR A:1\n";
    assert_eq!(
        fish(text, &[aside_of(at(2, 9))]).unwrap(),
        "# VERSION: 3.0\n#<aside\n# SETUVAR ANTHROPIC_API_KEY:x\n#>\nSETUVAR A:1\n"
    );
    assert_eq!(
        fish(text, &[value(at(2, 9), "a-b/é")]).unwrap(),
        "# VERSION: 3.0\nSETUVAR ANTHROPIC_API_KEY:a\\x2db/\\u00e9\nSETUVAR A:1\n"
    );
    let export = Change::Export { line: 2, column: 9, name: name() };
    assert_eq!(fish(text, &[export]).unwrap(), "# VERSION: 3.0\nSETUVAR --export ANTHROPIC_API_KEY:x\nSETUVAR A:1\n");
}

#[test]
fn profiles_of_powershell_are_edited_where_they_are_plain() {
    let shell =
        |text: &str, changes: &[Change]| edit(text.as_bytes(), Syntax::PowerShell, changes).map(|text| shown(&text));
    let text = "\u{feff}$env:ANTHROPIC_API_KEY = \"x\" # y\r\nSet-Alias a b\r\n";
    assert_eq!(
        shell(text, &[aside(1, 2)]).unwrap(),
        "\u{feff}#<aside\r\n# $env:ANTHROPIC_API_KEY = \"x\" # y\r\n#>\r\nSet-Alias a b\r\n"
    );
    let value = Change::Value { line: 1, column: 2, name: name(), value: Secret::new("it's") };
    assert_eq!(shell(text, &[value]).unwrap(), "\u{feff}$env:ANTHROPIC_API_KEY = 'it''s' # y\r\nSet-Alias a b\r\n");
    let rename = Change::Rename { line: 1, column: 2, name: name(), to: "ANTHROPIC_AUTH_TOKEN".to_owned() };
    assert_eq!(shell(text, &[rename]).unwrap(), "\u{feff}$env:ANTHROPIC_AUTH_TOKEN = \"x\" # y\r\nSet-Alias a b\r\n");
    let assign = |text: &str| Change::Assign { name: "ANTHROPIC_BASE_URL".to_owned(), value: Secret::new(text) };
    assert_eq!(
        shell(text, &[assign("u"), assign("w")]).unwrap(),
        format!("{text}#<added\r\n$env:ANTHROPIC_BASE_URL = 'w'\r\n#>\r\n")
    );
    assert_eq!(shell("return\n", &[assign("u")]).unwrap(), "#<added\n$env:ANTHROPIC_BASE_URL = 'u'\n#>\nreturn\n");
    for odd in ["if ($x) {\n$env:ANTHROPIC_API_KEY = 'x' }\n", "\n'a'; $env:ANTHROPIC_API_KEY = 'x'\n"] {
        let column = odd.lines().nth(1).unwrap().find('$').unwrap() + 1;
        assert_eq!(shell(odd, &[aside(2, column)]), Err(ProfileEditError::ByHand(2)), "{odd}");
    }
}
