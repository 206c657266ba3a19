//! The report as JSON for others: the same document as `check --json`, without the shown ends of keys.

use serde::Serialize;
use serde::ser::Error as _;

use super::redaction::Outgoing;

/// As much as most reports take, in bytes: a text that grows as it is written is copied time and again.
const ROOM: usize = 64 << 10;

/// The document, indented, with a line break at its end.
///
/// # Errors
/// Only where a number or text could not be written as JSON.
pub fn render(outgoing: &Outgoing) -> serde_json::Result<String> {
    document(outgoing.report())
}

/// Anything as such a document.
///
/// # Errors
/// Only where a number or text could not be written as JSON.
pub fn document<T: Serialize>(value: &T) -> serde_json::Result<String> {
    let mut text = Vec::with_capacity(ROOM);
    serde_json::to_writer_pretty(&mut text, value)?;
    text.push(b'\n');
    String::from_utf8(text).map_err(serde_json::Error::custom)
}
