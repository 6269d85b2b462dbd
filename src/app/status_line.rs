//! The line of `systemctl status`: what is worst of all that is wrong, else what the last visit brought.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::health::{DaemonHealth, Finding, Record, Status};
use crate::model::SourceId;
use crate::ops::systemd;

/// What the line is made of. Kept in memory, so that it can be renewed at every beat of the schedule.
#[derive(Default)]
pub(super) struct StatusLine(Mutex<Parts>);

#[derive(Default)]
struct Parts {
    /// The gravest finding of each source that has any.
    findings: BTreeMap<SourceId, Finding>,
    /// What there is to say while all is well.
    well: String,
    told: String,
}

impl StatusLine {
    pub(super) fn stands(&self, source: &SourceId, record: &Record) {
        let mut parts = self.parts();
        match record.findings.first() {
            Some(finding) => drop(parts.findings.insert(source.clone(), finding.clone())),
            None => drop(parts.findings.remove(source)),
        }
    }

    /// What to say while all is well.
    pub(super) fn well(&self, line: &str) {
        line.clone_into(&mut self.parts().well);
    }

    /// Begins anew: with other sources.
    pub(super) fn clear(&self) {
        self.parts().findings.clear();
    }

    /// Tells systemd, if there is anything else to tell than before.
    pub(super) fn tell(&self, daemon: &DaemonHealth, now: Timestamp) {
        let mut parts = self.parts();
        let line = parts.worst(daemon, now).unwrap_or_else(|| parts.well.clone());
        if line != parts.told {
            systemd::status(&line);
            parts.told = line;
        }
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        // Every change is whole, so a panic elsewhere cannot have torn one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Parts {
    /// What is worst; of what is equally bad the daemon's own first, since it concerns every source.
    fn worst(&self, daemon: &DaemonHealth, now: Timestamp) -> Option<String> {
        let daemon = daemon
            .open()
            .into_iter()
            .map(|finding| (finding.fault.status(), format!("{}: {}", finding.fault.title(), finding.why)));
        let sources = self
            .findings
            .iter()
            .map(|(source, finding)| (finding.status(now), format!("{source}: {finding}")));
        let worse = |worst: (Status, String), next: (Status, String)| match next.0 > worst.0 {
            true => next,
            false => worst,
        };
        daemon.chain(sources).reduce(worse).map(|(_, line)| line)
    }
}
