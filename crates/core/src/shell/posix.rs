//! The grammar of bash, zsh and POSIX `sh`, read as the shells do: quotation, expansions, here-documents, reserved
//! words where a command begins, compound commands, functions.
//!
//! Written for this task because nothing at hand fits: brush-parser ends the program on deep nesting, keeps what it
//! has read in caches that nobody clears, and knows no zsh; tree-sitter-bash gives up a whole file at the first
//! `${(%)…}` that zsh prompts begin with, and is ten megabytes of C.
//!
//! Time is linear in the text, depth is bounded. Where the grammar gives up ([`Piece::Broken`]), nothing behind
//! is claimed: the shells too stop at what they cannot read.

use std::ops::Range;
use std::rc::Rc;

use zeroize::Zeroizing;

use super::cursor::{Broken, Cursor, Grammar};
use super::syntax::{Join, Layout, Line, Node, Part, Piece, Word};
use super::text::Text;
use crate::secret::Secret;

/// Which of the two families.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// bash.
    Bash,
    /// zsh.
    Zsh,
    /// POSIX `sh`.
    Sh,
}

/// Reads a program, one line of commands at a time, as the shells take them: what was read before the line of a fault
/// stays.
pub(super) fn pieces(text: &Rc<Secret>, dialect: Dialect) -> impl Iterator<Item = Piece> {
    let mut parser = Parser::all_of(text, Posix::of(dialect));
    let mut broken = false;
    std::iter::from_fn(move || {
        if broken {
            return None;
        }
        parser.skip_separators();
        if parser.done() {
            return None;
        }
        let start = parser.at;
        let piece = parser.line().map(|nodes| {
            let dubious = std::mem::take(&mut parser.grammar.dubious);
            Piece::Commands { nodes, dubious }
        });
        broken = piece.is_err();
        Some(piece.unwrap_or(Piece::Broken(start)))
    })
}

/// The whole program, with the places of its lines.
pub(super) fn layout(text: &Rc<Secret>, dialect: Dialect) -> Layout {
    let mut parser = Parser::all_of(text, Posix { fresh: Some(vec![0]), ..Posix::of(dialect) });
    let mut layout = Layout::default();
    loop {
        parser.skip_separators();
        if parser.done() {
            break;
        }
        let start = parser.at;
        match parser.line() {
            Ok(nodes) => {
                let dubious = std::mem::take(&mut parser.grammar.dubious);
                layout.lines.push(Line { at: start, nodes, dubious });
            }
            Err(Broken) => {
                layout.broken = Some(start);
                break;
            }
        }
    }
    layout.fresh = parser.grammar.fresh.take().unwrap_or_default();
    layout.fresh.retain(|at| layout.broken.is_none_or(|broken| *at <= broken));
    layout
}

struct Heredoc {
    end: String,
    strip_tabs: bool,
}

struct Posix {
    dialect: Dialect,
    /// Only the end of something is looked for; what stands in it is read another time, if at all.
    skims: bool,
    /// Something was read that not every `sh` knows.
    dubious: bool,
    heredocs: Vec<Heredoc>,
    /// Where lines of commands begin, if that is asked.
    fresh: Option<Vec<usize>>,
}

impl Posix {
    fn of(dialect: Dialect) -> Self {
        Self { dialect, skims: false, dubious: false, heredocs: Vec::new(), fresh: None }
    }
}

impl Grammar for Posix {
    const BLANKS: &'static [u8] = b" \t";

    fn ends_word(byte: u8) -> bool {
        matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
    }
}

