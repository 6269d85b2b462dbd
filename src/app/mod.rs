//! The composition root: builds what everything shares, starts and stops it in order.
//!
//! Start: state folder, listener, store, editions, READY, schedule. Stop: schedule (the article at hand is finished),
//! server (answers under way are sent), store. What would stop the start is found before anything is changed.

pub(crate) mod backup;
mod change_notifier;
mod context;
mod daemon;
mod demo;
mod explain;
mod faults;
mod figures;
pub(crate) mod learn;
mod listen;
mod live;
mod locate;
mod mend;
pub mod offline;
mod replay;
mod show;
mod start_line;
mod state_dir;
mod status_line;
mod upkeep;

pub(crate) use context::AppContext;
pub(crate) use explain::{Explanation, explain};
pub(crate) use live::{Live, Looked, Shown, check_live};
pub(crate) use locate::{choose, choose_existing};
pub(crate) use mend::mend;
pub(crate) use replay::{Replayed, replay};
pub(crate) use show::Demo;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::health::Fault;
use crate::ops::{priority, signals, systemd};
use crate::{schedule, serve};
use daemon::Daemon;

/// The daemon: follows every source and serves, until TERM or INT; HUP has the configuration read again.
///
/// # Errors
/// Whatever stops the start, with what to do about it.
pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    // First of all, since it takes systemd's variables out of the environment, which is safe without other threads only.
    let listeners = listen::listeners(&config.listen)?;
    signals::cancel_on_stop(stop.clone()).context("cannot hear signals")?;
    let mut reloads = signals::reloads().context("cannot hear signals")?;
    start_line::log(&config, &listeners);
    let context = AppContext::open(config).await?;
    let server = serve::start(listeners.sockets, &context.site, &stop).context("cannot serve")?;
    // The threads of serving are there: whatever this one does and starts from now on stands behind them.
    priority::stand_back();
    let loaded = tokio::select! {
        loaded = context.site.load() => loaded,
        () = stop.cancelled() => Ok(()),
    };
    if let Err(fault) = loaded {
        // What is stored is served all the same.
        context.note(Fault::FeedsNotRenewed, "editions", Some(fault.to_string()));
    }
    systemd::ready();
    let daemon = Daemon::new(context, server, stop.clone()).await;
    let heartbeat = systemd::heartbeat_period(|name| std::env::var(name).ok());
    let scheduled = {
        let reload = async {
            loop {
                reloads.next().await;
                daemon.reload().await;
            }
        };
        tokio::select! {
            scheduled = schedule::run(daemon.following(), &daemon, heartbeat, &stop) => scheduled,
            never = reload => never,
        }
    };
    // A schedule that cannot go on ends the daemon: systemd starts it anew.
    stop.cancel();
    systemd::stopping();
    daemon.end().await?;
    scheduled.context("the schedule cannot go on")
}
