//! The threads behind the facade: one that writes ([`super::writer`]), a few that read.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::codec::Codec;
use super::error::{Result, StoreError};
use super::open::in_memory;
use super::pages::PageBase;
use super::phase::{ReaderThread, Shared, open};
use super::search_index::PendingIndex;
use super::trouble::Troubles;
use super::write_queue::{Read, Request, call};
use super::writer::{Writer, run_writer};

const READER_THREADS: usize = 2;

/// One connection and what it works with.
pub(super) struct Session {
    pub(super) conn: Connection,
    pub(super) tools: Tools,
}

/// What a connection works with.
pub(super) struct Tools {
    pub(super) codec: Codec,
    /// What the transaction has still to write into the full-text index; only the writer has any.
    pub(super) pending_index: PendingIndex,
    /// What pages were packed with last; only the writer packs any.
    pub(super) base: PageBase,
}

impl Session {
    pub(super) fn new(conn: Connection) -> Result<Self> {
        let tools =
            Tools { codec: Codec::new()?, pending_index: PendingIndex::default(), base: PageBase::default() };
        Ok(Self { conn, tools })
    }
}

pub(super) struct Actor {
    write: Sender<Request>,
    /// In memory there are none: reads take turns with writes there.
    readers: Option<Mutex<Readers>>,
    /// What keeps the store from working.
    pub(super) troubles: Arc<Troubles>,
    /// What was done to a damaged database when it was opened.
    pub(super) notice: Option<String>,
}

struct Readers {
    /// `None` once closed.
    jobs: Option<Sender<Read>>,
    threads: Vec<JoinHandle<()>>,
}

/// How a store on disk is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// By the one process that follows portals.
    Own,
    /// By a process that only looks, beside that one.
    Look,
}

impl Actor {
    pub(super) fn in_memory() -> Result<Self> {
        let troubles = Arc::new(Troubles::default());
        let (write, requests) = channel();
        let writer = Writer::in_memory(in_memory()?, Arc::clone(&troubles));
        spawn("store-write", move || run_writer(writer, &requests))?;
        Ok(Self { write, readers: None, troubles, notice: None })
    }

    /// Opens a file and starts the threads. Blocks. If it can be read but not written now, it is open all the same, and
    /// the next write tries again; where `may_wait`, also if it cannot be read either.
    pub(super) fn start(file: &Path, access: Access, may_wait: bool) -> Result<Self> {
        let owns = access == Access::Own;
        let troubles = Arc::new(if owns { Troubles::of(file) } else { Troubles::default() });
        let opened = open(file, access, may_wait)?;
        if let (Err(error), true) = (&opened.writer, owns) {
            troubles.note(error);
        }
        let shared = Arc::new(Shared { file: file.to_owned(), access, phase: Mutex::new(opened.phase) });
        let (write, requests) = channel();
        let writer = Writer::on_disk(opened.writer.ok(), Arc::clone(&shared), Arc::clone(&troubles));
        spawn("store-write", move || run_writer(writer, &requests))?;
        let (send, jobs) = channel();
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::new();
        for _ in 0..READER_THREADS {
            let (jobs, reader) = (Arc::clone(&jobs), ReaderThread::new(&shared));
            threads.push(spawn("store-read", move || run_reader(reader, &jobs))?);
        }
        Ok(Self {
            write,
            readers: Some(Mutex::new(Readers { jobs: Some(send), threads })),
            troubles,
            notice: opened.notice,
        })
    }

    /// Runs `work` in a transaction; what it gives comes back when the transaction is on disk. It is in the queue when
    /// this returns: the future is its answer alone. `work` may be run twice, and what it did the first time is undone
    /// then.
    pub(super) fn write<T, W>(&self, work: W) -> impl Future<Output = Result<T>> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnMut(&Connection, &mut Tools) -> Result<T> + Send + 'static,
    {
        let (call, answer) = call(work);
        let sent = self.write.send(Request::Write(call));
        async move {
            sent.map_err(|_| StoreError::Closed)?;
            answer.await.map_err(|_| StoreError::Closed)?
        }
    }

    /// Runs `work` in a read transaction: it sees one state of the database.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Codec) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let troubles = Arc::clone(&self.troubles);
        let read: Read = Box::new(move |session| {
            let outcome = session.and_then(|session| in_snapshot(session, work, &troubles));
            reply.send(outcome).ok();
        });
        let sent = match &self.readers {
            Some(readers) => {
                let readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
                readers.jobs.as_ref().is_some_and(|jobs| jobs.send(read).is_ok())
            }
            None => self.write.send(Request::Read(read)).is_ok(),
        };
        if !sent {
            return Err(StoreError::Closed);
        }
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Ends the readers, then the writer after everything that was asked before: as the last connection it folds the
    /// WAL in.
    pub(super) async fn close(&self) -> Result<()> {
        let threads = self.readers.as_ref().map(|readers| {
            let mut readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
            readers.jobs = None;
            std::mem::take(&mut readers.threads)
        });
        let join = move || threads.into_iter().flatten().all(|thread| thread.join().is_ok());
        if !tokio::task::spawn_blocking(join).await.unwrap_or(false) {
            tracing::warn!("a thread that reads the database had panicked");
        }
        let (reply, answer) = oneshot::channel();
        self.write.send(Request::Close(reply)).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

pub(super) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    started.map_err(|error| StoreError::Sql(format!("cannot start the thread {name}: {error}")))
}

fn in_snapshot<T>(
    session: &mut Session,
    work: impl FnOnce(&mut Connection, &mut Codec) -> Result<T>,
    troubles: &Troubles,
) -> Result<T> {
    session.conn.prepare_cached("BEGIN")?.execute([])?;
    let outcome = work(&mut session.conn, &mut session.tools.codec);
    if !session.conn.is_autocommit()
        && let Err(error) = session.conn.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]))
    {
        // A damaged file can make even that fail; what was read was read, and the next read begins anew.
        tracing::debug!(%error, "a read did not end in order");
        session.conn.execute_batch("ROLLBACK").ok();
    }
    let seen = session.tools.codec.take_damage();
    if let Some(error) = seen.as_ref().or(outcome.as_ref().err()) {
        troubles.note_read(error);
    }
    outcome
}

fn run_reader(mut reader: ReaderThread, jobs: &Mutex<Receiver<Read>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(read) => reader.run(read),
            Err(_) => return,
        }
    }
}