type Parser<'a> = Cursor<'a, Posix>;

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Parser<'_> {
    /// Blanks and line ends, with the here-documents that begin behind them.
    fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.peek() != b'\n' {
                return;
            }
            self.line_end();
        }
    }

    /// The same and single semicolons.
    fn skip_separators(&mut self) {
        loop {
            self.skip_lines();
            match self.peek() {
                b';' if !self.ends_arm() => self.at += 1,
                _ => return,
            }
        }
    }

    fn ends_arm(&self) -> bool {
        self.peek() == b';' && matches!(self.byte(1), b';' | b'&' | b'|')
    }

    fn line_end(&mut self) {
        self.at += 1;
        for heredoc in std::mem::take(&mut self.grammar.heredocs) {
            while !self.done() {
                let rest = self.rest();
                let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                let line = &self.text[self.at..self.at + length];
                let line = if heredoc.strip_tabs { line.trim_start_matches('\t') } else { line };
                self.at = (self.at + length + 1).min(self.bytes.len());
                if line == heredoc.end {
                    break;
                }
            }
        }
        if let Some(fresh) = &mut self.grammar.fresh {
            fresh.push(self.at);
        }
    }

    /// Commands up to the end of a line.
    fn line(&mut self) -> Result<Vec<Node>, Broken> {
        let mut nodes = Vec::new();
        loop {
            let start = self.at;
            let node = self.chain()?;
            if self.at == start {
                return Err(Broken);
            }
            let end = self.at;
            nodes.push(self.background(node));
            self.skip_separators();
            if self.done() || memchr::memchr(b'\n', &self.bytes[end..self.at]).is_some() {
                return Ok(nodes);
            }
        }
    }

    /// Commands up to one of the reserved words, `)`, the end of an arm, or the end.
    fn list(&mut self, ends: &[&str]) -> Result<Vec<Node>, Broken> {
        self.deeper(|parser| {
            let mut nodes = Vec::new();
            loop {
                parser.skip_separators();
                let next = parser.peek();
                if parser.done() || next == b')' || parser.ends_arm() || ends.contains(&parser.reserved()) {
                    return Ok(nodes);
                }
                let start = parser.at;
                let node = parser.chain()?;
                if parser.at == start {
                    return Err(Broken);
                }
                let node = parser.background(node);
                nodes.push(node);
                parser.skip_blanks();
                // zsh: `if [[ … ]] { … }`
                if parser.grammar.dialect == Dialect::Zsh && parser.reserved() == "{" && ends.contains(&"then-or-brace")
                {
                    return Ok(nodes);
                }
            }
        })
    }

    /// The same where zsh alone takes nothing at all for an answer.
    fn some(&mut self, ends: &[&str]) -> Result<Vec<Node>, Broken> {
        let nodes = self.list(ends)?;
        let stands_alone = nodes.is_empty() && self.grammar.dialect != Dialect::Zsh;
        if stands_alone { Err(Broken) } else { Ok(nodes) }
    }

    /// `&` behind a command.
    fn background(&mut self, node: Node) -> Node {
        self.skip_blanks();
        if self.peek() != b'&' {
            return node;
        }
        self.at += 1;
        // zsh: `&!`, `&|`
        if matches!(self.peek(), b'!' | b'|') {
            self.at += 1;
        }
        Node::Apart
    }

    fn chain(&mut self) -> Result<Node, Broken> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let join = if self.starts("&&") {
                Join::And
            } else if self.starts("||") {
                Join::Or
            } else {
                break;
            };
            self.at += 2;
            self.skip_lines();
            rest.push((join, self.pipeline()?));
        }
        Ok(if rest.is_empty() { first } else { Node::Chain { first: Box::new(first), rest } })
    }

    fn pipeline(&mut self) -> Result<Node, Broken> {
        self.skip_blanks();
        let mut negated = false;
        loop {
            match self.reserved() {
                "!" => {
                    negated = !negated;
                    self.at += 1;
                }
                "time" => self.at += 4,
                _ => break,
            }
            self.skip_blanks();
        }
        let mut node = self.command()?;
        loop {
            self.skip_blanks();
            if self.peek() != b'|' || self.byte(1) == b'|' {
                break;
            }
            self.grammar.dubious |= self.byte(1) == b'&';
            self.at += if self.byte(1) == b'&' { 2 } else { 1 };
            self.skip_lines();
            let last = self.command()?;
            // zsh runs the last one itself.
            let zsh = self.grammar.dialect == Dialect::Zsh;
            node = if zsh { Node::Group(vec![Node::Apart, last]) } else { Node::Apart };
        }
        Ok(if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn command(&mut self) -> Result<Node, Broken> {
        self.skip_blanks();
        let node = match self.reserved() {
            "if" => self.branches()?,
            "case" => self.case()?,
            "for" | "select" | "foreach" => self.for_loop()?,
            "while" | "until" => self.while_loop()?,
            "repeat" if self.grammar.dialect == Dialect::Zsh => self.repeat()?,
            "function" => {
                self.grammar.dubious = true;
                self.function()?
            }
            "{" => Node::Group(self.braces()?),
            "[[" => {
                self.grammar.dubious = true;
                self.test()?
            }
            "coproc" => {
                self.at += 6;
                self.deeper(Self::command)?;
                Node::Apart
            }
            "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}" => return Err(Broken),
            _ if self.peek() == b'(' => return self.parentheses(),
            _ => return self.simple(),
        };
        self.redirections()?;
        // zsh: `{ … } always { … }`
        self.skip_blanks();
        if self.grammar.dialect == Dialect::Zsh && matches!(node, Node::Group(_)) && self.reserved() == "always" {
            self.at += "always".len();
            self.skip_lines();
            let after = self.braces()?;
            return Ok(Node::Group(vec![node, Node::Group(after)]));
        }
        Ok(node)
    }

    fn braces(&mut self) -> Result<Vec<Node>, Broken> {
        self.expect("{")?;
        let body = self.some(&["}"])?;
        self.expect_close_brace()?;
        Ok(body)
    }

    fn expect_close_brace(&mut self) -> Result<(), Broken> {
        self.skip_separators();
        self.expect("}")
    }

    /// `( … )`, `(( … ))`, and zsh's `() { … }`.
    fn parentheses(&mut self) -> Result<Node, Broken> {
        if self.starts("((") {
            let start = self.at;
            self.grammar.dubious = true;
            self.balanced(b'(', b')', false)?;
            let text = self.since(start);
            self.redirections()?;
            self.no_line_end_of_windows()?;
            return Ok(Node::Arithmetic(Word::of(start, Part::Computed(text))));
        }
        self.at += 1;
        self.skip_blanks();
        if self.peek() == b')' {
            if self.grammar.dialect != Dialect::Zsh {
                return Err(Broken);
            }
            self.at += 1;
            self.skip_lines();
            let body = self.body()?;
            // Its arguments.
            while self.next_word()?.is_some() {}
            return Ok(Node::Function { names: Vec::new(), body: Rc::new(body) });
        }
        self.some(&[])?;
        self.close_parenthesis()?;
        self.redirections()?;
        self.no_line_end_of_windows()?;
        Ok(Node::Apart)
    }

    /// Behind a closing parenthesis no word may stand, as such a line end is one.
    fn no_line_end_of_windows(&mut self) -> Result<(), Broken> {
        self.skip_blanks();
        if self.peek() == b'\r' { Err(Broken) } else { Ok(()) }
    }

    fn close_parenthesis(&mut self) -> Result<(), Broken> {
        self.skip_separators();
        if self.peek() != b')' {
            return Err(Broken);
        }
        self.at += 1;
        Ok(())
    }

    fn branches(&mut self) -> Result<Node, Broken> {
        self.expect("if")?;
        let mut arms = Vec::new();
        loop {
            let condition = self.some(&["then", "then-or-brace"])?;
            if self.reserved() == "{" {
                let body = self.braces()?;
                arms.push((condition, body));
                let before = self.at;
                self.skip_blanks();
                match self.reserved() {
                    "elif" => self.at += 4,
                    "else" => {
                        self.at += 4;
                        self.skip_lines();
                        let otherwise =
                            if self.reserved() == "if" { vec![self.deeper(Self::branches)?] } else { self.braces()? };
                        return Ok(Node::If { arms, otherwise });
                    }
                    _ => {
                        self.at = before;
                        return Ok(Node::If { arms, otherwise: Vec::new() });
                    }
                }
                continue;
            }
            self.expect("then")?;
            let body = self.some(&["elif", "else", "fi"])?;
            arms.push((condition, body));
            match self.reserved() {
                "elif" => self.at += 4,
                "else" => {
                    self.at += 4;
                    let otherwise = self.some(&["fi"])?;
                    self.expect("fi")?;
                    return Ok(Node::If { arms, otherwise });
                }
                _ => {
                    self.expect("fi")?;
                    return Ok(Node::If { arms, otherwise: Vec::new() });
                }
            }
        }
    }

    fn case(&mut self) -> Result<Node, Broken> {
        self.expect("case")?;
        let subject = self.next_word()?.ok_or(Broken)?;
        self.skip_lines();
        self.expect("in")?;
        let mut arms: Vec<(Vec<Option<String>>, Vec<Node>)> = Vec::new();
        let mut falls_through = false;
        loop {
            self.skip_separators();
            if self.reserved() == "esac" {
                self.at += 4;
                // Where one arm runs on into the next, each may run or not.
                if falls_through {
                    let body = arms.into_iter().flat_map(|(_, body)| body).collect();
                    return Ok(Node::Loop { condition: Vec::new(), variable: None, words: None, body });
                }
                return Ok(Node::Case { subject, arms });
            }
            if self.done() {
                return Err(Broken);
            }
            let patterns = self.patterns()?;
            let body = self.list(&["esac"])?;
            arms.push((patterns, body));
            if self.ends_arm() {
                falls_through |= !self.starts(";;") || self.starts(";;&");
                self.grammar.dubious |= falls_through;
                self.at += if self.starts(";;&") { 3 } else { 2 };
            } else if self.reserved() != "esac" {
                return Err(Broken);
            }
        }
    }

    /// `a|"b"|*)`, each as its text; None where it is known only when the shell runs.
    fn patterns(&mut self) -> Result<Vec<Option<String>>, Broken> {
        if self.peek() == b'(' {
            self.at += 1;
        }
        let mut patterns = Vec::new();
        let mut word = Word::default();
        loop {
            match self.peek() {
                0 if self.done() => return Err(Broken),
                sign @ (b')' | b'|') => {
                    patterns.push(word.pattern());
                    word = Word::default();
                    self.at += 1;
                    if sign == b')' {
                        self.skip_blanks();
                        // zsh: `(a|b))`
                        self.at += usize::from(self.peek() == b')');
                        return Ok(patterns);
                    }
                }
                b' ' | b'\t' | b'\n' => self.at += 1,
                b'(' => {
                    self.balanced(b'(', b')', true)?;
                    word.parts.push(Part::Computed(Text::default()));
                }
                b'<' | b'>' | b'&' | b';' => {
                    self.at += 1;
                    word.parts.push(Part::Computed(Text::default()));
                }
                _ => {
                    if !self.word_part(&mut word, false)? {
                        return Err(Broken);
                    }
                }
            }
        }
    }

    fn for_loop(&mut self) -> Result<Node, Broken> {
        let keyword = self.reserved();
        self.at += keyword.len();
        self.skip_blanks();
        let (mut condition, mut variable, mut words) = (Vec::new(), None, None);
        self.grammar.dubious |= keyword != "for";
        if self.starts("((") {
            self.grammar.dubious = true;
            let start = self.at;
            self.balanced(b'(', b')', false)?;
            condition.push(Node::Arithmetic(Word::of(start, Part::Computed(self.since(start)))));
        } else {
            variable = self.next_word()?.and_then(|word| word.bare().map(str::to_owned));
            self.skip_lines();
            // zsh: `for key value in …`
            while self.grammar.dialect == Dialect::Zsh
                && !matches!(self.reserved(), "in" | "do" | "{" | "")
                && self.peek() != b';'
            {
                self.next_word()?.ok_or(Broken)?;
                variable = None;
                self.skip_lines();
            }
            let parenthesis = self.peek() == b'(';
            if parenthesis || self.reserved() == "in" {
                self.at += if parenthesis { 1 } else { 2 };
                let mut all = Vec::new();
                loop {
                    if parenthesis {
                        self.skip_lines();
                    }
                    let Some(word) = self.next_word()? else { break };
                    if word.bare() == Some("}") {
                        return Err(Broken);
                    }
                    all.push(word);
                }
                if parenthesis {
                    self.close_parenthesis()?;
                }
                words = variable.is_some().then_some(all);
            }
        }
        self.skip_separators();
        let body = if keyword == "foreach" {
            let body = self.list(&["end"])?;
            self.expect("end")?;
            body
        } else {
            self.loop_body()?
        };
        Ok(Node::Loop { condition, variable, words: words.filter(|_| keyword != "select"), body })
    }

    fn loop_body(&mut self) -> Result<Vec<Node>, Broken> {
        match self.reserved() {
            "do" => {
                self.at += 2;
                let body = self.some(&["done"])?;
                self.expect("done")?;
                Ok(body)
            }
            "{" => self.braces(),
            _ if self.grammar.dialect == Dialect::Zsh => Ok(vec![self.deeper(Self::chain)?]),
            _ => Err(Broken),
        }
    }

    fn while_loop(&mut self) -> Result<Node, Broken> {
        self.at += 5;
        let condition = self.some(&["do", "then-or-brace"])?;
        let body = self.loop_body()?;
        Ok(Node::Loop { condition, variable: None, words: None, body })
    }

    fn repeat(&mut self) -> Result<Node, Broken> {
        self.at += 6;
        self.next_word()?.ok_or(Broken)?;
        self.skip_separators();
        let body = self.loop_body()?;
        Ok(Node::Loop { condition: Vec::new(), variable: None, words: None, body })
    }

    fn function(&mut self) -> Result<Node, Broken> {
        self.expect("function")?;
        let mut names = Vec::new();
        loop {
            self.skip_blanks();
            if self.reserved() == "{" || matches!(self.peek(), b'(' | b'\n') {
                break;
            }
            let word = self.next_word()?.ok_or(Broken)?;
            names.push(word.literal().map(|text| text.to_string()).unwrap_or_default());
        }
        if self.peek() == b'(' {
            self.at += 1;
            self.skip_blanks();
            self.close_parenthesis()?;
        }
        self.skip_lines();
        let body = self.body()?;
        Ok(Node::Function { names, body: Rc::new(body) })
    }

    /// What follows the name of a function: any compound command.
    fn body(&mut self) -> Result<Vec<Node>, Broken> {
        let node = self.deeper(Self::command)?;
        self.redirections()?;
        Ok(match node {
            // A lone command, as `{` is with the end of a line of Windows behind it, bash refuses.
            Node::Simple(_) if self.grammar.dialect == Dialect::Bash => return Err(Broken),
            Node::Group(nodes) => nodes,
            other => vec![other],
        })
    }

    fn test(&mut self) -> Result<Node, Broken> {
        self.expect("[[")?;
        let mut words = Vec::new();
        loop {
            while matches!(self.peek(), b' ' | b'\t' | b'\n') || (self.peek() == b'\\' && self.byte(1) == b'\n') {
                self.at += if self.peek() == b'\\' { 2 } else { 1 };
            }
            if self.done() {
                return Err(Broken);
            }
            if self.reserved() == "]]" {
                self.at += 2;
                return Ok(Node::Test(words));
            }
            let mut word = Word::new(self.at);
            if self.starts("&&") || self.starts("||") {
                self.at += 2;
                word.push(self.since(self.at - 2), false);
            } else if Posix::ends_word(self.peek()) {
                word.push(self.take_text(), false);
            } else {
                self.word_into(&mut word)?;
            }
            words.push(word);
        }
    }

    fn simple(&mut self) -> Result<Node, Broken> {
        let start = self.at;
        let mut words: Vec<Word> = Vec::new();
        loop {
            self.redirections()?;
            self.skip_blanks();
            // zsh closes a group with a `}` anywhere.
            if self.grammar.dialect == Dialect::Zsh && self.depth > 0 && !words.is_empty() && self.reserved() == "}" {
                break;
            }
            // `name ()`: a function.
            if self.peek() == b'(' && !words.is_empty() {
                return self.named_function(words);
            }
            match self.next_word()? {
                Some(word) => words.push(word),
                None => break,
            }
        }
        if words.is_empty() && self.at == start { Err(Broken) } else { Ok(Node::Simple(words)) }
    }

    fn named_function(&mut self, words: Vec<Word>) -> Result<Node, Broken> {
        let empty = {
            let rest = self.text[self.at + 1..].trim_start_matches([' ', '\t']);
            rest.starts_with(')')
        };
        if !empty {
            if self.grammar.dialect != Dialect::Zsh {
                return Err(Broken);
            }
            // zsh: a pattern such as `(a|b)*`.
            let mut words = words;
            while let Some(word) = self.argument()? {
                words.push(word);
            }
            return Ok(Node::Simple(words));
        }
        self.at += 1;
        self.skip_blanks();
        self.close_parenthesis()?;
        self.skip_lines();
        let names = words.iter().map(|word| word.literal().map(|text| text.to_string()).unwrap_or_default()).collect();
        let body = self.body()?;
        Ok(Node::Function { names, body: Rc::new(body) })
    }

    /// A word or redirection of zsh, which may begin with a parenthesis.
    fn argument(&mut self) -> Result<Option<Word>, Broken> {
        self.redirections()?;
        self.skip_blanks();
        if self.peek() != b'(' {
            return self.next_word();
        }
        let mut word = Word::new(self.at);
        self.balanced(b'(', b')', true)?;
        word.parts.push(Part::Computed(Text::default()));
        self.word_into(&mut word)?;
        word.end = self.at;
        Ok(Some(word))
    }

    /// `>file`, `2>&1`, `<<EOF` and the like, any number of them.
    fn redirections(&mut self) -> Result<(), Broken> {
        loop {
            self.skip_blanks();
            let digits = self.rest().iter().take(9).take_while(|b| b.is_ascii_digit()).count();
            let next = self.byte(digits);
            let both = digits == 0 && next == b'&' && self.byte(1) == b'>';
            // `<(…)` and `>(…)` are words.
            if !both && (!matches!(next, b'<' | b'>') || self.byte(digits + 1) == b'(') {
                return Ok(());
            }
            self.at += digits + usize::from(both);
            self.grammar.dubious |= both || self.starts("<<<");
            if self.starts("<<") && self.byte(2) != b'<' {
                self.at += 2;
                let strip_tabs = self.peek() == b'-';
                self.at += usize::from(strip_tabs);
                let word = self.next_word()?.ok_or(Broken)?;
                let end = word.literal().map(|text| text.to_string()).ok_or(Broken)?;
                self.grammar.heredocs.push(Heredoc { end, strip_tabs });
                continue;
            }
            while matches!(self.peek(), b'<' | b'>' | b'&' | b'|' | b'!') {
                self.at += 1;
            }
            if self.next_word()?.is_none() && self.peek() != b'(' {
                return Err(Broken);
            }
        }
    }

    /// The next word, None where an operator or the end stands.
    fn next_word(&mut self) -> Result<Option<Word>, Broken> {
        self.skip_blanks();
        if self.done() {
            return Ok(None);
        }
        let substitution = matches!(self.peek(), b'<' | b'>') && self.byte(1) == b'(';
        if Posix::ends_word(self.peek()) && !substitution {
            return Ok(None);
        }
        let mut word = Word::new(self.at);
        if substitution {
            self.grammar.dubious = true;
            let start = self.at;
            self.at += 2;
            self.substitution(start, &mut word)?;
        }
        self.word_into(&mut word)?;
        word.end = self.at;
        Ok(Some(word))
    }

    fn word_into(&mut self, word: &mut Word) -> Result<(), Broken> {
        while self.word_part(word, false)? {}
        Ok(())
    }

    /// One piece of a word; false where the word ends. `alone`: the text is a word by itself.
    fn word_part(&mut self, word: &mut Word, alone: bool) -> Result<bool, Broken> {
        if self.done() {
            return Ok(false);
        }
        match self.peek() {
            b'\'' => {
                self.at += 1;
                let length = memchr::memchr(b'\'', self.rest()).ok_or(Broken)?;
                self.at += length;
                word.push(self.since(self.at - length), true);
                self.at += 1;
            }
            b'"' => {
                self.at += 1;
                self.double_quoted(word, Some(b'"'))?;
            }
            b'\\' if self.byte(1) == b'\n' => self.at += 2,
            b'\\' => {
                self.at += 1;
                let escaped = if self.done() { self.since(self.at - 1) } else { self.take_text() };
                word.push(escaped, true);
            }
            b'$' => self.dollar(word, false)?,
            b'`' => self.backticks(word)?,
            b'(' if !alone => {
                // `name()` begins a function, `name=(` a list, `*(N)` a pattern.
                let function =
                    word.bare().is_some_and(|text| !text.ends_with(['=', '*', '?', '@', '+', '!', '/', ']']))
                        && self.text[self.at + 1..].trim_start_matches([' ', '\t']).starts_with(')');
                let named = self.grammar.dialect != Dialect::Zsh
                    && !matches!(word.parts.last(), Some(Part::Text { text, .. }) if text.ends_with(['=', '*', '?', '@', '+', '!']));
                if word.parts.is_empty() || function || named {
                    return Ok(false);
                }
                let start = self.at;
                self.grammar.dubious = true;
                self.balanced(b'(', b')', true)?;
                word.parts.push(Part::Computed(self.since(start)));
            }
            byte if Posix::ends_word(byte) && !alone => return Ok(false),
            _ => {
                let start = self.at;
                let special =
                    |byte: u8| matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'`') || (!alone && Posix::ends_word(byte));
                let rest = &self.bytes[start..];
                let length = rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len());
                self.at += length.max(1);
                word.push(self.since(start), false);
            }
        }
        Ok(true)
    }

    /// Up to the closing mark, which is taken; None: up to the end of the text.
    fn double_quoted(&mut self, word: &mut Word, close: Option<u8>) -> Result<(), Broken> {
        word.push(Text::default(), true);
        loop {
            if self.done() {
                return if close.is_none() { Ok(()) } else { Err(Broken) };
            }
            match self.peek() {
                byte if Some(byte) == close => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' if self.byte(1) == b'\n' => self.at += 2,
                b'\\' if matches!(self.byte(1), b'"' | b'\\' | b'$' | b'`') => {
                    self.at += 1;
                    word.push(self.take_text(), true);
                }
                b'$' => self.dollar(word, true)?,
                b'`' => self.backticks(word)?,
                _ => {
                    let start = self.at;
                    let rest = &self.bytes[start + 1..];
                    let special = |byte: u8| matches!(byte, b'\\' | b'$' | b'`') || Some(byte) == close;
                    self.at += 1 + rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len());
                    word.push(self.since(start), true);
                }
            }
        }
    }

    fn backticks(&mut self, word: &mut Word) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        loop {
            let rest = &self.rest();
            let length = memchr::memchr2(b'`', b'\\', rest).ok_or(Broken)?;
            self.at += length + 1;
            if rest[length] == b'`' {
                break;
            }
            if self.done() {
                return Err(Broken);
            }
            self.take_char();
        }
        word.parts.push(Part::Computed(self.since(start)));
        Ok(())
    }

    /// What begins with `$`.
    fn dollar(&mut self, word: &mut Word, quoted: bool) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            b'(' if self.byte(1) == b'(' => {
                self.balanced(b'(', b')', true)?;
                word.parts.push(Part::Computed(self.since(start)));
            }
            b'(' => {
                self.at += 1;
                self.substitution(start, word)?;
            }
            b'{' => self.parameter(word, quoted)?,
            b'\'' if !quoted => self.ansi_quoted(word)?,
            b'"' if !quoted => {
                self.at += 1;
                self.double_quoted(word, Some(b'"'))?;
            }
            b'-' => {
                self.at += 1;
                word.parts.push(Part::Variable(self.since(start + 1)));
            }
            b'1'..=b'9' => {
                word.parts.push(Part::Variable(self.take_text()));
            }
            b'?' | b'$' | b'!' | b'#' | b'@' | b'*' | b'0' => {
                self.at += 1;
                word.parts.push(Part::Computed(Text::default()));
            }
            b'+' | b'^' | b'=' | b'~' if self.grammar.dialect == Dialect::Zsh => {
                self.at += 1;
                word.parts.push(Part::Computed(Text::default()));
            }
            byte if is_name(byte) => {
                let rest = self.rest();
                let length = rest.iter().take_while(|byte| is_name(**byte)).count();
                self.at += length;
                let name = self.since(start + 1);
                // zsh: an element or a modifier.
                if self.grammar.dialect == Dialect::Zsh && matches!(self.peek(), b'[' | b':') {
                    word.parts.push(Part::Computed(name));
                } else {
                    word.parts.push(Part::Variable(name));
                }
            }
            _ => word.push(self.since(start), quoted),
        }
        Ok(())
    }

    /// Commands up to `)`; `start` is where the whole begins.
    fn substitution(&mut self, start: usize, word: &mut Word) -> Result<(), Broken> {
        let outer = (std::mem::take(&mut self.grammar.heredocs), self.grammar.fresh.take());
        let inner = self.list(&[]).and_then(|_| self.close_parenthesis());
        (self.grammar.heredocs, self.grammar.fresh) = outer;
        inner?;
        word.parts.push(Part::Computed(self.since(start)));
        Ok(())
    }

    /// A part of the text as a word of its own, as after `${NAME:-`.
    fn word_of(&self, part: Range<usize>, quoted: bool) -> Result<Word, Broken> {
        let mut parser = Parser::new(self.whole, part, self.depth, Posix::of(self.grammar.dialect));
        let mut word = Word::default();
        if quoted {
            parser.double_quoted(&mut word, None)?;
        } else {
            while !parser.done() {
                if !parser.word_part(&mut word, true)? {
                    word.push(parser.take_text(), false);
                }
            }
        }
        Ok(word)
    }

    /// `${…}`.
    fn parameter(&mut self, word: &mut Word, quoted: bool) -> Result<(), Broken> {
        let start = self.at + 1;
        self.balanced(b'{', b'}', !quoted)?;
        let end = self.at - 1;
        let inner = Text::piece(self.whole, start..end);
        let length = inner.bytes().take_while(|byte| is_name(*byte)).count();
        let (name, rest) = inner.split_at(length);
        let named = || inner.part(0..length);
        let digit = matches!(name, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9");
        let part = if rest.is_empty() && digit || &*inner == "-" {
            Part::Variable(inner)
        } else if name.is_empty() || name.as_bytes()[0].is_ascii_digit() {
            Part::Computed(inner)
        } else if rest.is_empty() {
            Part::Variable(inner)
        } else if self.grammar.skims {
            Part::Computed(Text::default())
        } else if let Some(default) = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-')) {
            let default = end - default.len()..end;
            let word = self.deeper(|parser| parser.word_of(default, quoted))?;
            Part::Default { name: named(), colon: rest.starts_with(':'), word: Box::new(word) }
        } else if let Some(default) = rest.strip_prefix(":=").or_else(|| rest.strip_prefix('=')) {
            let default = end - default.len()..end;
            let word = self.deeper(|parser| parser.word_of(default, quoted))?;
            Part::Assign { name: named(), colon: rest.starts_with(':'), word: Box::new(word) }
        } else {
            Part::Computed(inner)
        };
        word.parts.push(part);
        Ok(())
    }

    /// `$'…'`.
    fn ansi_quoted(&mut self, word: &mut Word) -> Result<(), Broken> {
        self.at += 1;
        let mut text = Zeroizing::new(String::new());
        // Sh does not know these marks, and shells differ in the rarer escapes.
        let mut known = self.grammar.dialect != Dialect::Sh;
        loop {
            if self.done() {
                return Err(Broken);
            }
            match self.take_char() {
                "'" => break,
                "\\" if self.done() => return Err(Broken),
                "\\" => {
                    let escape = self.take_char();
                    let plain = match escape {
                        "n" => '\n',
                        "r" => '\r',
                        "t" => '\t',
                        "a" => '\u{7}',
                        "b" => '\u{8}',
                        "e" | "E" => '\u{1b}',
                        "f" => '\u{c}',
                        "v" => '\u{b}',
                        "x" => self.digits(16, 2),
                        "u" => self.digits(16, 4),
                        "U" => self.digits(16, 8),
                        "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" => {
                            self.at -= 1;
                            self.digits(8, 3)
                        }
                        other => {
                            known &= matches!(other, "'" | "\"" | "\\" | "?");
                            text.push_str(other);
                            continue;
                        }
                    };
                    // A byte above these is no character, and a zero ends the text.
                    known &= plain != '\0' && (plain.is_ascii() || matches!(escape, "u" | "U"));
                    text.push(plain);
                }
                other => text.push_str(other),
            }
        }
        if known {
            word.push(Text::Own(text), true);
        } else {
            word.parts.push(Part::Computed(Text::Own(text)));
        }
        Ok(())
    }

    fn digits(&mut self, radix: u32, most: usize) -> char {
        let mut value = 0_u32;
        for _ in 0..most {
            let Some(digit) = char::from(self.peek()).to_digit(radix) else { break };
            value = value.wrapping_mul(radix).wrapping_add(digit);
            self.at += 1;
        }
        char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// From an opening sign to the one that closes it, what stands in quotation marks left out.
    /// `single`: single quotation marks count.
    fn balanced(&mut self, open: u8, close: u8, single: bool) -> Result<(), Broken> {
        // Read once only, however deep it stands: else the time doubles with each level.
        let outer = (std::mem::replace(&mut self.grammar.skims, true), self.grammar.fresh.take());
        let result = self.skim_to(open, close, single);
        (self.grammar.skims, self.grammar.fresh) = outer;
        result
    }

    fn skim_to(&mut self, open: u8, close: u8, single: bool) -> Result<(), Broken> {
        let mut depth = 0_usize;
        loop {
            if self.done() {
                return Err(Broken);
            }
            let byte = self.peek();
            match byte {
                b'\\' => {
                    self.at += 1;
                    if !self.done() {
                        self.take_char();
                    }
                    continue;
                }
                b'\'' if single => {
                    let length = memchr::memchr(b'\'', &self.bytes[self.at + 1..]).ok_or(Broken)?;
                    self.at += length + 2;
                    continue;
                }
                b'"' => {
                    self.at += 1;
                    let mut inside = Word::default();
                    self.deeper(|parser| parser.double_quoted(&mut inside, Some(b'"')))?;
                    continue;
                }
                b'`' => {
                    self.backticks(&mut Word::default())?;
                    continue;
                }
                b'$' if self.byte(1) == b'(' && self.byte(2) != b'(' => {
                    let start = self.at;
                    self.at += 2;
                    self.substitution(start, &mut Word::default())?;
                    continue;
                }
                b'$' if self.byte(1) == b'{' && open != b'{' => {
                    self.at += 1;
                    self.deeper(|parser| parser.balanced(b'{', b'}', single))?;
                    continue;
                }
                // Inside braces a lone brace counts only behind `$`.
                _ if byte == open && (open != b'{' || depth == 0 || self.bytes[self.at - 1] == b'$') => depth += 1,
                _ if byte == close => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}
