//! The report as JSON for others: the same document as `check --json`, without the shown ends of keys.

use super::redaction::Outgoing;

/// The document, indented, with a line break at its end.
///
/// # Errors
/// Only where a number or text could not be written as JSON.
pub fn render(outgoing: &Outgoing) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(outgoing.report())?;
    text.push('\n');
    Ok(text)
}
