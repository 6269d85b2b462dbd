//! How far a copy has followed a source.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::model::SourceId;
use crate::store::{Change, Month, Store, StoreError};

/// A change bears the time its page was fetched, and is committed when its article is read to the end (further pages,
/// extraction): it may come up to this much later than others that bear a later time.
const LATE_COMMIT_WINDOW: SignedDuration = SignedDuration::from_mins(30);
/// Changes that are read at a time.
const BATCH_CHANGES: usize = 500;

/// What a copy of a source holds: every change up to a time.
#[derive(Clone, Debug)]
pub struct Followed {
    until: Timestamp,
    /// Those of the last while that it holds, by row.
    seen: HashMap<i64, Timestamp>,
}

/// What a copy does not hold yet.
pub(super) struct News {
    pub(super) changes: Vec<Change>,
    /// The months of these, and those next to them, whose archives link to theirs.
    pub(super) months: Vec<Month>,
}

impl Followed {
    /// A copy that was made whole from what was stored at `since`, or later.
    pub fn since(since: Timestamp) -> Self {
        Self { until: since, seen: HashMap::new() }
    }

    /// What changed since.
    pub(super) async fn news(&self, store: &Store, source: &SourceId) -> Result<News, StoreError> {
        let mut place = (self.until.checked_sub(LATE_COMMIT_WINDOW).unwrap_or(self.until), 0);
        let mut changes = Vec::new();
        loop {
            let slice = store.changes(source, place.0, place.1, BATCH_CHANGES).await?;
            let is_last = slice.len() < BATCH_CHANGES;
            place = slice.last().map_or(place, |last| (last.at, last.row));
            changes.extend(slice.into_iter().filter(|change| self.seen.get(&change.row) != Some(&change.at)));
            if is_last {
                break;
            }
        }
        let touched: BTreeSet<Month> = changes.iter().map(|change| change.month).collect();
        let mut months = touched.clone();
        let all = store.months(source).await?;
        for pair in all.windows(2) {
            if pair.iter().any(|month| touched.contains(month)) {
                months.extend(pair);
            }
        }
        Ok(News { changes, months: months.into_iter().collect() })
    }

    /// Holds these, too.
    pub(super) fn moved(&mut self, changes: Vec<Change>) {
        self.seen.extend(changes.into_iter().map(|change| (change.row, change.at)));
        self.until = self.seen.values().copied().max().map_or(self.until, |newest| newest.max(self.until));
        let since = self.until.checked_sub(LATE_COMMIT_WINDOW).unwrap_or(self.until);
        self.seen.retain(|_, at| *at >= since);
    }
}
