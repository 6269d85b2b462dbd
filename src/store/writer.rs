//! The thread that writes: many calls in one transaction.
//!
//! It answers after the commit: an answer means the disk has it. A burst of commits pays for one `fsync`, and a page of
//! the database that several of them change is written once. What comes while nobody waits for an answer joins the open
//! transaction; the first who does wait ends it.
//!
//! A call that fails takes no other with it: the transaction is rolled back as if it had never been, and every call in it
//! is done again in one of its own. That is dear and seldom; a savepoint for each call costs every call, since it makes
//! the full-text index write down what it has gathered, and SQLite keep the pages as they were.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::actor::{Side, Tools};
use super::error::{Result, StoreError};
use super::queue::Orders;

/// Calls in one transaction at most: bounds how long the first of them waits for its answer.
const BATCH: usize = 128;
/// A transaction stays open so long at most while nobody waits for an answer.
const OPEN: Duration = Duration::from_millis(250);

/// A read that has its answer with it.
pub(super) type Read = Box<dyn FnOnce(&mut Side) + Send>;

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

    fn answer(self: Box<Self>, fate: Result<()>) {
        // A caller that no longer listens loses only the answer.
        self.reply.send(fate.and(self.outcome)).ok();
    }
}

/// The writer: does what is asked until it is told to close, or nobody is left to ask.
pub(super) fn run_writer(mut side: Side, orders: &Orders) {
    let mut held = None;
    while let Some(order) = held.take().or_else(|| orders.wait()) {
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
fn batch(side: &mut Side, first: Box<dyn Call>, hurry: bool, orders: &Orders) -> Option<Order> {
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
    side.tools.unindexed.clear();
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
    side.tools.unindexed.write(&side.conn)?;
    side.conn.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
