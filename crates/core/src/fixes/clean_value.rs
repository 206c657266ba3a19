//! Characters that surely do not belong to a value go: quotation marks, the word `Bearer`, what nobody sees, a remark
//! behind a whole key.
//!
//! Claude Code sends a key as it stands, and makes no request where a character cannot stand in a header (observed:
//! `key-*-quoted`, `key-*-bearer`, `key-*-unicode`).

use super::place::{first, occurrence, put};
use super::{Fix, Repair, Risk};

pub(super) const FIX: Fix = Fix {
    id: "F.clean_value",
    risk: Risk::Safe,
    mends: &["AL-1-04", "AL-1-06", "AL-1-07", "AL-1-08"],
    repair: |facts, target| {
        let source = first(target)?;
        let cleaned = occurrence(facts, source)?.value.cleaned()?;
        // Of a claude.ai login nothing is read into an edit.
        if cleaned.holds_login_token() {
            return None;
        }
        Some(Repair::of([put(facts, source, cleaned)?]))
    },
};
