//! Authlight: finds out why Claude Code cannot sign in, and repairs it.

use std::process::ExitCode;

use authlight_engine::cli::{self, Face};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Face::Done(code) => ExitCode::from(code),
        Face::Window(_) => ExitCode::from(3),
    }
}
