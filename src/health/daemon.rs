//! What is wrong with the daemon itself: its disk, its clock, those it tells.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use super::finding::Status;

/// What can be wrong with the daemon. The names are part of `/health`, `/metrics` and the alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The state folder has no room.
    DiskFull,
    /// The state folder or the database cannot be written.
    DiskReadOnly,
    /// The database is damaged, or was and has been replaced.
    DatabaseDamaged,
    /// The static copy cannot be written.
    ExportFailing,
    /// A WebSub hub cannot be told.
    HubFailing,
    /// The clock stands before the day on which this program was built.
    ClockWrong,
    /// The finished feeds cannot be renewed.
    FeedsNotRenewed,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 7] = [
        Self::DiskFull,
        Self::DiskReadOnly,
        Self::DatabaseDamaged,
        Self::ExportFailing,
        Self::HubFailing,
        Self::ClockWrong,
        Self::FeedsNotRenewed,
    ];

    /// Its name in `/health` and `/metrics`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DiskFull => "disk-full",
            Self::DiskReadOnly => "disk-read-only",
            Self::DatabaseDamaged => "database-damaged",
            Self::ExportFailing => "export-failing",
            Self::HubFailing => "hub-failing",
            Self::ClockWrong => "clock-wrong",
            Self::FeedsNotRenewed => "feeds-not-renewed",
        }
    }

    /// What it is, as a short heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::DiskFull => "the disk is full",
            Self::DiskReadOnly => "the state folder cannot be written",
            Self::DatabaseDamaged => "the database is damaged",
            Self::ExportFailing => "the static copy cannot be written",
            Self::HubFailing => "a hub cannot be told of news",
            Self::ClockWrong => "the clock is wrong",
            Self::FeedsNotRenewed => "the feeds cannot be renewed",
        }
    }

    /// What to do about it, as a sentence.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::DiskFull => {
                "Free some space in the state folder; what could not be written is tried again."
            }
            Self::DiskReadOnly => {
                "Make the state folder writable for the user of tinsach; it is tried again."
            }
            Self::DatabaseDamaged => {
                "See `tinsach check --deep`; `tinsach restore FILE` puts a backup in place while tinsach is stopped."
            }
            Self::ExportFailing => "Make the folder of `publish.export` writable, or take the key out.",
            Self::HubFailing => "Look at `publish.hubs`: the hub is told again until it answers.",
            Self::ClockWrong => "Set the clock (NTP); nothing is visited until then.",
            Self::FeedsNotRenewed => {
                "The last good feeds stay up; see the log for what could not be written."
            }
        }
    }

    /// How the whole stands with it.
    pub(crate) fn status(self) -> Status {
        if self == Self::HubFailing { Status::Degraded } else { Status::Failing }
    }
}

/// A fault that lasts or is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DaemonFinding {
    #[serde(rename = "kind")]
    pub fault: Fault,
    pub since: Timestamp,
    /// When it was seen last, or ended.
    pub seen: Timestamp,
    pub why: String,
}

/// Faults that are over and are still told.
const MAX_ENDED: usize = 20;

#[derive(Debug, Default)]
struct Faults {
    open: BTreeMap<Fault, DaemonFinding>,
    ended: VecDeque<DaemonFinding>,
}

/// What is wrong with the daemon now. Shared by those who notice and those who show.
#[derive(Debug, Default)]
pub struct DaemonHealth(Mutex<Faults>);

impl DaemonHealth {
    /// Notes a fault; answers whether it is new.
    pub fn began(&self, fault: Fault, why: &str, now: Timestamp) -> bool {
        let mut faults = self.lock();
        let known = faults.open.get(&fault).map(|known| known.since);
        let since = known.unwrap_or(now);
        faults.open.insert(fault, DaemonFinding { fault, since, seen: now, why: why.to_owned() });
        known.is_none()
    }

    /// Notes that a fault is over; answers it if there was one.
    pub fn ended(&self, fault: Fault, now: Timestamp) -> Option<DaemonFinding> {
        let mut faults = self.lock();
        let over = DaemonFinding { seen: now, ..faults.open.remove(&fault)? };
        faults.ended.push_front(over.clone());
        faults.ended.truncate(MAX_ENDED);
        Some(over)
    }

    pub fn open(&self) -> Vec<DaemonFinding> {
        self.lock().open.values().cloned().collect()
    }

    /// What was wrong and is over, newest first.
    pub fn over(&self) -> Vec<DaemonFinding> {
        self.lock().ended.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Faults> {
        // Every change is whole, so a panic elsewhere cannot have torn one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
