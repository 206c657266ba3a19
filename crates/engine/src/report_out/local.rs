//! A report for the person at this machine: `check` as text or JSON.

use authlight_core::message::Words;
use authlight_core::report::Report;

use super::ComposeError;
use super::redaction::{LeakPass, Outgoing, Released};

/// Lays a report out and lets the last pass look at it. Where a secret stands in a field that is no place for one (a
/// key in the variable of an address), the fields are cleaned first, as in a report that leaves the machine.
///
/// # Errors
/// [`ComposeError`]; nothing of the report is in it.
pub fn compose(
    mut report: Report,
    words: &dyn Words,
    pass: &LeakPass,
    lay_out: &dyn Fn(&Report) -> Result<String, serde_json::Error>,
) -> Result<Released, ComposeError> {
    // It goes nowhere unless the pass lets it out.
    report.redaction.passed = true;
    match pass.release(&lay_out(&report)?) {
        Ok(released) => Ok(released),
        Err(_) => Ok(pass.release(&lay_out(Outgoing::new(report, words, pass).report())?)?),
    }
}
