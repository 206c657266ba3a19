//! `authlight provider`: what a provider needs, into settings; what others left behind, out of them.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, UNIX_EPOCH};

use authlight_core::claude_code::variables;
use authlight_core::fixes::Shows;
use authlight_core::fixes::provider::Asked;
use authlight_core::message::{Argument, Message, Words};
use authlight_core::providers::set_up::SetUp;
use authlight_core::report::Context;
use authlight_core::secret::Secret;

use super::arguments::Provider;
use super::fix::{REFUSED, not_done, steps};
use super::recovered::recovered;
use super::rotate::key_from;
use super::{Console, Trouble, examined};
use crate::act::change::Store;
use crate::act::provider::{self, Amiss, Ended, NAME, Prepared, SetUpError, Tested};
use crate::act::repair::{self, OwnHands};
use crate::contexts;
use crate::examination::Trial;
use crate::machine::{Machine, session};
use crate::words::Language;

/// How long each of the tests may take.
const TEST_TIME: Duration = Duration::from_secs(30);

/// Plans, shows, and on the word that was given does it: test, write, test again.
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
        Err(SetUpError::Plan(error)) => return refused(console, &error.to_string()),
    };
    if prepared.is_done() {
        let told = steps(&prepared.preview, &words);
        console.print(format!("{told}{}\n", words.text("provider-already")).as_bytes())?;
        return Ok(0);
    }
    console.print(shown(command, &prepared, &words).as_bytes())?;
    if let Some(amiss) = &prepared.amiss {
        return refused(console, &in_words("provider-plan-", amiss, &words));
    }
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }
    let consents = command.consent.agreed();
    let trial = Trial {
        outside: &|path: &str| disk.outside(path),
        consents: &consents,
        deadline: TEST_TIME,
        cancel: &AtomicBool::new(false),
        run: &session::run,
    };
    let trial = (!command.untested).then_some(&trial);
    if let Some(Err(amiss)) = trial.map(|trial| prepared.test(trial)) {
        let why = format!("{}\n{}", in_words("provider-plan-", &amiss, &words), words.text("provider-untested"));
        return refused(console, &why);
    }
    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => return refused(console, &error.to_string()),
    };
    let hands = OwnHands { examination: &now, disk: &disk, cancel: &AtomicBool::new(false) };
    match prepared.carry_out(&store, &hands, &occasion, &|shows| look(&disk, shows), trial) {
        Ok(Ended::SetUp(receipt, tested)) => {
            let mut text = words.say(&Message::new("provider-done").with("change", receipt.change)) + "\n";
            let _ = writeln!(text, "{}\n{}", proof(tested, &words), words.text("change-how-to-undo"));
            console.print(text.as_bytes())?;
            Ok(0)
        }
        Ok(Ended::TakenBack(amiss, trouble)) => {
            let mut why = in_words("provider-done-", &amiss, &words);
            why.extend(trouble.iter().map(|trouble| format!("\n{trouble}")));
            refused(console, &why)
        }
        Err(error) => refused(console, &error.to_string()),
    }
}

fn refused(console: &mut Console<'_>, why: &str) -> Result<u8, Trouble> {
    console.say(&format!("authlight: provider: {why}"));
    Ok(REFUSED)
}

/// The values of the arguments, keys from where they are kept: never from an argument, which other programs see.
fn values(command: &Provider, console: &mut Console<'_>, words: &Language) -> Result<Vec<(String, Secret)>, Trouble> {
    let wrong_way = |key: &'static str, name: &str| wrong(vec![Message::new(key).with("name", name)], words);
    // Nothing of it is repeated: a secret may stand in it.
    let halves = |texts: &[String]| -> Option<Vec<(String, String)>> {
        let half = |text: &String| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        texts.iter().map(half).collect()
    };
    let set = halves(&command.set).ok_or_else(|| wrong_way("provider-no-assignment", "--set"))?;
    let key_files = halves(&command.key_from).ok_or_else(|| wrong_way("provider-no-assignment", "--key-from"))?;
    let set_up = SetUp::of(command.name);
    let is_secret = |name: &str| variables::find(name).is_some_and(|fact| fact.secret);
    for (name, _) in set.iter().chain(&key_files) {
        let known = variables::find(name).is_some() || set_up.is_some_and(|set_up| set_up.field(name).is_some());
        if !known {
            let takes = set_up.into_iter().flat_map(SetUp::all_fields).map(|field| field.name);
            let message = Message::new("provider-takes").with("provider", command.name.word());
            let message = message.with("names", takes.collect::<Vec<_>>().join(", "));
            return Err(wrong(vec![message], words));
        }
    }
    if let Some((name, _)) = set.iter().find(|(name, _)| is_secret(name)) {
        return Err(wrong_way("provider-not-set", name));
    }
    if let Some((name, _)) = key_files.iter().find(|(name, _)| !is_secret(name)) {
        return Err(wrong_way("provider-not-key", name));
    }
    if key_files.iter().filter(|(_, from)| from == "-").count() > 1 {
        return Err(Trouble::Arguments("provider: only one key can come from standard input".to_owned()));
    }
    let mut values: Vec<_> = set.into_iter().map(|(name, value)| (name, Secret::new(value))).collect();
    for (name, from) in key_files {
        values.push((name, key_from(&from, console)?));
    }
    Ok(values)
}

/// Every sentence on a line of its own; where something is missing, what that is and where it is found.
fn wrong(why: Vec<Message>, words: &Language) -> Trouble {
    let said = why.into_iter().map(|message| {
        let name = message.args.iter().find_map(|(arg, value)| match value {
            Argument::Text(name) if *arg == "name" => Some(format!("provider-{name}")),
            _ => None,
        });
        let what = name.filter(|key| words.knows(key));
        let what = what.map(|key| format!("{}. {}", words.text(key.clone()), words.text(format!("{key}.where"))));
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

/// What the test has shown.
fn proof(tested: Option<Tested>, words: &Language) -> String {
    match tested {
        Some(Tested::Verified) => words.text("provider-verified"),
        Some(Tested::NobodySignsIn) => words.text("provider-then-sign-in"),
        Some(Tested::Login) => words.text("provider-login-counts"),
        Some(Tested::NotTested(why)) => {
            let why = why.map(|why| words.say(&why)).unwrap_or_default();
            words.say(&Message::new("provider-not-tested").with("why", why)).trim_end().to_owned()
        }
        None => words.say(&Message::new("provider-not-tested").with("why", "")).trim_end().to_owned(),
    }
}

fn in_words(start: &str, amiss: &Amiss, words: &Language) -> String {
    words.say(&amiss.message(start, words, &str::to_owned))
}
