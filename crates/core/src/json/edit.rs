//! Edits of a JSON text that change the bytes of one member and no other: order, indentation, line ends, duplicate
//! names, comments of an editor's file and bytes that are no UTF-8 stay as they are.

use std::ops::Range;

use thiserror::Error;
use zeroize::Zeroizing;

use super::{Json, Kind, Member, Position, Value, offset};
use crate::reading::Encoding;
use crate::secret::Secret;

/// What is written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JSON as `JSON.parse` takes it.
    Strict,
    /// With comments and a comma before closing brackets, as editors take their settings.
    WithComments,
}

/// One change. A path names members from the outermost object inwards; of several of one name the last counts.
#[derive(Clone)]
pub enum Change {
    /// The member is this text, and is made where it is not there, with the objects that it lies in.
    Set {
        /// The member.
        path: Vec<String>,
        /// What it is to be.
        value: NewValue,
    },
    /// The member goes, with all others of its name in the same object.
    Remove {
        /// The member.
        path: Vec<String>,
    },
    /// The member, or the item of a list, that begins there goes. Of the value of a member the whole member.
    RemoveAt {
        /// Where it begins.
        at: Position,
        /// How far outwards: 0 is that itself, 1 the member or item that holds it.
        outwards: usize,
    },
    /// The member has another name, with all others of its name in the same object: the last of them counts as before.
    Rename {
        /// The member.
        path: Vec<String>,
        /// Its new name.
        to: String,
    },
    /// The member stands elsewhere, its value as it is written. All others of its name go from the old place.
    Move {
        /// The member.
        path: Vec<String>,
        /// Its new path, which nothing stands at yet. The objects that it lies in are made.
        to: Vec<String>,
    },
    /// Every text of a list that is this one goes.
    RemoveItem {
        /// The list.
        path: Vec<String>,
        /// The text.
        item: String,
    },
    /// A text is in a list, and comes to its end where it is not. The list is made where it is not there.
    AddItem {
        /// The list.
        path: Vec<String>,
        /// The text.
        item: String,
    },
    /// A text that only an editor would read becomes JSON: each comma before a closing bracket goes, and each comment
    /// if that is said.
    MakeStrict {
        /// Whether comments go too. Where one stands and they do not, the text stays as it is.
        comments: bool,
    },
}

/// What a member is to be.
#[derive(Clone, Debug)]
pub enum NewValue {
    /// A text, without its quotation marks.
    Text(Secret),
    /// A boolean.
    Boolean(bool),
}

impl NewValue {
    fn written(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Text(text) => written(text),
            Self::Boolean(is) => Zeroizing::new(is.to_string().into_bytes()),
        }
    }
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Set { path, .. } => write!(f, "Set({})", path.join(".")),
            Self::Remove { path } => write!(f, "Remove({})", path.join(".")),
            Self::RemoveAt { at, .. } => write!(f, "RemoveAt({}:{})", at.line, at.column),
            Self::Move { path, to } => write!(f, "Move({} to {})", path.join("."), to.join(".")),
            Self::MakeStrict { comments } => write!(f, "MakeStrict(comments: {comments})"),
            Self::Rename { path, to } => write!(f, "Rename({} to {to})", path.join(".")),
            // An item can be the end of a key.
            Self::RemoveItem { path, .. } => write!(f, "RemoveItem({})", path.join(".")),
            Self::AddItem { path, .. } => write!(f, "AddItem({})", path.join(".")),
        }
    }
}

