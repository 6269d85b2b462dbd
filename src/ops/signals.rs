//! TERM and INT ask for an orderly end; a second one is the operator's impatience and is left to the system.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `shutdown` at the first TERM or INT. Must be called inside the runtime.
///
/// # Errors
/// Fails where the system refuses a signal handler.
pub fn cancel_on_stop(shutdown: CancellationToken) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        let name = tokio::select! {
            _ = terminate.recv() => "TERM",
            _ = interrupt.recv() => "INT",
            () = shutdown.cancelled() => return,
        };
        tracing::info!(signal = name, "stopping");
        shutdown.cancel();
    });
    Ok(())
}
