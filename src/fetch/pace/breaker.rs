//! The circuit breaker of one host: after some failures in a row it is left alone for a growing time, then one request
//! tries whether it is back.

use std::time::Duration;

use tokio::time::Instant;

/// Failures in a row that open the circuit.
const FAILURES_TO_OPEN: u32 = 5;
/// How long it stays open the first time; doubled each time the probe fails.
pub(super) const FIRST_OPEN_TIME: Duration = Duration::from_secs(60);
/// How long it stays open at most.
pub(super) const MAX_OPEN_TIME: Duration = Duration::from_secs(3600);
/// What a caller is told to wait while the probe is under way.
const PROBE_WAIT: Duration = Duration::from_secs(10);

/// Closed (requests pass), open (none passes), or half open (one passes).
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: State,
    last: String,
}

#[derive(Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant, time: Duration },
    Probing { until: Instant, time: Duration },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// How long it stays open yet, and the last failure; `None` if a request may pass.
    pub(super) fn open_for(&self, now: Instant) -> Option<(Duration, &str)> {
        match self.state {
            State::Open { until, .. } if until > now => Some((until - now, &self.last)),
            _ => None,
        }
    }

    /// Lets a request pass and says whether it is the probe, or for how long none passes.
    pub(super) fn admit(&mut self, now: Instant) -> Result<bool, (Duration, String)> {
        match self.state {
            State::Closed { .. } => Ok(false),
            State::Open { until, .. } if until > now => Err((until - now, self.last.clone())),
            State::Open { until, time } => {
                self.state = State::Probing { until, time };
                Ok(true)
            }
            State::Probing { .. } => Err((PROBE_WAIT, self.last.clone())),
        }
    }

    /// The host answered.
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// The host failed.
    pub(super) fn failed(&mut self, now: Instant, why: &str) {
        self.last = why.to_owned();
        self.state = match self.state {
            State::Closed { failures } if failures + 1 < FAILURES_TO_OPEN => {
                State::Closed { failures: failures + 1 }
            }
            State::Closed { .. } => State::Open { until: now + FIRST_OPEN_TIME, time: FIRST_OPEN_TIME },
            // A request that was under way when the circuit opened adds nothing.
            State::Open { until, time } => State::Open { until, time },
            State::Probing { time, .. } => {
                let time = (time * 2).min(MAX_OPEN_TIME);
                State::Open { until: now + time, time }
            }
        };
    }

    /// The probe was given up: the next request is the probe.
    pub(super) fn probe_lost(&mut self) {
        if let State::Probing { until, time } = self.state {
            self.state = State::Open { until, time };
        }
    }

    /// Whether nothing is held against the host.
    pub(super) fn is_at_rest(&self) -> bool {
        matches!(self.state, State::Closed { failures: 0 })
    }
}
