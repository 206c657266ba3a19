//! Random documents and random edits: only the bytes of the edited member change.
//!
//! Each document is made as a tree and written down in some hand: compact, laid out, with tabs, CRLF, comments, commas
//! too many, names twice, escapes. What an edit should come to is worked out on the tree; what it does is read from the
//! bytes.

#![expect(clippy::unwrap_used, reason = "a test fails where something is missing, in its helpers too")]

use authlight_core::json::edit::{Change, Dialect, EditError, NewValue, edit, quoted};
use authlight_core::json::{Json, Kind, Value};
use authlight_core::secret::Secret;
use proptest::prelude::*;

#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// As it is written.
    Scalar(String),
    /// Names as they are written.
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
}

const NAMES: [&str; 7] = ["\"a\"", "\"b\"", "\"env\"", "\"ä\"", "\"\\u0061\"", "\"\"", "\"q\\\"/*,//\""];
const SCALARS: [&str; 9] =
    ["1", "-0.5e3", "null", "true", "\"\"", "\"x\"", "\"}],{[ // no comment, \\\\\"", "\"😀\\ud800\\n\"", "1e999"];

fn node() -> impl Strategy<Value = Node> {
    let scalar = (0..SCALARS.len()).prop_map(|index| Node::Scalar(SCALARS[index].to_owned()));
    let name = (0..NAMES.len()).prop_map(|index| NAMES[index].to_owned());
    scalar.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            3 => prop::collection::vec((name.clone(), inner.clone()), 0..5).prop_map(Node::Object),
            1 => prop::collection::vec(inner, 0..4).prop_map(Node::Array),
        ]
    })
}

fn document() -> impl Strategy<Value = Node> {
    let name = (0..NAMES.len()).prop_map(|index| NAMES[index].to_owned());
    prop::collection::vec((name, node()), 0..6).prop_map(Node::Object)
}

/// How a document is written down.
#[derive(Clone, Debug)]
struct Hand {
    /// Nothing between tokens, a blank, or lines.
    layout: usize,
    line_end: &'static str,
    step: &'static str,
    comments: bool,
    /// Where something is odd, and what.
    whims: Vec<u8>,
}

fn hand(comments: bool) -> impl Strategy<Value = Hand> {
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let steps = prop::sample::select(vec!["  ", "\t", "    "]);
    (0..3_usize, ends, steps, prop::collection::vec(any::<u8>(), 1..40))
        .prop_map(move |(layout, line_end, step, whims)| Hand { layout, line_end, step, comments, whims })
}

struct Writer<'h> {
    hand: &'h Hand,
    text: String,
    next: usize,
}

impl Writer<'_> {
    fn whim(&mut self) -> u8 {
        self.next += 1;
        self.hand.whims[(self.next * 7) % self.hand.whims.len()]
    }

    /// White space where any may stand, and comments where they may.
    fn gap(&mut self) {
        let end = self.hand.line_end;
        match (self.whim(), self.hand.comments) {
            (0..20, _) => self.text.push_str("  \t"),
            (20..30, _) => self.text.push_str(end),
            (30..45, true) => self.text.push_str("/* one, {\"two\": 2} */"),
            (45..60, true) => self.text.push_str(&format!(" // a \"remark\", it's so{end}")),
            _ => {}
        }
    }

    fn line(&mut self, depth: usize) {
        match self.hand.layout {
            0 => {}
            1 => self.text.push(' '),
            _ => {
                self.text.push_str(self.hand.line_end);
                self.text.push_str(&self.hand.step.repeat(depth));
            }
        }
    }

    fn node(&mut self, node: &Node, depth: usize) {
        let (open, close, count) = match node {
            Node::Scalar(text) => return self.text.push_str(text),
            Node::Object(members) => ('{', '}', members.len()),
            Node::Array(items) => ('[', ']', items.len()),
        };
        self.text.push(open);
        for index in 0..count {
            self.line(depth + 1);
            self.gap();
            let value = match node {
                Node::Object(members) => {
                    let (name, value) = &members[index];
                    self.text.push_str(name);
                    self.gap();
                    self.text.push_str(if self.hand.layout == 0 { ":" } else { ": " });
                    self.gap();
                    value
                }
                Node::Array(items) => &items[index],
                Node::Scalar(_) => unreachable!(),
            };
            self.node(value, depth + 1);
            self.gap();
            if index + 1 < count || self.hand.comments && self.whim() < 60 {
                self.text.push(',');
                self.gap();
            }
        }
        if count > 0 {
            self.line(depth);
        }
        self.gap();
        self.text.push(close);
    }
}

