//! Changing the machine: from edits to a plan that can be shown, from a plan to a change that can be undone.
//!
//! ```text
//! Repair (edits) ──► plan::of (reads) ──► Plan ──► preview ──► transaction::apply ──► Receipt
//!                                                                   │ journal, backups
//!                                                                   └──► undo, recover
//! ```

mod claude_lock;
mod journal;
pub mod place;
pub mod plan;
pub mod preview;
mod replace;
mod store;
pub mod transaction;
pub mod undo;

pub use journal::{Entry, Noted, OwnChange, Recorded, State};
pub use plan::{Plan, PlanError, Step};
pub use store::{Store, StoreError};
pub use transaction::{ApplyError, Receipt, Recovered, Unfinished, apply, recover};
