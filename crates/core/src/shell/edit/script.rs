//! Programs of bash, zsh, `sh` and fish.
#![expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]

use std::fmt::Write as _;
use std::ops::Range;
use std::rc::Rc;

use zeroize::Zeroizing;

use super::blocks::{self, ASIDE, CHANGED, commented};
use super::quoting::quoted;
use super::{Change, ProfileEditError, Splice, line_end, line_of, readable, spliced};
use crate::secret::Secret;
use crate::shell::Shell;
use crate::shell::follow::alone::{Alone, first_end, layout};
use crate::shell::syntax::{Layout, Node, Part, Word};

/// The longest piece, in lines, that is shown as it was above what was changed in it.
const LINES_SHOWN: usize = 40;

/// A way to make a change: what is replaced, and the command that is not the same before and after.
struct Way {
    splices: Vec<Splice>,
    before: Range<usize>,
    after: Range<usize>,
}

/// What has to be replaced so that the change is made.
pub(super) fn splices(
    text: &[u8],
    shell: Shell,
    change: &Change,
    at: Option<usize>,
) -> Result<Vec<Splice>, ProfileEditError> {
    let before = Program::of(text, shell);
    let by_hand = at.map_or(ProfileEditError::NoPlace, |at| ProfileEditError::ByHand(line_of(text, at)));
    let ways = before.ways(change, at).ok_or_else(|| by_hand.clone())?;
    let left = Alone::of(&before.whole, shell);
    let way = ways.into_iter().find(|way| {
        let new = spliced(text, &way.splices);
        let after = Program::of(&new, shell);
        after.is_like(&before, way, change) && comes_true(change, at, shell, (&before, &left), &after)
    });
    Ok(way.ok_or(by_hand)?.splices)
}

/// Whether the file does what the change was for, and all else as before.
fn comes_true(
    change: &Change,
    at: Option<usize>,
    shell: Shell,
    (program, before): (&Program<'_>, &Alone),
    after: &Program<'_>,
) -> bool {
    let now = Alone::of(&after.whole, shell);
    match change {
        Change::SetAside { name, .. } => now.is_but_for(before, &[name]),
        Change::Export { name, .. } => now.is_but_for(before, &[name]) && now.may_export(name),
        Change::Value { name, value, .. } => {
            let decided = at.is_some_and(|at| before.is_settled_at(name, at));
            now.is_but_for(before, &[name]) && (!decided || now.holds(name, value))
        }
        Change::Rename { name, to, .. } => {
            now.is_but_for(before, &[name, to])
                && before.knows_nothing_of(to)
                && now.knows_nothing_of(name)
                && now.has_as(to, before, name)
                && !program.mentions(to)
                && !after.mentions(name)
        }
        Change::Assign { name, value } => now.is_but_for(before, &[name]) && now.hands_on(name, value),
    }
}

/// A program, and its text byte for byte.
struct Program<'t> {
    bytes: &'t [u8],
    whole: Rc<Secret>,
    shell: Shell,
    layout: Layout,
}

impl<'t> Program<'t> {
    fn of(bytes: &'t [u8], shell: Shell) -> Self {
        let whole = Rc::new(readable(bytes));
        let layout = layout(&whole, shell);
        Self { bytes, whole, shell, layout }
    }

    fn is_fish(&self) -> bool {
        self.shell == Shell::Fish
    }

    fn text(&self, at: Range<usize>) -> &str {
        self.whole.reveal().get(at).unwrap_or_default()
    }

    fn may_begin(&self, at: usize) -> bool {
        self.layout.fresh.binary_search(&at).is_ok()
    }

