//! What a program gets that is started from the Dock, the Start menu or a desktop entry: what the system itself sets,
//! by the files and keys in which that stands. Nothing is run.
//!
//! From the manuals: pam_env(8) for `/etc/environment` and `~/.pam_environment`, environment.d(5) and systemd's reader
//! of such files, launchd.plist(5) and launchctl(1), and Windows' documentation of the `Environment` keys.
#![expect(clippy::disallowed_methods, reason = "files are read as texts, in which secrets stand")]

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::claude_code::variables as facts;
use crate::json::Json;
use crate::property_list;
use crate::reading::Reading;
use crate::registry_export::{Hive, TextValue};
use crate::report::{Source, SourceKind};
use crate::secret::Secret;
use crate::shell::{self, Place, Reach, Role, StaticEnvironment, Step, StepAct, Why, after_steps, source_at};
use crate::snapshot::Platform;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `/etc/environment`: `NAME=value`, as PAM reads it.
    Pam,
    /// `~/.pam_environment`: newer systems do not read it any more.
    OldPam,
    /// `environment.d/*.conf`, as systemd reads them.
    Systemd,
    /// A LaunchAgent of macOS.
    LaunchAgent,
}

/// A file that says what programs get.
#[derive(Clone, Debug)]
pub struct DesktopFile {
    /// The path.
    pub path: String,
    /// How it is written.
    pub format: Format,
    /// Its bytes.
    pub bytes: Reading<DesktopBytes>,
}

/// The bytes of a file; they may hold secrets.
#[derive(Clone, Default)]
pub struct DesktopBytes(pub Zeroizing<Vec<u8>>);

impl std::fmt::Debug for DesktopBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DesktopBytes({} bytes)", self.0.len())
    }
}

/// Everything that was read for a desktop.
#[derive(Clone, Debug, Default)]
pub struct DesktopReadings {
    /// Whose rules apply.
    pub platform: Platform,
    /// The home.
    pub home: String,
    /// The files, in the order in which they count.
    pub files: Vec<DesktopFile>,
    /// Windows: the keys of variables, the machine's first.
    pub registry: Vec<(Hive, Reading<Vec<TextValue>>)>,
    /// What the profiles set that are read when the person signs in.
    pub at_sign_in: Vec<Place>,
    /// Places that are taken as if nothing were written there: to see what would be without them.
    pub left_out: Vec<Source>,
}

/// What a program has that is started by a double click.
pub fn variables_of_desktop(readings: &DesktopReadings) -> StaticEnvironment {
    let mut steps = Vec::new();
    let mut known = Known::of(readings);
    for file in &readings.files {
        let bytes = match &file.bytes {
            Reading::Found(bytes) => bytes,
            Reading::Absent => continue,
            Reading::Unreadable(_) => {
                let source = Source { path: Some(file.path.clone()), ..Source::new(kind_of(file.format)) };
                steps.push(Step { name: String::new(), source, act: StepAct::Anything(Why::NotRead) });
                continue;
            }
        };
        if file.format == Format::LaunchAgent {
            let set = launch_agent(&file.path, &bytes.0, &steps);
            steps.extend(set.into_iter().filter(|step| !readings.left_out.contains(&step.source)));
            continue;
        }
        let text = Zeroizing::new(String::from_utf8_lossy(&bytes.0).into_owned());
        let place = |line: &Line| source_at(kind_of(file.format), &file.path, &text, line.at, Some(&line.name));
        let counts = |line: &Line| readings.left_out.is_empty() || !readings.left_out.contains(&place(line));
        let lines = match file.format {
            Format::Pam => pam(&text),
            Format::OldPam => old_pam(&text),
            Format::Systemd | Format::LaunchAgent => systemd(&text, &mut known, &counts),
        };
        for line in lines.into_iter().filter(|line| counts(line)) {
            known.hold(&line);
            let source = place(&line);
            let act = match line.act {
                StepAct::Set(value) if value.reveal().contains(['\0', char::REPLACEMENT_CHARACTER]) => {
                    StepAct::Unsure(Why::Computed)
                }
                act => act,
            };
            steps.push(Step { name: line.name, source, act });
        }
    }
    steps.extend(registry(readings));
    // What shells without a terminal do not come to, no desktop reads.
    let read = |place: &&Place| {
        place.role == Role::Login
            && place.terminals_only.is_none()
            && matches!(place.reach, Reach::Always | Reach::Perhaps)
    };
    for place in readings.at_sign_in.iter().filter(read) {
        let act = StepAct::Unsure(Why::AtSignIn);
        steps.push(Step { name: place.name.clone(), source: place.source.clone(), act });
    }
    let counts = |name: &str| name.is_empty() || shell::counts_on(readings.platform, name);
    steps.retain(|step| counts(&step.name) && !readings.left_out.contains(&step.source));
    after_steps(readings.platform, &StaticEnvironment::default(), steps)
}

