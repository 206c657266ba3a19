//! The login file must be plain UTF-8: a byte-order mark or UTF-16 makes Claude Code take it for none (observed: `cred-*`,
//! `cred-utf16`), unlike in settings files.

use super::in_file;
use crate::checks::{Check, Outcome};
use crate::judge::Facts;
use crate::reading::{Content, Encoding};
use crate::report::{Cause, Status};

pub(super) const CHECK: Check = Check { id: "C2.login_file_encoding", cause: Cause::Login, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let Some(Content::Malformed(_, encoding)) = facts.snapshot.login.content.found() else { return Outcome::Pass };
    let code = match encoding {
        Encoding::Utf8 => return Outcome::Pass,
        Encoding::Utf8Bom => "AL-2-13",
        Encoding::Utf16Le | Encoding::Utf16Be => "AL-2-14",
    };
    Outcome::Found(vec![in_file(facts, code, Status::Fail, encoding.word()).with("encoding", encoding.word())])
}
