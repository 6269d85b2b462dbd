//! The threads behind the facade: one that writes, a few that read.
//!
//! The writer takes whatever waits in its queue into one transaction, each call in a savepoint of its own, and answers
//! after the commit: an answer means the disk has it, a call that fails takes no other with it, and a burst of commits
//! pays for one `fsync`.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::codec::Codec;
use super::error::{Result, StoreError};
use super::open::{open_reader, open_writer};

/// Connections that read.
const READERS: usize = 2;
/// Calls in one transaction at most: bounds how long the first of them waits for its answer.
const BATCH: usize = 64;
/// One connection with its compression state.
pub(super) struct Side {
    /// The connection.
    pub(super) conn: Connection,
    /// Its compression state.
    pub(super) codec: Codec,
}

type After = Box<dyn FnOnce(Result<()>) + Send>;
/// Given the side, it works and hands over how to answer; given an error, it only hands over the answer.
type Write = Box<dyn FnOnce(Result<&mut Side>) -> After + Send>;
type Read = Box<dyn FnOnce(&mut Side) + Send>;

enum Order {
    Write(Write),
    /// A read that runs beside the writer: only where there are no reading connections.
    Read(Read),
    Close(oneshot::Sender<Result<()>>),
}

/// The way to the threads.
pub(super) struct Actor {
    write: Sender<Order>,
    /// In memory there are none: reads take turns with writes there.
    readers: Option<Mutex<Readers>>,
}

struct Readers {
    /// `None` once closed.
    jobs: Option<Sender<Read>>,
    threads: Vec<JoinHandle<()>>,
}

impl Actor {
    /// Opens a file, or a store in memory, and starts the threads. Blocks.
    pub(super) fn start(file: Option<&Path>) -> Result<Self> {
        let writer = open_writer(file)?;
        let (write, orders) = channel();
        let mut readers = Vec::new();
        for _ in 0..file.map_or(0, |_| READERS) {
            readers.push(open_reader(file.unwrap_or(Path::new("")))?);
        }
        spawn("store-write", move || run_writer(writer, &orders))?;
        if readers.is_empty() {
            return Ok(Self { write, readers: None });
        }
        let (send, jobs) = channel();
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::new();
        for reader in readers {
            let jobs = Arc::clone(&jobs);
            threads.push(spawn("store-read", move || run_reader(reader, &jobs))?);
        }
        Ok(Self { write, readers: Some(Mutex::new(Readers { jobs: Some(send), threads })) })
    }

    /// Runs `work` in a transaction; what it gives comes back when the transaction is on disk. It is in the queue when
    /// this returns: the future is its answer alone.
    pub(super) fn write<T, W>(&self, work: W) -> impl Future<Output = Result<T>> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&Connection, &mut Codec) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let write: Write = Box::new(move |side| {
            let outcome = side.and_then(|side| in_savepoint(side, work));
            Box::new(move |fate| {
                // A caller that no longer listens loses only the answer.
                reply.send(outcome.and_then(|value| fate.map(|()| value))).ok();
            })
        });
        let sent = self.write.send(Order::Write(write)).map_err(|_| StoreError::Closed);
        async move {
            sent?;
            answer.await.map_err(|_| StoreError::Closed)?
        }
    }

    /// Runs `work` in a read transaction: it sees one state of the database.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Codec) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let read: Read = Box::new(move |side| {
            reply.send(in_snapshot(side, work)).ok();
        });
        let sent = match &self.readers {
            Some(readers) => {
                let readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
                readers.jobs.as_ref().is_some_and(|jobs| jobs.send(read).is_ok())
            }
            None => self.write.send(Order::Read(read)).is_ok(),
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
        self.write.send(Order::Close(reply)).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    started.map_err(|error| StoreError::Sql(format!("cannot start the thread {name}: {error}")))
}

fn run_writer(mut side: Side, orders: &Receiver<Order>) {
    let mut held = None;
    while let Some(order) = held.take().or_else(|| orders.recv().ok()) {
        match order {
            Order::Read(read) => read(&mut side),
            Order::Write(write) => held = batch(&mut side, write, orders),
            Order::Close(reply) => {
                let Side { conn, .. } = side;
                reply.send(conn.close().map_err(|(_, error)| error.into())).ok();
                return;
            }
        }
    }
}

/// One transaction with `first` and the writes that wait behind it. Gives back an order that is no write.
fn batch(side: &mut Side, first: Write, orders: &Receiver<Order>) -> Option<Order> {
    let begun = side.conn.execute_batch("BEGIN IMMEDIATE").map_err(StoreError::from);
    if let Err(error) = begun {
        first(Err(error))(Ok(()));
        return None;
    }
    let mut answers = vec![first(Ok(side))];
    let mut held = None;
    // A full disk can make SQLite roll the whole transaction back: then it must not go on as single statements.
    while answers.len() < BATCH && !side.conn.is_autocommit() {
        match orders.try_recv() {
            Ok(Order::Write(write)) => answers.push(write(Ok(side))),
            Ok(other) => {
                held = Some(other);
                break;
            }
            Err(_) => break,
        }
    }
    let fate = commit(side);
    for answer in answers {
        answer(fate.clone());
    }
    held
}

fn commit(side: &Side) -> Result<()> {
    if side.conn.is_autocommit() {
        return Err(StoreError::Write(
            "the transaction was rolled back; see the disk and the log".to_owned(),
        ));
    }
    side.conn.execute_batch("COMMIT").map_err(|error| {
        // A COMMIT that failed leaves the transaction open.
        side.conn.execute_batch("ROLLBACK").err();
        error.into()
    })
}

fn in_savepoint<T>(side: &mut Side, work: impl FnOnce(&Connection, &mut Codec) -> Result<T>) -> Result<T> {
    side.conn.prepare_cached("SAVEPOINT one")?.execute([])?;
    let outcome = work(&side.conn, &mut side.codec);
    if outcome.is_err() && !side.conn.is_autocommit() {
        side.conn.prepare_cached("ROLLBACK TO one")?.execute([])?;
    }
    if !side.conn.is_autocommit() {
        side.conn.prepare_cached("RELEASE one")?.execute([])?;
    }
    outcome
}

fn in_snapshot<T>(side: &mut Side, work: impl FnOnce(&mut Connection, &mut Codec) -> Result<T>) -> Result<T> {
    side.conn.prepare_cached("BEGIN")?.execute([])?;
    let outcome = work(&mut side.conn, &mut side.codec);
    if !side.conn.is_autocommit() {
        side.conn.prepare_cached("COMMIT")?.execute([])?;
    }
    outcome
}

fn run_reader(mut side: Side, jobs: &Mutex<Receiver<Read>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(read) => read(&mut side),
            Err(_) => return,
        }
    }
}
