//! The way through a program: lists, conditions, loops, functions, and files that are read within.

use std::rc::Rc;

use super::{Alive, CALLS, End, Function, ITEMS, Loaded, ROUNDS, SIGNS_OF_A_STEP, STEPS, Truth, VALUE, Walk, may_name};
use crate::secret::Secret;
use crate::shell::files::Format;
use crate::shell::state::Value;
use crate::shell::syntax::{Join, Node, Piece, Word};
use crate::shell::text::Text;
use crate::shell::{Reach, Shell, Why, fish, posix, programs};

impl Walk<'_> {
    pub fn list(&mut self, nodes: &[Node], file: &Rc<Loaded>) -> Truth {
        let mut last = Truth::known(true);
        for node in nodes {
            last = self.node(node, file);
        }
        last
    }

    /// Goes through what fish gives variables of its own.
    pub(super) fn block(&mut self, nodes: &[Node], file: &Rc<Loaded>) -> Truth {
        if file.shell != Shell::Fish {
            return self.list(nodes, file);
        }
        self.variables.enter(false);
        let truth = self.list(nodes, file);
        self.variables.leave();
        truth
    }

    /// Goes through something that runs if `condition` holds.
    pub fn under(&mut self, condition: Truth, walk: impl FnOnce(&mut Self) -> Truth) -> Truth {
        let before = self.alive;
        match condition.value {
            Some(true) => walk(self),
            Some(false) => {
                self.untrue_around += 1;
                walk(self);
                self.untrue_around -= 1;
                if let (Alive::No(end, line), true, false) = (self.alive, condition.by_terminal, self.alive == before) {
                    // Shells without a terminal go another way, and it ends there.
                    if self.untrue_around == 0 {
                        self.terminals_only.get_or_insert((end, line));
                    }
                }
                self.alive = before;
                Truth::UNKNOWN
            }
            None => {
                let exports_all = self.exports_all;
                self.variables.branch();
                self.unknown_around += 1;
                walk(self);
                self.unknown_around -= 1;
                self.variables.join();
                if self.exports_all != exports_all {
                    self.exports_all = None;
                }
                self.alive = match (before, self.alive) {
                    (Alive::No(..), _) => before,
                    // One that may have ended the shell stays so, whatever may have ended the file.
                    (Alive::Perhaps(End::Exit), _) => before,
                    (_, Alive::No(end, _)) => Alive::Perhaps(end),
                    (_, after) => after,
                };
                self.may_have_ended |= self.alive == Alive::Perhaps(End::Exit);
                Truth::UNKNOWN
            }
        }
    }

    pub(super) fn node(&mut self, node: &Node, file: &Rc<Loaded>) -> Truth {
        self.steps += 1;
        if self.steps > STEPS {
            return Truth::UNKNOWN;
        }
        match node {
            Node::Simple(words) if file.shell == Shell::Fish => self.fish_command(words, file),
            Node::Simple(words) => self.command(words, file),
            Node::If { arms, otherwise } => {
                let mut left = Truth::known(true);
                for (condition, body) in arms {
                    let mut truth = Truth::UNKNOWN;
                    self.under(left, |walk| {
                        truth = walk.list(condition, file);
                        truth
                    });
                    self.under(left.and(truth), |walk| walk.block(body, file));
                    left = left.and(truth.not());
                }
                self.under(left, |walk| walk.block(otherwise, file));
                Truth::UNKNOWN
            }
            Node::Case { subject, arms } => {
                self.default_assignments(subject, file, false);
                self.asked_terminal = false;
                let subject = self.roughly(subject);
                let rough = std::mem::take(&mut self.rough);
                let by_terminal = std::mem::take(&mut self.asked_terminal);
                let mut left = Truth::known(true);
                for (patterns, body) in arms {
                    let mut matches = Truth { value: Some(false), by_terminal };
                    for pattern in patterns {
                        let value = match (&subject, pattern) {
                            (_, Some(any)) if any == "*" => Some(true),
                            (Some(subject), Some(pattern)) => self.matches(subject, pattern, rough),
                            _ => None,
                        };
                        matches = matches.or(Truth { value, by_terminal });
                    }
                    self.under(left.and(matches), |walk| walk.block(body, file));
                    left = left.and(matches.not());
                }
                Truth::UNKNOWN
            }
            Node::Loop { condition, variable, words, body } => {
                self.looped(condition, variable.as_deref(), words.as_deref(), body, file)
            }
            Node::Group(nodes) => self.block(nodes, file),
            Node::Function { names, body } => {
                if names.is_empty() {
                    return self.call(body, file, Vec::new());
                }
                for name in names {
                    self.define(name, body, file);
                }
                Truth::known(true)
            }
            Node::Test(words) => {
                words.iter().for_each(|word| self.default_assignments(word, file, false));
                if file.shell == Shell::Sh { Truth::UNKNOWN } else { self.test(words, true) }
            }
            Node::Chain { first, rest } => {
                let mut truth = self.node(first, file);
                for (join, node) in rest {
                    let condition = if *join == Join::And { truth } else { truth.not() };
                    let answer = self.under(condition, |walk| walk.node(node, file));
                    truth = match join {
                        Join::And => truth.and(answer),
                        Join::Or => truth.or(answer),
                    };
                }
                truth
            }
            Node::Not(inner) => self.node(inner, file).not(),
            Node::Arithmetic(word) => {
                self.computes(word, file);
                Truth::UNKNOWN
            }
            Node::Apart | Node::Other => Truth::UNKNOWN,
        }
    }

    pub(super) fn define(&mut self, name: &str, body: &Rc<Vec<Node>>, file: &Rc<Loaded>) {
        let surely = match self.reach() {
            Reach::Always => true,
            Reach::Perhaps => false,
            _ => return,
        };
        let function = Function { body: Rc::clone(body), file: Rc::clone(file), surely };
        let all = self.functions.entry(name.to_owned()).or_default();
        // Each of those that wait for an event is called.
        if surely && name != fish::EVENT {
            all.clear();
        }
        if !all.iter().any(|other| Rc::ptr_eq(&other.body, body)) {
            all.push(function);
        }
    }

    pub(super) fn looped(
        &mut self,
        condition: &[Node],
        variable: Option<&str>,
        words: Option<&[Word]>,
        body: &[Node],
        file: &Rc<Loaded>,
    ) -> Truth {
        for word in words.unwrap_or_default() {
            self.default_assignments(word, file, false);
        }
        if variable.is_some_and(|name| self.variables.manner(name).0 || self.numbers.contains(name)) {
            self.perhaps_ends(End::Exit);
        }
        if let (Some(name), Some(words)) = (variable, words)
            && !jumps(body)
            && let Some((items, surely)) = self.items(words, file)
            && items.len() <= ITEMS
        {
            let condition = if surely { Truth::known(true) } else { Truth::UNKNOWN };
            for item in items {
                self.under(condition, |walk| {
                    let reach = walk.effect();
                    let value = Secret::new(&*item);
                    walk.variables.change(name, reach, |variable| {
                        variable.value = Value::Text(value);
                        variable.place = Some((Rc::clone(file), 0));
                    });
                    walk.block(body, file)
                });
            }
            return Truth::UNKNOWN;
        }
        let once = |walk: &mut Self| {
            if let Some(name) = variable {
                walk.unsure(file, name, 0, Why::Computed);
            }
            walk.under(Truth::UNKNOWN, |walk| {
                walk.list(condition, file);
                walk.block(body, file)
            });
        };
        // What one round sets the next one finds.
        self.in_loop += 1;
        if self.in_loop == 1 {
            let (alive, terminals_only) = (self.alive, self.terminals_only);
            self.silent += 1;
            for round in 0.. {
                let known = self.variables.known();
                once(self);
                (self.alive, self.terminals_only) = (alive, terminals_only);
                if self.variables.known() == known {
                    break;
                }
                if round > ROUNDS {
                    self.gave_up = true;
                    break;
                }
            }
            self.silent -= 1;
        }
        once(self);
        self.in_loop -= 1;
        Truth::UNKNOWN
    }

    /// Calls a function of this name, if there is one.
    pub fn call_named(&mut self, name: &str, arguments: Vec<Option<Text>>) -> Option<Truth> {
        let functions = self.functions.get(name).filter(|all| !all.is_empty())?.clone();
        if self.silent == 0 || self.is_reached() {
            self.called.insert(name.to_owned());
        }
        if let [one] = functions.as_slice()
            && one.surely
        {
            return Some(self.call(&one.body, &one.file, arguments));
        }
        for function in functions {
            self.under(Truth::UNKNOWN, |walk| walk.call(&function.body, &function.file, arguments.clone()));
        }
        Some(Truth::UNKNOWN)
    }

    pub(super) fn call(&mut self, body: &Rc<Vec<Node>>, file: &Rc<Loaded>, arguments: Vec<Option<Text>>) -> Truth {
        if self.uncalled {
            return Truth::UNKNOWN;
        }
        if self.calls >= CALLS {
            self.gave_up |= self.is_reached();
            return Truth::UNKNOWN;
        }
        let (alive, terminals_only) = (self.alive, self.terminals_only);
        self.calls += 1;
        self.in_function += 1;
        self.variables.enter(true);
        self.arguments.push(arguments);
        self.list(body, file);
        self.arguments.pop();
        self.variables.leave();
        self.in_function -= 1;
        self.calls -= 1;
        self.after_return(alive, terminals_only);
        Truth::UNKNOWN
    }

    /// A `return` ends the function or the file, and what called it goes on as it was before.
    pub(super) fn after_return(&mut self, alive: Alive, terminals_only: Option<(End, usize)>) {
        if matches!(self.alive, Alive::No(End::Return, _) | Alive::Perhaps(End::Return)) {
            self.alive = match alive {
                Alive::Yes | Alive::Perhaps(_) if self.may_have_ended => Alive::Perhaps(End::Exit),
                other => other,
            };
        }
        if matches!(self.terminals_only, Some((End::Return, _))) {
            self.terminals_only = terminals_only;
        }
    }

    /// Goes through a file. False: there is none.
    pub fn read_file(&mut self, path: &str, shell: Shell, place: (&Rc<Loaded>, usize)) -> bool {
        if self.uncalled {
            return true;
        }
        if self.calls >= CALLS {
            self.gave_up |= self.is_reached();
            return true;
        }
        let Some(loaded) = self.load(path, Format::Shell(shell)) else {
            let closed = self.is_closed(path);
            if closed {
                self.forget(Some(place), Why::NotRead);
            }
            return closed;
        };
        if self.is_reached() {
            self.walked.insert(path.to_owned());
            self.read.insert(path.to_owned());
        }
        if let Some(names) = programs::file_sets(path).filter(|_| !may_name(loaded.text.reveal())) {
            for name in names {
                self.unsure(place.0, name, place.1, Why::Program);
            }
            return true;
        }
        let (alive, terminals_only) = (self.alive, self.terminals_only);
        self.calls += 1;
        self.script(&loaded);
        self.calls -= 1;
        self.after_return(alive, terminals_only);
        true
    }

    /// Goes through a text that stands in a word.
    pub fn read_text(&mut self, text: &str, file: &Rc<Loaded>, at: usize) -> Truth {
        if self.calls >= CALLS || text.len() > VALUE {
            self.gave_up |= self.is_reached();
            return Truth::UNKNOWN;
        }
        self.steps += text.len() / SIGNS_OF_A_STEP;
        self.calls += 1;
        self.script(&Loaded::standing_at(text, file, at));
        self.calls -= 1;
        Truth::UNKNOWN
    }

    /// Goes through the text of an alias, and what stands behind its name.
    pub fn read_alias(&mut self, text: &str, words: &[Word], file: &Rc<Loaded>) -> Truth {
        let loaded = Loaded::standing_at(text, file, words[0].at);
        let mut all: Option<Vec<Node>> = Some(Vec::new());
        for piece in pieces(&loaded.text, file.shell) {
            match (&mut all, piece) {
                (Some(all), Piece::Commands { nodes, dubious }) if !(dubious && file.shell == Shell::Sh) => {
                    all.extend(nodes);
                }
                _ => all = None,
            }
        }
        if let Some(mut nodes) = all
            && let Some(Node::Simple(last)) = nodes.last_mut()
        {
            last.extend(words[1..].iter().cloned());
            return self.list(&nodes, &loaded);
        }
        for word in &words[1..] {
            self.unfollowed(word, file);
        }
        self.read_text(text, file, words[0].at)
    }

    pub fn end(&mut self, end: End, at: usize, file: &Loaded) -> Truth {
        if !matches!(self.alive, Alive::No(..)) {
            self.alive = Alive::No(end, file.line(at));
        }
        Truth::UNKNOWN
    }

    /// It may end here, for reasons that are not told.
    pub fn perhaps_ends(&mut self, end: End) {
        if self.is_reached() && matches!(self.alive, Alive::Yes | Alive::Perhaps(End::Return)) {
            self.alive = Alive::Perhaps(end);
            self.may_have_ended |= end == End::Exit;
        }
    }
}

