//! `authlight redact`: a text without its secrets, or nothing.

use std::io::Read as _;

use super::arguments::Examine;
use super::{Console, Trouble, examined};
use crate::examination::Examination;
use crate::report_out::redaction::{Counts, LeakPass, redact_bytes};

/// The longest text that is taken. A longer one is refused: half of it might be let out unseen.
const MOST_BYTES: u64 = 256 << 20;

/// Reads everything, replaces what is secret, and writes only what the last pass lets out.
pub(super) fn run(console: &mut Console<'_>) -> Result<u8, Trouble> {
    let mut text = Vec::new();
    let read = (&mut *console.input).take(MOST_BYTES + 1).read_to_end(&mut text);
    read.map_err(|error| Trouble::Internal(format!("standard input: {error}. Nothing was written")))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Trouble::Arguments(format!(
            "redact: the text is longer than {} MiB. Nothing was written. Give it in parts",
            MOST_BYTES >> 20
        )));
    }
    // A key that no pattern knows is known from where it stands on this machine.
    let (disk, examined) = examined::each(&Examine::default(), &console.surroundings, (console.now)())?;
    let secrets: Vec<_> =
        examined.into_iter().flat_map(|examined| Examination::look(&disk, examined).secrets()).collect();
    let pass = LeakPass::new(&secrets);
    let mut redacted = redact_bytes(&text);
    let known = pass.replace(&mut redacted.bytes);
    pass.check(&redacted.bytes).map_err(|leak| Trouble::Internal(leak.to_string()))?;
    console.print(&redacted.bytes)?;
    let said = said(&redacted.counts, known);
    console.say(&format!("authlight: {said}"));
    Ok(0)
}

/// What was replaced, for the person.
fn said(counts: &Counts, known: usize) -> String {
    let mut parts: Vec<String> = counts.iter().map(|(rule, count)| format!("{} {count}", rule.word())).collect();
    if known > 0 {
        parts.push(format!("known {known}"));
    }
    if parts.is_empty() { "nothing was replaced".to_owned() } else { format!("replaced: {}", parts.join(", ")) }
}
