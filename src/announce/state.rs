//! What a hub has heard of a feed (pure).

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::store::ListingState;

/// Wait after the first failure; each further one doubles it.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(30);
/// The longest wait: a hub that was down for days hears within an hour of its return.
const MAX_RETRY_DELAY: Duration = Duration::from_secs(3600);

/// What a hub has heard of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// The version it was last told of.
    version: Option<String>,
    /// From when the pause counts: the last try, or later if the hub asked for a longer pause.
    from: Option<Timestamp>,
    /// Failures since.
    pub failures: u32,
}

impl Heard {
    pub(super) fn from_stored(state: ListingState) -> Self {
        Self { version: state.digest, from: state.answered, failures: state.failures }
    }

    pub(super) fn into_stored(self) -> ListingState {
        ListingState {
            digest: self.version,
            answered: self.from,
            failures: self.failures,
            ..ListingState::default()
        }
    }

    pub(super) fn has_heard(&self, version: &str) -> bool {
        self.version.as_deref() == Some(version)
    }

    /// How long until it may be tried; zero for now.
    pub(super) fn wait(&self, now: Timestamp) -> Duration {
        let Some(from) = self.from.filter(|_| self.failures > 0) else { return Duration::ZERO };
        let until = from.checked_add(self.pause()).unwrap_or(from);
        let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
        // No pause is longer, so the clock was set back: that must not silence a hub until it is right again.
        if left > MAX_RETRY_DELAY { Duration::ZERO } else { left }
    }

    fn pause(&self) -> Duration {
        FIRST_RETRY_DELAY.saturating_mul(1 << self.failures.saturating_sub(1).min(16)).min(MAX_RETRY_DELAY)
    }

    /// After it has heard.
    pub(super) fn told(self, version: &str, now: Timestamp) -> Self {
        Self { version: Some(version.to_owned()), from: Some(now), failures: 0 }
    }

    /// After it could not be told; `asked` is how long the hub wants to be left alone (Retry-After), which can only
    /// lengthen the pause.
    pub(super) fn failed(self, now: Timestamp, asked: Option<Duration>) -> Self {
        let next = Self { failures: self.failures.saturating_add(1), ..self };
        let longer = asked.unwrap_or_default().min(MAX_RETRY_DELAY).saturating_sub(next.pause());
        Self { from: Some(now.checked_add(longer).unwrap_or(now)), ..next }
    }
}

/// The address under which the store keeps what a hub has heard of a feed: no listing has a fragment.
pub(super) fn key(hub: &Url, topic: &Url) -> Url {
    let mut key = hub.clone();
    key.set_fragment(Some(topic.as_str()));
    key
}
