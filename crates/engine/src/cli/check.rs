//! `authlight check`.

use std::time::Instant;

use authlight_core::judge::{RunFacts, judge};
use authlight_core::report::{self, Live, Report};

use super::arguments::{Check, FailOn};
use super::{Trouble, examined, print};
use crate::machine::scan::scan;
use crate::words::Language;

/// Looks, judges, tells.
pub fn run(command: &Check) -> Result<u8, Trouble> {
    let started = Instant::now();
    let (disk, examined) = examined::examined(&command.examine)?;
    let snapshot = scan(&disk, examined);
    let facts = RunFacts { tool_version: env!("CARGO_PKG_VERSION").to_owned(), id: crate::machine::run_id(), online: false };
    let mut report = judge(&snapshot, &Live::default(), &facts);
    report.say(&Language::english());
    report.run.duration_ms = (started.elapsed().as_micros() as f64) / 1000.0;
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
