//! `assets/facts/phrases.toml` as tables for `explain.rs`, and what a row must be like.

#[path = "../src/explain/plain_words.rs"]
mod plain_words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use plain_words::plain_words;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    meaning: Vec<Meaning>,
    phrase: Vec<Phrase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Meaning {
    code: String,
    cause: Option<String>,
    #[serde(default)]
    not_sign_in: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    id: String,
    says: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    only_with: Vec<String>,
    #[serde(default)]
    rank: Rank,
    meanings: Vec<String>,
    source: String,
    since: Option<String>,
    until: Option<String>,
    checked: String,
    proven: bool,
}

#[derive(Clone, Copy, Default, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rank {
    General,
    Notice,
    #[default]
    Exact,
}

/// Writes `phrases.rs`.
pub fn write(facts: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let path = facts.join("phrases.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    let facts: Facts = toml::from_str(&fs::read_to_string(&path)?)?;
    let tables = tables(&facts).map_err(|fault| io::Error::other(format!("{}: {fault}", path.display())))?;
    Ok(fs::write(out.join("phrases.rs"), tables)?)
}

fn tables(facts: &Facts) -> Result<String, Box<dyn Error>> {
    let mut text = String::from("static MEANINGS: &[KnownMeaning] = &[\n");
    let mut place = HashMap::new();
    for (number, meaning) in facts.meaning.iter().enumerate() {
        let code = &meaning.code;
        let cause = match (&meaning.cause, meaning.not_sign_in) {
            (Some(cause), false) => Some(cause_of(cause).ok_or_else(|| format!("{code}: no cause is {cause}"))?),
            (None, true) => None,
            _ => return Err(format!("{code}: either a cause or not_sign_in").into()),
        };
        let digit = cause.map_or('9', |(digit, _)| digit);
        let well_formed = code.len() == 7
            && code.starts_with(&format!("AL-{digit}-"))
            && code[5..].parse().is_ok_and(|number: u8| number >= 1);
        if !well_formed {
            return Err(format!("{code}: not a code for phrases of its cause").into());
        }
        if place.insert(code.as_str(), number).is_some() {
            return Err(format!("{code}: twice").into());
        }
        let cause = cause.map_or("None".to_owned(), |(_, cause)| format!("Some(Cause::{cause})"));
        let keys = format!("when: \"{code}.when\", to_do: \"{code}.do\"");
        writeln!(text, "    KnownMeaning {{ code: {code:?}, cause: {cause}, {keys} }},")?;
    }
    text.push_str("];\n\nstatic PHRASES: &[Phrase] = &[\n");

    let mut ids = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut spellings = BTreeMap::new();
    for (number, phrase) in facts.phrase.iter().enumerate() {
        let Phrase { id, says, source, since, until, checked, proven, .. } = phrase;
        if !ids.insert(id) {
            return Err(format!("{id}: twice").into());
        }
        let mut meanings = Vec::new();
        for code in &phrase.meanings {
            let number = place.get(code.as_str()).ok_or_else(|| format!("{id}: no meaning is {code}"))?;
            used.insert(code.as_str());
            meanings.push(*number);
        }
        if !(1..=3).contains(&meanings.len()) {
            return Err(format!("{id}: one to three meanings").into());
        }
        if source.is_empty() || checked.len() != 10 {
            return Err(format!("{id}: where from, and when was it checked").into());
        }
        writeln!(
            text,
            "    Phrase {{ id: {id:?}, says: {says:?}, known_meanings: &{meanings:?}, source: {source:?}, "
        )?;
        writeln!(text, "        since: {since:?}, until: {until:?}, checked: {checked:?}, proven: {proven} }},")?;
        for spelling in std::iter::once(says).chain(&phrase.also) {
            let words = stripped(spelling);
            let clues: Vec<_> = match phrase.only_with.as_slice() {
                [] => vec![None],
                clues => clues.iter().map(|clue| Some(stripped(clue))).collect(),
            };
            for clue in clues {
                if words.is_empty() || clue.as_ref().is_some_and(String::is_empty) {
                    return Err(format!("{id}: a spelling without a word").into());
                }
                let (other, ..) =
                    *spellings.entry((words.clone(), clue)).or_insert((number, phrase.rank, spelling.as_str()));
                if other != number {
                    return Err(format!("{id}: {spelling:?} stands in {} too", facts.phrase[other].id).into());
                }
            }
        }
    }
    if let Some(unused) = place.keys().find(|code| !used.contains(*code)) {
        return Err(format!("{unused}: no phrase means it").into());
    }

    text.push_str("];\n\n// Sorted by their words.\nstatic SPELLINGS: &[Spelling] = &[\n");
    let mut first_words: Vec<(&str, usize)> = Vec::new();
    // Those with the same first word stand together.
    let mut sorted: Vec<_> = spellings.iter().collect();
    sorted.sort_by(|((a, a_clue), _), ((b, b_clue), _)| (first(a), a, a_clue).cmp(&(first(b), b, b_clue)));
    for (at, ((words, clue), (phrase, rank, says))) in sorted.iter().enumerate() {
        let squeezed = words.replace(' ', "");
        let clue = clue.as_ref().map(|clue| format!(" {clue} "));
        let words_length = words.len() + clue.as_ref().map_or(0, |clue| clue.len() - 2);
        writeln!(
            text,
            "    Spelling {{ says: {says:?}, words: {words:?}, squeezed: {squeezed:?}, clue: {clue:?}, phrase: {phrase}, rank: Rank::{rank:?}, weight: {words_length} }},"
        )?;
        if first_words.last().is_none_or(|(word, _)| *word != first(words)) {
            first_words.push((first(words), at));
        }
    }
    text.push_str(
        "];\n\n// Where the spellings with this first word begin.\nstatic FIRST_WORDS: &[(&str, usize)] = &[\n",
    );
    for (word, at) in first_words {
        writeln!(text, "    ({word:?}, {at}),")?;
    }
    text.push_str("];\n");
    Ok(text)
}

fn stripped(spelling: &str) -> String {
    plain_words(spelling).trim().to_owned()
}

fn first(words: &str) -> &str {
    words.split_once(' ').map_or(words, |(first, _)| first)
}

/// The digit of a cause's codes, and its name in the report.
fn cause_of(word: &str) -> Option<(char, &'static str)> {
    Some(match word {
        "G.install" => ('0', "Install"),
        "G.settings_files" => ('0', "SettingsFiles"),
        "G.clock" => ('0', "Clock"),
        "G.policy" => ('0', "Policy"),
        "C1.environment" => ('1', "Environment"),
        "C2.login" => ('2', "Login"),
        "C3.key" => ('3', "Key"),
        "C4.scope" => ('4', "Scope"),
        "C5.endpoint" => ('5', "Endpoint"),
        _ => return None,
    })
}
