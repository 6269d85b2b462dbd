//! Unit tests: the clock is a value, so hours pass in no time.

use super::breaker::{FIRST_OPEN_TIME, MAX_OPEN_TIME};
use super::host::{Closed, HostState, Slot};
use super::*;

const GAP: Duration = Duration::from_secs(1);

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

#[test]
fn requests_start_a_gap_apart() {
    let (mut host, start) = (HostState::default(), Instant::now());
    let mut take = |after: u64, gap| host.take(start + secs(after), gap).expect("a slot").at - start;
    assert_eq!(take(0, GAP), secs(0));
    assert_eq!(take(0, GAP), secs(1));
    assert_eq!(take(0, secs(10)), secs(2), "a longer gap counts from this request on");
    assert_eq!(take(3, GAP), secs(12));
    assert_eq!(take(100, GAP), secs(100), "what was not used is not saved up");
    assert_eq!(take(100, Duration::ZERO), secs(101));
    assert_eq!(take(101, Duration::ZERO), secs(101));
}

#[test]
fn a_pause_is_waited_out_if_short_and_told_if_long() {
    let (mut host, now) = (HostState::default(), Instant::now());
    host.failed(now, "429", Some(secs(3)));
    assert_eq!(host.take(now, GAP), Ok(Slot { at: now + secs(3), probe: false }));
    host.failed(now, "429", Some(secs(600)));
    host.failed(now, "503", Some(secs(10)));
    assert_eq!(host.take(now + secs(5), GAP), Err(Closed::Paused(secs(595))));
    assert_eq!(host.closed(now + secs(594)), Some(Closed::Paused(secs(6))));
    assert!(host.take(now + secs(596), GAP).is_ok());
}

#[test]
fn five_failures_in_a_row_open_the_breaker() {
    let (mut host, now) = (HostState::default(), Instant::now());
    for _ in 0..4 {
        host.failed(now, "time-out", None);
    }
    host.answered();
    for _ in 0..4 {
        host.failed(now, "time-out", None);
        assert_eq!(host.closed(now), None);
    }
    host.failed(now, "reset", None);
    assert_eq!(host.take(now, GAP), Err(Closed::Broken(FIRST_OPEN_TIME, "reset".into())));
    assert!(!host.is_quiet(now));
}

#[test]
fn one_probe_tries_a_host_and_the_wait_doubles_up_to_an_hour() {
    let (mut host, mut now) = (HostState::default(), Instant::now());
    for _ in 0..5 {
        host.failed(now, "down", None);
    }
    let mut wait = FIRST_OPEN_TIME;
    for _ in 0..9 {
        assert!(host.take(now + wait - secs(1), GAP).is_err());
        now += wait;
        assert_eq!(host.take(now, GAP), Ok(Slot { at: now, probe: true }));
        assert!(host.take(now, GAP).is_err(), "only one");
        host.failed(now, "still down", None);
        wait = (wait * 2).min(MAX_OPEN_TIME);
    }
    assert_eq!(wait, MAX_OPEN_TIME);
    now += wait;
    assert!(host.take(now, GAP).expect("a slot").probe);
    host.answered();
    assert!(!host.take(now, GAP).expect("a slot").probe);
    assert!(host.is_quiet(now + secs(60)));
}

#[test]
fn a_lost_probe_makes_room_for_another() {
    let (mut host, now) = (HostState::default(), Instant::now());
    for _ in 0..5 {
        host.failed(now, "down", None);
    }
    let later = now + FIRST_OPEN_TIME;
    assert!(host.take(later, GAP).expect("a slot").probe);
    host.probe_lost();
    assert!(host.take(later, GAP).expect("a slot").probe);
}

#[test]
fn a_request_under_way_when_the_breaker_opens_changes_nothing() {
    let (mut host, now) = (HostState::default(), Instant::now());
    for _ in 0..9 {
        host.failed(now, "down", None);
    }
    assert_eq!(host.closed(now), Some(Closed::Broken(FIRST_OPEN_TIME, "down".into())));
}

#[test]
fn a_host_is_a_name_or_a_name_with_a_port_of_its_own() {
    assert_eq!(host_key(&url("https://a.vn/x")), host_key(&url("http://A.vn:80/y")));
    assert_ne!(host_key(&url("http://a.vn/")), host_key(&url("http://a.vn:8080/")));
    assert_ne!(host_key(&url("http://a.vn/")), host_key(&url("http://b.vn/")));
}

#[tokio::test]
async fn a_host_has_one_connection_and_others_do_not_wait_for_it() {
    let pace = Pace::new(1, Duration::ZERO, Clock::system());
    let first = pace.turn(&url("http://a.vn/1"), None).await.expect("a turn");
    let (second_url, other_url) = (url("http://a.vn/2"), url("http://b.vn/"));
    let mut second = Box::pin(pace.turn(&second_url, None));
    tokio::select! {
        biased;
        _ = &mut second => panic!("two connections at a time"),
        other = pace.turn(&other_url, None) => drop(other.expect("a turn")),
    }
    first.done(&Ok(()));
    second.await.expect("a turn");
}

#[tokio::test]
async fn a_host_that_is_closed_to_us_means_that_the_program_stops() {
    let pace = Pace::new(1, Duration::ZERO, Clock::system());
    pace.host("a.vn").connections.close();
    let stopping = pace.turn(&url("http://a.vn/"), None).await.err().expect("no turn");
    assert_eq!(stopping.cause(), Cause::Stopping);
}

#[tokio::test]
async fn the_map_of_hosts_is_bounded() {
    let pace = Pace::new(1, Duration::ZERO, Clock::system());
    let busy = pace.turn(&url("http://busy.vn/"), None).await.expect("a turn");
    let failing = pace.turn(&url("http://failing.vn/"), None).await.expect("a turn");
    failing.done(&Err::<(), _>(Trouble::later(Cause::ServerError, "down").host_failed()));
    for n in 0..MAX_HOSTS + 10 {
        pace.turn(&url(&format!("http://h{n}.vn/")), None).await.expect("a turn").done(&Ok(()));
    }
    let kept = |name: &str| pace.hosts.lock().expect("the map").contains_key(name);
    assert!(pace.hosts.lock().expect("the map").len() <= MAX_HOSTS);
    assert!(kept("busy.vn") && kept("failing.vn") && !kept("h0.vn"));
    drop(busy);
}

#[test]
fn other_settings_forgive_failures_and_nothing_else() {
    let (mut host, now) = (HostState::default(), Instant::now());
    let slot = host.take(now, GAP).expect("a slot");
    for _ in 0..5 {
        host.failed(now, "reset", None);
    }
    host.failed(now, "429", Some(secs(600)));
    host.forget_failures();
    assert_eq!(host.take(now, GAP), Err(Closed::Paused(secs(600))), "what the host asked for stands");
    let again = host.take(now + secs(600), GAP).expect("a slot");
    assert!(!again.probe && again.at >= slot.at + GAP);
}

#[tokio::test]
async fn requests_under_way_count_for_the_pace_under_other_settings() {
    let pace = Pace::new(1, secs(0), Clock::system());
    let page = url("http://a.example/");
    let under_way = pace.turn(&page, None).await.expect("a turn");
    let next = pace.under(1, GAP);
    let waits = tokio::time::timeout(Duration::from_millis(20), next.turn(&page, None)).await;
    assert!(waits.is_err(), "there is one connection to a host");
    drop(under_way);
    next.turn(&page, None).await.expect("the turn of the other is over");
}
