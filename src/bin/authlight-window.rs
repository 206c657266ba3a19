//! Authlight as people double-click it on Windows: the same program in the subsystem of windows, so that no console
//! flashes up (contract, section 1).
#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;

use authlight::start::{self, Told};

fn main() -> ExitCode {
    start::program(Told::InADialog)
}
