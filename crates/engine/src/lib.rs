//! The world around Authlight's core: words, jobs, the machine, the console.

pub mod words;
