//! robots.txt (RFC 9309): what may be fetched, how slowly, and where the sitemaps are.
//!
//! A copy is good for a day (section 2.4) and is used beyond that while the file cannot be reached; without a copy
//! nothing is fetched until it can (section 2.3.1.4), or until it has been unreachable for thirty days. A 4xx, or more
//! redirects than five, means that there is no such file and everything may be fetched (2.3.1.2, 2.3.1.3); a 429 is no
//! answer at all, as Google reads it too.

mod cache;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use robotxt::Robots;
use serde::{Deserialize, Serialize};
use url::Url;

use super::trouble::Trouble;
use crate::model::Cause;
pub(super) use cache::RobotsCache;

/// The product token that groups of a robots.txt may name (RFC 9309 section 2.2.1).
pub(super) const PRODUCT: &str = "tinsach";
/// How much of a file is read (section 2.5).
pub(super) const MAX_BYTES: usize = robotxt::BYTE_LIMIT;
/// Redirects followed for it (section 2.3.1.2).
pub(super) const MAX_REDIRECTS: usize = 5;
/// How long a copy is good (section 2.4).
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// How long an unreachable file forbids everything (section 2.3.1.4).
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long after a failure it is not asked for again.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);
/// Longest Crawl-delay that is kept. A longer one, which is no part of the RFC, would make a portal unreadable by
/// accident more often than on purpose.
const MAX_CRAWL_DELAY: Duration = Duration::from_secs(60);

/// Where the file of a URL's site is.
pub(super) fn address(url: &Url) -> Result<Url, Trouble> {
    robotxt::robots_url(url)
        .map_err(|error| Trouble::refused(Cause::Forbidden, format!("it has no robots.txt: {error}")))
}

/// What is kept of one site's robots.txt over a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsEntry {
    /// Scheme, host and port it applies to: `https://portal.vn`.
    pub origin: String,
    /// The file, at most 500 KiB; empty where there is none; `None` if it has never been reached.
    pub text: Option<String>,
    /// When it was last read, or first asked for in vain.
    pub fetched: Timestamp,
    pub unreachable_since: Option<Timestamp>,
}

/// What a site's robots.txt says to us.
#[derive(Clone, Debug)]
pub struct SiteRules {
    rules: Arc<Robots>,
}

impl SiteRules {
    fn parse(text: &str) -> Self {
        Self { rules: Arc::new(Robots::parse(text.as_bytes(), PRODUCT)) }
    }

    fn none() -> Self {
        Self { rules: Arc::new(Robots::allow_all()) }
    }

    /// Whether a URL of that site may be fetched.
    pub fn allows(&self, url: &Url) -> bool {
        self.rules.is_url_allowed(url)
    }

    /// The pause it asks for between requests, at most a minute.
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.rules.crawl_delay().map(|delay| delay.min(MAX_CRAWL_DELAY))
    }

    /// The sitemaps it names, http and https only; they may stand on another host.
    pub fn sitemaps(&self) -> Vec<Url> {
        let web = |url: &&Url| matches!(url.scheme(), "http" | "https");
        self.rules.sitemaps().iter().filter(web).cloned().collect()
    }

    /// The check before a request, with the rule that forbids it in the message.
    pub(super) fn check(&self, url: &Url) -> Result<(), Trouble> {
        if self.allows(url) {
            return Ok(());
        }
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let rule = self.rules.matching_rule(path).map(|rule| rule.pattern().to_owned()).unwrap_or_default();
        Err(Trouble::refused(Cause::Robots, format!("robots.txt forbids it: Disallow: {rule}")))
    }
}

/// What asking for a robots.txt brought, in the RFC's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The file, or empty if there is none.
    File(String),
    /// No answer, or none that says anything about the file.
    Unreachable(Trouble),
}

/// One site's file as it is known.
#[derive(Clone, Debug)]
struct Known {
    entry: RobotsEntry,
    rules: Option<SiteRules>,
    tried: Timestamp,
    trouble: Option<Trouble>,
}

impl Known {
    fn stored(entry: RobotsEntry) -> Self {
        let rules = entry.text.as_deref().map(SiteRules::parse);
        Self { tried: entry.fetched, rules, entry, trouble: None }
    }

    /// Whether it is used without asking: a copy of the last day, or a failure of the last minute.
    fn is_settled(&self, now: Timestamp) -> bool {
        let within =
            |since: Timestamp, limit| (SignedDuration::ZERO..limit).contains(&now.duration_since(since));
        if self.entry.unreachable_since.is_some() || self.rules.is_none() {
            return self.trouble.is_some() && within(self.tried, AGAIN);
        }
        within(self.entry.fetched, FRESH)
    }

    /// What is known after asking at `now`.
    fn after(before: Option<&Self>, origin: &str, access: Access, now: Timestamp) -> Self {
        match access {
            Access::File(text) => Self::stored(RobotsEntry {
                origin: origin.to_owned(),
                text: Some(text),
                fetched: now,
                unreachable_since: None,
            }),
            Access::Unreachable(trouble) => {
                let since = before.and_then(|known| known.entry.unreachable_since).unwrap_or(now);
                let entry = before.map(|known| known.entry.clone()).unwrap_or(RobotsEntry {
                    origin: origin.to_owned(),
                    text: None,
                    fetched: now,
                    unreachable_since: None,
                });
                Self {
                    entry: RobotsEntry { unreachable_since: Some(since), ..entry },
                    rules: before.and_then(|known| known.rules.clone()),
                    tried: now,
                    trouble: Some(trouble),
                }
            }
        }
    }

    /// The rules in force, or why nothing may be fetched.
    fn in_force(&self, now: Timestamp) -> Result<SiteRules, Trouble> {
        if let Some(rules) = &self.rules {
            return Ok(rules.clone());
        }
        let since = self.entry.unreachable_since.unwrap_or(self.entry.fetched);
        if now.duration_since(since) >= GIVEN_UP {
            return Ok(SiteRules::none());
        }
        Err(unknown(self.trouble.as_ref()))
    }
}

/// Why nothing may be fetched while the file is not known, from the last failure to read it.
fn unknown(last: Option<&Trouble>) -> Trouble {
    let why = last.map_or("no answer", Trouble::why);
    let trouble = match last.map_or(Cause::RobotsUnreachable, cause_of) {
        Cause::RobotsUnreachable => {
            let why = format!("robots.txt is not known, and until it is nothing may be fetched: {why}");
            Trouble::later(Cause::RobotsUnreachable, why)
        }
        of_host => Trouble::later(of_host, why),
    };
    trouble.after(last.and_then(Trouble::retry_after))
}

/// What an unreachable robots.txt is a case of: the host's own fault where nothing there can be had, whatever is asked
/// for, and else one of this file.
fn cause_of(trouble: &Trouble) -> Cause {
    match trouble.cause() {
        Cause::ServerError
        | Cause::OtherStatus
        | Cause::Redirect
        | Cause::Broken
        | Cause::TooLarge
        | Cause::WrongType => Cause::RobotsUnreachable,
        of_host => of_host,
    }
}
