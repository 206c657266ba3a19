//! Plays endings to another program: to the real Claude Code, for instance (`tests/live/against_claude.py`).
//!
//! Without input it lists them. For each name on standard input it starts that ending's servers and says in one line of
//! JSON where they are; they go on until the next line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a program for tests

#[path = "../tests/support/scripted/mod.rs"]
mod scripted;

use std::io::{BufRead as _, Write as _};

use scripted::endings::endings;

fn main() {
    let endings = endings();
    if std::env::args().nth(1).is_some_and(|word| word == "list") {
        for ending in &endings {
            println!("{}", ending.name);
        }
        return;
    }
    let mut held = None;
    for line in std::io::stdin().lock().lines() {
        let name = line.unwrap();
        let ending = endings.iter().find(|ending| ending.name == name).unwrap_or_else(|| panic!("no ending {name}"));
        drop(held.take());
        let played = ending.play();
        let told = serde_json::json!({
            "name": name,
            "base": played.base.as_str(),
            "proxy": played.proxy.as_ref().map(|proxy| proxy.as_str()),
            "root": played.root,
            "endless": ending.endless,
            "credentials": ending.says.iter().map(|(kind, _)| kind.word()).collect::<Vec<_>>(),
        });
        let mut out = std::io::stdout().lock();
        writeln!(out, "{told}").unwrap();
        out.flush().unwrap();
        held = Some(played);
    }
    drop(held);
}