    /// The ways to make a change, the best one first.
    fn ways(&self, change: &Change, at: Option<usize>) -> Option<Vec<Way>> {
        match (change, at) {
            (Change::Assign { name, value }, _) => Some(self.assign(name, value)),
            (_, None) => None,
            (Change::SetAside { name, .. }, Some(at)) => Some(vec![self.set_aside(&self.command(at, name)?)?]),
            (Change::Export { name, .. }, Some(at)) => Some(vec![self.export(&self.command(at, name)?, name)?]),
            (Change::Value { name, value, .. }, Some(at)) => {
                Some(vec![self.with_value(&self.command(at, name)?, name, value)?])
            }
            (Change::Rename { name, to, .. }, Some(at)) => {
                Some(vec![self.rename(&self.command(at, name)?, name, to)?])
            }
        }
    }

    /// The command in which the variable stands at that place.
    fn command(&self, at: usize, name: &str) -> Option<Command<'_>> {
        let found = self.layout.lines.iter().find_map(|line| in_list(&line.nodes, at, false))?;
        let command = Command::of(found, self.is_fish())?;
        let named = command.names.iter().position(|index| {
            let word = &command.words[*index];
            word.at == at && declared(word).is_some_and(|declared| declared == name)
        })?;
        // What stands between the words is nothing but blanks: else something is sent somewhere else.
        let gaps = command.words.windows(2).map(|pair| pair[0].end..pair[1].at);
        let plain = gaps.into_iter().all(|gap| gap.start <= gap.end && is_blank(self.text(gap)));
        (plain && !self.is_redirected(command.span().end)).then_some(Command { named, ..command })
    }

    /// Whether a redirection stands there.
    fn is_redirected(&self, at: usize) -> bool {
        let rest = self.text(at..line_end(self.bytes, at)).trim_start_matches([' ', '\t']);
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with(['<', '>']) || rest.starts_with("&>") || rest.starts_with("\\\n")
    }

    // ------------------------------------------------------------------------------------------- setting aside

    fn set_aside(&self, command: &Command<'_>) -> Option<Way> {
        let span = command.span();
        let own = blocks::added(self.bytes, |at| self.may_begin(at));
        if let Some(line) = blocks::own_line(self.bytes, own.as_ref(), span.start) {
            let splices = vec![Splice::new(line.clone(), Vec::new())];
            return Some(Way { splices, before: span, after: line.start..line.start });
        }
        // What it answers may be asked for behind it. In fish a plain `set` answers what came before.
        let asked = if self.is_fish() { "$status" } else { "$?" };
        let asked = self.whole.reveal().contains(asked);
        if self.is_fish() && (asked || self.layout.lines.iter().any(|line| asks_set(&line.nodes))) {
            return None;
        }
        let start = self.layout.fresh_before(span.start)?;
        let end = line_end(self.bytes, span.end.saturating_sub(1).max(span.start));
        let shown = &self.bytes[start..end];
        if memchr::memchr_iter(b'\n', shown).count() > LINES_SHOWN {
            return None;
        }
        if command.names.len() > 1 {
            // Others are set by the same command.
            let index = command.names[command.named];
            let word = &command.words[index];
            let cut = match index {
                0 => word.at..command.words[1].at,
                _ => command.words[index - 1].end..word.end,
            };
            let block = commented(CHANGED, shown);
            let after = span.start + block.len()..span.end + block.len() - cut.len();
            return Some(Way {
                splices: vec![Splice::insert(start, block), Splice::new(cut, Vec::new())],
                before: span,
                after,
            });
        }
        let before = self.text(start..span.start);
        let rest = self.text(span.end..end);
        let whole = before.chars().all(|c| matches!(c, ' ' | '\t')) && ends_line(rest) && !command.joined;
        if whole && !command.alone && !asked {
            let mut block = commented(ASIDE, shown);
            without_last_end(&mut block, shown);
            let splices = vec![Splice::new(start..end, block)];
            return Some(Way { splices, before: span, after: start..start });
        }
        let nothing: &[u8] = if self.is_fish() { b"true" } else { b":" };
        let block = commented(CHANGED, shown);
        let after = span.start + block.len()..span.start + block.len() + nothing.len();
        Some(Way {
            splices: vec![Splice::insert(start, block), Splice::new(span.clone(), nothing)],
            before: span,
            after,
        })
    }

    // ------------------------------------------------------------------------------------------- mending in place

    fn export(&self, command: &Command<'_>, name: &str) -> Option<Way> {
        let span = command.span();
        let first = &command.words[0];
        let word = &command.words[command.names[command.named]];
        let insert = |at: usize, text: String| {
            let after = span.start..span.end + text.len();
            Some(Way { splices: vec![Splice::insert(at, text)], before: span.clone(), after })
        };
        let single = command.names.len() == 1;
        match command.verb {
            Verb::FishSet { .. } => {
                // What a block keeps to itself is gone at its end, and `setenv` hands on whatever it sets.
                let own = |word: &Word| {
                    let flag = word.bare().unwrap_or_default();
                    matches!(flag, "--local" | "--function" | "--unexport")
                        || (flag.starts_with('-') && !flag.starts_with("--") && flag.contains(['l', 'f', 'u']))
                };
                let flags = &command.words[command.first..command.names[command.named]];
                if command.word() != "set" || flags.iter().any(own) {
                    return None;
                }
                insert(command.words[command.first].end, " -x".to_owned())
            }
            Verb::Assignments => {
                let assignment = word.assignment(false)?;
                let value = assignment.value.as_ref()?;
                // A list is never handed on, and `dash` takes what is expanded there apart.
                let list = matches!(value.parts.first(), Some(Part::Computed(text)) if text.starts_with('('));
                let plain = self.shell != Shell::Sh || value.literal().is_some();
                match single && plain && !assignment.adds {
                    _ if list => None,
                    true => insert(first.at, "export ".to_owned()),
                    false => self.exported_behind(command, name),
                }
            }
            Verb::Declares if matches!(command.word(), "declare" | "typeset" | "integer" | "float") && single => {
                insert(command.words[command.first].end, " -x".to_owned())
            }
            Verb::Declares if command.word() != "local" => self.exported_behind(command, name),
            _ => None,
        }
    }

    /// `; export NAME` behind the command.
    fn exported_behind(&self, command: &Command<'_>, name: &str) -> Option<Way> {
        let span = command.span();
        let rest = self.text(span.end..line_end(self.bytes, span.end));
        if command.joined || !(ends_line(rest) || rest.trim_start_matches([' ', '\t']).starts_with(';')) {
            return None;
        }
        let text = format!("; export {name}");
        let after = span.start..span.end + text.len();
        Some(Way { splices: vec![Splice::insert(span.end, text)], before: span, after })
    }

    fn with_value(&self, command: &Command<'_>, name: &str, value: &Secret) -> Option<Way> {
        let span = command.span();
        let word = &command.words[command.names[command.named]];
        let new = quoted(value, self.shell);
        let replace = |at: Range<usize>, new: Zeroizing<String>| {
            let after = span.start..span.end + new.len() - at.len();
            Some(Way { splices: vec![Splice::new(at, new.as_bytes())], before: span.clone(), after })
        };
        if let Verb::FishSet { adds } = command.verb {
            let values = &command.words[command.names[command.named] + 1..];
            let (Some(first), Some(last)) = (values.first(), values.last()) else {
                return replace(word.end..word.end, Zeroizing::new(format!(" {}", *new)));
            };
            return if adds { None } else { replace(first.at..last.end, new) };
        }
        if !matches!(command.verb, Verb::Assignments | Verb::Declares) {
            return None;
        }
        let assignment = word.assignment(true)?;
        if assignment.adds || assignment.value.is_none() {
            return None;
        }
        let start = format!("{name}=");
        if self.text(word.at..word.end).starts_with(&start) {
            return replace(word.at + start.len()..word.end, new);
        }
        // Name and value stand in quotation marks together.
        replace(word.at..word.end, Zeroizing::new(format!("{start}{}", *new)))
    }

    fn rename(&self, command: &Command<'_>, name: &str, to: &str) -> Option<Way> {
        let mut places = vec![self.name_in(&command.words[command.names[command.named]], name)?];
        let mut all = Vec::new();
        self.layout.lines.iter().for_each(|line| simple_commands(&line.nodes, &mut all));
        for words in all {
            let Some(other) = Command::of(Found { words, alone: false, joined: false }, self.is_fish()) else {
                continue;
            };
            if matches!(other.verb, Verb::Declares) {
                let bare =
                    other.names.iter().map(|index| &other.words[*index]).filter(|word| word.bare() == Some(name));
                places.extend(bare.filter_map(|word| self.name_in(word, name)));
            }
        }
        places.sort_by_key(|place| place.start);
        places.dedup();
        let splices = places.iter().map(|place| Splice::new(place.clone(), to)).collect();
        Some(Way { splices, before: 0..0, after: 0..0 })
    }

    /// Where the name stands in a word.
    fn name_in(&self, word: &Word, name: &str) -> Option<Range<usize>> {
        let text = self.text(word.at..word.end);
        let start = word.at + text.len() - text.trim_start_matches(['"', '\'']).len();
        (self.text(start..word.end).starts_with(name)).then(|| start..start + name.len())
    }

    /// Whether a name stands anywhere but in comments.
    fn mentions(&self, name: &str) -> bool {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let text = self.whole.reveal();
        text.lines().filter(|line| !line.trim_start().starts_with('#')).any(|line| {
            let bytes = line.as_bytes();
            line.match_indices(name).any(|(at, _)| {
                let before = at.checked_sub(1).is_some_and(|at| is_sign(bytes[at]));
                !before && !bytes.get(at + name.len()).is_some_and(|byte| is_sign(*byte))
            })
        })
    }

    // ------------------------------------------------------------------------------------------- writing

    fn assign(&self, name: &str, value: &Secret) -> Vec<Way> {
        let quoted = quoted(value, self.shell);
        let command = Zeroizing::new(match self.is_fish() {
            true => format!("set -gx {name} {}", *quoted),
            false => format!("export {name}={}", *quoted),
        });
        let line = command.as_bytes();
        let mut ways = Vec::new();
        let added = blocks::added(self.bytes, |at| self.may_begin(at));
        if let Some(added) = &added {
            let start = if self.is_fish() { format!("set -gx {name} ") } else { format!("export {name}=") };
            let mut at = added.inside.start;
            while at < added.inside.end {
                let next = line_end(self.bytes, at);
                let end = at + self.bytes[at..next].trim_ascii_end().len();
                if self.bytes[at..end].starts_with(start.as_bytes()) {
                    let after = at..at + line.len();
                    return vec![Way { splices: vec![Splice::new(at..end, line)], before: at..end, after }];
                }
                at = next;
            }
        }
        let mut put = |at: usize, new: Vec<u8>| {
            let after = at..at + new.len();
            ways.push(Way { splices: vec![Splice::insert(at, new)], before: at..at, after });
        };
        if let Some(added) = &added {
            put(added.inside.end, [line, b"\n"].concat());
        }
        let block = blocks::new_block(line, b"\n");
        if let Some(end) = first_end(&self.whole, self.shell, &self.layout)
            && let Some(at) = self.layout.fresh_before(end)
        {
            put(at, block.clone());
        }
        let gap: &[u8] = if self.bytes.is_empty() || self.bytes.ends_with(b"\n") { b"" } else { b"\n" };
        put(self.bytes.len(), [gap, &block].concat());
        ways
    }

    // ------------------------------------------------------------------------------------------- comparing

    /// Whether the program is the same as before, but for the command that was changed.
    fn is_like(&self, before: &Self, way: &Way, change: &Change) -> bool {
        let rest = |program: &Self| program.layout.broken.map(|at| program.bytes.len() - at);
        let (now, mut then) = (self.form(&way.after), before.form(&way.before));
        if let Change::Rename { name, to, .. } = change {
            then = Zeroizing::new(then.replace(name.as_str(), to));
        }
        rest(self) == rest(before) && *now == *then
    }

    /// What the program is made of, and not where; the commands in `skipped` are left out.
    fn form(&self, skipped: &Range<usize>) -> Zeroizing<String> {
        // Growing would leave copies behind.
        let text = Zeroizing::new(String::with_capacity(self.bytes.len() * 4));
        let mut form = Form { text, skipped: skipped.clone() };
        self.layout.lines.iter().for_each(|line| form.list(&line.nodes));
        form.text
    }
}

