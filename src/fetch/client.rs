//! What every request passes, in this order: guard, robots.txt, pace, exchange, redirect.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use super::body::Limit;
use super::clients::Clients;
use super::error::{FetchError, SetupError};
use super::exchange::{self, Answer, Ask};
use super::guard::Guard;
use super::headers;
use super::pace::{MAX_WAIT_IN_CALL, Pace};
use super::redirect::{self, MAX_HOPS};
use super::request::Request;
use super::robots::{self, Access, RobotsCache, SiteRules};
use super::trouble::Trouble;
use crate::config::FetchConfig;
use crate::model::{Cause, Clock, Validators};

/// Tries after the first, for failures that pass within seconds.
const MAX_RETRIES: usize = 2;
/// Wait before the first of them where the gap is shorter; it is doubled for the second and lengthened by chance.
const MIN_BACKOFF: Duration = Duration::from_millis(20);

/// Everything a request has to pass, shared by all requests.
pub(super) struct Client {
    clients: Clients,
    guard: Guard,
    pace: Pace,
    robots: RobotsCache,
    timeout: Duration,
    max_body: usize,
    backoff: Duration,
    clock: Clock,
}

/// An answer, and the URL that gave it after all redirects.
pub(super) struct Arrival {
    pub(super) url: Url,
    pub(super) answer: Answer,
}

impl Client {
    pub(super) fn new(config: &FetchConfig, clock: Clock) -> Result<Self, SetupError> {
        let guard = Guard::new(&config.allow_private);
        Ok(Self {
            clients: Clients::new(config, &guard)?,
            guard,
            pace: Pace::new(config.per_host, config.gap, clock.clone()),
            robots: RobotsCache::default(),
            timeout: config.timeout,
            max_body: usize::try_from(config.max_body).unwrap_or(usize::MAX),
            backoff: config.gap.max(MIN_BACKOFF),
            clock,
        })
    }

    /// The same under another configuration; hosts are not asked more often by the change.
    pub(super) fn under(&self, config: &FetchConfig) -> Result<Self, SetupError> {
        let client = Self::new(config, self.clock.clone())?;
        Ok(Self { pace: self.pace.under(config.per_host, config.gap), ..client })
    }

