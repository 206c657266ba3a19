//! Authlight: finds out why Claude Code cannot sign in.

use std::process::ExitCode;

use authlight::start::{self, Told};

fn main() -> ExitCode {
    start::program(Told::OnTheConsole)
}
