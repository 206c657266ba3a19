//! Whose environment Claude Code is started with: a terminal, the desktop, this process; and in which folders.
//!
//! "I set the key, and it still asks me to log in" is nearly always a difference between two of them. Each is resolved
//! by the same rules; what differs is said in one sentence, with the place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::claude_code::variables::{self, Fact, Purpose};
use crate::desktop::Hint;
use crate::environment::Ignored;
use crate::message::{Argument, Message};
use crate::report::{Asks, Context, Source, SourceKind, ToldBy};
use crate::route::{Filled, Resolution, resolve};
use crate::secret::Secret;
use crate::shell::{Act, Place, Profiles, Reach, Role, Unsure};
use crate::snapshot::{Snapshot, Variable};

/// The environment of a context.
#[derive(Clone, Debug, Default)]
pub struct ContextEnvironment {
    /// Whose it is.
    pub context: Context,
    /// Who told it.
    pub told_by: ToldBy,
    /// The variables, in their order.
    pub variables: Vec<Variable>,
    /// What could not be told.
    pub unsure: Vec<Unsure>,
    /// What became of asking the person's shell, where it was asked.
    pub shell: Option<ShellRun>,
}

/// The person's shell was run, to be asked for its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellRun {
    /// What was run, as a command line.
    pub command: String,
    /// Why it gave no answer.
    pub trouble: Option<ShellTrouble>,
    /// How much it printed beside its answer, in bytes, where that is more than a few lines.
    pub printed: Option<u64>,
    /// The folder that it went into, where it did not stay.
    pub went_to: Option<String>,
}

/// Why a shell gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellTrouble {
    /// There is no such program.
    NotThere,
    /// It could not be started.
    NotRunnable,
    /// The time was up.
    TimedOut,
    /// It ended before it came to our question.
    EndedEarly,
    /// It printed without end.
    TooMuchOutput,
    /// Its answer is not whole.
    NoAnswer,
    /// It is a kind of shell that is not asked.
    NotAsked,
}

impl ShellTrouble {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::NotThere,
        Self::NotRunnable,
        Self::TimedOut,
        Self::EndedEarly,
        Self::TooMuchOutput,
        Self::NoAnswer,
        Self::NotAsked,
    ];

    /// The word for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotThere => "not-there",
            Self::NotRunnable => "not-runnable",
            Self::TimedOut => "timed-out",
            Self::EndedEarly => "ended-early",
            Self::TooMuchOutput => "too-much-output",
            Self::NoAnswer => "no-answer",
            Self::NotAsked => "not-asked",
        }
    }
}

/// What a shell said stands in its environment, each with the place that is known to set it: a line of a profile, or what
/// the shell began with.
pub fn placed(said: Vec<(String, Secret)>, profiles: &Profiles, base: &[Variable]) -> Vec<Variable> {
    let place = |name: &str, value: &Secret| {
        let fits = |place: &&Place| {
            let is_it = place.value.as_ref().is_none_or(|its| its.same_as(value));
            place.act == Act::Set && place.role == Role::Terminal && is_it && !matches!(place.reach, Reach::Not)
        };
        let of_profile = profiles.of(name).filter(fits).last().map(|place| place.source.clone());
        let began_with = base.iter().rfind(|variable| variable.name == name && variable.value.same_as(value));
        let of_base = began_with.map(|variable| variable.source.clone());
        let unknown = || Source { name: Some(name.to_owned()), ..Source::new(SourceKind::ShellProfile) };
        of_profile.or(of_base).unwrap_or_else(unknown)
    };
    said.into_iter().map(|(name, value)| Variable { source: place(&name, &value), name, value }).collect()
}

/// The same question in another context or folder, and its answer.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// Whose environment.
    pub context: Context,
    /// Who told it.
    pub told_by: ToldBy,
    /// Variables that decide there and could not be told.
    pub unsure: Vec<String>,
    /// Which folder.
    pub project: Option<String>,
    /// The answer.
    pub resolution: Resolution,
    /// The code of what was found there, where it was judged.
    pub code: Option<Cow<'static, str>>,
}

