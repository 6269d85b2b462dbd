//! What is held back: for `tinsach held`, beside a daemon that may be running.

use jiff::tz::TimeZone;

use super::AppContext;
use crate::config::Config;
use crate::model::{Held, SourceId};

/// What is held back of one source.
#[derive(Clone, Debug)]
pub struct HeldBack {
    pub source: SourceId,
    /// The zone that times are told in.
    pub time_zone: TimeZone,
    /// How many addresses are held back in all.
    pub count: u64,
    /// The newest of them, as many as were asked for.
    pub held: Vec<Held>,
}

/// What is held back, source by source in the order of the configuration, of each at most `limit` addresses; of the one
/// with the name `only`, if there is one.
///
/// # Errors
/// If the store cannot be read.
pub async fn held(config: Config, only: Option<&SourceId>, limit: usize) -> anyhow::Result<Vec<HeldBack>> {
    let context = AppContext::beside(config).await?;
    let found = held_in(&context, only, limit).await;
    context.close().await?;
    found
}

async fn held_in(
    context: &AppContext,
    only: Option<&SourceId>,
    limit: usize,
) -> anyhow::Result<Vec<HeldBack>> {
    let store = &context.pipeline.store;
    let mut all = Vec::new();
    for source in context.config.sources.iter().filter(|source| only.is_none_or(|only| source.id == *only)) {
        all.push(HeldBack {
            source: source.id.clone(),
            time_zone: source.time_zone.clone(),
            count: store.held_count(&source.id).await?,
            held: store.held(Some(&source.id), limit).await?,
        });
    }
    Ok(all)
}
