//! Edits of profiles, held against what the shells themselves make of the file before and after.
//!
//! Profiles are put together by chance of what people write, some of it broken, and edited at a place by chance. What
//! programs get then, and what the shell keeps to itself, may differ in the one variable alone, and the shell may not
//! complain of more than before. `AUTHLIGHT_CASES` is how many are tried in each shell, `AUTHLIGHT_SEED` where it
//! begins.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands
#![cfg(unix)]

#[path = "support/real_shell.rs"]
mod real_shell;

use std::collections::BTreeMap;
use std::path::Path;

use authlight_core::report::Source;
use authlight_core::secret::Secret;
use authlight_core::shell::edit::{Change, ProfileEditError, Syntax, edit};
use authlight_core::shell::{Act, Place, Shell, StaticEnvironment};
use authlight_core::snapshot::{Platform, Variable};
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::shell_profiles::of_new_terminal;

const NAMES: [&str; 3] = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_KEY"];
const OTHERS: [&str; 6] = ["A1", "B2", "C3", "PATH", "EDITOR", "ANTHROPIC_BASE_URL"];
/// What a renamed variable is called.
const TO: &str = "ANTHROPIC_BASE_URL";

/// What stands in profiles: `@` is a name, `%` a value that stands nowhere else, `&&&` a number.
const POSIX: &[&str] = &[
    "export @=%",
    "@=%",
    "export @='%'",
    "export @=\"% x\"",
    "export A1=1 @=% B2=2",
    "@=% A1=1",
    "A1=1; export @=%; B2=2; export A1 B2",
    "[ -f /etc/passwd ] && export @=%",
    "[ -f /nowhere ] && export @=%",
    "[ -f /nowhere ] || export @=%",
    "true && \\\n  export @=%",
    "true &&\n  export @=%",
    "false ||\n# between\n  export @=%",
    "export @=% &&\n  A1=1",
    "if true; then\n  # inside\n  export @=%\nfi # closed",
    "case x in\n  # an arm\n  x)\n    export @=%\n    ;;\nesac",
    "while read -r line; do\n  export @=%\ndone <<EOF\na\nEOF",
    "f_&&&() # a function\n{\n  export @=%\n}\nf_&&&",
    "for i in \\\n  1; do\n  export @=%; done",
    "! false && export @=%",
    "export @='%\nsecond \"line'",
    "export @=% \\\n  C3=3",
    "export @=% # and why",
    "\texport @=%;",
    "@=%\nexport @",
    "if [ -n \"$HOME\" ]; then\n  export @=%\nfi",
    "if true; then export @=%; else C3=4; fi",
    "if [ -f /nowhere ]; then\n  export @=%\nelif true; then\n  A1=2\nfi",
    "if false\nthen\n  :\nelse\n  @=%\nfi",
    "case $HOME in\n  /*) export @=% ;;\n  *) : ;;\nesac",
    "case x in x) @=%; export @;; esac",
    "f_&&&() {\n  export @=%\n}\nf_&&&",
    "f_&&&()\n{ export @=%; A1=f; }\nf_&&&",
    "g_&&&() { export @=%; }",
    "for i in 1 2; do export @=%; done",
    "while false; do\n  export @=%\ndone",
    "{ export @=%; }",
    "{\n  export @=%\n}",
    "( export @=% )",
    "export @=% | cat",
    "cat >/dev/null <<EOF\nexport @=no\n'\"\nEOF",
    "cat >/dev/null <<EOF; export @=%\n@\nEOF",
    "cat >/dev/null <<'E F'\n$( '\nE F\nexport @=%",
    "export X_&&&=\"$(\n echo a # it's\n)\"; export @=%",
    "export @=%$HOME",
    "export @=$(echo %)",
    "export EDITOR=vi @",
    "alias zz='export @=%'",
    "eval 'export @=%'",
    "# export @=%",
    ": \u{1}",
    "export PATH=\"$HOME/bin:$PATH\"",
    "EDITOR='vi -c \"set nu\"'; export EDITOR",
    "unset @",
    "unset @ A1",
    "set -a\n@=%\nset +a",
    "export @=% >/dev/null",
    "[ -z \"$PS1\" ] && return",
    "case $- in\n  *i*) ;;\n  *) return;;\nesac",
    "return",
    "[ -f /nowhere ] && return",
    "",
    "",
];

