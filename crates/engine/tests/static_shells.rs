//! What is read of profiles, held against what the shells themselves make of them.
//!
//! Each set-up of `tests/shells/static.json` is laid out as a home, in which the real shell is opened as a new terminal
//! would open it. Each variable must be told as the shell has it, or be said to be unsure. A shell that is not
//! installed is left out by name; with `AUTHLIGHT_ALL_SHELLS=1` that fails. Debian has no Nushell: `AUTHLIGHT_NU` names
//! its program. `AUTHLIGHT_SETUPS` names another file of set-ups, as for those that are put together at random.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands
#![cfg(unix)]

#[path = "support/real_shell.rs"]
mod real_shell;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use authlight_core::report::Source;
use authlight_core::secret::Secret;
use authlight_core::shell::{StaticEnvironment, Unsure, variables_of_new_terminal};
use authlight_core::snapshot::{Platform, Variable};
use authlight_engine::machine::desktop_files;
use authlight_engine::machine::os::Disk;
use authlight_engine::machine::shell_profiles::of_new_terminal;
use serde::Deserialize;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "dash", "nu"];
const MARK: &[u8] = b"--- what programs get ---";

#[derive(Deserialize)]
struct Setup {
    name: String,
    /// The shells in which it is tried.
    shells: Vec<String>,
    /// What stands in the file that each of them reads when a terminal is opened.
    rc: Option<String>,
    /// More files. `~` is the home, `{{home}}` its path; of a text that begins with `base64:` the rest is its bytes.
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    base: BTreeMap<String, String>,
    /// Names that must be told for certain, as they are: being unsure of them is a fault.
    #[serde(default)]
    certain: Vec<String>,
}

