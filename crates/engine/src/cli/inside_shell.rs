//! Words that this program says to itself: around and inside the shell that it asks for its environment, and around the
//! `claude` that it signs in with. They are no part of the contract, stand in no help, and are looked at before anything else is started, as the shell waits.

use std::ffi::OsString;

use authlight_core::shell_answer::TELL_ENVIRONMENT;

use crate::machine::{asked_page, login_shell, session};

/// Does what such a word says; gives the exit code. None where there is none.
pub(super) fn run(arguments: &[OsString]) -> Option<u8> {
    let [_, word, mark, rest @ ..] = arguments else { return asked_page::leave(arguments) };
    let mark = mark.to_str()?;
    match (word.to_str()?, rest) {
        (TELL_ENVIRONMENT, []) => Some(login_shell::tell_environment(mark)),
        (session::OWN_SESSION, [dashes, program, arguments @ ..]) if dashes == "--" => {
            Some(session::own_session(mark, program, arguments))
        }
        _ => None,
    }
}
