//! The world around Authlight's core: words, jobs, the machine, the console.

pub mod act;
pub mod state;
pub mod words;
