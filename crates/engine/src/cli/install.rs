//! `authlight fix F.install_claude_code`: the ways to install Claude Code, and the one that is named started.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use authlight_core::claude_code::ways::{self, Standing, Way};
use authlight_core::fixes::install_claude_code::ID;
use authlight_core::message::{Message, Words as _};

use super::arguments::Fix;
use super::fix::REFUSED;
use super::{Console, Trouble, examined};
use crate::act::install::{self, Ways};
use crate::contexts;
use crate::machine::session;
use crate::words::Language;

/// Shows the ways; with the word for it starts the one that is named, and looks again.
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
    let mut ways = Ways::look(&disk, &now);
    if let Some(id) = &command.way
        && ways.named(id).is_none()
    {
        let known = ways.all.iter().map(|(way, _)| way.id).collect::<Vec<_>>().join(", ");
        return Err(Trouble::Arguments(format!("fix: --way is one of {known}")));
    }
    if !install::is_missing(&now) {
        console.say(&words.text("install-there"));
        return Ok(REFUSED);
    }
    let Some(id) = command.way.as_deref() else {
        console.print(list(&ways, &words).as_bytes())?;
        if command.go.dry_run {
            return Ok(0);
        }
        console.say(&words.text("install-name-one"));
        return Ok(REFUSED);
    };
    if command.go.yes && now.is_of_this_machine(&outside) {
        ways = ways.ask_node(&now, &session::run, &AtomicBool::new(false));
    }
    let Some((way, standing)) = ways.named(id) else { return Ok(REFUSED) };
    console.print(format!("{}\n", entry(way, standing, &words)).as_bytes())?;
    let start = install::start(way, standing, &now, &outside);
    let Some(start) = start.filter(|_| command.go.yes) else {
        if command.go.dry_run {
            return Ok(0);
        }
        let key = match standing {
            Standing::Ready { .. } | Standing::NodeNotAsked { .. } if !command.go.yes => "plan-nothing-done",
            Standing::Ready { .. } => "install-elsewhere",
            _ => "install-not-started",
        };
        console.say(&words.text(key));
        return Ok(REFUSED);
    };
    console.print(format!("{}\n", said("install-starting", way, &words)).as_bytes())?;
    let ended = start.run_here();
    let then = look();
    if install::is_missing(&then) {
        let why = match ended {
            Ok(status) if status.success() => words.text("install-not-found-after"),
            Ok(status) => {
                let code = i64::from(status.code().unwrap_or(-1));
                words.say(&Message::new("install-failed").with("command", way.command).with("code", code))
            }
            Err(error) => {
                words.say(&Message::new("install-not-run").with("command", way.command).with("why", error.to_string()))
            }
        };
        console.say(&why);
        return Ok(REFUSED);
    }
    let mut text = String::new();
    if let Some(program) = install::installed(&then) {
        let version = program.version.as_deref().unwrap_or_default();
        let done = Message::new("install-done").with("path", program.path.as_str()).with("version", version);
        let _ = writeln!(text, "{}", words.say(&done));
        if !program.on_path {
            let _ = writeln!(text, "{}", words.text("install-not-on-path"));
        }
    }
    for key in ["install-next-login", "install-next-key", "install-next-proof"] {
        let _ = writeln!(text, "{}", words.text(key));
    }
    let _ = writeln!(text, "{}", words.say(&Message::new("install-back").with("command", way.back)));
    console.print(text.as_bytes())?;
    Ok(0)
}

fn said(key: &'static str, way: &Way, words: &Language) -> String {
    words.say(&Message::new(key).with("command", way.command))
}

/// Every way, with what it needs.
fn list(ways: &Ways, words: &Language) -> String {
    let mut text =
        format!("{} ({ID})\n{}\n", words.text("F-install-claude-code"), words.text("F-install-claude-code.does"));
    for (way, standing) in &ways.all {
        let _ = writeln!(text, "\n{}", entry(way, standing, words));
    }
    let more = Message::new("install-more").with("page", ways::PAGE).with("day", ways::CHECKED);
    let _ = writeln!(text, "\n{}", words.say(&more));
    text
}

/// A way: what it is, the command, and how it stands.
fn entry(way: &Way, standing: &Standing, words: &Language) -> String {
    let mut text = format!("{}: {}\n", way.id, words.say(&install::named(way)));
    if !way.command.is_empty() {
        let _ = writeln!(text, "    {}", way.command);
    }
    let _ = write!(text, "  {}", words.say(&install::standing(way, standing)));
    text
}
