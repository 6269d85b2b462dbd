//! The threads behind the facade: one that writes, a few that read.
//!
//! The writer does many calls in one transaction and answers after the commit: an answer means the disk has it. A burst
//! of commits pays for one `fsync`, and a page of the database that several of them change is written once. What comes
//! while nobody waits for an answer joins the open transaction; the first who does wait ends it.
//!
//! A call that fails takes no other with it: the transaction is rolled back as if it had never been, and every call in it
//! is done again in one of its own. That is dear and seldom; a savepoint for each call costs every call, since it makes
//! the full-text index write down what it has gathered, and SQLite keep the pages as they were.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::codec::Codec;
use super::error::{Result, StoreError};
use super::open::{open_reader, open_writer};
use super::words::Unindexed;

/// Connections that read.
const READERS: usize = 2;
/// Calls in one transaction at most: bounds how long the first of them waits for its answer.
const BATCH: usize = 64;
/// A transaction stays open so long at most while nobody waits for an answer.
const OPEN: Duration = Duration::from_millis(250);

/// One connection with its compression state.
pub(super) struct Side {
    /// The connection.
    pub(super) conn: Connection,
    /// What is kept for it.
    pub(super) tools: Tools,
}

/// What a connection works with.
pub(super) struct Tools {
    /// Its compression state.
    pub(super) codec: Codec,
    /// What the transaction has still to write into the full-text index; only the writer has any.
    pub(super) unindexed: Unindexed,
}

impl Side {
    /// A connection that nothing was done with.
    pub(super) fn new(conn: Connection) -> Result<Self> {
        Ok(Self { conn, tools: Tools { codec: Codec::new()?, unindexed: Unindexed::default() } })
    }
}

type Read = Box<dyn FnOnce(&mut Side) + Send>;

enum Order {
    /// A call, and whether somebody waits for its answer already.
    Write(Box<dyn Call>, bool),
    /// Somebody waits now for the answer to a call that is in the queue or done already.
    Hurry,
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
    /// this returns: the future is its answer alone. `work` may be run twice, and what it did the first time is undone
    /// then.
    pub(super) fn write<T, W>(&self, work: W) -> impl Future<Output = Result<T>> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnMut(&Connection, &mut Tools) -> Result<T> + Send + 'static,
    {
        let (call, answer) = call(work);
        let sent = self.write.send(Order::Write(call, true)).map_err(|_| StoreError::Closed);
        async move {
            sent?;
            answer.await.map_err(|_| StoreError::Closed)?
        }
    }

    /// The same for a caller with more to come: the transaction waits for that until the future is polled.
    pub(super) fn write_with_others<T, W>(
        &self,
        work: W,
    ) -> impl Future<Output = Result<T>> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnMut(&Connection, &mut Tools) -> Result<T> + Send + 'static,
    {
        let (call, mut answer) = call(work);
        let sent = self.write.send(Order::Write(call, false)).map_err(|_| StoreError::Closed);
        let write = self.write.clone();
        async move {
            sent?;
            // What is answered already must not end the transaction of those that came after it.
            match answer.try_recv() {
                Ok(answered) => answered,
                Err(TryRecvError::Closed) => Err(StoreError::Closed),
                Err(TryRecvError::Empty) => {
                    write.send(Order::Hurry).map_err(|_| StoreError::Closed)?;
                    answer.await.map_err(|_| StoreError::Closed)?
                }
            }
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

/// What the writer is asked to do.
trait Call: Send {
    /// Does it in the open transaction, in the place of an earlier try. Answers whether that went well and the
    /// transaction is still open.
    fn run(&mut self, side: &mut Side) -> bool;
    /// Hands over what the last try gave, unless the fate of its transaction is an error.
    fn answer(self: Box<Self>, fate: Result<()>);
}

struct Asked<T, W> {
    work: W,
    outcome: Result<T>,
    reply: oneshot::Sender<Result<T>>,
}

fn call<T, W>(work: W) -> (Box<dyn Call>, oneshot::Receiver<Result<T>>)
where
    T: Send + 'static,
    W: FnMut(&Connection, &mut Tools) -> Result<T> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Asked { work, outcome: Err(StoreError::Closed), reply }), answer)
}

