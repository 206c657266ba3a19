//! Authlight: finds out why Claude Code cannot sign in, and repairs it.

use std::ffi::OsString;
use std::process::ExitCode;

use authlight::start;
use authlight_engine::cli::{self, Face};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(match cli::run(arguments.clone()) {
        Face::Done(code) => code,
        Face::Window(mut window) => match window.renderer.take() {
            Some(renderer) => start::in_this_process(renderer, *window),
            None => start::window(*window, arguments.get(1..).unwrap_or_default()),
        },
    })
}