/// What bash and zsh know besides.
const MORE: &[&str] = &[
    "declare -x @=%",
    "typeset -x @=% A1=1",
    "declare @=%",
    "[[ -n $HOME ]] && export @=%",
    "if [[ $- == *i* ]]; then\n  export @=%\nfi",
    "function h_&&& {\n  local q=1\n  export @=%\n}\nh_&&&",
    "(( 1 + 1 )) && @=%",
    "@+=%",
    "list_&&&=(a\n b) ; export @=%",
    "export @=$'%\\t'",
    "readonly R_&&&=1; export @=%",
    "source <(echo A1=5); export @=%",
];

const FISH: &[&str] = &[
    "set -gx @ %",
    "set -g @ %",
    "set -x @ '%'",
    "set -Ux @ %",
    "set -gx A1 1; set -gx @ \"% x\"; set -gx B2 2",
    "test -f /etc/passwd; and set -gx @ %",
    "test -f /nowhere; and set -gx @ %",
    "test -f /nowhere\nor set -gx @ %",
    "test -f /etc/passwd && set -gx @ %",
    "true # why\nand set -gx @ %",
    "if true # why\n    set -gx @ %\nelse if true\n    set -gx A1 2\nend",
    "while true\n    set -gx @ %\n    break\nend",
    "if test -n \"$HOME\"\n    set -gx @ %\nend",
    "if status is-interactive\n    # inside\n    set -gx @ '%'\n    set -gx C3 3\nend",
    "if false; set -gx @ %; else; set -gx A1 2; end",
    "switch $HOME\n    case '/*'\n        set -gx @ %\nend",
    "function f_&&&\n    set -gx @ %\nend\nf_&&&",
    "function g_&&&; set -gx @ %; end",
    "begin; set -gx @ %; end",
    "begin\n    set -lx @ %\nend",
    "for i in 1 2\n    set -gx @ %\nend",
    "set -gx @ % \\\n  second",
    "set -gx @ \"%\nsecond 'line\"",
    "set -gx @ % # and why",
    "set -q @; or set -gx @ %",
    "export @=%",
    "set -e @",
    "set -e @ A1",
    "set -gx A1 (echo a\necho b); set -gx @ %",
    "set -gx @ (echo %)",
    "set -gx @ %$HOME",
    "setenv @ %",
    "eval 'set -gx @ %'",
    "echo \"it's\" >/dev/null",
    "# set -gx @ %",
    "set -gx PATH $HOME/bin $PATH",
    "test -f /nowhere; and exit",
    "set -gx @ %; and set -gx B2 1",
    "not set -gx @ %",
    "",
    "",
];

/// The same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn profile(shell: &str, chance: &mut Chance) -> Vec<u8> {
    let pool: Vec<&str> = match shell {
        "fish" => FISH.to_vec(),
        "dash" => POSIX.to_vec(),
        _ => POSIX.iter().chain(MORE).copied().collect(),
    };
    let mut text = String::new();
    for number in 0..2 + chance.below(6) {
        let name = *chance.of(&NAMES[..]);
        let value = format!("v{number}v");
        let piece = chance.of(&pool).replace('%', &value).replace('@', name).replace("&&&", &number.to_string());
        text.push_str(&piece);
        text.push_str(chance.of::<&str>(&["\n", "\n", "\n\n", "\n# a note\n"]));
    }
    if chance.below(4) == 0 {
        text.truncate(text.trim_end().len());
    }
    let mut bytes = text.into_bytes();
    // Something that is no text.
    bytes.iter_mut().filter(|byte| **byte == 1).for_each(|byte| *byte = 0xff);
    if shell == "fish" && chance.below(5) == 0 {
        bytes = String::from_utf8_lossy(&bytes).replace('\n', "\r\n").into_bytes();
    }
    bytes
}

type Variables = BTreeMap<String, Vec<u8>>;

/// What a shell made of its files.
struct Real {
    /// What programs get.
    got: Variables,
    /// What the shell has itself.
    kept: Variables,
    /// How many lines it complained in.
    complaints: usize,
}

