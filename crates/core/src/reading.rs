//! What came of looking at one place on the machine.

use std::fmt;

use crate::json::{Json, Pieces, Rule, SyntaxError};

/// The result of a look: absent, found, or there and unreadable. "Unreadable" is never taken for "absent".
#[derive(Clone, Debug, Default)]
pub enum Reading<T> {
    /// Nothing is there.
    #[default]
    Absent,
    /// It is there and was read.
    Found(T),
    /// It is there, or may be, and could not be read.
    Unreadable(Trouble),
}

impl<T> Reading<T> {
    /// What was found.
    pub fn found(&self) -> Option<&T> {
        match self {
            Self::Found(value) => Some(value),
            _ => None,
        }
    }

    /// Why it could not be read.
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Unreadable(trouble) => Some(*trouble),
            _ => None,
        }
    }

    /// Whether nothing is there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// With what was found turned into something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reading<U> {
        match self {
            Self::Absent => Reading::Absent,
            Self::Found(value) => Reading::Found(change(value)),
            Self::Unreadable(trouble) => Reading::Unreadable(trouble),
        }
    }
}

/// Why a place could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No permission.
    Denied,
    /// A folder stands where a file should.
    Folder,
    /// A pipe, a device or a socket.
    NotAFile,
    /// Larger than we, or Claude Code, would read.
    TooLarge,
    /// A symbolic link that leads nowhere.
    DanglingLink,
    /// Symbolic links in a circle.
    LinkLoop,
    /// It changed while it was read.
    Changing,
    /// Anything else that the system says.
    Failed,
}

impl Trouble {
    /// The stable word for reports and sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Folder => "folder",
            Self::NotAFile => "not-a-file",
            Self::TooLarge => "too-large",
            Self::DanglingLink => "dangling-link",
            Self::LinkLoop => "link-loop",
            Self::Changing => "changing",
            Self::Failed => "failed",
        }
    }
}

/// What the system says of a file, apart from its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Unix permission bits. None where the system has none.
    pub mode: Option<u32>,
    /// Unix owner.
    pub owner: Option<u32>,
    /// Size in bytes.
    pub size: u64,
    /// Last change, milliseconds since 1970.
    pub modified_ms: Option<i64>,
    /// Whether the path is a symbolic link.
    pub link: bool,
    /// Whether the examined person may write it. None where that cannot be told without trying.
    pub writable: Option<bool>,
}

/// How a text was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Bom,
    /// UTF-16, little end first, with a byte-order mark.
    Utf16Le,
    /// UTF-16, big end first, with a byte-order mark.
    Utf16Be,
}

impl Encoding {
    /// What the first bytes say.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => Self::Utf8Bom,
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }

    /// The name of it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 BOM",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
        }
    }
}

/// Which encodings Claude Code takes for a kind of file (observed 2.1.330: they differ).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// UTF-8 without a mark: `.credentials.json`.
    PlainUtf8,
    /// UTF-8 with or without a mark: the state file.
    Utf8Marked,
    /// UTF-8 with or without a mark, and UTF-16 with one: the settings files.
    MarkedToo,
}

/// A JSON file: its place, what the system says of it, and what it holds.
#[derive(Clone, Default)]
pub struct Document {
    /// The path as seen from inside the examined machine.
    pub path: String,
    /// What the system says of it.
    pub facts: FileFacts,
    /// What it holds.
    pub content: Reading<Content>,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({}, {:?})", self.path, self.content)
    }
}

/// What a JSON file holds.
#[derive(Clone)]
pub enum Content {
    /// Nothing but white space.
    Blank,
    /// JSON.
    Json(Json, Encoding),
    /// Something else.
    Malformed(SyntaxError, Encoding),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("Blank"),
            Self::Json(json, encoding) => write!(f, "{json:?} {}", encoding.word()),
            Self::Malformed(error, encoding) => write!(f, "{error} {}", encoding.word()),
        }
    }
}

impl Content {
    /// Reads the bytes of a file as Claude Code does.
    pub fn of(bytes: Vec<u8>, takes: Takes) -> Self {
        Self::parsed(bytes, takes, Json::parse)
    }

    /// Reads the bytes of an editor's settings, which may hold comments and a comma too many.
    pub fn of_an_editor(bytes: Vec<u8>) -> Self {
        Self::parsed(bytes, Takes::MarkedToo, Json::parse_lenient)
    }

    fn parsed(bytes: Vec<u8>, takes: Takes, parse: fn(Vec<u8>) -> Result<Json, SyntaxError>) -> Self {
        let encoding = Encoding::of(&bytes);
        let text = match (encoding, takes) {
            (Encoding::Utf8, _) | (_, Takes::PlainUtf8) => bytes,
            (Encoding::Utf8Bom, _) => bytes[3..].to_vec(),
            (_, Takes::Utf8Marked) => bytes,
            (Encoding::Utf16Le, Takes::MarkedToo) => from_utf16(&bytes[2..], u16::from_le_bytes),
            (Encoding::Utf16Be, Takes::MarkedToo) => from_utf16(&bytes[2..], u16::from_be_bytes),
        };
        if text.iter().all(u8::is_ascii_whitespace) {
            return Self::Blank;
        }
        match parse(text) {
            Ok(json) => Self::Json(json, encoding),
            Err(error) => Self::Malformed(error, encoding),
        }
    }

    /// Reads a file that comes in pieces as Claude Code does, and holds of it what `rule` says.
    pub fn sift(pieces: &mut Pieces<'_>, rule: Rule, takes: Takes) -> Self {
        let mut encoding = Encoding::Utf8;
        let read = Json::sift(pieces, rule, |bytes| {
            encoding = Encoding::of(bytes);
            encoding == Encoding::Utf8Bom && takes != Takes::PlainUtf8
        });
        match read {
            Ok(None) => Self::Blank,
            Ok(Some(json)) => Self::Json(json, encoding),
            Err(error) => Self::Malformed(error, encoding),
        }
    }

    /// The JSON, if it is any.
    pub fn json(&self) -> Option<&Json> {
        match self {
            Self::Json(json, _) => Some(json),
            _ => None,
        }
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes()
}

impl Document {
    /// The JSON in it, if it could be read and is any.
    pub fn json(&self) -> Option<&Json> {
        self.content.found().and_then(Content::json)
    }
}