/// Whether something in a loop's body leaves it early.
pub(super) fn jumps(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Simple(words) => {
            words.first().and_then(Word::bare).is_some_and(|name| matches!(name, "break" | "continue"))
        }
        Node::If { arms, otherwise } => {
            arms.iter().any(|(condition, body)| jumps(condition) || jumps(body)) || jumps(otherwise)
        }
        Node::Case { arms, .. } => arms.iter().any(|(_, body)| jumps(body)),
        Node::Loop { condition, body, .. } => jumps(condition) || jumps(body),
        Node::Group(nodes) => jumps(nodes),
        Node::Chain { first, rest } => {
            jumps(std::slice::from_ref(first)) || rest.iter().any(|(_, node)| jumps(std::slice::from_ref(node)))
        }
        Node::Not(inner) => jumps(std::slice::from_ref(inner)),
        _ => false,
    })
}

pub(super) fn pieces(text: &Rc<Secret>, shell: Shell) -> Box<dyn Iterator<Item = Piece> + '_> {
    match shell {
        Shell::Fish => Box::new(fish::pieces(text)),
        Shell::Zsh => Box::new(posix::pieces(text, posix::Dialect::Zsh)),
        Shell::Sh => Box::new(posix::pieces(text, posix::Dialect::Sh)),
        Shell::Bash | Shell::Other => Box::new(posix::pieces(text, posix::Dialect::Bash)),
    }
}
