//! `authlight undo`: a change is taken back.

use std::fmt::Write as _;

use authlight_core::message::{Message, Words};

use super::arguments::{Changed, Undo};
use super::fix::{REFUSED, not_done};
use super::recovered::recovered;
use super::{Console, Trouble};
use crate::act::change::undo::{self, IfChanged, NoPrograms, UndoError};
use crate::act::change::{Entry, Recorded, Store};
use crate::words::Language;

/// Shows what would be taken back, and on the word that was given does it.
pub(super) fn run(command: &Undo, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let words = Language::english();
    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => {
            console.say(&format!("authlight: undo: {error}"));
            return Ok(REFUSED);
        }
    };
    recovered(&store, console, &words);
    let recorded = match undo::find(&store, command.change.as_deref()) {
        Ok(recorded) => recorded,
        Err(error @ UndoError::NoSuchChange) if command.change.is_some() => {
            return Err(Trouble::Arguments(format!("undo: {error}")));
        }
        Err(error) => {
            console.say(&format!("authlight: undo: {error}"));
            return Ok(REFUSED);
        }
    };
    console.print(shown(&recorded, &words).as_bytes())?;
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }
    let if_changed = match command.changed {
        None => IfChanged::Ask,
        Some(Changed::Keep) => IfChanged::Keep,
        Some(Changed::PutBack) => IfChanged::PutBack,
    };
    match undo::undo(&store, &NoPrograms, Some(&recorded.change), if_changed) {
        Ok((recorded, left)) => {
            let mut text =
                words.say(&Message::new("undo-done").with("what", recorded.what).with("change", recorded.change));
            text.push('\n');
            for path in left {
                let _ = writeln!(
                    text,
                    "{}",
                    words.say(&Message::new("undo-left").with("path", path.display().to_string()))
                );
            }
            console.print(text.as_bytes())?;
            Ok(0)
        }
        Err(UndoError::ChangedSince { path, by: None }) => {
            console.say(&words.say(&Message::new("undo-choice").with("path", path.display().to_string())));
            Ok(REFUSED)
        }
        Err(error) => {
            console.say(&format!("authlight: undo: {error}"));
            Ok(REFUSED)
        }
    }
}

fn shown(recorded: &Recorded, words: &Language) -> String {
    let mut text = format!("{}  {}\n", recorded.utc, recorded.what);
    for entry in &recorded.steps {
        match entry {
            Entry::File { path, .. } | Entry::Renamed { path, .. } | Entry::Mode { path, .. } => {
                let _ = writeln!(text, "  {}", path.display());
            }
            Entry::UserVariable { name, .. } => {
                let _ = writeln!(text, "  HKCU\\Environment\\{name}");
            }
            Entry::Ran { command } if !command.is_empty() => {
                let told = words.say(&Message::new("undo-for-good").with("command", command.join(" ")));
                let _ = writeln!(text, "  {told}");
            }
            Entry::Ran { .. } | Entry::Told => {}
        }
    }
    text
}