impl<T: Send, W: FnMut(&Connection, &mut Tools) -> Result<T> + Send> Call for Asked<T, W> {
    fn run(&mut self, side: &mut Side) -> bool {
        self.outcome = (self.work)(&side.conn, &mut side.tools);
        // A full disk can make SQLite roll the whole transaction back.
        if self.outcome.is_ok() && side.conn.is_autocommit() {
            let why = "the transaction was rolled back; see the disk and the log";
            self.outcome = Err(StoreError::Write(why.to_owned()));
        }
        self.outcome.is_ok()
    }

    fn answer(self: Box<Self>, fate: Result<()>) {
        // A caller that no longer listens loses only the answer.
        self.reply.send(fate.and(self.outcome)).ok();
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
            Order::Write(call, hurry) => held = batch(&mut side, call, hurry, orders),
            // Whom it is for is answered.
            Order::Hurry => {}
            Order::Close(reply) => {
                let Side { conn, .. } = side;
                reply.send(conn.close().map_err(|(_, error)| error.into())).ok();
                return;
            }
        }
    }
}

/// One transaction with `first` and the calls behind it. Gives back an order that is none.
fn batch(side: &mut Side, first: Box<dyn Call>, hurry: bool, orders: &Receiver<Order>) -> Option<Order> {
    if let Err(error) = begin(side) {
        first.answer(Err(error));
        return None;
    }
    let mut calls = vec![first];
    let (is_well, held) = run_all(side, &mut calls, hurry, orders);
    let fate = end(side, is_well);
    if calls.len() == 1 || (is_well && fate.is_ok()) {
        calls.into_iter().for_each(|call| call.answer(fate.clone()));
        return held;
    }
    for mut call in calls {
        let fate = match begin(side) {
            Ok(()) => {
                let is_well = call.run(side);
                end(side, is_well)
            }
            Err(error) => Err(error),
        };
        call.answer(fate);
    }
    held
}

/// Runs the call at hand and those that come behind it: all that wait, and while nobody waits for an answer also what
/// comes within a while. Answers whether all went well, which ends with the first that did not, and an order that is no
/// call.
fn run_all(
    side: &mut Side,
    calls: &mut Vec<Box<dyn Call>>,
    mut hurry: bool,
    orders: &Receiver<Order>,
) -> (bool, Option<Order>) {
    let until = Instant::now() + OPEN;
    while let Some(call) = calls.last_mut() {
        if !call.run(side) {
            return (false, None);
        }
        if calls.len() == BATCH {
            break;
        }
        match next(orders, &mut hurry, until) {
            Some(Order::Write(call, _)) => calls.push(call),
            other => return (true, other),
        }
    }
    (true, None)
}

/// The next order for an open transaction; none ends it.
fn next(orders: &Receiver<Order>, hurry: &mut bool, until: Instant) -> Option<Order> {
    loop {
        let order = if *hurry {
            orders.try_recv().ok()?
        } else {
            orders.recv_timeout(until.saturating_duration_since(Instant::now())).ok()?
        };
        *hurry |= matches!(order, Order::Hurry | Order::Write(_, true));
        if !matches!(order, Order::Hurry) {
            return Some(order);
        }
    }
}

fn begin(side: &Side) -> Result<()> {
    side.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    Ok(())
}

/// Ends a transaction: what went well is on disk then, anything else is undone.
fn end(side: &mut Side, is_well: bool) -> Result<()> {
    let committed = if is_well { commit(side) } else { Ok(()) };
    side.tools.unindexed.clear();
    // A COMMIT that failed leaves the transaction open.
    if !side.conn.is_autocommit() {
        side.conn.prepare_cached("ROLLBACK")?.execute([])?;
    }
    committed
}

fn commit(side: &mut Side) -> Result<()> {
    side.tools.unindexed.write(&side.conn)?;
    side.conn.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}

fn in_snapshot<T>(side: &mut Side, work: impl FnOnce(&mut Connection, &mut Codec) -> Result<T>) -> Result<T> {
    side.conn.prepare_cached("BEGIN")?.execute([])?;
    let outcome = work(&mut side.conn, &mut side.tools.codec);
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