/// Why a text is not edited. It is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// It is no JSON.
    #[error("the file cannot be read as JSON: {0}")]
    NotJson(#[from] super::SyntaxError),
    /// Something other than an object or a list stands where one is needed.
    #[error("{0} holds something else than was expected")]
    OtherKind(String),
    /// The member is not there (any more).
    #[error("{0} is not there")]
    NotThere(String),
    /// The new name is taken.
    #[error("{0} is there already")]
    Taken(String),
    /// The text is cut off in the middle of a character, or holds one that no character stands for.
    #[error("the file's text ({0}) has a character that cannot be kept as it is")]
    Characters(&'static str),
}

/// The bytes of a file with these changes made, one after the other. The encoding and its mark stay.
///
/// # Errors
/// [`EditError`]
pub fn edit(file: &[u8], dialect: Dialect, changes: &[Change]) -> Result<Zeroizing<Vec<u8>>, EditError> {
    let encoding = Encoding::of(file);
    let mut text = plain_utf8(file)?;
    if text.iter().all(u8::is_ascii_whitespace) && changes.iter().any(makes) {
        text = Zeroizing::new([b"{}", line_end(&text)].concat());
    }
    for change in changes {
        text = one(text, dialect, change)?;
    }
    Ok(match encoding {
        Encoding::Utf8 => text,
        Encoding::Utf8Bom => Zeroizing::new([b"\xef\xbb\xbf", text.as_slice()].concat()),
        Encoding::Utf16Le => to_utf16(&text, [0xff, 0xfe], u16::to_le_bytes),
        Encoding::Utf16Be => to_utf16(&text, [0xfe, 0xff], u16::to_be_bytes),
    })
}

/// The text as UTF-8 without a mark, whatever it was stored as.
///
/// # Errors
/// [`EditError::Characters`]
pub fn plain_utf8(file: &[u8]) -> Result<Zeroizing<Vec<u8>>, EditError> {
    let encoding = Encoding::of(file);
    match encoding {
        Encoding::Utf8 => Ok(Zeroizing::new(file.to_vec())),
        Encoding::Utf8Bom => Ok(Zeroizing::new(file[3..].to_vec())),
        Encoding::Utf16Le => from_utf16(&file[2..], u16::from_le_bytes, encoding),
        Encoding::Utf16Be => from_utf16(&file[2..], u16::from_be_bytes, encoding),
    }
}

fn makes(change: &Change) -> bool {
    matches!(change, Change::Set { .. } | Change::AddItem { .. })
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, encoding: Encoding) -> Result<Zeroizing<Vec<u8>>, EditError> {
    let refused = || EditError::Characters(encoding.word());
    if !bytes.len().is_multiple_of(2) {
        return Err(refused());
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map(|text| Zeroizing::new(text.into_bytes())).map_err(|_| refused())
}

fn to_utf16(text: &[u8], mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Zeroizing<Vec<u8>> {
    let text = String::from_utf8_lossy(text);
    Zeroizing::new(mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect())
}

fn parse(text: &[u8], dialect: Dialect) -> Result<Json, EditError> {
    Ok(match dialect {
        Dialect::Strict => Json::parse(text),
        Dialect::WithComments => Json::parse_lenient(text),
    }?)
}

/// A piece of the text, and what comes in its place.
type Splice = (Range<usize>, Zeroizing<Vec<u8>>);

fn one(text: Zeroizing<Vec<u8>>, dialect: Dialect, change: &Change) -> Result<Zeroizing<Vec<u8>>, EditError> {
    match change {
        Change::MakeStrict { comments } => {
            let lenient = parse(&text, Dialect::WithComments)?;
            let strict = replaced(&text, slips(&lenient, *comments));
            parse(&strict, Dialect::Strict)?;
            Ok(strict)
        }
        Change::Move { path, to } => {
            let json = parse(&text, dialect)?;
            let value = value_at(&json, path)?.ok_or_else(|| EditError::NotThere(path.join(".")))?;
            if value_at(&json, to)?.is_some() || to.starts_with(path) {
                return Err(EditError::Taken(to.join(".")));
            }
            let moved = replaced(&text, make(&json, dialect, to, value.bytes())?);
            one(moved, dialect, &Change::Remove { path: path.clone() })
        }
        _ => {
            let json = parse(&text, dialect)?;
            let splices = splices(&json, dialect, change)?;
            if splices.is_empty() && !makes(change) {
                return Err(EditError::NotThere(path_of(change).join(".")));
            }
            Ok(replaced(&text, splices))
        }
    }
}

/// The text with pieces replaced, which are in its order and do not overlap.
fn replaced(text: &[u8], splices: Vec<Splice>) -> Zeroizing<Vec<u8>> {
    let length = text.len() + splices.iter().map(|(_, new)| new.len()).sum::<usize>();
    let mut whole = Zeroizing::new(Vec::with_capacity(length));
    let mut from = 0;
    for (range, new) in splices {
        whole.extend_from_slice(&text[from..range.start]);
        whole.extend_from_slice(&new);
        from = range.end;
    }
    whole.extend_from_slice(&text[from..]);
    whole
}

fn path_of(change: &Change) -> &[String] {
    match change {
        Change::Set { path, .. }
        | Change::Remove { path }
        | Change::Rename { path, .. }
        | Change::Move { path, .. }
        | Change::RemoveItem { path, .. }
        | Change::AddItem { path, .. } => path,
        Change::RemoveAt { .. } | Change::MakeStrict { .. } => &[],
    }
}

/// What has to be replaced, in the order of the text. None: nothing.
fn splices(json: &Json, dialect: Dialect, change: &Change) -> Result<Vec<Splice>, EditError> {
    let path = path_of(change);
    match change {
        Change::RemoveAt { at, outwards } => {
            let child = offset(json.bytes(), *at).and_then(|byte| child_at(json, byte, *outwards));
            Ok(child.map(|(container, index)| without(json, dialect, container, &[index])).unwrap_or_default())
        }
        Change::Remove { .. } => {
            let Some((name, object)) = object_above(json, path)? else { return Ok(Vec::new()) };
            let is_meant = |(_, member): &(usize, Member<'_>)| member.name() == name.as_str();
            let going: Vec<usize> = object.members().enumerate().filter(is_meant).map(|(index, _)| index).collect();
            Ok(without(json, dialect, object, &going))
        }
        Change::Rename { to, .. } => {
            let Some((name, object)) = object_above(json, path)? else { return Ok(Vec::new()) };
            if object.member(to).is_some() {
                return Err(EditError::Taken(to.clone()));
            }
            let meant = object.members().filter(|member| member.name() == name.as_str());
            Ok(meant.map(|member| (member.key.span(), quoted(to))).collect())
        }
        Change::RemoveItem { item, .. } => {
            let Some(list) = list_at(json, path)? else { return Ok(Vec::new()) };
            let is_meant = |(_, one): &(usize, Value<'_>)| one.as_str().is_some_and(|text| text == item.as_str());
            let going: Vec<usize> = list.items().enumerate().filter(is_meant).map(|(index, _)| index).collect();
            Ok(without(json, dialect, list, &going))
        }
        Change::Set { value, .. } => make(json, dialect, path, &value.written()),
        Change::AddItem { item, .. } => match list_at(json, path)? {
            Some(list) if list.items().any(|one| one.as_str().is_some_and(|text| text == item.as_str())) => {
                Ok(Vec::new())
            }
            Some(list) => Ok(with_child(json, dialect, list, |_| quoted(item))),
            None => make(json, dialect, path, &[b"[", quoted(item).as_slice(), b"]"].concat()),
        },
        Change::Move { .. } | Change::MakeStrict { .. } => Ok(Vec::new()),
    }
}

/// The name at the end of a path, and the object that it is looked for in. `None`: that is not there.
fn object_above<'a, 'p>(json: &'a Json, path: &'p [String]) -> Result<Option<(&'p String, Value<'a>)>, EditError> {
    let (name, parents) = path.split_last().ok_or_else(|| EditError::NotThere(String::new()))?;
    Ok(object_at(json, parents)?.map(|object| (name, object)))
}

fn value_at<'a>(json: &'a Json, path: &[String]) -> Result<Option<Value<'a>>, EditError> {
    Ok(object_above(json, path)?.and_then(|(name, object)| object.get(name)))
}

/// The child that begins at a byte, name or value, or one that holds it, and what that lies in.
fn child_at(json: &Json, byte: usize, outwards: usize) -> Option<(Value<'_>, usize)> {
    let mut way: Vec<(Value<'_>, usize)> = Vec::new();
    let mut container = json.root();
    loop {
        let spans = children(container);
        let index = spans.partition_point(|span| span.end <= byte);
        let span = spans.get(index).filter(|span| span.contains(&byte))?;
        let value = match container.members().nth(index) {
            Some(member) => member.value,
            None => container.items().nth(index)?,
        };
        way.push((container, index));
        if span.start == byte || value.span().start == byte {
            return way.len().checked_sub(outwards + 1).map(|at| way[at]);
        }
        container = value;
    }
}

/// What an editor passes over and `JSON.parse` does not.
fn slips(json: &Json, comments: bool) -> Vec<Splice> {
    let text = json.bytes();
    let mut commas = Vec::new();
    let mut waiting = vec![json.root()];
    while let Some(value) = waiting.pop() {
        let last = children(value).last().map(|span| span.end);
        let comma = last.and_then(|last| comma_in(text, last..value.span().end - 1, Dialect::WithComments));
        commas.extend(comma.map(|comma| comma..comma + 1));
        waiting.extend(value.members().map(|member| member.value).chain(value.items()));
    }
    let mut going = commas;
    if comments {
        going.extend(comments_of(json));
    }
    going.sort_by_key(|range| range.start);
    going.into_iter().map(|range| (range, Zeroizing::default())).collect()
}

/// Where comments stand: whatever begins with a slash outside of a text.
fn comments_of(json: &Json) -> Vec<Range<usize>> {
    let text = json.bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'"', b'/', &text[at..]) {
        let start = at + next;
        at = match text[start] {
            b'/' => {
                let end = comment_end(text, start).unwrap_or(start + 1);
                found.push(start..end);
                end
            }
            _ => text_end(text, start),
        };
    }
    found
}

/// Behind the closing quotation mark of a text that begins there.
fn text_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(next) = memchr::memchr2(b'"', b'\\', &text[at..]) {
        at += next + 1;
        if text[at - 1] == b'"' {
            return at;
        }
        at = (at + 1).min(text.len());
    }
    text.len()
}

/// Behind a comment that begins there; its line's end is no part of it.
fn comment_end(text: &[u8], start: usize) -> Option<usize> {
    let rest = &text[start..];
    let length = match rest {
        [b'/', b'/', ..] => memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()),
        [b'/', b'*', inside @ ..] => memchr::memmem::find(inside, b"*/").map_or(rest.len(), |end| end + 4),
        _ => return None,
    };
    Some(start + length)
}

/// The object at the end of a path. `None`: it is not there.
fn object_at<'a>(json: &'a Json, path: &[String]) -> Result<Option<Value<'a>>, EditError> {
    let mut at = json.root();
    for (depth, name) in path.iter().enumerate() {
        must_be(at, Kind::Object, &path[..depth])?;
        let Some(member) = at.member(name) else { return Ok(None) };
        at = member.value;
    }
    must_be(at, Kind::Object, path)?;
    Ok(Some(at))
}