fn kind_of(format: Format) -> SourceKind {
    if format == Format::LaunchAgent { SourceKind::Launchd } else { SourceKind::SystemEnv }
}

/// A variable on a line.
struct Line {
    name: String,
    act: StepAct,
    at: usize,
}

/// What other variables hold, for those that are put together of them.
struct Known {
    values: BTreeMap<String, Option<Secret>>,
}

impl Known {
    fn of(readings: &DesktopReadings) -> Self {
        Self { values: BTreeMap::from([("HOME".to_owned(), Some(Secret::new(readings.home.as_str())))]) }
    }

    fn hold(&mut self, line: &Line) {
        let value = match &line.act {
            StepAct::Set(value) => Some(value.clone()),
            StepAct::Unset => Some(Secret::new("")),
            StepAct::Unsure(_) | StepAct::Anything(_) => None,
        };
        self.values.insert(line.name.clone(), value);
    }

    /// None: it cannot be told.
    fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_ref().map(Secret::reveal)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.as_bytes()[0].is_ascii_digit()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

// ------------------------------------------------------------------------------------------------ PAM

fn pam(text: &str) -> Vec<Line> {
    let all = shell::environment_lines(text).into_iter().filter(|line| is_name(&line.name));
    all.map(|line| {
        let act = line.value.map_or(StepAct::Unsure(Why::Computed), |value| StepAct::Set(Secret::new(value.as_str())));
        Line { name: line.name, act, at: line.at }
    })
    .collect()
}

/// `NAME DEFAULT=value OVERRIDE=value`, and on some systems `NAME=value`: who reads it at all is not told.
fn old_pam(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let begins = at + (line.len() - trimmed.len());
        at += line.len();
        let name = trimmed.split(|c: char| c == '=' || c.is_whitespace()).next().unwrap_or_default();
        if is_name(name) {
            found.push(Line { name: name.to_owned(), act: StepAct::Unsure(Why::AtSignIn), at: begins });
        }
    }
    found
}

// ------------------------------------------------------------------------------------------------ systemd

/// Which of the files of `environment.d` count, in their order: by name, whatever the folder; of files with one name
/// that of the first folder. `folders`: the person's first, each with its names.
pub fn systemd_order(folders: &[(String, Vec<String>)]) -> Vec<String> {
    let mut by_name: BTreeMap<&str, String> = BTreeMap::new();
    for (folder, names) in folders {
        for name in names.iter().filter(|name| name.ends_with(".conf") && !name.starts_with('.')) {
            by_name.entry(name).or_insert_with(|| format!("{folder}/{name}"));
        }
    }
    by_name.into_values().collect()
}

/// The variables of such a file; each may use those before it that count.
fn systemd(text: &str, known: &mut Known, counts: &dyn Fn(&Line) -> bool) -> Vec<Line> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = &rest[..end];
        let trimmed = line.trim_start();
        if trimmed.starts_with(['#', ';']) || !line.contains('=') {
            // A comment goes on where its line does.
            at += if trimmed.starts_with(['#', ';']) && line.ends_with('\\') { line.len() } else { end };
            at = (at + 1).min(text.len());
            continue;
        }
        let begins = at + (line.len() - trimmed.len());
        let sign = trimmed.find('=').unwrap_or(trimmed.len());
        let name = trimmed[..sign].trim_end().to_owned();
        let value_at = (begins + sign + 1).min(text.len());
        let (raw, length) = systemd_value(&text[value_at..]);
        at = value_at + length;
        if !is_name(&name) {
            continue;
        }
        let value = raw.and_then(|raw| expanded(&raw, known, 0));
        let act = value.map_or(StepAct::Unsure(Why::Computed), |value| StepAct::Set(Secret::new(value.as_str())));
        let line = Line { name, act, at: begins };
        if counts(&line) {
            known.hold(&line);
        }
        found.push(line);
    }
    found
}

