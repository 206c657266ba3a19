//! What takes time or changes something: jobs today; transactions, the journal and sign-in belong here too.

pub mod jobs;
