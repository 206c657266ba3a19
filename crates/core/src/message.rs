//! Words by reference: a key and typed arguments, put into words by a face.
//!
//! The core never writes a sentence. It names one (`AL-1-04`, `AL-1-04.saw`, `why-shadowed`) and gives what
//! goes into it. A [`Words`] turns it into text; what comes out is kept beside the key, so that a report can be
//! serialised as it is.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// A sentence by reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The identifier of the sentence, `message` or `message.attribute`.
    pub key: Cow<'static, str>,
    /// What goes into it, by name.
    pub args: Vec<(&'static str, Argument)>,
    text: Option<String>,
}

/// What goes into a sentence. Never a secret: those have no way to become text.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A word, a path, a name.
    Text(String),
    /// A count or a position.
    Number(i64),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl Message {
    /// The sentence `key` without arguments.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new(), text: None }
    }

    /// A sentence that has its words already.
    pub fn said(key: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::new(key) }
    }

    /// With one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The text, or the key where no [`Words`] has spoken yet.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or(&self.key)
    }

    /// Puts it into words.
    pub fn say(&mut self, words: &dyn Words) {
        self.text = Some(words.say(self));
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl JsonSchema for Message {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

/// A language.
pub trait Words {
    /// The text of a sentence. Where the language lacks it, the key: a missing word must not hide a finding.
    fn say(&self, message: &Message) -> String;
}
