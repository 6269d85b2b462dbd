//! What a hub has heard of a feed (pure).

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::store::ListingState;

/// Wait after the first failure; each further one doubles it.
const FIRST: Duration = Duration::from_secs(30);
/// The longest wait: a hub that was down for days hears within an hour of its return.
const LONGEST: Duration = Duration::from_secs(3600);

/// What a hub has heard of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// The version it was last told of.
    version: Option<String>,
    /// When it was last tried.
    tried: Option<Timestamp>,
    /// Failures since.
    pub failures: u32,
}

impl Heard {
    pub(super) fn from_stored(state: ListingState) -> Self {
        Self { version: state.digest, tried: state.answered, failures: state.failures }
    }

    pub(super) fn into_stored(self) -> ListingState {
        ListingState {
            digest: self.version,
            answered: self.tried,
            failures: self.failures,
            ..ListingState::default()
        }
    }

    /// Whether it knows this version.
    pub(super) fn has_heard(&self, version: &str) -> bool {
        self.version.as_deref() == Some(version)
    }

    /// How long until it may be tried; zero for now.
    pub(super) fn wait(&self, now: Timestamp) -> Duration {
        let Some(tried) = self.tried.filter(|_| self.failures > 0) else { return Duration::ZERO };
        let pause = FIRST.saturating_mul(1 << self.failures.saturating_sub(1).min(16)).min(LONGEST);
        // A clock that was set back must not silence a hub for long: then the pause counts from now.
        let passed = Duration::try_from(now.duration_since(tried)).unwrap_or_default();
        pause.saturating_sub(passed)
    }

    /// After it has heard.
    pub(super) fn told(self, version: &str, now: Timestamp) -> Self {
        Self { version: Some(version.to_owned()), tried: Some(now), failures: 0 }
    }

    /// After it could not be told.
    pub(super) fn failed(self, now: Timestamp) -> Self {
        Self { tried: Some(now), failures: self.failures.saturating_add(1), ..self }
    }
}

/// The address under which the store keeps what a hub has heard of a feed: no listing has a fragment.
pub(super) fn key(hub: &Url, topic: &Url) -> Url {
    let mut key = hub.clone();
    key.set_fragment(Some(topic.as_str()));
    key
}
