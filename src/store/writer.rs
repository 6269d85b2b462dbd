//! The thread that writes: many calls in one transaction.
//!
//! It answers after the commit: an answer means the disk has it. A burst of commits pays for one `fsync`, and a page of
//! the database that several of them change is written once. What comes while nobody waits for an answer joins the open
//! transaction; the first who does wait ends it.
//!
//! A call that fails takes no other with it: the transaction is rolled back as if it had never been, and every call in it
//! is done again in one of its own. That is dear and seldom; a savepoint for each call costs every call, since it makes
//! the full-text index write down what it has gathered, and SQLite keep the pages as they were.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::actor::{Side, Tools};
use super::error::{Result, StoreError};
use super::phase::Shared;
use super::queue::Orders;
use super::trouble::Troubles;

/// Calls in one transaction at most: bounds how long the first of them waits for its answer.
const BATCH: usize = 128;
/// A transaction stays open so long at most while nobody waits for an answer.
const OPEN: Duration = Duration::from_millis(250);

/// A read that has its answer with it.
pub(super) type Read = Box<dyn FnOnce(Result<&mut Side>) + Send>;

/// What the writer is to do next.
pub(super) enum Order {
    /// A call, and whether somebody waits for its answer already.
    Write(Box<dyn Call>, bool),
    /// Somebody waits now for the answer to a call that is in the queue or done already.
    Hurry,
    /// A read that runs beside the writer: only where there are no reading connections.
    Read(Read),
    /// Closes the connection.
    Close(oneshot::Sender<Result<()>>),
}

/// What the writer is asked to do.
pub(super) trait Call: Send {
    /// Does it in the open transaction, in the place of an earlier try. Answers whether that went well and the
    /// transaction is still open.
    fn run(&mut self, side: &mut Side) -> bool;
    /// Why the last try went wrong.
    fn fault(&self) -> Option<&StoreError>;
    /// Hands over what the last try gave, unless the fate of its transaction is an error.
    fn answer(self: Box<Self>, fate: Result<()>);
}

struct Asked<T, W> {
    work: W,
    outcome: Result<T>,
    reply: oneshot::Sender<Result<T>>,
}

/// A call, and where its answer comes.
pub(super) fn call<T, W>(work: W) -> (Box<dyn Call>, oneshot::Receiver<Result<T>>)
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

    fn fault(&self) -> Option<&StoreError> {
        self.outcome.as_ref().err()
    }

    fn answer(self: Box<Self>, fate: Result<()>) {
        // A caller that no longer listens loses only the answer.
        self.reply.send(fate.and(self.outcome)).ok();
    }
}

/// Failures in a row after which the connection itself is in doubt, and opened anew.
const DOUBTFUL: u32 = 2;

/// The side that writes, if the database can be written now.
pub(super) struct Writer {
    side: Option<Side>,
    /// `None` in memory.
    shared: Option<Arc<Shared>>,
    troubles: Arc<Troubles>,
    /// Failures of the disk or the file in a row.
    failures: u32,
}

impl Writer {
    /// The only side of a store in memory.
    pub(super) fn in_memory(side: Side, troubles: Arc<Troubles>) -> Self {
        Self { side: Some(side), shared: None, troubles, failures: 0 }
    }

    /// The side of a file; without one it is opened when it is needed.
    pub(super) fn on_disk(side: Option<Side>, shared: Arc<Shared>, troubles: Arc<Troubles>) -> Self {
        Self { side, shared: Some(shared), troubles, failures: 0 }
    }

    /// Sees to it that there is a connection.
    fn ready(&mut self) -> Result<&mut Side> {
        if self.side.is_none() {
            let shared = self.shared.as_ref().ok_or(StoreError::Closed)?;
            self.side = Some(shared.open_again()?);
            self.failures = 0;
        }
        self.side.as_mut().ok_or(StoreError::Closed)
    }

    /// Closes the connection, if there is one.
    fn close(self) -> Result<()> {
        let Some(side) = self.side else { return Ok(()) };
        side.conn.close().map_err(|(_, error)| error.into())
    }

    /// Notes how a transaction went.
    fn note(&mut self, fault: Option<&StoreError>) {
        match fault {
            None => {
                self.troubles.written();
                self.failures = 0;
            }
            Some(error) if self.troubles.note(error) => self.failures += 1,
            Some(_) => {}
        }
    }

    /// Lets go of a connection that may be what is wrong, so that the next call has another.
    fn doubt(&mut self) {
        let is_stuck = self.side.as_ref().is_some_and(|side| !side.conn.is_autocommit());
        if self.shared.is_some() && (is_stuck || self.failures >= DOUBTFUL) {
            self.side = None;
        }
    }
}

/// The writer: does what is asked until it is told to close, or nobody is left to ask.
pub(super) fn run_writer(mut writer: Writer, orders: &Orders) {
    let mut held = None;
    while let Some(order) = held.take().or_else(|| orders.wait()) {
        match order {
            Order::Read(read) => read(writer.ready()),
            Order::Write(call, hurry) => held = batch(&mut writer, call, hurry, orders),
            // Whom it is for is answered.
            Order::Hurry => {}
            Order::Close(reply) => {
                reply.send(writer.close()).ok();
                return;
            }
        }
    }
}

/// One transaction with `first` and the calls behind it. Gives back an order that is none.
fn batch(writer: &mut Writer, first: Box<dyn Call>, hurry: bool, orders: &Orders) -> Option<Order> {
    let begun = writer.ready().and_then(|side| begin(side));
    if let Err(error) = begun {
        writer.note(Some(&error));
        writer.doubt();
        first.answer(Err(error));
        return None;
    }
    let side = writer.side.as_mut()?;
    let mut calls = vec![first];
    let (is_well, held) = run_all(side, &mut calls, hurry, orders);
    let fate = end(side, is_well);
    let fault = fate.as_ref().err().or_else(|| calls.last().and_then(|call| call.fault())).cloned();
    if calls.len() == 1 || fault.is_none() {
        writer.note(fault.as_ref());
        writer.doubt();
        calls.into_iter().for_each(|call| call.answer(fate.clone()));
        return held;
    }
    calls.into_iter().for_each(|call| alone(writer, call));
    held
}

/// One transaction with one call.
fn alone(writer: &mut Writer, mut call: Box<dyn Call>) {
    let fate = writer.ready().and_then(|side| {
        begin(side)?;
        let is_well = call.run(side);
        end(side, is_well)
    });
    let fault = fate.as_ref().err().or(call.fault()).cloned();
    writer.note(fault.as_ref());
    writer.doubt();
    call.answer(fate);
}

/// Runs the call at hand and those that come behind it: all that wait, and while nobody waits for an answer also what
/// comes within a while. Answers whether all went well, which ends with the first that did not, and an order that is no
/// call.
fn run_all(
    side: &mut Side,
    calls: &mut Vec<Box<dyn Call>>,
    mut hurry: bool,
    orders: &Orders,
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
fn next(orders: &Orders, hurry: &mut bool, until: Instant) -> Option<Order> {
    loop {
        let order = if *hurry { orders.look() } else { orders.wait_until(until) }?;
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
    side.tools.pending_index.clear();
    if !is_well || committed.is_err() {
        side.tools.base.clear();
    }
    // A COMMIT that failed leaves the transaction open.
    if !side.conn.is_autocommit() {
        side.conn.prepare_cached("ROLLBACK")?.execute([])?;
    }
    committed
}

fn commit(side: &mut Side) -> Result<()> {
    side.tools.pending_index.write(&side.conn)?;
    side.conn.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
