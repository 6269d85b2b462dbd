//! The stream under hyper: it loses patience with clients that do not read, and sends large feeds straight from their
//! file.
//!
//! hyper bounds how long a request may take to arrive, but not how long a client may take to read the answer, and every
//! stalled client holds one of the connections that there are. And it hands every body over as memory, which the
//! kernel then copies; for a feed of hundreds of kilobytes that copy is most of the work. Where the memory is known to
//! be what a file holds, `sendfile` gives the kernel the file instead.

use std::fs::File;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use rustix::net::SendFlags;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

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
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let filed = slot.as_ref()?;
        filed.place(part).map(|place| (Arc::clone(&filed.file), place))
    }
}

/// A stream of which a write that makes no progress for a while fails.
pub(super) struct DeadlineStream<S> {
    stream: S,
    slot: CurrentBody,
    limit: Duration,
    /// Runs while the peer's window is full.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Whether files have failed us here.
    memory_only: bool,
}

impl<S: Socket> DeadlineStream<S> {
    /// A stream whose peer may read nothing for at most `limit`.
    pub fn new(stream: S, slot: CurrentBody, limit: Duration) -> Self {
        Self { stream, slot, limit, stalled: None, memory_only: false }
    }

    /// Passes progress on; without any the clock runs, and ends in an error.
    fn judge<T>(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if progress.is_ready() {
            self.stalled = None;
            return progress;
        }
        let limit = self.limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        match stalled.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Sends what stands in a file, or what stands before it; `None` if nothing of it does.
    fn poll_file(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Option<Poll<io::Result<usize>>> {
        if self.memory_only {
            return None;
        }
        let large = bufs.iter().position(|buf| buf.len() >= MIN_SENDFILE_BYTES)?;
        let (file, place) = self.slot.find(&bufs[large])?;
        let sent = if large > 0 {
            // The head waits for the body, so that both leave together.
            let head = &bufs[0];
            self.poll_call(cx, |stream| Ok(rustix::net::send(stream, head, SendFlags::MORE)?))
        } else {
            let mut place = place;
            let length = bufs[0].len();
            self.poll_call(cx, |stream| Ok(rustix::fs::sendfile(stream, &*file, Some(&mut place), length)?))
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

    /// Makes a system call that would rather fail than block, when the stream takes more.
    fn poll_call(
        &self,
        cx: &mut Context<'_>,
        mut call: impl FnMut(&S) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            match self.stream.try_write_call(|| call(&self.stream)) {
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done),
            }
        }
    }
}

impl<S: Socket> AsyncRead for DeadlineStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: Socket> AsyncWrite for DeadlineStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.as_mut().poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = match self.poll_file(cx, bufs) {
            Some(progress) => progress,
            None => Pin::new(&mut self.stream).poll_write_vectored(cx, bufs),
        };
        self.judge(cx, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
