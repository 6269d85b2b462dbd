//! What a running daemon owes its keepers: logs, signals, systemd's protocol, metrics.

pub mod logging;
pub mod metrics;
pub mod signals;
pub mod systemd;
