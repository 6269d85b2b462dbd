//! Waits between requests are the clock's: with a simulated one hours pass at once, and no server is asked too early.

use std::time::Instant;

use wiremock::matchers::any;

use super::*;
use crate::model::SimulatedTime;

const HOUR: Duration = Duration::from_secs(3600);

fn simulated(config: FetchConfig) -> (Fetcher, SimulatedTime) {
    let (clock, time) = Clock::simulated(now());
    (Fetcher::with_clock(&config, clock).expect("a fetcher"), time)
}

async fn cause(fetcher: &Fetcher, asked: &Url) -> Option<Cause> {
    fetcher.page(&Request::page(asked.clone())).await.err().map(|error| error.cause())
}

#[tokio::test]
async fn the_gap_passes_at_once() {
    let real = Instant::now();
    let (server, asked) = portal(html("<p>tin")).await;
    let (fetcher, time) = simulated(FetchConfig { gap: HOUR, ..config() });
    let mut stamps = Vec::new();
    for _ in 0..3 {
        let fetched = fetcher.page(&Request::page(asked.clone())).await.expect("a page");
        stamps.push(fetched.into_new().expect("new").fetched.as_second() - now().as_second());
    }
    assert_eq!(stamps, [3600, 7200, 10800], "robots.txt was first");
    assert_eq!((hits(&server).await, time.now().as_second()), (3, now().as_second() + 10800));
    assert!(real.elapsed() < HOUR / 60);
}

#[tokio::test]
async fn a_retry_waits_by_the_clock() {
    let (server, asked) = portal(ResponseTemplate::new(502)).await;
    let gap = Duration::from_secs(10);
    let (fetcher, time) = simulated(FetchConfig { gap, ..config() });
    assert_eq!(cause(&fetcher, &asked).await, Some(Cause::ServerError));
    assert_eq!(hits(&server).await, 3);
    let passed = time.now().as_second() - now().as_second();
    assert!((40..=70).contains(&passed), "a gap, then one and two with up to as much by chance: {passed} s");
}

#[tokio::test]
async fn pauses_and_the_breaker_end_by_the_clock() {
    let (server, asked) = portal(ResponseTemplate::new(429).insert_header("retry-after", "120")).await;
    let (fetcher, time) = simulated(config());
    assert_eq!(cause(&fetcher, &asked).await, Some(Cause::RateLimited));
    time.advance(Duration::from_secs(110));
    assert_eq!(cause(&fetcher, &asked).await, Some(Cause::LeftAlone));
    time.advance(Duration::from_secs(7));
    assert_eq!(cause(&fetcher, &asked).await, Some(Cause::RateLimited), "the last seconds are waited out");
    assert_eq!(time.now().as_second() - now().as_second(), 120);
    assert_eq!(hits(&server).await, 2);

    let (server, asked) = portal(ResponseTemplate::new(500)).await;
    let (fetcher, time) = simulated(config());
    for _ in 0..5 {
        assert_eq!(cause(&fetcher, &asked).await, Some(Cause::ServerError));
    }
    for minutes in [1, 2, 4] {
        assert_eq!(cause(&fetcher, &asked).await, Some(Cause::LeftAlone));
        time.advance(Duration::from_secs(minutes * 60));
        assert_eq!(cause(&fetcher, &asked).await, Some(Cause::ServerError), "the probe, {minutes}");
    }
    assert_eq!(hits(&server).await, 8);
}

#[tokio::test]
async fn robots_txt_is_read_again_a_day_later_and_may_forbid_then() {
    let server = MockServer::start().await;
    let closed = body("User-agent: *\nDisallow: /", "text/plain");
    Mock::given(path("/robots.txt"))
        .respond_with(ResponseTemplate::new(404))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(path("/robots.txt")).respond_with(closed).mount(&server).await;
    Mock::given(any()).respond_with(html("<p>tin")).mount(&server).await;
    let asked = url(&format!("{}/a.html", server.uri()));
    let (fetcher, time) = simulated(config());
    time.advance(HOUR * 23);
    assert_eq!(cause(&fetcher, &asked).await, None);
    time.advance(HOUR * 23);
    assert_eq!(cause(&fetcher, &asked).await, None, "the copy is good for a day");
    time.advance(HOUR);
    assert_eq!(cause(&fetcher, &asked).await, Some(Cause::Robots));
    let feed = Request::new(asked, Accept::Feed);
    assert_eq!(fetcher.document(&feed).await.expect_err("forbidden").cause(), Cause::Robots);
    assert_eq!(hits(&server).await, 2);
}