fn written(node: &Node, hand: &Hand) -> String {
    let mut writer = Writer { hand, text: String::new(), next: 0 };
    writer.gap();
    writer.node(node, 0);
    writer.gap();
    writer.text
}

fn dialect(hand: &Hand) -> Dialect {
    if hand.comments { Dialect::WithComments } else { Dialect::Strict }
}

fn parsed(text: &[u8], dialect: Dialect) -> Json {
    match dialect {
        Dialect::Strict => Json::parse(text).unwrap(),
        Dialect::WithComments => Json::parse_lenient(text).unwrap(),
    }
}

/// What stands in a text, with every name and scalar as it is written.
fn read(value: Value<'_>) -> Node {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    match value.kind() {
        Kind::Object => {
            let name = |bytes: &[u8]| text(&bytes[..bytes.len()]);
            Node::Object(value.members().map(|member| (name(member.name_bytes()), read(member.value))).collect())
        }
        Kind::Array => Node::Array(value.items().map(read).collect()),
        _ => Node::Scalar(text(value.bytes())),
    }
}

fn name_of(written: &str) -> String {
    Json::parse(written).unwrap().root().as_str().unwrap().into_owned()
}

/// The last member of that name.
fn last<'n>(members: &'n mut [(String, Node)], name: &str) -> Option<&'n mut Node> {
    members.iter_mut().rev().find(|(written, _)| name_of(written) == name).map(|(_, node)| node)
}

fn object<'n>(node: &'n mut Node, path: &[String]) -> Option<&'n mut Vec<(String, Node)>> {
    let Node::Object(members) = node else { return None };
    match path.split_first() {
        None => Some(members),
        Some((name, rest)) => object(last(members, name)?, rest),
    }
}

fn put(node: &mut Node, path: &[String], value: Node) -> Option<()> {
    let Node::Object(members) = node else { return None };
    let (name, rest) = path.split_first()?;
    if last(members, name).is_none() {
        let value = if rest.is_empty() { Node::Scalar("null".to_owned()) } else { Node::Object(Vec::new()) };
        members.push((String::from_utf8(quoted(name).to_vec()).unwrap(), value));
    }
    let place = last(members, name)?;
    if rest.is_empty() {
        *place = value;
        return Some(());
    }
    put(place, rest, value)
}

