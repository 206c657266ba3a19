//! Starts a program in a job of its own, and ends that with all that it started.
//!
//! Standard input is the lifeline: when it is closed, the job ends. This process is in the job itself, so that nothing is
//! started outside it; when this process ends, however that comes, the system ends the rest.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::mem::ManuallyDrop;
use std::os::windows::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use authlight_core::shell_answer::{self, Program};
use authlight_core::snapshot::Platform;
use win32job::{ExtendedLimitInfo, Job};

use super::{CREATE_NO_WINDOW, NO_MARK, REST_STAYS};

/// Runs a program; gives its exit code.
pub(crate) fn own_session(mark: &str, program: &OsString, arguments: &[OsString]) -> u8 {
    let (mut child, job) = match enter_job().and_then(|job| Ok((start(program, arguments)?, job))) {
        Ok(started) => started,
        Err(error) if [NO_MARK, REST_STAYS].contains(&mark) => {
            let _nobody_listens = writeln!(io::stderr(), "{error}");
            return 127;
        }
        Err(error) => {
            let _nobody_listens = io::stdout().write_all(&shell_answer::not_run(mark, &error.to_string()));
            return 1;
        }
    };
    let status = child.wait().ok();
    if mark == REST_STAYS {
        // Refused: then it ends with us.
        let _may_stay = job.set_extended_limit_info(&mut ExtendedLimitInfo::new());
    }
    status.and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// Whoever closes it ends this process too: that is left to the end of the process.
fn enter_job() -> io::Result<ManuallyDrop<Job>> {
    let job =
        Job::create_with_limit_info(ExtendedLimitInfo::new().limit_kill_on_job_close()).map_err(io::Error::other)?;
    job.assign_current_process().map_err(io::Error::other)?;
    thread::Builder::new().name("lifeline".to_owned()).spawn(|| {
        let mut nothing = [0; 64];
        while matches!(io::stdin().read(&mut nothing), Ok(1..)) {}
        std::process::exit(1)
    })?;
    Ok(ManuallyDrop::new(job))
}

fn start(program: &OsString, arguments: &[OsString]) -> io::Result<Child> {
    let mut command = Command::new(program);
    let shell = Program::of_path(Platform::Windows, &Path::new(program).to_string_lossy());
    if shell.is_some_and(Program::is_verbatim) {
        for argument in arguments {
            command.raw_arg(argument);
        }
    } else {
        command.args(arguments);
    }
    command.stdin(Stdio::null()).creation_flags(CREATE_NO_WINDOW).spawn()
}
