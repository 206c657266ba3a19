//! Reports that leave the machine, and the checklist as text.
//!
//! ```text
//! Report ──► Outgoing (fields cleaned) ──► text · markdown · json ──► LeakPass::release ──► Released ──► write_new
//! ```
//!
//! [`compose`] walks that way; nothing else makes a [`Released`](redaction::Released).

pub mod checklist;
pub mod file;
pub mod json;
pub mod local;
mod markdown;
pub mod redaction;
pub mod schema;
pub mod secrets_met;
pub mod text;

use std::path::Path;

use authlight_core::message::Words;
use authlight_core::report::Report;
use thiserror::Error;

use redaction::{Leak, LeakPass, Outgoing, Released};

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The checklist as text.
    Text,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
}

impl Format {
    /// What the end of a file's name asks for: `.txt`, `.md`, `.json`.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Text),
            "md" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Why there is no report to hand out.
#[derive(Debug, Error)]
pub enum ComposeError {
    /// The last pass held it back.
    #[error(transparent)]
    Leak(#[from] Leak),
    /// It could not be written as JSON.
    #[error("the report could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// A report for whoever is not at this machine: cleaned, laid out, and let out by the last pass.
///
/// # Errors
/// [`ComposeError`]; nothing of the report is in it.
pub fn compose(report: Report, format: Format, words: &dyn Words, pass: &LeakPass) -> Result<Released, ComposeError> {
    let outgoing = Outgoing::new(report, words, pass);
    let text = match format {
        Format::Text => text::render(outgoing.report(), words, text::Style::default()),
        Format::Markdown => markdown::render(&outgoing, words),
        Format::Json => json::render(&outgoing)?,
    };
    Ok(pass.release_whole(text)?)
}

#[cfg(test)]
pub(crate) mod samples;

#[cfg(test)]
mod tests {
    use authlight_core::message::Message;
    use authlight_core::secret::Secret;

    use super::*;
    use crate::words::Language;

    const FORMATS: [Format; 3] = [Format::Text, Format::Markdown, Format::Json];

    #[test]
    fn no_format_carries_a_canary_that_the_machine_holds_everywhere() {
        let words = samples::Both(Language::english());
        let canary = ["sk-ant-", "api03-CANARY1-0123456789abcdefghij"].concat();
        let pass = LeakPass::new(&[Secret::new(canary.clone())]);
        for format in FORMATS {
            let report = samples::with_canary_everywhere(&canary, "alice");
            let released = compose(report, format, &words, &pass).unwrap();
            for word in ["CANARY1", "alice", "masked", "ghij"] {
                assert!(!released.as_str().contains(word), "{word} in {format:?}:\n{released}");
            }
            assert!(released.as_str().contains("7KQ2-F9T4") && released.as_str().contains("AL-4-02"), "{released}");
        }
    }

    /// Our own mistake: a sentence that spells the secret out, in a writing that no pattern knows.
    struct Careless(String);

    impl Words for Careless {
        fn say(&self, message: &Message) -> String {
            if message.key == "AL-4-02" { self.0.clone() } else { message.key.to_string() }
        }
    }

    #[test]
    fn a_secret_that_slips_through_two_layers_is_held_back() {
        let secret = "open the _gate_, \"Bill\" & <Ben>";
        let pass = LeakPass::new(&[Secret::new(secret)]);
        let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
        for writing in [secret.to_owned(), hex] {
            for format in FORMATS {
                let words = Careless(format!("It says {writing}."));
                let held = compose(samples::sample("x", "~/x"), format, &words, &pass);
                let Err(ComposeError::Leak(leak)) = held else { panic!("{writing} as {format:?}") };
                assert_eq!(leak.layer, redaction::Layer::KnownValues);
                assert!(!leak.to_string().contains("gate"));
            }
        }
    }

    #[test]
    fn the_json_that_leaves_holds_against_the_schema() {
        let words = samples::Both(Language::english());
        let report = samples::with_canary_everywhere("CANARY-one-two", "alice");
        let released = compose(report, Format::Json, &words, &LeakPass::new(&[])).unwrap();
        let document = serde_json::from_str(released.as_str()).unwrap();
        assert_eq!(schema::validation::faults(&schema::report_schema(), &document), None);
    }
}
