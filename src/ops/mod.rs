//! What a running daemon owes its keepers: logs, signals, systemd's protocol, metrics, its place behind what serves, and
//! memory given back.

pub mod clock;
pub mod heap;
pub mod logging;
pub mod metrics;
pub mod priority;
pub mod progress;
pub mod signals;
pub mod systemd;
