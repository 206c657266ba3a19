//! Cause 1: the key in the environment.

mod another_home;
pub(super) mod contexts_differ;
mod editor_differs;
mod editor_key_odd;
mod environment_told;
mod hint;
mod in_force;
mod key_after_early_end;
mod key_bad_character;
mod key_beside_login;
mod key_blank;
mod key_declined;
mod key_in_other_shells_file;
mod key_inner_space;
mod key_misspelt;
mod key_not_exported;
mod key_not_seen_here;
mod key_placeholder;
mod key_quoted;
mod key_unset_later;
mod key_waits_for_approval;
mod key_with_bearer;
mod key_wrong_kind;
mod nobody_answers;
mod nothing_set;
mod older_terminal;
pub(super) mod other_start;
mod profile_readable;
mod project_hint;
mod running_claude;
mod shell_answers;
mod since;
mod two_keys;

use super::{Check, Found, Outcome};

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[
    key_bad_character::CHECK,
    key_placeholder::CHECK,
    key_quoted::CHECK,
    key_with_bearer::CHECK,
    key_wrong_kind::CHECK,
    key_inner_space::CHECK,
    key_declined::CHECK,
    key_waits_for_approval::CHECK,
    key_beside_login::CHECK,
    key_misspelt::CHECK,
    key_not_exported::CHECK,
    key_after_early_end::CHECK,
    key_unset_later::CHECK,
    key_in_other_shells_file::CHECK,
    key_not_seen_here::CHECK,
    contexts_differ::CHECK,
    environment_told::CHECK,
    shell_answers::CHECK,
    two_keys::CHECK,
    editor_differs::CHECK,
    editor_key_odd::CHECK,
    running_claude::CHECK,
    older_terminal::CHECK,
    profile_readable::CHECK,
    key_blank::CHECK,
    nothing_set::CHECK,
    project_hint::CHECK,
    another_home::CHECK,
    nobody_answers::CHECK,
];