/// Whether a line ends here, but for a comment.
fn ends_line(rest: &str) -> bool {
    let rest = rest.strip_suffix('\n').unwrap_or(rest);
    let rest = rest.strip_suffix('\r').unwrap_or(rest);
    let trimmed = rest.trim_start_matches([' ', '\t']);
    let trimmed = trimmed.strip_prefix(';').filter(|rest| !rest.starts_with([';', '&', '|'])).unwrap_or(trimmed);
    let trimmed = trimmed.trim_start_matches([' ', '\t']);
    trimmed.is_empty() || (trimmed.starts_with('#') && trimmed.len() < rest.len())
}

/// A file that ended without a line end does so again.
fn without_last_end(block: &mut Vec<u8>, shown: &[u8]) {
    if !shown.ends_with(b"\n") && block.ends_with(b"\n") {
        block.pop();
    }
}

fn is_blank(text: &str) -> bool {
    text.replace("\\\n", "").chars().all(|c| matches!(c, ' ' | '\t' | '\r'))
}

/// What a word sets or names.
fn declared(word: &Word) -> Option<String> {
    match word.assignment(true) {
        Some(assignment) => Some(assignment.name.to_string()),
        None => word.literal().map(|text| text.to_string()),
    }
}

/// What a command does with variables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Assignments,
    /// `export`, `declare` and their kin.
    Declares,
    /// `unset`, and fish's `set -e`.
    Takes,
    FishSet {
        /// To what was there.
        adds: bool,
    },
}

