//! systemd's side of a service: readiness, status, watchdog (sd_notify(3)). Without systemd every call does nothing.

use std::time::Duration;

use sd_notify::NotifyState;

/// Says that the service is up.
pub fn ready() {
    notify(&[NotifyState::Ready]);
}

/// Says that the service is on its way down.
pub fn stopping() {
    notify(&[NotifyState::Stopping]);
}

/// One line that `systemctl status` shows.
pub fn status(line: &str) {
    notify(&[NotifyState::Status(line)]);
}

/// Feeds the watchdog.
pub fn alive() {
    notify(&[NotifyState::Watchdog]);
}

/// How often the watchdog wants to be fed: half of what the unit's `WatchdogSec=` allows.
pub fn watchdog_period() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|limit| limit / 2)
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd does not hear us");
    }
}
