//! Asking a shell for its environment: which command line opens it as a new terminal does and has it call this program,
//! and how that program's answer is found among whatever else the shell prints.
//!
//! The command lines are after the manuals of the shells: bash(1), zsh(1), fish(1), sh of POSIX, `nu --help`,
//! about_PowerShell_exe, `cmd /?`.

mod answer;
mod command_line;

pub use answer::{ANSWER_LIMIT, Heard, Listener, Told, environment, is_wanted, not_run};
pub use command_line::{Program, TELL_ENVIRONMENT};