/// A value as systemd reads it from a file, and how many bytes it takes with the end of its line. None: versions differ.
fn systemd_value(text: &str) -> (Option<Zeroizing<String>>, usize) {
    let mut value = Zeroizing::new(String::new());
    // Blanks at the end of a part without quotation marks are left out.
    let mut keep = 0;
    let mut before = true;
    let mut sure = true;
    let mut signs = text.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\n' | '\r' => {
                value.truncate(keep);
                return (sure.then_some(value), at + 1);
            }
            ' ' | '\t' if before => {}
            '\'' if before => loop {
                match signs.next() {
                    None => return (None, text.len()),
                    Some((_, '\'')) => break,
                    Some((_, sign)) => {
                        // Older versions take it before a quotation mark.
                        sure &= sign != '\\';
                        value.push(sign);
                        keep = value.len();
                    }
                }
            },
            '"' if before => loop {
                match signs.next() {
                    None => return (None, text.len()),
                    Some((_, '"')) => break,
                    Some((_, '\\')) => {
                        match signs.next() {
                            None => return (None, text.len()),
                            Some((_, '\n')) => {}
                            Some((_, sign @ ('"' | '\\' | '`' | '$'))) => value.push(sign),
                            Some((_, sign)) => value.extend(['\\', sign]),
                        }
                        keep = value.len();
                    }
                    Some((_, sign)) => {
                        value.push(sign);
                        keep = value.len();
                    }
                }
            },
            '\\' => {
                before = false;
                if let Some((_, sign)) = signs.next()
                    && sign != '\n'
                {
                    value.push(sign);
                    keep = value.len();
                }
            }
            sign => {
                before = false;
                value.push(sign);
                if !matches!(sign, ' ' | '\t') {
                    keep = value.len();
                }
            }
        }
    }
    value.truncate(keep);
    (sure.then_some(value), text.len())
}

/// `$NAME`, `${NAME}`, `${NAME:-other}` and `${NAME:+other}` in a value. None where one of them is not known.
fn expanded(value: &str, known: &Known, depth: usize) -> Option<Zeroizing<String>> {
    if depth > 8 || value.len() > 64 << 10 {
        return None;
    }
    let mut all = Zeroizing::new(String::with_capacity(value.len()));
    let mut rest = value;
    while let Some(at) = rest.find('$') {
        all.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length = |text: &str| text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if let Some(inner) = rest.strip_prefix('{') {
            let close = inner.find('}')?;
            let (inner, after) = (&inner[..close], &inner[close + 1..]);
            let (name, word) = inner.split_at(length(inner));
            rest = after;
            let held = if is_name(name) { known.get(name)? } else { return None };
            match word.get(..2) {
                None if word.is_empty() => all.push_str(held),
                Some(":-") if held.is_empty() => all.push_str(&expanded(&word[2..], known, depth + 1)?),
                Some(":-") => all.push_str(held),
                Some(":+") if !held.is_empty() => all.push_str(&expanded(&word[2..], known, depth + 1)?),
                Some(":+") => {}
                _ => return None,
            }
        } else if let Some(after) = rest.strip_prefix('$') {
            all.push('$');
            rest = after;
        } else {
            let (name, after) = rest.split_at(length(rest));
            if name.is_empty() {
                all.push('$');
                continue;
            }
            all.push_str(known.get(name)?);
            rest = after;
        }
    }
    all.push_str(rest);
    Some(all)
}

// ------------------------------------------------------------------------------------------------ macOS

