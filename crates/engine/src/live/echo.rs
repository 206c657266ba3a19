//! Takes back out what a server repeats of a secret: whole, in part, or encoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use authlight_core::message::Argument;
use authlight_core::report::{SentRequest, StageRow};

use super::audience::Audience;

/// So many characters in a row that also stand in a secret are taken out.
const WINDOW: usize = 8;
/// A secret shorter than this cannot be told from ordinary words.
const SHORTEST: usize = 4;

/// Knows every secret of an audience in its encodings.
pub(super) struct Echo {
    secrets: Vec<Zeroizing<String>>,
}

impl Echo {
    #[expect(clippy::disallowed_methods, reason = "it must know what an answer must not repeat")]
    pub(super) fn of(audience: &Audience) -> Self {
        let mut secrets = Vec::new();
        for secret in audience.secrets() {
            let value = secret.reveal().trim();
            secrets.push(Zeroizing::new(value.to_owned()));
            secrets.push(Zeroizing::new(utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()));
            if let Some((_, password)) = value.split_once(':') {
                secrets.push(Zeroizing::new(password.to_owned()));
            }
            // Base64 looks different for each of three places that a text can begin at.
            for before in 0..3 {
                let text = Zeroizing::new(format!("{}{value}", "\0".repeat(before)));
                secrets.push(Zeroizing::new(STANDARD.encode(text.as_bytes())));
            }
        }
        secrets.retain(|secret| secret.len() >= SHORTEST);
        Self { secrets }
    }

    /// The text with `…` where a secret, or part of one, stood.
    pub(super) fn removed(&self, text: &str) -> String {
        let bytes = text.as_bytes();
        let mut hidden = vec![false; bytes.len()];
        for secret in &self.secrets {
            let window = WINDOW.min(secret.len());
            for (at, part) in bytes.windows(window).enumerate() {
                if secret.as_bytes().windows(window).any(|known| known == part) {
                    hidden[at..at + window].fill(true);
                }
            }
        }
        let mut clean = String::with_capacity(text.len());
        let mut inside = false;
        for (at, character) in text.char_indices() {
            let hide = hidden[at..at + character.len_utf8()].contains(&true);
            if hide && !inside {
                clean.push('…');
            } else if !hide {
                clean.push(character);
            }
            inside = hide;
        }
        clean
    }

    pub(super) fn wash_row(&self, row: &mut StageRow) {
        for value in row.evidence.values_mut() {
            *value = self.removed(value);
        }
        for (_, argument) in &mut row.text.args {
            if let Argument::Text(text) = argument {
                *text = self.removed(text);
            }
        }
    }

    pub(super) fn wash_sent(&self, sent: &mut SentRequest) {
        sent.path = self.removed(&sent.path);
        sent.origin = self.removed(&sent.origin);
    }
}
