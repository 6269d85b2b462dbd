//! What the addresses of a source's discovery methods answered.

use std::time::Duration;

use serde::Serialize;
use url::Url;

use super::ask::AskError;
use crate::model::{Cause, DiscoveryMethod};

/// What one listing, feed, sitemap or API address answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Which discovery method it belongs to.
    pub method: DiscoveryMethod,
    /// The address.
    pub url: String,
    /// Candidates it named; `None` where it had not changed.
    pub named: Option<usize>,
    /// Why it gave nothing, if it failed.
    pub trouble: Option<String>,
    /// Whether the operator asked for it: only then is its failure a failure of the visit.
    pub wanted: bool,
    /// By who can mend it, if it failed.
    pub cause: Option<Cause>,
    /// Where it led, if that is no longer part of the portal.
    pub moved_to: Option<String>,
    /// Whether a failure may pass by itself.
    #[serde(skip)]
    pub may_pass: bool,
}

impl Asked {
    /// An address that answered.
    pub fn answered(method: DiscoveryMethod, url: &Url, named: Option<usize>) -> Self {
        Self {
            method,
            url: url.to_string(),
            named,
            trouble: None,
            wanted: true,
            cause: None,
            moved_to: None,
            may_pass: false,
        }
    }

    /// An address that gave nothing. `wanted` says whether the operator named it.
    pub fn failed(method: DiscoveryMethod, url: &Url, (cause, why): (Cause, String), wanted: bool) -> Self {
        Self { trouble: Some(why), wanted, cause: Some(cause), ..Self::answered(method, url, None) }
    }
}

/// What came of asking the discovery methods of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrawlReport {
    /// Every address, in the order they were asked.
    pub asked: Vec<Asked>,
    /// Candidates that were not known before.
    pub found: usize,
    /// What deserves a word but is no failure.
    pub notes: Vec<String>,
    pub requests: u64,
    /// How long the portal asked us to wait before the next visit.
    pub asked_pause: Option<Duration>,
}

impl CrawlReport {
    pub(super) fn answered(&mut self, method: DiscoveryMethod, url: &Url, named: Option<usize>) {
        self.asked.push(Asked::answered(method, url, named));
    }

    pub(super) fn failed(&mut self, method: DiscoveryMethod, url: &Url, error: &AskError, wanted: bool) {
        let may_pass = error.may_pass();
        self.asked.push(Asked { may_pass, ..Asked::failed(method, url, error.told(url), wanted) });
    }

    /// Notes that the last answer came from elsewhere.
    pub(super) fn moved(&mut self, to: &Url) {
        if let Some(asked) = self.asked.last_mut() {
            asked.moved_to = Some(to.to_string());
        }
    }

    /// Whether the last address that was asked answered.
    pub(super) fn last_answered(&self) -> bool {
        self.asked.last().is_some_and(|asked| asked.trouble.is_none())
    }

    /// Heeds how long the portal asked us to wait.
    pub(super) fn pause(&mut self, pause: Option<Duration>) {
        self.asked_pause = self.asked_pause.max(pause);
    }
}
