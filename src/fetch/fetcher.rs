//! The gates in their order: guard, robots.txt, pace, exchange, redirect, content.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use reqwest::Client;
use tokio::time::Instant;
use url::Url;

use super::body::{Limit, check_page, unzipped};
use super::charset;
use super::error::{FetchError, SetupError, Trouble};
use super::guard::Guard;
use super::headers;
use super::pace::{PATIENCE, Pace};
use super::redirect::{self, MAX_HOPS};
use super::request::{Fetched, NotModified, Request};
use super::robots::{self, Access, RobotsCache, RobotsEntry, SiteRules};
use super::wire::{self, Answer, Ask};
use crate::article::{Document, Page, Validators};
use crate::config::FetchConfig;

/// Where the time comes from: the `fetched` stamps, the age of a robots.txt, `Retry-After` dates.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Tries after the first, for failures that pass within seconds.
const RETRIES: usize = 2;
/// Shortest wait before the first of them; it is doubled for the second and spread by chance.
const BACKOFF: Duration = Duration::from_millis(250);

/// Fetches pages and documents. Cheap to clone; clones share connections, pace, breakers and robots.txt files.
#[derive(Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    guard: Guard,
    pace: Pace,
    robots: RobotsCache,
    timeout: Duration,
    max_body: usize,
    backoff: Duration,
    clock: Clock,
}

/// An answer and the way to it.
struct Arrival {
    trail: Vec<Url>,
    answer: Answer,
}

impl Fetcher {
    /// Builds the client from the configuration, with the system's clock.
    ///
    /// # Errors
    /// [`SetupError`] if the User-Agent cannot be sent or no TLS client can be made.
    pub fn new(config: &FetchConfig) -> Result<Self, SetupError> {
        Self::with_clock(config, Arc::new(Timestamp::now))
    }

