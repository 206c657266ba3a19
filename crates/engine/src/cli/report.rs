//! `authlight report`.

use std::path::Path;

use authlight_core::report::Live;

use super::arguments::Examine;
use super::{Console, Trouble, examined};
use crate::examination::Examination;
use crate::report_out::redaction::LeakPass;
use crate::report_out::{Format, compose};
use crate::words::Language;

/// Looks, and writes what may leave the machine.
pub(super) fn run(examine: &Examine, out: &Path, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let format = match (Format::of(out), out.extension()) {
        (Some(format), _) => format,
        (None, None) => Format::Markdown,
        (None, Some(_)) => {
            return Err(Trouble::Arguments(format!(
                "{}: a report is written as .md, .json or .txt; this version knows no other ending",
                out.display()
            )));
        }
    };
    let (disk, examined) = examined::each(examine, &console.surroundings, (console.now)())?;
    let words = Language::english();
    let looked: Vec<_> = examined.into_iter().map(|examined| Examination::look(&disk, examined)).collect();
    let pass = LeakPass::new(&looked.iter().flat_map(Examination::secrets).collect::<Vec<_>>());
    let mut reports = looked.iter().map(|examination| examination.report(&Live::default(), &words));
    let Some(mut report) = reports.next() else { return Ok(3) };
    reports.for_each(|other| authlight_core::judge::add_context(&mut report, other));
    let released = compose(report, format, &words, &pass).map_err(|error| Trouble::Internal(error.to_string()))?;
    console.deliver(released.as_str(), Some(out))?;
    Ok(0)
}
