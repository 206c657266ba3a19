//! The login's item under another account than the one that Claude Code asks for (third parties saw which it is).

use crate::checks::{Check, Found, Outcome};
use crate::judge::Facts;
use crate::keychain::Answer;
use crate::report::{Cause, Source, SourceKind, Status};

pub(super) const CHECK: Check = Check { id: "C2.keychain_account", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let keychain = &facts.snapshot.keychain;
    let (Answer::Found(item), Some(expected)) = (&keychain.login, &keychain.account) else {
        return Outcome::Skipped("skip-keychain-no-item");
    };
    let Some(account) = item.account.as_ref().filter(|account| *account != expected) else { return Outcome::Pass };
    let source = Source { name: Some(item.service.clone()), ..Source::new(SourceKind::Keychain) };
    let found = Found::new("AL-2-27", Status::Note, "another account than expected")
        .with("account", account.as_str())
        .with("expected", expected.as_str())
        .at(&source);
    Outcome::Found(vec![found])
}
