//! What is known of one host's rhythm. Pure: every decision is a function of `now`.

use std::time::Duration;

use tokio::time::Instant;

use super::super::trouble::Trouble;
use super::MAX_WAIT_IN_CALL;
use super::breaker::Breaker;
use crate::model::Cause;

#[derive(Debug, Default)]
pub(super) struct HostState {
    /// When the next request may start.
    next: Option<Instant>,
    /// Until when the host asked to be left alone.
    paused: Option<Instant>,
    breaker: Breaker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) at: Instant,
    /// Whether it is the one that tries a host whose breaker was open.
    pub(super) probe: bool,
}

/// Why no request may start, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    Paused(Duration),
    /// The breaker is open; what failed last.
    Broken(Duration, String),
}

impl Closed {
    pub(super) fn wait(&self) -> Duration {
        match self {
            Self::Paused(wait) | Self::Broken(wait, _) => *wait,
        }
    }

    pub(super) fn trouble(self) -> Trouble {
        let (why, wait) = match self {
            Self::Paused(wait) => {
                ("left alone for a while, as the host asked by Retry-After".to_owned(), wait)
            }
            Self::Broken(wait, last) => {
                (format!("left alone after too many failures of the host in a row, the last: {last}"), wait)
            }
        };
        Trouble::later(Cause::LeftAlone, why).after(Some(wait))
    }
}

impl HostState {
    /// Whether a request would be turned away, without taking a slot.
    pub(super) fn closed(&self, now: Instant) -> Option<Closed> {
        if let Some((wait, last)) = self.breaker.open_for(now) {
            return Some(Closed::Broken(wait, last.to_owned()));
        }
        let pause = self.paused.map(|until| until.saturating_duration_since(now)).unwrap_or_default();
        (pause > MAX_WAIT_IN_CALL).then_some(Closed::Paused(pause))
    }

    /// Takes the next slot, `gap` after the one before it.
    pub(super) fn take(&mut self, now: Instant, gap: Duration) -> Result<Slot, Closed> {
        if let Some(closed) = self.closed(now) {
            return Err(closed);
        }
        let probe = self.breaker.admit(now).map_err(|(wait, last)| Closed::Broken(wait, last))?;
        let at = [self.next, self.paused].into_iter().flatten().fold(now, Instant::max);
        self.next = Some(at + gap);
        Ok(Slot { at, probe })
    }

    /// The host answered, whatever it said.
    pub(super) fn answered(&mut self) {
        self.breaker.succeeded();
    }

    /// The host failed, and perhaps asked for a pause.
    pub(super) fn failed(&mut self, now: Instant, why: &str, pause: Option<Duration>) {
        self.breaker.failed(now, why);
        self.pause(now, pause);
    }

    pub(super) fn pause(&mut self, now: Instant, pause: Option<Duration>) {
        if let Some(pause) = pause {
            self.paused = self.paused.max(Some(now + pause));
        }
    }

    /// Whatever made it fail may be mended.
    pub(super) fn forget_failures(&mut self) {
        self.breaker = Breaker::default();
    }

    /// The request that was to try the host was given up.
    pub(super) fn probe_lost(&mut self) {
        self.breaker.probe_lost();
    }

    /// Whether forgetting all this would change nothing.
    pub(super) fn is_quiet(&self, now: Instant) -> bool {
        let past = |moment: Option<Instant>| moment.is_none_or(|moment| moment <= now);
        past(self.next) && past(self.paused) && self.breaker.is_at_rest()
    }
}
