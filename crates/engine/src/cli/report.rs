//! `authlight report`.

use std::path::Path;

use authlight_core::report::Live;
use authlight_core::selection::Selection;

use super::arguments::Examine;
use super::{Console, Trouble, examined};
use crate::contexts;
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
    let context = examine.context.unwrap_or_default();
    let ask = contexts::once(console.ask_shell);
    let mut looked: Vec<_> =
        examined.into_iter().map(|examined| contexts::examine(&disk, examined, context, &ask)).collect();
    let pass = LeakPass::new(&looked.iter().flat_map(Examination::secrets).collect::<Vec<_>>());
    let reports = contexts::report_each(&mut looked, &Live::default(), &words, &Selection::default());
    let Some(report) = reports.into_iter().next() else { return Ok(3) };
    let released = compose(report, format, &words, &pass).map_err(|error| Trouble::Internal(error.to_string()))?;
    console.deliver(released.as_str(), Some(out))?;
    Ok(0)
}
