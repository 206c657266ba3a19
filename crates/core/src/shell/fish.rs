//! The grammar of fish: words, quotation, blocks that end with `end`; and its file of universal variables.

use std::rc::Rc;

use zeroize::Zeroizing;

use super::cursor::{Broken, Cursor, Grammar};
use super::syntax::{Join, Layout, Line, Node, Part, Piece, Word};
use super::text::Text;
use crate::secret::Secret;

/// Reads a program. fish reads a file whole before it runs any of it.
pub(super) fn pieces(text: &Rc<Secret>) -> impl Iterator<Item = Piece> {
    let whole = statements(text).all(|statement| statement.is_ok());
    let fault = (!whole).then_some(Piece::Broken(0));
    let all = whole.then(|| statements(text)).into_iter().flatten().flatten();
    all.map(|node| Piece::Commands { nodes: vec![node], dubious: false }).chain(fault)
}

/// The whole program, with the places of its lines. fish reads nothing of one that it cannot read to the end.
pub(super) fn layout(text: &Rc<Secret>) -> Layout {
    let mut parser = Parser::all_of(text, Fish { fresh: Some(vec![0]), ..Fish::default() });
    let mut layout = Layout::default();
    loop {
        parser.skip_separators();
        if parser.done() {
            break;
        }
        let start = parser.at;
        match parser.statement() {
            Ok(node) if parser.at > start => {
                layout.lines.push(Line { at: start, nodes: vec![node], dubious: false });
            }
            _ => return Layout { broken: Some(0), ..Layout::default() },
        }
    }
    layout.fresh = parser.grammar.fresh.take().unwrap_or_default();
    // What was looked ahead at is read again.
    layout.fresh.sort_unstable();
    layout.fresh.dedup();
    layout
}

fn statements(text: &Rc<Secret>) -> impl Iterator<Item = Result<Node, Broken>> {
    let mut parser = Parser::all_of(text, Fish::default());
    std::iter::from_fn(move || {
        parser.skip_separators();
        if parser.done() {
            return None;
        }
        let start = parser.at;
        Some(parser.statement().and_then(|node| if parser.at > start { Ok(node) } else { Err(Broken) }))
    })
}

/// A line of `fish_variables`: name, value, whether it is exported, and where the name begins.
pub(super) struct Universal {
    pub name: String,
    /// Its elements, with a space between them, as programs get it.
    pub value: Zeroizing<String>,
    /// Whether it has one element.
    pub single: bool,
    pub exported: bool,
    pub at: usize,
}

/// Reads `fish_variables`: `SETUVAR --export NAME:value`, with `\x20` and the like in the value.
pub(super) fn universal(text: &str) -> Vec<Universal> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(mut rest) = line.trim_end_matches(['\n', '\r']).strip_prefix("SETUVAR ") else { continue };
        let mut exported = false;
        while let Some((flag, after)) = rest.split_once(' ').filter(|(flag, _)| flag.starts_with("--")) {
            exported |= flag == "--export";
            rest = after;
        }
        let Some((name, value)) = rest.split_once(':') else { continue };
        let place = start + (rest.as_ptr() as usize - line.as_ptr() as usize);
        let value = unescape(value);
        // Between elements, and for none at all.
        let single = !value.contains(['\u{1e}', '\u{1d}']);
        let value = Zeroizing::new(value.replace('\u{1e}', " ").replace('\u{1d}', ""));
        found.push(Universal { name: name.to_owned(), value, single, exported, at: place });
    }
    found
}

fn unescape(value: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(value.len()));
    let mut rest = value;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = match rest.as_bytes().first() {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => {
                let next = rest.chars().next();
                text.extend(next);
                rest = &rest[next.map_or(0, char::len_utf8)..];
                continue;
            }
        };
        let code = rest.get(1..=digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                text.push(character);
                rest = &rest[digits + 1..];
            }
            None => text.push('\\'),
        }
    }
    text.push_str(rest);
    text
}

/// What a function is given by name is its own, and known only when it is called.
fn own_variables(words: &[Word]) -> Vec<Node> {
    let plain = |text| Part::Text { text: Text::Plain(text), quoted: false };
    let mut named = false;
    let mut own = Vec::new();
    for word in words.iter().skip(1) {
        match word.bare() {
            Some("-a" | "--argument-names" | "-V" | "--inherit-variable") => named = true,
            Some(text) if text.starts_with('-') => named = false,
            _ if named => {
                let words = [plain("set"), plain("-l")].map(|part| Word::of(word.at, part));
                let value = Word::of(word.at, Part::Computed(Text::default()));
                own.push(Node::Simple(words.into_iter().chain([word.clone(), value]).collect()));
            }
            _ => {}
        }
    }
    own
}