/// A command that has to do with variables.
struct Command<'n> {
    words: &'n [Word],
    verb: Verb,
    /// Which word it is named by.
    first: usize,
    /// Which words name variables.
    names: Vec<usize>,
    /// Which of these is meant.
    named: usize,
    alone: bool,
    joined: bool,
}

impl<'n> Command<'n> {
    fn of(found: Found<'n>, fish: bool) -> Option<Self> {
        let Found { words, alone, joined } = found;
        let command = |verb, first, names| Some(Self { words, verb, first, names, named: 0, alone, joined });
        if !fish && words.iter().all(Word::is_assignment) {
            return command(Verb::Assignments, 0, (0..words.len()).collect());
        }
        let first = words.iter().position(|word| !matches!(word.bare(), Some("command" | "builtin")))?;
        let is_flag =
            |index: &usize| words[*index].bare().is_some_and(|text| text.len() > 1 && text.starts_with(['-', '+']));
        let behind = || (first + 1..words.len()).filter(|index| !is_flag(index)).collect::<Vec<_>>();
        let flags = || (first + 1..words.len()).take_while(is_flag).filter_map(|index| words[index].bare());
        match words[first].bare()? {
            "export" | "readonly" | "declare" | "typeset" | "local" | "integer" | "float" => {
                let of_functions = flags().any(|flag| flag.contains(['f', 'F', 'p', 'm', 'T']));
                if of_functions { None } else { command(Verb::Declares, first, behind()) }
            }
            "unset" if !fish => {
                if flags().all(|flag| flag == "-v") {
                    command(Verb::Takes, first, behind())
                } else {
                    None
                }
            }
            "set" if fish => {
                let has = |long: &[&str], letters: &[char]| {
                    flags().any(|flag| long.contains(&flag) || (!flag.starts_with("--") && flag.contains(letters)))
                };
                if has(&["--query", "--show", "--names"], &['q', 'S', 'n']) {
                    return None;
                }
                if has(&["--erase"], &['e']) {
                    return command(Verb::Takes, first, behind());
                }
                let name = (first + 1..words.len()).find(|index| !is_flag(index))?;
                command(Verb::FishSet { adds: has(&["--append", "--prepend"], &['a', 'p']) }, first, vec![name])
            }
            "setenv" if fish && words.len() == first + 3 => {
                command(Verb::FishSet { adds: false }, first, vec![first + 1])
            }
            _ => None,
        }
    }