fn list_at<'a>(json: &'a Json, path: &[String]) -> Result<Option<Value<'a>>, EditError> {
    let Some((name, parents)) = path.split_last() else { return Ok(None) };
    let Some(member) = object_at(json, parents)?.and_then(|object| object.member(name)) else { return Ok(None) };
    must_be(member.value, Kind::Array, path)?;
    Ok(Some(member.value))
}

fn must_be(value: Value<'_>, kind: Kind, path: &[String]) -> Result<(), EditError> {
    if value.kind() == kind { Ok(()) } else { Err(EditError::OtherKind(path.join("."))) }
}

/// Replaces a member's value, or makes the member and every object above it that is not there.
fn make(json: &Json, dialect: Dialect, path: &[String], value: &[u8]) -> Result<Vec<Splice>, EditError> {
    let mut at = json.root();
    for (depth, name) in path.iter().enumerate() {
        must_be(at, Kind::Object, &path[..depth])?;
        match at.member(name) {
            Some(member) if depth + 1 == path.len() => {
                return Ok(vec![(member.value.span(), Zeroizing::new(value.to_vec()))]);
            }
            Some(member) => at = member.value,
            None => {
                let rest = &path[depth..];
                return Ok(with_child(json, dialect, at, |layout| layout.nested(rest, value)));
            }
        }
    }
    Err(EditError::NotThere(path.join(".")))
}