/// What an edit should come to. `None`: it should be refused.
fn expected(node: &Node, change: &Change) -> Option<Node> {
    let mut node = node.clone();
    let scalar = |text: &str| Node::Scalar(String::from_utf8(quoted(text).to_vec()).unwrap());
    match change {
        Change::Set { path, value: NewValue::Text(text) } => put(&mut node, path, scalar(text.plain()))?,
        Change::Set { path, value: NewValue::Boolean(is) } => put(&mut node, path, Node::Scalar(is.to_string()))?,
        Change::Remove { path } => {
            let (name, parents) = path.split_last()?;
            let members = object(&mut node, parents)?;
            let before = members.len();
            members.retain(|(written, _)| name_of(written) != *name);
            (members.len() < before).then_some(())?;
        }
        Change::Rename { path, to } => {
            let (name, parents) = path.split_last()?;
            let members = object(&mut node, parents)?;
            last(members, to).is_none().then_some(())?;
            last(members, name)?;
            for (written, _) in members.iter_mut().filter(|(written, _)| name_of(written) == *name) {
                *written = String::from_utf8(quoted(to).to_vec()).unwrap();
            }
        }
        Change::Move { path, to } => {
            let (name, parents) = path.split_last()?;
            let value = last(object(&mut node, parents)?, name)?.clone();
            let (new, above) = to.split_last()?;
            (object(&mut node.clone(), above).is_none_or(|members| last(members, new).is_none())
                && !to.starts_with(path))
            .then_some(())?;
            put(&mut node, to, value)?;
            object(&mut node, parents)?.retain(|(written, _)| name_of(written) != *name);
        }
        Change::RemoveItem { path, item } => {
            let (name, parents) = path.split_last()?;
            let Node::Array(items) = last(object(&mut node, parents)?, name)? else { return None };
            let before = items.len();
            let is =
                |node: &Node| matches!(node, Node::Scalar(text) if text.starts_with('"') && name_of(text) == *item);
            items.retain(|node| !is(node));
            (items.len() < before).then_some(())?;
        }
        Change::AddItem { path, item } => {
            let (name, parents) = path.split_last()?;
            let there = object(&mut node, parents).and_then(|members| last(members, name));
            match there {
                Some(Node::Array(items)) => {
                    let is = |node: &Node| matches!(node, Node::Scalar(text) if text.starts_with('"') && name_of(text) == *item);
                    if !items.iter().any(is) {
                        items.push(scalar(item));
                    }
                }
                Some(_) => return None,
                None => put(&mut node, path, Node::Array(vec![scalar(item)]))?,
            }
        }
        Change::RemoveAt { .. } | Change::MakeStrict { .. } => unreachable!("tried by themselves"),
    }
    Some(node)
}

fn path() -> impl Strategy<Value = Vec<String>> {
    let name = prop::sample::select(vec!["a", "b", "env", "ä", "", "q\"/*,//", "new"]).prop_map(str::to_owned);
    prop::collection::vec(name, 1..4)
}

fn change() -> impl Strategy<Value = Change> {
    let text = prop::sample::select(vec!["x", "", "a\"\\\n\u{1}é😀", "// no", "}"]).prop_map(str::to_owned);
    let name = prop::sample::select(vec!["a", "b", "new", "n\"ä"]).prop_map(str::to_owned);
    let value = prop_oneof![
        text.clone().prop_map(|text| NewValue::Text(Secret::new(text))),
        any::<bool>().prop_map(NewValue::Boolean)
    ];
    prop_oneof![
        (path(), value).prop_map(|(path, value)| Change::Set { path, value }),
        path().prop_map(|path| Change::Remove { path }),
        (path(), name).prop_map(|(path, to)| Change::Rename { path, to }),
        (path(), path()).prop_map(|(path, to)| Change::Move { path, to }),
        (path(), text.clone()).prop_map(|(path, item)| Change::RemoveItem { path, item }),
        (path(), text).prop_map(|(path, item)| Change::AddItem { path, item }),
    ]
}

/// What stands between names, values, brackets, colons and commas: comments, and white space if that is asked for.
fn comments(text: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(text).unwrap();
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['"', '/']) {
        rest = &rest[at..];
        let length = if rest.starts_with("//") {
            rest.find(['\n', '\r']).unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").unwrap() + 2
        } else {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.unwrap() + 2
        };
        if rest.starts_with('/') {
            found.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    found
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2], mark: [u8; 2]) -> Vec<u8> {
    mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
}

/// The bytes that no white space is.
fn ink(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).count()
}

fn is_subsequence(small: &[u8], large: &[u8]) -> bool {
    let mut rest = large.iter();
    small.iter().all(|byte| rest.any(|other| other == byte))
}

