//! Faults of the daemon: noted where people look, told once when they begin and once when they are over.

use std::sync::Arc;

use crate::health::{DaemonHealth, Fault};
use crate::model::Clock;
use crate::ops::metrics::{ByWhat, Metrics};

/// Where faults are noted. Clones note in the same place.
#[derive(Clone)]
pub(super) struct FaultLog {
    pub(super) health: Arc<DaemonHealth>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) clock: Clock,
}

impl FaultLog {
    /// Notes that something cannot be written, with the reason, or that it can.
    pub(super) fn note(&self, fault: Fault, what: &'static str, why: Option<String>) {
        let Some(why) = why else { return self.over(fault) };
        self.metrics.write_faults.get_or_create(&ByWhat { what }).inc();
        if self.health.began(fault, &why, self.clock.now()) {
            // The reason says itself how to mend it.
            tracing::error!(finding = fault.name(), "{}: {why}", fault.title());
        }
    }

    /// Notes that a fault is over, if there was one.
    pub(super) fn over(&self, fault: Fault) {
        if self.health.ended(fault, self.clock.now()).is_some() {
            tracing::info!(finding = fault.name(), "over: {}", fault.title());
        }
    }
}
