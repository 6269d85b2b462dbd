//! A simulated month of many portals in one daemon: what was asked for against what the rhythm allows, alarms right, wrong
//! and missed, articles published against articles that were there.
//!
//! `cargo run --release --example month -- [--sources 100] [--days 30] [--seed 1]`; ends with 1 if a bound is broken.
#![allow(missing_docs, clippy::unwrap_used, clippy::too_many_lines)]

#[path = "month/account.rs"]
mod account;
#[path = "month/fate.rs"]
mod fate;
#[path = "../tests/world/mod.rs"]
mod simulated;

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use account::{Account, Alarms, Articles};
use fate::Fate;
use simulated::daemon::World;
use simulated::plan::Spell;

/// Midnight in Viet Nam, a Monday.
const START: &str = "2024-06-30T17:00:00Z";
/// The bounds of every source's rhythm: those of the defaults.
const EVERY: (&str, &str) = ("5m", "6h");
/// Requests that no reason explains may be this part of all.
const UNEXPLAINED: f64 = 0.01;

fn option(name: &str, default: u64) -> u64 {
    let mut words = std::env::args().skip_while(|word| word != name).skip(1);
    words.next().map_or(default, |word| word.parse().expect("a number"))
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let is_within = runtime.block_on(month());
    std::process::exit(i32::from(!is_within));
}

async fn month() -> bool {
    let (sources, days, seed) = (option("--sources", 100), option("--days", 30) as i64, option("--seed", 1));
    let start: Timestamp = START.parse().expect("a timestamp");
    let fates: Vec<Fate> = (0..sources).map(|n| Fate::of(seed, n, days)).collect();
    let portals = (1..).zip(&fates).map(|(n, fate)| {
        let mut portal = fate.case.portal(seed * 1000 + n, start, days);
        portal.spells.extend(fate.accidents.iter().map(|(what, minute)| {
            let from = start + SignedDuration::from_mins(*minute);
            Spell { what: *what, from, until: from + SignedDuration::from_mins(10) }
        }));
        (portal, fate.case.discover)
    });
    let world = World::new(start, portals.collect(), EVERY).await;
    let began = Instant::now();
    for day in 1..=days {
        world.run_until(start + SignedDuration::from_hours(24 * day)).await;
        if day % 5 == 0 {
            eprintln!("day {day}: {:.0} s", began.elapsed().as_secs_f64());
        }
    }
    let end = start + SignedDuration::from_hours(24 * days);
    let (mut account, mut alarms, mut articles) =
        (Account::default(), Alarms::default(), Articles::default());
    for (n, fate) in fates.iter().enumerate() {
        account.add(&world, n, fate);
        alarms.add(&world, n, fate, start);
        articles.add(&world, n, fate, end).await;
    }
    println!("{sources} sources, {days} days, seed {seed}");
    let ratio = account.print(days);
    alarms.print();
    articles.print();
    println!("wall time {:.0} s, peak memory {} MiB", began.elapsed().as_secs_f64(), peak_memory());
    let is_within = ratio <= 1.0 + UNEXPLAINED
        && account.too_close == 0
        && alarms.is_clean()
        && articles.missing + articles.junk + articles.duplicates == 0;
    println!("{}", if is_within { "every bound holds" } else { "a bound is broken" });
    is_within
}

/// The most memory that this process held, in MiB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