/// What the shell makes of the profile. `None`: it ended before.
fn real(shell: &str, profile: &[u8]) -> Option<Real> {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    write_profile(shell, &home, profile);
    let kept: String = NAMES
        .iter()
        .chain(&OTHERS)
        .map(|name| format!("/usr/bin/printf '%s=%s\\0' {name} \"${name}\" >> .kept; "))
        .collect();
    let mut base = BTreeMap::new();
    if shell == "dash" {
        base.insert("ENV".to_owned(), home.join(".shrc").to_string_lossy().into_owned());
    }
    let typed = format!("{kept} /usr/bin/env -0 > .got");
    real_shell::type_in(shell, &home, &base, &typed);
    let homeless = |bytes: &[u8]| {
        let text: Vec<u8> = bytes.to_vec();
        let shown = home.to_string_lossy();
        let mut all = real_shell::pairs(&text);
        for value in all.values_mut() {
            let lossy = String::from_utf8_lossy(value).replace(&*shown, "~");
            *value = lossy.into_bytes();
        }
        // What each run has of its own.
        for own in ["_", "SHLVL", "PWD", "OLDPWD", "HOME", "ENV"] {
            all.remove(own);
        }
        all
    };
    let got = std::fs::read(home.join(".got")).ok()?;
    let kept = std::fs::read(home.join(".kept")).ok()?;
    let errors = std::fs::read(home.join(".err")).unwrap();
    let complaints = errors.iter().filter(|byte| **byte == b'\n').count();
    Some(Real { got: homeless(&got), kept: homeless(&kept), complaints })
}

fn write_profile(shell: &str, home: &Path, profile: &[u8]) {
    let path = home.join(real_shell::rc(shell).strip_prefix("~/").unwrap());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, profile).unwrap();
}

fn places(shell: &str, profile: &[u8]) -> Vec<Place> {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    write_profile(shell, &home, profile);
    let disk = Disk::running(Platform::Linux);
    let env = home.join(".shrc").to_string_lossy().into_owned();
    let env = Variable { name: "ENV".to_owned(), value: Secret::new(env), source: Source::variable("ENV") };
    let variables = if shell == "dash" { vec![env] } else { Vec::new() };
    let base = StaticEnvironment { variables, ..StaticEnvironment::default() };
    let path = format!("/bin/{shell}");
    let all = of_new_terminal(&disk, Platform::Linux, &home.to_string_lossy(), Some(&path), &base);
    let mine =
        |place: &Place| place.source.path.as_deref().is_some_and(|path| path.starts_with(&*home.to_string_lossy()));
    all.places.into_iter().filter(|place| mine(place) && place.source.line.is_some()).collect()
}

/// What is wrong after the change, if anything is.
fn fault(change: &Change, place: Option<&Place>, before: &Real, after: &Real) -> Option<String> {
    let name = match change {
        Change::SetAside { name, .. }
        | Change::Export { name, .. }
        | Change::Value { name, .. }
        | Change::Rename { name, .. }
        | Change::Assign { name, .. } => name.as_str(),
    };
    let renamed = matches!(change, Change::Rename { .. });
    let own = |other: &str| other == name || (renamed && other == TO);
    for (before, after) in [(&before.got, &after.got), (&before.kept, &after.kept)] {
        let other = before.keys().chain(after.keys()).find(|key| !own(key) && before.get(*key) != after.get(*key));
        if let Some(other) = other {
            let show = |all: &Variables| all.get(other).map(|v| String::from_utf8_lossy(v).into_owned());
            return Some(format!("{other} was {:?} and is {:?}", show(before), show(after)));
        }
    }
    let old = place.and_then(|place| place.value.as_ref()).map(|value| value.reveal().as_bytes());
    let (was, is) = (before.got.get(name), after.got.get(name));
    let right = match change {
        Change::SetAside { .. } => !(old.is_some() && was.map(Vec::as_slice) == old && is == was),
        Change::Value { value, .. } => {
            was.is_none() || was.map(Vec::as_slice) != old || is.is_some_and(|is| is == value.reveal().as_bytes())
        }
        Change::Export { .. } => before.kept.get(name).is_none_or(Vec::is_empty) || is == before.kept.get(name),
        Change::Rename { .. } => is.is_none() && after.got.get(TO) == was,
        Change::Assign { value, .. } => is.is_some_and(|is| is == value.reveal().as_bytes()),
    };
    let show = |value: Option<&Vec<u8>>| value.map(|value| String::from_utf8_lossy(value).into_owned());
    (!right).then(|| format!("{name} was {:?} and is {:?}", show(was), show(is)))
}

