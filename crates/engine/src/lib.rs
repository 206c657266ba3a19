//! The world around Authlight's core: reading the machine, the live test, words, the console.

pub mod cli;
pub mod live;
pub mod machine;
pub mod report_out;
pub mod words;