/// How children of a container are laid out.
struct Layout {
    /// What a line ends with and what its children are indented by; nothing where all stands on one line.
    line: Option<(Vec<u8>, Vec<u8>)>,
    /// What one step inwards is.
    step: Vec<u8>,
    /// What stands between a name and its value.
    colon: Vec<u8>,
}

impl Layout {
    /// `"a": { "b": value }`, each on a line of its own where the others are.
    fn nested(&self, path: &[String], value: &[u8]) -> Zeroizing<Vec<u8>> {
        let (line_end, mut indent) = self.line.clone().unwrap_or_default();
        let mut text = Zeroizing::new(Vec::new());
        for (depth, name) in path.iter().enumerate() {
            if depth > 0 {
                text.push(b'{');
                if self.line.is_some() {
                    indent.extend(&self.step);
                    text.extend(line_end.iter().chain(&indent));
                }
            }
            text.extend(quoted(name).iter().chain(&self.colon));
        }
        text.extend(value);
        for _ in 1..path.len() {
            if self.line.is_some() {
                indent.truncate(indent.len().saturating_sub(self.step.len()));
                text.extend(line_end.iter().chain(&indent));
            }
            text.push(b'}');
        }
        text
    }
}

/// The spans of what a container holds, names included.
fn children(container: Value<'_>) -> Vec<Range<usize>> {
    if container.kind() == Kind::Object {
        container.members().map(|member| member.span()).collect()
    } else {
        container.items().map(|item| item.span()).collect()
    }
}

