//! `authlight reset`: the clean start before a new sign-in.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use std::time::UNIX_EPOCH;

use authlight_core::message::{Message, Words as _};

use super::arguments::Reset;
use super::fix::{REFUSED, not_done, steps};
use super::recovered::recovered;
use super::{Console, Trouble, examined};
use crate::act::change::Store;
use crate::act::repair::{self, OwnHands};
use crate::act::reset::{self, CarryOutError, Planned};
use crate::act::sign_in;
use crate::contexts;
use crate::examination::Examination;
use crate::machine::os::Disk;
use crate::words::Language;

/// Plans, shows, and on the word that was given does it: signs out, looks again, and puts away what is left.
pub(super) fn run(command: &Reset, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let (disk, mut each) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    if each.len() > 1 {
        return Err(Trouble::Arguments("reset: one --project at a time".to_owned()));
    }
    let Some(examined) = each.pop() else { return Ok(REFUSED) };
    let words = Language::english();
    if let Ok(store) = Store::own() {
        recovered(&store, console, &words);
    }
    let context = command.examine.context.unwrap_or_default();
    let ask = console.ask_shell;
    let look = || contexts::examine(&disk, examined.clone(), context, ask);
    let now_ms = (console.now)().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let occasion = repair::occasion(reset::NAME, now_ms);
    let stamp = &occasion.change;
    let leave = &command.leave;
    let refused = |console: &mut Console<'_>, error: CarryOutError| {
        console.say(&format!("authlight: reset: {error}"));
        Ok(REFUSED)
    };

    let mut now = look();
    if command.delete_old_login {
        return delete_old_login(command, &now, &disk, console, &words);
    }
    let planned =
        reset::sign_out(&now, &disk, leave).and_then(|out| Ok((out, reset::left(&now, &disk, leave, stamp)?)));
    let (sign_out, left) = match planned {
        Ok(planned) => planned,
        Err(error) => return refused(console, error.into()),
    };
    if sign_out.is_none() && left.is_empty() {
        console.print(format!("{}\n", words.text("reset-nothing")).as_bytes())?;
        return Ok(0);
    }
    let mut text = format!("{}\n\n", words.text("reset"));
    if let Some(out) = &sign_out {
        text.push_str(&part(out, &words));
        let _ = writeln!(text, "{}\n", words.text("reset-then"));
    }
    // What signing out does itself may be gone by then.
    left.iter().for_each(|left| text.push_str(&part(left, &words)));
    let _ = writeln!(text, "{}", words.text("reset-leave"));
    console.print(text.as_bytes())?;
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }

    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => {
            console.say(&format!("authlight: reset: {error}"));
            return Ok(REFUSED);
        }
    };
    let cancel = AtomicBool::new(false);
    if let Some(sign_out) = &sign_out {
        let hands = OwnHands { examination: &now, disk: &disk, cancel: &cancel };
        let own = repair::occasion(reset::NAME, now_ms);
        if let Err(error) = reset::carry_out(&[sign_out], &disk, &store, &hands, &own) {
            // What it would have done is done by our own steps, but for the login at the server.
            console.say(&format!("authlight: reset: {error}\n{}", words.text("reset-not-signed-out")));
        }
        now = look();
    }
    let left = match reset::left(&now, &disk, leave, stamp) {
        Ok(left) => left,
        Err(error) => return refused(console, error.into()),
    };
    if !left.is_empty() {
        let hands = OwnHands { examination: &now, disk: &disk, cancel: &cancel };
        let chosen: Vec<_> = left.iter().collect();
        if let Err(error) = reset::carry_out(&chosen, &disk, &store, &hands, &occasion) {
            return refused(console, error);
        }
    }
    let then = look();
    let still = match reset::left(&then, &disk, leave, stamp) {
        Ok(still) => still,
        Err(error) => return refused(console, error.into()),
    };
    let mut text = String::new();
    for planned in &left {
        let done = if still.iter().any(|left| left.part == planned.part) { "reset-still" } else { "reset-part-done" };
        let what = words.text(format!("reset-{}", planned.part.word()));
        let _ = writeln!(text, "{}", words.say(&Message::new(done).with("what", what)));
    }
    let command = sign_in::asked_for(&then).command();
    let end = if still.is_empty() { "reset-done" } else { "reset-not-done" };
    let _ = writeln!(text, "{}", words.say(&Message::new(end).with("command", command)));
    console.print(text.as_bytes())?;
    Ok(if still.is_empty() { 0 } else { REFUSED })
}

/// Deletes login files that an earlier reset set aside.
fn delete_old_login(
    command: &Reset,
    now: &Examination,
    disk: &Disk,
    console: &mut Console<'_>,
    words: &Language,
) -> Result<u8, Trouble> {
    let old = reset::old_logins(now, disk);
    if old.is_empty() {
        console.print(format!("{}\n", words.text("old-login-none")).as_bytes())?;
        return Ok(0);
    }
    let mut text = format!("{}\n", words.text("old-login"));
    for path in &old {
        let _ = writeln!(text, "- {path}");
    }
    let _ = writeln!(text, "{}", words.text("plan-for-good"));
    console.print(text.as_bytes())?;
    if !command.go.yes {
        return not_done(command.go, console, words);
    }
    match reset::delete_old_logins(&old, now, disk) {
        Ok(_) => {
            console.print(format!("{}\n", words.text("old-login-deleted")).as_bytes())?;
            Ok(0)
        }
        Err(error) => {
            console.say(&format!("authlight: reset: {error}"));
            Ok(REFUSED)
        }
    }
}

/// A part as text: what it is, what is lost, and its steps.
fn part(planned: &Planned, words: &Language) -> String {
    let key = format!("reset-{}", planned.part.word());
    let mut text = format!("{} [{}]\n", words.text(key.clone()), planned.part.word());
    let lost = format!("{key}.lost");
    if words.knows(&lost) {
        let _ = writeln!(text, "{}", words.text(lost));
    }
    text.push_str(&steps(&planned.preview, words));
    text.push('\n');
    text
}