/// A line of the person's that is neither there nor in a comment. What is mended in place has changed.
fn lost(change: &Change, before: &[u8], after: &[u8]) -> Option<String> {
    if !matches!(change, Change::SetAside { .. } | Change::Assign { .. }) {
        return None;
    }
    let lines = |text: &[u8]| text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let kept = lines(after);
    let is_kept = |line: &Vec<u8>| kept.contains(line) || kept.contains(&[b"# ", line.as_slice()].concat());
    let lost = lines(before).into_iter().find(|line| !line.is_empty() && !is_kept(line))?;
    Some(String::from_utf8_lossy(&lost).into_owned())
}

#[derive(Default)]
struct Counts {
    made: usize,
    by_hand: usize,
    ended: usize,
}

fn try_one(shell: &str, seed: u64, counts: &mut Counts) -> Option<String> {
    let mut chance = Chance(seed);
    let text = profile(shell, &mut chance);
    let all = places(shell, &text);
    let syntax = Syntax::Script(Shell::of_path(shell));
    let value = Secret::new(*chance.of(&["new", "it's", "a \"b\" $HOME `x` \\ !", "\\'", "''", "~/x*"]));
    let place = (!all.is_empty() && chance.below(4) > 0).then(|| chance.of(&all));
    let change = match place {
        None => Change::Assign { name: (*chance.of(&NAMES[..])).to_owned(), value },
        Some(place) => {
            let (line, column) = (place.source.line.unwrap(), place.source.column.unwrap());
            let name = place.name.clone();
            match (place.act, chance.below(5)) {
                (Act::Set, 0) => Change::Value { line, column, name, value },
                (Act::Set, 1) => Change::Export { line, column, name },
                (Act::Set, 2) => Change::Rename { line, column, name, to: TO.to_owned() },
                _ => Change::SetAside { line, column, name },
            }
        }
    };
    let told = |what: &str, after: &[u8]| {
        let shown = |text: &[u8]| String::from_utf8_lossy(text).replace('\r', "\\r");
        let (text, after) = (shown(&text), shown(after));
        Some(format!("{shell}, seed {seed}, {change:?}: {what}\n--- before\n{text}\n--- after\n{after}\n---"))
    };
    let after = match edit(&text, syntax, std::slice::from_ref(&change)) {
        Ok(after) => after,
        Err(ProfileEditError::ByHand(_) | ProfileEditError::NoPlace) => {
            counts.by_hand += 1;
            return None;
        }
        Err(error) => return told(&error.to_string(), b""),
    };
    if let Some(line) = lost(&change, &text, &after) {
        return told(&format!("{line} is lost"), &after);
    }
    let Some(before) = real(shell, &text) else {
        counts.ended += 1;
        return None;
    };
    let Some(then) = real(shell, &after) else { return told("the shell ends now", &after) };
    counts.made += 1;
    if then.complaints > before.complaints {
        return told("the shell complains", &after);
    }
    told(&fault(&change, place, &before, &then)?, &after)
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn drive(shell: &str) {
    if !real_shell::is_there(shell) {
        return;
    }
    let (cases, first) = (number("AUTHLIGHT_CASES", 150), number("AUTHLIGHT_SEED", 1));
    let mut counts = Counts::default();
    let faults: Vec<String> =
        (first..first + cases).filter_map(|seed| try_one(shell, seed * 7919, &mut counts)).collect();
    let Counts { made, by_hand, ended } = counts;
    println!("{shell}: {made} edits held against the shell, {by_hand} left to the person, {ended} shells ended early");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(made * 2 > cases as usize, "only {made} edits");
}

#[test]
fn an_edit_changes_one_variable_in_bash() {
    drive("bash");
}

#[test]
fn an_edit_changes_one_variable_in_zsh() {
    drive("zsh");
}

#[test]
fn an_edit_changes_one_variable_in_dash() {
    drive("dash");
}

#[test]
fn an_edit_changes_one_variable_in_fish() {
    drive("fish");
}
