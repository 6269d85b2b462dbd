//! A source file, mended: its portal learned anew, and what no longer holds changed. For `tinsach learn --mend`.

use std::path::Path;

use anyhow::{Context, anyhow};
use url::Url;

use crate::config::{self, Config, Origins, Source};
use crate::crawl::{self, DiscoveryState};
use crate::fetch::Fetcher;
use crate::learn::{self, Difference, LearnError, Learned, Watch};

pub struct MendedFile {
    pub toml: String,
    /// The file that it is to replace; `None` if the source stands in none of its own.
    pub file: Option<std::path::PathBuf>,
    /// What changed, and why.
    pub differences: Vec<Difference>,
    /// What is kept though it could not be looked at now.
    pub notes: Vec<String>,
    pub learned: Learned,
}

/// Learns the portal of a source anew, at `address` if it has moved there, from at most `pages` article pages. Writes
/// nothing.
///
/// # Errors
/// If the portal cannot be learned, with what to do; if the source file cannot be read.
pub async fn mend(
    config: &Config,
    origins: &Origins,
    source: &Source,
    address: Option<&Url>,
    pages: usize,
    watch: Watch<'_>,
) -> anyhow::Result<MendedFile> {
    let fetcher = Fetcher::new(&config.fetch)?;
    let asked = address.unwrap_or(&source.home);
    let relearned = learn::relearn(&fetcher, source, asked, pages, watch).await;
    let relearned = relearned.map_err(|error| with_advice(error, source, address))?;
    let moved = at_home(source, &relearned.learned.source.home)?;
    let probe = crawl::probe(&fetcher, &moved, DiscoveryState::default()).await;
    let learned = relearned.learned.clone();
    let mended = learn::mend(source, &moved, relearned, &probe.report.asked);
    let index = config.sources.iter().position(|other| other.id == source.id).unwrap_or_default();
    let file = config::file_of(origins, index, config.file.as_deref());
    let toml = match &file {
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the source file {}", file.display()))?;
            config::rewrite(&text, source, &mended.source)
        }
        None => config::source_toml(&mended.source),
    };
    Ok(MendedFile { toml, file, differences: mended.differences, notes: mended.notes, learned })
}

fn with_advice(error: LearnError, source: &Source, address: Option<&Url>) -> anyhow::Error {
    if address.is_none() && !matches!(error, LearnError::Unloadable { .. }) {
        let id = &source.id;
        return anyhow!(
            "{error}\nif the portal has moved, give its new address: tinsach learn --mend {id} URL"
        );
    }
    error.into()
}

/// The source with another home: every other address is relative to it.
fn at_home(source: &Source, home: &Url) -> anyhow::Result<Source> {
    if *home == source.home {
        return Ok(source.clone());
    }
    let moved = config::source_toml(source).lines().fold(String::new(), |text, line| {
        let line =
            if line.starts_with("home = ") { format!("home = {:?}", home.as_str()) } else { line.to_owned() };
        text + &line + "\n"
    });
    let broken =
        |faults| anyhow!("the source file at its new home does not load; please report it: {faults}");
    config::read_source(Path::new("moved.toml"), &moved).map_err(broken)
}