/// One more child behind the last.
fn with_child(
    json: &Json,
    dialect: Dialect,
    container: Value<'_>,
    child: impl FnOnce(&Layout) -> Zeroizing<Vec<u8>>,
) -> Vec<Splice> {
    let (text, spans) = (json.bytes(), children(container));
    let layout = layout(json, container, &spans);
    let child = child(&layout);
    let before = match &layout.line {
        Some((line_end, indent)) => [line_end.as_slice(), indent].concat(),
        None if spans.is_empty() => Vec::new(),
        None => b" ".repeat(usize::from(layout.colon.ends_with(b" "))),
    };
    let Some(last) = spans.last() else {
        // Nothing stands there yet but white space, or a comment, which stays.
        let (open, close) = (container.span().start + 1, container.span().end - 1);
        let is_white = text[open..close].iter().all(u8::is_ascii_whitespace);
        let close_line = match &layout.line {
            Some((line_end, indent)) => {
                [line_end.as_slice(), &indent[..indent.len().saturating_sub(layout.step.len())]].concat()
            }
            None => Vec::new(),
        };
        let range = if is_white { open..close } else { close..close };
        return vec![(range, Zeroizing::new([before.as_slice(), &child, &close_line].concat()))];
    };
    let close = container.span().end - 1;
    let comma = comma_in(text, last.end..close, dialect);
    let end = comma.map_or(last.end, |comma| comma + 1);
    // What is said of the last child on its line stays with it.
    let at = if layout.line.is_some() { behind_comments(text, end..close, dialect) } else { end };
    let child = Zeroizing::new([before.as_slice(), &child].concat());
    match comma {
        Some(_) => vec![(at..at, child)],
        None if at == end => vec![(at..at, Zeroizing::new([b",", child.as_slice()].concat()))],
        None => vec![(end..end, Zeroizing::new(b",".to_vec())), (at..at, child)],
    }
}

/// Behind the comments that follow on the same line.
fn behind_comments(text: &[u8], range: Range<usize>, dialect: Dialect) -> usize {
    let (mut at, mut behind) = (range.start, range.start);
    while dialect == Dialect::WithComments && at < range.end {
        match text[at] {
            b' ' | b'\t' => at += 1,
            b'/' => {
                at = comment_end(text, at).unwrap_or(range.end).min(range.end);
                behind = at;
            }
            _ => break,
        }
    }
    behind
}

