//! `authlight provider`: what a provider needs, into settings; what others left behind, out of them.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use std::time::UNIX_EPOCH;

use authlight_core::fixes::Shows;
use authlight_core::fixes::provider::Asked;
use authlight_core::message::{Message, Words};
use authlight_core::providers::set_up::SetUp;
use authlight_core::report::{Context, Source};
use authlight_core::secret::Secret;

use super::arguments::Provider;
use super::fix::{REFUSED, not_done, steps};
use super::recovered::recovered;
use super::rotate::key_from;
use super::{Console, Trouble, examined};
use crate::act::change::Store;
use crate::act::change::undo::{self, IfChanged};
use crate::act::provider::{self, Amiss, Ended, Prepared, SetUpError};
use crate::act::repair::{self, OwnHands};
use crate::contexts;
use crate::machine::Machine;
use crate::words::Language;

/// The name under which it stands in the journal.
const NAME: &str = "F.provider";

/// Plans, shows, and on the word that was given does it.
pub(super) fn run(command: &Provider, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let words = Language::english();
    let asked = Asked { provider: command.name, scope: command.scope, values: values(command, console, &words)? };
    let (disk, mut each) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    if each.len() > 1 {
        return Err(Trouble::Arguments("provider: one --project at a time".to_owned()));
    }
    let Some(examined) = each.pop() else { return Ok(REFUSED) };
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
    let occasion = repair::occasion(NAME, now_ms);
    let prepared = match provider::prepare(&asked, &disk, &now, &look, &occasion.change) {
        Ok(prepared) => prepared,
        Err(SetUpError::Values(why)) => return Err(wrong(why, &words)),
        Err(SetUpError::Plan(error)) => return refused(console, &format!("authlight: provider: {error}")),
    };
    if !prepared.plan.changes_something() && prepared.amiss.is_none() {
        console.print(format!("{}{}\n", told(&prepared, &words), words.text("provider-already")).as_bytes())?;
        return Ok(0);
    }
    console.print(shown(command, &prepared, &words).as_bytes())?;
    if let Some(amiss) = &prepared.amiss {
        console.say(&in_words("provider-plan-", amiss, &words));
        return Ok(REFUSED);
    }
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }
    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => return refused(console, &format!("authlight: provider: {error}")),
    };
    let hands = OwnHands { examination: &now, disk: &disk, cancel: &AtomicBool::new(false) };
    match prepared.carry_out(&store, &hands, &occasion, &|shows| look(&disk, shows)) {
        Ok(Ended::SetUp(receipt)) => {
            let mut text = words.say(&Message::new("change-done").with("change", receipt.change)) + "\n";
            let _ = writeln!(text, "{}\n{}", words.text("provider-not-tested"), words.text("change-how-to-undo"));
            console.print(text.as_bytes())?;
            Ok(0)
        }
        Ok(Ended::Amiss(receipt, amiss)) => {
            let why = in_words("provider-done-", &amiss, &words);
            match undo::undo(&store, &hands, Some(&receipt.change), IfChanged::Ask) {
                Ok(_) => refused(console, &why),
                Err(error) => refused(console, &format!("{why}\n{error}")),
            }
        }
        Err(error) => refused(console, &format!("authlight: provider: {error}")),
    }
}

fn refused(console: &mut Console<'_>, why: &str) -> Result<u8, Trouble> {
    console.say(why);
    Ok(REFUSED)
}

/// The values of the arguments, keys from where they are kept: never from an argument, which other programs see.
fn values(
    command: &Provider,
    console: &mut Console<'_>,
    words: &Language,
) -> Result<Vec<(String, Secret)>, Trouble> {
    let is_secret = |name: &str| {
        let field = SetUp::of(command.name).and_then(|set_up| set_up.field(name));
        let fact = authlight_core::claude_code::variables::find(name);
        field.map_or(fact.is_some_and(|fact| fact.secret), |field| field.is_secret())
    };
    let wrong_way = |key: &'static str, name: &str| wrong(vec![Message::new(key).with("name", name)], words);
    if let Some((name, _)) = command.set.iter().find(|(name, _)| is_secret(name)) {
        return Err(wrong_way("provider-not-set", name));
    }
    if let Some((name, _)) = command.key_from.iter().find(|(name, _)| !is_secret(name)) {
        return Err(wrong_way("provider-not-key", name));
    }
    if command.key_from.iter().filter(|(_, from)| from == "-").count() > 1 {
        return Err(Trouble::Arguments("provider: only one key can come from standard input".to_owned()));
    }
    let mut values: Vec<_> = command.set.iter().map(|(name, value)| (name.clone(), Secret::new(value))).collect();
    for (name, from) in &command.key_from {
        values.push((name.clone(), key_from(from, console)?));
    }
    Ok(values)
}

/// Every sentence on a line of its own; where something is missing, what that is and where it is found.
fn wrong(why: Vec<Message>, words: &Language) -> Trouble {
    let said = why.into_iter().map(|message| {
        let name = message.args.iter().find(|(arg, _)| *arg == "name").map(|(_, value)| value.to_string());
        let what = name.map(|name| format!("provider-{name}")).filter(|key| words.knows(key));
        let what = what.map(|key| format!("{} {}", words.text(key.clone()), words.text(format!("{key}.where"))));
        words.say(&message.with("what", what.unwrap_or_default()))
    });
    Trouble::Arguments(format!("provider: {}", said.collect::<Vec<_>>().join("\n")))
}

fn shown(command: &Provider, prepared: &Prepared, words: &Language) -> String {
    let title = words.say(&Message::new("F-provider").with("provider", command.name.word()));
    let mut text = format!("{title}\n{}\n\n", words.text("F-provider.does"));
    text.push_str(&steps(&prepared.preview, words));
    let _ = writeln!(text, "\n{}", words.text("plan-undoable"));
    text
}

/// What is told beside what is done.
fn told(prepared: &Prepared, words: &Language) -> String {
    if prepared.preview.steps.is_empty() { String::new() } else { steps(&prepared.preview, words) + "\n" }
}

fn in_words(start: &str, amiss: &Amiss, words: &Language) -> String {
    let message = |what: &str| Message::new(format!("{start}{what}"));
    words.say(&match amiss {
        Amiss::Other(provider) => message("other").with("provider", provider.word()),
        Amiss::Value { name, place } => message("value").with("name", *name).with("place", shown_place(place, words)),
        Amiss::New(found) => message("new").with("headline", words.say(&found.text)),
    })
}

fn shown_place(place: &Source, words: &Language) -> String {
    place.path.clone().unwrap_or_else(|| words.text("provider-start"))
}
