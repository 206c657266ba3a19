//! Takes back out what a server repeats of a secret: whole, in part, or encoded. Our own words stay: a token that is
//! called as its host would take the host away.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use authlight_core::message::Argument;
use authlight_core::report::{SentRequest, StageRow};
use authlight_core::secret::Secret;

use super::audience::Audience;
use crate::report_out::redaction::{self, looks_random, names_a_secret};

/// So many characters in a row that also stand in a secret are taken out.
const WINDOW: usize = 8;
/// A secret shorter than this cannot be told from ordinary words.
const SHORTEST: usize = 4;
/// What this test itself says of the way, by the names in its rows.
const OWN: [&str; 14] = [
    "address",
    "addresses",
    "asked",
    "host",
    "http_status",
    "ipv4",
    "ipv6",
    "position",
    "proxy",
    "region",
    "scheme",
    "service",
    "stage",
    "status",
];

/// Knows every secret of an audience in its encodings.
pub(super) struct Echo {
    secrets: Vec<Zeroizing<String>>,
    /// Those that are no words, as they are.
    whole: Vec<Zeroizing<String>>,
}

impl Echo {
    #[expect(clippy::disallowed_methods, reason = "it must know what an answer must not repeat")]
    pub(super) fn of(audience: &Audience) -> Self {
        let mut echo = Self { secrets: Vec::new(), whole: Vec::new() };
        // Of the other headers most say where from or which team.
        let extra = |(name, value): &&(String, Secret)| names_a_secret(name) || looks_random(value.reveal().trim());
        let extra = audience.extra_headers.iter().filter(extra).map(|(_, value)| value);
        for secret in audience.credentials().chain(extra) {
            echo.know(secret);
        }
        echo
    }

    /// One more secret.
    #[expect(clippy::disallowed_methods, reason = "it must know what an answer must not repeat")]
    pub(super) fn know(&mut self, secret: &Secret) {
        let value = secret.reveal().trim();
        let secrets = &mut self.secrets;
        secrets.push(Zeroizing::new(value.to_owned()));
        if value.len() >= redaction::SHORTEST {
            self.whole.push(Zeroizing::new(value.to_owned()));
        }
        secrets.push(Zeroizing::new(utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()));
        if let Some((_, password)) = value.split_once(':') {
            secrets.push(Zeroizing::new(password.to_owned()));
        }
        // Base64 looks different for each of three places that a text can begin at.
        for before in 0..3 {
            let text = Zeroizing::new(format!("{}{value}", "\0".repeat(before)));
            secrets.push(Zeroizing::new(STANDARD.encode(text.as_bytes())));
        }
        secrets.retain(|secret| secret.len() >= SHORTEST);
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

    /// A base URL can hold the key in its path.
    pub(super) fn wash_sent(&self, sent: &mut SentRequest) {
        for secret in &self.whole {
            sent.path = sent.path.replace(secret.as_str(), "…");
        }
    }

    pub(super) fn wash_row(&self, row: &mut StageRow) {
        for (name, value) in &mut row.evidence {
            if !OWN.contains(&name.as_str()) {
                *value = self.removed(value);
            }
        }
        for (name, argument) in &mut row.text.args {
            if let Argument::Text(text) = argument
                && !OWN.contains(name)
            {
                *text = self.removed(text);
            }
        }
    }
}
