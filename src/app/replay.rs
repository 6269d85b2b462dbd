//! Reading the kept pages again, without the portal: after a rule, the extractor or the template changed.

use serde::Serialize;

use super::AppContext;
use crate::config::{Config, Source};
use crate::pipeline::{Pipeline, Reprocessed};

/// Kept pages read at a time.
const BATCH_PAGES: usize = 100;

/// What reading a kept page again gave.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub url: String,
    /// Lines that go (`-`) and come (`+`); a line is a block of text.
    pub lines: Vec<String>,
}

/// What a replay did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replayed {
    pub pages: usize,
    /// Articles that read otherwise than before.
    pub changes: Vec<Change>,
    /// Pages that are read as no article now, with the reason; the stored articles stay as they are.
    pub refused: Vec<(String, String)>,
}

/// Reads every kept page again. With `only_show` nothing is stored. Ids, `published` and `updated` stay.
///
/// # Errors
/// If the store cannot be read or written.
pub async fn replay(config: Config, only_show: bool) -> anyhow::Result<Replayed> {
    let context =
        if only_show { AppContext::beside(config).await? } else { AppContext::open(config).await? };
    let mut done = Replayed::default();
    for source in &context.config.sources {
        replay_source(&context.pipeline, source, only_show, &mut done).await?;
    }
    if !only_show {
        context.site.load().await?;
    }
    context.close().await?;
    Ok(done)
}

async fn replay_source(
    pipeline: &Pipeline,
    source: &Source,
    only_show: bool,
    done: &mut Replayed,
) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let entries = pipeline.store.kept(&source.id, after, BATCH_PAGES).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.row;
        for entry in entries {
            done.pages += 1;
            let url = entry.candidate.url.to_string();
            match pipeline.reprocess(source, entry, only_show).await? {
                Reprocessed::Same => {}
                Reprocessed::Other { before, after } => {
                    done.changes.push(Change { url, lines: difference(&before, &after) })
                }
                Reprocessed::NotArticle(why) => done.refused.push((url, why.to_string())),
            }
        }
    }
}

/// The blocks that only one of two texts has, in the order of the texts.
pub(super) fn difference(before: &str, after: &str) -> Vec<String> {
    let blocks = |text: &str| text.split("\n\n").map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (blocks(before), blocks(after));
    let gone = before.iter().filter(|block| !after.contains(block)).map(|block| format!("- {block}"));
    let come = after.iter().filter(|block| !before.contains(block)).map(|block| format!("+ {block}"));
    gone.chain(come).collect()
}
