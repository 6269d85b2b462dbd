//! What a running daemon owes its keepers: logs, signals, systemd's protocol, metrics, its place behind what serves, and
//! memory given back.

pub(crate) mod clock;
pub(crate) mod heap;
pub(crate) mod logging;
pub mod metrics;
pub(crate) mod priority;
pub(crate) mod progress;
pub(crate) mod signals;
pub(crate) mod systemd;