fn setups() -> Vec<Setup> {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/shells/static.json");
    let path = std::env::var_os("AUTHLIGHT_SETUPS").map_or_else(own, PathBuf::from);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Names in which the set-ups are compared.
fn compared(name: &str) -> bool {
    ["ANTHROPIC_", "CLAUDE_", "AWS_", "NODE_EXTRA"].iter().any(|start| name.starts_with(start))
        || name.ends_with("_PROXY")
        || name.ends_with("_proxy")
}

fn lay_out(setup: &Setup, shell: &str, home: &Path) {
    let own = setup.rc.as_ref().map(|text| (real_shell::rc(shell).to_owned(), text.clone()));
    for (path, text) in setup.files.clone().into_iter().chain(own) {
        let path = home.join(path.strip_prefix("~/").expect("a file in the home"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = text.replace("{{home}}", &home.to_string_lossy());
        let bytes = match text.strip_prefix("base64:") {
            Some(encoded) => {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.decode(encoded).unwrap()
            }
            None => text.into_bytes(),
        };
        std::fs::write(path, bytes).unwrap();
    }
}

fn base_of(setup: &Setup, shell: &str, home: &Path) -> BTreeMap<String, String> {
    let text = |value: &String| value.replace("{{home}}", &home.to_string_lossy());
    let mut base: BTreeMap<_, _> = setup.base.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    if shell == "dash" {
        base.insert("ENV".to_owned(), home.join(".shrc").to_string_lossy().into_owned());
    }
    base
}

/// What programs get that are started in a new terminal. None: the shell ended before it came to its prompt.
fn real(shell: &str, home: &Path, base: &BTreeMap<String, String>) -> Option<BTreeMap<String, Vec<u8>>> {
    let out = home.join(".out");
    // What a person types, into a file where no banner disturbs it.
    let (mark, file) = (String::from_utf8_lossy(MARK), out.to_string_lossy());
    let typed = match shell {
        "nu" => format!("^/usr/bin/printf '%s' '{mark}' o> '{file}'; ^/usr/bin/env -0 o>> '{file}'; exit"),
        _ => format!("/usr/bin/printf '%s' '{mark}' > '{file}'; /usr/bin/env -0 >> '{file}'"),
    };
    real_shell::type_in(shell, home, base, &typed);
    let bytes = std::fs::read(out).ok()?;
    let told = bytes.strip_prefix(MARK)?;
    Some(real_shell::pairs(told))
}

fn by_reading(shell: &str, home: &Path, base: &BTreeMap<String, String>) -> StaticEnvironment {
    let base: Vec<Variable> = base
        .iter()
        .map(|(name, value)| Variable {
            name: name.clone(),
            value: Secret::new(value.as_str()),
            source: Source::variable(name),
        })
        .collect();
    let base = StaticEnvironment { variables: base, ..StaticEnvironment::default() };
    let path = format!("/bin/{shell}");
    let disk = Disk::running(Platform::Linux);
    if shell == "nu" {
        return desktop_files::new_terminal(&disk, Platform::Linux, &home.to_string_lossy(), Some(&path), &base);
    }
    let profiles = of_new_terminal(&disk, Platform::Linux, &home.to_string_lossy(), Some(&path), &base);
    variables_of_new_terminal(&profiles, &base)
}

/// Why something is not known, and where.
fn reason(why: &Unsure) -> String {
    let file = why.source.path.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    format!("{:?}, {file}:{}", why.why, why.source.line.unwrap_or_default())
}

/// What is wrong with what was read, and how many variables were unsure.
fn disagreements(
    setup: &Setup,
    real: &BTreeMap<String, Vec<u8>>,
    read: &StaticEnvironment,
) -> (Vec<String>, BTreeSet<String>) {
    let mut wrong = Vec::new();
    let mut unsure = BTreeSet::new();
    let told =
        read.variables.iter().map(|variable| &variable.name).chain(read.unsure.iter().map(|unsure| &unsure.name));
    let names: BTreeSet<&String> = told.chain(real.keys()).filter(|name| compared(name)).collect();
    for name in names {
        let sure = Variable::find(&read.variables, name);
        let named = read.unsure.iter().find(|unsure| unsure.name == *name);
        if let Some(why) = named.or(read.anything.as_ref().filter(|_| sure.is_none())) {
            unsure.insert(format!("{name} ({})", reason(why)));
            if setup.certain.contains(name) {
                wrong.push(format!("{name} is unsure ({:?}, line {:?}), and need not be", why.why, why.source.line));
            }
            continue;
        }
        let text = sure.map(|variable| variable.value.reveal().as_bytes());
        if text != real.get(name).map(Vec::as_slice) {
            let show = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let line = sure.and_then(|variable| variable.source.line);
            wrong.push(format!(
                "{name} is {:?}, read as {:?} (line {line:?})",
                show(real.get(name).map(Vec::as_slice)),
                show(text)
            ));
        }
    }
    unsure.extend(read.anything.iter().map(|why| format!("anything ({})", reason(why))));
    (wrong, unsure)
}

#[test]
fn what_is_read_is_what_the_shells_have() {
    let shells: Vec<&str> = SHELLS.into_iter().filter(|shell| real_shell::is_there(shell)).collect();
    let (mut wrong, mut tried, mut variables, mut unsure, mut ended) = (Vec::new(), 0, 0, Vec::new(), 0);
    for setup in setups() {
        for shell in setup.shells.iter().filter(|shell| shells.contains(&shell.as_str())) {
            let home = tempfile::tempdir().unwrap();
            let home = home.path().canonicalize().unwrap();
            lay_out(&setup, shell, &home);
            let base = base_of(&setup, shell, &home);
            let read = by_reading(shell, &home, &base);
            let Some(real) = real(shell, &home, &base) else {
                // Nothing may be told of a terminal that is none.
                ended += 1;
                for variable in read.variables.iter().filter(|variable| compared(&variable.name)) {
                    wrong.push(format!("{} in {shell}: ends, and {} is told", setup.name, variable.name));
                }
                continue;
            };
            let (faults, doubts) = disagreements(&setup, &real, &read);
            tried += 1;
            variables += real.keys().filter(|name| compared(name)).count();
            wrong.extend(faults.into_iter().map(|fault| format!("{} in {shell}: {fault}", setup.name)));
            unsure.extend(doubts.into_iter().map(|name| format!("{} in {shell}: {name}", setup.name)));
        }
    }
    println!("{tried} homes, {variables} variables, {} unsure, {ended} shells ended early", unsure.len());
    for one in &unsure {
        println!("unsure: {one}");
    }
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong.join("\n"));
    assert!(shells.is_empty() || tried > 60, "only {tried} homes");
}
