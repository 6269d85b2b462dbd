//! The accept loop: hyper's HTTP/1 on our own sockets.
//!
//! `axum::serve` sets no timer, which leaves a client that sends its headers a byte a minute connected for ever; here
//! headers have a deadline, connections are counted, and stopping waits for the answers that are under way.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::body::Body;
use axum::http::{Request, Response};
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Site;
use super::deadline::DeadlineStream;
use super::routes::Front;
use super::sendfile::CurrentBody;
use super::sockets::{AcceptedStream, AsyncListener, Socket};

/// Connections at a time: each costs a few kilobytes, and systemd's default limit of open files is 1024 soft, 524288
/// hard.
const MAX_CONNECTIONS: usize = 900;
/// From the first byte of a request to the end of its headers; also how long an idle connection is kept.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client may read nothing of an answer.
const STALLED_WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest head of a request, in bytes.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// How long stopping waits for answers that are under way.
const STOP_GRACE: Duration = Duration::from_secs(10);
/// How long, at a stop, the first request of a connection may still be on its way: a client that connected a moment
/// before is not to be left without an answer.
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(1);
/// Pause after a failed accept (no more file descriptors), so that the loop does not spin.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);

/// A response: a finished edition, or what a handler made.
pub type Answer = Response<Either<Full<Bytes>, Body>>;

/// What the threads of a server share.
pub struct Shared {
    /// What answers; another one takes its place when the configuration is reloaded.
    front: ArcSwap<Front>,
    limit: Arc<Semaphore>,
    shutdown: CancellationToken,
}

impl Shared {
    /// For one server of a site.
    pub fn new(site: Arc<Site>, shutdown: CancellationToken) -> Self {
        let front = ArcSwap::from_pointee(Front::new(site));
        Self { front, limit: Arc::new(Semaphore::new(MAX_CONNECTIONS)), shutdown }
    }

    /// Answers by this site from the next request on.
    pub fn show(&self, site: Arc<Site>) {
        self.front.store(Arc::new(Front::new(site)));
    }

    pub fn site(&self) -> Arc<Site> {
        self.front.load().site()
    }
}

/// Serves on every listener until the shutdown is asked for and the answers under way are sent, or their time of grace
/// is over.
pub(super) async fn serve(listeners: Vec<AsyncListener>, shared: Arc<Shared>) {
    let tasks = TaskTracker::new();
    let loops = TaskTracker::new();
    for listener in listeners {
        loops.spawn(accept(listener, Arc::clone(&shared), tasks.clone()));
    }
    loops.close();
    loops.wait().await;
    tasks.close();
    if tokio::time::timeout(STOP_GRACE, tasks.wait()).await.is_err() {
        tracing::warn!(
            connections = tasks.len(),
            "answers were still under way when the time to stop was over"
        );
    }
}

async fn accept(listener: AsyncListener, shared: Arc<Shared>, tasks: TaskTracker) {
    let shutdown = &shared.shutdown;
    let mut is_failing = false;
    loop {
        let Some(permit) = unless(shutdown, Arc::clone(&shared.limit).acquire_owned()).await else { return };
        let Ok(permit) = permit else { return };
        let Some(accepted) = unless(shutdown, listener.accept()).await else { return };
        // A trouble that lasts is told once, not ten times a second.
        let was_failing = std::mem::replace(&mut is_failing, accepted.is_err());
        match accepted {
            Ok(AcceptedStream::Tcp(stream)) => {
                tasks.spawn(connection(stream, Arc::clone(&shared), permit));
            }
            Ok(AcceptedStream::Unix(stream)) => {
                tasks.spawn(connection(stream, Arc::clone(&shared), permit));
            }
            Err(fault) if concerns_one_connection(&fault) => {}
            Err(fault) => {
                if !was_failing {
                    tracing::warn!(%fault, "connections cannot be accepted at the moment; they wait");
                }
                if unless(shutdown, tokio::time::sleep(ACCEPT_BACKOFF)).await.is_none() {
                    return;
                }
            }
        }
    }
}

/// The future's output, or `None` as soon as the token is cancelled.
async fn unless<T>(shutdown: &CancellationToken, future: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = shutdown.cancelled() => None,
        output = future => Some(output),
    }
}

/// Faults of the peer, which say nothing about the listener.
fn concerns_one_connection(fault: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(fault.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection<S: Socket>(stream: S, shared: Arc<Shared>, permit: OwnedSemaphorePermit) {
    if let Err(fault) = stream.send_at_once() {
        tracing::debug!(%fault, "small answers may wait for more");
    }
    let current_body = CurrentBody::default();
    let stream = DeadlineStream::new(stream, current_body.clone(), STALLED_WRITE_TIMEOUT);
    let (has_asked, first_request) = (AtomicBool::new(false), Notify::new());
    let service = service_fn(|request: Request<Incoming>| async {
        if !has_asked.swap(true, Ordering::Relaxed) {
            first_request.notify_one();
        }
        // A client that asks again at once would be served again before the others get their turn.
        tokio::task::yield_now().await;
        Ok::<Answer, Infallible>(shared.front.load_full().answer(request, &current_body).await)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop_after_first_request(&shared.shutdown, &first_request) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(fault) = ended {
        tracing::debug!(%fault, "a connection ended early");
    }
    drop(permit);
}

/// Waits until a connection is to be closed as soon as what it has asked for is answered. hyper closes one on which
/// nothing was read yet at once, though the request may be in the kernel's buffers.
async fn stop_after_first_request(shutdown: &CancellationToken, first_request: &Notify) {
    shutdown.cancelled().await;
    // Either way it is time.
    tokio::time::timeout(FIRST_REQUEST_TIMEOUT, first_request.notified()).await.ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_faults_of_a_connection_are_passed_over_without_a_pause() {
        for kind in [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset] {
            assert!(concerns_one_connection(&kind.into()), "{kind}");
        }
        // No more descriptors (EMFILE), no more memory (ENOMEM): the loop must not spin.
        for code in [24, 12] {
            assert!(!concerns_one_connection(&io::Error::from_raw_os_error(code)), "{code}");
        }
    }
}