/// What stands among the names of a function that waits for an event.
pub(super) const EVENT: &str = "--on-";

#[derive(Default)]
struct Fish {
    /// Loops around.
    loops: usize,
    /// Where lines of commands begin, if that is asked.
    fresh: Option<Vec<usize>>,
}

impl Grammar for Fish {
    const BLANKS: &'static [u8] = b" \t\r";

    fn ends_word(byte: u8) -> bool {
        matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')' | b'<' | b'>')
    }
}

type Parser<'a> = Cursor<'a, Fish>;

impl Parser<'_> {
    fn skip_separators(&mut self) {
        loop {
            self.skip_blanks();
            if !matches!(self.peek(), b'\n' | b';') {
                return;
            }
            self.at += 1;
            if let Some(fresh) = self.grammar.fresh.as_mut().filter(|_| self.bytes[self.at - 1] == b'\n') {
                fresh.push(self.at);
            }
        }
    }

    fn list(&mut self, ends: &[&str]) -> Result<Vec<Node>, Broken> {
        let mut nodes = Vec::new();
        loop {
            self.skip_separators();
            if self.done() || self.peek() == b')' || ends.contains(&self.reserved()) {
                return Ok(nodes);
            }
            let start = self.at;
            nodes.push(self.statement()?);
            if self.at == start {
                return Err(Broken);
            }
        }
    }

    /// Jobs, and what `and` and `or` join to them, on the same line or the next.
    fn statement(&mut self) -> Result<Node, Broken> {
        let first = self.conjunction()?;
        let mut rest = Vec::new();
        loop {
            let before = self.at;
            self.skip_separators();
            let join = match self.reserved() {
                "and" => Join::And,
                "or" => Join::Or,
                _ => {
                    self.at = before;
                    break;
                }
            };
            self.at += self.reserved().len();
            self.skip_blanks();
            rest.push((join, self.conjunction()?));
        }
        Ok(if rest.is_empty() { first } else { Node::Chain { first: Box::new(first), rest } })
    }

    /// A job, and what `&&` and `||` join to it: with `and` or `or` before it all of it is passed over.
    fn conjunction(&mut self) -> Result<Node, Broken> {
        let first = self.job()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let join = match (self.peek(), self.byte(1)) {
                (b'&', b'&') => Join::And,
                (b'|', b'|') => Join::Or,
                _ => break,
            };
            self.at += 2;
            rest.push((join, self.job()?));
        }
        Ok(if rest.is_empty() { first } else { Node::Chain { first: Box::new(first), rest } })
    }

    fn job(&mut self) -> Result<Node, Broken> {
        self.skip_blanks();
        let mut negated = false;
        while matches!(self.reserved(), "not" | "!" | "time") {
            negated ^= self.reserved() != "time";
            self.at += self.reserved().len();
            self.skip_blanks();
        }
        let start = self.at;
        let mut last = start;
        let mut all = vec![self.deeper(Self::command)?];
        loop {
            self.skip_blanks();
            if self.peek() != b'|' || self.byte(1) == b'|' {
                break;
            }
            self.at += 1;
            self.skip_separators();
            last = self.at;
            all.push(self.deeper(Self::command)?);
        }
        if self.peek() == b'&' && self.byte(1) != b'&' {
            self.at += 1;
            return Ok(Node::Apart);
        }
        // `program | source`
        let reads = |words: &[Word]| match words {
            [name] => name.bare() == Some("source"),
            [name, from] => name.bare() == Some("source") && from.bare() == Some("-"),
            _ => false,
        };
        if let [.., Node::Simple(words)] = all.as_slice()
            && all.len() > 1
            && reads(words)
        {
            let before = self.text[start..last].trim_end().trim_end_matches('|');
            let before = Text::piece(self.whole, start..start + before.len());
            all = vec![Node::Simple(vec![words[0].clone(), Word::of(start, Part::Computed(before))])];
        }
        // fish runs blocks and builtins of a pipe itself.
        let node = if all.len() == 1 { all.pop().unwrap_or(Node::Other) } else { Node::Group(all) };
        Ok(if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn command(&mut self) -> Result<Node, Broken> {
        self.skip_blanks();
        let keyword = self.reserved();
        let node = match keyword {
            "if" => self.branches()?,
            "switch" => self.switch()?,
            "for" | "while" => {
                self.at += keyword.len();
                let (condition, variable, words) = if keyword == "for" {
                    let mut words = self.words()?;
                    let variable = words.first().and_then(|word| word.bare().map(str::to_owned));
                    let listed = words.get(1).and_then(Word::bare) == Some("in");
                    words.drain(..words.len().min(2));
                    (Vec::new(), variable, listed.then_some(words))
                } else {
                    (vec![self.statement()?], None, None)
                };
                self.grammar.loops += 1;
                let body = self.list(&["end"])?;
                self.grammar.loops -= 1;
                self.expect("end")?;
                Node::Loop { condition, variable, words, body }
            }
            "begin" => {
                self.at += keyword.len();
                let body = self.list(&["end"])?;
                self.expect("end")?;
                Node::Group(body)
            }
            "function" => {
                self.at += keyword.len();
                let words = self.words()?;
                let name = words.first().and_then(|word| word.literal().map(|text| text.to_string()));
                let loops = std::mem::take(&mut self.grammar.loops);
                let mut body = self.list(&["end"])?;
                self.grammar.loops = loops;
                self.expect("end")?;
                body.splice(0..0, own_variables(&words));
                // One that waits for an event is called when that comes.
                let waits = |word: &Word| word.bare().is_some_and(|text| text.starts_with("--on-") || text == "-e");
                let event = words.iter().any(waits).then(|| EVENT.to_owned());
                let names = std::iter::once(name.unwrap_or_default()).chain(event).collect();
                Node::Function { names, body: Rc::new(body) }
            }
            "end" | "else" | "case" => return Err(Broken),
            _ => {
                let start = self.at;
                let words = self.words()?;
                // A bare `NAME=value` is none of its commands, nor is what a substitution comes to.
                let assignments = words.iter().all(Word::is_assignment);
                let substitution = matches!(words.first().and_then(|word| word.parts.first()), Some(Part::Computed(text)) if text.starts_with('('));
                let jumps = self.grammar.loops == 0
                    && words.first().and_then(Word::bare).is_some_and(|name| matches!(name, "break" | "continue"));
                let nothing = if words.is_empty() { self.at == start } else { assignments };
                if nothing || substitution || jumps {
                    return Err(Broken);
                }
                return Ok(Node::Simple(words));
            }
        };
        // Redirections of the block.
        self.words()?;
        Ok(node)
    }

    fn branches(&mut self) -> Result<Node, Broken> {
        self.at += 2;
        let mut arms = Vec::new();
        loop {
            let condition = vec![self.statement()?];
            let body = self.list(&["else", "end"])?;
            arms.push((condition, body));
            if self.reserved() != "else" {
                self.expect("end")?;
                return Ok(Node::If { arms, otherwise: Vec::new() });
            }
            self.at += 4;
            self.skip_blanks();
            if self.reserved() == "if" {
                self.at += 2;
                continue;
            }
            let otherwise = self.list(&["end"])?;
            self.expect("end")?;
            return Ok(Node::If { arms, otherwise });
        }
    }

    fn switch(&mut self) -> Result<Node, Broken> {
        self.at += 6;
        let subject = self.words()?.into_iter().next().ok_or(Broken)?;
        let mut arms = Vec::new();
        loop {
            self.skip_separators();
            if self.reserved() == "end" {
                self.expect("end")?;
                return Ok(Node::Case { subject, arms });
            }
            if self.reserved() != "case" {
                return Err(Broken);
            }
            self.at += 4;
            let patterns = self.words()?.iter().map(Word::pattern).collect();
            let body = self.list(&["case", "end"])?;
            arms.push((patterns, body));
        }
    }

    /// Words up to an operator or the end of the line, redirections left out.
    fn words(&mut self) -> Result<Vec<Word>, Broken> {
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            if self.done() {
                return Ok(words);
            }
            match self.peek() {
                b'\n' | b';' | b')' | b'|' => return Ok(words),
                b'&' if self.byte(1) != b'>' => return Ok(words),
                b'<' | b'>' | b'&' => {
                    let input = self.peek() == b'<';
                    self.at += 1;
                    // No here-documents.
                    if input && self.peek() == b'<' {
                        return Err(Broken);
                    }
                    while matches!(self.peek(), b'<' | b'>' | b'&' | b'?' | b'|') {
                        self.at += 1;
                    }
                    self.skip_blanks();
                    if self.word()?.parts.is_empty() {
                        return Err(Broken);
                    }
                }
                _ => {
                    let word = self.word()?;
                    let number = word.bare().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
                    if !(number && matches!(self.peek(), b'<' | b'>')) {
                        words.push(word);
                    }
                }
            }
        }
    }

    fn word(&mut self) -> Result<Word, Broken> {
        let mut word = Word::new(self.at);
        while !self.done() && (!Fish::ends_word(self.peek()) || self.joins(&word)) {
            match self.peek() {
                b'&' => {
                    self.at += 1;
                    word.parts.push(Part::Computed(Text::default()));
                }
                b'\'' => {
                    self.at += 1;
                    self.quoted(&mut word, b'\'')?;
                }
                b'"' => {
                    self.at += 1;
                    self.quoted(&mut word, b'"')?;
                }
                b'\\' => {
                    self.at += 1;
                    if matches!(self.peek(), b'x' | b'X' | b'u' | b'U' | b'c' | b'a' | b'b' | b'f' | b'v' | b'0'..=b'7')
                    {
                        self.at += 1;
                        word.parts.push(Part::Computed(Text::default()));
                    } else if !self.done() {
                        let sign = self.take_text();
                        let plain = match &*sign {
                            "n" => Text::Plain("\n"),
                            "t" => Text::Plain("\t"),
                            "r" => Text::Plain("\r"),
                            "e" => Text::Plain("\u{1b}"),
                            "\n" => Text::default(),
                            _ => sign,
                        };
                        word.push(plain, true);
                    }
                }
                b'$' => self.dollar(&mut word)?,
                b'(' => self.substitution(&mut word)?,
                b'{' | b'*' | b'?' | b'[' => word.parts.push(Part::Computed(self.take_text())),
                _ => {
                    let start = self.at;
                    let special = |byte: u8| {
                        Fish::ends_word(byte)
                            || matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'(' | b'{' | b'*' | b'?' | b'[')
                    };
                    let rest = &self.bytes[start..];
                    self.at += rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len()).max(1);
                    word.push(self.since(start), false);
                }
            }
        }
        word.end = self.at;
        Ok(word)
    }

    /// An `&` within a word: newer versions take it as text.
    fn joins(&self, word: &Word) -> bool {
        self.peek() == b'&' && !word.parts.is_empty() && self.byte(1) != 0 && !Fish::ends_word(self.byte(1))
    }

    fn quoted(&mut self, word: &mut Word, close: u8) -> Result<(), Broken> {
        word.push(Text::default(), true);
        loop {
            if self.done() {
                return Err(Broken);
            }
            match self.peek() {
                byte if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' if self.byte(1) == close || self.byte(1) == b'\\' || (close == b'"' && self.byte(1) == b'$') => {
                    self.at += 1;
                    word.push(self.take_text(), true);
                }
                b'\\' if close == b'"' && self.byte(1) == b'\n' => self.at += 2,
                b'$' if close == b'"' => self.dollar(word)?,
                _ => {
                    let start = self.at;
                    let special = |byte: u8| byte == close || byte == b'\\' || (close == b'"' && byte == b'$');
                    let rest = &self.bytes[start + 1..];
                    self.at += 1 + rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len());
                    word.push(self.since(start), true);
                }
            }
        }
    }

    fn dollar(&mut self, word: &mut Word) -> Result<(), Broken> {
        self.at += 1;
        if self.peek() == b'(' {
            return self.substitution(word);
        }
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        self.at += length;
        let name = self.since(self.at - length);
        // `$$name` is fine; `${name}`, `$?` and the like are refused with the whole file.
        if name.is_empty() && self.peek() != b'$' {
            return Err(Broken);
        }
        if name.is_empty() || self.peek() == b'[' {
            word.parts.push(Part::Computed(name));
        } else {
            word.parts.push(Part::Variable(name));
        }
        Ok(())
    }

    fn substitution(&mut self, word: &mut Word) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        let fresh = self.grammar.fresh.take();
        let inner = self.list(&[]);
        self.grammar.fresh = fresh;
        inner?;
        if self.peek() != b')' {
            return Err(Broken);
        }
        self.at += 1;
        word.parts.push(Part::Computed(self.since(start)));
        Ok(())
    }
}
