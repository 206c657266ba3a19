//! `authlight fix`: one repair, shown or done.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use std::time::UNIX_EPOCH;

use authlight_core::fixes::{Risk, Shows, company_certificate, install_claude_code, put_key};
use authlight_core::message::{Message, Words};
use authlight_core::report::{Context, Finding};

use super::arguments::{Fix, Go};
use super::recovered::recovered;
use super::{Console, Trouble, certificate, examined, install};
use crate::act::change::preview::Preview;
use crate::act::change::undo::{self, IfChanged};
use crate::act::change::{ApplyError, Store};
use crate::act::repair::{self, Ended, OwnHands, Prepared, RepairError};
use crate::contexts;
use crate::machine::Machine;
use crate::words::Language;

/// Exit code: refused or failed, and nothing is changed.
pub(super) const REFUSED: u8 = 2;

/// Plans, shows, and on the word that was given does it.
pub(super) fn run(command: &Fix, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let is_certificate = command.id == company_certificate::ID;
    if !is_certificate && (command.certificate.is_some() || !command.allow_project_endpoint.is_empty()) {
        let only = "--certificate and --allow-project-endpoint belong to";
        return Err(Trouble::Arguments(format!("fix: {only} {}", company_certificate::ID)));
    }
    let is_install = command.id == install_claude_code::ID;
    if !is_install && command.way.is_some() {
        return Err(Trouble::Arguments(format!("fix: --way belongs to {}", install_claude_code::ID)));
    }
    let is_key = command.id == put_key::ID;
    if !is_key && (command.key_from.is_some() || command.place.is_some() || command.approve) {
        return Err(Trouble::Arguments(format!("fix: --key-from, --place and --approve belong to {}", put_key::ID)));
    }
    if is_key {
        return super::put_key::run(command, console);
    }
    if is_certificate {
        return certificate::run(command, console);
    }
    if is_install {
        return install::run(command, console);
    }
    let (disk, mut each) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    if each.len() > 1 {
        return Err(Trouble::Arguments("fix: one --project at a time".to_owned()));
    }
    let Some(examined) = each.pop() else { return Ok(REFUSED) };
    let words = Language::english();
    if let Ok(store) = Store::own() {
        recovered(&store, console, &words);
    }
    let context = command.examine.context.unwrap_or_default();
    let ask = console.ask_shell;
    let look = |machine: &dyn Machine, shows: Shows| match shows {
        Shows::Here => contexts::examine(machine, examined.clone(), context, ask),
        Shows::NewTerminal => contexts::examine(machine, examined.clone(), Context::NewTerminal, contexts::STATICALLY),
    };
    let now = look(&disk, Shows::Here);
    let now_ms = (console.now)().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let occasion = repair::occasion(&command.id, now_ms);
    let prepared = match repair::prepare(&command.id, command.at.as_deref(), &disk, &now, &look, &occasion.change) {
        Ok(prepared) => prepared,
        Err(error @ (RepairError::UnknownFix(_) | RepairError::Several { .. })) => {
            return Err(Trouble::Arguments(format!("fix: {error}")));
        }
        Err(error @ (RepairError::NothingToMend(_) | RepairError::Plan(_))) => {
            console.say(&format!("authlight: fix: {error}"));
            return Ok(REFUSED);
        }
    };
    console.print(shown(&prepared, &words).as_bytes())?;
    if !prepared.plan.changes_something() {
        return Ok(if command.go.yes { 0 } else { not_done(command.go, console, &words)? });
    }
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }
    let accepted = |finding: &Finding| {
        finding.code.as_deref().is_some_and(|code| command.accept.iter().any(|accepted| accepted == code))
    };
    if prepared.stays || prepared.uncovers.iter().any(|finding| !accepted(finding)) {
        return Ok(REFUSED);
    }
    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => {
            console.say(&format!("authlight: fix: {error}"));
            return Ok(REFUSED);
        }
    };
    let hands = OwnHands { examination: &now, disk: &disk, cancel: &AtomicBool::new(false) };
    let look_again = |shows| look(&disk, shows);
    let told = match prepared.carry_out(&store, &hands, &occasion, &look_again) {
        Ok(Ended::Healed(receipt)) => {
            let done = words.say(&Message::new("change-done").with("change", receipt.change));
            let undo = prepared.plan.irreversible().next().is_none().then(|| words.text("change-how-to-undo"));
            let told = [Some(done), undo].into_iter().flatten().collect::<Vec<_>>().join("\n");
            console.print(format!("{told}\n").as_bytes())?;
            return Ok(0);
        }
        Ok(Ended::NotHealed { still: false, new, receipt }) if new.iter().all(accepted) => {
            let done = words.say(&Message::new("change-done").with("change", receipt.change));
            console.print(format!("{done}\n").as_bytes())?;
            return Ok(0);
        }
        Ok(Ended::NotHealed { receipt, still, new }) => {
            let why = match new.first().filter(|_| !still) {
                Some(found) => headline("change-new", found, &words),
                None => words.text("change-still"),
            };
            match undo::undo(&store, &hands, Some(&receipt.change), IfChanged::Ask) {
                Ok(_) => why,
                Err(error) => format!("{why}\n{error}"),
            }
        }
        Err(error) => in_words(error),
    };
    console.say(&told);
    Ok(REFUSED)
}

fn in_words(error: ApplyError) -> String {
    format!("authlight: fix: {error}")
}

/// Nothing was done: asked for is a plan, or the word for it is missing.
pub(super) fn not_done(go: Go, console: &mut Console<'_>, words: &Language) -> Result<u8, Trouble> {
    if go.dry_run {
        return Ok(0);
    }
    console.say(&words.text("plan-nothing-done"));
    Ok(REFUSED)
}

/// The plan as text.
fn shown(prepared: &Prepared, words: &Language) -> String {
    let [button, does, lost] = repair::words_of(prepared.fix);
    let mut text = format!("{} ({})\n{}\n", words.say(&button), prepared.fix.id, words.say(&does));
    if words.knows(&lost.key) {
        let _ = writeln!(text, "{}", words.say(&lost));
    }
    text.push('\n');
    text.push_str(&steps(&prepared.preview, words));
    if prepared.fix.risk == Risk::Manual || !prepared.plan.changes_something() {
        let _ = writeln!(text, "\n{}", words.text("plan-by-hand"));
    } else if prepared.plan.irreversible().next().is_none() {
        let _ = writeln!(text, "\n{}", words.text("plan-undoable"));
    }
    if prepared.stays {
        let _ = writeln!(text, "{}", words.text("plan-stays"));
    }
    for found in &prepared.uncovers {
        let _ = writeln!(text, "{}", headline("plan-uncovers", found, words));
    }
    text
}

pub(super) fn headline(key: &'static str, found: &Finding, words: &Language) -> String {
    words.say(&Message::new(key).with("headline", words.say(&found.text)))
}

/// Every step as text.
pub(super) fn steps(preview: &Preview, words: &Language) -> String {
    let mut text = String::new();
    for (number, step) in preview.steps.iter().enumerate() {
        let _ = writeln!(text, "{}. {}", number + 1, words.say(&step.what));
        for line in &step.lines {
            let at = words.say(&Message::new("plan-line").with("number", line.number));
            let _ = writeln!(text, "   {} {at}: {}", if line.added { '+' } else { '-' }, line.text);
        }
        if let Some(command) = &step.command {
            let _ = writeln!(text, "     {command}");
        }
        if !step.reversible {
            let _ = writeln!(text, "   {}", words.text("plan-for-good"));
        }
    }
    text
}
