//! The only code that reads the operating system.

pub mod os;
pub mod scan;

use authlight_core::reading::{FileFacts, Reading};

/// A machine to look at. Paths are as seen from inside it.
pub trait Machine {
    /// The bytes of a regular file of at most `limit` bytes. Never waits: a pipe or device is not opened.
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>);

    /// What the system says of a path, links followed.
    fn facts(&self, path: &str) -> Reading<FileFacts>;

    /// The names in a folder, sorted.
    fn list(&self, folder: &str) -> Reading<Vec<String>>;

    /// Whether the examined person may write a path. `None` where that cannot be told, or nothing is there.
    fn writable(&self, path: &str) -> Option<bool>;
}