    fn word(&self) -> &str {
        self.words[self.first].bare().unwrap_or_default()
    }

    fn span(&self) -> Range<usize> {
        let end = self.words.last().map_or(0, |word| word.end);
        self.words.first().map_or(0, |word| word.at)..end
    }
}

/// A command, and how it stands among others.
struct Found<'n> {
    words: &'n [Word],
    /// It is all that a block holds.
    alone: bool,
    /// Others run because of what it answers, or it because of what they do.
    joined: bool,
}

fn in_list(nodes: &[Node], at: usize, inner: bool) -> Option<Found<'_>> {
    nodes.iter().find_map(|node| in_node(node, at, inner && nodes.len() == 1, false))
}

fn in_node(node: &Node, at: usize, alone: bool, joined: bool) -> Option<Found<'_>> {
    match node {
        Node::Simple(words) => {
            words.iter().any(|word| word.at == at && word.end > at).then_some(Found { words, alone, joined })
        }
        Node::If { arms, otherwise } => arms
            .iter()
            .find_map(|(condition, body)| in_list(condition, at, true).or_else(|| in_list(body, at, true)))
            .or_else(|| in_list(otherwise, at, true)),
        Node::Case { arms, .. } => arms.iter().find_map(|(_, body)| in_list(body, at, true)),
        Node::Loop { condition, body, .. } => in_list(condition, at, true).or_else(|| in_list(body, at, true)),
        Node::Group(nodes) => in_list(nodes, at, true),
        Node::Function { body, .. } => in_list(body, at, true),
        Node::Chain { first, rest } => {
            in_node(first, at, true, true).or_else(|| rest.iter().find_map(|(_, node)| in_node(node, at, true, true)))
        }
        Node::Not(inner) => in_node(inner, at, true, true),
        Node::Apart | Node::Test(_) | Node::Arithmetic(_) | Node::Other => None,
    }
}

