//! Makes a change, takes one back, or finishes what was cut off, with the store and the files that are named: what the
//! tests kill at every system call.
//!
//! `make_change --store DIR --change NAME apply STEP...`, with `write PATH FILE` (the bytes of FILE), `remove PATH`,
//! `aside PATH`, `mode PATH OCTAL`; `make_change --store DIR undo [keep|put-back]`; `make_change --store DIR recover`.
//! Exit 0: done; 2: refused or failed, and the reason on standard error.
#![allow(clippy::disallowed_methods)] // it has no window and no surroundings

use std::io::{self, Write as _};
use std::process::ExitCode;

use authlight_core::fixes::edit::Command;
use authlight_core::fixes::{Edit, FileChange};
use authlight_core::secret::Secret;
use authlight_core::snapshot::Platform;
use authlight_engine::act::change::transaction::{Hands, Occasion};
use authlight_engine::act::change::undo::{self, IfChanged};
use authlight_engine::act::change::{Store, apply, plan, recover};
use authlight_engine::machine::os::Disk;

/// Files alone.
struct NoHands;

impl Hands for NoHands {
    fn set_user_variable(&self, _: &str, _: Option<&Secret>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn run(&self, _: &Command) -> Result<(), String> {
        Err("no program is run".to_owned())
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match done(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _nobody_listens = writeln!(io::stderr(), "{why}");
            ExitCode::from(2)
        }
    }
}

fn done(words: &[&str]) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    match words {
        ["--store", store, "recover"] => {
            let recovered = recover(&Store::in_folder(store.into()), &NoHands).map_err(|error| said(&error))?;
            match recovered.unfinished.first() {
                Some(unfinished) => Err(said(&unfinished.why)),
                None => Ok(()),
            }
        }
        ["--store", store, "undo", choice @ ..] => {
            let if_changed = match choice {
                ["keep"] => IfChanged::Keep,
                ["put-back"] => IfChanged::PutBack,
                _ => IfChanged::Ask,
            };
            let undone = undo::undo(&Store::in_folder(store.into()), &NoHands, None, if_changed);
            undone.map(|_| ()).map_err(|error| said(&error))
        }
        ["--store", store, "--change", change, "apply", steps @ ..] => {
            let edits = edits(steps)?;
            let plan = plan::of(&edits, &Disk::running(Platform::Linux), change).map_err(|error| said(&error))?;
            let occasion = Occasion {
                change: (*change).to_owned(),
                utc: "2026-11-23T12:00:00Z".to_owned(),
                what: "F.example".to_owned(),
            };
            apply(&plan, &Store::in_folder(store.into()), &NoHands, &occasion).map_err(|error| said(&error))?;
            Ok(())
        }
        _ => Err("look at the top of this file".to_owned()),
    }
}

fn edits(mut steps: &[&str]) -> Result<Vec<Edit>, String> {
    let mut edits = Vec::new();
    loop {
        let (edit, rest) = match steps {
            [] => return Ok(edits),
            ["write", path, from, rest @ ..] => {
                let text = std::fs::read_to_string(from).map_err(|error| error.to_string())?;
                let change = FileChange::Whole(Secret::new(text));
                (Edit::File { path: (*path).to_owned(), change }, rest)
            }
            ["remove", path, rest @ ..] => (Edit::File { path: (*path).to_owned(), change: FileChange::Gone }, rest),
            ["aside", path, rest @ ..] => (Edit::SetAside { path: (*path).to_owned() }, rest),
            ["mode", path, mode, rest @ ..] => {
                let mode = u32::from_str_radix(mode, 8).map_err(|error| error.to_string())?;
                (Edit::Mode { path: (*path).to_owned(), mode }, rest)
            }
            _ => return Err("no such step".to_owned()),
        };
        edits.push(edit);
        steps = rest;
    }
}
