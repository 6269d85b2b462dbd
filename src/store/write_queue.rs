//! What the writer thread is asked to do, in the order it is asked.

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::actor::{Session, Tools};
use super::error::{Result, StoreError};

/// A read that has its answer with it.
pub(super) type Read = Box<dyn FnOnce(Result<&mut Session>) + Send>;

/// What the writer is to do next.
pub(super) enum Request {
    /// A call in a transaction.
    Write(Box<dyn Call>),
    /// A read that runs between transactions: only where there are no reading connections.
    Read(Read),
    Close(oneshot::Sender<Result<()>>),
}

pub(super) trait Call: Send {
    /// Does it in the open transaction, in the place of an earlier try. Answers whether that went well and the
    /// transaction is still open.
    fn run(&mut self, session: &mut Session) -> bool;
    fn fault(&self) -> Option<&StoreError>;
    /// Hands over what the last try gave, unless the fate of its transaction is an error.
    fn answer(self: Box<Self>, fate: Result<()>);
}

struct QueuedCall<T, W> {
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
    (Box::new(QueuedCall { work, outcome: Err(StoreError::Closed), reply }), answer)
}

impl<T: Send, W: FnMut(&Connection, &mut Tools) -> Result<T> + Send> Call for QueuedCall<T, W> {
    fn run(&mut self, session: &mut Session) -> bool {
        self.outcome = (self.work)(&session.conn, &mut session.tools);
        // A full disk can make SQLite roll the whole transaction back.
        if self.outcome.is_ok() && session.conn.is_autocommit() {
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
