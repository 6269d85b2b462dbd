//! `tinsach held`: what is held back, and why.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::print::{self, Out, PrintError};
use super::{Outcome, runtime, sources, style};
use crate::app::AppContext;
use crate::config::Config;
use crate::model::held::mend;
use crate::model::{Held, HeldPage, SourceId};

/// Addresses of a source that are shown unless more are asked for.
const MAX_ROWS: usize = 50;
/// Characters of a line of text or of an address that are shown.
const LINE_CHARS: usize = 110;
const ADDRESS_CHARS: usize = 70;

/// Which source, and how it is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The id of a source; without one, every source
    source: Option<String>,
    /// Print JSON, one array: each address with the reason and what it would have published
    #[arg(long)]
    json: bool,
    /// Addresses of each source, newest first [default: 50; all with --json]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

pub(super) fn run(config: Config, args: &Args) -> Outcome {
    let only = args.source.as_deref().map(|name| sources::named(&config, name)).transpose()?;
    let only = only.map(|source| source.id.clone());
    let limit = args.limit.unwrap_or(if args.json { usize::MAX } else { MAX_ROWS });
    let all = runtime()?.block_on(read_held(config, only.as_ref(), limit))?;
    if args.json {
        let held: Vec<&Held> = all.iter().flat_map(|source| &source.held).collect();
        print::json(&held)?;
        return Ok(());
    }
    print::stdout(|out| table(out, &all))?;
    print_counts(&all);
    print_mends(&all);
    Ok(())
}

/// What is held back of one source.
struct HeldBack {
    source: SourceId,
    /// The zone that times are told in.
    time_zone: TimeZone,
    /// How many addresses are held back in all.
    count: u64,
    /// The newest of them, as many as were asked for.
    held: Vec<Held>,
}

/// What is held back, source by source in the order of the configuration, of each at most `limit` addresses; of the one
/// with the name `only`, if there is one.
async fn read_held(config: Config, only: Option<&SourceId>, limit: usize) -> anyhow::Result<Vec<HeldBack>> {
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

fn table(out: &mut Out, all: &[HeldBack]) -> Result<(), PrintError> {
    if all.iter().all(|source| source.count == 0) {
        return writeln!(out, "nothing is held back");
    }
    let rows: Vec<Row<'_>> = all.iter().flat_map(rows).collect();
    let widest = |width: fn(&Row<'_>) -> usize| rows.iter().map(width).max().unwrap_or_default();
    let source = widest(|row| row.source.chars().count());
    let times = widest(|row| row.times.chars().count());
    let why = widest(|row| row.why.chars().count()).min(LINE_CHARS);
    for row in &rows {
        let head = format!("{:<source$}  {}  {:>times$}", row.source, row.since, row.times);
        writeln!(out, "{head}  {:<why$}  {}", row.why, style::faint(&row.address))?;
        row.below.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(())
}

fn print_counts(all: &[HeldBack]) {
    for source in all.iter().filter(|source| source.count > 0) {
        let more = if source.count > source.held.len() as u64 {
            format!(", {} shown; --limit {} shows all", source.held.len(), source.count)
        } else {
            String::new()
        };
        print::say(format_args!("{}: {} held back{more}", style::strong(&source.source), source.count));
    }
}

/// What to do, once for each reason.
fn print_mends(all: &[HeldBack]) {
    let held = all.iter().flat_map(|source| &source.held);
    let reasons: BTreeMap<&str, ()> = held.map(|held| (held.code.as_str(), ())).collect();
    for code in reasons.keys() {
        print::say(format_args!("{} {}", style::strong(format!("{code}:")), mend(code)));
    }
}

/// One address as it is shown.
struct Row<'a> {
    source: String,
    since: String,
    times: String,
    why: &'a str,
    address: String,
    below: Vec<String>,
}

fn rows(source: &HeldBack) -> Vec<Row<'_>> {
    let row = |held| row(held, &source.time_zone);
    source.held.iter().map(row).collect()
}

fn row<'a>(held: &'a Held, zone: &TimeZone) -> Row<'a> {
    let mut below = held.page.as_ref().map(says).unwrap_or_default();
    if held.is_published {
        below.push("an earlier text of it is published and stays up".to_owned());
    }
    below.push(match held.due {
        Some(due) => format!("due again {}", local(due, zone)),
        None => "not looked at any more".to_owned(),
    });
    Row {
        source: held.source.clone(),
        since: local(held.since, zone),
        times: format!("{}×", held.times),
        // What could not be fetched is told with its address, which stands beside it.
        why: held.why.strip_prefix(held.url.as_str()).map_or(&*held.why, str::trim_start),
        address: shortened(&held.url[url::Position::BeforePath..], ADDRESS_CHARS),
        below,
    }
}

/// The would-be title, and the first line of the text.
fn says(page: &HeldPage) -> Vec<String> {
    let title = page.title.as_deref().map(|title| format!("“{}”", shortened(title, LINE_CHARS)));
    let first = page.text.lines().find(|line| !line.trim().is_empty());
    title.into_iter().chain(first.map(|line| shortened(line, LINE_CHARS))).collect()
}

fn local(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// One line without control characters: pages say what they like.
fn shortened(text: &str, characters: usize) -> String {
    let line: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
