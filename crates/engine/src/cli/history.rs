//! `authlight history`: what was changed, and what became of it.

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use authlight_core::message::{Message, Words};

use super::recovered::recovered;
use super::{Console, Trouble};
use crate::act::change::{Entry, Noted, Recorded, State, Store};
use crate::words::Language;

/// Tells, or deletes the backups.
pub(super) fn run(delete_backups: bool, older_than: Option<u32>, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let words = Language::english();
    let store = Store::own().map_err(internal)?;
    recovered(&store, console, &words);
    let noted = store.noted().map_err(internal)?;
    if delete_backups {
        let old: Option<Vec<String>> = older_than.map(|days| {
            let before = (console.now)() - Duration::from_secs(u64::from(days) * 86_400);
            let before = before.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
            let before = authlight_core::time::utc(before);
            let old = noted.iter().filter_map(|noted| match noted {
                Noted::Known(known) if known.recorded.utc < before => Some(known.recorded.change.clone()),
                _ => None,
            });
            old.collect()
        });
        store.delete_backups(old.as_deref()).map_err(internal)?;
        console.print(format!("{}\n", words.text("history-backups-deleted")).as_bytes())?;
        return Ok(0);
    }
    let mut text = String::new();
    if noted.is_empty() {
        let _ = writeln!(text, "{}", words.text("history-none"));
    }
    for noted in noted.iter().rev() {
        let (recorded, state) = match noted {
            Noted::Known(known) => (&known.recorded, known.state),
            Noted::Newer { change, utc } => {
                let newer = Message::new("history-newer").with("utc", utc.clone()).with("change", change.clone());
                let _ = writeln!(text, "{}", words.say(&newer));
                continue;
            }
        };
        let _ = writeln!(text, "{}", line(recorded, state, &words));
        for path in recorded.steps.iter().filter_map(Entry::place) {
            let _ = writeln!(text, "  {}", words.say(&Message::new("history-file").with("path", path)));
        }
    }
    let size = store.size_of_backups();
    if size > 0 {
        let kilobytes = usize::try_from(size.div_ceil(1000)).unwrap_or(usize::MAX);
        let told = words.say(&Message::new("history-backups").with("kilobytes", kilobytes));
        let _ = writeln!(text, "{told}");
    }
    console.print(text.as_bytes())?;
    Ok(0)
}

fn internal(error: impl std::error::Error) -> Trouble {
    Trouble::Internal(error.to_string())
}

fn line(recorded: &Recorded, state: State, words: &Language) -> String {
    let state = words.text(state.key());
    let message = Message::new("history-line")
        .with("utc", recorded.utc.clone())
        .with("change", recorded.change.clone())
        .with("what", recorded.what.clone())
        .with("state", state);
    words.say(&message)
}
