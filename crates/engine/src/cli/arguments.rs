//! The arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::practice::Practice;

/// Finds out why Claude Code cannot sign in.
#[derive(Parser, Debug)]
#[command(name = "authlight", version, about, disable_help_subcommand = true)]
pub struct Program {
    /// What to do; without it the window opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to examine in the window.
    #[command(flatten)]
    pub examine: Examine,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Open the window.
    Window {
        /// What to examine.
        #[command(flatten)]
        examine: Examine,
    },
    /// Look at everything and tell the result.
    Check(Check),
    /// What does this message mean?
    Explain {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
        /// The message, or `-` to read it from standard input.
        text: Vec<String>,
    },
    /// Lay out a broken home to practise on.
    Practice(Practice),
}

/// Look at everything.
#[derive(Args, Debug)]
pub struct Check {
    /// What to examine.
    #[command(flatten)]
    pub examine: Examine,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
    /// Also fail on warnings, or on an unknown outcome.
    #[arg(long, value_enum, default_value_t = FailOn::Fail)]
    pub fail_on: FailOn,
}

/// What makes the exit code speak.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FailOn {
    /// Failing findings.
    Fail,
    /// Warnings too.
    Warn,
    /// An unknown outcome too.
    Unknown,
}

/// What to examine.
#[derive(Args, Clone, Debug, Default)]
pub struct Examine {
    /// The folder in which claude is started.
    #[arg(long, value_name = "DIR")]
    pub project: Vec<PathBuf>,
    /// Whose environment.
    #[arg(long, value_enum)]
    pub context: Option<Context>,
    /// How claude is run.
    #[arg(long, value_enum)]
    pub mode: Option<Mode>,
    /// The person's home.
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// A mounted disk, a container image, a practice folder.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Whose rules apply there.
    #[arg(long, value_enum, requires = "root")]
    pub os: Option<System>,
    /// Lines NAME=value in place of the environment; separated by NUL if there is one.
    #[arg(long, value_name = "FILE")]
    pub env_file: Option<PathBuf>,
    /// The flags that are given to claude.
    #[arg(long, value_name = "ARGS", allow_hyphen_values = true)]
    pub claude_args: Option<String>,
}

/// Whose environment.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Context {
    /// This program's.
    Process,
}

/// How claude is run.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Mode {
    /// A person types.
    Interactive,
    /// claude -p.
    Print,
}

/// Whose rules.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum System {
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}
