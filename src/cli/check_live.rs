//! `tinsach check --live`: how every source stands at the portal now. Writes nothing.

use super::print::{self, Out, PrintError};
use super::{Failure, Outcome, runtime, sources, style};
use crate::app::{self, Live, Looked, Shown};
use crate::config::Config;

/// Differing blocks that are shown, and the characters of each.
const MAX_DIFFERENCES: usize = 12;
const BLOCK_CHARS: usize = 160;

/// Looks at the sources with these ids, at all of them without any.
pub(super) fn run(config: &Config, only: &[String], json: bool) -> Outcome {
    let only = only.iter().map(|name| sources::named(config, name).map(|source| source.id.clone()));
    let only = only.collect::<Result<Vec<_>, Failure>>()?;
    let looks = runtime()?.block_on(app::check_live(config, &only))?;
    if json {
        print::json(&looks)?;
    } else {
        print::stdout(|out| looks.iter().try_for_each(|live| show(out, live)))?;
    }
    if looks.iter().all(|live| live.is_well) { Ok(()) } else { Err(Failure::Told) }
}

fn show(out: &mut Out, live: &Live) -> Result<(), PrintError> {
    let mark = if live.is_well { style::good("ok") } else { style::error("trouble") };
    writeln!(out, "{mark} {}", style::strong(&live.source))?;
    if let Some(trouble) = &live.trouble {
        writeln!(out, "  {}  {trouble}", style::warning("trouble"))?;
    }
    for asked in &live.asked {
        let answer = match (&asked.trouble, asked.named) {
            (Some(why), _) => why.clone(),
            (None, named) => format!("{} articles", named.unwrap_or_default()),
        };
        writeln!(out, "  {:<8} {}  {answer}", asked.method, asked.url)?;
    }
    live.notes.iter().try_for_each(|note| writeln!(out, "  note     {note}"))?;
    if let Some(looked) = &live.article {
        show_article(out, looked)?;
    }
    writeln!(out)
}

fn show_article(out: &mut Out, looked: &Looked) -> Result<(), PrintError> {
    writeln!(out, "  {}  {}", style::strong(looked.outcome), looked.url)?;
    if let Some(why) = &looked.why {
        writeln!(out, "    {}  {why}", style::error("why"))?;
    }
    if let Some(mend) = looked.mend {
        writeln!(out, "    {} {mend}", style::warning("mend"))?;
    }
    let rows = rows(looked.now.as_ref(), looked.stored.as_ref());
    for (name, now, stored) in rows {
        writeln!(out, "    {} {}", style::faint(format!("{name:<12}")), line(&now))?;
        if let Some(stored) = stored {
            writeln!(out, "    {:<12} {}", "", style::faint(format!("stored: {}", line(&stored))))?;
        }
    }
    if looked.outcome == "article" && looked.stored.is_some() && looked.differences.is_empty() {
        writeln!(out, "    title and text read as they are stored")?;
    }
    for difference in looked.differences.iter().take(MAX_DIFFERENCES) {
        writeln!(out, "    {}", line(difference))?;
    }
    if let Some(more) = looked.differences.len().checked_sub(MAX_DIFFERENCES).filter(|more| *more > 0) {
        writeln!(out, "    … and {more} more blocks that differ (all with --json)")?;
    }
    Ok(())
}

/// What is read now, and what is stored where that is something else; of what was not read, no more than its name and
/// date.
fn rows(now: Option<&Shown>, stored: Option<&Shown>) -> Vec<(&'static str, String, Option<String>)> {
    let none = || "none".to_owned();
    let cells = |shown: &Shown| {
        let authors = if shown.authors.is_empty() { none() } else { shown.authors.join(", ") };
        [
            ("title", shown.title.clone()),
            ("published", shown.published.clone().unwrap_or_else(none)),
            ("authors", authors),
            ("pictures", shown.pictures.to_string()),
            ("characters", shown.characters.to_string()),
            ("first words", shown.first.clone()),
            ("last words", shown.last.clone()),
        ]
    };
    match (now.map(cells), stored.map(cells)) {
        (Some(now), Some(stored)) => now
            .into_iter()
            .zip(stored)
            .map(|((name, now), (_, stored))| (name, now.clone(), (now != stored).then_some(stored)))
            .collect(),
        (Some(now), None) => now.into_iter().map(|(name, now)| (name, now, None)).collect(),
        (None, Some(stored)) => {
            let named = stored.into_iter().take(2);
            named.map(|(name, stored)| (name, "not read".to_owned(), Some(stored))).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// One line without control characters: pages say what they like.
fn line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(BLOCK_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