fn check(node: &Node, hand: &Hand, change: &Change) -> Result<(), TestCaseError> {
    let (text, dialect) = (written(node, hand), dialect(hand));
    let before = parsed(text.as_bytes(), dialect);
    prop_assert_eq!(&read(before.root()), node, "the test's own writing");
    let after = match (edit(text.as_bytes(), dialect, std::slice::from_ref(change)), expected(node, change)) {
        (Ok(after), Some(expected)) => {
            prop_assert_eq!(&read(parsed(&after, dialect).root()), &expected, "{:?}: {}", change, text);
            after
        }
        (Err(_), None) => return Ok(()),
        (Ok(after), None) => {
            return Err(TestCaseError::fail(format!("{change:?} was to be refused: {text} -> {:?}", after)));
        }
        (Err(error), Some(_)) => return Err(TestCaseError::fail(format!("{change:?} refused ({error}): {text}"))),
    };
    let (one, other) = (comments(text.as_bytes()), comments(&after));
    match change {
        // What goes takes the comments inside it along.
        Change::Remove { .. } | Change::RemoveItem { .. } => {
            prop_assert!(is_subsequence(&after, text.as_bytes()), "{change:?}: {text}");
            let mut rest = one.iter();
            prop_assert!(other.iter().all(|comment| rest.any(|before| before == comment)));
        }
        Change::Set { path, .. } | Change::AddItem { path, .. } => {
            let (name, parents) = path.split_last().unwrap();
            let mut at = Some(before.root());
            for name in parents {
                at = at.and_then(|value| value.get(name));
            }
            let there = at.and_then(|value| value.get(name));
            match (change, there) {
                (Change::Set { .. }, Some(value)) => {
                    let span = value.span();
                    prop_assert_eq!(&after[..span.start], &text.as_bytes()[..span.start]);
                    prop_assert!(after.ends_with(&text.as_bytes()[span.end..]));
                }
                // All that was there stays, but for white space in what was empty.
                _ => {
                    let bare = |bytes: &[u8]| -> Vec<u8> {
                        bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
                    };
                    prop_assert!(is_subsequence(&bare(text.as_bytes()), &bare(&after)), "{change:?}: {text}");
                    prop_assert_eq!(one, other, "{:?}: {}", change, text);
                }
            }
        }
        Change::Rename { .. } => prop_assert_eq!(one, other),
        _ => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_of_json_changes_one_member(node in document(), hand in hand(false), change in change()) {
        check(&node, &hand, &change)?;
    }

    #[test]
    fn an_edit_of_an_editors_settings_keeps_their_comments(node in document(), hand in hand(true), change in change()) {
        check(&node, &hand, &change)?;
    }

    /// By its place each member and item can be taken out, and what goes is that alone with one comma.
    #[test]
    fn what_begins_at_a_place_goes(node in document(), hand in hand(true), strict in any::<bool>(), pick in any::<prop::sample::Index>()) {
        let hand = Hand { comments: !strict, ..hand };
        let (text, dialect) = (written(&node, &hand), dialect(&hand));
        let json = parsed(text.as_bytes(), dialect);
        let (mut waiting, mut all) = (vec![json.root()], Vec::new());
        while let Some(value) = waiting.pop() {
            all.extend(value.members().flat_map(|member| {
                [(member.position(), member.span()), (member.value.position(), member.span())]
            }));
            all.extend(value.items().map(|item| (item.position(), item.span())));
            waiting.extend(value.members().map(|member| member.value).chain(value.items()));
        }
        let Some((at, span)) = all.get(pick.index(all.len().max(1))).cloned() else { return Ok(()) };
        let after = edit(text.as_bytes(), dialect, &[Change::RemoveAt { at, outwards: 0 }]).unwrap();
        parsed(&after, dialect);
        prop_assert!(is_subsequence(&after, text.as_bytes()));
        let lost = ink(text.as_bytes()) - ink(&after) - ink(text[span.clone()].as_bytes());
        // Behind the only one an editor takes a comma; and behind the last, where the one before goes.
        prop_assert!(lost <= 1, "{at:?} of {text}: {lost}");
        let outside = comments(text.as_bytes()).len() - comments(text[span].as_bytes()).len();
        prop_assert_eq!(comments(&after).len(), outside);
    }

    /// What only an editor reads becomes JSON, and says the same.
    #[test]
    fn an_editors_text_becomes_json(node in document(), hand in hand(true)) {
        let text = written(&node, &hand);
        let strict = edit(text.as_bytes(), Dialect::Strict, &[Change::MakeStrict { comments: true }]).unwrap();
        prop_assert_eq!(read(Json::parse(strict.as_slice()).unwrap().root()), node);
        prop_assert!(is_subsequence(&strict, text.as_bytes()));
        let kept = edit(text.as_bytes(), Dialect::Strict, &[Change::MakeStrict { comments: false }]);
        prop_assert_eq!(kept.is_ok(), comments(text.as_bytes()).is_empty());
    }

    /// Encodings with a mark come back as they were, and say after the edit what the plain one says.
    #[test]
    fn an_encoding_stays(node in document(), hand in hand(false), change in change()) {
        let text = written(&node, &hand);
        let plain = edit(text.as_bytes(), Dialect::Strict, std::slice::from_ref(&change));
        let marked = |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let little = |text: &str| utf16(text, u16::to_le_bytes, [0xff, 0xfe]);
        let big = |text: &str| utf16(text, u16::to_be_bytes, [0xfe, 0xff]);
        for store in [marked, little, big] as [fn(&str) -> Vec<u8>; 3] {
            let after = edit(&store(&text), Dialect::Strict, std::slice::from_ref(&change));
            match &plain {
                Ok(plain) => prop_assert_eq!(&*after.unwrap(), &store(std::str::from_utf8(plain).unwrap())),
                Err(error) => prop_assert_eq!(&after.unwrap_err(), error),
            }
        }
    }

    /// Whatever bytes a file holds, an edit changes it as it should or leaves it.
    #[test]
    fn any_bytes_are_edited_or_left(bytes in prop::collection::vec(any::<u8>(), 0..200), change in change()) {
        for dialect in [Dialect::Strict, Dialect::WithComments] {
            if let Ok(after) = edit(&bytes, dialect, std::slice::from_ref(&change)) {
                prop_assert!(edit(&after, dialect, &[]).is_ok());
            }
        }
    }
}

/// Bytes that are no UTF-8, inside a text, stay what they are.
#[test]
fn bytes_that_are_no_text_stay() {
    let before = b"{\"a\": \"\xff\xfe\", \"b\": 1}";
    let after = edit(before, Dialect::Strict, &[Change::Remove { path: vec!["b".to_owned()] }]).unwrap();
    assert_eq!(after.as_slice(), b"{\"a\": \"\xff\xfe\"}");
}

/// A name that stands a hundred thousand times goes in one pass over the file, and a deep file costs no stack.
#[test]
fn many_of_one_name_and_great_depth_are_edited() {
    let many = format!("{{{}\"z\": 1}}", "\"k\": \"v\",\n".repeat(100_000));
    let remove = |name: &str| Change::Remove { path: vec![name.to_owned()] };
    assert_eq!(edit(many.as_bytes(), Dialect::Strict, &[remove("k")]).unwrap().as_slice(), b"{\"z\": 1}");
    let deep = format!("{{\"d\": {}{}, \"k\": 1}}", "[".repeat(200_000), "]".repeat(200_000));
    let after = edit(deep.as_bytes(), Dialect::Strict, &[remove("k")]).unwrap();
    assert_eq!(after.len(), deep.len() - 8);
    let refused = edit(deep.as_bytes(), Dialect::Strict, &[remove("x")]).unwrap_err();
    assert_eq!(refused, EditError::NotThere("x".to_owned()));
}