/// Their names, each once; `*` where it may be any.
pub fn names_of(unsure: &[&Unsure]) -> Vec<String> {
    let name = |name: &str| if name.is_empty() { "*".to_owned() } else { name.to_owned() };
    let mut names: Vec<String> = unsure.iter().map(|unsure| name(&unsure.name)).collect();
    names.dedup();
    names
}

impl Elsewhere {
    /// The answer for what a snapshot examined.
    pub fn of(snapshot: &Snapshot, resolution: Resolution) -> Self {
        let unsure = names_of(&resolution.unsure(&snapshot.examined));
        Self {
            context: snapshot.examined.context,
            told_by: snapshot.examined.told_by,
            unsure,
            project: snapshot.examined.project.clone(),
            resolution,
            code: None,
        }
    }
}

impl Snapshot {
    /// The answer in another environment, as long as the same files are read there. `None`: others are, and they have to
    /// be read first.
    pub fn answer_in(&mut self, environment: ContextEnvironment) -> Option<Elsewhere> {
        if !move_the_same_files(&self.examined.variables, &environment.variables) {
            return None;
        }
        let there = self.examined.in_context(environment);
        let here = std::mem::replace(&mut self.examined, there);
        let answer = Elsewhere::of(self, resolve(self));
        self.examined = here;
        Some(answer)
    }
}

/// Whether two environments say the same about which files are read.
pub(crate) fn move_the_same_files(here: &[Variable], there: &[Variable]) -> bool {
    // Of a variable that stands twice the last counts.
    let moving = |variables: &'_ [Variable]| -> BTreeMap<String, Secret> {
        let moves = |variable: &&Variable| variables::find(&variable.name).is_some_and(Fact::moves_files);
        variables.iter().filter(moves).map(|variable| (variable.name.clone(), variable.value.clone())).collect()
    };
    let (here, there) = (moving(here), moving(there));
    let same = |((name, value), (other, its)): ((&String, &Secret), (&String, &Secret))| {
        name == other && value.length() == its.length() && value.same_as(its)
    };
    here.len() == there.len() && here.iter().zip(&there).all(same)
}

impl Elsewhere {
    /// Why something else is sent than `here`, or to another place. `None`: it is the same, or `here`'s or this answer
    /// could not be told.
    pub fn difference_from(&self, here: &Resolution, here_is_told: bool) -> Option<Message> {
        let told = here_is_told && self.unsure.is_empty();
        told.then(|| difference(here, &self.resolution)).flatten()
    }
}

/// The same reason; where all that is known of a variable is that it stands in the environment, with the line of the
/// folder's own file that may have brought it there.
pub fn with_hint(because: Message, hints: &[Hint], same_folder: bool) -> Message {
    let text = |name: &str| match because.args.iter().find(|(its, _)| *its == name) {
        Some((_, Argument::Text(text))) => Some(text.as_str()),
        _ => None,
    };
    // Of another folder the files are not known.
    let known = same_folder || because.key == "context-only-here";
    let of_environment = known && text("place") == Some("environment");
    let hint = text("name").filter(|_| of_environment).and_then(|name| hints.iter().find(|hint| hint.name == name));
    let Some((path, line)) = hint.and_then(|hint| Some((hint.source.path.clone()?, hint.source.line?))) else {
        return because;
    };
    let Message { key, args, .. } = because;
    let others = args.into_iter().filter(|(name, _)| !["place", "path", "line"].contains(name));
    let message = others.fold(Message::new(key), |message, (name, value)| message.with(name, value));
    message.with("place", "hint").with("path", path).with("line", line)
}