/// fish: whether something goes by what a plain `set` answers.
fn asks_set(nodes: &[Node]) -> bool {
    let is_set = |node: Option<&Node>| match node {
        Some(Node::Simple(words)) => {
            words.first().and_then(Word::bare) == Some("set")
                && !matches!(words.get(1).and_then(Word::bare), Some("-q" | "--query"))
        }
        _ => false,
    };
    nodes.iter().any(|node| match node {
        Node::If { arms, otherwise } => {
            let arm = |(condition, body): &(Vec<Node>, Vec<Node>)| {
                is_set(condition.first()) || asks_set(condition) || asks_set(body)
            };
            arms.iter().any(arm) || asks_set(otherwise)
        }
        Node::Case { arms, .. } => arms.iter().any(|(_, body)| asks_set(body)),
        Node::Loop { condition, body, .. } => is_set(condition.first()) || asks_set(condition) || asks_set(body),
        Node::Group(nodes) => asks_set(nodes),
        Node::Function { body, .. } => asks_set(body),
        Node::Chain { first, rest } => {
            is_set(Some(first))
                || asks_set(std::slice::from_ref(first))
                || rest.iter().any(|(_, node)| asks_set(std::slice::from_ref(node)))
        }
        Node::Not(inner) => is_set(Some(inner)),
        _ => false,
    })
}