/// The variables that a LaunchAgent sets by `launchctl setenv`. `before`: what others have set; in which order they
/// run is not told.
fn launch_agent(path: &str, bytes: &[u8], before: &[Step]) -> Vec<Step> {
    let unreadable = || {
        let source = Source { path: Some(path.to_owned()), ..Source::new(SourceKind::Launchd) };
        let names_it = memchr::memmem::find(bytes, b"setenv").is_some();
        let step = Step { name: String::new(), source, act: StepAct::Anything(Why::NotRead) };
        if names_it { vec![step] } else { Vec::new() }
    };
    let Some(json) = property_list::to_json(bytes).map(Zeroizing::new) else { return unreadable() };
    let Ok(json) = Json::parse(json.as_bytes().to_vec()) else { return unreadable() };
    let root = json.root();
    let is = |name: &str| root.get(name).and_then(|value| value.as_bool());
    let surely = is("RunAtLoad") == Some(true) && is("Disabled") != Some(true);
    let Some(arguments) = root.get("ProgramArguments") else { return Vec::new() };
    let arguments: Vec<Zeroizing<String>> =
        arguments.items().filter_map(|value| value.as_str().map(|text| Zeroizing::new(text.into_owned()))).collect();
    let words: Vec<&str> = arguments.iter().map(|text| text.as_str()).collect();
    let mut found: Vec<(String, Option<Secret>)> = Vec::new();
    match words.as_slice() {
        [program, "setenv", pairs @ ..] if is_launchctl(program) => {
            found.extend(pairs.chunks_exact(2).map(|pair| (pair[0].to_owned(), Some(Secret::new(pair[1])))));
        }
        [program, "unsetenv", names @ ..] if is_launchctl(program) => {
            found.extend(names.iter().map(|name| ((*name).to_owned(), None)));
        }
        [program, flag, script, ..]
            if flag.starts_with('-') && flag.ends_with('c') && program.ends_with("sh") && script.contains("setenv") =>
        {
            return of_script(path, script, surely);
        }
        _ => {}
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let steps = found.into_iter().map(|(name, value)| {
        let source = source_in_plist(path, text, &name);
        let again = before.iter().any(|step| step.name == name);
        let act = match value {
            _ if !surely || again => StepAct::Unsure(Why::Condition),
            Some(value) => StepAct::Set(value),
            None => StepAct::Unset,
        };
        Step { name, source, act }
    });
    steps.collect()
}

fn is_launchctl(program: &str) -> bool {
    program.rsplit('/').next() == Some("launchctl")
}

/// Where a name stands in a list that is a text.
fn source_in_plist(path: &str, text: &str, name: &str) -> Source {
    match text.find(&format!(">{name}<")) {
        Some(at) => source_at(SourceKind::Launchd, path, text, at + 1, Some(name)),
        None => Source { path: Some(path.to_owned()), name: Some(name.to_owned()), ..Source::new(SourceKind::Launchd) },
    }
}

/// What a shell is given to run: plain calls are told, all else is unsure.
fn of_script(path: &str, script: &str, surely: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let plain =
        !script.contains(['|', '$', '`', '(', '{', '<', '\\']) && !script.contains("if ") && !script.contains("||");
    for command in script.split([';', '\n', '&']) {
        let words = plain_words(command);
        let source = |name: &str| Source {
            path: Some(path.to_owned()),
            name: Some(name.to_owned()),
            ..Source::new(SourceKind::Launchd)
        };
        let texts: Vec<&str> = words.iter().flatten().map(|word| word.as_str()).collect();
        if let [program, "setenv", name, value] = texts.as_slice()
            && is_launchctl(program)
            && plain
            && surely
        {
            let act = StepAct::Set(Secret::new(*value));
            steps.push(Step { name: (*name).to_owned(), source: source(name), act });
            continue;
        }
        for name in command.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|name| is_name(name)) {
            let act = StepAct::Unsure(Why::NotFollowed);
            steps.push(Step { name: name.to_owned(), source: source(name), act });
        }
    }
    steps
}

/// Words with or without quotation marks around the whole of them.
fn plain_words(command: &str) -> Option<Vec<Zeroizing<String>>> {
    let mut words = Vec::new();
    let mut rest = command.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|sign| matches!(sign, '"' | '\''));
        let (word, after) = match quote {
            Some(quote) => rest[1..].split_once(quote)?,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        let ends = after.is_empty() || quote.is_none() || after.starts_with(char::is_whitespace);
        if !ends || (quote.is_none() && word.contains(['"', '\''])) {
            return None;
        }
        words.push(Zeroizing::new(word.to_owned()));
        rest = after.trim_start();
    }
    Some(words)
}

// ------------------------------------------------------------------------------------------------ Windows

