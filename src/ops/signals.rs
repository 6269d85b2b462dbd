//! TERM and INT ask for an orderly end, and a second one for an end at once; HUP asks to read the configuration again.

use std::io;
use std::thread;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `shutdown` at the first TERM or INT, and ends the process at the second. The signals are heard on a thread of
/// their own: whoever sends the second one does so because something hangs.
///
/// # Errors
/// Fails where the system refuses a signal handler or a thread.
pub fn cancel_on_stop(shutdown: CancellationToken) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let entered = runtime.enter();
    let mut stops =
        [StopSignal::new("INT", SignalKind::interrupt())?, StopSignal::new("TERM", SignalKind::terminate())?];
    drop(entered);
    let hear = move || {
        runtime.block_on(async {
            let first = next(&mut stops).await;
            tracing::info!("{}: stopping", first.name);
            shutdown.cancel();
            let second = next(&mut stops).await;
            tracing::warn!(
                "{} again: ending at once; what was under way is done again at the next start",
                second.name
            );
            // What a shell shows of a process that a signal ended.
            std::process::exit(128 + second.number);
        });
    };
    thread::Builder::new().name("signals".to_owned()).spawn(hear)?;
    Ok(())
}

struct StopSignal {
    name: &'static str,
    number: i32,
    signal: Signal,
}

impl StopSignal {
    fn new(name: &'static str, kind: SignalKind) -> io::Result<Self> {
        Ok(Self { name, number: kind.as_raw_value(), signal: signal(kind)? })
    }
}

struct ReceivedSignal {
    name: &'static str,
    number: i32,
}

async fn next(stops: &mut [StopSignal; 2]) -> ReceivedSignal {
    let [interrupt, terminate] = stops;
    let came = tokio::select! {
        _ = interrupt.signal.recv() => interrupt,
        _ = terminate.signal.recv() => terminate,
    };
    ReceivedSignal { name: came.name, number: came.number }
}

/// Requests to read the configuration again, as HUP brings them.
pub struct Reloads(Signal);

impl Reloads {
    /// Waits for the next request. Several that came while nobody waited are one. Safe to drop and call anew, as
    /// `select!` does.
    pub async fn next(&mut self) {
        // None would mean that no signal can come any more, and then none does.
        if self.0.recv().await.is_none() {
            std::future::pending().await
        }
    }
}

/// Hears HUP from now on, which no longer ends the process, even when what is given back is dropped. Must be called
/// inside the runtime.
///
/// # Errors
/// Fails where the system refuses a signal handler.
pub fn reloads() -> io::Result<Reloads> {
    Ok(Reloads(signal(SignalKind::hangup())?))
}
