//! A scripted server: plays an ending on this machine and records every connection and every request on every origin.
//!
//! Used by tests, by the program that plays endings to the real Claude Code, and by the bench.
#![allow(dead_code)] // who includes this needs a part of it

pub mod certificates;
pub mod endings;
pub mod recorder;
pub mod reply;
pub mod server;
pub mod world;
