//! The certificate that Claude Code itself shows, and its key.

use super::super::{Check, Found, Outcome};
use super::NETWORK_PAGE;
use crate::certificates::KeyForm;
use crate::judge::Facts;
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C5.client_certificate", cause: Cause::Endpoint, judge };

/// Documented, not observed: hence no more than a warning.
fn judge(facts: &Facts<'_>) -> Outcome {
    let environment = &facts.resolution.environment;
    let [certificate, key] = ["CLAUDE_CODE_CLIENT_CERT", "CLAUDE_CODE_CLIENT_KEY"].map(|name| environment.set(name));
    let make = |word: &'static str| {
        Found::new("AL-5-33", Status::Warn, format!("client certificate: {word}")).with("what", word).help(NETWORK_PAGE)
    };
    let found = match (certificate, key) {
        (None, None) => return Outcome::Skipped("skip-no-client-certificate"),
        (Some(certificate), None) => make("no-key").at(&certificate.source),
        (None, Some(key)) => make("no-certificate").at(&key.source),
        (Some(_), Some(key)) => {
            let file = facts.snapshot.certificate_files.iter().find(|file| file.variable == "CLAUDE_CODE_CLIENT_KEY");
            let form = file.and_then(|file| file.content.found()).and_then(|bundle| bundle.key);
            let opened = environment.set("CLAUDE_CODE_CLIENT_KEY_PASSPHRASE").is_some();
            if form != Some(KeyForm::Encrypted) || opened {
                return Outcome::Pass;
            }
            make("passphrase").at(&key.source)
        }
    };
    Outcome::Found(vec![found])
}
