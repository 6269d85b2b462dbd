//! What the store costs with few and with many articles: commits, visits with nothing new, reading, searching.
//!
//! `cargo bench --bench store -- 100000 [SOURCES]` prints microseconds of CPU (this process, all threads) and wall time;
//! figures of one run are to be compared with each other, not with another machine's. SOURCES is how many sources stand
//! in the frontier of a second store, 10,000 if it is left out.

mod filler;

use std::time::{Duration, Instant};

use filler::{candidate, fill};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tinsach::config::Every;
use tinsach::model::SourceId;
use tinsach::schedule::{Situation, next_visit};
use tinsach::store::{Scope, Store};

/// Microseconds of CPU of this process so far (proc_pid_stat(5), clock ticks of 10 ms).
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10_000
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
}

async fn measure(store: &Store, articles: u64) {
    let source = SourceId::new("bench");
    let later = Timestamp::from_second(1_790_100_000).unwrap_or(Timestamp::UNIX_EPOCH);
    let (start, began) = (cpu(), Instant::now());
    for _ in 0..200 {
        store.source_state(&source).await.expect("state");
        store
            .offer(&source, (articles - 20..articles).map(candidate).collect(), later)
            .await
            .expect("offered");
        store.due(&source, later, 50).await.expect("due");
    }
    println!(
        "{articles}: a visit with nothing new: {} µs CPU, {:?}",
        (cpu() - start) / 200,
        began.elapsed() / 200
    );
    let (start, began) = (cpu(), Instant::now());
    for _ in 0..100 {
        store.newest(&Scope::Source(source.clone()), 50).await.expect("newest");
    }
    println!("{articles}: the newest 50: {} µs CPU, {:?}", (cpu() - start) / 100, began.elapsed() / 100);
    for query in [
        "thành phố",
        "\"thành phố\"",
        "cang bien",
        "\"biển thành\"",
        "\"phụ nữ thể thao ngân\"",
        "9999",
        "khôngcó",
    ] {
        let mut times: Vec<Duration> = Vec::new();
        let mut found = 0;
        for _ in 0..200 {
            let began = Instant::now();
            found = store
                .search(&Scope::Source(source.clone()), query, 50)
                .await
                .map_or(usize::MAX, |found| found.len());
            times.push(began.elapsed());
        }
        times.sort();
        println!("{articles}: search {query}: {found} found, median {:?}, p99 {:?}", times[100], times[197]);
    }
}

/// A visit with nothing new where the frontier holds so many sources, twenty addresses each: what the schedule and the
/// store do in it.
async fn measure_sources(count: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).await.expect("a store");
    let now = Timestamp::from_second(1_790_000_000).unwrap_or(Timestamp::UNIX_EPOCH);
    let name = |n: u64| SourceId::new(&format!("source-{n}"));
    let listed = |n: u64| (n * 20..n * 20 + 20).map(candidate).collect::<Vec<_>>();
    for n in 0..count {
        store.offer(&name(n), listed(n), now).await.expect("offered");
    }
    let visits = 500;
    let (start, began) = (cpu(), Instant::now());
    for visit in 0..visits {
        let n = visit * 7919 % count;
        let mut state = store.source_state(&name(n)).await.expect("state");
        store.offer(&name(n), listed(n), now).await.expect("offered");
        // What was never read is due at once: nothing is, before it was named.
        let before = Timestamp::UNIX_EPOCH;
        assert!(store.due(&name(n), before, 50).await.expect("due").is_empty());
        let publications = store.publications(&name(n), 500).await.expect("publications");
        state.due = Some(next_visit(&Situation {
            now,
            every: Every { min: Duration::from_secs(300), max: Duration::from_secs(21_600) },
            zone: &TimeZone::UTC,
            publications: &publications,
            failures: 0,
            asked: None,
            chance: 0.5,
        }));
        store.save_source_state(&name(n), state).await.expect("saved");
    }
    println!(
        "{count} sources: a visit with nothing new: {} µs CPU, {:?}, resident {} KiB",
        (cpu() - start) / visits,
        began.elapsed() / u32::try_from(visits).unwrap_or(1),
        resident_kib()
    );
}

fn main() {
    let mut sizes = std::env::args().filter_map(|word| word.parse().ok());
    let (most, sources) = (sizes.next().unwrap_or(20_000), sizes.next().unwrap_or(10_000));
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        measure_sources(sources).await;
        let store = Store::open(folder.path()).await.expect("a store");
        let mut filled = 0;
        for step in [1_000, most] {
            let (start, began, articles) = (cpu(), Instant::now(), step - filled);
            fill(&store, &SourceId::new("bench"), filled, step).await;
            println!(
                "{step}: a commit: {} µs CPU, {:?}",
                (cpu() - start) / articles,
                began.elapsed() / u32::try_from(articles).unwrap_or(1)
            );
            filled = step;
            measure(&store, step).await;
        }
        store.close().await.expect("closed");
        let store = Store::open(folder.path()).await.expect("a store");
        store.newest(&Scope::All, 50).await.expect("newest");
        let size = std::fs::metadata(folder.path().join(tinsach::store::FILE)).map_or(0, |file| file.len());
        println!("{most}: resident {} KiB after a restart, file {} KiB", resident_kib(), size / 1024);
    });
}
