//! `tinsach poll`: every source now, and a report.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Failure, Outcome, runtime, style};
use crate::app;
use crate::article::SourceId;
use crate::config::Config;
use crate::ops::logging;
use crate::pipeline::{Outcome as VisitOutcome, Progress, Report};

/// How the report is printed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the reports as JSON, one array
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Config, args: &Args) -> Outcome {
    logging::init("warn")?;
    let bars = Bars::default();
    let reports = runtime()?.block_on(app::poll(config, &bars))?;
    bars.clear();
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&reports)?);
    } else {
        reports.iter().for_each(print);
    }
    let failed = reports.iter().any(|report| report.outcome == VisitOutcome::Failed);
    if failed { Err(Failure::Told) } else { Ok(()) }
}

fn print(report: &Report) {
    let text = report.to_string();
    let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mark = match report.outcome {
        VisitOutcome::Ok => style::good("ok"),
        VisitOutcome::Partial => style::warning("partial"),
        VisitOutcome::Failed => style::error("failed"),
    };
    anstream::println!("{mark} {}", style::strong(head));
    anstream::print!("{rest}");
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
