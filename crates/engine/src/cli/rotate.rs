//! `authlight rotate`: a new key into every place of the old one.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, UNIX_EPOCH};

use authlight_core::fixes::rotate::ID;
use authlight_core::message::{Message, Words};
use authlight_core::report::{Live, Outcome, Status};
use authlight_core::secret::Secret;
use zeroize::Zeroizing;

use super::arguments::Rotate;
use super::fix::{REFUSED, not_done, steps};
use super::recovered::recovered;
use super::{Console, Trouble, examined};
use crate::act::change::undo::{self, IfChanged};
use crate::act::change::{Store, apply, plan, preview};
use crate::act::git_history::{self, InHistory};
use crate::act::repair::{self, OwnHands};
use crate::act::rotation::{self, Holding};
use crate::contexts;
use crate::examination::{Examination, Trial};
use crate::machine::{Machine, session};
use crate::report_out::redaction::LeakPass;
use crate::words::Language;

/// The largest file that a key is read from.
const KEY_FILE_LIMIT: u64 = 64 << 10;

/// How long each of the tests may take.
const TEST_TIME: Duration = Duration::from_secs(30);

/// Plans, shows, and on the word that was given does it: test, write, test again.
pub(super) fn run(command: &Rotate, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let new = key_from(&command.key_from, console)?;
    let (disk, mut each) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    if each.len() > 1 {
        return Err(Trouble::Arguments("rotate: one --project at a time".to_owned()));
    }
    let Some(examined) = each.pop() else { return Ok(REFUSED) };
    let words = Language::english();
    if let Ok(store) = Store::own() {
        recovered(&store, console, &words);
    }
    let context = command.examine.context.unwrap_or_default();
    let ask = console.ask_shell;
    let look = |machine: &dyn Machine| contexts::examine(machine, examined.clone(), context, ask);
    let now = look(&disk);
    let refused = |console: &mut Console<'_>, why: String| {
        console.say(&format!("authlight: rotate: {why}"));
        Ok(REFUSED)
    };
    let Some(old) = rotation::key_in_use(&now) else {
        return refused(console, words.text("rotate-no-key"));
    };
    let holdings = match rotation::places(&disk, &now, &old, &new) {
        Ok(holdings) => holdings,
        Err(unfit) => return refused(console, unfit.to_string()),
    };
    let mut edits: Vec<_> = holdings.iter().filter_map(|holding| holding.edit.clone()).collect();
    if edits.is_empty() {
        return refused(console, words.text("rotate-nowhere"));
    }
    edits.extend(rotation::approval(&now, &old, &new).filter(|_| command.approve));
    let now_ms = (console.now)().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let occasion = repair::occasion(ID, now_ms);
    let plan = match plan::of(&edits, &disk, &occasion.change) {
        Ok(plan) => plan,
        Err(error) => return refused(console, error.to_string()),
    };
    let pass = LeakPass::new(&rotation::secrets_beside(&now, &new));
    console.print(shown(&holdings, &steps(&preview::of(&plan, &pass), &words), &words).as_bytes())?;
    let folders: Vec<_> = rotation::folders(&disk, &now).iter().map(|folder| disk.outside(folder)).collect();
    if let Some(found) = git_history::look(&old, &folders, &AtomicBool::new(false)) {
        console.print(history(&found, &|path| disk.inside(path), &words).as_bytes())?;
    }
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }
    let test = |examination: &Examination, instead: Option<(&Secret, &Secret)>| {
        let consents = command.consent.agreed();
        let trial = Trial {
            outside: &|path: &str| disk.outside(path),
            consents: &consents,
            deadline: TEST_TIME,
            cancel: &AtomicBool::new(false),
            run: &session::run,
        };
        examination.test_with(instead, &trial)
    };
    if !command.untested {
        let live = test(&now, Some((&old, &new)));
        if live.outcome != Outcome::Verified {
            let why = failed_stage(&live, &words);
            return refused(console, words.say(&Message::new("rotate-not-verified").with("why", why)));
        }
    }
    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => return refused(console, error.to_string()),
    };
    let hands = OwnHands { examination: &now, disk: &disk, cancel: &AtomicBool::new(false) };
    let receipt = match apply(&plan, &store, &hands, &occasion) {
        Ok(receipt) => receipt,
        Err(error) => return refused(console, error.to_string()),
    };
    let then = look(&disk);
    let left = rotation::key_in_use(&then).is_some_and(|key| key.same_as(&old));
    let verified = command.untested || test(&then, None).outcome == Outcome::Verified;
    if left || !verified {
        let undone = undo::undo(&store, &hands, Some(&receipt.change), IfChanged::Ask);
        let why = if left { "rotate-old-still-wins" } else { "rotate-not-verified-after" };
        let why = words.text(why);
        return refused(console, undone.map_or_else(|error| format!("{why} {error}"), |_| why.clone()));
    }
    let mut told = words.say(&Message::new("change-done").with("change", receipt.change)) + "\n";
    if !command.untested {
        let old_works = test(&then, Some((&new, &old))).outcome == Outcome::Verified;
        let key = if old_works { "rotate-revoke-now" } else { "rotate-old-is-refused" };
        let _ = writeln!(told, "{}", words.text(key));
    }
    let _ = writeln!(told, "{}", words.text("change-how-to-undo"));
    console.print(told.as_bytes())?;
    Ok(0)
}

