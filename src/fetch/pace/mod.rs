//! How often a host is asked: so many connections at a time, a gap between the starts of requests, a pause where the
//! host asked for one, and a circuit breaker.
//!
//! The decisions are pure functions of the moment they are handed; only [`Pace::turn`] waits.

mod breaker;
mod host;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::trouble::Trouble;
use crate::model::{Cause, Clock};
use host::{HostState, Slot};

/// Hosts that are remembered. The quiet ones are forgotten first, which costs nothing: a new entry behaves alike.
const MAX_HOSTS: usize = 4096;

/// Longest pause that is waited out inside a call; for a longer one the caller is told to come back.
pub(super) const MAX_WAIT_IN_CALL: Duration = Duration::from_secs(5);

pub(super) struct Pace {
    per_host: usize,
    gap: Duration,
    clock: Clock,
    hosts: Arc<Mutex<HashMap<String, Arc<Host>>>>,
}

struct Host {
    connections: Arc<Semaphore>,
    state: Mutex<HostState>,
}

impl Host {
    fn with<T>(&self, decide: impl FnOnce(&mut HostState) -> T) -> T {
        // The state is a few plain values, whole after every statement, so a panic elsewhere cannot have torn it.
        decide(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pace {
    pub(super) fn new(per_host: usize, gap: Duration, clock: Clock) -> Self {
        Self { per_host: per_host.max(1), gap, clock, hosts: Arc::default() }
    }

    /// The pace under other settings. Requests under way and pauses that hosts asked for count on; failures do not, since
    /// what was changed may have mended them.
    pub(super) fn under(&self, per_host: usize, gap: Duration) -> Self {
        if self.per_host != per_host.max(1) {
            return Self::new(per_host, gap, self.clock.clone());
        }
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.values().for_each(|host| host.with(HostState::forget_failures));
        drop(hosts);
        Self { gap, clock: self.clock.clone(), hosts: Arc::clone(&self.hosts), per_host: self.per_host }
    }

    /// Waits until the host of `url` may be asked. `crawl_delay` lengthens the gap. Fails at once where the wait would
    /// be long: an open breaker, a long `Retry-After`.
    pub(super) async fn turn(&self, url: &Url, crawl_delay: Option<Duration>) -> Result<Turn, Trouble> {
        let name = host_key(url);
        let host = self.host(&name);
        host.with(|state| state.closed(self.clock.instant()))
            .map_or(Ok(()), |closed| Err(closed.trouble()))?;
        let connection = Arc::clone(&host.connections)
            .acquire_owned()
            .await
            .map_err(|_| Trouble::later(Cause::Stopping, "the program is stopping"))?;
        let gap = self.gap.max(crawl_delay.unwrap_or(Duration::ZERO));
        let Slot { at, probe } =
            host.with(|state| state.take(self.clock.instant(), gap)).map_err(|closed| closed.trouble())?;
        let turn =
            Turn { name, host, clock: self.clock.clone(), probe, settled: false, _connection: connection };
        // The timer counts whole milliseconds, so that even a wait of none would cost one.
        let wait = at.saturating_duration_since(self.clock.instant());
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
        Ok(turn)
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(name) {
            return Arc::clone(host);
        }
        if hosts.len() >= MAX_HOSTS {
            forget(&mut hosts, self.clock.instant());
        }
        let host = Arc::new(Host {
            connections: Arc::new(Semaphore::new(self.per_host)),
            state: Mutex::new(HostState::default()),
        });
        hosts.insert(name.to_owned(), Arc::clone(&host));
        host
    }
}

/// Makes room: hosts without a memory worth keeping, and if there are none, all that no request is using.
fn forget(hosts: &mut HashMap<String, Arc<Host>>, now: Instant) {
    hosts.retain(|_, host| Arc::strong_count(host) > 1 || !host.with(|state| state.is_quiet(now)));
    if hosts.len() >= MAX_HOSTS {
        hosts.retain(|_, host| Arc::strong_count(host) > 1);
    }
}

/// What counts as one host: http and https of one name together, an explicit port by itself, since another service
/// stands there.
fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The right to make one request now. Dropping it gives the connection back; [`Turn::done`] also says how it went.
pub(super) struct Turn {
    name: String,
    host: Arc<Host>,
    clock: Clock,
    probe: bool,
    settled: bool,
    _connection: OwnedSemaphorePermit,
}

impl Turn {
    /// Says that the request failed and is tried again at once: a pause that was asked for is kept, and the breaker hears
    /// of it only if that fails, too. A request that tries whether the host is back has shown that it is not.
    pub(super) fn tried(mut self, trouble: &Trouble) {
        if self.probe {
            return self.done::<()>(&Err(trouble.clone()));
        }
        self.settled = true;
        let now = self.clock.instant();
        self.host.with(|state| state.pause(now, trouble.retry_after()));
    }

    /// Says how the request went, for breaker and pause.
    pub(super) fn done<T>(mut self, outcome: &Result<T, Trouble>) {
        self.settled = true;
        let now = self.clock.instant();
        match outcome {
            Err(trouble) if trouble.host_failed => {
                let closed = self.host.with(|state| {
                    let before = state.closed(now).is_some();
                    state.failed(now, trouble.why(), trouble.retry_after());
                    state.closed(now).filter(|_| !before)
                });
                if let Some(closed) = closed {
                    let wait = closed.wait().as_secs();
                    let cause = trouble.why();
                    // Health tells of it where it lasts.
                    tracing::info!(host = %self.name, cause, "leaving the host alone for {wait} s");
                }
            }
            _ => self.host.with(HostState::answered),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // A request that was cancelled says nothing about the host, but its place as the probe must not stay taken.
        if self.probe && !self.settled {
            self.host.with(HostState::probe_lost);
        }
    }
}
