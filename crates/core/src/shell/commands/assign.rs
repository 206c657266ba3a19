//! Assignments: plain ones, those that stand in other words, and what is read or printed into a variable.

use std::rc::Rc;

use super::zsh::{is_looked_up, is_unknown_to_zsh, may_not_come_out};
use super::{is_name, name_length, printed};
use crate::secret::Secret;
use crate::shell::follow::{End, ITEMS, Loaded, SIGNS_OF_A_STEP, Truth, VALUE, Walk, counts};
use crate::shell::state::{Export, Value};
use crate::shell::syntax::{Assignment, Node, Part, Piece, Word};
use crate::shell::text::Text;
use crate::shell::{Act, Reach, Shell, Why, posix};

/// Variables with commands that run before a prompt.
pub(super) const HOOKS: [&str; 4] = ["PROMPT_COMMAND", "precmd_functions", "chpwd_functions", "periodic_functions"];

impl Walk<'_> {
    /// `name[$index]=value`, and zsh's `0=value`.
    pub(super) fn sets_element(&mut self, word: &Word, file: &Rc<Loaded>) -> bool {
        let Some((Part::Text { text, quoted: false }, more)) = word.parts.split_first() else { return false };
        let number = text.bytes().take_while(u8::is_ascii_digit).count();
        if number > 0 && file.shell == Shell::Zsh && text[number..].starts_with('=') {
            self.forget_arguments();
            return true;
        }
        let Some((name, _)) = text.split_once('[').filter(|(name, _)| is_name(name)) else { return false };
        let sets = |part: &Part| matches!(part, Part::Text { text, quoted: false } if text.contains("]=") || text.contains("]+="));
        // What stands there is a function.
        if !more.iter().any(sets) || name == "functions" {
            return false;
        }
        let name = name.to_owned();
        if name.ends_with("aliases") {
            self.unfollowed(word, file);
        }
        self.mention(file, &name, word.at);
        true
    }

    pub(super) fn assignments(&mut self, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let mut computed = false;
        for word in words {
            if let Some((name, value)) = word.plain_assignment().filter(|(_, value)| value.len() <= VALUE) {
                self.assign(file, name, Some(value.into()), word.at);
                continue;
            }
            self.default_assignments(word, file, false);
            let Some(assignment) = word.assignment(false) else { continue };
            if file.shell == Shell::Zsh && assignment.value.is_none() && !self.variables.manner(&assignment.name).1 {
                // Where it is no table, the place must be a number.
                let place = word.bare().and_then(|text| text.split_once('[')?.1.split_once(']'));
                if !place.is_some_and(|(place, _)| place.bytes().all(|byte| byte.is_ascii_digit()) && place != "0") {
                    self.zsh_error(file);
                }
            }
            let list = assignment.value.as_ref().and_then(|value| self.list_of(value, file));
            let before = if assignment.adds { self.list_in(&assignment.name) } else { Some(Vec::new()) };
            let value = self.assigned(&assignment, file);
            computed |= word.parts.iter().any(|part| matches!(part, Part::Computed(_)));
            if let Some(text) = assignment.value.as_ref().filter(|_| !assignment.adds).and_then(printed) {
                // Where the line may not be reached, it may hold something else.
                let alone = matches!(self.variables.value(&assignment.name), None | Some(Value::Unset));
                if self.reach() == Reach::Always || alone {
                    self.outputs.insert(assignment.name.to_string(), (Rc::clone(file), word.at, text.clone()));
                } else {
                    self.outputs.remove(&*assignment.name);
                }
            }
            match assignment.value.as_ref().and_then(|value| self.hooks_in(&assignment.name, value)) {
                Some(names) => {
                    self.hooks.extend(names);
                    self.unfollowed(word, file);
                    self.set(file, &assignment.name, value.map(Text::into_secret), word.at);
                }
                None => self.assign(file, &assignment.name, value, word.at),
            }
            if let (Some(list), Some(mut all), Reach::Always) = (list, before, self.reach()) {
                all.extend(list);
                self.lists.insert(assignment.name.to_string(), (Rc::clone(file), word.at, all));
            }
        }
        if computed { Truth::UNKNOWN } else { Truth::known(true) }
    }

    /// The names of functions that run before a prompt, where a word puts them before or behind those that do already.
    pub(super) fn hooks_in(&self, name: &str, value: &Word) -> Option<Vec<String>> {
        if !HOOKS.contains(&name) {
            return None;
        }
        let mut names = Vec::new();
        let mut take = |text: &str| {
            let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '(' | ')' | '"' | '\'');
            for piece in text.split(ends).filter(|piece| !piece.is_empty()) {
                let own = piece.trim_start_matches(['$', '{']);
                let plain =
                    |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-:.".contains(&byte));
                match own.strip_prefix(name) {
                    // `$precmd_functions`, `${precmd_functions:#name}`, `${PROMPT_COMMAND:+`
                    Some(rest)
                        if own.len() < piece.len() && !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric()) => {}
                    _ if plain(piece) => names.push(piece.to_owned()),
                    _ => return false,
                }
            }
            true
        };
        for part in value.parts.iter() {
            let known = match part {
                Part::Text { text, .. } => take(text),
                Part::Variable(other) => &**other == name,
                Part::Default { name: other, word, .. } => &**other == name && word.parts.is_empty(),
                Part::Computed(text) if text.starts_with('(') => take(text),
                Part::Computed(text) => text.split([':', '[', '+']).next() == Some(name) && !text.contains('$'),
                Part::Assign { .. } => false,
            };
            if !known {
                return None;
            }
        }
        Some(names)
    }

    /// What stands in `(…)`, where all of it is known.
    pub(super) fn list_of(&mut self, value: &Word, file: &Rc<Loaded>) -> Option<Vec<Text>> {
        let [Part::Computed(text)] = &*value.parts else { return None };
        let inner = text.strip_prefix('(')?.strip_suffix(')')?;
        let dialect = match file.shell {
            Shell::Zsh => posix::Dialect::Zsh,
            Shell::Bash => posix::Dialect::Bash,
            _ => return None,
        };
        self.steps += inner.len() / SIGNS_OF_A_STEP;
        let text = Rc::new(Secret::new(format!(": {inner}")));
        let mut all = Vec::new();
        for piece in posix::pieces(&text, dialect) {
            let Piece::Commands { nodes, .. } = piece else { return None };
            for node in nodes {
                let Node::Simple(words) = node else { return None };
                all.extend(words);
            }
        }
        // `[1]=a` says where it stands.
        let plain = |word: &Word| !matches!(word.parts.first(), Some(Part::Text { text, quoted: false }) if text.starts_with('['));
        let words = all.get(1..).filter(|words| words.iter().all(plain))?;
        // Those that stand for files are not kept: what becomes of one that matches none is told elsewhere.
        if words.iter().any(|word| self.path_pattern(word).is_some()) {
            return None;
        }
        let (items, surely) = self.items(words, file)?;
        (surely && items.len() <= ITEMS).then_some(items)
    }

    /// The elements that a variable was set to, as long as nothing else had to do with it.
    pub(in crate::shell) fn list_in(&self, name: &str) -> Option<Vec<Text>> {
        let (file, at, list) = self.lists.get(name)?;
        let variable = self.variables.get(name);
        let (now, place) = variable.place?;
        let same = Rc::ptr_eq(file, &now) && *at == place && matches!(variable.value, Value::Unknown(Why::Computed));
        same.then(|| list.clone())
    }

    pub(super) fn assign(&mut self, file: &Rc<Loaded>, name: &str, value: Option<Text>, at: usize) {
        if HOOKS.contains(&name) {
            match &value {
                Some(text) => {
                    self.mentions(file, text, at);
                    let names = text.split(|c: char| c.is_whitespace() || c == ';').map(str::to_owned);
                    self.hooks.extend(names);
                }
                // Anything may stand there; each function may be it.
                None => self.hooks.extend(self.functions.keys().cloned().collect::<Vec<_>>()),
            }
        }
        self.set(file, name, value.map(Text::into_secret), at);
        if name == "path" && file.shell == Shell::Zsh {
            self.unsure(file, "PATH", at, Why::Computed);
        }
    }

    /// What an assignment sets its variable to.
    pub(super) fn assigned(&mut self, assignment: &Assignment, file: &Rc<Loaded>) -> Option<Text> {
        let word = assignment.value.as_ref()?;
        if file.shell == Shell::Zsh {
            if is_looked_up(word) {
                self.zsh_error(file);
                return None;
            }
            self.zsh_list(word, file);
        }
        let value = self.expand(word)?;
        if !assignment.adds {
            return Some(value);
        }
        if file.shell == Shell::Sh || self.variables.get(&assignment.name).changes {
            return None;
        }
        let before = self.value_of(&assignment.name)?;
        if std::mem::take(&mut self.rough) {
            return None;
        }
        let mut all = before;
        all.push(&value);
        Some(all)
    }

    /// What expanding a word sets on the way: `${NAME:=word}`, `$((NAME=1))`. `${NAME:?}` may end the file.
    /// `late`: something before it may have set the same.
    pub(in crate::shell) fn default_assignments(&mut self, word: &Word, file: &Rc<Loaded>, late: bool) {
        for part in word.parts.iter() {
            match part {
                Part::Assign { name, colon, word: default } => {
                    self.default_assignments(default, file, late);
                    match self.variables.value(name) {
                        Some(Value::Text(text)) if !(late || *colon && text.is_empty()) => {}
                        Some(Value::Unset | Value::Text(_)) if !late => {
                            let value = self.expand(default).map(Text::into_secret);
                            self.set(file, name, value, word.at);
                        }
                        _ => {
                            self.place(file, name, Act::Mention, None, word.at);
                            let reach = self.effect();
                            self.variables.change(name, reach, |variable| {
                                variable.value = Value::Unknown(Why::Computed);
                                variable.place = Some((Rc::clone(file), word.at));
                            });
                            if self.exports_all != Some(false) {
                                self.export(file, name, Export::Unknown, word.at);
                            }
                        }
                    }
                }
                Part::Default { word, .. } => self.default_assignments(word, file, late),
                Part::Computed(text) => self.computed_assignments(text, word.at, file),
                Part::Text { .. } | Part::Variable(_) => {}
            }
        }
    }

    pub(super) fn computed_assignments(&mut self, text: &str, at: usize, file: &Rc<Loaded>) {
        let sum = text.starts_with("$((") || text.starts_with("$[");
        if file.shell == Shell::Zsh && (if sum { may_not_come_out(text) } else { is_unknown_to_zsh(text) }) {
            self.zsh_error(file);
        }
        if sum {
            self.reckoned(text, at, file);
        } else if text.starts_with(['$', '`', '<', '>']) {
            // A process of its own.
            return;
        } else if is_demand(text) {
            self.perhaps_ends(End::Exit);
        }
        let (name, rest) = text.split_at(name_length(text));
        // An element or a part of it.
        if is_name(name)
            && (rest.starts_with('[') || (rest.starts_with(':') && !rest[1..].starts_with(['-', '+', '?'])))
        {
            self.reckoned(rest, at, file);
        }
        // What stands deeper in, and zsh's `${NAME::=word}`.
        for (index, piece) in text.split("${").enumerate() {
            let (name, rest) = piece.split_at(name_length(piece));
            let sets = rest.starts_with("::=") || (index > 0 && (rest.starts_with(":=") || rest.starts_with('=')));
            if is_name(name) && sets {
                self.mention(file, name, at);
            }
        }
    }

    /// Names of interest in a word whose text is a program.
    pub(in crate::shell) fn unfollowed(&mut self, word: &Word, file: &Rc<Loaded>) {
        for part in word.parts.iter() {
            if let Part::Text { text, .. } | Part::Computed(text) = part {
                let mut seen = std::collections::BTreeSet::new();
                for name in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                    if !name.is_empty() && counts(name) && seen.insert(name) {
                        self.mention(file, name, word.at);
                    }
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------- what sets in passing

    /// Each of these words is the name of a variable that is set to something computed.
    pub(super) fn targets(&mut self, words: &[Word], file: &Rc<Loaded>) {
        for word in words {
            let Some(text) = self.expand(word) else {
                // `name[$index]`
                let element = match word.parts.first() {
                    Some(Part::Text { text, .. }) => text.split_once('[').map(|(name, _)| name.to_owned()),
                    _ => None,
                };
                if let Some(name) = element.filter(|name| is_name(name)) {
                    self.mention(file, &name, word.at);
                    continue;
                }
                self.unfollowed(word, file);
                self.forget(Some((file, word.at)), Why::Computed);
                continue;
            };
            for name in text.split_ascii_whitespace() {
                // `name[1]`, and in zsh `name?prompt`.
                let name = &name[..name_length(name)];
                if is_name(name) {
                    self.mention(file, name, word.at);
                }
            }
        }
    }

    /// `read` and its kin: every word that is no flag, nor what belongs to one.
    pub(super) fn read(&mut self, arguments: &[Word], file: &Rc<Loaded>, at: usize) -> Truth {
        const TAKE_A_WORD: [char; 14] = ['d', 'i', 'n', 'N', 'p', 'P', 't', 'u', 'k', 'c', 'C', 'O', 's', 'R'];
        let mut behind_flag = false;
        for word in arguments {
            if let Some(flag) = word.bare().filter(|text| text.starts_with('-')) {
                // `-aNAME`
                if let Some((_, name)) = flag.split_once(['a', 'A']).filter(|(_, name)| is_name(name)) {
                    self.mention(file, name, word.at);
                }
                behind_flag = flag.ends_with(TAKE_A_WORD) || flag.starts_with("--");
                continue;
            }
            let name = self.expand(word).is_some_and(|text| is_name(&text));
            if name || !std::mem::take(&mut behind_flag) {
                self.targets(std::slice::from_ref(word), file);
            }
        }
        for name in ["REPLY", "reply", "MAPFILE"] {
            self.mention(file, name, at);
        }
        Truth::UNKNOWN
    }

    /// `printf -v NAME …`
    pub(super) fn print(&mut self, arguments: &[Word], file: &Rc<Loaded>) -> Truth {
        let mut rest = arguments;
        while let [word, behind @ ..] = rest {
            rest = behind;
            let Some(flag) = self.expand(word).filter(|text| text.starts_with('-')) else { break };
            match flag.split_once('v') {
                Some((_, "")) => self.targets(behind.get(..1).unwrap_or_default(), file),
                Some((_, name)) if is_name(name) => self.mention(file, name, word.at),
                _ => {}
            }
        }
        Truth::UNKNOWN
    }

    /// What a word that is reckoned sets: `p=1`, `p+=1`, `p++`.
    pub(in crate::shell) fn computes(&mut self, word: &Word, file: &Rc<Loaded>) {
        for part in word.parts.iter() {
            match part {
                Part::Text { text, .. } | Part::Computed(text) => self.reckoned(text, word.at, file),
                Part::Default { word, .. } => self.computes(word, file),
                // What it comes to may be the name.
                Part::Variable(_) | Part::Assign { .. } => {
                    if word.parts.len() > 1 {
                        self.forget(Some((file, word.at)), Why::Computed);
                    }
                }
            }
        }
        self.default_assignments(word, file, false);
    }

    pub(super) fn reckoned(&mut self, text: &str, at: usize, file: &Rc<Loaded>) {
        let (names, any) = set_by_reckoning(text);
        for name in names {
            self.mention_number(file, name, at);
            if file.shell == Shell::Zsh {
                self.numbers.insert(name.to_owned());
            }
        }
        if any {
            self.forget(Some((file, at)), Why::Computed);
        }
    }
}

/// The names that an arithmetic text sets, and whether it sets one whose name is put together.
pub(super) fn set_by_reckoning(text: &str) -> (Vec<&str>, bool) {
    const OPERATORS: [&str; 15] =
        ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|=", "**=", "&&=", "||=", "^^="];
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = text.as_bytes();
    let (mut names, mut any, mut at) = (Vec::new(), false, 0);
    while at < bytes.len() {
        if !sign(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        at += name_length(&text[start..]);
        let before = text[..start].trim_end_matches([' ', '\t', '{']);
        let mut after = text[at..].trim_start_matches('}').trim_start();
        if after.starts_with('[') {
            after = after.split_once(']').map_or("", |(_, rest)| rest.trim_start());
        }
        let set = OPERATORS.iter().any(|operator| {
            after.strip_prefix(operator).is_some_and(|rest| *operator != "=" || !rest.starts_with('='))
        });
        let steps = |text: &str, end: bool| {
            ["++", "--"].iter().any(|s| if end { text.ends_with(s) } else { text.starts_with(s) })
        };
        if !(set || steps(after, false) || steps(before, true)) {
            continue;
        }
        if before.ends_with('$') {
            any = true;
        } else if is_name(&text[start..at]) {
            names.push(&text[start..at]);
        }
    }
    (names, any)
}

/// `NAME:?text`, as it stands in braces.
pub(super) fn is_demand(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    rest.len() < text.len() && (rest.starts_with(":?") || rest.starts_with('?'))
}

/// Whether a word has to do with a variable.
pub(super) fn mentions(word: &Word, name: &str) -> bool {
    word.parts.iter().any(|part| match part {
        Part::Variable(other) => &**other == name,
        Part::Default { name: other, word, .. } | Part::Assign { name: other, word, .. } => {
            &**other == name || mentions(word, name)
        }
        Part::Computed(text) => text.contains(name),
        Part::Text { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reckoned_sets_what_stands_before_the_sign() {
        for (text, names, any) in [
            ("((p=8080))", &["p"][..], false),
            ("$((a + (b+=1), c++, --d))", &["b", "c", "d"], false),
            ("((a==1 && b<=2 && c!=3 && d>=4))", &[], false),
            ("((i=0;i<3;i++))", &["i", "i"], false),
            ("((l[2] = 3, x <<= 1))", &["l", "x"], false),
            ("(($n=5))", &[], true),
            ("((${n}++))", &[], true),
            ("(($n == 5))", &[], false),
        ] {
            assert_eq!(set_by_reckoning(text), (names.to_vec(), any), "{text}");
        }
    }
}
