//! The shell of the person who looks: run, to be asked what a new terminal has.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::contexts::{ShellRun, ShellTrouble};
use authlight_core::shell::StaticEnvironment;
use authlight_core::snapshot::Examined;

use crate::contexts::ShellSaid;
use crate::machine::login_shell::{self, Remark, Request};
use crate::machine::{self, shell_profiles};

/// How long a shell may take. A slow one needs seconds.
const DEADLINE: Duration = Duration::from_secs(10);

/// The command line that would be run for this person, where their shell may be run: of the running system, in their own
/// home, with nothing put in the place of its environment.
pub fn command(examined: &Examined) -> Option<String> {
    login_shell::command_shown(&path(examined)?, examined.platform)
}

/// Asks the shell. `base` is what it begins with.
pub fn ask(examined: &Examined, base: &StaticEnvironment, cancel: &AtomicBool) -> Option<ShellSaid> {
    let shell = path(examined)?;
    let command = login_shell::command_shown(&shell, examined.platform)?;
    let helper = machine::console_program()?;
    let answer = login_shell::ask(&Request {
        shell: &shell,
        platform: examined.platform,
        base: &machine::environment_of_a_new_program(examined.platform, &base.variables),
        folder: &PathBuf::from(&examined.home),
        deadline: DEADLINE,
        helper: &helper,
        cancel,
    });
    let mut run = ShellRun { command, trouble: None, printed: None, went_to: None };
    let variables = match answer {
        Ok(answer) => {
            for remark in answer.remarks {
                match remark {
                    Remark::Printed { bytes } => run.printed = Some(bytes),
                    Remark::ChangedFolder { to } => run.went_to = Some(to),
                    // The value itself is looked at by the checks of keys.
                    Remark::NotText { .. } => {}
                }
            }
            Some(answer.variables)
        }
        Err(trouble) => {
            run.trouble = Some(plain(&trouble)?);
            None
        }
    };
    Some(ShellSaid { variables, unsure: Vec::new(), run })
}

/// `None`: nobody wants to know any more.
fn plain(trouble: &login_shell::ShellTrouble) -> Option<ShellTrouble> {
    use login_shell::ShellTrouble as Trouble;
    Some(match trouble {
        Trouble::NotThere => ShellTrouble::NotThere,
        Trouble::NotRunnable(_) => ShellTrouble::NotRunnable,
        Trouble::TimedOut { .. } => ShellTrouble::TimedOut,
        Trouble::EndedEarly { .. } => ShellTrouble::EndedEarly,
        Trouble::TooMuchOutput { .. } => ShellTrouble::TooMuchOutput,
        Trouble::NoAnswer => ShellTrouble::NoAnswer,
        Trouble::CannotRead => ShellTrouble::NotAsked,
        Trouble::Cancelled => return None,
    })
}

fn path(examined: &Examined) -> Option<PathBuf> {
    if !examined.own {
        return None;
    }
    shell_profiles::path_of_the_shell(&machine::os::Disk::running(examined.platform), examined).map(PathBuf::from)
}
