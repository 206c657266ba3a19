//! What words come to, and what tests answer, as far as that is known without running anything.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

use std::rc::Rc;

use zeroize::Zeroizing;

use super::follow::{End, Loaded, SIGNS_OF_A_STEP, STEPS, Truth, VALUE, Walk};
use super::state::Value;
use super::syntax::{Part, Word};
use super::text::{Text, grow};
use super::{Role, Shell};
use crate::snapshot::Platform;

/// The most that a text is held against a pattern: signs of the one times signs of the other.
const MATCH: usize = 1 << 16;

/// In a pattern that is put together, signs that stand for others.
const STAR: char = '\u{1}';
const ONE: char = '\u{2}';

impl Walk<'_> {
    /// The text of a word, where everything in it is known.
    pub(super) fn expand(&mut self, word: &Word) -> Option<Text> {
        let outer = std::mem::take(&mut self.rough);
        let text = self.roughly(word);
        let rough = std::mem::replace(&mut self.rough, outer);
        text.filter(|_| !rough)
    }

    /// The same, where it is known well enough for a test: `rough` then says that it is not the whole truth.
    pub(super) fn roughly(&mut self, word: &Word) -> Option<Text> {
        // Most words are one text.
        if let [Part::Text { text, quoted }] = &*word.parts
            && (*quoted || !text.contains(['~', '{']))
        {
            self.steps += text.len() / SIGNS_OF_A_STEP;
            return (self.steps <= STEPS && text.len() <= VALUE).then(|| text.clone());
        }
        let mut all = Zeroizing::new(String::new());
        for (index, part) in word.parts.iter().enumerate() {
            let mut own = None;
            let piece: &str = match part {
                Part::Text { text, quoted } => {
                    // `a:~/b` and `a{b,c}` are expanded in some places and not in others.
                    if !*quoted && (text.contains(":~") || (text.contains('{') && text.contains([',', '.']))) {
                        return None;
                    }
                    let tilde = index == 0 && !*quoted && text.starts_with('~');
                    match text.get(1..).filter(|_| tilde) {
                        // `~"x"` is somebody's name, and then it is none.
                        Some("") if word.parts.len() > 1 => return None,
                        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                            let home = self.value_of("HOME")?;
                            own.insert(Text::Own(Zeroizing::new(format!("{}{rest}", &*home))))
                        }
                        // Somebody else's home.
                        Some(_) => return None,
                        None => text,
                    }
                }
                // fish: of a word with a variable that is not set nothing is left, but for one in quotation marks.
                Part::Variable(name)
                    if self.is_fish
                        && word
                            .parts
                            .iter()
                            .filter(|part| !matches!(part, Part::Text { text, .. } if text.is_empty()))
                            .count()
                            > 1
                        && matches!(self.variables.value(name), Some(Value::Unset)) =>
                {
                    return None;
                }
                Part::Variable(name) => own.insert(self.value_of(name)?),
                Part::Default { name, colon, word } => match self.variables.value(name) {
                    Some(Value::Unset) => own.insert(self.roughly(word)?),
                    Some(Value::Text(text)) if text.is_empty() && *colon => own.insert(self.roughly(word)?),
                    _ => own.insert(self.value_of(name)?),
                },
                Part::Computed(text) => match &**text {
                    "$(uname)" | "$(uname -s)" | "`uname`" | "`uname -s`" | "(uname)" | "(uname -s)" => {
                        let mac = self.person.platform == Platform::MacOs;
                        if mac { "Darwin" } else { "Linux" }
                    }
                    // `${NAME:t}`
                    other if self.is_zsh && !other.contains('+') => own.insert(self.modified(other)?),
                    // `${NAME+word}`
                    other => {
                        let (name, word) = other.split_once('+')?;
                        let (name, colon) = name.strip_suffix(':').map_or((name, false), |name| (name, true));
                        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                        if !plain(name) || !plain(word) || self.is_fish {
                            return None;
                        }
                        match self.variables.value(name)? {
                            Value::Unset => "",
                            Value::Text(text) if colon && text.is_empty() => "",
                            Value::Text(_) => own.insert(Text::from(word)),
                            _ => return None,
                        }
                    }
                },
                // It is set by now, if it can be told to what.
                Part::Assign { name, .. } => own.insert(self.value_of(name)?),
            };
            // One that grows with each line would cost more with each.
            self.steps += piece.len() / SIGNS_OF_A_STEP;
            if self.steps > STEPS || all.len() + piece.len() > VALUE {
                return None;
            }
            grow(&mut all, piece);
        }
        Some(Text::Own(all))
    }

    /// zsh: a part of a path, as `NAME:h:t`.
    fn modified(&mut self, text: &str) -> Option<Text> {
        let mut parts = text.split(':');
        let name = parts.next().filter(|name| !name.is_empty())?;
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        let value = self.value_of(name).filter(|_| !self.rough)?;
        let mut value = Zeroizing::new(value.to_string());
        let mut any = false;
        for part in parts {
            any = true;
            // Versions differ in what they make of slashes at the end and of one behind the other.
            if value.is_empty() || value.ends_with('/') || value.contains("//") {
                return None;
            }
            let (folder, tail) = value.rsplit_once('/').map_or((None, &**value), |(folder, tail)| (Some(folder), tail));
            // What begins with a dot has no ending.
            let ending = tail.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && !ending.is_empty());
            let odd = ending.is_none() && tail.contains('.');
            let next = match part {
                "t" => tail.to_owned(),
                "h" => match folder {
                    Some("") => "/".to_owned(),
                    Some(folder) => folder.to_owned(),
                    None => ".".to_owned(),
                },
                "e" | "r" if odd => return None,
                "e" => ending.map_or_else(String::new, |(_, ending)| ending.to_owned()),
                "r" => ending.map_or(&**value, |(_, ending)| &value[..value.len() - ending.len() - 1]).to_owned(),
                "a" if folder.is_some_and(|folder| folder.is_empty() || folder.starts_with('/'))
                    && !value.split('/').any(|name| matches!(name, "." | "..")) =>
                {
                    value.to_string()
                }
                "l" if value.is_ascii() => value.to_ascii_lowercase(),
                "u" if value.is_ascii() => value.to_ascii_uppercase(),
                _ => return None,
            };
            value = Zeroizing::new(next);
        }
        any.then_some(Text::Own(value))
    }

    pub(super) fn value_of(&mut self, name: &str) -> Option<Text> {
        let terminal = self.role != Role::Login;
        if let [b'1'..=b'9'] = name.as_bytes() {
            let index = usize::from(name.as_bytes()[0] - b'1');
            return self.arguments.last()?.get(index)?.clone();
        }
        match name {
            "-" => {
                (self.asked_terminal, self.rough) = (true, true);
                Some(Text::Plain(if terminal { "himBHs" } else { "hBc" }))
            }
            // A prompt that files put together is still one that only shells with a terminal begin with.
            "PS1" | "PROMPT" if !matches!(self.variables.value(name), Some(Value::Text(_) | Value::Unset)) => {
                if matches!(self.variables.value(name), Some(Value::Unknown(_))) && !terminal {
                    return None;
                }
                (self.asked_terminal, self.rough) = (true, true);
                Some(Text::Plain(if terminal { "\0" } else { "" }))
            }
            _ => match self.variables.value(name)? {
                Value::Text(text) => {
                    let text = Text::from(text.reveal());
                    let roughly = text.starts_with('\0')
                        || matches!(name, "BASH" | "OSTYPE") && self.variables.get(name).place.is_none();
                    self.rough |= roughly;
                    Some(text)
                }
                // fish makes nothing of it, which may be one element less. A set empty text is not the same.
                Value::Unset => Some(Text::default()),
                _ => None,
            },
        }
    }

    // ------------------------------------------------------------------------------------------- what a loop goes through

    /// What words come to in a loop, files that match patterns among it; and whether that is surely so, in this order.
    pub(super) fn items(&mut self, words: &[Word], file: &Rc<Loaded>) -> Option<(Vec<Text>, bool)> {
        let mut all = Vec::new();
        let mut surely = true;
        for word in words {
            if let Some(list) = self.list_named(word, file) {
                // As words without marks they may be more, or none.
                if list.iter().any(|item| !self.is_one_word(item)) {
                    return None;
                }
                all.extend(list);
                continue;
            }
            let Some((pattern, optional)) = self.path_pattern(word) else {
                let plain = |part: &Part| match part {
                    Part::Text { text, quoted } => *quoted || !text.contains(['*', '?', '[', '{']),
                    Part::Computed(_) => false,
                    Part::Variable(_) | Part::Default { .. } | Part::Assign { .. } => true,
                };
                if !word.parts.iter().all(plain) {
                    return None;
                }
                let text = self.expand(word)?;
                let expanded = word.literal().is_none();
                if expanded && !self.is_one_word(&text) {
                    return None;
                }
                all.push(text);
                continue;
            };
            let (found, sorted) = self.matching(&pattern)?;
            surely &= sorted && !self.odd_files;
            if !found.is_empty() {
                all.extend(found.iter().map(|path| Text::from(path.as_str())));
                continue;
            }
            match file.shell {
                Shell::Fish => {}
                _ if optional => {}
                // zsh ends the file where nothing matches.
                Shell::Zsh => {
                    self.perhaps_ends(End::Return);
                    surely = false;
                }
                _ => all.push(pattern.replace(STAR, "*").replace(ONE, "?").as_str().into()),
            }
        }
        Some((all, surely))
    }

    /// The elements of a list, where a word stands for them: `$name` in zsh, `${name[@]}`.
    fn list_named(&self, word: &Word, file: &Loaded) -> Option<Vec<Text>> {
        match &*word.parts {
            [Part::Variable(name)] if file.shell == Shell::Zsh => self.list_in(name),
            [Part::Computed(text)] | [Part::Text { quoted: true, .. }, Part::Computed(text)] => {
                let empty = |part: &Part| matches!(part, Part::Text { text, .. } if text.is_empty());
                let alone = word.parts.len() == 1 || word.parts.first().is_some_and(empty);
                text.strip_suffix("[@]").filter(|_| alone).and_then(|name| self.list_in(name))
            }
            _ => None,
        }
    }

    /// The pattern in a word that stands for files; and whether there need not be any.
    pub(super) fn path_pattern(&mut self, word: &Word) -> Option<(String, bool)> {
        let mut parts = &*word.parts;
        let mut optional = false;
        if let [rest @ .., Part::Computed(text)] = parts
            && matches!(&**text, "(N)" | "(.N)" | "(N.)" | "(-.N)" | "(N-.)")
        {
            (parts, optional) = (rest, true);
        }
        let mut pattern = String::new();
        for (index, part) in parts.iter().enumerate() {
            match part {
                Part::Text { text, quoted: false } => {
                    if text.contains(['[', '{']) || text.contains("**") {
                        return None;
                    }
                    let one = Word::of(word.at, part.clone());
                    let text = if index == 0 { self.expand(&one)? } else { text.clone() };
                    pattern.push_str(&text.replace('*', "\u{1}").replace('?', "\u{2}"));
                }
                Part::Computed(text) if &**text == "*" => pattern.push(STAR),
                Part::Text { text, .. } => pattern.push_str(text),
                Part::Variable(_) | Part::Default { .. } => {
                    let one = Word::of(word.at, part.clone());
                    let text = self.expand(&one)?;
                    if text.contains([' ', '\t', '\n', '*', '?', '[', STAR, ONE]) {
                        return None;
                    }
                    pattern.push_str(&text);
                }
                _ => return None,
            }
        }
        let special = pattern.contains([STAR, ONE]) && !pattern.contains("\u{1}\u{1}");
        (special && pattern.starts_with('/')).then_some((pattern, optional))
    }

    /// The files that match, and whether every shell has them in this order.
    pub(super) fn matching(&mut self, pattern: &str) -> Option<(Vec<String>, bool)> {
        let mut found = vec![String::new()];
        let mut sorted = true;
        let mut literal_end = false;
        for name in pattern.split('/').skip(1) {
            literal_end = !name.contains([STAR, ONE]);
            if literal_end {
                found.iter_mut().for_each(|path| {
                    path.push('/');
                    path.push_str(name);
                });
                continue;
            }
            let plain = name.replace(STAR, "*").replace(ONE, "?");
            let mut deeper = Vec::new();
            for folder in found {
                let mut names = self.files.list(if folder.is_empty() { "/" } else { &folder });
                self.steps += names.len();
                names
                    .retain(|name| (plain.starts_with('.') || !name.starts_with('.')) && matches_pattern(name, &plain));
                // Locales sort by letters, then by case, and most of them pass over signs.
                let mut as_locales_do: Vec<&String> = names.iter().collect();
                as_locales_do.sort_by_key(|name| {
                    let letters = |c: &char| c.is_alphanumeric();
                    name.chars().filter(letters).collect::<String>().to_lowercase()
                });
                sorted &= as_locales_do.iter().zip(&names).all(|(a, b)| **a == *b);
                deeper.extend(names.into_iter().map(|name| format!("{folder}/{name}")));
            }
            found = deeper;
            if self.steps > STEPS || found.len() > 1_000 {
                return None;
            }
        }
        if literal_end {
            let mut there = Vec::new();
            for path in found {
                if self.files.is_file(&path)? {
                    there.push(path);
                }
            }
            found = there;
        }
        Some((found, sorted))
    }

    // ------------------------------------------------------------------------------------------- tests

    /// `[ … ]` and `[[ … ]]`. `patterns`: the right side of `==` is one.
    pub(super) fn test(&mut self, words: &[Word], patterns: bool) -> Truth {
        let operators = if patterns { ["||", "&&"] } else { ["-o", "-a"] };
        if words.iter().any(|word| matches!(word.bare(), Some("(" | ")"))) {
            return Truth::UNKNOWN;
        }
        // `[[ -o interactive ]]` asks for an option.
        let is = |word: &Word, index: usize, operator: &str| index > 0 && word.bare() == Some(operator);
        let mut any = Truth::known(false);
        for part in split(words, |word, index| is(word, index, operators[0])) {
            let mut all = Truth::known(true);
            for one in split(part, |word, index| is(word, index, operators[1])) {
                all = all.and(self.one_test(one, patterns));
            }
            any = any.or(all);
        }
        any
    }

    fn one_test(&mut self, words: &[Word], patterns: bool) -> Truth {
        (self.asked_terminal, self.rough) = (false, false);
        // Without quotation marks a word may come to none or to many.
        let value = match words {
            [not, rest @ ..] if not.bare() == Some("!") && !rest.is_empty() => {
                return self.one_test(rest, patterns).not();
            }
            [word] => self.roughly(word).map(|text| !text.is_empty()),
            [operator, word] => self.unary_test(operator.bare().unwrap_or_default(), word, patterns),
            [left, operator, right] => self.binary_test(left, operator.bare().unwrap_or_default(), right, patterns),
            _ => None,
        };
        self.rough = false;
        Truth { value, by_terminal: std::mem::take(&mut self.asked_terminal) }
    }

    /// Whether a text stays one word where it comes from a variable without quotation marks.
    pub(super) fn is_one_word(&self, text: &str) -> bool {
        let usual = |value: &Value| {
            matches!(value, Value::Unset) || matches!(value, Value::Text(text) if text.reveal() == " \t\n")
        };
        let splits_as_usual = self.variables.value("IFS").is_none_or(usual);
        splits_as_usual && !text.is_empty() && !text.contains([' ', '\t', '\n', '*', '?', '['])
    }

    fn unary_test(&mut self, operator: &str, word: &Word, patterns: bool) -> Option<bool> {
        match operator {
            "-z" => self.roughly(word).map(|text| text.is_empty()),
            // `[ -n $X ]` without marks holds where there is none.
            "-n" => {
                let text = self.roughly(word)?;
                let bare = matches!(&*word.parts, [Part::Variable(_)]);
                (patterns || !bare || !text.is_empty()).then_some(!text.is_empty())
            }
            "-t" => {
                self.asked_terminal = true;
                Some(self.role != Role::Login)
            }
            "-o" => match word.bare() {
                Some("interactive") => {
                    self.asked_terminal = true;
                    Some(self.role != Role::Login)
                }
                Some("login") => Some(self.login),
                _ => None,
            },
            "-f" | "-e" | "-r" | "-s" | "-x" | "-d" | "-w" => {
                let path = self.expand(word).filter(|path| path.starts_with('/'))?;
                if operator == "-d" {
                    return self.files.is_folder(&path);
                }
                let there = self.files.is_file(&path)?;
                // An empty file is a file too, and a path that is none may be a folder.
                match (there, operator) {
                    (true, "-s" | "-x") => None,
                    (true, "-w") => self.files.is_writable(&path),
                    (false, "-e" | "-r" | "-s" | "-x" | "-w") => match self.files.is_folder(&path)? {
                        true if operator == "-w" => self.files.is_writable(&path),
                        folder => (operator == "-e" || !folder).then_some(folder),
                    },
                    (there, _) => Some(there),
                }
            }
            _ => None,
        }
    }

    /// Whether a text matches a pattern. None for richer ones, and where it would take too long.
    pub(super) fn matches(&mut self, text: &str, pattern: &str, rough: bool) -> Option<bool> {
        self.steps += 1 + pattern.len() / SIGNS_OF_A_STEP;
        if self.steps > STEPS || self.odd_patterns {
            return None;
        }
        if rough {
            return matches_roughly(text, pattern);
        }
        if pattern.contains(['[', '(', '|', '\\', '#', '^', '~', '<']) {
            return None;
        }
        if !pattern.contains(['*', '?']) {
            return Some(text == pattern);
        }
        let cost = text.len() * pattern.len();
        if cost > MATCH {
            return None;
        }
        self.steps += cost / SIGNS_OF_A_STEP;
        Some(matches_pattern(text, pattern))
    }

    fn binary_test(&mut self, left: &Word, operator: &str, right: &Word, patterns: bool) -> Option<bool> {
        // Without quotation marks it may come to no word, or to more than one, and then it is another test.
        let bare = |word: &Word| !patterns && matches!(&*word.parts, [Part::Variable(_)]);
        let (left_bare, right_bare) = (bare(left), bare(right));
        let left = self.roughly(left);
        let rough = std::mem::take(&mut self.rough);
        let pattern = patterns && right.parts.iter().any(|part| matches!(part, Part::Text { quoted: false, .. }));
        let of_pattern = right.pattern().or_else(|| self.expand(right).map(|text| text.to_string()));
        let right = if pattern { of_pattern?.as_str().into() } else { self.expand(right)? };
        let left = left?;
        if (left_bare && !rough && !self.is_one_word(&left)) || (right_bare && !self.is_one_word(&right)) {
            return None;
        }
        match operator {
            "=" | "==" if pattern => self.matches(&left, &right, rough),
            "!=" if pattern => self.matches(&left, &right, rough).map(|matches| !matches),
            "=~" if rough && &*right == "i" => Some(left.contains('i')),
            _ if rough || self.odd_patterns => None,
            "=" | "==" => Some(*left == *right),
            "!=" => Some(*left != *right),
            "=~" if right.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Some(left.contains(&*right)),
            _ => None,
        }
    }
}

/// Whether a text that is known roughly matches: the options of a shell, of which only `i` counts, and the kind of
/// system, of which the beginning is known.
fn matches_roughly(text: &str, pattern: &str) -> Option<bool> {
    if matches!(text, "himBHs" | "hBc") {
        return (pattern == "*i*").then(|| text.contains('i'));
    }
    let stem = pattern.trim_end_matches('*');
    if text.starts_with('\0') || stem.contains(['*', '?', '[', '(', '|', '\\']) {
        return None;
    }
    if stem.len() < pattern.len() && text.starts_with(stem) {
        return Some(true);
    }
    (!text.starts_with(stem) && !stem.starts_with(text)).then_some(false)
}

fn split(words: &[Word], mut at: impl FnMut(&Word, usize) -> bool) -> Vec<&[Word]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, word) in words.iter().enumerate() {
        if at(word, index - start) {
            parts.push(&words[start..index]);
            start = index + 1;
        }
    }
    parts.push(&words[start..]);
    parts
}

/// Whether a text matches a pattern of `*`, `?` and plain signs.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p) = (0, 0);
    let mut star = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|sign| *sign == '*')
}
