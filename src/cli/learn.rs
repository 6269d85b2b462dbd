//! `tinsach learn`: a portal's address in, a source file out.

use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget};
use jiff::tz::TimeZone;
use url::Url;

use super::{Outcome, print, runtime, sources, style};
use crate::app;
use crate::app::learn::{self, Learned, Sample};
use crate::config::{Config, Environment, Origins};

/// Samples that are shown.
const MAX_SAMPLES_SHOWN: usize = 3;
/// Letters of a block that are shown.
const LETTERS: usize = 160;

/// Which portal, and how closely it is looked at.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The portal's address: its front page, or a section that lists articles
    #[arg(value_name = "URL", value_parser = address, required_unless_present = "mend")]
    url: Option<Address>,
    /// Learn the portal of this source of the configuration anew, and print its file with what must change; with a URL if
    /// the portal has moved there
    #[arg(long, value_name = "SOURCE")]
    mend: Option<String>,
    /// Article pages that are fetched to learn from
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=200))]
    pages: u16,
}

/// An address as people type it.
#[derive(Clone, Debug)]
struct Address {
    url: Url,
    /// Where no scheme was given and https is a guess: the same with http.
    instead: Option<Url>,
}

fn address(text: &str) -> Result<Address, String> {
    let text = text.trim();
    if text.contains("://") {
        return Ok(Address { url: web(text)?, instead: None });
    }
    Ok(Address { url: web(&format!("https://{text}"))?, instead: web(&format!("http://{text}")).ok() })
}

fn web(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| {
        format!("{error}; write it as in the address bar, such as https://portal.example/")
    })?;
    match url.scheme() {
        "http" | "https" if url.has_host() && url.username().is_empty() && url.password().is_none() => {
            Ok(url)
        }
        "http" | "https" => Err("write it without name and password".to_owned()),
        other => Err(format!("{other}: is no web address; write one that begins with https:// or http://")),
    }
}

pub(super) fn run(file: Option<&Path>, args: &Args) -> Outcome {
    let (config, origins) =
        crate::config::load_traced(file, &Environment::from_process()).map_err(super::faulty)?;
    match (&args.mend, &args.url) {
        (Some(source), address) => mend(&config, &origins, source, address.as_ref(), args.pages),
        (None, Some(address)) => learn_portal(&config, address, args.pages),
        // The command line asks for one of the two.
        (None, None) => Ok(()),
    }
}

fn mend(config: &Config, origins: &Origins, source: &str, address: Option<&Address>, pages: u16) -> Outcome {
    let source = sources::named(config, source)?;
    let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let watch = |address: &str| {
        spinner.set_message(address.to_owned());
        spinner.tick();
    };
    let address = address.map(|address| &address.url);
    let mended = runtime()?.block_on(app::mend(config, origins, source, address, usize::from(pages), &watch));
    spinner.finish_and_clear();
    let mended = mended?;
    report(&mended.learned);
    for difference in &mended.differences {
        let sides = [("-", &difference.before), ("+", &difference.after)];
        for (mark, side) in sides {
            if let Some(side) = side {
                print::say(format_args!("{mark} {} {}", style::strong(difference.key), shortened(side)));
            }
        }
        print::say(format_args!("  {}", style::faint(shortened(&difference.why))));
    }
    for note in &mended.notes {
        print::say(format_args!("{} {note}", style::warning("note")));
    }
    match (&mended.file, mended.differences.is_empty()) {
        (_, true) => print::say(format_args!("{} nothing must change", style::good("ok"))),
        (Some(file), false) => print::say(format_args!("to replace: {}", file.display())),
        (None, false) => {
            print::say(format_args!("{} the source has no file of its own", style::warning("note")))
        }
    }
    print::stdout(|out| Ok(write!(out, "{}", mended.toml)?))
}

fn learn_portal(config: &Config, address: &Address, pages: u16) -> Outcome {
    let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let watch = |address: &str| {
        spinner.set_message(address.to_owned());
        spinner.tick();
    };
    let learned = runtime()?.block_on(learn::learn(
        config,
        &address.url,
        address.instead.as_ref(),
        usize::from(pages),
        &watch,
    ));
    spinner.finish_and_clear();
    let learned = learned?;
    report(&learned);
    for rival in learn::rivals(config, &learned) {
        print::say(format_args!(
            "{} the source {} of the configuration follows this portal already",
            style::warning("note"),
            style::strong(rival)
        ));
    }
    print::stdout(|out| Ok(write!(out, "{}", learned.toml)?))
}

fn report(learned: &Learned) {
    let zone = &learned.source.time_zone;
    for sample in learned.samples.iter().take(MAX_SAMPLES_SHOWN) {
        show(sample, zone);
    }
    for other in &learned.others {
        print::say(format_args!("{} {}: {}", style::warning("no article"), other.url, other.outcome));
    }
    let of = learned.samples.len() + learned.others.len();
    let score = style::strong(format!("{} of 100", learned.score));
    print::say(format_args!("{} of {of} pages read as articles, score {score}", learned.samples.len()));
}

fn show(sample: &Sample, zone: &TimeZone) {
    let title = sample.title.as_deref().unwrap_or("(no title)");
    let date = sample.published.map(|at| zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string());
    let said = |value: Option<&str>, none: &str| shortened(value.unwrap_or(none));
    print::say(format_args!("{}  {}", style::strong(shortened(title)), style::faint(&sample.url)));
    let facts = [
        said(date.as_deref(), "no date"),
        said(sample.author.as_deref(), "no author"),
        said(sample.category.as_deref(), "no category"),
    ];
    print::say(format_args!("  {}", facts.join(" · ")));
    print::say(format_args!("  first: {}", shortened(&sample.first)));
    print::say(format_args!("  last:  {}", shortened(&sample.last)));
    let (pictures, captions) = sample.pictures;
    print::say(format_args!(
        "  {} letters, {pictures} pictures, {captions} with a caption, {} files",
        sample.letters, sample.files
    ));
    let failed: Vec<&str> =
        sample.checks.iter().filter(|check| !check.holds).map(|check| check.what).collect();
    let missing = if failed.is_empty() { String::new() } else { format!("; missing: {}", failed.join(", ")) };
    print::say(format_args!("  score {} of 100{missing}\n", sample.score()));
}

/// One line, no longer than is read at a glance.
fn shortened(text: &str) -> String {
    let line: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
