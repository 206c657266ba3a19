//! Reports that leave the machine, and the checklist as text.

pub mod redaction;

#[cfg(test)]
pub(crate) mod samples;
