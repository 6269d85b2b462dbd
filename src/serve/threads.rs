//! The threads that serve. Each has a runtime of its own, which nothing but requests runs on: fetching, extracting and
//! compressing neither stand in their queue nor, being of lower priority, in their way.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::Site;
use super::listen::{self, Shared};
use super::sockets::Listener;
use crate::ops::heap;

/// The most threads: one sends tens of thousands of finished answers a second.
const MAX_THREADS: usize = 8;
/// Finished bytes that nobody asked for during this time leave memory: most readers come every few minutes or hours, and
/// a daemon has to be small at rest.
const EVICTION_INTERVAL: Duration = Duration::from_secs(60);
/// How long what is made on demand may go on when everything else has ended.
const RUNTIME_GRACE: Duration = Duration::from_secs(1);

/// Why serving ended before it was told to.
#[derive(Debug, thiserror::Error)]
#[error("a thread that serves broke down")]
pub struct Broken;

pub struct Server {
    threads: Vec<oneshot::Receiver<()>>,
    shared: Arc<Shared>,
}

impl Server {
    /// Answers by this site from the next request on; answers under way are finished by the one they began with.
    pub fn show(&self, site: Arc<Site>) {
        self.shared.show(site);
    }

    /// Waits until every answer that was under way at the shutdown is sent, or its time of grace is over.
    ///
    /// # Errors
    /// If a thread panicked.
    pub async fn ended(self) -> Result<(), Broken> {
        for thread in self.threads {
            thread.await.map_err(|_| Broken)?;
        }
        Ok(())
    }
}

/// Serves the site on every listener, on threads of its own, until `shutdown` is cancelled.
///
/// # Errors
/// If a listener cannot be used or a thread cannot be started.
pub fn start<L: Into<Listener>>(
    listeners: Vec<L>,
    site: &Arc<Site>,
    shutdown: &CancellationToken,
) -> io::Result<Server> {
    let shared = Arc::new(Shared::new(Arc::clone(site), shutdown.clone()));
    let listeners: Vec<Listener> = listeners.into_iter().map(L::into).collect();
    listeners.iter().try_for_each(Listener::set_nonblocking)?;
    // Half of the cores: whoever reads the answers on this machine (a proxy, a CDN's tunnel) needs the other half.
    let count = thread::available_parallelism().map_or(1, usize::from).div_ceil(2).min(MAX_THREADS);
    let mut threads = Vec::with_capacity(count);
    for _ in 0..count {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let entered = runtime.enter();
        let mine = listeners.iter().map(Listener::adopt).collect::<io::Result<Vec<_>>>()?;
        drop(entered);
        if threads.is_empty() {
            runtime.spawn(keep_small(Arc::clone(&shared)));
        }
        let mine_shared = Arc::clone(&shared);
        let (tell, ended) = oneshot::channel();
        let serve = move || {
            runtime.block_on(listen::serve(mine, mine_shared));
            runtime.shutdown_timeout(RUNTIME_GRACE);
            // Nobody waits any more: that is a way to end, too.
            tell.send(()).ok();
        };
        thread::Builder::new().name("serve".to_owned()).spawn(serve)?;
        threads.push(ended);
    }
    Ok(Server { threads, shared })
}

/// Ends with its runtime.
async fn keep_small(shared: Arc<Shared>) {
    let mut every = tokio::time::interval(EVICTION_INTERVAL);
    loop {
        every.tick().await;
        let site = shared.site();
        site.evict_idle();
        site.catch_up().await;
        heap::give_back();
    }
}
