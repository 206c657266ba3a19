//! The files of certificates that variables name.

use super::super::{Check, Found, Outcome};
use super::NETWORK_PAGE;
use crate::certificates::{Bundle, CertificateFacts, CertificateFile, Form};
use crate::judge::Facts;
use crate::reading::{Reading, Trouble};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C5.certificates", cause: Cause::Endpoint, judge };

const KEY: &str = "CLAUDE_CODE_CLIENT_KEY";
const CLIENT: &str = "CLAUDE_CODE_CLIENT_CERT";

/// In a bundle of more than so many certificates, some that have run out are nothing to speak of.
const FEW: usize = 10;

fn judge(facts: &Facts<'_>) -> Outcome {
    let files = &facts.snapshot.certificate_files;
    if files.is_empty() {
        return Outcome::Skipped("skip-no-certificates");
    }
    Outcome::of(files.iter().flat_map(|file| in_file(facts, file)).collect())
}

fn in_file(facts: &Facts<'_>, file: &CertificateFile) -> Vec<Found> {
    let Some(place) = facts.resolution.environment.set(file.variable) else { return Vec::new() };
    let make = |code, status, debug: &str| {
        let found = Found::new(code, status, format!("{}: {debug}", file.variable));
        let kind = if matches!(file.variable, KEY | CLIENT) { "client" } else { "authority" };
        let found = found.with("name", file.variable).with("path", file.path.as_str()).with("kind", kind);
        found.at(&place.source).help(NETWORK_PAGE)
    };
    let bundle = match &file.content {
        Reading::Absent => {
            let tilde = facts.resolution.environment.text(file.variable).is_some_and(|path| path.starts_with('~'));
            let word = if tilde { "tilde" } else { "absent" };
            return vec![make("AL-5-26", Status::Warn, "no such file").with("trouble", word)];
        }
        // Larger than we read says nothing about Claude Code.
        Reading::Unreadable(Trouble::TooLarge) => return Vec::new(),
        Reading::Unreadable(trouble) => {
            return vec![make("AL-5-26", Status::Warn, trouble.word()).with("trouble", trouble.word())];
        }
        Reading::Found(bundle) => bundle,
    };
    if bundle.form == Form::Der {
        return vec![make("AL-5-27", Status::Warn, "binary (DER)")];
    }
    let lacks = if file.variable == KEY { bundle.key.is_none() } else { bundle.certificates.is_empty() };
    if lacks {
        let word = what_instead(file.variable, bundle);
        return vec![make("AL-5-28", Status::Warn, word).with("what", word)];
    }
    if file.variable == KEY {
        return Vec::new();
    }
    in_time(facts.snapshot.examined.now_ms, file, bundle, &make)
}

fn what_instead(variable: &str, bundle: &Bundle) -> &'static str {
    match bundle.form {
        Form::Blank => "empty",
        Form::Utf16 => "utf16",
        _ if variable == KEY => "no-key",
        _ if bundle.damaged > 0 => "damaged",
        _ if bundle.key.is_some() => "key",
        _ => "other",
    }
}

fn in_time(
    now_ms: i64,
    file: &CertificateFile,
    bundle: &Bundle,
    make: &dyn Fn(&'static str, Status, &str) -> Found,
) -> Vec<Found> {
    let certificates = &bundle.certificates;
    let usable = certificates.iter().any(|certificate| certificate.counts_at(now_ms));
    let status = if usable { Status::Note } else { Status::Warn };
    let dated = |code, debug, certificate: &CertificateFacts, ms| {
        let day = crate::time::utc(ms).get(..10).unwrap_or_default().to_owned();
        make(code, status, debug).with("subject", certificate.subject.as_str()).with("day", day)
    };
    let mut found = Vec::new();
    if !usable || certificates.len() <= FEW {
        let past = certificates.iter().find(|certificate| certificate.to_ms < now_ms);
        found.extend(past.map(|certificate| dated("AL-5-29", "run out", certificate, certificate.to_ms)));
        let ahead = certificates.iter().find(|certificate| certificate.from_ms > now_ms);
        found.extend(ahead.map(|certificate| dated("AL-5-30", "not yet", certificate, certificate.from_ms)));
    }
    // A server's own certificate that vouches for itself is believed (observed: `net-selfsigned-extra`).
    let vouches = |certificate: &CertificateFacts| certificate.authority || certificate.self_issued;
    if file.variable != CLIENT && !certificates.iter().any(vouches) {
        let subject = certificates.first().map_or("", |certificate| certificate.subject.as_str());
        found.push(make("AL-5-31", Status::Note, "no authority in it").with("subject", subject));
    }
    found
}