    /// The same with a clock of the caller's.
    ///
    /// # Errors
    /// As [`Fetcher::new`].
    pub fn with_clock(config: &FetchConfig, clock: Clock) -> Result<Self, SetupError> {
        let guard = Guard::new(&config.allow_private);
        let inner = Inner {
            client: wire::client(config, &guard)?,
            guard,
            pace: Pace::new(config.per_host, config.gap),
            robots: RobotsCache::default(),
            timeout: config.timeout,
            max_body: usize::try_from(config.max_body).unwrap_or(usize::MAX),
            backoff: config.gap.max(BACKOFF),
            clock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Fetches a page for people and decodes it.
    ///
    /// # Errors
    /// [`FetchError`], by what to do next.
    pub async fn page(&self, request: &Request) -> Result<Fetched<Page>, FetchError> {
        let Arrival { trail, answer } = self.inner.arrive(request).await?;
        let at = trail.last().unwrap_or(&request.url).clone();
        if answer.status == 304 {
            return Ok(Fetched::NotModified(self.inner.not_modified(request, at, &answer)));
        }
        let page = self.inner.read_page(request, at.clone(), answer);
        page.map(Fetched::New).map_err(|trouble| trouble.of(&request.url, &at))
    }

    /// Fetches a feed, sitemap or API answer as bytes; a gzip file is unpacked.
    ///
    /// # Errors
    /// [`FetchError`], by what to do next.
    pub async fn document(&self, request: &Request) -> Result<Fetched<Document>, FetchError> {
        let Arrival { trail, answer } = self.inner.arrive(request).await?;
        let at = trail.last().unwrap_or(&request.url).clone();
        if answer.status == 304 {
            return Ok(Fetched::NotModified(self.inner.not_modified(request, at, &answer)));
        }
        let document = self.inner.read_document(request, at.clone(), answer);
        document.map(Fetched::New).map_err(|trouble| trouble.of(&request.url, &at))
    }

    /// What the robots.txt of a URL's site says: from the cache if a copy is fresh, else asked for.
    ///
    /// # Errors
    /// [`FetchError::Later`] if the file cannot be reached and no copy is there; [`FetchError::Refused`] if the guard
    /// keeps the site off limits.
    pub async fn robots(&self, url: &Url) -> Result<SiteRules, FetchError> {
        let rules = async {
            self.inner.guard.check_url(url)?;
            self.inner.rules(url).await
        };
        rules.await.map_err(|trouble| trouble.of(url, url))
    }

    /// What is known of every site's robots.txt, to be kept over a restart.
    pub fn robots_snapshot(&self) -> Vec<RobotsEntry> {
        self.inner.robots.snapshot()
    }

    /// Takes back what [`Fetcher::robots_snapshot`] gave.
    pub fn preload(&self, entries: Vec<RobotsEntry>) {
        self.inner.robots.preload(entries);
    }
}

impl Inner {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Goes through every gate and every redirect to an answer.
    async fn arrive(&self, request: &Request) -> Result<Arrival, FetchError> {
        let mut first = request.url.clone();
        first.set_fragment(None);
        let mut trail = vec![first];
        let budget = Budget::new(self.timeout);
        loop {
            let here = trail.last().unwrap_or(&request.url);
            let hop = self.hop(request, &trail, here, &budget).await;
            let (answer, next) = hop.map_err(|trouble| trouble.of(&request.url, here))?;
            match next {
                None => return Ok(Arrival { trail, answer }),
                Some(next) => trail.push(next),
            }
        }
    }

    async fn hop(
        &self,
        request: &Request,
        trail: &[Url],
        here: &Url,
        budget: &Budget,
    ) -> Result<(Answer, Option<Url>), Trouble> {
        self.guard.check_url(here)?;
        let rules = self.rules(here).await?;
        rules.check(here)?;
        let ask = Ask {
            url: here,
            accept: request.accept.header(),
            validators: &request.validators,
            limit: Limit::Refuse(self.max_body),
        };
        let answer = self.ask(&ask, rules.crawl_delay(), budget).await?;
        let next = redirect::next(trail, answer.status, &answer.headers, MAX_HOPS)?;
        Ok((answer, next))
    }

    /// One request, tried again where that is likely to help and the deadline allows it.
    async fn ask(&self, ask: &Ask<'_>, delay: Option<Duration>, budget: &Budget) -> Result<Answer, Trouble> {
        let backoff =
            ExponentialBuilder::default().with_min_delay(self.backoff).with_max_times(RETRIES).with_jitter();
        (|| self.once(ask, delay, budget))
            .retry(backoff)
            .when(|trouble| trouble.again && !budget.left().is_zero())
            .adjust(|trouble, wait| match trouble.retry_after() {
                Some(asked) if asked > PATIENCE => None,
                Some(asked) => wait.map(|wait| wait.max(asked)),
                None => wait,
            })
            .notify(|trouble, wait| {
                tracing::debug!(url = %ask.url, cause = trouble.why(), wait_ms = wait.as_millis(), "trying again");
            })
            .await
    }

    async fn once(&self, ask: &Ask<'_>, delay: Option<Duration>, budget: &Budget) -> Result<Answer, Trouble> {
        let turn = self.pace.turn(ask.url, delay).await?;
        let started = Instant::now();
        let exchange = wire::exchange(&self.client, ask, self.now());
        let outcome = tokio::time::timeout(budget.left(), exchange).await.unwrap_or_else(|_| {
            let time = self.timeout.as_secs_f32();
            Err(Trouble::later(format!("no whole answer within {time} s (fetch.timeout)")).host_failed())
        });
        budget.spend(started.elapsed());
        turn.done(&outcome);
        outcome
    }

    async fn rules(&self, url: &Url) -> Result<SiteRules, Trouble> {
        let ask = async |known: Option<SiteRules>| self.fetch_robots(url, known).await;
        self.robots.rules(url, || self.now(), ask).await
    }

    /// Asks for a robots.txt, in the RFC's terms.
    async fn fetch_robots(&self, url: &Url, known: Option<SiteRules>) -> Access {
        let delay = known.and_then(|rules| rules.crawl_delay());
        match self.robots_file(url, delay).await {
            Ok(text) => Access::File(text),
            Err(trouble) if trouble.is_later() => Access::Unreachable(trouble),
            // No such file, or none that is ours to read: the request itself still has to pass the guard.
            Err(_) => Access::File(String::new()),
        }
    }

    async fn robots_file(&self, url: &Url, delay: Option<Duration>) -> Result<String, Trouble> {
        let first = robots_url(url)?;
        let mut trail = vec![first];
        let budget = Budget::new(self.timeout);
        loop {
            let Some(here) = trail.last() else { return Err(Trouble::refused("it names no host")) };
            self.guard.check_url(here)?;
            let ask = Ask {
                url: here,
                accept: "text/plain,*/*;q=0.1",
                validators: &Validators::default(),
                limit: Limit::Cut(robots::MAX_BYTES),
            };
            let answer = self.ask(&ask, delay, &budget).await?;
            let next = redirect::next(&trail, answer.status, &answer.headers, robots::MAX_REDIRECTS)
                .map_err(|trouble| Trouble::refused(trouble.why()))?;
            match next {
                None => return Ok(String::from_utf8_lossy(&answer.body).into_owned()),
                Some(next) => trail.push(next),
            }
        }
    }

    fn read_page(&self, request: &Request, at: Url, answer: Answer) -> Result<Page, Trouble> {
        let content_type = headers::content_type(&answer.headers);
        not_empty(&answer.body)?;
        check_page(&content_type, &answer.body)?;
        let decoded = charset::decode(&answer.body, headers::charset(&content_type), at.host_str());
        tracing::debug!(url = %at, bytes = answer.body.len(), charset = decoded.encoding, source = ?decoded.source, "page");
        Ok(Page {
            requested: request.url.clone(),
            status: answer.status,
            fetched: self.now(),
            validators: headers::validators(&answer.headers),
            links: headers::links(&answer.headers, &at),
            url: at,
            html: decoded.text,
        })
    }

    fn read_document(&self, request: &Request, at: Url, answer: Answer) -> Result<Document, Trouble> {
        not_empty(&answer.body)?;
        Ok(Document {
            requested: request.url.clone(),
            url: at,
            fetched: self.now(),
            validators: headers::validators(&answer.headers),
            content_type: headers::content_type(&answer.headers),
            total_pages: headers::total_pages(&answer.headers),
            max_age: headers::max_age(&answer.headers),
            bytes: unzipped(answer.body, self.max_body)?,
        })
    }

    fn not_modified(&self, request: &Request, url: Url, answer: &Answer) -> NotModified {
        let new = headers::validators(&answer.headers);
        let old = request.validators.clone();
        NotModified {
            url,
            fetched: self.now(),
            validators: Validators {
                etag: new.etag.or(old.etag),
                last_modified: new.last_modified.or(old.last_modified),
            },
            max_age: headers::max_age(&answer.headers),
        }
    }
}

/// A server that sends an empty page with status 200 has failed on the way; the page is still there.
fn not_empty(body: &[u8]) -> Result<(), Trouble> {
    if body.iter().all(u8::is_ascii_whitespace) { Err(Trouble::later("the answer is empty")) } else { Ok(()) }
}

fn robots_url(url: &Url) -> Result<Url, Trouble> {
    url.join("/robots.txt").map_err(|error| Trouble::refused(format!("it has no robots.txt: {error}")))
}

/// The time that one call may spend with servers, over all its redirects and retries; waiting for a slot is free.
struct Budget {
    left: Mutex<Duration>,
}

impl Budget {
    fn new(time: Duration) -> Self {
        Self { left: Mutex::new(time) }
    }

    fn left(&self) -> Duration {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spend(&self, time: Duration) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_sub(time);
    }
}