/// The key from a file, or from standard input: never from an argument, which other programs see.
pub(super) fn key_from(from: &str, console: &mut Console<'_>) -> Result<Secret, Trouble> {
    let unreadable = |error: std::io::Error| Trouble::Arguments(format!("--key-from: {error}"));
    let mut text = Zeroizing::new(String::new());
    if from == "-" {
        console.input.take(KEY_FILE_LIMIT).read_to_string(&mut text).map_err(unreadable)?;
    } else {
        let file = std::fs::File::open(console.surroundings.folder.join(from)).map_err(unreadable)?;
        file.take(KEY_FILE_LIMIT).read_to_string(&mut text).map_err(unreadable)?;
    }
    Ok(Secret::new(authlight_core::secret::javascript_trim(&text)))
}

fn shown(holdings: &[Holding], steps: &str, words: &Language) -> String {
    let mut text = format!("{}\n{}\n\n", words.text("F-rotate-key"), words.text("F-rotate-key.does"));
    text.push_str(steps);
    let others: Vec<_> = holdings.iter().filter(|holding| holding.edit.is_none()).collect();
    for other in &others {
        let lines: Vec<String> = other.lines.iter().map(usize::to_string).collect();
        let message =
            Message::new("rotate-by-others").with("path", other.place.clone()).with("lines", lines.join(", "));
        let _ = writeln!(text, "{}", words.say(&message));
    }
    let _ = writeln!(text, "\n{}", words.text("rotate-elsewhere"));
    for place in rotation::out_of_reach() {
        let _ = writeln!(text, "- {}", words.say(&place));
    }
    let _ = writeln!(text, "\n{}", words.text("plan-undoable"));
    text
}

/// What the history of git says of the old key.
fn history(found: &InHistory, inside: &dyn Fn(&Path) -> Option<String>, words: &Language) -> String {
    let mut text = String::new();
    for folder in &found.folders {
        let shown = inside(folder).unwrap_or_else(|| folder.display().to_string());
        let message = Message::new("rotate-history").with("folder", shown);
        let _ = writeln!(text, "{}", words.say(&message));
    }
    if found.folders.is_empty() && found.looked > 0 && found.complete {
        let message = Message::new("rotate-history-none").with("folders", found.looked);
        let _ = writeln!(text, "{}", words.say(&message));
    }
    if !found.complete {
        let _ = writeln!(text, "{}", words.text("rotate-history-cut"));
    }
    text
}

fn failed_stage(live: &Live, words: &Language) -> String {
    let failed = live.stages.iter().find(|row| row.status == Status::Fail);
    failed.map_or_else(|| words.text("rotate-no-answer"), |row| words.say(&row.text))
}
