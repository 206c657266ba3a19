//! Whether this computer's clock is right. A wrong one makes good logins look ended and good certificates look expired.

mod file_times;
mod login_issued;
mod server_date;

use super::Check;

/// The checks, in the order of the screen.
pub(super) const CHECKS: &[Check] = &[file_times::CHECK, login_issued::CHECK, server_date::CHECK];