    /// Sends a form and waits for any answer of success. The address guard stands before it; robots.txt, pace and
    /// redirects are for reading portals, not for a service that the operator named.
    pub(super) async fn post(&self, url: &Url, form: String) -> Result<(), Trouble> {
        self.guard.check_url(url)?;
        let exchange = exchange::post(self.clients.of(url), url, form, self.now());
        tokio::time::timeout(self.timeout, exchange).await.unwrap_or_else(|_| {
            Err(Trouble::later(
                Cause::Timeout,
                format!("no answer within {} s, the fetch.timeout", self.timeout.as_secs_f32()),
            ))
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn max_body(&self) -> usize {
        self.max_body
    }

    pub(super) fn robots(&self) -> &RobotsCache {
        &self.robots
    }

    /// Goes through every gate and every redirect to an answer.
    pub(super) async fn arrive(&self, request: &Request) -> Result<Arrival, FetchError> {
        let mut first = request.url.clone();
        first.set_fragment(None);
        let mut trail = vec![first.clone()];
        let mut here = first;
        let budget = Budget::new(self.timeout);
        loop {
            let hop = self.hop(request, &trail, &here, &budget).await;
            let (answer, next) = hop.map_err(|trouble| trouble.of(&request.url, &here))?;
            let Some(next) = next else { return Ok(Arrival { url: here, answer }) };
            trail.push(next.clone());
            here = next;
        }
    }

    async fn hop(
        &self,
        request: &Request,
        trail: &[Url],
        here: &Url,
        budget: &Budget,
    ) -> Result<(Answer, Option<Url>), Trouble> {
        let rules = self.rules(here).await?;
        rules.check(here)?;
        let ask = Ask {
            url: here,
            accept: request.accept.header(),
            validators: &request.validators,
            limit: Limit::Refuse(self.max_body),
        };
        let mut answer = self.ask(&ask, rules.crawl_delay(), budget).await?;
        if is_doubtful(&answer, &request.validators) {
            tracing::debug!(url = %here, "a 304 without the ETag it confirms; asking without conditions");
            let plain = Ask { validators: &Validators::default(), ..ask };
            answer = self.ask(&plain, rules.crawl_delay(), budget).await?;
        }
        let next = redirect::next(trail, answer.status, &answer.headers, MAX_HOPS)?;
        Ok((answer, next))
    }

    /// One request, tried again where that is likely to help and the deadline allows it.
    async fn ask(&self, ask: &Ask<'_>, delay: Option<Duration>, budget: &Budget) -> Result<Answer, Trouble> {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(self.backoff)
            .with_max_times(MAX_RETRIES)
            .with_jitter();
        let clock = self.clock.clone();
        let mut tries = 0;
        (|| {
            tries += 1;
            self.once(ask, delay, budget, tries > MAX_RETRIES)
        })
        .retry(backoff)
        .sleep(move |wait| clock.sleep(wait))
        .when(|trouble| trouble.again && !budget.left().is_zero())
        .adjust(|trouble, wait| match trouble.retry_after() {
            Some(asked) if asked > MAX_WAIT_IN_CALL => None,
            Some(asked) => wait.map(|wait| wait.max(asked)),
            None => wait,
        })
        .notify(|trouble, wait| {
            let wait = wait.as_secs_f32();
            tracing::debug!(url = %ask.url, cause = trouble.why(), wait, "trying again");
        })
        .await
    }

    async fn once(
        &self,
        ask: &Ask<'_>,
        delay: Option<Duration>,
        budget: &Budget,
        is_last: bool,
    ) -> Result<Answer, Trouble> {
        self.guard.check_url(ask.url)?;
        let turn = self.pace.turn(ask.url, delay).await?;
        let started = Instant::now();
        let exchange = exchange::exchange(self.clients.of(ask.url), ask, self.now());
        let outcome = tokio::time::timeout(budget.left(), exchange).await.unwrap_or_else(|_| {
            let time = self.timeout.as_secs_f32();
            Err(Trouble::later(Cause::Timeout, format!("no whole answer within {time} s, the fetch.timeout"))
                .host_failed())
        });
        let time = started.elapsed();
        match &outcome {
            Ok(answer) => {
                tracing::debug!(url = %ask.url, status = answer.status, bytes = answer.body.len(), ?time, "answer")
            }
            Err(trouble) => tracing::debug!(url = %ask.url, cause = trouble.why(), ?time, "no answer"),
        }
        budget.spend(time);
        match &outcome {
            // Of one page that fails three times the host has failed once.
            Err(trouble) if trouble.again && !is_last && !budget.left().is_zero() => turn.tried(trouble),
            _ => turn.done(&outcome),
        }
        outcome
    }

    /// What the robots.txt of a URL's site says.
    pub(super) async fn rules(&self, url: &Url) -> Result<SiteRules, Trouble> {
        self.guard.check_url(url)?;
        let ask = async |known: Option<SiteRules>| self.fetch_robots(url, known).await;
        self.robots.rules(url, || self.now(), ask).await
    }

    /// Asks for a robots.txt, in the RFC's terms.
    async fn fetch_robots(&self, url: &Url, known: Option<SiteRules>) -> Access {
        let delay = known.and_then(|rules| rules.crawl_delay());
        match self.robots_file(url, delay).await {
            Ok(text) => Access::File(text),
            Err(trouble) if trouble.is_later() => Access::Unreachable(trouble),
            // No such file, or none that is ours to read; the request itself still has to pass the guard.
            Err(_) => Access::File(String::new()),
        }
    }

    async fn robots_file(&self, url: &Url, delay: Option<Duration>) -> Result<String, Trouble> {
        let mut here = robots::address(url)?;
        let mut trail = vec![here.clone()];
        let budget = Budget::new(self.timeout);
        loop {
            let ask = Ask {
                url: &here,
                accept: "text/plain,*/*;q=0.1",
                validators: &Validators::default(),
                limit: Limit::Cut(robots::MAX_BYTES),
            };
            let answer = self.ask(&ask, delay, &budget).await?;
            let next = redirect::next(&trail, answer.status, &answer.headers, robots::MAX_REDIRECTS)
                .map_err(|trouble| Trouble::refused(trouble.cause(), trouble.why()))?;
            let Some(next) = next else { return Ok(String::from_utf8_lossy(&answer.body).into_owned()) };
            trail.push(next.clone());
            here = next;
        }
    }
}

/// Whether a 304 lacks the ETag that it has to repeat (RFC 9110 section 15.4.5). A broken cache that says 304 to
/// everything sends such ones, and believing it would mean never to see an edit again.
fn is_doubtful(answer: &Answer, sent: &Validators) -> bool {
    answer.status == 304 && sent.etag.is_some() && headers::validators(&answer.headers).etag.is_none()
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