/// Why something else is sent, or to another place, `there` than `here`. `None`: it is the same.
pub fn difference(here: &Resolution, there: &Resolution) -> Option<Message> {
    let address = |resolution: &Resolution| resolution.base.as_ref().ok().map(|base| base.origin.clone());
    let said = |name: &str, fallback: &'static str| {
        variable_difference(here, there, name).unwrap_or_else(|| {
            let credential = there.sends.first().map_or("", |sent| sent.credential.word());
            Message::new(fallback).with("credential", credential).with("origin", address(there).unwrap_or_default())
        })
    };
    let switch = |resolution: &Resolution| resolution.cloud.map(|cloud| cloud.switch);
    if switch(here) != switch(there) {
        let name = switch(there).or(switch(here)).unwrap_or_default();
        return Some(said(name, "context-other-endpoint"));
    }
    if let Some((mine, its)) = first_difference(&here.sends, &there.sends) {
        let fallback = match (there.sends.is_empty(), here.sends.is_empty()) {
            (true, false) => "context-sends-nothing",
            (false, true) => "context-sends",
            _ => "context-other-credential",
        };
        // Where one has what the other lacks, that is the reason; else the two of them are. A login is no variable:
        // then it is what goes before it there.
        let lacks = |sent: &&Filled| there.environment.set(&sent.name).is_none();
        let names = [mine.filter(lacks), its, mine, there.sends.first()].into_iter().flatten();
        let mut reasons = names.filter_map(|sent| variable_difference(here, there, &sent.name));
        return Some(reasons.next().unwrap_or_else(|| {
            let source = its.or(there.sends.first()).map(|sent| &sent.source);
            source.map_or_else(|| said("", fallback), |source| at_place(Message::new(fallback), source))
        }));
    }
    if here.provider != there.provider || address(here) != address(there) {
        return Some(said("ANTHROPIC_BASE_URL", "context-other-endpoint"));
    }
    let asks = |resolution: &Resolution| resolution.prediction.asks == Some(Asks::FolderTrust);
    (asks(there) && !asks(here)).then(|| waits_for_trust(there)).flatten()
}

/// What a folder's settings would set once the person trusts the folder.
fn waits_for_trust(there: &Resolution) -> Option<Message> {
    let decides = |name: &str| {
        let purpose = variables::find(name).map(|fact| fact.purpose);
        matches!(purpose, Some(Purpose::Credential | Purpose::Endpoint | Purpose::Provider))
    };
    let mut settings = there.environment.iter().filter(|(name, _)| decides(name));
    settings.find_map(|(name, setting)| {
        let waiting = setting.places.iter().find(|place| place.ignored == Some(Ignored::Untrusted))?;
        Some(at_place(Message::new("context-asks-trust").with("name", name), &waiting.source))
    })
}

/// The first header that is filled otherwise: by what here, by what there.
pub(crate) fn first_difference<'a>(
    here: &'a [Filled],
    there: &'a [Filled],
) -> Option<(Option<&'a Filled>, Option<&'a Filled>)> {
    let same = |mine: &Filled, its: &Filled| {
        let value = match (&mine.value, &its.value) {
            (Some(mine), Some(its)) => mine.same_as(its),
            (None, None) => (mine.source.kind, &mine.source.path) == (its.source.kind, &its.source.path),
            _ => false,
        };
        mine.header == its.header && mine.credential == its.credential && value
    };
    let of = |sends: &'a [Filled], header| sends.iter().find(|sent| sent.header == header);
    let headers = here.iter().chain(there).map(|sent| sent.header);
    headers.into_iter().find_map(|header| match (of(here, header), of(there, header)) {
        (Some(mine), Some(its)) if same(mine, its) => None,
        (None, None) => None,
        pair => Some(pair),
    })
}

/// What a variable has to do with it.
fn variable_difference(here: &Resolution, there: &Resolution, name: &str) -> Option<Message> {
    variables::find(name)?;
    let (mine, its) = (here.environment.set(name), there.environment.set(name));
    let (key, place) = match (mine, its) {
        (Some(mine), None) => ("context-only-here", &mine.source),
        (None, Some(its)) => ("context-only-there", &its.source),
        (Some(mine), Some(its)) if !mine.value.same_as(&its.value) => ("context-other-value", &its.source),
        _ => return None,
    };
    Some(at_place(Message::new(key).with("name", name), place))
}

/// The same with where it stands.
fn at_place(message: Message, place: &Source) -> Message {
    match (&place.path, place.line) {
        (Some(path), Some(line)) => message.with("place", "line").with("path", path.as_str()).with("line", line),
        (Some(path), None) => message.with("place", "file").with("path", path.as_str()).with("line", 0_usize),
        (None, _) => message.with("place", "environment").with("path", "").with("line", 0_usize),
    }
}
