//! How sources and the daemon stand, in words (pure).
//!
//! A source's [`Record`] is what is remembered of its visits: small, bounded, folded anew with each [`Visit`]. From it
//! come [`Finding`]s: what is wrong, since when, what was expected, what came instead, and what to do about it. The same
//! findings are shown everywhere: `/health`, `/health.atom`, `/metrics`, `systemctl status`, the log, the pages.
//!
//! Nothing is said after one bad visit, nor of what is legitimately absent: a quiet weekend, a holiday, a short notice.

mod daemon;
mod finding;
mod holidays;
mod judge;
mod listing;
mod pages;
mod record;
mod run;
mod silence;
#[cfg(test)]
mod tests;
mod visit;
mod week;
mod words;

pub use daemon::Fault;
pub(crate) use daemon::{DaemonFinding, DaemonHealth};
pub use finding::{Finding, Kind, Status};
pub use record::{Change, Record};
pub(crate) use silence::Rhythm;
pub(crate) use visit::{Answer, Failure, PageRead, Visit};
pub(crate) use week::{hour_of_week, weekly_rates};
