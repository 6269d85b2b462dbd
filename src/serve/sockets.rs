//! TCP and Unix sockets under one roof: what is listened on, and what is accepted there.

use std::io;
use std::net::TcpListener as StdTcp;
use std::os::fd::AsFd;
use std::os::unix::net::UnixListener as StdUnix;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, Interest};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

/// A bound socket that a server can be started on.
#[derive(Debug)]
pub enum Listener {
    Tcp(StdTcp),
    Unix(StdUnix),
}

impl From<StdTcp> for Listener {
    fn from(listener: StdTcp) -> Self {
        Self::Tcp(listener)
    }
}

impl From<StdUnix> for Listener {
    fn from(listener: StdUnix) -> Self {
        Self::Unix(listener)
    }
}

impl Listener {
    pub(super) fn set_nonblocking(&self) -> io::Result<()> {
        match self {
            Self::Tcp(listener) => listener.set_nonblocking(true),
            Self::Unix(listener) => listener.set_nonblocking(true),
        }
    }

    /// The same socket for the runtime that is entered.
    pub(super) fn adopt(&self) -> io::Result<AsyncListener> {
        Ok(match self {
            Self::Tcp(listener) => AsyncListener::Tcp(TcpListener::from_std(listener.try_clone()?)?),
            Self::Unix(listener) => AsyncListener::Unix(UnixListener::from_std(listener.try_clone()?)?),
        })
    }
}

pub(super) enum AsyncListener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

pub(super) enum AcceptedStream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl AsyncListener {
    pub(super) async fn accept(&self) -> io::Result<AcceptedStream> {
        match self {
            Self::Tcp(listener) => listener.accept().await.map(|(stream, _)| AcceptedStream::Tcp(stream)),
            Self::Unix(listener) => listener.accept().await.map(|(stream, _)| AcceptedStream::Unix(stream)),
        }
    }
}

/// What [`DeadlineStream`](super::deadline::DeadlineStream) needs of a stream beside reading and writing.
pub(super) trait Socket: AsyncRead + AsyncWrite + AsFd + Unpin + Send + 'static {
    /// Ready when the stream takes more.
    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;
    /// A system call that writes and would rather fail than block.
    fn try_write_call<T>(&self, call: impl FnOnce() -> io::Result<T>) -> io::Result<T>;
    /// Sends small writes at once, where the kind of socket would wait for more.
    fn send_at_once(&self) -> io::Result<()>;
}

impl Socket for TcpStream {
    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        TcpStream::poll_write_ready(self, cx)
    }

    fn try_write_call<T>(&self, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.try_io(Interest::WRITABLE, call)
    }

    fn send_at_once(&self) -> io::Result<()> {
        self.set_nodelay(true)
    }
}

impl Socket for UnixStream {
    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        UnixStream::poll_write_ready(self, cx)
    }

    fn try_write_call<T>(&self, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.try_io(Interest::WRITABLE, call)
    }

    fn send_at_once(&self) -> io::Result<()> {
        Ok(())
    }
}
