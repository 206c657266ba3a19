//! `authlight fix F.company_certificate`: a company's root, given to Claude Code.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, UNIX_EPOCH};

use authlight_core::fixes::company_certificate::ID;
use authlight_core::message::{Message, Words as _};

use super::arguments::Fix;
use super::fix::{REFUSED, headline, not_done, steps};
use super::{Console, Trouble, examined};
use crate::act::certificate::{self, Ended, NotSought, Prepared, Root, Sought};
use crate::act::change::Store;
use crate::act::change::undo::{self, IfChanged};
use crate::act::repair::{self, OwnHands};
use crate::contexts;
use crate::examination::Trial;
use crate::live::Consent;
use crate::machine::session;
use crate::words::Language;

/// How long the connection may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// Looks at the endpoint's certificate, finds the root, shows the plan, and on the word that was given does it.
pub(super) fn run(command: &Fix, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let (disk, mut each) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    if each.len() > 1 {
        return Err(Trouble::Arguments("fix: one --project at a time".to_owned()));
    }
    let Some(examined) = each.pop() else { return Ok(REFUSED) };
    let words = Language::english();
    let (context, ask) = (command.examine.context.unwrap_or_default(), console.ask_shell);
    let look = || contexts::examine(&disk, examined.clone(), context, ask);
    let now = look();
    let outside = |path: &str| disk.outside(path);
    let hosts = command.allow_project_endpoint.iter().cloned();
    let consents: Vec<_> = hosts.map(|host| Consent::ProjectEndpoint { host }).collect();
    let cancel = AtomicBool::new(false);
    let trial =
        Trial { outside: &outside, consents: &consents, deadline: DEADLINE, cancel: &cancel, run: &session::run };
    console.print(format!("{}\n", words.text("certificate-looking")).as_bytes())?;
    let sought = match certificate::seek(&now, &trial) {
        Ok(sought) => sought,
        Err(not_sought) => {
            console.print(no_need(&not_sought, &words).as_bytes())?;
            return Ok(if matches!(not_sought, NotSought::Trusted(_)) { 0 } else { REFUSED });
        }
    };
    let root = match &command.certificate {
        Some(file) => certificate::in_file(&sought, &console.surroundings.folder.join(file), &now),
        None => certificate::in_store(&sought, &now, &disk),
    };
    let root = match root {
        Ok(root) => root,
        Err(none) => {
            console.print(format!("{}\n", said_of(&sought, &words)).as_bytes())?;
            console.say(&words.say(&none.message(&sought)));
            return Ok(REFUSED);
        }
    };
    let now_ms = (console.now)().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let occasion = repair::occasion(ID, now_ms);
    let prepared = match certificate::prepare(&now, &disk, &root, &occasion.change) {
        Ok(prepared) => prepared,
        Err(refused) => {
            console.say(&words.say(&refused.message()));
            return Ok(REFUSED);
        }
    };
    console.print(shown(&sought, &root, &prepared, &words).as_bytes())?;
    if !command.go.yes {
        return not_done(command.go, console, &words);
    }
    let store = match Store::own() {
        Ok(store) => store,
        Err(error) => {
            console.say(&format!("authlight: fix: {error}"));
            return Ok(REFUSED);
        }
    };
    let hands = OwnHands { examination: &now, disk: &disk, cancel: &cancel };
    let told = match prepared.carry_out(&store, &hands, &occasion, &look, &trial) {
        Ok(Ended::Healed(receipt)) => {
            let done = words.say(&Message::new("certificate-done").with("change", receipt.change));
            let (restart, undo) = (words.text("certificate-restart"), words.text("change-how-to-undo"));
            console.print(format!("{done}\n{restart}\n{undo}\n").as_bytes())?;
            return Ok(0);
        }
        Ok(Ended::NotHealed { receipt, still, new }) => {
            let why = match (still, new.first()) {
                (Some(why), _) => words.say(&Message::new("certificate-still").with("why", words.say(&why))),
                (None, Some(found)) => headline("change-new", found, &words),
                (None, None) => words.text("change-still"),
            };
            match undo::undo(&store, &hands, Some(&receipt.change), IfChanged::Ask) {
                Ok(_) => why,
                Err(error) => format!("{why}\n{error}"),
            }
        }
        Err(error) => format!("authlight: fix: {error}"),
    };
    console.say(&told);
    Ok(REFUSED)
}

fn no_need(not_sought: &NotSought, words: &Language) -> String {
    let why = words.say(&not_sought.message());
    let key = match not_sought {
        NotSought::Trusted(_) => "certificate-nothing-to-mend",
        _ => "certificate-other",
    };
    let mut text = format!("{}\n", words.say(&Message::new(key).with("why", why)));
    if let NotSought::Other(row) = not_sought
        && row.text.key == "live-auth-project-endpoint"
        && let Some(host) = row.evidence.get("host")
    {
        let _ = writeln!(text, "{}", words.say(&Message::new("certificate-to-allow").with("host", host.as_str())));
    }
    text
}

fn said_of(sought: &Sought, words: &Language) -> String {
    let said = Message::new("certificate-sought").with("host", sought.host.as_str());
    words.say(&said.with("issuer", sought.issuer.as_str()))
}

fn shown(sought: &Sought, root: &Root, prepared: &Prepared, words: &Language) -> String {
    let day = certificate::day(root.until_ms);
    let found = Message::new("certificate-found").with("subject", root.subject.as_str()).with("day", day);
    let place = match &root.place {
        Some(place) => Message::new("certificate-found-in").with("place", place.as_str()),
        None => Message::new("certificate-found-in-store"),
    };
    let fingerprint = Message::new("certificate-fingerprint").with("fingerprint", root.fingerprint.as_str());
    let mut lines = vec![said_of(sought, words), words.say(&found), words.say(&place), words.say(&fingerprint)];
    lines.push(words.text("certificate-compare"));
    if prepared.taken_along > 0 {
        lines.push(words.say(&Message::new("certificate-taken-along").with("count", prepared.taken_along)));
    }
    let undoable = words.text("plan-undoable");
    format!("{}\n\n{}\n{undoable}\n", lines.join("\n"), steps(&prepared.preview, words))
}
