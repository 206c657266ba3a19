//! AL-0-30: there is no Claude Code on this machine. Which official ways are open here is looked at when it is asked for;
//! the ways themselves are facts (`claude_code::ways`). Nothing is downloaded by us: the person copies a command, or has
//! the package manager started that they have.

use super::{Edit, Fix, Repair, Risk};
use crate::message::Message;

/// Its name.
pub const ID: &str = "F.install_claude_code";

/// The finding that it mends.
pub const MENDS: &str = "AL-0-30";

pub(super) const FIX: Fix = Fix {
    id: ID,
    risk: Risk::Manual,
    mends: &[MENDS],
    repair: |_, _| {
        let what = Message::new("fix-install-claude-code");
        let command = Some(format!("authlight fix {ID}"));
        Some(Repair::of([Edit::Tell { what, command, needs_elevation: false }]))
    },
};
