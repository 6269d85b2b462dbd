//! The thread that writes: many calls in one transaction.
//!
//! It takes what waits in the queue, commits, and answers: an answer means the disk has it. What is asked meanwhile makes
//! the next transaction, so that a burst of commits pays for few `fsync`s, and a page of the database that several of them
//! change is written once.
//!
//! A call that fails takes no other with it: the transaction is rolled back as if it had never been, and every call in it
//! is done again in one of its own. That is dear and seldom; a savepoint for each call costs every call, since it makes
//! the full-text index write down what it has gathered, and SQLite keep the pages as they were.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::actor::Session;
use super::error::{Result, StoreError};
use super::phase::Shared;
use super::trouble::Troubles;
use super::write_queue::{Call, Request};

/// Calls in one transaction: bounds how long the first of them waits for its answer.
const MAX_BATCH_CALLS: usize = 128;

/// Failures in a row after which the connection itself is in doubt, and opened anew.
const MAX_CONNECTION_FAILURES: u32 = 2;

/// The session that writes, if the database can be written now.
pub(super) struct Writer {
    session: Option<Session>,
    /// `None` in memory.
    shared: Option<Arc<Shared>>,
    troubles: Arc<Troubles>,
    /// Failures of the disk or the file in a row.
    failures: u32,
}

impl Writer {
    /// The only session of a store in memory.
    pub(super) fn in_memory(session: Session, troubles: Arc<Troubles>) -> Self {
        Self { session: Some(session), shared: None, troubles, failures: 0 }
    }

    /// The session of a file; without one it is opened when it is needed.
    pub(super) fn on_disk(session: Option<Session>, shared: Arc<Shared>, troubles: Arc<Troubles>) -> Self {
        Self { session, shared: Some(shared), troubles, failures: 0 }
    }

    fn ready(&mut self) -> Result<&mut Session> {
        if self.session.is_none() {
            let shared = self.shared.as_ref().ok_or(StoreError::Closed)?;
            self.session = Some(shared.open_again()?);
            self.failures = 0;
        }
        self.session.as_mut().ok_or(StoreError::Closed)
    }

    fn close(self) -> Result<()> {
        let Some(session) = self.session else { return Ok(()) };
        session.conn.close().map_err(|(_, error)| error.into())
    }

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
        let is_stuck = self.session.as_ref().is_some_and(|session| !session.conn.is_autocommit());
        if self.shared.is_some() && (is_stuck || self.failures >= MAX_CONNECTION_FAILURES) {
            self.session = None;
        }
    }
}

/// The writer thread: does what is asked until it is told to close, or nobody is left to ask.
pub(super) fn run_writer(mut writer: Writer, requests: &Receiver<Request>) {
    let mut next = None;
    while let Some(request) = next.take().or_else(|| requests.recv().ok()) {
        match request {
            Request::Read(read) => read(writer.ready()),
            Request::Write(call) => next = run_batch(&mut writer, call, requests),
            Request::Close(reply) => {
                reply.send(writer.close()).ok();
                return;
            }
        }
    }
}

/// One transaction with `first` and the calls that wait behind it. Gives back a request that is no call.
fn run_batch(writer: &mut Writer, first: Box<dyn Call>, requests: &Receiver<Request>) -> Option<Request> {
    let begun = writer.ready().and_then(|session| begin(session));
    if let Err(error) = begun {
        writer.note(Some(&error));
        writer.doubt();
        first.answer(Err(error));
        return None;
    }
    let session = writer.session.as_mut()?;
    let mut calls = vec![first];
    let (is_well, next) = drain(session, &mut calls, requests);
    let fate = end(session, is_well);
    let fault = fate.as_ref().err().or_else(|| calls.last().and_then(|call| call.fault())).cloned();
    if calls.len() == 1 || fault.is_none() {
        writer.note(fault.as_ref());
        writer.doubt();
        calls.into_iter().for_each(|call| call.answer(fate.clone()));
        return next;
    }
    calls.into_iter().for_each(|call| run_alone(writer, call));
    next
}

fn run_alone(writer: &mut Writer, mut call: Box<dyn Call>) {
    let fate = writer.ready().and_then(|session| {
        begin(session)?;
        let is_well = call.run(session);
        end(session, is_well)
    });
    let fault = fate.as_ref().err().or(call.fault()).cloned();
    writer.note(fault.as_ref());
    writer.doubt();
    call.answer(fate);
}

/// Runs the call at hand and those that wait in the queue. Answers whether all went well, which ends with the first that
/// did not, and a request that is no call.
fn drain(
    session: &mut Session,
    calls: &mut Vec<Box<dyn Call>>,
    requests: &Receiver<Request>,
) -> (bool, Option<Request>) {
    while let Some(call) = calls.last_mut() {
        if !call.run(session) {
            return (false, None);
        }
        if calls.len() == MAX_BATCH_CALLS {
            break;
        }
        match requests.try_recv() {
            Ok(Request::Write(call)) => calls.push(call),
            other => return (true, other.ok()),
        }
    }
    (true, None)
}

fn begin(session: &Session) -> Result<()> {
    session.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    Ok(())
}

/// Ends a transaction: what went well is on disk then, anything else is undone.
fn end(session: &mut Session, is_well: bool) -> Result<()> {
    let committed = if is_well { commit(session) } else { Ok(()) };
    session.tools.pending_index.clear();
    if !is_well || committed.is_err() {
        session.tools.base.clear();
    }
    // A COMMIT that failed leaves the transaction open.
    if !session.conn.is_autocommit() {
        session.conn.prepare_cached("ROLLBACK")?.execute([])?;
    }
    committed
}

fn commit(session: &mut Session) -> Result<()> {
    session.tools.pending_index.write(&session.conn)?;
    session.conn.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
