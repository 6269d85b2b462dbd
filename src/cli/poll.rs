//! `tinsach poll`: every source now, and a report.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::print::{self, Out, PrintError};
use super::{Failure, Outcome, runtime, style};
use crate::app::AppContext;
use crate::config::Config;
use crate::model::SourceId;
use crate::ops::{clock, signals};
use crate::pipeline::{Extent, Outcome as VisitOutcome, Progress, Report};

/// How the report is printed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the reports as JSON, one array
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Config, args: &Args) -> Outcome {
    let bars = Bars::default();
    let reports = runtime()?.block_on(visit_all(config, &bars))?;
    bars.clear();
    let printed = if args.json {
        print::json(&reports)
    } else {
        print::stdout(|out| Ok(reports.iter().try_for_each(|report| show(out, report))?))
    };
    let failed = reports.iter().any(|report| report.outcome == VisitOutcome::Failed);
    match printed {
        // The visits are done; a reader that has gone changes nothing about how they ended.
        Err(error) if failed && print::is_closed(&error) => Err(Failure::Told),
        Ok(()) if failed => Err(Failure::Told),
        printed => Ok(printed?),
    }
}

fn show(out: &mut Out, report: &Report) -> Result<(), PrintError> {
    let text = report.to_string();
    let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mark = match report.outcome {
        VisitOutcome::Ok => style::good("ok"),
        VisitOutcome::Partial => style::warning("partial"),
        VisitOutcome::Failed => style::error("failed"),
    };
    writeln!(out, "{mark} {}", style::strong(head))?;
    write!(out, "{rest}")
}

/// A bar for every source that has pages to read, on a terminal only.
struct Bars {
    all: MultiProgress,
    by_source: Mutex<HashMap<SourceId, ProgressBar>>,
}

impl Default for Bars {
    fn default() -> Self {
        Self {
            all: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()),
            by_source: Mutex::default(),
        }
    }
}

impl Bars {
    fn clear(&self) {
        if self.all.clear().is_err() {
            tracing::debug!("the terminal went away");
        }
    }
}

impl Progress for Bars {
    fn read(&self, source: &SourceId, done: u64, waiting: u64) {
        let mut bars = self.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bars.entry(source.clone()).or_insert_with(|| {
            let look = ProgressStyle::with_template("{prefix:>14} {bar:30} {pos}/{len} {elapsed} left {eta}");
            let bar = self.all.add(ProgressBar::new(0).with_prefix(source.to_string()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar.with_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_length(done + waiting);
        bar.set_position(done);
    }
}

/// Visits every source now, until nothing is due, and brings the stored feeds up to date.
async fn visit_all<P: Progress>(config: Config, progress: &P) -> anyhow::Result<Vec<Report>> {
    let stop = CancellationToken::new();
    signals::cancel_on_stop(stop.clone()).context("cannot hear signals")?;
    let now = jiff::Timestamp::now();
    if clock::is_wrong(now) {
        anyhow::bail!(
            "the clock says {now}, which is before this program was made; set it first: what is read would bear that date for ever"
        );
    }
    let context = AppContext::open(config).await?;
    for source in &context.config.sources {
        // Somebody asks, perhaps since something was mended.
        context.pipeline.store.try_again(&source.id, context.pipeline.clock.now()).await?;
    }
    let visits = context
        .config
        .sources
        .iter()
        .map(|source| context.pipeline.visit(source, Extent::Everything, progress, &stop));
    let reports: Result<Vec<Report>, _> = futures_util::future::join_all(visits).await.into_iter().collect();
    let loaded = context.site.load().await;
    context.close().await?;
    loaded.context("cannot renew the stored feeds")?;
    Ok(reports?)
}