fn layout(json: &Json, container: Value<'_>, spans: &[Range<usize>]) -> Layout {
    let text = json.bytes();
    let line_end = line_end(text).to_vec();
    let step = step(json);
    let model = container.members().last().or_else(|| json.root().members().next());
    let colon = model.map_or_else(|| b": ".to_vec(), |member| colon(text, &member));
    let line = match spans.last() {
        Some(last) => {
            stands_alone(text, container.span().start, last.start).then(|| (line_end, indent_of_line(text, last.start)))
        }
        // A text on one line stays on one line; a new one is laid out.
        None if text.contains(&b'\n') || is_whole(text, container) => {
            let own = indent_of_line(text, container.span().start);
            Some((line_end, [own.as_slice(), &step].concat()))
        }
        None => None,
    };
    Layout { line, step, colon }
}

/// Whether nothing stands around the container.
fn is_whole(text: &[u8], container: Value<'_>) -> bool {
    let span = container.span();
    let white = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_whitespace);
    white(&text[..span.start]) && white(&text[span.end..])
}

/// Whether a line begins between the container's start and its child.
fn stands_alone(text: &[u8], container: usize, child: usize) -> bool {
    let line = memchr::memrchr(b'\n', &text[..child]).map_or(0, |at| at + 1);
    line > container && text[line..child].iter().all(u8::is_ascii_whitespace)
}

/// The white space at the start of the line.
fn indent_of_line(text: &[u8], at: usize) -> Vec<u8> {
    let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |at| at + 1);
    text[line..].iter().copied().take_while(|byte| matches!(byte, b' ' | b'\t')).collect()
}

/// What the members of the outermost object are indented by; two spaces where they stand on its line.
fn step(json: &Json) -> Vec<u8> {
    let (text, root) = (json.bytes(), json.root());
    let first = children(root).first().map(|span| span.start);
    let first = first.filter(|first| stands_alone(text, root.span().start, *first));
    let indent = first.map(|first| indent_of_line(text, first)).unwrap_or_default();
    let own = indent_of_line(text, root.span().start);
    let step = indent.strip_prefix(own.as_slice()).unwrap_or_default();
    if step.is_empty() { b"  ".to_vec() } else { step.to_vec() }
}

fn line_end(text: &[u8]) -> &'static [u8] {
    match memchr::memchr(b'\n', text) {
        Some(at) if at > 0 && text[at - 1] == b'\r' => b"\r\n",
        _ => b"\n",
    }
}

fn colon(text: &[u8], member: &Member<'_>) -> Vec<u8> {
    let between = &text[member.key.span().end..member.value.span().start];
    if between.iter().all(|byte| matches!(byte, b' ' | b'\t' | b':')) { between.to_vec() } else { b": ".to_vec() }
}

