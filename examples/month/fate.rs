//! What the seed has in store for a source: its rhythm, by what it is followed, what befalls it when.

use tinsach::health::Kind;

use crate::simulated::cases::{Case, benign, breakages};
use crate::simulated::daemon::{ALL, API_FEED_AND_FRONT, FEED_AND_FRONT, FRONT};
use crate::simulated::plan::{Rhythm, What};
use crate::simulated::text::chance;

/// A fault, with what it may be called.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub name: &'static str,
    pub from: i64,
    pub until: i64,
    pub names: &'static [Kind],
}

/// One source's month.
pub struct Fate {
    pub case: Case,
    pub troubles: Vec<Trouble>,
    /// Ten minutes of something, from a minute after the beginning on: of that nothing may be said.
    pub accidents: Vec<(What, i64)>,
}

/// Breakages last between one day and two …
const LASTS: (u64, u64) = (24, 48);
/// … and begin so many days after the beginning, and so many before the end: what was held back is read again.
const MARGIN: i64 = 10;
/// Accidents are at least so many minutes apart.
const APART: u64 = 6 * 60;

impl Fate {
    pub fn of(seed: u64, n: u64, days: i64) -> Self {
        let dice = |k: u64| chance(seed.wrapping_mul(7919) + n, k);
        let pick = |k: u64, count: usize| (dice(k) % count as u64) as usize;
        let (rhythm, history) = [
            (Rhythm::Office(4), 14),
            (Rhythm::Office(12), 7),
            (Rhythm::Daily(5), 7),
            (Rhythm::Daily(20), 3),
            (Rhythm::Batches(4), 5),
            (Rhythm::Every(1), 40),
            (Rhythm::Every(3), 90),
            (Rhythm::Every(7), 200),
            (Rhythm::Weekends(5), 28),
            (Rhythm::Nightly(4), 10),
        ][pick(1, 10)];
        let discover = [FEED_AND_FRONT, FEED_AND_FRONT, FRONT, API_FEED_AND_FRONT, ALL][pick(2, 5)];
        let mut case =
            Case { name: "healthy", rhythm, discover, history, spells: Vec::new(), names: &[], within: 0 };
        let mut troubles = Vec::new();
        // A third is well all month, a third changes, a third breaks; what breaks may change as well.
        let sort = n % 3;
        if sort > 0 && days > 2 * MARGIN {
            let span = (days - 2 * MARGIN) as u64 * 24;
            let from = MARGIN * 24 + (dice(3) % span) as i64;
            if sort == 1 {
                // A visit every five minutes meets what lasts for an hour more than once, and may say so: accidents
                // come apart. And the days of a change are those of its own rhythm in its table.
                let changes: Vec<Case> = benign()
                    .into_iter()
                    .filter(|case| fits(case, discover) && !is_of_its_rhythm(case))
                    .collect();
                change(&mut case, &changes[pick(4, changes.len())], from);
            } else {
                let all: Vec<Case> = breakages().into_iter().filter(|case| fits(case, discover)).collect();
                let broken = &all[pick(5, all.len())];
                let until = from + (LASTS.0 + dice(6) % (LASTS.1 - LASTS.0)) as i64;
                let what = broken.spells[0].0;
                // What holds up requests costs real time.
                let until = if what.is_slow() { until.min(from + 12) } else { until };
                case.name = broken.name;
                case.spells.push((what, from, until));
                troubles.push(Trouble { name: broken.name, from, until, names: broken.names });
            }
        }
        let kinds = [What::Reset, What::Status(500), What::Status(403), What::Status(404), What::Challenge];
        // One in each quarter of the month, hours apart: two that touch are an outage, of which something may be said.
        let quarter = days as u64 * 24 * 60 / 4;
        let minute = |k: u64| (k * quarter + dice(20 + k) % quarter.saturating_sub(APART).max(1)) as i64;
        let accidents = (0..4).map(|k| (kinds[pick(10 + k, kinds.len())], minute(k))).collect();
        Self { case, troubles, accidents }
    }
}

/// Whether a case's plot has a place at a source that is followed in this way: what befalls a feed needs one.
fn fits(case: &Case, discover: &str) -> bool {
    let what = case.spells[0].0;
    let is_of_feed = matches!(
        what,
        What::FeedGone | What::FeedIsPage | What::FeedBroken | What::ShortFeed | What::DayFeed
    );
    let has_feed = discover.contains("/feed/");
    // The API and the sitemap say when an article came out, whatever its page says: nothing is lost then.
    let is_told_elsewhere =
        what == What::NoDates && (discover.contains("wp_json = true") || discover.contains("sitemap = true"));
    let is_of_front = matches!(what, What::EmptyListing | What::HardlyAny | What::FrontForAll | What::Shell);
    let is_same = case.discover == discover || case.discover == FEED_AND_FRONT;
    !is_told_elsewhere && (has_feed || !is_of_feed) && is_same && (case.discover == discover || !is_of_front)
}

/// Whether a change is benign at the rhythm of its table alone.
fn is_of_its_rhythm(case: &Case) -> bool {
    case.name.starts_with("one visit")
        || matches!(case.spells[0].0, What::NightlyWork | What::Films | What::Quiet)
}

/// Lets a benign change begin at an hour, for as long as its table has it.
fn change(case: &mut Case, plot: &Case, from: i64) {
    case.name = plot.name;
    for (what, begins, ends) in &plot.spells {
        let is_always = *begins < 0;
        let (begins, ends) = if is_always { (*begins, *ends) } else { (from, from + ends - begins) };
        case.spells.push((*what, begins, ends));
    }
}
