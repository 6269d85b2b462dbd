//! `tinsach check`: the configuration, all faults at once. That it loads is the check; what is left is to say so. With
//! `--deep` also everything that is stored.

use super::{Failure, Outcome, check_live, print, runtime, style};
use crate::config::Config;
use crate::serve;
use crate::store::Store;

/// What is checked besides the files.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Also look at everything that is stored: the whole database, its counters, every text and page, the finished feeds
    #[arg(long, conflicts_with = "live")]
    pub(super) deep: bool,
    /// Look at the portals as well: ask every discovery method, and read one article beside the stored one
    #[arg(long)]
    pub(super) live: bool,
    /// With --live: the sources to look at, by id; without one, every source
    #[arg(value_name = "SOURCE", requires = "live")]
    sources: Vec<String>,
    /// With --live: print JSON, one array
    #[arg(long, requires = "live")]
    json: bool,
}

pub(super) fn run(config: &Config, args: &Args) -> Outcome {
    if args.live {
        return check_live::run(config, &args.sources, args.json);
    }
    let file = config
        .file
        .as_ref()
        .map_or_else(|| "the built-in configuration".to_owned(), |file| file.display().to_string());
    print::say(format_args!("{} {file}: no faults", style::good("ok")));
    for source in &config.sources {
        print::say(format_args!(
            "   {} {} {}",
            style::strong(&source.id),
            source.title,
            style::faint(&source.home)
        ));
    }
    if args.deep { deep(config) } else { Ok(()) }
}

fn deep(config: &Config) -> Outcome {
    let found = runtime()?.block_on(inspect(config))?;
    let folder = config.state_dir.display();
    if found.is_empty() {
        print::say(format_args!("{} {folder}: everything that is stored is whole", style::good("ok")));
        return Ok(());
    }
    print::stdout(|out| found.iter().try_for_each(|one| writeln!(out, "{} {one}", style::error("wrong"))))?;
    print::say(format_args!(
        "{} {folder}: {} found; a restart sets a damaged file aside and takes the newest backup, `tinsach restore FILE` \
         takes another",
        style::error("damaged"),
        found.len()
    ));
    Err(Failure::Told)
}

/// Looks at the database and the finished feeds, also beside a daemon; answers what is wrong, in words.
async fn inspect(config: &Config) -> anyhow::Result<Vec<String>> {
    let store = Store::look(&config.state_dir).await?;
    let found = store.inspect().await;
    store.close().await?;
    let mut found = found?;
    let editions = serve::unreadable_editions(&config.state_dir);
    found.extend(
        editions
            .into_iter()
            .map(|(name, fault)| format!("the finished feed {name}: {fault}; the next start makes it anew")),
    );
    Ok(found)
}