/// A comma between two children, comments passed over.
fn comma_in(text: &[u8], range: Range<usize>, dialect: Dialect) -> Option<usize> {
    let mut at = range.start;
    while at < range.end {
        match text[at] {
            b',' => return Some(at),
            b'/' if dialect == Dialect::WithComments => at = comment_end(text, at).unwrap_or(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// What has to go with some children, which are named in their order: for each one comma, and the white space that its
/// line leaves. A comment stays.
fn without(json: &Json, dialect: Dialect, container: Value<'_>, going: &[usize]) -> Vec<Splice> {
    let (text, spans) = (json.bytes(), children(container));
    let is_white = |range: Range<usize>| text[range].iter().all(u8::is_ascii_whitespace);
    let (open, close) = (container.span().start + 1, container.span().end - 1);
    let comma_behind = |index: usize| {
        let until = spans.get(index + 1).map_or(close, |next| next.start);
        comma_in(text, spans[index].end..until, dialect)
    };
    // Behind these nothing stays: of them the comma before goes, since the one behind is another's or none.
    let mut tail = spans.len();
    let mut rest = going.iter().rev();
    while rest.next().is_some_and(|index| index + 1 == tail) {
        tail -= 1;
    }
    let mut cut: Vec<Range<usize>> = Vec::new();
    for index in going.iter().copied() {
        let own = spans[index].clone();
        if index < tail {
            let next = spans.get(index + 1).map_or(close, |next| next.start);
            match comma_behind(index) {
                Some(comma) if is_white(own.end..comma) && is_white(comma + 1..next) => cut.push(own.start..next),
                Some(comma) if is_white(own.end..comma) => cut.push(own.start..comma + 1),
                Some(comma) => cut.extend([own, comma..comma + 1]),
                None => cut.push(own),
            }
        } else if index > 0 {
            match comma_behind(index - 1) {
                Some(comma) if is_white(comma + 1..own.start) => cut.push(comma..own.end),
                Some(comma) => cut.extend([comma..comma + 1, own]),
                None => cut.push(own),
            }
        } else {
            cut.push(own);
        }
    }
    if tail == 0 {
        // Nothing stays: not even a comma behind the last, which an editor takes.
        let last = spans.len().checked_sub(1).and_then(comma_behind);
        cut.extend(last.map(|comma| comma..comma + 1));
        let mut from = open;
        let mut nothing_else = true;
        for range in &cut {
            nothing_else &= is_white(from..range.start);
            from = range.end;
        }
        if nothing_else && is_white(from..close) {
            cut = std::iter::once(open..close).filter(|_| !spans.is_empty()).collect();
        }
    }
    cut.into_iter().map(|range| (range, Zeroizing::default())).collect()
}

/// The door to a file of the person's own: what is set there on their word.
#[expect(clippy::disallowed_methods, reason = "a fix writes it where it belongs")]
fn written(text: &Secret) -> Zeroizing<Vec<u8>> {
    quoted(text.reveal())
}

/// A text as JSON has it.
pub fn quoted(text: &str) -> Zeroizing<Vec<u8>> {
    let mut written = Zeroizing::new(Vec::with_capacity(text.len() + 2));
    written.push(b'"');
    for letter in text.chars() {
        match letter {
            '"' => written.extend(b"\\\""),
            '\\' => written.extend(b"\\\\"),
            '\n' => written.extend(b"\\n"),
            '\r' => written.extend(b"\\r"),
            '\t' => written.extend(b"\\t"),
            letter if u32::from(letter) < 0x20 => written.extend(format!("\\u{:04x}", u32::from(letter)).bytes()),
            letter => written.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    written.push(b'"');
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn set(names: &[&str], text: &str) -> Change {
        Change::Set { path: path(names), value: NewValue::Text(Secret::new(text)) }
    }

    fn remove(names: &[&str]) -> Change {
        Change::Remove { path: path(names) }
    }

    fn edited(text: &str, change: Change) -> String {
        String::from_utf8(edit(text.as_bytes(), Dialect::Strict, &[change]).unwrap().to_vec()).unwrap()
    }

    #[test]
    fn a_member_goes_with_one_comma_and_its_line() {
        for (before, after) in [
            ("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n", "{\n  \"a\": 1,\n  \"c\": 3\n}\n"),
            ("{\n  \"a\": 1,\n  \"b\": 2\n}", "{\n  \"a\": 1\n}"),
            ("{\n  \"b\": 2\n}", "{}"),
            ("{ \"b\":2 , \"a\":1 }", "{ \"a\":1 }"),
            ("{\"b\":2,\"a\":1,\"b\":[3,{}]}", "{\"a\":1}"),
            ("{\r\n\t\"b\": 2,\r\n\t\"z\": 0\r\n}", "{\r\n\t\"z\": 0\r\n}"),
        ] {
            assert_eq!(edited(before, remove(&["b"])), after, "{before}");
        }
    }

    #[test]
    fn a_new_member_is_laid_out_as_its_neighbours_are() {
        for (before, after) in [
            ("{\n    \"a\": 1\n}\n", "{\n    \"a\": 1,\n    \"env\": {\n        \"K\": \"v\"\n    }\n}\n"),
            ("{}", "{\n  \"env\": {\n    \"K\": \"v\"\n  }\n}"),
            ("{\"a\":1}", "{\"a\":1,\"env\":{\"K\":\"v\"}}"),
            ("{ \"a\": 1 }", "{ \"a\": 1, \"env\": {\"K\": \"v\"} }"),
            ("{\r\n\t\"env\": {}\r\n}", "{\r\n\t\"env\": {\r\n\t\t\"K\": \"v\"\r\n\t}\r\n}"),
            ("", "{\n  \"env\": {\n    \"K\": \"v\"\n  }\n}\n"),
        ] {
            assert_eq!(edited(before, set(&["env", "K"], "v")), after, "{before}");
        }
    }

    #[test]
    fn of_several_of_one_name_the_last_is_set_and_the_others_stay() {
        let before = "{\"env\": {\"K\": 1, \"K\": 2}}";
        assert_eq!(edited(before, set(&["env", "K"], "a\"\n")), "{\"env\": {\"K\": 1, \"K\": \"a\\\"\\n\"}}");
    }

    #[test]
    fn comments_of_an_editor_stay() {
        let before = b"{\n  // one\n  \"a\": 1, // of a\n  /* two */ \"b\": 2, // of b\n}\n";
        let after = edit(before, Dialect::WithComments, &[remove(&["b"])]).unwrap();
        let after = String::from_utf8(after.to_vec()).unwrap();
        for comment in ["// one", "// of a", "/* two */", "// of b"] {
            assert!(after.contains(comment), "{after}");
        }
        assert!(Json::parse_lenient(after.as_bytes()).unwrap().root().get("b").is_none(), "{after}");
        let more = edit(before, Dialect::WithComments, &[set(&["c"], "x")]).unwrap();
        assert!(Json::parse_lenient(more.to_vec()).unwrap().root().get("c").is_some());
    }

    #[test]
    fn the_encoding_and_its_mark_stay() {
        let text = "{\"ä\": 1, \"b\": \"😀\"}";
        let le: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let wanted = "{\"b\": \"😀\"}";
        let after_le: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(wanted.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(*edit(&le, Dialect::Strict, &[remove(&["ä"])]).unwrap(), after_le);
        assert_eq!(
            *edit(&marked, Dialect::Strict, &[remove(&["ä"])]).unwrap(),
            [b"\xef\xbb\xbf", wanted.as_bytes()].concat()
        );
        assert!(matches!(edit(&le[..le.len() - 1], Dialect::Strict, &[remove(&["ä"])]), Err(EditError::Characters(_))));
    }

    #[test]
    fn lists_lose_and_gain_texts() {
        let before = "{\"r\": [\"x\", \"y\", \"x\"]}";
        let item = |name: &str| Change::RemoveItem { path: path(&["r"]), item: name.to_owned() };
        assert_eq!(edited(before, item("x")), "{\"r\": [\"y\"]}");
        let add = |name: &str| Change::AddItem { path: path(&["r"]), item: name.to_owned() };
        assert_eq!(edited(before, add("y")), before);
        assert_eq!(edited("{\"r\": [\"x\"]}", add("z")), "{\"r\": [\"x\", \"z\"]}");
    }

    #[test]
    fn what_cannot_be_edited_is_left_alone() {
        let refused = |text: &str, change| edit(text.as_bytes(), Dialect::Strict, &[change]).unwrap_err();
        assert!(matches!(refused("{\"a\":", remove(&["a"])), EditError::NotJson(_)));
        assert_eq!(refused("{\"env\": 1}", set(&["env", "K"], "v")), EditError::OtherKind("env".to_owned()));
        assert_eq!(refused("[]", set(&["a"], "v")), EditError::OtherKind(String::new()));
        assert_eq!(refused("{\"a\": 1}", remove(&["b"])), EditError::NotThere("b".to_owned()));
        let rename = Change::Rename { path: path(&["a"]), to: "b".to_owned() };
        assert_eq!(refused("{\"a\": 1, \"b\": 2}", rename.clone()), EditError::Taken("b".to_owned()));
        assert_eq!(edited("{ \"a\" : 1}", rename), "{ \"b\" : 1}");
    }
}