/// What the keys of variables set: the machine's first, then the person's; in each the plain ones before those that
/// are put together of others. A new terminal begins with the same.
fn registry(readings: &DesktopReadings) -> Vec<Step> {
    if readings.registry.is_empty() {
        return Vec::new();
    }
    let home = &readings.home;
    let mut known: BTreeMap<String, Option<Secret>> = BTreeMap::new();
    // What the system sets for every person by itself, by where the home lies.
    let own = [
        ("USERPROFILE", home.clone()),
        ("APPDATA", readings.platform.join(home, r"AppData\Roaming")),
        ("LOCALAPPDATA", readings.platform.join(home, r"AppData\Local")),
    ];
    known.extend(of_the_system(home).map(|(name, value)| (name.to_owned(), Some(Secret::new(value)))));
    let mut steps: Vec<Step> = Vec::new();
    let at = |name: &str, hive: Hive| Source {
        path: Some(format!("{}\\{}", hive.short(), hive.environment_key())),
        name: Some(name.to_owned()),
        ..Source::new(SourceKind::Registry)
    };
    for (name, value) in own {
        let value = Secret::new(value);
        known.insert(name.to_owned(), Some(value.clone()));
        let source = Source { path: None, ..at(name, Hive::CurrentUser) };
        steps.push(Step { name: name.to_owned(), source, act: StepAct::Set(value) });
    }
    for (hive, reading) in &readings.registry {
        let values = match reading {
            Reading::Found(values) => values,
            Reading::Absent => continue,
            Reading::Unreadable(_) => {
                let source = Source { name: None, ..at("", *hive) };
                steps.push(Step { name: String::new(), source, act: StepAct::Anything(Why::NotRead) });
                continue;
            }
        };
        for expands in [false, true] {
            for value in values.iter().filter(|value| value.expands == expands) {
                let source = at(&value.name, *hive);
                if readings.left_out.contains(&source) {
                    continue;
                }
                let upper = value.name.to_ascii_uppercase();
                let mut text =
                    if expands { percent_expanded(value.text.reveal(), &known) } else { Some(value.text.clone()) };
                if upper == "PATH" && *hive == Hive::CurrentUser && known.contains_key("PATH") {
                    // The person's is put behind the machine's.
                    let before = known.get("PATH").cloned().flatten();
                    text = before.zip(text).map(|(before, text)| {
                        Secret::new(format!("{};{}", before.reveal().trim_end_matches(';'), text.reveal()))
                    });
                }
                known.insert(upper, text.clone());
                let act = text.map_or(StepAct::Unsure(Why::Computed), StepAct::Set);
                steps.push(Step { name: value.name.clone(), source, act });
            }
        }
    }
    steps
}

/// What Windows sets by itself and other variables are put together of, `PATH` for one; for a home on the drive on which
/// Windows lies. Where it lies otherwise, nobody here can tell.
fn of_the_system(home: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    const ALL: [(&str, &str); 7] = [
        ("SYSTEMDRIVE", "C:"),
        ("SYSTEMROOT", r"C:\Windows"),
        ("PROGRAMDATA", r"C:\ProgramData"),
        ("ALLUSERSPROFILE", r"C:\ProgramData"),
        ("PROGRAMFILES", r"C:\Program Files"),
        ("PROGRAMFILES(X86)", r"C:\Program Files (x86)"),
        ("PUBLIC", r"C:\Users\Public"),
    ];
    let there =
        home.get(..3).is_some_and(|drive| drive.eq_ignore_ascii_case(r"C:\") || drive.eq_ignore_ascii_case("C:/"));
    ALL.into_iter().filter(move |_| there)
}

/// A text in which names between `%` are put in. None where one of them is not known.
fn percent_expanded(text: &str, known: &BTreeMap<String, Option<Secret>>) -> Option<Secret> {
    let mut all = Zeroizing::new(String::with_capacity(text.len() * 2));
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        all.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let Some(end) = after.find('%') else {
            rest = &rest[at..];
            break;
        };
        all.push_str(known.get(&after[..end].to_ascii_uppercase())?.as_ref()?.reveal());
        rest = &after[end + 1..];
    }
    all.push_str(rest);
    Some(Secret::new(all.as_str()))
}

// ------------------------------------------------------------------------------------------------ hints

/// A variable in a file of a project that some other program may read: direnv, an IDE, a framework. Never a part of an
/// environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Its name.
    pub name: String,
    /// The place.
    pub source: Source,
}

/// The variables that count in a project's `.env` or `.envrc`.
pub fn hints(path: &str, text: &Secret) -> Vec<Hint> {
    let text = text.reveal();
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begins = at;
        at += line.len();
        let mut rest = line.trim_start();
        if rest.starts_with('#') {
            continue;
        }
        while let Some(after) = ["export", "declare", "-x", "env_vars_required"]
            .iter()
            .find_map(|word| rest.strip_prefix(word).filter(|after| after.starts_with([' ', '\t'])))
        {
            rest = after.trim_start();
        }
        let Some((name, value)) = rest.split_once('=') else { continue };
        // A form to be filled in.
        if matches!(value.trim(), "" | "\"\"" | "''") || value.trim_start().starts_with('#') {
            continue;
        }
        let name = name.trim_end();
        if facts::find(name).is_some() || (is_name(name) && shell::counts_on(Platform::Linux, name)) {
            let place = begins + (rest.as_ptr() as usize - line.as_ptr() as usize);
            found.push(Hint {
                name: name.to_owned(),
                source: source_at(SourceKind::Dotenv, path, text, place, Some(name)),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests;
