//! A report for the person at this machine: `check` as text or JSON.

use authlight_core::message::Words;
use authlight_core::report::Report;

use super::ComposeError;
use super::redaction::{LeakPass, Outgoing, Released};

/// Lays reports out as one document and lets the last pass look at it. Where a secret stands in a field that is no place
/// for one (a key in the variable of an address), the fields are cleaned first, as in a report that leaves the machine.
///
/// # Errors
/// [`ComposeError`]; nothing of the reports is in it.
pub fn compose(
    mut reports: Vec<Report>,
    words: &dyn Words,
    pass: &LeakPass,
    lay_out: &dyn Fn(&[Report]) -> Result<String, serde_json::Error>,
) -> Result<Released, ComposeError> {
    // They go nowhere unless the pass lets them out.
    reports.iter_mut().for_each(|report| report.redaction.passed = true);
    match pass.release_whole(lay_out(&reports)?) {
        Ok(released) => Ok(released),
        Err(_) => {
            let clean = |report| Outgoing::new(report, words, pass).report().clone();
            Ok(pass.release_whole(lay_out(&reports.into_iter().map(clean).collect::<Vec<_>>())?)?)
        }
    }
}
