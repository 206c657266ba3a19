//! `authlight check`.

use authlight_core::report::{self, Live, Report};

use super::arguments::{Check, FailOn};
use super::{Trouble, examined, print};
use crate::examination::Examination;
use crate::words::Language;

/// Looks, judges, tells.
pub fn run(command: &Check) -> Result<u8, Trouble> {
    let (disk, examined) = examined::examined(&command.examine)?;
    let report = Examination::look(&disk, examined).report(&Live::default(), &Language::english());
    print(&document(&report, command.json)?)?;
    Ok(report.exit_code(match command.fail_on {
        FailOn::Fail => report::FailOn::Fail,
        FailOn::Warn => report::FailOn::Warn,
        FailOn::Unknown => report::FailOn::Unknown,
    }))
}

fn document(report: &Report, json: bool) -> Result<String, Trouble> {
    if json {
        let text = serde_json::to_string_pretty(report).map_err(|error| Trouble::Internal(error.to_string()))?;
        return Ok(text + "\n");
    }
    Ok(format!("{}\n", report.verdict.headline.text()))
}
