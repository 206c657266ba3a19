//! Cause 2: the browser login, and what stands in its place: a setup token, an Anthropic profile.

mod answer;
mod blanked;
mod browser_elsewhere;
mod encoding;
mod ends_soon;
mod expiry;
mod file_empty;
mod file_json;
mod file_kind;
mod file_link;
mod file_name;
mod file_private;
mod file_readable;
mod folder_writable;
mod header_safe;
mod holds_login;
mod keychain_account;
mod keychain_login;
mod keychain_reachable;
mod keychain_stale_file;
mod present;
mod profile_credentials;
mod profile_found;
mod profile_identity;
mod refresh_lock;
mod renewable;
mod scope;
mod setup_token;
mod truncated;

use super::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::keychain::Answer;
use crate::ladder::{Candidate, Slot};
use crate::report::{CredentialKind, Source, SourceKind, Status};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    keychain_reachable::CHECK,
    keychain_login::CHECK,
    keychain_account::CHECK,
    keychain_stale_file::CHECK,
    file_name::CHECK,
    file_link::CHECK,
    file_kind::CHECK,
    file_readable::CHECK,
    file_empty::CHECK,
    encoding::CHECK,
    truncated::CHECK,
    file_json::CHECK,
    holds_login::CHECK,
    blanked::CHECK,
    scope::CHECK,
    header_safe::CHECK,
    expiry::CHECK,
    renewable::CHECK,
    ends_soon::CHECK,
    folder_writable::CHECK,
    refresh_lock::CHECK,
    file_private::CHECK,
    setup_token::CHECK,
    profile_found::CHECK,
    profile_credentials::CHECK,
    profile_identity::CHECK,
    present::CHECK,
    browser_elsewhere::CHECK,
    answer::CHECK,
];

/// Whether something other than the login signs in. A fault in the login is then worth a note at most.
fn others_sign_in(facts: &Facts<'_>) -> bool {
    let resolution = facts.resolution;
    resolution.cloud.is_some()
        || resolution.rules.iter().any(|(_, slot)| *slot != Slot::Login)
        || resolution.sends.iter().any(|sent| sent.credential != CredentialKind::Login)
}

/// Whether the login is what signs in.
fn in_use(facts: &Facts<'_>) -> bool {
    facts.resolution.candidates.stands(Slot::Login) && !others_sign_in(facts)
}

/// Whether the login is an item of the Keychain, closed to us.
fn in_keychain(facts: &Facts<'_>) -> bool {
    matches!(facts.snapshot.keychain.login, Answer::Found(_))
}

/// Whether there is a login, and it stands where we can look at it.
fn readable(facts: &Facts<'_>) -> bool {
    let login = facts.resolution.candidates.get(Slot::Login);
    let in_file =
        |login: &Candidate| login.source.as_ref().is_some_and(|source| source.kind == SourceKind::CredentialsFile);
    login.is_some_and(|login| login.stands() && in_file(login))
}

/// `status`, or a note where something else signs in: another credential, the Keychain's login, which goes before the
/// file, or, against a fault, what may sign in: a key or a folder that only waits for the person's yes, or something
/// that could not be told.
fn weigh(facts: &Facts<'_>, status: Status) -> Status {
    let not_told = || facts.resolution.credential_not_told(&facts.snapshot.examined);
    let may_sign_in = status == Status::Fail && (crate::verdict::waits_for_a_yes(facts) || not_told());
    if others_sign_in(facts) || in_keychain(facts) || may_sign_in { Status::Note } else { status }
}

/// The login file as a place.
fn file(facts: &Facts<'_>) -> Source {
    Source { path: Some(facts.snapshot.login.path.clone()), ..Source::new(SourceKind::CredentialsFile) }
}

/// A finding in the login file: `status` where the login is needed.
fn in_file(facts: &Facts<'_>, code: &'static str, status: Status, debug: impl Into<String>) -> Found {
    let own = facts.resolution.candidates.get(Slot::Login).and_then(|login| login.source.clone());
    let source = own.filter(|source| source.kind == SourceKind::CredentialsFile).unwrap_or_else(|| file(facts));
    Found::new(code, weigh(facts, status), debug).with("path", facts.snapshot.login.path.as_str()).at(&source)
}
