//! `authlight fix F.put_key`: a key where Claude Code will see it.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use std::time::UNIX_EPOCH;

use authlight_core::fixes::Shows;
use authlight_core::fixes::put_key::{self as places, PutPlace};
use authlight_core::message::{Message, Words as _};
use authlight_core::report::{Context, Live};

use super::arguments::Fix;
use super::fix::{REFUSED, not_done, steps};
use super::recovered::recovered;
use super::rotate::key_from;
use super::{Console, Trouble, examined};
use crate::act::change::undo::{self, IfChanged};
use crate::act::change::{Store, apply};
use crate::act::put_key;
use crate::act::repair::{self, OwnHands};
use crate::contexts;
use crate::machine::Machine;
use crate::words::Language;

/// Lists the places; with a key shows what would be done, and on the word that was given does it.
pub(super) fn run(command: &Fix, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let (disk, mut each) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    if each.len() > 1 {
        return Err(Trouble::Arguments("fix: one --project at a time".to_owned()));
    }
    let Some(examined) = each.pop() else { return Ok(REFUSED) };
    let words = Language::english();
    if let Ok(store) = Store::own() {
        recovered(&store, console, &words);
    }
    let (context, ask) = (command.examine.context.unwrap_or_default(), console.ask_shell);
    let look = |machine: &dyn Machine, shows: Shows| match shows {
        Shows::Here => contexts::examine(machine, examined.clone(), context, ask),
        Shows::NewTerminal => contexts::examine(machine, examined.clone(), Context::NewTerminal, contexts::STATICALLY),
    };
    let now = look(&disk, Shows::Here);
    let live = Live::default();
    let facts = now.facts(&live);
    let offered = places::places(&facts);
    let line = |place: PutPlace| {
        let name = places::file(&facts, place).unwrap_or_default();
        let text = words.say(&Message::new(format!("put-key-{}", place.word())).with("name", name));
        let about = words.text(format!("put-key-{}.about", place.word()));
        let command = (place == PutPlace::ThisTerminal).then(|| places::command(&facts)).flatten();
        let command = command.map(|command| format!("    {command}\n")).unwrap_or_default();
        format!("{}: {text}\n  {about}\n{command}", place.word())
    };
    let mut text = format!("{}\n{}\n\n", words.text("F-put-key"), words.text("F-put-key.does"));
    let (Some(from), Some(place)) = (&command.key_from, command.place) else {
        offered.iter().for_each(|place| text.push_str(&line(*place)));
        console.print(text.as_bytes())?;
        if command.go.dry_run {
            return Ok(0);
        }
        console.say(&words.text("put-key-name-one"));
        return Ok(REFUSED);
    };
    text.push_str(&line(place));
    let refused = |console: &mut Console<'_>, why: String| {
        console.say(&format!("authlight: fix: {why}"));
        Ok(REFUSED)
    };
    if place == PutPlace::ThisTerminal {
        console.print(text.as_bytes())?;
        return refused(console, words.text("put-key-nothing-to-do"));
    }
    let key = key_from(from, console)?;
    let now_ms = (console.now)().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let occasion = repair::occasion(put_key::NAME, now_ms);
    let prepared = match put_key::prepare(place, &key, command.approve, &disk, &now, &look, &occasion.change) {
        Ok(prepared) => prepared,
        Err(error) => return refused(console, error.to_string()),
    };
    let _ = write!(text, "\n{}\n{}\n", steps(&prepared.preview, &words), words.text("plan-undoable"));
    if prepared.stays {
        let _ = writeln!(text, "{}", words.text("put-key-not-used"));
    }
    console.print(text.as_bytes())?;
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }
    if prepared.stays {
        return refused(console, words.text("put-key-not-used"));
    }
    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => return refused(console, error.to_string()),
    };
    let hands = OwnHands { examination: &now, disk: &disk, cancel: &AtomicBool::new(false) };
    let receipt = match apply(&prepared.plan, &store, &hands, &occasion) {
        Ok(receipt) => receipt,
        Err(error) => return refused(console, error.to_string()),
    };
    if !put_key::is_used(&look(&disk, prepared.shows), &key) {
        let why = words.text("put-key-not-used");
        let undone = undo::undo(&store, &hands, Some(&receipt.change), IfChanged::Ask);
        return refused(console, undone.map_or_else(|error| format!("{why} {error}"), |_| why.clone()));
    }
    let mut told = words.say(&Message::new("change-done").with("change", receipt.change)) + "\n";
    if prepared.shows == Shows::NewTerminal {
        let _ = writeln!(told, "{}", words.text("walk-put-key-new-terminal"));
    }
    let _ = writeln!(told, "{}", words.text("change-how-to-undo"));
    console.print(told.as_bytes())?;
    Ok(0)
}
