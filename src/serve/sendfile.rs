//! Large bodies straight from their file.
//!
//! hyper hands every body over as memory, which the kernel then copies; for a feed of hundreds of kilobytes that copy is
//! most of the work. Where the memory is known to be what a file holds, `sendfile` gives the kernel the file instead,
//! which answers a quarter to a third more requests a second. Who answers says which body comes ([`CurrentBody`]); the
//! stream of the connection asks [`FileSender`] before it writes.

use std::fs::File;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use rustix::net::SendFlags;

use super::sockets::Socket;

/// Bodies from this size on are sent from their file: below it a copy costs less than a second system call. It also
/// bounds how many files are open, since the editions in memory are bounded.
pub const MIN_SENDFILE_BYTES: usize = 32 * 1024;

/// A body that stands in memory and, the same bytes, in a file.
#[derive(Clone, Debug)]
pub struct FileBody {
    bytes: Bytes,
    file: Arc<File>,
    /// Where in the file the body begins.
    offset: u64,
}

impl FileBody {
    /// A body of which the bytes stand in `file` from `offset` on. The file must never be changed in place.
    pub fn new(bytes: Bytes, file: Arc<File>, offset: u64) -> Self {
        Self { bytes, file, offset }
    }

    /// Where in the file the bytes of `part` stand, if it is a part of this very memory (which cannot have become
    /// another's while it is held here).
    fn place(&self, part: &[u8]) -> Option<u64> {
        let from = part.as_ptr().addr().checked_sub(self.bytes.as_ptr().addr())?;
        let is_inside = from < self.bytes.len() && part.len() <= self.bytes.len() - from;
        is_inside.then(|| self.offset + from as u64)
    }
}

/// The body that a connection is sending, if it stands in a file: set by whoever answers, looked at by the stream.
#[derive(Clone, Default)]
pub struct CurrentBody(Arc<Mutex<Option<FileBody>>>);

impl CurrentBody {
    /// Says what is sent next.
    pub fn set(&self, body: Option<&FileBody>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body.cloned();
    }

    /// The file and place of a part of the body.
    fn find(&self, part: &[u8]) -> Option<(Arc<File>, u64)> {
        let current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let body = current.as_ref()?;
        body.place(part).map(|place| (Arc::clone(&body.file), place))
    }
}

/// Sends the large bodies of one connection from their files.
pub(super) struct FileSender {
    current: CurrentBody,
    /// Whether files have failed us here.
    memory_only: bool,
}

impl FileSender {
    pub(super) fn new(current: CurrentBody) -> Self {
        Self { current, memory_only: false }
    }

    /// Sends what stands in a file, or what stands before it; `None` if nothing of it does.
    pub(super) fn poll_send(
        &mut self,
        stream: &impl Socket,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Option<Poll<io::Result<usize>>> {
        if self.memory_only {
            return None;
        }
        let large = bufs.iter().position(|buf| buf.len() >= MIN_SENDFILE_BYTES)?;
        let (file, place) = self.current.find(&bufs[large])?;
        let sent = if large > 0 {
            // The head waits for the body, so that both leave together.
            let head = &bufs[0];
            poll_call(stream, cx, |stream| Ok(rustix::net::send(stream, head, SendFlags::MORE)?))
        } else {
            let mut place = place;
            let length = bufs[0].len();
            poll_call(stream, cx, |stream| {
                Ok(rustix::fs::sendfile(stream, &*file, Some(&mut place), length)?)
            })
        };
        match sent {
            // A file system that cannot, or a file that somebody cut: the memory is still there.
            Poll::Ready(Ok(0)) => {
                self.memory_only = true;
                None
            }
            Poll::Ready(Err(fault)) if fault.kind() == io::ErrorKind::InvalidInput => {
                self.memory_only = true;
                None
            }
            other => Some(other),
        }
    }
}

/// Makes a system call that would rather fail than block, when the stream takes more.
fn poll_call<S: Socket>(
    stream: &S,
    cx: &mut Context<'_>,
    mut call: impl FnMut(&S) -> io::Result<usize>,
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(cx))?;
        match stream.try_write_call(|| call(stream)) {
            Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => {}
            done => return Poll::Ready(done),
        }
    }
}
