//! The world around Authlight's core: reading the machine, the live test, words, the window's state, the console.

pub mod act;
pub mod cli;
pub mod contexts;
pub mod examination;
pub mod inspector;
pub mod live;
pub mod machine;
pub mod matrix;
pub mod own_shell;
pub mod practice;
pub mod report_out;
pub mod state;
pub mod what_if;
pub mod words;