fn simple_commands<'n>(nodes: &'n [Node], all: &mut Vec<&'n [Word]>) {
    for node in nodes {
        match node {
            Node::Simple(words) => all.push(words),
            Node::If { arms, otherwise } => {
                for (condition, body) in arms {
                    simple_commands(condition, all);
                    simple_commands(body, all);
                }
                simple_commands(otherwise, all);
            }
            Node::Case { arms, .. } => arms.iter().for_each(|(_, body)| simple_commands(body, all)),
            Node::Loop { condition, body, .. } => {
                simple_commands(condition, all);
                simple_commands(body, all);
            }
            Node::Group(nodes) => simple_commands(nodes, all),
            Node::Function { body, .. } => simple_commands(body, all),
            Node::Chain { first, rest } => {
                simple_commands(std::slice::from_ref(first), all);
                rest.iter().for_each(|(_, node)| simple_commands(std::slice::from_ref(node), all));
            }
            Node::Not(inner) => simple_commands(std::slice::from_ref(inner), all),
            Node::Apart | Node::Test(_) | Node::Arithmetic(_) | Node::Other => {}
        }
    }
}

/// What a program is made of, as a text.
struct Form {
    text: Zeroizing<String>,
    skipped: Range<usize>,
}

impl Form {
    fn list(&mut self, nodes: &[Node]) {
        nodes.iter().for_each(|node| self.node(node));
    }

    fn block(&mut self, mark: char, nodes: &[Node]) {
        self.text.push(mark);
        self.list(nodes);
        self.text.push('\u{2}');
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Simple(words) => {
                // A command that was changed begins at its place, or within what came there.
                let at = words.first().map_or(0, |word| word.at);
                if self.skipped.contains(&at) {
                    return;
                }
                self.text.push('\u{3}');
                words.iter().for_each(|word| self.word(word));
            }
            Node::If { arms, otherwise } => {
                for (condition, body) in arms {
                    self.block('i', condition);
                    self.block('t', body);
                }
                self.block('e', otherwise);
            }
            Node::Case { subject, arms } => {
                self.text.push('c');
                self.word(subject);
                for (patterns, body) in arms {
                    let _a_string_takes_all = write!(*self.text, "{patterns:?}");
                    self.block('a', body);
                }
            }
            Node::Loop { condition, variable, words, body } => {
                let _a_string_takes_all = write!(*self.text, "{variable:?}");
                words.iter().flatten().for_each(|word| self.word(word));
                self.block('w', condition);
                self.block('d', body);
            }
            Node::Group(nodes) => self.block('g', nodes),
            Node::Function { names, body } => {
                let _a_string_takes_all = write!(*self.text, "{names:?}");
                self.block('f', body);
            }
            Node::Test(words) => {
                self.text.push('?');
                words.iter().for_each(|word| self.word(word));
            }
            Node::Chain { first, rest } => {
                self.block('(', std::slice::from_ref(first));
                for (join, node) in rest {
                    let mark = if *join == crate::shell::syntax::Join::And { '&' } else { '|' };
                    self.block(mark, std::slice::from_ref(node));
                }
            }
            Node::Not(inner) => self.block('!', std::slice::from_ref(inner)),
            Node::Arithmetic(word) => self.word(word),
            Node::Apart => self.text.push('p'),
            Node::Other => self.text.push('o'),
        }
    }

    fn word(&mut self, word: &Word) {
        self.text.push('\u{4}');
        for part in word.parts.iter() {
            match part {
                Part::Text { text, quoted } => {
                    self.text.push(if *quoted { 'q' } else { 'u' });
                    self.text.push_str(text);
                }
                Part::Variable(name) => {
                    self.text.push('v');
                    self.text.push_str(name);
                }
                Part::Default { name, colon, word } | Part::Assign { name, colon, word } => {
                    let assigns = matches!(part, Part::Assign { .. });
                    let _a_string_takes_all = write!(*self.text, "{assigns}{colon}{}", &**name);
                    self.word(word);
                }
                Part::Computed(text) => {
                    self.text.push('x');
                    self.text.push_str(text);
                }
            }
        }
        self.text.push('\u{5}');
    }
}
