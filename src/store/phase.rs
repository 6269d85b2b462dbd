//! Whether the database can be written, which readers have to know: while nothing can be written to the state folder, they
//! share a connection that needs nothing from it, and that must be closed before anybody writes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::actor::{Access, Session};
use super::damage;
use super::error::{Result, StoreError};
use super::open::{at_start, open_frozen, open_only_reader, open_reader, open_writer, refuse_older};
use super::write_queue::Read;

/// Whether the database can be written.
pub(super) enum Phase {
    /// It is open for writing, or somebody else may have it open so.
    Live,
    /// Nobody can write. What reads is opened when it is first needed.
    Frozen(Option<Box<Session>>),
}

/// What the threads of a store on disk share.
pub(super) struct Shared {
    pub(super) file: PathBuf,
    pub(super) access: Access,
    /// Held by whoever reads while nobody can write, and by who tries whether that has passed.
    pub(super) phase: Mutex<Phase>,
}

pub(super) struct Opened {
    /// The session that writes, or why there is none now.
    pub(super) writer: Result<Session>,
    pub(super) phase: Phase,
    /// What was done to a damaged database.
    pub(super) notice: Option<String>,
}

/// Opens a database for the first time. If it cannot be written it is open for reading; where `may_wait`, also if it cannot
/// be read either.
pub(super) fn open(file: &Path, access: Access, may_wait: bool) -> Result<Opened> {
    let mut notice = None;
    let (writer, error) = match access {
        Access::Own => match open_or_recover(file, &mut notice) {
            Ok(session) => return Ok(Opened { writer: Ok(session), phase: Phase::Live, notice }),
            Err(error @ (StoreError::Write(_) | StoreError::Corrupt(_))) => (error.clone(), error),
            Err(error) => return Err(at_start(error, file)),
        },
        Access::Look => match open_only_reader(file).and_then(|session| refuse_older(&session.conn, file)) {
            Ok(()) => return Ok(Opened { writer: Err(only_looking()), phase: Phase::Live, notice }),
            Err(error @ StoreError::Write(_)) => (only_looking(), error),
            Err(error) => return Err(at_start(error, file)),
        },
    };
    let frozen = match frozen(file) {
        Ok(session) => Some(session),
        Err(fault) if may_wait => {
            tracing::error!(%fault, "the database cannot be read; the finished feeds are served");
            None
        }
        Err(StoreError::Older { .. }) if access == Access::Own => None,
        Err(_) => return Err(at_start(error, file)),
    };
    Ok(Opened { writer: Err(writer), phase: Phase::Frozen(frozen), notice })
}

fn open_or_recover(file: &Path, notice: &mut Option<String>) -> Result<Session> {
    match open_writer(file) {
        Err(StoreError::Corrupt(why)) => {
            let done = damage::recover(file, &why)?;
            tracing::error!("{done}");
            *notice = Some(done);
            open_writer(file)
        }
        other => other,
    }
}

fn frozen(file: &Path) -> Result<Box<Session>> {
    let session = open_frozen(file)?;
    refuse_older(&session.conn, file)?;
    Ok(Box::new(session))
}

/// What a process that only looks is told when it writes.
pub(super) fn only_looking() -> StoreError {
    StoreError::Write("it was opened for reading only".to_owned())
}

impl Shared {
    pub(super) fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tries whether the database can be written by now.
    pub(super) fn open_again(&self) -> Result<Session> {
        if self.access == Access::Look {
            return Err(only_looking());
        }
        let mut phase = self.phase();
        let Phase::Frozen(reading) = &mut *phase else {
            drop(phase);
            return open_writer(&self.file);
        };
        // Nobody reads meanwhile, and what read while nothing could be written is closed.
        *reading = None;
        let session = open_writer(&self.file)?;
        *phase = Phase::Live;
        Ok(session)
    }
}

/// One of the threads that read.
pub(super) struct ReaderThread {
    session: Option<Session>,
    shared: Arc<Shared>,
}

impl ReaderThread {
    /// A reader that opens its connection when it is first asked.
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self { session: None, shared: Arc::clone(shared) }
    }

    /// Does what is asked, or says why it cannot be done.
    pub(super) fn run(&mut self, read: Read) {
        let mut phase = self.shared.phase();
        match &mut *phase {
            Phase::Frozen(reading) => {
                self.session = None;
                if reading.is_none() {
                    match frozen(&self.shared.file) {
                        Ok(session) => *reading = Some(session),
                        Err(error) => return read(Err(error)),
                    }
                }
                if let Some(session) = reading {
                    read(Ok(session));
                }
            }
            Phase::Live => {
                drop(phase);
                self.run_live(read);
            }
        }
    }

    fn run_live(&mut self, read: Read) {
        if self.session.is_none() {
            let opened = match self.shared.access {
                Access::Own => open_reader(&self.shared.file),
                Access::Look => open_only_reader(&self.shared.file),
            };
            match opened {
                Ok(session) => self.session = Some(session),
                Err(error) => return read(Err(error)),
            }
        }
        if let Some(session) = &mut self.session {
            read(Ok(session));
            if !session.conn.is_autocommit() {
                self.session = None;
            }
        }
    }
}
