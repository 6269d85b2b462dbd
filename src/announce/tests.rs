use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::publish::tests::config;

const HOUR: i64 = 3600;

struct World {
    hub: MockServer,
    store: Store,
    now: Arc<AtomicI64>,
}

fn topic(version: &str) -> Topic {
    Topic {
        url: Url::parse("https://tin.example/haiphong.atom?a=1&b=2").expect("a URL"),
        version: version.to_owned(),
        keeper: SourceId::new("haiphong"),
    }
}

impl World {
    async fn new() -> Self {
        let store = Store::in_memory().await.expect("a store");
        Self { hub: MockServer::start().await, store, now: Arc::new(AtomicI64::new(1_700_000_000)) }
    }

    fn hub_url(&self) -> Url {
        Url::parse(&format!("{}/hub", self.hub.uri())).expect("a URL")
    }

    /// An announcer as after a start of the program.
    fn announcer(&self, allowed: bool) -> Announcer {
        let mut config = config("https://tin.example/", std::path::Path::new("/nowhere")).fetch;
        if allowed {
            config.allow_private = vec!["127.0.0.0/8".parse().expect("a network")];
        }
        let now = Arc::clone(&self.now);
        let clock: Clock =
            Clock::of(move || Timestamp::from_second(now.load(Ordering::SeqCst)).expect("a time"));
        let fetcher = Fetcher::new(&config).expect("a fetcher");
        Announcer::new(fetcher, self.store.clone(), vec![self.hub_url()], clock)
    }

    async fn answers(&self, statuses: &[u16]) {
        let left = Mutex::new(statuses.to_vec());
        Mock::given(method("POST"))
            .and(path("/hub"))
            .and(header("content-type", "application/x-www-form-urlencoded"))
            .and(body_string_contains("hub.mode=publish"))
            .and(body_string_contains("hub.url=https%3A%2F%2Ftin.example%2Fhaiphong.atom%3Fa%3D1%26b%3D2"))
            .respond_with(move |_: &wiremock::Request| {
                let mut left = left.lock().expect("a lock");
                ResponseTemplate::new(if left.len() > 1 { left.remove(0) } else { left[0] })
            })
            .mount(&self.hub)
            .await;
    }

    async fn pings(&self) -> usize {
        self.hub.received_requests().await.map_or(0, |requests| requests.len())
    }

    async fn pass(&self, announcer: &mut Announcer, version: &str) -> Option<Duration> {
        announcer.topics.insert(topic(version).url, topic(version));
        announcer.pass().await.expect("a store")
    }
}

#[tokio::test]
async fn a_hub_hears_of_each_version_once_also_over_restarts() {
    let world = World::new().await;
    world.answers(&[204]).await;
    let mut announcer = world.announcer(true);
    assert_eq!(world.pass(&mut announcer, "v1").await, None);
    assert_eq!(world.pass(&mut announcer, "v1").await, None);
    assert_eq!(world.pings().await, 1);
    assert_eq!(world.pass(&mut world.announcer(true), "v1").await, None);
    assert_eq!(world.pings().await, 1);
    assert_eq!(world.pass(&mut world.announcer(true), "v2").await, None);
    assert_eq!(world.pings().await, 2);
}

#[tokio::test]
async fn a_failed_ping_is_tried_again_later_and_later() {
    let world = World::new().await;
    world.answers(&[503, 500, 404, 202]).await;
    let mut waits = Vec::new();
    for restart in 0..3 {
        // The pause is kept over a restart.
        let wait = world.pass(&mut world.announcer(true), "v1").await.expect("not heard yet");
        assert_eq!(world.pings().await, restart + 1);
        assert_eq!(world.pass(&mut world.announcer(true), "v1").await, Some(wait));
        assert_eq!(world.pings().await, restart + 1, "not before it is due");
        waits.push(wait.as_secs());
        world.now.fetch_add(wait.as_secs() as i64, Ordering::SeqCst);
    }
    assert_eq!(waits, [30, 60, 120]);
    assert_eq!(world.pass(&mut world.announcer(true), "v2").await, None);
    assert_eq!(world.pings().await, 4);
}

#[tokio::test]
async fn the_pause_has_an_end_and_a_clock_set_back_ends_it() {
    let mut heard = Heard::default();
    let now = Timestamp::from_second(1_700_000_000).expect("a time");
    for _ in 0..100 {
        heard = heard.failed(now, None);
    }
    assert_eq!(heard.wait(now).as_secs() as i64, HOUR);
    let back = Timestamp::from_second(1_000_000_000).expect("a time");
    assert_eq!(heard.wait(back), Duration::ZERO);
    assert!(Heard::from_stored(heard.clone().into_stored()) == heard);
}

#[tokio::test]
async fn a_hub_that_says_when_to_come_again_is_left_alone_until_then() {
    let world = World::new().await;
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "600");
    Mock::given(method("POST")).respond_with(busy).mount(&world.hub).await;
    let wait = world.pass(&mut world.announcer(true), "v1").await;
    assert_eq!(wait, Some(Duration::from_secs(600)));
    world.now.fetch_add(599, Ordering::SeqCst);
    assert_eq!(
        world.pass(&mut world.announcer(true), "v1").await,
        Some(Duration::from_secs(1)),
        "kept over a restart"
    );
    assert_eq!(world.pings().await, 1);
    world.now.fetch_add(1, Ordering::SeqCst);
    assert_eq!(world.pass(&mut world.announcer(true), "v1").await, Some(Duration::from_secs(600)));
    assert_eq!(world.pings().await, 2);
}

#[tokio::test]
async fn the_address_guard_stands_before_hubs_too() {
    let world = World::new().await;
    world.answers(&[204]).await;
    assert!(world.pass(&mut world.announcer(false), "v1").await.is_some());
    assert_eq!(world.pings().await, 0);
}

#[tokio::test]
async fn the_loop_pings_what_comes_and_stops() {
    let world = World::new().await;
    world.answers(&[204]).await;
    let (sender, receiver) = mpsc::channel(4);
    let stop = CancellationToken::new();
    let running = tokio::spawn(world.announcer(true).run(receiver, stop.clone()));
    sender.send(vec![topic("v1")]).await.expect("it runs");
    sender.send(vec![topic("v1"), topic("v2")]).await.expect("it runs");
    while world.pings().await < 2 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    running.await.expect("it ends").expect("in order");
}
